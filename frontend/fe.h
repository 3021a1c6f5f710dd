/* SPDX-License-Identifier: GPL-2.0 */
/* The guest's end: its sessions and the devices that came over them. */
#ifndef SIO_FE_H
#define SIO_FE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "proto/session.h"
#include "proto/wire.h"

struct net_device;
struct netlink_callback;
struct netlink_ext_ack;

/*
 * Locking
 *
 *   sio_fe_mutex > sess->mutex > rtnl > netif_addr_lock > dev->lock
 *   sess->mutex > sess->s.mutex > rtnl
 *   queue->lock: innermost
 *
 *   lock         | protects                         | taken in
 *   -------------|----------------------------------|-----------------
 *   sio_fe_mutex | lists of sessions                | process
 *   sess->mutex  | devices of a session             | process
 *   dev->lock    | progress of its mode             | process, softirq
 *   queue->lock  | byte limit of a transmit queue   | any
 *
 * Everything that makes, changes or removes a device holds sess->mutex. Nothing
 * that a session needs to come back, and to bring back the disks it has, waits
 * for rtnl: its holder may be waiting for one of these disks. What changes of a
 * net device meanwhile is changed by a work item of its own. Only to make and
 * to remove a net device takes rtnl with the mutex held, by a worker that is
 * waited for; a session that goes down at that moment comes back afterwards.
 *
 * The operations of a net device are called under rtnl, so they only note what
 * is wanted and start the work item that tells the peer.
 *
 * Softirq finds devices under rcu_read_lock(), by handle or in the list. They
 * are taken out of both before their net device is unregistered, which waits
 * for a grace period, and its memory goes after that.
 *
 * The core keeps no pointer to a transmit queue but the number it has in
 * sio_fe_queues while its device is up, so that frames which leave a link late
 * find nothing.
 */

/* Most devices of one session */
#define SIO_FE_DEVS_MAX		256

/**
 * struct sio_fe_net - what a network namespace has
 * @sessions: by struct sio_fe_sess.node; sio_fe_mutex
 */
struct sio_fe_net {
	struct list_head sessions;
};

/**
 * struct sio_fe_sess - a session of this guest
 * @s: what the core knows of it
 * @node: in its namespace's list, in the order of @id
 * @id: never used again, so that a dump can go on behind it
 * @mutex: protects all below
 * @devs: devices; changed under @mutex, read under rcu_read_lock()
 * @handles: the same by handle, for received packets
 * @nr_devs: entries of @devs
 * @last_nr: number of the device made last
 * @was_up: when the devices were told last
 * @policies: struct sio_fe_policy, of disks by name
 * @nr_policies: entries of @policies
 * @rcu: frees it
 */
struct sio_fe_sess {
	struct sio_session s;
	struct list_head node;
	unsigned long id;
	struct mutex mutex;	/* protects all below */
	struct list_head devs;
	struct xarray handles;
	unsigned int nr_devs;
	unsigned long last_nr;
	bool was_up;
	struct list_head policies;
	unsigned int nr_policies;
	struct rcu_head rcu;
};

struct sio_fe_dev;
struct sio_fe_disk;

/**
 * struct sio_fe_dev_ops - what kinds of devices do differently
 * @type: enum sio_dev_type
 * @judge: may what is announced be believed? 0 or a negative errno
 * @create: make it; @update follows. 0 or a negative errno
 * @update: it is announced, once more or for the first time, perhaps with
 *	another handle; without rtnl. 0 or a negative errno
 * @state: the session came up or went down, or its limits changed; without rtnl
 * @remove: take it away; softirq does not find it any more
 * @is_busy: is somebody using it who would be hurt? NULL for no
 * @done: the peer leaves and tells what it executed, with the argument of
 *	SIO_CTL_BLK_DONE; NULL for nothing
 * @fill: describe it in a netlink message. 0 or -EMSGSIZE
 * @nr_workers: how many queues it has
 * @fill_worker: what one of them did, in a nest of enum sio_a_worker. As @fill
 *
 * All in process context, under the session's mutex; those not said to be
 * without rtnl may take it.
 */
struct sio_fe_dev_ops {
	u8 type;
	int (*judge)(const struct sio_rec_dev *rec);
	int (*create)(struct sio_fe_dev *dev, const struct sio_rec_dev *rec);
	int (*update)(struct sio_fe_dev *dev, const struct sio_rec_dev *rec);
	void (*state)(struct sio_fe_dev *dev, bool is_up);
	void (*remove)(struct sio_fe_dev *dev);
	bool (*is_busy)(const struct sio_fe_dev *dev);
	void (*done)(struct sio_fe_dev *dev,
		     const struct sio_rec_blk_done *done, u16 arg);
	int (*fill)(struct sk_buff *skb, const struct sio_fe_dev *dev);
	unsigned int (*nr_workers)(const struct sio_fe_dev *dev);
	int (*fill_worker)(struct sk_buff *skb, const struct sio_fe_dev *dev,
			   unsigned int nr);
};

extern const struct sio_fe_dev_ops sio_fe_nic_ops;
extern const struct sio_fe_dev_ops sio_fe_disk_ops;

