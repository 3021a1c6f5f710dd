// SPDX-License-Identifier: GPL-2.0
/* Answers to requests of a disk, and questions about them. */
#include <linux/nospec.h>
#include <linux/slab.h>

#include "blk.h"
#include "proto/flow.h"
#include "proto/hdr.h"

static struct sio_session *sio_be_req_sess(const struct sio_be_disk *disk)
{
	return &disk->d.guest->s;
}

/**
 * sio_be_req_step() - describe a request to a tracepoint
 * @req: somebody has it, so that it does not become another one
 * @step: gets the description
 */
void sio_be_req_step(const struct sio_be_req *req, struct sio_req_step *step)
{
	*step = (struct sio_req_step) {
		.dev = req->disk->d.id,
		.seq = req->seq,
		.slot = req->slot,
		.op = req->op,
		.status = req->status,
		.sector = req->sector,
		.bytes = req->len,
	};
}

/* For whom a message about the request is, as things are */
static void __sio_be_req_to(const struct sio_be_req *req,
			    struct sio_req_to *to)
{
	const struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	to->epoch = disk->epoch;
	to->dev = disk->d.id;
	to->gen = disk->d.gen;
	to->slot_seq = req->seq;
	to->slot = req->slot;
	to->queue = req->queue;
	to->has_crc = disk->limits.flags & SIO_BLK_F_CRC;
}

/* A message without data; one that does not leave is asked for again */
static void sio_be_req_tell(struct sio_be_disk *disk,
			    const struct sio_req_to *to, u8 type, u8 rec_type,
			    const void *body, u32 body_len,
			    struct sio_req_sent *sent)
{
	u32 rec_len = body_len ? sizeof(struct sio_rec_hdr) + body_len : 0;
	struct sk_buff *skb = sio_req_alloc(type, rec_type, rec_len, 0);

	if (!skb)
		return;
	memcpy(skb_tail_pointer(skb) - body_len, body, body_len);
	sio_req_send(sio_be_req_sess(disk), to, skb, NULL, sent);
}

static void sio_be_req_tell_busy(const struct sio_be_req *req)
{
	struct sio_req_to to;

	spin_lock_bh(&req->disk->lock);
	__sio_be_req_to(req, &to);
	spin_unlock_bh(&req->disk->lock);
	sio_session_count(sio_be_req_sess(req->disk), SIO_CNT_REQ_BUSY);
	sio_be_req_tell(req->disk, &to, SIO_MSG_BLK_BUSY, 0, NULL, 0, NULL);
}

/* Keep where a message went, unless the slot has gone on meanwhile */
static void sio_be_req_set_sent(struct sio_be_req *req, u32 seq,
				const struct sio_req_sent *sent)
{
	spin_lock_bh(&req->disk->lock);
	if (req->seq == seq)
		req->sent = *sent;
	spin_unlock_bh(&req->disk->lock);
}

/**
 * sio_be_req_pull() - ask for the first data of a write that are missing
 * @req: somebody else may be pulling, or finishing it
 *
 * Context: process or softirq.
 */
void sio_be_req_pull(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_req_sent sent = {};
	struct sio_rec_blk_span span = {};
	unsigned long nr, from, to;
	struct sio_req_to whom;
	u32 off, len;

	spin_lock_bh(&disk->lock);
	nr = DIV_ROUND_UP(req->len, SIO_BLK_PART);
	from = find_first_zero_bit(req->got, nr);
	to = find_next_bit(req->got, nr, from);
	if (req->state != SIO_BE_REQ_PULLING || from >= nr) {
		spin_unlock_bh(&disk->lock);
		return;
	}
	__sio_be_req_to(req, &whom);
	off = from * SIO_BLK_PART;
	len = min_t(u32, to * SIO_BLK_PART, req->len) - off;
	sio_be_trace(pull, req);
	spin_unlock_bh(&disk->lock);

	span.off = cpu_to_le32(off);
	span.len = cpu_to_le32(len);
	this_cpu_add(disk->stats->pulled, len);
	sio_session_count(sio_be_req_sess(disk), SIO_CNT_REQ_PULLED);
	sio_be_req_tell(disk, &whom, SIO_MSG_BLK_PULL, SIO_REC_BLK_SPAN,
			(const u8 *)&span + sizeof(span.rec),
			sizeof(span) - sizeof(span.rec), &sent);
	sio_be_req_set_sent(req, whom.slot_seq, &sent);
}

