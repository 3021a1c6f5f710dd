// SPDX-License-Identifier: GPL-2.0
/* Requests become bios: memory, the work that submits them, their end. */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "blk.h"

/**
 * struct sio_be_io_cpu - requests that ended in hard interrupt on one CPU
 * @done: of struct sio_be_req.done_node
 * @napi: answers them in softirq
 */
struct sio_be_io_cpu {
	struct llist_head done;
	struct napi_struct napi;
};

static DEFINE_PER_CPU(struct sio_be_io_cpu, sio_be_io_cpus);
static struct net_device *sio_be_io_dev;	/* carries the NAPI contexts */
static struct workqueue_struct *sio_be_io_wq;
static struct bio_set sio_be_io_bios;

static u32 sio_be_req_mem(const struct sio_be_req *req)
{
	return req->op == SIO_BLK_READ || req->op == SIO_BLK_WRITE ?
	       PAGE_ALIGN(req->len) : 0;
}

/**
 * __sio_be_data_take() - a request lets go of what it holds
 * @req: its disk's lock is held
 * @data: gets it
 */
void __sio_be_data_take(struct sio_be_req *req, struct sio_be_data *data)
{
	struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	*data = req->data;
	if (data->pages == req->data.few)
		data->pages = data->few;
	memset(&req->data, 0, sizeof(req->data));
	disk->mem -= data->mem;
	disk->first_mem -= data->first_mem;
	if (data->mem)
		__sio_be_blk_release(disk);
}

/**
 * sio_be_data_free() - free what a request held
 * @data: all zero if that was nothing
 *
 * Context: any but hard interrupt.
 */
void sio_be_data_free(struct sio_be_data *data)
{
	unsigned int i;

	kfree_skb(data->skb);
	for (i = 0; i < data->nr_pages; i++)
		put_page(data->pages[i]);
	if (data->pages != data->few)
		kfree(data->pages);
}

/**
 * sio_be_data_copy() - copy a part of a write's data to its pages
 * @req: nobody takes its pages meanwhile
 * @off: where the part belongs, within the request
 * @skb: has it
 * @skb_off: from here on
 * @len: bytes, no more than either has
 */
void sio_be_data_copy(struct sio_be_req *req, u32 off,
		      const struct sk_buff *skb, u32 skb_off, u32 len)
{
	struct page *page;
	u32 n;

	for (; len; off += n, skb_off += n, len -= n) {
		page = req->data.pages[off >> PAGE_SHIFT];
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(off));
		skb_copy_bits(skb, skb_off,
			      page_address(page) + offset_in_page(off), n);
	}
}

/* Pages of a request; few at a time are asked for, so waiting will do */
static void sio_be_data_alloc(struct sio_be_req *req)
{
	struct sio_be_data *data = &req->data;
	unsigned int i, nr = DIV_ROUND_UP(req->len, PAGE_SIZE);

	data->pages = data->few;
	if (nr > SIO_BE_PAGES_INLINE)
		data->pages = kmalloc_array(nr, sizeof(*data->pages),
					    GFP_NOIO | __GFP_NOFAIL);
	for (i = 0; i < nr; i++)
		data->pages[i] = alloc_page(GFP_NOIO | __GFP_NOFAIL);
	data->nr_pages = nr;
}

/* The data that came with the request */
static void sio_be_data_copy_first(struct sio_be_req *req)
{
	u32 hdr_len = SIO_REQ_HDR_LEN, len = req->data.skb->len - hdr_len;

	sio_be_data_copy(req, 0, req->data.skb, hdr_len, len);
	bitmap_set(req->got, 0, DIV_ROUND_UP(len, SIO_BLK_PART));
	consume_skb(req->data.skb);
	req->data.skb = NULL;
}

static u8 sio_be_io_status(blk_status_t err)
{
	switch (err) {
	case BLK_STS_OK:
		return SIO_BLK_S_OK;
	case BLK_STS_NOTSUPP:
		return SIO_BLK_S_UNSUPP;
	case BLK_STS_NOSPC:
		return SIO_BLK_S_NOSPC;
	case BLK_STS_MEDIUM:
		return SIO_BLK_S_MEDIUM;
	case BLK_STS_OFFLINE:
		return SIO_BLK_S_GONE;
	default:
		return SIO_BLK_S_IOERR;
	}
}

