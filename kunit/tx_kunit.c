// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/tx.c: numbers in order, fields of a GSO frame, room. */

#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/sock.h>

#include "fixture.h"
#include "nomem.h"
#include "proto/hdr.h"

/* A message of @len bytes, as sio_tx_msg() wants it */
static struct sk_buff *sio_txt_msg(struct sio_fx *fx, u32 len)
{
	u32 room = LL_MAX_HEADER + SIO_FRAME_HDR_LEN;
	struct sio_msg_hdr *hdr;
	struct sk_buff *skb;

	skb = alloc_skb(room + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, skb);
	skb_reserve(skb, room);
	hdr = skb_put_zero(skb, len);
	sio_hdr_init(hdr, SIO_MSG_PACKET, len);
	return skb;
}

static int sio_txt_send(struct sio_fx *fx, u32 len)
{
	return sio_tx_msg(fx->flow, sio_txt_msg(fx, len), fx, 2, len);
}

static void sio_tx_msg__numbers_in_order(struct kunit *test)
{
	static const u32 lens[] = { 100, 20000, SIO_FX_MSS, 64 };
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr hdr;
	struct sio_seg seg;
	u64 off = 0;
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		KUNIT_EXPECT_EQ(test, sio_txt_send(fx, lens[i]), 0);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		struct sk_buff *skb = sio_fx_next(fx, &seg);

		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_ASSERT_EQ(test, seg.len, lens[i]);
		KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN + 1 + (u32)off);
		KUNIT_EXPECT_EQ(test, seg.tsval, SIO_FX_TS0 + 1 + (u32)off);
		skb_copy_bits(skb, 0, &hdr, sizeof(hdr));
		KUNIT_EXPECT_EQ(test, le64_to_cpu(hdr.offset), off);
		off += lens[i];
	}
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, off);
}

static void sio_tx_msg__bits_32_to_39_in_the_window(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	fx->flow->tx.nxt = 0x1234567890;
	fx->flow->rx.una = fx->flow->tx.nxt;
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 100), 0);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.window, SIO_WINDOW_HI << 8 | 0x12);
}

static void sio_tx_msg__one_segment_has_no_gso(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, SIO_FX_MSS), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_FRAMES), 1);
}

static void sio_tx_msg__more_segments_are_one_gso_packet(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u16 ip_id;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	ip_id = fx->flow->ip_id;
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 2 * SIO_FX_MSS + 1), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 3);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, SKB_GSO_TCPV4);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_FRAMES), 3);
	/* each segment gets an identification of its own */
	KUNIT_EXPECT_EQ(test, fx->flow->ip_id, (u16)(ip_id + 3));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_MSGS), 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_BYTES),
			2 * SIO_FX_MSS + 1);
}

/* GSO left on the skb by whoever it was before */
static void sio_tx_msg__fields_of_an_earlier_life(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	skb = sio_txt_msg(fx, 1000);
	skb_shinfo(skb)->gso_size = 100;
	skb_shinfo(skb)->gso_segs = 10;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	skb->encapsulation = 1;
	KUNIT_EXPECT_EQ(test, sio_tx_msg(fx->flow, skb, NULL, 0, 0), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, 0);
	KUNIT_EXPECT_FALSE(test, skb->encapsulation);
}

static void sio_tx_msg__sum_is_left_to_the_nic(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct tcphdr *tcp;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, skb->csum_offset,
			offsetof(struct tcphdr, check));
	KUNIT_EXPECT_PTR_EQ(test, skb->head + skb->csum_start,
			    skb_transport_header(skb));
	tcp = tcp_hdr(skb);
	KUNIT_EXPECT_EQ(test, (__force u16)tcp->check,
			(__force u16)~csum_tcpudp_magic(seg.saddr, seg.daddr,
							tcp->doff * 4 + 1000,
							IPPROTO_TCP, 0));
	KUNIT_EXPECT_EQ(test, 0, (__force u16)
			ip_fast_csum(ip_hdr(skb), ip_hdr(skb)->ihl));
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->frag_off, htons(IP_DF));
}