/* One message of an answer, its data by reference */
static struct sk_buff *sio_be_req_part(const struct sio_be_req *req, u32 len)
{
	u32 off = req->sent_off, n;
	struct sio_rec_blk_rsp *rsp;
	struct sk_buff *skb;
	struct page *page;
	int i;

	skb = sio_req_alloc(SIO_MSG_BLK_RSP, SIO_REC_BLK_RSP, sizeof(*rsp),
			    len);
	if (!skb)
		return NULL;
	rsp = (struct sio_rec_blk_rsp *)(skb->data +
					 sizeof(struct sio_msg_hdr));
	rsp->off = cpu_to_le32(off);
	rsp->status = req->status;
	for (i = 0; len; i++, off += n, len -= n) {
		page = req->data.pages[off >> PAGE_SHIFT];
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(off));
		get_page(page);
		skb_add_rx_frag(skb, i, page, offset_in_page(off), n,
				PAGE_SIZE);
	}
	return skb;
}

/**
 * __sio_be_req_set_state() - a request goes on
 * @req: its disk's lock is held
 * @state: where to
 */
void __sio_be_req_set_state(struct sio_be_req *req,
			    enum sio_be_req_state state)
{
	struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	disk->busy -= !sio_be_req_is_idle(req->state);
	disk->busy += !sio_be_req_is_idle(state);
	req->state = state;
	__sio_be_blk_settle(disk);
}

/**
 * __sio_be_req_forget() - a cancelled request is in nobody's hands any more
 * @req: CANCELLED, its disk's lock is held
 * @data: gets what it held
 */
void __sio_be_req_forget(struct sio_be_req *req, struct sio_be_data *data)
{
	lockdep_assert_held(&req->disk->lock);
	__sio_be_data_take(req, data);
	/* a read that was to be repeated can still be */
	__sio_be_req_set_state(req, req->is_again ? SIO_BE_REQ_DONE :
						    SIO_BE_REQ_NEW);
}

/**
 * sio_be_req_end() - the last of an answer is about to leave, or nobody wants it
 * @req: ANSWERING, in no list
 *
 * The slot is free for the next request before the guest can know of it.
 *
 * Context: process or softirq.
 */
void sio_be_req_end(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_be_data data;

	spin_lock_bh(&disk->lock);
	__sio_be_data_take(req, &data);
	__sio_be_req_set_state(req, SIO_BE_REQ_DONE);
	memset(&req->sent, 0, sizeof(req->sent));
	spin_unlock_bh(&disk->lock);
	sio_be_data_free(&data);
}

/* The rest of an answer waits for room in the flow */
static void sio_be_req_hold(struct sio_be_req *req,
			    const struct sio_req_sent *sent)
{
	struct sio_be_disk *disk = req->disk;
	u16 queue = req->queue;

	rcu_read_lock();	/* the disk is not closed before this ends */
	spin_lock_bh(&disk->lock);
	req->sent = *sent;
	list_add_tail(&req->node, &disk->unsent);
	spin_unlock_bh(&disk->lock);
	/* who made room, or took flow or disk away, may have looked before */
	if (!sio_req_is_blocked(sio_be_req_sess(disk), queue) ||
	    READ_ONCE(disk->d.state) == SIO_DEV_STATE_REMOVING)
		sio_be_blk_kick(disk);
	rcu_read_unlock();
}

/**
 * sio_be_req_answer() - send the answer, or as much of it as the flow takes
 * @req: ANSWERING, in no list
 *
 * What gets lost is asked for again, be it on the way or on this side.
 *
 * Context: process or softirq.
 */
