// SPDX-License-Identifier: GPL-2.0
/* Give frames to the link, in the order of their sequence numbers. */
#include <kunit/visibility.h>
#include <linux/crc32c.h>
#include <linux/etherdevice.h>
#include <linux/export.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/arp.h>
#include <net/neighbour.h>
#include <net/sock.h>

#include "fault.h"
#include "flow.h"
#include "hdr.h"
#include "seal.h"
#include "session.h"
#include "trace.h"

/* sock_wfree() keeps a byte on each CPU that is inside it; frames are larger */
#define SIO_TX_SLACK		128

/* Room that must be left in the ring of marks for a sender to go on */
#define SIO_TX_MARKS_SPARE	64

static struct proto sio_tx_proto = {
	.name		= "SPLITIO",
	.obj_size	= sizeof(struct sock),
};

static void sio_tx_count(struct sio_flow *flow, enum sio_cnt cnt, u64 n)
{
	const struct sio_session *sess = rcu_dereference(flow->sess);

	sio_stats_add(sess ? sess->stats : flow->link->stats, cnt, n);
}

static u32 sio_tx_wmem(const struct sock *sk)
{
	return refcount_read(&sk->sk_wmem_alloc);
}

/**
 * sio_tx_is_blocked() - is there no room for one more message?
 * @flow: held, or found under rcu_read_lock()
 *
 * When there is none, sio_session_ops.tx_wake() will be called once there is.
 *
 * Context: any.
 * Return: true if there is none, a hint, as others may send meanwhile.
 */
bool sio_tx_is_blocked(struct sio_flow *flow)
{
	u64 in_flight = READ_ONCE(flow->tx.nxt) - READ_ONCE(flow->rx.una);
	struct sock *sk = READ_ONCE(flow->sk);
	u32 marks = READ_ONCE(flow->mark_head) - READ_ONCE(flow->mark_tail);

	return in_flight >= READ_ONCE(flow->cwnd.bytes) ||
	       marks > SIO_TXQ_LEN - SIO_TX_MARKS_SPARE ||
	       (sk && sio_tx_wmem(sk) > SIO_WMEM_MAX);
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_is_blocked);

/**
 * sio_tx_wake() - tell waiting senders if there is room now
 * @flow: found under rcu_read_lock()
 *
 * Context: any.
 */
void sio_tx_wake(struct sio_flow *flow)
{
	struct sio_session *sess;

	/* pairs with smp_mb() in sio_packet_room() */
	smp_mb();
	if (!READ_ONCE(flow->want_wake) || sio_tx_is_blocked(flow))
		return;
	WRITE_ONCE(flow->want_wake, false);
	sess = rcu_dereference(flow->sess);
	if (sess && sess->ops->tx_wake)
		sess->ops->tx_wake(sess);
}

static void sio_tx_tell(struct sio_flow *flow, const struct sio_tx_mark *mark)
{
	const struct sio_session *sess = rcu_dereference(flow->sess);

	if (mark->cookie && sess)
		sess->ops->tx_done(mark->cookie, mark->packets, mark->bytes);
}

/* Frames left the link: pay their owners back, in the order of sending */
static void sio_tx_write_space(struct sock *sk)
{
	struct sio_flow *flow = sk->sk_user_data;
	struct sio_tx_mark sum = {}, *mark;
	unsigned long flags;
	s64 done;

	rcu_read_lock();
	spin_lock_irqsave(&flow->done_lock, flags);
	done = flow->tx_charged - sio_tx_wmem(sk) + SIO_TX_SLACK;
	while (flow->mark_tail != flow->mark_head) {
		mark = &flow->marks[flow->mark_tail % SIO_TXQ_LEN];
		if ((s64)mark->until > done)
			break;
		if (sum.cookie != mark->cookie) {
			sio_tx_tell(flow, &sum);
			memset(&sum, 0, sizeof(sum));
			sum.cookie = mark->cookie;
		}
		sum.packets += mark->packets;
		sum.bytes += mark->bytes;
		WRITE_ONCE(flow->mark_tail, flow->mark_tail + 1);
	}
	sio_tx_tell(flow, &sum);
	spin_unlock_irqrestore(&flow->done_lock, flags);
	sio_tx_wake(flow);
	rcu_read_unlock();
}

