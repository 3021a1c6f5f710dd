// SPDX-License-Identifier: GPL-2.0
/* Disks: made as announced, shown to the system, taken away. */
#include <linux/idr.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/uuid.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "blk.h"
#include "fe.h"

static DEFINE_IDA(sio_fe_blk_ida);

/* Disks whose memory is not freed yet: the module's text is theirs too */
static atomic_t sio_fe_blk_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(sio_fe_blk_none);

/* Disks are added and removed here; each may wait for requests for long */
static struct workqueue_struct *sio_fe_blk_wq;

/* Requests end here, for which those above wait */
static struct workqueue_struct *sio_fe_blk_end_wq;

static struct sio_fe_disk *sio_fe_disk_of(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%*phN\n", SIO_UUID_LEN,
			  sio_fe_disk_of(dev)->rec.dev.uuid);
}
static DEVICE_ATTR_RO(serial);

static ssize_t wwid_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "splitio.%pU\n",
			  sio_fe_disk_of(dev)->rec.dev.uuid);
}
static DEVICE_ATTR_RO(wwid);

static ssize_t splitio_name_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", sio_fe_disk_of(dev)->rec.dev.name);
}
static DEVICE_ATTR_RO(splitio_name);

static struct attribute *sio_fe_blk_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_wwid.attr,
	&dev_attr_splitio_name.attr,
	NULL
};
ATTRIBUTE_GROUPS(sio_fe_blk);

static void sio_fe_blk_free(struct sio_fe_disk *disk)
{
	ida_free(&sio_fe_blk_ida, disk->index);
	kfree(disk);
	if (atomic_dec_and_test(&sio_fe_blk_alive))
		wake_up_all(&sio_fe_blk_none);
}

/* The last user has closed it; not called for one that was never added */
static void sio_fe_blk_free_disk(struct gendisk *gd)
{
	sio_fe_blk_free(gd->private_data);
}

static const struct block_device_operations sio_fe_blk_fops = {
	.owner		= THIS_MODULE,
	.free_disk	= sio_fe_blk_free_disk,
};

/*
 * As long as somebody has a socket with this mark, all that is received may be
 * put into the reserves of memory: an answer may be what lets memory be freed.
 * Nothing goes through the socket. It is in init_net, as a disk can outlive the
 * namespace it was made in.
 */
static int sio_fe_blk_mark_reserves(struct sio_fe_disk *disk)
{
	int err;

	err = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
			       &disk->reserves);
	if (!err)
		sk_set_memalloc(disk->reserves->sk);
	return err;
}

static void sio_fe_blk_unmark_reserves(struct sio_fe_disk *disk)
{
	sk_clear_memalloc(disk->reserves->sk);
	sock_release(disk->reserves);
}

static void sio_fe_blk_free_queues(struct sio_fe_disk *disk)
{
	unsigned int i;

	for (i = 0; disk->queues && i < disk->nr_queues; i++)
		sio_fe_blkq_exit(&disk->queues[i]);
	kvfree(disk->queues);
}

static int sio_fe_blk_alloc_queues(struct sio_fe_disk *disk,
				   const struct sio_rec_blk *rec)
{
	unsigned int wire = le16_to_cpu(rec->dev.queues), i, nr_slots;
	int err;

	nr_slots = le16_to_cpu(rec->slots) / wire;
	disk->nr_queues = min3(wire, nr_cpu_ids,
			       (unsigned int)SIO_FE_QUEUES_MAX);
	disk->queues = kvcalloc(disk->nr_queues, sizeof(*disk->queues),
				GFP_KERNEL);
	if (!disk->queues)
		goto err_free;
	for (i = 0; i < disk->nr_queues; i++) {
		err = sio_fe_blkq_init(disk, i, nr_slots,
				       le32_to_cpu(rec->unasked));
		if (err)
			goto err_free;
	}
	return 0;

err_free:
	sio_fe_blk_free_queues(disk);
	return -ENOMEM;
}

