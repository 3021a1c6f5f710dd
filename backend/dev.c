// SPDX-License-Identifier: GPL-2.0
/* Devices of guests: found, announced, shown, whatever their kind. */
#include <linux/slab.h>
#include <linux/uuid.h>

#include "be.h"
#include "proto/hdr.h"

/* How long a guest may take to say whether it can do without a device */
#define SIO_BE_ASK_MS		2000

/**
 * sio_be_dev_set_state() - note where a device stands
 * @dev: held
 * @state: new state
 * @err: positive errno to go with it
 *
 * Context: any but hard interrupt.
 */
void sio_be_dev_set_state(struct sio_be_dev *dev, enum sio_dev_state state,
			  u32 err)
{
	spin_lock_bh(&dev->lock);
	dev->state = state;
	dev->errno = err;
	spin_unlock_bh(&dev->lock);
}

static void sio_be_dev_free_rcu(struct rcu_head *rcu)
{
	struct sio_be_dev *dev = container_of(rcu, struct sio_be_dev, rcu);

	sio_session_put(&dev->guest->s);
	dev->ops->free(dev);
}

static void sio_be_dev_release(struct kref *ref)
{
	struct sio_be_dev *dev = container_of(ref, struct sio_be_dev, ref);

	call_rcu(&dev->rcu, sio_be_dev_free_rcu);
}

/**
 * sio_be_dev_put() - drop a reference
 * @dev: not to be used any more by the caller
 */
void sio_be_dev_put(struct sio_be_dev *dev)
{
	kref_put(&dev->ref, sio_be_dev_release);
}

/**
 * sio_be_dev_find() - look up a device of a guest
 * @guest: known
 * @name: of the device
 *
 * Context: sio_be_mutex is held.
 * Return: the device or NULL; one on its way out is not found.
 */
struct sio_be_dev *sio_be_dev_find(struct sio_be_guest *guest,
				   const char *name)
{
	struct sio_be_dev *dev;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	rcu_read_lock();	/* a disk that goes is freed without the mutex */
	xa_for_each(&guest->devs, id, dev)
		if (dev->state != SIO_DEV_STATE_REMOVING &&
		    !strcmp(dev->name, name))
			break;
	rcu_read_unlock();
	return dev;
}

/**
 * sio_be_dev_next_get() - walk the devices of a guest
 * @guest: known
 * @id: handle to look from on; becomes the device's
 *
 * A disk leaves when it has been closed, for which nobody takes a mutex.
 *
 * Context: process.
 * Return: the device, held, or NULL at the end.
 */
struct sio_be_dev *sio_be_dev_next_get(struct sio_be_guest *guest,
				       unsigned long *id)
{
	struct sio_be_dev *dev;

	rcu_read_lock();
	xa_for_each_start(&guest->devs, *id, dev, *id)
		if (kref_get_unless_zero(&dev->ref))
			break;
	rcu_read_unlock();
	return dev;
}

/**
 * sio_be_dev_may_be() - may there be such a device, and is there room for it?
 * @guest: known
 * @name: the device shall have
 * @uuid: likewise; zero if it will be a random one
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held.
 * Return: 0, -EEXIST or -ENOSPC.
 */
int sio_be_dev_may_be(struct sio_be_guest *guest, const char *name,
		      const u8 *uuid, struct netlink_ext_ack *extack)
{
	const struct sio_be_dev *other;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	rcu_read_lock();	/* one that is removed may leave meanwhile */
	xa_for_each(&guest->devs, id, other) {
		if (!strcmp(other->name, name)) {
			if (other->state == SIO_DEV_STATE_REMOVING)
				NL_SET_ERR_MSG(extack,
					       "The old device of this name is still being removed");
			else
				NL_SET_ERR_MSG(extack,
					       "The guest has a device of this name already");
			break;
		}
		if (!memcmp(other->uuid, uuid, SIO_UUID_LEN)) {
			NL_SET_ERR_MSG_FMT(extack,
					   "The UUID belongs to %s/%s already",
					   guest->s.name, other->name);
			break;
		}
	}
	rcu_read_unlock();
	if (other)
		return -EEXIST;
	if (guest->nr_devs >= SIO_BE_DEVS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "A guest has at most %u devices",
				   (unsigned int)SIO_BE_DEVS_MAX);
		return -ENOSPC;
	}
	return 0;
}

