/* SPDX-License-Identifier: GPL-2.0 */
/* A session: the association of one guest with one I/O hypervisor. */
#ifndef SIO_SESSION_H
#define SIO_SESSION_H

#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "flow.h"
#include "rtt.h"
#include "slot.h"
#include "stats.h"
#include "wire.h"

struct netlink_ext_ack;
struct sio_ctl_req;
struct sio_seg;

/*
 * Locking
 *
 *   rtnl > sio_links_mutex > link->lock
 *   sess->mutex > rtnl
 *   sess->mutex > sess->ctl_lock
 *   netif_tx_lock > flow->tx_lock > link device's qdisc and queue locks
 *   flow->tx_lock > flow->done_lock
 *   flow->rx_lock, flow->ctl_lock, link->lock: innermost
 *
 *   lock            | protects                     | taken in
 *   ----------------|------------------------------|-----------------
 *   sess->mutex     | state of the session         | process
 *   sess->ctl_lock  | requests not yet in a slot   | process, softirq
 *   sio_links_mutex | list of links, their users,  | process
 *                   | listeners and faults         |
 *   link->lock      | table of flows               | process, softirq
 *   flow->rx_lock   | receiving half               | process, softirq
 *   flow->tx_lock   | sending half, order          | process, softirq
 *   flow->done_lock | frames in the link           | any
 *
 * All that changes a session's state runs in process context under its mutex:
 * the work items of its flows (messages that arrived), of the session (time,
 * requests, dead flows) and the netlink commands. Softirq only queues and
 * kicks them. Nobody who holds rtnl takes a session's mutex, so that a session
 * may take rtnl; the ends submit requests under sess->ctl_lock only, which any
 * context may take.
 *
 * A flow is found in its link's table, or in its session's array, under
 * rcu_read_lock(); both hold a reference, dropped after unpublishing, and the
 * memory goes after a grace period. A flow holds its session; the session lets
 * go of its flows when it is destroyed, so the circle opens.
 */

/**
 * struct sio_session_ops - what an end does with its sessions
 * @state: the state, the flows, or what they take at most changed. Process
 *	context, no lock held, never twice at once for a session
 * @ctl: execute a request of the peer. Process context, no lock held, one at a
 *	time. @reply has room for SIO_CTL_LEN_MAX less struct sio_msg_ctl and
 *	*@reply_len is 0. Return: 0 or a negative errno, which the peer is told
 * @rx_packet: a packet for device @dev, generation @gen, whole and with its
 *	offloads set, data at the Ethernet header. Softirq, under
 *	rcu_read_lock(); consumes @skb
 * @rx_req: a message of the request class from the side that may send it, its
 *	record believed and in the linear part, data at the message header.
 *	Softirq, under rcu_read_lock(); consumes @skb. NULL for an end that has
 *	no devices of that class
 * @lost: the peer of a flow misses bytes, see sio_req_is_lost(). Softirq, under
 *	rcu_read_lock(). NULL likewise
 * @tx_wake: a sender that was refused with -EBUSY may try again. Softirq
 * @tx_done: frames sent with @cookie have left. Any context, must not sleep
 * @release: the last reference is gone; frees after an RCU grace period
 */
struct sio_session_ops {
	void (*state)(struct sio_session *sess);
	int (*ctl)(struct sio_session *sess, u16 op, u16 arg, const void *body,
		   u32 len, void *reply, u32 *reply_len);
	void (*rx_packet)(struct sio_session *sess, u32 dev, u32 gen,
			  struct sk_buff *skb);
	void (*rx_req)(struct sio_session *sess, struct sk_buff *skb);
	void (*lost)(struct sio_session *sess, const struct sio_flow *flow,
		     const struct sio_seg *seg);
	void (*tx_wake)(struct sio_session *sess);
	void (*tx_done)(void *cookie, u32 packets, u32 bytes);
	void (*release)(struct sio_session *sess);
};

