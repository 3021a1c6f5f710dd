// SPDX-License-Identifier: GPL-2.0
/* Packets of virtual NICs: into messages, alone or together, and out again. */
#include <linux/etherdevice.h>
#include <linux/export.h>
#include <linux/netdevice.h>
#include <net/gso.h>

#include "flow.h"
#include "hdr.h"
#include "reasm.h"
#include "session.h"
#include "vnet.h"

/* Room for a link's own header in front of ours, and for what it may add */
#define SIO_PACKET_LINK_ROOM	LL_MAX_HEADER

#define SIO_PACKET_ROOM \
	(SIO_PACKET_LINK_ROOM + SIO_FRAME_HDR_LEN + SIO_PACKET_HDR_LEN)

/**
 * sio_packet_headroom() - headroom that spares a packet being copied
 *
 * Return: bytes before the Ethernet header.
 */
u32 sio_packet_headroom(void)
{
	return SIO_PACKET_ROOM;
}
EXPORT_SYMBOL_GPL(sio_packet_headroom);

static struct sio_flow *sio_packet_flow_rcu(struct sio_session *sess,
					    unsigned int idx)
{
	unsigned int nr = READ_ONCE(sess->nr_flows);

	return nr ? rcu_dereference(sess->flows[idx % nr]) : NULL;
}

/**
 * sio_packet_is_blocked() - is there no room for a packet?
 * @sess: held, or found under rcu_read_lock()
 * @idx: of the flow, as in struct sio_batch
 *
 * If there is none, sio_session_ops.tx_wake() will be called once there is.
 *
 * Context: any.
 * Return: true if there is none.
 */
bool sio_packet_is_blocked(struct sio_session *sess, unsigned int idx)
{
	bool is_blocked = false;
	struct sio_flow *flow;

	rcu_read_lock();
	flow = sio_packet_flow_rcu(sess, idx);
	if (flow && sio_tx_is_blocked(flow)) {
		WRITE_ONCE(flow->want_wake, true);
		/* pairs with smp_mb() in sio_tx_wake() */
		smp_mb();
		is_blocked = sio_tx_is_blocked(flow);
	}
	rcu_read_unlock();
	if (is_blocked)
		sio_session_count(sess, SIO_CNT_TX_BLOCKED);
	return is_blocked;
}
EXPORT_SYMBOL_GPL(sio_packet_is_blocked);

static void sio_packet_fill(struct sio_msg_hdr *hdr,
			    const struct sio_flow *flow,
			    const struct sio_batch *batch, u32 len, u8 nr)
{
	sio_hdr_init(hdr, SIO_MSG_PACKET, len);
	hdr->dev = cpu_to_le32(batch->dev);
	hdr->gen = cpu_to_le32(batch->gen);
	hdr->epoch = cpu_to_le32(READ_ONCE(flow->epoch));
	hdr->queue = cpu_to_le16(batch->flow);
	hdr->nr_recs = nr;
}

static void sio_packet_flush_rcu(struct sio_session *sess,
				 struct sio_batch *batch)
{
	struct sk_buff *skb = batch->skb;
	struct sio_flow *flow;

	if (!skb)
		return;
	batch->skb = NULL;
	flow = sio_packet_flow_rcu(sess, batch->flow);
	if (!flow) {
		kfree_skb(skb);
		goto err_done;
	}
	sio_packet_fill((struct sio_msg_hdr *)skb->data, flow, batch, skb->len,
			batch->nr);
	if (!sio_tx_msg(flow, skb, batch->cookie, batch->nr, batch->bytes)) {
		sio_stats_add(sess->stats, SIO_CNT_TX_PACKETS, batch->nr);
		return;
	}
err_done:
	sio_stats_add(sess->stats, SIO_CNT_TX_DROP_DOWN, batch->nr);
	if (batch->cookie)
		sess->ops->tx_done(batch->cookie, batch->nr, batch->bytes);
}

/**
 * sio_packet_flush() - send what a batch holds
 * @sess: held, or found under rcu_read_lock()
 * @batch: the caller's
 *
 * Context: softirq, or process with BH disabled.
 */
