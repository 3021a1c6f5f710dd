// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/packet.c: packets into messages. */

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/virtio_net.h>

#include "fixture.h"
#include "nomem.h"
#include "packet_fix.h"

static void sio_pkt_flush(struct sio_fx *fx, struct sio_batch *batch)
{
	local_bh_disable();
	sio_packet_flush(&fx->sess, batch);
	local_bh_enable();
}

/* What was sent comes back as if the other side had sent it */
static void sio_pkt_reflect(struct sio_fx *fx)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	msg->offset = cpu_to_le64(fx->far.nxt);
	sio_fx_rx_msg(fx, msg);
}

static void sio_packet_send__one_alone(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	const struct sio_rec_packet *rec;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 300, true),
					      false));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_PACKETS), 1);
	KUNIT_EXPECT_NULL(test, batch.skb);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->type, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->dev), SIO_FX_DEV);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->gen), SIO_FX_GEN);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->epoch), SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, msg->nr_recs, 1);
	rec = (const struct sio_rec_packet *)(msg + 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(rec->rec.len), sizeof(*rec) + 300);
	KUNIT_EXPECT_EQ(test, rec->rec.flags, 0);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 1);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 300);
}

static void sio_packet_send__arrives_as_it_was(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 5000, true),
					      false));
	sio_pkt_reflect(fx);
	KUNIT_EXPECT_EQ(test, fx->rx_dev, SIO_FX_DEV);
	KUNIT_EXPECT_EQ(test, fx->rx_gen, SIO_FX_GEN);
	sio_pkt_expect(fx, 5000);
}

static void sio_packet_send__no_headroom(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 5000, false),
					      false));
	sio_pkt_reflect(fx);
	sio_pkt_expect(fx, 5000);
}

/* With the room it was told to leave, a packet is not copied */
static void sio_packet_headroom__is_enough(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 5000, true);
	u8 *head = skb->head;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, sio_pkt_send(fx, &batch, skb, false), 0);
	skb = sio_fx_next(fx, &seg);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->head, head);
}

/* TCP of the tenant keeps a clone to send again: its bytes stay as they were */
static void sio_packet_send__clone_kept_by_its_sender(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 5000, true);
	struct sk_buff *clone = skb_clone(skb, GFP_KERNEL);
	struct sk_buff *want = skb_copy(skb, GFP_KERNEL);
	u32 room = skb_headroom(skb);

	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_ASSERT_NOT_NULL(test, want);
	sio_fx_up(fx, true);
	memset(clone->head, 0x5a, room);
	KUNIT_EXPECT_EQ(test, sio_pkt_send(fx, &batch, skb, false), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(clone->head, 0x5a, room));
	KUNIT_EXPECT_EQ(test, 0, memcmp(clone->data, want->data, 5000));
	KUNIT_EXPECT_EQ(test, skb_shinfo(clone)->gso_size, 0);
	sio_pkt_reflect(fx);
	sio_pkt_expect(fx, 5000);
	kfree_skb(clone);
	kfree_skb(want);
}

/* The other side cannot finish the sum, so it is finished here */
static void sio_packet_send__sum_made_here(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	const struct sio_rec_packet *rec;
	struct sk_buff *skb = sio_pkt_new(fx, 300, true);
	struct sio_msg_hdr *msg;
	__sum16 want;
	int err;

	sio_fx_up(fx, true);
	memset(skb->data + 34 + 16, 0, 2);
	want = csum_fold(skb_checksum(skb, 34, 300 - 34, 0));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + 34;
	skb->csum_offset = 16;
	local_bh_disable();
	err = sio_packet_send(&fx->sess, &batch, skb, 0, false);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, err, 0);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	rec = (const struct sio_rec_packet *)(msg + 1);
	KUNIT_EXPECT_EQ(test, rec->vnet.flags, 0);
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)(rec + 1) + 34 + 16,
			   (const u8 *)&want, sizeof(want));
}

