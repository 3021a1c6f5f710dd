/* SPDX-License-Identifier: GPL-2.0 */
/* Counters: one enum, one name table, one per-CPU array for each object. */
#ifndef SIO_STATS_H
#define SIO_STATS_H

#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/types.h>

struct sk_buff;

/**
 * enum sio_cnt - counters of a session and of a link
 * @SIO_CNT_NONE: no reason: the input is believed
 * @SIO_CNT_RX_FRAMES: segments that came in, merged ones counting once
 * @SIO_CNT_RX_BYTES: bytes of their payload
 * @SIO_CNT_RX_MSGS: whole messages received
 * @SIO_CNT_RX_CHUNKS: segments that were a part of a message
 * @SIO_CNT_RX_PACKETS: packets taken out of messages
 * @SIO_CNT_RX_ACKS: segments without payload
 * @SIO_CNT_RX_GAPS: gaps noticed in the peer's bytes
 * @SIO_CNT_RX_LATE: segments that filled a gap
 * @SIO_CNT_TX_FRAMES: frames sent, as the NIC will cut them
 * @SIO_CNT_TX_BYTES: bytes of messages sent
 * @SIO_CNT_TX_MSGS: messages sent
 * @SIO_CNT_TX_PACKETS: packets sent
 * @SIO_CNT_TX_ACKS: segments sent without payload and without SACK
 * @SIO_CNT_TX_SACKS: segments sent to report a gap
 * @SIO_CNT_TX_LOST: times the in-flight window was halved
 * @SIO_CNT_TX_BLOCKED: times a sender found no room
 * @SIO_CNT_TX_DROP_WINDOW: packets dropped because there was no room
 * @SIO_CNT_TX_DROP_DOWN: packets dropped because the session was not up
 * @SIO_CNT_TX_DROP_NOMEM: packets dropped for want of memory
 * @SIO_CNT_TX_DROP_BIG: packets longer than two messages
 * @SIO_CNT_CTL_SENT: control requests sent
 * @SIO_CNT_CTL_RESENT: control requests sent again
 * @SIO_CNT_CTL_ANSWERED: answers to own requests
 * @SIO_CNT_CTL_EXECUTED: requests of the peer that were executed
 * @SIO_CNT_CTL_REPLAYED: kept answers that were sent again
 * @SIO_CNT_CTL_BUSY: times the peer said that it was at it
 * @SIO_CNT_REQ_SENT: disk requests sent
 * @SIO_CNT_REQ_RESENT: disk requests sent again
 * @SIO_CNT_REQ_ANSWERED: disk requests that have their answer
 * @SIO_CNT_REQ_EXECUTED: disk requests of the guest that were executed
 * @SIO_CNT_REQ_REPLAYED: answers sent again, or reads done again
 * @SIO_CNT_REQ_BUSY: times one was told that a request takes time
 * @SIO_CNT_REQ_PULLED: parts of writes that were asked for
 * @SIO_CNT_KEEPALIVES: times a keep-alive was sent
 * @SIO_CNT_DIALS: dials begun
 * @SIO_CNT_UPS: times the session came up
 * @SIO_CNT_FAULTS: frames the fault injector hit
 * @SIO_CNT_DROP_SHORT: headers were not whole
 * @SIO_CNT_DROP_IP: IPv4 lengths or checksum are wrong
 * @SIO_CNT_DROP_CSUM: TCP checksum is wrong
 * @SIO_CNT_DROP_TCP: TCP header length is wrong
 * @SIO_CNT_DROP_OPTIONS: TCP options are malformed, or a needed one is missing
 * @SIO_CNT_DROP_FLAGS: TCP flags that do not belong there
 * @SIO_CNT_DROP_ACK: acknowledges what was never sent
 * @SIO_CNT_DROP_WINDOW: sequence number or window field out of range
 * @SIO_CNT_DROP_WRAP: belongs to another wrap of the sequence number
 * @SIO_CNT_DROP_OFFSET: payload or message is not where it says it is
 * @SIO_CNT_DROP_DUP: nothing new in it
 * @SIO_CNT_DROP_RST: RST that was taken as a hint, or not at all
 * @SIO_CNT_DROP_COOKIE: first ACK of a flow without a valid cookie
 * @SIO_CNT_DROP_VERSION: other protocol version
 * @SIO_CNT_DROP_TYPE: unknown message type
 * @SIO_CNT_DROP_HDR: message header of a wrong length
 * @SIO_CNT_DROP_LEN: message of a length its type cannot have
 * @SIO_CNT_DROP_RESERVED: reserved bits or bytes that are not zero
 * @SIO_CNT_DROP_SUITE: protected in a way its type must not be
 * @SIO_CNT_DROP_TAG: not sealed with the flow's key
 * @SIO_CNT_DROP_CRC: CRC32C is wrong, or missing where it was agreed on
 * @SIO_CNT_DROP_EPOCH: of another incarnation of the session
 * @SIO_CNT_DROP_DEV: names a device that does not exist
 * @SIO_CNT_DROP_RECORD: records that contradict the message
 * @SIO_CNT_DROP_VNET: offload fields that contradict the packet
 * @SIO_CNT_DROP_SPAN: part of a large packet whose other part is missing
 * @SIO_CNT_DROP_SLOT: slot or slot sequence that is not in order
 * @SIO_CNT_DROP_CREDIT: more requests than were granted
 * @SIO_CNT_DROP_STATE: came at a time at which it has no meaning
 * @SIO_CNT_DROP_REASM: chunk that contradicts its message
 * @SIO_CNT_DROP_EXPIRED: incomplete message that became too old
 * @SIO_CNT_DROP_EVICTED: incomplete message that made room for newer ones
 * @SIO_CNT_DROP_FULL: no room: too many flows, messages or chunks
 * @SIO_CNT_DROP_OPEN_PEER: half-open flow that made room for a newer one of the
 *	same address
 * @SIO_CNT_DROP_OPEN_LINK: half-open flow that made room for a newer one of
 *	another address
 * @SIO_CNT_DROP_NOMEM: for want of memory
 * @SIO_CNT_DROP_SPOOF: source address is not the virtual NIC's
 * @SIO_CNT_DROP_PORT: the port or the NIC is down or gone
 *
 * Those from SIO_CNT_DROP_SHORT on are the reasons a frame or a message is
 * dropped, named after the lie it told. A function that judges input returns
 * one of them, or SIO_CNT_NONE when it believes.
 */