/* Another context of ours must not see the disk go before this one is out */
static void sio_be_io_finish(struct sio_be_req *req)
{
	rcu_read_lock();
	if (req->needs_flush && !req->err) {	/* submitting may sleep */
		sio_be_blk_queue(req);
		rcu_read_unlock();
		return;
	}
	req->status = sio_be_io_status(req->err);
	sio_be_trace(end, req);
	sio_be_req_finish(req);
	rcu_read_unlock();
}

static int sio_be_io_poll(struct napi_struct *napi, int budget)
{
	struct sio_be_io_cpu *cpu = container_of(napi, struct sio_be_io_cpu,
						 napi);
	struct llist_node *list;
	struct sio_be_req *req, *next;

	/* bounded by the slots of the disks; an order is as good as another */
	napi_complete(napi);
	list = llist_del_all(&cpu->done);
	llist_for_each_entry_safe(req, next, list, done_node)
		sio_be_io_finish(req);
	return 0;
}

static void sio_be_io_done(struct sio_be_req *req)
{
	struct sio_be_io_cpu *cpu;
	unsigned long flags;

	if (!in_hardirq() && !irqs_disabled()) {
		sio_be_io_finish(req);
		return;
	}
	local_irq_save(flags);
	cpu = this_cpu_ptr(&sio_be_io_cpus);
	llist_add(&req->done_node, &cpu->done);
	napi_schedule(&cpu->napi);
	local_irq_restore(flags);
}

static void sio_be_io_put(struct sio_be_req *req)
{
	if (atomic_dec_and_test(&req->nr_bios))
		sio_be_io_done(req);
}

static void sio_be_io_end(struct bio *bio)
{
	struct sio_be_req *req = bio->bi_private;

	if (bio->bi_status)
		WRITE_ONCE(req->err, bio->bi_status);
	bio_put(bio);
	sio_be_io_put(req);
}

static void sio_be_io_submit_bio(struct sio_be_req *req, struct bio *bio)
{
	bio->bi_private = req;
	bio->bi_end_io = sio_be_io_end;
	atomic_inc(&req->nr_bios);
	submit_bio(bio);
}

static void sio_be_io_submit_data(struct sio_be_req *req, blk_opf_t opf)
{
	u32 off = req->op == SIO_BLK_READ ? req->skip : 0;
	struct block_device *bdev = req->disk->b.bdev;
	struct bio *bio = NULL;
	unsigned int i, nr;
	u32 n;

	for (; off < req->len; off += n) {
		i = off >> PAGE_SHIFT;
		n = min_t(u32, req->len - off, PAGE_SIZE - offset_in_page(off));
		if (!bio) {
			nr = bio_max_segs(req->data.nr_pages - i);
			bio = bio_alloc_bioset(bdev, nr, opf, GFP_NOIO,
					       &sio_be_io_bios);
			bio->bi_iter.bi_sector = req->sector + off / SIO_SECTOR;
		}
		__bio_add_page(bio, req->data.pages[i], n, offset_in_page(off));
		if (bio->bi_vcnt == bio->bi_max_vecs || off + n == req->len) {
			sio_be_io_submit_bio(req, bio);
			bio = NULL;
		}
	}
}

static void sio_be_io_submit_range(struct sio_be_req *req)
{
	struct block_device *bdev = req->disk->b.bdev;
	sector_t nr = req->len / SIO_SECTOR;
	struct bio *bio = NULL;
	int err;

	if (req->op == SIO_BLK_DISCARD)
		err = __blkdev_issue_discard(bdev, req->sector, nr, GFP_NOIO,
					     &bio);
	else
		err = __blkdev_issue_zeroout(bdev, req->sector, nr, GFP_NOIO,
					     &bio,
					     req->flags & SIO_BLK_REQ_F_UNMAP ?
					     0 : BLKDEV_ZERO_NOUNMAP);
	if (err)
		req->err = errno_to_blk_status(err);
	if (bio)
		sio_be_io_submit_bio(req, bio);
}

static void sio_be_io_submit_flush(struct sio_be_req *req)
{
	sio_be_io_submit_bio(req,
			     bio_alloc_bioset(req->disk->b.bdev, 0,
					      REQ_OP_WRITE | REQ_PREFLUSH |
					      REQ_SYNC, GFP_NOIO,
					      &sio_be_io_bios));
}

