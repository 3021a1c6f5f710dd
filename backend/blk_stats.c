// SPDX-License-Identifier: GPL-2.0
/* What a disk counts, and how it is told. */
#include <net/netlink.h>

#include "blk.h"

static const struct sio_stat_def sio_be_blk_defs[] = {
	{ "reads", offsetof(struct sio_be_blk_stats, reads) },
	{ "read_bytes", offsetof(struct sio_be_blk_stats, read_bytes) },
	{ "writes", offsetof(struct sio_be_blk_stats, writes) },
	{ "write_bytes", offsetof(struct sio_be_blk_stats, write_bytes) },
	{ "flushes", offsetof(struct sio_be_blk_stats, flushes) },
	{ "discards", offsetof(struct sio_be_blk_stats, discards) },
	{ "errors", offsetof(struct sio_be_blk_stats, errors) },
	{ "pulled_bytes", offsetof(struct sio_be_blk_stats, pulled) },
	{ "again", offsetof(struct sio_be_blk_stats, again) },
	{ "service_ns", offsetof(struct sio_be_blk_stats, served.sum_ns) },
	{ "bdev_ns", offsetof(struct sio_be_blk_stats, bdev.sum_ns) },
};

/**
 * sio_be_disk_fill_stats() - put a disk's counters into a netlink message
 * @skb: the message, in a nest of enum sio_a_dev
 * @disk: held
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_be_disk_fill_stats(struct sk_buff *skb, const struct sio_be_disk *disk)
{
	struct sio_hist served = {}, bdev = {};

	sio_hist_sum(&served, &disk->stats->served);
	sio_hist_sum(&bdev, &disk->stats->bdev);
	return sio_stats_fill_defs(skb, SIO_A_DEV_STAT, disk->stats,
				   sio_be_blk_defs,
				   ARRAY_SIZE(sio_be_blk_defs)) ?:
	       sio_hist_fill(skb, SIO_A_DEV_HIST, &served) ?:
	       sio_hist_fill(skb, SIO_A_DEV_BDEV_HIST, &bdev);
}

/**
 * sio_be_disk_fill_worker() - put one CPU's counters into a netlink message
 * @skb: the message, in a nest of enum sio_a_worker
 * @dev: a disk, held
 * @cpu: which
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_be_disk_fill_worker(struct sk_buff *skb, struct sio_be_dev *dev,
			    int cpu)
{
	const struct sio_be_blk_stats *stats;

	stats = per_cpu_ptr(sio_be_disk_of(dev)->stats, cpu);
	return sio_stats_fill_def(skb, SIO_A_WORKER_STAT, stats,
				  sio_be_blk_defs,
				  ARRAY_SIZE(sio_be_blk_defs)) ?:
	       sio_hist_fill(skb, SIO_A_WORKER_HIST, &stats->served) ?:
	       sio_hist_fill(skb, SIO_A_WORKER_BDEV_HIST, &stats->bdev);
}

/**
 * sio_be_req_account() - count a request that is about to be answered
 * @req: executed or refused
 *
 * Context: process or softirq.
 */
void sio_be_req_account(const struct sio_be_req *req)
{
	struct sio_be_blk_stats __percpu *stats = req->disk->stats;

	if (req->status)
		this_cpu_inc(stats->errors);
	switch (req->op) {
	case SIO_BLK_READ:
		this_cpu_inc(stats->reads);
		this_cpu_add(stats->read_bytes, req->len);
		break;
	case SIO_BLK_WRITE:
		this_cpu_inc(stats->writes);
		this_cpu_add(stats->write_bytes, req->len);
		break;
	case SIO_BLK_FLUSH:
		this_cpu_inc(stats->flushes);
		break;
	default:
		this_cpu_inc(stats->discards);
	}
	sio_hist_add_cpu(&stats->served, ktime_get_ns() - req->born_ns);
}