/**
 * struct sio_session - what both ends share of a session
 * @ops: of the end it belongs to
 * @net: namespace; the end ends its sessions before it goes
 * @ref: the end has one, each flow one
 * @is_guest: this side dials
 * @is_insecure: goes without a key
 * @name: of the guest
 * @instance: drawn when this side's session was made
 * @key: pre-shared key; all zero without
 * @key_source: where the tool says it comes from, or NULL; @mutex
 * @stats: counters
 * @mutex: protects all below up to @ctl_lock
 * @state: enum sio_state
 * @why: enum sio_why
 * @detail: to go with @why
 * @state_ns: since when
 * @told: state the end was told last
 * @told_epoch: and the epoch
 * @told_msg_max: and sio_session_msg_max()
 * @was_up: it was up before
 * @dials: attempts since it was up
 * @dials_ns: time of the first of them
 * @next_ns: time of the next one
 * @flows: open ones; published under the mutex, read under rcu_read_lock()
 * @nr_flows: of @flows that may be used, from 0; READ_ONCE() in the data path
 * @flows_wanted: asked for, or granted, or fewer if more cannot be had
 * @flows_asked: by the administrator of a session that dials
 * @epoch: incarnation
 * @features: agreed on
 * @join: secret for the keys of more flows
 * @peer_instance: the other side's
 * @peer_boot: the other side's
 * @has_peer: both are valid
 * @peer_nr: counts the different peers there were
 * @up_id: @peer_nr, then 32 bits of @epoch while it is up; read without the mutex
 * @mss: segment payload the path was proved to carry
 * @msg_max: longest message the peer takes
 * @ifname: the link's name, to find it again
 * @ifindex: and its index
 * @peer: address dialled, or that dialled
 * @local: own address, 0 for the link's primary one
 * @peer_port: dialled
 * @link: in use by a session that dials, or NULL
 * @challenger: flow of another instance that waits for the old one to answer
 * @challenge_ns: until when
 * @goodbye: why the peer is about to close, SIO_WHY_NONE if it did not say
 * @client: slots for own requests
 * @client_slots: their memory
 * @server: slots for the peer's requests
 * @server_slots: their memory
 * @ctl_wait: requests without a slot
 * @ctl_failed: requests the peer will never take
 * @exec: the peer's requests, to be executed
 * @exec_bytes: memory they take
 * @answer: where @exec_work puts answers together, SIO_CTL_LEN_MAX
 * @ctl_lock: protects @ctl_new, @is_closed
 * @ctl_new: requests not looked at yet
 * @is_closed: @work and @timer are not to be started any more
 * @work: takes the session on
 * @exec_work: executes the peer's requests
 * @timer: runs @work at the next deadline
 */
struct sio_session {
	const struct sio_session_ops *ops;
	struct net *net;
	struct kref ref;
	bool is_guest;
	bool is_insecure;
	char name[SIO_NAME_LEN];
	u8 instance[SIO_ID_LEN];
	u8 key[SIO_KEY_LEN];
	char *key_source;
	struct sio_stats __percpu *stats;

	struct mutex mutex;	/* protects everything up to ctl_lock */
	enum sio_state state;
	u8 why;
	u64 detail;
	u64 state_ns;
	enum sio_state told;
	u32 told_epoch;
	u32 told_msg_max;
	bool was_up;
	u32 dials;
	u64 dials_ns;
	u64 next_ns;
	struct sio_flow __rcu *flows[SIO_FLOWS_MAX];
	unsigned int nr_flows;
	unsigned int flows_wanted;
	unsigned int flows_asked;
	u32 epoch;
	u64 features;
	u8 join[SIO_KEY_LEN];
	u8 peer_instance[SIO_ID_LEN];
	u8 peer_boot[SIO_ID_LEN];
	bool has_peer;
	u32 peer_nr;
	atomic64_t up_id;
	u32 mss;
	u32 msg_max;
	char ifname[IFNAMSIZ];
	int ifindex;
	__be32 peer;
	__be32 local;
	__be16 peer_port;
	struct sio_link *link;
	struct sio_flow *challenger;
	u64 challenge_ns;
	u8 goodbye;
	struct sio_slot_client client;
	struct sio_slot client_slots[SIO_CTL_SLOTS];
	struct sio_slot_server server;
	struct sio_slot_served server_slots[SIO_CTL_SLOTS];
	struct list_head ctl_wait;
	struct list_head ctl_failed;
	struct list_head exec;
	u32 exec_bytes;
	void *answer;

