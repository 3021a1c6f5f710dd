// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/dial.c: what a guest makes of the answers. */

#include <kunit/test.h>

#include "dial_fix.h"
#include "fixture.h"
#include "nomem.h"
#include "proto/seal.h"

static void sio_dial_hello_ack__keys_and_a_probe(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_greet(fx, 1);
	struct sio_msg_hdr *msg;

	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_GREETING);
	KUNIT_EXPECT_MEMEQ(test, back->tx, fx->flow->rx_key, SIO_KEY_LEN);
	KUNIT_EXPECT_MEMEQ(test, back->rx, fx->flow->tx_key, SIO_KEY_LEN);
	msg = sio_dl_expect(fx, SIO_MSG_PROBE);
	KUNIT_EXPECT_EQ(test, msg->suite, SIO_SUITE_CHACHA);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len), SIO_FX_MSS);
}

/* Not from who has the key: the true one may still come */
static void sio_dial_hello_ack__wrong_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);
	u8 body[SIO_NOISE_MSG_LEN];

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	memset(body, 0x55, sizeof(body));
	sio_fx_rx_slow(fx, SIO_MSG_HELLO_ACK, body, sizeof(body));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TAG), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_HELLO);
	KUNIT_EXPECT_FALSE(test, fx->flow->has_keys);
	sio_dl_answer(fx, back);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_PROBE);
	KUNIT_EXPECT_MEMEQ(test, back->tx, fx->flow->rx_key, SIO_KEY_LEN);
}

/* The back-end agreed on what was not offered */
static void sio_dial_hello_ack__feature_nobody_offered(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.features = cpu_to_le64(SIO_FEAT_OURS | BIT_ULL(40));
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	sio_dl_expect_failed(fx, SIO_WHY_FEATURE, SIO_DL_LATER_NS);
	KUNIT_EXPECT_EQ(test, fx->sess.detail, BIT_ULL(40));
}

static void sio_dial_hello_ack__twice(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u8 body[SIO_NOISE_MSG_LEN] = {};

	sio_dl_greet(fx, 1);
	sio_fx_rx_slow(fx, SIO_MSG_HELLO_ACK, body, sizeof(body));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_PROBE);
}

static void sio_dl_expect_probe(struct sio_fx *fx, u32 mss)
{
	struct sio_msg_hdr *msg = sio_dl_expect(fx, SIO_MSG_PROBE);

	KUNIT_EXPECT_EQ(fx->test, le32_to_cpu(msg->len), mss);
}

static void sio_dial_hello_ack__link_over_there_is_narrower(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.mss = cpu_to_le16(1448);
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	sio_dl_expect_probe(fx, 1448);
}

static void sio_dial_hello_ack__no_link_is_so_narrow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.mss = 0;
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	sio_dl_expect_probe(fx, SIO_MTU_MIN - SIO_FRAME_HDR_LEN);
}

/* A switch swallows what is too long: smaller ones are tried, down to the least */
static void sio_dial_probe__smaller_and_smaller(struct kunit *test)
{
	static const u32 mtus[] = { 9000, 4000, 1500, 1450, 1400, SIO_MTU_MIN };
	struct sio_fx *fx = test->priv;
	int i;

	sio_dl_greet(fx, 1);
	for (i = 0; i < ARRAY_SIZE(mtus); i++) {
		sio_dl_expect_probe(fx, mtus[i] - SIO_FRAME_HDR_LEN);
		sio_dl_time_out(fx);
		sio_dl_expect_probe(fx, mtus[i] - SIO_FRAME_HDR_LEN);
		sio_dl_time_out(fx);
	}
	sio_dl_expect_failed(fx, SIO_WHY_MTU, SIO_DL_SOON_NS);
}

static void sio_dial_probe__the_size_that_passed(struct kunit *test)
{
	const struct sio_msg_confirm *confirm;
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_dl_greet(fx, 1);
	sio_dl_time_out(fx);
	sio_dl_time_out(fx);
	sio_fx_left(fx);
	/* an answer to the long one came after all, but too late */
	sio_dl_probe_ack(fx, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_PROBE);
	sio_dl_probe_ack(fx, 4000 - SIO_FRAME_HDR_LEN);
	msg = sio_dl_expect(fx, SIO_MSG_CONFIRM);
	KUNIT_EXPECT_EQ(test, msg->suite, SIO_SUITE_CHACHA);
	confirm = (const struct sio_msg_confirm *)(msg + 1);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(confirm->mss),
			4000 - SIO_FRAME_HDR_LEN);
	sio_dl_welcome(fx, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.mss, 4000 - SIO_FRAME_HDR_LEN);
}

static void sio_dial_probe__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.mss = cpu_to_le16(1448);
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	sio_fx_left(fx);
	sio_nomem_begin(1);
	sio_dl_time_out(fx);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_PROBE);
	KUNIT_EXPECT_EQ(test, fx->flow->step_tries, 2);
}

