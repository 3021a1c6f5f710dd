/* SPDX-License-Identifier: GPL-2.0 */
/* The back-end: guests, their devices, the ports those meet the world by. */
#ifndef SIO_BE_H
#define SIO_BE_H

#include <linux/if_ether.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/genetlink.h>

#include <splitio/be.h>

#include "proto/session.h"

struct net;
struct sio_nl;

/*
 * Locking
 *
 *   sio_be_mutex > rtnl > guest->tell_mutex > dev->lock
 *
 *   lock           | protects                          | taken in
 *   ---------------|-----------------------------------|------------------
 *   sio_be_mutex   | guests, their devices, links      | netlink, netns exit
 *   rtnl           | ports, what is applied to them    | also notifier, exec,
 *                  |                                   | calm_work
 *   tell_mutex     | is_told, is_stale of guest, dev;  | also session
 *                  | no device is added under it;      |
 *                  | epochs of disks                   |
 *   dev->lock      | state, errno, was_ready; rules of | process
 *                  | a NIC                             |
 *
 * A session's callbacks take only tell_mutex, under which nothing waits for a
 * session, as closing a session waits for them: they find devices in the
 * guest's xarray under rcu_read_lock(). A NIC leaves the xarray, then its
 * port's hook goes, then its queues stop, then the memory goes after a grace
 * period.
 */

/* Bytes of one announcement, and devices a guest may have: what it holds */
#define SIO_BE_LIST_MAX		(SIO_CTL_LEN_MAX - sizeof(struct sio_msg_ctl))
#define SIO_BE_DEVS_MAX		(SIO_BE_LIST_MAX / sizeof(struct sio_rec_blk))

/* Addresses one NIC may bring to its port: the guest's, and its own */
#define SIO_BE_ADDRS_MAX	(SIO_NIC_ADDRS_MAX + 1)

/* Packets for a guest that may wait on one CPU */
#define SIO_BE_BACKLOG		1024

/**
 * struct sio_be_net - what a namespace has of this module
 * @nr_disks: disks whose block device is not closed yet, of all guests there
 *	are and were
 */
struct sio_be_net {
	atomic_t nr_disks;
};

/**
 * struct sio_be_guest - a guest, there or not
 * @s: its session; first
 * @node: in the list of guests, in the order of @id; sio_be_mutex
 * @id: never used again, so that a dump can go on behind it
 * @devs: struct sio_be_dev by handle; changed under sio_be_mutex
 * @nr_devs: entries but for those on their way out; sio_be_mutex
 * @nr_disks: disks whose block device is not closed yet
 * @tell_mutex: protects @is_told, @is_stale
 * @is_told: a list of its devices is on its way
 * @is_stale: it has to hear of all of them, not only of those that changed
 * @rcu: frees it
 */
struct sio_be_guest {
	struct sio_session s;
	struct list_head node;
	unsigned long id;
	struct xarray devs;
	unsigned int nr_devs;
	atomic_t nr_disks;
	struct mutex tell_mutex;	/* protects is_told, is_stale */
	bool is_told;
	bool is_stale;
	struct rcu_head rcu;
};

/**
 * struct sio_be_stats - packets of a NIC on one CPU
 * @rx_packets: from the guest
 * @rx_bytes: from the guest
 * @tx_packets: to the guest
 * @tx_bytes: to the guest
 * @drop_spoof: from the guest, with another source address
 * @drop_port: from the guest, port down or packet too long
 * @drop_closed: for a guest that is not there or has the NIC down
 * @drop_window: for a guest that does not take them fast enough
 */
struct sio_be_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 drop_spoof;
	u64 drop_port;
	u64 drop_closed;
	u64 drop_window;
};

/**
 * struct sio_be_queue - packets for a guest, on one CPU
 * @nic: whose
 * @napi: takes them after the driver's own poll
 * @skbs: used on its own CPU only, with BH disabled
 * @batch: used by @napi only
 */
struct sio_be_queue {
	struct sio_be_nic *nic;
	struct napi_struct napi;
	struct sk_buff_head skbs;
	struct sio_batch batch;
};

/**
 * struct sio_be_applied - what the guest's wishes changed on the port
 * @flags: SIO_NIC_F bits in force
 * @nr_addrs: entries of @addrs
 * @nr_vlans: entries of @vlans
 * @addrs: unicast and multicast; the NIC's own if it is not the port's
 * @vlans: VLAN ids
 */
struct sio_be_applied {
	u32 flags;
	u16 nr_addrs;
	u16 nr_vlans;
	u8 addrs[SIO_BE_ADDRS_MAX][ETH_ALEN];
	u16 vlans[SIO_NIC_VLANS_MAX];
};

/**
 * struct sio_be_linger - what a port keeps a while after its guest let go of it
 * @flags: SIO_NIC_F bits
 * @addr: a unicast address, or zero
 */
