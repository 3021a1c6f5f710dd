// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/link.c: what may be a link, and how it is left. */
#include <kunit/test.h>
#include <linux/if_arp.h>
#include <linux/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include <splitio/core.h>

#include "nic.h"
#include "nomem.h"
#include "proto/flow.h"

#define SIO_LKT_PORT	7423

/* One more address of the same network */
#define SIO_LKT_SECOND	htonl(0x0a630009)

/**
 * struct sio_lkt - a link
 * @dev: its device
 * @link: the link
 */
struct sio_lkt {
	struct net_device *dev;
	struct sio_link *link;
};

static int sio_lkt_init(struct kunit *test)
{
	struct sio_lkt *lkt = kunit_kzalloc(test, sizeof(*lkt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lkt);
	test->priv = lkt;
	lkt->dev = sio_nic_create(test, SIO_NIC_OWN);
	lkt->link = sio_nic_link(test, lkt->dev);
	return 0;
}

static struct sio_session *sio_lkt_nobody(struct net *net, const char *name)
{
	return NULL;
}

static int sio_lkt_listen(struct sio_link *link, u16 port,
			  struct netlink_ext_ack *extack)
{
	return sio_link_listen(link, port, sio_lkt_nobody, extack);
}

/* Is a port free? */
static bool sio_lkt_is_free(struct kunit *test, u16 port)
{
	__be16 wanted = htons(port);
	struct socket *sock;

	sock = sio_link_reserve(&init_net, SIO_NIC_OWN, &wanted);
	if (IS_ERR(sock)) {
		KUNIT_EXPECT_EQ(test, PTR_ERR(sock), -EADDRINUSE);
		return false;
	}
	sock_release(sock);
	return true;
}

/* A device and an address that are no link, and what the refusal is about */
static void sio_lkt_expect_refused(struct kunit *test, int ifindex,
				   __be32 laddr, int err, const char *says)
{
	struct netlink_ext_ack extack = {};
	struct sio_link *link;

	link = sio_link_get(&init_net, ifindex, laddr, &extack);
	KUNIT_ASSERT_TRUE(test, IS_ERR(link));
	KUNIT_EXPECT_EQ(test, PTR_ERR(link), err);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(extack._msg, says), "%s",
			      extack._msg);
	KUNIT_EXPECT_FALSE(test, sio_link_is(&init_net, ifindex));
}

static void sio_link_is_neighbour__of_any_of_its_networks(struct kunit *test)
{
	const struct {
		__be32 addr;
		bool before;
		bool after;
	} cases[] = {
		{ SIO_NIC_PEER, true, true },
		{ SIO_NIC_OWN, false, false },
		{ SIO_NIC_FAR, false, false },
		{ htonl(0x0a6300ff), false, false },
		{ htonl(0xe0000001), false, false },
		{ htonl(0x0a630502), false, true },
		{ htonl(0x0a6305ff), false, false },
	};
	struct sio_lkt *lkt = test->priv;
	bool before, after;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rcu_read_lock();
		before = sio_link_is_neighbour(lkt->link, cases[i].addr);
		rcu_read_unlock();
		KUNIT_EXPECT_EQ_MSG(test, before, cases[i].before, "case %u",
				    i);
	}
	sio_nic_addr(test, lkt->dev, RTM_NEWADDR, htonl(0x0a630501));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rcu_read_lock();
		after = sio_link_is_neighbour(lkt->link, cases[i].addr);
		rcu_read_unlock();
		KUNIT_EXPECT_EQ_MSG(test, after, cases[i].after, "case %u", i);
	}
}

static void sio_link_is_neighbour__own_address_that_was_lost(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	bool own, other;

	sio_nic_addr(test, lkt->dev, RTM_DELADDR, SIO_NIC_OWN);
	sio_nic_addr(test, lkt->dev, RTM_NEWADDR, SIO_LKT_SECOND);
	rcu_read_lock();
	own = sio_link_is_neighbour(lkt->link, SIO_NIC_OWN);
	other = sio_link_is_neighbour(lkt->link, SIO_NIC_PEER);
	rcu_read_unlock();
	KUNIT_EXPECT_FALSE(test, own);
	KUNIT_EXPECT_TRUE(test, other);
}

static void sio_link_get__no_device(struct kunit *test)
{
	sio_lkt_expect_refused(test, INT_MAX, 0, -ENODEV,
			       "no such net device");
}

static void sio_link_get__no_ethernet(struct kunit *test)
{
	struct net_device *dev = sio_nic_create(test, SIO_LKT_SECOND);

	sio_lkt_expect_refused(test, init_net.loopback_dev->ifindex, 0,
			       -EOPNOTSUPP, "Ethernet");
	dev->type = ARPHRD_NONE;
	sio_lkt_expect_refused(test, dev->ifindex, 0, -EOPNOTSUPP, "Ethernet");
	dev->type = ARPHRD_ETHER;
}

