// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/serve.c: who is believed, who is refused. */

#include <kunit/test.h>

#include "fixture.h"
#include "serve_fix.h"

/* A hello is refused, and the session knows nothing of it */
static void sio_srv_refused(struct sio_fx *fx, struct sio_srv_guest *guest,
			    u8 why, u64 detail)
{
	sio_srv_hello(fx, guest);
	sio_srv_expect_refusal(fx, SIO_SUITE_CLEAR, why, detail);
	KUNIT_EXPECT_NULL(fx->test, rcu_access_pointer(fx->flow->sess));
	KUNIT_EXPECT_FALSE(fx->test, fx->flow->has_keys);
	KUNIT_EXPECT_EQ(fx->test, fx->sess.state, SIO_STATE_WAITING);
}

static void sio_serve_hello__answered(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->info.epoch = cpu_to_le32(41);
	guest->info.flows = cpu_to_le16(U16_MAX);
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(guest->back.epoch), 42);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(guest->back.features), SIO_FEAT_OURS);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(guest->back.flows), SIO_FLOWS_MAX);
	KUNIT_EXPECT_MEMEQ(test, guest->back.instance, fx->sess.instance,
			   SIO_ID_LEN);
	KUNIT_EXPECT_EQ(test, fx->flow->step, SIO_STEP_CONFIRM);
	/* nothing has begun before the guest has proved that it has the key */
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 0);
	KUNIT_EXPECT_EQ(test, fx->link->nr_embryos, 1);
}

static void sio_serve_hello__fewer_features(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->hello.offered = cpu_to_le64(SIO_FEAT_NIC | BIT_ULL(40));
	guest->info.features = guest->hello.offered;
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(guest->back.features), SIO_FEAT_NIC);
}

static void sio_serve_hello__unknown_name(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	strscpy(guest->hello.name, "vm2", sizeof(guest->hello.name));
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY, 0);
}

/* Which of the two is wrong is not said */
static void sio_serve_hello__wrong_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->key[31] ^= 1;
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY, 0);
}

static void sio_serve_hello__guest_without_a_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->hello.insecure = 1;
	memset(guest->key, 0, sizeof(guest->key));
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY_NEEDED, 0);
}

static void sio_serve_hello__guest_with_a_key_nobody_asked_for(struct kunit *t)
{
	struct sio_fx *fx = t->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_session_rekey(&fx->sess, NULL);
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY_NEEDED, 0);
}

static void sio_serve_hello__both_without_a_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_session_rekey(&fx->sess, NULL);
	guest->hello.insecure = 1;
	memset(guest->key, 0, sizeof(guest->key));
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
}

static void sio_serve_hello__neither_secure_nor_insecure(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_session_rekey(&fx->sess, NULL);
	guest->hello.insecure = 2;
	memset(guest->key, 0, sizeof(guest->key));
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY_NEEDED, 0);
}

static void sio_serve_hello__required_feature_is_unknown(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->hello.offered = cpu_to_le64(SIO_FEAT_OURS | BIT_ULL(40));
	guest->hello.required = cpu_to_le64(BIT_ULL(40));
	guest->info.features = guest->hello.offered;
	sio_srv_refused(fx, guest, SIO_REFUSE_FEATURE, BIT_ULL(40));
}

/* The clear part says less than the sealed one */
static void sio_serve_hello__downgraded(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->hello.offered = cpu_to_le64(SIO_FEAT_NIC);
	sio_srv_refused(fx, guest, SIO_REFUSE_FEATURE, 0);
}

/* Somebody on the way has changed the clear part */
static void sio_serve_hello__changed_on_the_way(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_fx_flow(fx, false);
	sio_srv_compose(fx, guest);
	((struct sio_msg_hello *)guest->body)->offered =
		cpu_to_le64(SIO_FEAT_NIC);
	sio_fx_rx_slow(fx, SIO_MSG_HELLO, guest->body, sizeof(guest->body));
	sio_srv_expect_refusal(fx, SIO_SUITE_CLEAR, SIO_REFUSE_KEY, 0);
}

