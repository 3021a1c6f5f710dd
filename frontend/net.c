// SPDX-License-Identifier: GPL-2.0
/* A virtual NIC: its net device, and what administrators do to it. */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "fe.h"
#include "net.h"

#define SIO_FE_NET_ALWAYS	(NETIF_F_SG | NETIF_F_HIGHDMA)

#define SIO_FE_NET_TSO \
	(NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN | NETIF_F_GSO_UDP_L4)

#define SIO_FE_NET_FEATURES \
	(SIO_FE_NET_ALWAYS | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | SIO_FE_NET_TSO)

/* The peer makes devices come and go as often as it likes */
static void sio_fe_net_say(const struct sio_fe_dev *dev, const char *what)
{
	if (net_ratelimit())
		netdev_info(dev->netdev, "device %s of %s%s\n", dev->name,
			    dev->sess->s.name, what);
}

static int sio_fe_net_init(struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	netdev_lockdep_set_classes(netdev);
	return gro_cells_init(&nic->gro, netdev);
}

static void sio_fe_net_uninit(struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	gro_cells_destroy(&nic->gro);
}

static int sio_fe_net_open(struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);
	int err;

	err = sio_fe_net_open_queues(nic);
	if (err)
		return err;
	netif_tx_start_all_queues(netdev);
	sio_fe_mode_kick(nic->dev);
	return 0;
}

static int sio_fe_net_stop(struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	netif_tx_disable(netdev);
	sio_fe_net_close_queues(nic);
	sio_fe_mode_kick(nic->dev);
	return 0;
}

static void sio_fe_net_set_rx_mode(struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	sio_fe_mode_kick(nic->dev);
}

static int sio_fe_net_set_mac(struct net_device *netdev, void *addr)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);
	int err;

	err = eth_mac_addr(netdev, addr);
	if (!err)
		sio_fe_mode_kick(nic->dev);
	return err;
}

static int sio_fe_net_change_mtu(struct net_device *netdev, int mtu)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	WRITE_ONCE(netdev->mtu, mtu);
	sio_fe_mode_kick(nic->dev);
	return 0;
}

static int sio_fe_net_vlan_add(struct net_device *netdev, __be16 proto,
			       u16 vid)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	ASSERT_RTNL();
	/* 0 and 4095 are no VLANs: priority tags pass as untagged frames do */
	if (!vid || vid >= VLAN_VID_MASK || test_bit(vid, nic->vlans))
		return 0;
	if (nic->nr_vlans >= SIO_NIC_VLANS_MAX)
		return -ENOSPC;
	__set_bit(vid, nic->vlans);
	nic->nr_vlans++;
	sio_fe_mode_kick(nic->dev);
	return 0;
}

static int sio_fe_net_vlan_kill(struct net_device *netdev, __be16 proto,
				u16 vid)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);

	ASSERT_RTNL();
	if (vid >= VLAN_N_VID || !__test_and_clear_bit(vid, nic->vlans))
		return 0;
	nic->nr_vlans--;
	sio_fe_mode_kick(nic->dev);
	return 0;
}

/* Nothing the peer cannot finish: the stack does it better than the core */
static netdev_features_t sio_fe_net_fix_features(struct net_device *netdev,
						 netdev_features_t features)
{
	const struct sio_fe_nic *nic = netdev_priv(netdev);
	u32 offloads = READ_ONCE(nic->offloads);

	if (!(offloads & SIO_NIC_CSUM))
		features &= ~(NETIF_F_HW_CSUM | SIO_FE_NET_TSO);
	if (!(offloads & SIO_NIC_TSO4))
		features &= ~NETIF_F_TSO;
	if (!(offloads & SIO_NIC_TSO6))
		features &= ~NETIF_F_TSO6;
	if (!(offloads & SIO_NIC_USO))
		features &= ~NETIF_F_GSO_UDP_L4;
	if (!(offloads & SIO_NIC_ECN))
		features &= ~NETIF_F_TSO_ECN;
	return features;
}