static void sio_link_get__enslaved(struct kunit *test)
{
	struct net_device *master = sio_nic_create(test, 0);
	struct net_device *dev = sio_nic_create(test, SIO_LKT_SECOND);
	int err;

	rtnl_lock();
	err = netdev_master_upper_dev_link(dev, master, NULL, NULL, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	sio_lkt_expect_refused(test, dev->ifindex, 0, -EBUSY, master->name);
	rtnl_lock();
	netdev_upper_dev_unlink(dev, master);
	rtnl_unlock();
	sio_nic_link(test, dev);
}

static void sio_link_get__small_mtu(struct kunit *test)
{
	struct net_device *dev = sio_nic_create(test, SIO_LKT_SECOND);

	sio_nic_mtu(test, dev, SIO_MTU_MIN - 1);
	sio_lkt_expect_refused(test, dev->ifindex, 0, -EMSGSIZE, "1279");
	sio_nic_mtu(test, dev, SIO_MTU_MIN);
	sio_nic_link(test, dev);
}

static void sio_link_get__no_address(struct kunit *test)
{
	struct net_device *dev = sio_nic_create(test, 0);

	sio_lkt_expect_refused(test, dev->ifindex, 0, -EADDRNOTAVAIL,
			       "no such address");
	/* Another device's does not count */
	sio_lkt_expect_refused(test, dev->ifindex, SIO_NIC_OWN,
			       -EADDRNOTAVAIL, "no such address");
}

static void sio_link_get__address_of_several(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	struct sio_link *other, *same;

	sio_nic_addr(test, lkt->dev, RTM_NEWADDR, SIO_LKT_SECOND);
	KUNIT_EXPECT_TRUE(test, lkt->link->laddr == SIO_NIC_OWN);
	same = sio_link_get(&init_net, lkt->dev->ifindex, SIO_NIC_OWN, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(same));
	KUNIT_EXPECT_PTR_EQ(test, same, lkt->link);
	KUNIT_EXPECT_EQ(test, same->users, 2);
	sio_link_put(same);
	other = sio_link_get(&init_net, lkt->dev->ifindex, SIO_LKT_SECOND,
			     NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	KUNIT_EXPECT_PTR_NE(test, other, lkt->link);
	KUNIT_EXPECT_TRUE(test, other->laddr == SIO_LKT_SECOND);
	KUNIT_EXPECT_EQ(test, other->users, 1);
	KUNIT_EXPECT_EQ(test, lkt->link->users, 1);
	sio_link_put(other);
}

static void sio_link_get__no_memory(struct kunit *test)
{
	struct net_device *dev = sio_nic_create(test, SIO_LKT_SECOND);
	unsigned int nth, refused = 0;
	struct sio_link *link;
	bool failed = true;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		sio_nomem_begin(nth);
		link = sio_link_get(&init_net, dev->ifindex, 0, NULL);
		failed = sio_nomem_end();
		if (IS_ERR(link)) {
			KUNIT_EXPECT_EQ(test, PTR_ERR(link), -ENOMEM);
			KUNIT_EXPECT_FALSE(test, sio_link_is(&init_net,
							     dev->ifindex));
			refused++;
		} else {
			sio_link_put(link);
		}
	}
	KUNIT_EXPECT_FALSE(test, failed);
	/* The link, and the table of hooks */
	KUNIT_EXPECT_GE(test, refused, 2);
}

static void sio_link_put__last_user_takes_it_down(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	int ifindex = lkt->dev->ifindex;
	struct sio_link *again;

	again = sio_link_get(&init_net, ifindex, 0, NULL);
	KUNIT_ASSERT_PTR_EQ(test, again, lkt->link);
	sio_link_put(again);
	KUNIT_EXPECT_TRUE(test, sio_link_is(&init_net, ifindex));
	sio_link_ref_get(again);
	sio_nic_unlink(test, again);
	KUNIT_EXPECT_FALSE(test, sio_link_is(&init_net, ifindex));
	/* Who still has its memory sees that it is gone */
	KUNIT_EXPECT_TRUE(test, again->is_gone);
	sio_link_ref_put(again);
}

static void sio_link_put__flows_say_goodbye(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	struct sio_seg seg = {};
	struct sio_flow *flow;
	struct sk_buff *skb;

	flow = sio_flow_create(lkt->link, SIO_NIC_PEER, htons(1), htons(2),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	flow->state = SIO_FLOW_UP;
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	sio_nic_unlink(test, lkt->link);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_REMOVED);
	sio_flow_put(flow);
	skb = sio_nic_sent(lkt->dev);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	sio_frame_parse(skb->data, skb_headlen(skb), skb->len, &seg);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_FIN | SIO_TCP_ACK);
}

static void sio_link_put__listener_goes_with_it(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;

	KUNIT_ASSERT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL), 0);
	KUNIT_EXPECT_FALSE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
	sio_nic_unlink(test, lkt->link);
	KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
}

static void sio_link_find__counts_a_user(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	int ifindex = lkt->dev->ifindex;

	KUNIT_EXPECT_NULL(test, sio_link_find(&init_net, ifindex + 1));
	KUNIT_EXPECT_NULL(test, sio_link_find(NULL, ifindex));
	KUNIT_EXPECT_PTR_EQ(test, sio_link_find(&init_net, ifindex), lkt->link);
	KUNIT_EXPECT_EQ(test, lkt->link->users, 2);
	sio_link_put(lkt->link);
	sio_nic_destroy(test, lkt->dev);
	KUNIT_EXPECT_NULL(test, sio_link_find(&init_net, ifindex));
}

