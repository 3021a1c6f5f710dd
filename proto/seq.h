/* SPDX-License-Identifier: GPL-2.0 */
/* Sequence space of a flow: offsets, acknowledgments, gaps, window. */
#ifndef SIO_SEQ_H
#define SIO_SEQ_H

#include <linux/types.h>

#include "frame.h"

/* Ranges of bytes beyond a gap that are remembered */
#define SIO_SEQ_RANGES		8

/**
 * struct sio_seq_range - received bytes beyond a gap
 * @start: offset of the first
 * @end: offset after the last
 * @gap_ns: when the gap before @start was noticed
 */
struct sio_seq_range {
	u64 start;
	u64 end;
	u64 gap_ns;
};

/**
 * struct sio_seq_tx - the sending half
 * @isn: own initial sequence number
 * @ts0: timestamp value of the own SYN
 * @nxt: offset of the next byte to send
 */
struct sio_seq_tx {
	u32 isn;
	u32 ts0;
	u64 nxt;
};

/**
 * struct sio_seq_rx - the receiving half
 * @isn: the peer's initial sequence number
 * @ts0: timestamp value of the peer's SYN
 * @nxt: every byte below has arrived or was given up
 * @max: offset after the highest byte received
 * @una: every own byte below was acknowledged by the peer
 * @ts_recent: timestamp value to echo
 * @nr: ranges in use
 * @ranges: what arrived beyond @nxt, ascending, disjoint, never touching
 */
struct sio_seq_rx {
	u32 isn;
	u32 ts0;
	u64 nxt;
	u64 max;
	u64 una;
	u32 ts_recent;
	unsigned int nr;
	struct sio_seq_range ranges[SIO_SEQ_RANGES];
};

/**
 * enum sio_seq_news - what the bytes of a chunk are to the receiver
 * @SIO_SEQ_ORDER: the next ones
 * @SIO_SEQ_GAP: beyond a gap that was not there before
 * @SIO_SEQ_BEYOND: beyond a gap that is known
 * @SIO_SEQ_FILL: they fill a gap, or a part of one
 * @SIO_SEQ_DUP: nothing new
 */
enum sio_seq_news {
	SIO_SEQ_ORDER,
	SIO_SEQ_GAP,
	SIO_SEQ_BEYOND,
	SIO_SEQ_FILL,
	SIO_SEQ_DUP,
};

/* Bounds of the in-flight window, in bytes */
#define SIO_CWND_MIN		(256U << 10)
#define SIO_CWND_INIT		(2U << 20)
#define SIO_CWND_MAX		(16U << 20)

/*
 * How far beyond the newest byte received a peer can honestly be: its window,
 * and room for many who found it open at once, and for control messages
 */
#define SIO_SEQ_AHEAD_MAX	(4 * SIO_CWND_MAX)

/**
 * struct sio_cwnd - how many bytes may be under way on a flow
 * @bytes: the window
 * @cut_ns: when it was last halved
 */
struct sio_cwnd {
	u32 bytes;
	u64 cut_ns;
};

void sio_seq_tx_init(struct sio_seq_tx *tx, u32 isn, u32 ts0);
void sio_seq_rx_init(struct sio_seq_rx *rx, u32 isn, u32 ts0);
u32 sio_seq_of(const struct sio_seq_tx *tx, u64 off);
u32 sio_seq_tsval(const struct sio_seq_tx *tx, u64 off);
u16 sio_seq_window(u64 off);
u32 sio_seq_ack(const struct sio_seq_rx *rx);
bool sio_seq_is_in_window(const struct sio_seq_rx *rx, u32 seq);
bool sio_seq_is_old(const struct sio_seq_rx *rx, u32 seq);
enum sio_cnt sio_seq_place(const struct sio_seq_rx *rx,
			   const struct sio_seg *seg, u64 *msg_off,
			   u32 *chunk_off);
enum sio_cnt sio_seq_acked(struct sio_seq_rx *rx, const struct sio_seq_tx *tx,
			   u64 tx_nxt, u32 ack, u64 *newly);
enum sio_seq_news sio_seq_receive(struct sio_seq_rx *rx, u64 start, u64 end,
				  u64 now_ns);
bool sio_seq_tail(struct sio_seq_rx *rx, u32 seq, u64 now_ns);
unsigned int sio_seq_expire(struct sio_seq_rx *rx, u64 now_ns, u64 age_ns);
unsigned int sio_seq_sack(const struct sio_seq_rx *rx,
			  struct sio_sack_block *blocks);
bool sio_seq_has_hole(const struct sio_seg *seg, u32 left, u32 right,
		      u32 beyond);
bool sio_seq_sack_may_be(const struct sio_seq_tx *tx, u64 tx_nxt,
			 const struct sio_seg *seg);
bool sio_seq_is_lost(const struct sio_seg *seg, u32 left, u32 right);
void sio_cwnd_init(struct sio_cwnd *cwnd);
void sio_cwnd_acked(struct sio_cwnd *cwnd, u64 bytes);
bool sio_cwnd_lost(struct sio_cwnd *cwnd, u64 now_ns, u64 rtt_ns);

#endif /* SIO_SEQ_H */
