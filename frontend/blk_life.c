// SPDX-License-Identifier: GPL-2.0
/* Requests of a disk when sessions come and go, or patience ends. */
#include <linux/nospec.h>

#include "blk.h"
#include "fe.h"
#include "proto/flow.h"
#include "proto/hdr.h"

/**
 * sio_fe_blk_lost() - the peer misses bytes of a flow
 * @disk: one of its disks
 * @flow: the flow
 * @seg: what it has and has not
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_fe_blk_lost(struct sio_fe_disk *disk, const struct sio_flow *flow,
		     const struct sio_seg *seg)
{
	struct sio_fe_blkq *q;
	struct sio_fe_req *req;
	unsigned int i;
	int slot;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock(&q->lock);
		for (slot = sio_slot_next(&q->slots, 0); slot >= 0;
		     slot = sio_slot_next(&q->slots, slot + 1)) {
			req = sio_fe_req_of(sio_slot_req(&q->slots, slot));
			if (sio_req_is_lost(&req->sent, flow, seg))
				__sio_fe_req_resend(q, req);
		}
		__sio_fe_blkq_flush(q);
		spin_unlock(&q->lock);
	}
}

/**
 * sio_fe_blk_wake() - a flow has room again
 * @disk: found under rcu_read_lock()
 *
 * Context: any; the caller may be sending.
 */
void sio_fe_blk_wake(struct sio_fe_disk *disk)
{
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++)
		if (!list_empty_careful(&disk->queues[i].unsent))
			hrtimer_start(&disk->queues[i].timer, 0,
				      HRTIMER_MODE_REL_SOFT);
}

/**
 * sio_fe_blk_frame_done() - frames that refer to a request's pages have left
 * @cookie: the request
 * @frames: how many
 *
 * Context: any, under rcu_read_lock().
 */
void sio_fe_blk_frame_done(void *cookie, u32 frames)
{
	struct sio_fe_req *req = (struct sio_fe_req *)((unsigned long)cookie &
						       ~SIO_FE_COOKIE_BLK);
	struct sio_fe_disk *disk = req->disk;

	/* pairs with smp_mb() in __sio_fe_req_abandon() */
	if (!atomic_sub_return(frames, &req->nr_frames) &&
	    READ_ONCE(req->is_dying))
		sio_fe_blk_end_soon(disk);
	if (!atomic_sub_return(frames, &disk->nr_frames))
		wake_up_all(&disk->no_frames);
}

static void sio_fe_req_end_list(struct list_head *list)
{
	struct sio_fe_req *req, *next;

	list_for_each_entry_safe(req, next, list, node) {
		list_del_init(&req->node);
		blk_mq_complete_request(blk_mq_rq_from_pdu(req));
	}
}

/* End a request without an answer, at once or when its frames are gone */
static void __sio_fe_req_abandon(struct sio_fe_blkq *q, int slot,
				 blk_status_t status, struct list_head *ended)
{
	struct request *rq = sio_slot_abandon(&q->slots, slot);
	struct sio_fe_req *req = sio_fe_req_of(rq);

	lockdep_assert_held(&q->lock);
	req->status = status;
	q->stats.errors++;
	sio_fe_trace(quarantine, q, rq);
	WRITE_ONCE(req->is_dying, true);
	/* pairs with the barrier of sio_fe_blk_frame_done() */
	smp_mb();
	list_del_init(&req->node);
	list_add_tail(&req->node, atomic_read(&req->nr_frames) ? &q->dying :
								 ended);
}

/**
 * sio_fe_blk_fail_all() - end all requests without an answer
 * @disk: takes no new ones
 * @status: what they end with
 *
 * Their slots are in quarantine until the peer is fenced.
 *
 * Context: process.
 */
void sio_fe_blk_fail_all(struct sio_fe_disk *disk, blk_status_t status)
{
	struct sio_fe_blkq *q;
	LIST_HEAD(ended);
	unsigned int i;
	int slot;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		for (slot = sio_slot_next(&q->slots, 0); slot >= 0;
		     slot = sio_slot_next(&q->slots, slot + 1))
			__sio_fe_req_abandon(q, slot, status, &ended);
		spin_unlock_bh(&q->lock);
	}
	sio_fe_req_end_list(&ended);
}

/**
 * sio_fe_blk_fail_flushes() - fail the flushes that wait and cover lost writes
 * @disk: stopped
 * @flushed: writes answered that were not lost
 * @written: writes answered, lost or not
 *
 * Executed now they would succeed, as there is nothing left to be flushed.
 *
 * Context: process.
 * Return: true if that tells of all that was lost.
 */
