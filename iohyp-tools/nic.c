// SPDX-License-Identifier: GPL-2.0
/* iohyp nic: virtual network interfaces and their ports. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <linux/if_link.h>
#include <splitio/be.h>

#include "iohyp-tools/dev.h"
#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/port.h"
#include "proto/user/json.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"

/* What the kernel accepts as MTU of a NIC */
#define SIO_NIC_MTU_MIN	68
#define SIO_NIC_MTU_MAX	65000

/* Options of "nic create", in the order of its table */
enum sio_nic_opt {
	SIO_NIC_UPLINK,
	SIO_NIC_MODE,
	SIO_NIC_PORT_NAME,
	SIO_NIC_PORT,
	SIO_NIC_MAC,
	SIO_NIC_MTU,
	SIO_NIC_UUID,
	SIO_NIC_ANY_MAC,
};

static const struct sio_opt sio_nic_create_opts[] = {
	[SIO_NIC_UPLINK] = {
		"uplink", "IFNAME", "make a macvtap on this device as port" },
	[SIO_NIC_MODE] = {
		"mode", "MODE", "bridge (default), passthru, private, vepa" },
	[SIO_NIC_PORT_NAME] = {
		"port-name", "NAME", "its name; sio-DEVICE if not given" },
	[SIO_NIC_PORT] = {
		"port", "IFNAME", "use this net device as port instead" },
	[SIO_NIC_MAC] = { "mac", "MAC", "address; random if not given" },
	[SIO_NIC_MTU] = { "mtu", "N", "MTU; the port's if not given" },
	[SIO_NIC_UUID] = { "uuid", "UUID", "identity; random if not given" },
	[SIO_NIC_ANY_MAC] = {
		"any-mac", NULL, "the guest may send from any address" },
	{ NULL, NULL, NULL },
};

/* Options of "nic set", likewise */
enum sio_nic_set_opt {
	SIO_NIC_SET_MTU,
	SIO_NIC_SET_ANY_MAC,
};

static const struct sio_opt sio_nic_set_opts[] = {
	[SIO_NIC_SET_MTU] = { "mtu", "N", "MTU of NIC and port" },
	[SIO_NIC_SET_ANY_MAC] = {
		"any-mac", "on|off", "whether it may send from any address" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_nic_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

/**
 * struct sio_nic_spec - a NIC that is to be made
 * @path: its guest and name
 * @port: the port to make, if @port.uplink is set
 * @port_name: the port to use otherwise
 * @has_uuid: @uuid was given
 * @uuid: its identity
 * @any_mac: it may send from any address
 */
struct sio_nic_spec {
	struct sio_path path;
	struct sio_port_spec port;
	const char *port_name;
	bool has_uuid;
	__u8 uuid[SIO_UUID_LEN];
	bool any_mac;
};

static int sio_nic_check_opts(const struct sio_args *args)
{
	bool uplink = args->opt[SIO_NIC_UPLINK];

	if (uplink == !!args->opt[SIO_NIC_PORT])
		return sio_usage("give either %s or %s",
				 "--uplink IFNAME, to have a port made on it,",
				 "--port IFNAME");
	if (!uplink && args->opt[SIO_NIC_MODE])
		return sio_usage("--mode belongs to --uplink");
	if (!uplink && args->opt[SIO_NIC_PORT_NAME])
		return sio_usage("--port-name belongs to --uplink");
	return 0;
}

/* A locally administered unicast address nobody else is likely to have. */
static int sio_nic_random_mac(__u8 *mac)
{
	if (getrandom(mac, SIO_MAC_LEN, 0) != SIO_MAC_LEN)
		return sio_refuse("cannot make a MAC address: %s",
				  strerror(errno));
	mac[0] = (mac[0] & 0xfc) | 0x02;
	return 0;
}

static int sio_nic_spec(const struct sio_args *args, struct sio_nic_spec *nic)
{
	struct sio_port_spec *port = &nic->port;
	int err;

	memset(nic, 0, sizeof(*nic));
	err = sio_value_path(args->word[0], true, &nic->path);
	if (!err)
		err = sio_nic_check_opts(args);
	if (err)
		return err;
	port->uplink = args->opt[SIO_NIC_UPLINK];
	port->name = args->opt[SIO_NIC_PORT_NAME];
	port->dev = nic->path.dev;
	port->mode = MACVLAN_MODE_BRIDGE;
	nic->port_name = args->opt[SIO_NIC_PORT];
	nic->any_mac = args->opt[SIO_NIC_ANY_MAC];
	if (args->opt[SIO_NIC_MODE])
		err = sio_port_mode(args->opt[SIO_NIC_MODE], &port->mode);
	if (!err && args->opt[SIO_NIC_MTU])
		err = sio_value_u32("--mtu", args->opt[SIO_NIC_MTU],
				    SIO_NIC_MTU_MIN, SIO_NIC_MTU_MAX,
				    &port->mtu);
	port->mac_given = args->opt[SIO_NIC_MAC];
	if (!err && port->mac_given)
		err = sio_value_mac("--mac", args->opt[SIO_NIC_MAC],
				    port->mac);
	else if (!err && port->uplink)
		err = sio_nic_random_mac(port->mac);
	nic->has_uuid = args->opt[SIO_NIC_UUID];
	if (!err && nic->has_uuid)
		err = sio_value_uuid("--uuid", args->opt[SIO_NIC_UUID],
				     nic->uuid);
	return err;
}

/* Let the kernel have the NIC; its answer goes to nics. */
static int sio_nic_new(struct sio_tool *tool, const struct sio_nic_spec *nic,
		       int port, struct sio_objs *nics)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_NIC_NEW, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, nic->path.guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, nic->path.dev);
	mnl_attr_put_u32(req, SIO_BE_A_PORT_IFINDEX, port);
	if (nic->port.uplink)
		mnl_attr_put(req, SIO_BE_A_PORT_MADE, 0, NULL);
	if (nic->port.uplink || nic->port.mac_given)
		mnl_attr_put(req, SIO_BE_A_MAC, SIO_MAC_LEN, nic->port.mac);
	if (nic->port.mtu)
		mnl_attr_put_u32(req, SIO_BE_A_MTU, nic->port.mtu);
	if (nic->has_uuid)
		mnl_attr_put(req, SIO_BE_A_UUID, SIO_UUID_LEN, nic->uuid);
	if (nic->any_mac)
		mnl_attr_put_u8(req, SIO_BE_A_ANY_MAC, 1);
	if (sio_objs_fetch(tool, req, SIO_BE_A_DEVICE, nics))
		return sio_genl_refused(tool, nic->path.dev);
	return 0;
}