static void sio_tx_msg__pushed_and_acknowledging(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, 100));
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_ACK | SIO_TCP_PSH);
	KUNIT_EXPECT_EQ(test, seg.ack, sio_seq_of(&fx->far, fx->far.nxt));
	KUNIT_EXPECT_EQ(test, seg.tsecr, SIO_FX_FAR_TS0 + 1);
	KUNIT_EXPECT_EQ(test, seg.saddr, SIO_FX_LADDR);
	KUNIT_EXPECT_EQ(test, seg.daddr, SIO_FX_RADDR);
	KUNIT_EXPECT_EQ(test, seg.sport, SIO_FX_LPORT);
	KUNIT_EXPECT_EQ(test, seg.dport, SIO_FX_RPORT);
}

/* The flow's hash decides on queues, not what its sender was before */
static void sio_tx_msg__belongs_to_the_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->sk, fx->flow->sk);
	KUNIT_EXPECT_EQ(test, skb->hash, fx->flow->hash);
	KUNIT_EXPECT_TRUE(test, skb->l4_hash);
}

static void sio_tx_msg__sealed_at_its_offset(struct kunit *test)
{
	struct sio_msg_confirm confirm = { .mss = cpu_to_le16(1234) };
	struct sio_msg_hdr tmpl = {
		.type = SIO_MSG_CONFIRM, .suite = SIO_SUITE_CHACHA,
	};
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, 0, sio_tx_slow(fx->flow, &tmpl, &confirm,
					     sizeof(confirm), NULL));
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(msg->offset), 1000);
	KUNIT_EXPECT_MEMEQ(test, msg + 1, &confirm, sizeof(confirm));
}

static void sio_tx_msg__measures_one_round_trip_at_a_time(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	KUNIT_EXPECT_EQ(test, fx->flow->rtt_off, 1000);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	KUNIT_EXPECT_EQ(test, fx->flow->rtt_off, 1000);
}

/* No byte follows a FIN, and no number is used up */
static void sio_tx_msg__after_the_fin(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_tx_bare(fx->flow, SIO_TCP_FIN | SIO_TCP_ACK);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
}

static void sio_tx_msg__dead_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
}

/* The neighbour's entry is gone, and there is no memory for a new one */
static void sio_tx_msg__no_memory_for_the_neighbour(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;

	sio_fx_up(fx, true);
	skb = sio_txt_msg(fx, 1000);
	neigh_ifdown(&arp_tbl, fx->dev);
	sio_nomem_begin(1);
	KUNIT_EXPECT_EQ(test, sio_tx_msg(fx->flow, skb, NULL, 0, 0), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
}

static void sio_tx_msg__ring_of_marks_is_full(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->mark_head = SIO_TXQ_LEN;
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), -ENOTCONN);
	/* without a cookie nobody wants to hear of it */
	KUNIT_EXPECT_EQ(test, 0, sio_tx_msg(fx->flow, sio_txt_msg(fx, 1000),
					    NULL, 0, 0));
	fx->flow->mark_head = 0;
}

static void sio_tx_pair__nothing_between(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg first, second;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_tx_pair(fx->flow, sio_txt_msg(fx, 1000),
					     sio_txt_msg(fx, 200), fx, 1100));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &first));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &second));
	KUNIT_EXPECT_EQ(test, second.seq, first.seq + 1000);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 1);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 1100);
}

static void sio_tx_pair__first_cannot_be_sent(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *second;

	sio_fx_up(fx, true);
	fx->flow->fin_sent = true;
	second = skb_get(sio_txt_msg(fx, 200));
	KUNIT_EXPECT_EQ(test, -ENOTCONN,
			sio_tx_pair(fx->flow, sio_txt_msg(fx, 1000), second,
				    fx, 1100));
	KUNIT_EXPECT_EQ(test, refcount_read(&second->users), 1);
	kfree_skb(second);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
}

