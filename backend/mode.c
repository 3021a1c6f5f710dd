// SPDX-License-Identifier: GPL-2.0
/* What a guest wants its port to receive: judged, applied, taken back. */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "be.h"

/*
 * The kernel says in its log whenever a port enters or leaves promiscuous or
 * allmulticast mode. So a guest that no longer wants it, or has no unicast
 * address more, leaves that mode some time later: the log gets two lines in
 * this time, whatever the guest does.
 */
#define SIO_BE_CALM		(10 * HZ)

static void sio_be_mode_set(struct net_device *dev, u32 flags, int inc)
{
	if (flags & SIO_NIC_F_PROMISC)
		dev_set_promiscuity(dev, inc);
	if (flags & SIO_NIC_F_ALLMULTI)
		dev_set_allmulti(dev, inc);
}

static void sio_be_mode_del_addr(struct net_device *dev, const u8 *addr)
{
	if (is_multicast_ether_addr(addr))
		dev_mc_del(dev, addr);
	else
		dev_uc_del(dev, addr);
}

/* Take back what a guest's wishes changed */
static void sio_be_mode_undo(struct sio_be_applied *applied,
			     struct net_device *dev)
{
	unsigned int i;

	ASSERT_RTNL();
	sio_be_mode_set(dev, applied->flags, -1);
	for (i = 0; i < applied->nr_addrs; i++)
		sio_be_mode_del_addr(dev, applied->addrs[i]);
	for (i = 0; i < applied->nr_vlans; i++)
		vlan_vid_del(dev, htons(ETH_P_8021Q), applied->vlans[i]);
	memset(applied, 0, sizeof(*applied));
}

/* What a guest wanted until lately */
static void __sio_be_mode_calm(struct sio_be_nic *nic, struct net_device *dev)
{
	struct sio_be_linger *linger = &nic->linger;

	ASSERT_RTNL();
	sio_be_mode_set(dev, linger->flags, -1);
	if (!is_zero_ether_addr(linger->addr))
		dev_uc_del(dev, linger->addr);
	memset(linger, 0, sizeof(*linger));
}

static void sio_be_mode_calm(struct work_struct *work)
{
	struct sio_be_nic *nic = container_of(to_delayed_work(work),
					      struct sio_be_nic, calm_work);
	struct net_device *dev;

	rtnl_lock();
	dev = rtnl_dereference(nic->port);
	if (dev)
		__sio_be_mode_calm(nic, dev);
	rtnl_unlock();
}

static int sio_be_mode_find_unicast(const struct sio_be_applied *applied)
{
	int i;

	for (i = 0; i < applied->nr_addrs; i++)
		if (!is_multicast_ether_addr(applied->addrs[i]))
			return i;
	return -1;
}

/* Keep of @old what the log would tell of, and @new does not hold itself */
static void sio_be_mode_linger(struct sio_be_nic *nic,
			       struct sio_be_applied *old,
			       const struct sio_be_applied *new)
{
	struct sio_be_linger *linger = &nic->linger;
	u32 flags = old->flags & ~new->flags & ~linger->flags;
	int i = sio_be_mode_find_unicast(old);

	ASSERT_RTNL();
	linger->flags |= flags;
	old->flags &= ~flags;
	/* a port without a filter is promiscuous while it has any */
	if (i >= 0 && is_zero_ether_addr(linger->addr) &&
	    sio_be_mode_find_unicast(new) < 0) {
		ether_addr_copy(linger->addr, old->addrs[i]);
		ether_addr_copy(old->addrs[i], old->addrs[--old->nr_addrs]);
	} else if (!flags) {
		return;
	}
	schedule_delayed_work(&nic->calm_work, SIO_BE_CALM);
}

