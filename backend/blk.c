// SPDX-License-Identifier: GPL-2.0
/* Disks: a block device opened for one guest, described, closed. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "blk.h"
#include "proto/hdr.h"

/* How often the size of a block device is looked at, in jiffies */
#define SIO_BE_WATCH		HZ

static atomic_t sio_be_nr_disks = ATOMIC_INIT(0);
DECLARE_WAIT_QUEUE_HEAD(sio_be_disks_gone);

static const struct sio_be_dev_ops sio_be_disk_ops;

/**
 * sio_be_disk_of() - a device as a disk
 * @dev: held, or found under rcu_read_lock()
 *
 * Return: the disk, NULL if it is another kind of device.
 */
struct sio_be_disk *sio_be_disk_of(const struct sio_be_dev *dev)
{
	if (dev->ops != &sio_be_disk_ops)
		return NULL;
	return container_of((struct sio_be_dev *)dev, struct sio_be_disk, d);
}

/**
 * sio_be_disk_lookup_rcu() - find a disk by what a guest calls it
 * @sess: the guest's session
 * @id: handle
 * @gen: its generation
 *
 * Context: under rcu_read_lock().
 * Return: the disk or NULL.
 */
struct sio_be_disk *sio_be_disk_lookup_rcu(struct sio_session *sess, u32 id,
					   u32 gen)
{
	struct sio_be_guest *guest = container_of(sess, struct sio_be_guest, s);
	struct sio_be_dev *dev = xa_load(&guest->devs, id);

	return dev && dev->gen == gen ? sio_be_disk_of(dev) : NULL;
}

/* --- limits ---------------------------------------------------------------- */

static u64 sio_be_disk_sectors(const struct sio_be_disk *disk)
{
	return bdev_nr_sectors(disk->b.bdev);
}

static void sio_be_disk_limits(struct sio_be_disk *disk,
			       const struct sio_be_disk_param *param)
{
	struct block_device *bdev = disk->b.bdev;
	struct sio_be_blk_limits *l = &disk->limits;
	u32 block_sectors;

	l->block = param->block ?: bdev_logical_block_size(bdev);
	l->phys_block = max_t(u32, bdev_physical_block_size(bdev), l->block);
	l->io_min = round_down(bdev_io_min(bdev), l->block);
	l->io_opt = round_down(bdev_io_opt(bdev), l->block);
	l->len_max = SIO_BE_LEN_MAX;
	l->unasked = SIO_BE_UNASKED;
	l->queues = param->queues ?: min_t(u32, num_online_cpus(),
					   SIO_BE_QUEUES_MAX);
	l->slots = l->queues * SIO_BE_SLOTS;
	l->sectors = sio_be_disk_sectors(disk);
	block_sectors = l->block / SIO_SECTOR;
	if (disk->b.is_read_only)
		l->flags |= SIO_BLK_F_READ_ONLY;
	if (bdev_write_cache(bdev) && !disk->is_write_through)
		l->flags |= SIO_BLK_F_CACHE;
	if (bdev_max_discard_sectors(bdev) && !disk->b.is_read_only) {
		l->flags |= SIO_BLK_F_DISCARD;
		l->discard_max = round_down(SIO_BE_ZEROES_MAX, block_sectors);
		l->discard_align = max_t(u32, bdev_discard_granularity(bdev),
					 l->block);
	}
	if (!disk->b.is_read_only) {	/* done by writes if need be */
		l->flags |= SIO_BLK_F_ZEROES;
		l->zeroes_max = round_down(bdev_write_zeroes_sectors(bdev) ?
					   SIO_BE_ZEROES_MAX :
					   SIO_BE_LEN_MAX / SIO_SECTOR,
					   block_sectors);
	}
	if (!bdev_nonrot(bdev))
		l->flags |= SIO_BLK_F_ROTATIONAL;
	if (param->has_digest)
		l->flags |= SIO_BLK_F_CRC;
}

static int sio_be_disk_check(const struct sio_be_disk *disk,
			     struct netlink_ext_ack *extack)
{
	const struct sio_be_blk_limits *l = &disk->limits;