/**
 * sio_be_dev_init() - begin a device
 * @dev: zero; one reference is the caller's from now on
 * @ops: of its kind
 * @guest: known
 * @name: valid
 * @uuid: of the device; zero for a random one
 */
void sio_be_dev_init(struct sio_be_dev *dev, const struct sio_be_dev_ops *ops,
		     struct sio_be_guest *guest, const char *name,
		     const u8 *uuid)
{
	sio_session_get(&guest->s);
	dev->ops = ops;
	dev->guest = guest;
	kref_init(&dev->ref);
	spin_lock_init(&dev->lock);
	dev->state = SIO_DEV_STATE_WAITING;
	strscpy(dev->name, name, sizeof(dev->name));
	memcpy(dev->uuid, uuid, sizeof(dev->uuid));
	if (!memchr_inv(dev->uuid, 0, sizeof(dev->uuid)))
		generate_random_uuid(dev->uuid);
	dev->gen = get_random_u32() | 1;
}

/**
 * sio_be_dev_publish() - let a device be found, and the guest have it
 * @dev: whole, its handle reserved in the guest's xarray
 *
 * Context: process, sio_be_mutex is held; rtnl may be.
 */
void sio_be_dev_publish(struct sio_be_dev *dev)
{
	struct sio_be_guest *guest = dev->guest;

	lockdep_assert_held(&sio_be_mutex);
	/* a list being made has counted how many will be in it */
	mutex_lock(&guest->tell_mutex);
	xa_store(&guest->devs, dev->id, dev, GFP_KERNEL);	/* has room */
	mutex_unlock(&guest->tell_mutex);
	guest->nr_devs++;
	sio_be_dev_announce(dev);
}

/* One without a port is not for the guest, nor one on its way out */
static bool sio_be_dev_is_whole(const struct sio_be_dev *dev)
{
	return READ_ONCE(dev->state) != SIO_DEV_STATE_REMOVING &&
	       (!dev->ops->is_whole || dev->ops->is_whole(dev));
}

static bool sio_be_dev_is_told(const struct sio_be_dev *dev, bool is_all)
{
	return READ_ONCE(dev->state) != SIO_DEV_STATE_REMOVING &&
	       (is_all || dev->is_stale);
}

/* Data that all records of devices begin with, then what its kind adds */
static void sio_be_dev_rec(const struct sio_be_dev *dev,
			   struct sio_rec_dev *rec)
{
	memset(rec, 0, dev->ops->rec_len);
	sio_rec_init(&rec->rec, dev->ops->rec_type, dev->ops->rec_len);
	rec->dev = cpu_to_le32(dev->id);
	rec->gen = cpu_to_le32(dev->gen);
	rec->dev_type = dev->ops->type;
	memcpy(rec->name, dev->name, sizeof(rec->name));
	memcpy(rec->uuid, dev->uuid, sizeof(rec->uuid));
	dev->ops->rec(dev, rec);
}

/* What the guest made of a device; one without a port stays failed */
static void sio_be_dev_answer(struct sio_be_dev *dev, u32 err)
{
	enum sio_dev_state state = SIO_DEV_STATE_READY;
	bool is_new;

	if (err)
		state = SIO_DEV_STATE_FAILED;
	else if (!sio_session_is_up(&dev->guest->s))
		state = SIO_DEV_STATE_PAUSED;
	spin_lock_bh(&dev->lock);
	is_new = sio_be_dev_is_whole(dev) &&
		 (dev->state != state || dev->errno != err);
	if (is_new) {
		dev->state = state;
		dev->errno = err;
		dev->was_ready = !err;
	}
	spin_unlock_bh(&dev->lock);
	if (is_new)
		sio_be_event_dev(dev, SIO_EVENT_DEV_SET);
}

