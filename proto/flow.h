/* SPDX-License-Identifier: GPL-2.0 */
/* A flow: one pseudo-TCP connection of a session. */
#ifndef SIO_FLOW_H
#define SIO_FLOW_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include "frame.h"
#include "link.h"
#include "noise.h"
#include "reasm.h"
#include "rtt.h"
#include "seq.h"
#include "wire.h"

struct neighbour;
struct sio_session;

/**
 * enum sio_flow_state - how far the pseudo-TCP connection has come
 * @SIO_FLOW_SYN: SYN sent
 * @SIO_FLOW_OPEN: both SYNs known; the hello is under way
 * @SIO_FLOW_UP: in use by its session
 * @SIO_FLOW_CLOSING: FIN sent; only eats what still arrives
 * @SIO_FLOW_DEAD: out of its link's table
 */
enum sio_flow_state {
	SIO_FLOW_SYN,
	SIO_FLOW_OPEN,
	SIO_FLOW_UP,
	SIO_FLOW_CLOSING,
	SIO_FLOW_DEAD,
};

/**
 * enum sio_step - what the side that dials is waiting for
 * @SIO_STEP_SYN: SYN-ACK
 * @SIO_STEP_HELLO: HELLO_ACK, or JOIN_ACK
 * @SIO_STEP_PROBE: PROBE_ACK
 * @SIO_STEP_CONFIRM: WELCOME; at the back-end: CONFIRM
 * @SIO_STEP_DONE: nothing
 */
enum sio_step {
	SIO_STEP_SYN,
	SIO_STEP_HELLO,
	SIO_STEP_PROBE,
	SIO_STEP_CONFIRM,
	SIO_STEP_DONE,
};

/* Entries of a flow's list of frames given to the link */
#define SIO_TXQ_LEN		2048

/**
 * struct sio_tx_mark - a frame given to the link and not done with yet
 * @cookie: who wants to hear of it, or NULL
 * @bytes: what to tell about
 * @packets: what to tell about
 * @until: value of sio_flow.tx_charged after it
 */
struct sio_tx_mark {
	void *cookie;
	u32 bytes;
	u32 packets;
	u64 until;
};

/**
 * struct sio_greet - what a flow needs until it is up; freed then
 * @noise: handshake state
 * @eph: own ephemeral private key
 * @nonce: own nonce of a JOIN
 * @said: body of HELLO, JOIN, HELLO_ACK or JOIN_ACK, to be sent again as it is
 * @said_len: bytes of it, 0 before there is one
 * @peer: what the other side told of itself
 * @join: the join secret the session will have
 * @features: agreed on
 * @epoch: that WELCOME will begin
 * @mss: size under test, or proved
 * @probe: index of the size under test
 */
struct sio_greet {
	struct sio_noise noise;
	u8 eph[SIO_DH_LEN];
	u8 nonce[SIO_DH_LEN];
	u8 said[sizeof(struct sio_msg_hello) + SIO_NOISE_MSG_LEN];
	u32 said_len;
	struct sio_hello_info peer;
	u8 join[SIO_KEY_LEN];
	u64 features;
	u32 epoch;
	u32 mss;
	unsigned int probe;
};