	if (l->block < bdev_logical_block_size(disk->b.bdev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The device has blocks of %u bytes; --block-size cannot be smaller",
				   bdev_logical_block_size(disk->b.bdev));
		return -EINVAL;
	}
	if (!l->sectors) {
		NL_SET_ERR_MSG(extack, "The device has no size");
		return -ENOMEDIUM;
	}
	if (l->sectors % (l->block / SIO_SECTOR)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The device's size is not a multiple of %u bytes; choose a smaller --block-size",
				   l->block);
		return -EINVAL;
	}
	if (l->block > SIO_BLK_PART) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Blocks of %u bytes are too long; at most %u can be exported",
				   l->block, SIO_BLK_PART);
		return -EINVAL;
	}
	return 0;
}

static void sio_be_disk_rec(const struct sio_be_dev *dev,
			    struct sio_rec_dev *dev_rec)
{
	struct sio_rec_blk *rec = container_of(dev_rec, struct sio_rec_blk,
					       dev);
	const struct sio_be_disk *disk = sio_be_disk_of(dev);
	const struct sio_be_blk_limits *l = &disk->limits;

	dev_rec->carrier = 1;
	dev_rec->queues = cpu_to_le16(l->queues);
	rec->flags = cpu_to_le32(l->flags);
	rec->sectors = cpu_to_le64(READ_ONCE(l->sectors));
	rec->block = cpu_to_le32(l->block);
	rec->phys_block = cpu_to_le32(l->phys_block);
	rec->io_min = cpu_to_le32(l->io_min);
	rec->io_opt = cpu_to_le32(l->io_opt);
	rec->len_max = cpu_to_le32(l->len_max);
	rec->discard_max = cpu_to_le32(l->discard_max);
	rec->discard_align = cpu_to_le32(l->discard_align);
	rec->zeroes_max = cpu_to_le32(l->zeroes_max);
	rec->unasked = cpu_to_le32(l->unasked);
	rec->slots = cpu_to_le16(l->slots);
}

/* --- while it is there ------------------------------------------------------ */

/* A device that grew is announced; one that shrank or went is shown as such */
static void sio_be_disk_watch(struct work_struct *work)
{
	struct sio_be_disk *disk = container_of(to_delayed_work(work),
						struct sio_be_disk, watch);
	u64 sectors = sio_be_disk_sectors(disk), old = disk->limits.sectors;
	u8 wrong = SIO_DISK_OK;

	sectors = round_down(sectors, disk->limits.block / SIO_SECTOR);
	if (!sectors || !disk_live(disk->b.bdev->bd_disk))
		wrong = SIO_DISK_GONE;
	else if (sectors < old)
		wrong = SIO_DISK_SHRANK;
	if (sectors > old)
		WRITE_ONCE(disk->limits.sectors, sectors);
	if (sectors > old)
		sio_be_dev_announce(&disk->d);
	if (sectors > old || wrong != disk->wrong) {
		WRITE_ONCE(disk->wrong, wrong);
		sio_be_event_dev(&disk->d, SIO_EVENT_DEV_SET);
	}
	queue_delayed_work(system_freezable_wq, &disk->watch, SIO_BE_WATCH);
}

/**
 * sio_be_disk_fence_all() - a guest came, or came back
 * @guest: its session is up
 *
 * Context: process.
 */
void sio_be_disk_fence_all(struct sio_be_guest *guest)
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	u32 epoch, peer_nr;
	unsigned long id;

	mutex_lock(&guest->tell_mutex);	/* the last to come knows best */
	sio_session_epoch(&guest->s, &epoch, &peer_nr);
	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev) {
		disk = sio_be_disk_of(dev);
		if (disk && epoch)
			sio_be_blk_epoch(disk, epoch, peer_nr);
	}
	rcu_read_unlock();
	mutex_unlock(&guest->tell_mutex);
}

/* --- coming and going ------------------------------------------------------- */

static void sio_be_disk_free(struct sio_be_dev *dev)
{
	struct sio_be_disk *disk = sio_be_disk_of(dev);

	free_percpu(disk->stats);
	kvfree(disk->queues);
	kvfree(disk->served);
	kvfree(disk->reqs);
	kfree(disk->path);
	kfree(disk->source);
	kfree(disk->key_file);
	kfree(disk);
	if (atomic_dec_and_test(&sio_be_nr_disks))
		wake_up_all(&sio_be_disks_gone);
}

