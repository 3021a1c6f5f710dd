// SPDX-License-Identifier: GPL-2.0
/* What a link is like at the moment: addresses, limits, what is in its way. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include <net/route.h>

#include <splitio/core.h>

#include "link.h"

static bool sio_link_has_address(struct net_device *dev, __be32 laddr)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	bool found = false;

	rcu_read_lock();
	in_dev = __in_dev_get_rcu(dev);
	if (in_dev) {
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			if (ifa->ifa_local == laddr)
				found = true;
	}
	rcu_read_unlock();
	return found;
}

static __be32 sio_link_primary(struct net_device *dev)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	__be32 addr = 0;

	rcu_read_lock();
	in_dev = __in_dev_get_rcu(dev);
	if (in_dev) {
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (ifa->ifa_flags & IFA_F_SECONDARY)
				continue;
			addr = ifa->ifa_local;
			break;
		}
	}
	rcu_read_unlock();
	return addr;
}

/**
 * sio_link_judge() - can a net device and one of its addresses be a link?
 * @dev: the net device
 * @laddr: in and out: own address; 0 becomes the primary one
 * @extack: gets a sentence on refusal; may be NULL
 *
 * Context: process; rtnl is held.
 * Return: 0, -EOPNOTSUPP, -EBUSY, -EMSGSIZE, -EADDRNOTAVAIL.
 */
