// SPDX-License-Identifier: GPL-2.0
/* Take our frames off the link, and messages out of them. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/ip.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>

#include "flow.h"
#include "hdr.h"
#include "req.h"
#include "seal.h"
#include "session.h"
#include "trace.h"

/* Longest IPv4 and TCP headers */
#define SIO_RX_HDRS_MAX		120

/* Youngest and oldest a gap may get before it is given up */
#define SIO_RX_GAP_NS_MIN	(5 * (u64)NSEC_PER_MSEC)
#define SIO_RX_GAP_NS_MAX	(200 * (u64)NSEC_PER_MSEC)

static struct sio_stats __percpu *sio_rx_stats(const struct sio_flow *flow)
{
	const struct sio_session *sess = rcu_dereference(flow->sess);

	return sess ? sess->stats : flow->link->stats;
}

static void sio_rx_drop(const struct sio_flow *flow, struct sk_buff *skb,
			enum sio_cnt why)
{
	trace_sio_drop(flow->link->dev, why);
	sio_stats_inc(sio_rx_stats(flow), why);
	kfree_skb(skb);
}

/* A whole message, still untrusted; always consumed */
static void sio_rx_msg(struct sio_flow *flow, struct sk_buff *skb, u64 msg_off)
{
	enum sio_cnt why = SIO_CNT_DROP_SHORT;
	const struct sio_msg_hdr *hdr;
	u32 slow_max = SIO_SLOW_MAX;
	struct sio_session *sess;

	if (unlikely(!pskb_may_pull(skb, sizeof(*hdr))))
		goto drop;
	hdr = (const struct sio_msg_hdr *)skb->data;
	why = sio_hdr_check(hdr, skb->len);
	if (unlikely(why == SIO_CNT_DROP_VERSION && !flow->is_dialer &&
		     READ_ONCE(flow->state) == SIO_FLOW_OPEN))
		goto slow;	/* is told so */
	if (unlikely(why))
		goto drop;
	why = SIO_CNT_DROP_OFFSET;
	if (unlikely(le64_to_cpu(hdr->offset) != msg_off))
		goto drop;
	sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_MSGS);

	if (sio_hdr_is_slow(hdr->type))
		goto slow;
	why = SIO_CNT_DROP_STATE;
	sess = rcu_dereference(flow->sess);
	if (unlikely(READ_ONCE(flow->state) != SIO_FLOW_UP || !sess))
		goto drop;
	why = SIO_CNT_DROP_EPOCH;
	if (unlikely(le32_to_cpu(hdr->epoch) != READ_ONCE(flow->epoch)))
		goto drop;
	if (hdr->type == SIO_MSG_PACKET)
		sio_packet_rx(sess, flow, skb);
	else
		sio_req_rx(sess, flow, skb);
	return;
slow:
	why = SIO_CNT_DROP_TAG;
	if (hdr->suite == SIO_SUITE_CHACHA && !READ_ONCE(flow->has_keys))
		goto drop;
	why = SIO_CNT_DROP_FULL;
	if (!flow->is_dialer && READ_ONCE(flow->state) != SIO_FLOW_UP)
		slow_max = SIO_SLOW_EMBRYO;
	if (skb_queue_len_lockless(&flow->slow) >= slow_max)
		goto drop;
	skb_queue_tail(&flow->slow, skb);
	sio_flow_kick(flow);
	return;
drop:
	sio_rx_drop(flow, skb, why);
}

static u64 sio_rx_gap_ns(const struct sio_flow *flow)
{
	return clamp_t(u64, (u64)flow->rtt.srtt_us * NSEC_PER_USEC,
		       SIO_RX_GAP_NS_MIN, SIO_RX_GAP_NS_MAX);
}

/**
 * struct sio_rx_todo - what is to be done once rx_lock is free
 * @msg_off: where the segment's message begins, if it has payload
 * @chunk_off: where in it the payload begins
 * @ack: acknowledge at once
 * @lost: the peer misses bytes
 * @wake: there may be room for senders
 * @opened: SYN-ACK arrived
 * @close: end the flow, if not SIO_WHY_NONE
 * @is_fin: by FIN, otherwise by RST
 */
struct sio_rx_todo {
	u64 msg_off;
	u32 chunk_off;
	bool ack;
	bool lost;
	bool wake;
	bool opened;
	u8 close;
	bool is_fin;
};