static void sio_fe_blk_limits(const struct sio_rec_blk *rec,
			      struct sio_disk_limits *l)
{
	u32 flags = le32_to_cpu(rec->flags);

	memset(l, 0, sizeof(*l));
	l->block = le32_to_cpu(rec->block);
	l->phys_block = le32_to_cpu(rec->phys_block);
	l->io_min = le32_to_cpu(rec->io_min);
	l->io_opt = le32_to_cpu(rec->io_opt);
	l->max_sectors = le32_to_cpu(rec->len_max) / SIO_SECTOR;
	if (flags & SIO_BLK_F_DISCARD) {
		l->discard_max = le32_to_cpu(rec->discard_max);
		l->discard_align = le32_to_cpu(rec->discard_align);
	}
	if (flags & SIO_BLK_F_ZEROES)
		l->zeroes_max = le32_to_cpu(rec->zeroes_max);
	l->has_cache = flags & SIO_BLK_F_CACHE;
	l->is_rotational = flags & SIO_BLK_F_ROTATIONAL;
}

static int sio_fe_blk_alloc_gd(struct sio_fe_disk *disk)
{
	unsigned int nr_slots = disk->queues[0].slots.nr;
	struct sio_disk_limits limits;
	int err;

	disk->set.ops = &sio_fe_blk_mq_ops;
	disk->set.nr_hw_queues = disk->nr_queues;
	disk->set.queue_depth = nr_slots - nr_slots / SIO_FE_SLOTS_PER_SPARE;
	disk->set.numa_node = NUMA_NO_NODE;
	disk->set.cmd_size = sizeof(struct sio_fe_req);
	disk->set.flags = SIO_DISK_MQ_FLAGS;
	disk->set.driver_data = disk;
	err = blk_mq_alloc_tag_set(&disk->set);
	if (err)
		return err;
	sio_fe_blk_limits(&disk->rec, &limits);
	disk->gd = sio_disk_alloc(&disk->set, &limits, disk);
	if (IS_ERR(disk->gd)) {
		blk_mq_free_tag_set(&disk->set);
		return PTR_ERR(disk->gd);
	}
	disk->gd->fops = &sio_fe_blk_fops;
	disk->gd->private_data = disk;
	snprintf(disk->gd->disk_name, DISK_NAME_LEN, "sio%d", disk->index);
	set_capacity(disk->gd, disk->sectors);
	set_disk_ro(disk->gd,
		    le32_to_cpu(disk->rec.flags) & SIO_BLK_F_READ_ONLY);
	return 0;
}

static void sio_fe_blk_add(struct sio_fe_disk *disk)
{
	int err;

	if (READ_ONCE(disk->is_gone))
		return;
	err = device_add_disk(NULL, disk->gd, sio_fe_blk_groups);
	if (err)
		pr_warn_ratelimited("%s: error %d\n", disk->gd->disk_name, err);
	disk->is_added = !err;
}

static void sio_fe_blk_del(struct sio_fe_disk *disk)
{
	unsigned int i;

	/* phase 1: nobody begins anything; requests fail at once */
	if (disk->is_added) {
		blk_mark_disk_dead(disk->gd);
		del_gendisk(disk->gd);
	}
	/* phase 2: nothing of ours runs, and no frame knows of a request */
	cancel_delayed_work_sync(&disk->loss_work);
	wait_event(disk->no_frames, !atomic_read(&disk->nr_frames));
	synchronize_rcu();
	cancel_work_sync(&disk->end_work);
	for (i = 0; i < disk->nr_queues; i++)
		hrtimer_cancel(&disk->queues[i].timer);
	/* phase 3: memory; the rest goes when the last user closes it */
	if (!disk->is_added)	/* the queue goes with it, and needs its tags */
		put_disk(disk->gd);
	blk_mq_free_tag_set(&disk->set);
	sio_fe_blk_free_queues(disk);
	sio_fe_blk_unmark_reserves(disk);
	sio_fe_dev_put(disk->dev);
	if (disk->is_added)
		put_disk(disk->gd);
	else
		sio_fe_blk_free(disk);
}

