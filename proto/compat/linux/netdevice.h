/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dummy net devices, which carry NAPI contexts, are allocated since 6.10; GSO
 * packets of IPv4 have a limit of their own since 6.3.
 */
#ifndef SIO_COMPAT_LINUX_NETDEVICE_H
#define SIO_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline struct net_device *sio_alloc_netdev_dummy(void)
{
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

static inline void sio_free_netdev_dummy(struct net_device *dev)
{
	kfree(dev);
}
#else
static inline struct net_device *sio_alloc_netdev_dummy(void)
{
	return alloc_netdev_dummy(0);
}

static inline void sio_free_netdev_dummy(struct net_device *dev)
{
	free_netdev(dev);
}
#endif

static inline unsigned int *sio_gso_ipv4_max_size(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	return &dev->gso_max_size;
#else
	return &dev->gso_ipv4_max_size;
#endif
}

#endif /* SIO_COMPAT_LINUX_NETDEVICE_H */
