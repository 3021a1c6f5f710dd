// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/dial.c: what a guest waits for, and what it makes of it. */

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <net/arp.h>
#include <net/neighbour.h>

#include "fixture.h"
#include "nomem.h"
#include "proto/hdr.h"
#include "proto/noise.h"
#include "proto/seal.h"

/* Nobody has this address */
#define SIO_DL_NOBODY	cpu_to_be32(0x0a580003)

/* Pauses between dials, a quarter more or less */
#define SIO_DL_SOON_NS	(100 * (u64)NSEC_PER_MSEC)
#define SIO_DL_LATER_NS	(1 * (u64)NSEC_PER_SEC)

/**
 * struct sio_dl_back - the back-end that is dialled
 * @key: its key
 * @info: what it tells of itself
 * @noise: its half of the handshake
 * @hello: what the guest said in the clear
 * @guest: what the guest told of itself
 * @tx: key for what it sends
 * @rx: key for what it receives
 * @join: secret for more flows
 */
struct sio_dl_back {
	u8 key[SIO_KEY_LEN];
	struct sio_hello_info info;
	struct sio_noise noise;
	struct sio_msg_hello hello;
	struct sio_hello_info guest;
	u8 tx[SIO_KEY_LEN];
	u8 rx[SIO_KEY_LEN];
	u8 join[SIO_KEY_LEN];
};

static u64 sio_dl_poll(struct sio_fx *fx, u64 now)
{
	u64 next;

	mutex_lock(&fx->sess.mutex);
	next = sio_dial_poll(&fx->sess, now);
	mutex_unlock(&fx->sess.mutex);
	return next;
}

/* Nothing came in time */
static void sio_dl_time_out(struct sio_fx *fx)
{
	sio_dl_poll(fx, fx->flow->step_ns);
}

static struct sio_flow *sio_dl_flow(struct sio_fx *fx, unsigned int idx)
{
	struct sio_flow *flow;

	mutex_lock(&fx->sess.mutex);
	flow = __sio_session_flow(&fx->sess, idx);
	mutex_unlock(&fx->sess.mutex);
	return flow;
}

static void sio_dl_param(struct sio_fx *fx, __be32 peer, unsigned int flows)
{
	struct sio_dial_param param = {
		.ifindex = fx->dev->ifindex, .peer = peer,
		.peer_port = SIO_FX_RPORT, .flows = flows,
	};

	KUNIT_ASSERT_EQ(fx->test, 0,
			sio_session_dial(&fx->sess, &param, NULL));
}

/* The first flow has sent its SYN */
static void sio_dl_begin(struct sio_fx *fx, __be32 peer, unsigned int flows)
{
	sio_dl_param(fx, peer, flows);
	sio_dl_poll(fx, ktime_get_ns());
	KUNIT_ASSERT_NOT_NULL(fx->test, sio_dl_flow(fx, 0));
	sio_fx_hold(fx, sio_dl_flow(fx, 0));
}

/* Once more, after a dial that failed */
static void sio_dl_begin_again(struct sio_fx *fx)
{
	sio_dl_poll(fx, fx->sess.next_ns);
	KUNIT_ASSERT_NOT_NULL(fx->test, sio_dl_flow(fx, 0));
	sio_fx_hold(fx, sio_dl_flow(fx, 0));
}

/* The flow opens, and says its first word */
static void sio_dl_open(struct sio_fx *fx)
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

static struct sio_dl_back *sio_dl_back(struct sio_fx *fx)
{
	struct sio_dl_back *back;

	back = kunit_kzalloc(fx->test, sizeof(*back), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, back);
	memcpy(back->key, fx->sess.key, sizeof(back->key));
	sio_fx_hello_info(&back->info);
	return back;
}

/* The oldest message sent is of this type */
static struct sio_msg_hdr *sio_dl_expect(struct sio_fx *fx, u8 type)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_ASSERT_EQ(fx->test, msg->type, type);
	return msg;
}