/**
 * struct sio_flow - one pseudo-TCP connection
 * @node: in its link's table; RCU, link->lock
 * @embryo: in its link's list while it has no session; link->lock
 * @ref: the table has one, the session one, its sock one
 * @rcu: frees it
 * @link: where its frames pass; the flow leaves the table before link dies
 * @sess: whose it is, held; published once, under the session's mutex
 * @raddr: the peer's address
 * @lport: own port
 * @rport: the peer's port
 * @idx: place in the session
 * @is_dialer: this side sent the SYN
 * @in_hash: in its link's table; link->lock
 * @state: enum sio_flow_state; READ_ONCE() in the data path
 * @why: why it closed, enum sio_why
 * @rx_lock: protects what follows up to @last_rx_ns, and changes of @state
 * @rx: receiving half of the sequence space
 * @reasm: messages that are not whole
 * @cwnd: in-flight window
 * @rtt: round trip
 * @rtt_off: offset whose acknowledgment measures it, 0 for none
 * @rtt_ns: when that was sent
 * @unacked: bytes received since an acknowledgment left
 * @is_armed: @timer is queued or about to run, and holds a reference
 * @span: first part of a packet that goes on in the next message
 * @span_off: where that message must begin
 * @last_rx_ns: when anything believable arrived
 * @last_tx_ns: when anything left
 * @tx_lock: protects @tx, @ip_id, @fin_sent and the order on the wire
 * @tx: sending half of the sequence space
 * @ip_id: next IPv4 identification
 * @fin_sent: no byte may follow
 * @fin_rcvd: the peer has sent its FIN; rx_lock
 * @acked_wire: highest acknowledgment number sent, READ_ONCE()
 * @want_wake: a sender waits for room
 * @hash: hash for queues and qdiscs
 * @mss: payload of a segment in bytes
 * @msg_max: longest message in bytes
 * @peer_msg_max: longest one the peer takes, 0 before it said so
 * @epoch: of the session, 0 before WELCOME
 * @neigh: the peer in the kernel's neighbour table
 * @sk: owns the frames on their way through the link
 * @done_lock: protects @marks and what follows up to @tx_done
 * @marks: ring of SIO_TXQ_LEN
 * @mark_head: next to fill
 * @mark_tail: next to be done
 * @tx_charged: truesize of all frames ever given to the link
 * @timer: delayed acknowledgment, old gaps, end of lingering
 * @slow: messages for process context
 * @work: takes them
 * @sock: keeps the dialer's port from everyone else
 * @tx_key: seals what is sent
 * @rx_key: opens what is received
 * @has_keys: both are valid; set once, before which only clear messages pass
 * @greet: state of the hello; NULL when up; session's mutex
 * @step: what the dialer waits for; session's mutex
 * @step_ns: when it will have waited long enough
 * @step_tries: how often it asked
 * @born_ns: when it was made
 * @ctl_lock: protects @ctl_left, @ctl_right, @ctl_lost
 * @ctl_left: first sequence number of the last sending in each control slot
 * @ctl_right: sequence number after it; equal to @ctl_left when unused
 * @ctl_lost: slots whose last sending is known to be lost
 */
struct sio_flow {
	struct hlist_node node;
	struct list_head embryo;
	struct kref ref;
	struct rcu_head rcu;
	struct sio_link *link;
	struct sio_session __rcu *sess;
	__be32 raddr;
	__be16 lport;
	__be16 rport;
	u16 idx;
	bool is_dialer;
	bool in_hash;
	u8 state;
	u8 why;

	/* protects everything up to last_rx_ns, and changes of state */
	spinlock_t rx_lock ____cacheline_aligned_in_smp;
	struct sio_seq_rx rx;
	struct sio_reasm reasm;
	struct sio_cwnd cwnd;
	struct sio_rtt rtt;
	u64 rtt_off;
	u64 rtt_ns;
	u32 unacked;
	bool is_armed;
	bool fin_rcvd;
	struct sk_buff *span;
	u64 span_off;
	u64 last_rx_ns;

	/* protects tx, ip_id, fin_sent, order on the wire */
	spinlock_t tx_lock ____cacheline_aligned_in_smp;
	struct sio_seq_tx tx;
	u16 ip_id;
	bool fin_sent;
	u32 acked_wire;
	u64 last_tx_ns;
	bool want_wake;
	u32 hash;
	u32 mss;
	u32 msg_max;
	u32 peer_msg_max;
	u32 epoch;
	struct neighbour *neigh;
	struct sock *sk;

	/* protects marks, mark_head, mark_tail, tx_charged */
	spinlock_t done_lock ____cacheline_aligned_in_smp;
	struct sio_tx_mark *marks;
	unsigned int mark_head;
	unsigned int mark_tail;
	u64 tx_charged;

	struct hrtimer timer;
	struct sk_buff_head slow;
	struct work_struct work;
	struct socket *sock;
	u8 tx_key[SIO_KEY_LEN];
	u8 rx_key[SIO_KEY_LEN];
	bool has_keys;
	struct sio_greet *greet;
	enum sio_step step;
	u64 step_ns;
	unsigned int step_tries;
	u64 born_ns;

	spinlock_t ctl_lock;	/* protects ctl_left, ctl_right, ctl_lost */
	u32 ctl_left[SIO_CTL_SLOTS];
	u32 ctl_right[SIO_CTL_SLOTS];
	unsigned long ctl_lost;
};

