// SPDX-License-Identifier: GPL-2.0
/* Answer SYNs without keeping state, and make flows of valid ACKs. */
#include <kunit/static_stub.h>
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "compat/sock.h"
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
	if (flags == SIO_TCP_SYN)	/* the address may be taken away */
		return sio_link_why(link) != SIO_WHY_NO_ADDRESS;
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
	int err;

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
	err = sio_flow_hash(flow);
	if (err) {	/* a copy on another CPU was faster; or no room; or gone */
		sio_stats_inc(link->stats,
			      err == -EADDRINUSE ? SIO_CNT_DROP_DUP :
			      err == -ENOSPC ? SIO_CNT_DROP_FULL :
					       SIO_CNT_DROP_STATE);
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

/**
 * sio_link_reserve() - keep a TCP port from everybody else
 * @net: namespace
 * @laddr: own address
 * @port: in and out, network order; 0 picks a random ephemeral one
 *
 * The socket is bound and never listens, so the stack sends nothing from it.
 *
 * Context: process, may sleep.
 * Return: the socket, or an ERR_PTR, -EADDRINUSE for a port that is taken.
 */
struct socket *sio_link_reserve(struct net *net, __be32 laddr, __be16 *port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = laddr,
		.sin_port = *port,
	};
	struct socket *sock;
	int err;

	err = sock_create_kern(net, AF_INET, SOCK_STREAM, IPPROTO_TCP, &sock);
	if (err)
		return ERR_PTR(err);
	err = sio_kernel_bind(sock, (struct sockaddr *)&addr, sizeof(addr));
	if (!err)
		err = kernel_getsockname(sock, (struct sockaddr *)&addr);
	if (err < 0) {
		sock_release(sock);
		return ERR_PTR(err);
	}
	*port = addr.sin_port;
	return sock;
}
EXPORT_SYMBOL_IF_KUNIT(sio_link_reserve);

/**
 * sio_link_listen() - answer guests on a link
 * @link: in use by the caller
 * @port: TCP port, host order
 * @lookup: see struct sio_listener
 * @extack: gets a sentence on refusal
 *
 * Context: process, may sleep.
 * Return: 0, -EEXIST if it listens already, -EADDRINUSE if the port is taken,
 * -ENOMEM.
 */
int sio_link_listen(struct sio_link *link, u16 port,
		    struct sio_session *(*lookup)(struct net *net,
						  const char *name),
		    struct netlink_ext_ack *extack)
{
	struct sio_listener *listener;
	int err = 0;

	listener = kzalloc(sizeof(*listener), GFP_KERNEL);
	if (!listener)
		return -ENOMEM;
	listener->port = htons(port);
	listener->lookup = lookup;
	listener->sock = sio_link_reserve(link->net, link->laddr,
					  &listener->port);
	if (IS_ERR(listener->sock)) {
		err = PTR_ERR(listener->sock);
		if (err == -EADDRINUSE)
			NL_SET_ERR_MSG(extack,
				       "The TCP port is taken by another program; choose one with --port");
		kfree(listener);
		return err;
	}
	mutex_lock(&sio_links_mutex);
	if (rcu_access_pointer(link->listener)) {
		NL_SET_ERR_MSG(extack, "The link exists already");
		err = -EEXIST;
	} else {
		rcu_assign_pointer(link->listener, listener);
	}
	mutex_unlock(&sio_links_mutex);
	if (err) {
		sock_release(listener->sock);
		kfree(listener);
	}
	return err;
}
EXPORT_SYMBOL_GPL(sio_link_listen);

/**
 * sio_link_unlisten() - answer nobody any more
 * @link: in use by the caller
 *
 * Context: process, may sleep. Flows that are open stay open.
 */
void sio_link_unlisten(struct sio_link *link)
{
	struct sio_listener *listener;

	mutex_lock(&sio_links_mutex);
	listener = rcu_replace_pointer(link->listener, NULL,
				       lockdep_is_held(&sio_links_mutex));
	mutex_unlock(&sio_links_mutex);
	if (!listener)
		return;
	synchronize_net();
	sock_release(listener->sock);
	kfree(listener);
}
EXPORT_SYMBOL_GPL(sio_link_unlisten);
