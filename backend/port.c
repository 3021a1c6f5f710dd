// SPDX-License-Identifier: GPL-2.0
/* Ports: the net devices by which virtual NICs meet the world. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>

#include "be.h"

/* Behind the administrator's own rules, which stand at 0 by default */
#define SIO_BE_HOOK_PRIO	100

/* Longest MTU of a virtual NIC, so that any packet fits two messages */
#define SIO_BE_MTU_MAX		65000U

static LIST_HEAD(sio_be_ports);		/* protected by rtnl */

static bool sio_be_port_has_address(struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct inet6_dev *in6_dev = NULL;

	if (in_dev && rtnl_dereference(in_dev->ifa_list))
		return true;
#if IS_ENABLED(CONFIG_IPV6)
	in6_dev = __in6_dev_get(dev);
	return in6_dev && !list_empty(&in6_dev->addr_list);
#else
	return !!in6_dev;
#endif
}

/* Find fault with a net device as a port for a NIC with address @mac */
static int sio_be_port_judge(struct net_device *dev, const u8 *mac,
			     struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	const struct sio_be_nic *other;

	ASSERT_RTNL();
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "The port must be an Ethernet device");
		return -EOPNOTSUPP;
	}
	if (master) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The port is enslaved to %s; take it out, or use another device",
				   master->name);
		return -EBUSY;
	}
	if (sio_link_is(dev_net(dev), dev->ifindex)) {
		NL_SET_ERR_MSG(extack,
			       "The port is a link that guests dial; use another device");
		return -EBUSY;
	}
	if (sio_be_port_has_address(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The port has addresses; ip address flush dev %s removes them",
				   dev->name);
		return -EADDRINUSE;
	}
	list_for_each_entry(other, &sio_be_ports, node) {
		if (rtnl_dereference(other->port) == dev) {
			NL_SET_ERR_MSG_FMT(extack,
					   "The port belongs to %s/%s already",
					   other->d.guest->s.name, other->d.name);
			return -EBUSY;
		}
		if (net_eq(other->d.guest->s.net, dev_net(dev)) &&
		    ether_addr_equal(other->mac, mac)) {
			NL_SET_ERR_MSG_FMT(extack,
					   "The MAC address belongs to %s/%s already",
					   other->d.guest->s.name, other->d.name);
			return -EEXIST;
		}
	}
	return 0;
}

static int sio_be_port_hook(struct sio_be_nic *nic, struct net_device *dev)
{
	nic->hook.hook = sio_be_net_hook;
	nic->hook.priv = nic;
	nic->hook.pf = NFPROTO_NETDEV;
	nic->hook.hooknum = NF_NETDEV_INGRESS;
	nic->hook.priority = SIO_BE_HOOK_PRIO;
	nic->hook.dev = dev;
	return nf_register_net_hook(dev_net(dev), &nic->hook);
}

/* What is asked for as long as the port can do it; the port's own otherwise */
static u32 sio_be_port_mtu(const struct sio_be_nic *nic,
			   const struct net_device *dev)
{
	return min3(nic->mtu_asked ?: SIO_BE_MTU_MAX, dev->mtu,
		    SIO_BE_MTU_MAX);
}

static int __sio_be_port_attach(struct sio_be_nic *nic, struct net_device *dev,
				bool has_mac, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (!has_mac)
		ether_addr_copy(nic->mac, dev->dev_addr);
	if (!is_valid_ether_addr(nic->mac)) {
		NL_SET_ERR_MSG(extack,
			       "The MAC address must be a unicast one, not zero");
		return -EADDRNOTAVAIL;
	}
	err = sio_be_port_judge(dev, nic->mac, extack);
	if (err)
		return err;
	if (nic->mtu_asked > sio_be_port_mtu(nic, dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The port's MTU is %u; a NIC's cannot be larger",
				   dev->mtu);
		return -EMSGSIZE;
	}
	nic->mtu = sio_be_port_mtu(nic, dev);
	err = sio_be_port_hook(nic, dev);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "The kernel cannot hook the port; it needs CONFIG_NETFILTER_INGRESS");
		return err;
	}
	netdev_hold(dev, &nic->port_tracker, GFP_KERNEL);
	dev_disable_lro(dev);
	nic->port_ifindex = dev->ifindex;
	strscpy(nic->port_name, dev->name, sizeof(nic->port_name));
	rcu_assign_pointer(nic->port, dev);
	list_add_tail(&nic->node, &sio_be_ports);
	return 0;
}

/**
 * sio_be_port_attach() - make a net device the port of a NIC
 * @nic: has a handle, has no port
 * @ifindex: of the net device
 * @has_mac: the NIC's address was chosen; otherwise it takes the device's
 * @extack: gets a sentence on refusal
 *
 * Context: process; takes rtnl.
 * Return: 0, -ENODEV, -EOPNOTSUPP, -EBUSY, -EADDRINUSE, -EEXIST, -EMSGSIZE,
 * -EADDRNOTAVAIL.
 */