	spinlock_t ctl_lock;	/* protects ctl_new, is_closed */
	struct list_head ctl_new;
	bool is_closed;
	struct work_struct work;
	struct work_struct exec_work;
	struct hrtimer timer;
};

/* Keep-alive after so much silence, and the end of patience */
#define SIO_KEEPALIVE_NS	(1 * (u64)NSEC_PER_SEC)
#define SIO_SILENT_NS		(5 * (u64)NSEC_PER_SEC)

/* How long a clone's predecessor may take to answer */
#define SIO_CHALLENGE_NS	(1 * (u64)NSEC_PER_SEC)

/* How long a goodbye may take */
#define SIO_GOODBYE_MS		500

/**
 * struct sio_dial_param - whom a guest dials
 * @ifindex: the link
 * @local: own address, 0 for the link's primary one
 * @peer: the iohyp's address
 * @peer_port: the iohyp's port, network order
 * @flows: wanted, 1 to SIO_FLOWS_MAX
 */
struct sio_dial_param {
	int ifindex;
	__be32 local;
	__be32 peer;
	__be16 peer_port;
	unsigned int flows;
};

extern u8 sio_boot_id[SIO_ID_LEN];
extern struct workqueue_struct *sio_wq;
extern struct workqueue_struct *sio_exec_wq;

int sio_session_init(struct sio_session *sess, struct net *net,
		     const struct sio_session_ops *ops, const char *name,
		     const u8 *key);
int sio_session_dial(struct sio_session *sess,
		     const struct sio_dial_param *param,
		     struct netlink_ext_ack *extack);
void sio_session_rekey(struct sio_session *sess, const u8 *key);
int sio_session_set_key_source(struct sio_session *sess, const char *path);
void sio_session_close(struct sio_session *sess, bool is_back);
void sio_session_flush(void);
void sio_session_put(struct sio_session *sess);
void sio_session_kick(struct sio_session *sess);
bool sio_session_is_up(const struct sio_session *sess);
void sio_session_epoch(struct sio_session *sess, u32 *epoch, u32 *peer_nr);
u8 sio_session_why(struct sio_session *sess);
void sio_session_redial(struct sio_session *sess);
u32 sio_session_msg_max(const struct sio_session *sess);
int sio_session_fill(struct sk_buff *skb, int attr, struct sio_session *sess);

static inline void sio_session_get(struct sio_session *sess)
{
	kref_get(&sess->ref);
}

static inline void sio_session_count(struct sio_session *sess,
				     enum sio_cnt cnt)
{
	sio_stats_inc(sess->stats, cnt);
}

/* session.c, for the files beside it */
void __sio_session_state(struct sio_session *sess, enum sio_state state,
			 u8 why, u64 detail);
void __sio_session_drop_flow(struct sio_session *sess, unsigned int idx,
			     u8 why);
void __sio_session_drop_flows(struct sio_session *sess, u8 why);
void __sio_session_up(struct sio_session *sess, struct sio_flow *flow,
		      u32 epoch);
void __sio_session_flow_up(struct sio_session *sess, struct sio_flow *flow);
u64 __sio_session_watch(struct sio_session *sess, u64 now, u8 *why);
struct sio_flow *__sio_session_flow(struct sio_session *sess,
				    unsigned int idx);
void sio_session_hello_info(struct sio_session *sess, struct sio_flow *flow,
			    struct sio_hello_info *info);