static void sio_tx_is_blocked__window(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->tx.nxt = SIO_CWND_INIT - 1;
	KUNIT_EXPECT_FALSE(test, sio_tx_is_blocked(fx->flow));
	fx->flow->tx.nxt = SIO_CWND_INIT;
	KUNIT_EXPECT_TRUE(test, sio_tx_is_blocked(fx->flow));
	fx->flow->rx.una = 1;
	KUNIT_EXPECT_FALSE(test, sio_tx_is_blocked(fx->flow));
}

static void sio_tx_is_blocked__marks(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->mark_head = SIO_TXQ_LEN;
	KUNIT_EXPECT_TRUE(test, sio_tx_is_blocked(fx->flow));
	fx->flow->mark_head = 0;
}

/* Frames wait in the link: senders stop, and go on when enough have left */
static void sio_tx_is_blocked__frames_in_the_link(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;
	int i = 0;

	sio_fx_up(fx, true);
	fx->flow->cwnd.bytes = SIO_CWND_MAX;
	while (!sio_packet_is_blocked(&fx->sess, 0)) {
		KUNIT_ASSERT_LT(test, i++, 1000);
		KUNIT_ASSERT_EQ(test, sio_txt_send(fx, 30000), 0);
	}
	KUNIT_EXPECT_GT(test, refcount_read(&fx->flow->sk->sk_wmem_alloc),
			SIO_WMEM_MAX);
	KUNIT_EXPECT_EQ(test, fx->nr_wakes, 0);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);

	sio_fx_next(fx, &seg);
	sio_fx_next(fx, &seg);	/* that frees the first */
	KUNIT_EXPECT_FALSE(test, sio_tx_is_blocked(fx->flow));
	KUNIT_EXPECT_EQ(test, fx->nr_wakes, 1);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 2);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 30000);
}

/* Paid back in the order of sending, each when it has left */
static void sio_tx_write_space__tells_the_owners(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	KUNIT_EXPECT_EQ(test, 0, sio_tx_msg(fx->flow, sio_txt_msg(fx, 500),
					    NULL, 0, 0));
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 6);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 3000);
	KUNIT_EXPECT_PTR_EQ(test, fx->done_cookie, (void *)fx);
	KUNIT_EXPECT_EQ(test, fx->flow->mark_tail, fx->flow->mark_head);
}

/* The flow went while its frames were in the link; they still are paid back */
static void sio_tx_end__frames_under_way(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	KUNIT_EXPECT_NULL(test, fx->flow->sk);
	KUNIT_EXPECT_NULL(test, fx->flow->neigh);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 2);
}

static void sio_tx_wake__nobody_waits(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_wakes, 0);
}

/* Frames have left, but the peer has not acknowledged them */
static void sio_tx_wake__still_no_room(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->cwnd.bytes = 1000;
	KUNIT_EXPECT_EQ(test, sio_txt_send(fx, 1000), 0);
	KUNIT_EXPECT_TRUE(test, sio_packet_is_blocked(&fx->sess, 0));
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_wakes, 0);
	KUNIT_EXPECT_TRUE(test, fx->flow->want_wake);
}

static void sio_tx_slow__header_and_body(struct kunit *test)
{
	struct sio_msg_hdr tmpl = {
		.type = SIO_MSG_CTL_REQ,
		.suite = SIO_SUITE_CHACHA,
		.dev = cpu_to_le32(1),
		.gen = cpu_to_le32(2),
		.epoch = cpu_to_le32(3),
		.slot = cpu_to_le16(4),
		.slot_seq = cpu_to_le32(5),
	};
	struct sio_msg_ctl ctl = { .op = cpu_to_le16(SIO_CTL_PING) };
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	u32 left = 0;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_tx_slow(fx->flow, &tmpl, &ctl,
					     sizeof(ctl), &left));
	KUNIT_EXPECT_EQ(test, left, SIO_FX_ISN + 1);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->type, SIO_MSG_CTL_REQ);
	KUNIT_EXPECT_EQ(test, msg->suite, SIO_SUITE_CHACHA);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len),
			sizeof(*msg) + sizeof(ctl));
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->dev), 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->gen), 2);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->epoch), 3);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(msg->slot), 4);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->slot_seq), 5);
	KUNIT_EXPECT_MEMEQ(test, msg + 1, &ctl, sizeof(ctl));
}