static void sio_tx_destruct(struct sock *sk)
{
	sio_flow_put(sk->sk_user_data);
}

/**
 * sio_tx_sock_init() - give a flow the sock that owns its frames
 * @flow: not sending yet
 *
 * The sock keeps the flow's memory until the last frame has left the link.
 *
 * Context: process.
 * Return: 0, -ENOMEM, or -ENOTCONN if the flow is dead.
 */
int sio_tx_sock_init(struct sio_flow *flow)
{
	struct sock *sk;
	bool is_dead;

	sk = sk_alloc(flow->link->net, AF_UNSPEC, GFP_KERNEL, &sio_tx_proto, 1);
	if (!sk)
		return -ENOMEM;
	sock_init_data(NULL, sk);
	sk->sk_state = TCP_ESTABLISHED;
	sk->sk_hash = flow->hash;
	sk_tx_queue_set(sk, flow->hash % sio_link_queues(flow->link));
	/* either this sees a dead flow, or sio_tx_end() sees the sock */
	spin_lock_bh(&flow->tx_lock);
	is_dead = READ_ONCE(flow->state) == SIO_FLOW_DEAD;
	if (!is_dead) {
		sio_flow_get(flow);
		sk->sk_user_data = flow;
		sk->sk_write_space = sio_tx_write_space;
		sk->sk_destruct = sio_tx_destruct;
		WRITE_ONCE(flow->sk, sk);
	}
	spin_unlock_bh(&flow->tx_lock);
	if (is_dead)
		sk_free(sk);
	return is_dead ? -ENOTCONN : 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_sock_init);

/**
 * sio_tx_end() - no frame will follow
 * @flow: marked dead
 *
 * Lets go of the sock and of the neighbour, which would hold the net device.
 *
 * Context: process or softirq.
 */
void sio_tx_end(struct sio_flow *flow)
{
	struct neighbour *n;
	struct sock *sk;

	spin_lock_bh(&flow->tx_lock);
	sk = flow->sk;
	n = flow->neigh;
	WRITE_ONCE(flow->sk, NULL);
	flow->neigh = NULL;
	spin_unlock_bh(&flow->tx_lock);
	if (n)
		neigh_release(n);
	if (sk)
		sk_free(sk);
}

/* The peer's entry in the neighbour table; NULL if there is no memory for it */
static struct neighbour *sio_tx_neigh(struct sio_flow *flow)
{
	struct neighbour *n = flow->neigh;

	lockdep_assert_held(&flow->tx_lock);
	if (n && !READ_ONCE(n->dead))
		return n;
	if (n)
		neigh_release(n);
	n = __neigh_lookup(&arp_tbl, &flow->raddr, flow->link->dev, 1);
	flow->neigh = IS_ERR(n) ? NULL : n;
	return flow->neigh;
}

/* Headers in front of @skb, whose data is the payload; gso fields on it */
static void sio_tx_headers(struct sk_buff *skb, const struct sio_seg *seg,
			   u16 ip_id, u32 mss)
{
	u32 hdr_len = sio_frame_hdr_len(seg);

	skb_push(skb, hdr_len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, SIO_IP_LEN);
	sio_frame_build(skb->data, seg, ip_id);
	skb->protocol = htons(ETH_P_IP);
	skb->encapsulation = 0;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	if (seg->len > mss) {
		skb_shinfo(skb)->gso_size = mss;
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(seg->len, mss);
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	} else {
		skb_shinfo(skb)->gso_size = 0;
		skb_shinfo(skb)->gso_segs = 0;
		skb_shinfo(skb)->gso_type = 0;
	}
}

static void sio_tx_output(struct sio_link *link, struct neighbour *n,
			  struct sk_buff *skb, u8 type)
{
	skb->dev = link->dev;
	trace_sio_tx(link->dev, skb->len, type);
	if (rcu_access_pointer(link->faults) &&
	    sio_fault_tx(link, n, skb, type))
		return;
	neigh_output(n, skb, false);
}