static void sio_fe_blk_work(struct work_struct *work)
{
	struct sio_fe_disk *disk = container_of(work, struct sio_fe_disk, work);

	if (test_and_clear_bit(SIO_FE_DISK_ADD, &disk->todo))
		sio_fe_blk_add(disk);
	if (test_and_clear_bit(SIO_FE_DISK_GROW, &disk->todo) &&
	    disk->is_added)
		set_capacity_and_notify(disk->gd, READ_ONCE(disk->sectors));
	if (test_and_clear_bit(SIO_FE_DISK_DEL, &disk->todo))
		sio_fe_blk_del(disk);
}

static void sio_fe_blk_end_work(struct work_struct *work)
{
	sio_fe_blk_end_dying(container_of(work, struct sio_fe_disk, end_work));
}

/**
 * sio_fe_blk_end_soon() - end requests whose frames are gone, in the background
 * @disk: some were abandoned
 *
 * Context: any.
 */
void sio_fe_blk_end_soon(struct sio_fe_disk *disk)
{
	queue_work(sio_fe_blk_end_wq, &disk->end_work);
}

static void sio_fe_blk_want(struct sio_fe_disk *disk, unsigned int what)
{
	set_bit(what, &disk->todo);
	queue_work(sio_fe_blk_wq, &disk->work);
}

/* The session has been down for as long as the policy allows */
static void sio_fe_blk_loss_work(struct work_struct *work)
{
	struct sio_fe_disk *disk = container_of(to_delayed_work(work),
						struct sio_fe_disk, loss_work);

	pr_warn_ratelimited("%s, disk %s of %s: no session for %u s, requests fail\n",
			    disk->gd->disk_name, disk->dev->name,
			    disk->sess->name, disk->on_loss_s);
	WRITE_ONCE(disk->is_failing, true);
	sio_fe_blk_fail_all(disk, BLK_STS_IOERR);
}

/* A disk, which appears a little later */
static int sio_fe_disk_create(struct sio_fe_dev *dev,
			      const struct sio_rec_dev *dev_rec)
{
	struct sio_fe_disk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	const struct sio_rec_blk *rec = sio_fe_blk_rec(dev_rec);
	int err;

	if (!disk)
		return -ENOMEM;
	disk->sess = &dev->sess->s;
	disk->rec = *rec;
	disk->sectors = le64_to_cpu(rec->sectors);
	sio_fe_policy_get(dev->sess, dev->name, &disk->on_loss,
			  &disk->on_loss_s);
	atomic64_set(&disk->nr_written, 0);
	atomic64_set(&disk->nr_flushed, 0);
	init_waitqueue_head(&disk->no_frames);
	INIT_WORK(&disk->work, sio_fe_blk_work);
	INIT_WORK(&disk->end_work, sio_fe_blk_end_work);
	INIT_DELAYED_WORK(&disk->loss_work, sio_fe_blk_loss_work);
	disk->index = ida_alloc(&sio_fe_blk_ida, GFP_KERNEL);
	if (disk->index < 0) {
		err = disk->index;
		goto err_free;
	}
	err = sio_fe_blk_alloc_queues(disk, rec);
	if (err)
		goto err_ida;
	err = sio_fe_blk_mark_reserves(disk);
	if (err)
		goto err_queues;
	err = sio_fe_blk_alloc_gd(disk);
	if (err)
		goto err_reserves;
	kref_get(&dev->ref);
	disk->dev = dev;
	dev->disk = disk;
	atomic_inc(&sio_fe_blk_alive);
	return 0;

err_reserves:
	sio_fe_blk_unmark_reserves(disk);
err_queues:
	sio_fe_blk_free_queues(disk);
err_ida:
	ida_free(&sio_fe_blk_ida, disk->index);
err_free:
	kfree(disk);
	return err;
}