/*
 * What the peer did not get: narrow the window, send control requests again.
 * Returns true if there is anything that it misses.
 */
static bool sio_rx_sack(struct sio_flow *flow, const struct sio_seg *seg,
			u64 now)
{
	u32 beyond = sio_flow_reorder(flow);
	unsigned int i, slot;
	bool lost = false;

	lockdep_assert_held(&flow->rx_lock);
	for (i = 0; i < seg->nr_sacks; i++)
		if ((s32)(seg->sacks[i].right - seg->ack) > (s32)beyond)
			lost = true;
	if (!lost)
		return false;
	if (sio_cwnd_lost(&flow->cwnd, now, sio_rx_gap_ns(flow)))
		sio_stats_inc(sio_rx_stats(flow), SIO_CNT_TX_LOST);
	spin_lock(&flow->ctl_lock);
	for (slot = 0; slot < SIO_CTL_SLOTS; slot++)
		if (flow->ctl_left[slot] != flow->ctl_right[slot] &&
		    sio_seq_is_lost(seg, flow->ctl_left[slot],
				    flow->ctl_right[slot]))
			__set_bit(slot, &flow->ctl_lost);
	lost = flow->ctl_lost;
	spin_unlock(&flow->ctl_lock);
	if (lost)
		sio_flow_kick(flow);
	return true;
}

static enum sio_cnt sio_rx_ack(struct sio_flow *flow, const struct sio_seg *seg,
			       u64 now, struct sio_rx_todo *todo)
{
	u64 tx_nxt = READ_ONCE(flow->tx.nxt) + READ_ONCE(flow->fin_sent);
	enum sio_cnt why;
	u64 newly;

	lockdep_assert_held(&flow->rx_lock);
	if (unlikely(!sio_seq_sack_may_be(&flow->tx, tx_nxt, seg)))
		return SIO_CNT_DROP_ACK;
	why = sio_seq_acked(&flow->rx, &flow->tx, tx_nxt, seg->ack, &newly);
	if (why)
		return why;
	if (newly) {
		sio_cwnd_acked(&flow->cwnd, newly);
		if (flow->rtt_off && flow->rx.una >= flow->rtt_off) {
			sio_rtt_sample(&flow->rtt, (now - flow->rtt_ns) /
						   NSEC_PER_USEC);
			sio_hist_add_cpu(&sio_rx_stats(flow)->rtt,
					 now - flow->rtt_ns);
			WRITE_ONCE(flow->rtt_off, 0);
		}
		todo->wake = true;
	}
	if (unlikely(seg->nr_sacks))
		todo->lost = sio_rx_sack(flow, seg, now);
	return SIO_CNT_NONE;
}

/* The answer to SYN; returns SIO_CNT_NONE if the flow is open now */
static enum sio_cnt sio_rx_syn_sent(struct sio_flow *flow,
				    const struct sio_seg *seg, bool *refused)
{
	lockdep_assert_held(&flow->rx_lock);
	if (!(seg->flags & SIO_TCP_ACK) || seg->ack != flow->tx.isn + 1)
		return SIO_CNT_DROP_ACK;
	if (seg->flags & SIO_TCP_RST) {
		*refused = true;
		return SIO_CNT_DROP_RST;
	}
	if (!(seg->flags & SIO_TCP_SYN) || seg->len)
		return SIO_CNT_DROP_FLAGS;
	if (!seg->has_ts || seg->tsecr != flow->tx.ts0 || !seg->may_sack ||
	    seg->wscale != SIO_WSCALE)
		return SIO_CNT_DROP_OPTIONS;
	sio_seq_rx_init(&flow->rx, seg->seq, seg->tsval);
	WRITE_ONCE(flow->state, SIO_FLOW_OPEN);
	return SIO_CNT_NONE;
}

/* A FIN is the byte after the payload; gaps before it do not matter any more */
static void sio_rx_fin(struct sio_flow *flow, const struct sio_seg *seg)
{
	u32 fin_seq = seg->seq + seg->len;

	lockdep_assert_held(&flow->rx_lock);
	if (flow->fin_rcvd)
		return;
	flow->rx.nr = 0;
	flow->rx.max += (s32)(fin_seq - (flow->rx.isn + 1 + (u32)flow->rx.max));
	WRITE_ONCE(flow->rx.nxt, flow->rx.max);
	WRITE_ONCE(flow->fin_rcvd, true);
}

