// SPDX-License-Identifier: GPL-2.0
/* What the peer says of a disk's requests. */
#include <linux/nospec.h>

#include "blk.h"
#include "fe.h"
#include "proto/flow.h"
#include "proto/hdr.h"

static blk_status_t sio_fe_req_status(u8 status)
{
	switch (status) {
	case SIO_BLK_S_OK:
		return BLK_STS_OK;
	case SIO_BLK_S_UNSUPP:
		return BLK_STS_NOTSUPP;
	case SIO_BLK_S_NOSPC:
		return BLK_STS_NOSPC;
	case SIO_BLK_S_MEDIUM:
		return BLK_STS_MEDIUM;
	default:
		return BLK_STS_IOERR;
	}
}

/**
 * __sio_fe_blkq_answer() - the answer to a request is whole
 * @q: its lock is held
 * @slot: where the request is, which is free afterwards
 * @status: enum sio_blk_status
 *
 * Return: the request, to be completed without the lock.
 */
struct request *__sio_fe_blkq_answer(struct sio_fe_blkq *q, int slot,
				     u8 status)
{
	u64 now_us = sio_fe_now_us(), us = now_us - q->mem[slot].taken_us;
	struct sio_fe_req *req;
	struct request *rq;

	lockdep_assert_held(&q->lock);
	rq = sio_slot_answer(&q->slots, slot, q->mem[slot].seq);
	req = sio_fe_req_of(rq);
	list_del_init(&req->node);
	req->status = sio_fe_req_status(status);
	/* if it was sent twice, the answer may be to either (Karn) */
	if (req->tries == 1 || (req->tries && req->is_known))
		sio_rtt_sample(&q->rtt, now_us - req->sent_us);
	__sio_fe_blkq_account(q, rq, us);
	sio_fe_trace(complete, q, rq);
	return rq;
}

/* A part of a read; returns true if it is whole now */
static bool __sio_fe_req_got(struct sio_fe_blkq *q, struct request *rq, u32 off,
			     const struct sk_buff *skb, u32 at, u32 len)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);
	u32 all = DIV_ROUND_UP(blk_rq_bytes(rq), SIO_BLK_PART);
	u32 from = off / SIO_BLK_PART, nr = DIV_ROUND_UP(len, SIO_BLK_PART);

	lockdep_assert_held(&q->lock);
	if (find_next_zero_bit(req->got, from + nr, from) < from + nr) {
		sio_fe_req_copy(rq, off, skb, at, len);
		bitmap_set(req->got, from, nr);
	}
	return find_first_zero_bit(req->got, all) >= all;
}

/**
 * struct sio_fe_rx - a message from the peer
 * @q: the queue, locked
 * @slot: in @q
 * @rq: request that waits there for an answer with that sequence number
 * @skb: the message
 * @done: set to @rq if it is to be ended
 */
struct sio_fe_rx {
	struct sio_fe_blkq *q;
	int slot;
	struct request *rq;
	const struct sk_buff *skb;
	struct request *done;
};

static enum sio_cnt __sio_fe_blk_rsp(struct sio_fe_rx *rx)
{
	u32 at = sizeof(struct sio_msg_hdr) + sizeof(struct sio_rec_blk_rsp);
	const struct sio_rec_blk_rsp *rsp;
	u32 len = rx->skb->len - at, off, all = blk_rq_bytes(rx->rq);

	rsp = (const void *)(rx->skb->data + sizeof(struct sio_msg_hdr));
	off = le32_to_cpu(rsp->off);
	if (memchr_inv(rsp->reserved, 0, sizeof(rsp->reserved)))
		return SIO_CNT_DROP_RESERVED;
	if (rsp->status || req_op(rx->rq) != REQ_OP_READ) {
		if (len || off)
			return SIO_CNT_DROP_RECORD;
		rx->done = __sio_fe_blkq_answer(rx->q, rx->slot, rsp->status);
		return SIO_CNT_NONE;
	}
	if (!len || off % SIO_BLK_PART || off >= all || len > all - off ||
	    (len % SIO_BLK_PART && len != all - off))
		return SIO_CNT_DROP_RECORD;
	if (__sio_fe_req_got(rx->q, rx->rq, off, rx->skb, at, len))
		rx->done = __sio_fe_blkq_answer(rx->q, rx->slot, SIO_BLK_S_OK);
	else
		__sio_fe_req_arm(rx->q, sio_fe_req_of(rx->rq));
	return SIO_CNT_NONE;
}

