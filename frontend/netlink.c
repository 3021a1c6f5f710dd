// SPDX-License-Identifier: GPL-2.0
/* Generic netlink family "splitio_fe": requests, dumps and events. */
#include <linux/in.h>
#include <linux/module.h>
#include <net/genetlink.h>

#include <splitio/fe.h>

#include "blk.h"
#include "fe.h"
#include "proto/fault.h"
#include "proto/hdr.h"
#include "proto/link.h"
#include "proto/netlink.h"

/* Bytes of an address this release takes */
#define SIO_FE_ADDR_LEN		sizeof(__be32)

static struct genl_family sio_fe_nl_family;

struct sio_nl sio_fe_nl = {
	.family		= &sio_fe_nl_family,
	.event_cmd	= SIO_FE_CMD_EVENT,
	.event_attr	= SIO_FE_A_EVENT,
};

static struct netlink_range_validation sio_fe_loss_range = {
	.max = 86400,
};

static const struct nla_policy sio_fe_nl_policy[SIO_FE_A_MAX + 1] = {
	[SIO_FE_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[SIO_FE_A_LOCAL]	= NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[SIO_FE_A_PEER]		= NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[SIO_FE_A_PEER_PORT]	= NLA_POLICY_MIN(NLA_U16, 1),
	[SIO_FE_A_NAME]		= { .type = NLA_NUL_STRING,
				    .len = SIO_NAME_LEN - 1 },
	[SIO_FE_A_KEY]		= NLA_POLICY_EXACT_LEN(SIO_KEY_LEN),
	[SIO_FE_A_INSECURE]	= { .type = NLA_FLAG },
	[SIO_FE_A_FLOWS]	= NLA_POLICY_RANGE(NLA_U32, 1, SIO_FLOWS_MAX),
	[SIO_FE_A_FAULT]	= { .type = NLA_NESTED },
	[SIO_FE_A_DEV]		= { .type = NLA_NUL_STRING,
				    .len = SIO_NAME_LEN - 1 },
	[SIO_FE_A_ON_LOSS]	= NLA_POLICY_RANGE(NLA_U8, SIO_ON_LOSS_WAIT,
						   SIO_ON_LOSS_MAX),
	[SIO_FE_A_ON_LOSS_S]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&sio_fe_loss_range),
	[SIO_FE_A_FORCE]	= { .type = NLA_FLAG },
	[SIO_FE_A_KEY_SOURCE]	= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_FE_A_AHEAD]	= { .type = NLA_FLAG },
};

static int sio_fe_nl_addr(struct genl_info *info, int type, __be32 *addr)
{
	const struct nlattr *attr = info->attrs[type];

	if (!attr)
		return 0;
	if (nla_len(attr) == sizeof(struct in6_addr)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "IPv6 is not supported in this release");
		return -EAFNOSUPPORT;
	}
	if (nla_len(attr) != SIO_FE_ADDR_LEN) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "An address has 4 or 16 bytes");
		return -EINVAL;
	}
	*addr = nla_get_in_addr(attr);
	if (ipv4_is_zeronet(*addr) || ipv4_is_multicast(*addr) ||
	    ipv4_is_lbcast(*addr)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "This is not a unicast address");
		return -EINVAL;
	}
	return 0;
}

/* The guest's name, or NULL with a sentence */
static const char *sio_fe_nl_name(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SIO_FE_A_NAME];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "The name of the guest is missing");
		return NULL;
	}
	if (!sio_name_is_valid(nla_data(attr), nla_len(attr))) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "A name has letters, digits, '.', '_' and '-', and begins with a letter or digit");
		return NULL;
	}
	return nla_data(attr);
}

