// SPDX-License-Identifier: GPL-2.0
/* Guests: known by name and key, whether they are there or not. */
#include <linux/slab.h>

#include "blk.h"
#include "proto/hdr.h"

static LIST_HEAD(sio_be_guests);	/* sio_be_mutex; readers: below */
static DEFINE_SPINLOCK(sio_be_guests_lock);	/* protects sio_be_guests */
static unsigned long sio_be_guest_id;	/* sio_be_mutex */
static atomic_t sio_be_nr_guests = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(sio_be_guests_gone);

static struct sio_be_guest *sio_be_guest_of(struct sio_session *sess)
{
	return container_of(sess, struct sio_be_guest, s);
}

static void sio_be_guest_tx_wake(struct sio_session *sess)
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	unsigned long id;

	xa_for_each(&sio_be_guest_of(sess)->devs, id, dev) {
		disk = sio_be_disk_of(dev);
		if (disk)
			sio_be_blk_wake(disk);
	}
}

/* Answers that wait for room in a flow that is gone need not wait */
static void sio_be_guest_kick(struct sio_be_guest *guest)
{
	rcu_read_lock();
	sio_be_guest_tx_wake(&guest->s);
	rcu_read_unlock();
}

static void sio_be_guest_state(struct sio_session *sess)
{
	struct sio_be_guest *guest = sio_be_guest_of(sess);

	if (sio_session_is_up(sess)) {
		sio_be_disk_fence_all(guest);
		sio_be_dev_announce_all(guest);
	} else {
		sio_be_dev_pause_all(guest);
		sio_be_guest_kick(guest);
	}
	sio_be_event_guest(guest, SIO_EVENT_SESSION);
}

static int sio_be_guest_nic_mode(struct sio_be_guest *guest, const void *body,
				 u32 len)
{
	const struct sio_rec_nic_mode *mode;
	const struct sio_rec_hdr *rec;
	u32 nr_addrs, nr_vlans, pos = 0;
	struct sio_be_dev *dev;
	const u8 *addrs;
	int err;

	rec = sio_rec_next(body, len, &pos);
	if (!rec || rec->type != SIO_REC_NIC_MODE || pos != len)
		return -EINVAL;
	mode = (const struct sio_rec_nic_mode *)rec;
	nr_addrs = le16_to_cpu(mode->nr_addrs);
	nr_vlans = le16_to_cpu(mode->nr_vlans);
	if (nr_addrs > SIO_NIC_ADDRS_MAX || nr_vlans > SIO_NIC_VLANS_MAX ||
	    le32_to_cpu(rec->len) != sizeof(*mode) + nr_addrs * ETH_ALEN +
				     nr_vlans * sizeof(__le16))
		return -EINVAL;
	if (le32_to_cpu(mode->flags) & ~SIO_NIC_F_ALL || mode->reserved)
		return -EINVAL;
	rcu_read_lock();
	dev = xa_load(&guest->devs, le32_to_cpu(mode->dev));
	if (dev && (dev->ops->type != SIO_DEV_NIC ||
		    dev->gen != le32_to_cpu(mode->gen) ||
		    !kref_get_unless_zero(&dev->ref)))
		dev = NULL;
	rcu_read_unlock();
	if (!dev)
		return -ENODEV;
	addrs = (const u8 *)(mode + 1);
	err = sio_be_mode_apply(sio_be_nic_of(dev), mode, addrs,
				(const __le16 *)(addrs + nr_addrs * ETH_ALEN));
	if (!err)
		sio_be_event_dev(dev, SIO_EVENT_DEV_SET);
	sio_be_dev_put(dev);
	return err;
}

static int sio_be_guest_ctl(struct sio_session *sess, u16 op, u16 arg,
			    const void *body, u32 len, void *reply,
			    u32 *reply_len)
{
	if (op != SIO_CTL_NIC_MODE)
		return -EOPNOTSUPP;
	return sio_be_guest_nic_mode(sio_be_guest_of(sess), body, len);
}

static void sio_be_guest_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct sio_be_guest, rcu));
	if (atomic_dec_and_test(&sio_be_nr_guests))
		wake_up(&sio_be_guests_gone);
}

static void sio_be_guest_release(struct sio_session *sess)
{
	call_rcu(&sio_be_guest_of(sess)->rcu, sio_be_guest_free_rcu);
}

static void sio_be_guest_lost(struct sio_session *sess,
			      const struct sio_flow *flow,
			      const struct sio_seg *seg)
{
	struct sio_be_disk *disk;
	struct sio_be_dev *dev;
	unsigned long id;

	xa_for_each(&sio_be_guest_of(sess)->devs, id, dev) {
		disk = sio_be_disk_of(dev);
		if (disk)
			sio_be_blk_lost(disk, flow, seg);
	}
}

static const struct sio_session_ops sio_be_guest_ops = {
	.state		= sio_be_guest_state,
	.ctl		= sio_be_guest_ctl,
	.rx_packet	= sio_be_net_rx,
	.rx_req		= sio_be_blk_rx,
	.lost		= sio_be_guest_lost,
	.tx_wake	= sio_be_guest_tx_wake,
	.release	= sio_be_guest_release,
};

/**
 * sio_be_guest_find() - look up a guest
 * @net: namespace
 * @name: its name
 *
 * Context: sio_be_mutex is held.
 * Return: the guest or NULL.
 */