void sio_be_req_answer(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_session *sess = sio_be_req_sess(disk);
	struct sio_req_sent sent = {}, first;
	struct sio_req_to to;
	struct sk_buff *skb;
	u32 len, max, n;
	bool is_wanted;

	spin_lock_bh(&disk->lock);
	__sio_be_req_to(req, &to);
	first = req->sent;
	is_wanted = req->peer_nr == disk->peer_nr;
	spin_unlock_bh(&disk->lock);
	if (!is_wanted) {	/* its number may be another request's by now */
		sio_be_req_end(req);
		return;
	}
	len = req->op == SIO_BLK_READ && !req->status ? req->len : 0;
	for (;;) {
		if (sio_req_is_blocked(sess, req->queue)) {
			/* no guest keeps a disk that is to go by not reading */
			if (READ_ONCE(disk->d.state) == SIO_DEV_STATE_REMOVING)
				sio_be_req_end(req);
			else
				sio_be_req_hold(req, &first);
			return;
		}
		max = sio_req_data_max(sess, req->queue);
		n = min(len - min(len, req->sent_off), max);
		skb = len && !n ? NULL : sio_be_req_part(req, n);
		if (!skb || req->sent_off + n >= len)
			break;
		req->sent_off += n;
		sio_req_send(sess, &to, skb, NULL, &sent);
		if (!first.epoch)
			first = sent;
	}
	sio_be_trace(answer, req);
	sio_be_req_end(req);
	if (skb)
		sio_req_send(sess, &to, skb, NULL, &sent);
	if (!sent.epoch)
		return;
	if (first.epoch == sent.epoch)
		sent.left = first.left;
	sio_be_req_set_sent(req, to.slot_seq, &sent);
}

/**
 * sio_be_req_flush() - send answers that waited for room
 * @disk: found under rcu_read_lock()
 *
 * Context: any but hard interrupt.
 */
void sio_be_req_flush(struct sio_be_disk *disk)
{
	struct sio_be_req *req;
	LIST_HEAD(todo);

	spin_lock_bh(&disk->lock);
	list_splice_init(&disk->unsent, &todo);
	spin_unlock_bh(&disk->lock);
	while ((req = list_first_entry_or_null(&todo, struct sio_be_req,
					       node))) {
		list_del_init(&req->node);
		sio_be_req_answer(req);
	}
}

/**
 * sio_be_req_finish() - a request was executed: answer it if somebody waits
 * @req: SUBMITTED, all of its bios ended; or RECEIVED and refused
 *
 * Context: process or softirq.
 */
void sio_be_req_finish(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_be_data data = {};
	int err = 0;

	spin_lock_bh(&disk->lock);
	if (req->state == SIO_BE_REQ_SUBMITTED) {
		sio_hist_add_cpu(&disk->stats->bdev,
				 ktime_get_ns() - req->submit_ns);
		__sio_be_req_landed(req);
	}
	if (!req->is_again)
		err = sio_slot_finish(&disk->slots, req->slot, req->seq, NULL,
				      0);
	else if (req->peer_nr != disk->peer_nr)
		err = -ESTALE;
	if (err) {	/* the guest it was for is gone */
		__sio_be_data_take(req, &data);
		__sio_be_req_set_state(req, SIO_BE_REQ_NEW);
	} else {
		__sio_be_req_set_state(req, SIO_BE_REQ_ANSWERING);
		req->sent_off = req->skip;
		memset(&req->sent, 0, sizeof(req->sent));
	}
	spin_unlock_bh(&disk->lock);
	if (err) {
		sio_be_data_free(&data);
		return;
	}
	sio_session_count(sio_be_req_sess(disk),
			  req->is_again ? SIO_CNT_REQ_REPLAYED :
					  SIO_CNT_REQ_EXECUTED);
	sio_be_req_account(req);
	sio_be_req_answer(req);
}

/**
 * sio_be_req_go_on() - do what was decided about a request
 * @req: its state says the same
 * @todo: the decision
 *
 * Context: process or softirq.
 */
void sio_be_req_go_on(struct sio_be_req *req, enum sio_be_req_todo todo)
{
	switch (todo) {
	case SIO_BE_REQ_TODO_QUEUE:
		sio_be_blk_queue(req);
		break;
	case SIO_BE_REQ_TODO_REFUSE:
		sio_be_req_finish(req);
		break;
	case SIO_BE_REQ_TODO_BUSY:
		sio_be_req_tell_busy(req);
		break;
	case SIO_BE_REQ_TODO_PULL:
		sio_be_req_pull(req);
		break;
	case SIO_BE_REQ_TODO_ANSWER:
		sio_session_count(sio_be_req_sess(req->disk),
				  SIO_CNT_REQ_REPLAYED);
		sio_be_req_answer(req);
		break;
	case SIO_BE_REQ_TODO_DROP:
		break;
	}
}