/* May sleep when the device has no room, and then so does its worker */
static void sio_be_io_submit(struct sio_be_req *req)
{
	blk_opf_t opf = REQ_SYNC | REQ_IDLE;

	atomic_set(&req->nr_bios, 1);
	req->needs_flush = false;
	switch (req->op) {
	case SIO_BLK_READ:
		sio_be_io_submit_data(req, REQ_OP_READ | REQ_SYNC);
		break;
	case SIO_BLK_WRITE:
		if (req->flags & SIO_BLK_REQ_F_FUA ||
		    req->disk->is_write_through)
			opf |= REQ_FUA;
		sio_be_io_submit_data(req, REQ_OP_WRITE | opf);
		break;
	case SIO_BLK_FLUSH:
		sio_be_io_submit_flush(req);
		break;
	default:
		req->needs_flush = req->disk->is_write_through;
		sio_be_io_submit_range(req);
	}
	sio_be_io_put(req);
}

/* Held until older writes have landed, or others give memory back */
static bool __sio_be_io_must_wait(const struct sio_be_req *req)
{
	const struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	return disk->fenced ||
	       (!req->data.mem && disk->mem &&
		disk->mem + sio_be_req_mem(req) > SIO_BE_MEM_MAX);
}

/* A request that was cancelled before it was submitted; true if it was */
static bool __sio_be_io_is_cancelled(struct sio_be_req *req,
				     struct sio_be_data *data)
{
	lockdep_assert_held(&req->disk->lock);
	if (req->state != SIO_BE_REQ_CANCELLED)
		return false;
	__sio_be_req_forget(req, data);
	return true;
}

/* Find memory; returns false if the request is not to go on now */
static bool sio_be_io_prepare(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_be_data data = {};
	bool goes_on = false;

	spin_lock_bh(&disk->lock);
	if (__sio_be_io_is_cancelled(req, &data)) {
		/* freed below */
	} else if (__sio_be_io_must_wait(req)) {
		list_add_tail(&req->node, &disk->held);
	} else {
		if (!req->data.mem) {
			req->data.mem = sio_be_req_mem(req);
			disk->mem += req->data.mem;
		}
		goes_on = true;
	}
	spin_unlock_bh(&disk->lock);
	sio_be_data_free(&data);
	if (goes_on && req->data.mem && !req->data.pages)
		sio_be_data_alloc(req);
	if (goes_on && req->data.skb)
		sio_be_data_copy_first(req);
	return goes_on;
}

static bool __sio_be_io_is_whole(const struct sio_be_req *req)
{
	unsigned long nr = DIV_ROUND_UP(req->len, SIO_BLK_PART);

	return req->op != SIO_BLK_WRITE ||
	       find_first_zero_bit(req->got, nr) >= nr;
}

/* Submit it, or ask for what is missing */
static void sio_be_io_take(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_be_data data = {};
	bool is_whole = false;

	if (req->state == SIO_BE_REQ_SUBMITTED) {	/* its first half is done */
		req->needs_flush = false;
		atomic_set(&req->nr_bios, 1);
		sio_be_io_submit_flush(req);
		sio_be_io_put(req);
		return;
	}
	sio_be_trace(take, req);
	if (!sio_be_io_prepare(req))
		return;
	spin_lock_bh(&disk->lock);
	if (__sio_be_io_is_cancelled(req, &data)) {
		spin_unlock_bh(&disk->lock);
		sio_be_data_free(&data);
		return;
	}
	disk->first_mem -= req->data.first_mem;	/* they were copied */
	req->data.first_mem = 0;
	is_whole = __sio_be_io_is_whole(req);
	__sio_be_req_set_state(req, is_whole ? SIO_BE_REQ_SUBMITTED :
					       SIO_BE_REQ_PULLING);
	if (is_whole) {
		req->fence = disk->fence;
		disk->in_flight++;
	}
	spin_unlock_bh(&disk->lock);
	if (!is_whole) {
		sio_be_req_pull(req);
		return;
	}
	sio_be_trace(submit, req);
	req->submit_ns = ktime_get_ns();
	sio_be_io_submit(req);
}

static void sio_be_io_work(struct work_struct *work)
{
	struct sio_be_blk_queue *q = container_of(work,
						  struct sio_be_blk_queue,
						  work);
	struct sio_be_req *req;
	struct blk_plug plug;
	LIST_HEAD(todo);

	sio_be_req_flush(q->disk);
	blk_start_plug(&plug);
	for (;;) {
		if (list_empty(&todo)) {
			spin_lock_bh(&q->lock);
			list_splice_init(&q->todo, &todo);
			spin_unlock_bh(&q->lock);
		}
		req = list_first_entry_or_null(&todo, struct sio_be_req, node);
		if (!req)
			break;
		list_del_init(&req->node);
		sio_be_io_take(req);
	}
	blk_finish_plug(&plug);
}

