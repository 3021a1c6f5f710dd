// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/seq.c: where bytes belong, what arrived, what is missing. */

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "proto/seq.h"

#define SIO_ST_GIB		BIT_ULL(30)
#define SIO_ST_4GIB		BIT_ULL(32)
#define SIO_ST_LEN_MAX		65483

/**
 * struct sio_st_start - where a flow may begin
 * @isn: initial sequence number
 * @ts0: first timestamp value
 */
struct sio_st_start {
	u32 isn;
	u32 ts0;
};

static const struct sio_st_start sio_st_starts[] = {
	{ 0, 0 }, { 1000, 2000 }, { U32_MAX, U32_MAX }, { U32_MAX - 1, 0 },
	{ 0xfffffc00, 0x80000000 }, { 0x7fffffff, 0xfffffff0 },
};

/* A receiver that has got everything below @max */
static struct sio_seq_rx sio_st_rx(const struct sio_st_start *s, u64 max)
{
	struct sio_seq_rx rx;

	sio_seq_rx_init(&rx, s->isn, s->ts0);
	rx.nxt = max;
	rx.max = max;
	return rx;
}

/* The segment its peer sends for bytes of the message at @off */
static struct sio_seg sio_st_seg(const struct sio_st_start *s, u64 off,
				 u32 chunk_off, u32 len)
{
	struct sio_seq_tx tx;

	sio_seq_tx_init(&tx, s->isn, s->ts0);
	return (struct sio_seg) {
		.seq = sio_seq_of(&tx, off + chunk_off),
		.tsval = sio_seq_tsval(&tx, off),
		.window = sio_seq_window(off),
		.has_ts = true,
		.len = len,
	};
}

static void sio_st_expect_place(struct kunit *test,
				const struct sio_st_start *s, u64 max, u64 off,
				u32 chunk_off, u32 len)
{
	struct sio_seg seg = sio_st_seg(s, off, chunk_off, len);
	struct sio_seq_rx rx = sio_st_rx(s, max);
	u64 msg_off = 1;
	u32 chunk = 1;

	KUNIT_EXPECT_EQ_MSG(test, sio_seq_place(&rx, &seg, &msg_off, &chunk),
			    SIO_CNT_NONE, "isn %#x max %#llx off %#llx",
			    s->isn, max, off);
	KUNIT_EXPECT_EQ(test, msg_off, off);
	KUNIT_EXPECT_EQ(test, chunk, chunk_off);
}

static enum sio_cnt sio_st_place(const struct sio_st_start *s, u64 max,
				 const struct sio_seg *seg)
{
	struct sio_seq_rx rx = sio_st_rx(s, max);
	u64 msg_off;
	u32 chunk;

	return sio_seq_place(&rx, seg, &msg_off, &chunk);
}

static void sio_seq_tx_init__all_fields(struct kunit *test)
{
	struct sio_seq_tx tx;

	memset(&tx, 0xff, sizeof(tx));
	sio_seq_tx_init(&tx, 5, 6);
	KUNIT_EXPECT_EQ(test, tx.isn, 5);
	KUNIT_EXPECT_EQ(test, tx.ts0, 6);
	KUNIT_EXPECT_EQ(test, tx.nxt, 0);
}

static void sio_seq_rx_init__all_fields(struct kunit *test)
{
	struct sio_seq_rx rx;

	memset(&rx, 0xff, sizeof(rx));
	sio_seq_rx_init(&rx, 5, 6);
	KUNIT_EXPECT_EQ(test, rx.isn, 5);
	KUNIT_EXPECT_EQ(test, rx.ts0, 6);
	KUNIT_EXPECT_EQ(test, rx.ts_recent, 6);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, rx.max, 0);
	KUNIT_EXPECT_EQ(test, rx.una, 0);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

static void sio_seq_of__wraps(struct kunit *test)
{
	struct sio_seq_tx tx;

	sio_seq_tx_init(&tx, U32_MAX - 10, U32_MAX - 20);
	KUNIT_EXPECT_EQ(test, sio_seq_of(&tx, 0), U32_MAX - 9);
	KUNIT_EXPECT_EQ(test, sio_seq_of(&tx, 9), U32_MAX);
	KUNIT_EXPECT_EQ(test, sio_seq_of(&tx, 10), 0);
	KUNIT_EXPECT_EQ(test, sio_seq_of(&tx, SIO_ST_4GIB), U32_MAX - 9);
	KUNIT_EXPECT_EQ(test, sio_seq_tsval(&tx, 19), U32_MAX);
	KUNIT_EXPECT_EQ(test, sio_seq_tsval(&tx, 20), 0);
}