/* Find what cannot be meant seriously in a guest's wishes */
static int sio_be_mode_judge(const struct sio_be_nic *nic,
			     const struct sio_rec_nic_mode *mode,
			     const u8 *addrs, const __le16 *vlans)
{
	u32 i;

	if (!is_valid_ether_addr(mode->mac))
		return -EADDRNOTAVAIL;
	if (le32_to_cpu(mode->mtu) > nic->mtu)
		return -EMSGSIZE;
	for (i = 0; i < le16_to_cpu(mode->nr_addrs); i++)
		if (is_zero_ether_addr(addrs + i * ETH_ALEN))
			return -EADDRNOTAVAIL;
	for (i = 0; i < le16_to_cpu(mode->nr_vlans); i++)
		if (!le16_to_cpu(vlans[i]) ||
		    le16_to_cpu(vlans[i]) >= VLAN_N_VID - 1)
			return -EINVAL;
	return 0;
}

static bool sio_be_mode_may_have(const struct sio_be_nic *nic, const u8 *addr)
{
	return nic->any_mac || is_multicast_ether_addr(addr) ||
	       ether_addr_equal(addr, nic->mac);
}

static void sio_be_mode_add_addr(struct sio_be_applied *applied,
				 struct net_device *dev, const u8 *addr)
{
	if (is_multicast_ether_addr(addr) ? dev_mc_add(dev, addr) :
					    dev_uc_add(dev, addr))
		return;
	ether_addr_copy(applied->addrs[applied->nr_addrs++], addr);
}

/* Flags and addresses; what the guest may not have is passed over */
static u32 sio_be_mode_do_filter(const struct sio_be_nic *nic,
				 struct sio_be_applied *applied,
				 struct net_device *dev,
				 const struct sio_rec_nic_mode *mode,
				 const u8 *addrs)
{
	u32 flags = le32_to_cpu(mode->flags), denied = 0;
	const u8 *mac = mode->mac;
	unsigned int i;

	ASSERT_RTNL();
	if (flags & SIO_NIC_F_PROMISC && !nic->any_mac) {
		denied |= SIO_DENIED_PROMISC;
		flags &= ~SIO_NIC_F_PROMISC;
	}
	if (flags & SIO_NIC_F_PROMISC && !dev_set_promiscuity(dev, 1))
		applied->flags |= SIO_NIC_F_PROMISC;
	if (flags & SIO_NIC_F_ALLMULTI && !dev_set_allmulti(dev, 1))
		applied->flags |= SIO_NIC_F_ALLMULTI;
	if (!sio_be_mode_may_have(nic, mac)) {
		denied |= SIO_DENIED_MAC;
		mac = nic->mac;
	}
	/* the port need not have the NIC's address, but must receive it */
	if (!ether_addr_equal(mac, dev->dev_addr))
		sio_be_mode_add_addr(applied, dev, mac);
	for (i = 0; i < le16_to_cpu(mode->nr_addrs); i++) {
		if (sio_be_mode_may_have(nic, addrs + i * ETH_ALEN))
			sio_be_mode_add_addr(applied, dev,
					     addrs + i * ETH_ALEN);
		else
			denied |= SIO_DENIED_ADDRS;
	}
	return denied;
}

static void sio_be_mode_do_vlans(struct sio_be_applied *applied,
				 struct net_device *dev,
				 const struct sio_rec_nic_mode *mode,
				 const __le16 *vlans)
{
	unsigned int i;
	u16 vid;

	for (i = 0; i < le16_to_cpu(mode->nr_vlans); i++) {
		vid = le16_to_cpu(vlans[i]);
		if (!vlan_vid_add(dev, htons(ETH_P_8021Q), vid))
			applied->vlans[applied->nr_vlans++] = vid;
	}
}

/*
 * The port counts its users, so the new wishes go in before the old ones go
 * out: what is in both never stops, and is not logged.
 */
static int __sio_be_mode_apply(struct sio_be_nic *nic, struct net_device *dev,
			       const struct sio_rec_nic_mode *mode,
			       const u8 *addrs, const __le16 *vlans)
{
	struct sio_be_applied *old = nic->applied, *new;

	ASSERT_RTNL();
	new = kvzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	WRITE_ONCE(nic->denied,
		   sio_be_mode_do_filter(nic, new, dev, mode, addrs));
	sio_be_mode_do_vlans(new, dev, mode, vlans);
	sio_be_mode_linger(nic, old, new);
	sio_be_mode_undo(old, dev);
	nic->applied = new;
	kvfree(old);
	WRITE_ONCE(nic->is_open, le32_to_cpu(mode->flags) & SIO_NIC_F_OPEN);
	return 0;
}

