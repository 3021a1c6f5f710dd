// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/reasm.c: chunks in any order, cut any way, honest or not. */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/page_ref.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "proto/reasm.h"
#include "proto/wire.h"

#define SIO_RT_PAGES	8192
#define SIO_RT_HDR	((u32)sizeof(struct sio_msg_hdr))
#define SIO_RT_NOW	1000
#define SIO_RT_LATER	2000

/* How the bytes of a chunk lie in its skb */
enum sio_rt_kind {
	SIO_RT_LINEAR,
	SIO_RT_PAGED,
	SIO_RT_MIXED,
	SIO_RT_FRAG_LIST,
	SIO_RT_CLONED,

	SIO_RT_KINDS
};

/**
 * struct sio_rt - one test's things
 * @r: what is tested
 * @src: bytes of the message, its header with the length in front
 * @got: room to read a message into
 * @pages: all pages given to chunks, each with a reference of the test's own
 * @nr_pages: how many
 * @clone: the other half of the last SIO_RT_CLONED
 * @rnd: seeded
 */
struct sio_rt {
	struct sio_reasm r;
	u8 *src;
	u8 *got;
	struct page **pages;
	unsigned int nr_pages;
	struct sk_buff *clone;
	struct rnd_state rnd;
};

static void sio_rt_message(struct sio_rt *rt, u32 len)
{
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)rt->src;

	prandom_bytes_state(&rt->rnd, rt->src, SIO_MSG_LEN_MAX);
	hdr->len = cpu_to_le32(len);
}

static int sio_rt_init(struct kunit *test)
{
	struct sio_rt *rt = kunit_kzalloc(test, sizeof(*rt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rt);
	rt->src = kunit_kmalloc(test, SIO_MSG_LEN_MAX, GFP_KERNEL);
	rt->got = kunit_kmalloc(test, SIO_MSG_LEN_MAX, GFP_KERNEL);
	rt->pages = kunit_kmalloc_array(test, SIO_RT_PAGES,
					sizeof(*rt->pages), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rt->src);
	KUNIT_ASSERT_NOT_NULL(test, rt->got);
	KUNIT_ASSERT_NOT_NULL(test, rt->pages);
	prandom_seed_state(&rt->rnd, 1);
	sio_rt_message(rt, SIO_MSG_LEN_MAX);
	sio_reasm_init(&rt->r, 8, 4 << 20);
	test->priv = rt;
	return 0;
}

/* Nothing is held, and nothing that was handed in is still referred to. */
static void sio_rt_expect_clean(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	unsigned int left = 0;

	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 0);
	KUNIT_EXPECT_EQ(test, rt->r.nr_bytes, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&rt->r.msgs));

	while (rt->nr_pages) {
		struct page *page = rt->pages[--rt->nr_pages];

		left += page_ref_count(page) != 1;
		put_page(page);
	}
	KUNIT_EXPECT_EQ(test, left, 0);
}

static void sio_rt_exit(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	if (!rt || !rt->pages)
		return;
	kfree_skb(rt->clone);
	sio_reasm_purge(&rt->r);
	sio_rt_expect_clean(test);
}

static void sio_rt_add_frags(struct kunit *test, struct sk_buff *skb,
			     const u8 *data, u32 len)
{
	struct sio_rt *rt = test->priv;
	struct page *page;
	int i = 0;
	u32 n;

	for (; len; len -= n, data += n) {
		n = min_t(u32, len, PAGE_SIZE);
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_ASSERT_LT(test, rt->nr_pages, SIO_RT_PAGES);
		get_page(page);
		rt->pages[rt->nr_pages++] = page;
		memcpy(page_address(page), data, n);
		skb_add_rx_frag(skb, i++, page, 0, n, PAGE_SIZE);
	}
}

