// SPDX-License-Identifier: GPL-2.0
/* What a NIC wants to receive: the whole state, told again when it changes. */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "fe.h"
#include "net.h"

/* When to try again after an allocation failed, in jiffies */
#define SIO_FE_MODE_RETRY	HZ

/* Most of a request, before it is known how much it will be */
#define SIO_FE_MODE_LEN_MAX \
	(sizeof(struct sio_rec_nic_mode) + \
	 SIO_NIC_ADDRS_MAX * SIO_MAC_LEN + SIO_NIC_VLANS_MAX * sizeof(__le16))

static_assert(SIO_FE_MODE_LEN_MAX <=
	      SIO_CTL_LEN_MAX - sizeof(struct sio_msg_ctl));

static void __sio_fe_mode_start(struct sio_fe_dev *dev, unsigned long delay)
{
	lockdep_assert_held(&dev->lock);
	if (!dev->is_gone && !dev->mode_busy && dev->mode_dirty)
		schedule_delayed_work(&dev->mode_work, delay);
}

/**
 * sio_fe_mode_kick() - have the peer told what a NIC wants
 * @dev: held
 *
 * Context: process or softirq.
 */
void sio_fe_mode_kick(struct sio_fe_dev *dev)
{
	spin_lock_bh(&dev->lock);
	dev->mode_dirty = true;
	__sio_fe_mode_start(dev, 0);
	spin_unlock_bh(&dev->lock);
}

/* Addresses, or the flags that stand for too many of them */
static u32 sio_fe_mode_addrs(struct net_device *netdev,
			     struct sio_rec_nic_mode *mode)
{
	u8 *addr = (u8 *)(mode + 1);
	struct netdev_hw_addr *ha;
	u32 flags = 0, nr = 0;

	netif_addr_lock_bh(netdev);
	if (netdev_uc_count(netdev) > SIO_NIC_ADDRS_MAX) {
		flags |= SIO_NIC_F_PROMISC;
	} else {
		netdev_for_each_uc_addr(ha, netdev)
			ether_addr_copy(addr + SIO_MAC_LEN * nr++, ha->addr);
	}
	if (netdev_mc_count(netdev) > SIO_NIC_ADDRS_MAX - nr) {
		flags |= SIO_NIC_F_ALLMULTI;
	} else {
		netdev_for_each_mc_addr(ha, netdev)
			ether_addr_copy(addr + SIO_MAC_LEN * nr++, ha->addr);
	}
	netif_addr_unlock_bh(netdev);
	mode->nr_addrs = cpu_to_le16(nr);
	return flags;
}

static void sio_fe_mode_vlans(const struct sio_fe_nic *nic,
			      struct sio_rec_nic_mode *mode)
{
	__le16 *vlan = (void *)(mode + 1) +
		       SIO_MAC_LEN * le16_to_cpu(mode->nr_addrs);
	unsigned int vid, nr = 0;

	ASSERT_RTNL();
	for_each_set_bit(vid, nic->vlans, VLAN_N_VID) {
		if (WARN_ON_ONCE(nr == SIO_NIC_VLANS_MAX))
			break;
		vlan[nr++] = cpu_to_le16(vid);
	}
	mode->nr_vlans = cpu_to_le16(nr);
}

static void sio_fe_mode_fill(const struct sio_fe_dev *dev,
			     struct sio_ctl_req *req)
{
	struct sio_rec_nic_mode *mode = (struct sio_rec_nic_mode *)req->body;
	struct net_device *netdev = dev->netdev;
	u32 flags;

	ASSERT_RTNL();
	flags = sio_fe_mode_addrs(netdev, mode);
	sio_fe_mode_vlans(netdev_priv(netdev), mode);
	if (netif_running(netdev))
		flags |= SIO_NIC_F_OPEN;
	if (netdev->flags & IFF_PROMISC)
		flags |= SIO_NIC_F_PROMISC;
	if (netdev->flags & IFF_ALLMULTI)
		flags |= SIO_NIC_F_ALLMULTI;
	mode->dev = cpu_to_le32(READ_ONCE(dev->handle));
	mode->gen = cpu_to_le32(READ_ONCE(dev->gen));
	mode->flags = cpu_to_le32(flags);
	mode->mtu = cpu_to_le32(netdev->mtu);
	ether_addr_copy(mode->mac, netdev->dev_addr);
	req->len = sizeof(*mode) +
		   SIO_MAC_LEN * le16_to_cpu(mode->nr_addrs) +
		   sizeof(__le16) * le16_to_cpu(mode->nr_vlans);
	mode->rec.type = SIO_REC_NIC_MODE;
	mode->rec.len = cpu_to_le32(req->len);
}

/*
 * Answered, or the session is over. What changed meanwhile goes out now; a
 * refusal is not repeated, as the peer would only refuse again.
 */
static void sio_fe_mode_done(struct sio_session *s, void *priv, int status,
			     const void *body, u32 len)
{
	struct sio_fe_dev *dev = priv;

	spin_lock_bh(&dev->lock);
	dev->mode_busy = false;
	dev->mode_sent++;
	if (status)
		dev->mode_failed++;
	if (status != -ENOTCONN)
		__sio_fe_mode_start(dev, 0);
	spin_unlock_bh(&dev->lock);
	sio_fe_dev_put(dev);
}

static void sio_fe_mode_submit(struct sio_fe_dev *dev)
{
	struct sio_ctl_req *req;

	req = sio_ctl_alloc(SIO_CTL_NIC_MODE, 0, SIO_FE_MODE_LEN_MAX,
			    GFP_KERNEL);
	if (!req) {
		spin_lock_bh(&dev->lock);
		dev->mode_busy = false;
		dev->mode_dirty = true;
		__sio_fe_mode_start(dev, SIO_FE_MODE_RETRY);
		spin_unlock_bh(&dev->lock);
		return;
	}
	rtnl_lock();
	sio_fe_mode_fill(dev, req);
	rtnl_unlock();
	req->done = sio_fe_mode_done;
	req->priv = dev;
	kref_get(&dev->ref);
	sio_ctl_submit(&dev->sess->s, req);
}

static void sio_fe_mode_work(struct work_struct *work)
{
	struct sio_fe_dev *dev = container_of(to_delayed_work(work),
					      struct sio_fe_dev, mode_work);
	bool is_wanted;

	spin_lock_bh(&dev->lock);
	is_wanted = !dev->is_gone && !dev->mode_busy && dev->mode_dirty;
	if (is_wanted) {
		dev->mode_busy = true;
		/* cleared before looking: what changes later is told again */
		dev->mode_dirty = false;
	}
	spin_unlock_bh(&dev->lock);
	if (is_wanted)
		sio_fe_mode_submit(dev);
}

/**
 * sio_fe_mode_init() - prepare to tell the peer
 * @dev: being made
 */
void sio_fe_mode_init(struct sio_fe_dev *dev)
{
	INIT_DELAYED_WORK(&dev->mode_work, sio_fe_mode_work);
}

/**
 * sio_fe_mode_stop() - tell the peer nothing any more
 * @dev: held; its net device is still there
 *
 * Context: process, without rtnl.
 */
void sio_fe_mode_stop(struct sio_fe_dev *dev)
{
	spin_lock_bh(&dev->lock);
	dev->is_gone = true;
	spin_unlock_bh(&dev->lock);
	cancel_delayed_work_sync(&dev->mode_work);
}
