// SPDX-License-Identifier: GPL-2.0
/* Sessions of this guest: made, found, taken down. */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <net/netlink.h>

#include "blk.h"
#include "fe.h"
#include "net.h"

DEFINE_MUTEX(sio_fe_mutex);	/* protects all lists of sessions, ids */

/* Sessions whose memory is not freed yet: the module's text is theirs too */
static atomic_t sio_fe_sess_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(sio_fe_sess_none);

static unsigned long sio_fe_sess_id;

static void sio_fe_sess_state(struct sio_session *s)
{
	struct sio_fe_sess *sess = sio_fe_sess_of(s);

	sio_fe_dev_state(sess);
	sio_fe_nl_sess_event(sess);
}

static void sio_fe_sess_free(struct rcu_head *rcu)
{
	struct sio_fe_sess *sess = container_of(rcu, struct sio_fe_sess, rcu);

	kfree(sess);
	if (atomic_dec_and_test(&sio_fe_sess_alive))
		wake_up_all(&sio_fe_sess_none);
}

static void sio_fe_sess_release(struct sio_session *s)
{
	call_rcu(&sio_fe_sess_of(s)->rcu, sio_fe_sess_free);
}

static void sio_fe_sess_tx_wake(struct sio_session *s)
{
	struct sio_fe_dev *dev;

	list_for_each_entry_rcu(dev, &sio_fe_sess_of(s)->devs, node) {
		if (dev->disk)
			sio_fe_blk_wake(dev->disk);
		else
			sio_fe_net_tx_wake(dev);
	}
}

static void sio_fe_sess_tx_done(void *cookie, u32 packets, u32 bytes)
{
	if (sio_fe_blk_is_cookie(cookie))
		sio_fe_blk_frame_done(cookie, packets);
	else
		sio_fe_net_tx_done(cookie, packets, bytes);
}

static void sio_fe_sess_lost(struct sio_session *s, const struct sio_flow *flow,
			     const struct sio_seg *seg)
{
	struct sio_fe_dev *dev;

	list_for_each_entry_rcu(dev, &sio_fe_sess_of(s)->devs, node)
		if (dev->disk)
			sio_fe_blk_lost(dev->disk, flow, seg);
}

static const struct sio_session_ops sio_fe_sess_ops = {
	.state		= sio_fe_sess_state,
	.ctl		= sio_fe_dev_ctl,
	.rx_packet	= sio_fe_net_rx_packet,
	.rx_req		= sio_fe_blk_rx,
	.lost		= sio_fe_sess_lost,
	.tx_wake	= sio_fe_sess_tx_wake,
	.tx_done	= sio_fe_sess_tx_done,
	.release	= sio_fe_sess_release,
};

/**
 * __sio_fe_sess_find() - find a session by name
 * @net: namespace
 * @name: of the guest
 *
 * Context: process, with sio_fe_mutex held.
 * Return: the session, valid as long as the mutex is held, or NULL.
 */
struct sio_fe_sess *__sio_fe_sess_find(struct net *net, const char *name)
{
	struct sio_fe_sess *sess;

	lockdep_assert_held(&sio_fe_mutex);
	list_for_each_entry(sess, &sio_fe_net_of(net)->sessions, node)
		if (!strcmp(sess->s.name, name))
			return sess;
	return NULL;
}

static struct sio_fe_sess *sio_fe_sess_alloc(struct net *net, const char *name,
					     const u8 *key)
{
	struct sio_fe_sess *sess;
	int err;

	sess = kzalloc(sizeof(*sess), GFP_KERNEL);
	if (!sess)
		return ERR_PTR(-ENOMEM);
	mutex_init(&sess->mutex);
	INIT_LIST_HEAD(&sess->devs);
	INIT_LIST_HEAD(&sess->policies);
	xa_init(&sess->handles);
	err = sio_session_init(&sess->s, net, &sio_fe_sess_ops, name, key);
	if (err) {
		kfree(sess);
		return ERR_PTR(err);
	}
	atomic_inc(&sio_fe_sess_alive);
	return sess;
}

/**
 * sio_fe_sess_create() - begin a session, which dials by itself from then on
 * @net: namespace
 * @name: of the guest, valid
 * @key: pre-shared key of SIO_KEY_LEN bytes, or NULL to go without
 * @key_source: where the tool says it comes from, or NULL
 * @param: whom to dial
 * @extack: gets a sentence on refusal
 *
 * Context: process; takes rtnl.
 * Return: 0, -EEXIST, -ENOMEM, or as sio_session_dial().
 */