static void sio_be_dev_status(struct sio_be_guest *guest,
			      const struct sio_rec_dev_status *status)
{
	struct sio_be_dev *dev;

	rcu_read_lock();
	dev = xa_load(&guest->devs, le32_to_cpu(status->dev));
	if (dev && dev->gen == le32_to_cpu(status->gen))
		sio_be_dev_answer(dev, le32_to_cpu(status->status));
	rcu_read_unlock();
}

/* The guest refused the whole list, so it has none of what waits in it */
static void sio_be_dev_refused(struct sio_be_guest *guest, u32 err)
{
	struct sio_be_dev *dev;
	unsigned long id;

	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev)
		if (READ_ONCE(dev->state) == SIO_DEV_STATE_ANNOUNCED)
			sio_be_dev_answer(dev, err);
	rcu_read_unlock();
}

static void __sio_be_dev_announced(struct sio_be_dev *dev)
{
	spin_lock_bh(&dev->lock);
	if (dev->state != SIO_DEV_STATE_READY &&
	    sio_be_dev_is_whole(dev))
		dev->state = SIO_DEV_STATE_ANNOUNCED;
	spin_unlock_bh(&dev->lock);
}

static void sio_be_dev_done(struct sio_session *sess, void *priv, int err,
			    const void *body, u32 len);
static void sio_be_dev_tell(struct sio_be_guest *guest);

/* What the guest has to hear, or NULL; what changes meanwhile is told later */
static struct sio_ctl_req *__sio_be_dev_list(struct sio_be_guest *guest)
{
	bool is_all = guest->is_stale;
	struct sio_ctl_req *req;
	struct sio_be_dev *dev;
	unsigned long id;
	u32 len = 0;

	lockdep_assert_held(&guest->tell_mutex);
	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev)
		if (sio_be_dev_is_told(dev, is_all))
			len += dev->ops->rec_len;
	rcu_read_unlock();
	if (!len && !is_all)
		return NULL;
	len = min_t(u32, len, SIO_BE_LIST_MAX);
	req = sio_ctl_alloc(SIO_CTL_DEVS, is_all ? SIO_DEVS_COMPLETE : 0, len,
			    GFP_KERNEL);
	if (!req)
		return NULL;
	req->len = 0;
	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev) {
		if (!sio_be_dev_is_told(dev, is_all))
			continue;
		if (len - req->len < dev->ops->rec_len)
			break;
		dev->is_stale = false;
		sio_be_dev_rec(dev, (void *)(req->body + req->len));
		req->len += dev->ops->rec_len;
		__sio_be_dev_announced(dev);
	}
	rcu_read_unlock();
	guest->is_stale = false;
	req->done = sio_be_dev_done;
	return req;
}

