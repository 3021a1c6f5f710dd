// SPDX-License-Identifier: GPL-2.0
/* Requests of a disk: into slots, and out to the session. */
#include <linux/nospec.h>

#include "blk.h"
#include "fe.h"
#include "proto/flow.h"
#include "proto/hdr.h"

static void __sio_fe_blkq_to(const struct sio_fe_blkq *q, int slot,
			     struct sio_req_to *to)
{
	lockdep_assert_held(&q->lock);
	to->dev = q->disk->handle;
	to->gen = q->disk->gen;
	to->epoch = q->epoch;
	to->slot_seq = sio_slot_seq(&q->slots, slot);
	to->slot = q->base + slot;
	to->queue = q->idx;
	to->has_crc = le32_to_cpu(q->disk->rec.flags) & SIO_BLK_F_CRC;
}

/* Run the timer no later than at @due_us */
static void __sio_fe_blkq_arm(struct sio_fe_blkq *q, u64 due_us)
{
	u64 now_us = sio_fe_now_us();

	lockdep_assert_held(&q->lock);
	if (due_us >= q->armed_us)
		return;
	q->armed_us = due_us;
	hrtimer_start(&q->timer,
		      ns_to_ktime((max(due_us, now_us) - now_us) *
				  NSEC_PER_USEC), HRTIMER_MODE_REL_SOFT);
}

/**
 * __sio_fe_blkq_want() - there is something to send, when there is room
 * @q: its lock is held
 * @req: has a slot in it
 */
void __sio_fe_blkq_want(struct sio_fe_blkq *q, struct sio_fe_req *req)
{
	lockdep_assert_held(&q->lock);
	if (list_empty(&req->node))
		list_add_tail(&req->node, &q->unsent);
}

static bool __sio_fe_blkq_is_blocked(const struct sio_fe_blkq *q)
{
	return !q->epoch || sio_req_is_blocked(q->disk->sess, q->idx);
}

/*
 * Send a message about a request, with data if there are any. Pages are
 * referred to: a frame that leaves late is told of by its cookie.
 */
static int __sio_fe_req_send(struct sio_fe_blkq *q, struct request *rq,
			     struct sk_buff *skb,
			     const struct sio_fe_span *span)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);
	struct sio_req_sent sent;
	struct sio_req_to to;
	void *cookie = NULL;
	int refers, err;

	lockdep_assert_held(&q->lock);
	if (!skb)
		return -ENOMEM;
	refers = sio_fe_span_add(span, skb);
	if (refers < 0) {
		kfree_skb(skb);
		return refers;
	}
	__sio_fe_blkq_to(q, req->slot, &to);
	if (refers) {
		cookie = (void *)((unsigned long)req | SIO_FE_COOKIE_BLK);
		atomic_inc(&q->disk->nr_frames);
		atomic_inc(&req->nr_frames);
	}
	err = sio_req_send(q->disk->sess, &to, skb, cookie, &sent);
	if (err && refers)
		sio_fe_blk_frame_done(cookie, 1);
	if (err)
		return err;
	if (req->sent.epoch == sent.epoch)
		sent.left = req->sent.left;
	req->sent = sent;
	return 0;
}

static u8 sio_fe_req_op(const struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		return SIO_BLK_READ;
	case REQ_OP_WRITE:
		return SIO_BLK_WRITE;
	case REQ_OP_FLUSH:
		return SIO_BLK_FLUSH;
	case REQ_OP_DISCARD:
		return SIO_BLK_DISCARD;
	case REQ_OP_WRITE_ZEROES:
		return SIO_BLK_ZEROES;
	default:
		return SIO_BLK_NR;
	}
}

/**
 * __sio_fe_req_step() - describe a request to a tracepoint
 * @q: its lock is held
 * @rq: has, or had a moment ago, a slot in it
 * @step: gets the description
 */
void __sio_fe_req_step(const struct sio_fe_blkq *q, struct request *rq,
		       struct sio_req_step *step)
{
	const struct sio_fe_req *req = sio_fe_req_of(rq);

	lockdep_assert_held(&q->lock);
	*step = (struct sio_req_step) {
		.dev = q->disk->handle,
		.seq = q->mem[req->slot].seq,
		.slot = q->base + req->slot,
		.op = sio_fe_req_op(rq),
		.status = (__force u8)req->status,
		.sector = req_op(rq) == REQ_OP_FLUSH ? 0 : blk_rq_pos(rq),
		.bytes = blk_rq_bytes(rq),
	};
}