static void sio_nic_tell(struct sio_tool *tool, const struct sio_obj *nic)
{
	if (tool->json) {
		sio_device_json(tool, nic, NULL);
		return;
	}
	printf("nic %s/%s ", sio_obj_str(nic, SIO_A_DEV_GUEST),
	       sio_obj_str(nic, SIO_A_DEV_NAME));
	sio_device_text(stdout, tool, nic);
	if (sio_obj_u32(nic, SIO_A_DEV_STATE) == SIO_DEV_STATE_WAITING)
		fputs("; it appears when the guest dials", stdout);
	putchar('\n');
}

/* Port, NIC, up; whatever fails takes back what was done before. */
static int sio_nic_build(struct sio_tool *tool, struct sio_nic_spec *nic)
{
	bool made = nic->port.uplink;
	struct sio_netdev port = {};
	struct sio_objs nics = {};
	int err;

	if (made)
		err = sio_port_make(tool, &nic->port, &port);
	else
		err = sio_netdev_need(tool, nic->port_name, &port);
	if (err)
		return err;
	err = sio_nic_new(tool, nic, port.index, &nics);
	if (err)
		goto err_port;
	/* A port that is down was never told to keep silent. */
	if (!made && !(port.flags & IFF_UP))
		err = sio_port_quiet(tool, &port, NULL);
	if (!err && !(port.flags & IFF_UP))
		err = sio_port_up(tool, &port);
	if (err)
		goto err_nic;
	if (nics.nr)
		sio_nic_tell(tool, &nics.v[0]);
	sio_objs_free(&nics);
	return SIO_EXIT_OK;

err_nic:
	sio_dev_del(tool, &nic->path, false);
err_port:
	if (made)
		sio_port_delete(tool, port.index);
	sio_objs_free(&nics);
	return err;
}