/* A TCP packet of @payload bytes that is to be cut into segments of @mss */
static struct sk_buff *sio_pkt_tso(struct sio_fx *fx, u32 payload, u16 mss)
{
	u32 hdrs = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr);
	struct sk_buff *skb = sio_pkt_new(fx, hdrs + payload, true);
	struct tcphdr *tcp;
	struct iphdr *ip;

	skb->protocol = htons(ETH_P_IP);
	((struct ethhdr *)skb->data)->h_proto = skb->protocol;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*ip));
	ip = ip_hdr(skb);
	memset(ip, 0, sizeof(*ip) + sizeof(*tcp));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = htons(skb->len - ETH_HLEN);
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->saddr = htonl(0xc0000201);
	ip->daddr = htonl(0xc0000202);
	tcp = tcp_hdr(skb);
	tcp->doff = 5;
	tcp->ack = 1;
	tcp->check = ~csum_tcpudp_magic(ip->saddr, ip->daddr,
					sizeof(*tcp) + payload, IPPROTO_TCP, 0);
	ip_send_check(ip);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload, mss);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return skb;
}

static void sio_packet_send__partial_sum_travels(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_tso(fx, 1000, 1000);
	const struct sio_rec_packet *rec;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	skb_gso_reset(skb);
	KUNIT_EXPECT_EQ(test, sio_pkt_send(fx, &batch, skb, false), 0);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	rec = (const struct sio_rec_packet *)(msg + 1);
	KUNIT_EXPECT_EQ(test, rec->vnet.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(rec->vnet.csum_start), 34);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(rec->vnet.csum_offset), 16);
}

static void sio_packet_send__tso_is_one_message(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *packet;

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_tso(fx, 20000, 1400),
					      false));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 1);
	sio_pkt_reflect(fx);
	packet = skb_peek(&fx->packets);
	KUNIT_ASSERT_NOT_NULL(test, packet);
	KUNIT_EXPECT_EQ(test, skb_shinfo(packet)->gso_size, 1400);
	KUNIT_EXPECT_TRUE(test, packet->ip_summed == CHECKSUM_PARTIAL);
}

/* Without TSO over there it is cut here, and its owner is told once */
static void sio_packet_send__cut_here(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_tso(fx, 4000, 1000);
	u32 len = skb->len;
	int err;

	sio_fx_up(fx, true);
	local_bh_disable();
	err = sio_packet_send(&fx->sess, &batch, skb, SIO_NIC_CSUM, false);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 4);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_PACKETS), 4);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 1);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, len);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 1);
}

static void sio_packet_send__session_is_down(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	KUNIT_EXPECT_EQ(test, -ENOTCONN,
			sio_pkt_send(fx, &batch, sio_pkt_new(fx, 300, true),
				     false));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_DROP_DOWN), 1);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
}

/* The caller keeps the packet, and is woken when there is room */
static void sio_packet_send__no_room(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 300, true);

	sio_fx_up(fx, true);
	fx->flow->tx.nxt = SIO_CWND_INIT;
	KUNIT_EXPECT_EQ(test, sio_pkt_send(fx, &batch, skb, false), -EBUSY);
	KUNIT_EXPECT_EQ(test, skb->len, 300);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	KUNIT_EXPECT_TRUE(test, sio_packet_is_blocked(&fx->sess, 0));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_BLOCKED), 1);
	KUNIT_EXPECT_TRUE(test, fx->flow->want_wake);
	kfree_skb(skb);
}

static void sio_packet_is_blocked__session_is_down(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_FALSE(test, sio_packet_is_blocked(&fx->sess, 0));
}

static void sio_packet_send__no_memory_for_headroom(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 1500, false);
	int err;

	sio_fx_up(fx, true);
	sio_nomem_begin(1);
	err = sio_pkt_send(fx, &batch, skb, false);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_DROP_NOMEM), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
}