static void sio_seq_window__wrap_byte(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sio_seq_window(0), 0xff00);
	KUNIT_EXPECT_EQ(test, sio_seq_window(SIO_ST_4GIB - 1), 0xff00);
	KUNIT_EXPECT_EQ(test, sio_seq_window(SIO_ST_4GIB), 0xff01);
	KUNIT_EXPECT_EQ(test, sio_seq_window(255 * SIO_ST_4GIB), 0xffff);
	KUNIT_EXPECT_EQ(test, sio_seq_window(256 * SIO_ST_4GIB), 0xff00);
}

static void sio_seq_ack__wraps(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 10, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 0);

	KUNIT_EXPECT_EQ(test, sio_seq_ack(&rx), U32_MAX - 9);
	rx.nxt = 10;
	KUNIT_EXPECT_EQ(test, sio_seq_ack(&rx), 0);
	rx.nxt = SIO_ST_4GIB + 11;
	KUNIT_EXPECT_EQ(test, sio_seq_ack(&rx), 1);
}

static void sio_seq_is_old__wraps(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 100, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 100);

	KUNIT_EXPECT_TRUE(test, sio_seq_is_old(&rx, U32_MAX));
	KUNIT_EXPECT_FALSE(test, sio_seq_is_old(&rx, 0));
	KUNIT_EXPECT_FALSE(test, sio_seq_is_old(&rx, 1));
}

static void sio_seq_is_in_window__edges(struct kunit *test)
{
	static const struct {
		s64 away;
		bool is_in;
	} cases[] = {
		{ 0, true }, { 1, true }, { -1, true },
		{ 64 << 20, true }, { (64 << 20) + 1, false },
		{ SIO_ST_GIB, false }, { 2 * SIO_ST_GIB, false },
		{ -SIO_ST_GIB, true }, { -SIO_ST_GIB - 1, false },
	};
	static const u64 maxs[] = { 0, 5000, U32_MAX, SIO_ST_4GIB + 7 };
	const struct sio_st_start *s;
	struct sio_seq_rx rx;
	unsigned int i, k, c;
	bool is_in;
	u32 seq;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		for (k = 0; k < ARRAY_SIZE(maxs); k++) {
			s = &sio_st_starts[i];
			rx = sio_st_rx(s, maxs[k]);
			for (c = 0; c < ARRAY_SIZE(cases); c++) {
				seq = s->isn + 1 + maxs[k] + cases[c].away;
				is_in = sio_seq_is_in_window(&rx, seq);
				KUNIT_EXPECT_EQ_MSG(test, is_in, cases[c].is_in,
						    "case %u", c);
			}
		}
	}
}

static void sio_seq_place__chunks_of_a_message(struct kunit *test)
{
	const struct sio_st_start *s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		s = &sio_st_starts[i];
		sio_st_expect_place(test, s, 0, 0, 0, 1);
		sio_st_expect_place(test, s, 0, 0, 1448, 1448);
		sio_st_expect_place(test, s, 5000, 1000, 64000, 1483);
		sio_st_expect_place(test, s, 0, 0, 0, SIO_ST_LEN_MAX);
	}
}

/* Numbers wrap within the message, between messages and before the chunk */
static void sio_seq_place__numbers_wrap(struct kunit *test)
{
	const struct sio_st_start *s;
	unsigned int i;
	u64 off;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		s = &sio_st_starts[i];
		for (off = SIO_ST_4GIB - 4000; off < SIO_ST_4GIB + 4000;
		     off += 97) {
			sio_st_expect_place(test, s, off, off, 0, 100);
			sio_st_expect_place(test, s, off, off - s->isn % 4096,
					    0, 100);
			sio_st_expect_place(test, s, off + 50, off, 3990, 100);
		}
	}
}

/* The wrap byte is that of the message's beginning, also behind 4 GiB */
static void sio_seq_place__message_across_4_gib(struct kunit *test)
{
	const struct sio_st_start *s;
	u64 off = SIO_ST_4GIB - 1000;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		s = &sio_st_starts[i];
		sio_st_expect_place(test, s, off, off, 0, 3000);
		sio_st_expect_place(test, s, off, off, 1000, 3000);
		sio_st_expect_place(test, s, off + 5000, off, 2000, 3000);
		sio_st_expect_place(test, s, off + SIO_ST_GIB, off, 2000, 1);
	}
}