enum sio_cnt {
	SIO_CNT_NONE = 0,
	SIO_CNT_RX_FRAMES,
	SIO_CNT_RX_BYTES,
	SIO_CNT_RX_MSGS,
	SIO_CNT_RX_CHUNKS,
	SIO_CNT_RX_PACKETS,
	SIO_CNT_RX_ACKS,
	SIO_CNT_RX_GAPS,
	SIO_CNT_RX_LATE,
	SIO_CNT_TX_FRAMES,
	SIO_CNT_TX_BYTES,
	SIO_CNT_TX_MSGS,
	SIO_CNT_TX_PACKETS,
	SIO_CNT_TX_ACKS,
	SIO_CNT_TX_SACKS,
	SIO_CNT_TX_LOST,
	SIO_CNT_TX_BLOCKED,
	SIO_CNT_TX_DROP_WINDOW,
	SIO_CNT_TX_DROP_DOWN,
	SIO_CNT_TX_DROP_NOMEM,
	SIO_CNT_TX_DROP_BIG,
	SIO_CNT_CTL_SENT,
	SIO_CNT_CTL_RESENT,
	SIO_CNT_CTL_ANSWERED,
	SIO_CNT_CTL_EXECUTED,
	SIO_CNT_CTL_REPLAYED,
	SIO_CNT_CTL_BUSY,
	SIO_CNT_REQ_SENT,
	SIO_CNT_REQ_RESENT,
	SIO_CNT_REQ_ANSWERED,
	SIO_CNT_REQ_EXECUTED,
	SIO_CNT_REQ_REPLAYED,
	SIO_CNT_REQ_BUSY,
	SIO_CNT_REQ_PULLED,
	SIO_CNT_KEEPALIVES,
	SIO_CNT_DIALS,
	SIO_CNT_UPS,
	SIO_CNT_FAULTS,

