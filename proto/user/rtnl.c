// SPDX-License-Identifier: GPL-2.0
/* Net devices, their addresses and neighbours, from rtnetlink. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "proto/user/nl.h"
#include "proto/user/rtnl.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"

/**
 * sio_rtnl_open() - have a socket for requests about net devices
 * @tool: the tool; the socket is opened once and kept there
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_rtnl_open(struct sio_tool *tool)
{
	if (!tool->rtnl)
		tool->rtnl = sio_nl_open(NETLINK_ROUTE);
	if (!tool->rtnl)
		return sio_refuse("cannot open a netlink socket: %s",
				  strerror(errno));
	return 0;
}

/**
 * sio_rtnl_link_req() - begin a request about a net device
 * @tool: the tool, after sio_rtnl_open()
 * @type: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK
 * @flags: NLM_F_ flags besides NLM_F_REQUEST
 * @index: the device, 0 if an attribute names it
 *
 * Return: the message.
 */
struct nlmsghdr *sio_rtnl_link_req(struct sio_tool *tool, __u16 type,
				   __u16 flags, int index)
{
	struct ifinfomsg *info;
	struct nlmsghdr *req;

	req = sio_nl_req(tool->rtnl, type, flags);
	info = mnl_nlmsg_put_extra_header(req, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = index;
	return req;
}

/**
 * sio_rtnl_refused() - say why the last request was refused
 * @tool: the tool
 * @what: what it was about
 *
 * Return: SIO_EXIT_REFUSED.
 */
int sio_rtnl_refused(const struct sio_tool *tool, const char *what)
{
	const struct sio_nl *nl = tool->rtnl;

	if (nl->err == EPERM)
		return sio_refuse("%s: this needs root (CAP_NET_ADMIN)", what);
	if (*nl->err_text)
		return sio_refuse("%s: %s", what, nl->err_text);
	return sio_refuse("%s: %s", what, strerror(nl->err));
}

/**
 * sio_rtnl_do() - send a request that has no answer but done or refused
 * @tool: the tool
 * @req: the request
 * @what: what it is about
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_rtnl_do(struct sio_tool *tool, struct nlmsghdr *req, const char *what)
{
	if (sio_nl_talk(tool->rtnl, req, NULL, NULL) < 0)
		return sio_rtnl_refused(tool, what);
	return 0;
}

static void sio_netdev_info(struct sio_netdev *dev, const struct nlattr *info)
{
	const struct nlattr *data[IFLA_MACVLAN_MODE + 1];
	const struct nlattr *tb[IFLA_INFO_DATA + 1];

	sio_nl_parse(info, tb, IFLA_INFO_DATA);
	if (!tb[IFLA_INFO_KIND])
		return;
	snprintf(dev->kind, sizeof(dev->kind), "%s",
		 mnl_attr_get_str(tb[IFLA_INFO_KIND]));
	if (strcmp(dev->kind, "macvtap") || !tb[IFLA_INFO_DATA])
		return;
	sio_nl_parse(tb[IFLA_INFO_DATA], data, IFLA_MACVLAN_MODE);
	if (data[IFLA_MACVLAN_MODE])
		dev->macvlan_mode = mnl_attr_get_u32(data[IFLA_MACVLAN_MODE]);
}

static void sio_netdev_xdp(struct sio_netdev *dev, const struct nlattr *xdp)
{
	const struct nlattr *tb[IFLA_XDP_MAX + 1];

	sio_nl_parse(xdp, tb, IFLA_XDP_MAX);
	if (tb[IFLA_XDP_SKB_PROG_ID])
		dev->xdp_generic = true;
	else if (tb[IFLA_XDP_ATTACHED])
		dev->xdp_generic = mnl_attr_get_u8(tb[IFLA_XDP_ATTACHED]) ==
				   XDP_ATTACHED_SKB;
}

static int sio_netdev_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	struct sio_netdev *dev = arg;
	const struct nlattr *attr;
	size_t len;

	dev->index = info->ifi_index;
	dev->flags = info->ifi_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*info)) {
		len = mnl_attr_get_payload_len(attr);
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			snprintf(dev->name, sizeof(dev->name), "%s",
				 mnl_attr_get_str(attr));
			break;
		case IFLA_MTU:
			dev->mtu = mnl_attr_get_u32(attr);
			break;
		case IFLA_MASTER:
			dev->master = (int)mnl_attr_get_u32(attr);
			break;
		case IFLA_LINK:
			dev->parent = (int)mnl_attr_get_u32(attr);
			break;
		case IFLA_ADDRESS:
			if (len > sizeof(dev->mac))
				break;
			memcpy(dev->mac, mnl_attr_get_payload(attr), len);
			dev->mac_len = len;
			break;
		case IFLA_LINKINFO:
			sio_netdev_info(dev, attr);
			break;
		case IFLA_XDP:
			sio_netdev_xdp(dev, attr);
			break;
		}
	}
	return 0;
}

/**
 * sio_netdev_get() - look a net device up
 * @tool: the tool
 * @name: its name, also an alternative one; NULL to look for @index
 * @index: its index
 * @dev: filled in
 *
 * Return: 0 or -errno, for sio_rtnl_refused().
 */
int sio_netdev_get(struct sio_tool *tool, const char *name, int index,
		   struct sio_netdev *dev)
{
	struct nlmsghdr *req;
	int err;

	memset(dev, 0, sizeof(*dev));
	if (sio_rtnl_open(tool))
		return -EIO;
	req = sio_rtnl_link_req(tool, RTM_GETLINK, 0, name ? 0 : index);
	if (name)
		mnl_attr_put_strz(req, strlen(name) < IFNAMSIZ ?
				  IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	err = sio_nl_talk(tool->rtnl, req, sio_netdev_cb, dev);
	if (!err && !dev->index) {
		tool->rtnl->err = ENODEV;
		err = -ENODEV;
	}
	return err;
}

/**
 * sio_netdev_need() - look up a net device the user named
 * @tool: the tool
 * @name: its name
 * @dev: filled in
 *
 * Return: 0, or enum sio_exit after saying what is wrong.
 */
int sio_netdev_need(struct sio_tool *tool, const char *name,
		    struct sio_netdev *dev)
{
	int err;

	if (sio_value_name("net device", name))
		return SIO_EXIT_USAGE;
	if (sio_rtnl_open(tool))
		return SIO_EXIT_REFUSED;
	err = sio_netdev_get(tool, name, 0, dev);
	if (!err)
		return 0;
	/* A name no device can have is refused as malformed. */
	if (err == -ENODEV || err == -EINVAL || err == -ERANGE)
		return sio_refuse("no net device %s in this network namespace; %s",
				  name,
				  "\"ip link\" lists them, -n NAME looks into another one");
	return sio_rtnl_refused(tool, name);
}

/**
 * sio_netdev_name() - name of a net device by its index
 * @tool: the tool
 * @index: the index, may be 0
 * @buf: IFNAMSIZ bytes
 *
 * Return: @buf, "" if there is none.
 */
const char *sio_netdev_name(struct sio_tool *tool, int index, char *buf)
{
	struct sio_netdev dev;

	*buf = '\0';
	if (index > 0 && !sio_netdev_get(tool, NULL, index, &dev))
		memcpy(buf, dev.name, sizeof(dev.name));
	return buf;
}

/* What sio_netdev_has_address() looks for and has found. */
struct sio_netdev_addrs {
	int index;
	int nr;
};

static int sio_netdev_addr_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(nlh);
	struct sio_netdev_addrs *addrs = arg;

	if ((int)addr->ifa_index == addrs->index)
		addrs->nr++;
	return 0;
}

/**
 * sio_netdev_has_address() - does a net device have an IPv4 address?
 * @tool: the tool
 * @index: the device
 *
 * Return: 1, 0, or -errno.
 */
int sio_netdev_has_address(struct sio_tool *tool, int index)
{
	struct sio_netdev_addrs addrs = { .index = index };
	struct ifaddrmsg *addr;
	struct nlmsghdr *req;
	int err;

	if (sio_rtnl_open(tool))
		return -EIO;
	req = sio_nl_req(tool->rtnl, RTM_GETADDR, NLM_F_DUMP);
	addr = mnl_nlmsg_put_extra_header(req, sizeof(*addr));
	addr->ifa_family = AF_INET;
	addr->ifa_index = index;
	err = sio_nl_talk(tool->rtnl, req, sio_netdev_addr_cb, &addrs);
	return err && err != -EINTR ? err : !!addrs.nr;
}

static int sio_netdev_neigh_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *neigh = mnl_nlmsg_get_payload(nlh);

	*(int *)arg = neigh->ndm_state;
	return 0;
}

/**
 * sio_netdev_neighbour() - state of the neighbour entry of an address
 * @tool: the tool
 * @index: the net device
 * @addr: the address
 *
 * Return: NUD_ bits, 0 if there is no entry, or -errno.
 */
int sio_netdev_neighbour(struct sio_tool *tool, int index,
			 const struct sio_addr *addr)
{
	struct nlmsghdr *req;
	struct ndmsg *neigh;
	int state = 0;
	int err;

	if (sio_rtnl_open(tool))
		return -EIO;
	req = sio_nl_req(tool->rtnl, RTM_GETNEIGH, 0);
	neigh = mnl_nlmsg_put_extra_header(req, sizeof(*neigh));
	neigh->ndm_family = addr->len == 4 ? AF_INET : AF_INET6;
	neigh->ndm_ifindex = index;
	mnl_attr_put(req, NDA_DST, addr->len, addr->bytes);
	err = sio_nl_talk(tool->rtnl, req, sio_netdev_neigh_cb, &state);
	if (err == -ENOENT)
		return 0;
	return err ? err : state;
}
