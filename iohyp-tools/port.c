// SPDX-License-Identifier: GPL-2.0
/* Make a macvtap that never says a word of its own, and take it away. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/port.h"
#include "proto/user/nl.h"
#include "proto/user/tool.h"

/* Kind of the ports we make, and the names tried for one before giving up */
#define SIO_PORT_KIND	"macvtap"
#define SIO_PORT_TRIES	1000

static const struct {
	const char *name;
	__u32 mode;
} sio_port_modes[] = {
	{ "bridge", MACVLAN_MODE_BRIDGE },
	{ "passthru", MACVLAN_MODE_PASSTHRU },
	{ "private", MACVLAN_MODE_PRIVATE },
	{ "vepa", MACVLAN_MODE_VEPA },
	{ NULL, 0 },
};

/**
 * sio_port_mode() - read the mode of a macvtap
 * @text: the mode
 * @mode: set to MACVLAN_MODE_
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_port_mode(const char *text, __u32 *mode)
{
	int i;

	for (i = 0; sio_port_modes[i].name; i++) {
		if (strcmp(sio_port_modes[i].name, text))
			continue;
		*mode = sio_port_modes[i].mode;
		return 0;
	}
	return sio_usage("--mode: \"%s\" is none of bridge, passthru, private, vepa",
			 text);
}

/**
 * sio_port_mode_word() - name the mode of a macvtap
 * @mode: MACVLAN_MODE_ bit
 *
 * Return: what sio_port_mode() reads, "bridge" for others.
 */
const char *sio_port_mode_word(__u32 mode)
{
	int i;

	for (i = 0; sio_port_modes[i].name; i++)
		if (sio_port_modes[i].mode == mode)
			return sio_port_modes[i].name;
	return sio_port_modes[0].name;
}

/* What the kernel says of the uplink, in words that name a way out. */
static int sio_port_refused(struct sio_tool *tool, struct sio_netdev *uplink,
			    const char *name)
{
	char master[IFNAMSIZ];

	switch (tool->rtnl->err) {
	case EBUSY:
		return sio_refuse("%s is taken by %s; use another uplink",
				  uplink->name,
				  "a bridge, a bond or a macvtap in passthru mode");
	case EEXIST:
		return sio_refuse("a net device %s exists already; choose another --port-name",
				  name);
	case EOPNOTSUPP:
		return sio_refuse("the kernel has no macvtap: modprobe macvtap, %s",
				  "or give any net device with --port");
	case EINVAL:
		sio_netdev_name(tool, uplink->master, master);
		if (*master)
			return sio_refuse("%s is enslaved to %s: give --uplink %s",
					  uplink->name, master, master);
		return sio_refuse("%s cannot carry a port in this mode: %s",
				  uplink->name,
				  "it must be an Ethernet device, and passthru shares it with no other port");
	}
	return sio_rtnl_refused(tool, uplink->name);
}

static int sio_port_check_uplink(struct sio_tool *tool,
				 const struct sio_port_spec *spec,
				 struct sio_netdev *uplink)
{
	char master[IFNAMSIZ];
	int err;

	err = sio_netdev_need(tool, spec->uplink, uplink);
	if (err)
		return err;
	if (uplink->master) {
		sio_netdev_name(tool, uplink->master, master);
		return sio_refuse("%s is enslaved to %s: give --uplink %s",
				  uplink->name, master, master);
	}
	if (!(uplink->flags & IFF_UP))
		return sio_refuse("%s is down; first: ip link set %s up",
				  uplink->name, uplink->name);
	if (spec->mtu > uplink->mtu)
		return sio_refuse("MTU %u does not fit %s with its %u; first: %s %s mtu %u",
				  spec->mtu, uplink->name, uplink->mtu,
				  "ip link set", uplink->name, spec->mtu);
	return 0;
}

