// SPDX-License-Identifier: GPL-2.0
/* Make flows, find them, end them. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/jhash.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/neighbour.h>

#include "flow.h"
#include "session.h"

/* Flows whose memory is not free yet, and who waits for the last one */
static atomic_t sio_flows = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(sio_flows_gone);

/* First guess at a round trip, and the bounds of the time-out, microseconds */
#define SIO_FLOW_RTO_US		100000
#define SIO_FLOW_RTO_MIN_US	5000
#define SIO_FLOW_RTO_MAX_US	2000000

/* Keyed, or a peer would choose its ports so that all meet in one bucket */
static u32 sio_flow_bucket(const struct sio_link *link, __be32 raddr,
			   __be16 lport, __be16 rport)
{
	u32 ports = (__force u32)lport << 16 | (__force u32)rport;

	return jhash_2words((__force u32)raddr, ports, link->cookie_key.key[0]) &
	       ((1 << SIO_LINK_HASH_BITS) - 1);
}

static enum hrtimer_restart sio_flow_timer(struct hrtimer *timer)
{
	struct sio_flow *flow = container_of(timer, struct sio_flow, timer);

	sio_rx_timer(flow);
	return HRTIMER_NORESTART;
}

/**
 * sio_flow_arm() - run the flow's timer at the latest after some time
 * @flow: its rx_lock is held
 * @ns: from now on; a timer that is armed is not moved
 *
 * Context: any. The timer holds a reference while it is armed.
 */
void sio_flow_arm(struct sio_flow *flow, u64 ns)
{
	lockdep_assert_held(&flow->rx_lock);
	if (flow->is_armed || flow->state == SIO_FLOW_DEAD)
		return;
	flow->is_armed = true;
	sio_flow_get(flow);
	hrtimer_start(&flow->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_SOFT);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_arm);

/* Returns true if the caller inherits the timer's reference */
static bool sio_flow_disarm(struct sio_flow *flow)
{
	lockdep_assert_held(&flow->rx_lock);
	if (!flow->is_armed || hrtimer_try_to_cancel(&flow->timer) != 1)
		return false;
	flow->is_armed = false;
	return true;
}

static void sio_flow_work(struct work_struct *work)
{
	struct sio_flow *flow = container_of(work, struct sio_flow, work);
	unsigned int noio;

	noio = memalloc_noio_save();	/* as sio_session_work() */
	sio_rx_slow(flow);
	sio_flow_put(flow);
	memalloc_noio_restore(noio);
}

/**
 * sio_flow_kick() - have what waits for process context looked at
 * @flow: held, or found under rcu_read_lock()
 *
 * Context: any.
 */
void sio_flow_kick(struct sio_flow *flow)
{
	struct sio_session *sess;

	if (!skb_queue_empty_lockless(&flow->slow) &&
	    kref_get_unless_zero(&flow->ref) &&
	    !queue_work(sio_wq, &flow->work))
		sio_flow_put(flow);
	rcu_read_lock();
	sess = rcu_dereference(flow->sess);
	if (sess)
		sio_session_kick(sess);
	rcu_read_unlock();
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_kick);

/**
 * sio_flow_create() - make a flow
 * @link: where its frames will pass
 * @raddr: the peer's address
 * @lport: own port
 * @rport: the peer's port
 * @gfp: how to allocate
 *
 * Return: the flow with one reference, in no table, or NULL.
 */
