// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/seq.c: where bytes belong. */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "proto/seq.h"
#include "seq_fix.h"

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

static struct kunit_case sio_seq_place_cases[] = {
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
	{}
};

static struct kunit_suite sio_seq_place_suite = {
	.name = "seq_place",
	.test_cases = sio_seq_place_cases,
};

kunit_test_suite(sio_seq_place_suite);