/* What cannot change while a disk is in use */
static bool sio_fe_blk_is_same(const struct sio_fe_disk *disk,
			       const struct sio_rec_blk *rec)
{
	const struct sio_rec_blk *old = &disk->rec;

	return old->flags == rec->flags && old->block == rec->block &&
	       old->len_max == rec->len_max && old->slots == rec->slots &&
	       old->dev.queues == rec->dev.queues &&
	       old->discard_max == rec->discard_max &&
	       old->zeroes_max == rec->zeroes_max;
}

/* A peer that was not shut down has lost what was in a volatile cache */
static void sio_fe_blk_new_peer(struct sio_fe_disk *disk)
{
	u64 written = atomic64_read(&disk->nr_written);
	u64 flushed = atomic64_xchg(&disk->nr_flushed, written);

	if (disk->is_orderly || written == flushed ||
	    !(le32_to_cpu(disk->rec.flags) & SIO_BLK_F_CACHE))
		return;
	/* a flush that comes from here on fails; one that waits, below */
	WRITE_ONCE(disk->has_lost, true);
	if (sio_fe_blk_fail_flushes(disk, flushed, written))
		WRITE_ONCE(disk->has_lost, false);
}

/* The peer has the disk ready, or it has changed */
static int sio_fe_disk_update(struct sio_fe_dev *dev,
			      const struct sio_rec_dev *dev_rec)
{
	const struct sio_rec_blk *rec = sio_fe_blk_rec(dev_rec);
	u64 sectors = le64_to_cpu(rec->sectors);
	struct sio_fe_disk *disk = dev->disk;
	bool is_new_peer, is_new;
	u32 epoch, peer_nr;

	dev->handle = le32_to_cpu(dev_rec->dev);
	dev->gen = le32_to_cpu(dev_rec->gen);
	if (!sio_fe_blk_is_same(disk, rec) || sectors < disk->sectors) {
		disk->wrong = SIO_DISK_CHANGED;
		return -EMEDIUMTYPE;
	}
	disk->wrong = SIO_DISK_OK;
	if (sectors != disk->sectors) {
		WRITE_ONCE(disk->sectors, sectors);
		sio_fe_blk_want(disk, SIO_FE_DISK_GROW);
	}
	sio_session_epoch(&dev->sess->s, &epoch, &peer_nr);
	is_new_peer = disk->peer_nr != peer_nr;
	/* a disk made anew has never heard of a slot, whoever made it */
	is_new = is_new_peer || disk->handle != dev->handle ||
		 disk->gen != dev->gen;
	if (!epoch || (disk->queues[0].epoch == epoch && !is_new))
		return 0;
	sio_fe_blk_stop(disk);
	disk->rec = *rec;
	WRITE_ONCE(disk->handle, dev->handle);
	WRITE_ONCE(disk->gen, dev->gen);
	if (is_new_peer && disk->peer_nr)
		sio_fe_blk_new_peer(disk);
	disk->peer_nr = peer_nr;
	disk->is_orderly = false;
	cancel_delayed_work_sync(&disk->loss_work);
	WRITE_ONCE(disk->is_failing, false);
	sio_fe_blk_go(disk, epoch, is_new);
	if (!disk->is_announced)
		sio_fe_blk_want(disk, SIO_FE_DISK_ADD);
	disk->is_announced = true;
	return 0;
}

static void sio_fe_disk_state(struct sio_fe_dev *dev, bool is_up)
{
	struct sio_fe_disk *disk = dev->disk;

	if (is_up && dev->handle)	/* it goes on when it is announced */
		return;
	disk->wrong = is_up ? SIO_DISK_MISSING : SIO_DISK_OK;
	sio_fe_blk_stop(disk);
	if (disk->on_loss == SIO_ON_LOSS_FAIL)
		queue_delayed_work(sio_fe_blk_wq, &disk->loss_work,
				   disk->on_loss_s * HZ);
}