void sio_packet_flush(struct sio_session *sess, struct sio_batch *batch)
{
	rcu_read_lock();
	sio_packet_flush_rcu(sess, batch);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(sio_packet_flush);

/* Copy a small packet into the batch; always consumes @skb on success */
static bool sio_packet_join(struct sio_session *sess, struct sio_flow *flow,
			    struct sio_batch *batch, struct sk_buff *skb)
{
	u32 max = min_t(u32, SIO_BATCH_LEN, READ_ONCE(flow->mss));
	struct sio_rec_packet *rec;
	u32 pad, len = skb->len;

	if (batch->skb &&
	    (batch->nr == SIO_RECS_MAX ||
	     batch->skb->len + SIO_REC_ALIGN + sizeof(*rec) + len > max))
		sio_packet_flush_rcu(sess, batch);
	if (!batch->skb) {
		batch->skb = alloc_skb(SIO_PACKET_ROOM + SIO_BATCH_LEN,
				       GFP_ATOMIC | __GFP_NOWARN);
		if (!batch->skb)
			return false;
		skb_reserve(batch->skb, SIO_PACKET_ROOM);
		skb_put(batch->skb, sizeof(struct sio_msg_hdr));
		batch->nr = 0;
		batch->bytes = 0;
	}
	pad = -batch->skb->len & (SIO_REC_ALIGN - 1);
	if (pad)
		skb_put_zero(batch->skb, pad);
	rec = skb_put(batch->skb, sizeof(*rec) + len);
	sio_rec_init(&rec->rec, SIO_REC_PACKET, sizeof(*rec) + len);
	sio_vnet_encode(skb, &rec->vnet);
	skb_copy_bits(skb, 0, rec + 1, len);
	batch->nr++;
	batch->bytes += len;
	consume_skb(skb);
	return true;
}

/* Headers may be pushed and shared info written afterwards */
static int sio_packet_unshare(struct sk_buff *skb)
{
	u32 room = skb_headroom(skb);

	if (!skb_cloned(skb) && room >= SIO_PACKET_ROOM)
		return 0;
	return pskb_expand_head(skb, room >= SIO_PACKET_ROOM ? 0 :
				SKB_DATA_ALIGN(SIO_PACKET_ROOM - room), 0,
				GFP_ATOMIC);
}

static void sio_packet_push(struct sk_buff *skb, const struct sio_flow *flow,
			    const struct sio_batch *batch,
			    const struct sio_vnet_hdr *vnet, u8 flags)
{
	u32 len = sizeof(struct sio_rec_packet) + skb->len;
	struct sio_rec_packet *rec = skb_push(skb, sizeof(*rec));
	struct sio_msg_hdr *hdr;

	sio_rec_init(&rec->rec, SIO_REC_PACKET, len);
	rec->rec.flags = flags;
	rec->vnet = *vnet;
	hdr = skb_push(skb, sizeof(*hdr));
	sio_packet_fill(hdr, flow, batch, skb->len, 1);
}

/* A packet that one message cannot hold; always consumed */
static int sio_packet_send_big(struct sio_flow *flow,
			       const struct sio_batch *batch,
			       struct sk_buff *skb,
			       const struct sio_vnet_hdr *vnet, u32 max)
{
	struct sio_vnet_hdr none = {};
	u32 len = skb->len, cut = max - min_t(u32, max, SIO_PACKET_HDR_LEN);
	struct sk_buff *rest;
	u32 tail;

	if (cut >= len || len - cut > cut)
		goto err_free;
	tail = skb_headlen(skb) > cut ? skb_headlen(skb) - cut : 0;
	rest = alloc_skb(SIO_PACKET_ROOM + tail, GFP_ATOMIC | __GFP_NOWARN);
	if (!rest)
		goto err_free;
	skb_reserve(rest, SIO_PACKET_ROOM);
	skb_split(skb, rest, cut);
	sio_packet_push(skb, flow, batch, vnet, SIO_REC_F_MORE);
	sio_packet_push(rest, flow, batch, &none, SIO_REC_F_CONT);
	return sio_tx_pair(flow, skb, rest, batch->cookie, len);

err_free:
	kfree_skb(skb);
	return -EMSGSIZE;
}

/* One packet, one message, or two; always consumed */
static int sio_packet_send_one(struct sio_session *sess, struct sio_flow *flow,
			       const struct sio_batch *batch,
			       struct sk_buff *skb)
{
	u32 len = skb->len, max = READ_ONCE(flow->msg_max);
	struct sio_vnet_hdr vnet;
	int err = -ENOMEM;

	/* the link's segments end elsewhere than the parts of a frag_list */
	if (sio_packet_unshare(skb) ||
	    (skb_has_frag_list(skb) && sio_vnet_flatten(skb))) {
		kfree_skb(skb);
		goto out_count;
	}
	sio_vnet_encode(skb, &vnet);
	skb_scrub_packet(skb, true);
	if (len + SIO_PACKET_HDR_LEN > max) {
		err = sio_packet_send_big(flow, batch, skb, &vnet, max);
		goto out_count;
	}
	sio_packet_push(skb, flow, batch, &vnet, 0);
	err = sio_tx_msg(flow, skb, batch->cookie, 1, len);
out_count:
	sio_session_count(sess, !err ? SIO_CNT_TX_PACKETS :
			  err == -ENOMEM ? SIO_CNT_TX_DROP_NOMEM :
			  err == -EMSGSIZE ? SIO_CNT_TX_DROP_BIG :
					     SIO_CNT_TX_DROP_DOWN);
	return err;
}

/* Do here what the header cannot say, or the other side cannot do */
static int sio_packet_send_soft(struct sio_session *sess,
				struct sio_flow *flow,
				const struct sio_batch *batch,
				struct sk_buff *skb)
{
	struct sio_batch silent = *batch;
	struct sk_buff *segs, *next;
	u32 len = skb->len;
	int err = 0;

	if (!skb_is_gso(skb)) {
		if (skb->ip_summed == CHECKSUM_PARTIAL &&
		    skb_csum_hwoffload_help(skb, 0)) {
			kfree_skb(skb);
			return -EINVAL;
		}
		return sio_packet_send_one(sess, flow, batch, skb);
	}
	segs = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HIGHDMA, true);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return -EINVAL;
	}
	consume_skb(skb);
	silent.cookie = NULL;
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		if (!err)
			err = sio_packet_send_one(sess, flow, &silent, skb);
		else
			kfree_skb(skb);
	}
	if (!err && batch->cookie)
		sess->ops->tx_done(batch->cookie, 1, len);
	return err;
}