/* Reassembly gives messages up whenever it is called: count them all */
static void sio_rx_given_up(struct sio_flow *flow, u64 evicted, u64 expired)
{
	lockdep_assert_held(&flow->rx_lock);
	sio_stats_add(sio_rx_stats(flow), SIO_CNT_DROP_EVICTED,
		      flow->reasm.nr_evicted - evicted);
	sio_stats_add(sio_rx_stats(flow), SIO_CNT_DROP_EXPIRED,
		      flow->reasm.nr_expired - expired);
}

/* Payload: whether it is new, whether it makes a message whole */
static enum sio_cnt sio_rx_data(struct sio_flow *flow, struct sk_buff **skb,
				const struct sio_seg *seg, u64 now,
				struct sio_rx_todo *todo)
{
	u64 evicted = flow->reasm.nr_evicted, expired = flow->reasm.nr_expired;
	u64 start = todo->msg_off + todo->chunk_off;
	enum sio_reasm_verdict verdict;
	struct sk_buff *chunk = *skb;
	enum sio_seq_news news;

	lockdep_assert_held(&flow->rx_lock);
	news = sio_seq_receive(&flow->rx, start, start + seg->len, now);
	if (news == SIO_SEQ_DUP) {
		todo->ack = true;
		return SIO_CNT_DROP_DUP;
	}
	if (news == SIO_SEQ_GAP)
		sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_GAPS);
	else if (news == SIO_SEQ_FILL)
		sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_LATE);
	WRITE_ONCE(flow->rx.ts_recent, seg->tsval);
	flow->unacked += seg->len;
	/*
	 * From here on a chunk that is not kept is a loss of ours, not of the
	 * path: the sender is told that its bytes are under way no more, and
	 * finds out by its timer that what they held was not done.
	 */
	todo->ack = news == SIO_SEQ_GAP || news == SIO_SEQ_FILL ||
		   flow->unacked >= SIO_ACK_BYTES ||
		   flow->state == SIO_FLOW_OPEN;
	sio_flow_arm(flow, SIO_ACK_NS);

	*skb = NULL;
	verdict = sio_reasm_add(&flow->reasm, chunk, todo->msg_off,
				todo->chunk_off, now, now + SIO_REASM_NS, skb);
	sio_rx_given_up(flow, evicted, expired);
	switch (verdict) {
	case SIO_REASM_COMPLETE:
		return SIO_CNT_NONE;
	case SIO_REASM_HELD:
		sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_CHUNKS);
		return SIO_CNT_NONE;
	case SIO_REASM_DUP:
		return SIO_CNT_DROP_DUP;
	case SIO_REASM_BAD:
		return SIO_CNT_DROP_REASM;
	case SIO_REASM_FULL:
		return SIO_CNT_DROP_FULL;
	case SIO_REASM_NOMEM:
		return SIO_CNT_DROP_NOMEM;
	}
	return SIO_CNT_DROP_REASM;
}

/*
 * Where the payload belongs, and whether it can belong there: what cannot is
 * dropped before it moves anything, or a lie would be acknowledged. Without
 * payload both numbers name the same offset, which one who does not see the
 * flow cannot guess; our FINs have none.
 */
static enum sio_cnt sio_rx_place(struct sio_flow *flow,
				 const struct sk_buff *skb,
				 const struct sio_seg *seg, u64 now,
				 struct sio_rx_todo *todo)
{
	enum sio_cnt why;

	lockdep_assert_held(&flow->rx_lock);
	if (!seg->len && seg->tsval - flow->rx.ts0 != seg->seq - flow->rx.isn)
		return SIO_CNT_DROP_OFFSET;
	/* nothing comes after a FIN, so nothing of it can be here yet */
	if (seg->flags & SIO_TCP_FIN &&
	    (seg->len || sio_seq_is_old(&flow->rx, seg->seq)))
		return SIO_CNT_DROP_FLAGS;
	if (!seg->len)
		return SIO_CNT_NONE;
	why = sio_seq_place(&flow->rx, seg, &todo->msg_off, &todo->chunk_off);
	if (!why && !sio_reasm_may_be(&flow->reasm, skb, todo->msg_off,
				      todo->chunk_off, now))
		why = SIO_CNT_DROP_REASM;
	return why;
}