static void sio_dl_read_hello(struct sio_fx *fx, struct sio_dl_back *back)
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

/* HELLO_ACK, out of the back-end's state of mind */
static void sio_dl_answer(struct sio_fx *fx, struct sio_dl_back *back)
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

/* From the SYN to the first PROBE */
static struct sio_dl_back *sio_dl_greet(struct sio_fx *fx, unsigned int flows)
{
	struct sio_dl_back *back = sio_dl_back(fx);

	back->info.flows = cpu_to_le16(flows);
	sio_dl_begin(fx, SIO_FX_RADDR, flows);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	sio_dl_answer(fx, back);
	return back;
}

static void sio_dl_probe_ack(struct sio_fx *fx, u32 mss)
{
	u32 len = mss - sizeof(struct sio_msg_hdr);
	u8 *body = kunit_kzalloc(fx->test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(fx->test, body);
	sio_fx_rx_slow(fx, SIO_MSG_PROBE_ACK, body, len);
}

static void sio_dl_welcome(struct sio_fx *fx, u32 epoch)
{
	struct sio_msg_hdr *msg = sio_fx_msg(fx, SIO_MSG_WELCOME, 0);

	msg->suite = SIO_SUITE_CHACHA;
	msg->epoch = cpu_to_le32(epoch);
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

/* From the SYN to the welcome */
static struct sio_dl_back *sio_dl_up(struct sio_fx *fx, unsigned int flows)
{
	struct sio_dl_back *back = sio_dl_greet(fx, flows);

	sio_dl_probe_ack(fx, SIO_FX_MSS);
	sio_dl_welcome(fx, SIO_FX_EPOCH);
	KUNIT_ASSERT_EQ(fx->test, fx->sess.state, SIO_STATE_UP);
	sio_fx_left(fx);
	return back;
}

/* The dial has failed, and the next one comes after about @pause */
static void sio_dl_expect_failed(struct sio_fx *fx, u8 why, u64 pause)
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

static void sio_dial_poll__syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_DIALING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_STARTING);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DIALS), 1);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_SYN);
	KUNIT_EXPECT_EQ(test, seg.dport, SIO_FX_RPORT);
	KUNIT_EXPECT_NE(test, seg.sport, 0);
	/* the port is kept from everybody else */
	KUNIT_EXPECT_NOT_NULL(test, fx->flow->sock);
	KUNIT_EXPECT_TRUE(test, fx->flow->is_dialer);
}

static void sio_dial_poll__not_yet(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();

	sio_dl_param(fx, SIO_FX_RADDR, 1);
	fx->sess.next_ns = now + 1;
	KUNIT_EXPECT_EQ(test, sio_dl_poll(fx, now), now + 1);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
}

static void sio_dial_poll__link_is_down(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_param(fx, SIO_FX_RADDR, 1);
	netif_carrier_off(fx->dev);
	sio_dl_poll(fx, ktime_get_ns());
	sio_dl_expect_failed(fx, SIO_WHY_LINK_DOWN, SIO_DL_SOON_NS);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DIALS), 0);
	netif_carrier_on(fx->dev);
	sio_dl_begin_again(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_DIALING);
}

static void sio_dial_poll__link_is_gone(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	fx->sess.is_guest = true;
	strscpy(fx->sess.ifname, "siofx-none", sizeof(fx->sess.ifname));
	sio_dl_poll(fx, ktime_get_ns());
	sio_dl_expect_failed(fx, SIO_WHY_LINK_GONE, SIO_DL_SOON_NS);
}

/* It is found again by its name */
static void sio_dial_poll__link_has_come_back(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_param(fx, SIO_FX_RADDR, 1);
	sio_link_put(fx->sess.link);
	fx->sess.link = NULL;
	fx->sess.ifindex = 0;
	sio_dl_begin_again(fx);
	KUNIT_EXPECT_PTR_EQ(test, fx->sess.link, fx->link);
	KUNIT_EXPECT_EQ(test, fx->sess.ifindex, fx->dev->ifindex);
}