static int sio_packet_send_rcu(struct sio_session *sess,
			       struct sio_batch *batch, struct sk_buff *skb,
			       u32 offloads, bool more)
{
	struct sio_flow *flow = sio_packet_flow_rcu(sess, batch->flow);
	u32 needs;
	int err;

	if (unlikely(!flow)) {
		sio_session_count(sess, SIO_CNT_TX_DROP_DOWN);
		kfree_skb(skb);
		return -ENOTCONN;
	}
	if (sio_tx_is_blocked(flow))
		return -EBUSY;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return -ENOMEM;
	skb_reset_mac_header(skb);
	needs = sio_vnet_needs(skb) & ~offloads;
	if ((more || batch->skb) && !needs && !skb_is_gso(skb) &&
	    skb->len <= SIO_BATCH_COPY &&
	    sio_packet_join(sess, flow, batch, skb)) {
		if (!more)
			sio_packet_flush_rcu(sess, batch);
		return 0;
	}
	sio_packet_flush_rcu(sess, batch);
	err = needs ? sio_packet_send_soft(sess, flow, batch, skb) :
		      sio_packet_send_one(sess, flow, batch, skb);
	return err == -EBUSY ? -ENOBUFS : err;
}

/**
 * sio_packet_send() - send a packet of a virtual NIC
 * @sess: held, or found under rcu_read_lock()
 * @batch: the sender's, with @dev, @gen, @flow and @cookie filled in
 * @skb: data at the Ethernet header, VLAN tags in line; consumed but for -EBUSY
 * @offloads: SIO_NIC bits the other side can finish
 * @more: another packet follows at once
 *
 * The cookie of a packet that was taken is told of later, or before this
 * returns; of one that was not it is never told.
 *
 * Context: softirq, or process with BH disabled.
 * Return: 0; -EBUSY if there is no room; other negative errno if @skb was
 * dropped.
 */