static void sio_dial_confirm__no_welcome(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int i;

	sio_dl_greet(fx, 1);
	sio_dl_probe_ack(fx, SIO_FX_MSS);
	sio_fx_left(fx);
	for (i = 1; i < 6; i++) {
		sio_dl_time_out(fx);
		sio_dl_expect(fx, SIO_MSG_CONFIRM);
	}
	sio_dl_time_out(fx);
	sio_dl_expect_failed(fx, SIO_WHY_NO_HELLO_ANSWER, SIO_DL_SOON_NS);
}

static void sio_dial_welcome__up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_up(fx, 1);

	KUNIT_EXPECT_EQ(test, fx->sess.epoch, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.mss, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->sess.features, SIO_FEAT_OURS);
	KUNIT_EXPECT_MEMEQ(test, fx->sess.join, back->join, SIO_KEY_LEN);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_UP);
	KUNIT_EXPECT_TRUE(test, sio_session_is_up(&fx->sess));
}

static void sio_dial_welcome__of_another_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_greet(fx, 1);
	sio_dl_probe_ack(fx, SIO_FX_MSS);
	sio_dl_welcome(fx, SIO_FX_EPOCH + 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_EPOCH), 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_GREETING);
}

static void sio_dial_welcome__before_the_confirm(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_greet(fx, 1);
	sio_dl_welcome(fx, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_GREETING);
}

static void sio_dl_refuse(struct sio_fx *fx, u8 why, u8 suite)
{
	struct sio_msg_hdr *msg;
	struct sio_msg_refuse *refuse;

	msg = sio_fx_msg(fx, SIO_MSG_REFUSE, sizeof(*refuse));
	refuse = (struct sio_msg_refuse *)(msg + 1);
	refuse->why = why;
	refuse->detail = cpu_to_le64(99);
	msg->suite = suite;
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

/* Each reason of the wire has one that people read, and its patience */
static void sio_dial_refuse__reasons(struct kunit *test)
{
	static const struct {
		u8 refuse;
		u8 why;
		u64 pause;
	} cases[] = {
		{ SIO_REFUSE_KEY, SIO_WHY_BAD_KEY, SIO_DL_LATER_NS },
		{ SIO_REFUSE_KEY_NEEDED, SIO_WHY_KEY_NEEDED, SIO_DL_LATER_NS },
		{ SIO_REFUSE_VERSION, SIO_WHY_VERSION, SIO_DL_LATER_NS },
		{ SIO_REFUSE_FEATURE, SIO_WHY_FEATURE, SIO_DL_LATER_NS },
		{ SIO_REFUSE_CLONE, SIO_WHY_CLONE, SIO_DL_LATER_NS },
		{ SIO_REFUSE_BUSY, SIO_WHY_BUSY, SIO_DL_SOON_NS },
		{ SIO_REFUSE_STALE, SIO_WHY_STARTING, SIO_DL_SOON_NS },
		{ SIO_REFUSE_MTU, SIO_WHY_MTU, SIO_DL_SOON_NS },
		{ SIO_REFUSE_NR, SIO_WHY_NO_HELLO_ANSWER, SIO_DL_SOON_NS },
		{ 0, SIO_WHY_NO_HELLO_ANSWER, SIO_DL_SOON_NS },
		{ 255, SIO_WHY_NO_HELLO_ANSWER, SIO_DL_SOON_NS },
	};
	struct sio_fx *fx = test->priv;
	int i;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		sio_dl_open(fx);
		sio_dl_refuse(fx, cases[i].refuse, SIO_SUITE_CLEAR);
		sio_dl_expect_failed(fx, cases[i].why, cases[i].pause);
		KUNIT_EXPECT_EQ(test, fx->sess.detail, 99);
		sio_dl_begin_again(fx);
	}
}

/* With keys there is no excuse for not using them */
static void sio_dial_refuse__in_the_clear_with_keys(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_greet(fx, 1);
	sio_dl_refuse(fx, SIO_REFUSE_KEY, SIO_SUITE_CLEAR);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_GREETING);
	sio_dl_refuse(fx, SIO_REFUSE_CLONE, SIO_SUITE_CHACHA);
	sio_dl_expect_failed(fx, SIO_WHY_CLONE, SIO_DL_LATER_NS);
}

/* It is up, and nobody can talk it down */
static void sio_dial_refuse__once_it_is_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_up(fx, 1);
	sio_dl_refuse(fx, SIO_REFUSE_CLONE, SIO_SUITE_CHACHA);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
}

static void sio_dial_msg__only_guests_say_that(struct kunit *test)
{
	struct sio_msg_confirm confirm = {};
	struct sio_fx *fx = test->priv;

	sio_dl_up(fx, 1);
	sio_fx_rx_slow(fx, SIO_MSG_CONFIRM, &confirm, sizeof(confirm));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
}

/* A second flow has sent its SYN, and is the fixture's from now on */
static struct sio_dl_back *sio_dl_second(struct sio_fx *fx)
{
	struct sio_dl_back *back = sio_dl_up(fx, 2);
	struct sio_flow *first = fx->flow;

