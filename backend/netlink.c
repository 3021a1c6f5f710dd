// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family of the back-end. */
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/log2.h>
#include <net/netlink.h>

#include "blk.h"
#include "proto/fault.h"
#include "proto/hdr.h"
#include "proto/netlink.h"

/* What a request needs before it is handled, internal_flags */
#define SIO_BE_NEEDS_IFINDEX	0x01	/* the attribute */
#define SIO_BE_NEEDS_LOCK	0x02	/* sio_be_mutex */
#define SIO_BE_NEEDS_GUEST	0x04	/* one that is known, and the mutex */
#define SIO_BE_NEEDS_DEV	0x08	/* one of a guest, and the mutex */

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

const struct nla_policy sio_be_policy[SIO_BE_A_MAX + 1] = {
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
	[SIO_BE_A_PATH]		= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_BE_A_SOURCE]	= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_BE_A_MADE]		= NLA_POLICY_MASK(NLA_U32, SIO_MADE_ALL),
	[SIO_BE_A_READ_ONLY]	= { .type = NLA_FLAG },
	[SIO_BE_A_WRITE_THROUGH] = { .type = NLA_FLAG },
	[SIO_BE_A_DIGEST]	= { .type = NLA_FLAG },
	[SIO_BE_A_BLOCK]	= NLA_POLICY_RANGE(NLA_U32, 512, 4096),
	[SIO_BE_A_QUEUES]	= NLA_POLICY_RANGE(NLA_U32, 1,
						   SIO_BE_QUEUES_MAX),
	[SIO_BE_A_RULES]	= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_BE_A_KEY_FILE]	= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_BE_A_KEY_SOURCE]	= { .type = NLA_NUL_STRING,
				    .len = SIO_PATH_LEN - 1 },
	[SIO_BE_A_BACK]		= { .type = NLA_FLAG },
};

static const struct genl_multicast_group sio_be_groups[] = {
	{ .name = SIO_EVENTS_GROUP },
};

static struct genl_family sio_be_family;

struct sio_nl sio_be_nl = {
	.family		= &sio_be_family,
	.event_cmd	= SIO_BE_CMD_EVENT,
	.event_attr	= SIO_BE_A_EVENT,
};

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

static int sio_be_nl_find_guest(struct genl_info *info)
{
	const char *name = sio_be_name(info, SIO_BE_A_GUEST);

	if (IS_ERR(name))
		return PTR_ERR(name);
	info->user_ptr[0] = sio_be_guest_find(genl_info_net(info), name);
	if (info->user_ptr[0])
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIO_BE_A_GUEST],
			    "There is no such guest; iohyp guest create makes one");
	return -ENOENT;
}

static int sio_be_nl_find_dev(struct genl_info *info)
{
	const char *name;
	int err;

	err = sio_be_nl_find_guest(info);
	if (err)
		return err;
	name = sio_be_name(info, SIO_BE_A_DEV);
	if (IS_ERR(name))
		return PTR_ERR(name);
	info->user_ptr[1] = sio_be_dev_find(info->user_ptr[0], name);
	if (info->user_ptr[1])
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIO_BE_A_DEV],
			    "The guest has no device of this name");
	return -ENOENT;
}

/* Lock and look up: user_ptr has the guest and the device, if they are needed */
static int sio_be_nl_pre_doit(const struct sio_genl_doit_ops *ops,
			      struct sk_buff *skb, struct genl_info *info)
{
	int err = 0;

	if (ops->internal_flags & SIO_BE_NEEDS_IFINDEX)
		err = sio_be_missing(info, SIO_BE_A_IFINDEX);
	if (err || !(ops->internal_flags & ~SIO_BE_NEEDS_IFINDEX))
		return err;
	mutex_lock(&sio_be_mutex);
	if (ops->internal_flags & SIO_BE_NEEDS_DEV)
		err = sio_be_nl_find_dev(info);
	else if (ops->internal_flags & SIO_BE_NEEDS_GUEST)
		err = sio_be_nl_find_guest(info);
	if (err)
		mutex_unlock(&sio_be_mutex);
	return err;
}