static int sio_nic_create(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_nic_spec nic;
	sigset_t old;
	int err;

	err = sio_nic_spec(args, &nic);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_rtnl_open(tool);
	if (err)
		return err;

	/* An interrupt half way would leave a port behind. */
	sio_tool_hold_signals(&old);
	err = sio_nic_build(tool, &nic);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

/* Index of the port the tool made for a NIC, 0 if it did not. */
static int sio_nic_made_port(const struct sio_obj *nic)
{
	if (!sio_obj_u32(nic, SIO_A_DEV_PORT_MADE))
		return 0;
	return (int)sio_obj_u32(nic, SIO_A_DEV_IFINDEX);
}

static int sio_nic_remove(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_objs nics = {};
	struct sio_path path;
	int port = 0;
	int err;

	err = sio_value_path(args->word[0], true, &path);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_dev_get(tool, &path, SIO_DEV_NIC, &nics);
	if (!err)
		port = sio_nic_made_port(&nics.v[0]);
	sio_objs_free(&nics);
	if (!err)
		err = sio_dev_del(tool, &path, false);
	if (!err && port)
		err = sio_port_delete(tool, port);
	return err;
}

/**
 * sio_nic_delete_ports() - delete the ports made for NICs that were removed
 * @tool: the tool
 * @devs: devices of any kind
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_nic_delete_ports(struct sio_tool *tool, const struct sio_objs *devs)
{
	int err = 0;
	size_t i;
	int port;

	for (i = 0; !err && i < devs->nr; i++) {
		port = sio_nic_made_port(&devs->v[i]);
		if (port)
			err = sio_port_delete(tool, port);
	}
	return err;
}

static int sio_nic_change(struct sio_tool *tool, const struct sio_path *path,
			  __u32 mtu, int any_mac)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_NIC_SET, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, path->guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, path->dev);
	if (mtu)
		mnl_attr_put_u32(req, SIO_BE_A_MTU, mtu);
	if (any_mac >= 0)
		mnl_attr_put_u8(req, SIO_BE_A_ANY_MAC, (__u8)any_mac);
	return sio_genl_do(tool, req, path->dev);
}

/* A port of our own follows the NIC's MTU, before it grows, after it shrank. */
static int sio_nic_set_mtu(struct sio_tool *tool, const struct sio_path *path,
			   __u32 mtu, int any_mac)
{
	struct sio_netdev dev = {};
	struct sio_objs nics = {};
	int port = 0;
	int err;

	err = sio_dev_get(tool, path, SIO_DEV_NIC, &nics);
	if (!err)
		port = sio_nic_made_port(&nics.v[0]);
	sio_objs_free(&nics);
	if (!err && port && !sio_netdev_get(tool, NULL, port, &dev) &&
	    dev.mtu < mtu)
		err = sio_port_mtu(tool, port, mtu);
	if (err)
		return err;
	err = sio_nic_change(tool, path, mtu, any_mac);
	if (err && dev.index && dev.mtu < mtu)
		sio_port_mtu(tool, port, dev.mtu);
	if (!err && dev.index && dev.mtu > mtu)
		err = sio_port_mtu(tool, port, mtu);
	return err;
}

static int sio_nic_set(struct sio_tool *tool, const struct sio_args *args)
{
	const char *any_text = args->opt[SIO_NIC_SET_ANY_MAC];
	const char *mtu_text = args->opt[SIO_NIC_SET_MTU];
	struct sio_path path;
	int any_mac = -1;
	__u32 mtu = 0;
	bool on;
	int err;

	if (!any_text && !mtu_text)
		return sio_usage("nothing to set: give --mtu or --any-mac");
	err = sio_value_path(args->word[0], true, &path);
	if (!err && mtu_text)
		err = sio_value_u32("--mtu", mtu_text, SIO_NIC_MTU_MIN,
				    SIO_NIC_MTU_MAX, &mtu);
	if (!err && any_text) {
		err = sio_value_switch("--any-mac", any_text, &on);
		any_mac = on;
	}
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	if (mtu)
		return sio_nic_set_mtu(tool, &path, mtu, any_mac);
	return sio_nic_change(tool, &path, 0, any_mac);
}

static int sio_nic_show(struct sio_tool *tool, const struct sio_args *args)
{
	return sio_show_devices(tool, SIO_DEV_NIC, args->word[0],
				args->opt[0]);
}

static const struct sio_cmd sio_nic_cmds[] = {
	{ "create", "add", "GUEST/DEVICE", 1, 1, sio_nic_create_opts,
	  "give a guest a network interface",
	  "Works also while the guest is away: the NIC appears when it dials.\n",
	  sio_nic_create },
	{ "remove", "del", "GUEST/DEVICE", 1, 1, NULL,
	  "take it away, with the port made for it", NULL, sio_nic_remove },
	{ "set", NULL, "GUEST/DEVICE", 1, 1, sio_nic_set_opts,
	  "change it while it runs", NULL, sio_nic_set },
	{ "show", NULL, "[GUEST[/DEVICE]]", 0, 1, sio_nic_show_opts,
	  "network interfaces as they are", NULL, sio_nic_show },
	{},
};

const struct sio_object sio_nic_object = {
	"nic", "virtual network interface of a guest", sio_nic_cmds
};
