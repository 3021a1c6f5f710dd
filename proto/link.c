// SPDX-License-Identifier: GPL-2.0
/* Attach to a net device, find flows on it, leave it without a trace. */
#include <kunit/visibility.h>
#include <linux/mutex.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include <splitio/core.h>

#include "fault.h"
#include "flow.h"
#include "link.h"

/* Behind the administrator's own rules, which stand at 0 by default */
#define SIO_LINK_HOOK_PRIO	100

/* How long the flows of a link may take to say goodbye to the other side */
#define SIO_LINK_DRAIN_MS	300

/* protects sio_links, and of a link users, is_gone, listener, faults */
DEFINE_MUTEX(sio_links_mutex);
EXPORT_SYMBOL_IF_KUNIT(sio_links_mutex);
static LIST_HEAD(sio_links);

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
	link->ifindex = dev->ifindex;
	link->laddr = laddr;
	spin_lock_init(&link->lock);
	INIT_LIST_HEAD(&link->embryos);
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
	strscpy(link->name, link->dev->name, sizeof(link->name));
	/* pairs with smp_load_acquire() in sio_link_fill() */
	smp_store_release(&link->is_gone, true);
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
