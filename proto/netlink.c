// SPDX-License-Identifier: GPL-2.0
/* Messages and events of the ends' netlink families. */
#include <linux/export.h>

#include "netlink.h"

/* The one group of a family */
#define SIO_NL_GROUP_EVENTS	0

/**
 * sio_nl_register() - begin to answer requests and to tell of events
 * @nl: the end's
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int sio_nl_register(struct sio_nl *nl)
{
	int err = genl_register_family(nl->family);

	if (!err)
		WRITE_ONCE(nl->is_on, true);
	return err;
}
EXPORT_SYMBOL_GPL(sio_nl_register);

/**
 * sio_nl_unregister() - answer and tell no more
 * @nl: registered
 *
 * Context: process.
 */
void sio_nl_unregister(struct sio_nl *nl)
{
	/* the group may be another's once the family has gone */
	WRITE_ONCE(nl->is_on, false);
	genl_unregister_family(nl->family);
}
EXPORT_SYMBOL_GPL(sio_nl_unregister);

/**
 * sio_nl_event_new() - begin to tell who listens of an event
 * @nl: the end's
 * @net: namespace
 * @event: what happened
 * @hdr: for sio_nl_event_send()
 *
 * Context: any.
 * Return: a message to be filled in, or NULL if nobody would read it.
 */
struct sk_buff *sio_nl_event_new(const struct sio_nl *nl, struct net *net,
				 enum sio_event event, void **hdr)
{
	struct sk_buff *skb;

	if (!READ_ONCE(nl->is_on) ||
	    !genl_has_listeners(nl->family, net, SIO_NL_GROUP_EVENTS))
		return NULL;
	skb = genlmsg_new(SIO_NL_MSG_LEN, GFP_ATOMIC);
	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, nl->family, 0, nl->event_cmd);
	if (*hdr && !nla_put_u32(skb, nl->event_attr, event))
		return skb;
	nlmsg_free(skb);
	return NULL;
}
EXPORT_SYMBOL_GPL(sio_nl_event_new);

/**
 * sio_nl_event_send() - tell who listens
 * @nl: the end's
 * @net: namespace
 * @skb: from sio_nl_event_new(); always consumed
 * @hdr: likewise
 * @err: the message could not be filled in, and is not sent
 *
 * Context: any.
 */
void sio_nl_event_send(const struct sio_nl *nl, struct net *net,
		       struct sk_buff *skb, void *hdr, int err)
{
	if (err) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(nl->family, net, skb, 0, SIO_NL_GROUP_EVENTS,
				GFP_ATOMIC);
}
EXPORT_SYMBOL_GPL(sio_nl_event_send);

/**
 * sio_nl_reply_new() - begin the answer to a request
 * @nl: the end's
 * @info: the request
 * @cmd: of the answer
 * @hdr: for sio_nl_reply_send()
 *
 * Context: process.
 * Return: a message to be filled in, or NULL.
 */
struct sk_buff *sio_nl_reply_new(const struct sio_nl *nl,
				 struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(SIO_NL_MSG_LEN, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, nl->family, 0, cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}
EXPORT_SYMBOL_GPL(sio_nl_reply_new);

/**
 * sio_nl_reply_send() - answer a request
 * @info: the request
 * @skb: from sio_nl_reply_new(); always consumed
 * @hdr: likewise
 * @err: the message could not be filled in, and is not sent
 *
 * Context: process.
 * Return: @err, or as genlmsg_reply().
 */
int sio_nl_reply_send(struct genl_info *info, struct sk_buff *skb, void *hdr,
		      int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}
EXPORT_SYMBOL_GPL(sio_nl_reply_send);

/**
 * sio_nl_dump_new() - begin an entry of a dump
 * @nl: the end's
 * @skb: the dump's message
 * @cb: the dump
 * @cmd: of the answer
 *
 * Return: for sio_nl_dump_entry(), or NULL if there is no room.
 */
void *sio_nl_dump_new(const struct sio_nl *nl, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			   cb->nlh->nlmsg_seq, nl->family, NLM_F_MULTI, cmd);
}
EXPORT_SYMBOL_GPL(sio_nl_dump_new);

/**
 * sio_nl_dump_entry() - end an entry of a dump
 * @skb: the dump's message
 * @hdr: from sio_nl_dump_new()
 * @err: it could not be filled in, and is taken out again
 *
 * Return: @err.
 */
int sio_nl_dump_entry(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}
EXPORT_SYMBOL_GPL(sio_nl_dump_entry);

/**
 * sio_nl_dump_end() - end a message of a dump
 * @skb: the message
 * @err: what ended it; -EMSGSIZE for no more room
 *
 * Return: for the dump: it goes on in the next message, unless this one has
 * not even one entry.
 */
int sio_nl_dump_end(const struct sk_buff *skb, int err)
{
	if (err == -EMSGSIZE && skb->len)
		err = 0;
	return err ?: skb->len;
}
EXPORT_SYMBOL_GPL(sio_nl_dump_end);
