// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/dial.c: when a guest dials, and what it waits for. */

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <net/arp.h>
#include <net/neighbour.h>

#include "dial_fix.h"
#include "fixture.h"
#include "nomem.h"

/* Nobody has this address */
#define SIO_DL_NOBODY	cpu_to_be32(0x0a580003)

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
		KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
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
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
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
	KUNIT_CASE(sio_dial_poll__reset_once_it_was_up),
	KUNIT_CASE(sio_dial_poll__peer_said_goodbye),
	{}
};

static struct kunit_suite sio_dial_suite = {
	.name = "dial",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_dial_cases,
};

kunit_test_suite(sio_dial_suite);