static struct sk_buff *sio_rt_skb(struct kunit *test, const u8 *data, u32 len,
				  u32 linear)
{
	struct sk_buff *skb = alloc_skb(linear + 64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_put_data(skb, data, linear);
	sio_rt_add_frags(test, skb, data + linear, len - linear);
	return skb;
}

static struct sk_buff *sio_rt_chunk_of(struct kunit *test, const u8 *data,
				       u32 len, enum sio_rt_kind kind)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *more;
	struct sk_buff *skb;

	switch (kind) {
	case SIO_RT_LINEAR:
		return sio_rt_skb(test, data, len, len);
	case SIO_RT_MIXED:
		return sio_rt_skb(test, data, len, len / 2);
	case SIO_RT_FRAG_LIST:
		skb = sio_rt_skb(test, data, len / 2, 0);
		more = sio_rt_skb(test, data + len / 2, len - len / 2, 0);
		skb_shinfo(skb)->frag_list = more;
		skb->len += more->len;
		skb->data_len += more->len;
		skb->truesize += more->truesize;
		return skb;
	case SIO_RT_CLONED:
		skb = sio_rt_skb(test, data, len, 0);
		kfree_skb(rt->clone);
		rt->clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, rt->clone);
		return skb;
	default:
		return sio_rt_skb(test, data, len, 0);
	}
}

/* Bytes @off to @off + @len of the test's message */
static struct sk_buff *sio_rt_chunk(struct kunit *test, u32 off, u32 len,
				    enum sio_rt_kind kind)
{
	struct sio_rt *rt = test->priv;

	return sio_rt_chunk_of(test, rt->src + off, len, kind);
}

static void sio_rt_expect_message(struct kunit *test, struct sk_buff *msg,
				  u32 len)
{
	struct sio_rt *rt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->len, len);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(msg, 0, rt->got, len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rt->got, rt->src, len), 0);
	kfree_skb(msg);
}

/* Adds a chunk, which sio_reasm_may_be() judges before, and the same way */
static enum sio_reasm_verdict
sio_rt_add_judged(struct kunit *test, struct sk_buff *skb, u64 msg_off, u32 off,
		  u64 now_ns, u64 deadline_ns, struct sk_buff **msg)
{
	struct sio_rt *rt = test->priv;
	struct sio_reasm was = rt->r;
	enum sio_reasm_verdict v;
	bool may_be;

	may_be = sio_reasm_may_be(&rt->r, skb, msg_off, off, now_ns);
	KUNIT_EXPECT_MEMEQ(test, &rt->r, &was, sizeof(was));
	v = sio_reasm_add(&rt->r, skb, msg_off, off, now_ns, deadline_ns, msg);
	KUNIT_EXPECT_EQ(test, may_be, v != SIO_REASM_BAD);
	return v;
}

/* Adds a chunk of message 0, of @want bytes if that completes it. */
static enum sio_reasm_verdict sio_rt_add(struct kunit *test,
					 struct sk_buff *skb, u32 off,
					 u32 want)
{
	enum sio_reasm_verdict v;
	struct sk_buff *msg;

	v = sio_rt_add_judged(test, skb, 0, off, SIO_RT_NOW, SIO_RT_LATER,
			      &msg);
	if (v == SIO_REASM_COMPLETE)
		sio_rt_expect_message(test, msg, want);
	else
		KUNIT_EXPECT_NULL(test, msg);
	return v;
}

/* The same for a chunk of one page, where only the verdict is of interest */
static enum sio_reasm_verdict sio_rt_add_part(struct kunit *test, u64 msg_off,
					      u32 off, u32 len)
{
	enum sio_reasm_verdict v;
	struct sk_buff *msg;

	v = sio_rt_add_judged(test, sio_rt_chunk(test, off, len, SIO_RT_PAGED),
			      msg_off, off, SIO_RT_NOW, SIO_RT_LATER, &msg);
	kfree_skb(msg);
	return v;
}

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

static void alloc_skb__room_as_asked(struct kunit *test)
{
	struct sk_buff *skb = sio_reasm_alloc_skb(100, 2 * PAGE_SIZE + 1);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb_headlen(skb), 100);
	KUNIT_EXPECT_EQ(test, skb->len, 2 * PAGE_SIZE + 101);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->nr_frags, 3);
	KUNIT_EXPECT_GE(test, skb_headroom(skb), NET_SKB_PAD);
	kfree_skb(skb);
	KUNIT_EXPECT_NULL(test, sio_reasm_alloc_skb(0, (MAX_SKB_FRAGS + 1) *
						    PAGE_SIZE));
}

static void copy__bytes_or_refusal(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *from;
	struct sk_buff *to;

	from = sio_rt_chunk(test, 0, 9000, SIO_RT_FRAG_LIST);
	to = sio_reasm_alloc_skb(100, 8900);
	KUNIT_ASSERT_NOT_NULL(test, to);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 0, from, 0, 5000), 0);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 5000, from, 5000, 4000), 0);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 9000, from, 0, 0), 0);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(to, 0, rt->got, 9000), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rt->got, rt->src, 9000), 0);
	/* Neither past the end of the one nor of the other */
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 5000, from, 0, 4001),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 9001, from, 0, 0), -EFAULT);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 1, from, 0, U32_MAX),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, sio_reasm_copy(to, 0, from, 8000, 1001),
			-EFAULT);
	kfree_skb(from);
	kfree_skb(to);
}

