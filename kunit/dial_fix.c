// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/dial.c share: the back-end that is dialled. */
#include <kunit/test.h>
#include <linux/netdevice.h>

#include "dial_fix.h"

/**
 * sio_dl_poll() - look at the dial
 * @fx: has a session
 * @now: time, in nanoseconds
 *
 * Return: when to look again.
 */
u64 sio_dl_poll(struct sio_fx *fx, u64 now)
{
	u64 next;

	mutex_lock(&fx->sess.mutex);
	next = sio_dial_poll(&fx->sess, now);
	mutex_unlock(&fx->sess.mutex);
	return next;
}

/**
 * sio_dl_time_out() - nothing came in time
 * @fx: is dialling
 */
void sio_dl_time_out(struct sio_fx *fx)
{
	sio_dl_poll(fx, fx->flow->step_ns);
}

/**
 * sio_dl_flow() - a flow of the session
 * @fx: has a session
 * @idx: which
 *
 * Return: the flow, or NULL.
 */
struct sio_flow *sio_dl_flow(struct sio_fx *fx, unsigned int idx)
{
	struct sio_flow *flow;

	mutex_lock(&fx->sess.mutex);
	flow = __sio_session_flow(&fx->sess, idx);
	mutex_unlock(&fx->sess.mutex);
	return flow;
}

/**
 * sio_dl_param() - say what is to be dialled
 * @fx: has a session
 * @peer: address
 * @flows: how many
 */
void sio_dl_param(struct sio_fx *fx, __be32 peer, unsigned int flows)
{
	struct sio_dial_param param = {
		.ifindex = fx->dev->ifindex, .peer = peer,
		.peer_port = SIO_FX_RPORT, .flows = flows,
	};

	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_session_dial(&fx->sess, &param, NULL));
}

/**
 * sio_dl_begin() - the first flow sends its SYN
 * @fx: has a session
 * @peer: address
 * @flows: how many
 */
void sio_dl_begin(struct sio_fx *fx, __be32 peer, unsigned int flows)
{
	sio_dl_param(fx, peer, flows);
	sio_dl_poll(fx, ktime_get_ns());
	KUNIT_ASSERT_NOT_NULL(fx->test, sio_dl_flow(fx, 0));
	sio_fx_hold(fx, sio_dl_flow(fx, 0));
}

/**
 * sio_dl_begin_again() - once more, after a dial that failed
 * @fx: has dialled
 */
void sio_dl_begin_again(struct sio_fx *fx)
{
	sio_dl_poll(fx, fx->sess.next_ns);
	KUNIT_ASSERT_NOT_NULL(fx->test, sio_dl_flow(fx, 0));
	sio_fx_hold(fx, sio_dl_flow(fx, 0));
}

/**
 * sio_dl_open() - the flow opens, and says its first word
 * @fx: has sent a SYN
 */
void sio_dl_open(struct sio_fx *fx)
{
	struct sio_seg seg = sio_fx_seg(fx, SIO_TCP_SYN | SIO_TCP_ACK, 0);

	seg.seq = SIO_FX_FAR_ISN;
	seg.tsval = SIO_FX_FAR_TS0;
	seg.mss = SIO_FX_MSS + SIO_TCP_OPT_LEN;
	seg.wscale = SIO_WSCALE;
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_ASSERT_EQ(fx->test, fx->flow->state, SIO_FLOW_OPEN);
	sio_dl_poll(fx, ktime_get_ns());
}

/**
 * sio_dl_back() - the back-end that is dialled
 * @fx: has a session
 *
 * Return: the back-end; lives as long as the test.
 */
struct sio_dl_back *sio_dl_back(struct sio_fx *fx)
{
	struct sio_dl_back *back;

	back = kunit_kzalloc(fx->test, sizeof(*back), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, back);
	memcpy(back->key, fx->sess.key, sizeof(back->key));
	sio_fx_hello_info(&back->info);
	return back;
}

/**
 * sio_dl_expect() - the oldest message sent is of this type
 * @fx: has a flow
 * @type: enum sio_msg_type
 *
 * Return: the header; lives as long as the test.
 */
struct sio_msg_hdr *sio_dl_expect(struct sio_fx *fx, u8 type)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_ASSERT_EQ(fx->test, msg->type, type);
	return msg;
}

