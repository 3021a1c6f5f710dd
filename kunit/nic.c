// SPDX-License-Identifier: GPL-2.0
/* A net device for the tests: has an address, keeps what it is told to send. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/file.h>
#include <linux/if_addr.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/wait.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/route.h>

#include "nic.h"
#include "proto/link.h"

/* How long a frame may take that was promised */
#define SIO_NIC_DEADLINE_MS	20000

/**
 * struct sio_nic - what such a device has
 * @sent: TCP/IPv4 frames it was told to send, data at the Ethernet header
 * @more: woken when there is one more
 */
struct sio_nic {
	struct sk_buff_head sent;
	wait_queue_head_t more;
};

static netdev_tx_t sio_nic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct sio_nic *nic = netdev_priv(dev);

	/* The stack has things to say on a new device, too */
	if (skb->protocol != htons(ETH_P_IP) ||
	    ip_hdr(skb)->protocol != IPPROTO_TCP) {
		consume_skb(skb);
		return NETDEV_TX_OK;
	}
	skb_queue_tail(&nic->sent, skb);
	wake_up(&nic->more);
	return NETDEV_TX_OK;
}

static const struct net_device_ops sio_nic_ops = {
	.ndo_start_xmit		= sio_nic_xmit,
	.ndo_set_mac_address	= eth_mac_addr,
};

static void sio_nic_gone(void *priv)
{
	struct net_device *dev = priv;
	struct sio_nic *nic = netdev_priv(dev);

	unregister_netdev(dev);
	skb_queue_purge(&nic->sent);
	free_netdev(dev);
}

/**
 * sio_nic_create() - make such a device, up and with carrier
 * @test: whose end is its end
 * @addr: its address, of a network of 24 bits, or 0
 *
 * Its neighbours all answer at once: it has no ARP.
 *
 * Return: the device, registered in the first namespace.
 */
struct net_device *sio_nic_create(struct kunit *test, __be32 addr)
{
	struct net_device *dev;
	struct sio_nic *nic;
	int err;

	dev = alloc_etherdev_mq(sizeof(struct sio_nic), SIO_NIC_QUEUES);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	nic = netdev_priv(dev);
	skb_queue_head_init(&nic->sent);
	init_waitqueue_head(&nic->more);
	strscpy(dev->name, "siokt%d", IFNAMSIZ);
	dev->netdev_ops = &sio_nic_ops;
	dev->flags |= IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->max_mtu = ETH_MAX_MTU;
	dev->mtu = SIO_NIC_MTU;
	dev->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO;
	dev->features = dev->hw_features;
	eth_hw_addr_random(dev);
	err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_nic_gone,
							dev), 0);
	rtnl_lock();
	err = dev_open(dev, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	if (addr)
		sio_nic_addr(test, dev, RTM_NEWADDR, addr);
	return dev;
}

/**
 * sio_nic_destroy() - remove a device before the test ends
 * @test: that made it
 * @dev: from sio_nic_create()
 */
void sio_nic_destroy(struct kunit *test, struct net_device *dev)
{
	kunit_release_action(test, sio_nic_gone, dev);
}

/**
 * sio_nic_addr() - give a device an address, or take it away
 * @test: fails if that fails
 * @dev: the device
 * @type: RTM_NEWADDR or RTM_DELADDR
 * @addr: the address
 *
 * The only way into the stack from a module is that of "ip address".
 */
void sio_nic_addr(struct kunit *test, struct net_device *dev, u16 type,
		  __be32 addr)
{
	struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg ifa;
		struct nlattr local;
		__be32 addr;
	} req = {
		.nlh.nlmsg_len = sizeof(req),
		.nlh.nlmsg_type = type,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.ifa.ifa_family = AF_INET,
		.ifa.ifa_prefixlen = 24,
		.ifa.ifa_index = dev->ifindex,
		.local.nla_len = NLA_HDRLEN + sizeof(addr),
		.local.nla_type = IFA_LOCAL,
		.addr = addr,
	};
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to) };
	struct kvec vec = { .iov_base = &req, .iov_len = sizeof(req) };
	struct socket *sock;
	struct file *file;
	int sent;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, PF_NETLINK,
						  SOCK_RAW, NETLINK_ROUTE,
						  &sock));
	/* rtnetlink asks who opened the file */
	file = sock_alloc_file(sock, 0, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	sent = kernel_sendmsg(sock, &msg, &vec, 1, sizeof(req));
	fput(file);
	KUNIT_ASSERT_EQ(test, sent, (int)sizeof(req));
	KUNIT_ASSERT_EQ(test, inet_addr_type(&init_net, addr) == RTN_LOCAL,
			type == RTM_NEWADDR);
}

/**
 * sio_nic_mtu() - change the MTU of a device
 * @test: fails if that fails
 * @dev: the device
 * @mtu: the MTU
 */
void sio_nic_mtu(struct kunit *test, struct net_device *dev, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/**
 * sio_nic_queue() - what a device was told to send and nobody has taken
 * @dev: the device
 *
 * Return: the frames, data at the Ethernet header.
 */
struct sk_buff_head *sio_nic_queue(struct net_device *dev)
{
	struct sio_nic *nic = netdev_priv(dev);

	return &nic->sent;
}

/**
 * sio_nic_sent() - take the next frame a device was told to send
 * @dev: the device
 *
 * Return: the frame, data at its IPv4 header, or NULL.
 */
struct sk_buff *sio_nic_sent(struct net_device *dev)
{
	struct sio_nic *nic = netdev_priv(dev);
	struct sk_buff *skb = skb_dequeue(&nic->sent);

	if (skb)
		skb_pull(skb, ETH_HLEN);
	return skb;
}

/**
 * sio_nic_wait() - wait until so many frames are there to be taken
 * @dev: the device
 * @nr: how many
 *
 * Return: false if they did not come.
 */
bool sio_nic_wait(struct net_device *dev, unsigned int nr)
{
	struct sio_nic *nic = netdev_priv(dev);

	return wait_event_timeout(nic->more, skb_queue_len(&nic->sent) >= nr,
				  msecs_to_jiffies(SIO_NIC_DEADLINE_MS));
}

static void sio_nic_link_put(void *priv)
{
	sio_link_put(priv);
}

/**
 * sio_nic_link() - use a device as a link
 * @test: whose end is the end of that
 * @dev: the device, which has an address
 *
 * Return: the link.
 */
struct sio_link *sio_nic_link(struct kunit *test, struct net_device *dev)
{
	struct sio_link *link = sio_link_get(&init_net, dev->ifindex, 0, NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(link));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_nic_link_put,
							link), 0);
	return link;
}

/**
 * sio_nic_unlink() - stop using a link before the test ends
 * @test: that uses it
 * @link: from sio_nic_link()
 */
void sio_nic_unlink(struct kunit *test, struct sio_link *link)
{
	kunit_release_action(test, sio_nic_link_put, link);
}