/* Whichever allocation fails, it dials or says why not, and nothing is left */
static void sio_dial_poll__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	unsigned int nth, nr_failed = 0;
	bool failed = true;

	sio_dl_param(fx, SIO_FX_RADDR, 1);
	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		fx->sess.next_ns = 0;
		sio_nomem_begin(nth);
		sio_dl_poll(fx, ktime_get_ns());
		failed = sio_nomem_end();
		if (fx->sess.state == SIO_STATE_WAITING) {
			nr_failed++;
			KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_NO_MEMORY);
			KUNIT_EXPECT_NULL(test, sio_dl_flow(fx, 0));
		}
		mutex_lock(&fx->sess.mutex);
		__sio_session_drop_flows(&fx->sess, SIO_WHY_NONE);
		fx->sess.state = SIO_STATE_WAITING;
		mutex_unlock(&fx->sess.mutex);
		KUNIT_ASSERT_EQ(test, fx->link->nr_flows, 0);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	/* the socket, the flow, its greeting, its sock at the least */
	KUNIT_EXPECT_GE(test, nr_failed, 4);
}

static void sio_dial_poll__no_answer_to_the_syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg first, again;
	u64 at;
	int i;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &first));
	for (i = 1; i < 4; i++) {
		at = fx->flow->step_ns;
		sio_dl_poll(fx, at - 1);
		KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->sent), 0);
		sio_dl_poll(fx, at);
		KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &again));
		KUNIT_EXPECT_EQ(test, again.flags, SIO_TCP_SYN);
		KUNIT_EXPECT_EQ(test, again.seq, first.seq);
		KUNIT_EXPECT_EQ(test, again.sport, first.sport);
		KUNIT_EXPECT_EQ(test, fx->flow->step_ns - at,
				SIO_DL_SOON_NS << i);
	}
	sio_dl_time_out(fx);
	sio_dl_expect_failed(fx, SIO_WHY_NO_SYN_ANSWER, SIO_DL_SOON_NS);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_DEAD);
}

static void sio_dial_poll__no_neighbour(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int i;

	sio_dl_begin(fx, SIO_DL_NOBODY, 1);
	for (i = 0; i < 4; i++)
		sio_dl_time_out(fx);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->sent), 0);
	sio_dl_expect_failed(fx, SIO_WHY_NO_NEIGHBOUR, SIO_DL_SOON_NS);
	/* the SYNs wait for an answer to ARP */
	neigh_ifdown(&arp_tbl, fx->dev);
}

static void sio_dl_rst(struct sio_fx *fx)
{
	struct sio_seg seg = sio_fx_seg(fx, SIO_TCP_RST | SIO_TCP_ACK, 0);

	sio_fx_rx(fx, &seg, NULL);
	sio_dl_poll(fx, ktime_get_ns());
}

static void sio_dial_poll__refused_at_the_first_dial(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_rst(fx);
	sio_dl_expect_failed(fx, SIO_WHY_REFUSED, SIO_DL_SOON_NS);
}

/* It was there before: its machine has booted, its back-end has not yet */
static void sio_dial_poll__refused_later(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	fx->sess.was_up = true;
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_rst(fx);
	sio_dl_expect_failed(fx, SIO_WHY_NO_SYN_ANSWER, SIO_DL_SOON_NS);
}

/* A minute of it is enough to be patient */
static void sio_dial_poll__less_often_after_a_minute(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	fx->sess.dials_ns -= 61 * (u64)NSEC_PER_SEC;
	sio_dl_rst(fx);
	sio_dl_expect_failed(fx, SIO_WHY_REFUSED, SIO_DL_LATER_NS);
}

