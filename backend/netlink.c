// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family of the back-end. */
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <net/netlink.h>

#include "be.h"
#include "proto/fault.h"
#include "proto/hdr.h"

/* Room for a NIC or a link with all its counters */
#define SIO_BE_MSG_LEN		(2 * NLMSG_GOODSIZE)

static int sio_be_valid_addr(const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == sizeof(__be32))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "IPv6 is not supported in this release; use an IPv4 address");
	return -EAFNOSUPPORT;
}

static struct netlink_range_validation sio_be_mtu_range = {
	.min = 68,
	.max = 65000,
};

static const struct nla_policy sio_be_policy[SIO_BE_A_MAX + 1] = {
	[SIO_BE_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[SIO_BE_A_LOCAL]	= NLA_POLICY_VALIDATE_FN(NLA_BINARY,
							 sio_be_valid_addr),
	[SIO_BE_A_PORT]		= NLA_POLICY_MIN(NLA_U16, 1),
	[SIO_BE_A_GUEST]	= { .type = NLA_NUL_STRING,
				    .len = SIO_NAME_LEN - 1 },
	[SIO_BE_A_KEY]		= NLA_POLICY_EXACT_LEN(SIO_KEY_LEN),
	[SIO_BE_A_INSECURE]	= { .type = NLA_FLAG },
	[SIO_BE_A_DEV]		= { .type = NLA_NUL_STRING,
				    .len = IFNAMSIZ - 1 },
	[SIO_BE_A_UUID]		= NLA_POLICY_EXACT_LEN(SIO_UUID_LEN),
	[SIO_BE_A_PORT_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[SIO_BE_A_PORT_MADE]	= { .type = NLA_FLAG },
	[SIO_BE_A_MAC]		= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[SIO_BE_A_MTU]		= NLA_POLICY_FULL_RANGE(NLA_U32,
							&sio_be_mtu_range),
	[SIO_BE_A_ANY_MAC]	= NLA_POLICY_MAX(NLA_U8, 1),
	[SIO_BE_A_FORCE]	= { .type = NLA_FLAG },
	[SIO_BE_A_FAULT]	= { .type = NLA_NESTED },
};

enum { SIO_BE_GROUP_EVENTS };

static const struct genl_multicast_group sio_be_groups[] = {
	[SIO_BE_GROUP_EVENTS] = { .name = SIO_EVENTS_GROUP },
};

static struct genl_family sio_be_family;
static bool sio_be_nl_is_on;	/* written by module init and exit */

static bool sio_be_has_listeners(struct net *net)
{
	/* the family's groups may be another's once it is unregistered */
	return READ_ONCE(sio_be_nl_is_on) &&
	       genl_has_listeners(&sio_be_family, net, SIO_BE_GROUP_EVENTS);
}

static struct sk_buff *sio_be_event_new(enum sio_event event, void **hdr)
{
	struct sk_buff *skb = nlmsg_new(SIO_BE_MSG_LEN, GFP_ATOMIC);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, &sio_be_family, 0, SIO_BE_CMD_EVENT);
	if (*hdr && !nla_put_u32(skb, SIO_BE_A_EVENT, event))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static void sio_be_event_send(struct net *net, struct sk_buff *skb, void *hdr,
			      int err)
{
	if (err) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&sio_be_family, net, skb, 0,
				SIO_BE_GROUP_EVENTS, GFP_ATOMIC);
}

/**
 * sio_be_event_nic() - tell listeners of a NIC
 * @nic: held
 * @event: what happened
 *
 * Context: any.
 */
void sio_be_event_nic(const struct sio_be_nic *nic, enum sio_event event)
{
	struct net *net = nic->guest->s.net;
	struct sk_buff *skb;
	void *hdr;

	if (!sio_be_has_listeners(net))
		return;
	skb = sio_be_event_new(event, &hdr);
	if (skb)
		sio_be_event_send(net, skb, hdr,
				  sio_be_nic_fill(skb, SIO_BE_A_DEVICE, nic));
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
	struct sk_buff *skb;
	void *hdr;

	if (!sio_be_has_listeners(guest->s.net))
		return;
	skb = sio_be_event_new(event, &hdr);
	if (skb)
		sio_be_event_send(guest->s.net, skb, hdr,
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

	if (!sio_be_has_listeners(link->net))
		return;
	skb = sio_be_event_new(event, &hdr);
	if (skb)
		sio_be_event_send(link->net, skb, hdr,
				  sio_link_fill(skb, SIO_BE_A_LINK, link));
}

static int sio_be_missing(struct genl_info *info, int attr)
{
	if (info->attrs[attr])
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack, "Attribute %d is missing", attr);
	return -EINVAL;
}

/* A name from the request, valid, or an ERR_PTR */
static const char *sio_be_name(struct genl_info *info, int attr)
{
	const char *name;
	int err = sio_be_missing(info, attr);

	if (err)
		return ERR_PTR(err);
	name = nla_data(info->attrs[attr]);
	if (sio_name_is_valid(name, nla_len(info->attrs[attr])))
		return name;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
			    "A name has letters, digits, '.', '_' and '-', and begins with a letter or digit");
	return ERR_PTR(-EINVAL);
}