/* The block device is free, then all know it */
static void sio_be_disk_shut(struct sio_be_disk *disk)
{
	cancel_delayed_work_sync(&disk->watch);
	/* who has seen an answer that waits for room has queued its worker */
	synchronize_rcu();
	sio_be_io_stop(disk);
	flush_work(&disk->sync_work);	/* nobody begins one any more */
	sio_be_disk_sync(disk);
	sio_bdev_close(&disk->b);
	/* who hears of it finds the name free */
	xa_erase(&disk->d.guest->devs, disk->d.id);
	sio_be_event_dev(&disk->d, SIO_EVENT_DEV_DEL);
	atomic_dec(&disk->d.guest->nr_disks);
	atomic_dec(&sio_be_net_of(disk->d.guest->s.net)->nr_disks);
	wake_up_all(&sio_be_disks_gone);
	sio_be_dev_put(&disk->d);
}

/* Nothing is under way any more; may run more than once */
static void sio_be_disk_close_work(struct work_struct *work)
{
	struct sio_be_disk *disk = container_of(work, struct sio_be_disk,
						close_work);
	bool is_last;

	wake_up_all(&sio_be_disks_gone);	/* who drains */
	spin_lock_bh(&disk->lock);
	is_last = READ_ONCE(disk->d.state) == SIO_DEV_STATE_REMOVING &&
		  !disk->is_closed;
	disk->is_closed |= is_last;
	spin_unlock_bh(&disk->lock);
	if (is_last)
		sio_be_disk_shut(disk);
	sio_be_dev_put(&disk->d);
}

/* The block device is free a little later, with SIO_EVENT_DEV_DEL */
static void sio_be_disk_destroy(struct sio_be_dev *dev)
{
	struct sio_be_disk *disk = sio_be_disk_of(dev);

	lockdep_assert_held(&sio_be_mutex);
	if (dev->state == SIO_DEV_STATE_REMOVING)
		return;
	sio_be_dev_tell_gone(dev);
	sio_be_dev_set_state(dev, SIO_DEV_STATE_REMOVING, 0);
	dev->guest->nr_devs--;
	sio_be_dev_announce_all(dev->guest);
	sio_be_event_dev(dev, SIO_EVENT_DEV_SET);
	kref_get(&dev->ref);	/* it may be gone before this returns */
	sio_be_blk_close(disk);
	sio_be_dev_put(dev);
}

static int sio_be_disk_fill_now(struct sk_buff *skb, struct sio_be_disk *disk)
{
	struct sio_be_blk_now now;

	sio_be_blk_look(disk, &now);
	if (nla_put_u32(skb, SIO_A_DEV_WRONG, READ_ONCE(disk->wrong)) ||
	    nla_put_u32(skb, SIO_A_DEV_HELD, now.held) ||
	    nla_put_u32(skb, SIO_A_DEV_IN_FLIGHT, now.in_flight) ||
	    nla_put_u32(skb, SIO_A_DEV_FENCED, now.fenced) ||
	    nla_put_u64_64bit(skb, SIO_A_DEV_OLDEST_MS, now.oldest_ms,
			      SIO_A_DEV_PAD) ||
	    nla_put_u64_64bit(skb, SIO_A_DEV_FENCE_MS, now.fence_ms,
			      SIO_A_DEV_PAD))
		return -EMSGSIZE;
	return 0;
}

