/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/rx.c share. */
#ifndef SIO_KUNIT_RX_FIX_H
#define SIO_KUNIT_RX_FIX_H

#include <linux/types.h>

#include "fixture.h"

#define SIO_RXT_PACKET	100

/**
 * struct sio_rxt_state - what a frame that is refused must not change
 * @rx: receiving half
 * @tx: sending half
 * @cwnd: window
 * @nr_msgs: incomplete messages
 * @last_rx_ns: when the peer was last believed
 * @state: enum sio_flow_state
 */
struct sio_rxt_state {
	struct sio_seq_rx rx;
	struct sio_seq_tx tx;
	struct sio_cwnd cwnd;
	u32 nr_msgs;
	u64 last_rx_ns;
	u8 state;
};

void sio_rxt_note(const struct sio_flow *flow, struct sio_rxt_state *s);
struct sio_seg sio_rxt_expect_ack(struct sio_fx *fx);
void sio_rxt_expect_silence(struct sio_fx *fx);

#endif /* SIO_KUNIT_RX_FIX_H */
