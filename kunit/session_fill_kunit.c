// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/session.c: what is told of a session. */

#include <kunit/test.h>
#include <net/netlink.h>

#include "fixture.h"

/* A message with exactly @room bytes left */
static struct sk_buff *sio_sest_room(struct kunit *test, u32 room)
{
	struct sk_buff *skb = alloc_skb(8192, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_GE(test, skb_tailroom(skb), room);
	skb_reserve(skb, skb_tailroom(skb) - room);
	return skb;
}

static void sio_session_fill__of_one_that_is_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct nlattr *tb[SIO_A_SESS_MAX + 1];
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_sest_room(test, 8192);
	KUNIT_EXPECT_EQ(test, sio_session_fill(skb, 1, &fx->sess), 0);
	KUNIT_ASSERT_EQ(test, 0,
			nla_parse_nested_deprecated(tb, SIO_A_SESS_MAX,
						    (void *)skb->data, NULL,
						    NULL));
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_NAME]);
	KUNIT_EXPECT_STREQ(test, nla_data(tb[SIO_A_SESS_NAME]), SIO_FX_NAME);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_STATE]);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_SESS_STATE]), SIO_STATE_UP);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_EPOCH]);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_SESS_EPOCH]), SIO_FX_EPOCH);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_MSS]);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_SESS_MSS]), SIO_FX_MSS);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_PEER_INSTANCE]);
	KUNIT_EXPECT_EQ(test, *(u8 *)nla_data(tb[SIO_A_SESS_PEER_INSTANCE]),
			SIO_FX_PEER_ID);
	KUNIT_EXPECT_NULL(test, tb[SIO_A_SESS_NEXT_MS]);
	kfree_skb(skb);
}

/* What has no value yet is left out */
static void sio_session_fill__of_one_that_never_was_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct nlattr *tb[SIO_A_SESS_MAX + 1];
	struct sk_buff *skb = sio_sest_room(test, 8192);

	fx->sess.is_guest = true;
	KUNIT_EXPECT_EQ(test, sio_session_fill(skb, 1, &fx->sess), 0);
	KUNIT_ASSERT_EQ(test, 0,
			nla_parse_nested_deprecated(tb, SIO_A_SESS_MAX,
						    (void *)skb->data, NULL,
						    NULL));
	KUNIT_EXPECT_NULL(test, tb[SIO_A_SESS_MSS]);
	KUNIT_EXPECT_NULL(test, tb[SIO_A_SESS_PEER]);
	KUNIT_EXPECT_NULL(test, tb[SIO_A_SESS_PEER_INSTANCE]);
	KUNIT_EXPECT_NULL(test, tb[SIO_A_SESS_IFINDEX]);
	KUNIT_EXPECT_NOT_NULL(test, tb[SIO_A_SESS_NEXT_MS]);
	kfree_skb(skb);
}

/* A server knows where the key comes from, a guest also what it was told */
static void sio_session_fill__what_was_asked_for(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct nlattr *tb[SIO_A_SESS_MAX + 1];
	struct sk_buff *skb;
	int i;

	KUNIT_ASSERT_EQ(test, 0, sio_session_set_key_source(&fx->sess, "/k"));
	fx->sess.local = SIO_FX_LADDR;
	fx->sess.flows_asked = 3;
	for (i = 0; i < 2; i++) {
		fx->sess.is_guest = i;
		skb = sio_sest_room(test, 8192);
		KUNIT_EXPECT_EQ(test, sio_session_fill(skb, 1, &fx->sess), 0);
		KUNIT_ASSERT_EQ(test, 0,
				nla_parse_nested_deprecated(tb, SIO_A_SESS_MAX,
							    (void *)skb->data,
							    NULL, NULL));
		KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_SESS_KEY_SOURCE]);
		KUNIT_EXPECT_STREQ(test, nla_data(tb[SIO_A_SESS_KEY_SOURCE]),
				   "/k");
		KUNIT_EXPECT_EQ(test, !!tb[SIO_A_SESS_LOCAL_ASKED], i);
		KUNIT_EXPECT_EQ(test, !!tb[SIO_A_SESS_FLOWS_ASKED], i);
		if (i && tb[SIO_A_SESS_LOCAL_ASKED] &&
		    tb[SIO_A_SESS_FLOWS_ASKED]) {
			KUNIT_EXPECT_EQ(test, SIO_FX_LADDR,
					nla_get_in_addr(tb[SIO_A_SESS_LOCAL_ASKED]));
			KUNIT_EXPECT_EQ(test, 3U,
					nla_get_u32(tb[SIO_A_SESS_FLOWS_ASKED]));
		}
		kfree_skb(skb);
	}
}

/* All or nothing, wherever the room ends */
static void sio_session_fill__no_room(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	u32 room, full;

	sio_fx_up(fx, false);
	fx->sess.peer = SIO_FX_RADDR;
	KUNIT_ASSERT_EQ(test, 0, sio_session_set_key_source(&fx->sess, "/k"));
	skb = sio_sest_room(test, 8192);
	KUNIT_EXPECT_EQ(test, sio_session_fill(skb, 1, &fx->sess), 0);
	full = skb->len;
	kfree_skb(skb);
	for (room = 0; room < full; room += NLA_ALIGNTO) {
		skb = sio_sest_room(test, room);
		KUNIT_ASSERT_EQ(test, -EMSGSIZE,
				sio_session_fill(skb, 1, &fx->sess));
		KUNIT_ASSERT_EQ(test, skb->len, 0);
		kfree_skb(skb);
	}
}

static struct kunit_case sio_session_fill_cases[] = {
	KUNIT_CASE(sio_session_fill__of_one_that_is_up),
	KUNIT_CASE(sio_session_fill__of_one_that_never_was_up),
	KUNIT_CASE(sio_session_fill__what_was_asked_for),
	KUNIT_CASE(sio_session_fill__no_room),
	{}
};

static struct kunit_suite sio_session_fill_suite = {
	.name = "session_fill",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_session_fill_cases,
};

kunit_test_suite(sio_session_fill_suite);
