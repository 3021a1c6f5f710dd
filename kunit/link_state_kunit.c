// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/link.c: what a link says of itself, and what it hears. */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "nic.h"
#include "nlskb.h"
#include "proto/flow.h"
#include "proto/session.h"

#define SIO_LDT_NEST	3
#define SIO_LDT_PORT	7423
#define SIO_LDT_LINKS	3
#define SIO_LDT_ROOM	1024

/**
 * struct sio_ldt - a link
 * @dev: its device
 * @link: the link
 * @seen: what a dump came across
 * @nr: how many of them
 * @most: a dump has room for so many
 */
struct sio_ldt {
	struct net_device *dev;
	struct sio_link *link;
	struct sio_link *seen[SIO_LDT_LINKS];
	unsigned int nr;
	unsigned int most;
};

static int sio_ldt_init(struct kunit *test)
{
	struct sio_ldt *ldt = kunit_kzalloc(test, sizeof(*ldt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ldt);
	test->priv = ldt;
	ldt->dev = sio_nic_create(test, SIO_NIC_OWN);
	ldt->link = sio_nic_link(test, ldt->dev);
	return 0;
}

static void sio_ldt_up(struct kunit *test, bool up)
{
	struct sio_ldt *ldt = test->priv;
	int err = 0;

	rtnl_lock();
	if (up)
		err = dev_open(ldt->dev, NULL);
	else
		dev_close(ldt->dev);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void sio_ldt_flow_end(void *priv)
{
	sio_flow_kill(priv, SIO_WHY_REMOVED);
	sio_flow_put(priv);
}

static struct sio_flow *sio_ldt_flow(struct kunit *test)
{
	struct sio_ldt *ldt = test->priv;
	struct sio_flow *flow;

	flow = sio_flow_create(ldt->link, SIO_NIC_PEER, htons(1), htons(2),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_ldt_flow_end,
							flow), 0);
	flow->is_dialer = true;
	flow->state = SIO_FLOW_UP;
	KUNIT_ASSERT_EQ(test, sio_flow_hash(flow), 0);
	return flow;
}

static int sio_ldt_parse(const struct sk_buff *skb, struct nlattr **tb)
{
	return nla_parse_nested_deprecated(tb, SIO_A_LINK_MAX,
					   (struct nlattr *)skb->data, NULL,
					   NULL);
}

static void sio_link_mss__mtu_within_bounds(struct kunit *test)
{
	static const struct {
		int mtu;
		u32 mss;
	} cases[] = {
		{ SIO_NIC_MTU, SIO_NIC_MTU - 52 }, { 1500, 1448 },
		{ SIO_MTU_MIN, SIO_MTU_MIN - 52 }, { 700, SIO_MTU_MIN - 52 },
		{ 65535, 65535 - 52 },
	};
	struct sio_ldt *ldt = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		sio_nic_mtu(test, ldt->dev, cases[i].mtu);
		KUNIT_EXPECT_EQ(test, sio_link_mss(ldt->link), cases[i].mss);
	}
	sio_nic_destroy(test, ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_mss(ldt->link), SIO_MTU_MIN - 52);
}

static void sio_link_msg_max__smallest_limit(struct kunit *test)
{
	struct sio_ldt *ldt = test->priv;
	u32 mss = sio_link_mss(ldt->link);

	ldt->dev->gso_max_size = 1 << 17;
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), 65535 - 52);
	ldt->dev->gso_max_size = 20000;
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), 20000 - 52);
	ldt->dev->gso_max_segs = 2;
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), 2 * mss);
	/* One segment always passes */
	ldt->dev->gso_max_segs = 0;
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), mss);
	ldt->dev->gso_max_segs = GSO_MAX_SEGS;
	ldt->dev->gso_max_size = 5000;
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), mss);
	sio_nic_destroy(test, ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_msg_max(ldt->link), SIO_MTU_MIN - 52);
}

