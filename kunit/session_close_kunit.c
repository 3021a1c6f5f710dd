// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/session.c: the end. */

#include <kunit/test.h>
#include <linux/iopoll.h>

#include "fixture.h"
#include "nomem.h"

/* Deadline for what another thread is to do, in microseconds */
#define SIO_SEST_WAIT_US	(10 * USEC_PER_SEC)

static void sio_session_close__never_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_session_close(&fx->sess, false);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_CLOSING);
	KUNIT_EXPECT_TRUE(test, fx->sess.is_closed);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static void sio_session_close__gives_the_link_back(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dial_param param = {
		.ifindex = fx->dev->ifindex, .peer = SIO_FX_RADDR,
		.peer_port = SIO_FX_RPORT, .flows = 1,
	};

	KUNIT_EXPECT_EQ(test, sio_session_dial(&fx->sess, &param, NULL), 0);
	KUNIT_EXPECT_EQ(test, fx->link->users, 2);
	sio_session_close(&fx->sess, false);
	KUNIT_EXPECT_EQ(test, fx->link->users, 1);
	KUNIT_EXPECT_NULL(test, fx->sess.link);
}

static void sio_session_close__another_instance_waits(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *flow = sio_fx_flow(fx, false);

	sio_flow_get(flow);
	fx->sess.challenger = flow;
	sio_session_close(&fx->sess, false);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_NULL(test, fx->sess.challenger);
}

/**
 * struct sio_sest_far - the other side, at work while this one waits
 * @work: runs once
 * @fx: whose other side it is
 * @op: request that came
 * @arg: its argument
 */
struct sio_sest_far {
	struct work_struct work;
	struct sio_fx *fx;
	u16 op;
	u16 arg;
};

/* Wait for a request and answer it */
static void sio_sest_answer(struct work_struct *work)
{
	struct sio_sest_far *far = container_of(work, struct sio_sest_far,
						work);
	struct sio_fx *fx = far->fx;
	struct sio_msg_hdr *msg;
	struct sio_msg_ctl ctl;
	bool there;

	if (read_poll_timeout(list_empty, there, !there, 1000,
			      SIO_SEST_WAIT_US, false, &fx->sess.ctl_new))
		return;
	mutex_lock(&fx->sess.mutex);
	__sio_ctl_poll(&fx->sess, ktime_get_ns());
	mutex_unlock(&fx->sess.mutex);
	msg = sio_fx_next_msg(fx);
	if (!msg)
		return;
	memcpy(&ctl, msg + 1, sizeof(ctl));
	far->op = le16_to_cpu(ctl.op);
	far->arg = le16_to_cpu(ctl.arg);
	msg = sio_fx_msg(fx, SIO_MSG_CTL_RSP, sizeof(ctl));
	memcpy(msg + 1, &ctl, sizeof(ctl));
	msg->slot_seq = cpu_to_le32(1);
	msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

static void sio_session_close__says_goodbye(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_sest_far far = { .fx = fx };
	struct sio_seg seg;

	sio_fx_up(fx, false);
	INIT_WORK_ONSTACK(&far.work, sio_sest_answer);
	schedule_work(&far.work);
	sio_session_close(&fx->sess, true);
	flush_work(&far.work);
	destroy_work_on_stack(&far.work);
	KUNIT_EXPECT_EQ(test, far.op, SIO_CTL_GOODBYE);
	KUNIT_EXPECT_EQ(test, far.arg, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_ANSWERED), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_FIN | SIO_TCP_ACK);
}

/* Nobody answers: the end does not wait for ever */
static void sio_session_close__goodbye_without_answer(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_session_close(&fx->sess, false);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.ctl_new));
}

static void sio_session_close__no_memory_for_a_goodbye(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_nomem_begin(1);
	sio_session_close(&fx->sess, false);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_SENT), 0);
}

static void sio_session_kick__after_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	enable_work(&fx->sess.work);
	sio_session_close(&fx->sess, false);
	sio_session_kick(&fx->sess);
	KUNIT_EXPECT_FALSE(test, work_busy(&fx->sess.work));
}

static struct kunit_case sio_session_close_cases[] = {
	KUNIT_CASE(sio_session_close__never_up),
	KUNIT_CASE(sio_session_close__gives_the_link_back),
	KUNIT_CASE(sio_session_close__another_instance_waits),
	KUNIT_CASE(sio_session_close__says_goodbye),
	KUNIT_CASE(sio_session_close__goodbye_without_answer),
	KUNIT_CASE(sio_session_close__no_memory_for_a_goodbye),
	KUNIT_CASE(sio_session_kick__after_the_end),
	{}
};

static struct kunit_suite sio_session_close_suite = {
	.name = "session_close",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_session_close_cases,
};

kunit_test_suite(sio_session_close_suite);
