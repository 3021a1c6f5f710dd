/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/ctl.c share: control messages of the other side. */
#ifndef SIO_KUNIT_CTL_FIX_H
#define SIO_KUNIT_CTL_FIX_H

#include <linux/types.h>

#include "fixture.h"

void sio_ctlt_exec(struct sio_fx *fx);
struct sio_msg_hdr *sio_ctlt_msg(struct sio_fx *fx, u8 type, u16 slot, u32 seq,
				 u32 body_len);
void sio_ctlt_rx(struct sio_fx *fx, struct sio_msg_hdr *msg);
void sio_ctlt_rx_req(struct sio_fx *fx, u16 slot, u32 seq, u16 op, u16 arg,
		     u32 len);
struct sio_msg_hdr *sio_ctlt_expect(struct sio_fx *fx, u8 type, u16 slot,
				    u32 seq);
struct sio_msg_ctl *sio_ctlt_body(struct sio_msg_hdr *msg);
void sio_ctlt_expect_silence(struct sio_fx *fx);

#endif /* SIO_KUNIT_CTL_FIX_H */