void sio_flow_set_keys(struct sio_flow *flow);

/* dial.c: the guest's side of the hello */
u64 sio_dial_poll(struct sio_session *sess, u64 now);
void sio_dial_msg(struct sio_session *sess, struct sio_flow *flow,
		  const struct sio_msg_hdr *hdr, const void *body, u32 len);

/* serve.c: the back-end's side */
u64 sio_serve_poll(struct sio_session *sess, u64 now);
void sio_serve_refuse(struct sio_flow *flow, u8 why, u64 detail);
void sio_serve_msg(struct sio_flow *flow, const struct sio_msg_hdr *hdr,
		   const void *body, u32 len);

/**
 * struct sio_ctl_req - a request to the peer
 * @node: in sess->ctl_new, then ctl_wait
 * @op: enum sio_ctl_op
 * @arg: depends on @op
 * @slot: its slot, once it has one
 * @epoch: of the session when it was sent last
 * @born_ns: when it was submitted
 * @rtt: how long to wait for the answer
 * @tries: sendings in this epoch
 * @len: bytes of @body
 * @done: called once, in process context without locks; @status is 0 or a
 *	negative errno; may be NULL. The request is freed afterwards
 * @priv: the submitter's
 * @body: records
 */
struct sio_ctl_req {
	struct list_head node;
	u16 op;
	u16 arg;
	int slot;
	u32 epoch;
	u64 born_ns;
	struct sio_rtt rtt;
	unsigned int tries;
	u32 len;
	void (*done)(struct sio_session *sess, void *priv, int status,
		     const void *body, u32 len);
	void *priv;
	u8 body[];
};

struct sio_ctl_req *sio_ctl_alloc(u16 op, u16 arg, u32 len, gfp_t gfp);
void sio_ctl_submit(struct sio_session *sess, struct sio_ctl_req *req);
int sio_ctl_call(struct sio_session *sess, struct sio_ctl_req *req,
		 unsigned int timeout_ms);
u64 __sio_ctl_poll(struct sio_session *sess, u64 now);
void sio_ctl_msg(struct sio_session *sess, struct sio_flow *flow,
		 const struct sio_msg_hdr *hdr, const void *body, u32 len);
void sio_ctl_peer(struct sio_session *sess, const struct sio_hello_info *peer,
		  bool is_same);
void sio_ctl_end_failed(struct sio_session *sess);
void sio_ctl_fail_all(struct sio_session *sess, int err);
void sio_ctl_exec_work(struct work_struct *work);

/**
 * struct sio_batch - small packets of one sender that leave together
 * @skb: a message being filled, or NULL
 * @cookie: who wants to hear of it
 * @bytes: of the packets, for @cookie
 * @nr: packets in it
 * @dev: device they are for
 * @gen: its generation
 * @flow: index of the flow it will take
 *
 * Belongs to one sender, who does not use it twice at once.
 */
struct sio_batch {
	struct sk_buff *skb;
	void *cookie;
	u32 bytes;
	u32 nr;
	u32 dev;
	u32 gen;
	unsigned int flow;
};

/* packet.c */
int sio_packet_send(struct sio_session *sess, struct sio_batch *batch,
		    struct sk_buff *skb, u32 offloads, bool more);
bool sio_packet_is_blocked(struct sio_session *sess, unsigned int idx);
void sio_packet_flush(struct sio_session *sess, struct sio_batch *batch);
void sio_packet_rx(struct sio_session *sess, struct sio_flow *flow,
		   struct sk_buff *skb);
u32 sio_packet_headroom(void);

/* Longest packet, with Ethernet header, that is worth copying into a batch */
#define SIO_BATCH_COPY		2048

/* Bytes of a batch */
#define SIO_BATCH_LEN		8192

/* What a packet is preceded by, from the message header on */
#define SIO_PACKET_HDR_LEN \
	(sizeof(struct sio_msg_hdr) + sizeof(struct sio_rec_packet))

#endif /* SIO_SESSION_H */