/**
 * sio_fe_disk_give_up() - requests fail, so that who waits for them goes on
 * @disk: to be removed soon, or found under rcu_read_lock()
 *
 * Context: process; may not sleep.
 */
void sio_fe_disk_give_up(struct sio_fe_disk *disk)
{
	WRITE_ONCE(disk->is_gone, true);
	sio_fe_blk_stop(disk);
	sio_fe_blk_fail_all(disk, BLK_STS_OFFLINE);
}

/* In the background */
static void sio_fe_disk_remove(struct sio_fe_dev *dev)
{
	sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_DEL);
	sio_fe_disk_give_up(dev->disk);
	sio_fe_blk_want(dev->disk, SIO_FE_DISK_DEL);
}

static bool sio_fe_disk_is_busy(const struct sio_fe_dev *dev)
{
	return disk_openers(dev->disk->gd) > 0;
}

static void sio_fe_disk_done(struct sio_fe_dev *dev,
			     const struct sio_rec_blk_done *done, u16 arg)
{
	u32 len = le32_to_cpu(done->rec.len) - sizeof(*done);

	dev->disk->is_orderly = arg & SIO_BLK_DONE_FLUSHED;
	sio_fe_blk_done(dev->disk, (const struct sio_blk_done *)(done + 1),
			len / sizeof(struct sio_blk_done));
}

/**
 * sio_fe_disk_set_on_loss() - what to do with requests while the session is down
 * @disk: its session's mutex is held
 * @on_loss: enum sio_on_loss
 * @s: seconds after which they fail
 *
 * Context: process.
 */
void sio_fe_disk_set_on_loss(struct sio_fe_disk *disk, u8 on_loss, u32 s)
{
	disk->on_loss = on_loss;
	disk->on_loss_s = s;
	cancel_delayed_work_sync(&disk->loss_work);
	if (on_loss == SIO_ON_LOSS_FAIL && !disk->queues[0].epoch)
		mod_delayed_work(sio_fe_blk_wq, &disk->loss_work, s * HZ);
}

/**
 * sio_fe_disk_abort() - let all requests fail now
 * @disk: its session's mutex is held
 *
 * New ones fail as well until the session has come up again: what was begun
 * may still be executed, and only a new epoch fences that.
 *
 * Context: process.
 */
void sio_fe_disk_abort(struct sio_fe_disk *disk)
{
	WRITE_ONCE(disk->is_failing, true);
	sio_fe_blk_stop(disk);
	sio_fe_blk_fail_all(disk, BLK_STS_IOERR);
	sio_session_redial(disk->sess);
}

static u32 sio_fe_disk_state_of(const struct sio_fe_dev *dev)
{
	return dev->disk->queues[0].epoch ? SIO_DEV_STATE_READY :
					    SIO_DEV_STATE_PAUSED;
}

static int sio_fe_disk_fill_held(struct sk_buff *skb,
				 const struct sio_fe_disk *disk)
{
	u64 now_us = ktime_get_ns() / NSEC_PER_USEC, oldest_us = 0;
	u32 outstanding = 0, unsent = 0;
	struct sio_fe_blkq *q;
	unsigned int i;

	for (i = 0; i < disk->nr_queues; i++) {
		q = &disk->queues[i];
		spin_lock_bh(&q->lock);
		outstanding += sio_slot_outstanding(&q->slots);
		oldest_us = max(oldest_us, sio_slot_oldest(&q->slots, now_us));
		unsent += list_count_nodes(&q->unsent);
		spin_unlock_bh(&q->lock);
	}
	if (nla_put_u32(skb, SIO_A_DEV_HELD, unsent) ||
	    nla_put_u32(skb, SIO_A_DEV_IN_FLIGHT, outstanding) ||
	    nla_put_u64_64bit(skb, SIO_A_DEV_OLDEST_MS, oldest_us / 1000,
			      SIO_A_DEV_PAD))
		return -EMSGSIZE;
	return 0;
}