int sio_be_port_attach(struct sio_be_nic *nic, int ifindex, bool has_mac,
		       struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err = -ENODEV;

	rtnl_lock();
	dev = __dev_get_by_index(nic->d.guest->s.net, ifindex);
	if (dev)
		err = __sio_be_port_attach(nic, dev, has_mac, extack);
	else
		NL_SET_ERR_MSG(extack,
			       "There is no such port in this network namespace");
	rtnl_unlock();
	return err;
}

/**
 * sio_be_port_may_link() - may guests dial on a net device?
 * @net: namespace
 * @ifindex: of the net device
 * @extack: gets a sentence on refusal
 *
 * All that comes in on a port is for a guest: no dial would be heard.
 *
 * Context: process; takes rtnl.
 * Return: 0 or -EBUSY.
 */
int sio_be_port_may_link(struct net *net, int ifindex,
			 struct netlink_ext_ack *extack)
{
	const struct sio_be_nic *nic;
	int err = 0;

	rtnl_lock();
	list_for_each_entry(nic, &sio_be_ports, node) {
		if (nic->port_ifindex != ifindex ||
		    !net_eq(nic->d.guest->s.net, net))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "The device is the port of %s/%s",
				   nic->d.guest->s.name, nic->d.name);
		err = -EBUSY;
	}
	rtnl_unlock();
	return err;
}

/**
 * sio_be_port_set_mtu() - change the MTU of a NIC
 * @nic: held
 * @mtu: in bytes, at most its port's
 * @extack: gets a sentence on refusal
 *
 * Context: process; takes rtnl.
 * Return: 0, -ENODEV, -EMSGSIZE.
 */
int sio_be_port_set_mtu(struct sio_be_nic *nic, u32 mtu,
			struct netlink_ext_ack *extack)
{
	const struct net_device *dev;
	int err = 0;

	rtnl_lock();
	dev = rtnl_dereference(nic->port);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "The port is gone");
		err = -ENODEV;
	} else if (mtu > dev->mtu) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The port's MTU is %u; a NIC's cannot be larger",
				   dev->mtu);
		err = -EMSGSIZE;
	} else {
		nic->mtu_asked = mtu;
		WRITE_ONCE(nic->mtu, sio_be_port_mtu(nic, dev));
	}
	rtnl_unlock();
	return err;
}

static void __sio_be_port_detach(struct sio_be_nic *nic)
{
	struct net_device *dev = rtnl_dereference(nic->port);

	if (!dev)
		return;
	list_del_init(&nic->node);
	nf_unregister_net_hook(dev_net(dev), &nic->hook);
	RCU_INIT_POINTER(nic->port, NULL);
	WRITE_ONCE(nic->is_open, false);
	synchronize_net();
	__sio_be_mode_revert(nic, dev);
	netdev_put(dev, &nic->port_tracker);
}

/**
 * sio_be_port_detach() - leave a port as it was
 * @nic: may have lost it already
 *
 * Context: process; takes rtnl.
 */
void sio_be_port_detach(struct sio_be_nic *nic)
{
	rtnl_lock();
	__sio_be_port_detach(nic);
	rtnl_unlock();
}

static int sio_be_port_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct sio_be_nic *nic, *next;

	list_for_each_entry_safe(nic, next, &sio_be_ports, node) {
		if (rtnl_dereference(nic->port) != dev)
			continue;
		switch (event) {
		case NETDEV_UNREGISTER:	/* also on the way to another netns */
			__sio_be_port_detach(nic);
			sio_be_dev_set_state(&nic->d, SIO_DEV_STATE_FAILED,
					     ENODEV);
			sio_be_dev_announce(&nic->d);
			sio_be_event_dev(&nic->d, SIO_EVENT_DEV_SET);
			break;
		case NETDEV_CHANGENAME:
			strscpy(nic->port_name, dev->name,
				sizeof(nic->port_name));
			break;
		case NETDEV_CHANGEMTU:
			if (nic->mtu == sio_be_port_mtu(nic, dev))
				break;
			WRITE_ONCE(nic->mtu, sio_be_port_mtu(nic, dev));
			fallthrough;
		case NETDEV_UP:
		case NETDEV_DOWN:
		case NETDEV_CHANGE:
			sio_be_dev_announce(&nic->d);
			sio_be_event_dev(&nic->d, SIO_EVENT_DEV_SET);
			break;
		}
	}
	return NOTIFY_DONE;
}

static struct notifier_block sio_be_port_notifier = {
	.notifier_call = sio_be_port_event,
};

/**
 * sio_be_port_init() - begin to watch ports
 *
 * Return: 0 or a negative errno.
 */
int sio_be_port_init(void)
{
	return register_netdevice_notifier(&sio_be_port_notifier);
}

/**
 * sio_be_port_exit() - stop watching; no port may be left
 */
void sio_be_port_exit(void)
{
	unregister_netdevice_notifier(&sio_be_port_notifier);
}