static int sio_port_try(struct sio_tool *tool, const struct sio_port_spec *spec,
			int uplink, const char *name)
{
	struct nlattr *info;
	struct nlattr *data;
	struct nlmsghdr *req;

	req = sio_rtnl_link_req(tool, RTM_NEWLINK,
				NLM_F_CREATE | NLM_F_EXCL, 0);
	mnl_attr_put_strz(req, IFLA_IFNAME, name);
	mnl_attr_put_u32(req, IFLA_LINK, uplink);
	mnl_attr_put(req, IFLA_ADDRESS, sizeof(spec->mac), spec->mac);
	if (spec->mtu)
		mnl_attr_put_u32(req, IFLA_MTU, spec->mtu);
	info = mnl_attr_nest_start(req, IFLA_LINKINFO);
	mnl_attr_put_strz(req, IFLA_INFO_KIND, SIO_PORT_KIND);
	data = mnl_attr_nest_start(req, IFLA_INFO_DATA);
	mnl_attr_put_u32(req, IFLA_MACVLAN_MODE, spec->mode);
	mnl_attr_nest_end(req, data);
	mnl_attr_nest_end(req, info);
	return sio_nl_talk(tool->rtnl, req, NULL, NULL);
}

/* sio-DEV, cut to what fits, then with a number until one is free. */
static void sio_port_name(const char *dev, unsigned short try, char *name)
{
	char suffix[8] = "";
	int room;

	if (try > 1)
		snprintf(suffix, sizeof(suffix), "-%hu", try);
	room = IFNAMSIZ - 1 - (int)strlen("sio-") - (int)strlen(suffix);
	snprintf(name, IFNAMSIZ, "sio-%.*s%s", room, dev, suffix);
}

/* What the kernel takes as it is: a % would have it choose another name. */
static bool sio_port_name_is_good(const char *name)
{
	return *name && !name[strcspn(name, " \t\n\v\f\r/:%")] &&
	       strcmp(name, ".") && strcmp(name, "..");
}

static int sio_port_create(struct sio_tool *tool,
			   const struct sio_port_spec *spec,
			   struct sio_netdev *uplink, char *name)
{
	unsigned short try;
	int err = -EEXIST;

	if (spec->name) {
		if (strlen(spec->name) >= IFNAMSIZ)
			return sio_refuse("--port-name %s is too long, it has room for %d",
					  spec->name, IFNAMSIZ - 1);
		if (!sio_port_name_is_good(spec->name))
			return sio_refuse("--port-name \"%s\" is no name for a net device: %s",
					  spec->name,
					  "it has no blanks, slashes, colons and percent signs");
		memcpy(name, spec->name, strlen(spec->name) + 1);
		err = sio_port_try(tool, spec, uplink->index, name);
	}
	if (!spec->name && !sio_port_name_is_good(spec->dev))
		return sio_refuse("%s: %s", spec->dev, SIO_RULE_DEV);
	for (try = 1; !spec->name && err == -EEXIST && try < SIO_PORT_TRIES;
	     try++) {
		sio_port_name(spec->dev, try, name);
		err = sio_port_try(tool, spec, uplink->index, name);
	}
	return err ? sio_port_refused(tool, uplink, name) : 0;
}

/**
 * sio_port_make() - make the port of a NIC, down and silent
 * @tool: the tool
 * @spec: what is wanted; @spec->mac is set to what the port has
 * @port: filled in
 *
 * Return: 0, or enum sio_exit after saying why; nothing is left then.
 */
int sio_port_make(struct sio_tool *tool, struct sio_port_spec *spec,
		  struct sio_netdev *port)
{
	struct sio_netdev uplink;
	char name[IFNAMSIZ];
	int err;

	err = sio_rtnl_open(tool);
	if (!err)
		err = sio_port_check_uplink(tool, spec, &uplink);
	if (!err)
		err = sio_port_create(tool, spec, &uplink, name);
	if (err)
		return err;

	err = sio_netdev_need(tool, name, port);
	/* A macvtap in passthru mode begins with the uplink's address. */
	if (!err && !spec->mac_given &&
	    port->mac_len == sizeof(spec->mac))
		memcpy(spec->mac, port->mac, sizeof(spec->mac));
	if (!err)
		err = sio_port_quiet(tool, port, spec->mac);
	if (err && port->index)
		sio_port_delete(tool, port->index);
	return err;
}