static void add__whole_message_is_its_chunk(struct kunit *test)
{
	static const u32 lens[] = { SIO_RT_HDR, 1000, SIO_MSG_LEN_MAX };
	struct sio_rt *rt = test->priv;
	enum sio_rt_kind kind;
	struct sk_buff *skb;
	struct sk_buff *msg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		for (kind = 0; kind < SIO_RT_KINDS; kind++) {
			sio_rt_message(rt, lens[i]);
			skb = sio_rt_chunk(test, 0, lens[i], kind);
			KUNIT_EXPECT_EQ(test, sio_reasm_add(&rt->r, skb, 7, 0,
							    0, 0, &msg),
					SIO_REASM_COMPLETE);
			KUNIT_EXPECT_PTR_EQ(test, msg, skb);
			sio_rt_expect_message(test, msg, lens[i]);
		}
	}
}

static void add__whole_message_replaces_parts(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	sio_rt_message(rt, 300);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 1, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test,
			sio_rt_add(test, sio_rt_chunk(test, 0, 300, 0), 0, 300),
			SIO_REASM_COMPLETE);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 1);
}

static void add__impossible_chunks(struct kunit *test)
{
	static const struct {
		u32 off;
		u32 len;
	} bad[] = {
		{ 0, 0 }, { 100, 0 },		/* empty */
		{ 0, 1 }, { 0, SIO_RT_HDR - 1 }, /* no room for the header */
		{ 1, 500 }, { SIO_RT_HDR - 1, 500 }, /* begins inside it */
		{ SIO_MSG_LEN_MAX, 1 }, { SIO_MSG_LEN_MAX - 99, 100 },
		{ SIO_MSG_LEN_MAX + 1, 100 }, { U32_MAX, 1 }, { U32_MAX, 100 },
		{ U32_MAX - 50, 100 },
	};
	struct sio_rt *rt = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct sk_buff *skb = sio_rt_chunk(test, 0, bad[i].len,
						   SIO_RT_PAGED);

		KUNIT_EXPECT_EQ_MSG(test, sio_rt_add(test, skb, bad[i].off, 0),
				    SIO_REASM_BAD, "case %u", i);
		KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 0);
	}
}

static void add__impossible_lengths(struct kunit *test)
{
	static const u32 bad[] = {
		0, 1, SIO_RT_HDR - 1, 199, SIO_MSG_LEN_MAX + 1, 1U << 31,
		U32_MAX,
	};
	struct sio_rt *rt = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		sio_rt_message(rt, bad[i]);
		KUNIT_EXPECT_EQ_MSG(test, sio_rt_add_part(test, 0, 0, 200),
				    SIO_REASM_BAD, "length %u", bad[i]);
		KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 0);
	}
}

static void add__length_is_read_across_frags(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *skb;

	/* The length is in bytes 4 to 7; cut between 5 and 6. */
	sio_rt_message(rt, 200);
	skb = sio_rt_skb(test, rt->src, 6, 0);
	skb_shinfo(skb)->frag_list = sio_rt_skb(test, rt->src + 6, 194, 0);
	skb->len += 194;
	skb->data_len += 194;
	KUNIT_EXPECT_EQ(test, sio_rt_add(test, skb, 0, 200),
			SIO_REASM_COMPLETE);
}

static void add__beyond_the_known_end(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	sio_rt_message(rt, 300);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 200, 101),
			SIO_REASM_BAD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 300, 1), SIO_REASM_BAD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 200, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 100, 100),
			SIO_REASM_COMPLETE);
}

static void add__end_contradicts_what_is_held(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	sio_rt_message(rt, 300);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 250, 51),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100), SIO_REASM_BAD);

	sio_rt_message(rt, 301);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
	sio_rt_message(rt, 302);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 200), SIO_REASM_BAD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 1);
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

