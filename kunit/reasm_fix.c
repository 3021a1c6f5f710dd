// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/reasm.c share: chunks of a message. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "reasm_fix.h"

/**
 * sio_rt_message() - make another message
 * @rt: has room for it
 * @len: its bytes, the header included
 */
void sio_rt_message(struct sio_rt *rt, u32 len)
{
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)rt->src;

	prandom_bytes_state(&rt->rnd, rt->src, SIO_MSG_LEN_MAX);
	hdr->len = cpu_to_le32(len);
}

/**
 * sio_rt_init() - make a message to be cut
 * @test: gets a struct sio_rt as its priv
 *
 * Return: 0.
 */
int sio_rt_init(struct kunit *test)
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

/**
 * sio_rt_expect_clean() - nothing is held, and no page is referred to
 * @test: of sio_rt_init()
 */
void sio_rt_expect_clean(struct kunit *test)
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

/**
 * sio_rt_exit() - see that nothing is left
 * @test: of sio_rt_init()
 */
void sio_rt_exit(struct kunit *test)
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

/**
 * sio_rt_skb() - bytes in an skb
 * @test: of sio_rt_init()
 * @data: the bytes
 * @len: how many
 * @linear: how many of them not in pages
 *
 * Return: the skb.
 */
struct sk_buff *sio_rt_skb(struct kunit *test, const u8 *data, u32 len,
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

/**
 * sio_rt_chunk() - a piece of the test's message
 * @test: of sio_rt_init()
 * @off: its first byte
 * @len: its bytes
 * @kind: how they lie
 *
 * Return: the chunk.
 */
struct sk_buff *sio_rt_chunk(struct kunit *test, u32 off, u32 len,
			     enum sio_rt_kind kind)
{
	struct sio_rt *rt = test->priv;

	return sio_rt_chunk_of(test, rt->src + off, len, kind);
}

/**
 * sio_rt_expect_message() - a message is the test's
 * @test: of sio_rt_init()
 * @msg: consumed
 * @len: its bytes
 */
void sio_rt_expect_message(struct kunit *test, struct sk_buff *msg, u32 len)
{
	struct sio_rt *rt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->len, len);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(msg, 0, rt->got, len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rt->got, rt->src, len), 0);
	kfree_skb(msg);
}

/**
 * sio_rt_add_judged() - add a chunk, which sio_reasm_may_be() judges the same way
 * @test: of sio_rt_init()
 * @skb: the chunk, consumed
 * @msg_off: where its message begins
 * @off: where it begins in there
 * @now_ns: time
 * @deadline_ns: of its message, if that is new
 * @msg: gets the message if it is complete
 *
 * Return: what sio_reasm_add() returned.
 */
enum sio_reasm_verdict sio_rt_add_judged(struct kunit *test,
					 struct sk_buff *skb, u64 msg_off,
					 u32 off, u64 now_ns, u64 deadline_ns,
					 struct sk_buff **msg)
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

/**
 * sio_rt_add() - add a chunk of message 0
 * @test: of sio_rt_init()
 * @skb: the chunk, consumed
 * @off: where it begins
 * @want: bytes of the message if that completes it
 *
 * Return: what sio_reasm_add() returned.
 */
enum sio_reasm_verdict sio_rt_add(struct kunit *test, struct sk_buff *skb,
				  u32 off, u32 want)
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