	sio_dl_poll(fx, ktime_get_ns());
	KUNIT_ASSERT_NOT_NULL(fx->test, sio_dl_flow(fx, 1));
	KUNIT_EXPECT_PTR_EQ(fx->test, sio_dl_flow(fx, 0), first);
	sio_fx_hold(fx, sio_dl_flow(fx, 1));
	KUNIT_EXPECT_EQ(fx->test, fx->flow->idx, 1);
	sio_dl_open(fx);
	return back;
}

/* JOIN_ACK to the JOIN that was sent, its proof changed by @flip */
static void sio_dl_join_ack(struct sio_fx *fx, u8 flip)
{
	struct sio_msg_hdr *msg = sio_dl_expect(fx, SIO_MSG_JOIN);
	struct sio_msg_join join, ack;

	memcpy(&join, msg + 1, sizeof(join));
	KUNIT_EXPECT_EQ(fx->test, 0,
			sio_seal_join_check(fx->sess.join, &join, NULL));
	KUNIT_EXPECT_EQ(fx->test, le16_to_cpu(join.flow), 1);
	KUNIT_EXPECT_EQ(fx->test, le32_to_cpu(join.epoch), SIO_FX_EPOCH);
	ack = join;
	memset(ack.nonce, 0x43, sizeof(ack.nonce));
	sio_seal_join_mac(fx->sess.join, &ack, join.nonce, ack.mac);
	ack.mac[0] ^= flip;
	sio_fx_rx_slow(fx, SIO_MSG_JOIN_ACK, &ack, sizeof(ack));
}

static void sio_dial_join__one_more_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_second(fx);
	sio_dl_join_ack(fx, 0);
	sio_dl_expect(fx, SIO_MSG_CONFIRM);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 1);
	sio_dl_welcome(fx, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 2);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_UPS), 1);
}

static void sio_dial_join__wrong_proof(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_second(fx);
	sio_dl_join_ack(fx, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TAG), 1);
	KUNIT_EXPECT_FALSE(test, fx->flow->has_keys);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_HELLO);
}

/* Those that are up serve as well */
static void sio_dial_join__no_more_to_be_had(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_second(fx);
	sio_dl_refuse(fx, SIO_REFUSE_KEY, SIO_SUITE_CLEAR);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, 1);
	KUNIT_EXPECT_NULL(test, sio_dl_flow(fx, 1));
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 1);
}

static void sio_dial_join__no_answer(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int i;

	sio_dl_second(fx);
	for (i = 0; i < 4; i++)
		sio_dl_time_out(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, 1);
	KUNIT_EXPECT_NULL(test, sio_dl_flow(fx, 1));
}

/* The other side knows of one flow only */
static void sio_dial_join__not_agreed_on(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_up(fx, 2);
	fx->sess.features &= ~SIO_FEAT_FLOWS;
	sio_dl_poll(fx, ktime_get_ns());
	KUNIT_EXPECT_NULL(test, sio_dl_flow(fx, 1));
}

static struct kunit_case sio_dial_answer_cases[] = {
	KUNIT_CASE(sio_dial_hello_ack__keys_and_a_probe),
	KUNIT_CASE(sio_dial_hello_ack__wrong_key),
	KUNIT_CASE(sio_dial_hello_ack__feature_nobody_offered),
	KUNIT_CASE(sio_dial_hello_ack__twice),
	KUNIT_CASE(sio_dial_hello_ack__link_over_there_is_narrower),
	KUNIT_CASE(sio_dial_hello_ack__no_link_is_so_narrow),
	KUNIT_CASE(sio_dial_probe__smaller_and_smaller),
	KUNIT_CASE(sio_dial_probe__the_size_that_passed),
	KUNIT_CASE(sio_dial_probe__no_memory),
	KUNIT_CASE(sio_dial_confirm__no_welcome),
	KUNIT_CASE(sio_dial_welcome__up),
	KUNIT_CASE(sio_dial_welcome__of_another_epoch),
	KUNIT_CASE(sio_dial_welcome__before_the_confirm),
	KUNIT_CASE(sio_dial_refuse__reasons),
	KUNIT_CASE(sio_dial_refuse__in_the_clear_with_keys),
	KUNIT_CASE(sio_dial_refuse__once_it_is_up),
	KUNIT_CASE(sio_dial_msg__only_guests_say_that),
	KUNIT_CASE(sio_dial_join__one_more_flow),
	KUNIT_CASE(sio_dial_join__wrong_proof),
	KUNIT_CASE(sio_dial_join__no_more_to_be_had),
	KUNIT_CASE(sio_dial_join__no_answer),
	KUNIT_CASE(sio_dial_join__not_agreed_on),
	{}
};

static struct kunit_suite sio_dial_answer_suite = {
	.name = "dial_answer",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_dial_answer_cases,
};

kunit_test_suite(sio_dial_answer_suite);
