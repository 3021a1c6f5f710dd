// SPDX-License-Identifier: GPL-2.0
/* Attach to a net device, find flows on it, leave it without a trace. */
#include <kunit/visibility.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/mutex.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "compat/sock.h"
#include "fault.h"
#include "flow.h"
#include "link.h"

/* Behind the administrator's own rules, which stand at 0 by default */
#define SIO_LINK_HOOK_PRIO	100

/* How long the flows of a link may take to say goodbye to the other side */
#define SIO_LINK_DRAIN_MS	300

static DEFINE_MUTEX(sio_links_mutex);	/* protects sio_links, link->users */
static LIST_HEAD(sio_links);

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

/* Can frames pass on @dev from @laddr? Fills in the primary address for 0. */
static int sio_link_judge(struct net_device *dev, __be32 *laddr,
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

static struct sio_link *sio_link_create(struct net *net,
					struct net_device *dev, __be32 laddr)
{
	struct sio_link *link;
	unsigned int i;
	int err = -ENOMEM;

	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return ERR_PTR(-ENOMEM);
	link->stats = alloc_percpu(struct sio_stats);
	if (!link->stats)
		goto err_free;
	kref_init(&link->ref);
	link->net = net;
	link->dev = dev;
	link->laddr = laddr;
	spin_lock_init(&link->lock);
	init_waitqueue_head(&link->empty);
	for (i = 0; i < ARRAY_SIZE(link->flows); i++)
		INIT_HLIST_HEAD(&link->flows[i]);
	get_random_bytes(&link->cookie_key, sizeof(link->cookie_key));

	link->hook.hook = sio_rx_hook;
	link->hook.priv = link;
	link->hook.pf = NFPROTO_NETDEV;
	link->hook.hooknum = NF_NETDEV_INGRESS;
	link->hook.priority = SIO_LINK_HOOK_PRIO;
	link->hook.dev = dev;
	err = nf_register_net_hook(net, &link->hook);
	if (err)
		goto err_free_stats;
	netdev_hold(dev, &link->dev_tracker, GFP_KERNEL);
	return link;

err_free_stats:
	free_percpu(link->stats);
err_free:
	kfree(link);
	return ERR_PTR(err);
}

/**
 * sio_link_get() - use a net device and one of its addresses as a link
 * @net: namespace
 * @ifindex: of the net device
 * @laddr: own address, 0 for the primary one
 * @extack: gets a sentence on refusal; may be NULL
 *
 * Context: process, may sleep; takes rtnl.
 * Return: the link with one more user, to be given back by sio_link_put(), or
 * an ERR_PTR: -ENODEV, -EOPNOTSUPP, -EBUSY, -EMSGSIZE, -EADDRNOTAVAIL.
 */
struct sio_link *sio_link_get(struct net *net, int ifindex, __be32 laddr,
			      struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct sio_link *link;
	int err;

	rtnl_lock();
	dev = __dev_get_by_index(net, ifindex);
	if (!dev) {
		NL_SET_ERR_MSG(extack,
			       "There is no such net device in this network namespace");
		link = ERR_PTR(-ENODEV);
		goto out_rtnl;
	}
	err = sio_link_judge(dev, &laddr, extack);
	if (err) {
		link = ERR_PTR(err);
		goto out_rtnl;
	}

	/* its notification comes back to us, who take the mutex */
	dev_disable_lro(dev);
	mutex_lock(&sio_links_mutex);
	list_for_each_entry(link, &sio_links, node)
		if (link->dev == dev && link->laddr == laddr && !link->is_gone)
			goto found;
	link = sio_link_create(net, dev, laddr);
	if (IS_ERR(link)) {
		NL_SET_ERR_MSG(extack,
			       "The kernel cannot hook the link; it needs CONFIG_NETFILTER_INGRESS and memory");
		goto out_links;
	}
	list_add_tail(&link->node, &sio_links);
found:
	link->users++;
out_links:
	mutex_unlock(&sio_links_mutex);
out_rtnl:
	rtnl_unlock();
	return link;
}
EXPORT_SYMBOL_GPL(sio_link_get);

/* End all flows: at once, or with a FIN and a short wait for the other side */
static void sio_link_end_flows(struct sio_link *link, bool orderly, u8 why)
{
	struct sio_flow *flow;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(link->flows); i++) {
		rcu_read_lock();
		hlist_for_each_entry_rcu(flow, &link->flows[i], node) {
			if (orderly)
				sio_flow_close(flow, why);
			else
				sio_flow_kill(flow, why);
		}
		rcu_read_unlock();
	}
}