/* A tap has the same skb, and there is no memory for one of our own */
static void sio_packet_send__shared_and_no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 300, true);
	int err;

	sio_fx_up(fx, true);
	skb_get(skb);
	sio_nomem_begin(1);
	err = sio_pkt_send(fx, &batch, skb, false);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	kfree_skb(skb);
}

static void sio_packet_send__small_ones_ride_together(struct kunit *test)
{
	static const u32 lens[] = { 60, 61, 62, 1500 };
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
		KUNIT_EXPECT_EQ(test, 0,
				sio_pkt_send(fx, &batch,
					     sio_pkt_new(fx, lens[i], false),
					     i + 1 < ARRAY_SIZE(lens)));
	}
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_PACKETS), 4);
	sio_pkt_reflect(fx);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_PACKETS), 4);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		sio_pkt_expect(fx, lens[i]);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 4);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 60 + 61 + 62 + 1500);
}

/* A batch is never longer than one segment */
static void sio_packet_send__batch_is_full(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sio_seg seg;
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < 6; i++)
		KUNIT_EXPECT_EQ(test, 0,
				sio_pkt_send(fx, &batch,
					     sio_pkt_new(fx, 1500, false),
					     true));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_LE(test, seg.len, SIO_BATCH_LEN);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_PACKETS), 5);
	KUNIT_EXPECT_EQ(test, batch.nr, 1);
	sio_pkt_flush(fx, &batch);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_PACKETS), 6);
}

static void sio_packet_send__batch_of_a_small_mtu(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sio_seg seg;
	int i;

	sio_fx_up(fx, true);
	fx->flow->mss = 1228;
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, 0,
				sio_pkt_send(fx, &batch,
					     sio_pkt_new(fx, 500, false),
					     true));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_LE(test, seg.len, 1228);
	sio_pkt_flush(fx, &batch);
}

static void sio_packet_send__as_many_records_as_a_header_counts(struct kunit *t)
{
	struct sio_fx *fx = t->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sio_msg_hdr *msg;
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i <= SIO_RECS_MAX; i++) {
		struct sk_buff *skb = sio_pkt_new(fx, ETH_HLEN, false);

		skb_trim(skb, 1);
		KUNIT_ASSERT_EQ(t, sio_pkt_send(fx, &batch, skb, true), 0);
	}
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(t, msg);
	KUNIT_EXPECT_EQ(t, msg->nr_recs, SIO_RECS_MAX);
	KUNIT_EXPECT_EQ(t, sio_fx_count(fx, SIO_CNT_TX_PACKETS), SIO_RECS_MAX);
	sio_pkt_flush(fx, &batch);
	KUNIT_EXPECT_EQ(t, sio_fx_count(fx, SIO_CNT_TX_PACKETS),
			SIO_RECS_MAX + 1);
}

/* What is too large to be copied does not overtake what waits */
static void sio_packet_send__large_one_behind_a_batch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	sio_fx_up(fx, true);
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 100, false),
					      true));
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 3000, true),
					      true));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 2);
	sio_pkt_reflect(fx);
	sio_pkt_reflect(fx);
	sio_pkt_expect(fx, 100);
	sio_pkt_expect(fx, 3000);
}

/* Without memory for a batch the packet goes alone */
static void sio_packet_send__no_memory_for_a_batch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sk_buff *skb = sio_pkt_new(fx, 100, true);
	int err;

	sio_fx_up(fx, true);
	sio_nomem_begin(1);
	err = sio_pkt_send(fx, &batch, skb, true);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_NULL(test, batch.skb);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 1);
}