static void sio_serve_hello__epoch_nobody_gets_to(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->info.epoch = cpu_to_le32(U32_MAX);
	sio_srv_refused(fx, guest, SIO_REFUSE_STALE, 0);
}

static void sio_serve_hello__session_is_being_removed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	fx->sess.state = SIO_STATE_CLOSING;
	sio_srv_hello(fx, guest);
	sio_srv_expect_refusal(fx, SIO_SUITE_CLEAR, SIO_REFUSE_KEY, 0);
}

static void sio_serve_hello__name_that_is_none(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	memset(guest->hello.name, 'x', sizeof(guest->hello.name));
	sio_srv_hello(fx, guest);
	KUNIT_EXPECT_NULL(test, sio_fx_next_msg(fx));
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_RESERVED), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_OPEN);
}

static void sio_serve_hello__reserved_bytes(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->hello.reserved[6] = 1;
	sio_srv_hello(fx, guest);
	KUNIT_EXPECT_NULL(test, sio_fx_next_msg(fx));
	KUNIT_EXPECT_EQ(test, sio_fx_link_count(fx, SIO_CNT_DROP_RESERVED), 1);
}

static void sio_serve_hello__nobody_listens(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_link_unlisten(fx->link);
	sio_srv_refused(fx, guest, SIO_REFUSE_KEY, 0);
}

/* The answer was lost: another one would fit none of what was said */
static void sio_serve_hello__again(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);
	struct sio_msg_hdr *first, *second;

	sio_srv_hello(fx, guest);
	first = sio_fx_next_msg(fx);
	sio_fx_rx_slow(fx, SIO_MSG_HELLO, guest->body, sizeof(guest->body));
	second = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	KUNIT_EXPECT_EQ(test, second->type, SIO_MSG_HELLO_ACK);
	KUNIT_EXPECT_MEMEQ(test, first + 1, second + 1, SIO_NOISE_MSG_LEN);
}

static void sio_serve_confirm__welcome(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_up(fx, 1);

	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, 1);
	KUNIT_EXPECT_EQ(test, fx->sess.mss, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, 3);
	KUNIT_EXPECT_EQ(test, fx->sess.peer, SIO_FX_RADDR);
	KUNIT_EXPECT_MEMEQ(test, fx->sess.join, guest->join, SIO_KEY_LEN);
	KUNIT_EXPECT_EQ(test, fx->link->nr_embryos, 0);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_UP);
}

static void sio_serve_confirm__size_is_believed_within_bounds(struct kunit *t)
{
	struct sio_fx *fx = t->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	sio_srv_confirm(fx, 1);
	KUNIT_EXPECT_EQ(t, fx->sess.mss, SIO_MTU_MIN - SIO_FRAME_HDR_LEN);
}

static void sio_serve_confirm__size_above_the_link_s(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	sio_srv_confirm(fx, U16_MAX);
	KUNIT_EXPECT_EQ(test, fx->sess.mss, SIO_FX_MSS);
}

static void sio_serve_confirm__again(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_srv_up(fx, 1);
	sio_srv_confirm(fx, SIO_FX_MSS);
	sio_srv_expect_welcome(fx, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_UPS), 1);
}

/* Two hellos at a time: the one that is confirmed later comes too late */
static void sio_serve_confirm__of_an_epoch_that_is_over(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	fx->sess.epoch = 1;
	sio_srv_confirm(fx, SIO_FX_MSS);
	sio_srv_expect_refusal(fx, SIO_SUITE_CHACHA, SIO_REFUSE_STALE, 0);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
}

static void sio_serve_confirm__session_is_being_removed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	fx->sess.state = SIO_STATE_CLOSING;
	sio_srv_confirm(fx, SIO_FX_MSS);
	KUNIT_EXPECT_NULL(test, sio_fx_next_msg(fx));
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(fx->sess.flows[0]));
}

