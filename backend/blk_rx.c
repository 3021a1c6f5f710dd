// SPDX-License-Identifier: GPL-2.0
/* Requests to a disk as they come: believed, judged, their data taken. */
#include <linux/nospec.h>

#include "blk.h"
#include "proto/flow.h"
#include "proto/hdr.h"

/* A new request fills its place; its first data stay in @skb for a while */
static void __sio_be_req_begin(struct sio_be_req *req, struct sk_buff *skb,
			       const struct sio_msg_hdr *hdr,
			       const struct sio_rec_blk_req *rec)
{
	u32 data_len = le32_to_cpu(rec->rec.len) - sizeof(*rec);
	struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	req->seq = le32_to_cpu(hdr->slot_seq);
	req->peer_nr = disk->peer_nr;
	req->queue = le16_to_cpu(hdr->queue);
	req->op = rec->op;
	req->flags = rec->flags;
	req->sector = le64_to_cpu(rec->sector);
	req->len = le32_to_cpu(rec->len);
	req->skip = le32_to_cpu(rec->skip);
	req->is_again = false;
	req->status = SIO_BLK_S_OK;
	req->err = BLK_STS_OK;
	req->born_ns = ktime_get_ns();
	__sio_be_req_set_state(req, SIO_BE_REQ_RECEIVED);
	memset(&req->sent, 0, sizeof(req->sent));
	if (req->op != SIO_BLK_WRITE)
		return;
	bitmap_zero(req->got, SIO_BE_PARTS_MAX);
	if (!data_len || disk->first_mem + skb->truesize > SIO_BE_FIRST_MAX)
		return;
	req->data.skb = skb_get(skb);
	req->data.first_mem = skb->truesize;
	disk->first_mem += skb->truesize;
}

/* The slot has its answer: repeat it, or read once more */
static enum sio_be_req_todo
__sio_be_req_again(struct sio_be_req *req, const struct sio_rec_blk_req *rec)
{
	lockdep_assert_held(&req->disk->lock);
	this_cpu_inc(req->disk->stats->again);
	req->is_again = true;
	sio_be_trace(replay, req);
	memset(&req->sent, 0, sizeof(req->sent));
	if (req->op != SIO_BLK_READ || req->status) {
		__sio_be_req_set_state(req, SIO_BE_REQ_ANSWERING);
		return SIO_BE_REQ_TODO_ANSWER;
	}
	if (le32_to_cpu(rec->len) != req->len)
		return SIO_BE_REQ_TODO_DROP;
	req->skip = le32_to_cpu(rec->skip);
	__sio_be_req_set_state(req, SIO_BE_REQ_RECEIVED);
	return SIO_BE_REQ_TODO_QUEUE;
}

static enum sio_be_req_todo
__sio_be_req_judge(struct sio_be_req *req, struct sk_buff *skb,
		   const struct sio_msg_hdr *hdr,
		   const struct sio_rec_blk_req *rec)
{
	struct sio_be_disk *disk = req->disk;
	u32 seq = le32_to_cpu(hdr->slot_seq);

	lockdep_assert_held(&disk->lock);
	/* not before the disk has heard of the epoch, which fences */
	if (disk->is_closing || le32_to_cpu(hdr->epoch) != disk->epoch)
		return SIO_BE_REQ_TODO_DROP;
	if (!sio_be_req_is_idle(req->state)) {
		/* no honest guest uses a slot before it has its answer */
		if (seq != req->seq || req->peer_nr != disk->peer_nr ||
		    req->state == SIO_BE_REQ_CANCELLED)
			return SIO_BE_REQ_TODO_DROP;
		return req->state == SIO_BE_REQ_PULLING ?
		       SIO_BE_REQ_TODO_PULL : SIO_BE_REQ_TODO_BUSY;
	}
	switch (sio_slot_judge(&disk->slots, req->slot, seq)) {
	case SIO_SLOT_EXECUTE:
		__sio_be_req_begin(req, skb, hdr, rec);
		req->status = sio_be_req_permit(&disk->limits, rec);
		sio_be_trace(receive, req);
		return req->status ? SIO_BE_REQ_TODO_REFUSE :
				     SIO_BE_REQ_TODO_QUEUE;
	case SIO_SLOT_REPLAY:
		return __sio_be_req_again(req, rec);
	case SIO_SLOT_BUSY:
	case SIO_SLOT_OLD:
	case SIO_SLOT_BAD:
		break;
	}
	return SIO_BE_REQ_TODO_DROP;
}

