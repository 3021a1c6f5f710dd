// SPDX-License-Identifier: GPL-2.0
/* Devices as the peer announces them: believed, made, changed, removed. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "fe.h"
#include "net.h"
#include "proto/hdr.h"

/* Room for the answer, as struct sio_session_ops says */
#define SIO_FE_REPLY_MAX	(SIO_CTL_LEN_MAX - sizeof(struct sio_msg_ctl))

static_assert(sizeof(struct sio_rec_dev_status) % SIO_REC_ALIGN == 0);

static void sio_fe_dev_release(struct kref *ref)
{
	struct sio_fe_dev *dev = container_of(ref, struct sio_fe_dev, ref);
	struct sio_session *sess = &dev->sess->s;

	kfree_rcu(dev, rcu);
	sio_session_put(sess);
}

/**
 * sio_fe_dev_put() - drop a reference
 * @dev: not to be used any more by the caller
 *
 * Context: process or softirq.
 */
void sio_fe_dev_put(struct sio_fe_dev *dev)
{
	kref_put(&dev->ref, sio_fe_dev_release);
}

static const struct sio_fe_dev_ops *sio_fe_dev_ops_of(u8 rec_type)
{
	switch (rec_type) {
	case SIO_REC_DEV:
		return &sio_fe_nic_ops;
	case SIO_REC_BLK:
		return &sio_fe_disk_ops;
	}
	return NULL;
}

/* May this device be believed, and do we know its kind? 0 or negative errno */
static int sio_fe_dev_judge(const struct sio_rec_dev *rec)
{
	const struct sio_fe_dev_ops *ops = sio_fe_dev_ops_of(rec->rec.type);
	const char *name = (const char *)rec->name;
	size_t len;

	if (!rec->dev || rec->carrier > 1 || !rec->queues)
		return -EINVAL;
	if (!ops || rec->dev_type != ops->type)
		return -EOPNOTSUPP;
	if (!sio_name_is_valid(name, sizeof(rec->name)))
		return -EINVAL;
	len = strlen(name);
	if (memchr_inv(name + len, 0, sizeof(rec->name) - len))
		return -EINVAL;
	return ops->judge(rec);
}

static struct sio_fe_dev *sio_fe_dev_find(struct sio_fe_sess *sess,
					  const u8 *uuid)
{
	struct sio_fe_dev *dev;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry(dev, &sess->devs, node)
		if (!memcmp(dev->uuid, uuid, SIO_UUID_LEN))
			return dev;
	return NULL;
}

static bool sio_fe_dev_is_same(const struct sio_fe_dev *dev,
			       const struct sio_rec_dev *rec)
{
	return dev->ops == sio_fe_dev_ops_of(rec->rec.type) &&
	       !memcmp(dev->mac, rec->mac, SIO_MAC_LEN) &&
	       !memcmp(dev->name, rec->name, SIO_NAME_LEN);
}

static struct sio_fe_dev *sio_fe_dev_alloc(struct sio_fe_sess *sess,
					   const struct sio_rec_dev *rec)
{
	struct sio_fe_dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	kref_init(&dev->ref);
	sio_session_get(&sess->s);
	dev->sess = sess;
	dev->ops = sio_fe_dev_ops_of(rec->rec.type);
	dev->handle = le32_to_cpu(rec->dev);
	dev->gen = le32_to_cpu(rec->gen);
	dev->has_carrier = rec->carrier;
	dev->any_mac = le16_to_cpu(rec->flags) & SIO_DEV_F_ANY_MAC;
	memcpy(dev->uuid, rec->uuid, sizeof(dev->uuid));
	memcpy(dev->name, rec->name, sizeof(dev->name));
	memcpy(dev->mac, rec->mac, sizeof(dev->mac));
	spin_lock_init(&dev->lock);
	sio_fe_mode_init(dev);
	return dev;
}

/* Take its handle from a device, which may get another one in a moment */
static void sio_fe_dev_unhandle(struct sio_fe_dev *dev)
{
	lockdep_assert_held(&dev->sess->mutex);
	if (dev->handle)
		xa_erase(&dev->sess->handles, dev->handle);
	dev->handle = 0;
}

static void sio_fe_dev_remove(struct sio_fe_dev *dev)
{
	struct sio_fe_sess *sess = dev->sess;

	lockdep_assert_held(&sess->mutex);
	/* phase 1: softirq does not find it any more */
	if (dev->handle)
		xa_erase(&sess->handles, dev->handle);
	list_del_rcu(&dev->node);
	sess->nr_devs--;
	/* phase 2: nobody uses it any more, and it is no more */
	dev->ops->remove(dev);
	sio_fe_dev_put(dev);
}