static void sio_link_unhook(struct sio_link *link)
{
	WRITE_ONCE(link->is_gone, true);
	nf_unregister_net_hook(link->net, &link->hook);
	synchronize_net();
	sio_link_end_flows(link, false, SIO_WHY_LINK_GONE);
	sio_fault_stop(link);
	synchronize_net();
	netdev_put(link->dev, &link->dev_tracker);
}

static void sio_link_release(struct kref *ref)
{
	struct sio_link *link = container_of(ref, struct sio_link, ref);

	sio_fault_free(rcu_dereference_protected(link->faults, true));
	free_percpu(link->stats);
	kfree(link);
}

/**
 * sio_link_ref_get() - keep the memory of a link
 * @link: valid
 */
void sio_link_ref_get(struct sio_link *link)
{
	kref_get(&link->ref);
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_ref_get);

/**
 * sio_link_ref_put() - let go of the memory of a link
 * @link: no RCU reader may have it any more when this is the last reference
 */
void sio_link_ref_put(struct sio_link *link)
{
	kref_put(&link->ref, sio_link_release);
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_ref_put);

/**
 * sio_link_put() - stop using a link; the last user takes it down
 * @link: from sio_link_get()
 *
 * Context: process, may sleep; takes rtnl. Flows that are still open end.
 */
void sio_link_put(struct sio_link *link)
{
	bool is_last;

	mutex_lock(&sio_links_mutex);
	if (--link->users) {
		mutex_unlock(&sio_links_mutex);
		return;
	}
	sio_link_ref_get(link);		/* another one may be faster */
	mutex_unlock(&sio_links_mutex);

	/* phase 1: tell the peers, the frames still flow through the hook */
	sio_link_end_flows(link, true, SIO_WHY_REMOVED);
	wait_event_timeout(link->empty, !READ_ONCE(link->nr_flows),
			   msecs_to_jiffies(SIO_LINK_DRAIN_MS));
	/* phase 2: off the device, unless the notifier was faster */
	rtnl_lock();
	mutex_lock(&sio_links_mutex);
	is_last = !link->users && !list_empty(&link->node);
	if (is_last) {
		list_del_init(&link->node);
		if (!link->is_gone)
			sio_link_unhook(link);
	}
	mutex_unlock(&sio_links_mutex);
	rtnl_unlock();
	/* phase 3: flows may keep the memory, but none is in the table */
	if (is_last) {
		sio_link_unlisten(link);
		synchronize_net();
		sio_link_ref_put(link);
	}
	sio_link_ref_put(link);
}
EXPORT_SYMBOL_GPL(sio_link_put);

/**
 * sio_link_find() - look up the link on a net device
 * @net: namespace
 * @ifindex: of the net device
 *
 * Context: process, may sleep.
 * Return: the link with one more user, or NULL.
 */
struct sio_link *sio_link_find(struct net *net, int ifindex)
{
	struct sio_link *link;

	mutex_lock(&sio_links_mutex);
	list_for_each_entry(link, &sio_links, node) {
		if (!net_eq(link->net, net) || link->is_gone ||
		    link->dev->ifindex != ifindex || !link->users)
			continue;
		link->users++;
		mutex_unlock(&sio_links_mutex);
		return link;
	}
	mutex_unlock(&sio_links_mutex);
	return NULL;
}
EXPORT_SYMBOL_GPL(sio_link_find);

