// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/flow.c: flows come, are found, and go. */
#include <kunit/test.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include <splitio/core.h>

#include "nic.h"
#include "nomem.h"
#include "proto/flow.h"

#define SIO_PT_LPORT	htons(7423)
#define SIO_PT_RPORT	htons(50000)

/* What happens by itself may take so long on a slow machine, in jiffies */
#define SIO_PT_DEADLINE	(20 * HZ)

/**
 * struct sio_pt - a link, and how many hold it
 * @dev: its device
 * @link: the link
 * @refs: references on its memory before there was a flow
 */
struct sio_pt {
	struct net_device *dev;
	struct sio_link *link;
	unsigned int refs;
};

static int sio_pt_init(struct kunit *test)
{
	struct sio_pt *pt = kunit_kzalloc(test, sizeof(*pt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pt);
	test->priv = pt;
	pt->dev = sio_nic_create(test, SIO_NIC_OWN);
	pt->link = sio_nic_link(test, pt->dev);
	pt->refs = kref_read(&pt->link->ref);
	return 0;
}

static void sio_pt_end(void *priv)
{
	sio_flow_kill(priv, SIO_WHY_REMOVED);
	sio_flow_put(priv);
}

/* A flow in no table, which ends with the test */
static struct sio_flow *sio_pt_flow(struct kunit *test, __be16 rport)
{
	struct sio_pt *pt = test->priv;
	struct sio_flow *flow;

	flow = sio_flow_create(pt->link, SIO_NIC_PEER, SIO_PT_LPORT, rport,
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, sio_pt_end, flow),
			0);
	return flow;
}

/* One that is in use, as far as the link can tell */
static struct sio_flow *sio_pt_open(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);

	flow->is_dialer = true;
	sio_seq_tx_init(&flow->tx, 1000, 2000);
	sio_seq_rx_init(&flow->rx, 3000, 4000);
	flow->state = SIO_FLOW_UP;
	KUNIT_ASSERT_EQ(test, sio_flow_open(flow), 0);
	KUNIT_ASSERT_EQ(test, sio_flow_hash(flow), 0);
	return flow;
}

static bool sio_pt_finds(struct kunit *test, const struct sio_flow *flow,
			 const struct sio_seg *seg)
{
	struct sio_pt *pt = test->priv;
	bool found;

	rcu_read_lock();
	found = sio_flow_lookup_rcu(pt->link, seg) == flow;
	rcu_read_unlock();
	return found;
}

static struct sio_seg sio_pt_seg(const struct sio_flow *flow)
{
	return (struct sio_seg) {
		.saddr = flow->raddr,
		.sport = flow->rport,
		.dport = flow->lport,
	};
}

static void sio_pt_arm(struct sio_flow *flow, u64 ns)
{
	spin_lock_bh(&flow->rx_lock);
	sio_flow_arm(flow, ns);
	spin_unlock_bh(&flow->rx_lock);
}

/* Flags of the next frame that was sent, 0 if there is none */
static u8 sio_pt_sent(struct kunit *test)
{
	const struct sio_pt *pt = test->priv;
	struct sk_buff *skb = sio_nic_sent(pt->dev);
	struct sio_seg seg = {};

	if (!skb)
		return 0;
	KUNIT_EXPECT_EQ(test, sio_frame_parse(skb->data, skb_headlen(skb),
					      skb->len, &seg), SIO_CNT_NONE);
	kfree_skb(skb);
	return seg.flags;
}

static void sio_flow_arm__holds_the_flow_once(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	unsigned int refs = kref_read(&flow->ref);

	sio_pt_arm(flow, 3600 * (u64)NSEC_PER_SEC);
	KUNIT_EXPECT_TRUE(test, flow->is_armed);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&flow->timer));
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), refs + 1);
	/* Neither twice, nor moved: it would run before the test ends */
	sio_pt_arm(flow, 1);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), refs + 1);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&flow->timer));

	/* The table lets go, and so does the timer */
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_FALSE(test, flow->is_armed);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&flow->timer));
}

static void sio_flow_arm__not_when_dead(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);

	sio_flow_kill(flow, SIO_WHY_REMOVED);
	sio_pt_arm(flow, 3600 * (u64)NSEC_PER_SEC);
	KUNIT_EXPECT_FALSE(test, flow->is_armed);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
}

static void sio_flow_arm__timer_ends_an_old_embryo(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;

	flow->state = SIO_FLOW_OPEN;
	flow->born_ns = ktime_get_ns() - SIO_EMBRYO_NS - 1;
	KUNIT_ASSERT_EQ(test, sio_flow_hash(flow), 0);
	sio_pt_arm(flow, 1);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(pt->link->empty,
						   !pt->link->nr_flows,
						   SIO_PT_DEADLINE));
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
}