static void sio_link_queues__at_least_one(struct kunit *test)
{
	struct sio_ldt *ldt = test->priv;

	KUNIT_EXPECT_EQ(test, sio_link_queues(ldt->link), SIO_NIC_QUEUES);
	sio_nic_destroy(test, ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_queues(ldt->link), 1);
}

static void sio_link_name__while_there_is_one(struct kunit *test)
{
	struct sio_ldt *ldt = test->priv;
	char name[IFNAMSIZ] = "kept";
	int ifindex = 77;

	sio_link_name(ldt->link, &ifindex, name);
	KUNIT_EXPECT_EQ(test, ifindex, ldt->dev->ifindex);
	KUNIT_EXPECT_STREQ(test, name, ldt->dev->name);
	sio_nic_destroy(test, ldt->dev);
	strscpy(name, "kept");
	ifindex = 77;
	sio_link_name(ldt->link, &ifindex, name);
	KUNIT_EXPECT_EQ(test, ifindex, 77);
	KUNIT_EXPECT_STREQ(test, name, "kept");
}

static void sio_link_why__what_keeps_frames_from_passing(struct kunit *test)
{
	struct sio_ldt *ldt = test->priv;

	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_NONE);
	netif_carrier_off(ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_LINK_DOWN);
	netif_carrier_on(ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_NONE);
	sio_ldt_up(test, false);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_LINK_DOWN);
	sio_ldt_up(test, true);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_NONE);
	sio_nic_addr(test, ldt->dev, RTM_DELADDR, SIO_NIC_OWN);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_NO_ADDRESS);
	sio_nic_destroy(test, ldt->dev);
	KUNIT_EXPECT_EQ(test, sio_link_why(ldt->link), SIO_WHY_LINK_GONE);
}

static struct sio_session *sio_ldt_nobody(struct net *net, const char *name)
{
	return NULL;
}

static void sio_link_fill__all_there_is(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, SIO_LDT_ROOM);
	struct nlattr *tb[SIO_A_LINK_MAX + 1];
	struct sio_ldt *ldt = test->priv;

	sio_ldt_flow(test);
	KUNIT_ASSERT_EQ(test, sio_link_fill(skb, SIO_LDT_NEST, ldt->link), 0);
	KUNIT_EXPECT_EQ(test, nla_type((struct nlattr *)skb->data),
			SIO_LDT_NEST);
	KUNIT_ASSERT_EQ(test, sio_ldt_parse(skb, tb), 0);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_LINK_IFINDEX]),
			ldt->dev->ifindex);
	KUNIT_EXPECT_STREQ(test, nla_data(tb[SIO_A_LINK_IFNAME]),
			   ldt->dev->name);
	KUNIT_EXPECT_TRUE(test, nla_get_in_addr(tb[SIO_A_LINK_LOCAL]) ==
				SIO_NIC_OWN);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_LINK_MTU]), SIO_NIC_MTU);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_LINK_WHY]), SIO_WHY_NONE);
	KUNIT_EXPECT_EQ(test, nla_get_u32(tb[SIO_A_LINK_FLOWS]), 1);
	/* It answers nobody, and nothing happened yet */
	KUNIT_EXPECT_NULL(test, tb[SIO_A_LINK_PORT]);
	KUNIT_EXPECT_NULL(test, tb[SIO_A_LINK_STAT]);

	KUNIT_ASSERT_EQ(test, sio_link_listen(ldt->link, SIO_LDT_PORT,
					      sio_ldt_nobody, NULL), 0);
	sio_stats_inc(ldt->link->stats, SIO_CNT_DROP_IP);
	skb_trim(skb, 0);
	KUNIT_ASSERT_EQ(test, sio_link_fill(skb, SIO_LDT_NEST, ldt->link), 0);
	KUNIT_ASSERT_EQ(test, sio_ldt_parse(skb, tb), 0);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_LINK_PORT]);
	KUNIT_EXPECT_EQ(test, nla_get_u16(tb[SIO_A_LINK_PORT]), SIO_LDT_PORT);
	KUNIT_EXPECT_NOT_NULL(test, tb[SIO_A_LINK_STAT]);
}

