// SPDX-License-Identifier: GPL-2.0
/* Requests to a disk when guests come and go, or frames get lost. */
#include <linux/nospec.h>

#include "blk.h"
#include "proto/flow.h"
#include "proto/hdr.h"

/* Disks are closed here: the module waits for it, and it for their workers */
static struct workqueue_struct *sio_be_blk_wq;

/* Lost answers are sent again; a lost question is asked again */
static void sio_be_req_lost(struct sio_be_req *req)
{
	enum sio_be_req_todo todo = SIO_BE_REQ_TODO_DROP;
	struct sio_be_disk *disk = req->disk;

	spin_lock_bh(&disk->lock);
	memset(&req->sent, 0, sizeof(req->sent));
	if (disk->is_closing) {
		/* nothing begins any more, not even for the second time */
	} else if (req->state == SIO_BE_REQ_PULLING) {
		todo = SIO_BE_REQ_TODO_PULL;
	} else if (req->state == SIO_BE_REQ_DONE) {
		this_cpu_inc(disk->stats->again);
		req->is_again = true;
		sio_be_trace(replay, req);
		todo = req->op == SIO_BLK_READ && !req->status ?
		       SIO_BE_REQ_TODO_QUEUE : SIO_BE_REQ_TODO_ANSWER;
		__sio_be_req_set_state(req, todo == SIO_BE_REQ_TODO_QUEUE ?
					    SIO_BE_REQ_RECEIVED :
					    SIO_BE_REQ_ANSWERING);
	}
	spin_unlock_bh(&disk->lock);
	sio_be_req_go_on(req, todo);
}

/**
 * sio_be_blk_lost() - the guest misses bytes of a flow
 * @disk: one of its disks
 * @flow: the flow
 * @seg: what it has and has not
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_be_blk_lost(struct sio_be_disk *disk, const struct sio_flow *flow,
		     const struct sio_seg *seg)
{
	struct sio_be_req *req;
	bool is_lost;
	u16 slot;

	for (slot = 0; slot < disk->slots.nr; slot++) {
		req = &disk->reqs[slot];
		if (!READ_ONCE(req->sent.epoch))
			continue;
		spin_lock(&disk->lock);
		is_lost = sio_req_is_lost(&req->sent, flow, seg);
		spin_unlock(&disk->lock);
		if (is_lost)
			sio_be_req_lost(req);
	}
}

/* Nobody wants it any more, unless it is executed already */
static void __sio_be_req_cancel(struct sio_be_req *req,
				struct sio_be_data *data)
{
	struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	switch (req->state) {
	case SIO_BE_REQ_PULLING:
		__sio_be_req_set_state(req, SIO_BE_REQ_CANCELLED);
		if (!req->copying)
			__sio_be_req_forget(req, data);
		break;
	case SIO_BE_REQ_RECEIVED:	/* in a list whose owner will see it */
		__sio_be_req_set_state(req, SIO_BE_REQ_CANCELLED);
		break;
	default:
		return;
	}
	sio_be_trace(cancel, req);
	if (!req->is_again)
		sio_slot_cancel(&disk->slots, req->slot, req->seq);
}

static void sio_be_req_cancel_all(struct sio_be_disk *disk)
{
	struct sio_be_data data;
	u16 slot;

	for (slot = 0; slot < disk->slots.nr; slot++) {
		memset(&data, 0, sizeof(data));
		spin_lock_bh(&disk->lock);
		__sio_be_req_cancel(&disk->reqs[slot], &data);
		spin_unlock_bh(&disk->lock);
		sio_be_data_free(&data);
	}
}

/**
 * sio_be_blk_epoch() - a guest came, or came back: fence what was before
 * @disk: one of its disks
 * @epoch: that began
 * @peer_nr: number of the guest's incarnation
 *
 * What was not submitted is dropped; the guest sends it again if it wants it
 * still. What was submitted cannot be stopped, so new requests wait for it.
 *
 * Context: process.
 */
void sio_be_blk_epoch(struct sio_be_disk *disk, u32 epoch, u32 peer_nr)
{
	struct sio_be_req *req, *next;
	LIST_HEAD(orphans);

	spin_lock_bh(&disk->lock);
	if (disk->epoch == epoch) {
		spin_unlock_bh(&disk->lock);
		return;
	}
	disk->epoch = 0;	/* nothing new meanwhile */
	spin_unlock_bh(&disk->lock);
	sio_be_req_cancel_all(disk);

	spin_lock_bh(&disk->lock);
	if (disk->peer_nr != peer_nr) {
		sio_slot_server_reset(&disk->slots);
		list_splice_init(&disk->unsent, &orphans);
	} else {
		sio_slot_server_fence(&disk->slots);
	}
	disk->peer_nr = peer_nr;
	disk->fence++;
	disk->fenced = disk->in_flight;
	disk->fence_ns = ktime_get_ns();
	trace_sio_fence(&disk->d.guest->s, disk->d.id, epoch, disk->fenced);
	disk->epoch = epoch;
	spin_unlock_bh(&disk->lock);
	list_for_each_entry_safe(req, next, &orphans, node) {
		list_del_init(&req->node);
		sio_be_req_end(req);
	}
	sio_be_req_flush(disk);
}