/**
 * sio_link_is() - is a net device a link?
 * @net: namespace
 * @ifindex: of the net device
 *
 * Context: process, may sleep; rtnl may be held.
 * Return: true if it is.
 */
bool sio_link_is(struct net *net, int ifindex)
{
	struct sio_link *link;
	bool found = false;

	mutex_lock(&sio_links_mutex);
	list_for_each_entry(link, &sio_links, node)
		if (net_eq(link->net, net) && !link->is_gone &&
		    link->dev->ifindex == ifindex)
			found = true;
	mutex_unlock(&sio_links_mutex);
	return found;
}
EXPORT_SYMBOL_GPL(sio_link_is);

/**
 * sio_link_reserve() - keep a TCP port from everybody else
 * @net: namespace
 * @laddr: own address
 * @port: in and out, network order; 0 picks a random ephemeral one
 *
 * The socket is bound and never listens, so the stack sends nothing from it.
 *
 * Context: process, may sleep.
 * Return: the socket, or an ERR_PTR, -EADDRINUSE for a port that is taken.
 */
struct socket *sio_link_reserve(struct net *net, __be32 laddr, __be16 *port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = laddr,
		.sin_port = *port,
	};
	struct socket *sock;
	int err;

	err = sock_create_kern(net, AF_INET, SOCK_STREAM, IPPROTO_TCP, &sock);
	if (err)
		return ERR_PTR(err);
	err = sio_kernel_bind(sock, (struct sockaddr *)&addr, sizeof(addr));
	if (!err)
		err = kernel_getsockname(sock, (struct sockaddr *)&addr);
	if (err < 0) {
		sock_release(sock);
		return ERR_PTR(err);
	}
	*port = addr.sin_port;
	return sock;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_reserve);

/**
 * sio_link_listen() - answer guests on a link
 * @link: in use by the caller
 * @port: TCP port, host order
 * @lookup: see struct sio_listener
 * @extack: gets a sentence on refusal
 *
 * Context: process, may sleep.
 * Return: 0, -EEXIST if it listens already, -EADDRINUSE if the port is taken,
 * -ENOMEM.
 */
int sio_link_listen(struct sio_link *link, u16 port,
		    struct sio_session *(*lookup)(struct net *net,
						  const char *name),
		    struct netlink_ext_ack *extack)
{
	struct sio_listener *listener;
	int err = 0;

	listener = kzalloc(sizeof(*listener), GFP_KERNEL);
	if (!listener)
		return -ENOMEM;
	listener->port = htons(port);
	listener->lookup = lookup;
	listener->sock = sio_link_reserve(link->net, link->laddr,
					  &listener->port);
	if (IS_ERR(listener->sock)) {
		err = PTR_ERR(listener->sock);
		NL_SET_ERR_MSG(extack,
			       "The TCP port is taken by another program; choose one with --port");
		kfree(listener);
		return err;
	}
	mutex_lock(&sio_links_mutex);
	if (rcu_access_pointer(link->listener)) {
		NL_SET_ERR_MSG(extack, "The link exists already");
		err = -EEXIST;
	} else {
		rcu_assign_pointer(link->listener, listener);
	}
	mutex_unlock(&sio_links_mutex);
	if (err) {
		sock_release(listener->sock);
		kfree(listener);
	}
	return err;
}
EXPORT_SYMBOL_GPL(sio_link_listen);

/**
 * sio_link_unlisten() - answer nobody any more
 * @link: in use by the caller
 *
 * Context: process, may sleep. Flows that are open stay open.
 */