static void sio_serve_poll__guest_is_silent(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_srv_up(fx, 1);
	sio_srv_poll(fx, fx->flow->last_rx_ns + SIO_SILENT_NS);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
	sio_srv_poll(fx, fx->flow->last_rx_ns + SIO_SILENT_NS + 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_PEER_SILENT);
	KUNIT_EXPECT_FALSE(test, sio_session_is_up(&fx->sess));
}

/* It said before why it would close the flow */
static void sio_serve_poll__guest_has_left(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_srv_up(fx, 1);
	fx->sess.goodbye = SIO_WHY_PEER_LEFT;
	rcu_read_lock();
	sio_flow_close(fx->flow, SIO_WHY_PEER_FIN);
	rcu_read_unlock();
	sio_srv_poll(fx, ktime_get_ns());
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_PEER_LEFT);
}

static void sio_serve_poll__nothing_to_look_at(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, sio_srv_poll(fx, ktime_get_ns()), U64_MAX);
}

/* As long as it came: that is what is being asked */
static void sio_serve_msg__probe(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_srv_guest *guest = sio_srv_guest(fx);
	u32 len = SIO_FX_MSS - sizeof(struct sio_msg_hdr);
	u8 *body = kunit_kzalloc(test, len, GFP_KERNEL);
	struct sio_msg_hdr *msg;

	KUNIT_ASSERT_NOT_NULL(test, body);
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	sio_fx_rx_slow(fx, SIO_MSG_PROBE, body, len);
	msg = sio_fx_next_msg(fx);
	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, msg->type, SIO_MSG_PROBE_ACK);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len), SIO_FX_MSS);
}

/* Only the back-end says that */
static void sio_serve_msg__welcome_from_a_guest(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_srv_up(fx, 1);
	sio_fx_rx_slow(fx, SIO_MSG_WELCOME, NULL, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
}

static struct kunit_case sio_serve_cases[] = {
	KUNIT_CASE(sio_serve_hello__answered),
	KUNIT_CASE(sio_serve_hello__fewer_features),
	KUNIT_CASE(sio_serve_hello__unknown_name),
	KUNIT_CASE(sio_serve_hello__wrong_key),
	KUNIT_CASE(sio_serve_hello__guest_without_a_key),
	KUNIT_CASE(sio_serve_hello__guest_with_a_key_nobody_asked_for),
	KUNIT_CASE(sio_serve_hello__both_without_a_key),
	KUNIT_CASE(sio_serve_hello__neither_secure_nor_insecure),
	KUNIT_CASE(sio_serve_hello__required_feature_is_unknown),
	KUNIT_CASE(sio_serve_hello__downgraded),
	KUNIT_CASE(sio_serve_hello__changed_on_the_way),
	KUNIT_CASE(sio_serve_hello__epoch_nobody_gets_to),
	KUNIT_CASE(sio_serve_hello__session_is_being_removed),
	KUNIT_CASE(sio_serve_hello__name_that_is_none),
	KUNIT_CASE(sio_serve_hello__reserved_bytes),
	KUNIT_CASE(sio_serve_hello__nobody_listens),
	KUNIT_CASE(sio_serve_hello__again),
	KUNIT_CASE(sio_serve_confirm__welcome),
	KUNIT_CASE(sio_serve_confirm__size_is_believed_within_bounds),
	KUNIT_CASE(sio_serve_confirm__size_above_the_link_s),
	KUNIT_CASE(sio_serve_confirm__again),
	KUNIT_CASE(sio_serve_confirm__of_an_epoch_that_is_over),
	KUNIT_CASE(sio_serve_confirm__session_is_being_removed),
	KUNIT_CASE(sio_serve_poll__guest_is_silent),
	KUNIT_CASE(sio_serve_poll__guest_has_left),
	KUNIT_CASE(sio_serve_poll__nothing_to_look_at),
	KUNIT_CASE(sio_serve_msg__probe),
	KUNIT_CASE(sio_serve_msg__welcome_from_a_guest),
	{}
};

static struct kunit_suite sio_serve_suite = {
	.name = "serve",
	.init = sio_srv_init,
	.exit = sio_fx_exit,
	.test_cases = sio_serve_cases,
};

kunit_test_suite(sio_serve_suite);
