// SPDX-License-Identifier: GPL-2.0
/* Answer SYNs without keeping state, and make flows of valid ACKs. */
#include <kunit/static_stub.h>
#include <kunit/visibility.h>
#include <linux/siphash.h>

#include "fault.h"
#include "flow.h"
#include "link.h"

/* How long a cookie is good for: this period and the one before */
#define SIO_LISTEN_PERIOD_NS	(32 * (u64)NSEC_PER_SEC)

/* With an initial sequence number given, so many bits of it still are cookie */
#define SIO_LISTEN_ISN_MASK	0xfff

/**
 * struct sio_cookie - what a SYN-ACK says, and its ACK must repeat
 * @isn: initial sequence number
 * @ts0: timestamp value
 */
struct sio_cookie {
	u32 isn;
	u32 ts0;
};

static struct sio_cookie sio_listen_cookie(struct sio_link *link,
					   const struct sio_seg *seg,
					   u32 peer_isn, u32 peer_ts0,
					   u64 period)
{
	u32 ports = (__force u32)seg->sport << 16 | (__force u32)seg->dport;
	u64 sum = siphash_3u64((u64)(__force u32)seg->saddr << 32 | ports,
			       (u64)peer_isn << 32 | peer_ts0, period,
			       &link->cookie_key);
	struct sio_cookie cookie = { .isn = sum, .ts0 = sum >> 32 };
	u32 isn;

	if (sio_fault_isn(link, &isn))
		cookie.isn = isn + (cookie.isn & SIO_LISTEN_ISN_MASK);
	return cookie;
}

VISIBLE_IF_KUNIT u64 sio_listen_period(void)
{
	KUNIT_STATIC_STUB_REDIRECT(sio_listen_period);

	return div64_u64(ktime_get_ns(), SIO_LISTEN_PERIOD_NS);
}
EXPORT_SYMBOL_IF_KUNIT(sio_listen_period);

/* Does the first segment of a flow carry a cookie of ours? */
static bool sio_listen_is_valid(struct sio_link *link,
				const struct sio_seg *seg)
{
	u64 now = sio_listen_period(), period;
	struct sio_cookie cookie;

	if (!seg->has_ts)
		return false;
	for (period = now; period + 1 >= now && period <= now; period--) {
		cookie = sio_listen_cookie(link, seg, seg->seq - 1,
					   seg->tsval - 1, period);
		if (seg->ack == cookie.isn + 1 && seg->tsecr == cookie.ts0)
			return true;
	}
	return false;
}

/**
 * sio_listen_wants() - is a segment without a flow for our listener?
 * @link: where it came in
 * @seg: its headers
 *
 * Context: softirq, under rcu_read_lock(); writes nothing.
 * Return: true if it is a SYN to its port, or brings a cookie back.
 */
bool sio_listen_wants(struct sio_link *link, const struct sio_seg *seg)
{
	const struct sio_listener *listener = rcu_dereference(link->listener);
	u8 flags = seg->flags & (SIO_TCP_SYN | SIO_TCP_ACK | SIO_TCP_RST |
				 SIO_TCP_FIN);

	if (!listener || seg->dport != listener->port)
		return false;
	if (flags == SIO_TCP_SYN)
		return true;
	if (flags != SIO_TCP_ACK)
		return false;
	if (sio_listen_is_valid(link, seg))
		return true;
	sio_stats_inc(link->stats, SIO_CNT_DROP_COOKIE);
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(sio_listen_wants);

static void sio_listen_syn(struct sio_link *link, const struct sio_seg *seg)
{
	struct sio_cookie cookie;

	if (!sio_link_is_neighbour(link, seg->saddr)) {
		sio_stats_inc(link->stats, SIO_CNT_DROP_IP);
		return;
	}
	if (seg->len || !seg->has_ts || !seg->may_sack ||
	    seg->wscale != SIO_WSCALE) {
		sio_stats_inc(link->stats, SIO_CNT_DROP_OPTIONS);
		return;
	}
	cookie = sio_listen_cookie(link, seg, seg->seq, seg->tsval,
				   sio_listen_period());
	sio_tx_syn_ack(link, seg, cookie.isn, cookie.ts0);
}

/* The cookie came back: keep the flow from here on */
static struct sio_flow *sio_listen_open(struct sio_link *link,
					const struct sio_seg *seg)
{
	struct sio_flow *flow;

	flow = sio_flow_create(link, seg->saddr, seg->dport, seg->sport,
			       GFP_ATOMIC | __GFP_NOWARN);
	if (!flow) {
		sio_stats_inc(link->stats, SIO_CNT_DROP_NOMEM);
		return NULL;
	}
	sio_seq_tx_init(&flow->tx, seg->ack - 1, seg->tsecr);
	sio_seq_rx_init(&flow->rx, seg->seq - 1, seg->tsval - 1);
	flow->state = SIO_FLOW_OPEN;
	flow->step = SIO_STEP_HELLO;
	if (sio_flow_hash(flow)) {
		sio_stats_inc(link->stats, SIO_CNT_DROP_FULL);
		sio_flow_kill(flow, SIO_WHY_BUSY);
		sio_flow_put(flow);
		return NULL;
	}
	return flow;
}

/**
 * sio_listen_rx() - a segment for our listener
 * @link: where it came in
 * @skb: data is the payload, checksum verified; always consumed
 * @seg: its headers; sio_listen_wants() wanted it
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_listen_rx(struct sio_link *link, struct sk_buff *skb,
		   const struct sio_seg *seg)
{
	struct sio_flow *flow;

	if (seg->flags & SIO_TCP_SYN) {
		sio_listen_syn(link, seg);
		consume_skb(skb);
		return;
	}
	flow = sio_listen_open(link, seg);
	if (!flow) {
		kfree_skb(skb);
		return;
	}
	spin_lock(&flow->rx_lock);
	sio_flow_arm(flow, SIO_EMBRYO_TICK_NS);
	spin_unlock(&flow->rx_lock);
	sio_rx_flow(flow, skb, seg);
	sio_flow_put(flow);
}
EXPORT_SYMBOL_IF_KUNIT(sio_listen_rx);
