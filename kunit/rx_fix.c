// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/rx.c share. */
#include <kunit/test.h>

#include "rx_fix.h"

/**
 * sio_rxt_note() - note what a frame must not change
 * @flow: whose state
 * @s: written whole
 */
void sio_rxt_note(const struct sio_flow *flow, struct sio_rxt_state *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(&s->rx, &flow->rx, sizeof(s->rx));
	memcpy(&s->tx, &flow->tx, sizeof(s->tx));
	memcpy(&s->cwnd, &flow->cwnd, sizeof(s->cwnd));
	s->nr_msgs = flow->reasm.nr_msgs;
	s->last_rx_ns = flow->last_rx_ns;
	s->state = flow->state;
}

/**
 * sio_rxt_expect_ack() - the only thing that was sent is an acknowledgment
 * @fx: has a flow
 *
 * Return: its headers.
 */
struct sio_seg sio_rxt_expect_ack(struct sio_fx *fx)
{
	struct sio_seg seg = {}, more;

	KUNIT_EXPECT_NOT_NULL(fx->test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(fx->test, seg.flags, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(fx->test, seg.len, 0);
	KUNIT_EXPECT_NULL(fx->test, sio_fx_next(fx, &more));
	return seg;
}

/**
 * sio_rxt_expect_silence() - nothing was sent
 * @fx: has a flow
 */
void sio_rxt_expect_silence(struct sio_fx *fx)
{
	KUNIT_EXPECT_EQ(fx->test, skb_queue_len(fx->sent), 0);
}