int sio_link_judge(struct net_device *dev, __be32 *laddr,
		   struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);

	ASSERT_RTNL();
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "The link must be an Ethernet device");
		return -EOPNOTSUPP;
	}
	if (master) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The link is enslaved; name its master %s instead",
				   master->name);
		return -EBUSY;
	}
	if (dev->mtu < SIO_MTU_MIN) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The link's MTU is %u; at least %u is needed",
				   dev->mtu, SIO_MTU_MIN);
		return -EMSGSIZE;
	}
	if (!*laddr)
		*laddr = sio_link_primary(dev);
	else if (!sio_link_has_address(dev, *laddr))
		*laddr = 0;
	if (!*laddr) {
		NL_SET_ERR_MSG(extack,
			       "The link has no such address; ip address add gives it one");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/**
 * sio_link_is_neighbour() - may a peer on the link's segment have an address?
 * @link: where it was seen
 * @addr: the address
 *
 * Links have no routers, and a group never dials.
 *
 * Context: softirq, under rcu_read_lock(), the link is not gone.
 * Return: true if it may.
 */
bool sio_link_is_neighbour(const struct sio_link *link, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(link->dev);
	const struct in_ifaddr *ifa;

	if (!in_dev || addr == link->laddr)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (inet_ifa_match(addr, ifa) &&
		    inet_addr_type(link->net, addr) == RTN_UNICAST)
			return true;
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_is_neighbour);

/**
 * sio_link_mss() - payload of a segment that the link itself allows
 * @link: valid; that of the smallest MTU if its device is gone
 *
 * Context: any.
 * Return: bytes.
 */
u32 sio_link_mss(const struct sio_link *link)
{
	u32 mtu = SIO_MTU_MIN;

	rcu_read_lock();
	if (!READ_ONCE(link->is_gone))
		mtu = READ_ONCE(link->dev->mtu);
	rcu_read_unlock();
	return clamp_t(u32, mtu, SIO_MTU_MIN, 65535) - SIO_FRAME_HDR_LEN;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_mss);

/**
 * sio_link_msg_max() - longest message the link takes as one packet
 * @link: valid
 *
 * Context: any.
 * Return: bytes, at least a segment's payload.
 */
u32 sio_link_msg_max(const struct sio_link *link)
{
	u32 mss = sio_link_mss(link);
	u64 max = mss;

	rcu_read_lock();
	if (!READ_ONCE(link->is_gone)) {
		max = min_t(u64, READ_ONCE(link->dev->gso_max_size), 65535);
		max = min_t(u64, max - SIO_FRAME_HDR_LEN,
			    (u64)READ_ONCE(link->dev->gso_max_segs) * mss);
	}
	rcu_read_unlock();
	return max_t(u64, max, mss);
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_msg_max);

/**
 * sio_link_queues() - transmit queues of the link
 * @link: valid; 1 if its device is gone
 *
 * Context: any.
 * Return: how many, at least 1.
 */
u32 sio_link_queues(const struct sio_link *link)
{
	u32 queues = 1;

	rcu_read_lock();
	if (!READ_ONCE(link->is_gone))
		queues = READ_ONCE(link->dev->real_num_tx_queues);
	rcu_read_unlock();
	return queues ?: 1;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_queues);

/**
 * sio_link_name() - how people call the link
 * @link: valid; nothing is written if its device is gone
 * @ifindex: gets its index
 * @name: gets its name, IFNAMSIZ bytes
 *
 * Context: any.
 */
void sio_link_name(const struct sio_link *link, int *ifindex, char *name)
{
	rcu_read_lock();
	if (!READ_ONCE(link->is_gone)) {
		*ifindex = link->dev->ifindex;
		strscpy(name, link->dev->name, IFNAMSIZ);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(sio_link_name);

/**
 * sio_link_why() - what keeps frames from passing on this side
 * @link: in use by the caller
 *
 * Context: any.
 * Return: enum sio_why, SIO_WHY_NONE if nothing does.
 */
u32 sio_link_why(const struct sio_link *link)
{
	u32 why = SIO_WHY_NONE;

	rcu_read_lock();
	if (READ_ONCE(link->is_gone))
		why = SIO_WHY_LINK_GONE;
	else if (!netif_running(link->dev) || !netif_carrier_ok(link->dev))
		why = SIO_WHY_LINK_DOWN;
	else if (!sio_link_has_address(link->dev, link->laddr))
		why = SIO_WHY_NO_ADDRESS;
	rcu_read_unlock();
	return why;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_why);

/**
 * sio_link_fill() - describe a link in a netlink message
 * @skb: the message
 * @attr: type of the nest, whose inside is enum sio_a_link
 * @link: what to describe; of one whose device is gone only the name is left
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int sio_link_fill(struct sk_buff *skb, int attr, struct sio_link *link)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	const struct sio_listener *listener;
	u16 port = 0;
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	/* pairs with smp_store_release() in sio_link_unhook() */
	if (smp_load_acquire(&link->is_gone)) {
		if (nla_put_u32(skb, SIO_A_LINK_IFINDEX, link->ifindex) ||
		    nla_put_string(skb, SIO_A_LINK_IFNAME, link->name) ||
		    nla_put_in_addr(skb, SIO_A_LINK_LOCAL, link->laddr) ||
		    nla_put_u32(skb, SIO_A_LINK_WHY, SIO_WHY_LINK_GONE))
			err = -EMSGSIZE;
		goto out_unlock;
	}
	listener = rcu_dereference(link->listener);
	if (listener)
		port = ntohs(listener->port);
	if (nla_put_u32(skb, SIO_A_LINK_IFINDEX, link->dev->ifindex) ||
	    nla_put_string(skb, SIO_A_LINK_IFNAME, link->dev->name) ||
	    nla_put_in_addr(skb, SIO_A_LINK_LOCAL, link->laddr) ||
	    (port && nla_put_u16(skb, SIO_A_LINK_PORT, port)) ||
	    (port && nla_put_u8(skb, SIO_A_LINK_LOCAL_ASKED,
				link->is_local_asked)) ||
	    nla_put_u32(skb, SIO_A_LINK_MTU, READ_ONCE(link->dev->mtu)) ||
	    nla_put_u32(skb, SIO_A_LINK_WHY, sio_link_why(link)) ||
	    nla_put_u32(skb, SIO_A_LINK_FLOWS, READ_ONCE(link->nr_flows)) ||
	    sio_stats_fill(skb, SIO_A_LINK_STAT, link->stats))
		err = -EMSGSIZE;
out_unlock:
	rcu_read_unlock();
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
EXPORT_SYMBOL_GPL(sio_link_fill);