static void sio_seq_place__every_wrap(struct kunit *test)
{
	const struct sio_st_start *s = &sio_st_starts[4];
	u64 k;

	for (k = 0; k < 600; k++) {
		sio_st_expect_place(test, s, k << 32, k << 32, 64, 10);
		sio_st_expect_place(test, s, (k << 32) + 7,
				    (k << 32) + SIO_ST_GIB, 64, 0);
		sio_st_expect_place(test, s, (k + 1) << 32,
				    ((k + 1) << 32) - 9, 64, 10);
	}
}

static void sio_seq_place__wrong_wrap_byte(struct kunit *test)
{
	const struct sio_st_start *s = &sio_st_starts[1];
	u64 off = 3 * SIO_ST_4GIB + 12345;
	struct sio_seg seg = sio_st_seg(s, off, 0, 100);
	unsigned int byte;

	for (byte = 0; byte < 256; byte++) {
		seg.window = 0xff00 | byte;
		KUNIT_EXPECT_EQ_MSG(test, sio_st_place(s, off, &seg),
				    byte == 3 ? SIO_CNT_NONE :
						SIO_CNT_DROP_WRAP,
				    "wrap byte %u", byte);
	}
}

/* A frame that was on its way for 4 GiB of traffic */
static void sio_seq_place__frame_of_the_wrap_before(struct kunit *test)
{
	const struct sio_st_start *s = &sio_st_starts[0];
	struct sio_seg seg = sio_st_seg(s, 70000, 0, 100);

	KUNIT_EXPECT_EQ(test, sio_st_place(s, 70000, &seg), SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, sio_st_place(s, 70000 + SIO_ST_4GIB, &seg),
			SIO_CNT_DROP_WRAP);
	KUNIT_EXPECT_EQ(test, sio_st_place(s, 70000 + 255 * SIO_ST_4GIB, &seg),
			SIO_CNT_DROP_WRAP);
}

static void sio_seq_place__one_gib_away(struct kunit *test)
{
	const struct sio_st_start *s;
	struct sio_seg seg;
	unsigned int i, k;
	u64 max;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		s = &sio_st_starts[i];
		for (k = 1; k < 6; k++) {
			max = k * SIO_ST_GIB + k;
			sio_st_expect_place(test, s, max, max + SIO_ST_GIB, 0,
					    1);
			sio_st_expect_place(test, s, max, max - SIO_ST_GIB, 0,
					    1);
			seg = sio_st_seg(s, max + SIO_ST_GIB + 1, 0, 1);
			KUNIT_EXPECT_EQ(test, sio_st_place(s, max, &seg),
					SIO_CNT_DROP_WRAP);
			seg = sio_st_seg(s, max - SIO_ST_GIB - 1, 0, 1);
			KUNIT_EXPECT_EQ(test, sio_st_place(s, max, &seg),
					SIO_CNT_DROP_WRAP);
		}
	}
}

static void sio_seq_place__before_the_flow_began(struct kunit *test)
{
	const struct sio_st_start *s = &sio_st_starts[2];
	struct sio_seg seg;
	u64 back;

	for (back = 1; back < SIO_ST_GIB; back *= 3) {
		seg = sio_st_seg(s, -back, 0, 100);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_WRAP);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, back / 2, &seg),
				SIO_CNT_DROP_WRAP);
	}
}

static void sio_seq_place__chunk_outside_its_message(struct kunit *test)
{
	const struct sio_st_start *s;
	struct sio_seg seg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		s = &sio_st_starts[i];
		sio_st_expect_place(test, s, 0, 0, SIO_ST_LEN_MAX - 1, 1);
		seg = sio_st_seg(s, 0, SIO_ST_LEN_MAX - 1, 2);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_OFFSET);
		seg = sio_st_seg(s, 0, SIO_ST_LEN_MAX, 0);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_OFFSET);
		seg = sio_st_seg(s, 0, 0, SIO_ST_LEN_MAX + 1);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_OFFSET);
		seg = sio_st_seg(s, 0, 0, U32_MAX);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_OFFSET);
		seg = sio_st_seg(s, 1000, -1, 100);
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg),
				SIO_CNT_DROP_OFFSET);
	}
}