struct sio_flow *sio_flow_create(struct sio_link *link, __be32 raddr,
				 __be16 lport, __be16 rport, gfp_t gfp)
{
	struct sio_flow *flow = kzalloc(sizeof(*flow), gfp);

	if (!flow)
		return NULL;
	flow->greet = kzalloc(sizeof(*flow->greet), gfp);
	if (!flow->greet) {
		kfree(flow);
		return NULL;
	}
	atomic_inc(&sio_flows);
	kref_init(&flow->ref);
	INIT_LIST_HEAD(&flow->embryo);
	sio_link_ref_get(link);
	flow->link = link;
	flow->raddr = raddr;
	flow->lport = lport;
	flow->rport = rport;
	flow->ip_id = get_random_u32();
	flow->hash = jhash_3words((__force u32)raddr, (__force u32)lport,
				  (__force u32)rport, 0) | 1;
	flow->born_ns = ktime_get_ns();
	flow->last_rx_ns = flow->born_ns;
	flow->last_tx_ns = flow->born_ns;
	spin_lock_init(&flow->rx_lock);
	spin_lock_init(&flow->tx_lock);
	spin_lock_init(&flow->done_lock);
	spin_lock_init(&flow->ctl_lock);
	sio_reasm_init(&flow->reasm, SIO_REASM_MSGS, SIO_REASM_BYTES_EMBRYO);
	sio_cwnd_init(&flow->cwnd);
	sio_rtt_init(&flow->rtt, SIO_FLOW_RTO_US, SIO_FLOW_RTO_MIN_US,
		     SIO_FLOW_RTO_MAX_US);
	skb_queue_head_init(&flow->slow);
	INIT_WORK(&flow->work, sio_flow_work);
	hrtimer_setup(&flow->timer, sio_flow_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	sio_flow_limits(flow, sio_link_mss(link));
	return flow;
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_create);

/**
 * sio_flow_open() - what only process context can give a flow
 * @flow: in no table yet, or without a session
 *
 * Return: 0, -ENOMEM, or -ENOTCONN if it died meanwhile.
 */
int sio_flow_open(struct sio_flow *flow)
{
	if (!flow->marks)
		flow->marks = kvcalloc(SIO_TXQ_LEN, sizeof(*flow->marks),
				       GFP_KERNEL);
	if (!flow->marks)
		return -ENOMEM;
	return sio_tx_sock_init(flow);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_open);

static void sio_flow_unlist(struct sio_flow *flow)
{
	lockdep_assert_held(&flow->link->lock);
	if (list_empty(&flow->embryo))
		return;
	list_del_init(&flow->embryo);
	flow->link->nr_embryos--;
}

/*
 * Nobody is refused because of others who are there already: a flow from
 * outside that comes when its address has its share, or the link all it may
 * have, takes the place of the oldest, which an honest peer has long left.
 * Returns that one, held, to be killed without the lock, or NULL.
 */
static struct sio_flow *sio_flow_list(struct sio_flow *flow)
{
	struct sio_flow *other, *own = NULL, *victim = NULL;
	struct sio_link *link = flow->link;
	unsigned int n = 0;

	lockdep_assert_held(&link->lock);
	list_for_each_entry(other, &link->embryos, embryo) {
		if (other->raddr != flow->raddr)
			continue;
		own = own ?: other;
		n++;
	}
	if (n >= SIO_LINK_EMBRYOS_PEER)
		victim = own;
	else if (link->nr_embryos >= SIO_LINK_EMBRYOS_MAX)
		victim = list_first_entry(&link->embryos, struct sio_flow,
					  embryo);
	if (victim) {
		sio_flow_get(victim);	/* the table has it as well */
		sio_flow_unlist(victim);
		sio_stats_inc(link->stats, victim == own ?
			      SIO_CNT_DROP_OPEN_PEER : SIO_CNT_DROP_OPEN_LINK);
	}
	list_add_tail(&flow->embryo, &link->embryos);
	link->nr_embryos++;
	return victim;
}

/**
 * sio_flow_hash() - put a flow into its link's table
 * @flow: its addresses do not change any more
 *
 * One that was not dialled here may end another one like it.
 *
 * Context: process or softirq.
 * Return: 0, -EADDRINUSE if the table has such a flow, -ENOSPC if it is full,
 * -ENODEV if the link is gone.
 */
int sio_flow_hash(struct sio_flow *flow)
{
	struct sio_flow *other, *victim = NULL;
	struct sio_link *link = flow->link;
	struct hlist_head *head;
	int err = 0;

	head = &link->flows[sio_flow_bucket(link, flow->raddr, flow->lport,
					    flow->rport)];
	spin_lock_bh(&link->lock);
	hlist_for_each_entry(other, head, node)
		if (other->raddr == flow->raddr &&
		    other->lport == flow->lport && other->rport == flow->rport)
			err = -EADDRINUSE;
	if (link->nr_flows >= SIO_LINK_FLOWS_MAX)
		err = -ENOSPC;
	if (READ_ONCE(link->is_gone))
		err = -ENODEV;
	if (!err) {
		sio_flow_get(flow);
		flow->in_hash = true;
		link->nr_flows++;
		hlist_add_head_rcu(&flow->node, head);
		if (!flow->is_dialer)
			victim = sio_flow_list(flow);
	}
	spin_unlock_bh(&link->lock);
	if (victim) {
		sio_flow_kill(victim, SIO_WHY_BUSY);
		sio_flow_put(victim);
	}
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_hash);

/**
 * sio_flow_adopted() - a flow from outside belongs to a session now
 * @flow: counts no longer among those without one
 *
 * Context: any.
 */
void sio_flow_adopted(struct sio_flow *flow)
{
	/* the flow keeps the link's memory */
	spin_lock_bh(&flow->link->lock);
	sio_flow_unlist(flow);
	spin_unlock_bh(&flow->link->lock);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_adopted);

static void sio_flow_unhash(struct sio_flow *flow)
{
	struct sio_link *link = flow->link;
	bool was_in;

	spin_lock_bh(&link->lock);
	was_in = flow->in_hash;
	if (was_in) {
		flow->in_hash = false;
		hlist_del_rcu(&flow->node);
		sio_flow_unlist(flow);
		if (!--link->nr_flows)
			wake_up(&link->empty);
	}
	spin_unlock_bh(&link->lock);
	if (was_in)
		sio_flow_put(flow);
}

/**
 * sio_flow_lookup_rcu() - find the flow a segment belongs to
 * @link: where it came in
 * @seg: its headers
 *
 * Context: under rcu_read_lock(), within which the flow stays valid.
 * Return: the flow or NULL.
 */
struct sio_flow *sio_flow_lookup_rcu(struct sio_link *link,
				     const struct sio_seg *seg)
{
	struct sio_flow *flow;
	u32 i = sio_flow_bucket(link, seg->saddr, seg->dport, seg->sport);

	hlist_for_each_entry_rcu(flow, &link->flows[i], node)
		if (flow->raddr == seg->saddr && flow->lport == seg->dport &&
		    flow->rport == seg->sport)
			return flow;
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_lookup_rcu);

/* Returns true for the first to close it, who has to do the rest */
static bool sio_flow_set_closing(struct sio_flow *flow, u8 state, u8 why)
{
	bool is_first, is_timer_mine;

	spin_lock_bh(&flow->rx_lock);
	is_first = flow->state < state;
	if (flow->state < SIO_FLOW_CLOSING)
		flow->why = why;
	if (is_first)
		WRITE_ONCE(flow->state, state);
	is_timer_mine = is_first && sio_flow_disarm(flow);
	if (is_first && state == SIO_FLOW_CLOSING)
		sio_flow_arm(flow, SIO_LINGER_NS);
	spin_unlock_bh(&flow->rx_lock);
	if (is_timer_mine)
		sio_flow_put(flow);
	return is_first;
}

/**
 * sio_flow_close() - end a flow with a FIN
 * @flow: held, or found under rcu_read_lock()
 * @why: enum sio_why, what its session will be told; the first reason counts
 *
 * The flow stays in the table for a while, so that what is still under way does
 * not reach the local stack, which would answer with RST.
 *
 * Context: process or softirq.
 */
void sio_flow_close(struct sio_flow *flow, u8 why)
{
	if (READ_ONCE(flow->state) == SIO_FLOW_SYN) {
		sio_flow_kill(flow, why);
		return;
	}
	if (!sio_flow_set_closing(flow, SIO_FLOW_CLOSING, why))
		return;
	sio_tx_bare(flow, SIO_TCP_FIN | SIO_TCP_ACK);
	sio_flow_kick(flow);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_close);

/**
 * sio_flow_kill() - end a flow without a word and take it out of the table
 * @flow: held, or found under rcu_read_lock()
 * @why: enum sio_why, what its session will be told; the first reason counts
 *
 * Context: process or softirq.
 */
void sio_flow_kill(struct sio_flow *flow, u8 why)
{
	if (!sio_flow_set_closing(flow, SIO_FLOW_DEAD, why))
		return;
	sio_flow_kick(flow);
	sio_tx_end(flow);
	sio_flow_unhash(flow);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_kill);

/**
 * sio_flow_limits() - set what a frame and a message may hold
 * @flow: whose limits
 * @mss: payload of a segment that the path carries
 */
void sio_flow_limits(struct sio_flow *flow, u32 mss)
{
	u32 msg_max = sio_link_msg_max(flow->link);

	WRITE_ONCE(flow->mss, mss);
	if (flow->peer_msg_max)
		msg_max = min(msg_max, flow->peer_msg_max);
	WRITE_ONCE(flow->msg_max, msg_max);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_limits);

static void sio_flow_free_rcu(struct rcu_head *rcu)
{
	struct sio_flow *flow = container_of(rcu, struct sio_flow, rcu);
	struct sio_session *sess = rcu_dereference_protected(flow->sess, true);

	/* one who found the flow in time may have left these a moment ago */
	skb_queue_purge(&flow->slow);
	sio_reasm_purge(&flow->reasm);
	kfree_skb(flow->span);
	kfree_sensitive(flow->greet);
	kvfree(flow->marks);
	sio_link_ref_put(flow->link);
	kfree_sensitive(flow);
	if (sess)
		sio_session_put(sess);
	if (atomic_dec_and_test(&sio_flows))
		wake_up(&sio_flows_gone);
}

static void sio_flow_release(struct kref *ref)
{
	struct sio_flow *flow = container_of(ref, struct sio_flow, ref);

	call_rcu(&flow->rcu, sio_flow_free_rcu);
}

/**
 * sio_flow_put() - drop a reference
 * @flow: not to be used any more by the caller
 *
 * Context: process or softirq.
 */
void sio_flow_put(struct sio_flow *flow)
{
	kref_put(&flow->ref, sio_flow_release);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_put);

/**
 * sio_flow_wait_all() - wait until the memory of every flow is free
 *
 * Context: module exit; nobody can make new ones.
 */
void sio_flow_wait_all(void)
{
	wait_event(sio_flows_gone, !atomic_read(&sio_flows));
	rcu_barrier();
}