static void sio_be_nl_post_doit(const struct sio_genl_doit_ops *ops,
				struct sk_buff *skb, struct genl_info *info)
{
	if (ops->internal_flags & ~SIO_BE_NEEDS_IFINDEX)
		mutex_unlock(&sio_be_mutex);
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

static const char *sio_be_nl_key_source(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[SIO_BE_A_KEY_SOURCE];

	return attr ? nla_data(attr) : NULL;
}

static int sio_be_nl_link_new(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *local = info->attrs[SIO_BE_A_LOCAL];
	u16 port = SIO_PORT_DEFAULT;

	if (info->attrs[SIO_BE_A_PORT])
		port = nla_get_u16(info->attrs[SIO_BE_A_PORT]);
	return sio_be_link_create(genl_info_net(info),
				  nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]),
				  local ? nla_get_in_addr(local) : 0, port,
				  info->extack);
}

static int sio_be_nl_link_del(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	err = sio_be_link_remove(genl_info_net(info),
				 nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]));
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
	guest = sio_be_guest_create(genl_info_net(info), name, key,
				    info->extack);
	if (IS_ERR(guest))
		return PTR_ERR(guest);
	err = sio_session_set_key_source(&guest->s, sio_be_nl_key_source(info));
	if (err) {
		sio_be_guest_destroy(guest, false);
		return err;
	}
	sio_be_event_guest(guest, SIO_EVENT_GUEST_NEW);
	return 0;
}

static int sio_be_nl_guest_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_guest *guest = info->user_ptr[0];

	if (info->attrs[SIO_BE_A_BACK]) {
		sio_be_event_guest(guest, SIO_EVENT_GUEST_DEL);
		sio_be_guest_suspend(guest, msecs_to_jiffies(SIO_BE_DRAIN_MS));
		return 0;
	}
	if (guest->nr_devs && !info->attrs[SIO_BE_A_FORCE]) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "The guest has %u devices; remove them first, or use --force",
				   guest->nr_devs);
		return -EBUSY;
	}
	sio_be_event_guest(guest, SIO_EVENT_GUEST_DEL);
	sio_be_guest_destroy(guest, false);
	return 0;
}

static int sio_be_nl_guest_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_guest *guest = info->user_ptr[0];
	const u8 *key;
	int err;

	err = sio_be_nl_key(info, &key);
	if (!err)
		err = sio_session_set_key_source(&guest->s,
						 sio_be_nl_key_source(info));
	if (!err)
		sio_session_rekey(&guest->s, key);
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
	if (info->attrs[SIO_BE_A_RULES])
		param->rules = nla_data(info->attrs[SIO_BE_A_RULES]);
}

static int sio_be_nl_dev_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_dev *dev = info->user_ptr[1];
	struct sk_buff *msg;
	void *hdr;

	msg = sio_nl_reply_new(&sio_be_nl, info, info->genlhdr->cmd, &hdr);
	if (!msg)
		return -ENOMEM;
	return sio_nl_reply_send(info, msg, hdr,
				 sio_be_dev_fill(msg, SIO_BE_A_DEVICE, dev));
}

static int sio_be_nl_nic_new(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_nic_param param;
	struct sio_be_nic *nic;
	struct sk_buff *msg;
	void *hdr;
	int err;

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
	/* first, so that a NIC that was made is not answered by an error */
	msg = sio_nl_reply_new(&sio_be_nl, info, info->genlhdr->cmd, &hdr);
	if (!msg)
		return -ENOMEM;
	nic = sio_be_nic_create(info->user_ptr[0], &param, info->extack);
	if (IS_ERR(nic))
		return sio_nl_reply_send(info, msg, hdr, PTR_ERR(nic));
	sio_be_event_dev(&nic->d, SIO_EVENT_DEV_NEW);
	return sio_nl_reply_send(info, msg, hdr,
				 sio_be_dev_fill(msg, SIO_BE_A_DEVICE,
						 &nic->d));
}

/* Unless forced, nothing goes that the guest is using */
static int sio_be_nl_dev_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_dev *dev = info->user_ptr[1];
	int err = 0;

	if (dev->ops->type == SIO_DEV_BLK && !info->attrs[SIO_BE_A_FORCE])
		err = sio_be_dev_ask_gone(dev);
	if (err == -EBUSY)
		NL_SET_ERR_MSG(info->extack,
			       "The guest is using this disk; unmount it there first, or use --force");
	else if (err == -ETIMEDOUT)
		NL_SET_ERR_MSG(info->extack,
			       "The guest does not say whether it is using this disk; wait until it is back, or use --force");
	if (err)
		return err;
	dev->ops->destroy(dev);
	return 0;
}