static int sio_be_disk_fill(struct sk_buff *skb, struct sio_be_dev *dev)
{
	struct sio_be_disk *disk = sio_be_disk_of(dev);
	const struct sio_be_blk_limits *l = &disk->limits;

	if (nla_put_string(skb, SIO_A_DEV_DISK, disk->path) ||
	    nla_put_string(skb, SIO_A_DEV_SOURCE, disk->source) ||
	    (disk->key_file &&
	     nla_put_string(skb, SIO_A_DEV_KEY_FILE, disk->key_file)) ||
	    nla_put_u32(skb, SIO_A_DEV_MADE, disk->made) ||
	    nla_put_u64_64bit(skb, SIO_A_DEV_SECTORS, READ_ONCE(l->sectors),
			      SIO_A_DEV_PAD) ||
	    nla_put_u32(skb, SIO_A_DEV_BLOCK, l->block) ||
	    nla_put_u32(skb, SIO_A_DEV_PHYS_BLOCK, l->phys_block) ||
	    nla_put_u8(skb, SIO_A_DEV_READ_ONLY, disk->b.is_read_only) ||
	    nla_put_u8(skb, SIO_A_DEV_CACHE, !!(l->flags & SIO_BLK_F_CACHE)) ||
	    nla_put_u8(skb, SIO_A_DEV_DIGEST, !!(l->flags & SIO_BLK_F_CRC)) ||
	    nla_put_u8(skb, SIO_A_DEV_DISCARD,
		       !!(l->flags & SIO_BLK_F_DISCARD)) ||
	    nla_put_u32(skb, SIO_A_DEV_QUEUES, l->queues) ||
	    nla_put_u8(skb, SIO_A_DEV_WRITE_THROUGH, disk->is_write_through))
		return -EMSGSIZE;
	if ((disk->block_asked &&
	     nla_put_u32(skb, SIO_A_DEV_BLOCK_ASKED, disk->block_asked)) ||
	    (disk->queues_asked &&
	     nla_put_u32(skb, SIO_A_DEV_QUEUES_ASKED, disk->queues_asked)))
		return -EMSGSIZE;
	return sio_be_disk_fill_now(skb, disk) ?:
	       sio_be_disk_fill_stats(skb, disk);
}

static const struct sio_be_dev_ops sio_be_disk_ops = {
	.type		= SIO_DEV_BLK,
	.rec_type	= SIO_REC_BLK,
	.rec_len	= sizeof(struct sio_rec_blk),
	.rec		= sio_be_disk_rec,
	.fill		= sio_be_disk_fill,
	.fill_worker	= sio_be_disk_fill_worker,
	.destroy	= sio_be_disk_destroy,
	.free		= sio_be_disk_free,
};

static int sio_be_disk_alloc_reqs(struct sio_be_disk *disk)
{
	u16 nr = disk->limits.slots, slot;

	disk->nr_queues = num_possible_cpus();
	disk->queues = kvcalloc(disk->nr_queues, sizeof(*disk->queues),
				GFP_KERNEL);
	disk->served = kvcalloc(nr, sizeof(*disk->served), GFP_KERNEL);
	disk->reqs = kvcalloc(nr, sizeof(*disk->reqs), GFP_KERNEL);
	disk->stats = alloc_percpu(struct sio_be_blk_stats);
	if (!disk->queues || !disk->served || !disk->reqs || !disk->stats)
		return -ENOMEM;
	for (slot = 0; slot < nr; slot++) {
		disk->reqs[slot].disk = disk;
		disk->reqs[slot].slot = slot;
		INIT_LIST_HEAD(&disk->reqs[slot].node);
	}
	sio_slot_server_init(&disk->slots, disk->served, nr, 0);
	sio_be_io_start(disk);
	return 0;
}

static struct sio_be_disk *
sio_be_disk_alloc(struct sio_be_guest *guest,
		  const struct sio_be_disk_param *param)
{
	struct sio_be_disk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);

	if (!disk)
		return NULL;
	sio_be_dev_init(&disk->d, &sio_be_disk_ops, guest, param->name,
			param->uuid);
	atomic_inc(&sio_be_nr_disks);
	disk->is_write_through = param->is_write_through;
	disk->made = param->made;
	disk->block_asked = param->block;
	disk->queues_asked = param->queues;
	spin_lock_init(&disk->lock);
	INIT_LIST_HEAD(&disk->held);
	INIT_LIST_HEAD(&disk->unsent);
	INIT_DELAYED_WORK(&disk->watch, sio_be_disk_watch);
	INIT_WORK(&disk->sync_work, sio_be_disk_sync_work);
	INIT_WORK(&disk->close_work, sio_be_disk_close_work);
	disk->path = kstrdup(param->path, GFP_KERNEL);
	disk->source = kstrdup(param->source, GFP_KERNEL);
	disk->key_file = kstrdup(param->key_file, GFP_KERNEL);
	if (!disk->path || !disk->source ||
	    !disk->key_file != !param->key_file) {
		sio_be_dev_put(&disk->d);
		return NULL;
	}
	return disk;
}

