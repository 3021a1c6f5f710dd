/* SPDX-License-Identifier: GPL-2.0 */
/* A net device for the tests: has an address, keeps what it is told to send. */
#ifndef SIO_KUNIT_NIC_H
#define SIO_KUNIT_NIC_H

#include <linux/types.h>

struct kunit;
struct net_device;
struct sio_link;
struct sk_buff;
struct sk_buff_head;

/* Addresses: the device's own, its neighbour's, and one that is neither */
#define SIO_NIC_OWN		htonl(0x0a630001)
#define SIO_NIC_PEER		htonl(0x0a630002)
#define SIO_NIC_FAR		htonl(0xc0000201)

#define SIO_NIC_MTU		9000
#define SIO_NIC_QUEUES		4

struct net_device *sio_nic_create(struct kunit *test, __be32 addr);
void sio_nic_destroy(struct kunit *test, struct net_device *dev);
void sio_nic_addr(struct kunit *test, struct net_device *dev, u16 type,
		  __be32 addr);
void sio_nic_mtu(struct kunit *test, struct net_device *dev, int mtu);
struct sk_buff_head *sio_nic_queue(struct net_device *dev);
struct sk_buff *sio_nic_sent(struct net_device *dev);
bool sio_nic_wait(struct net_device *dev, unsigned int nr);
struct sio_link *sio_nic_link(struct kunit *test, struct net_device *dev);
void sio_nic_unlink(struct kunit *test, struct sio_link *link);

#endif /* SIO_KUNIT_NIC_H */
