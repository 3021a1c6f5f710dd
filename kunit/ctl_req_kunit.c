// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/ctl.c: executed at most once. */

#include <kunit/test.h>

#include "ctl_fix.h"
#include "fixture.h"
#include "nomem.h"

static void sio_ctl_req__ping(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	sio_ctlt_rx_req(fx, 4, 1, SIO_CTL_PING, 0, 0);
	sio_ctlt_exec(fx);
	msg = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 4, 1);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(sio_ctlt_body(msg)->op),
			SIO_CTL_PING);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(sio_ctlt_body(msg)->status), 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_EXECUTED), 1);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 0);
}

static void sio_ctl_req__for_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	fx->ctl_reply = 44;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 0);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 1);
	KUNIT_EXPECT_EQ(test, fx->ctl_op, SIO_CTL_NIC_MODE);
	KUNIT_EXPECT_EQ(test, fx->ctl_arg, 6);
	KUNIT_EXPECT_EQ(test, fx->ctl_len, 50);
	msg = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len),
			sizeof(*msg) + sizeof(struct sio_msg_ctl) + 44);
}

static void sio_ctl_req__refused_by_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	fx->ctl_status = -EINVAL;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_exec(fx);
	msg = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(sio_ctlt_body(msg)->status), EINVAL);
}

static void sio_ctl_req__goodbye(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_GOODBYE, 1, 0);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.goodbye, SIO_WHY_PEER_GOODBYE);
	sio_ctlt_rx_req(fx, 0, 2, SIO_CTL_GOODBYE, 0, 0);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.goodbye, SIO_WHY_PEER_LEFT);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 0);
}

/* The answer was lost: the same one again, and nothing is done twice */
static void sio_ctl_req__replayed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *first, *again;

	sio_fx_up(fx, true);
	fx->ctl_reply = 44;
	fx->ctl_status = -EBUSY;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_exec(fx);
	first = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	fx->ctl_status = 0;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_exec(fx);
	again = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_REPLAYED), 1);
	KUNIT_EXPECT_EQ(test, first->len, again->len);
	KUNIT_EXPECT_MEMEQ(test, sio_ctlt_body(first), sio_ctlt_body(again),
			   sizeof(struct sio_msg_ctl) + 44);
}

static void sio_ctl_req__is_being_executed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_expect(fx, SIO_MSG_CTL_BUSY, 0, 1);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	sio_ctlt_expect_silence(fx);
}

static void sio_ctl_req__out_of_order(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_exec(fx);
	sio_ctlt_rx_req(fx, 0, 2, SIO_CTL_NIC_MODE, 6, 50);
	sio_ctlt_exec(fx);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SLOT), 1);
	sio_ctlt_rx_req(fx, 0, 4, SIO_CTL_NIC_MODE, 6, 50);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SLOT), 2);
	sio_ctlt_rx_req(fx, SIO_CTL_SLOTS, 1, SIO_CTL_NIC_MODE, 6, 50);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SLOT), 3);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 2);
}

static void sio_ctl_req__beyond_the_credit(struct kunit *test)
{
	const u32 len = SIO_CTL_LEN_MAX - sizeof(struct sio_msg_ctl);
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, len);
	sio_ctlt_rx_req(fx, 1, 1, SIO_CTL_NIC_MODE, 6, len);
	KUNIT_EXPECT_EQ(test, fx->sess.exec_bytes, SIO_CTL_BYTES);
	sio_ctlt_rx_req(fx, 2, 1, SIO_CTL_PING, 0, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_CREDIT), 1);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.exec_bytes, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_EXECUTED), 2);
}

static void sio_ctl_req__no_memory(struct kunit *test)
{
	struct sio_msg_ctl ctl = { .op = cpu_to_le16(SIO_CTL_PING) };
	struct sio_msg_hdr hdr = {
		.type = SIO_MSG_CTL_REQ, .slot_seq = cpu_to_le32(1),
		.epoch = cpu_to_le32(SIO_FX_EPOCH),
	};
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	sio_nomem_begin(1);
	sio_ctl_msg(&fx->sess, fx->flow, &hdr, &ctl, sizeof(ctl));
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_NOMEM), 1);

	/* it did not come as far as being judged, so it may come again */
	sio_ctl_msg(&fx->sess, fx->flow, &hdr, &ctl, sizeof(ctl));
	sio_ctlt_exec(fx);
	sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
}

static void sio_ctl_req__in_the_clear(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_ctlt_msg(fx, SIO_MSG_CTL_REQ, 0, 1,
			   sizeof(struct sio_msg_ctl));
	sio_ctlt_body(msg)->op = cpu_to_le16(SIO_CTL_PING);
	msg->suite = SIO_SUITE_CLEAR;
	sio_ctlt_rx(fx, msg);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SUITE), 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_EXECUTED), 0);
}

static void sio_ctl_msg__of_an_old_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	msg = sio_ctlt_msg(fx, SIO_MSG_CTL_REQ, 0, 1,
			   sizeof(struct sio_msg_ctl));
	msg->epoch = cpu_to_le32(SIO_FX_EPOCH - 1);
	sio_ctlt_rx(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_EPOCH), 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.exec));
}

static void sio_ctl_msg__flow_is_not_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->state = SIO_FLOW_OPEN;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_PING, 0, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.exec));
}

/* A flow the session has let go of */
static void sio_ctl_msg__flow_of_before(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	mutex_lock(&fx->sess.mutex);
	RCU_INIT_POINTER(fx->sess.flows[0], NULL);
	mutex_unlock(&fx->sess.mutex);
	sio_flow_put(fx->flow);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_PING, 0, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.exec));
}

/* What was done counts for more than its details */
static void sio_ctl_execute__no_memory_for_the_answer(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, true);
	fx->ctl_reply = 44;
	fx->ctl_status = -EBUSY;
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	sio_nomem_begin(1);
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	msg = sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len),
			sizeof(*msg) + sizeof(struct sio_msg_ctl));
	KUNIT_EXPECT_EQ(test, le16_to_cpu(sio_ctlt_body(msg)->status), EBUSY);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 6, 50);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_REPLAYED), 1);
}

static struct kunit_case sio_ctl_req_cases[] = {
	KUNIT_CASE(sio_ctl_req__ping),
	KUNIT_CASE(sio_ctl_req__for_the_end),
	KUNIT_CASE(sio_ctl_req__refused_by_the_end),
	KUNIT_CASE(sio_ctl_req__goodbye),
	KUNIT_CASE(sio_ctl_req__replayed),
	KUNIT_CASE(sio_ctl_req__is_being_executed),
	KUNIT_CASE(sio_ctl_req__out_of_order),
	KUNIT_CASE(sio_ctl_req__beyond_the_credit),
	KUNIT_CASE(sio_ctl_req__no_memory),
	KUNIT_CASE(sio_ctl_req__in_the_clear),
	KUNIT_CASE(sio_ctl_msg__of_an_old_epoch),
	KUNIT_CASE(sio_ctl_msg__flow_is_not_up),
	KUNIT_CASE(sio_ctl_msg__flow_of_before),
	KUNIT_CASE(sio_ctl_execute__no_memory_for_the_answer),
	{}
};

static struct kunit_suite sio_ctl_req_suite = {
	.name = "ctl_req",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_ctl_req_cases,
};

kunit_test_suite(sio_ctl_req_suite);
