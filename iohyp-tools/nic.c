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
#include "iohyp-tools/rules.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/save.h"
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
	SIO_NIC_FIREWALL,
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
	[SIO_NIC_FIREWALL] = {
		"firewall", "FILE", "nftables rules for the port" },
	{ NULL, NULL, NULL },
};

/* Options of "nic set", likewise */
enum sio_nic_set_opt {
	SIO_NIC_SET_MTU,
	SIO_NIC_SET_ANY_MAC,
	SIO_NIC_SET_FIREWALL,
	SIO_NIC_SET_NO_FIREWALL,
};

static const struct sio_opt sio_nic_set_opts[] = {
	[SIO_NIC_SET_MTU] = { "mtu", "N", "MTU of NIC and port" },
	[SIO_NIC_SET_ANY_MAC] = {
		"any-mac", "on|off", "whether it may send from any address" },
	[SIO_NIC_SET_FIREWALL] = {
		"firewall", "FILE", "nftables rules instead of those it has" },
	[SIO_NIC_SET_NO_FIREWALL] = {
		"no-firewall", NULL, "take its nftables rules away" },
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
 * @rules_path: file of the rules for its port, NULL for none
 * @rules: that file
 */
struct sio_nic_spec {
	struct sio_path path;
	struct sio_port_spec port;
	const char *port_name;
	bool has_uuid;
	__u8 uuid[SIO_UUID_LEN];
	bool any_mac;
	const char *rules_path;
	struct sio_file rules;
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
	nic->rules_path = args->opt[SIO_NIC_FIREWALL];
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
	if (nic->rules_path)
		mnl_attr_put_strz(req, SIO_BE_A_RULES, nic->rules.name);
	if (sio_objs_fetch(tool, req, SIO_BE_A_DEVICE, nics))
		return sio_genl_refused(tool, nic->path.dev);
	return 0;
}

static int sio_nic_lock(int *lock)
{
	*lock = sio_rules_lock();
	if (*lock >= 0)
		return 0;
	return sio_refuse("cannot lock %s: %s", SIO_RULES_LOCK,
			  strerror(errno));
}

/* NIC, up. The rules are there before a packet can pass. */
static int sio_nic_attach(struct sio_tool *tool, struct sio_nic_spec *nic,
			  const struct sio_netdev *port)
{
	bool made = nic->port.uplink;
	struct sio_objs nics = {};
	int err;

	err = sio_nic_new(tool, nic, port->index, &nics);
	if (err)
		goto out;
	/* A port that is down was never told to keep silent. */
	if (!made && !(port->flags & IFF_UP))
		err = sio_port_quiet(tool, port, NULL);
	if (!err && !(port->flags & IFF_UP))
		err = sio_port_up(tool, port);
	if (err)
		sio_dev_del(tool, &nic->path, false);
	else if (nics.nr)
		sio_dev_tell(tool, &nics.v[0]);
out:
	sio_objs_free(&nics);
	return err;
}

/* Port, rules, NIC; whatever fails takes back what was done before. */
static int sio_nic_build(struct sio_tool *tool, struct sio_nic_spec *nic)
{
	bool made = nic->port.uplink;
	struct sio_netdev port = {};
	int err;

	if (made)
		err = sio_port_make(tool, &nic->port, &port);
	else
		err = sio_netdev_need(tool, nic->port_name, &port);
	if (err)
		return err;
	if (nic->rules_path)
		err = sio_rules_load(&nic->rules, &nic->path, port.name);
	if (err)
		goto err_port;
	err = sio_nic_attach(tool, nic, &port);
	if (!err)
		return SIO_EXIT_OK;

	if (nic->rules_path)
		sio_rules_remove(&nic->path);
err_port:
	if (made)
		sio_port_delete(tool, port.index);
	return err;
}

static int sio_nic_build_filtered(struct sio_tool *tool,
				  struct sio_nic_spec *nic)
{
	int lock;
	int err;

	err = sio_rules_read(nic->rules_path, &nic->rules);
	if (err)
		goto out;
	err = sio_nic_lock(&lock);
	if (err)
		goto out;
	err = sio_dev_check_new(tool, &nic->path);
	if (!err)
		err = sio_nic_build(tool, nic);
	sio_rules_unlock(lock);
out:
	sio_file_free(&nic->rules);
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
	if (err || sio_restore_has_device(tool, &nic.path))
		return err;

	/* An interrupt half way would leave a port behind. */
	sio_tool_hold_signals(&old);
	if (nic.rules_path)
		err = sio_nic_build_filtered(tool, &nic);
	else
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

/* What the tool made for a NIC that was removed: all that can be goes. */
static int sio_nic_take_down(struct sio_tool *tool, const struct sio_obj *nic)
{
	int port = sio_nic_made_port(nic);
	struct sio_path path;
	int err = 0;

	sio_dev_path(nic, &path);
	if (sio_obj_u32(nic, SIO_A_DEV_MADE) & SIO_MADE_RULES)
		err = sio_rules_remove(&path);
	if (port && sio_port_delete(tool, port))
		err = SIO_EXIT_REFUSED;
	return err;
}

static int sio_nic_remove_held(struct sio_tool *tool,
			       const struct sio_path *path)
{
	struct sio_objs nics = {};
	int lock;
	int err;

	/* Who may not lock may do nothing here, and the kernel says so. */
	lock = sio_rules_lock();
	err = sio_dev_get(tool, path, SIO_DEV_NIC, &nics);
	if (!err)
		err = sio_dev_del(tool, path, false);
	if (!err)
		err = sio_nic_take_down(tool, &nics.v[0]);
	sio_objs_free(&nics);
	sio_rules_unlock(lock);
	return err;
}

static int sio_nic_remove(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_path path;
	sigset_t old;
	int err;

	err = sio_value_path(args->word[0], true, &path);
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	sio_tool_hold_signals(&old);
	err = sio_nic_remove_held(tool, &path);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

/**
 * sio_nic_take_down_all() - take down what was made for NICs that were removed
 * @tool: the tool
 * @devs: devices of any kind
 *
 * The caller holds sio_rules_lock().
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_nic_take_down_all(struct sio_tool *tool, const struct sio_objs *devs)
{
	int err = 0;
	size_t i;

	for (i = 0; i < devs->nr; i++)
		if (sio_obj_u32(&devs->v[i], SIO_A_DEV_TYPE) == SIO_DEV_NIC &&
		    sio_nic_take_down(tool, &devs->v[i]))
			err = SIO_EXIT_REFUSED;
	return err;
}

/**
 * struct sio_nic_change - what shall be different about a NIC
 * @path: its guest and name
 * @mtu: its MTU, 0 to leave it
 * @any_mac: whether it may send from any address, negative to leave it
 * @rules_path: file of its new rules, "" for none, NULL to leave them
 * @rules: that file
 */
struct sio_nic_change {
	struct sio_path path;
	__u32 mtu;
	int any_mac;
	const char *rules_path;
	struct sio_file rules;
};

static int sio_nic_change(struct sio_tool *tool,
			  const struct sio_nic_change *nic)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_NIC_SET, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, nic->path.guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, nic->path.dev);
	if (nic->mtu)
		mnl_attr_put_u32(req, SIO_BE_A_MTU, nic->mtu);
	if (nic->any_mac >= 0)
		mnl_attr_put_u8(req, SIO_BE_A_ANY_MAC, (__u8)nic->any_mac);
	if (nic->rules_path)
		mnl_attr_put_strz(req, SIO_BE_A_RULES, nic->rules.name);
	return sio_genl_do(tool, req, nic->path.dev);
}

/* A port of our own follows the NIC's MTU, before it grows, after it shrank. */
static int sio_nic_set_mtu(struct sio_tool *tool,
			   const struct sio_nic_change *nic)
{
	struct sio_netdev dev = {};
	struct sio_objs nics = {};
	int port = 0;
	int err;

	err = sio_dev_get(tool, &nic->path, SIO_DEV_NIC, &nics);
	if (!err)
		port = sio_nic_made_port(&nics.v[0]);
	sio_objs_free(&nics);
	if (!err && port && !sio_netdev_get(tool, NULL, port, &dev) &&
	    dev.mtu < nic->mtu)
		err = sio_port_mtu(tool, port, nic->mtu);
	if (err)
		return err;
	err = sio_nic_change(tool, nic);
	if (err && dev.index && dev.mtu < nic->mtu)
		sio_port_mtu(tool, port, dev.mtu);
	if (!err && dev.index && dev.mtu > nic->mtu)
		err = sio_port_mtu(tool, port, nic->mtu);
	return err;
}

/* The kernel hears of rules when they are in force, or are so no more. */
static int sio_nic_set_rules(struct sio_tool *tool,
			     const struct sio_path *path,
			     const char *rules_path)
{
	struct sio_nic_change nic = {
		.path = *path,
		.any_mac = -1,
		.rules_path = rules_path,
	};
	struct sio_objs nics = {};
	char port[IFNAMSIZ];
	int index;
	int err;

	err = sio_dev_get(tool, path, SIO_DEV_NIC, &nics);
	if (!err && *rules_path)
		err = sio_rules_read(rules_path, &nic.rules);
	if (err)
		goto out;
	index = (int)sio_obj_u32(&nics.v[0], SIO_A_DEV_IFINDEX);
	if (*rules_path)
		err = sio_rules_load(&nic.rules, path,
				     sio_netdev_name(tool, index, port));
	else
		err = sio_rules_remove(path);
	if (!err)
		err = sio_nic_change(tool, &nic);
out:
	sio_file_free(&nic.rules);
	sio_objs_free(&nics);
	return err;
}

static int sio_nic_set_all(struct sio_tool *tool, struct sio_nic_change *nic)
{
	int lock = -1;
	int err = 0;

	if (nic->rules_path) {
		err = sio_nic_lock(&lock);
		if (!err)
			err = sio_nic_set_rules(tool, &nic->path,
						nic->rules_path);
		sio_rules_unlock(lock);
		nic->rules_path = NULL;
	}
	if (!err && nic->mtu)
		err = sio_nic_set_mtu(tool, nic);
	else if (!err && nic->any_mac >= 0)
		err = sio_nic_change(tool, nic);
	return err;
}

static int sio_nic_set(struct sio_tool *tool, const struct sio_args *args)
{
	const char *any_text = args->opt[SIO_NIC_SET_ANY_MAC];
	const char *mtu_text = args->opt[SIO_NIC_SET_MTU];
	struct sio_nic_change nic = { .any_mac = -1 };
	sigset_t old;
	bool on;
	int err;

	nic.rules_path = args->opt[SIO_NIC_SET_FIREWALL];
	if (args->opt[SIO_NIC_SET_NO_FIREWALL]) {
		if (nic.rules_path)
			return sio_usage("either --firewall or --no-firewall");
		nic.rules_path = "";
	}
	if (!any_text && !mtu_text && !nic.rules_path)
		return sio_usage("nothing to set: give --mtu, --any-mac or --firewall");
	err = sio_value_path(args->word[0], true, &nic.path);
	if (!err && mtu_text)
		err = sio_value_u32("--mtu", mtu_text, SIO_NIC_MTU_MIN,
				    SIO_NIC_MTU_MAX, &nic.mtu);
	if (!err && any_text) {
		err = sio_value_switch("--any-mac", any_text, &on);
		nic.any_mac = on;
	}
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	sio_tool_hold_signals(&old);
	err = sio_nic_set_all(tool, &nic);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

static int sio_nic_show(struct sio_tool *tool, const struct sio_args *args)
{
	return sio_show_devices(tool, SIO_DEV_NIC, args->word[0],
				args->opt[0]);
}

static const struct sio_cmd sio_nic_cmds[] = {
	{ "create", "add", "GUEST/DEVICE", 1, 1, sio_nic_create_opts,
	  "give a guest a network interface",
	  "Works also while the guest is away: the NIC appears when it dials.\n\n"
	  "Rules are a file for nft, family netdev, with one table, which gets a name of\n"
	  "its own; its chains say \"device $port\".\n",
	  sio_nic_create },
	{ "remove", "del", "GUEST/DEVICE", 1, 1, NULL,
	  "take it away, with the port and the rules made for it", NULL,
	  sio_nic_remove },
	{ "set", NULL, "GUEST/DEVICE", 1, 1, sio_nic_set_opts,
	  "change it while it runs", NULL, sio_nic_set },
	{ "show", NULL, "[GUEST[/DEVICE]]", 0, 1, sio_nic_show_opts,
	  "network interfaces as they are", NULL, sio_nic_show },
	{},
};

const struct sio_object sio_nic_object = {
	"nic", "virtual network interface of a guest", sio_nic_cmds
};