/* It is at it: wait longer */
static enum sio_cnt __sio_fe_blk_busy(struct sio_fe_rx *rx)
{
	struct sio_fe_req *req = sio_fe_req_of(rx->rq);

	sio_session_count(rx->q->disk->sess, SIO_CNT_REQ_BUSY);
	req->is_known = true;
	req->rto_us = max(req->rto_us, SIO_FE_RTO_BUSY_US);
	if (!req->wants_req)
		__sio_fe_req_arm(rx->q, req);
	return SIO_CNT_NONE;
}

static enum sio_cnt __sio_fe_blk_pull(struct sio_fe_rx *rx)
{
	struct sio_fe_req *req = sio_fe_req_of(rx->rq);
	u32 off, len, all = blk_rq_bytes(rx->rq);
	const struct sio_rec_blk_span *span;

	span = (const void *)(rx->skb->data + sizeof(struct sio_msg_hdr));
	off = le32_to_cpu(span->off);
	len = le32_to_cpu(span->len);
	if (req_op(rx->rq) != REQ_OP_WRITE || !len || off % SIO_BLK_PART ||
	    off >= all || len > all - off ||
	    (len % SIO_BLK_PART && len != all - off))
		return SIO_CNT_DROP_RECORD;
	sio_session_count(rx->q->disk->sess, SIO_CNT_REQ_PULLED);
	req->pull_off = off;
	req->pull_end = off + len;
	if (!req->wants_req)
		__sio_fe_req_arm(rx->q, req);
	__sio_fe_blkq_want(rx->q, req);
	__sio_fe_blkq_flush(rx->q);
	return SIO_CNT_NONE;
}

static enum sio_cnt __sio_fe_blk_rx_slot(struct sio_fe_rx *rx,
					 const struct sio_msg_hdr *hdr)
{
	u32 seq = le32_to_cpu(hdr->slot_seq);

	lockdep_assert_held(&rx->q->lock);
	if (le32_to_cpu(hdr->epoch) != rx->q->epoch)
		return SIO_CNT_DROP_EPOCH;
	rx->rq = sio_slot_req(&rx->q->slots, rx->slot);
	if (!rx->rq || sio_slot_seq(&rx->q->slots, rx->slot) != seq) {
		/* an answer ends the quarantine of an abandoned slot */
		if (hdr->type == SIO_MSG_BLK_RSP)
			sio_slot_answer(&rx->q->slots, rx->slot, seq);
		return SIO_CNT_DROP_SLOT;
	}
	switch (hdr->type) {
	case SIO_MSG_BLK_RSP:
		return __sio_fe_blk_rsp(rx);
	case SIO_MSG_BLK_BUSY:
		return __sio_fe_blk_busy(rx);
	default:
		return __sio_fe_blk_pull(rx);
	}
}

static enum sio_cnt sio_fe_blk_rx_disk(struct sio_fe_disk *disk,
				       const struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	u32 slot = le16_to_cpu(hdr->slot), nr = disk->queues[0].slots.nr;
	struct sio_fe_rx rx = { .skb = skb };
	enum sio_cnt why;

	if (le32_to_cpu(hdr->gen) != READ_ONCE(disk->gen))
		return SIO_CNT_DROP_DEV;
	if (le32_to_cpu(disk->rec.flags) & SIO_BLK_F_CRC &&
	    !(hdr->flags & SIO_MSG_F_CRC))
		return SIO_CNT_DROP_CRC;
	if (slot >= nr * disk->nr_queues)
		return SIO_CNT_DROP_SLOT;
	slot = array_index_nospec(slot, nr * disk->nr_queues);
	rx.q = &disk->queues[slot / nr];
	rx.slot = slot % nr;
	spin_lock(&rx.q->lock);
	why = __sio_fe_blk_rx_slot(&rx, hdr);
	spin_unlock(&rx.q->lock);
	if (rx.done)
		blk_mq_complete_request(rx.done);
	return why;
}

/**
 * sio_fe_blk_rx() - a message of the request class from the peer
 * @sess: session
 * @skb: as sio_session_ops.rx_req() says; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_fe_blk_rx(struct sio_session *sess, struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	enum sio_cnt why = SIO_CNT_DROP_DEV;
	struct sio_fe_dev *dev;

	dev = xa_load(&sio_fe_sess_of(sess)->handles, le32_to_cpu(hdr->dev));
	if (dev && dev->disk)
		why = sio_fe_blk_rx_disk(dev->disk, skb);
	if (why)
		sio_session_count(sess, why);
	kfree_skb(skb);
}