void sio_link_unlisten(struct sio_link *link)
{
	struct sio_listener *listener;

	mutex_lock(&sio_links_mutex);
	listener = rcu_replace_pointer(link->listener, NULL,
				       lockdep_is_held(&sio_links_mutex));
	mutex_unlock(&sio_links_mutex);
	if (!listener)
		return;
	synchronize_net();
	sock_release(listener->sock);
	kfree(listener);
}
EXPORT_SYMBOL_GPL(sio_link_unlisten);

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
EXPORT_SYMBOL_IF_KUNIT(sio_link_name);

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
 * @link: what to describe
 *
 * Context: process.
 * Return: 0, -EMSGSIZE, or -ENODEV if its device is gone.
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
	if (READ_ONCE(link->is_gone)) {
		err = -ENODEV;
		goto out_unlock;
	}
	listener = rcu_dereference(link->listener);
	if (listener)
		port = ntohs(listener->port);
	if (nla_put_u32(skb, SIO_A_LINK_IFINDEX, link->dev->ifindex) ||
	    nla_put_string(skb, SIO_A_LINK_IFNAME, link->dev->name) ||
	    nla_put_in_addr(skb, SIO_A_LINK_LOCAL, link->laddr) ||
	    (port && nla_put_u16(skb, SIO_A_LINK_PORT, port)) ||
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

/**
 * sio_link_dump() - call a function for each link of a namespace
 * @skb: passed on
 * @net: namespace
 * @skip: in and out: links already done
 * @fill: called with the list locked; may not take rtnl
 * @priv: passed on
 *
 * Context: process, may sleep.
 * Return: 0, or what @fill returned first.
 */
int sio_link_dump(struct sk_buff *skb, struct net *net, int *skip,
		  int (*fill)(struct sk_buff *skb, struct sio_link *link,
			      void *priv),
		  void *priv)
{
	struct sio_link *link;
	int err = 0, n = 0;

	mutex_lock(&sio_links_mutex);
	list_for_each_entry(link, &sio_links, node) {
		if (!net_eq(link->net, net) || link->is_gone || n++ < *skip)
			continue;
		err = fill(skb, link, priv);
		if (err)
			break;
		(*skip)++;
	}
	mutex_unlock(&sio_links_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(sio_link_dump);

/* The link's limits changed: every flow must know before it sends again */
static void sio_link_new_limits(struct sio_link *link)
{
	struct sio_flow *flow;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(link->flows); i++)
		hlist_for_each_entry_rcu(flow, &link->flows[i], node)
			sio_flow_limits(flow, min(READ_ONCE(flow->mss),
						  sio_link_mss(link)));
	rcu_read_unlock();
}

static void sio_link_kick(struct sio_link *link)
{
	struct sio_flow *flow;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(link->flows); i++)
		hlist_for_each_entry_rcu(flow, &link->flows[i], node)
			sio_flow_kick(flow);
	rcu_read_unlock();
}

static int sio_link_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct sio_link *link;

	mutex_lock(&sio_links_mutex);
	list_for_each_entry(link, &sio_links, node) {
		if (link->dev != dev || link->is_gone)
			continue;
		switch (event) {
		case NETDEV_UNREGISTER:	/* also on the way to another netns */
			sio_link_unhook(link);
			break;
		case NETDEV_CHANGEMTU:
		case NETDEV_FEAT_CHANGE:
			sio_link_new_limits(link);
			break;
		case NETDEV_UP:
		case NETDEV_DOWN:
		case NETDEV_CHANGE:
			sio_link_kick(link);
			break;
		}
	}
	mutex_unlock(&sio_links_mutex);
	return NOTIFY_DONE;
}

static struct notifier_block sio_link_notifier = {
	.notifier_call = sio_link_event,
};

/**
 * sio_link_init() - begin to watch net devices
 *
 * Return: 0 or a negative errno.
 */
int sio_link_init(void)
{
	return register_netdevice_notifier(&sio_link_notifier);
}

/**
 * sio_link_exit() - stop watching; no link may be left
 */
void sio_link_exit(void)
{
	unregister_netdevice_notifier(&sio_link_notifier);
}