static const struct net_device_ops sio_fe_net_ops = {
	.ndo_init		= sio_fe_net_init,
	.ndo_uninit		= sio_fe_net_uninit,
	.ndo_open		= sio_fe_net_open,
	.ndo_stop		= sio_fe_net_stop,
	.ndo_start_xmit		= sio_fe_net_xmit,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_rx_mode	= sio_fe_net_set_rx_mode,
	.ndo_set_mac_address	= sio_fe_net_set_mac,
	.ndo_change_mtu		= sio_fe_net_change_mtu,
	.ndo_vlan_rx_add_vid	= sio_fe_net_vlan_add,
	.ndo_vlan_rx_kill_vid	= sio_fe_net_vlan_kill,
	.ndo_fix_features	= sio_fe_net_fix_features,
	.ndo_get_stats64	= dev_get_tstats64,
};

/*
 * The peer drops packets with another source address unless it was told not
 * to. Better refused here, where somebody reads the answer.
 */
static int sio_fe_net_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct netdev_notifier_pre_changeaddr_info *info = ptr;
	const struct net_device *netdev = netdev_notifier_info_to_dev(ptr);
	const struct sio_fe_dev *dev;

	if (event != NETDEV_PRE_CHANGEADDR ||
	    netdev->netdev_ops != &sio_fe_net_ops)
		return NOTIFY_DONE;
	ASSERT_RTNL();
	dev = ((struct sio_fe_nic *)netdev_priv(netdev))->dev;
	if (READ_ONCE(dev->any_mac) || ether_addr_equal(info->dev_addr, dev->mac))
		return NOTIFY_DONE;
	NL_SET_ERR_MSG(netdev_notifier_info_to_extack(&info->info),
		       "The I/O hypervisor lets this NIC have its assigned address only; there, iohyp nic set --any-mac on lets it have others");
	return notifier_from_errno(-EPERM);
}

struct notifier_block sio_fe_net_notifier = {
	.notifier_call = sio_fe_net_event,
};

/**
 * sio_fe_net_denied() - what a NIC wants and the peer does not give it
 * @dev: its session's mutex is held
 *
 * Return: SIO_DENIED bits.
 */
u32 sio_fe_net_denied(const struct sio_fe_dev *dev)
{
	const struct net_device *netdev = dev->netdev;
	u32 denied = 0;

	if (READ_ONCE(dev->any_mac))
		return 0;
	if (!ether_addr_equal(netdev->dev_addr, dev->mac))
		denied |= SIO_DENIED_MAC;
	if (!netdev_uc_empty(netdev))
		denied |= SIO_DENIED_ADDRS;
	if (READ_ONCE(netdev->flags) & IFF_PROMISC)
		denied |= SIO_DENIED_PROMISC;
	return denied;
}

/* Longest TSO packet: as long as a message holds, but no shorter; 0 if unknown */
static unsigned int sio_fe_net_tso_max(const struct sio_fe_dev *dev)
{
	u32 msg_max = sio_session_msg_max(&dev->sess->s);

	if (!msg_max)
		return 0;
	return clamp_t(u32, msg_max, SIO_FE_TSO_MIN + SIO_PACKET_HDR_LEN,
		       SIO_MSG_LEN_MAX) - SIO_PACKET_HDR_LEN;
}

/* A limit as high as it could be stays so; one set lower is left alone */
static void sio_fe_net_raise(unsigned int *limit, unsigned int old,
			     unsigned int size)
{
	if (*limit == old)
		WRITE_ONCE(*limit, size);
}

static void sio_fe_net_limit(struct net_device *netdev, unsigned int size)
{
	unsigned int old = netdev->tso_max_size;

	ASSERT_RTNL();
	netif_set_tso_max_size(netdev, size);
	sio_fe_net_raise(&netdev->gso_max_size, old, size);
	sio_fe_net_raise(sio_gso_ipv4_max_size(netdev), old, size);
}

/* The MTU goes down with the port's; up it goes by the administrator's wish. */
static void sio_fe_net_follow_work(struct work_struct *work)
{
	struct sio_fe_nic *nic = container_of(work, struct sio_fe_nic,
					      follow_work);
	struct net_device *netdev = nic->dev->netdev;
	unsigned int size;
	u32 mtu;

	rtnl_lock();
	mtu = READ_ONCE(nic->mtu_max);
	WRITE_ONCE(netdev->max_mtu, mtu);
	if (netdev->mtu > mtu)
		dev_set_mtu(netdev, mtu);
	netdev_update_features(netdev);
	size = sio_fe_net_tso_max(nic->dev);
	if (size)
		sio_fe_net_limit(netdev, size);
	rtnl_unlock();
}