static void add__pages_change_hands(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *head;
	struct sk_buff *msg;

	sio_rt_message(rt, 3 * PAGE_SIZE);
	head = sio_rt_chunk(test, 0, PAGE_SIZE, SIO_RT_PAGED);
	head->ip_summed = CHECKSUM_PARTIAL;
	skb_shinfo(head)->gso_size = 1000;
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 2 * PAGE_SIZE,
					      PAGE_SIZE), SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add(test, head, 0, 0), SIO_REASM_HELD);
	KUNIT_ASSERT_EQ(test,
			sio_reasm_add(&rt->r,
				      sio_rt_chunk(test, PAGE_SIZE, PAGE_SIZE,
						   SIO_RT_PAGED),
				      0, PAGE_SIZE, SIO_RT_NOW, SIO_RT_LATER,
				      &msg), SIO_REASM_COMPLETE);
	KUNIT_EXPECT_PTR_EQ(test, msg, head);
	KUNIT_EXPECT_EQ(test, skb_shinfo(msg)->nr_frags, 3);
	KUNIT_EXPECT_PTR_EQ(test, skb_frag_page(&skb_shinfo(msg)->frags[0]),
			    rt->pages[0]);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(msg));
	KUNIT_EXPECT_TRUE(test, msg->ip_summed == CHECKSUM_NONE);
	sio_rt_expect_message(test, msg, 3 * PAGE_SIZE);
}

static void add__what_cannot_is_copied(struct kunit *test)
{
	static const struct {
		enum sio_rt_kind first;
		enum sio_rt_kind second;
	} kinds[] = {
		{ SIO_RT_FRAG_LIST, SIO_RT_PAGED },
		{ SIO_RT_PAGED, SIO_RT_FRAG_LIST },
		{ SIO_RT_CLONED, SIO_RT_PAGED },
		{ SIO_RT_PAGED, SIO_RT_LINEAR },
		{ SIO_RT_PAGED, SIO_RT_MIXED },
	};
	struct sio_rt *rt = test->priv;
	struct sk_buff *skb;
	struct sk_buff *msg;
	unsigned int i;

	sio_rt_message(rt, 9000);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		skb = sio_rt_chunk(test, 0, 4000, kinds[i].first);
		KUNIT_EXPECT_EQ(test, sio_rt_add(test, skb, 0, 0),
				SIO_REASM_HELD);
		skb = sio_rt_chunk(test, 4000, 5000, kinds[i].second);
		KUNIT_ASSERT_EQ(test, sio_reasm_add(&rt->r, skb, 0, 4000,
						    SIO_RT_NOW, SIO_RT_LATER,
						    &msg),
				SIO_REASM_COMPLETE);
		KUNIT_EXPECT_FALSE(test, skb_has_frag_list(msg));
		KUNIT_EXPECT_FALSE(test, skb_cloned(msg));
		KUNIT_EXPECT_EQ(test, skb_headlen(msg), SIO_REASM_LINEAR);
		sio_rt_expect_message(test, msg, 9000);
	}
}

static void add__copy_of_the_partly_merged(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	/* The first two merge, the third has to be copied, so do all. */
	sio_rt_message(rt, 9000);
	sio_rt_add_part(test, 0, 0, 3000);
	sio_rt_add_part(test, 0, 3000, 3000);
	KUNIT_EXPECT_EQ(test,
			sio_rt_add(test, sio_rt_chunk(test, 6000, 3000,
						      SIO_RT_FRAG_LIST),
				   6000, 9000), SIO_REASM_COMPLETE);
}

static void add__one_piece_too_many(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	u32 i;

	sio_rt_message(rt, 1000);
	for (i = 0; i < SIO_REASM_CHUNKS_MAX; i++)
		KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 100 + 2 * i, 1),
				SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 100 + 2 * i, 1),
			SIO_REASM_BAD);
}

static void add__no_room_even_alone(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	u32 one;

	sio_rt_message(rt, 1000);
	sio_rt_add_part(test, 0, 0, 100);
	one = rt->r.nr_bytes;

	/* Not for the chunk by itself; nobody is evicted in vain. */
	rt->r.max_bytes = one - 1;
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 1, 0, 100),
			SIO_REASM_FULL);
	/* Not beside its own siblings */
	rt->r.max_bytes = 2 * one - 1;
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 100, 100),
			SIO_REASM_FULL);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 1);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 0);
	/* A copy needs no room, and makes none. */
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100), SIO_REASM_DUP);
}