static struct sio_be_guest *sio_be_nl_guest(struct genl_info *info)
{
	const char *name = sio_be_name(info, SIO_BE_A_GUEST);
	struct sio_be_guest *guest;

	if (IS_ERR(name))
		return ERR_CAST(name);
	guest = sio_be_guest_find(genl_info_net(info), name);
	if (guest)
		return guest;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIO_BE_A_GUEST],
			    "There is no such guest; iohyp guest create makes one");
	return ERR_PTR(-ENOENT);
}

static struct sio_be_nic *sio_be_nl_nic(struct genl_info *info)
{
	struct sio_be_guest *guest = sio_be_nl_guest(info);
	struct sio_be_nic *nic;
	const char *name;

	if (IS_ERR(guest))
		return ERR_CAST(guest);
	name = sio_be_name(info, SIO_BE_A_DEV);
	if (IS_ERR(name))
		return ERR_CAST(name);
	nic = sio_be_nic_find(guest, name);
	if (nic)
		return nic;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIO_BE_A_DEV],
			    "The guest has no device of this name");
	return ERR_PTR(-ENOENT);
}

/* Key or insecure, exactly one; *key is NULL for the latter */
static int sio_be_nl_key(struct genl_info *info, const u8 **key)
{
	const struct nlattr *attr = info->attrs[SIO_BE_A_KEY];

	if (!!attr == !!info->attrs[SIO_BE_A_INSECURE]) {
		NL_SET_ERR_MSG(info->extack,
			       "A guest needs a key, or --insecure on both sides");
		return -EINVAL;
	}
	*key = attr ? nla_data(attr) : NULL;
	if (*key && !memchr_inv(*key, 0, SIO_KEY_LEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "A key of zeros protects nothing; choose a random one");
		return -EINVAL;
	}
	return 0;
}

static int sio_be_nl_link_new(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *local = info->attrs[SIO_BE_A_LOCAL];
	u16 port = SIO_PORT_DEFAULT;
	int err = sio_be_missing(info, SIO_BE_A_IFINDEX);

	if (err)
		return err;
	if (info->attrs[SIO_BE_A_PORT])
		port = nla_get_u16(info->attrs[SIO_BE_A_PORT]);
	mutex_lock(&sio_be_mutex);
	err = sio_be_link_create(genl_info_net(info),
				 nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]),
				 local ? nla_get_in_addr(local) : 0, port,
				 info->extack);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_link_del(struct sk_buff *skb, struct genl_info *info)
{
	int err = sio_be_missing(info, SIO_BE_A_IFINDEX);

	if (err)
		return err;
	mutex_lock(&sio_be_mutex);
	err = sio_be_link_remove(genl_info_net(info),
				 nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]));
	mutex_unlock(&sio_be_mutex);
	if (err)
		NL_SET_ERR_MSG(info->extack, "This device is not a link");
	return err;
}

