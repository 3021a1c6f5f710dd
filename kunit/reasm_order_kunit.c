// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/reasm.c: chunks in any order, cut any way, honest or not. */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "proto/reasm.h"
#include "proto/wire.h"
#include "reasm_fix.h"

/* Next permutation in lexical order, false after the last. */
static bool sio_rt_permute(unsigned int *a, int n)
{
	int i = n - 2;
	int j = n - 1;

	while (i >= 0 && a[i] > a[i + 1])
		i--;
	if (i < 0)
		return false;
	while (a[j] < a[i])
		j--;
	swap(a[i], a[j]);
	for (i++, j = n - 1; i < j; i++, j--)
		swap(a[i], a[j]);
	return true;
}

static void add__all_permutations(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	unsigned int order[6];
	unsigned int kinds = 0;
	int dup;
	int n;
	int i;

	sio_rt_message(rt, 600);
	for (n = 2; n <= 6; n++) {
		u32 size = 600 / n;

		for (i = 0; i < n; i++)
			order[i] = i;
		do {
			dup = prandom_u32_state(&rt->rnd) % (n - 1);
			for (i = 0; i < n; i++) {
				u32 off = order[i] * size;
				enum sio_rt_kind kind;
				struct sk_buff *skb;

				kind = kinds++ / 7 % SIO_RT_KINDS;
				skb = sio_rt_chunk(test, off, size, kind);
				KUNIT_EXPECT_EQ(test,
						sio_rt_add(test, skb, off, 600),
						i == n - 1 ? SIO_REASM_COMPLETE
							   : SIO_REASM_HELD);
				if (i != dup)
					continue;
				off = order[0] * size;
				skb = sio_rt_chunk(test, off, size, kind);
				KUNIT_EXPECT_EQ(test,
						sio_rt_add(test, skb, off, 0),
						SIO_REASM_DUP);
			}
			kfree_skb(rt->clone);
			rt->clone = NULL;
			sio_rt_expect_clean(test);
			cond_resched();
		} while (sio_rt_permute(order, n));
	}
}

/*
 * Six chunks merged differently from eight segments, in all orders. A set of
 * bits is the model of what is there.
 */
static void add__all_permutations_of_overlaps(struct kunit *test)
{
	static const struct {
		u8 from;
		u8 to;
	} cuts[][6] = {
		{ {0, 2}, {1, 4}, {3, 6}, {5, 8}, {0, 3}, {2, 7} },
		{ {0, 1}, {1, 2}, {2, 6}, {3, 5}, {4, 8}, {0, 7} },
		{ {0, 4}, {4, 8}, {2, 6}, {1, 7}, {3, 5}, {0, 5} },
		{ {1, 2}, {3, 4}, {5, 6}, {0, 8}, {1, 8}, {0, 2} },
		{ {2, 3}, {4, 5}, {6, 7}, {1, 8}, {0, 3}, {0, 1} },
	};
	struct sio_rt *rt = test->priv;
	enum sio_reasm_verdict want;
	unsigned int order[6];
	unsigned int c;
	u8 there;
	int i;

	sio_rt_message(rt, 8 * 80);
	for (c = 0; c < ARRAY_SIZE(cuts); c++) {
		for (i = 0; i < 6; i++)
			order[i] = i;
		do {
			there = 0;
			for (i = 0; i < 6; i++) {
				u8 from = cuts[c][order[i]].from;
				u8 to = cuts[c][order[i]].to;
				u8 bits = GENMASK(to - 1, from);
				struct sk_buff *skb;

				want = SIO_REASM_HELD;
				if ((there | bits) == 0xff)
					want = SIO_REASM_COMPLETE;
				else if ((there | bits) == there)
					want = SIO_REASM_DUP;
				there |= bits;
				if (there == 0xff)
					there = 0;

				skb = sio_rt_chunk(test, from * 80,
						   (to - from) * 80,
						   (i + order[i]) %
						   SIO_RT_KINDS);
				KUNIT_EXPECT_EQ(test,
						sio_rt_add(test, skb, from * 80,
							   640),
						want);
			}
			sio_reasm_purge(&rt->r);
			kfree_skb(rt->clone);
			rt->clone = NULL;
			sio_rt_expect_clean(test);
			cond_resched();
		} while (sio_rt_permute(order, 6));
	}
}

static void add__longest_message_shuffled(struct kunit *test)
{
	u32 mss = SIO_MTU_MIN - SIO_FRAME_HDR_LEN;
	u32 n = DIV_ROUND_UP(SIO_MSG_LEN_MAX, mss);
	struct sio_rt *rt = test->priv;
	u32 order[SIO_REASM_CHUNKS_MAX];
	enum sio_rt_kind kind;
	u32 i;
	u32 j;

	KUNIT_ASSERT_LE(test, n, SIO_REASM_CHUNKS_MAX);
	sio_rt_message(rt, SIO_MSG_LEN_MAX);
	for (kind = 0; kind < SIO_RT_KINDS; kind++) {
		for (i = 0; i < n; i++)
			order[i] = i;
		for (i = n - 1; i; i--) {
			j = prandom_u32_state(&rt->rnd) % (i + 1);
			swap(order[i], order[j]);
		}
		for (i = 0; i < n; i++) {
			u32 off = order[i] * mss;
			u32 len = min_t(u32, mss, SIO_MSG_LEN_MAX - off);

			KUNIT_EXPECT_EQ(test,
					sio_rt_add(test,
						   sio_rt_chunk(test, off, len,
								kind),
						   off, SIO_MSG_LEN_MAX),
					i == n - 1 ? SIO_REASM_COMPLETE :
						     SIO_REASM_HELD);
		}
		KUNIT_EXPECT_EQ(test, rt->r.nr_bytes, 0);
	}
}