static void sio_flow_kick__only_when_something_waits(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_pt *pt = test->priv;
	unsigned int refs = kref_read(&flow->ref);
	struct sio_msg_hdr *hdr;
	struct sk_buff *skb;

	sio_flow_kick(flow);
	KUNIT_EXPECT_FALSE(test, work_busy(&flow->work));
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), refs);

	/* Sealed, for a flow without keys: it is looked at, and dropped */
	skb = alloc_skb(sizeof(*hdr), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	hdr = skb_put_zero(skb, sizeof(*hdr));
	hdr->suite = SIO_SUITE_CHACHA;
	skb_queue_tail(&flow->slow, skb);
	sio_flow_kick(flow);
	sio_flow_kick(flow);
	flush_work(&flow->work);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&flow->slow));
	KUNIT_EXPECT_EQ(test, sio_stats_sum(pt->link->stats, SIO_CNT_DROP_TAG),
			1);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), refs);
}

static void sio_flow_create__as_asked(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;

	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
	KUNIT_EXPECT_EQ(test, kref_read(&pt->link->ref), pt->refs + 1);
	KUNIT_EXPECT_PTR_EQ(test, flow->link, pt->link);
	KUNIT_EXPECT_TRUE(test, flow->raddr == SIO_NIC_PEER);
	KUNIT_EXPECT_TRUE(test, flow->lport == SIO_PT_LPORT);
	KUNIT_EXPECT_TRUE(test, flow->rport == SIO_PT_RPORT);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_SYN);
	KUNIT_EXPECT_NOT_NULL(test, flow->greet);
	KUNIT_EXPECT_EQ(test, flow->mss, sio_link_mss(pt->link));
	KUNIT_EXPECT_EQ(test, flow->msg_max, sio_link_msg_max(pt->link));
	/* Queues take 0 for "not set" */
	KUNIT_EXPECT_NE(test, flow->hash, 0);
	/* A stranger may not make us keep much */
	KUNIT_EXPECT_EQ(test, flow->reasm.max_bytes, SIO_REASM_BYTES_EMBRYO);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 0);
}

static void sio_flow_create__no_memory(struct kunit *test)
{
	struct sio_pt *pt = test->priv;
	unsigned int nth, refused = 0;
	struct sio_flow *flow;
	bool failed = true;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		sio_nomem_begin(nth);
		flow = sio_flow_create(pt->link, SIO_NIC_PEER, SIO_PT_LPORT,
				       SIO_PT_RPORT, GFP_KERNEL);
		failed = sio_nomem_end();
		if (flow)
			sio_flow_put(flow);
		refused += !flow;
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GE(test, refused, 2);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kref_read(&pt->link->ref), pt->refs);
}

static void sio_flow_open__no_memory(struct kunit *test)
{
	struct sio_pt *pt = test->priv;
	unsigned int nth, refused = 0;
	struct sio_flow *flow;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		flow = sio_flow_create(pt->link, SIO_NIC_PEER, SIO_PT_LPORT,
				       SIO_PT_RPORT, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, flow);
		sio_nomem_begin(nth);
		err = sio_flow_open(flow);
		failed = sio_nomem_end();
		if (err) {
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			KUNIT_EXPECT_NULL(test, flow->sk);
			refused++;
			/* It may be tried again */
			KUNIT_EXPECT_EQ(test, sio_flow_open(flow), 0);
		}
		KUNIT_EXPECT_NOT_NULL(test, flow->marks);
		KUNIT_EXPECT_NOT_NULL(test, flow->sk);
		sio_pt_end(flow);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GE(test, refused, 1);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kref_read(&pt->link->ref), pt->refs);
}

static void sio_flow_open__of_a_dead_one(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);

	sio_flow_kill(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, sio_flow_open(flow), -ENOTCONN);
	KUNIT_EXPECT_NULL(test, flow->sk);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
}

static void sio_flow_hash__counts(struct kunit *test)
{
	struct sio_flow *outside = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_flow *dialer = sio_pt_flow(test, htons(1));
	struct sio_pt *pt = test->priv;

	KUNIT_EXPECT_EQ(test, sio_flow_hash(outside), 0);
	KUNIT_EXPECT_EQ(test, kref_read(&outside->ref), 2);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 1);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 1);
	dialer->is_dialer = true;
	KUNIT_EXPECT_EQ(test, sio_flow_hash(dialer), 0);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 2);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 1);
	sio_flow_kill(outside, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 1);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
	sio_flow_kill(dialer, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 0);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
}

static void sio_flow_hash__tuple_is_taken(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_flow *same = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;
	struct sio_seg seg = sio_pt_seg(flow);

	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	KUNIT_EXPECT_EQ(test, sio_flow_hash(same), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 1);
	KUNIT_EXPECT_EQ(test, kref_read(&same->ref), 1);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, flow, &seg));
	/* Its end does not concern the other one */
	sio_flow_kill(same, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 1);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, flow, &seg));
}