static void sio_seq_place__high_byte_of_the_window(struct kunit *test)
{
	const struct sio_st_start *s = &sio_st_starts[1];
	struct sio_seg seg = sio_st_seg(s, 100, 0, 100);
	unsigned int hi;

	for (hi = 0; hi < 256; hi++) {
		seg.window = hi << 8;
		KUNIT_EXPECT_EQ(test, sio_st_place(s, 0, &seg), hi == 0xff ?
				SIO_CNT_NONE : SIO_CNT_DROP_WINDOW);
	}
}

static void sio_seq_place__random(struct kunit *test)
{
	struct sio_st_start s;
	struct rnd_state rnd;
	u64 max, off;
	u32 chunk;
	int i;

	prandom_seed_state(&rnd, 3);
	for (i = 0; i < 20000; i++) {
		s.isn = prandom_u32_state(&rnd);
		s.ts0 = prandom_u32_state(&rnd);
		max = ((u64)prandom_u32_state(&rnd) << 12) + SIO_ST_GIB;
		off = max - SIO_ST_GIB + prandom_u32_state(&rnd) / 2;
		chunk = prandom_u32_state(&rnd) % SIO_ST_LEN_MAX;
		sio_st_expect_place(test, &s, max, off, chunk,
				    prandom_u32_state(&rnd) %
				    (SIO_ST_LEN_MAX - chunk));
	}
}

/* Acks @ack when @una to @nxt are under way; returns what is acknowledged */
static s64 sio_st_acked(u32 isn, u64 una, u64 nxt, u32 ack)
{
	struct sio_seq_rx rx = { .una = una };
	struct sio_seq_tx tx;
	u64 newly = 77;

	sio_seq_tx_init(&tx, isn, 0);
	if (sio_seq_acked(&rx, &tx, nxt, ack, &newly))
		return rx.una == una && !newly ? -1 : -2;
	return rx.una == una + newly ? newly : -3;
}

static void sio_seq_acked__all_there_is(struct kunit *test)
{
	static const u64 unas[] = { 0, 100, SIO_ST_4GIB - 50, SIO_ST_4GIB,
				    77 * SIO_ST_4GIB + 5 };
	u32 isn, first;
	unsigned int i, k;
	u64 una;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		for (k = 0; k < ARRAY_SIZE(unas); k++) {
			isn = sio_st_starts[i].isn;
			una = unas[k];
			first = isn + 1 + (u32)una;
			KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 100,
							   first), 0);
			KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 100,
							   first + 1), 1);
			KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 100,
							   first + 100), 100);
		}
	}
}

static void sio_seq_acked__never_sent(struct kunit *test)
{
	unsigned int i;
	u32 isn;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		isn = sio_st_starts[i].isn;
		KUNIT_EXPECT_EQ(test, sio_st_acked(isn, 50, 150, isn + 152),
				-1);
		KUNIT_EXPECT_EQ(test, sio_st_acked(isn, 50, 50, isn + 52), -1);
		KUNIT_EXPECT_EQ(test, sio_st_acked(isn, 50, 150,
						   isn + 51 + 0x7fffffff), -1);
	}
}

static void sio_seq_acked__old_and_too_old(struct kunit *test)
{
	u64 una = 2 * SIO_ST_GIB;
	u32 isn = U32_MAX - 5;
	u32 first = isn + 1 + (u32)una;

	KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 10, first - 1), 0);
	KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 10,
					   first - SIO_ST_GIB), 0);
	KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 10,
					   first - SIO_ST_GIB - 1), -1);
	KUNIT_EXPECT_EQ(test, sio_st_acked(isn, una, una + 10,
					   first - 2 * SIO_ST_GIB), -1);
}

static void sio_st_expect_range(struct kunit *test, const struct sio_seq_rx *rx,
				unsigned int i, u64 start, u64 end, u64 gap_ns)
{
	KUNIT_ASSERT_LT(test, i, rx->nr);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].start, start);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].end, end);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].gap_ns, gap_ns);
}

static void sio_seq_receive__in_order(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 0, 10, 1), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 10, 30, 2), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 5, 31, 2), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, rx.nxt, 31);
	KUNIT_EXPECT_EQ(test, rx.max, 31);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 0, 31, 3), SIO_SEQ_DUP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 30, 31, 3), SIO_SEQ_DUP);
}