static int sio_be_nl_guest_new(struct sk_buff *skb, struct genl_info *info)
{
	const char *name = sio_be_name(info, SIO_BE_A_GUEST);
	struct sio_be_guest *guest;
	const u8 *key;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = sio_be_nl_key(info, &key);
	if (err)
		return err;
	mutex_lock(&sio_be_mutex);
	guest = sio_be_guest_create(genl_info_net(info), name, key,
				    info->extack);
	if (IS_ERR(guest))
		err = PTR_ERR(guest);
	else
		sio_be_event_guest(guest, SIO_EVENT_GUEST_NEW);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_guest_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_guest *guest;
	int err = 0;

	mutex_lock(&sio_be_mutex);
	guest = sio_be_nl_guest(info);
	if (IS_ERR(guest)) {
		err = PTR_ERR(guest);
	} else if (guest->nr_devs && !info->attrs[SIO_BE_A_FORCE]) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "The guest has %u devices; remove them first, or use --force",
				   guest->nr_devs);
		err = -EBUSY;
	} else {
		sio_be_event_guest(guest, SIO_EVENT_GUEST_DEL);
		sio_be_guest_destroy(guest, false);
	}
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_guest_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_guest *guest;
	const u8 *key;
	int err;

	err = sio_be_nl_key(info, &key);
	if (err)
		return err;
	mutex_lock(&sio_be_mutex);
	guest = sio_be_nl_guest(info);
	if (IS_ERR(guest))
		err = PTR_ERR(guest);
	else
		sio_session_rekey(&guest->s, key);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static void sio_be_nl_nic_param(struct genl_info *info,
				struct sio_be_nic_param *param)
{
	memset(param, 0, sizeof(*param));
	param->port_ifindex = nla_get_u32(info->attrs[SIO_BE_A_PORT_IFINDEX]);
	if (info->attrs[SIO_BE_A_MAC])
		nla_memcpy(param->mac, info->attrs[SIO_BE_A_MAC], ETH_ALEN);
	if (info->attrs[SIO_BE_A_UUID])
		nla_memcpy(param->uuid, info->attrs[SIO_BE_A_UUID],
			   SIO_UUID_LEN);
	if (info->attrs[SIO_BE_A_MTU])
		param->mtu = nla_get_u32(info->attrs[SIO_BE_A_MTU]);
	if (info->attrs[SIO_BE_A_ANY_MAC])
		param->any_mac = nla_get_u8(info->attrs[SIO_BE_A_ANY_MAC]);
	param->port_made = info->attrs[SIO_BE_A_PORT_MADE];
}

static int sio_be_nl_reply_nic(struct genl_info *info, struct sio_be_nic *nic)
{
	struct sk_buff *skb = nlmsg_new(SIO_BE_MSG_LEN, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &sio_be_family, 0,
				SIO_BE_CMD_NIC_GET);
	if (!hdr || sio_be_nic_fill(skb, SIO_BE_A_DEVICE, nic)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int __sio_be_nl_nic_new(struct genl_info *info)
{
	struct sio_be_guest *guest = sio_be_nl_guest(info);
	struct sio_be_nic_param param;
	struct sio_be_nic *nic;
	int err;

	if (IS_ERR(guest))
		return PTR_ERR(guest);
	err = sio_be_missing(info, SIO_BE_A_PORT_IFINDEX);
	if (err)
		return err;
	sio_be_nl_nic_param(info, &param);
	param.name = sio_be_name(info, SIO_BE_A_DEV);
	if (IS_ERR(param.name))
		return PTR_ERR(param.name);
	if (info->attrs[SIO_BE_A_MAC] && !is_valid_ether_addr(param.mac)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIO_BE_A_MAC],
				    "The MAC address must be a unicast one, not zero");
		return -EADDRNOTAVAIL;
	}
	nic = sio_be_nic_create(guest, &param, info->extack);
	if (IS_ERR(nic))
		return PTR_ERR(nic);
	sio_be_event_nic(nic, SIO_EVENT_DEV_NEW);
	return sio_be_nl_reply_nic(info, nic);
}