static int sio_fe_dev_create(struct sio_fe_sess *sess,
			     const struct sio_rec_dev *rec)
{
	struct sio_fe_dev *dev;
	int err;

	lockdep_assert_held(&sess->mutex);
	if (sess->nr_devs >= SIO_FE_DEVS_MAX)
		return -ENOSPC;
	dev = sio_fe_dev_alloc(sess, rec);
	if (!dev)
		return -ENOMEM;
	err = xa_reserve(&sess->handles, dev->handle, GFP_KERNEL);
	if (err)
		goto err_put;
	err = dev->ops->create(dev, rec);
	if (err)
		goto err_release;
	sess->nr_devs++;
	dev->nr = ++sess->last_nr;
	list_add_tail_rcu(&dev->node, &sess->devs);
	xa_store(&sess->handles, dev->handle, dev, GFP_KERNEL);
	err = dev->ops->update(dev, rec);
	sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_NEW);
	return err;

err_release:
	xa_release(&sess->handles, dev->handle);
err_put:
	sio_fe_mode_stop(dev);
	sio_fe_dev_put(dev);
	return err;
}

/* A device we have, perhaps under another handle, as after a restart */
static int sio_fe_dev_update(struct sio_fe_dev *dev,
			     const struct sio_rec_dev *rec)
{
	struct sio_fe_sess *sess = dev->sess;
	u32 handle = le32_to_cpu(rec->dev);
	int err;

	lockdep_assert_held(&sess->mutex);
	if (dev->handle != handle) {
		err = xa_err(xa_store(&sess->handles, handle, dev, GFP_KERNEL));
		if (err)
			return err;
		sio_fe_dev_unhandle(dev);
	}
	dev->has_carrier = rec->carrier;
	err = dev->ops->update(dev, rec);
	sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_SET);
	return err;
}

static int sio_fe_dev_set(struct sio_fe_sess *sess,
			  const struct sio_rec_dev *rec)
{
	struct sio_fe_dev *dev, *old;
	int err;

	err = sio_fe_dev_judge(rec);
	if (err)
		return err;
	dev = sio_fe_dev_find(sess, rec->uuid);
	if (dev && !sio_fe_dev_is_same(dev, rec))
		return -EEXIST;		/* twice in one list */
	old = xa_load(&sess->handles, le32_to_cpu(rec->dev));
	if (old && old != dev)
		sio_fe_dev_unhandle(old);
	return dev ? sio_fe_dev_update(dev, rec) :
		     sio_fe_dev_create(sess, rec);
}

static bool sio_fe_dev_is_busy(const struct sio_fe_dev *dev)
{
	return dev->ops->is_busy && dev->ops->is_busy(dev);
}

/* Gone already is as good as gone */
static int sio_fe_dev_gone(struct sio_fe_sess *sess,
			   const struct sio_rec_dev_id *rec, bool is_question)
{
	struct sio_fe_dev *dev;

	lockdep_assert_held(&sess->mutex);
	dev = xa_load(&sess->handles, le32_to_cpu(rec->dev));
	if (!dev || dev->gen != le32_to_cpu(rec->gen))
		return 0;
	/* a question is answered, however late, and nothing else */
	if (is_question)
		return sio_fe_dev_is_busy(dev) ? -EBUSY : 0;
	sio_fe_dev_remove(dev);
	return 0;
}

/*
 * All records must be whole and ours, and their answers find room: how many
 * there are, or a negative errno
 */
static int sio_fe_devs_judge(const void *body, u32 len)
{
	const struct sio_rec_hdr *rec;
	u32 pos = 0, nr = 0;

	while ((rec = sio_rec_next(body, len, &pos))) {
		if (rec->type != SIO_REC_DEV && rec->type != SIO_REC_BLK &&
		    rec->type != SIO_REC_DEV_GONE)
			return -EINVAL;
		nr++;
	}
	if (pos != len)
		return -EINVAL;
	if (nr > SIO_FE_REPLY_MAX / sizeof(struct sio_rec_dev_status))
		return -E2BIG;
	return nr;
}

static void sio_fe_devs_answer(struct sio_rec_dev_status *st, __le32 handle,
			       __le32 gen, int err)
{
	memset(st, 0, sizeof(*st));
	st->rec.len = cpu_to_le32(sizeof(*st));
	st->rec.type = SIO_REC_DEV_STATUS;
	st->dev = handle;
	st->gen = gen;
	st->status = cpu_to_le32(-err);
}