/* Delayed acknowledgments: so many bytes, or so much time */
#define SIO_ACK_BYTES		(128U << 10)
#define SIO_ACK_NS		(2 * (u64)NSEC_PER_MSEC)

/* How long a message may stay incomplete */
#define SIO_REASM_NS		(200 * (u64)NSEC_PER_MSEC)

/* Bounds on incomplete messages of a flow */
#define SIO_REASM_MSGS		64
#define SIO_REASM_BYTES		(8U << 20)
#define SIO_REASM_BYTES_EMBRYO	(256U << 10)

/* How long a closed flow eats late frames */
#define SIO_LINGER_NS		(1 * (u64)NSEC_PER_SEC)

/* How long a flow may take from SYN to WELCOME at the back-end */
#define SIO_EMBRYO_NS		(5 * (u64)NSEC_PER_SEC)
#define SIO_EMBRYO_TICK_NS	(100 * (u64)NSEC_PER_MSEC)

/* Frames of a flow that may wait in the link, in bytes of memory */
#define SIO_WMEM_MAX		(4U << 20)

/* Messages that may wait for process context; at most so many of a stranger */
#define SIO_SLOW_MAX		64
#define SIO_SLOW_EMBRYO		4

struct sio_flow *sio_flow_create(struct sio_link *link, __be32 raddr,
				 __be16 lport, __be16 rport, gfp_t gfp);
int sio_flow_open(struct sio_flow *flow);
int sio_flow_hash(struct sio_flow *flow);
struct sio_flow *sio_flow_lookup_rcu(struct sio_link *link,
				     const struct sio_seg *seg);
void sio_flow_close(struct sio_flow *flow, u8 why);
void sio_flow_kill(struct sio_flow *flow, u8 why);
void sio_flow_limits(struct sio_flow *flow, u32 mss);
void sio_flow_kick(struct sio_flow *flow);
void sio_flow_arm(struct sio_flow *flow, u64 ns);
void sio_flow_put(struct sio_flow *flow);
void sio_flow_adopted(struct sio_flow *flow);
void sio_flow_wait_all(void);

static inline void sio_flow_get(struct sio_flow *flow)
{
	kref_get(&flow->ref);
}

static inline bool sio_flow_is_alive(const struct sio_flow *flow)
{
	return READ_ONCE(flow->state) < SIO_FLOW_CLOSING;
}

/* A hole is a loss when so many segments beyond it have arrived */
#define SIO_REORDER_SEGS	3

static inline u32 sio_flow_reorder(const struct sio_flow *flow)
{
	return SIO_REORDER_SEGS * READ_ONCE(flow->mss);
}

/* Beside the TCP flags of sio_tx_bare(): repeat the last byte's number */
#define SIO_TX_KEEPALIVE	0x100

/* tx.c */
bool sio_tx_is_blocked(struct sio_flow *flow);
int sio_tx_msg(struct sio_flow *flow, struct sk_buff *skb, void *cookie,
	       u32 packets, u32 bytes);
int sio_tx_req(struct sio_flow *flow, struct sk_buff *skb, void *cookie,
	       u32 *left);
int sio_tx_pair(struct sio_flow *flow, struct sk_buff *first,
		struct sk_buff *second, void *cookie, u32 bytes);
int sio_tx_slow(struct sio_flow *flow, const struct sio_msg_hdr *tmpl,
		const void *body, u32 body_len, u32 *left);
void sio_tx_bare(struct sio_flow *flow, unsigned int flags);
void sio_tx_syn_ack(struct sio_link *link, const struct sio_seg *syn, u32 isn,
		    u32 ts0);
void sio_tx_wake(struct sio_flow *flow);
int sio_tx_sock_init(struct sio_flow *flow);
void sio_tx_end(struct sio_flow *flow);

/* rx.c */
unsigned int sio_rx_hook(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state);
void sio_rx_flow(struct sio_flow *flow, struct sk_buff *skb,
		 const struct sio_seg *seg);
void sio_rx_timer(struct sio_flow *flow);
void sio_rx_slow(struct sio_flow *flow);

#endif /* SIO_FLOW_H */