/* Exactly one of a key and the wish to go without; *@key stays NULL then */
static int sio_fe_nl_key(struct genl_info *info, const u8 **key)
{
	const struct nlattr *attr = info->attrs[SIO_FE_A_KEY];

	if (!attr && !info->attrs[SIO_FE_A_INSECURE]) {
		NL_SET_ERR_MSG(info->extack,
			       "A key is needed; to go without one say insecure on both sides");
		return -EINVAL;
	}
	if (!attr)
		return 0;
	if (info->attrs[SIO_FE_A_INSECURE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "Give a key or say insecure, not both");
		return -EINVAL;
	}
	if (!memchr_inv(nla_data(attr), 0, SIO_KEY_LEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "A key of zeros protects nothing");
		return -EINVAL;
	}
	*key = nla_data(attr);
	return 0;
}

static int sio_fe_nl_param(struct genl_info *info,
			   struct sio_dial_param *param)
{
	u16 port = SIO_PORT_DEFAULT;
	int err;

	if (!info->attrs[SIO_FE_A_IFINDEX]) {
		NL_SET_ERR_MSG(info->extack,
			       "The net device to connect over is missing");
		return -EINVAL;
	}
	if (!info->attrs[SIO_FE_A_PEER]) {
		NL_SET_ERR_MSG(info->extack,
			       "The address of the I/O hypervisor is missing");
		return -EINVAL;
	}
	err = sio_fe_nl_addr(info, SIO_FE_A_PEER, &param->peer) ?:
	      sio_fe_nl_addr(info, SIO_FE_A_LOCAL, &param->local);
	if (err)
		return err;
	if (info->attrs[SIO_FE_A_PEER_PORT])
		port = nla_get_u16(info->attrs[SIO_FE_A_PEER_PORT]);
	param->peer_port = htons(port);
	param->ifindex = nla_get_u32(info->attrs[SIO_FE_A_IFINDEX]);
	param->flows = 1;
	if (info->attrs[SIO_FE_A_FLOWS])
		param->flows = nla_get_u32(info->attrs[SIO_FE_A_FLOWS]);
	return 0;
}

static int sio_fe_nl_connect(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *source = info->attrs[SIO_FE_A_KEY_SOURCE];
	struct sio_dial_param param = {};
	const u8 *key = NULL;
	const char *name;
	int err;

	name = sio_fe_nl_name(info);
	if (!name)
		return -EINVAL;
	err = sio_fe_nl_key(info, &key) ?: sio_fe_nl_param(info, &param);
	if (err)
		return err;
	return sio_fe_sess_create(genl_info_net(info), name, key,
				  source ? nla_data(source) : NULL, &param,
				  info->extack);
}

static int sio_fe_nl_disconnect(struct sk_buff *skb, struct genl_info *info)
{
	const char *name = sio_fe_nl_name(info);

	if (!name)
		return -EINVAL;
	return sio_fe_sess_remove(genl_info_net(info), name,
				  info->attrs[SIO_FE_A_FORCE], info->extack);
}

static int sio_fe_nl_fault_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_link *link;
	int err;

	if (!info->attrs[SIO_FE_A_IFINDEX]) {
		NL_SET_ERR_MSG(info->extack, "The link is missing");
		return -EINVAL;
	}
	link = sio_link_find(genl_info_net(info),
			     nla_get_u32(info->attrs[SIO_FE_A_IFINDEX]));
	if (!link) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIO_FE_A_IFINDEX],
				    "No session uses this net device as its link");
		return -ENODEV;
	}
	err = sio_fault_set(link, nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			    nlmsg_attrlen(info->nlhdr, GENL_HDRLEN),
			    SIO_FE_A_FAULT, info->extack);
	sio_link_put(link);
	return err;
}