static u8 sio_fe_req_flags(const struct request *rq)
{
	if (req_op(rq) == REQ_OP_WRITE && rq->cmd_flags & REQ_FUA)
		return SIO_BLK_REQ_F_FUA;
	if (req_op(rq) == REQ_OP_WRITE_ZEROES && !(rq->cmd_flags & REQ_NOUNMAP))
		return SIO_BLK_REQ_F_UNMAP;
	return 0;
}

/* Bytes from the beginning of a read that are here, if more are missing */
static u32 sio_fe_req_skip(const struct request *rq,
			   const struct sio_fe_req *req)
{
	if (req_op(rq) != REQ_OP_READ)
		return 0;
	return find_first_zero_bit(req->got, DIV_ROUND_UP(blk_rq_bytes(rq),
							  SIO_BLK_PART)) *
	       SIO_BLK_PART;
}

/**
 * __sio_fe_req_arm() - wait for an answer from now on
 * @q: its lock is held
 * @req: has a slot in it
 */
void __sio_fe_req_arm(struct sio_fe_blkq *q, struct sio_fe_req *req)
{
	u64 due_us = sio_fe_now_us() + req->rto_us;

	lockdep_assert_held(&q->lock);
	sio_slot_arm(&q->slots, req->slot, due_us);
	__sio_fe_blkq_arm(q, due_us);
}

/* The request itself, with the first of its data if they are wanted */
static int __sio_fe_req_send_req(struct sio_fe_blkq *q, struct request *rq)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);
	struct sio_fe_span span = { .rq = rq };
	struct sio_rec_blk_req *rec;
	struct sk_buff *skb;
	int err;

	lockdep_assert_held(&q->lock);
	if (req->wants_data)
		span.len = min(blk_rq_bytes(rq),
			       sio_req_data_max(q->disk->sess, q->idx));
	skb = sio_req_alloc(SIO_MSG_BLK_REQ, SIO_REC_BLK_REQ, sizeof(*rec),
			    span.len);
	if (skb) {
		rec = (struct sio_rec_blk_req *)
		      (skb->data + sizeof(struct sio_msg_hdr));
		rec->op = sio_fe_req_op(rq);
		rec->flags = sio_fe_req_flags(rq);
		rec->skip = cpu_to_le32(sio_fe_req_skip(rq, req));
		if (rec->op != SIO_BLK_FLUSH) {
			rec->sector = cpu_to_le64(blk_rq_pos(rq));
			rec->len = cpu_to_le32(blk_rq_bytes(rq));
		}
	}
	memset(&req->sent, 0, sizeof(req->sent));
	err = __sio_fe_req_send(q, rq, skb, &span);
	if (err)
		return err;
	if (!req->tries)
		req->sent_us = sio_fe_now_us();
	req->rto_us = req->tries ? min(req->rto_us * 2, SIO_FE_RTO_MAX_US) :
		      max(sio_rtt_rto(&q->rtt),
			  sio_req_rto_us(q->disk->sess, q->idx));
	sio_session_count(q->disk->sess, req->tries ? SIO_CNT_REQ_RESENT :
						      SIO_CNT_REQ_SENT);
	if (req->tries)
		q->stats.resent++;
	req->tries++;
	req->wants_req = false;
	req->wants_data = false;
	__sio_fe_req_arm(q, req);
	return 0;
}

/* Some of the data that were asked for */
static int __sio_fe_req_send_data(struct sio_fe_blkq *q, struct request *rq)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);
	struct sio_fe_span span = { .rq = rq, .off = req->pull_off };
	struct sio_rec_blk_span *rec;
	struct sk_buff *skb;
	int err;

	lockdep_assert_held(&q->lock);
	span.len = min(req->pull_end - req->pull_off,
		       sio_req_data_max(q->disk->sess, q->idx));
	if (!span.len)
		return -ENOTCONN;
	skb = sio_req_alloc(SIO_MSG_BLK_DATA, SIO_REC_BLK_SPAN, sizeof(*rec),
			    span.len);
	if (skb) {
		rec = (struct sio_rec_blk_span *)
		      (skb->data + sizeof(struct sio_msg_hdr));
		rec->off = cpu_to_le32(span.off);
		rec->len = cpu_to_le32(span.len);
	}
	err = __sio_fe_req_send(q, rq, skb, &span);
	if (!err)
		req->pull_off += span.len;
	return err;
}