static void sio_seq_receive__gap_and_fill(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 100);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 120, 130, 1), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 130, 140, 2),
			SIO_SEQ_BEYOND);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 125, 140, 3), SIO_SEQ_DUP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 150, 160, 4), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 110, 115, 5), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 100);
	KUNIT_EXPECT_EQ(test, rx.max, 160);
	KUNIT_ASSERT_EQ(test, rx.nr, 3);
	sio_st_expect_range(test, &rx, 0, 110, 115, 1);
	sio_st_expect_range(test, &rx, 1, 120, 140, 1);
	sio_st_expect_range(test, &rx, 2, 150, 160, 4);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 112, 155, 6), SIO_SEQ_FILL);
	KUNIT_ASSERT_EQ(test, rx.nr, 1);
	sio_st_expect_range(test, &rx, 0, 110, 160, 1);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 90, 105, 7), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 105);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 105, 110, 8), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 160);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

/* As many gaps as can be remembered, 10 bytes every 20 */
static struct sio_seq_rx sio_st_full(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);
	u64 i;

	for (i = 1; i <= SIO_SEQ_RANGES; i++)
		KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 20 * i, 20 * i + 10,
						      i), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	return rx;
}

static void sio_seq_receive__one_gap_too_many(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 180, 190, 9), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 30);
	sio_st_expect_range(test, &rx, 0, 40, 50, 2);
	sio_st_expect_range(test, &rx, 7, 180, 190, 9);

	/* Between two of them */
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 133, 136, 10),
			SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 50);
}

/* What takes no room gives up nothing */
static void sio_seq_receive__more_of_what_is_known(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 170, 175, 9),
			SIO_SEQ_BEYOND);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 38, 40, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 70, 80, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES - 1);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
}

/* Bytes out of the oldest gap are new, even if the gap is given up for them */
static void sio_seq_receive__part_of_the_oldest_gap(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 5, 8, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 8);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 8, 20, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 30);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES - 1);
}

static void sio_seq_tail__nothing_missing(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 100, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 100);
	struct sio_seq_rx was = rx;

	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 0, 5));
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, -1, 5));
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 3U << 30, 5));
	KUNIT_EXPECT_MEMEQ(test, &rx, &was, sizeof(rx));
}

static void sio_seq_tail__last_bytes_missing(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 100, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 100);

	KUNIT_EXPECT_TRUE(test, sio_seq_tail(&rx, 50, 5));
	KUNIT_EXPECT_EQ(test, rx.nxt, 100);
	KUNIT_EXPECT_EQ(test, rx.max, 150);
	KUNIT_ASSERT_EQ(test, rx.nr, 1);
	sio_st_expect_range(test, &rx, 0, 149, 150, 5);
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 50, 6));
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 100, 150, 7), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 150);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

static void sio_seq_expire__oldest_first(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1000, 0), 0);
	sio_seq_receive(&rx, 10, 20, 1000);
	sio_seq_receive(&rx, 30, 40, 1100);
	sio_seq_receive(&rx, 50, 60, 1100);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1499, 500), 0);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1500, 500), 1);
	KUNIT_EXPECT_EQ(test, rx.nxt, 20);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 2000, 500), 2);
	KUNIT_EXPECT_EQ(test, rx.nxt, 60);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

/* A gap does not become younger when a part of it is filled */
static void sio_seq_expire__gap_in_two_parts(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	sio_seq_receive(&rx, 30, 40, 1000);
	sio_seq_receive(&rx, 10, 20, 1400);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1500, 500), 2);
	KUNIT_EXPECT_EQ(test, rx.nxt, 40);
}

#define SIO_ST_SPAN	256

/**
 * struct sio_st_model - the receiving half, one byte at a time
 * @base: offset of the first byte of the arrays
 * @got: the byte arrived
 * @noticed: when it was found to be missing
 * @nxt: every byte below arrived or was given up
 * @max: after the highest byte that arrived
 */
struct sio_st_model {
	u64 base;
	bool got[SIO_ST_SPAN];
	u64 noticed[SIO_ST_SPAN];
	u32 nxt;
	u32 max;
};

/* Finds the run that begins at @from or later; false if there is none */
static bool sio_st_run(const struct sio_st_model *m, u32 from, u32 *start,
		       u32 *end)
{
	while (from < m->max && !m->got[from])
		from++;
	*start = from;
	while (from < m->max && m->got[from])
		from++;
	*end = from;
	return *start < *end;
}

