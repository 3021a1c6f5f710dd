/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices are opened as files since 6.9, limits have setters since 6.11. */
#ifndef SIO_COMPAT_LINUX_BLKDEV_H
#define SIO_COMPAT_LINUX_BLKDEV_H

#include_next <linux/blkdev.h>
#include <linux/version.h>

/**
 * struct sio_bdev - a block device opened for ourselves alone
 * @bdev: the device
 * @handle: what closes it
 * @holder: who has claimed it
 * @is_read_only: opened for reading only
 */
struct sio_bdev {
	struct block_device *bdev;
	void *handle;
	void *holder;
	bool is_read_only;
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define SIO_COMPAT_MODE(ro) \
	(FMODE_READ | FMODE_EXCL | ((ro) ? 0 : FMODE_WRITE))

static inline int sio_bdev_open(struct sio_bdev *b, const char *path)
{
	b->bdev = blkdev_get_by_path(path, SIO_COMPAT_MODE(b->is_read_only),
				     b->holder);
	return PTR_ERR_OR_ZERO(b->bdev);
}

static inline void sio_bdev_close(struct sio_bdev *b)
{
	blkdev_put(b->bdev, SIO_COMPAT_MODE(b->is_read_only));
}
#else
#define SIO_COMPAT_MODE(ro) (BLK_OPEN_READ | ((ro) ? 0 : BLK_OPEN_WRITE))

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#error "block device handles of 6.5 to 6.8 are not supported"
#endif

static inline int sio_bdev_open(struct sio_bdev *b, const char *path)
{
	struct file *file;

	file = bdev_file_open_by_path(path, SIO_COMPAT_MODE(b->is_read_only),
				      b->holder, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	b->handle = file;
	b->bdev = file_bdev(file);
	return 0;
}

static inline void sio_bdev_close(struct sio_bdev *b)
{
	bdev_fput(b->handle);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static inline void blk_queue_disable_discard(struct request_queue *q)
{
	blk_queue_max_discard_sectors(q, 0);
}

static inline void blk_queue_disable_write_zeroes(struct request_queue *q)
{
	blk_queue_max_write_zeroes_sectors(q, 0);
}
#endif

#endif /* SIO_COMPAT_LINUX_BLKDEV_H */