struct sio_be_linger {
	u32 flags;
	u8 addr[ETH_ALEN];
};

struct sio_be_dev;

/**
 * struct sio_be_dev_ops - what kinds of devices do differently
 * @type: enum sio_dev_type
 * @rec_type: enum sio_rec_type of its announcement
 * @rec_len: bytes of that
 * @rec: fill in what is the kind's own. Any context that may not sleep
 * @is_whole: can the guest be given it? NULL for always
 * @fill: describe it in a netlink message. 0 or -EMSGSIZE
 * @fill_worker: what a CPU did for it, in a nest of enum sio_a_worker. Likewise
 * @destroy: take it away, perhaps in the background. sio_be_mutex is held
 * @free: its last reference is gone and a grace period has passed
 */
struct sio_be_dev_ops {
	u8 type;
	u8 rec_type;
	u32 rec_len;
	void (*rec)(const struct sio_be_dev *dev, struct sio_rec_dev *rec);
	bool (*is_whole)(const struct sio_be_dev *dev);
	int (*fill)(struct sk_buff *skb, struct sio_be_dev *dev);
	int (*fill_worker)(struct sk_buff *skb, struct sio_be_dev *dev,
			   int cpu);
	void (*destroy)(struct sio_be_dev *dev);
	void (*free)(struct sio_be_dev *dev);
};

/**
 * struct sio_be_dev - a device of a guest
 * @ops: of its kind
 * @guest: its guest, held by a reference on the session
 * @ref: the xarray has one, each user one
 * @rcu: frees it
 * @name: within the guest
 * @uuid: for life
 * @id: handle on the wire
 * @gen: generation of @id
 * @lock: protects @state, @errno, @was_ready, and rules of a NIC
 * @state: enum sio_dev_state
 * @errno: of the guest's refusal
 * @was_ready: the guest had it before
 * @is_stale: the guest has to hear of it; its tell_mutex
 */
struct sio_be_dev {
	const struct sio_be_dev_ops *ops;
	struct sio_be_guest *guest;
	struct kref ref;
	struct rcu_head rcu;
	char name[SIO_NAME_LEN];
	u8 uuid[SIO_UUID_LEN];
	u32 id;
	u32 gen;
	spinlock_t lock;	/* protects state, errno, was_ready, rules */
	enum sio_dev_state state;
	u32 errno;
	bool was_ready;
	bool is_stale;
};

/**
 * struct sio_be_nic - a virtual NIC
 * @d: what all devices have; first
 * @mac: assigned address
 * @mtu: bytes; follows the port's; rtnl
 * @mtu_asked: the administrator's wish, 0 for the port's; rtnl
 * @any_mac: the guest may have, and send from, any address; rtnl
 * @denied: what it wants and may not have, SIO_DENIED bits; rtnl
 * @is_open: the guest has it up
 * @port_made: the tool made the port
 * @rules: file the port's rules are from, NULL for none; d.lock
 * @node: in the list of ports; rtnl
 * @port: the net device; published under rtnl, NULL once it is gone
 * @port_name: as it was last
 * @port_ifindex: likewise
 * @hook: on @port's ingress
 * @port_tracker: of the hold on @port
 * @applied: what was changed on the port; rtnl
 * @linger: what is to be taken back later; rtnl
 * @calm_work: does that
 * @queues: one for each CPU
 * @stats: one for each CPU
 */
struct sio_be_nic {
	struct sio_be_dev d;
	u8 mac[ETH_ALEN];
	u32 mtu;
	u32 mtu_asked;
	bool any_mac;
	u32 denied;
	bool is_open;
	bool port_made;
	char *rules;
	struct list_head node;
	struct net_device __rcu *port;
	char port_name[IFNAMSIZ];
	int port_ifindex;
	struct nf_hook_ops hook;
	netdevice_tracker port_tracker;
	struct sio_be_applied *applied;
	struct sio_be_linger linger;
	struct delayed_work calm_work;
	struct sio_be_queue __percpu *queues;
	struct sio_be_stats __percpu *stats;
};

static inline struct sio_be_nic *sio_be_nic_of(const struct sio_be_dev *dev)
{
	return container_of((struct sio_be_dev *)dev, struct sio_be_nic, d);
}

/**
 * struct sio_be_nic_param - what a NIC shall be
 * @name: valid
 * @port_ifindex: the port
 * @mac: zero for the port's
 * @uuid: zero for a random one
 * @mtu: 0 for the port's
 * @any_mac: no anti-spoofing
 * @port_made: the tool made the port
 * @rules: file the port's rules are from, NULL or empty for none
 */
struct sio_be_nic_param {
	const char *name;
	int port_ifindex;
	u8 mac[ETH_ALEN];
	u8 uuid[SIO_UUID_LEN];
	u32 mtu;
	bool any_mac;
	bool port_made;
	const char *rules;
};

extern struct mutex sio_be_mutex;

