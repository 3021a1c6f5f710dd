// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/fault.c share: a link with rules, and its frames. */
#include <kunit/test.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/arp.h>
#include <net/neighbour.h>
#include <net/netlink.h>

#include "fault_fix.h"
#include "nic.h"
#include "proto/fault.h"
#include "proto/link.h"
#include "proto/wire.h"

static void sio_it_neigh_put(void *priv)
{
	neigh_release(priv);
}

/**
 * sio_it_init() - make a link without rules
 * @test: gets a struct sio_it as its private data
 *
 * Return: 0.
 */
int sio_it_init(struct kunit *test)
{
	struct sio_it *it = kunit_kzalloc(test, sizeof(*it), GFP_KERNEL);
	const __be32 peer = SIO_NIC_PEER;

	KUNIT_ASSERT_NOT_NULL(test, it);
	test->priv = it;
	it->dev = sio_nic_create(test, SIO_NIC_OWN);
	it->link = sio_nic_link(test, it->dev);
	it->neigh = __neigh_lookup(&arp_tbl, &peer, it->dev, 1);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(it->neigh));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_it_neigh_put,
							it->neigh), 0);
	return 0;
}

static int sio_it_put_rule(struct sk_buff *skb, const struct sio_it_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, SIO_IT_NEST);
	int type, err = 0;

	for (type = 1; type <= SIO_A_FAULT_MAX; type++) {
		u32 value = rule->attr[type];

		if (!value)
			continue;
		if (value == SIO_IT_ZERO)
			value = 0;
		if (type == SIO_A_FAULT_ACTION || type == SIO_A_FAULT_TYPE)
			err = err ?: nla_put_u8(skb, type, value);
		else
			err = err ?: nla_put_u32(skb, type, value);
	}
	nla_nest_end(skb, nest);
	return err;
}

/**
 * sio_it_set() - give the link some rules, among attributes that are none
 * @test: begun by sio_it_init()
 * @rules: the rules
 * @nr: how many
 * @extack: gets a sentence on refusal
 *
 * Return: what sio_fault_set() returned.
 */
int sio_it_set(struct kunit *test, const struct sio_it_rule *rules,
	       unsigned int nr, struct netlink_ext_ack *extack)
{
	struct sk_buff *skb = alloc_skb(4096, GFP_KERNEL);
	struct sio_it *it = test->priv;
	unsigned int i;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	err = nla_put_u32(skb, SIO_IT_NEST - 1, 1);
	for (i = 0; i < nr; i++)
		err = err ?: sio_it_put_rule(skb, &rules[i]);
	err = err ?: nla_put_u32(skb, SIO_IT_NEST + 1, 1);
	KUNIT_EXPECT_EQ(test, err, 0);
	err = sio_fault_set(it->link, (struct nlattr *)skb->data, skb->len,
			    SIO_IT_NEST, extack);
	kfree_skb(skb);
	return err;
}

/**
 * sio_it_rule() - give the link one rule, which it must take
 * @test: begun by sio_it_init()
 * @rule: the rule
 */
void sio_it_rule(struct kunit *test, const struct sio_it_rule *rule)
{
	KUNIT_ASSERT_EQ(test, sio_it_set(test, rule, 1, NULL), 0);
}

/**
 * sio_it_frame() - make a frame whose sequence number says which one it is
 * @test: begun by sio_it_init()
 * @len: bytes of payload; more than one segment makes it a GSO packet
 *
 * Return: the frame, data at its IPv4 header.
 */
struct sk_buff *sio_it_frame(struct kunit *test, u32 len)
{
	struct sio_it *it = test->priv;
	struct sio_seg seg = {
		.saddr = SIO_NIC_OWN, .daddr = SIO_NIC_PEER,
		.sport = htons(1000), .dport = htons(2000),
		.flags = SIO_TCP_ACK | SIO_TCP_PSH, .seq = it->sent,
		.has_ts = true, .len = len,
	};
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + SIO_FRAME_HDR_LEN + len,
					GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, LL_MAX_HEADER);
	sio_frame_build(skb_put_zero(skb, SIO_FRAME_HDR_LEN + len), &seg, 0);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, SIO_IP_LEN);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = it->dev;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	if (len > SIO_IT_MSS) {
		skb_shinfo(skb)->gso_size = SIO_IT_MSS;
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(len, SIO_IT_MSS);
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	}
	it->sent++;
	return skb;
}

/**
 * sio_it_send_skb() - give a frame to the injector
 * @it: where to
 * @skb: the frame
 * @type: of its message
 *
 * Return: what sio_fault_tx() returned.
 */
bool sio_it_send_skb(struct sio_it *it, struct sk_buff *skb, u8 type)
{
	bool taken;

	local_bh_disable();
	rcu_read_lock();
	taken = sio_fault_tx(it->link, it->neigh, skb, type);
	rcu_read_unlock();
	local_bh_enable();
	return taken;
}

/**
 * sio_it_send() - give the next frame to an injector that has rules
 * @test: begun by sio_it_init()
 * @type: of its message
 *
 * Return: its number.
 */
u32 sio_it_send(struct kunit *test, u8 type)
{
	struct sk_buff *skb = sio_it_frame(test, 100);
	struct sio_it *it = test->priv;

	KUNIT_ASSERT_TRUE(test, sio_it_send_skb(it, skb, type));
	return it->sent - 1;
}

/**
 * sio_it_got() - take the next frame that arrived
 * @test: begun by sio_it_init()
 *
 * Return: its number, -1 if there is none.
 */
int sio_it_got(struct kunit *test)
{
	const struct sio_it *it = test->priv;
	struct sk_buff *skb = sio_nic_sent(it->dev);
	int nr = -1;

	if (!skb)
		return nr;
	nr = ntohl(((struct tcphdr *)(skb->data + SIO_IP_LEN))->seq);
	kfree_skb(skb);
	return nr;
}

/**
 * sio_it_arrives() - does the next frame arrive, at once and alone?
 * @test: begun by sio_it_init()
 * @type: of its message
 *
 * Return: true if it does.
 */
bool sio_it_arrives(struct kunit *test, u8 type)
{
	int nr = sio_it_send(test, type);
	int got = sio_it_got(test);

	KUNIT_EXPECT_TRUE(test, got == nr || got == -1);
	return got == nr;
}