static u32 sio_st_runs(const struct sio_st_model *m, u32 *last_end)
{
	u32 start, end = m->nxt, n = 0;

	*last_end = 0;
	for (; sio_st_run(m, end, &start, &end); n++)
		*last_end = end;
	return n;
}

static void sio_st_give_up(struct sio_st_model *m)
{
	u32 start;

	sio_st_run(m, m->nxt, &start, &m->nxt);
}

static enum sio_seq_news sio_st_model_receive(struct sio_st_model *m,
					      u32 start, u32 end, u64 now)
{
	enum sio_seq_news news;
	u32 i, last, nr;

	for (i = max(start, m->nxt); i < end && m->got[i]; i++)
		;
	if (i >= end)
		return SIO_SEQ_DUP;
	nr = sio_st_runs(m, &last);
	if (start <= m->nxt)
		news = nr ? SIO_SEQ_FILL : SIO_SEQ_ORDER;
	else if (!nr || last < start)
		news = SIO_SEQ_GAP;
	else
		news = end > m->max ? SIO_SEQ_BEYOND : SIO_SEQ_FILL;

	for (i = m->max; i < start; i++)
		m->noticed[i] = now;
	memset(m->got + start, true, end - start);
	m->max = max(m->max, end);
	while (m->nxt < m->max && m->got[m->nxt])
		m->nxt++;
	while (sio_st_runs(m, &last) > SIO_SEQ_RANGES)
		sio_st_give_up(m);
	return news;
}

static u32 sio_st_model_expire(struct sio_st_model *m, u64 now, u64 age)
{
	u32 start, end, n = 0;

	while (sio_st_run(m, m->nxt, &start, &end) &&
	       now - m->noticed[start - 1] >= age) {
		m->nxt = end;
		n++;
	}
	return n;
}

static void sio_st_expect_model(struct kunit *test,
				const struct sio_st_model *m,
				const struct sio_seq_rx *rx)
{
	u32 start, end = m->nxt, n = 0;

	KUNIT_ASSERT_EQ(test, rx->nxt, m->base + m->nxt);
	KUNIT_ASSERT_EQ(test, rx->max, m->base + m->max);
	for (; sio_st_run(m, end, &start, &end); n++) {
		KUNIT_ASSERT_LT(test, n, rx->nr);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].start, m->base + start);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].end, m->base + end);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].gap_ns,
				m->noticed[start - 1]);
	}
	KUNIT_ASSERT_EQ(test, rx->nr, n);
}

static void sio_st_step(struct kunit *test, struct sio_st_model *m,
			struct sio_seq_rx *rx, struct rnd_state *rnd, u64 now)
{
	u32 r = prandom_u32_state(rnd);
	u32 start, end;

	if (r % 16 == 0) {
		r >>= 20;
		KUNIT_ASSERT_EQ(test, sio_seq_expire(rx, now, r % 64),
				sio_st_model_expire(m, now, r % 64));
		return;
	}
	start = (r >> 8) % SIO_ST_SPAN;
	if (r & 16)	/* near the newest byte, as most are */
		start = clamp_t(int, (int)m->max - 4 + (int)(start % 16), 0,
				SIO_ST_SPAN - 1);
	end = min_t(u32, start + 1 + (r >> 24) % (r & 32 ? 4 : 24),
		    SIO_ST_SPAN);
	KUNIT_ASSERT_EQ_MSG(test, sio_seq_receive(rx, m->base + start,
						  m->base + end, now),
			    sio_st_model_receive(m, start, end, now),
			    "bytes %u to %u", start, end);
}

static void sio_seq_receive__like_a_bitmap(struct kunit *test)
{
	struct sio_st_model *m = kunit_kmalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int nr_full = 0;
	struct rnd_state rnd;
	struct sio_seq_rx rx;
	int seq, i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	prandom_seed_state(&rnd, 20090117);
	for (seq = 0; seq < 3000; seq++) {
		memset(m, 0, sizeof(*m));
		if (seq & 1)	/* offsets that cross 4 GiB */
			m->base = SIO_ST_4GIB - prandom_u32_state(&rnd) %
				  SIO_ST_SPAN;
		rx = sio_st_rx(&sio_st_starts[0], m->base);
		for (i = 0; i < 50; i++) {
			sio_st_step(test, m, &rx, &rnd, i);
			sio_st_expect_model(test, m, &rx);
			nr_full += rx.nr == SIO_SEQ_RANGES;
		}
	}
	KUNIT_EXPECT_GT(test, nr_full, 1000);
}