/**
 * __sio_be_blk_settle() - let close_work run if nothing is under way
 * @disk: its lock is held
 *
 * The work has a reference of its own: its last run may be under way when it
 * is queued once more, and ends the one that the disk was made with.
 */
void __sio_be_blk_settle(struct sio_be_disk *disk)
{
	lockdep_assert_held(&disk->lock);
	if (!disk->is_closing || disk->is_closed || disk->busy)
		return;
	kref_get(&disk->d.ref);
	if (!queue_work(sio_be_blk_wq, &disk->close_work))
		sio_be_dev_put(&disk->d);
}

/**
 * sio_be_blk_close() - take no more requests
 * @disk: what it has begun goes on; its close_work runs when that has ended
 *
 * Context: process; @disk is held, or found under rcu_read_lock().
 */
void sio_be_blk_close(struct sio_be_disk *disk)
{
	spin_lock_bh(&disk->lock);
	disk->is_closing = true;
	spin_unlock_bh(&disk->lock);
	sio_be_req_cancel_all(disk);
	spin_lock_bh(&disk->lock);
	__sio_be_blk_release(disk);
	if (!list_empty(&disk->unsent))
		sio_be_blk_kick(disk);
	__sio_be_blk_settle(disk);
	spin_unlock_bh(&disk->lock);
}

/**
 * sio_be_blk_wake() - a flow of the guest has room again
 * @disk: found under rcu_read_lock()
 *
 * Context: any, under rcu_read_lock(); the caller may be sending.
 */
void sio_be_blk_wake(struct sio_be_disk *disk)
{
	if (!list_empty_careful(&disk->unsent))
		sio_be_blk_kick(disk);
}

/**
 * sio_be_blk_look() - what is a disk doing?
 * @disk: held
 * @now: gets it
 *
 * Context: any but hard interrupt.
 */
void sio_be_blk_look(struct sio_be_disk *disk, struct sio_be_blk_now *now)
{
	u64 now_ns = ktime_get_ns(), oldest_ns = now_ns;
	const struct sio_be_req *req;
	u16 slot;

	memset(now, 0, sizeof(*now));
	spin_lock_bh(&disk->lock);
	for (slot = 0; slot < disk->slots.nr; slot++) {
		req = &disk->reqs[slot];
		if (!sio_be_req_is_idle(req->state))
			oldest_ns = min(oldest_ns, req->born_ns);
	}
	now->in_flight = disk->in_flight;
	now->held = disk->busy - disk->in_flight;
	now->fenced = disk->fenced;
	now->oldest_ms = div_u64(now_ns - oldest_ns, NSEC_PER_MSEC);
	if (disk->fenced)
		now->fence_ms = div_u64(now_ns - disk->fence_ns, NSEC_PER_MSEC);
	spin_unlock_bh(&disk->lock);
}

/**
 * sio_be_blk_fill_done() - what became of the last request of each slot
 * @disk: takes no more
 * @done: room for an entry for each slot
 *
 * Return: bytes of @done that were filled.
 */
u32 sio_be_blk_fill_done(struct sio_be_disk *disk, struct sio_blk_done *done)
{
	const struct sio_be_req *req;
	u32 nr = 0;
	u16 slot;

	spin_lock_bh(&disk->lock);
	for (slot = 0; slot < disk->slots.nr; slot++) {
		req = &disk->reqs[slot];
		if (req->state != SIO_BE_REQ_DONE &&
		    req->state != SIO_BE_REQ_ANSWERING)
			continue;
		if (req->op == SIO_BLK_READ || req->peer_nr != disk->peer_nr)
			continue;	/* or of a guest that is over */
		done[nr].slot_seq = cpu_to_le32(req->seq);
		done[nr].slot = cpu_to_le16(slot);
		done[nr].status = req->status;
		done[nr++].reserved = 0;
	}
	spin_unlock_bh(&disk->lock);
	return nr * sizeof(*done);
}

/**
 * sio_be_blk_init() - what all disks share
 *
 * Return: 0 or -ENOMEM.
 */
int sio_be_blk_init(void)
{
	sio_be_blk_wq = alloc_workqueue("splitio_be_blk", WQ_UNBOUND, 0);
	return sio_be_blk_wq ? 0 : -ENOMEM;
}

/**
 * sio_be_blk_exit() - let go of it; no disk may be left
 */
void sio_be_blk_exit(void)
{
	destroy_workqueue(sio_be_blk_wq);
}
