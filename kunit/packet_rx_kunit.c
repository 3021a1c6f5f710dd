// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/packet.c: packets out of messages. */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/virtio_net.h>

#include "fixture.h"
#include "nomem.h"
#include "packet_fix.h"
#include "proto/reasm.h"

/* The two parts of a packet, ready to come in */
static void sio_pkt_parts(struct sio_fx *fx, struct sio_msg_hdr **first,
			  struct sio_msg_hdr **second)
{
	struct sio_batch batch = sio_pkt_batch(fx);

	fx->flow->msg_max = 4000;
	KUNIT_EXPECT_EQ(fx->test, 0, sio_pkt_send(fx, &batch,
						  sio_pkt_new(fx, 6000, true),
						  false));
	*first = sio_fx_next_msg(fx);
	*second = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(fx->test, *first);
	KUNIT_ASSERT_NOT_NULL(fx->test, *second);
}

static void sio_packet_rx__second_part_alone(struct kunit *test)
{
	struct sio_msg_hdr *first, *second;
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_pkt_parts(fx, &first, &second);
	fx->far.nxt = le32_to_cpu(first->len);
	sio_fx_rx_msg(fx, second);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SPAN), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

/* A part that follows another message is not what the first one waits for */
static void sio_packet_rx__something_between_the_parts(struct kunit *test)
{
	struct sio_msg_hdr *first, *second;
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_pkt_parts(fx, &first, &second);
	sio_fx_rx_msg(fx, first);
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, 100));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
	second->offset = cpu_to_le64(fx->far.nxt);
	sio_fx_rx_msg(fx, second);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SPAN), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
}

static void sio_packet_rx__first_part_twice(struct kunit *test)
{
	struct sio_msg_hdr *first, *second;
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_pkt_parts(fx, &first, &second);
	sio_fx_rx_msg(fx, first);
	first->offset = cpu_to_le64(fx->far.nxt);
	sio_fx_rx_msg(fx, first);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SPAN), 1);
	second->offset = cpu_to_le64(fx->far.nxt);
	sio_fx_rx_msg(fx, second);
	sio_pkt_expect(fx, 6000);
}

static struct sk_buff *sio_pkt_no_skb(unsigned int linear, unsigned int paged)
{
	return NULL;
}

static void sio_packet_rx__no_memory_to_put_parts_together(struct kunit *test)
{
	struct sio_msg_hdr *first, *second;
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_pkt_parts(fx, &first, &second);
	sio_fx_rx_msg(fx, first);
	kunit_activate_static_stub(test, sio_reasm_alloc_skb, sio_pkt_no_skb);
	sio_fx_rx_msg(fx, second);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_NOMEM), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
	KUNIT_EXPECT_NULL(test, fx->flow->span);
}

static struct sio_rec_packet *sio_pkt_rec(struct sio_msg_hdr *msg)
{
	return (struct sio_rec_packet *)(msg + 1);
}

/* A message with one record is damaged, and nothing of it is delivered */
static void sio_pkt_expect_damaged(struct sio_fx *fx, struct sio_msg_hdr *msg)
{
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(fx->test, sio_fx_count(fx, SIO_CNT_DROP_RECORD), 1);
	KUNIT_EXPECT_EQ(fx->test, skb_queue_len(&fx->packets), 0);
	KUNIT_EXPECT_NULL(fx->test, fx->flow->span);
}

static void sio_packet_rx__record_longer_than_its_message(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, 100);
	le32_add_cpu(&sio_pkt_rec(msg)->rec.len, 1);
	sio_pkt_expect_damaged(fx, msg);
}

static void sio_packet_rx__bytes_after_the_only_record(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, 100);
	le32_add_cpu(&sio_pkt_rec(msg)->rec.len, -4);
	sio_pkt_expect_damaged(fx, msg);
}

static void sio_packet_rx__record_of_another_type(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, sizeof(struct sio_rec_dev) -
				    sizeof(struct sio_rec_packet));
	sio_pkt_rec(msg)->rec.type = SIO_REC_DEV;
	sio_pkt_expect_damaged(fx, msg);
}

static void sio_packet_rx__goes_on_both_ways(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, 100);
	sio_pkt_rec(msg)->rec.flags = SIO_REC_F_MORE | SIO_REC_F_CONT;
	sio_pkt_expect_damaged(fx, msg);
}