static void sio_seq_sack__newest_first(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 29, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 0);
	struct sio_sack_block b[SIO_SACK_MAX];
	u32 i, n;

	KUNIT_EXPECT_EQ(test, sio_seq_sack(&rx, b), 0);
	for (i = 1; i <= SIO_SEQ_RANGES; i++) {
		sio_seq_receive(&rx, 20 * i, 20 * i + 10, i);
		n = sio_seq_sack(&rx, b);
		KUNIT_ASSERT_EQ(test, n, min_t(u32, i, SIO_SACK_MAX));
		KUNIT_EXPECT_EQ(test, b[0].left, 20 * i - 29);
		KUNIT_EXPECT_EQ(test, b[0].right, 20 * i - 19);
		KUNIT_EXPECT_EQ(test, b[n - 1].left, 20 * (i + 1 - n) - 29);
		KUNIT_EXPECT_EQ(test, b[n - 1].right, 20 * (i + 1 - n) - 19);
	}
}

static void sio_seq_sack_may_be__each_case(struct kunit *test)
{
	static const struct {
		s32 left;
		s32 right;
		bool may_be;
	} cases[] = {
		{ 20, 30, true }, { 99, 100, true },	/* up to the last byte */
		{ 99, 101, false }, { 100, 110, false }, /* never sent */
		{ 30, 30, false }, { 30, 20, false },	/* of no bytes */
	};
	struct sio_seq_tx tx;
	struct sio_seg seg;
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(sio_st_starts); i++) {
		sio_seq_tx_init(&tx, sio_st_starts[i].isn, 0);
		seg = (struct sio_seg) { .nr_sacks = 0 };
		KUNIT_EXPECT_TRUE(test, sio_seq_sack_may_be(&tx, 0, &seg));
		seg.nr_sacks = 2;
		seg.sacks[0].left = sio_seq_of(&tx, 5);
		seg.sacks[0].right = sio_seq_of(&tx, 6);
		for (k = 0; k < ARRAY_SIZE(cases); k++) {
			seg.sacks[1].left = sio_seq_of(&tx, cases[k].left);
			seg.sacks[1].right = sio_seq_of(&tx, cases[k].right);
			KUNIT_EXPECT_EQ_MSG(test,
					    sio_seq_sack_may_be(&tx, 100, &seg),
					    cases[k].may_be, "case %u", k);
		}
	}
}

static void sio_seq_is_lost__each_case(struct kunit *test)
{
	static const struct {
		s32 left;
		s32 right;
		bool lost;
	} cases[] = {
		{ 0, 10, true },	/* before all blocks */
		{ 0, 20, true },	/* up to the first one */
		{ 0, 21, false },	/* a byte of it */
		{ 20, 30, false },
		{ 25, 27, false },
		{ 29, 31, false },
		{ 30, 40, true },	/* between them */
		{ 30, 41, false },
		{ 45, 60, false },
		{ 50, 60, false },	/* nothing beyond */
		{ -1, 10, false },	/* acknowledged, in part */
		{ -10, 0, false },
	};
	struct sio_seg seg;
	u32 base = 0;
	unsigned int i;
	int wrap;

	for (wrap = 0; wrap < 2; wrap++, base = U32_MAX - 24) {
		seg = (struct sio_seg) {
			.ack = base, .nr_sacks = 2, .sacks = {
				{ base + 40, base + 50 },
				{ base + 20, base + 30 },
			},
		};
		for (i = 0; i < ARRAY_SIZE(cases); i++)
			KUNIT_EXPECT_EQ_MSG(test,
					    sio_seq_is_lost(&seg, base +
							    cases[i].left, base
							    + cases[i].right),
					    cases[i].lost, "case %u from %#x",
					    i, base);
		seg.nr_sacks = 0;
		KUNIT_EXPECT_FALSE(test, sio_seq_is_lost(&seg, base,
							 base + 10));
	}
}

