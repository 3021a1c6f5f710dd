/* SPDX-License-Identifier: GPL-2.0 */
/* What the netlink families of both ends have in common: messages and events. */
#ifndef SIO_NETLINK_H
#define SIO_NETLINK_H

#include <linux/netlink.h>
#include <net/genetlink.h>

#include <splitio/core.h>

/* Room for a session, a device or a link with all its counters, in bytes */
#define SIO_NL_MSG_LEN		8000

/**
 * struct sio_nl - the family of an end
 * @family: its one multicast group carries the events
 * @event_cmd: command of an event
 * @event_attr: attribute that says which
 * @is_on: written by sio_nl_register() and sio_nl_unregister()
 */
struct sio_nl {
	struct genl_family *family;
	u8 event_cmd;
	int event_attr;
	bool is_on;
};

int sio_nl_register(struct sio_nl *nl);
void sio_nl_unregister(struct sio_nl *nl);
struct sk_buff *sio_nl_event_new(const struct sio_nl *nl, struct net *net,
				 enum sio_event event, void **hdr);
void sio_nl_event_send(const struct sio_nl *nl, struct net *net,
		       struct sk_buff *skb, void *hdr, int err);
struct sk_buff *sio_nl_reply_new(const struct sio_nl *nl,
				 struct genl_info *info, u8 cmd, void **hdr);
int sio_nl_reply_send(struct genl_info *info, struct sk_buff *skb, void *hdr,
		      int err);
void *sio_nl_dump_new(const struct sio_nl *nl, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd);
int sio_nl_dump_entry(struct sk_buff *skb, void *hdr, int err);
int sio_nl_dump_end(const struct sk_buff *skb, int err);

#endif /* SIO_NETLINK_H */