static int sio_fe_nl_sess_get(struct sk_buff *skb, struct genl_info *info)
{
	const char *name = sio_fe_nl_name(info);
	struct sio_fe_sess *sess;
	struct sk_buff *msg;
	int err = -ENOENT;
	void *hdr;

	if (!name)
		return -EINVAL;
	msg = sio_nl_reply_new(&sio_fe_nl, info, SIO_FE_CMD_SESSION_GET, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&sio_fe_mutex);
	sess = __sio_fe_sess_find(genl_info_net(info), name);
	if (sess)
		err = sio_session_fill(msg, SIO_FE_A_SESSION, &sess->s);
	else
		NL_SET_ERR_MSG(info->extack, "There is no session of this name");
	mutex_unlock(&sio_fe_mutex);
	return sio_nl_reply_send(info, msg, hdr, err);
}

/* The session of a request, its mutex locked, or an ERR_PTR */
static struct sio_fe_sess *sio_fe_nl_sess(struct genl_info *info)
{
	struct sio_fe_sess *sess = NULL;

	mutex_lock(&sio_fe_mutex);
	if (info->attrs[SIO_FE_A_NAME])
		sess = __sio_fe_sess_find(genl_info_net(info),
					  nla_data(info->attrs[SIO_FE_A_NAME]));
	if (sess)
		mutex_lock(&sess->mutex);
	mutex_unlock(&sio_fe_mutex);
	if (!sess) {
		NL_SET_ERR_MSG(info->extack,
			       "There is no session of this name");
		return ERR_PTR(-ENOENT);
	}
	return sess;
}

/* A disk of a session by its name, or NULL: with a sentence unless it may come */
static struct sio_fe_dev *sio_fe_nl_disk(struct genl_info *info,
					 struct sio_fe_sess *sess)
{
	const struct nlattr *name = info->attrs[SIO_FE_A_DEV];
	struct sio_fe_dev *dev;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry(dev, &sess->devs, node)
		if (name && dev->disk && !nla_strcmp(name, dev->name))
			return dev;
	if (!name || !info->attrs[SIO_FE_A_AHEAD])
		NL_SET_ERR_MSG(info->extack,
			       "The session has no disk of this name");
	return NULL;
}

/* Of a disk that is there, and for one that will come */
static int sio_fe_nl_on_loss(struct genl_info *info, struct sio_fe_sess *sess,
			     u8 on_loss, u32 s)
{
	const struct nlattr *name = info->attrs[SIO_FE_A_DEV];
	struct sio_fe_dev *dev = sio_fe_nl_disk(info, sess);
	int err;

	if (!dev && (!name || !info->attrs[SIO_FE_A_AHEAD]))
		return -ENOENT;
	if (!sio_name_is_valid(nla_data(name), nla_len(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "A disk's name has letters, digits, '.', '_' and '-', and begins with a letter or digit");
		return -EINVAL;
	}
	err = sio_fe_policy_set(sess, nla_data(name), on_loss, s);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack,
			       "The session has policies for too many disks; set some back to wait");
	if (err || !dev)
		return err;
	sio_fe_disk_set_on_loss(dev->disk, on_loss, s);
	sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_SET);
	return 0;
}

static int sio_fe_nl_blk_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_fe_sess *sess;
	u8 on_loss;
	u32 s = 0;
	int err;

	if (!info->attrs[SIO_FE_A_ON_LOSS]) {
		NL_SET_ERR_MSG(info->extack,
			       "Nothing to set; --on-loss can be");
		return -EINVAL;
	}
	on_loss = nla_get_u8(info->attrs[SIO_FE_A_ON_LOSS]);
	if (info->attrs[SIO_FE_A_ON_LOSS_S])
		s = nla_get_u32(info->attrs[SIO_FE_A_ON_LOSS_S]);
	sess = sio_fe_nl_sess(info);
	if (IS_ERR(sess))
		return PTR_ERR(sess);
	err = sio_fe_nl_on_loss(info, sess, on_loss, s);
	mutex_unlock(&sess->mutex);
	return err;
}

static int sio_fe_nl_blk_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_fe_sess *sess = sio_fe_nl_sess(info);
	struct sio_fe_dev *dev;

	if (IS_ERR(sess))
		return PTR_ERR(sess);
	dev = sio_fe_nl_disk(info, sess);
	if (dev) {
		sio_fe_disk_abort(dev->disk);
		sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_SET);
	}
	mutex_unlock(&sess->mutex);
	return dev ? 0 : -ENOENT;
}

