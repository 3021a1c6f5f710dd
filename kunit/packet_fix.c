// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/packet.c share: packets of a virtual NIC. */
#include <kunit/test.h>
#include <linux/etherdevice.h>

#include "packet_fix.h"

/**
 * sio_pkt_new() - make a packet of a virtual NIC
 * @fx: whose device it is for
 * @len: its bytes
 * @has_room: with the headroom the NIC gives it
 *
 * Return: the packet.
 */
struct sk_buff *sio_pkt_new(struct sio_fx *fx, u32 len, bool has_room)
{
	u32 room = has_room ? sio_packet_headroom() : 0;
	struct ethhdr *eth;
	struct sk_buff *skb;
	u32 i;

	skb = alloc_skb(room + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, skb);
	skb_reserve(skb, room);
	skb_put(skb, len);
	for (i = 0; i < len; i++)
		skb->data[i] = i * 7;
	eth = (struct ethhdr *)skb->data;
	eth->h_proto = htons(ETH_P_LOOPBACK);
	skb->protocol = eth->h_proto;
	return skb;
}

/**
 * sio_pkt_batch() - begin a batch
 * @fx: has a session that is up
 *
 * Return: an empty one.
 */
struct sio_batch sio_pkt_batch(struct sio_fx *fx)
{
	return (struct sio_batch){
		.cookie = fx, .dev = SIO_FX_DEV, .gen = SIO_FX_GEN,
	};
}

/**
 * sio_pkt_send() - give a packet to a batch, as a NIC does
 * @fx: has a session that is up
 * @batch: the batch
 * @skb: the packet
 * @more: there will be another one
 *
 * Return: what sio_packet_send() returned.
 */
int sio_pkt_send(struct sio_fx *fx, struct sio_batch *batch,
		 struct sk_buff *skb, bool more)
{
	int err;

	local_bh_disable();
	err = sio_packet_send(&fx->sess, batch, skb, SIO_NIC_ALL, more);
	local_bh_enable();
	return err;
}

/**
 * sio_pkt_expect() - the oldest packet delivered is one of sio_pkt_new()
 * @fx: where it came in
 * @len: its bytes
 */
void sio_pkt_expect(struct sio_fx *fx, u32 len)
{
	struct sk_buff *got = skb_dequeue(&fx->packets);
	struct sk_buff *want = sio_pkt_new(fx, len, false);

	KUNIT_ASSERT_NOT_NULL(fx->test, got);
	KUNIT_EXPECT_EQ(fx->test, got->len, len);
	KUNIT_EXPECT_EQ(fx->test, skb_linearize(got), 0);
	KUNIT_EXPECT_EQ(fx->test, 0, memcmp(got->data, want->data, len));
	KUNIT_EXPECT_PTR_EQ(fx->test, skb_mac_header(got), got->data);
	kfree_skb(got);
	kfree_skb(want);
}
