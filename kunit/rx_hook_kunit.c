// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/rx.c: which frames are taken, and which are believed. */

#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "fixture.h"
#include "nomem.h"
#include "rx_fix.h"

/* What the hook lets pass it has not written to */
static void sio_rxt_passes(struct sio_fx *fx, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_copy(skb, GFP_KERNEL);
	struct iphdr *ip = ip_hdr(skb);

	KUNIT_ASSERT_NOT_NULL(fx->test, copy);
	KUNIT_EXPECT_EQ(fx->test, sio_fx_hook(fx, skb), NF_ACCEPT);
	KUNIT_EXPECT_PTR_EQ(fx->test, (void *)skb->data, (void *)ip);
	KUNIT_EXPECT_EQ(fx->test, skb->len, copy->len);
	KUNIT_EXPECT_EQ(fx->test, 0, memcmp(skb->data, copy->data, copy->len));
	KUNIT_EXPECT_MEMEQ(fx->test, skb->cb, copy->cb, sizeof(skb->cb));
	KUNIT_EXPECT_EQ(fx->test, sio_fx_count(fx, SIO_CNT_RX_FRAMES), 0);
	kfree_skb(skb);
	kfree_skb(copy);
}

static struct sk_buff *sio_rxt_packet_frame(struct sio_fx *fx)
{
	struct sio_msg_hdr *msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	struct sio_seg seg = sio_fx_seg(fx, SIO_TCP_ACK,
					le32_to_cpu(msg->len));

	return sio_fx_frame(fx, &seg, msg);
}

static void sio_rx_hook__another_protocol(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	skb->protocol = htons(ETH_P_IPV6);
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__not_tcp(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	ip_hdr(skb)->protocol = IPPROTO_UDP;
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__another_address(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	ip_hdr(skb)->daddr = SIO_FX_RADDR;
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__seen_in_passing(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	skb->pkt_type = PACKET_OTHERHOST;
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__vlan_tag(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__fragment(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	ip_hdr(skb)->frag_off = htons(IP_MF);
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__no_such_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	tcp_hdr(skb)->source = htons(40001);
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__cut_within_the_ip_header(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	skb_trim(skb, SIO_IP_LEN - 1);
	sio_rxt_passes(fx, skb);
}

static void sio_rx_hook__takes_a_frame_of_a_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *packet;

	sio_fx_up(fx, false);
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, sio_rxt_packet_frame(fx)),
			NF_STOLEN);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_FRAMES), 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_MSGS), 1);
	KUNIT_EXPECT_EQ(test, fx->rx_dev, SIO_FX_DEV);
	KUNIT_EXPECT_EQ(test, fx->rx_gen, SIO_FX_GEN);
	packet = skb_peek(&fx->packets);
	KUNIT_ASSERT_NOT_NULL(test, packet);
	KUNIT_EXPECT_EQ(test, packet->len, SIO_RXT_PACKET);
}

static void sio_rx_hook__malformed_headers_of_a_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_rxt_state before, after;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	((u8 *)(tcp_hdr(skb) + 1))[3] = 1;	/* length of the timestamps */
	sio_rxt_note(fx->flow, &before);
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	sio_rxt_note(fx->flow, &after);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_OPTIONS), 1);
	KUNIT_EXPECT_MEMEQ(test, &after, &before, sizeof(before));
}

static void sio_rx_hook__wrong_tcp_sum(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_rxt_state before, after;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	skb->data[skb->len - 1] ^= 1;
	sio_rxt_note(fx->flow, &before);
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	sio_rxt_note(fx->flow, &after);
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_CSUM), 1);
	KUNIT_EXPECT_MEMEQ(test, &after, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

/* The NIC has summed it up, wrongly or not: that is not done twice */
static void sio_rx_hook__nic_vouches_for_the_sum(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	tcp_hdr(skb)->check ^= htons(1);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_CSUM), 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
}

/* Over veth nobody fills the sum in */
static void sio_rx_hook__sum_left_to_the_nic(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	tcp_hdr(skb)->check = 0;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
}

/* A NIC does not vouch for that one */
static void sio_rx_hook__wrong_ip_sum(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	ip_hdr(skb)->check ^= htons(1);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	KUNIT_ASSERT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_IP), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

/* Somebody listens with a tap: his skb stays as it was */
static void sio_rx_hook__shared(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb, *copy;
	u8 *data;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	copy = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	data = skb->data;
	skb_get(skb);
	KUNIT_EXPECT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_PTR_EQ(test, skb->data, data);
	KUNIT_EXPECT_EQ(test, skb->len, copy->len);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, fx->dev);
	KUNIT_EXPECT_EQ(test, 0, memcmp(skb->data, copy->data, copy->len));
	kfree_skb(skb);
	kfree_skb(copy);
}

static void sio_rx_hook__shared_and_no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	skb_get(skb);
	sio_nomem_begin(1);
	KUNIT_EXPECT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
	kfree_skb(skb);
}

/* Ethernet pads short frames */
static void sio_rx_hook__bytes_after_the_ip_packet(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb, *longer;

	sio_fx_up(fx, false);
	skb = sio_rxt_packet_frame(fx);
	longer = skb_copy_expand(skb, skb_headroom(skb), 6, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, longer);
	kfree_skb(skb);
	skb_put_zero(longer, 6);
	KUNIT_EXPECT_EQ(test, sio_fx_hook(fx, longer), NF_STOLEN);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&fx->packets), 1);
	KUNIT_EXPECT_EQ(test, skb_peek(&fx->packets)->len, SIO_RXT_PACKET);
}

static void sio_rx_hook__syn_without_listener(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_SYN, 0);
	seg.sport = htons(40001);
	skb = sio_fx_frame(fx, &seg, NULL);
	sio_rxt_passes(fx, skb);
}

static struct kunit_case sio_rx_hook_cases[] = {
	KUNIT_CASE(sio_rx_hook__another_protocol),
	KUNIT_CASE(sio_rx_hook__not_tcp),
	KUNIT_CASE(sio_rx_hook__another_address),
	KUNIT_CASE(sio_rx_hook__seen_in_passing),
	KUNIT_CASE(sio_rx_hook__vlan_tag),
	KUNIT_CASE(sio_rx_hook__fragment),
	KUNIT_CASE(sio_rx_hook__no_such_flow),
	KUNIT_CASE(sio_rx_hook__cut_within_the_ip_header),
	KUNIT_CASE(sio_rx_hook__takes_a_frame_of_a_flow),
	KUNIT_CASE(sio_rx_hook__malformed_headers_of_a_flow),
	KUNIT_CASE(sio_rx_hook__wrong_tcp_sum),
	KUNIT_CASE(sio_rx_hook__nic_vouches_for_the_sum),
	KUNIT_CASE(sio_rx_hook__sum_left_to_the_nic),
	KUNIT_CASE(sio_rx_hook__wrong_ip_sum),
	KUNIT_CASE(sio_rx_hook__shared),
	KUNIT_CASE(sio_rx_hook__shared_and_no_memory),
	KUNIT_CASE(sio_rx_hook__bytes_after_the_ip_packet),
	KUNIT_CASE(sio_rx_hook__syn_without_listener),
	{}
};

static struct kunit_suite sio_rx_hook_suite = {
	.name = "rx_hook",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_rx_hook_cases,
};

kunit_test_suite(sio_rx_hook_suite);
