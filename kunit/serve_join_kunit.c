// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/serve.c: more flows of a session. */

#include <kunit/test.h>

#include "fixture.h"
#include "proto/seal.h"
#include "serve_fix.h"

/* A JOIN for flow @idx of the session that is up, with the right proof */
static void sio_srv_join(struct sio_fx *fx, struct sio_msg_join *join, u16 idx)
{
	memset(join, 0, sizeof(*join));
	strscpy(join->name, SIO_FX_NAME, sizeof(join->name));
	join->epoch = cpu_to_le32(fx->sess.epoch);
	join->flow = cpu_to_le16(idx);
	memset(join->nonce, 0x41, sizeof(join->nonce));
	sio_seal_join_mac(fx->sess.join, join, NULL, join->mac);
	fx->rport = htons(40001);
	sio_fx_flow(fx, false);
}

static void sio_srv_join_refused(struct sio_fx *fx, struct sio_msg_join *join,
				 u8 why)
{
	sio_fx_rx_slow(fx, SIO_MSG_JOIN, join, sizeof(*join));
	sio_srv_expect_refusal(fx, SIO_SUITE_CLEAR, why, 0);
	KUNIT_EXPECT_NULL(fx->test, rcu_access_pointer(fx->flow->sess));
}

static void sio_serve_join__answered_and_welcome(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	const struct sio_msg_join *ack;
	u8 tx[SIO_KEY_LEN], rx[SIO_KEY_LEN];
	struct sio_msg_join join;
	struct sio_msg_hdr *msg;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	sio_fx_rx_slow(fx, SIO_MSG_JOIN, &join, sizeof(join));
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_ASSERT_EQ(test, msg->type, SIO_MSG_JOIN_ACK);
	ack = (const struct sio_msg_join *)(msg + 1);
	KUNIT_EXPECT_EQ(test, 0, sio_seal_join_check(fx->sess.join, ack,
						     join.nonce));
	sio_seal_join_keys(fx->sess.join, join.nonce, ack->nonce, true, tx, rx);
	KUNIT_EXPECT_MEMEQ(test, tx, fx->flow->rx_key, SIO_KEY_LEN);
	KUNIT_EXPECT_MEMEQ(test, rx, fx->flow->tx_key, SIO_KEY_LEN);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 1);
	sio_srv_confirm(fx, SIO_FX_MSS);
	sio_srv_expect_welcome(fx, 1);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 2);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 1);
}

static void sio_serve_join__again(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *first, *second;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	sio_fx_rx_slow(fx, SIO_MSG_JOIN, &join, sizeof(join));
	first = sio_fx_next_msg(fx);
	sio_fx_rx_slow(fx, SIO_MSG_JOIN, &join, sizeof(join));
	second = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	KUNIT_EXPECT_MEMEQ(test, first + 1, second + 1, sizeof(join));
}

static void sio_serve_join__wrong_proof(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	join.mac[0] ^= 1;
	sio_srv_join_refused(fx, &join, SIO_REFUSE_KEY);
}

static void sio_serve_join__of_an_old_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	join.epoch = 0;
	sio_seal_join_mac(fx->sess.join, &join, NULL, join.mac);
	sio_srv_join_refused(fx, &join, SIO_REFUSE_STALE);
}

static void sio_serve_join__more_flows_than_granted(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 3);
	sio_srv_join_refused(fx, &join, SIO_REFUSE_KEY);
}

static void sio_serve_join__as_the_first_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 0);
	sio_srv_join_refused(fx, &join, SIO_REFUSE_KEY);
}

static void sio_serve_join__session_is_not_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_join(fx, &join, 1);
	sio_srv_join_refused(fx, &join, SIO_REFUSE_STALE);
}

static void sio_serve_join__unknown_name(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	strscpy(join.name, "vm2", sizeof(join.name));
	sio_srv_join_refused(fx, &join, SIO_REFUSE_STALE);
}

/* The session went down and up between JOIN and CONFIRM */
static void sio_serve_confirm__of_a_join_that_is_over(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_join join;

	sio_srv_up(fx, 1);
	sio_srv_join(fx, &join, 1);
	sio_fx_rx_slow(fx, SIO_MSG_JOIN, &join, sizeof(join));
	sio_fx_left(fx);
	fx->sess.epoch++;
	sio_srv_confirm(fx, SIO_FX_MSS);
	sio_srv_expect_refusal(fx, SIO_SUITE_CHACHA, SIO_REFUSE_STALE, 0);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 1);
}

static struct kunit_case sio_serve_join_cases[] = {
	KUNIT_CASE(sio_serve_join__answered_and_welcome),
	KUNIT_CASE(sio_serve_join__again),
	KUNIT_CASE(sio_serve_join__wrong_proof),
	KUNIT_CASE(sio_serve_join__of_an_old_epoch),
	KUNIT_CASE(sio_serve_join__more_flows_than_granted),
	KUNIT_CASE(sio_serve_join__as_the_first_flow),
	KUNIT_CASE(sio_serve_join__session_is_not_up),
	KUNIT_CASE(sio_serve_join__unknown_name),
	KUNIT_CASE(sio_serve_confirm__of_a_join_that_is_over),
	{}
};

static struct kunit_suite sio_serve_join_suite = {
	.name = "serve_join",
	.init = sio_srv_init,
	.exit = sio_fx_exit,
	.test_cases = sio_serve_join_cases,
};

kunit_test_suite(sio_serve_join_suite);
