// SPDX-License-Identifier: GPL-2.0
/* Messages of the request class: made, sent, and taken apart so far. */
#include <linux/crc32c.h>
#include <linux/export.h>
#include <linux/nospec.h>
#include <linux/skbuff.h>

#include "flow.h"
#include "hdr.h"
#include "req.h"
#include "session.h"
#include "trace.h"

/* Record that a message of each type consists of, and who may send it */
static const struct {
	u8 rec_type;
	u8 rec_len;
	bool by_guest;
} sio_req_rules[] = {
	[SIO_MSG_BLK_REQ] = {
		SIO_REC_BLK_REQ, sizeof(struct sio_rec_blk_req), true
	},
	[SIO_MSG_BLK_RSP] = {
		SIO_REC_BLK_RSP, sizeof(struct sio_rec_blk_rsp), false
	},
	[SIO_MSG_BLK_BUSY] = { 0, 0, false },
	[SIO_MSG_BLK_PULL] = {
		SIO_REC_BLK_SPAN, sizeof(struct sio_rec_blk_span), false
	},
	[SIO_MSG_BLK_DATA] = {
		SIO_REC_BLK_SPAN, sizeof(struct sio_rec_blk_span), true
	},
};

/**
 * sio_req_alloc() - begin a message
 * @type: enum sio_msg_type, of the request class
 * @rec_type: enum sio_rec_type of its only record, 0 for none
 * @rec_len: bytes of the record without data
 * @data_len: bytes of data that the caller will add in fragments
 *
 * The rest of the record is zero and begins after struct sio_msg_hdr.
 *
 * Context: any.
 * Return: the skb, data at the message header, or NULL.
 */
struct sk_buff *sio_req_alloc(u8 type, u8 rec_type, u32 rec_len, u32 data_len)
{
	u32 room = LL_MAX_HEADER + SIO_FRAME_HDR_LEN;
	struct sio_msg_hdr *hdr;
	struct sk_buff *skb;

	skb = alloc_skb(room + sizeof(*hdr) + rec_len,
			GFP_ATOMIC | __GFP_NOWARN | __GFP_MEMALLOC);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	hdr = skb_put(skb, sizeof(*hdr));
	sio_hdr_init(hdr, type, 0);
	if (rec_type) {
		hdr->nr_recs = 1;
		sio_rec_init(skb_put_zero(skb, rec_len), rec_type,
			     rec_len + data_len);
	}
	return skb;
}
EXPORT_SYMBOL_GPL(sio_req_alloc);

static struct sio_flow *sio_req_flow_rcu(struct sio_session *sess, u16 queue)
{
	unsigned int nr = READ_ONCE(sess->nr_flows);

	return nr ? rcu_dereference(sess->flows[queue % nr]) : NULL;
}

/**
 * sio_req_is_blocked() - is there no room for a message?
 * @sess: held, or found under rcu_read_lock()
 * @queue: of the device
 *
 * If there is none, sio_session_ops.tx_wake() will be called once there is.
 *
 * Context: any.
 * Return: true if there is none.
 */
bool sio_req_is_blocked(struct sio_session *sess, u16 queue)
{
	return sio_packet_is_blocked(sess, queue);
}
EXPORT_SYMBOL_GPL(sio_req_is_blocked);

/**
 * sio_req_data_max() - how much data one message takes at the moment
 * @sess: held, or found under rcu_read_lock()
 * @queue: of the device
 *
 * Context: any.
 * Return: bytes, a multiple of SIO_BLK_PART; 0 if the session is down.
 */
u32 sio_req_data_max(struct sio_session *sess, u16 queue)
{
	struct sio_flow *flow;
	u32 max = 0;

	rcu_read_lock();
	flow = sio_req_flow_rcu(sess, queue);
	if (flow)
		max = READ_ONCE(flow->msg_max);
	rcu_read_unlock();
	max = max > SIO_REQ_HDR_LEN ? max - SIO_REQ_HDR_LEN : 0;
	return min_t(u32, round_down(max, SIO_BLK_PART), SIO_REQ_DATA_MAX);
}
EXPORT_SYMBOL_GPL(sio_req_data_max);

/**
 * sio_req_rto_us() - how long to wait for an answer that takes no time
 * @sess: held, or found under rcu_read_lock()
 * @queue: of the device
 *
 * Context: any.
 * Return: microseconds (RFC 6298); 0 if the session is down.
 */
u32 sio_req_rto_us(struct sio_session *sess, u16 queue)
{
	struct sio_flow *flow;
	u32 rto_us = 0;

	rcu_read_lock();
	flow = sio_req_flow_rcu(sess, queue);
	if (flow)
		rto_us = sio_rtt_rto(&flow->rtt);
	rcu_read_unlock();
	return rto_us;
}
EXPORT_SYMBOL_GPL(sio_req_rto_us);

/* CRC32C of what follows the header */
static u32 sio_req_crc(struct sk_buff *skb, u32 crc)
{
	struct skb_seq_state st;
	u32 pos = 0, len;
	const u8 *data;

	skb_prepare_seq_read(skb, sizeof(struct sio_msg_hdr), skb->len, &st);
	while ((len = skb_seq_read(pos, &data, &st))) {
		crc = crc32c(crc, data, len);
		pos += len;
	}
	return crc;
}