static int sio_be_disk_open(struct sio_be_disk *disk, bool is_read_only,
			    struct netlink_ext_ack *extack)
{
	int err;

	disk->b.holder = disk;
	disk->b.is_read_only = is_read_only;
	err = sio_bdev_open(&disk->b, disk->path);
	switch (err) {
	case 0:
		break;
	case -EBUSY:
		NL_SET_ERR_MSG(extack,
			       "The device is in use: mounted, part of something else, or exported");
		break;
	case -EROFS:
	case -EACCES:
		NL_SET_ERR_MSG(extack,
			       "The device cannot be written to; use --read-only");
		break;
	case -ENOTBLK:
		NL_SET_ERR_MSG(extack, "This is not a block device");
		break;
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		NL_SET_ERR_MSG(extack, "There is no such device");
		break;
	default:
		NL_SET_ERR_MSG(extack, "The device cannot be opened");
	}
	return err;
}

/**
 * sio_be_disk_create() - give a guest a disk, whether it is there or not
 * @guest: known
 * @param: what it shall be
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held; the path is looked up as the caller sees it.
 * Return: the disk, valid as long as the mutex is held, or an ERR_PTR.
 */
struct sio_be_disk *sio_be_disk_create(struct sio_be_guest *guest,
				       const struct sio_be_disk_param *param,
				       struct netlink_ext_ack *extack)
{
	struct sio_be_disk *disk;
	u32 epoch, peer_nr;
	int err;

	lockdep_assert_held(&sio_be_mutex);
	err = sio_be_dev_may_be(guest, param->name, param->uuid, extack);
	if (err)
		return ERR_PTR(err);
	disk = sio_be_disk_alloc(guest, param);
	if (!disk)
		return ERR_PTR(-ENOMEM);
	err = sio_be_disk_open(disk, param->is_read_only, extack);
	if (err)
		goto err_put;
	sio_be_disk_limits(disk, param);
	err = sio_be_disk_check(disk, extack);
	if (err)
		goto err_close;
	err = sio_be_disk_alloc_reqs(disk);
	if (err)
		goto err_close;
	sio_session_epoch(&guest->s, &epoch, &peer_nr);
	disk->epoch = epoch;
	disk->peer_nr = peer_nr;
	err = xa_alloc(&guest->devs, &disk->d.id, NULL, xa_limit_31b,
		       GFP_KERNEL);
	if (err)
		goto err_close;
	atomic_inc(&guest->nr_disks);
	atomic_inc(&sio_be_net_of(guest->s.net)->nr_disks);
	queue_delayed_work(system_freezable_wq, &disk->watch, SIO_BE_WATCH);
	sio_be_dev_publish(&disk->d);
	/* the guest may have come before the disk could be found */
	sio_be_disk_fence_all(guest);
	return disk;

err_close:
	sio_bdev_close(&disk->b);
err_put:
	sio_be_dev_put(&disk->d);
	return ERR_PTR(err);
}

/**
 * sio_be_disk_wait_closed() - wait until the block devices of a guest are closed
 * @guest: held, its disks are destroyed
 * @timeout: no longer than so many jiffies
 *
 * Context: process.
 */
void sio_be_disk_wait_closed(struct sio_be_guest *guest, long timeout)
{
	wait_event_timeout(sio_be_disks_gone, !atomic_read(&guest->nr_disks),
			   timeout);
}

/**
 * sio_be_disk_wait_net() - wait until no block device of a namespace is open
 * @net: all of its disks are destroyed, none is made any more
 *
 * Context: process.
 */
void sio_be_disk_wait_net(struct net *net)
{
	wait_event(sio_be_disks_gone,
		   !atomic_read(&sio_be_net_of(net)->nr_disks));
}

/**
 * sio_be_disk_wait_all() - wait until the memory of every disk is freed
 *
 * Context: module exit.
 */
void sio_be_disk_wait_all(void)
{
	wait_event(sio_be_disks_gone, !atomic_read(&sio_be_nr_disks));
}
