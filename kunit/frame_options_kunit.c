// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/frame.c: TCP options, laid out in any way. */
#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>
#include <net/tcp.h>

#include "frame_fix.h"

/* Parses a frame with these options, whose memory ends after them */
static enum sio_cnt sio_ft_opts(struct kunit *test, const u8 *opts, u32 len,
				struct sio_seg *got)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	enum sio_cnt why;
	u8 buf[52];
	u8 *frame;

	sio_frame_build(buf, &seg, 0);
	frame = kmalloc(40 + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	memcpy(frame, buf, 40);
	memcpy(frame + 40, opts, len);
	((struct iphdr *)frame)->tot_len = htons(40 + len);
	((struct tcphdr *)(frame + 20))->doff = 5 + len / 4;
	why = sio_frame_parse(frame, 40 + len, 40 + len, got);
	kfree(frame);
	return why;
}

static void sio_frame_parse__options_in_any_order(struct kunit *test)
{
	static const u8 opts[] = {
		3, 3, 9,			/* window scale */
		8, 10, 1, 2, 3, 4, 5, 6, 7, 8,	/* timestamps */
		5, 10, 0, 0, 0, 1, 0, 0, 0, 2,	/* SACK */
		254, 4, 0xaa, 0xbb,		/* not known */
		1,				/* NOP */
		4, 2,				/* SACK permitted */
		2, 4, 0x05, 0xb4,		/* MSS */
		0,				/* end of options */
		8, 10, 5, 5, 5,			/* nobody looks there */
	};
	struct sio_seg got;

	static_assert(sizeof(opts) == 40);
	KUNIT_ASSERT_EQ(test, sio_ft_opts(test, opts, 40, &got), SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, got.wscale, 9);
	KUNIT_EXPECT_TRUE(test, got.has_ts);
	KUNIT_EXPECT_EQ(test, got.tsval, 0x01020304);
	KUNIT_EXPECT_EQ(test, got.tsecr, 0x05060708);
	KUNIT_EXPECT_EQ(test, got.nr_sacks, 1);
	KUNIT_EXPECT_EQ(test, got.sacks[0].left, 1);
	KUNIT_EXPECT_EQ(test, got.sacks[0].right, 2);
	KUNIT_EXPECT_TRUE(test, got.may_sack);
	KUNIT_EXPECT_EQ(test, got.mss, 1460);
}

static void sio_frame_parse__timestamps_laid_out_otherwise(struct kunit *test)
{
	static const u8 last[] = { 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
	static const u8 end[] = { 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1 };
	struct sio_seg got;

	KUNIT_EXPECT_EQ(test, sio_ft_opts(test, last, 12, &got), SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, got.tsval, 0x01020304);
	KUNIT_EXPECT_EQ(test, got.tsecr, 0x05060708);
	KUNIT_EXPECT_EQ(test, sio_ft_opts(test, end, 12, &got), SIO_CNT_NONE);
	KUNIT_EXPECT_TRUE(test, got.has_ts);
}

static void sio_frame_parse__no_options(struct kunit *test)
{
	static const u8 opts[] = { 1, 1, 1, 1, 0, 0, 0, 0 };
	struct sio_seg got;
	u32 len;

	for (len = 0; len <= sizeof(opts); len += 4) {
		KUNIT_EXPECT_EQ(test, sio_ft_opts(test, opts, len, &got),
				SIO_CNT_NONE);
		KUNIT_EXPECT_FALSE(test, got.has_ts);
		KUNIT_EXPECT_FALSE(test, got.may_sack);
		KUNIT_EXPECT_EQ(test, got.mss, 0);
		KUNIT_EXPECT_EQ(test, got.wscale, 0xff);
		KUNIT_EXPECT_EQ(test, got.nr_sacks, 0);
	}
}

/* All lengths an option of this kind may claim, at all distances to the end */
static void sio_ft_lengths(struct kunit *test, u8 kind, const u8 *good,
			   unsigned int nr_good)
{
	unsigned int len, left, i;
	struct sio_seg got;
	enum sio_cnt want;
	u8 opts[40];

	for (left = 4; left <= 40; left += 4) {
		for (len = 0; len < 256; len++) {
			memset(opts, TCPOPT_NOP, sizeof(opts));
			opts[0] = kind;
			opts[1] = len;
			want = SIO_CNT_DROP_OPTIONS;
			for (i = 0; i < nr_good; i++)
				if (len == good[i] && len <= left)
					want = SIO_CNT_NONE;
			KUNIT_EXPECT_EQ_MSG(test, sio_ft_opts(test, opts, left,
							      &got), want,
					    "kind %u, length %u of %u", kind,
					    len, left);
		}
	}
}

static void sio_frame_parse__length_of_known_options(struct kunit *test)
{
	static const u8 sacks[] = { 10, 18, 26, 34 };
	static const u8 ts[] = { 10 };
	static const u8 mss[] = { 4 };
	static const u8 wscale[] = { 3 };
	static const u8 perm[] = { 2 };

	sio_ft_lengths(test, TCPOPT_TIMESTAMP, ts, 1);
	sio_ft_lengths(test, TCPOPT_SACK, sacks, ARRAY_SIZE(sacks));
	sio_ft_lengths(test, TCPOPT_MSS, mss, 1);
	sio_ft_lengths(test, TCPOPT_WINDOW, wscale, 1);
	sio_ft_lengths(test, TCPOPT_SACK_PERM, perm, 1);
}

static void sio_frame_parse__length_of_unknown_options(struct kunit *test)
{
	u8 good[39];
	unsigned int i;

	for (i = 0; i < sizeof(good); i++)
		good[i] = i + 2;
	sio_ft_lengths(test, 77, good, sizeof(good));
}

static void sio_frame_parse__option_without_a_length(struct kunit *test)
{
	static const u8 kinds[] = { 2, 3, 4, 5, 8, 77, 255 };
	u8 opts[] = { 1, 1, 1, 0 };
	struct sio_seg got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		opts[3] = kinds[i];
		KUNIT_EXPECT_EQ(test, sio_ft_opts(test, opts, 4, &got),
				SIO_CNT_DROP_OPTIONS);
	}
}

