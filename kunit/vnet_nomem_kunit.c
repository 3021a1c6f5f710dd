// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/vnet.c: no memory, or more bytes than there may be. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/skbuff.h>

#include "nomem.h"
#include "proto/reasm.h"
#include "vnet_fix.h"

static struct sk_buff *sio_vt_no_skb(unsigned int linear, unsigned int paged)
{
	return NULL;
}

static void decode__no_memory_to_flatten(struct kunit *test)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_tso);

	kunit_activate_static_stub(test, sio_reasm_alloc_skb, sio_vt_no_skb);
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, SIO_VT_FRAG_LIST,
					    SIO_NIC_ALL), -ENOMEM);
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, SIO_VT_PAGED,
					    SIO_NIC_ALL), 0);
}

/*
 * Headers partly in pages, shared info that is a clone's, a frag_list: each
 * needs memory at another place. @linear bytes of the headers are where they
 * should be.
 */
static void sio_vt_expect_nomem(struct kunit *test, u32 linear, bool with_list)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_tso);
	struct sio_vt *vt = test->priv;
	unsigned int nth, refused = 0;
	struct sk_buff *clone, *skb;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		skb = with_list ? sio_vt_skb(test, SIO_VT_FRAG_LIST) :
		      sio_vt_skb_of(test, vt->buf, vt->len, linear);
		clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, clone);
		sio_nomem_begin(nth);
		err = sio_vnet_decode(skb, &h, SIO_NIC_ALL);
		failed = sio_nomem_end();
		KUNIT_EXPECT_TRUE(test, !err || err == -ENOMEM);
		refused += !!err;
		if (err)
			kfree_skb(skb);
		else
			sio_vt_finish(test, &sio_vt_tso, skb);
		KUNIT_EXPECT_FALSE(test, skb_is_gso(clone));
		kfree_skb(clone);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GT(test, refused, 0);
}

static void decode__no_memory_at_any_step(struct kunit *test)
{
	struct sio_vt *vt = test->priv;

	sio_vt_make(vt, &sio_vt_tso);
	sio_vt_expect_nomem(test, 5, false);
	sio_vt_expect_nomem(test, vt->net + 1, false);
	sio_vt_expect_nomem(test, vt->hlen, false);
	sio_vt_expect_nomem(test, 0, true);
}

static void reset__no_memory(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *clone;
	struct sk_buff *skb;
	int err;

	sio_vt_make(vt, &sio_vt_tso);
	skb = sio_vt_skb(test, SIO_VT_PAGED);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	sio_nomem_begin(1);
	err = sio_vnet_reset(skb);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	kfree_skb(clone);
	kfree_skb(skb);
}

static void flatten__longer_than_an_skb_can_be(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb, *more, **at;
	int i;

	skb = sio_vt_skb_of(test, vt->buf, 20, 20);
	at = &skb_shinfo(skb)->frag_list;
	for (i = 0; i < 2; i++) {
		more = sio_vt_skb_of(test, vt->buf, 40000, 0);
		*at = more;
		at = &more->next;
		skb->len += more->len;
		skb->data_len += more->len;
		skb->truesize += more->truesize;
	}
	KUNIT_EXPECT_EQ(test, sio_vnet_flatten(skb), -EINVAL);
	KUNIT_EXPECT_EQ(test, skb->len, 80020);
	kfree_skb(skb);
}

static void flatten__no_memory(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	unsigned int nth, refused = 0;
	struct sk_buff *clone, *skb;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		sio_vt_make(vt, &sio_vt_tso);
		skb = sio_vt_skb(test, SIO_VT_FRAG_LIST);
		clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, clone);
		sio_nomem_begin(nth);
		err = sio_vnet_flatten(skb);
		failed = sio_nomem_end();
		refused += !!err;
		KUNIT_EXPECT_EQ(test, err, err ? -ENOMEM : 0);
		KUNIT_EXPECT_EQ(test, skb_has_frag_list(skb), !!err);
		KUNIT_EXPECT_EQ(test, skb->len, vt->len);
		KUNIT_EXPECT_EQ(test, skb_copy_bits(skb, 0, vt->got, vt->len),
				0);
		KUNIT_EXPECT_MEMEQ(test, vt->got, vt->buf, vt->len);
		kfree_skb(clone);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	/* The pages, and the shared info */
	KUNIT_EXPECT_GE(test, refused, 2);
}

static struct kunit_case sio_vnet_nomem_cases[] = {
	KUNIT_CASE(decode__no_memory_to_flatten),
	KUNIT_CASE(decode__no_memory_at_any_step),
	KUNIT_CASE(reset__no_memory),
	KUNIT_CASE(flatten__longer_than_an_skb_can_be),
	KUNIT_CASE(flatten__no_memory),
	{}
};

static struct kunit_suite sio_vnet_nomem_suite = {
	.name = "vnet_nomem",
	.init = sio_vt_init,
	.test_cases = sio_vnet_nomem_cases,
};

kunit_test_suite(sio_vnet_nomem_suite);
