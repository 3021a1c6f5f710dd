// SPDX-License-Identifier: GPL-2.0
/* Disks end what they began before a goodbye, and the guest hears of it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "blk.h"
#include "proto/hdr.h"

/**
 * sio_be_disk_sync() - leave nothing in a volatile cache
 * @disk: its block device is open, and stays so meanwhile
 *
 * Context: process, for as long as the block device takes.
 * Return: false if something may be left there.
 */
bool sio_be_disk_sync(struct sio_be_disk *disk)
{
	int err;

	if (disk->b.is_read_only)
		return true;
	err = blkdev_issue_flush(disk->b.bdev);
	if (err)
		pr_warn("%s/%s: flushing %s failed with error %d\n",
			disk->d.guest->s.name, disk->d.name, disk->path, err);
	return !err;
}

/**
 * sio_be_disk_sync_work() - the same, while somebody waits for a while
 * @work: of the disk, which is not closed before this has ended
 */
void sio_be_disk_sync_work(struct work_struct *work)
{
	struct sio_be_disk *disk = container_of(work, struct sio_be_disk,
						sync_work);

	WRITE_ONCE(disk->sync, sio_be_disk_sync(disk) ? SIO_BE_SYNC_DONE :
							SIO_BE_SYNC_FAILED);
	wake_up_all(&sio_be_disks_gone);
}

/* Is a disk of the guest busy, or being synced? */
static bool sio_be_disk_is_any(struct sio_be_guest *guest,
			       bool (*is)(const struct sio_be_disk *disk))
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	bool is_any = false;
	unsigned long id;

	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev) {
		disk = sio_be_disk_of(dev);
		is_any |= disk && is(disk);
	}
	rcu_read_unlock();
	return is_any;
}

static bool sio_be_disk_is_busy(const struct sio_be_disk *disk)
{
	return READ_ONCE(disk->busy);
}

static bool sio_be_disk_is_syncing(const struct sio_be_disk *disk)
{
	return READ_ONCE(disk->sync) == SIO_BE_SYNC_RUNS;
}

static void sio_be_disk_sync_all(struct sio_be_guest *guest)
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	unsigned long id;

	for (id = 0; (dev = sio_be_dev_next_get(guest, &id)); id++) {
		disk = sio_be_disk_of(dev);
		/* one that is removed may be closed by now */
		if (disk && !sio_be_disk_is_busy(disk) &&
		    READ_ONCE(dev->state) != SIO_DEV_STATE_REMOVING) {
			WRITE_ONCE(disk->sync, SIO_BE_SYNC_RUNS);
			queue_work(system_unbound_wq, &disk->sync_work);
		}
		sio_be_dev_put(dev);
	}
	wait_event_timeout(sio_be_disks_gone,
			   !sio_be_disk_is_any(guest, sio_be_disk_is_syncing),
			   msecs_to_jiffies(SIO_BE_DRAIN_MS));
}

/* Tell the guest what became of its requests, as answers may get lost */
static void sio_be_disk_tell_done(struct sio_be_disk *disk)
{
	struct sio_session *sess = &disk->d.guest->s;
	struct sio_rec_blk_done *rec;
	struct sio_ctl_req *req;
	u16 arg = 0;
	u32 len;

	if (READ_ONCE(disk->sync) == SIO_BE_SYNC_DONE)
		arg = SIO_BLK_DONE_FLUSHED;
	len = sizeof(*rec) + disk->slots.nr * sizeof(struct sio_blk_done);
	req = sio_ctl_alloc(SIO_CTL_BLK_DONE, arg, len, GFP_KERNEL);
	if (!req)
		return;
	rec = (struct sio_rec_blk_done *)req->body;
	rec->dev = cpu_to_le32(disk->d.id);
	rec->gen = cpu_to_le32(disk->d.gen);
	len = sizeof(*rec) + sio_be_blk_fill_done(disk, (void *)(rec + 1));
	sio_rec_init(&rec->rec, SIO_REC_BLK_DONE, len);
	req->len = len;
	sio_ctl_call(sess, req, SIO_GOODBYE_MS);
}

/**
 * sio_be_disk_drain_all() - finish what was begun, before a goodbye
 * @guest: whose disks take nothing new from now on
 *
 * Context: process, sio_be_mutex is held. Waits SIO_BE_DRAIN_MS at most for
 * requests, and as long for caches.
 */
void sio_be_disk_drain_all(struct sio_be_guest *guest)
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev) {
		disk = sio_be_disk_of(dev);
		if (disk)
			sio_be_blk_close(disk);
	}
	rcu_read_unlock();
	wait_event_timeout(sio_be_disks_gone,
			   !sio_be_disk_is_any(guest, sio_be_disk_is_busy),
			   msecs_to_jiffies(SIO_BE_DRAIN_MS));
	if (sio_session_is_up(&guest->s))	/* who is not there hears nothing */
		sio_be_disk_sync_all(guest);
	for (id = 0; (dev = sio_be_dev_next_get(guest, &id)); id++) {
		disk = sio_be_disk_of(dev);
		if (disk && sio_session_is_up(&guest->s))
			sio_be_disk_tell_done(disk);
		sio_be_dev_put(dev);
	}
}