/* Padding up to the next multiple of four belongs to no packet */
static void sio_packet_rx__padding_is_cut_off(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, 100);
	le32_add_cpu(&sio_pkt_rec(msg)->rec.len, -3);
	sio_fx_rx_msg(fx, msg);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&fx->packets), 1);
	KUNIT_EXPECT_EQ(test, skb_peek(&fx->packets)->len, 97);
}

static void sio_packet_rx__offloads_that_contradict_the_packet(struct kunit *t)
{
	struct sio_fx *fx = t->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_fx_packet_msg(fx, 100);
	sio_pkt_rec(msg)->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	sio_pkt_rec(msg)->vnet.csum_start = cpu_to_le16(99);
	sio_pkt_rec(msg)->vnet.csum_offset = cpu_to_le16(16);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(t, sio_fx_count(fx, SIO_CNT_DROP_VNET), 1);
	KUNIT_EXPECT_EQ(t, skb_queue_len(&fx->packets), 0);
}

/* Three packets of 100 bytes in one message */
static struct sio_msg_hdr *sio_pkt_three(struct sio_fx *fx)
{
	struct sio_batch batch = sio_pkt_batch(fx);
	struct sio_msg_hdr *msg;
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(fx->test, 0,
				sio_pkt_send(fx, &batch,
					     sio_pkt_new(fx, 100, false),
					     i < 2));
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	return msg;
}

static struct sio_rec_packet *sio_pkt_second(struct sio_msg_hdr *msg)
{
	return (void *)(msg + 1) + sizeof(struct sio_rec_packet) + 100;
}

/* What came before the damage is delivered, nothing after it is believed */
static void sio_pkt_expect_second_damaged(struct sio_fx *fx,
					  struct sio_msg_hdr *msg)
{
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(fx->test, sio_fx_count(fx, SIO_CNT_DROP_RECORD), 1);
	KUNIT_EXPECT_EQ(fx->test, skb_queue_len(&fx->packets), 1);
}

static void sio_packet_rx__second_of_three_is_too_long(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_pkt_three(fx);
	sio_pkt_second(msg)->rec.len = cpu_to_le32(1000);
	sio_pkt_expect_second_damaged(fx, msg);
}

static void sio_packet_rx__second_of_three_goes_on(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_pkt_three(fx);
	sio_pkt_second(msg)->rec.flags = SIO_REC_F_MORE;
	sio_pkt_expect_second_damaged(fx, msg);
}

static void sio_packet_rx__fewer_records_than_were_counted(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_pkt_three(fx);
	msg->nr_recs = 4;
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_RECORD), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 3);
}

static void sio_packet_rx__no_memory_for_one_of_three(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sk_buff *skb;
	struct sio_seg seg;
	u32 len;

	sio_fx_up(fx, true);
	msg = sio_pkt_three(fx);
	len = le32_to_cpu(msg->len);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, len);
	skb = sio_fx_frame(fx, &seg, msg);
	sio_nomem_begin(1);
	KUNIT_EXPECT_EQ(test, sio_fx_hook(fx, skb), NF_STOLEN);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_NOMEM), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

static struct kunit_case sio_packet_rx_cases[] = {
	KUNIT_CASE(sio_packet_rx__second_part_alone),
	KUNIT_CASE(sio_packet_rx__something_between_the_parts),
	KUNIT_CASE(sio_packet_rx__first_part_twice),
	KUNIT_CASE(sio_packet_rx__no_memory_to_put_parts_together),
	KUNIT_CASE(sio_packet_rx__record_longer_than_its_message),
	KUNIT_CASE(sio_packet_rx__bytes_after_the_only_record),
	KUNIT_CASE(sio_packet_rx__record_of_another_type),
	KUNIT_CASE(sio_packet_rx__goes_on_both_ways),
	KUNIT_CASE(sio_packet_rx__padding_is_cut_off),
	KUNIT_CASE(sio_packet_rx__offloads_that_contradict_the_packet),
	KUNIT_CASE(sio_packet_rx__second_of_three_is_too_long),
	KUNIT_CASE(sio_packet_rx__second_of_three_goes_on),
	KUNIT_CASE(sio_packet_rx__fewer_records_than_were_counted),
	KUNIT_CASE(sio_packet_rx__no_memory_for_one_of_three),
	{}
};

static struct kunit_suite sio_packet_rx_suite = {
	.name = "packet_rx",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_packet_rx_cases,
};

kunit_test_suite(sio_packet_rx_suite);
