// SPDX-License-Identifier: GPL-2.0
/* Virtual NICs as devices of a guest: made, described, taken away. */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "be.h"

/* Transmit queues worth having in a guest */
static u32 sio_be_nic_queues(void)
{
	return min_t(u32, num_online_cpus(), SIO_FLOWS_MAX);
}

static void sio_be_nic_rec(const struct sio_be_dev *dev,
			   struct sio_rec_dev *rec)
{
	const struct sio_be_nic *nic = sio_be_nic_of(dev);
	const struct net_device *port;

	rec->queues = cpu_to_le16(sio_be_nic_queues());
	rec->mtu = cpu_to_le32(READ_ONCE(nic->mtu));
	rec->offloads = cpu_to_le32(SIO_NIC_ALL);
	ether_addr_copy(rec->mac, nic->mac);
	if (READ_ONCE(nic->any_mac))
		rec->flags = cpu_to_le16(SIO_DEV_F_ANY_MAC);
	rcu_read_lock();
	port = rcu_dereference(nic->port);
	rec->carrier = port && netif_running(port) && netif_carrier_ok(port);
	rcu_read_unlock();
}

static bool sio_be_nic_is_whole(const struct sio_be_dev *dev)
{
	return rcu_access_pointer(sio_be_nic_of(dev)->port);
}

static void sio_be_nic_free(struct sio_be_dev *dev)
{
	struct sio_be_nic *nic = sio_be_nic_of(dev);

	kvfree(nic->applied);
	free_percpu(nic->queues);
	free_percpu(nic->stats);
	kfree(nic->rules);
	kfree(nic);
}

/* The port is free when this returns */
static void sio_be_nic_destroy(struct sio_be_dev *dev)
{
	struct sio_be_nic *nic = sio_be_nic_of(dev);

	lockdep_assert_held(&sio_be_mutex);
	sio_be_dev_set_state(dev, SIO_DEV_STATE_REMOVING, 0);
	/* unpublish */
	xa_erase(&dev->guest->devs, dev->id);
	dev->guest->nr_devs--;
	sio_be_dev_announce_all(dev->guest);
	/* no packet comes from the port, and then none is on its way */
	sio_be_port_detach(nic);
	sio_be_mode_stop(nic);
	sio_be_net_stop(nic);
	sio_be_event_dev(dev, SIO_EVENT_DEV_DEL);
	sio_be_dev_put(dev);
}

static const struct sio_stat_def sio_be_nic_defs[] = {
	{ "rx_packets", offsetof(struct sio_be_stats, rx_packets) },
	{ "rx_bytes", offsetof(struct sio_be_stats, rx_bytes) },
	{ "tx_packets", offsetof(struct sio_be_stats, tx_packets) },
	{ "tx_bytes", offsetof(struct sio_be_stats, tx_bytes) },
	{ "drop_spoof", offsetof(struct sio_be_stats, drop_spoof) },
	{ "drop_port", offsetof(struct sio_be_stats, drop_port) },
	{ "drop_closed", offsetof(struct sio_be_stats, drop_closed) },
	{ "drop_window", offsetof(struct sio_be_stats, drop_window) },
};

static int sio_be_nic_fill_worker(struct sk_buff *skb, struct sio_be_dev *dev,
				  int cpu)
{
	return sio_stats_fill_def(skb, SIO_A_WORKER_STAT,
				  per_cpu_ptr(sio_be_nic_of(dev)->stats, cpu),
				  sio_be_nic_defs, ARRAY_SIZE(sio_be_nic_defs));
}

/* Set from outside while events are made: under the lock */
static int sio_be_nic_fill_rules(struct sk_buff *skb, struct sio_be_nic *nic)
{
	u32 made = 0;
	int err = 0;

	spin_lock_bh(&nic->d.lock);
	if (nic->rules) {
		made |= SIO_MADE_RULES;
		err = nla_put_string(skb, SIO_A_DEV_RULES, nic->rules);
	}
	spin_unlock_bh(&nic->d.lock);
	return err ?: nla_put_u32(skb, SIO_A_DEV_MADE, made);
}