int sio_packet_send(struct sio_session *sess, struct sio_batch *batch,
		    struct sk_buff *skb, u32 offloads, bool more)
{
	int err;

	rcu_read_lock();
	err = sio_packet_send_rcu(sess, batch, skb, offloads, more);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_GPL(sio_packet_send);

/**
 * struct sio_span_cb - kept in skb->cb of the first part of a large packet
 * @vnet: what is to be done to the whole
 */
struct sio_span_cb {
	struct sio_vnet_hdr vnet;
};

static void sio_packet_drop(struct sio_session *sess, struct sk_buff *skb,
			    enum sio_cnt why)
{
	sio_session_count(sess, why);
	kfree_skb(skb);
}

/* A whole packet, data at the Ethernet header; always consumed */
static void sio_packet_deliver(struct sio_session *sess, u32 dev, u32 gen,
			       struct sk_buff *skb,
			       const struct sio_vnet_hdr *vnet)
{
	if (sio_vnet_reset(skb)) {
		sio_packet_drop(sess, skb, SIO_CNT_DROP_NOMEM);
		return;
	}
	skb_reset_mac_header(skb);
	if (sio_vnet_decode(skb, vnet, SIO_NIC_ALL)) {
		sio_packet_drop(sess, skb, SIO_CNT_DROP_VNET);
		return;
	}
	sio_session_count(sess, SIO_CNT_RX_PACKETS);
	sess->ops->rx_packet(sess, dev, gen, skb);
}

/* The first part of a large packet waits for the next message */
static void sio_packet_keep(struct sio_session *sess, struct sio_flow *flow,
			    struct sk_buff *skb,
			    const struct sio_vnet_hdr *vnet, u64 next_off)
{
	struct sk_buff *old;

	((struct sio_span_cb *)skb->cb)->vnet = *vnet;
	spin_lock(&flow->rx_lock);
	old = flow->span;
	flow->span = skb;
	flow->span_off = next_off;
	spin_unlock(&flow->rx_lock);
	if (old)
		sio_packet_drop(sess, old, SIO_CNT_DROP_SPAN);
}

/* Put two parts together; both are always consumed */
static struct sk_buff *sio_packet_append(struct sk_buff *first,
					 struct sk_buff *second)
{
	u32 len = first->len + second->len;
	struct sk_buff *skb;
	u32 linear, pos = 0;
	unsigned int i;

	linear = min_t(u32, len, SIO_REASM_LINEAR);
	skb = sio_reasm_alloc_skb(linear, len - linear);
	if (!skb)
		goto out_free;
	/* the copy is laid out as one piece: linear part, then pages */
	for (i = 0; i < 2; i++) {
		struct sk_buff *part = i ? second : first;

		if (sio_reasm_copy(skb, pos, part, 0, part->len)) {
			kfree_skb(skb);
			skb = NULL;
			break;
		}
		pos += part->len;
	}
out_free:
	kfree_skb(first);
	kfree_skb(second);
	return skb;
}

static void sio_packet_continue(struct sio_session *sess,
				struct sio_flow *flow, u32 dev, u32 gen,
				struct sk_buff *skb, u64 msg_off)
{
	struct sio_vnet_hdr vnet;
	struct sk_buff *first;

	spin_lock(&flow->rx_lock);
	first = flow->span_off == msg_off ? flow->span : NULL;
	if (first)
		flow->span = NULL;
	spin_unlock(&flow->rx_lock);
	if (!first) {
		sio_packet_drop(sess, skb, SIO_CNT_DROP_SPAN);
		return;
	}
	vnet = ((struct sio_span_cb *)first->cb)->vnet;
	skb = sio_packet_append(first, skb);
	if (skb)
		sio_packet_deliver(sess, dev, gen, skb, &vnet);
	else
		sio_session_count(sess, SIO_CNT_DROP_NOMEM);
}

/* The only record of a message: the packet stays where it is */
static void sio_packet_rx_one(struct sio_session *sess, struct sio_flow *flow,
			      struct sk_buff *skb)
{
	u32 pull = SIO_PACKET_HDR_LEN, rec_len, left;
	const struct sio_rec_packet *rec;
	const struct sio_msg_hdr *hdr;
	struct sio_vnet_hdr vnet;
	u64 msg_off, next_off;
	u32 dev, gen;
	u8 flags;

