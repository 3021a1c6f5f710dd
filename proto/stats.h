/* SPDX-License-Identifier: GPL-2.0 */
/* Counters: one enum, one name table, one per-CPU array for each object. */
#ifndef SIO_STATS_H
#define SIO_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

struct sk_buff;

/**
 * enum sio_cnt - counters of a session and of a link
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
	SIO_CNT_DROP_FULL,
	SIO_CNT_DROP_NOMEM,
	SIO_CNT_DROP_SPOOF,
	SIO_CNT_DROP_PORT,

	SIO_CNT_NR
};

/**
 * struct sio_stats - one object's counters on one CPU
 * @cnt: free running, never reset
 */
struct sio_stats {
	u64 cnt[SIO_CNT_NR];
};

const char *sio_stats_name(enum sio_cnt cnt);
u64 sio_stats_sum(struct sio_stats __percpu *stats, enum sio_cnt cnt);
int sio_stats_fill(struct sk_buff *skb, int attr,
		   struct sio_stats __percpu *stats);
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