static void sio_link_reserve__any_port(struct kunit *test)
{
	__be16 port = 0, same;
	struct socket *sock;

	sock = sio_link_reserve(&init_net, SIO_NIC_OWN, &port);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sock));
	KUNIT_EXPECT_NE(test, ntohs(port), 0);
	same = port;
	KUNIT_EXPECT_EQ(test, PTR_ERR(sio_link_reserve(&init_net, SIO_NIC_OWN,
						       &same)), -EADDRINUSE);
	sock_release(sock);
	KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, ntohs(port)));
}

static void sio_link_reserve__address_of_somebody_else(struct kunit *test)
{
	__be16 port = 0;

	KUNIT_EXPECT_EQ(test, PTR_ERR(sio_link_reserve(&init_net, SIO_NIC_FAR,
						       &port)), -EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, ntohs(port), 0);
}

static void sio_link_reserve__no_memory(struct kunit *test)
{
	unsigned int nth, refused = 0;
	struct socket *sock;
	bool failed = true;
	__be16 port;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		port = htons(SIO_LKT_PORT);
		sio_nomem_begin(nth);
		sock = sio_link_reserve(&init_net, SIO_NIC_OWN, &port);
		failed = sio_nomem_end();
		refused += IS_ERR(sock);
		if (!IS_ERR(sock))
			sock_release(sock);
		KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GT(test, refused, 0);
}

static void sio_link_listen__port_is_taken(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	struct netlink_ext_ack extack = {};
	__be16 port = htons(SIO_LKT_PORT);
	struct socket *sock;

	sock = sio_link_reserve(&init_net, SIO_NIC_OWN, &port);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sock));
	KUNIT_EXPECT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, &extack),
			-EADDRINUSE);
	sock_release(sock);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_TRUE(test, strstr(extack._msg, "--port"));
	KUNIT_EXPECT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL), 0);
}

static void sio_link_listen__listens_already(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	struct netlink_ext_ack extack = {};

	KUNIT_EXPECT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL), 0);
	KUNIT_EXPECT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT + 1,
					     &extack), -EEXIST);
	KUNIT_EXPECT_STREQ(test, extack._msg, "The link exists already");
	KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, SIO_LKT_PORT + 1));
	KUNIT_EXPECT_FALSE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
}

static void sio_link_listen__no_memory(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;
	unsigned int nth, refused = 0;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		sio_nomem_begin(nth);
		err = sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL);
		failed = sio_nomem_end();
		refused += !!err;
		sio_link_unlisten(lkt->link);
		KUNIT_EXPECT_NULL(test, rcu_access_pointer(lkt->link->listener));
		KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GE(test, refused, 2);
}

static void sio_link_unlisten__twice(struct kunit *test)
{
	struct sio_lkt *lkt = test->priv;

	KUNIT_ASSERT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL), 0);
	sio_link_unlisten(lkt->link);
	KUNIT_EXPECT_TRUE(test, sio_lkt_is_free(test, SIO_LKT_PORT));
	sio_link_unlisten(lkt->link);
	KUNIT_EXPECT_EQ(test, sio_lkt_listen(lkt->link, SIO_LKT_PORT, NULL), 0);
}

static struct kunit_case sio_link_cases[] = {
	KUNIT_CASE(sio_link_is_neighbour__of_any_of_its_networks),
	KUNIT_CASE(sio_link_is_neighbour__own_address_that_was_lost),
	KUNIT_CASE(sio_link_get__no_device),
	KUNIT_CASE(sio_link_get__no_ethernet),
	KUNIT_CASE(sio_link_get__enslaved),
	KUNIT_CASE(sio_link_get__small_mtu),
	KUNIT_CASE(sio_link_get__no_address),
	KUNIT_CASE(sio_link_get__address_of_several),
	KUNIT_CASE(sio_link_get__no_memory),
	KUNIT_CASE(sio_link_put__last_user_takes_it_down),
	KUNIT_CASE(sio_link_put__flows_say_goodbye),
	KUNIT_CASE(sio_link_put__listener_goes_with_it),
	KUNIT_CASE(sio_link_find__counts_a_user),
	KUNIT_CASE(sio_link_reserve__any_port),
	KUNIT_CASE(sio_link_reserve__address_of_somebody_else),
	KUNIT_CASE(sio_link_reserve__no_memory),
	KUNIT_CASE(sio_link_listen__port_is_taken),
	KUNIT_CASE(sio_link_listen__listens_already),
	KUNIT_CASE(sio_link_listen__no_memory),
	KUNIT_CASE(sio_link_unlisten__twice),
	{}
};

static struct kunit_suite sio_link_suite = {
	.name = "link",
	.init = sio_lkt_init,
	.test_cases = sio_link_cases,
};

kunit_test_suite(sio_link_suite);