	if (!pskb_may_pull(skb, pull))
		goto drop;
	hdr = (const struct sio_msg_hdr *)skb->data;
	rec = (const struct sio_rec_packet *)(hdr + 1);
	left = skb->len - sizeof(*hdr);
	rec_len = le32_to_cpu(rec->rec.len);
	if (rec->rec.type != SIO_REC_PACKET ||
	    sio_rec_check(&rec->rec, left) ||
	    ALIGN(rec_len, SIO_REC_ALIGN) < left)
		goto drop;
	flags = rec->rec.flags;
	vnet = rec->vnet;
	dev = le32_to_cpu(hdr->dev);
	gen = le32_to_cpu(hdr->gen);
	msg_off = le64_to_cpu(hdr->offset);
	next_off = msg_off + skb->len;
	if (pskb_trim(skb, sizeof(*hdr) + rec_len))
		goto drop;
	__skb_pull(skb, pull);
	if (flags == SIO_REC_F_MORE)
		sio_packet_keep(sess, flow, skb, &vnet, next_off);
	else if (flags == SIO_REC_F_CONT)
		sio_packet_continue(sess, flow, dev, gen, skb, msg_off);
	else if (!flags)
		sio_packet_deliver(sess, dev, gen, skb, &vnet);
	else
		goto drop;
	return;
drop:
	sio_packet_drop(sess, skb, SIO_CNT_DROP_RECORD);
}

/* One of several records: copied out */
static enum sio_cnt sio_packet_rx_rec(struct sio_session *sess, u32 dev,
				      u32 gen, const struct sk_buff *skb,
				      u32 pos, u32 *rec_len)
{
	struct sio_rec_packet buf;
	const struct sio_rec_packet *rec;
	struct sk_buff *packet;
	enum sio_cnt why;
	u32 len;

	rec = skb_header_pointer(skb, pos, sizeof(buf), &buf);
	if (!rec || rec->rec.type != SIO_REC_PACKET || rec->rec.flags)
		return SIO_CNT_DROP_RECORD;
	why = sio_rec_check(&rec->rec, skb->len - pos);
	if (why)
		return why;
	*rec_len = le32_to_cpu(rec->rec.len);
	len = *rec_len - sizeof(*rec);
	packet = netdev_alloc_skb_ip_align(NULL, len);
	if (!packet)
		return SIO_CNT_DROP_NOMEM;
	if (skb_copy_bits(skb, pos + sizeof(*rec), skb_put(packet, len), len)) {
		kfree_skb(packet);
		return SIO_CNT_DROP_RECORD;
	}
	sio_packet_deliver(sess, dev, gen, packet, &rec->vnet);
	return SIO_CNT_NONE;
}

/**
 * sio_packet_rx() - a message of packets
 * @sess: the flow's session
 * @flow: found under rcu_read_lock()
 * @skb: data at its believed header; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_packet_rx(struct sio_session *sess, struct sio_flow *flow,
		   struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	u32 dev = le32_to_cpu(hdr->dev), gen = le32_to_cpu(hdr->gen);
	u32 pos = sizeof(*hdr), rec_len = 0;
	unsigned int i, nr = hdr->nr_recs;
	enum sio_cnt why = SIO_CNT_NONE;

	if (nr == 1) {
		sio_packet_rx_one(sess, flow, skb);
		return;
	}
	for (i = 0; i < nr && !why; i++) {
		why = sio_packet_rx_rec(sess, dev, gen, skb, pos, &rec_len);
		pos += ALIGN(rec_len, SIO_REC_ALIGN);
	}
	if (why)
		sio_packet_drop(sess, skb, why);
	else
		consume_skb(skb);
}