static void sio_packet_flush__nothing_waits(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	sio_fx_up(fx, true);
	sio_pkt_flush(fx, &batch);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

/* Those in the batch were taken, so their owner is told */
static void sio_packet_flush__session_went_down(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, 0,
				sio_pkt_send(fx, &batch,
					     sio_pkt_new(fx, 100, false),
					     true));
	mutex_lock(&fx->sess.mutex);
	__sio_session_drop_flows(&fx->sess, SIO_WHY_REMOVED);
	mutex_unlock(&fx->sess.mutex);
	sio_fx_left(fx);
	sio_pkt_flush(fx, &batch);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_DROP_DOWN), 3);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 3);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 300);
	KUNIT_EXPECT_NULL(test, batch.skb);
}

/* Too long for one message, as after the peer's link became narrower */
static void sio_packet_send__spans_two_messages(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);
	const struct sio_rec_packet *rec;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	fx->flow->msg_max = 4000;
	KUNIT_EXPECT_EQ(test, 0, sio_pkt_send(fx, &batch,
					      sio_pkt_new(fx, 6000, true),
					      false));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 2);

	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	rec = (const struct sio_rec_packet *)(msg + 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len), 4000);
	KUNIT_EXPECT_EQ(test, rec->rec.flags, SIO_REC_F_MORE);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
	KUNIT_EXPECT_NOT_NULL(test, fx->flow->span);

	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	rec = (const struct sio_rec_packet *)(msg + 1);
	KUNIT_EXPECT_EQ(test, rec->rec.flags, SIO_REC_F_CONT);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_NULL(test, fx->flow->span);
	sio_pkt_expect(fx, 6000);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_PACKETS), 1);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 1);
	KUNIT_EXPECT_EQ(test, fx->done_bytes, 6000);
}

static void sio_packet_send__longer_than_two_messages(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_batch batch = sio_pkt_batch(fx);

	sio_fx_up(fx, true);
	fx->flow->msg_max = 4000;
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			sio_pkt_send(fx, &batch, sio_pkt_new(fx, 8000, true),
				     false));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_DROP_BIG), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
	KUNIT_EXPECT_EQ(test, fx->done_packets, 0);
}

static struct kunit_case sio_packet_cases[] = {
	KUNIT_CASE(sio_packet_send__one_alone),
	KUNIT_CASE(sio_packet_send__arrives_as_it_was),
	KUNIT_CASE(sio_packet_send__no_headroom),
	KUNIT_CASE(sio_packet_headroom__is_enough),
	KUNIT_CASE(sio_packet_send__clone_kept_by_its_sender),
	KUNIT_CASE(sio_packet_send__partial_sum_travels),
	KUNIT_CASE(sio_packet_send__sum_made_here),
	KUNIT_CASE(sio_packet_send__tso_is_one_message),
	KUNIT_CASE(sio_packet_send__cut_here),
	KUNIT_CASE(sio_packet_send__session_is_down),
	KUNIT_CASE(sio_packet_send__no_room),
	KUNIT_CASE(sio_packet_is_blocked__session_is_down),
	KUNIT_CASE(sio_packet_send__no_memory_for_headroom),
	KUNIT_CASE(sio_packet_send__shared_and_no_memory),
	KUNIT_CASE(sio_packet_send__small_ones_ride_together),
	KUNIT_CASE(sio_packet_send__batch_is_full),
	KUNIT_CASE(sio_packet_send__batch_of_a_small_mtu),
	KUNIT_CASE(sio_packet_send__as_many_records_as_a_header_counts),
	KUNIT_CASE(sio_packet_send__large_one_behind_a_batch),
	KUNIT_CASE(sio_packet_send__no_memory_for_a_batch),
	KUNIT_CASE(sio_packet_flush__nothing_waits),
	KUNIT_CASE(sio_packet_flush__session_went_down),
	KUNIT_CASE(sio_packet_send__spans_two_messages),
	KUNIT_CASE(sio_packet_send__longer_than_two_messages),
	{}
};

static struct kunit_suite sio_packet_suite = {
	.name = "packet",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_packet_cases,
};

kunit_test_suite(sio_packet_suite);