static enum sio_cnt sio_be_req_rx(struct sio_be_disk *disk,
				  struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	const struct sio_rec_blk_req *rec = (const void *)(hdr + 1);
	u16 slot = le16_to_cpu(hdr->slot);
	enum sio_be_req_todo todo;
	struct sio_be_req *req;

	if (slot >= disk->slots.nr)
		return SIO_CNT_DROP_SLOT;
	if (!sio_be_req_is_sane(&disk->limits, rec))
		return SIO_CNT_DROP_RECORD;
	req = &disk->reqs[array_index_nospec(slot, disk->slots.nr)];
	spin_lock(&disk->lock);
	todo = __sio_be_req_judge(req, skb, hdr, rec);
	spin_unlock(&disk->lock);
	sio_be_req_go_on(req, todo);
	return todo == SIO_BE_REQ_TODO_DROP ? SIO_CNT_DROP_SLOT :
					      SIO_CNT_NONE;
}

/* May these data be copied into the request? Then somebody does at once */
static bool __sio_be_req_wants(struct sio_be_req *req,
			       const struct sio_msg_hdr *hdr, u32 off, u32 len)
{
	lockdep_assert_held(&req->disk->lock);
	if (req->state != SIO_BE_REQ_PULLING ||
	    req->seq != le32_to_cpu(hdr->slot_seq) ||
	    le32_to_cpu(hdr->epoch) != req->disk->epoch)
		return false;
	if (off % SIO_BLK_PART || off >= req->len || len > req->len - off ||
	    (len % SIO_BLK_PART && len != req->len - off))
		return false;
	req->copying++;
	return true;
}

/* The data are there; returns true if that makes the write whole */
static bool __sio_be_req_got(struct sio_be_req *req, u32 off, u32 len,
			     struct sio_be_data *data)
{
	u32 from = off / SIO_BLK_PART, nr = DIV_ROUND_UP(len, SIO_BLK_PART);
	u32 all = DIV_ROUND_UP(req->len, SIO_BLK_PART);

	lockdep_assert_held(&req->disk->lock);
	req->copying--;
	if (req->state == SIO_BE_REQ_CANCELLED && !req->copying)
		__sio_be_req_forget(req, data);
	if (req->state != SIO_BE_REQ_PULLING)
		return false;
	bitmap_set(req->got, from, nr);
	if (req->copying || find_first_zero_bit(req->got, all) < all)
		return false;
	__sio_be_req_set_state(req, SIO_BE_REQ_RECEIVED);
	return true;
}

static enum sio_cnt sio_be_req_rx_data(struct sio_be_disk *disk,
				       struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	const struct sio_rec_blk_span *span = (const void *)(hdr + 1);
	u32 off = le32_to_cpu(span->off), len = le32_to_cpu(span->len);
	u16 slot = le16_to_cpu(hdr->slot);
	struct sio_be_data data = {};
	struct sio_be_req *req;
	bool is_whole;

	if (slot >= disk->slots.nr)
		return SIO_CNT_DROP_SLOT;
	if (!len || le32_to_cpu(span->rec.len) - sizeof(*span) != len)
		return SIO_CNT_DROP_RECORD;
	req = &disk->reqs[array_index_nospec(slot, disk->slots.nr)];
	spin_lock(&disk->lock);
	if (!__sio_be_req_wants(req, hdr, off, len)) {
		spin_unlock(&disk->lock);
		return SIO_CNT_DROP_SLOT;
	}
	spin_unlock(&disk->lock);
	sio_be_data_copy(req, off, skb, sizeof(*hdr) + sizeof(*span), len);
	spin_lock(&disk->lock);
	is_whole = __sio_be_req_got(req, off, len, &data);
	spin_unlock(&disk->lock);
	sio_be_data_free(&data);
	if (is_whole)
		sio_be_blk_queue(req);
	return SIO_CNT_NONE;
}

/**
 * sio_be_blk_rx() - a message of the request class from a guest
 * @sess: the guest's session
 * @skb: as sio_session_ops.rx_req() says; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_be_blk_rx(struct sio_session *sess, struct sk_buff *skb)
{
	const struct sio_msg_hdr *hdr = (const struct sio_msg_hdr *)skb->data;
	struct sio_be_disk *disk;
	enum sio_cnt why;

	disk = sio_be_disk_lookup_rcu(sess, le32_to_cpu(hdr->dev),
				      le32_to_cpu(hdr->gen));
	if (!disk)
		why = SIO_CNT_DROP_DEV;
	else if (disk->limits.flags & SIO_BLK_F_CRC &&
		 !(hdr->flags & SIO_MSG_F_CRC))
		why = SIO_CNT_DROP_CRC;
	else if (hdr->type == SIO_MSG_BLK_REQ)
		why = sio_be_req_rx(disk, skb);
	else
		why = sio_be_req_rx_data(disk, skb);
	if (why)
		sio_session_count(sess, why);
	kfree_skb(skb);
}