/* The guest's answer to a list of its devices */
static void sio_be_dev_done(struct sio_session *sess, void *priv, int err,
			    const void *body, u32 len)
{
	struct sio_be_guest *guest = container_of(sess, struct sio_be_guest, s);
	const struct sio_rec_hdr *rec;
	u32 pos = 0;

	if (err == -ENOTCONN)	/* closed: nothing more is ever told */
		return;
	if (err)
		sio_be_dev_refused(guest, -err);
	while (!err && (rec = sio_rec_next(body, len, &pos)))
		if (rec->type == SIO_REC_DEV_STATUS)
			sio_be_dev_status(guest,
					  (const struct sio_rec_dev_status *)
					  rec);
	mutex_lock(&guest->tell_mutex);
	guest->is_told = false;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/*
 * One list is on its way at a time, so that a lost one that is sent again
 * cannot undo a newer one. It is sent without the mutex, as a request to a
 * session that is being closed ends at once.
 */
static void sio_be_dev_tell(struct sio_be_guest *guest)
{
	struct sio_ctl_req *req = NULL;

	mutex_lock(&guest->tell_mutex);
	if (!guest->is_told && sio_session_is_up(&guest->s))
		req = __sio_be_dev_list(guest);
	guest->is_told |= !!req;
	mutex_unlock(&guest->tell_mutex);
	if (req)
		sio_ctl_submit(&guest->s, req);
}

/**
 * sio_be_dev_announce_all() - tell a guest what devices it has
 * @guest: held; it came, or lost a device
 *
 * A guest that is not there is told when it comes.
 *
 * Context: process, may sleep; rtnl may be held.
 */
void sio_be_dev_announce_all(struct sio_be_guest *guest)
{
	mutex_lock(&guest->tell_mutex);
	guest->is_stale = true;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/**
 * sio_be_dev_announce() - tell a guest of a device that is new or has changed
 * @dev: held
 *
 * Context: process, may sleep; rtnl may be held.
 */
void sio_be_dev_announce(struct sio_be_dev *dev)
{
	struct sio_be_guest *guest = dev->guest;

	mutex_lock(&guest->tell_mutex);
	dev->is_stale = true;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/**
 * sio_be_dev_withdraw() - tell a guest that is about to go of no device
 * @guest: has no device any more; its session is not closed yet
 *
 * Waits SIO_GOODBYE_MS for the answer.
 *
 * Context: process, may sleep, without rtnl.
 */
void sio_be_dev_withdraw(struct sio_be_guest *guest)
{
	struct sio_ctl_req *req;

	if (!sio_session_is_up(&guest->s))
		return;
	req = sio_ctl_alloc(SIO_CTL_DEVS, SIO_DEVS_COMPLETE, 0, GFP_KERNEL);
	if (req)
		sio_ctl_call(&guest->s, req, SIO_GOODBYE_MS);
}

/**
 * sio_be_dev_pause_all() - a guest is gone
 * @guest: its session is not up
 *
 * Context: process.
 */
void sio_be_dev_pause_all(struct sio_be_guest *guest)
{
	struct sio_be_dev *dev;
	unsigned long id;
	bool is_new;

	rcu_read_lock();
	xa_for_each(&guest->devs, id, dev) {
		spin_lock_bh(&dev->lock);
		is_new = dev->state == SIO_DEV_STATE_READY ||
			 dev->state == SIO_DEV_STATE_ANNOUNCED;
		if (is_new)
			dev->state = dev->was_ready ? SIO_DEV_STATE_PAUSED :
						      SIO_DEV_STATE_WAITING;
		spin_unlock_bh(&dev->lock);
		if (is_new)
			sio_be_event_dev(dev, SIO_EVENT_DEV_SET);
	}
	rcu_read_unlock();
}

/**
 * struct sio_be_ask - a question whether a device may go
 * @ref: who asks has one, the request one
 * @done: answered
 * @err: 0 if it may, or a negative errno
 */
struct sio_be_ask {
	struct kref ref;
	struct completion done;
	int err;
};

static void sio_be_ask_release(struct kref *ref)
{
	kfree(container_of(ref, struct sio_be_ask, ref));
}

static void sio_be_ask_done(struct sio_session *sess, void *priv, int err,
			    const void *body, u32 len)
{
	const struct sio_rec_dev_status *status;
	struct sio_be_ask *ask = priv;
	u32 pos = 0;

	status = err ? NULL : (const void *)sio_rec_next(body, len, &pos);
	if (status && status->rec.type == SIO_REC_DEV_STATUS)
		err = -(int)min_t(u32, le32_to_cpu(status->status), MAX_ERRNO);
	ask->err = err;
	complete(&ask->done);
	kref_put(&ask->ref, sio_be_ask_release);
}

static struct sio_ctl_req *sio_be_dev_gone_req(struct sio_be_dev *dev, u16 arg)
{
	struct sio_rec_dev_id *rec;
	struct sio_ctl_req *req;

	req = sio_ctl_alloc(SIO_CTL_DEVS, arg, sizeof(*rec), GFP_KERNEL);
	if (!req)
		return NULL;
	rec = (struct sio_rec_dev_id *)req->body;
	sio_rec_init(&rec->rec, SIO_REC_DEV_GONE, sizeof(*rec));
	rec->dev = cpu_to_le32(dev->id);
	rec->gen = cpu_to_le32(dev->gen);
	return req;
}

/**
 * sio_be_dev_ask_gone() - ask a guest whether it can do without a device
 * @dev: of a guest, who may be absent
 *
 * Context: process, without rtnl.
 * Return: 0, -EBUSY if it is in use, -ETIMEDOUT, -ENOMEM.
 */
int sio_be_dev_ask_gone(struct sio_be_dev *dev)
{
	struct sio_be_ask *ask;
	struct sio_ctl_req *req;
	int err = -ETIMEDOUT;

	if (!sio_session_is_up(&dev->guest->s))
		return 0;
	ask = kzalloc(sizeof(*ask), GFP_KERNEL);
	req = sio_be_dev_gone_req(dev, SIO_DEVS_ASK);
	if (!ask || !req) {
		kfree(ask);
		kfree(req);
		return -ENOMEM;
	}
	kref_init(&ask->ref);
	kref_get(&ask->ref);
	init_completion(&ask->done);
	req->done = sio_be_ask_done;
	req->priv = ask;
	sio_ctl_submit(&dev->guest->s, req);
	if (wait_for_completion_timeout(&ask->done,
					msecs_to_jiffies(SIO_BE_ASK_MS)))
		err = ask->err == -ENOTCONN ? 0 : ask->err;
	kref_put(&ask->ref, sio_be_ask_release);
	return err;
}

/**
 * sio_be_dev_tell_gone() - have the guest let go of a device, used or not
 * @dev: of a guest; one that is absent misses it in the list when it comes
 *
 * Context: process.
 */
void sio_be_dev_tell_gone(struct sio_be_dev *dev)
{
	struct sio_ctl_req *req;

	if (!sio_session_is_up(&dev->guest->s))
		return;
	req = sio_be_dev_gone_req(dev, 0);
	if (req)
		sio_ctl_submit(&dev->guest->s, req);
}

static int __sio_be_dev_fill(struct sk_buff *skb, struct sio_be_dev *dev)
{
	if (nla_put_string(skb, SIO_A_DEV_GUEST, dev->guest->s.name) ||
	    nla_put_string(skb, SIO_A_DEV_NAME, dev->name) ||
	    nla_put_u8(skb, SIO_A_DEV_TYPE, dev->ops->type) ||
	    nla_put_u32(skb, SIO_A_DEV_STATE, READ_ONCE(dev->state)) ||
	    nla_put_u32(skb, SIO_A_DEV_ERRNO, READ_ONCE(dev->errno)) ||
	    nla_put_u32(skb, SIO_A_DEV_ID, dev->id) ||
	    nla_put_u32(skb, SIO_A_DEV_GEN, dev->gen) ||
	    nla_put(skb, SIO_A_DEV_UUID, SIO_UUID_LEN, dev->uuid))
		return -EMSGSIZE;
	return dev->ops->fill(skb, dev);
}

/**
 * sio_be_dev_fill() - describe a device in a netlink message
 * @skb: the message
 * @attr: type of the nest, whose inside is enum sio_a_dev
 * @dev: held
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_be_dev_fill(struct sk_buff *skb, int attr, struct sio_be_dev *dev)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = __sio_be_dev_fill(skb, dev);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