static void sio_frame_parse__more_sack_blocks_than_kept(struct kunit *test)
{
	u8 opts[36] = { 1, 1, 5, 34 };
	struct sio_seg got;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		put_unaligned_be32(100 * i, opts + 4 + 8 * i);
		put_unaligned_be32(100 * i + 50, opts + 8 + 8 * i);
	}
	KUNIT_ASSERT_EQ(test, sio_ft_opts(test, opts, 36, &got), SIO_CNT_NONE);
	KUNIT_ASSERT_EQ(test, got.nr_sacks, SIO_SACK_MAX);
	for (i = 0; i < SIO_SACK_MAX; i++) {
		KUNIT_EXPECT_EQ(test, got.sacks[i].left, 100 * i);
		KUNIT_EXPECT_EQ(test, got.sacks[i].right, 100 * i + 50);
	}
}

static void sio_frame_parse__option_twice(struct kunit *test)
{
	static const u8 ts[] = { 8, 10, 1, 2, 3, 4, 5, 6, 7, 8,
				 8, 10, 1, 2, 3, 4, 5, 6, 7, 8 };
	static const u8 sack[] = { 5, 10, 0, 0, 0, 1, 0, 0, 0, 2,
				   5, 10, 0, 0, 0, 1, 0, 0, 0, 2 };
	struct sio_seg got;

	KUNIT_EXPECT_EQ(test, sio_ft_opts(test, ts, 20, &got),
			SIO_CNT_DROP_OPTIONS);
	KUNIT_EXPECT_EQ(test, sio_ft_opts(test, sack, 20, &got),
			SIO_CNT_DROP_OPTIONS);
}

static struct kunit_case sio_frame_options_cases[] = {
	KUNIT_CASE(sio_frame_parse__options_in_any_order),
	KUNIT_CASE(sio_frame_parse__timestamps_laid_out_otherwise),
	KUNIT_CASE(sio_frame_parse__no_options),
	KUNIT_CASE(sio_frame_parse__length_of_known_options),
	KUNIT_CASE(sio_frame_parse__length_of_unknown_options),
	KUNIT_CASE(sio_frame_parse__option_without_a_length),
	KUNIT_CASE(sio_frame_parse__more_sack_blocks_than_kept),
	KUNIT_CASE(sio_frame_parse__option_twice),
	{}
};

static struct kunit_suite sio_frame_options_suite = {
	.name = "frame_options",
	.test_cases = sio_frame_options_cases,
};

kunit_test_suite(sio_frame_options_suite);