static void sio_req_fill(struct sk_buff *skb, const struct sio_req_to *to)
{
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)skb->data;

	hdr->len = cpu_to_le32(skb->len);
	hdr->dev = cpu_to_le32(to->dev);
	hdr->gen = cpu_to_le32(to->gen);
	hdr->epoch = cpu_to_le32(to->epoch);
	hdr->slot_seq = cpu_to_le32(to->slot_seq);
	hdr->slot = cpu_to_le16(to->slot);
	hdr->queue = cpu_to_le16(to->queue);
	if (to->has_crc) {	/* finished when the offset is known */
		hdr->flags |= SIO_MSG_F_CRC;
		hdr->crc = cpu_to_le32(sio_req_crc(skb, ~0));
	}
}

/**
 * sio_req_send() - send a message of the request class
 * @sess: held, or found under rcu_read_lock()
 * @to: what it is about
 * @skb: of sio_req_alloc(), data added; always consumed
 * @cookie: told when the frame has left, as sio_session_ops says; or NULL
 * @sent: gets its place in the flow; may be NULL
 *
 * Whether there is room was the caller's question; small messages need not ask.
 *
 * Context: softirq or process.
 * Return: 0, -ENOMEM, or -ENOTCONN if the session is not in that epoch.
 */
int sio_req_send(struct sio_session *sess, const struct sio_req_to *to,
		 struct sk_buff *skb, void *cookie, struct sio_req_sent *sent)
{
	struct sio_flow *flow;
	int err = -ENOTCONN;
	u32 left, len;

	rcu_read_lock();
	flow = sio_req_flow_rcu(sess, to->queue);
	if (!flow || READ_ONCE(flow->epoch) != to->epoch) {
		kfree_skb(skb);
		goto out_unlock;
	}
	len = skb->len;
	sio_req_fill(skb, to);
	trace_sio_req_tx(sess, (const struct sio_msg_hdr *)skb->data);
	err = sio_tx_req(flow, skb, cookie, &left);
	if (!err && sent)
		*sent = (struct sio_req_sent) {
			.epoch = to->epoch,
			.flow = flow->idx,
			.left = left,
			.right = left + len,
		};
out_unlock:
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_GPL(sio_req_send);

/**
 * sio_req_is_lost() - does the peer miss a part of a message?
 * @sent: where it went
 * @flow: whose peer reports
 * @seg: what it reports
 *
 * Return: true if it does.
 */
bool sio_req_is_lost(const struct sio_req_sent *sent,
		     const struct sio_flow *flow, const struct sio_seg *seg)
{
	return sent->epoch && sent->epoch == READ_ONCE(flow->epoch) &&
	       sent->flow == flow->idx &&
	       sio_seq_has_hole(seg, sent->left, sent->right,
				sio_flow_reorder(flow));
}
EXPORT_SYMBOL_GPL(sio_req_is_lost);

static bool sio_req_crc_holds(struct sk_buff *skb)
{
	struct sio_msg_hdr hdr = *(const struct sio_msg_hdr *)skb->data;
	u32 crc = le32_to_cpu(hdr.crc);

	hdr.crc = 0;
	return ~crc32c(sio_req_crc(skb, ~0), &hdr, sizeof(hdr)) == crc;
}

static enum sio_cnt sio_req_judge(const struct sio_session *sess,
				  struct sk_buff *skb)
{
	u8 type = ((const struct sio_msg_hdr *)skb->data)->type;
	const struct sio_msg_hdr *hdr;
	const struct sio_rec_hdr *rec;
	enum sio_cnt why;
	u32 rec_len;

	type = array_index_nospec(type, ARRAY_SIZE(sio_req_rules));
	if (!sess->ops->rx_req ||
	    sio_req_rules[type].by_guest == sess->is_guest)
		return SIO_CNT_DROP_TYPE;
	rec_len = sio_req_rules[type].rec_len;
	if (!pskb_may_pull(skb, sizeof(*hdr) + rec_len))
		return SIO_CNT_DROP_NOMEM;
	hdr = (const struct sio_msg_hdr *)skb->data;
	if (hdr->flags & SIO_MSG_F_CRC && !sio_req_crc_holds(skb))
		return SIO_CNT_DROP_CRC;
	if (!rec_len)
		return SIO_CNT_NONE;
	rec = (const struct sio_rec_hdr *)(hdr + 1);
	why = sio_rec_check(rec, skb->len - sizeof(*hdr));
	if (why)
		return why;
	if (hdr->nr_recs != 1 || rec->type != sio_req_rules[type].rec_type ||
	    le32_to_cpu(rec->len) != skb->len - sizeof(*hdr))
		return SIO_CNT_DROP_RECORD;
	return SIO_CNT_NONE;
}

/**
 * sio_req_rx() - a message of the request class
 * @sess: the flow's session
 * @flow: found under rcu_read_lock()
 * @skb: data at its believed header; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_req_rx(struct sio_session *sess, struct sio_flow *flow,
		struct sk_buff *skb)
{
	enum sio_cnt why = sio_req_judge(sess, skb);

	if (why) {
		sio_session_count(sess, why);
		kfree_skb(skb);
		return;
	}
	trace_sio_req_rx(sess, (const struct sio_msg_hdr *)skb->data);
	sess->ops->rx_req(sess, skb);
}
