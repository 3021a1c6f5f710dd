/* SPDX-License-Identifier: GPL-2.0 */
/* Disks are made with their limits since 6.9, all of ours since 6.11. */
#ifndef SIO_COMPAT_LINUX_BLK_MQ_H
#define SIO_COMPAT_LINUX_BLK_MQ_H

#include_next <linux/blk-mq.h>
#include <linux/version.h>

/**
 * struct sio_disk_limits - what a disk is and can do
 * @block: logical block in bytes
 * @phys_block: physical block in bytes
 * @io_min: in bytes, 0 if unknown
 * @io_opt: in bytes, 0 if unknown
 * @max_sectors: of a read or write
 * @discard_max: sectors, 0 if there is none
 * @discard_align: bytes
 * @zeroes_max: sectors, 0 if there is none
 * @has_cache: volatile cache, with flush and FUA
 * @is_rotational: seeks cost time
 */
struct sio_disk_limits {
	u32 block;
	u32 phys_block;
	u32 io_min;
	u32 io_opt;
	u32 max_sectors;
	u32 discard_max;
	u32 discard_align;
	u32 zeroes_max;
	bool has_cache;
	bool is_rotational;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
static inline struct gendisk *
sio_disk_alloc(struct blk_mq_tag_set *set, const struct sio_disk_limits *l,
	       void *queuedata)
{
	struct queue_limits lim = {
		.features = BLK_FEAT_STABLE_WRITES,
		.logical_block_size = l->block,
		.physical_block_size = l->phys_block,
		.io_min = l->io_min,
		.io_opt = l->io_opt,
		.max_hw_sectors = l->max_sectors,
		.max_segments = USHRT_MAX,
		.max_segment_size = UINT_MAX,
		.max_hw_discard_sectors = l->discard_max,
		.max_discard_segments = 1,
		.discard_granularity = l->discard_align,
		.max_write_zeroes_sectors = l->zeroes_max,
	};

	if (l->has_cache)
		lim.features |= BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
	if (l->is_rotational)
		lim.features |= BLK_FEAT_ROTATIONAL;
	return blk_mq_alloc_disk(set, &lim, queuedata);
}
#else
static inline struct gendisk *
sio_disk_alloc(struct blk_mq_tag_set *set, const struct sio_disk_limits *l,
	       void *queuedata)
{
	struct gendisk *gd = blk_mq_alloc_disk(set, queuedata);
	struct request_queue *q;

	if (IS_ERR(gd))
		return gd;
	q = gd->queue;
	blk_queue_flag_set(QUEUE_FLAG_STABLE_WRITES, q);
	if (!l->is_rotational)
		blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_logical_block_size(q, l->block);
	blk_queue_physical_block_size(q, l->phys_block);
	blk_queue_io_min(q, l->io_min ?: l->phys_block);
	blk_queue_io_opt(q, l->io_opt);
	blk_queue_max_hw_sectors(q, l->max_sectors);
	blk_queue_max_segments(q, USHRT_MAX);
	blk_queue_max_segment_size(q, UINT_MAX);
	blk_queue_max_discard_sectors(q, l->discard_max);
	q->limits.discard_granularity = l->discard_align;
	blk_queue_max_write_zeroes_sectors(q, l->zeroes_max);
	blk_queue_write_cache(q, l->has_cache, l->has_cache);
	return gd;
}
#endif

/* Merging is what queues do without being told since 6.14 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define SIO_DISK_MQ_FLAGS	BLK_MQ_F_SHOULD_MERGE
#else
#define SIO_DISK_MQ_FLAGS	0
#endif

#endif /* SIO_COMPAT_LINUX_BLK_MQ_H */
