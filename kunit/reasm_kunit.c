// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/reasm.c: pieces that fit, that do not, and their bounds. */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "proto/reasm.h"
#include "proto/wire.h"
#include "reasm_fix.h"

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