static int sio_be_nic_fill(struct sk_buff *skb, struct sio_be_dev *dev)
{
	struct sio_be_nic *nic = sio_be_nic_of(dev);
	const struct net_device *port;
	bool carrier = false;

	rcu_read_lock();
	port = rcu_dereference(nic->port);
	if (port)
		carrier = netif_running(port) && netif_carrier_ok(port) &&
			  sio_session_is_up(&dev->guest->s);
	rcu_read_unlock();
	if (nla_put_u32(skb, SIO_A_DEV_IFINDEX, nic->port_ifindex) ||
	    nla_put_string(skb, SIO_A_DEV_IFNAME, nic->port_name) ||
	    nla_put(skb, SIO_A_DEV_MAC, ETH_ALEN, nic->mac) ||
	    nla_put_u32(skb, SIO_A_DEV_MTU, READ_ONCE(nic->mtu)) ||
	    nla_put_u8(skb, SIO_A_DEV_CARRIER, carrier) ||
	    nla_put_u8(skb, SIO_A_DEV_OPEN, READ_ONCE(nic->is_open)) ||
	    nla_put_u8(skb, SIO_A_DEV_PORT_MADE, nic->port_made) ||
	    nla_put_u8(skb, SIO_A_DEV_ANY_MAC, READ_ONCE(nic->any_mac)) ||
	    nla_put_u32(skb, SIO_A_DEV_DENIED, READ_ONCE(nic->denied)) ||
	    nla_put_u32(skb, SIO_A_DEV_QUEUES, sio_be_nic_queues()))
		return -EMSGSIZE;
	if (nic->mtu_asked &&
	    nla_put_u32(skb, SIO_A_DEV_MTU_ASKED, READ_ONCE(nic->mtu_asked)))
		return -EMSGSIZE;
	return sio_be_nic_fill_rules(skb, nic) ?:
	       sio_stats_fill_defs(skb, SIO_A_DEV_STAT, nic->stats,
				   sio_be_nic_defs,
				   ARRAY_SIZE(sio_be_nic_defs));
}

static const struct sio_be_dev_ops sio_be_nic_ops = {
	.type		= SIO_DEV_NIC,
	.rec_type	= SIO_REC_DEV,
	.rec_len	= sizeof(struct sio_rec_dev),
	.rec		= sio_be_nic_rec,
	.is_whole	= sio_be_nic_is_whole,
	.fill		= sio_be_nic_fill,
	.fill_worker	= sio_be_nic_fill_worker,
	.destroy	= sio_be_nic_destroy,
	.free		= sio_be_nic_free,
};

static struct sio_be_nic *
sio_be_nic_alloc(struct sio_be_guest *guest,
		 const struct sio_be_nic_param *param)
{
	struct sio_be_nic *nic = kzalloc(sizeof(*nic), GFP_KERNEL);

	if (!nic)
		return NULL;
	nic->applied = kvzalloc(sizeof(*nic->applied), GFP_KERNEL);
	nic->queues = alloc_percpu(struct sio_be_queue);
	nic->stats = alloc_percpu(struct sio_be_stats);
	if (!nic->applied || !nic->queues || !nic->stats) {
		kvfree(nic->applied);
		free_percpu(nic->queues);
		free_percpu(nic->stats);
		kfree(nic);
		return NULL;
	}
	sio_be_dev_init(&nic->d, &sio_be_nic_ops, guest, param->name,
			param->uuid);
	INIT_LIST_HEAD(&nic->node);
	sio_be_mode_init(nic);
	ether_addr_copy(nic->mac, param->mac);
	nic->mtu_asked = param->mtu;
	nic->any_mac = param->any_mac;
	nic->port_made = param->port_made;
	return nic;
}

/**
 * sio_be_nic_set_rules() - remember where the rules of a NIC's port are from
 * @nic: the NIC
 * @rules: name of the file, NULL or empty for none
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int sio_be_nic_set_rules(struct sio_be_nic *nic, const char *rules)
{
	char *new = NULL;

	if (rules && *rules) {
		new = kstrdup(rules, GFP_KERNEL);
		if (!new)
			return -ENOMEM;
	}
	spin_lock_bh(&nic->d.lock);
	swap(nic->rules, new);
	spin_unlock_bh(&nic->d.lock);
	kfree(new);
	return 0;
}

/**
 * sio_be_nic_create() - give a guest a NIC, whether it is there or not
 * @guest: known
 * @param: what it shall be
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held.
 * Return: the NIC, valid as long as the mutex is held, or an ERR_PTR.
 */
struct sio_be_nic *sio_be_nic_create(struct sio_be_guest *guest,
				     const struct sio_be_nic_param *param,
				     struct netlink_ext_ack *extack)
{
	struct sio_be_nic *nic;
	int err;

	lockdep_assert_held(&sio_be_mutex);
	err = sio_be_dev_may_be(guest, param->name, param->uuid, extack);
	if (err)
		return ERR_PTR(err);
	nic = sio_be_nic_alloc(guest, param);
	if (!nic)
		return ERR_PTR(-ENOMEM);
	sio_be_net_start(nic);
	err = sio_be_nic_set_rules(nic, param->rules);
	if (err)
		goto err_stop;
	/* a handle first, as the port's hook may run at once; who looks for
	 * it finds the NIC only when it is whole
	 */
	err = xa_alloc(&guest->devs, &nic->d.id, NULL, xa_limit_31b,
		       GFP_KERNEL);
	if (err)
		goto err_stop;
	err = sio_be_port_attach(nic, param->port_ifindex,
				 !is_zero_ether_addr(param->mac), extack);
	if (err)
		goto err_erase;
	sio_be_dev_publish(&nic->d);
	return nic;

err_erase:
	xa_release(&guest->devs, nic->d.id);
err_stop:
	sio_be_net_stop(nic);
	sio_be_dev_put(&nic->d);
	return ERR_PTR(err);
}