static void sio_fe_net_setup(struct net_device *netdev,
			     const struct sio_fe_dev *dev,
			     const struct sio_rec_dev *rec)
{
	netdev->netdev_ops = &sio_fe_net_ops;
	netdev->ethtool_ops = &sio_fe_net_ethtool_ops;
	netdev->needed_headroom = sio_packet_headroom();
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	netdev->hw_features = SIO_FE_NET_FEATURES;
	netdev->features = SIO_FE_NET_FEATURES | NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->vlan_features = SIO_FE_NET_FEATURES;
	netdev->min_mtu = SIO_FE_MTU_MIN;
	netdev->max_mtu = le32_to_cpu(rec->mtu);
	netdev->mtu = netdev->max_mtu;
	netif_set_tso_max_size(netdev, sio_fe_net_tso_max(dev) ?:
				       SIO_FE_TSO_MAX);
	eth_hw_addr_set(netdev, rec->mac);
	netif_carrier_off(netdev);
}

/*
 * One queue for each CPU, and one for each flow at least: the stack keeps a
 * tenant's flow in one queue, and a queue sends through one of ours.
 */
static unsigned int sio_fe_net_queues(const struct sio_fe_dev *dev,
				      const struct sio_rec_dev *rec)
{
	unsigned int queues = min_t(unsigned int, le16_to_cpu(rec->queues),
				    num_possible_cpus());

	return clamp_t(unsigned int, queues, dev->sess->s.flows_asked,
		       SIO_FLOWS_MAX);
}

static void sio_fe_net_setup_queues(struct net_device *netdev,
				    struct sio_fe_dev *dev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);
	struct sio_fe_queue *q;
	unsigned int i;

	nic->dev = dev;
	nic->sess = &dev->sess->s;
	nic->nr_queues = netdev->num_tx_queues;
	for (i = 0; i < nic->nr_queues; i++) {
		q = &nic->queues[i];
		q->txq = netdev_get_tx_queue(netdev, i);
		spin_lock_init(&q->lock);
		q->batch.flow = i;
		q->batch.dev = dev->handle;
		q->batch.gen = dev->gen;
	}
}

/* Under the announced name if it is free, under one of ours otherwise */
static int sio_fe_net_register(struct net_device *netdev)
{
	int err;

	err = register_netdev(netdev);
	if (err != -EEXIST)
		return err;
	strscpy(netdev->name, "sio%d", IFNAMSIZ);
	netdev->name_assign_type = NET_NAME_ENUM;
	return register_netdev(netdev);
}

/**
 * sio_fe_net_create() - make the net device of a NIC
 * @dev: its handle, generation and name are valid; gets @netdev
 * @rec: the announcement, believed
 *
 * Context: process; takes rtnl.
 * Return: 0, -ENOMEM, or as register_netdev().
 */
int sio_fe_net_create(struct sio_fe_dev *dev, const struct sio_rec_dev *rec)
{
	struct net_device *netdev;
	struct sio_fe_nic *nic;
	unsigned int queues = sio_fe_net_queues(dev, rec);
	int err;

	netdev = alloc_netdev_mqs(struct_size(nic, queues, queues), dev->name,
				  NET_NAME_USER, ether_setup, queues, 1);
	if (!netdev)
		return -ENOMEM;
	dev_net_set(netdev, dev->sess->s.net);
	sio_fe_net_setup(netdev, dev, rec);
	sio_fe_net_setup_queues(netdev, dev);
	nic = netdev_priv(netdev);
	nic->offloads = le32_to_cpu(rec->offloads) & SIO_NIC_ALL;
	nic->mtu_max = netdev->max_mtu;
	INIT_WORK(&nic->follow_work, sio_fe_net_follow_work);
	dev->netdev = netdev;
	err = -ENOMEM;
	netdev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!netdev->tstats)
		goto err_free;
	err = sio_fe_net_register(netdev);
	if (err)
		goto err_free;
	sio_fe_net_say(dev, strcmp(netdev->name, dev->name) ?
			    ", whose name is taken" : "");
	return 0;