static int sio_be_nl_nic_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *any_mac = info->attrs[SIO_BE_A_ANY_MAC];
	const struct nlattr *rules = info->attrs[SIO_BE_A_RULES];
	const struct nlattr *mtu = info->attrs[SIO_BE_A_MTU];
	struct sio_be_dev *dev = info->user_ptr[1];
	struct sio_be_nic *nic = sio_be_nic_of(dev);
	int err = 0;

	if (dev->ops->type != SIO_DEV_NIC) {
		NL_SET_ERR_MSG(info->extack, "This device is not a NIC");
		return -EINVAL;
	}
	if (!any_mac && !mtu && !rules) {
		NL_SET_ERR_MSG(info->extack,
			       "Nothing to set; --mtu, --any-mac and --firewall can be");
		return -EINVAL;
	}
	if (mtu)
		err = sio_be_port_set_mtu(nic, nla_get_u32(mtu), info->extack);
	if (!err && rules)
		err = sio_be_nic_set_rules(nic, nla_data(rules));
	if (err)
		return err;
	if (any_mac)
		sio_be_mode_set_any_mac(nic, nla_get_u8(any_mac));
	sio_be_dev_announce(&nic->d);
	sio_be_event_dev(&nic->d, SIO_EVENT_DEV_SET);
	return 0;
}

static int sio_be_nl_blk_param(struct genl_info *info,
			       struct sio_be_disk_param *param)
{
	const struct nlattr *block = info->attrs[SIO_BE_A_BLOCK];
	const struct nlattr *source = info->attrs[SIO_BE_A_SOURCE];

	memset(param, 0, sizeof(*param));
	param->name = sio_be_name(info, SIO_BE_A_DEV);
	if (IS_ERR(param->name))
		return PTR_ERR(param->name);
	param->path = nla_data(info->attrs[SIO_BE_A_PATH]);
	param->source = source ? nla_data(source) : param->path;
	if (info->attrs[SIO_BE_A_KEY_FILE])
		param->key_file = nla_data(info->attrs[SIO_BE_A_KEY_FILE]);
	if (info->attrs[SIO_BE_A_UUID])
		nla_memcpy(param->uuid, info->attrs[SIO_BE_A_UUID],
			   SIO_UUID_LEN);
	if (info->attrs[SIO_BE_A_MADE])
		param->made = nla_get_u32(info->attrs[SIO_BE_A_MADE]);
	if (info->attrs[SIO_BE_A_QUEUES])
		param->queues = nla_get_u32(info->attrs[SIO_BE_A_QUEUES]);
	param->is_read_only = info->attrs[SIO_BE_A_READ_ONLY];
	param->is_write_through = info->attrs[SIO_BE_A_WRITE_THROUGH];
	param->has_digest = info->attrs[SIO_BE_A_DIGEST];
	if (!block)
		return 0;
	param->block = nla_get_u32(block);
	if (is_power_of_2(param->block))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, block,
			    "A block has 512, 1024, 2048 or 4096 bytes");
	return -EINVAL;
}

static int sio_be_nl_blk_new(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_disk_param param;
	struct sio_be_disk *disk;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = sio_be_missing(info, SIO_BE_A_PATH);
	if (err)
		return err;
	if (!netlink_capable(skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "Opening a block device takes CAP_SYS_ADMIN");
		return -EPERM;
	}
	err = sio_be_nl_blk_param(info, &param);
	if (err)
		return err;
	msg = sio_nl_reply_new(&sio_be_nl, info, info->genlhdr->cmd, &hdr);
	if (!msg)
		return -ENOMEM;
	disk = sio_be_disk_create(info->user_ptr[0], &param, info->extack);
	if (IS_ERR(disk))
		return sio_nl_reply_send(info, msg, hdr, PTR_ERR(disk));
	sio_be_event_dev(&disk->d, SIO_EVENT_DEV_NEW);
	return sio_nl_reply_send(info, msg, hdr,
				 sio_be_dev_fill(msg, SIO_BE_A_DEVICE,
						 &disk->d));
}