static void sio_flow_hash__table_is_full(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;

	pt->link->nr_flows = SIO_LINK_FLOWS_MAX;
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), -ENOSPC);
	pt->link->nr_flows = 0;
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
}

static void sio_flow_hash__oldest_of_an_address_makes_room(struct kunit *test)
{
	struct sio_flow *first = sio_pt_flow(test, SIO_PT_RPORT), *flow;
	struct sio_pt *pt = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, sio_flow_hash(first), 0);
	for (i = 1; i < SIO_LINK_EMBRYOS_PEER; i++) {
		flow = sio_pt_flow(test, htons(i));
		KUNIT_ASSERT_EQ(test, sio_flow_hash(flow), 0);
	}
	KUNIT_EXPECT_EQ(test, first->state, SIO_FLOW_SYN);
	/* Those dialled here take nobody's place */
	flow = sio_pt_flow(test, htons(i++));
	flow->is_dialer = true;
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	KUNIT_EXPECT_EQ(test, first->state, SIO_FLOW_SYN);

	flow = sio_pt_flow(test, htons(i));
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	KUNIT_EXPECT_EQ(test, first->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, first->why, SIO_WHY_BUSY);
	KUNIT_EXPECT_EQ(test, kref_read(&first->ref), 1);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, SIO_LINK_EMBRYOS_PEER);
	KUNIT_EXPECT_EQ(test, sio_stats_sum(pt->link->stats,
					    SIO_CNT_DROP_OPEN_PEER), 1);
}

static void sio_flow_hash__link_is_gone(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;

	sio_nic_destroy(test, pt->dev);
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), -ENODEV);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 0);
}

static void sio_flow_adopted__counts_once(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;

	sio_flow_adopted(flow);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 1);
	sio_flow_adopted(flow);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
	sio_flow_adopted(flow);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 1);
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, pt->link->nr_embryos, 0);
}

static void sio_flow_lookup_rcu__by_all_of_its_tuple(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_seg seg = sio_pt_seg(flow), other;

	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, NULL, &seg));
	KUNIT_EXPECT_EQ(test, sio_flow_hash(flow), 0);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, flow, &seg));
	other = seg;
	other.saddr = SIO_NIC_FAR;
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, NULL, &other));
	other = seg;
	swap(other.sport, other.dport);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, NULL, &other));
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, NULL, &seg));
}

static void sio_flow_lookup_rcu__more_than_there_are_buckets(struct kunit *test)
{
	unsigned int i, lost = 0, nr = 2 << SIO_LINK_HASH_BITS;
	struct sio_flow **flows;
	struct sio_seg seg;

	flows = kunit_kcalloc(test, nr, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	for (i = 0; i < nr; i++) {
		flows[i] = sio_pt_flow(test, htons(1 + i));
		flows[i]->is_dialer = true;	/* there may be many of those */
		KUNIT_ASSERT_EQ(test, sio_flow_hash(flows[i]), 0);
	}
	for (i = 0; i < nr; i++) {
		seg = sio_pt_seg(flows[i]);
		lost += !sio_pt_finds(test, flows[i], &seg);
	}
	KUNIT_EXPECT_EQ(test, lost, 0);
}

static void sio_flow_close__says_so_and_lingers(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_seg seg = sio_pt_seg(flow);
	struct sio_pt *pt = test->priv;

	sio_flow_close(flow, SIO_WHY_PEER_SILENT);
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), SIO_TCP_FIN | SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_FALSE(test, sio_flow_is_alive(flow));
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, flow, &seg));
	/* Once, and the first reason counts */
	sio_flow_close(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), 0);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_PEER_SILENT);

	KUNIT_EXPECT_TRUE(test, wait_event_timeout(pt->link->empty,
						   !pt->link->nr_flows,
						   SIO_PT_DEADLINE));
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_PEER_SILENT);
	KUNIT_EXPECT_TRUE(test, sio_pt_finds(test, NULL, &seg));
}

static void sio_flow_close__lingers_from_then_on(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_pt *pt = test->priv;

	/* A timer far away does not prolong it */
	sio_pt_arm(flow, 3600 * (u64)NSEC_PER_SEC);
	sio_flow_close(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(pt->link->empty,
						   !pt->link->nr_flows,
						   SIO_PT_DEADLINE));
}

static void sio_flow_close__nobody_there_yet(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_pt *pt = test->priv;

	flow->state = SIO_FLOW_SYN;
	sio_flow_close(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), 0);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 0);
}

static void sio_flow_close__no_memory_to_say_so(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);

	sio_nomem_begin(1);
	sio_flow_close(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), 0);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_TRUE(test, flow->is_armed);
}