err_free:
	/* it may have been up for a moment, and be asking for a mode */
	sio_fe_mode_stop(dev);
	sio_fe_net_free(dev);
	return err;
}

/**
 * sio_fe_net_follow() - have a NIC follow its session's and its port's limits
 * @dev: its session's mutex is held; in the list of its session
 *
 * In the background: who holds rtnl may wait for a disk of the same session,
 * which comes back no sooner than this returns.
 *
 * Context: process.
 */
void sio_fe_net_follow(struct sio_fe_dev *dev)
{
	struct sio_fe_nic *nic = netdev_priv(dev->netdev);

	lockdep_assert_held(&dev->sess->mutex);
	schedule_work(&nic->follow_work);
}

/**
 * sio_fe_net_update() - the peer announced a NIC again
 * @dev: its session's mutex is held
 * @rec: the announcement, believed
 *
 * sio_fe_net_follow() is for the caller to call.
 *
 * Context: process.
 */
void sio_fe_net_update(struct sio_fe_dev *dev, const struct sio_rec_dev *rec)
{
	struct sio_fe_nic *nic = netdev_priv(dev->netdev);

	WRITE_ONCE(dev->any_mac, le16_to_cpu(rec->flags) & SIO_DEV_F_ANY_MAC);
	WRITE_ONCE(nic->mtu_max, le32_to_cpu(rec->mtu));
	WRITE_ONCE(nic->offloads, le32_to_cpu(rec->offloads) & SIO_NIC_ALL);
}

/**
 * sio_fe_net_rename() - the peer knows a NIC under another handle
 * @dev: its session's mutex is held; in the table under @handle
 * @handle: new one
 * @gen: its generation
 *
 * Context: process.
 */
void sio_fe_net_rename(struct sio_fe_dev *dev, u32 handle, u32 gen)
{
	struct sio_fe_nic *nic = netdev_priv(dev->netdev);
	unsigned int i;

	/* BH off and all queues locked: no packet sees half of it */
	netif_tx_lock_bh(dev->netdev);
	WRITE_ONCE(dev->handle, handle);
	WRITE_ONCE(dev->gen, gen);
	for (i = 0; i < nic->nr_queues; i++) {
		nic->queues[i].batch.dev = handle;
		nic->queues[i].batch.gen = gen;
	}
	netif_tx_unlock_bh(dev->netdev);
}

/**
 * sio_fe_net_state() - a NIC's carrier is the session's and the port's
 * @dev: its session's mutex is held
 * @is_up: the session
 *
 * Context: process.
 */
void sio_fe_net_state(struct sio_fe_dev *dev, bool is_up)
{
	struct net_device *netdev = dev->netdev;

	if (is_up && dev->has_carrier)
		netif_carrier_on(netdev);
	else
		netif_carrier_off(netdev);
	/* what a queue waited for may have gone with its flow */
	rcu_read_lock();
	if (netif_running(netdev))
		netif_tx_wake_all_queues(netdev);
	rcu_read_unlock();
}

/**
 * sio_fe_net_unregister() - end the traffic of a NIC
 * @dev: in no list any more; @netdev stays readable
 *
 * Context: process; takes rtnl; waits for a grace period.
 */
void sio_fe_net_unregister(struct sio_fe_dev *dev)
{
	struct sio_fe_nic *nic = netdev_priv(dev->netdev);

	sio_fe_net_say(dev, " removed");
	cancel_work_sync(&nic->follow_work);
	unregister_netdev(dev->netdev);
}

/**
 * sio_fe_net_free() - free the net device of a NIC
 * @dev: its mode is stopped; @netdev is not registered
 */
void sio_fe_net_free(struct sio_fe_dev *dev)
{
	struct net_device *netdev = dev->netdev;

	dev->netdev = NULL;
	free_percpu(netdev->tstats);
	netdev->tstats = NULL;
	free_netdev(netdev);
}