struct sio_be_net *sio_be_net_of(struct net *net);

/* guest.c */
struct sio_be_guest *sio_be_guest_create(struct net *net, const char *name,
					 const u8 *key,
					 struct netlink_ext_ack *extack);
void sio_be_guest_destroy(struct sio_be_guest *guest, bool is_back);
void sio_be_guest_suspend(struct sio_be_guest *guest, long timeout);
struct sio_be_guest *sio_be_guest_find(struct net *net, const char *name);
struct sio_be_guest *sio_be_guest_next(struct net *net, unsigned long id);
struct sio_session *sio_be_guest_lookup(struct net *net, const char *name);
void sio_be_guest_end_net(struct net *net);
void sio_be_guest_wait_all(void);

/* dev.c */
void sio_be_dev_init(struct sio_be_dev *dev, const struct sio_be_dev_ops *ops,
		     struct sio_be_guest *guest, const char *name,
		     const u8 *uuid);
int sio_be_dev_may_be(struct sio_be_guest *guest, const char *name,
		      const u8 *uuid, struct netlink_ext_ack *extack);
void sio_be_dev_publish(struct sio_be_dev *dev);
struct sio_be_dev *sio_be_dev_find(struct sio_be_guest *guest,
				   const char *name);
struct sio_be_dev *sio_be_dev_next_get(struct sio_be_guest *guest,
				       unsigned long *id);
void sio_be_dev_put(struct sio_be_dev *dev);
void sio_be_dev_announce(struct sio_be_dev *dev);
void sio_be_dev_announce_all(struct sio_be_guest *guest);
void sio_be_dev_withdraw(struct sio_be_guest *guest);
void sio_be_dev_pause_all(struct sio_be_guest *guest);
int sio_be_dev_ask_gone(struct sio_be_dev *dev);
void sio_be_dev_tell_gone(struct sio_be_dev *dev);
int sio_be_dev_fill(struct sk_buff *skb, int attr, struct sio_be_dev *dev);
void sio_be_dev_set_state(struct sio_be_dev *dev, enum sio_dev_state state,
			  u32 err);

/* nic.c */
struct sio_be_nic *sio_be_nic_create(struct sio_be_guest *guest,
				     const struct sio_be_nic_param *param,
				     struct netlink_ext_ack *extack);
int sio_be_nic_set_rules(struct sio_be_nic *nic, const char *rules);

/* port.c */
int sio_be_port_attach(struct sio_be_nic *nic, int ifindex, bool has_mac,
		       struct netlink_ext_ack *extack);
void sio_be_port_detach(struct sio_be_nic *nic);
int sio_be_port_may_link(struct net *net, int ifindex,
			 struct netlink_ext_ack *extack);
int sio_be_port_set_mtu(struct sio_be_nic *nic, u32 mtu,
			struct netlink_ext_ack *extack);
int sio_be_port_init(void);
void sio_be_port_exit(void);

/* mode.c */
void sio_be_mode_init(struct sio_be_nic *nic);
void sio_be_mode_stop(struct sio_be_nic *nic);
int sio_be_mode_apply(struct sio_be_nic *nic,
		      const struct sio_rec_nic_mode *mode, const u8 *addrs,
		      const __le16 *vlans);
void sio_be_mode_set_any_mac(struct sio_be_nic *nic, bool any_mac);
void __sio_be_mode_revert(struct sio_be_nic *nic, struct net_device *dev);

/* net.c */
unsigned int sio_be_net_hook(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);
void sio_be_net_rx(struct sio_session *sess, u32 dev, u32 gen,
		   struct sk_buff *skb);
void sio_be_net_start(struct sio_be_nic *nic);
void sio_be_net_stop(struct sio_be_nic *nic);
int sio_be_net_init(void);
void sio_be_net_exit(void);

/* link.c */
int sio_be_link_create(struct net *net, int ifindex, __be32 local, u16 port,
		       struct netlink_ext_ack *extack);
int sio_be_link_remove(struct net *net, int ifindex);
void sio_be_link_end_net(struct net *net);
int sio_be_link_init(void);
void sio_be_link_exit(void);

/* dump.c */
int sio_be_dump_guests(struct sk_buff *skb, struct netlink_callback *cb);
int sio_be_dump_devs(struct sk_buff *skb, struct netlink_callback *cb);
int sio_be_dump_workers(struct sk_buff *skb, struct netlink_callback *cb);
int sio_be_dump_links(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink.c */
extern struct sio_nl sio_be_nl;
extern const struct nla_policy sio_be_policy[];

int sio_be_nl_init(void);
void sio_be_nl_exit(void);

/* event.c */
void sio_be_event_dev(struct sio_be_dev *dev, enum sio_event event);
void sio_be_event_guest(struct sio_be_guest *guest, enum sio_event event);
void sio_be_event_link(struct sio_link *link, enum sio_event event);

#endif /* SIO_BE_H */
