// SPDX-License-Identifier: GPL-2.0
/* Links that guests dial, as long as their net devices exist. */
#include <linux/slab.h>

#include "be.h"
#include "proto/link.h"

/**
 * struct sio_be_link - a link in use by the back-end
 * @node: in the list of links; sio_be_mutex
 * @link: of the core, one user of it is ours
 * @net: namespace
 * @ifindex: of the net device
 */
struct sio_be_link {
	struct list_head node;
	struct sio_link *link;
	struct net *net;
	int ifindex;
};

static LIST_HEAD(sio_be_links);		/* protected by sio_be_mutex */

static void sio_be_link_end(struct sio_be_link *bl)
{
	list_del(&bl->node);
	sio_be_event_link(bl->link, SIO_EVENT_LINK_DEL);
	sio_link_unlisten(bl->link);
	sio_link_put(bl->link);
	kfree(bl);
}

static struct sio_be_link *sio_be_link_find(struct net *net, int ifindex)
{
	struct sio_be_link *bl;

	lockdep_assert_held(&sio_be_mutex);
	list_for_each_entry(bl, &sio_be_links, node)
		if (net_eq(bl->net, net) && bl->ifindex == ifindex &&
		    !READ_ONCE(bl->link->is_gone))
			return bl;
	return NULL;
}

/* Net devices went away: their links are of no use */
static void sio_be_link_reap(struct work_struct *work)
{
	struct sio_be_link *bl, *next;

	mutex_lock(&sio_be_mutex);
	list_for_each_entry_safe(bl, next, &sio_be_links, node)
		if (READ_ONCE(bl->link->is_gone))
			sio_be_link_end(bl);
	mutex_unlock(&sio_be_mutex);
}

static DECLARE_WORK(sio_be_link_work, sio_be_link_reap);

static int sio_be_link_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	if (event == NETDEV_UNREGISTER)
		schedule_work(&sio_be_link_work);
	return NOTIFY_DONE;
}

/* After the core's own, which marks the link */
static struct notifier_block sio_be_link_notifier = {
	.notifier_call = sio_be_link_event,
	.priority = -1,
};

/**
 * sio_be_link_create() - answer guests on a net device
 * @net: namespace
 * @ifindex: of the net device
 * @local: own address, 0 for the primary one
 * @port: TCP port, host order
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held.
 * Return: 0, -EEXIST, -EBUSY, or as sio_link_get() and sio_link_listen().
 */
int sio_be_link_create(struct net *net, int ifindex, __be32 local, u16 port,
		       struct netlink_ext_ack *extack)
{
	char name[IFNAMSIZ] = "";
	struct sio_be_link *bl;
	int err;

	lockdep_assert_held(&sio_be_mutex);
	bl = sio_be_link_find(net, ifindex);
	if (bl) {
		sio_link_name(bl->link, &ifindex, name);
		NL_SET_ERR_MSG_FMT(extack,
				   "The link %s exists already; remove it to change it",
				   name);
		return -EEXIST;
	}
	err = sio_be_port_may_link(net, ifindex, extack);
	if (err)
		return err;
	bl = kzalloc(sizeof(*bl), GFP_KERNEL);
	if (!bl)
		return -ENOMEM;
	bl->net = net;
	bl->ifindex = ifindex;
	bl->link = sio_link_get(net, ifindex, local, extack);
	if (IS_ERR(bl->link)) {
		err = PTR_ERR(bl->link);
		goto err_free;
	}
	bl->link->is_local_asked = local;
	err = sio_link_listen(bl->link, port, sio_be_guest_lookup, extack);
	if (err)
		goto err_put;
	list_add_tail(&bl->node, &sio_be_links);
	sio_be_event_link(bl->link, SIO_EVENT_LINK_NEW);
	return 0;

err_put:
	sio_link_put(bl->link);
err_free:
	kfree(bl);
	return err;
}

/**
 * sio_be_link_remove() - answer guests on a net device no more
 * @net: namespace
 * @ifindex: of the net device
 *
 * Context: sio_be_mutex is held.
 * Return: 0 or -ENOENT.
 */
int sio_be_link_remove(struct net *net, int ifindex)
{
	struct sio_be_link *bl = sio_be_link_find(net, ifindex);

	if (!bl)
		return -ENOENT;
	sio_be_link_end(bl);
	return 0;
}

/**
 * sio_be_link_end_net() - answer nobody in a namespace
 * @net: namespace
 *
 * Context: sio_be_mutex is held.
 */
void sio_be_link_end_net(struct net *net)
{
	struct sio_be_link *bl, *next;

	list_for_each_entry_safe(bl, next, &sio_be_links, node)
		if (net_eq(bl->net, net))
			sio_be_link_end(bl);
}

/**
 * sio_be_link_init() - begin to watch net devices
 *
 * Return: 0 or a negative errno.
 */
int sio_be_link_init(void)
{
	return register_netdevice_notifier(&sio_be_link_notifier);
}

/**
 * sio_be_link_exit() - stop watching; no link may be left
 */
void sio_be_link_exit(void)
{
	unregister_netdevice_notifier(&sio_be_link_notifier);
	cancel_work_sync(&sio_be_link_work);
}