/**
 * struct sio_fe_dev - a device of a session
 * @ops: of its kind
 * @nr: never used again within its session, so that a dump can go on behind it
 * @ref: the list has one, a request about its mode another
 * @sess: held
 * @node: in @sess's list
 * @netdev: of a NIC, until the device has left the list
 * @disk: of a disk, likewise
 * @handle: on the wire; 0 if another device got it
 * @gen: generation of @handle; READ_ONCE() in softirq
 * @uuid: who it is
 * @name: as announced
 * @mac: as announced
 * @has_carrier: the peer's port has; sess->mutex
 * @any_mac: it may have, and send from, other addresses than @mac; READ_ONCE()
 * @lock: protects @is_gone, @mode_busy, @mode_dirty
 * @is_gone: @mode_work is not to be started any more
 * @mode_busy: a request is on its way
 * @mode_dirty: the peer is to be told once more
 * @mode_work: tells it
 * @mode_sent: requests answered
 * @mode_failed: those that were refused
 * @rcu: frees it
 */
struct sio_fe_dev {
	const struct sio_fe_dev_ops *ops;
	unsigned long nr;
	struct kref ref;
	struct sio_fe_sess *sess;
	struct list_head node;
	struct net_device *netdev;
	struct sio_fe_disk *disk;
	u32 handle;
	u32 gen;
	u8 uuid[SIO_UUID_LEN];
	char name[SIO_NAME_LEN];
	u8 mac[SIO_MAC_LEN];
	bool has_carrier;
	bool any_mac;
	spinlock_t lock;	/* protects is_gone, mode_busy, mode_dirty */
	bool is_gone;
	bool mode_busy;
	bool mode_dirty;
	struct delayed_work mode_work;
	u64 mode_sent;
	u64 mode_failed;
	struct rcu_head rcu;
};

/**
 * struct sio_fe_policy - what a disk does while its session is down
 * @node: in its session's list
 * @nr: never used again within its session, so that a dump can go on behind it
 * @name: of the disk, which may come later, or again
 * @on_loss: enum sio_on_loss
 * @on_loss_s: seconds before requests fail
 */
struct sio_fe_policy {
	struct list_head node;
	unsigned long nr;
	char name[SIO_NAME_LEN];
	u8 on_loss;
	u32 on_loss_s;
};

static inline struct sio_fe_sess *sio_fe_sess_of(struct sio_session *sess)
{
	return container_of(sess, struct sio_fe_sess, s);
}

/* main.c */
struct sio_fe_net *sio_fe_net_of(struct net *net);

/* sess.c */
extern struct mutex sio_fe_mutex;

struct sio_fe_sess *__sio_fe_sess_find(struct net *net, const char *name);
int sio_fe_sess_create(struct net *net, const char *name, const u8 *key,
		       const char *key_source,
		       const struct sio_dial_param *param,
		       struct netlink_ext_ack *extack);
int sio_fe_sess_remove(struct net *net, const char *name, bool is_forced,
		       struct netlink_ext_ack *extack);
void sio_fe_sess_remove_all(struct net *net);
void sio_fe_sess_wait_all(void);

/* dev.c */
int sio_fe_dev_ctl(struct sio_session *sess, u16 op, u16 arg, const void *body,
		   u32 len, void *reply, u32 *reply_len);
int sio_fe_dev_may_leave(struct sio_fe_sess *sess,
			 struct netlink_ext_ack *extack);
void sio_fe_dev_remove_all(struct sio_fe_sess *sess);
void sio_fe_dev_state(struct sio_fe_sess *sess);
int sio_fe_dev_fill(struct sk_buff *skb, struct sio_fe_dev *dev);
int sio_fe_dev_fill_worker(struct sk_buff *skb, struct sio_fe_dev *dev,
			   unsigned int nr);
void sio_fe_dev_put(struct sio_fe_dev *dev);

/* policy.c */
int sio_fe_policy_set(struct sio_fe_sess *sess, const char *name, u8 on_loss,
		      u32 s);
void sio_fe_policy_get(struct sio_fe_sess *sess, const char *name, u8 *on_loss,
		       u32 *s);
const struct sio_fe_policy *sio_fe_policy_next(struct sio_fe_sess *sess,
					       unsigned long nr);
void sio_fe_policy_remove_all(struct sio_fe_sess *sess);

/* dump.c */
int sio_fe_dev_nest(struct sk_buff *skb, struct sio_fe_dev *dev);
int sio_fe_dump_sessions(struct sk_buff *skb, struct netlink_callback *cb);
int sio_fe_dump_devs(struct sk_buff *skb, struct netlink_callback *cb);
int sio_fe_dump_workers(struct sk_buff *skb, struct netlink_callback *cb);
int sio_fe_dump_links(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink.c */
extern struct sio_nl sio_fe_nl;
int sio_fe_nl_init(void);
void sio_fe_nl_exit(void);
void sio_fe_nl_sess_event(struct sio_fe_sess *sess);
void sio_fe_nl_dev_event(struct sio_fe_dev *dev, enum sio_event event);

#endif /* SIO_FE_H */
