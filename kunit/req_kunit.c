// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/req.c. */
#include <kunit/test.h>

#include "fixture.h"
#include "proto/hdr.h"
#include "proto/req.h"

/* What ops->rx_req() was given */
static struct sk_buff *sio_rqt_skb;

static void sio_rqt_rx_req(struct sio_session *sess, struct sk_buff *skb)
{
	kfree_skb(sio_rqt_skb);
	sio_rqt_skb = skb;
}

static struct sio_session_ops sio_rqt_ops;

static int sio_rqt_init(struct kunit *test)
{
	int err = sio_fx_init(test);
	struct sio_fx *fx = test->priv;

	if (err)
		return err;
	sio_rqt_ops = *fx->sess.ops;
	sio_rqt_ops.rx_req = sio_rqt_rx_req;
	fx->sess.ops = &sio_rqt_ops;
	sio_rqt_skb = NULL;
	return 0;
}

static void sio_rqt_exit(struct kunit *test)
{
	kfree_skb(sio_rqt_skb);
	sio_rqt_skb = NULL;
	sio_fx_exit(test);
}

static struct sio_req_to sio_rqt_to(void)
{
	return (struct sio_req_to) {
		.dev = SIO_FX_DEV, .gen = SIO_FX_GEN, .epoch = SIO_FX_EPOCH,
		.slot_seq = 9, .slot = 4, .queue = 1,
	};
}

static struct sk_buff *sio_rqt_new(struct kunit *test)
{
	struct sk_buff *skb;

	skb = sio_req_alloc(SIO_MSG_BLK_REQ, SIO_REC_BLK_REQ,
			    sizeof(struct sio_rec_blk_req), 0);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	return skb;
}

/* A request as the other side sends it */
static struct sio_msg_hdr *sio_rqt_msg(struct sio_fx *fx, u32 data_len)
{
	u32 rec_len = sizeof(struct sio_rec_blk_req) + data_len;
	struct sio_msg_hdr *msg = sio_fx_msg(fx, SIO_MSG_BLK_REQ, rec_len);

	msg->suite = SIO_SUITE_CLEAR;
	msg->epoch = cpu_to_le32(SIO_FX_EPOCH);
	msg->slot_seq = cpu_to_le32(1);
	msg->nr_recs = 1;
	memset(msg + 1, 0, rec_len);
	sio_rec_init((struct sio_rec_hdr *)(msg + 1), SIO_REC_BLK_REQ, rec_len);
	return msg;
}

static void sio_req_alloc__a_record_of_its_own(struct kunit *test)
{
	const struct sio_rec_blk_req *rec;
	const struct sio_msg_hdr *hdr;
	struct sk_buff *skb;

	skb = sio_req_alloc(SIO_MSG_BLK_REQ, SIO_REC_BLK_REQ, sizeof(*rec),
			    4096);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	hdr = (const struct sio_msg_hdr *)skb->data;
	rec = (const struct sio_rec_blk_req *)(hdr + 1);
	KUNIT_EXPECT_EQ(test, skb->len, sizeof(*hdr) + sizeof(*rec));
	KUNIT_EXPECT_EQ(test, hdr->type, SIO_MSG_BLK_REQ);
	KUNIT_EXPECT_EQ(test, hdr->nr_recs, 1);
	KUNIT_EXPECT_EQ(test, rec->rec.type, SIO_REC_BLK_REQ);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(rec->rec.len), sizeof(*rec) + 4096);
	KUNIT_EXPECT_NULL(test, memchr_inv(&rec->sector, 0, sizeof(*rec) -
					   sizeof(rec->rec)));
	kfree_skb(skb);
}

static void sio_req_alloc__without_a_record(struct kunit *test)
{
	struct sk_buff *skb = sio_req_alloc(SIO_MSG_BLK_BUSY, 0, 0, 0);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, sizeof(struct sio_msg_hdr));
	KUNIT_EXPECT_EQ(test, ((struct sio_msg_hdr *)skb->data)->nr_recs, 0);
	kfree_skb(skb);
}

static void sio_req_send__says_what_it_is_about(struct kunit *test)
{
	struct sio_req_to to = sio_rqt_to();
	struct sio_req_sent sent = {};
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *hdr;
	int err;

	sio_fx_up(fx, true);
	err = sio_req_send(&fx->sess, &to, sio_rqt_new(test), NULL, &sent);
	KUNIT_ASSERT_EQ(test, err, 0);
	hdr = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, hdr);
	KUNIT_EXPECT_EQ(test, sio_hdr_check(hdr, le32_to_cpu(hdr->len)),
			SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->dev), SIO_FX_DEV);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->gen), SIO_FX_GEN);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->epoch), SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->slot_seq), 9);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(hdr->slot), 4);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(hdr->queue), 1);
	KUNIT_EXPECT_EQ(test, sent.epoch, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, sent.right - sent.left, le32_to_cpu(hdr->len));
}