static int sio_port_no_ipv6(const struct sio_netdev *port)
{
	char path[96];
	int err = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6",
		 port->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* No such file: this kernel has no IPv6, or has it switched off. */
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || write(fd, "1\n", 2) != 2)
		err = sio_refuse("cannot switch IPv6 off on the port %s: %s",
				 port->name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return err;
}

/**
 * sio_port_quiet() - make a port that is down keep silent when it goes up
 * @tool: the tool
 * @port: the port
 * @mac: hardware address to give it, NULL to leave it
 *
 * No IPv6 address is made, so nothing claims the guest's own; no ARP.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_port_quiet(struct sio_tool *tool, const struct sio_netdev *port,
		   const __u8 *mac)
{
	struct ifinfomsg *info;
	struct nlmsghdr *req;
	struct nlattr *inet6;
	struct nlattr *spec;

	req = sio_rtnl_link_req(tool, RTM_NEWLINK, 0, port->index);
	info = mnl_nlmsg_get_payload(req);
	info->ifi_flags = IFF_NOARP;
	info->ifi_change = IFF_NOARP;
	if (mac)
		mnl_attr_put(req, IFLA_ADDRESS, 6, mac);
	if (sio_rtnl_do(tool, req, port->name))
		return SIO_EXIT_REFUSED;

	req = sio_rtnl_link_req(tool, RTM_NEWLINK, 0, port->index);
	spec = mnl_attr_nest_start(req, IFLA_AF_SPEC);
	inet6 = mnl_attr_nest_start(req, AF_INET6);
	mnl_attr_put_u8(req, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(req, inet6);
	mnl_attr_nest_end(req, spec);
	if (sio_nl_talk(tool->rtnl, req, NULL, NULL) &&
	    tool->rtnl->err != EAFNOSUPPORT && tool->rtnl->err != EINVAL)
		return sio_rtnl_refused(tool, port->name);
	return sio_port_no_ipv6(port);
}

/**
 * sio_port_up() - bring a port up
 * @tool: the tool
 * @port: the port
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_port_up(struct sio_tool *tool, const struct sio_netdev *port)
{
	struct ifinfomsg *info;
	struct nlmsghdr *req;

	req = sio_rtnl_link_req(tool, RTM_NEWLINK, 0, port->index);
	info = mnl_nlmsg_get_payload(req);
	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	if (!sio_nl_talk(tool->rtnl, req, NULL, NULL))
		return 0;
	if (tool->rtnl->err == EADDRINUSE || tool->rtnl->err == EBUSY)
		return sio_refuse("the port %s cannot go up: %s", port->name,
				  "its MAC address is taken on the uplink");
	return sio_rtnl_refused(tool, port->name);
}

/**
 * sio_port_mtu() - change the MTU of a port
 * @tool: the tool
 * @index: the port
 * @mtu: the MTU
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_port_mtu(struct sio_tool *tool, int index, __u32 mtu)
{
	char name[IFNAMSIZ];
	struct nlmsghdr *req;
	char what[64];

	snprintf(what, sizeof(what), "an MTU of %u for the port %s", mtu,
		 sio_netdev_name(tool, index, name));
	req = sio_rtnl_link_req(tool, RTM_NEWLINK, 0, index);
	mnl_attr_put_u32(req, IFLA_MTU, mtu);
	return sio_rtnl_do(tool, req, what);
}

/**
 * sio_port_delete() - delete a port the tool made
 * @tool: the tool
 * @index: the port
 *
 * What is not, or is no longer, a macvtap is left alone.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_port_delete(struct sio_tool *tool, int index)
{
	struct sio_netdev port;

	if (sio_netdev_get(tool, NULL, index, &port) ||
	    strcmp(port.kind, SIO_PORT_KIND))
		return 0;
	return sio_rtnl_do(tool, sio_rtnl_link_req(tool, RTM_DELLINK, 0, index),
			   port.name);
}
