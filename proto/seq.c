// SPDX-License-Identifier: GPL-2.0
/* Offsets on the wire, acknowledgments, gaps and the in-flight window. */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "seq.h"

/* What a segment names of an offset: 32 bits of TSval, 8 of the window */
#define SIO_SEQ_OFF_BITS	40

/**
 * sio_seq_tx_init() - start the sending half at offset 0
 * @tx: written whole
 * @isn: initial sequence number, of the SYN
 * @ts0: timestamp value, of the SYN
 */
void sio_seq_tx_init(struct sio_seq_tx *tx, u32 isn, u32 ts0)
{
	tx->isn = isn;
	tx->ts0 = ts0;
	tx->nxt = 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_tx_init);

/**
 * sio_seq_rx_init() - start the receiving half at offset 0
 * @rx: written whole
 * @isn: sequence number of the peer's SYN
 * @ts0: timestamp value of the peer's SYN
 */
void sio_seq_rx_init(struct sio_seq_rx *rx, u32 isn, u32 ts0)
{
	memset(rx, 0, sizeof(*rx));
	rx->isn = isn;
	rx->ts0 = ts0;
	rx->ts_recent = ts0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_rx_init);

/**
 * sio_seq_of() - sequence number of an offset
 * @tx: the sending half
 * @off: flow offset, 0 being the byte after SYN
 *
 * Return: as on the wire, but in host order.
 */
u32 sio_seq_of(const struct sio_seq_tx *tx, u64 off)
{
	return tx->isn + 1 + (u32)off;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_of);

/**
 * sio_seq_tsval() - timestamp value of the segments of a message
 * @tx: the sending half
 * @off: offset at which the message begins
 *
 * Return: as on the wire, but in host order.
 */
u32 sio_seq_tsval(const struct sio_seq_tx *tx, u64 off)
{
	return tx->ts0 + 1 + (u32)off;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_tsval);

/**
 * sio_seq_window() - window field of the segments of a message
 * @off: offset at which the message begins
 *
 * Return: as on the wire, but in host order.
 */
u16 sio_seq_window(u64 off)
{
	return (SIO_WINDOW_HI << 8) | ((off >> 32) & 0xff);
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_window);

/**
 * sio_seq_ack() - acknowledgment number to send
 * @rx: the receiving half
 *
 * Return: as on the wire, but in host order.
 */
u32 sio_seq_ack(const struct sio_seq_rx *rx)
{
	return rx->isn + 1 + (u32)READ_ONCE(rx->nxt);
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_ack);

static s32 sio_seq_away(const struct sio_seq_rx *rx, u32 seq)
{
	return seq - (rx->isn + 1 + (u32)rx->max);
}

/**
 * sio_seq_is_old() - did bytes beyond a sequence number arrive?
 * @rx: the receiving half
 * @seq: sequence number, in the window
 *
 * Return: true if the newest byte received has this number or a later one.
 */
bool sio_seq_is_old(const struct sio_seq_rx *rx, u32 seq)
{
	return sio_seq_away(rx, seq) < 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_is_old);

/**
 * sio_seq_is_in_window() - can a segment be of here and now?
 * @rx: the receiving half
 * @seq: its sequence number
 *
 * What lies behind may be late, or a copy. What lies ahead moves the receiver
 * on, over bytes it will not take afterwards, and so no further than a sender
 * that heeds its own window can be.
 *
 * Return: true if it can.
 */
bool sio_seq_is_in_window(const struct sio_seq_rx *rx, u32 seq)
{
	s32 away = sio_seq_away(rx, seq);

	return away <= (s32)SIO_SEQ_AHEAD_MAX &&
	       away >= -(s32)SIO_WINDOW_BYTES;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_is_in_window);

/**
 * sio_seq_place() - find out which bytes of which message a segment carries
 * @rx: the receiving half
 * @seg: a segment with payload and timestamps
 * @msg_off: offset at which its message begins
 * @chunk_off: where in the message the payload begins
 *
 * TSval gives bits 0 to 31 of @msg_off, the window field bits 32 to 39, the
 * newest byte received the rest. What lies more than SIO_WINDOW_BYTES away
 * from that byte belongs to another wrap.
 *
 * Return: SIO_CNT_NONE, or the counter to drop the frame under.
 */