static void sio_link_fill__all_or_nothing(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, SIO_LDT_ROOM);
	struct sio_ldt *ldt = test->priv;
	unsigned int need, room;

	KUNIT_ASSERT_EQ(test, sio_link_listen(ldt->link, SIO_LDT_PORT,
					      sio_ldt_nobody, NULL), 0);
	sio_stats_inc(ldt->link->stats, SIO_CNT_DROP_IP);
	KUNIT_ASSERT_EQ(test, sio_link_fill(skb, SIO_LDT_NEST, ldt->link), 0);
	need = skb->len;
	for (room = 0; room < need; room += sizeof(u64)) {
		skb = sio_nlskb_alloc(test, room);
		KUNIT_EXPECT_EQ(test, sio_link_fill(skb, SIO_LDT_NEST,
						    ldt->link), -EMSGSIZE);
		KUNIT_EXPECT_EQ(test, skb->len, 0);
	}
}

static void sio_link_fill__of_one_that_is_gone(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, SIO_LDT_ROOM);
	struct sio_ldt *ldt = test->priv;
	struct nlattr *nest, *attr;

	sio_nic_destroy(test, ldt->dev);
	KUNIT_ASSERT_EQ(test, sio_link_fill(skb, SIO_LDT_NEST, ldt->link), 0);
	nest = (struct nlattr *)skb->data;
	attr = nla_find_nested(nest, SIO_A_LINK_WHY);
	KUNIT_ASSERT_NOT_NULL(test, attr);
	KUNIT_EXPECT_EQ(test, nla_get_u32(attr), SIO_WHY_LINK_GONE);
	KUNIT_EXPECT_NOT_NULL(test, nla_find_nested(nest, SIO_A_LINK_IFNAME));
	KUNIT_EXPECT_NULL(test, nla_find_nested(nest, SIO_A_LINK_MTU));
}

static int sio_ldt_see(struct sk_buff *skb, struct sio_link *link, void *priv)
{
	struct sio_ldt *ldt = priv;

	if (ldt->nr == ldt->most)
		return -EMSGSIZE;
	ldt->seen[ldt->nr++] = link;
	return 0;
}

static int sio_ldt_dump(struct sio_ldt *ldt, struct net *net, int *skip,
			unsigned int most)
{
	memset(ldt->seen, 0, sizeof(ldt->seen));
	ldt->nr = 0;
	ldt->most = most;
	return sio_link_dump(NULL, net, skip, sio_ldt_see, ldt);
}

static void sio_link_dump__goes_on_where_it_was(struct kunit *test)
{
	struct sio_link *links[SIO_LDT_LINKS];
	struct sio_ldt *ldt = test->priv;
	struct net_device *dev;
	int i, skip = 0;

	links[0] = ldt->link;
	for (i = 1; i < SIO_LDT_LINKS; i++) {
		dev = sio_nic_create(test, htonl(0x0a630001 + (i << 8)));
		links[i] = sio_nic_link(test, dev);
	}
	KUNIT_EXPECT_EQ(test, sio_ldt_dump(ldt, NULL, &skip, 3), 0);
	KUNIT_EXPECT_EQ(test, ldt->nr, 0);

	KUNIT_EXPECT_EQ(test, sio_ldt_dump(ldt, &init_net, &skip, 2),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, skip, 2);
	KUNIT_EXPECT_PTR_EQ(test, ldt->seen[0], links[0]);
	KUNIT_EXPECT_PTR_EQ(test, ldt->seen[1], links[1]);
	KUNIT_EXPECT_EQ(test, sio_ldt_dump(ldt, &init_net, &skip, 2), 0);
	KUNIT_EXPECT_EQ(test, skip, 3);
	KUNIT_EXPECT_EQ(test, ldt->nr, 1);
	KUNIT_EXPECT_PTR_EQ(test, ldt->seen[0], links[2]);

	/* One that is gone is no link any more */
	sio_nic_destroy(test, ldt->dev);
	skip = 0;
	KUNIT_EXPECT_EQ(test, sio_ldt_dump(ldt, &init_net, &skip, 3), 0);
	KUNIT_EXPECT_EQ(test, ldt->nr, 2);
	KUNIT_EXPECT_PTR_EQ(test, ldt->seen[0], links[1]);
}