/**
 * __sio_fe_blkq_flush() - send what waits, in order, while there is room
 * @q: its lock is held
 */
void __sio_fe_blkq_flush(struct sio_fe_blkq *q)
{
	struct sio_fe_req *req;
	struct request *rq;
	int err = 0;

	lockdep_assert_held(&q->lock);
	while (!list_empty(&q->unsent) && !__sio_fe_blkq_is_blocked(q)) {
		req = list_first_entry(&q->unsent, struct sio_fe_req, node);
		rq = blk_mq_rq_from_pdu(req);
		if (req->wants_req)
			err = __sio_fe_req_send_req(q, rq);
		else if (req->pull_off < req->pull_end)
			err = __sio_fe_req_send_data(q, rq);
		if (err)
			break;
		if (!req->wants_req && req->pull_off >= req->pull_end)
			list_del_init(&req->node);
	}
	if (err == -ENOMEM)
		__sio_fe_blkq_arm(q, sio_fe_now_us() + SIO_FE_RTO_US);
}

/**
 * __sio_fe_req_resend() - send a request once more
 * @q: its lock is held
 * @req: has a slot in it; its data are asked for if they are missing
 */
void __sio_fe_req_resend(struct sio_fe_blkq *q, struct sio_fe_req *req)
{
	lockdep_assert_held(&q->lock);
	sio_fe_trace(resend, q, blk_mq_rq_from_pdu(req));
	req->wants_req = true;
	req->wants_data = false;
	req->pull_off = 0;
	req->pull_end = 0;
	memset(&req->sent, 0, sizeof(req->sent));
	sio_slot_arm(&q->slots, req->slot, SIO_SLOT_NEVER);
	__sio_fe_blkq_want(q, req);
}

static enum hrtimer_restart sio_fe_blkq_timer(struct hrtimer *timer)
{
	struct sio_fe_blkq *q = container_of(timer, struct sio_fe_blkq, timer);
	u64 next_us = SIO_SLOT_NEVER;
	int slot;

	spin_lock_bh(&q->lock);
	q->armed_us = SIO_SLOT_NEVER;
	if (q->epoch) {
		while ((slot = sio_slot_due(&q->slots, sio_fe_now_us(),
					    &next_us)) >= 0)
			__sio_fe_req_resend(q, sio_fe_req_of
					    (sio_slot_req(&q->slots, slot)));
		__sio_fe_blkq_flush(q);
		sio_slot_due(&q->slots, 0, &next_us);
		if (next_us != SIO_SLOT_NEVER)
			__sio_fe_blkq_arm(q, next_us);
	}
	spin_unlock_bh(&q->lock);
	return HRTIMER_NORESTART;
}

static void sio_fe_req_begin(struct sio_fe_req *req, struct request *rq)
{
	struct sio_fe_disk *disk = req->disk;

	req->status = BLK_STS_OK;
	req->is_dying = false;
	req->wants_req = true;
	req->tries = 0;
	req->is_known = false;
	req->pull_off = 0;
	req->pull_end = 0;
	memset(&req->sent, 0, sizeof(req->sent));
	if (req_op(rq) == REQ_OP_READ)
		bitmap_zero(req->got, SIO_FE_PARTS_MAX);
	if (req_op(rq) == REQ_OP_FLUSH)
		req->mark = atomic64_read(&disk->nr_written);
}

static blk_status_t __sio_fe_blkq_take(struct sio_fe_blkq *q,
				       struct request *rq)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);
	u32 unasked = 0;

	lockdep_assert_held(&q->lock);
	/* set before sio_fe_blk_fail_all() looks at what is here */
	if (READ_ONCE(q->disk->is_gone) || READ_ONCE(q->disk->is_failing))
		return BLK_STS_IOERR;
	/* what a volatile cache lost is told to the next who asks */
	if (req_op(rq) == REQ_OP_FLUSH && xchg(&q->disk->has_lost, false))
		return BLK_STS_IOERR;
	if (req_op(rq) == REQ_OP_WRITE)
		unasked = min_t(u32, blk_rq_bytes(rq), SIO_REQ_DATA_MAX);
	req->slot = sio_slot_take(&q->slots, unasked, sio_fe_now_us(), rq);
	if (req->slot == -EDQUOT || req->slot == -EMSGSIZE) {
		unasked = 0;
		req->slot = sio_slot_take(&q->slots, 0, sio_fe_now_us(), rq);
	}
	if (req->slot < 0)
		return BLK_STS_RESOURCE;
	req->wants_data = unasked;
	sio_fe_trace(queue, q, rq);
	__sio_fe_blkq_want(q, req);
	return BLK_STS_OK;
}