	SIO_CNT_DROP_SHORT,
	SIO_CNT_DROP_IP,
	SIO_CNT_DROP_CSUM,
	SIO_CNT_DROP_TCP,
	SIO_CNT_DROP_OPTIONS,
	SIO_CNT_DROP_FLAGS,
	SIO_CNT_DROP_ACK,
	SIO_CNT_DROP_WINDOW,
	SIO_CNT_DROP_WRAP,
	SIO_CNT_DROP_OFFSET,
	SIO_CNT_DROP_DUP,
	SIO_CNT_DROP_RST,
	SIO_CNT_DROP_COOKIE,
	SIO_CNT_DROP_VERSION,
	SIO_CNT_DROP_TYPE,
	SIO_CNT_DROP_HDR,
	SIO_CNT_DROP_LEN,
	SIO_CNT_DROP_RESERVED,
	SIO_CNT_DROP_SUITE,
	SIO_CNT_DROP_TAG,
	SIO_CNT_DROP_CRC,
	SIO_CNT_DROP_EPOCH,
	SIO_CNT_DROP_DEV,
	SIO_CNT_DROP_RECORD,
	SIO_CNT_DROP_VNET,
	SIO_CNT_DROP_SPAN,
	SIO_CNT_DROP_SLOT,
	SIO_CNT_DROP_CREDIT,
	SIO_CNT_DROP_STATE,
	SIO_CNT_DROP_REASM,
	SIO_CNT_DROP_EXPIRED,
	SIO_CNT_DROP_EVICTED,
	SIO_CNT_DROP_FULL,
	SIO_CNT_DROP_OPEN_PEER,
	SIO_CNT_DROP_OPEN_LINK,
	SIO_CNT_DROP_NOMEM,
	SIO_CNT_DROP_SPOOF,
	SIO_CNT_DROP_PORT,

	/* private: */
	SIO_CNT_NR
};

/* Buckets of a histogram: bucket n counts what took up to 2^n us, the last all */
#define SIO_HIST_NR	28

/**
 * struct sio_hist - how long things took
 * @nr: how many, by bucket; free running
 * @sum_ns: of all of them
 */
struct sio_hist {
	u64 nr[SIO_HIST_NR];
	u64 sum_ns;
};

/**
 * struct sio_stats - one object's counters on one CPU
 * @cnt: free running, never reset
 * @rtt: round trips of flows
 */
struct sio_stats {
	u64 cnt[SIO_CNT_NR];
	struct sio_hist rtt;
};

/**
 * sio_hist_bucket() - where in a histogram a time belongs
 * @ns: nanoseconds
 *
 * Return: the bucket.
 */
static inline unsigned int sio_hist_bucket(u64 ns)
{
	u64 us = div_u64(ns - !!ns, 1000);	/* just 2^n us is within it */

	return min_t(unsigned int, fls64(us), SIO_HIST_NR - 1);
}

/**
 * sio_hist_add() - count a time; the caller alone has the histogram
 * @hist: histogram
 * @ns: nanoseconds
 */
static inline void sio_hist_add(struct sio_hist *hist, u64 ns)
{
	hist->nr[sio_hist_bucket(ns)]++;
	hist->sum_ns += ns;
}

/**
 * sio_hist_add_cpu() - count a time on this CPU
 * @hist: one for each CPU
 * @ns: nanoseconds
 *
 * Context: any but hard interrupt.
 */
static inline void sio_hist_add_cpu(struct sio_hist __percpu *hist, u64 ns)
{
	this_cpu_inc(hist->nr[sio_hist_bucket(ns)]);
	this_cpu_add(hist->sum_ns, ns);
}

const char *sio_stats_name(enum sio_cnt cnt);
u64 sio_stats_sum(struct sio_stats __percpu *stats, enum sio_cnt cnt);
int sio_stats_fill(struct sk_buff *skb, int attr,
		   struct sio_stats __percpu *stats);

/**
 * struct sio_stat_def - a u64 of a struct that is shown as a counter
 * @name: as in SIO_A_STAT_NAME
 * @offset: in bytes, from the beginning of the struct
 */
struct sio_stat_def {
	const char *name;
	size_t offset;
};

int sio_stats_fill_defs(struct sk_buff *skb, int attr,
			const void __percpu *stats,
			const struct sio_stat_def *defs, unsigned int nr);
int sio_stats_fill_def(struct sk_buff *skb, int attr, const void *stats,
		       const struct sio_stat_def *defs, unsigned int nr);
void sio_hist_merge(struct sio_hist *to, const struct sio_hist *from);
void sio_hist_sum(struct sio_hist *to, const struct sio_hist __percpu *from);
int sio_hist_fill(struct sk_buff *skb, int attr, const struct sio_hist *hist);
int sio_stats_fill_one(struct sk_buff *skb, int attr, const char *name,
		       u64 value);

static inline void sio_stats_add(struct sio_stats __percpu *stats,
				 enum sio_cnt cnt, u64 n)
{
	this_cpu_add(stats->cnt[cnt], n);
}

static inline void sio_stats_inc(struct sio_stats __percpu *stats,
				 enum sio_cnt cnt)
{
	this_cpu_inc(stats->cnt[cnt]);
}

#endif /* SIO_STATS_H */