/* Chunks of true messages, cut, merged, repeated and lost at random */
static void add__random_honest(struct kunit *test)
{
	u32 mss = SIO_MTU_MIN - SIO_FRAME_HDR_LEN;
	struct sio_rt *rt = test->priv;
	unsigned int nr_complete = 0;
	u32 len = 20 * mss - 7;
	int i;

	sio_rt_message(rt, len);
	for (i = 0; i < 10000; i++) {
		u32 from = prandom_u32_state(&rt->rnd) % 20;
		u32 to = from + 1 + prandom_u32_state(&rt->rnd) % 4;
		u32 bytes = min(to * mss, len) - from * mss;
		u64 name = prandom_u32_state(&rt->rnd) % (i % 16 ? 4 : 12);
		enum sio_reasm_verdict v;
		struct sk_buff *skb;
		struct sk_buff *msg;

		skb = sio_rt_chunk(test, from * mss, bytes,
				   prandom_u32_state(&rt->rnd) % SIO_RT_KINDS);
		v = sio_reasm_add(&rt->r, skb, name, from * mss, i, i + 500,
				  &msg);
		KUNIT_EXPECT_NE(test, v, SIO_REASM_BAD);
		KUNIT_EXPECT_LE(test, rt->r.nr_msgs, rt->r.max_msgs);
		if (v == SIO_REASM_COMPLETE) {
			sio_rt_expect_message(test, msg, len);
			nr_complete++;
		}
		if (rt->nr_pages < SIO_RT_PAGES - 8)
			continue;
		sio_reasm_purge(&rt->r);
		kfree_skb(rt->clone);
		rt->clone = NULL;
		sio_rt_expect_clean(test);
		cond_resched();
	}
	KUNIT_EXPECT_GT(test, nr_complete, 50);
}

/* Anything goes: it must neither crash, nor leak, nor exceed its bounds. */
static void add__random_hostile(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	unsigned int seen[SIO_REASM_NOMEM + 1] = {};
	int i;

	sio_reasm_init(&rt->r, 5, 100000);
	for (i = 0; i < 20000; i++) {
		struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)rt->src;
		u32 bound = i % 100 ? 650 : SIO_MSG_LEN_MAX;
		u32 off = prandom_u32_state(&rt->rnd) % bound;
		u32 len = prandom_u32_state(&rt->rnd) % bound;
		enum sio_reasm_verdict v;
		struct sk_buff *msg;
		u32 claim = 600;

		if (prandom_u32_state(&rt->rnd) % 3 == 0)
			off = 0;
		if (prandom_u32_state(&rt->rnd) % 8 == 0)
			claim = prandom_u32_state(&rt->rnd) % 1000;
		if (prandom_u32_state(&rt->rnd) % 50 == 0)
			off = prandom_u32_state(&rt->rnd);
		if (off < 600 && prandom_u32_state(&rt->rnd) % 3 == 0)
			len = 600 - off;
		hdr->len = cpu_to_le32(claim);

		v = sio_rt_add_judged(test, sio_rt_chunk(test, 0, len,
							 i % SIO_RT_KINDS),
				      prandom_u32_state(&rt->rnd) % 6, off, i,
				      i + prandom_u32_state(&rt->rnd) % 3000,
				      &msg);
		seen[v]++;
		KUNIT_EXPECT_LE(test, rt->r.nr_msgs, 5);
		KUNIT_EXPECT_LE(test, rt->r.nr_bytes, 100000);
		KUNIT_EXPECT_EQ(test, !!msg, v == SIO_REASM_COMPLETE);
		if (msg) {
			KUNIT_EXPECT_EQ(test, skb_copy_bits(msg, 0, rt->got,
							    msg->len), 0);
			hdr = (struct sio_msg_hdr *)rt->got;
			KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->len), msg->len);
			kfree_skb(msg);
		}
		if (rt->nr_pages < SIO_RT_PAGES - 40)
			continue;
		sio_reasm_purge(&rt->r);
		kfree_skb(rt->clone);
		rt->clone = NULL;
		sio_rt_expect_clean(test);
		cond_resched();
	}
	KUNIT_EXPECT_GT(test, seen[SIO_REASM_HELD], 100);
	KUNIT_EXPECT_GT(test, seen[SIO_REASM_COMPLETE], 100);
	KUNIT_EXPECT_GT(test, seen[SIO_REASM_DUP], 100);
	KUNIT_EXPECT_GT(test, seen[SIO_REASM_BAD], 100);
	KUNIT_EXPECT_EQ(test, seen[SIO_REASM_NOMEM], 0);
}

static struct kunit_case sio_reasm_order_cases[] = {
	KUNIT_CASE(add__all_permutations),
	KUNIT_CASE_SLOW(add__all_permutations_of_overlaps),
	KUNIT_CASE(add__longest_message_shuffled),
	KUNIT_CASE(add__random_honest),
	KUNIT_CASE(add__random_hostile),
	{}
};

static struct kunit_suite sio_reasm_order_suite = {
	.name = "reasm_order",
	.init = sio_rt_init,
	.exit = sio_rt_exit,
	.test_cases = sio_reasm_order_cases,
};

kunit_test_suite(sio_reasm_order_suite);