static void sio_link_event__new_mtu_reaches_the_flows(struct kunit *test)
{
	struct sio_flow *flow = sio_ldt_flow(test);
	struct sio_ldt *ldt = test->priv;

	KUNIT_EXPECT_EQ(test, flow->mss, SIO_NIC_MTU - 52);
	ldt->dev->gso_max_size = 9000;
	sio_nic_mtu(test, ldt->dev, 1500);
	KUNIT_EXPECT_EQ(test, flow->mss, 1448);
	KUNIT_EXPECT_EQ(test, flow->msg_max, 9000 - 52);
	/* The path was not proved to carry more again */
	sio_nic_mtu(test, ldt->dev, SIO_NIC_MTU);
	KUNIT_EXPECT_EQ(test, flow->mss, 1448);
}

static void sio_link_event__down_and_up_kick_the_flows(struct kunit *test)
{
	struct sio_flow *flow = sio_ldt_flow(test);
	struct sio_ldt *ldt = test->priv;
	struct sio_msg_hdr *hdr;
	struct sk_buff *skb;
	int i;

	for (i = 0; i < 2; i++) {
		/* Sealed, for a flow without keys: looked at, and dropped */
		skb = alloc_skb(sizeof(*hdr), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		hdr = skb_put_zero(skb, sizeof(*hdr));
		hdr->suite = SIO_SUITE_CHACHA;
		skb_queue_tail(&flow->slow, skb);
		sio_ldt_up(test, i);
		flush_work(&flow->work);
		KUNIT_EXPECT_EQ(test, sio_stats_sum(ldt->link->stats,
						    SIO_CNT_DROP_TAG), i + 1);
	}
}

static void sio_link_event__device_goes(struct kunit *test)
{
	struct net_device *other = sio_nic_create(test, htonl(0x0a630101));
	struct sio_link *stays = sio_nic_link(test, other);
	struct sio_flow *flow = sio_ldt_flow(test);
	struct sio_ldt *ldt = test->priv;
	int ifindex = ldt->dev->ifindex;

	sio_nic_destroy(test, ldt->dev);
	KUNIT_EXPECT_TRUE(test, ldt->link->is_gone);
	KUNIT_EXPECT_FALSE(test, sio_link_is(&init_net, ifindex));
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_LINK_GONE);
	KUNIT_EXPECT_EQ(test, ldt->link->nr_flows, 0);
	KUNIT_EXPECT_FALSE(test, stays->is_gone);
	KUNIT_EXPECT_TRUE(test, sio_link_is(&init_net, other->ifindex));
}

static struct kunit_case sio_link_state_cases[] = {
	KUNIT_CASE(sio_link_mss__mtu_within_bounds),
	KUNIT_CASE(sio_link_msg_max__smallest_limit),
	KUNIT_CASE(sio_link_queues__at_least_one),
	KUNIT_CASE(sio_link_name__while_there_is_one),
	KUNIT_CASE(sio_link_why__what_keeps_frames_from_passing),
	KUNIT_CASE(sio_link_fill__all_there_is),
	KUNIT_CASE(sio_link_fill__all_or_nothing),
	KUNIT_CASE(sio_link_fill__of_one_that_is_gone),
	KUNIT_CASE(sio_link_dump__goes_on_where_it_was),
	KUNIT_CASE(sio_link_event__new_mtu_reaches_the_flows),
	KUNIT_CASE(sio_link_event__down_and_up_kick_the_flows),
	KUNIT_CASE(sio_link_event__device_goes),
	{}
};

static struct kunit_suite sio_link_state_suite = {
	.name = "link_state",
	.init = sio_ldt_init,
	.test_cases = sio_link_state_cases,
};

kunit_test_suite(sio_link_state_suite);