static int sio_fe_disk_fill(struct sk_buff *skb, const struct sio_fe_dev *dev)
{
	const struct sio_fe_disk *disk = dev->disk;
	u32 flags = le32_to_cpu(disk->rec.flags);

	if (nla_put_u32(skb, SIO_A_DEV_STATE, sio_fe_disk_state_of(dev)) ||
	    nla_put_string(skb, SIO_A_DEV_DISK, disk->gd->disk_name) ||
	    nla_put_u64_64bit(skb, SIO_A_DEV_SECTORS, disk->sectors,
			      SIO_A_DEV_PAD) ||
	    nla_put_u32(skb, SIO_A_DEV_BLOCK, le32_to_cpu(disk->rec.block)) ||
	    nla_put_u32(skb, SIO_A_DEV_PHYS_BLOCK,
			le32_to_cpu(disk->rec.phys_block)) ||
	    nla_put_u8(skb, SIO_A_DEV_READ_ONLY,
		       !!(flags & SIO_BLK_F_READ_ONLY)) ||
	    nla_put_u8(skb, SIO_A_DEV_CACHE, !!(flags & SIO_BLK_F_CACHE)) ||
	    nla_put_u8(skb, SIO_A_DEV_DIGEST, !!(flags & SIO_BLK_F_CRC)) ||
	    nla_put_u8(skb, SIO_A_DEV_DISCARD, !!(flags & SIO_BLK_F_DISCARD)) ||
	    nla_put_u32(skb, SIO_A_DEV_QUEUES, disk->nr_queues) ||
	    nla_put_u8(skb, SIO_A_DEV_ON_LOSS, disk->on_loss) ||
	    nla_put_u32(skb, SIO_A_DEV_ON_LOSS_S, disk->on_loss_s) ||
	    nla_put_u32(skb, SIO_A_DEV_WRONG, disk->wrong) ||
	    nla_put_u8(skb, SIO_A_DEV_FAILING, READ_ONCE(disk->is_failing)) ||
	    nla_put_u8(skb, SIO_A_DEV_IN_USE, sio_fe_disk_is_busy(dev)))
		return -EMSGSIZE;
	return sio_fe_disk_fill_held(skb, disk) ?:
	       sio_fe_disk_fill_stats(skb, disk);
}

const struct sio_fe_dev_ops sio_fe_disk_ops = {
	.type	= SIO_DEV_BLK,
	.judge	= sio_fe_disk_judge,
	.create	= sio_fe_disk_create,
	.update	= sio_fe_disk_update,
	.state	= sio_fe_disk_state,
	.remove	= sio_fe_disk_remove,
	.is_busy = sio_fe_disk_is_busy,
	.done	= sio_fe_disk_done,
	.fill	= sio_fe_disk_fill,
	.nr_workers = sio_fe_disk_workers,
	.fill_worker = sio_fe_disk_fill_worker,
};

/**
 * sio_fe_blk_init() - what all disks share
 *
 * Return: 0 or -ENOMEM.
 */
int sio_fe_blk_init(void)
{
	sio_fe_blk_wq = alloc_workqueue("splitio_fe_blk",
					WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!sio_fe_blk_wq)
		return -ENOMEM;
	sio_fe_blk_end_wq = alloc_workqueue("splitio_fe_end",
					    WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (sio_fe_blk_end_wq)
		return 0;
	destroy_workqueue(sio_fe_blk_wq);
	return -ENOMEM;
}

/**
 * sio_fe_blk_exit() - wait until the memory of every disk is freed
 */
void sio_fe_blk_exit(void)
{
	wait_event(sio_fe_blk_none, !atomic_read(&sio_fe_blk_alive));
	/* who has woken us may not be back from sio_fe_blk_free_disk() */
	synchronize_rcu_tasks();
	destroy_workqueue(sio_fe_blk_wq);
	destroy_workqueue(sio_fe_blk_end_wq);
	ida_destroy(&sio_fe_blk_ida);
}