static const struct genl_small_ops sio_fe_nl_small_ops[] = {
	{	/* takes a net device of the machine: init_user_ns only */
		.cmd	= SIO_FE_CMD_CONNECT,
		.doit	= sio_fe_nl_connect,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_FE_CMD_DISCONNECT,
		.doit	= sio_fe_nl_disconnect,
		.flags	= GENL_ADMIN_PERM,
	}, {	/* reading is open to everyone, like "ip link" */
		.cmd	= SIO_FE_CMD_SESSION_GET,
		.doit	= sio_fe_nl_sess_get,
		.dumpit	= sio_fe_dump_sessions,
	}, {
		.cmd	= SIO_FE_CMD_DEV_GET,
		.dumpit	= sio_fe_dump_devs,
	}, {
		.cmd	= SIO_FE_CMD_WORKER_GET,
		.dumpit	= sio_fe_dump_workers,
	}, {
		.cmd	= SIO_FE_CMD_BLK_SET,
		.doit	= sio_fe_nl_blk_set,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_FE_CMD_BLK_ABORT,
		.doit	= sio_fe_nl_blk_abort,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= SIO_FE_CMD_LINK_GET,
		.dumpit	= sio_fe_dump_links,
	}, {
		.cmd	= SIO_FE_CMD_FAULT_SET,
		.doit	= sio_fe_nl_fault_set,
		.flags	= GENL_ADMIN_PERM,
	},
};

static const struct genl_multicast_group sio_fe_nl_groups[] = {
	{ .name = SIO_EVENTS_GROUP },
};

static struct genl_family sio_fe_nl_family __ro_after_init = {
	.name		= SIO_FE_GENL_NAME,
	.version	= SIO_FE_GENL_VERSION,
	.maxattr	= SIO_FE_A_MAX,
	.policy		= sio_fe_nl_policy,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.small_ops	= sio_fe_nl_small_ops,
	.n_small_ops	= ARRAY_SIZE(sio_fe_nl_small_ops),
	.mcgrps		= sio_fe_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(sio_fe_nl_groups),
};

/**
 * sio_fe_nl_sess_event() - tell who listens where a session stands
 * @sess: held
 *
 * Context: process; takes the session's mutex in the core.
 */
void sio_fe_nl_sess_event(struct sio_fe_sess *sess)
{
	struct net *net = sess->s.net;
	struct sk_buff *msg;
	void *hdr;

	msg = sio_nl_event_new(&sio_fe_nl, net, SIO_EVENT_SESSION, &hdr);
	if (msg)
		sio_nl_event_send(&sio_fe_nl, net, msg, hdr,
				  sio_session_fill(msg, SIO_FE_A_SESSION,
						   &sess->s));
}

/**
 * sio_fe_nl_dev_event() - tell who listens of a device
 * @dev: its session's mutex is held
 * @event: what became of it
 *
 * Context: process.
 */
void sio_fe_nl_dev_event(struct sio_fe_dev *dev, enum sio_event event)
{
	struct net *net = dev->sess->s.net;
	struct sk_buff *msg;
	void *hdr;

	msg = sio_nl_event_new(&sio_fe_nl, net, event, &hdr);
	if (msg)
		sio_nl_event_send(&sio_fe_nl, net, msg, hdr,
				  sio_fe_dev_nest(msg, dev));
}

/**
 * sio_fe_nl_init() - begin to answer requests
 *
 * Return: 0 or a negative errno.
 */
int __init sio_fe_nl_init(void)
{
	return sio_nl_register(&sio_fe_nl);
}

/**
 * sio_fe_nl_exit() - answer no more
 */
void sio_fe_nl_exit(void)
{
	sio_nl_unregister(&sio_fe_nl);
}