/**
 * sio_be_mode_apply() - have a port receive what the guest wishes
 * @nic: held
 * @mode: the guest's record, its lengths checked
 * @addrs: its addresses
 * @vlans: its VLAN ids
 *
 * What only a NIC with @any_mac may have is passed over and shown, as the
 * rest is not to wait for it.
 *
 * Context: process; takes rtnl.
 * Return: 0, -ENODEV, -EINVAL, -EADDRNOTAVAIL, -EMSGSIZE, -ENOMEM.
 */
int sio_be_mode_apply(struct sio_be_nic *nic,
		      const struct sio_rec_nic_mode *mode, const u8 *addrs,
		      const __le16 *vlans)
{
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = rtnl_dereference(nic->port);
	err = dev ? sio_be_mode_judge(nic, mode, addrs, vlans) : -ENODEV;
	if (!err)
		err = __sio_be_mode_apply(nic, dev, mode, addrs, vlans);
	rtnl_unlock();
	return err;
}

/* Take back at once what the guest may have no longer */
static void __sio_be_mode_deny(struct sio_be_nic *nic, struct net_device *dev)
{
	struct sio_be_applied *applied = nic->applied;
	u32 denied = 0;
	int i;

	ASSERT_RTNL();
	__sio_be_mode_calm(nic, dev);
	if (applied->flags & SIO_NIC_F_PROMISC) {
		dev_set_promiscuity(dev, -1);
		applied->flags &= ~SIO_NIC_F_PROMISC;
		denied |= SIO_DENIED_PROMISC;
	}
	for (i = applied->nr_addrs - 1; i >= 0; i--) {
		if (sio_be_mode_may_have(nic, applied->addrs[i]))
			continue;
		dev_uc_del(dev, applied->addrs[i]);
		ether_addr_copy(applied->addrs[i],
				applied->addrs[--applied->nr_addrs]);
		denied |= SIO_DENIED_ADDRS;
	}
	WRITE_ONCE(nic->denied, denied);
}

/**
 * sio_be_mode_set_any_mac() - let a guest use any address, or no longer
 * @nic: held
 * @any_mac: which
 *
 * The guest says anew what it wants when it hears of it.
 *
 * Context: process; takes rtnl.
 */
void sio_be_mode_set_any_mac(struct sio_be_nic *nic, bool any_mac)
{
	struct net_device *dev;

	rtnl_lock();
	WRITE_ONCE(nic->any_mac, any_mac);
	dev = rtnl_dereference(nic->port);
	if (any_mac)
		WRITE_ONCE(nic->denied, 0);
	else if (dev)
		__sio_be_mode_deny(nic, dev);
	rtnl_unlock();
}

/**
 * __sio_be_mode_revert() - leave a port as it was
 * @nic: held; its port
 * @dev: which is this
 *
 * Context: process, under rtnl.
 */
void __sio_be_mode_revert(struct sio_be_nic *nic, struct net_device *dev)
{
	sio_be_mode_undo(nic->applied, dev);
	__sio_be_mode_calm(nic, dev);
}

/**
 * sio_be_mode_init() - prepare for a guest's wishes
 * @nic: being made
 */
void sio_be_mode_init(struct sio_be_nic *nic)
{
	INIT_DELAYED_WORK(&nic->calm_work, sio_be_mode_calm);
}

/**
 * sio_be_mode_stop() - nothing is left to be done later
 * @nic: has no port any more
 *
 * Context: process, without rtnl.
 */
void sio_be_mode_stop(struct sio_be_nic *nic)
{
	cancel_delayed_work_sync(&nic->calm_work);
}