/* Does a list leave a device as it is, but for what can be changed? */
static bool sio_fe_dev_stays(const struct sio_fe_dev *dev, const void *body,
			     u32 len, bool is_complete)
{
	const struct sio_rec_hdr *rec;
	const struct sio_rec_dev *new;
	u32 pos = 0;

	while ((rec = sio_rec_next(body, len, &pos))) {
		new = (const struct sio_rec_dev *)rec;
		if (rec->type != SIO_REC_DEV_GONE &&
		    !memcmp(dev->uuid, new->uuid, SIO_UUID_LEN))
			return !sio_fe_dev_judge(new) &&
			       sio_fe_dev_is_same(dev, new);
	}
	return !is_complete;
}

/* A device that somebody uses waits: the peer may be about to announce it */
static void sio_fe_dev_orphan(struct sio_fe_dev *dev)
{
	if (!sio_fe_dev_is_busy(dev)) {
		sio_fe_dev_remove(dev);
		return;
	}
	sio_fe_dev_unhandle(dev);
	dev->ops->state(dev, sio_session_is_up(&dev->sess->s));
}

/* First, as a new device may have the name of one that goes */
static void sio_fe_devs_remove(struct sio_fe_sess *sess, bool are_disks,
			       const void *body, u32 len, bool is_complete)
{
	struct sio_fe_dev *dev, *next;
	bool is_disk;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry_safe(dev, next, &sess->devs, node) {
		is_disk = dev->ops == &sio_fe_disk_ops;
		if (is_disk == are_disks &&
		    !sio_fe_dev_stays(dev, body, len, is_complete))
			sio_fe_dev_orphan(dev);
	}
}

/* What a list says of disks, or all else; the answer to a record is at its place */
static void sio_fe_devs_execute(struct sio_fe_sess *sess, bool are_disks,
				u16 arg, const void *body, u32 len,
				struct sio_rec_dev_status *st)
{
	const struct sio_rec_dev_id *gone;
	const struct sio_rec_hdr *rec;
	const struct sio_rec_dev *dev;
	bool is_disk;
	u32 pos = 0;
	int err;

	sio_fe_devs_remove(sess, are_disks, body, len,
			   arg & SIO_DEVS_COMPLETE);
	for (; (rec = sio_rec_next(body, len, &pos)); st++) {
		is_disk = rec->type == SIO_REC_BLK;
		if (is_disk != are_disks)
			continue;
		if (rec->type != SIO_REC_DEV_GONE) {
			dev = (const struct sio_rec_dev *)rec;
			err = sio_fe_dev_set(sess, dev);
			sio_fe_devs_answer(st, dev->dev, dev->gen, err);
		} else {
			gone = (const struct sio_rec_dev_id *)rec;
			err = sio_fe_dev_gone(sess, gone, arg & SIO_DEVS_ASK);
			sio_fe_devs_answer(st, gone->dev, gone->gen, err);
		}
	}
}

/* A peer that leaves tells what it has executed */
static int sio_fe_dev_done(struct sio_fe_sess *sess, u16 arg, const void *body,
			   u32 len)
{
	const struct sio_rec_blk_done *done;
	const struct sio_rec_hdr *rec;
	struct sio_fe_dev *dev;
	u32 pos = 0;

	mutex_lock(&sess->mutex);
	while ((rec = sio_rec_next(body, len, &pos))) {
		if (rec->type != SIO_REC_BLK_DONE)
			continue;
		done = (const struct sio_rec_blk_done *)rec;
		dev = xa_load(&sess->handles, le32_to_cpu(done->dev));
		if (dev && dev->gen == le32_to_cpu(done->gen) && dev->ops->done)
			dev->ops->done(dev, done, arg);
	}
	mutex_unlock(&sess->mutex);
	return pos == len ? 0 : -EINVAL;
}

/**
 * sio_fe_dev_ctl() - execute a request of the peer
 * @s: session
 * @op: enum sio_ctl_op
 * @arg: SIO_DEVS bits
 * @body: records of SIO_REC_DEV and SIO_REC_DEV_GONE, not believed yet
 * @len: bytes of @body
 * @reply: gets one struct sio_rec_dev_status each
 * @reply_len: gets bytes of @reply
 *
 * Context: process; takes rtnl.
 * Return: 0, -EOPNOTSUPP, -EINVAL, or -E2BIG.
 */