/**
 * sio_be_blk_queue() - hand a request to a worker on this CPU
 * @req: RECEIVED or CANCELLED, in no list
 *
 * Context: any but hard interrupt.
 */
void sio_be_blk_queue(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;
	struct sio_be_blk_queue *q;

	q = &disk->queues[raw_smp_processor_id() % disk->nr_queues];
	spin_lock_bh(&q->lock);
	list_add_tail(&req->node, &q->todo);
	spin_unlock_bh(&q->lock);
	queue_work(sio_be_io_wq, &q->work);
}

/**
 * sio_be_blk_kick() - send answers that waited
 * @disk: held, or found under rcu_read_lock()
 *
 * Context: any.
 */
void sio_be_blk_kick(struct sio_be_disk *disk)
{
	queue_work(sio_be_io_wq, &disk->queues[0].work);
}

/**
 * __sio_be_blk_release() - what was held may try again
 * @disk: its lock is held
 */
void __sio_be_blk_release(struct sio_be_disk *disk)
{
	struct sio_be_blk_queue *q = &disk->queues[0];

	lockdep_assert_held(&disk->lock);
	if (list_empty(&disk->held))
		return;
	spin_lock(&q->lock);
	list_splice_tail_init(&disk->held, &q->todo);
	spin_unlock(&q->lock);
	queue_work(sio_be_io_wq, &q->work);
}

/**
 * __sio_be_req_landed() - the bios of a request have ended
 * @req: its disk's lock is held
 */
void __sio_be_req_landed(struct sio_be_req *req)
{
	struct sio_be_disk *disk = req->disk;

	lockdep_assert_held(&disk->lock);
	disk->in_flight--;
	if (req->fence != disk->fence && !--disk->fenced)
		__sio_be_blk_release(disk);
}

/**
 * sio_be_io_start() - have the queues of a disk ready
 * @disk: has memory for @queues
 */
void sio_be_io_start(struct sio_be_disk *disk)
{
	struct sio_be_blk_queue *q;
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		q->disk = disk;
		spin_lock_init(&q->lock);
		INIT_LIST_HEAD(&q->todo);
		INIT_WORK(&q->work, sio_be_io_work);
	}
}

/**
 * sio_be_io_stop() - wait until the workers of a disk have ended
 * @disk: closed, no request of it is under way
 *
 * Context: process.
 */
void sio_be_io_stop(struct sio_be_disk *disk)
{
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++)
		cancel_work_sync(&disk->queues[i].work);
}

/**
 * sio_be_io_init() - what all disks share
 *
 * Return: 0 or -ENOMEM.
 */
int sio_be_io_init(void)
{
	struct sio_be_io_cpu *cpu;
	int i, err;

	err = bioset_init(&sio_be_io_bios, BIO_POOL_SIZE, 0, BIOSET_NEED_BVECS);
	if (err)
		return err;
	err = -ENOMEM;
	sio_be_io_wq = alloc_workqueue("splitio_be_io",
				       WQ_MEM_RECLAIM | WQ_HIGHPRI, 0);
	if (!sio_be_io_wq)
		goto err_bios;
	sio_be_io_dev = sio_alloc_netdev_dummy();
	if (!sio_be_io_dev)
		goto err_wq;
	for_each_possible_cpu(i) {
		cpu = per_cpu_ptr(&sio_be_io_cpus, i);
		init_llist_head(&cpu->done);
		netif_napi_add(sio_be_io_dev, &cpu->napi, sio_be_io_poll);
		napi_enable(&cpu->napi);
	}
	return 0;

err_wq:
	destroy_workqueue(sio_be_io_wq);
err_bios:
	bioset_exit(&sio_be_io_bios);
	return err;
}

/**
 * sio_be_io_exit() - let go of it; no disk may be left
 */
void sio_be_io_exit(void)
{
	struct sio_be_io_cpu *cpu;
	int i;

	for_each_possible_cpu(i) {
		cpu = per_cpu_ptr(&sio_be_io_cpus, i);
		napi_disable(&cpu->napi);
		netif_napi_del(&cpu->napi);
	}
	synchronize_net();
	sio_free_netdev_dummy(sio_be_io_dev);
	destroy_workqueue(sio_be_io_wq);
	bioset_exit(&sio_be_io_bios);
}