/* Fill in what segments of a flow share */
static void sio_tx_seg(struct sio_flow *flow, struct sio_seg *seg, u64 off)
{
	u32 ack = sio_seq_ack(&flow->rx) + READ_ONCE(flow->fin_rcvd);

	lockdep_assert_held(&flow->tx_lock);
	seg->saddr = flow->link->laddr;
	seg->daddr = flow->raddr;
	seg->sport = flow->lport;
	seg->dport = flow->rport;
	seg->seq = sio_seq_of(&flow->tx, off);
	seg->tsval = sio_seq_tsval(&flow->tx, off);
	seg->tsecr = READ_ONCE(flow->rx.ts_recent);
	seg->window = sio_seq_window(off);
	seg->has_ts = true;
	seg->ack = ack;
	WRITE_ONCE(flow->acked_wire, ack);
	WRITE_ONCE(flow->last_tx_ns, ktime_get_ns());
}

static void sio_tx_charge(struct sio_flow *flow, struct sk_buff *skb,
			  void *cookie, u32 packets, u32 bytes)
{
	struct sio_tx_mark *mark;
	unsigned long flags;

	skb_orphan(skb);
	skb_set_owner_w(skb, flow->sk);
	__skb_set_sw_hash(skb, flow->hash, true);
	spin_lock_irqsave(&flow->done_lock, flags);
	flow->tx_charged += skb->truesize;
	if (cookie) {
		mark = &flow->marks[flow->mark_head % SIO_TXQ_LEN];
		mark->cookie = cookie;
		mark->packets = packets;
		mark->bytes = bytes;
		mark->until = flow->tx_charged;
		WRITE_ONCE(flow->mark_head, flow->mark_head + 1);
	}
	spin_unlock_irqrestore(&flow->done_lock, flags);
}

static bool sio_tx_has_marks(const struct sio_flow *flow)
{
	return READ_ONCE(flow->mark_head) - READ_ONCE(flow->mark_tail) <
	       SIO_TXQ_LEN;
}

/* The field has the sum of the body so far */
static void sio_tx_crc(struct sio_msg_hdr *hdr)
{
	u32 crc = le32_to_cpu(hdr->crc);

	hdr->crc = 0;
	hdr->crc = cpu_to_le32(~crc32c(crc, hdr, sizeof(*hdr)));
}

/* One message, its header writable; always consumed */
static int __sio_tx_msg(struct sio_flow *flow, struct sk_buff *skb,
			void *cookie, u32 packets, u32 bytes)
{
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)skb->data;
	struct sio_seg seg = {
		.flags = SIO_TCP_ACK | SIO_TCP_PSH,
		.len = skb->len,
	};
	u64 off = flow->tx.nxt;
	struct neighbour *n;
	u8 type = hdr->type;

	lockdep_assert_held(&flow->tx_lock);
	if (!sio_flow_is_alive(flow) || flow->fin_sent || !flow->sk ||
	    (cookie && !sio_tx_has_marks(flow))) {
		kfree_skb(skb);
		return -ENOTCONN;
	}
	n = sio_tx_neigh(flow);
	if (!n) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	if (!READ_ONCE(flow->rtt_off)) {
		WRITE_ONCE(flow->rtt_ns, ktime_get_ns());
		WRITE_ONCE(flow->rtt_off, off + skb->len);
	}
	hdr->offset = cpu_to_le64(off);
	if (hdr->flags & SIO_MSG_F_CRC)
		sio_tx_crc(hdr);
	if (hdr->suite == SIO_SUITE_CHACHA)
		sio_seal(hdr, skb->len, flow->tx_key);
	sio_tx_seg(flow, &seg, off);
	WRITE_ONCE(flow->tx.nxt, off + skb->len);
	sio_tx_headers(skb, &seg, flow->ip_id, flow->mss);
	flow->ip_id += skb_shinfo(skb)->gso_segs ?: 1;
	sio_tx_count(flow, SIO_CNT_TX_FRAMES, skb_shinfo(skb)->gso_segs ?: 1);
	sio_tx_count(flow, SIO_CNT_TX_BYTES, seg.len);
	sio_tx_count(flow, SIO_CNT_TX_MSGS, 1);
	sio_tx_charge(flow, skb, cookie, packets, bytes);
	sio_tx_output(flow->link, n, skb, type);
	return 0;
}