enum sio_cnt sio_seq_place(const struct sio_seq_rx *rx,
			   const struct sio_seg *seg, u64 *msg_off,
			   u32 *chunk_off)
{
	u32 off_lo = seg->tsval - rx->ts0 - 1;
	u64 off = ((u64)(seg->window & 0xff) << 32) | off_lo;
	s64 away;

	*chunk_off = (seg->seq - rx->isn - 1) - off_lo;
	if (*chunk_off >= SIO_MSG_LEN_MAX ||
	    seg->len > SIO_MSG_LEN_MAX - *chunk_off)
		return SIO_CNT_DROP_OFFSET;
	/* distance from the newest byte, in the 40 bits that are known */
	away = (s64)((off - rx->max) << (64 - SIO_SEQ_OFF_BITS)) >>
	       (64 - SIO_SEQ_OFF_BITS);
	if (away < 0 && rx->max < (u64)-away)
		return SIO_CNT_DROP_WRAP;
	*msg_off = rx->max + away;
	if (away > (s64)SIO_WINDOW_BYTES || away < -(s64)SIO_WINDOW_BYTES)
		return SIO_CNT_DROP_WRAP;
	if ((seg->window >> 8) != SIO_WINDOW_HI)
		return SIO_CNT_DROP_WINDOW;
	return SIO_CNT_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_place);

/**
 * sio_seq_acked() - take in an acknowledgment number
 * @rx: the receiving half, whose @una moves
 * @tx: the sending half
 * @tx_nxt: offset after the last byte sent, a FIN counting as one
 * @ack: acknowledgment number
 * @newly: bytes acknowledged by this one
 *
 * Return: SIO_CNT_NONE, or SIO_CNT_DROP_ACK for bytes that were never sent.
 */
enum sio_cnt sio_seq_acked(struct sio_seq_rx *rx, const struct sio_seq_tx *tx,
			   u64 tx_nxt, u32 ack, u64 *newly)
{
	s32 ahead = (s32)(ack - sio_seq_of(tx, rx->una));

	*newly = 0;
	if (ahead <= 0)		/* old news */
		return ahead < -(s32)SIO_WINDOW_BYTES ? SIO_CNT_DROP_ACK :
							SIO_CNT_NONE;
	if (ahead > tx_nxt - rx->una)
		return SIO_CNT_DROP_ACK;
	*newly = ahead;
	WRITE_ONCE(rx->una, rx->una + ahead);
	return SIO_CNT_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_acked);

static void sio_seq_range_del(struct sio_seq_rx *rx, unsigned int i)
{
	rx->nr--;
	memmove(&rx->ranges[i], &rx->ranges[i + 1],
		(rx->nr - i) * sizeof(rx->ranges[0]));
}

/* Everything below the first gap is settled: move over ranges that touch */
static void sio_seq_advance(struct sio_seq_rx *rx, u64 nxt)
{
	while (rx->nr && rx->ranges[0].start <= nxt) {
		nxt = max(nxt, rx->ranges[0].end);
		sio_seq_range_del(rx, 0);
	}
	WRITE_ONCE(rx->nxt, nxt);
}

/*
 * Put [start, end) at index i, swallowing the ranges it touches. The gap before
 * the outcome is, or was a part of, the gap before the range found there.
 */
static void sio_seq_range_put(struct sio_seq_rx *rx, unsigned int i, u64 start,
			      u64 end, u64 now_ns)
{
	struct sio_seq_range *r = &rx->ranges[i];
	u64 gap_ns = i < rx->nr ? r->gap_ns : now_ns;

	while (i < rx->nr && r->start <= end) {
		start = min(start, r->start);
		end = max(end, r->end);
		sio_seq_range_del(rx, i);
	}
	memmove(r + 1, r, (rx->nr - i) * sizeof(*r));
	rx->nr++;
	r->start = start;
	r->end = end;
	r->gap_ns = gap_ns;
}

