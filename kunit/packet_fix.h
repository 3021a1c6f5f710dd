/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/packet.c share: packets of a virtual NIC. */
#ifndef SIO_KUNIT_PACKET_FIX_H
#define SIO_KUNIT_PACKET_FIX_H

#include <linux/types.h>

#include "fixture.h"

struct sk_buff *sio_pkt_new(struct sio_fx *fx, u32 len, bool has_room);
struct sio_batch sio_pkt_batch(struct sio_fx *fx);
int sio_pkt_send(struct sio_fx *fx, struct sio_batch *batch,
		 struct sk_buff *skb, bool more);
void sio_pkt_expect(struct sio_fx *fx, u32 len);

#endif /* SIO_KUNIT_PACKET_FIX_H */