static void sio_dial_poll__hello(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back = sio_dl_back(fx);

	fx->sess.epoch = 12;
	sio_dl_begin(fx, SIO_FX_RADDR, 2);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	KUNIT_EXPECT_STREQ(test, back->hello.name, SIO_FX_NAME);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(back->hello.offered), SIO_FEAT_OURS);
	KUNIT_EXPECT_EQ(test, back->hello.insecure, 0);
	KUNIT_EXPECT_EQ(test, back->guest.features, back->hello.offered);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(back->guest.epoch), 12);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(back->guest.flows), 2);
	KUNIT_EXPECT_MEMEQ(test, back->guest.instance, fx->sess.instance,
			   SIO_ID_LEN);
}

static void sio_dial_poll__hello_without_a_key(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dl_back *back;

	sio_session_rekey(&fx->sess, NULL);
	back = sio_dl_back(fx);
	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	sio_dl_read_hello(fx, back);
	KUNIT_EXPECT_EQ(test, back->hello.insecure, 1);
}

/* The same hello each time, or two answers would not fit one of them */
static void sio_dial_poll__no_answer_to_the_hello(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *first, *again;
	int i;

	sio_dl_begin(fx, SIO_FX_RADDR, 1);
	sio_dl_open(fx);
	first = sio_dl_expect(fx, SIO_MSG_HELLO);
	for (i = 1; i < 4; i++) {
		sio_dl_time_out(fx);
		again = sio_dl_expect(fx, SIO_MSG_HELLO);
		KUNIT_EXPECT_MEMEQ(test, first + 1, again + 1,
				   sizeof(struct sio_msg_hello) +
				   SIO_NOISE_MSG_LEN);
	}
	sio_dl_time_out(fx);
	sio_dl_expect_failed(fx, SIO_WHY_NO_HELLO_ANSWER, SIO_DL_SOON_NS);
}

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
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->sent), 0);
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

static void sio_dial_poll__reset_once_it_was_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_up(fx, 1);
	sio_dl_rst(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_PEER_RST);
	KUNIT_EXPECT_FALSE(test, sio_session_is_up(&fx->sess));
}

static void sio_dial_poll__peer_said_goodbye(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_dl_up(fx, 1);
	fx->sess.goodbye = SIO_WHY_PEER_GOODBYE;
	sio_dl_rst(fx);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_PEER_GOODBYE);
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

static struct kunit_case sio_dial_cases[] = {
	KUNIT_CASE(sio_dial_poll__syn),
	KUNIT_CASE(sio_dial_poll__not_yet),
	KUNIT_CASE(sio_dial_poll__link_is_down),
	KUNIT_CASE(sio_dial_poll__link_is_gone),
	KUNIT_CASE(sio_dial_poll__link_has_come_back),
	KUNIT_CASE(sio_dial_poll__no_memory),
	KUNIT_CASE(sio_dial_poll__no_answer_to_the_syn),
	KUNIT_CASE(sio_dial_poll__no_neighbour),
	KUNIT_CASE(sio_dial_poll__refused_at_the_first_dial),
	KUNIT_CASE(sio_dial_poll__refused_later),
	KUNIT_CASE(sio_dial_poll__less_often_after_a_minute),
	KUNIT_CASE(sio_dial_poll__hello),
	KUNIT_CASE(sio_dial_poll__hello_without_a_key),
	KUNIT_CASE(sio_dial_poll__no_answer_to_the_hello),
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
	KUNIT_CASE(sio_dial_poll__reset_once_it_was_up),
	KUNIT_CASE(sio_dial_poll__peer_said_goodbye),
	KUNIT_CASE(sio_dial_join__one_more_flow),
	KUNIT_CASE(sio_dial_join__wrong_proof),
	KUNIT_CASE(sio_dial_join__no_more_to_be_had),
	KUNIT_CASE(sio_dial_join__no_answer),
	KUNIT_CASE(sio_dial_join__not_agreed_on),
	{}
};

static struct kunit_suite sio_dial_suite = {
	.name = "dial",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_dial_cases,
};

kunit_test_suite(sio_dial_suite);