int sio_fe_sess_create(struct net *net, const char *name, const u8 *key,
		       const char *key_source,
		       const struct sio_dial_param *param,
		       struct netlink_ext_ack *extack)
{
	struct sio_fe_sess *sess;
	int err;

	mutex_lock(&sio_fe_mutex);
	if (__sio_fe_sess_find(net, name)) {
		NL_SET_ERR_MSG(extack,
			       "A session of this name exists; disconnect it first");
		err = -EEXIST;
		goto out_unlock;
	}
	sess = sio_fe_sess_alloc(net, name, key);
	if (IS_ERR(sess)) {
		err = PTR_ERR(sess);
		goto out_unlock;
	}
	err = sio_session_set_key_source(&sess->s, key_source) ?:
	      sio_session_dial(&sess->s, param, extack);
	if (err) {
		sio_session_put(&sess->s);
		goto out_unlock;
	}
	sess->id = ++sio_fe_sess_id;
	list_add_tail(&sess->node, &sio_fe_net_of(net)->sessions);
out_unlock:
	mutex_unlock(&sio_fe_mutex);
	return err;
}

/* The session's mutex may be held by who waits for rtnl, as we shall */
static void sio_fe_sess_give_up(struct sio_fe_sess *sess)
{
	struct sio_fe_dev *dev;

	rcu_read_lock();
	list_for_each_entry_rcu(dev, &sess->devs, node)
		if (dev->disk)
			sio_fe_disk_give_up(dev->disk);
	rcu_read_unlock();
}

/* Take down a session that is in no list any more */
static void sio_fe_sess_destroy(struct sio_fe_sess *sess)
{
	/* phase 1: who holds rtnl may wait for a disk, and we need it */
	sio_fe_sess_give_up(sess);
	/* phase 2: say goodbye; afterwards the core calls nothing of ours */
	sio_session_close(&sess->s, false);
	/* phase 3: devices, which may still be told of frames they sent */
	sio_fe_dev_remove_all(sess);
	sio_fe_policy_remove_all(sess);
	xa_destroy(&sess->handles);
	sio_fe_nl_sess_event(sess);
	/* phase 4: flows hold it until their last frame has left */
	sio_session_put(&sess->s);
}

/**
 * sio_fe_sess_remove() - say goodbye and remove all devices of a session
 * @net: namespace
 * @name: of the guest
 * @is_forced: even if a device is in use
 * @extack: gets a sentence on refusal
 *
 * Context: process; takes rtnl.
 * Return: 0, -ENOENT or -EBUSY.
 */
int sio_fe_sess_remove(struct net *net, const char *name, bool is_forced,
		       struct netlink_ext_ack *extack)
{
	struct sio_fe_sess *sess;
	int err = 0;

	mutex_lock(&sio_fe_mutex);
	sess = __sio_fe_sess_find(net, name);
	if (!sess) {
		NL_SET_ERR_MSG(extack, "There is no session of this name");
		err = -ENOENT;
	} else if (!is_forced) {
		err = sio_fe_dev_may_leave(sess, extack);
	}
	if (!err)
		list_del(&sess->node);
	mutex_unlock(&sio_fe_mutex);
	if (!err)
		sio_fe_sess_destroy(sess);
	return err;
}

/**
 * sio_fe_sess_remove_all() - remove all sessions of a namespace
 * @net: namespace, on its way out, or the module is
 *
 * Context: process; takes rtnl.
 */
void sio_fe_sess_remove_all(struct net *net)
{
	struct sio_fe_sess *sess, *next;
	LIST_HEAD(list);

	mutex_lock(&sio_fe_mutex);
	list_splice_init(&sio_fe_net_of(net)->sessions, &list);
	mutex_unlock(&sio_fe_mutex);
	/* the first would wait for rtnl, and its holder for the second's disk */
	list_for_each_entry(sess, &list, node)
		sio_fe_sess_give_up(sess);
	list_for_each_entry_safe(sess, next, &list, node)
		sio_fe_sess_destroy(sess);
}

/**
 * sio_fe_sess_wait_all() - wait until nothing of a session is left
 *
 * For the end of the module, when all are removed.
 *
 * Context: process.
 */
void sio_fe_sess_wait_all(void)
{
	sio_session_flush();
	wait_event(sio_fe_sess_none, !atomic_read(&sio_fe_sess_alive));
	/* the callback that woke us has returned */
	rcu_barrier();
}