/**
 * sio_dl_read_hello() - the back-end reads the hello
 * @fx: has sent it
 * @back: the back-end
 */
void sio_dl_read_hello(struct sio_fx *fx, struct sio_dl_back *back)
{
	struct sio_msg_hdr *msg = sio_dl_expect(fx, SIO_MSG_HELLO);

	memcpy(&back->hello, msg + 1, sizeof(back->hello));
	sio_noise_init(&back->noise, false, back->key, &back->hello,
		       sizeof(back->hello));
	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_noise_read1(&back->noise, (const u8 *)(msg + 1) +
					sizeof(back->hello), SIO_NOISE_MSG_LEN,
					&back->guest, sizeof(back->guest)));
}

/**
 * sio_dl_answer() - HELLO_ACK, out of the back-end's state of mind
 * @fx: has sent a hello
 * @back: who has read it
 */
void sio_dl_answer(struct sio_fx *fx, struct sio_dl_back *back)
{
	u8 eph[SIO_DH_LEN], body[SIO_NOISE_MSG_LEN];

	memset(eph, 0x32, sizeof(eph));
	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_noise_write2(&back->noise, eph, &back->info,
					 sizeof(back->info), body));
	KUNIT_ASSERT_EQ(fx->test, 0, sio_noise_split(&back->noise, back->tx,
						     back->rx, back->join));
	sio_fx_rx_slow(fx, SIO_MSG_HELLO_ACK, body, sizeof(body));
}

/**
 * sio_dl_greet() - from the SYN to the first PROBE
 * @fx: has a session
 * @flows: how many are wanted
 *
 * Return: the back-end; lives as long as the test.
 */
struct sio_dl_back *sio_dl_greet(struct sio_fx *fx, unsigned int flows)
{
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.flows = cpu_to_le16(flows);
	sio_dl_begin(fx, SIO_FX_RADDR, flows);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	return back;
}

/**
 * sio_dl_probe_ack() - a probe arrived over there
 * @fx: has sent it
 * @mss: its bytes
 */
void sio_dl_probe_ack(struct sio_fx *fx, u32 mss)
{
	u32 len = mss - sizeof(struct sio_msg_hdr);
	u8 *body = kunit_kzalloc(fx->test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(fx->test, body);
	sio_fx_rx_slow(fx, SIO_MSG_PROBE_ACK, body, len);
}

/**
 * sio_dl_welcome() - the back-end says welcome
 * @fx: has sent a confirm
 * @epoch: of the session
 */
void sio_dl_welcome(struct sio_fx *fx, u32 epoch)
{
	struct sio_msg_hdr *msg = sio_fx_msg(fx, SIO_MSG_WELCOME, 0);

	msg->suite = SIO_SUITE_CHACHA;
	msg->epoch = cpu_to_le32(epoch);
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

/**
 * sio_dl_up() - from the SYN to the welcome
 * @fx: has a session
 * @flows: how many are wanted
 *
 * Return: the back-end; lives as long as the test.
 */
struct sio_dl_back *sio_dl_up(struct sio_fx *fx, unsigned int flows)
{
	struct sio_dl_back *back = sio_dl_greet(fx, flows);

	sio_dl_probe_ack(fx, SIO_FX_MSS);
	sio_dl_welcome(fx, SIO_FX_EPOCH);
	KUNIT_ASSERT_EQ(fx->test, fx->sess.state, SIO_STATE_UP);
	sio_fx_left(fx);
	return back;
}

/**
 * sio_dl_expect_failed() - the dial has failed, and the next one comes
 * @fx: has dialled
 * @why: enum sio_why
 * @pause: about how much later, in nanoseconds
 */
void sio_dl_expect_failed(struct sio_fx *fx, u8 why, u64 pause)
{
	u64 now = ktime_get_ns();

	KUNIT_EXPECT_EQ(fx->test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(fx->test, fx->sess.why, why);
	KUNIT_EXPECT_NULL(fx->test, sio_dl_flow(fx, 0));
	KUNIT_EXPECT_LE(fx->test, fx->sess.next_ns, now + pause / 4 * 5);
	/* it cannot have been longer ago than the test has run */
	KUNIT_EXPECT_GT(fx->test, fx->sess.next_ns - pause / 4 * 3,
			fx->sess.state_ns);
}