/* Everything a segment does to the state of its flow */
static enum sio_cnt sio_rx_segment(struct sio_flow *flow, struct sk_buff **skb,
				   const struct sio_seg *seg, u64 now,
				   struct sio_rx_todo *todo)
{
	enum sio_cnt why;
	bool refused = false;

	lockdep_assert_held(&flow->rx_lock);
	if (flow->state == SIO_FLOW_DEAD)
		return SIO_CNT_DROP_STATE;
	if (flow->state == SIO_FLOW_SYN) {
		why = sio_rx_syn_sent(flow, seg, &refused);
		if (refused)
			todo->close = SIO_WHY_REFUSED;
		todo->opened = !why;
		todo->ack = !why;
		return why;
	}
	if (!sio_seq_is_in_window(&flow->rx, seg->seq))
		return SIO_CNT_DROP_WINDOW;
	if (seg->flags & SIO_TCP_RST) {
		if (seg->flags & (SIO_TCP_SYN | SIO_TCP_FIN))
			return SIO_CNT_DROP_FLAGS;
		/* in the window but not exact: ask (RFC 5961, 3.2) */
		if (seg->seq == sio_seq_ack(&flow->rx) + flow->fin_rcvd)
			todo->close = SIO_WHY_PEER_RST;
		else
			todo->ack = true;
		return SIO_CNT_DROP_RST;
	}
	if (seg->flags & SIO_TCP_SYN) {
		todo->ack = true;
		return SIO_CNT_DROP_FLAGS;
	}
	if (!(seg->flags & SIO_TCP_ACK))
		return SIO_CNT_DROP_FLAGS;
	if (!seg->has_ts)
		return SIO_CNT_DROP_OPTIONS;
	why = sio_rx_place(flow, *skb, seg, now, todo);
	if (why)
		return why;
	why = sio_rx_ack(flow, seg, now, todo);
	if (why)
		return why;
	WRITE_ONCE(flow->last_rx_ns, now);
	if (seg->flags & SIO_TCP_FIN) {
		sio_rx_fin(flow, seg);
		todo->ack = true;
		todo->close = SIO_WHY_PEER_FIN;
		todo->is_fin = true;
	}
	if (!seg->len) {
		if (!(seg->flags & SIO_TCP_FIN) && !flow->fin_rcvd &&
		    sio_seq_tail(&flow->rx, seg->seq, now))
			sio_flow_arm(flow, SIO_ACK_NS);
		/* a keep-alive repeats the number of the last byte */
		if (seg->seq == sio_seq_ack(&flow->rx) - 1 && !flow->fin_rcvd)
			todo->ack = true;
		sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_ACKS);
		return SIO_CNT_NONE;
	}
	if (flow->state == SIO_FLOW_CLOSING)
		return SIO_CNT_DROP_STATE;
	return sio_rx_data(flow, skb, seg, now, todo);
}

/* The ends know what the lost bytes were */
static void sio_rx_lost(struct sio_flow *flow, const struct sio_seg *seg)
{
	struct sio_session *sess = rcu_dereference(flow->sess);

	if (sess && sess->ops->lost &&
	    READ_ONCE(flow->state) == SIO_FLOW_UP)
		sess->ops->lost(sess, flow, seg);
}