static int sio_be_nl_guest_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_be_guest *guest = info->user_ptr[0];
	struct sk_buff *msg;
	void *hdr;

	msg = sio_nl_reply_new(&sio_be_nl, info, SIO_BE_CMD_GUEST_GET, &hdr);
	if (!msg)
		return -ENOMEM;
	return sio_nl_reply_send(info, msg, hdr,
				 sio_session_fill(msg, SIO_BE_A_SESSION,
						  &guest->s));
}

/* The link with one more user, or NULL with a sentence */
static struct sio_link *sio_be_nl_find_link(struct genl_info *info)
{
	struct sio_link *link;

	link = sio_link_find(genl_info_net(info),
			     nla_get_u32(info->attrs[SIO_BE_A_IFINDEX]));
	if (!link)
		NL_SET_ERR_MSG(info->extack, "This device is not a link");
	return link;
}

static int sio_be_nl_link_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_link *link = sio_be_nl_find_link(info);
	int err = -ENOMEM;
	struct sk_buff *msg;
	void *hdr;

	if (!link)
		return -ENOENT;
	msg = sio_nl_reply_new(&sio_be_nl, info, SIO_BE_CMD_LINK_GET, &hdr);
	if (msg)
		err = sio_nl_reply_send(info, msg, hdr,
					sio_link_fill(msg, SIO_BE_A_LINK,
						      link));
	sio_link_put(link);
	return err;
}

static int sio_be_nl_fault_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sio_link *link = sio_be_nl_find_link(info);
	int err;

	if (!link)
		return -ENOENT;
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
		.internal_flags = SIO_BE_NEEDS_LOCK | SIO_BE_NEEDS_IFINDEX,
	}, {
		.cmd	= SIO_BE_CMD_LINK_DEL,
		.doit	= sio_be_nl_link_del,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_LOCK | SIO_BE_NEEDS_IFINDEX,
	}, {	/* reading is open to everyone, like "ip link" */
		.cmd	= SIO_BE_CMD_LINK_GET,
		.doit	= sio_be_nl_link_get,
		.dumpit	= sio_be_dump_links,
		.internal_flags = SIO_BE_NEEDS_IFINDEX,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_NEW,
		.doit	= sio_be_nl_guest_new,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_LOCK,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_DEL,
		.doit	= sio_be_nl_guest_del,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_GUEST,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_SET,
		.doit	= sio_be_nl_guest_set,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_GUEST,
	}, {
		.cmd	= SIO_BE_CMD_GUEST_GET,
		.doit	= sio_be_nl_guest_get,
		.dumpit	= sio_be_dump_guests,
		.internal_flags = SIO_BE_NEEDS_GUEST,
	}, {
		.cmd	= SIO_BE_CMD_NIC_NEW,
		.doit	= sio_be_nl_nic_new,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_GUEST,
	}, {
		.cmd	= SIO_BE_CMD_DEV_DEL,
		.doit	= sio_be_nl_dev_del,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_DEV,
	}, {
		.cmd	= SIO_BE_CMD_NIC_SET,
		.doit	= sio_be_nl_nic_set,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_DEV,
	}, {
		.cmd	= SIO_BE_CMD_DEV_GET,
		.doit	= sio_be_nl_dev_get,
		.dumpit	= sio_be_dump_devs,
		.internal_flags = SIO_BE_NEEDS_DEV,
	}, {
		.cmd	= SIO_BE_CMD_WORKER_GET,
		.dumpit	= sio_be_dump_workers,
	}, {
		/* opens block devices of the host: init_user_ns only */
		.cmd	= SIO_BE_CMD_BLK_NEW,
		.doit	= sio_be_nl_blk_new,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_GUEST,
	}, {
		.cmd	= SIO_BE_CMD_FAULT_SET,
		.doit	= sio_be_nl_fault_set,
		.flags	= GENL_ADMIN_PERM,
		.internal_flags = SIO_BE_NEEDS_IFINDEX,
	},
};

static struct genl_family sio_be_family __ro_after_init = {
	.name		= SIO_BE_GENL_NAME,
	.version	= SIO_BE_GENL_VERSION,
	.maxattr	= SIO_BE_A_MAX,
	.policy		= sio_be_policy,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.pre_doit	= sio_be_nl_pre_doit,
	.post_doit	= sio_be_nl_post_doit,
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
	return sio_nl_register(&sio_be_nl);
}

/**
 * sio_be_nl_exit() - answer no more
 */
void sio_be_nl_exit(void)
{
	sio_nl_unregister(&sio_be_nl);
}
