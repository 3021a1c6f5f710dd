/* SPDX-License-Identifier: GPL-2.0 */
/* A link: one net device and one of its addresses, where our frames pass. */
#ifndef SIO_LINK_H
#define SIO_LINK_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "frame.h"
#include "stats.h"

struct netlink_ext_ack;
struct sio_faults;
struct sio_flow;
struct sio_listener;
struct sio_session;

#define SIO_LINK_HASH_BITS	8

/* Flows of one link that have not said a believable hello yet, and of a peer */
#define SIO_LINK_EMBRYOS_MAX	1024
#define SIO_LINK_EMBRYOS_PEER	128

/* Flows of one link, all states */
#define SIO_LINK_FLOWS_MAX	65536

/**
 * struct sio_link - a net device with one of its addresses
 * @node: in the list of all links; sio_links_mutex
 * @net: namespace of @dev; outlives the link
 * @dev: the net device; held until the link leaves it
 * @dev_tracker: of that hold
 * @hook: on @dev's ingress
 * @ifindex: of @dev
 * @name: of @dev, valid once @is_gone is set
 * @laddr: own address
 * @is_local_asked: who listens was asked for just @laddr; written before
 * @ref: the list has one, each flow one; keeps the memory, not @dev
 * @users: sessions and listeners that use it; sio_links_mutex
 * @is_gone: @dev is not to be looked at, but in an RCU section begun before
 * @lock: protects @flows, @nr_flows, @embryos, @nr_embryos
 * @flows: by peer address and ports; readers hold rcu_read_lock()
 * @nr_flows: entries of @flows
 * @embryos: those without a session, the oldest first
 * @nr_embryos: entries of @embryos
 * @empty: woken when @nr_flows becomes 0
 * @listener: answers SYNs; published under sio_links_mutex
 * @faults: injector's rules; published under sio_links_mutex
 * @stats: counters of frames that belong to no session
 * @cookie_key: makes the SYN cookies
 */
struct sio_link {
	struct list_head node;
	struct net *net;
	struct net_device *dev;
	netdevice_tracker dev_tracker;
	struct nf_hook_ops hook;
	int ifindex;
	char name[IFNAMSIZ];
	__be32 laddr;
	bool is_local_asked;
	struct kref ref;
	unsigned int users;
	bool is_gone;
	spinlock_t lock;	/* protects flows and embryos, their numbers */
	struct hlist_head flows[1 << SIO_LINK_HASH_BITS];
	unsigned int nr_flows;
	struct list_head embryos;
	unsigned int nr_embryos;
	wait_queue_head_t empty;
	struct sio_listener __rcu *listener;
	struct sio_faults __rcu *faults;
	struct sio_stats __percpu *stats;
	siphash_key_t cookie_key;
};

/**
 * struct sio_listener - who answers guests on a link
 * @port: TCP port, network order
 * @lookup: find a guest by name. Process context, may sleep. Return: a held
 *	session or NULL
 * @sock: bound and never listening: keeps the port from everyone else
 * @rcu: frees it
 */
struct sio_listener {
	__be16 port;
	struct sio_session *(*lookup)(struct net *net, const char *name);
	struct socket *sock;
	struct rcu_head rcu;
};

extern struct mutex sio_links_mutex;	/* see session.h */

struct sio_link *sio_link_get(struct net *net, int ifindex, __be32 laddr,
			      struct netlink_ext_ack *extack);
void sio_link_put(struct sio_link *link);
struct sio_link *sio_link_find(struct net *net, int ifindex);
bool sio_link_is(struct net *net, int ifindex);
void sio_link_ref_get(struct sio_link *link);
void sio_link_ref_put(struct sio_link *link);
int sio_link_dump(struct sk_buff *skb, struct net *net, int *skip,
		  int (*fill)(struct sk_buff *skb, struct sio_link *link,
			      void *priv),
		  void *priv);
int sio_link_init(void);
void sio_link_exit(void);

/* link_state.c */
int sio_link_judge(struct net_device *dev, __be32 *laddr,
		   struct netlink_ext_ack *extack);
bool sio_link_is_neighbour(const struct sio_link *link, __be32 addr);
u32 sio_link_mss(const struct sio_link *link);
u32 sio_link_queues(const struct sio_link *link);
void sio_link_name(const struct sio_link *link, int *ifindex, char *name);
u32 sio_link_msg_max(const struct sio_link *link);
u32 sio_link_why(const struct sio_link *link);
int sio_link_fill(struct sk_buff *skb, int attr, struct sio_link *link);

/* listen.c: segments that belong to no flow, and who answers them */
bool sio_listen_wants(struct sio_link *link, const struct sio_seg *seg);
void sio_listen_rx(struct sio_link *link, struct sk_buff *skb,
		   const struct sio_seg *seg);
#if IS_ENABLED(CONFIG_KUNIT)
u64 sio_listen_period(void);
#endif
int sio_link_listen(struct sio_link *link, u16 port,
		    struct sio_session *(*lookup)(struct net *net,
						  const char *name),
		    struct netlink_ext_ack *extack);
void sio_link_unlisten(struct sio_link *link);
struct socket *sio_link_reserve(struct net *net, __be32 laddr, __be16 *port);

#endif /* SIO_LINK_H */