static void sio_flow_kill__without_a_word(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_pt *pt = test->priv;

	sio_flow_kill(flow, SIO_WHY_PEER_RST);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, pt->link->nr_flows, 0);
	KUNIT_EXPECT_NULL(test, flow->sk);
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), 0);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	sio_flow_close(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_PEER_RST);
	KUNIT_EXPECT_EQ(test, sio_pt_sent(test), 0);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
}

static void sio_flow_kill__of_a_closing_one(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);

	sio_flow_close(flow, SIO_WHY_PEER_FIN);
	sio_flow_kill(flow, SIO_WHY_LINK_GONE);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, flow->why, SIO_WHY_PEER_FIN);
	KUNIT_EXPECT_FALSE(test, flow->is_armed);
}

static void sio_flow_kill__frames_under_way_keep_its_memory(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_open(test);
	struct sio_pt *pt = test->priv;
	struct sk_buff *skb;

	sio_flow_close(flow, SIO_WHY_REMOVED);
	skb = sio_nic_sent(pt->dev);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	sio_flow_kill(flow, SIO_WHY_REMOVED);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 2);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, kref_read(&flow->ref), 1);
}

static void sio_flow_limits__smaller_of_both_sides(struct kunit *test)
{
	struct sio_flow *flow = sio_pt_flow(test, SIO_PT_RPORT);
	struct sio_pt *pt = test->priv;
	u32 most = sio_link_msg_max(pt->link);

	sio_flow_limits(flow, 1400);
	KUNIT_EXPECT_EQ(test, flow->mss, 1400);
	KUNIT_EXPECT_EQ(test, flow->msg_max, most);
	flow->peer_msg_max = most - 1;
	sio_flow_limits(flow, 1300);
	KUNIT_EXPECT_EQ(test, flow->mss, 1300);
	KUNIT_EXPECT_EQ(test, flow->msg_max, most - 1);
	flow->peer_msg_max = most + 1;
	sio_flow_limits(flow, 1300);
	KUNIT_EXPECT_EQ(test, flow->msg_max, most);
}

static void sio_flow_put__last_one_frees_what_it_held(struct kunit *test)
{
	struct sio_pt *pt = test->priv;
	struct sio_flow *flow;

	flow = sio_flow_create(pt->link, SIO_NIC_PEER, SIO_PT_LPORT,
			       SIO_PT_RPORT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	/* kmemleak would find these */
	flow->span = alloc_skb(100, GFP_KERNEL);
	skb_queue_tail(&flow->slow, alloc_skb(100, GFP_KERNEL));
	sio_flow_get(flow);
	sio_flow_put(flow);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kref_read(&pt->link->ref), pt->refs + 1);
	sio_flow_put(flow);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kref_read(&pt->link->ref), pt->refs);
}

static struct kunit_case sio_flow_cases[] = {
	KUNIT_CASE(sio_flow_arm__holds_the_flow_once),
	KUNIT_CASE(sio_flow_arm__not_when_dead),
	KUNIT_CASE(sio_flow_arm__timer_ends_an_old_embryo),
	KUNIT_CASE(sio_flow_kick__only_when_something_waits),
	KUNIT_CASE(sio_flow_create__as_asked),
	KUNIT_CASE(sio_flow_create__no_memory),
	KUNIT_CASE(sio_flow_open__no_memory),
	KUNIT_CASE(sio_flow_open__of_a_dead_one),
	KUNIT_CASE(sio_flow_hash__counts),
	KUNIT_CASE(sio_flow_hash__tuple_is_taken),
	KUNIT_CASE(sio_flow_hash__table_is_full),
	KUNIT_CASE(sio_flow_hash__oldest_of_an_address_makes_room),
	KUNIT_CASE(sio_flow_hash__link_is_gone),
	KUNIT_CASE(sio_flow_adopted__counts_once),
	KUNIT_CASE(sio_flow_lookup_rcu__by_all_of_its_tuple),
	KUNIT_CASE(sio_flow_lookup_rcu__more_than_there_are_buckets),
	KUNIT_CASE(sio_flow_close__says_so_and_lingers),
	KUNIT_CASE(sio_flow_close__lingers_from_then_on),
	KUNIT_CASE(sio_flow_close__nobody_there_yet),
	KUNIT_CASE(sio_flow_close__no_memory_to_say_so),
	KUNIT_CASE(sio_flow_kill__without_a_word),
	KUNIT_CASE(sio_flow_kill__of_a_closing_one),
	KUNIT_CASE(sio_flow_kill__frames_under_way_keep_its_memory),
	KUNIT_CASE(sio_flow_limits__smaller_of_both_sides),
	KUNIT_CASE(sio_flow_put__last_one_frees_what_it_held),
	{}
};

static struct kunit_suite sio_flow_suite = {
	.name = "flow",
	.init = sio_pt_init,
	.test_cases = sio_flow_cases,
};

kunit_test_suite(sio_flow_suite);