/**
 * sio_seq_receive() - note that bytes arrived
 * @rx: the receiving half
 * @start: offset of the first
 * @end: offset after the last, above @start
 * @now_ns: the time
 *
 * When more gaps are open than can be remembered the oldest is given up.
 *
 * Return: what they are; only for SIO_SEQ_DUP all of them were there before.
 */
enum sio_seq_news sio_seq_receive(struct sio_seq_rx *rx, u64 start, u64 end,
				  u64 now_ns)
{
	bool is_newest = end > rx->max;
	enum sio_seq_news news;
	unsigned int i;

	if (end <= rx->nxt)
		return SIO_SEQ_DUP;
	if (is_newest)
		rx->max = end;
	if (start <= rx->nxt) {
		bool had_gap = rx->nr;

		sio_seq_advance(rx, end);
		return had_gap ? SIO_SEQ_FILL : SIO_SEQ_ORDER;
	}
	for (i = 0; i < rx->nr && rx->ranges[i].end < start; i++)
		;
	if (i < rx->nr && rx->ranges[i].start <= start &&
	    rx->ranges[i].end >= end)
		return SIO_SEQ_DUP;
	if (rx->nr == SIO_SEQ_RANGES &&
	    (i == rx->nr || rx->ranges[i].start > end)) {
		/* the oldest gap, or what of it lies before these bytes */
		sio_seq_advance(rx, min(start, rx->ranges[0].start));
		return sio_seq_receive(rx, start, end, now_ns);
	}
	news = i == rx->nr ? SIO_SEQ_GAP :
	       is_newest ? SIO_SEQ_BEYOND : SIO_SEQ_FILL;
	sio_seq_range_put(rx, i, start, end, now_ns);
	return news;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_receive);

/**
 * sio_seq_tail() - the peer says where it stands
 * @rx: the receiving half
 * @seq: sequence number of a segment without payload: of its next byte
 * @now_ns: the time
 *
 * Bytes before it that did not arrive may be the last for a while, so that no
 * later ones would show the gap. The last of them stands for a range beyond it.
 * The peer is believed about its own bytes, within sio_seq_is_in_window().
 *
 * Return: true if there is such a gap.
 */
bool sio_seq_tail(struct sio_seq_rx *rx, u32 seq, u64 now_ns)
{
	s32 ahead = sio_seq_away(rx, seq);

	if (ahead <= 0)
		return false;
	sio_seq_receive(rx, rx->max + ahead - 1, rx->max + ahead, now_ns);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_tail);

/**
 * sio_seq_expire() - give up gaps that are too old to be a reordering
 * @rx: the receiving half
 * @now_ns: the time
 * @age_ns: how old a gap may become
 *
 * Return: how many gaps were given up.
 */
unsigned int sio_seq_expire(struct sio_seq_rx *rx, u64 now_ns, u64 age_ns)
{
	unsigned int n = 0;

	while (rx->nr && now_ns - rx->ranges[0].gap_ns >= age_ns) {
		sio_seq_advance(rx, rx->ranges[0].start);
		n++;
	}
	return n;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_expire);

/**
 * sio_seq_sack() - describe what arrived beyond the first gap
 * @rx: the receiving half
 * @blocks: room for SIO_SACK_MAX
 *
 * The newest ranges are named, the newest first (RFC 2018, 4).
 *
 * Return: blocks written.
 */
unsigned int sio_seq_sack(const struct sio_seq_rx *rx,
			  struct sio_sack_block *blocks)
{
	unsigned int n = min_t(unsigned int, rx->nr, SIO_SACK_MAX);
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct sio_seq_range *r = &rx->ranges[rx->nr - 1 - i];

		blocks[i].left = rx->isn + 1 + (u32)r->start;
		blocks[i].right = rx->isn + 1 + (u32)r->end;
	}
	return n;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_sack);

/**
 * sio_seq_sack_may_be() - can the peer have what its SACK names?
 * @tx: the sending half
 * @tx_nxt: offset after the last byte sent, a FIN counting as one
 * @seg: a segment
 *
 * A block beyond that would make every request look lost, however often it is
 * sent again.
 *
 * Return: false if a block names bytes that were never sent, or none.
 */