/**
 * sio_tx_msg() - send one message
 * @flow: held, or found under rcu_read_lock()
 * @skb: data at its struct sio_msg_hdr, all but the offset filled in; header
 *	and shared info unshared; headroom for all headers; always consumed
 * @cookie: to be told of when the frame has left, or NULL
 * @packets: to tell
 * @bytes: to tell
 *
 * Context: process or softirq.
 * Return: 0, -ENOTCONN, -ENOMEM.
 */
int sio_tx_msg(struct sio_flow *flow, struct sk_buff *skb, void *cookie,
	       u32 packets, u32 bytes)
{
	int err;

	rcu_read_lock();
	spin_lock_bh(&flow->tx_lock);
	err = __sio_tx_msg(flow, skb, cookie, packets, bytes);
	spin_unlock_bh(&flow->tx_lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_msg);

/**
 * sio_tx_req() - send one message, and tell where it went
 * @flow: as in sio_tx_msg()
 * @skb: likewise
 * @cookie: told of one packet of no bytes when the frame has left, or NULL
 * @left: gets the sequence number of its first byte
 *
 * Context: process or softirq.
 * Return: as sio_tx_msg().
 */
int sio_tx_req(struct sio_flow *flow, struct sk_buff *skb, void *cookie,
	       u32 *left)
{
	int err;

	rcu_read_lock();
	spin_lock_bh(&flow->tx_lock);
	*left = sio_seq_of(&flow->tx, flow->tx.nxt);
	err = __sio_tx_msg(flow, skb, cookie, 1, 0);
	spin_unlock_bh(&flow->tx_lock);
	rcu_read_unlock();
	return err;
}

/**
 * sio_tx_pair() - send two messages, nothing between them
 * @flow: as in sio_tx_msg()
 * @first: likewise
 * @second: likewise; not sent if @first could not be
 * @cookie: to be told of when both have left, or NULL
 * @bytes: to tell, with one packet
 *
 * Return: as sio_tx_msg(). Both are always consumed.
 */
int sio_tx_pair(struct sio_flow *flow, struct sk_buff *first,
		struct sk_buff *second, void *cookie, u32 bytes)
{
	int err;

	rcu_read_lock();
	spin_lock_bh(&flow->tx_lock);
	err = __sio_tx_msg(flow, first, NULL, 0, 0);
	if (err)
		kfree_skb(second);
	else
		err = __sio_tx_msg(flow, second, cookie, 1, bytes);
	spin_unlock_bh(&flow->tx_lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_pair);

/**
 * sio_tx_slow() - build and send a message of the session itself
 * @flow: held
 * @tmpl: header, whose type, device, epoch, slot and suite count
 * @body: what follows
 * @body_len: bytes of it
 * @left: gets the sequence number it was sent with; may be NULL
 *
 * Context: process.
 * Return: as sio_tx_msg().
 */
int sio_tx_slow(struct sio_flow *flow, const struct sio_msg_hdr *tmpl,
		const void *body, u32 body_len, u32 *left)
{
	u32 room = LL_MAX_HEADER + SIO_FRAME_HDR_LEN;
	u32 len = sizeof(*tmpl) + body_len;
	struct sio_msg_hdr *hdr;
	struct sk_buff *skb;
	int err;

	skb = alloc_skb(room + len + SIO_TAG_LEN, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, room);
	hdr = skb_put_data(skb, tmpl, sizeof(*tmpl));
	skb_put_data(skb, body, body_len);
	sio_hdr_init(hdr, tmpl->type, len);
	hdr->dev = tmpl->dev;
	hdr->gen = tmpl->gen;
	hdr->epoch = tmpl->epoch;
	hdr->slot = tmpl->slot;
	hdr->slot_seq = tmpl->slot_seq;
	hdr->suite = tmpl->suite;

	rcu_read_lock();
	spin_lock_bh(&flow->tx_lock);
	if (left)
		*left = sio_seq_of(&flow->tx, flow->tx.nxt);
	err = __sio_tx_msg(flow, skb, NULL, 0, 0);
	spin_unlock_bh(&flow->tx_lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_slow);

static struct sk_buff *sio_tx_alloc_bare(void)
{
	u32 room = LL_MAX_HEADER + SIO_IP_LEN + SIO_TCP_LEN + SIO_OPT_LEN_MAX;
	struct sk_buff *skb = alloc_skb(room, GFP_ATOMIC | __GFP_NOWARN);

	if (skb)
		skb_reserve(skb, room);
	return skb;
}

/**
 * sio_tx_bare() - send a segment without payload
 * @flow: held, or found under rcu_read_lock(); none of its locks are held
 * @flags: SIO_TCP bits, or SIO_TX_KEEPALIVE beside SIO_TCP_ACK
 *
 * Gaps are reported by SACK. A FIN is the last byte of the flow.
 *
 * Context: process or softirq.
 */
void sio_tx_bare(struct sio_flow *flow, unsigned int flags)
{
	struct sk_buff *skb = sio_tx_alloc_bare();
	struct sio_seg seg = { .flags = flags & 0xff };
	struct neighbour *n;
	u64 off;

	if (!skb)
		return;
	spin_lock_bh(&flow->rx_lock);
	if (seg.flags == SIO_TCP_ACK)
		seg.nr_sacks = sio_seq_sack(&flow->rx, seg.sacks);
	flow->unacked = 0;
	spin_unlock_bh(&flow->rx_lock);

	rcu_read_lock();
	spin_lock_bh(&flow->tx_lock);
	n = READ_ONCE(flow->state) == SIO_FLOW_DEAD ? NULL : sio_tx_neigh(flow);
	if (!n) {
		kfree_skb(skb);
		goto out_unlock;
	}
	off = flow->tx.nxt + (flow->fin_sent && !(flags & SIO_TCP_FIN));
	if (flags & SIO_TX_KEEPALIVE)
		off--;
	if (flags & SIO_TCP_FIN)
		flow->fin_sent = true;
	sio_tx_seg(flow, &seg, off);
	if (flags & SIO_TCP_SYN) {
		seg.seq = flow->tx.isn;
		seg.tsval = flow->tx.ts0;
		seg.ack = 0;
		seg.tsecr = 0;
		seg.window = 65535;
		seg.mss = sio_link_mss(flow->link) + SIO_TCP_OPT_LEN;
		seg.wscale = SIO_WSCALE;
	}
	sio_tx_headers(skb, &seg, flow->ip_id++, flow->mss);
	sio_tx_count(flow, SIO_CNT_TX_FRAMES, 1);
	sio_tx_count(flow, seg.nr_sacks ? SIO_CNT_TX_SACKS : SIO_CNT_TX_ACKS,
		     1);
	if (flow->sk)
		sio_tx_charge(flow, skb, NULL, 0, 0);
	sio_tx_output(flow->link, n, skb, 0);
out_unlock:
	spin_unlock_bh(&flow->tx_lock);
	rcu_read_unlock();
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_bare);

/**
 * sio_tx_syn_ack() - answer a SYN without keeping anything
 * @link: where it came in
 * @syn: its headers
 * @isn: own initial sequence number, a cookie
 * @ts0: own timestamp value, a cookie as well
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_tx_syn_ack(struct sio_link *link, const struct sio_seg *syn, u32 isn,
		    u32 ts0)
{
	struct sio_seg seg = {
		.saddr = syn->daddr, .daddr = syn->saddr,
		.sport = syn->dport, .dport = syn->sport,
		.flags = SIO_TCP_SYN | SIO_TCP_ACK,
		.seq = isn, .ack = syn->seq + 1,
		.tsval = ts0, .tsecr = syn->tsval,
		.has_ts = true,
		.window = 65535,
		.mss = sio_link_mss(link) + SIO_TCP_OPT_LEN,
		.wscale = SIO_WSCALE,
	};
	struct sk_buff *skb;
	struct neighbour *n;

	skb = sio_tx_alloc_bare();
	if (!skb)
		return;
	n = __neigh_lookup(&arp_tbl, &seg.daddr, link->dev, 1);
	if (IS_ERR_OR_NULL(n)) {
		kfree_skb(skb);
		return;
	}
	sio_tx_headers(skb, &seg, 0, sio_link_mss(link));
	sio_stats_inc(link->stats, SIO_CNT_TX_FRAMES);
	sio_tx_output(link, n, skb, 0);
	neigh_release(n);
}
EXPORT_SYMBOL_IF_KUNIT(sio_tx_syn_ack);