static void sio_req_send__another_epoch(struct kunit *test)
{
	struct sio_req_to to = sio_rqt_to();
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	to.epoch = SIO_FX_EPOCH - 1;
	KUNIT_EXPECT_EQ(test, sio_req_send(&fx->sess, &to, sio_rqt_new(test),
					   NULL, NULL), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static void sio_req_send__session_is_down(struct kunit *test)
{
	struct sio_req_to to = sio_rqt_to();
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, sio_req_send(&fx->sess, &to, sio_rqt_new(test),
					   NULL, NULL), -ENOTCONN);
	KUNIT_EXPECT_EQ(test, sio_req_data_max(&fx->sess, 0), 0);
	KUNIT_EXPECT_EQ(test, sio_req_rto_us(&fx->sess, 0), 0);
	KUNIT_EXPECT_FALSE(test, sio_req_is_blocked(&fx->sess, 0));
}

static void sio_req_data_max__is_cut_at_parts(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->msg_max = SIO_MSG_LEN_MAX;
	KUNIT_EXPECT_EQ(test, sio_req_data_max(&fx->sess, 0), 15 * 4096);
	fx->flow->msg_max = SIO_REQ_HDR_LEN + 8192;
	KUNIT_EXPECT_EQ(test, sio_req_data_max(&fx->sess, 0), 8192);
	fx->flow->msg_max--;
	KUNIT_EXPECT_EQ(test, sio_req_data_max(&fx->sess, 0), 4096);
	fx->flow->msg_max = SIO_REQ_HDR_LEN;
	KUNIT_EXPECT_EQ(test, sio_req_data_max(&fx->sess, 0), 0);
}

static void sio_req_rx__for_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_fx_rx_msg(fx, sio_rqt_msg(fx, 100));
	KUNIT_EXPECT_NOT_NULL(test, sio_rqt_skb);
}

static void sio_req_rx__from_the_side_that_may_not(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_fx_rx_msg(fx, sio_rqt_msg(fx, 0));
	KUNIT_EXPECT_NULL(test, sio_rqt_skb);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TYPE), 1);
}

static void sio_req_rx__no_end_for_it(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_rqt_ops.rx_req = NULL;
	sio_fx_rx_msg(fx, sio_rqt_msg(fx, 0));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TYPE), 1);
}

static void sio_req_rx__record_of_another_type(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_rqt_msg(fx, 0);
	((struct sio_rec_hdr *)(msg + 1))->type = SIO_REC_BLK_SPAN;
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_NULL(test, sio_rqt_skb);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_RECORD), 1);
}

static void sio_req_rx__record_shorter_than_the_body(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_rqt_msg(fx, 100);
	((struct sio_rec_hdr *)(msg + 1))->len =
		cpu_to_le32(sizeof(struct sio_rec_blk_req) + 99);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_NULL(test, sio_rqt_skb);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_RECORD), 1);
}

/* What one side sends with a CRC the other believes, and only that */
static void sio_req_rx__crc(struct kunit *test)
{
	struct sio_req_to to = sio_rqt_to();
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *hdr, *msg;
	u32 len;

	sio_fx_up(fx, false);
	to.has_crc = true;
	KUNIT_ASSERT_EQ(test, sio_req_send(&fx->sess, &to, sio_rqt_new(test),
					   NULL, NULL), 0);
	hdr = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, hdr);
	KUNIT_EXPECT_EQ(test, hdr->flags, SIO_MSG_F_CRC);
	len = le32_to_cpu(hdr->len);
	msg = kunit_kmalloc(test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	/* both flows begin at the same offset, which the sum covers */
	memcpy(msg, hdr, len);
	KUNIT_ASSERT_EQ(test, le64_to_cpu(msg->offset), fx->far.nxt);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_NOT_NULL(test, sio_rqt_skb);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_CRC), 0);

	msg->offset = cpu_to_le64(fx->far.nxt);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_CRC), 1);
}

static struct kunit_case sio_req_cases[] = {
	KUNIT_CASE(sio_req_alloc__a_record_of_its_own),
	KUNIT_CASE(sio_req_alloc__without_a_record),
	KUNIT_CASE(sio_req_send__says_what_it_is_about),
	KUNIT_CASE(sio_req_send__another_epoch),
	KUNIT_CASE(sio_req_send__session_is_down),
	KUNIT_CASE(sio_req_data_max__is_cut_at_parts),
	KUNIT_CASE(sio_req_rx__for_the_end),
	KUNIT_CASE(sio_req_rx__from_the_side_that_may_not),
	KUNIT_CASE(sio_req_rx__no_end_for_it),
	KUNIT_CASE(sio_req_rx__record_of_another_type),
	KUNIT_CASE(sio_req_rx__record_shorter_than_the_body),
	KUNIT_CASE(sio_req_rx__crc),
	{}
};

static struct kunit_suite sio_req_suite = {
	.name = "req",
	.init = sio_rqt_init,
	.exit = sio_rqt_exit,
	.test_cases = sio_req_cases,
};

kunit_test_suite(sio_req_suite);
