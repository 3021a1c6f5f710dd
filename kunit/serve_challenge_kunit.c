// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/serve.c: who takes over. */

#include <kunit/test.h>

#include "fixture.h"
#include "serve_fix.h"

/* The session is up; a guest says hello and confirms on another flow */
static struct sio_flow *sio_srv_second(struct sio_fx *fx, bool is_clone)
{
	struct sio_srv_guest *guest = sio_srv_guest(fx);
	struct sio_flow *old;

	sio_srv_up(fx, 1);
	old = fx->flow;
	sio_flow_get(old);
	guest->info.epoch = cpu_to_le32(1);
	guest->info.instance[0] ^= is_clone;
	fx->rport = htons(40001);
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	sio_srv_confirm(fx, SIO_FX_MSS);
	return old;
}

static void sio_serve_confirm__same_instance_takes_over(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, false);

	sio_srv_expect_welcome(fx, 2);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 2);
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(fx->sess.flows[0]),
			    fx->flow);
	sio_flow_put(old);
}

/* A cloned VM: the one that is there is asked whether it still is */
static void sio_serve_challenge__old_one_is_asked(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, true);
	struct sio_seg seg = {};

	while (sio_fx_next(fx, &seg) && seg.dport != SIO_FX_RPORT)
		;
	KUNIT_EXPECT_EQ(test, seg.dport, SIO_FX_RPORT);
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, sio_seq_of(&old->tx, old->tx.nxt) - 1);
	KUNIT_EXPECT_PTR_EQ(test, fx->sess.challenger, fx->flow);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 1);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_UP);
	sio_flow_put(old);
}

static void sio_serve_challenge__old_one_answers(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, true);

	old->last_rx_ns = fx->sess.challenge_ns + 1;
	sio_srv_poll(fx, fx->sess.challenge_ns + 2);
	sio_srv_expect_refusal(fx, SIO_SUITE_CHACHA, SIO_REFUSE_CLONE, 0);
	KUNIT_EXPECT_NULL(test, fx->sess.challenger);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 1);
	sio_flow_put(old);
}

static void sio_serve_challenge__old_one_is_given_time(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, true);
	u64 end = fx->sess.challenge_ns + SIO_CHALLENGE_NS;

	KUNIT_EXPECT_EQ(test, sio_srv_poll(fx, end - 1), end);
	KUNIT_EXPECT_PTR_EQ(test, fx->sess.challenger, fx->flow);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_UP);
	sio_flow_put(old);
}

static void sio_serve_challenge__old_one_is_silent(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, true);

	sio_srv_poll(fx, fx->sess.challenge_ns + SIO_CHALLENGE_NS);
	sio_srv_expect_welcome(fx, 2);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 2);
	KUNIT_EXPECT_NULL(test, fx->sess.challenger);
	sio_flow_put(old);
}

static void sio_serve_challenge__new_one_went_away(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *old = sio_srv_second(fx, true);

	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_PEER_RST);
	rcu_read_unlock();
	sio_srv_poll(fx, fx->sess.challenge_ns + SIO_CHALLENGE_NS);
	KUNIT_EXPECT_EQ(test, old->state, SIO_FLOW_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 1);
	KUNIT_EXPECT_NULL(test, fx->sess.challenger);
	sio_flow_put(old);
}

static struct kunit_case sio_serve_challenge_cases[] = {
	KUNIT_CASE(sio_serve_confirm__same_instance_takes_over),
	KUNIT_CASE(sio_serve_challenge__old_one_is_asked),
	KUNIT_CASE(sio_serve_challenge__old_one_answers),
	KUNIT_CASE(sio_serve_challenge__old_one_is_given_time),
	KUNIT_CASE(sio_serve_challenge__old_one_is_silent),
	KUNIT_CASE(sio_serve_challenge__new_one_went_away),
	{}
};

static struct kunit_suite sio_serve_challenge_suite = {
	.name = "serve_challenge",
	.init = sio_srv_init,
	.exit = sio_fx_exit,
	.test_cases = sio_serve_challenge_cases,
};

kunit_test_suite(sio_serve_challenge_suite);
