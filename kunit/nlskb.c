// SPDX-License-Identifier: GPL-2.0
/* Netlink messages that are full sooner than one might wish. */
#include <kunit/test.h>
#include <linux/skbuff.h>

#include "nlskb.h"

static void sio_nlskb_free(void *priv)
{
	kfree_skb(priv);
}

/**
 * sio_nlskb_alloc() - make a message with room for so many bytes and no more
 * @test: frees it at its end
 * @room: bytes, rounded down to the alignment of 64-bit attributes
 *
 * Return: the message.
 */
struct sk_buff *sio_nlskb_alloc(struct kunit *test, unsigned int room)
{
	struct sk_buff *skb = alloc_skb(room, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_nlskb_free,
							skb), 0);
	skb_reserve(skb, ALIGN(skb_tailroom(skb) - room, sizeof(u64)));
	return skb;
}