bool sio_fe_blk_fail_flushes(struct sio_fe_disk *disk, u64 flushed, u64 written)
{
	bool tells_all = false;
	struct sio_fe_blkq *q;
	struct request *rq;
	LIST_HEAD(ended);
	unsigned int i;
	u64 mark;
	int slot;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		for (slot = sio_slot_next(&q->slots, 0); slot >= 0;
		     slot = sio_slot_next(&q->slots, slot + 1)) {
			rq = sio_slot_req(&q->slots, slot);
			mark = sio_fe_req_of(rq)->mark;
			if (req_op(rq) != REQ_OP_FLUSH || mark <= flushed)
				continue;
			tells_all |= mark == written;
			__sio_fe_req_abandon(q, slot, BLK_STS_IOERR, &ended);
		}
		spin_unlock_bh(&q->lock);
	}
	sio_fe_req_end_list(&ended);
	return tells_all;
}

/**
 * sio_fe_blk_end_dying() - end the requests whose frames are gone
 * @disk: some were abandoned
 *
 * Context: process.
 */
void sio_fe_blk_end_dying(struct sio_fe_disk *disk)
{
	struct sio_fe_req *req, *next;
	struct sio_fe_blkq *q;
	LIST_HEAD(ended);
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		list_for_each_entry_safe(req, next, &q->dying, node)
			if (!atomic_read(&req->nr_frames))
				list_move_tail(&req->node, &ended);
		spin_unlock_bh(&q->lock);
	}
	sio_fe_req_end_list(&ended);
}

/**
 * sio_fe_blk_stop() - send nothing: the session is down, or about to change
 * @disk: its requests stay where they are
 *
 * Context: process.
 */
void sio_fe_blk_stop(struct sio_fe_disk *disk)
{
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++) {
		spin_lock_bh(&disk->queues[i].lock);
		disk->queues[i].epoch = 0;
		spin_unlock_bh(&disk->queues[i].lock);
	}
}

/**
 * sio_fe_blk_go() - the peer has the disk ready: send what waits
 * @disk: stopped, its handle is valid
 * @epoch: of the session
 * @is_new: another incarnation or disk, that knows of no request
 *
 * The peer has fenced what was before, so quarantines end.
 *
 * Context: process.
 */
void sio_fe_blk_go(struct sio_fe_disk *disk, u32 epoch, bool is_new)
{
	struct sio_fe_req *req;
	struct sio_fe_blkq *q;
	unsigned int i;
	int slot;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		q->epoch = epoch;
		if (is_new)
			sio_slot_reset(&q->slots);
		else
			sio_slot_fence(&q->slots);
		for (slot = sio_slot_next(&q->slots, 0); slot >= 0;
		     slot = sio_slot_next(&q->slots, slot + 1)) {
			req = sio_fe_req_of(sio_slot_req(&q->slots, slot));
			req->sent_us = sio_fe_now_us();
			req->is_known = false;
			if (req->tries)
				__sio_fe_req_resend(q, req);
		}
		__sio_fe_blkq_flush(q);
		spin_unlock_bh(&q->lock);
	}
}

/**
 * sio_fe_blk_done() - what a peer that leaves has executed
 * @disk: the disk
 * @done: entries, not believed yet
 * @nr: how many
 *
 * Context: process.
 */
void sio_fe_blk_done(struct sio_fe_disk *disk, const struct sio_blk_done *done,
		     unsigned int nr)
{
	u32 per_queue = disk->queues[0].slots.nr;
	struct request *rq;
	struct sio_fe_blkq *q;
	u32 slot;

	for (; nr; nr--, done++) {
		slot = le16_to_cpu(done->slot);
		if (slot >= per_queue * disk->nr_queues)
			continue;
		slot = array_index_nospec(slot, per_queue * disk->nr_queues);
		q = &disk->queues[slot / per_queue];
		slot %= per_queue;
		spin_lock_bh(&q->lock);
		rq = sio_slot_req(&q->slots, slot);
		if (rq && req_op(rq) != REQ_OP_READ &&
		    sio_slot_seq(&q->slots, slot) ==
		    le32_to_cpu(done->slot_seq))
			rq = __sio_fe_blkq_answer(q, slot, done->status);
		else
			rq = NULL;
		spin_unlock_bh(&q->lock);
		if (rq)
			blk_mq_complete_request(rq);
	}
}