struct sio_be_guest *sio_be_guest_find(struct net *net, const char *name)
{
	struct sio_be_guest *guest;

	lockdep_assert_held(&sio_be_mutex);
	list_for_each_entry(guest, &sio_be_guests, node)
		if (net_eq(guest->s.net, net) && !strcmp(guest->s.name, name))
			return guest;
	return NULL;
}

/**
 * sio_be_guest_next() - walk the guests of a namespace
 * @net: namespace
 * @id: of the one before, 0 for the first
 *
 * Context: sio_be_mutex is held.
 * Return: the guest or NULL at the end.
 */
struct sio_be_guest *sio_be_guest_next(struct net *net, unsigned long id)
{
	struct sio_be_guest *guest;

	lockdep_assert_held(&sio_be_mutex);
	list_for_each_entry(guest, &sio_be_guests, node)
		if (net_eq(guest->s.net, net) && guest->id > id)
			return guest;
	return NULL;
}

/**
 * sio_be_guest_lookup() - find the session of a guest that dials
 * @net: namespace
 * @name: its name
 *
 * Context: process; takes no mutex, as removal waits for who calls this.
 * Return: the session, held, or NULL.
 */
struct sio_session *sio_be_guest_lookup(struct net *net, const char *name)
{
	struct sio_session *sess = NULL;
	struct sio_be_guest *guest;

	spin_lock(&sio_be_guests_lock);
	list_for_each_entry(guest, &sio_be_guests, node) {
		if (!net_eq(guest->s.net, net) || strcmp(guest->s.name, name))
			continue;
		sess = &guest->s;
		sio_session_get(sess);
		break;
	}
	spin_unlock(&sio_be_guests_lock);
	return sess;
}

/**
 * sio_be_guest_create() - make a guest known
 * @net: namespace
 * @name: valid
 * @key: SIO_KEY_LEN bytes, or NULL for one that needs none
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held.
 * Return: the guest or an ERR_PTR, -EEXIST, -ENOMEM.
 */
struct sio_be_guest *sio_be_guest_create(struct net *net, const char *name,
					 const u8 *key,
					 struct netlink_ext_ack *extack)
{
	struct sio_be_guest *guest;
	int err;

	if (sio_be_guest_find(net, name)) {
		NL_SET_ERR_MSG(extack, "A guest of this name exists already");
		return ERR_PTR(-EEXIST);
	}
	guest = kzalloc(sizeof(*guest), GFP_KERNEL);
	if (!guest)
		return ERR_PTR(-ENOMEM);
	xa_init_flags(&guest->devs, XA_FLAGS_ALLOC1);
	mutex_init(&guest->tell_mutex);
	err = sio_session_init(&guest->s, net, &sio_be_guest_ops, name, key);
	if (err) {
		kfree(guest);
		return ERR_PTR(err);
	}
	atomic_inc(&sio_be_nr_guests);
	guest->id = ++sio_be_guest_id;
	spin_lock(&sio_be_guests_lock);
	list_add_tail(&guest->node, &sio_be_guests);
	spin_unlock(&sio_be_guests_lock);
	return guest;
}

/**
 * sio_be_guest_destroy() - forget a guest, its devices first
 * @guest: known
 * @is_back: this machine means to come back
 *
 * Context: sio_be_mutex is held.
 */
void sio_be_guest_destroy(struct sio_be_guest *guest, bool is_back)
{
	struct sio_be_dev *dev;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	spin_lock(&sio_be_guests_lock);
	list_del(&guest->node);
	spin_unlock(&sio_be_guests_lock);
	if (is_back) {	/* the guest keeps its devices: only the session ends */
		sio_be_disk_drain_all(guest);
		sio_session_close(&guest->s, true);
	}
	for (id = 0; (dev = sio_be_dev_next_get(guest, &id)); id++) {
		dev->ops->destroy(dev);
		sio_be_dev_put(dev);
	}
	if (!is_back) {
		sio_be_dev_withdraw(guest);
		sio_session_close(&guest->s, false);
		sio_be_guest_kick(guest);
	}
	xa_destroy(&guest->devs);
	sio_session_put(&guest->s);
}

/**
 * sio_be_guest_suspend() - forget a guest, which is told that we will be back
 * @guest: known
 * @timeout: wait no longer for its block devices, in jiffies
 *
 * Context: sio_be_mutex is held.
 */
void sio_be_guest_suspend(struct sio_be_guest *guest, long timeout)
{
	sio_session_get(&guest->s);
	sio_be_guest_destroy(guest, true);
	sio_be_disk_wait_closed(guest, timeout);
	sio_session_put(&guest->s);
}

/**
 * sio_be_guest_end_net() - forget all guests of a namespace
 * @net: namespace
 *
 * Context: sio_be_mutex is held.
 */
void sio_be_guest_end_net(struct net *net)
{
	struct sio_be_guest *guest;

	while ((guest = sio_be_guest_next(net, 0)))
		sio_be_guest_destroy(guest, true);
	/* events of theirs, and of guests forgotten before, are told in it */
	sio_be_disk_wait_net(net);
}

/**
 * sio_be_guest_wait_all() - wait until the memory of every guest is free
 *
 * Context: module exit.
 */
void sio_be_guest_wait_all(void)
{
	sio_session_flush();
	wait_event(sio_be_guests_gone, !atomic_read(&sio_be_nr_guests));
	rcu_barrier();
}
