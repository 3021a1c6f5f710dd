// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/seq.c: numbers, and what is acknowledged. */

#include <kunit/test.h>
#include <linux/string.h>

#include "proto/seq.h"
#include "seq_fix.h"

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

/* Acknowledged up to 0; 20 to 30 and 40 to 60 are there, the newest first */
static void sio_seq_has_hole__each_case(struct kunit *test)
{
	static const struct {
		s32 left;
		s32 right;
		u32 beyond;
		bool has;
	} cases[] = {
		{ -9, 0, 0, false },	/* acknowledged */
		{ -9, 1, 0, true },	/* but for the last byte */
		{ 0, 10, 0, true },
		{ 15, 25, 0, true },	/* its first half */
		{ 20, 30, 0, false },
		{ 25, 35, 0, true },	/* its second half */
		{ 15, 45, 0, true },	/* on both sides of a block */
		{ 40, 60, 0, false },
		{ 40, 70, 0, false },	/* nothing is beyond it */
		{ 60, 70, 0, false },
		{ 30, 40, 20, true },	/* so much is beyond it */
		{ 30, 40, 30, false },	/* reordered, perhaps */
		{ 25, 35, 29, true },	/* of its first byte */
		{ 0, 10, 61, false },
	};
	struct sio_seg seg;
	unsigned int i, j;
	u32 base;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (j = 0, base = 0; j < 2; j++, base = -25U) {
			memset(&seg, 0, sizeof(seg));
			seg.ack = base;
			seg.nr_sacks = 2;
			seg.sacks[0].left = base + 40;
			seg.sacks[0].right = base + 60;
			seg.sacks[1].left = base + 20;
			seg.sacks[1].right = base + 30;
			KUNIT_EXPECT_EQ_MSG(test, cases[i].has,
					    sio_seq_has_hole(&seg, base +
							     cases[i].left,
							     base +
							     cases[i].right,
							     cases[i].beyond),
					    "case %u", i);
		}
	}
}

/* Blocks that touch or stand in any order leave no hole between them */
static void sio_seq_has_hole__blocks_that_touch(struct kunit *test)
{
	struct sio_seg seg = {
		.ack = 10,
		.nr_sacks = 3,
		.sacks = { { 50, 90 }, { 10, 30 }, { 25, 50 } },
	};

	KUNIT_EXPECT_FALSE(test, sio_seq_has_hole(&seg, 0, 90, 0));
	seg.sacks[2].right = 49;
	KUNIT_EXPECT_TRUE(test, sio_seq_has_hole(&seg, 0, 90, 0));
	seg.nr_sacks = 0;
	KUNIT_EXPECT_FALSE(test, sio_seq_has_hole(&seg, 0, 90, 0));
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
	KUNIT_CASE(sio_seq_acked__all_there_is),
	KUNIT_CASE(sio_seq_acked__never_sent),
	KUNIT_CASE(sio_seq_acked__old_and_too_old),
	KUNIT_CASE(sio_seq_sack__newest_first),
	KUNIT_CASE(sio_seq_sack_may_be__each_case),
	KUNIT_CASE(sio_seq_is_lost__each_case),
	KUNIT_CASE(sio_seq_has_hole__each_case),
	KUNIT_CASE(sio_seq_has_hole__blocks_that_touch),
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