/* Requests stay in their slots while the session is down */
static blk_status_t sio_fe_blk_queue_rq(struct blk_mq_hw_ctx *hctx,
					const struct blk_mq_queue_data *bd)
{
	struct sio_fe_blkq *q = hctx->driver_data;
	struct request *rq = bd->rq;
	blk_status_t err;

	if (sio_fe_req_op(rq) == SIO_BLK_NR)
		return BLK_STS_NOTSUPP;
	sio_fe_req_begin(sio_fe_req_of(rq), rq);
	blk_mq_start_request(rq);
	spin_lock_bh(&q->lock);
	err = __sio_fe_blkq_take(q, rq);
	if (!err)
		__sio_fe_blkq_flush(q);
	spin_unlock_bh(&q->lock);
	return err;
}

/*
 * A loop device offers what the file system below it turns out not to have;
 * who asked for zeroes writes them if the queue says that it cannot.
 */
static void sio_fe_blk_lacks(struct request *rq)
{
	if (req_op(rq) == REQ_OP_DISCARD)
		blk_queue_disable_discard(rq->q);
	else if (req_op(rq) == REQ_OP_WRITE_ZEROES)
		blk_queue_disable_write_zeroes(rq->q);
	rq->rq_flags |= RQF_QUIET;
}

static void sio_fe_blk_complete(struct request *rq)
{
	blk_status_t status = sio_fe_req_of(rq)->status;

	if (status == BLK_STS_NOTSUPP)
		sio_fe_blk_lacks(rq);
	blk_mq_end_request(rq, status);
}

/* A disk that is far away is waited for as long as its policy says */
static enum blk_eh_timer_return sio_fe_blk_timeout(struct request *rq)
{
	return BLK_EH_RESET_TIMER;
}

static int sio_fe_blk_init_hctx(struct blk_mq_hw_ctx *hctx, void *priv,
				unsigned int idx)
{
	struct sio_fe_disk *disk = priv;

	hctx->driver_data = &disk->queues[idx];
	return 0;
}

static int sio_fe_blk_init_request(struct blk_mq_tag_set *set,
				   struct request *rq, unsigned int hctx_idx,
				   unsigned int numa_node)
{
	struct sio_fe_req *req = sio_fe_req_of(rq);

	req->disk = set->driver_data;
	INIT_LIST_HEAD(&req->node);
	atomic_set(&req->nr_frames, 0);
	return 0;
}

const struct blk_mq_ops sio_fe_blk_mq_ops = {
	.queue_rq	= sio_fe_blk_queue_rq,
	.complete	= sio_fe_blk_complete,
	.timeout	= sio_fe_blk_timeout,
	.init_hctx	= sio_fe_blk_init_hctx,
	.init_request	= sio_fe_blk_init_request,
};

/**
 * sio_fe_blkq_init() - have a queue ready
 * @disk: has room for it
 * @idx: its number
 * @nr_slots: slots it has
 * @unasked: bytes of data it may send unasked
 *
 * Return: 0 or -ENOMEM.
 */
int sio_fe_blkq_init(struct sio_fe_disk *disk, unsigned int idx,
		     unsigned int nr_slots, u32 unasked)
{
	struct sio_fe_blkq *q = &disk->queues[idx];

	q->mem = kvcalloc(nr_slots, sizeof(*q->mem), GFP_KERNEL);
	if (!q->mem)
		return -ENOMEM;
	q->disk = disk;
	q->idx = idx;
	q->base = idx * nr_slots;
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->unsent);
	INIT_LIST_HEAD(&q->dying);
	sio_slot_client_init(&q->slots, q->mem, nr_slots, unasked);
	sio_rtt_init(&q->rtt, SIO_FE_RTO_US, SIO_FE_RTO_US, SIO_FE_RTO_MAX_US);
	q->armed_us = SIO_SLOT_NEVER;
	hrtimer_setup(&q->timer, sio_fe_blkq_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	return 0;
}

/**
 * sio_fe_blkq_exit() - let go of what a queue has
 * @q: stopped, nobody finds it any more; or zero
 *
 * Context: process.
 */
void sio_fe_blkq_exit(struct sio_fe_blkq *q)
{
	if (!q->mem)
		return;
	hrtimer_cancel(&q->timer);
	kvfree(q->mem);
}
