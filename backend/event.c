// SPDX-License-Identifier: GPL-2.0
/* What listeners are told of: devices, guests and links that came or changed. */
#include "be.h"
#include "proto/netlink.h"

/**
 * sio_be_event_dev() - tell listeners of a device
 * @dev: held
 * @event: what happened
 *
 * Context: any.
 */
void sio_be_event_dev(struct sio_be_dev *dev, enum sio_event event)
{
	struct net *net = dev->guest->s.net;
	struct sk_buff *skb;
	void *hdr;

	skb = sio_nl_event_new(&sio_be_nl, net, event, &hdr);
	if (skb)
		sio_nl_event_send(&sio_be_nl, net, skb, hdr,
				  sio_be_dev_fill(skb, SIO_BE_A_DEVICE, dev));
}

/**
 * sio_be_event_guest() - tell listeners of a guest
 * @guest: held
 * @event: what happened
 *
 * Context: process.
 */
void sio_be_event_guest(struct sio_be_guest *guest, enum sio_event event)
{
	struct net *net = guest->s.net;
	struct sk_buff *skb;
	void *hdr;

	skb = sio_nl_event_new(&sio_be_nl, net, event, &hdr);
	if (skb)
		sio_nl_event_send(&sio_be_nl, net, skb, hdr,
				  sio_session_fill(skb, SIO_BE_A_SESSION,
						   &guest->s));
}

/**
 * sio_be_event_link() - tell listeners of a link
 * @link: in use; its device may be gone
 * @event: what happened
 *
 * Context: process.
 */
void sio_be_event_link(struct sio_link *link, enum sio_event event)
{
	struct sk_buff *skb;
	void *hdr;

	skb = sio_nl_event_new(&sio_be_nl, link->net, event, &hdr);
	if (skb)
		sio_nl_event_send(&sio_be_nl, link->net, skb, hdr,
				  sio_link_fill(skb, SIO_BE_A_LINK, link));
}
