// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/ctl.c share: control messages of the other side. */
#include <kunit/test.h>

#include "ctl_fix.h"

/**
 * sio_ctlt_exec() - execute what has come in
 * @fx: has a session
 */
void sio_ctlt_exec(struct sio_fx *fx)
{
	fx->sess.exec_work.func(&fx->sess.exec_work);
}

/**
 * sio_ctlt_msg() - a message of the other side, not taken yet
 * @fx: has a flow
 * @type: enum sio_msg_type
 * @slot: its slot
 * @seq: its number
 * @body_len: bytes after the header
 *
 * Return: the header; lives as long as the test.
 */
struct sio_msg_hdr *sio_ctlt_msg(struct sio_fx *fx, u8 type, u16 slot, u32 seq,
				 u32 body_len)
{
	struct sio_msg_hdr *msg = sio_fx_msg(fx, type, body_len);

	msg->suite = SIO_SUITE_CHACHA;
	msg->slot = cpu_to_le16(slot);
	msg->slot_seq = cpu_to_le32(seq);
	return msg;
}

/**
 * sio_ctlt_rx() - a message comes in and is taken
 * @fx: has a flow
 * @msg: from sio_ctlt_msg()
 */
void sio_ctlt_rx(struct sio_fx *fx, struct sio_msg_hdr *msg)
{
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

/**
 * sio_ctlt_rx_req() - a request comes in and is taken
 * @fx: has a flow
 * @slot: its slot
 * @seq: its number
 * @op: enum sio_op
 * @arg: its argument
 * @len: bytes of its details
 */
void sio_ctlt_rx_req(struct sio_fx *fx, u16 slot, u32 seq, u16 op, u16 arg,
		     u32 len)
{
	struct sio_msg_hdr *msg;
	struct sio_msg_ctl *ctl;

	msg = sio_ctlt_msg(fx, SIO_MSG_CTL_REQ, slot, seq, sizeof(*ctl) + len);
	ctl = (struct sio_msg_ctl *)(msg + 1);
	ctl->op = cpu_to_le16(op);
	ctl->arg = cpu_to_le16(arg);
	sio_ctlt_rx(fx, msg);
}

/**
 * sio_ctlt_expect() - the oldest message sent is for this slot
 * @fx: has a flow
 * @type: enum sio_msg_type
 * @slot: its slot
 * @seq: its number
 *
 * Return: the header; lives as long as the test.
 */
struct sio_msg_hdr *sio_ctlt_expect(struct sio_fx *fx, u8 type, u16 slot,
				    u32 seq)
{
	struct sio_msg_hdr *msg = sio_fx_next_msg(fx);

	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_EXPECT_EQ(fx->test, msg->type, type);
	KUNIT_EXPECT_EQ(fx->test, msg->suite, SIO_SUITE_CHACHA);
	KUNIT_EXPECT_EQ(fx->test, le16_to_cpu(msg->slot), slot);
	KUNIT_EXPECT_EQ(fx->test, le32_to_cpu(msg->slot_seq), seq);
	KUNIT_EXPECT_EQ(fx->test, le32_to_cpu(msg->epoch), fx->sess.epoch);
	return msg;
}

/**
 * sio_ctlt_body() - what a control message says
 * @msg: the message
 *
 * Return: what follows the header.
 */
struct sio_msg_ctl *sio_ctlt_body(struct sio_msg_hdr *msg)
{
	return (struct sio_msg_ctl *)(msg + 1);
}

/**
 * sio_ctlt_expect_silence() - nothing was sent
 * @fx: has a flow
 */
void sio_ctlt_expect_silence(struct sio_fx *fx)
{
	KUNIT_EXPECT_NULL(fx->test, sio_fx_next_msg(fx));
}