static void sio_tx_slow__no_memory(struct kunit *test)
{
	struct sio_msg_hdr tmpl = { .type = SIO_MSG_WELCOME };
	struct sio_fx *fx = test->priv;
	int err;

	sio_fx_up(fx, true);
	sio_nomem_begin(1);
	err = sio_tx_slow(fx->flow, &tmpl, NULL, 0, NULL);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
}

static void sio_tx_sock_init__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *flow;
	int err;

	flow = sio_flow_create(fx->link, SIO_FX_RADDR, SIO_FX_LPORT,
			       SIO_FX_RPORT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	sio_fx_hold(fx, flow);
	sio_flow_put(flow);
	sio_nomem_begin(1);
	err = sio_tx_sock_init(flow);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_NULL(test, flow->sk);
}

static void sio_tx_sock_init__flow_died_meanwhile(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *flow;

	flow = sio_flow_create(fx->link, SIO_FX_RADDR, SIO_FX_LPORT,
			       SIO_FX_RPORT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	sio_fx_hold(fx, flow);
	sio_flow_put(flow);
	rcu_read_lock();
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, sio_tx_sock_init(flow), -ENOTCONN);
	KUNIT_EXPECT_NULL(test, flow->sk);
}

static struct kunit_case sio_tx_cases[] = {
	KUNIT_CASE(sio_tx_msg__numbers_in_order),
	KUNIT_CASE(sio_tx_msg__bits_32_to_39_in_the_window),
	KUNIT_CASE(sio_tx_msg__one_segment_has_no_gso),
	KUNIT_CASE(sio_tx_msg__more_segments_are_one_gso_packet),
	KUNIT_CASE(sio_tx_msg__fields_of_an_earlier_life),
	KUNIT_CASE(sio_tx_msg__sum_is_left_to_the_nic),
	KUNIT_CASE(sio_tx_msg__pushed_and_acknowledging),
	KUNIT_CASE(sio_tx_msg__belongs_to_the_flow),
	KUNIT_CASE(sio_tx_msg__sealed_at_its_offset),
	KUNIT_CASE(sio_tx_msg__measures_one_round_trip_at_a_time),
	KUNIT_CASE(sio_tx_msg__after_the_fin),
	KUNIT_CASE(sio_tx_msg__dead_flow),
	KUNIT_CASE(sio_tx_msg__no_memory_for_the_neighbour),
	KUNIT_CASE(sio_tx_msg__ring_of_marks_is_full),
	KUNIT_CASE(sio_tx_pair__nothing_between),
	KUNIT_CASE(sio_tx_pair__first_cannot_be_sent),
	KUNIT_CASE(sio_tx_is_blocked__window),
	KUNIT_CASE(sio_tx_is_blocked__marks),
	KUNIT_CASE(sio_tx_is_blocked__frames_in_the_link),
	KUNIT_CASE(sio_tx_write_space__tells_the_owners),
	KUNIT_CASE(sio_tx_end__frames_under_way),
	KUNIT_CASE(sio_tx_wake__nobody_waits),
	KUNIT_CASE(sio_tx_wake__still_no_room),
	KUNIT_CASE(sio_tx_slow__header_and_body),
	KUNIT_CASE(sio_tx_slow__no_memory),
	KUNIT_CASE(sio_tx_sock_init__no_memory),
	KUNIT_CASE(sio_tx_sock_init__flow_died_meanwhile),
	{}
};

static struct kunit_suite sio_tx_suite = {
	.name = "tx",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_tx_cases,
};

kunit_test_suite(sio_tx_suite);