static void sio_cwnd_acked__grows_up_to_the_most(struct kunit *test)
{
	struct sio_cwnd cwnd;
	u64 i;

	sio_cwnd_init(&cwnd);
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT);
	KUNIT_EXPECT_EQ(test, cwnd.cut_ns, 0);
	sio_cwnd_acked(&cwnd, 15);
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT);
	sio_cwnd_acked(&cwnd, 1600);
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT + 100);
	for (i = 0; i < 64; i++)
		sio_cwnd_acked(&cwnd, 1ULL << i);
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_MAX);
	sio_cwnd_acked(&cwnd, U64_MAX);
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_MAX);
}

static void sio_cwnd_lost__once_per_round(struct kunit *test)
{
	struct sio_cwnd cwnd;

	sio_cwnd_init(&cwnd);
	KUNIT_EXPECT_TRUE(test, sio_cwnd_lost(&cwnd, 5, 100));
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT / 2);
	KUNIT_EXPECT_FALSE(test, sio_cwnd_lost(&cwnd, 5, 100));
	KUNIT_EXPECT_FALSE(test, sio_cwnd_lost(&cwnd, 104, 100));
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT / 2);
	KUNIT_EXPECT_TRUE(test, sio_cwnd_lost(&cwnd, 105, 100));
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_INIT / 4);
}

static void sio_cwnd_lost__keeps_the_least(struct kunit *test)
{
	struct sio_cwnd cwnd;
	u64 now;

	sio_cwnd_init(&cwnd);
	for (now = 1; now < 40; now++)
		KUNIT_EXPECT_TRUE(test, sio_cwnd_lost(&cwnd, now, 1));
	KUNIT_EXPECT_EQ(test, cwnd.bytes, SIO_CWND_MIN);
}

static struct kunit_case sio_seq_cases[] = {
	KUNIT_CASE(sio_seq_tx_init__all_fields),
	KUNIT_CASE(sio_seq_rx_init__all_fields),
	KUNIT_CASE(sio_seq_of__wraps),
	KUNIT_CASE(sio_seq_window__wrap_byte),
	KUNIT_CASE(sio_seq_ack__wraps),
	KUNIT_CASE(sio_seq_is_old__wraps),
	KUNIT_CASE(sio_seq_is_in_window__edges),
	KUNIT_CASE(sio_seq_place__chunks_of_a_message),
	KUNIT_CASE(sio_seq_place__numbers_wrap),
	KUNIT_CASE(sio_seq_place__message_across_4_gib),
	KUNIT_CASE(sio_seq_place__every_wrap),
	KUNIT_CASE(sio_seq_place__wrong_wrap_byte),
	KUNIT_CASE(sio_seq_place__frame_of_the_wrap_before),
	KUNIT_CASE(sio_seq_place__one_gib_away),
	KUNIT_CASE(sio_seq_place__before_the_flow_began),
	KUNIT_CASE(sio_seq_place__chunk_outside_its_message),
	KUNIT_CASE(sio_seq_place__high_byte_of_the_window),
	KUNIT_CASE(sio_seq_place__random),
	KUNIT_CASE(sio_seq_acked__all_there_is),
	KUNIT_CASE(sio_seq_acked__never_sent),
	KUNIT_CASE(sio_seq_acked__old_and_too_old),
	KUNIT_CASE(sio_seq_receive__in_order),
	KUNIT_CASE(sio_seq_receive__gap_and_fill),
	KUNIT_CASE(sio_seq_receive__one_gap_too_many),
	KUNIT_CASE(sio_seq_receive__more_of_what_is_known),
	KUNIT_CASE(sio_seq_receive__part_of_the_oldest_gap),
	KUNIT_CASE(sio_seq_receive__like_a_bitmap),
	KUNIT_CASE(sio_seq_tail__nothing_missing),
	KUNIT_CASE(sio_seq_tail__last_bytes_missing),
	KUNIT_CASE(sio_seq_expire__oldest_first),
	KUNIT_CASE(sio_seq_expire__gap_in_two_parts),
	KUNIT_CASE(sio_seq_sack__newest_first),
	KUNIT_CASE(sio_seq_sack_may_be__each_case),
	KUNIT_CASE(sio_seq_is_lost__each_case),
	KUNIT_CASE(sio_cwnd_acked__grows_up_to_the_most),
	KUNIT_CASE(sio_cwnd_lost__once_per_round),
	KUNIT_CASE(sio_cwnd_lost__keeps_the_least),
	{}
};

static struct kunit_suite sio_seq_suite = {
	.name = "seq",
	.test_cases = sio_seq_cases,
};

kunit_test_suite(sio_seq_suite);