/**
 * sio_rx_flow() - a segment of a flow
 * @flow: found under rcu_read_lock()
 * @skb: data is the payload, checksum verified; always consumed
 * @seg: its headers
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_rx_flow(struct sio_flow *flow, struct sk_buff *skb,
		 const struct sio_seg *seg)
{
	u64 now = ktime_get_ns();
	struct sio_rx_todo todo = {};
	struct sk_buff *msg = skb;
	enum sio_cnt why;

	sio_stats_inc(sio_rx_stats(flow), SIO_CNT_RX_FRAMES);
	sio_stats_add(sio_rx_stats(flow), SIO_CNT_RX_BYTES, seg->len);
	spin_lock(&flow->rx_lock);
	why = sio_rx_segment(flow, &msg, seg, now, &todo);
	spin_unlock(&flow->rx_lock);

	if (todo.ack)
		sio_tx_bare(flow, SIO_TCP_ACK);
	if (todo.lost)
		sio_rx_lost(flow, seg);
	if (todo.wake)
		sio_tx_wake(flow);
	if (todo.opened)
		sio_flow_kick(flow);
	if (why) {
		sio_rx_drop(flow, msg, why);
	} else if (msg) {
		if (seg->len)
			sio_rx_msg(flow, msg, todo.msg_off);
		else
			consume_skb(msg);
	}
	if (todo.close && todo.is_fin)
		sio_flow_close(flow, todo.close);
	else if (todo.close)
		sio_flow_kill(flow, todo.close);
}
EXPORT_SYMBOL_IF_KUNIT(sio_rx_flow);

/**
 * sio_rx_timer() - the flow's timer ran out
 * @flow: the timer's reference goes
 *
 * Context: softirq.
 */
void sio_rx_timer(struct sio_flow *flow)
{
	u64 now = ktime_get_ns(), expired;
	bool ack, is_over;
	unsigned int gaps;

	rcu_read_lock();
	spin_lock_bh(&flow->rx_lock);
	expired = flow->reasm.nr_expired;
	flow->is_armed = false;
	is_over = flow->state >= SIO_FLOW_CLOSING ||
		  (!flow->is_dialer && flow->state == SIO_FLOW_OPEN &&
		   now - flow->born_ns > SIO_EMBRYO_NS);
	gaps = sio_seq_expire(&flow->rx, now, sio_rx_gap_ns(flow));
	sio_reasm_expire(&flow->reasm, now, NULL);
	sio_rx_given_up(flow, flow->reasm.nr_evicted, expired);
	ack = gaps || flow->rx.nr || flow->unacked;
	if (!is_over && (flow->rx.nr || flow->reasm.nr_msgs))
		sio_flow_arm(flow, SIO_ACK_NS);
	else if (!flow->is_dialer && flow->state == SIO_FLOW_OPEN)
		sio_flow_arm(flow, SIO_EMBRYO_TICK_NS);
	spin_unlock_bh(&flow->rx_lock);
	if (is_over)
		sio_flow_kill(flow, SIO_WHY_NONE);
	else if (ack)
		sio_tx_bare(flow, SIO_TCP_ACK);
	rcu_read_unlock();
	sio_flow_put(flow);
}
EXPORT_SYMBOL_IF_KUNIT(sio_rx_timer);

/* Open a message and hand it to whom it concerns; returns why not */
static enum sio_cnt sio_rx_slow_one(struct sio_flow *flow,
				    struct sio_msg_hdr *hdr, u32 len)
{
	struct sio_session *sess;

	if (hdr->version != SIO_PROTO_VERSION && !flow->is_dialer) {
		sio_serve_refuse(flow, SIO_REFUSE_VERSION, SIO_PROTO_VERSION);
		return SIO_CNT_DROP_VERSION;
	}
	if (hdr->suite == SIO_SUITE_CHACHA) {
		/* pairs with smp_store_release() in sio_flow_set_keys() */
		if (!smp_load_acquire(&flow->has_keys) ||
		    sio_unseal(hdr, len, flow->rx_key))
			return SIO_CNT_DROP_TAG;
	}
	len -= sizeof(*hdr);
	if (!flow->is_dialer) {
		sio_serve_msg(flow, hdr, hdr + 1, len);
		return SIO_CNT_NONE;
	}
	sess = rcu_dereference_raw(flow->sess);	/* set before the first SYN */
	sio_dial_msg(sess, flow, hdr, hdr + 1, len);
	return SIO_CNT_NONE;
}

/**
 * sio_rx_slow() - take messages that wait for process context
 * @flow: held
 *
 * Context: process; the only one for this flow.
 */
