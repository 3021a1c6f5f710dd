/* SPDX-License-Identifier: GPL-2.0 */
/* Between an skb's offload metadata and struct sio_vnet_hdr. */
#ifndef SIO_VNET_H
#define SIO_VNET_H

#include <linux/bits.h>
#include <linux/types.h>

struct sio_vnet_hdr;
struct sk_buff;

/*
 * Answer of sio_vnet_needs() besides SIO_NIC bits: the header cannot say what
 * is left to do, so the sender must do it.
 */
#define SIO_VNET_UNSAYABLE	BIT(31)

/* Most segments of one UDP_L4 packet, as much as any socket may send */
#define SIO_VNET_USO_SEGS_MAX	128

u32 sio_vnet_needs(const struct sk_buff *skb);
void sio_vnet_encode(const struct sk_buff *skb, struct sio_vnet_hdr *h);
int sio_vnet_decode(struct sk_buff *skb, const struct sio_vnet_hdr *h,
		    u32 offloads_allowed);
int sio_vnet_reset(struct sk_buff *skb);
int sio_vnet_flatten(struct sk_buff *skb);

#endif /* SIO_VNET_H */