static int sio_be_nl_nic_new(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	mutex_lock(&sio_be_mutex);
	err = __sio_be_nl_nic_new(info);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_nic_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_nic *nic;
	int err = 0;

	mutex_lock(&sio_be_mutex);
	nic = sio_be_nl_nic(info);
	if (IS_ERR(nic))
		err = PTR_ERR(nic);
	else
		sio_be_nic_destroy(nic);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_nic_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *any_mac = info->attrs[SIO_BE_A_ANY_MAC];
	const struct nlattr *mtu = info->attrs[SIO_BE_A_MTU];
	struct sio_be_nic *nic;
	int err = 0;

	if (!any_mac && !mtu) {
		NL_SET_ERR_MSG(info->extack,
			       "Nothing to set; --mtu and --any-mac can be");
		return -EINVAL;
	}
	mutex_lock(&sio_be_mutex);
	nic = sio_be_nl_nic(info);
	if (IS_ERR(nic))
		err = PTR_ERR(nic);
	else if (mtu)
		err = sio_be_port_set_mtu(nic, nla_get_u32(mtu), info->extack);
	if (!err) {
		if (any_mac)
			sio_be_mode_set_any_mac(nic, nla_get_u8(any_mac));
		sio_be_nic_announce(nic);
		sio_be_event_nic(nic, SIO_EVENT_DEV_SET);
	}
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_nic_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_nic *nic;
	int err;

	mutex_lock(&sio_be_mutex);
	nic = sio_be_nl_nic(info);
	err = IS_ERR(nic) ? PTR_ERR(nic) : sio_be_nl_reply_nic(info, nic);
	mutex_unlock(&sio_be_mutex);
	return err;
}

static int sio_be_nl_guest_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = nlmsg_new(SIO_BE_MSG_LEN, GFP_KERNEL);
	struct sio_be_guest *guest;
	int err = -EMSGSIZE;
	void *hdr;

	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &sio_be_family, 0,
				SIO_BE_CMD_GUEST_GET);
	mutex_lock(&sio_be_mutex);
	guest = sio_be_nl_guest(info);
	if (IS_ERR(guest))
		err = PTR_ERR(guest);
	else if (hdr)
		err = sio_session_fill(msg, SIO_BE_A_SESSION, &guest->s);
	mutex_unlock(&sio_be_mutex);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static void *sio_be_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			     u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			   cb->nlh->nlmsg_seq, &sio_be_family, NLM_F_MULTI,
			   cmd);
}

static int sio_be_dump_guests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sio_be_guest *guest;
	void *hdr;

	mutex_lock(&sio_be_mutex);
	while ((guest = sio_be_guest_next(sock_net(skb->sk), cb->args[0]))) {
		hdr = sio_be_dump_put(skb, cb, SIO_BE_CMD_GUEST_GET);
		if (!hdr)
			break;
		if (sio_session_fill(skb, SIO_BE_A_SESSION, &guest->s)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0]++;
	}
	mutex_unlock(&sio_be_mutex);
	return skb->len;
}

static int sio_be_dump_nics_of(struct sk_buff *skb, struct netlink_callback *cb,
			       struct sio_be_guest *guest)
{
	struct sio_be_nic *nic;
	unsigned long id;
	void *hdr;

	xa_for_each_start(&guest->devs, id, nic, cb->args[1]) {
		hdr = sio_be_dump_put(skb, cb, SIO_BE_CMD_NIC_GET);
		if (!hdr)
			return -EMSGSIZE;
		if (sio_be_nic_fill(skb, SIO_BE_A_DEVICE, nic)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		cb->args[1] = id + 1;
	}
	cb->args[1] = 0;
	return 0;
}

/* args: guests done, first handle to look at in the next one */
static int sio_be_dump_nics(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *tb[SIO_BE_A_MAX + 1];
	struct sio_be_guest *guest;
	int err;

	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, SIO_BE_A_MAX,
			  sio_be_policy, cb->extack);
	if (err)
		return err;
	mutex_lock(&sio_be_mutex);
	while ((guest = sio_be_guest_next(sock_net(skb->sk), cb->args[0]))) {
		if ((!tb[SIO_BE_A_GUEST] ||
		     !nla_strcmp(tb[SIO_BE_A_GUEST], guest->s.name)) &&
		    sio_be_dump_nics_of(skb, cb, guest))
			break;
		cb->args[0]++;
	}
	mutex_unlock(&sio_be_mutex);
	return skb->len;
}