int sio_fe_dev_ctl(struct sio_session *s, u16 op, u16 arg, const void *body,
		   u32 len, void *reply, u32 *reply_len)
{
	struct sio_fe_sess *sess = sio_fe_sess_of(s);
	struct sio_fe_dev *dev, *next;
	int nr;

	if (op == SIO_CTL_BLK_DONE)
		return sio_fe_dev_done(sess, arg, body, len);
	if (op != SIO_CTL_DEVS)
		return -EOPNOTSUPP;
	nr = sio_fe_devs_judge(body, len);
	if (nr < 0)
		return nr;
	mutex_lock(&sess->mutex);
	/* NICs may wait for who waits for a disk that has just come back */
	sio_fe_devs_execute(sess, true, arg, body, len, reply);
	sio_fe_devs_execute(sess, false, arg, body, len, reply);
	*reply_len = nr * sizeof(struct sio_rec_dev_status);
	/* another one got the handle */
	list_for_each_entry_safe(dev, next, &sess->devs, node)
		if (!dev->handle)
			sio_fe_dev_orphan(dev);
	mutex_unlock(&sess->mutex);
	return 0;
}

/**
 * sio_fe_dev_may_leave() - is no device in use that somebody would miss?
 * @sess: session
 * @extack: gets a sentence if one is
 *
 * Context: process.
 * Return: 0 or -EBUSY.
 */
int sio_fe_dev_may_leave(struct sio_fe_sess *sess,
			 struct netlink_ext_ack *extack)
{
	struct sio_fe_dev *dev;
	int err = 0;

	mutex_lock(&sess->mutex);
	list_for_each_entry(dev, &sess->devs, node) {
		if (!sio_fe_dev_is_busy(dev))
			continue;
		NL_SET_ERR_MSG_FMT(extack,
				   "The disk %s is in use; unmount it first, or use --force",
				   dev->name);
		err = -EBUSY;
		break;
	}
	mutex_unlock(&sess->mutex);
	return err;
}

/**
 * sio_fe_dev_remove_all() - remove all devices of a session
 * @sess: closed, so that none will come
 *
 * Context: process; takes rtnl.
 */
void sio_fe_dev_remove_all(struct sio_fe_sess *sess)
{
	struct sio_fe_dev *dev, *next;

	mutex_lock(&sess->mutex);
	list_for_each_entry_safe(dev, next, &sess->devs, node)
		sio_fe_dev_remove(dev);
	mutex_unlock(&sess->mutex);
}

/**
 * sio_fe_dev_state() - the session came up or went down, or its limits changed
 * @sess: session
 *
 * Devices stay. The peer may have forgotten what they want, so it is told.
 *
 * Context: process; does not take rtnl, whose holder may wait for a disk.
 */
void sio_fe_dev_state(struct sio_fe_sess *sess)
{
	struct sio_fe_dev *dev;
	bool is_up;

	mutex_lock(&sess->mutex);
	/* an announcement that came before us may have made a disk go on */
	is_up = sio_session_is_up(&sess->s);
	list_for_each_entry(dev, &sess->devs, node) {
		dev->ops->state(dev, is_up);
		if (is_up != sess->was_up)
			sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_SET);
	}
	sess->was_up = is_up;
	mutex_unlock(&sess->mutex);
}

/**
 * sio_fe_dev_fill() - describe a device in a netlink message
 * @skb: the message, a nest open whose inside is enum sio_a_dev
 * @dev: its session's mutex is held
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int sio_fe_dev_fill(struct sk_buff *skb, struct sio_fe_dev *dev)
{
	lockdep_assert_held(&dev->sess->mutex);
	if (nla_put_string(skb, SIO_A_DEV_GUEST, dev->sess->s.name) ||
	    nla_put_string(skb, SIO_A_DEV_NAME, dev->name) ||
	    nla_put_u8(skb, SIO_A_DEV_TYPE, dev->ops->type) ||
	    nla_put_u32(skb, SIO_A_DEV_ID, dev->handle) ||
	    nla_put_u32(skb, SIO_A_DEV_GEN, dev->gen) ||
	    nla_put(skb, SIO_A_DEV_UUID, SIO_UUID_LEN, dev->uuid))
		return -EMSGSIZE;
	return dev->ops->fill(skb, dev);
}

/**
 * sio_fe_dev_fill_worker() - tell in a netlink message what a queue did
 * @skb: the message, a nest open whose inside is enum sio_a_worker
 * @dev: its session's mutex is held
 * @nr: number of the queue, less than its ops' nr_workers()
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int sio_fe_dev_fill_worker(struct sk_buff *skb, struct sio_fe_dev *dev,
			   unsigned int nr)
{
	lockdep_assert_held(&dev->sess->mutex);
	if (nla_put_string(skb, SIO_A_WORKER_GUEST, dev->sess->s.name) ||
	    nla_put_string(skb, SIO_A_WORKER_DEV, dev->name) ||
	    nla_put_u8(skb, SIO_A_WORKER_TYPE, dev->ops->type) ||
	    nla_put_u32(skb, SIO_A_WORKER_ID, nr))
		return -EMSGSIZE;
	return dev->ops->fill_worker(skb, dev, nr);
}