static void add__oldest_message_is_evicted(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	u64 i;

	sio_rt_message(rt, 1000);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, i, 0, 100),
				SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 0);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 8, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 1);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 8);
	/* A further chunk of a held one needs no place in the list. */
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 1, 100, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 1);
	/* 0 is gone: its first chunk is news again, and 1 has to go. */
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 2, 0, 100),
			SIO_REASM_DUP);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 2);
}

static void add__memory_bound_spares_its_own(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	u32 one;

	sio_rt_message(rt, 1000);
	sio_rt_add_part(test, 0, 0, 100);
	one = rt->r.nr_bytes;
	sio_rt_add_part(test, 1, 0, 100);
	sio_rt_add_part(test, 2, 0, 100);
	rt->r.max_bytes = 3 * one;

	/* The oldest is the one it belongs to, so the next one goes. */
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 100, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_evicted, 1);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 2);
	KUNIT_EXPECT_EQ(test, rt->r.nr_bytes, 3 * one);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 2, 0, 100), SIO_REASM_DUP);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100), SIO_REASM_DUP);
}

static struct sio_partial *sio_rt_no_partial(void)
{
	return NULL;
}

static struct sk_buff *sio_rt_no_skb(unsigned int linear, unsigned int paged)
{
	return NULL;
}

static void add__no_memory_to_hold(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	sio_rt_message(rt, 1000);
	kunit_activate_static_stub(test, sio_partial_alloc, sio_rt_no_partial);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_NOMEM);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 0);
	kunit_deactivate_static_stub(test, sio_partial_alloc);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
}

static void add__no_memory_to_copy(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *skb;

	sio_rt_message(rt, 1000);
	kunit_activate_static_stub(test, sio_reasm_alloc_skb, sio_rt_no_skb);
	skb = sio_rt_chunk(test, 0, 500, SIO_RT_FRAG_LIST);
	KUNIT_EXPECT_EQ(test, sio_rt_add(test, skb, 0, 0), SIO_REASM_HELD);
	skb = sio_rt_chunk(test, 500, 500, SIO_RT_FRAG_LIST);
	KUNIT_EXPECT_EQ(test, sio_rt_add(test, skb, 500, 0), SIO_REASM_NOMEM);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 0);
	KUNIT_EXPECT_EQ(test, rt->r.nr_bytes, 0);
}

static void add__expired_message_begins_anew(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *msg;

	sio_rt_message(rt, 200);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test,
			sio_reasm_add(&rt->r, sio_rt_chunk(test, 100, 100, 0),
				      0, 100, SIO_RT_LATER, SIO_RT_LATER + 1,
				      &msg), SIO_REASM_HELD);
	KUNIT_EXPECT_EQ(test, rt->r.nr_expired, 1);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 1);
}

