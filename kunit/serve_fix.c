// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/serve.c share: a guest that says hello. */
#include <kunit/test.h>

#include "serve_fix.h"

/* The listener's lookup has no argument of ours */
static struct sio_fx *sio_srv_fx;

static struct sio_session *sio_srv_lookup(struct net *net, const char *name)
{
	if (strcmp(name, SIO_FX_NAME))
		return NULL;
	sio_session_get(&sio_srv_fx->sess);
	return &sio_srv_fx->sess;
}

/**
 * sio_srv_init() - make a link that listens
 * @test: gets a struct sio_fx as its priv
 *
 * Return: 0 or a negative errno.
 */
int sio_srv_init(struct kunit *test)
{
	struct sio_fx *fx;
	int err;

	err = sio_fx_init(test);
	if (err)
		return err;
	fx = test->priv;
	sio_srv_fx = fx;
	return sio_link_listen(fx->link, SIO_PORT_DEFAULT, sio_srv_lookup,
			       NULL);
}

/**
 * sio_srv_guest() - a guest that does everything right
 * @fx: has a session
 *
 * Return: the guest; lives as long as the test.
 */
struct sio_srv_guest *sio_srv_guest(struct sio_fx *fx)
{
	struct sio_srv_guest *guest;

	guest = kunit_kzalloc(fx->test, sizeof(*guest), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, guest);
	strscpy(guest->hello.name, SIO_FX_NAME, sizeof(guest->hello.name));
	guest->hello.offered = cpu_to_le64(SIO_FEAT_OURS);
	sio_fx_hello_info(&guest->info);
	guest->info.epoch = 0;
	memcpy(guest->key, fx->sess.key, sizeof(guest->key));
	return guest;
}

/**
 * sio_srv_compose() - write the guest's hello
 * @fx: has a session
 * @guest: the guest
 */
void sio_srv_compose(struct sio_fx *fx, struct sio_srv_guest *guest)
{
	u8 eph[SIO_DH_LEN];

	memset(eph, 0x31, sizeof(eph));
	memcpy(guest->body, &guest->hello, sizeof(guest->hello));
	sio_noise_init(&guest->noise, true, guest->key, &guest->hello,
		       sizeof(guest->hello));
	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_noise_write1(&guest->noise, eph, &guest->info,
					 sizeof(guest->info), guest->body +
					 sizeof(guest->hello)));
}

/**
 * sio_srv_hello() - the guest says hello on a new flow
 * @fx: gets the flow
 * @guest: the guest
 */
void sio_srv_hello(struct sio_fx *fx, struct sio_srv_guest *guest)
{
	sio_fx_flow(fx, false);
	sio_srv_compose(fx, guest);
	sio_fx_rx_slow(fx, SIO_MSG_HELLO, guest->body, sizeof(guest->body));
}

/**
 * sio_srv_expect_ack() - the hello is answered; both sides have the same keys then
 * @fx: has a flow
 * @guest: who said hello
 */
void sio_srv_expect_ack(struct sio_fx *fx, struct sio_srv_guest *guest)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_ASSERT_EQ(fx->test, msg->type, SIO_MSG_HELLO_ACK);
	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_noise_read2(&guest->noise, (const u8 *)(msg + 1),
					SIO_NOISE_MSG_LEN, &guest->back,
					sizeof(guest->back)));
	KUNIT_ASSERT_EQ(fx->test, 0, sio_noise_split(&guest->noise, guest->tx,
						     guest->rx, guest->join));
	KUNIT_EXPECT_MEMEQ(fx->test, guest->tx, fx->flow->rx_key, SIO_KEY_LEN);
	KUNIT_EXPECT_MEMEQ(fx->test, guest->rx, fx->flow->tx_key, SIO_KEY_LEN);
}

/**
 * sio_srv_expect_refusal() - the oldest message sent is a refusal
 * @fx: has a flow
 * @suite: enum sio_suite
 * @why: reason on the wire
 * @detail: what goes with it
 */
void sio_srv_expect_refusal(struct sio_fx *fx, u8 suite, u8 why, u64 detail)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);
	const struct sio_msg_refuse *refuse;

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_ASSERT_EQ(fx->test, msg->type, SIO_MSG_REFUSE);
	KUNIT_EXPECT_EQ(fx->test, msg->suite, suite);
	refuse = (const struct sio_msg_refuse *)(msg + 1);
	KUNIT_EXPECT_EQ(fx->test, refuse->why, why);
	KUNIT_EXPECT_EQ(fx->test, le64_to_cpu(refuse->detail), detail);
	KUNIT_EXPECT_EQ(fx->test, fx->flow->state, SIO_FLOW_CLOSING);
}

/**
 * sio_srv_confirm() - the guest confirms
 * @fx: has answered a hello
 * @mss: what passed
 */
void sio_srv_confirm(struct sio_fx *fx, u16 mss)
{
	struct sio_msg_confirm confirm = { .mss = cpu_to_le16(mss) };

	sio_fx_rx_slow(fx, SIO_MSG_CONFIRM, &confirm, sizeof(confirm));
}

/**
 * sio_srv_expect_welcome() - the oldest message sent is a welcome
 * @fx: has a flow
 * @epoch: of the session
 */
void sio_srv_expect_welcome(struct sio_fx *fx, u32 epoch)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_EXPECT_EQ(fx->test, msg->type, SIO_MSG_WELCOME);
	KUNIT_EXPECT_EQ(fx->test, msg->suite, SIO_SUITE_CHACHA);
	KUNIT_EXPECT_EQ(fx->test, le32_to_cpu(msg->epoch), epoch);
}

/**
 * sio_srv_up() - from the hello to the welcome
 * @fx: has a session
 * @epoch: of the session then
 *
 * Return: the guest; lives as long as the test.
 */
struct sio_srv_guest *sio_srv_up(struct sio_fx *fx, u32 epoch)
{
	struct sio_srv_guest *guest = sio_srv_guest(fx);

	guest->info.flows = cpu_to_le16(3);
	sio_srv_hello(fx, guest);
	sio_srv_expect_ack(fx, guest);
	sio_srv_confirm(fx, SIO_FX_MSS);
	sio_srv_expect_welcome(fx, epoch);
	return guest;
}

/**
 * sio_srv_poll() - look at the session
 * @fx: has a session
 * @now: time, in nanoseconds
 *
 * Return: when to look again.
 */
u64 sio_srv_poll(struct sio_fx *fx, u64 now)
{
	u64 next;

	mutex_lock(&fx->sess.mutex);
	next = sio_serve_poll(&fx->sess, now);
	mutex_unlock(&fx->sess.mutex);
	return next;
}