void sio_rx_slow(struct sio_flow *flow)
{
	struct sk_buff *skb;
	enum sio_cnt why;
	u32 len;
	void *buf;

	while ((skb = skb_dequeue(&flow->slow))) {
		if (READ_ONCE(flow->state) == SIO_FLOW_DEAD) {
			kfree_skb(skb);
			continue;
		}
		len = skb->len;
		why = SIO_CNT_DROP_NOMEM;
		buf = kmalloc(len + SIO_TAG_LEN, GFP_KERNEL);
		if (buf && !skb_copy_bits(skb, 0, buf, len))
			why = sio_rx_slow_one(flow, buf, len);
		kfree_sensitive(buf);
		rcu_read_lock();
		if (!why)
			consume_skb(skb);
		else if (READ_ONCE(flow->state) != SIO_FLOW_DEAD)
			sio_rx_drop(flow, skb, why);
		else
			kfree_skb(skb);
		rcu_read_unlock();
	}
}
EXPORT_SYMBOL_IF_KUNIT(sio_rx_slow);

/* Checks that need no flow; on success data is the payload */
static enum sio_cnt sio_rx_verify(struct sk_buff *skb,
				  const struct sio_seg *seg)
{
	u32 ip_len;

	if (pskb_trim_rcsum(skb, seg->hdr_len + seg->len) ||
	    !pskb_may_pull(skb, seg->hdr_len))
		return SIO_CNT_DROP_NOMEM;
	skb_reset_network_header(skb);
	ip_len = ip_hdrlen(skb);
	if (ip_fast_csum(ip_hdr(skb), ip_hdr(skb)->ihl))
		return SIO_CNT_DROP_IP;
	__skb_pull(skb, ip_len);
	skb_reset_transport_header(skb);
	if (skb_checksum_validate(skb, IPPROTO_TCP, inet_compute_pseudo))
		return SIO_CNT_DROP_CSUM;
	__skb_pull(skb, seg->hdr_len - ip_len);
	return SIO_CNT_NONE;
}

/* Make a frame ours; NULL if it is not fit to be believed */
static struct sk_buff *sio_rx_steal(struct sio_link *link, struct sk_buff *skb,
				    const struct sio_seg *seg)
{
	enum sio_cnt why;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	why = sio_rx_verify(skb, seg);
	if (likely(!why))
		return skb;
	trace_sio_drop(link->dev, why);
	sio_stats_inc(link->stats, why);
	kfree_skb(skb);
	return NULL;
}

/**
 * sio_rx_hook() - look at every packet that comes in on a link
 * @priv: the link
 * @skb: data at the network header
 * @state: not used
 *
 * Only frames of our flows, and SYNs to our port, are taken; everything else
 * passes untouched, and is not even written to.
 *
 * Context: softirq, under rcu_read_lock().
 * Return: NF_ACCEPT or NF_STOLEN.
 */
unsigned int sio_rx_hook(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	struct sio_link *link = priv;
	u8 buf[SIO_RX_HDRS_MAX];
	const struct iphdr *ip;
	struct iphdr ip_buf;
	struct sio_flow *flow;
	struct sio_seg seg;
	enum sio_cnt why;
	const void *data;
	u32 linear;

	if (skb->protocol != htons(ETH_P_IP) || skb->pkt_type != PACKET_HOST ||
	    skb_vlan_tag_present(skb))
		return NF_ACCEPT;
	ip = skb_header_pointer(skb, 0, sizeof(ip_buf), &ip_buf);
	if (!ip || ip->daddr != link->laddr || ip->protocol != IPPROTO_TCP ||
	    ip_is_fragment(ip))
		return NF_ACCEPT;
	linear = min_t(u32, skb->len, SIO_RX_HDRS_MAX);
	data = skb_header_pointer(skb, 0, linear, buf);
	if (!data)
		return NF_ACCEPT;
	why = sio_frame_parse(data, linear, skb->len, &seg);
	flow = seg.dport ? sio_flow_lookup_rcu(link, &seg) : NULL;
	if (flow && why) {
		sio_rx_drop(flow, skb, why);
		return NF_STOLEN;
	}
	if (!flow) {
		if (why || !sio_listen_wants(link, &seg))
			return NF_ACCEPT;
		skb = sio_rx_steal(link, skb, &seg);
		if (skb)
			sio_listen_rx(link, skb, &seg);
		return NF_STOLEN;
	}
	trace_sio_rx(link->dev, seg.len, seg.flags);
	skb = sio_rx_steal(link, skb, &seg);
	if (skb)
		sio_rx_flow(flow, skb, &seg);
	return NF_STOLEN;
}
EXPORT_SYMBOL_IF_KUNIT(sio_rx_hook);
