// SPDX-License-Identifier: GPL-2.0
/* What the queues of a disk count, and how it is told. */
#include <net/netlink.h>

#include "blk.h"
#include "fe.h"

static const struct sio_stat_def sio_fe_blk_defs[] = {
	{ "reads", offsetof(struct sio_fe_blk_stats, reads) },
	{ "read_bytes", offsetof(struct sio_fe_blk_stats, read_bytes) },
	{ "writes", offsetof(struct sio_fe_blk_stats, writes) },
	{ "write_bytes", offsetof(struct sio_fe_blk_stats, write_bytes) },
	{ "flushes", offsetof(struct sio_fe_blk_stats, flushes) },
	{ "discards", offsetof(struct sio_fe_blk_stats, discards) },
	{ "errors", offsetof(struct sio_fe_blk_stats, errors) },
	{ "resent", offsetof(struct sio_fe_blk_stats, resent) },
	{ "service_ns", offsetof(struct sio_fe_blk_stats, waited.sum_ns) },
};

/**
 * __sio_fe_blkq_account() - count a request that has its answer
 * @q: its lock is held
 * @rq: its status is known
 * @us: microseconds from its start to its answer
 */
void __sio_fe_blkq_account(struct sio_fe_blkq *q, const struct request *rq,
			   u64 us)
{
	const struct sio_fe_req *req = sio_fe_req_of((struct request *)rq);
	struct sio_fe_blk_stats *stats = &q->stats;
	struct sio_fe_disk *disk = q->disk;

	lockdep_assert_held(&q->lock);
	sio_session_count(disk->sess, SIO_CNT_REQ_ANSWERED);
	if (req->status)
		stats->errors++;
	else if (op_is_write(req_op(rq)) && !(rq->cmd_flags & REQ_FUA))
		atomic64_inc(&disk->nr_written);
	switch (req_op(rq)) {
	case REQ_OP_READ:
		stats->reads++;
		stats->read_bytes += blk_rq_bytes(rq);
		break;
	case REQ_OP_WRITE:
		stats->writes++;
		stats->write_bytes += blk_rq_bytes(rq);
		break;
	case REQ_OP_FLUSH:
		stats->flushes++;
		if (!req->status &&
		    req->mark > atomic64_read(&disk->nr_flushed))
			atomic64_set(&disk->nr_flushed, req->mark);
		break;
	default:
		stats->discards++;
	}
	sio_hist_add(&stats->waited, us * NSEC_PER_USEC);
}

/* All queues together; each has its own counters, all u64, under its lock */
static void sio_fe_disk_sum(const struct sio_fe_disk *disk,
			    struct sio_fe_blk_stats *sum)
{
	struct sio_fe_blkq *q;
	unsigned int i, at;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		for (at = 0; at < sizeof(*sum) / sizeof(u64); at++)
			((u64 *)sum)[at] += ((const u64 *)&q->stats)[at];
		spin_unlock_bh(&q->lock);
	}
}

/**
 * sio_fe_disk_fill_stats() - put a disk's counters into a netlink message
 * @skb: the message, in a nest of enum sio_a_dev
 * @disk: its session's mutex is held
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int sio_fe_disk_fill_stats(struct sk_buff *skb, const struct sio_fe_disk *disk)
{
	struct sio_fe_blk_stats sum;

	sio_fe_disk_sum(disk, &sum);
	return sio_stats_fill_def(skb, SIO_A_DEV_STAT, &sum, sio_fe_blk_defs,
				  ARRAY_SIZE(sio_fe_blk_defs)) ?:
	       sio_hist_fill(skb, SIO_A_DEV_HIST, &sum.waited);
}

/**
 * sio_fe_disk_workers() - how many queues a disk has
 * @dev: the disk
 *
 * Return: that.
 */
unsigned int sio_fe_disk_workers(const struct sio_fe_dev *dev)
{
	return dev->disk->nr_queues;
}

/**
 * sio_fe_disk_fill_worker() - put a queue's counters into a netlink message
 * @skb: the message, in a nest of enum sio_a_worker
 * @dev: a disk, its session's mutex is held
 * @nr: number of the queue
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int sio_fe_disk_fill_worker(struct sk_buff *skb, const struct sio_fe_dev *dev,
			    unsigned int nr)
{
	struct sio_fe_blkq *q = &dev->disk->queues[nr];
	struct sio_fe_blk_stats stats;

	spin_lock_bh(&q->lock);
	stats = q->stats;
	spin_unlock_bh(&q->lock);
	return sio_stats_fill_def(skb, SIO_A_WORKER_STAT, &stats,
				  sio_fe_blk_defs,
				  ARRAY_SIZE(sio_fe_blk_defs)) ?:
	       sio_hist_fill(skb, SIO_A_WORKER_HIST, &stats.waited);
}