static int sio_be_dump_link(struct sk_buff *skb, struct sio_link *link,
			    void *priv)
{
	void *hdr;

	if (!rcu_access_pointer(link->listener))
		return 0;
	hdr = sio_be_dump_put(skb, priv, SIO_BE_CMD_LINK_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (sio_link_fill(skb, SIO_BE_A_LINK, link)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int sio_be_dump_links(struct sk_buff *skb, struct netlink_callback *cb)
{
	int skip = cb->args[0];

	sio_link_dump(skb, sock_net(skb->sk), &skip, sio_be_dump_link, cb);
	cb->args[0] = skip;
	return skb->len;
}

static int sio_be_nl_link_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	struct sio_link *link;
	int err = sio_be_missing(info, SIO_BE_A_IFINDEX);
	void *hdr;

	if (err)
		return err;
	link = sio_link_find(genl_info_net(info),
			     nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]));
	if (!link) {
		NL_SET_ERR_MSG(info->extack, "This device is not a link");
		return -ENOENT;
	}
	msg = nlmsg_new(SIO_BE_MSG_LEN, GFP_KERNEL);
	hdr = msg ? genlmsg_put_reply(msg, info, &sio_be_family, 0,
				      SIO_BE_CMD_LINK_GET) : NULL;
	err = hdr ? sio_link_fill(msg, SIO_BE_A_LINK, link) : -ENOMEM;
	sio_link_put(link);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int sio_be_nl_fault_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_link *link;
	int err = sio_be_missing(info, SIO_BE_A_IFINDEX);

	if (err)
		return err;
	link = sio_link_find(genl_info_net(info),
			     nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]));
	if (!link) {
		NL_SET_ERR_MSG(info->extack, "This device is not a link");
		return -ENOENT;
	}
	err = sio_fault_set(link, genlmsg_data(info->genlhdr),
			    genlmsg_len(info->genlhdr), SIO_BE_A_FAULT,
			    info->extack);
	sio_link_put(link);
	return err;
}

static const struct genl_small_ops sio_be_ops[] = {
	{	/* holds net devices of the host: init_user_ns only */
		.cmd	= SIO_BE_CMD_LINK_NEW,
		.doit	= sio_be_nl_link_new,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_LINK_DEL,
		.doit	= sio_be_nl_link_del,
		.flags	= GENL_ADMIN_PERM,
	}, {	/* reading is open to everyone, like "ip link" */
		.cmd	= SIO_BE_CMD_LINK_GET,
		.doit	= sio_be_nl_link_get,
		.dumpit	= sio_be_dump_links,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_NEW,
		.doit	= sio_be_nl_guest_new,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_DEL,
		.doit	= sio_be_nl_guest_del,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_SET,
		.doit	= sio_be_nl_guest_set,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_GET,
		.doit	= sio_be_nl_guest_get,
		.dumpit	= sio_be_dump_guests,
	}, {
		.cmd	= SIO_BE_CMD_NIC_NEW,
		.doit	= sio_be_nl_nic_new,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_NIC_DEL,
		.doit	= sio_be_nl_nic_del,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_NIC_SET,
		.doit	= sio_be_nl_nic_set,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_BE_CMD_NIC_GET,
		.doit	= sio_be_nl_nic_get,
		.dumpit	= sio_be_dump_nics,
	}, {
		.cmd	= SIO_BE_CMD_FAULT_SET,
		.doit	= sio_be_nl_fault_set,
		.flags	= GENL_ADMIN_PERM,
	},
};

static struct genl_family sio_be_family __ro_after_init = {
	.name		= SIO_BE_GENL_NAME,
	.version	= SIO_BE_GENL_VERSION,
	.maxattr	= SIO_BE_A_MAX,
	.policy		= sio_be_policy,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.small_ops	= sio_be_ops,
	.n_small_ops	= ARRAY_SIZE(sio_be_ops),
	.mcgrps		= sio_be_groups,
	.n_mcgrps	= ARRAY_SIZE(sio_be_groups),
};

/**
 * sio_be_nl_init() - begin to answer requests
 *
 * Return: 0 or a negative errno.
 */
int __init sio_be_nl_init(void)
{
	int err = genl_register_family(&sio_be_family);

	if (!err)
		WRITE_ONCE(sio_be_nl_is_on, true);
	return err;
}

/**
 * sio_be_nl_exit() - answer no more
 */
void sio_be_nl_exit(void)
{
	WRITE_ONCE(sio_be_nl_is_on, false);
	genl_unregister_family(&sio_be_family);
}
