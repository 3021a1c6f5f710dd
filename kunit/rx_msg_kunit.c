// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/rx.c: messages, and what comes of time. */

#include <kunit/test.h>

#include "fixture.h"
#include "nomem.h"
#include "rx_fix.h"

static void sio_rx_msg__lies_about_its_offset(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	msg->offset = cpu_to_le64(1ULL << 40);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_OFFSET), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

static void sio_rx_msg__of_an_old_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	msg->epoch = cpu_to_le32(SIO_FX_EPOCH - 1);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_EPOCH), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

static void sio_rx_msg__packet_before_the_welcome(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_flow(fx, false);
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

static void sio_rx_msg__unknown_type(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	msg->type = SIO_MSG_NR - 1;
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TYPE), 1);
}

static void sio_rx_msg__sealed_before_there_are_keys(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_flow(fx, false);
	msg = sio_fx_msg(fx, SIO_MSG_CONFIRM, sizeof(struct sio_msg_confirm));
	msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_TAG), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->flow->slow), 0);
}

static void sio_rx_msg__too_many_wait(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	int i;

	sio_fx_up(fx, false);
	for (i = 0; i <= SIO_SLOW_MAX; i++) {
		msg = sio_fx_msg(fx, SIO_MSG_PROBE, 0);
		msg->suite = SIO_SUITE_CHACHA;
		sio_fx_rx_msg(fx, msg);
	}
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->flow->slow), SIO_SLOW_MAX);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_FULL), 1);
}

/* Whoever speaks another version shall hear why he gets no answer */
static void sio_rx_slow__another_version(struct kunit *test)
{
	const struct sio_msg_refuse *refuse;
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_flow(fx, false);
	msg = sio_fx_msg(fx, SIO_MSG_HELLO, 100);
	msg->version = SIO_PROTO_VERSION + 1;
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_VERSION), 1);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->type, SIO_MSG_REFUSE);
	refuse = (const struct sio_msg_refuse *)(msg + 1);
	KUNIT_EXPECT_EQ(test, refuse->why, SIO_REFUSE_VERSION);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(refuse->detail), SIO_PROTO_VERSION);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
}

/* Once the flow is up there is nothing to explain any more */
static void sio_rx_msg__another_version_later(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	msg->version = SIO_PROTO_VERSION + 1;
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_VERSION), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_UP);
}

static void sio_rx_slow__sealed_with_another_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u8 key[SIO_KEY_LEN];
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	memcpy(key, fx->flow->rx_key, sizeof(key));
	fx->flow->rx_key[0] ^= 1;
	msg = sio_fx_msg(fx, SIO_MSG_PROBE, 100);
	msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	memcpy(fx->flow->rx_key, key, sizeof(key));
	sio_rx_slow(fx->flow);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_TAG), 1);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_slow__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_msg(fx, SIO_MSG_PROBE, 100);
	msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	sio_nomem_begin(1);
	sio_rx_slow(fx->flow);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_NOMEM), 1);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_slow__flow_died_meanwhile(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	msg = sio_fx_msg(fx, SIO_MSG_PROBE, 100);
	msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	sio_rx_slow(fx->flow);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->flow->slow), 0);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_timer__acknowledges_what_waits(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	sio_rxt_expect_silence(fx);
	KUNIT_EXPECT_FALSE(test, sio_fx_timer(fx->flow));
	KUNIT_EXPECT_EQ(test, sio_rxt_expect_ack(fx).ack,
			sio_seq_of(&fx->far, fx->far.nxt));
}

static void sio_rx_timer__nothing_owed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	KUNIT_EXPECT_FALSE(test, sio_fx_timer(fx->flow));
	sio_rxt_expect_silence(fx);
}

static void sio_rx_timer__gap_grows_old(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	fx->far.nxt = 1000;
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	sio_rxt_expect_ack(fx);
	KUNIT_EXPECT_TRUE(test, sio_fx_timer(fx->flow));
	KUNIT_EXPECT_EQ(test, sio_rxt_expect_ack(fx).nr_sacks, 1);

	fx->flow->rx.ranges[0].gap_ns -= NSEC_PER_SEC;
	KUNIT_EXPECT_FALSE(test, sio_fx_timer(fx->flow));
	seg = sio_rxt_expect_ack(fx);
	KUNIT_EXPECT_EQ(test, seg.nr_sacks, 0);
	KUNIT_EXPECT_EQ(test, seg.ack, sio_seq_of(&fx->far, fx->far.nxt));
}

static void sio_rx_timer__end_of_lingering(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	rcu_read_lock();
	sio_flow_close(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, fx->link->nr_flows, 1);
	KUNIT_EXPECT_FALSE(test, sio_fx_timer(fx->flow));
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, fx->link->nr_flows, 0);
}

static void sio_rx_timer__young_embryo(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_flow(fx, false);
	KUNIT_EXPECT_TRUE(test, sio_fx_timer(fx->flow));
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_OPEN);
}

static void sio_rx_timer__embryo_that_never_said_a_word(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_flow(fx, false);
	fx->flow->born_ns -= SIO_EMBRYO_NS + 1;
	KUNIT_EXPECT_FALSE(test, sio_fx_timer(fx->flow));
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, fx->link->nr_embryos, 0);
}

static struct kunit_case sio_rx_msg_cases[] = {
	KUNIT_CASE(sio_rx_msg__lies_about_its_offset),
	KUNIT_CASE(sio_rx_msg__of_an_old_epoch),
	KUNIT_CASE(sio_rx_msg__packet_before_the_welcome),
	KUNIT_CASE(sio_rx_msg__unknown_type),
	KUNIT_CASE(sio_rx_msg__sealed_before_there_are_keys),
	KUNIT_CASE(sio_rx_msg__too_many_wait),
	KUNIT_CASE(sio_rx_slow__another_version),
	KUNIT_CASE(sio_rx_msg__another_version_later),
	KUNIT_CASE(sio_rx_slow__sealed_with_another_key),
	KUNIT_CASE(sio_rx_slow__no_memory),
	KUNIT_CASE(sio_rx_slow__flow_died_meanwhile),
	KUNIT_CASE(sio_rx_timer__acknowledges_what_waits),
	KUNIT_CASE(sio_rx_timer__nothing_owed),
	KUNIT_CASE(sio_rx_timer__gap_grows_old),
	KUNIT_CASE(sio_rx_timer__end_of_lingering),
	KUNIT_CASE(sio_rx_timer__young_embryo),
	KUNIT_CASE(sio_rx_timer__embryo_that_never_said_a_word),
	{}
};

static struct kunit_suite sio_rx_msg_suite = {
	.name = "rx_msg",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_rx_msg_cases,
};

kunit_test_suite(sio_rx_msg_suite);