static void add__device_is_the_last_ones(struct kunit *test)
{
	struct net_device *dev = (struct net_device *)&test->priv;
	struct sio_rt *rt = test->priv;
	struct sk_buff *first;
	struct sk_buff *skb;
	struct sk_buff *msg;

	sio_rt_message(rt, 200);
	first = sio_rt_chunk(test, 0, 100, SIO_RT_PAGED);
	first->dev = dev;
	KUNIT_EXPECT_EQ(test, sio_rt_add(test, first, 0, 0), SIO_REASM_HELD);
	/* A device may go away while a chunk waits. */
	KUNIT_EXPECT_NULL(test, first->dev);

	skb = sio_rt_chunk(test, 100, 100, SIO_RT_PAGED);
	skb->dev = dev;
	KUNIT_ASSERT_EQ(test, sio_reasm_add(&rt->r, skb, 0, 100, SIO_RT_NOW,
					    SIO_RT_LATER, &msg),
			SIO_REASM_COMPLETE);
	KUNIT_EXPECT_PTR_EQ(test, msg->dev, dev);
	sio_rt_expect_message(test, msg, 200);
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

static void may_be__expired_message_contradicts_nothing(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	struct sk_buff *skb;

	sio_rt_message(rt, 200);
	sio_rt_add_part(test, 0, 0, 100);
	skb = sio_rt_chunk(test, 150, 100, SIO_RT_LINEAR);
	KUNIT_EXPECT_FALSE(test, sio_reasm_may_be(&rt->r, skb, 0, 150,
						  SIO_RT_LATER - 1));
	KUNIT_EXPECT_TRUE(test, sio_reasm_may_be(&rt->r, skb, 0, 150,
						 SIO_RT_LATER));
	KUNIT_EXPECT_TRUE(test, sio_reasm_may_be(&rt->r, skb, 1, 150,
						 SIO_RT_NOW));
	kfree_skb(skb);
}

static void expire__nothing_held(struct kunit *test)
{
	struct sio_rt *rt = test->priv;
	unsigned int n = 99;

	KUNIT_EXPECT_EQ(test, sio_reasm_expire(&rt->r, U64_MAX, &n), U64_MAX);
	KUNIT_EXPECT_EQ(test, n, 0);
}

static void expire__drops_the_due_and_tells_the_next(struct kunit *test)
{
	static const u64 deadlines[] = { 50, 20, 40, 10 };
	struct sio_rt *rt = test->priv;
	struct sk_buff *msg;
	unsigned int i;
	unsigned int n;

	sio_rt_message(rt, 200);
	for (i = 0; i < ARRAY_SIZE(deadlines); i++)
		sio_reasm_add(&rt->r, sio_rt_chunk(test, 0, 100, SIO_RT_PAGED),
			      i, 0, 5, deadlines[i], &msg);

	KUNIT_EXPECT_EQ(test, sio_reasm_expire(&rt->r, 9, &n), 10);
	KUNIT_EXPECT_EQ(test, n, 0);
	KUNIT_EXPECT_EQ(test, sio_reasm_expire(&rt->r, 20, &n), 40);
	KUNIT_EXPECT_EQ(test, n, 2);
	KUNIT_EXPECT_EQ(test, rt->r.nr_msgs, 2);
	KUNIT_EXPECT_EQ(test, sio_reasm_expire(&rt->r, 100, NULL), U64_MAX);
	KUNIT_EXPECT_EQ(test, rt->r.nr_expired, 4);
	KUNIT_EXPECT_EQ(test, rt->r.nr_bytes, 0);
}

static void purge__leaves_it_usable(struct kunit *test)
{
	struct sio_rt *rt = test->priv;

	sio_rt_message(rt, 300);
	sio_rt_add_part(test, 0, 0, 100);
	sio_rt_add_part(test, 0, 200, 100);
	sio_rt_add_part(test, 1, 0, 100);
	sio_reasm_purge(&rt->r);
	sio_rt_expect_clean(test);
	KUNIT_EXPECT_EQ(test, sio_rt_add_part(test, 0, 0, 100),
			SIO_REASM_HELD);
}

static struct kunit_case sio_reasm_cases[] = {
	KUNIT_CASE(alloc_skb__room_as_asked),
	KUNIT_CASE(copy__bytes_or_refusal),
	KUNIT_CASE(add__whole_message_is_its_chunk),
	KUNIT_CASE(add__whole_message_replaces_parts),
	KUNIT_CASE(add__impossible_chunks),
	KUNIT_CASE(add__impossible_lengths),
	KUNIT_CASE(add__length_is_read_across_frags),
	KUNIT_CASE(add__beyond_the_known_end),
	KUNIT_CASE(add__end_contradicts_what_is_held),
	KUNIT_CASE(add__all_permutations),
	KUNIT_CASE_SLOW(add__all_permutations_of_overlaps),
	KUNIT_CASE(add__longest_message_shuffled),
	KUNIT_CASE(add__pages_change_hands),
	KUNIT_CASE(add__what_cannot_is_copied),
	KUNIT_CASE(add__copy_of_the_partly_merged),
	KUNIT_CASE(add__one_piece_too_many),
	KUNIT_CASE(add__no_room_even_alone),
	KUNIT_CASE(add__oldest_message_is_evicted),
	KUNIT_CASE(add__memory_bound_spares_its_own),
	KUNIT_CASE(add__no_memory_to_hold),
	KUNIT_CASE(add__no_memory_to_copy),
	KUNIT_CASE(add__expired_message_begins_anew),
	KUNIT_CASE(add__device_is_the_last_ones),
	KUNIT_CASE(add__random_honest),
	KUNIT_CASE(add__random_hostile),
	KUNIT_CASE(may_be__expired_message_contradicts_nothing),
	KUNIT_CASE(expire__nothing_held),
	KUNIT_CASE(expire__drops_the_due_and_tells_the_next),
	KUNIT_CASE(purge__leaves_it_usable),
	{}
};

static struct kunit_suite sio_reasm_suite = {
	.name = "reasm",
	.init = sio_rt_init,
	.exit = sio_rt_exit,
	.test_cases = sio_reasm_cases,
};

kunit_test_suite(sio_reasm_suite);