bool sio_seq_sack_may_be(const struct sio_seq_tx *tx, u64 tx_nxt,
			 const struct sio_seg *seg)
{
	u32 end = sio_seq_of(tx, tx_nxt);
	unsigned int i;

	for (i = 0; i < seg->nr_sacks; i++) {
		const struct sio_sack_block *b = &seg->sacks[i];

		if ((s32)(b->right - b->left) <= 0 || (s32)(end - b->right) < 0)
			return false;
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_sack_may_be);

/**
 * sio_seq_is_lost() - does a segment's SACK say that bytes are missing?
 * @seg: a segment with SACK blocks
 * @left: sequence number of the first byte in question
 * @right: sequence number after the last
 *
 * Return: true if none of them is covered by @ack or a block, and a block lies
 * beyond them.
 */
bool sio_seq_is_lost(const struct sio_seg *seg, u32 left, u32 right)
{
	bool beyond = false;
	unsigned int i;

	if ((s32)(seg->ack - left) > 0)
		return false;
	for (i = 0; i < seg->nr_sacks; i++) {
		const struct sio_sack_block *b = &seg->sacks[i];

		if ((s32)(b->left - right) >= 0)
			beyond = true;
		else if ((s32)(b->right - left) > 0)
			return false;
	}
	return beyond;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_is_lost);

/**
 * sio_seq_has_hole() - does a segment's SACK say that a byte is missing?
 * @seg: a segment with SACK blocks
 * @left: sequence number of the first byte in question
 * @right: sequence number after the last
 * @beyond: bytes that must have arrived beyond a hole for it to count
 *
 * A SACK holds a few blocks only, so a byte may be taken for missing that is
 * not.
 *
 * Return: true if one of them is covered neither by @ack nor by a block.
 */
bool sio_seq_has_hole(const struct sio_seg *seg, u32 left, u32 right,
		      u32 beyond)
{
	u32 pos = left, end = seg->ack;
	unsigned int i;

	if ((s32)(seg->ack - pos) > 0)
		pos = seg->ack;
	for (i = 0; i < seg->nr_sacks; i++)
		if ((s32)(seg->sacks[i].right - beyond - end) > 0)
			end = seg->sacks[i].right - beyond;
	if ((s32)(right - end) < 0)
		end = right;
	for (i = 0; i < seg->nr_sacks; i++) {
		const struct sio_sack_block *b = &seg->sacks[i];

		if ((s32)(end - pos) <= 0)
			return false;
		if ((s32)(pos - b->left) < 0 || (s32)(b->right - pos) <= 0)
			continue;
		pos = b->right;
		i = -1;	/* what begins there may stand before this one */
	}
	return (s32)(end - pos) > 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seq_has_hole);

/**
 * sio_cwnd_init() - open the window of a new flow
 * @cwnd: written whole
 */
void sio_cwnd_init(struct sio_cwnd *cwnd)
{
	cwnd->bytes = SIO_CWND_INIT;
	cwnd->cut_ns = 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_cwnd_init);

/**
 * sio_cwnd_acked() - grow the window, by as much as it carried per 16 rounds
 * @cwnd: the window
 * @bytes: newly acknowledged
 */
void sio_cwnd_acked(struct sio_cwnd *cwnd, u64 bytes)
{
	u64 wnd = cwnd->bytes + min_t(u64, bytes, SIO_CWND_MAX) / 16;

	WRITE_ONCE(cwnd->bytes, min_t(u64, wnd, SIO_CWND_MAX));
}
EXPORT_SYMBOL_IF_KUNIT(sio_cwnd_acked);

/**
 * sio_cwnd_lost() - halve the window, once per round trip
 * @cwnd: the window
 * @now_ns: the time
 * @rtt_ns: a round trip
 *
 * Return: true if it was halved.
 */
bool sio_cwnd_lost(struct sio_cwnd *cwnd, u64 now_ns, u64 rtt_ns)
{
	if (cwnd->cut_ns && now_ns - cwnd->cut_ns < rtt_ns)
		return false;
	cwnd->cut_ns = now_ns;
	WRITE_ONCE(cwnd->bytes, max_t(u32, cwnd->bytes / 2, SIO_CWND_MIN));
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(sio_cwnd_lost);
