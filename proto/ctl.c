// SPDX-License-Identifier: GPL-2.0
/* Control requests: slots, time-outs, at most one execution, one answer. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "flow.h"
#include "hdr.h"
#include "session.h"

/* Bounds of the time to wait for an answer, and that when it is in progress */
#define SIO_CTL_RTO_MIN_US	20000U
#define SIO_CTL_RTO_MAX_US	1000000U
#define SIO_CTL_BUSY_US		1000000U

/**
 * struct sio_ctl_exec - a request of the peer, to be executed
 * @node: in sess->exec
 * @slot: of the request
 * @seq: of the request
 * @len: bytes of @body
 * @body: struct sio_msg_ctl, then its records
 */
struct sio_ctl_exec {
	struct list_head node;
	u16 slot;
	u32 seq;
	u32 len;
	u8 body[];
};

/**
 * sio_ctl_alloc() - make a request to the peer
 * @op: enum sio_ctl_op
 * @arg: depends on @op
 * @len: bytes of its body, at most SIO_CTL_LEN_MAX less struct sio_msg_ctl
 * @gfp: how to allocate
 *
 * Return: the request, its body zero, or NULL.
 */
struct sio_ctl_req *sio_ctl_alloc(u16 op, u16 arg, u32 len, gfp_t gfp)
{
	struct sio_ctl_req *req;

	if (WARN_ON_ONCE(len > SIO_CTL_LEN_MAX - sizeof(struct sio_msg_ctl)))
		return NULL;
	req = kzalloc(struct_size(req, body, len), gfp);
	if (!req)
		return NULL;
	req->op = op;
	req->arg = arg;
	req->len = len;
	req->slot = -1;
	return req;
}
EXPORT_SYMBOL_GPL(sio_ctl_alloc);

static void sio_ctl_end(struct sio_session *sess, struct sio_ctl_req *req,
			int status, const void *body, u32 len)
{
	if (req->done)
		req->done(sess, req->priv, status, body, len);
	kfree(req);
}

/**
 * sio_ctl_submit() - send a request as soon as the session is up
 * @sess: held
 * @req: from sio_ctl_alloc(), @done and @priv filled in; always consumed
 *
 * It survives reconnections; @done is called with -ENOTCONN when the session
 * is closed first, before this returns if it is closed already.
 *
 * Context: process, without locks that @done takes.
 */
void sio_ctl_submit(struct sio_session *sess, struct sio_ctl_req *req)
{
	bool is_closed;

	req->born_ns = ktime_get_ns();
	spin_lock_bh(&sess->ctl_lock);
	is_closed = sess->is_closed;
	if (!is_closed) {
		list_add_tail(&req->node, &sess->ctl_new);
		queue_work(sio_wq, &sess->work);
	}
	spin_unlock_bh(&sess->ctl_lock);
	if (is_closed)
		sio_ctl_end(sess, req, -ENOTCONN, NULL, 0);
}
EXPORT_SYMBOL_GPL(sio_ctl_submit);

/**
 * struct sio_ctl_wait - somebody waits for the answer
 * @ref: the waiter has one, the request one
 * @done: answered
 * @status: 0 or a negative errno
 */
struct sio_ctl_wait {
	struct kref ref;
	struct completion done;
	int status;
};

static void sio_ctl_wait_release(struct kref *ref)
{
	kfree(container_of(ref, struct sio_ctl_wait, ref));
}

static void sio_ctl_wait_done(struct sio_session *sess, void *priv, int status,
			      const void *body, u32 len)
{
	struct sio_ctl_wait *wait = priv;

	wait->status = status;
	complete(&wait->done);
	kref_put(&wait->ref, sio_ctl_wait_release);
}

/**
 * sio_ctl_call() - send a request and wait for its answer
 * @sess: held
 * @req: from sio_ctl_alloc(); always consumed
 * @timeout_ms: how long to wait; the request goes on after it
 *
 * Context: process, without locks.
 * Return: the answer's status, -ETIMEDOUT, -ENOMEM or -ENOTCONN.
 */
int sio_ctl_call(struct sio_session *sess, struct sio_ctl_req *req,
		 unsigned int timeout_ms)
{
	struct sio_ctl_wait *wait = kzalloc(sizeof(*wait), GFP_KERNEL);
	int status = -ETIMEDOUT;

	if (!wait) {
		kfree(req);
		return -ENOMEM;
	}
	kref_init(&wait->ref);
	kref_get(&wait->ref);
	init_completion(&wait->done);
	req->done = sio_ctl_wait_done;
	req->priv = wait;
	sio_ctl_submit(sess, req);
	if (wait_for_completion_timeout(&wait->done,
					msecs_to_jiffies(timeout_ms)))
		status = wait->status;
	kref_put(&wait->ref, sio_ctl_wait_release);
	return status;
}
EXPORT_SYMBOL_GPL(sio_ctl_call);

static void __sio_ctl_send(struct sio_session *sess, struct sio_flow *flow,
			   u8 type, u16 slot, u32 seq, const void *body,
			   u32 len, u32 *left)
{
	struct sio_msg_hdr hdr = {
		.type = type,
		.suite = SIO_SUITE_CHACHA,
		.epoch = cpu_to_le32(sess->epoch),
		.slot = cpu_to_le16(slot),
		.slot_seq = cpu_to_le32(seq),
	};

	lockdep_assert_held(&sess->mutex);
	sio_tx_slow(flow, &hdr, body, len, left);
}

/* Send a request that has a slot, for the first time or again */
static void __sio_ctl_send_req(struct sio_session *sess, struct sio_flow *flow,
			       struct sio_ctl_req *req, u64 now)
{
	u32 len = sizeof(struct sio_msg_ctl) + req->len;
	struct sio_msg_ctl *ctl;
	u32 left = 0;

	lockdep_assert_held(&sess->mutex);
	ctl = kzalloc(len, GFP_KERNEL);
	if (ctl) {
		ctl->op = cpu_to_le16(req->op);
		ctl->arg = cpu_to_le16(req->arg);
		memcpy(ctl + 1, req->body, req->len);
		__sio_ctl_send(sess, flow, SIO_MSG_CTL_REQ, req->slot,
			       sio_slot_seq(&sess->client, req->slot), ctl,
			       len, &left);
		kfree(ctl);
	}
	if (req->epoch != sess->epoch) {
		req->epoch = sess->epoch;
		req->tries = 0;
	}
	sio_session_count(sess, req->tries ? SIO_CNT_CTL_RESENT :
					     SIO_CNT_CTL_SENT);
	if (req->tries++)
		sio_rtt_backoff(&req->rtt);
	else
		sio_rtt_init(&req->rtt, sio_rtt_rto(&flow->rtt),
			     SIO_CTL_RTO_MIN_US, SIO_CTL_RTO_MAX_US);
	sio_slot_arm(&sess->client, req->slot,
		     now / NSEC_PER_USEC + sio_rtt_rto(&req->rtt));
	spin_lock_bh(&flow->ctl_lock);
	flow->ctl_left[req->slot] = left;
	flow->ctl_right[req->slot] = left + sizeof(struct sio_msg_hdr) + len;
	__clear_bit(req->slot, &flow->ctl_lost);
	spin_unlock_bh(&flow->ctl_lock);
}

static void __sio_ctl_take_new(struct sio_session *sess)
{
	lockdep_assert_held(&sess->mutex);
	spin_lock_bh(&sess->ctl_lock);
	list_splice_tail_init(&sess->ctl_new, &sess->ctl_wait);
	spin_unlock_bh(&sess->ctl_lock);
}

/* Requests that wait for a slot or for credit, in order */
static void __sio_ctl_start(struct sio_session *sess, struct sio_flow *flow,
			    u64 now)
{
	struct sio_ctl_req *req;
	int slot;

	lockdep_assert_held(&sess->mutex);
	while ((req = list_first_entry_or_null(&sess->ctl_wait,
					       struct sio_ctl_req, node))) {
		slot = sio_slot_take(&sess->client,
				     sizeof(struct sio_msg_ctl) + req->len,
				     now / NSEC_PER_USEC, req);
		if (slot == -EMSGSIZE) {	/* the peer grants too little */
			list_move_tail(&req->node, &sess->ctl_failed);
			continue;
		}
		if (slot < 0)
			return;
		list_del_init(&req->node);
		req->slot = slot;
		req->epoch = sess->epoch;
		__sio_ctl_send_req(sess, flow, req, now);
	}
}

/**
 * __sio_ctl_poll() - send what is new, due, lost, or of another epoch
 * @sess: its mutex is held
 * @now: the time
 *
 * Return: when to look again, U64_MAX for never.
 */
u64 __sio_ctl_poll(struct sio_session *sess, u64 now)
{
	struct sio_flow *flow = __sio_session_flow(sess, 0);
	u64 now_us = now / NSEC_PER_USEC, next_us = U64_MAX;
	struct sio_ctl_req *req;
	unsigned long lost;
	int slot;

	lockdep_assert_held(&sess->mutex);
	__sio_ctl_take_new(sess);
	if (sess->state != SIO_STATE_UP || !flow)
		return U64_MAX;
	spin_lock_bh(&flow->ctl_lock);
	lost = flow->ctl_lost;
	flow->ctl_lost = 0;
	spin_unlock_bh(&flow->ctl_lock);
	for (slot = sio_slot_next(&sess->client, 0); slot >= 0;
	     slot = sio_slot_next(&sess->client, slot + 1)) {
		req = sio_slot_req(&sess->client, slot);
		if (!sio_slot_is_granted(&sess->client, slot))
			sio_slot_arm(&sess->client, slot, SIO_SLOT_NEVER);
		else if (req && (req->epoch != sess->epoch ||
				 test_bit(slot, &lost)))
			__sio_ctl_send_req(sess, flow, req, now);
	}
	while ((slot = sio_slot_due(&sess->client, now_us, &next_us)) >= 0) {
		req = sio_slot_req(&sess->client, slot);
		if (req)
			__sio_ctl_send_req(sess, flow, req, now);
		else
			sio_slot_arm(&sess->client, slot, SIO_SLOT_NEVER);
	}
	__sio_ctl_start(sess, flow, now);
	sio_slot_due(&sess->client, now_us, &next_us);
	return next_us == U64_MAX ? U64_MAX : next_us * NSEC_PER_USEC;
}
EXPORT_SYMBOL_IF_KUNIT(__sio_ctl_poll);

/* Requests that nobody waits for any more are not begun */
static void __sio_ctl_drop_exec(struct sio_session *sess)
{
	struct sio_ctl_exec *exec, *next;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry_safe(exec, next, &sess->exec, node) {
		list_del(&exec->node);
		sess->exec_bytes -= exec->len;
		sio_slot_finish(&sess->server, exec->slot, exec->seq, NULL, 0);
		kfree(exec);
	}
}

/* A new peer may grant fewer slots: bring requests into those it has */
static void __sio_ctl_move(struct sio_session *sess)
{
	struct sio_ctl_req *req;
	int slot, to;

	lockdep_assert_held(&sess->mutex);
	for (slot = sio_slot_next(&sess->client, 0); slot >= 0;
	     slot = sio_slot_next(&sess->client, slot + 1)) {
		if (sio_slot_is_granted(&sess->client, slot))
			continue;
		req = sio_slot_req(&sess->client, slot);
		to = sio_slot_move(&sess->client, slot);
		if (req && to >= 0)
			req->slot = to;
	}
}

/**
 * sio_ctl_peer() - the session is up with a peer, the same one or another
 * @sess: its mutex is held
 * @peer: what it grants
 * @is_same: its incarnation is the one the slots belong to
 */
void sio_ctl_peer(struct sio_session *sess, const struct sio_hello_info *peer,
		  bool is_same)
{
	lockdep_assert_held(&sess->mutex);
	if (!is_same) {
		__sio_ctl_drop_exec(sess);
		sio_slot_reset(&sess->client);
		sio_slot_server_reset(&sess->server);
	}
	sio_slot_resize(&sess->client,
			min_t(u16, le16_to_cpu(peer->ctl_slots),
			      SIO_CTL_SLOTS),
			le32_to_cpu(peer->ctl_bytes));
	if (!is_same)
		__sio_ctl_move(sess);
}
EXPORT_SYMBOL_IF_KUNIT(sio_ctl_peer);

static void sio_ctl_rsp(struct sio_session *sess, u16 slot, u32 seq,
			const struct sio_msg_ctl *ctl, u32 len)
{
	u16 status = le16_to_cpu(ctl->status);
	struct sio_ctl_req *req;

	mutex_lock(&sess->mutex);
	req = sio_slot_answer(&sess->client, slot, seq);
	mutex_unlock(&sess->mutex);
	if (!req) {
		sio_session_count(sess, SIO_CNT_DROP_SLOT);
		return;
	}
	sio_session_count(sess, SIO_CNT_CTL_ANSWERED);
	if (le16_to_cpu(ctl->op) != req->op || status >= MAX_ERRNO)
		status = EPROTO;
	sio_ctl_end(sess, req, -(int)status, ctl + 1,
		    len - sizeof(*ctl));
	sio_session_kick(sess);
}

/* The peer is at it: wait longer */
static void __sio_ctl_busy(struct sio_session *sess, u16 slot, u32 seq)
{
	lockdep_assert_held(&sess->mutex);
	if (slot >= SIO_CTL_SLOTS)
		return;
	slot = array_index_nospec(slot, SIO_CTL_SLOTS);
	if (!sio_slot_req(&sess->client, slot) ||
	    sio_slot_seq(&sess->client, slot) != seq)
		return;
	sio_session_count(sess, SIO_CNT_CTL_BUSY);
	sio_slot_arm(&sess->client, slot,
		     ktime_get_ns() / NSEC_PER_USEC + SIO_CTL_BUSY_US);
}

/* A request of the peer: execute it, unless that was done or is being done */
static void __sio_ctl_req(struct sio_session *sess, struct sio_flow *flow,
			  u16 slot, u32 seq, const void *body, u32 len)
{
	struct sio_ctl_exec *exec;
	const void *answer;
	u32 answer_len;

	lockdep_assert_held(&sess->mutex);
	exec = kmalloc(struct_size(exec, body, len), GFP_KERNEL);
	if (!exec) {
		sio_session_count(sess, SIO_CNT_DROP_NOMEM);
		return;
	}
	switch (sio_slot_judge(&sess->server, slot, seq)) {
	case SIO_SLOT_EXECUTE:
		exec->slot = slot;
		exec->seq = seq;
		exec->len = len;
		memcpy(exec->body, body, len);
		list_add_tail(&exec->node, &sess->exec);
		sess->exec_bytes += len;
		queue_work(sio_exec_wq, &sess->exec_work);
		return;
	case SIO_SLOT_BUSY:
		__sio_ctl_send(sess, flow, SIO_MSG_CTL_BUSY, slot, seq, NULL,
			       0, NULL);
		break;
	case SIO_SLOT_REPLAY:
		answer = sio_slot_cached(&sess->server, slot, seq,
					 &answer_len);
		if (answer) {
			sio_session_count(sess, SIO_CNT_CTL_REPLAYED);
			__sio_ctl_send(sess, flow, SIO_MSG_CTL_RSP, slot, seq,
				       answer, answer_len, NULL);
		}
		break;
	case SIO_SLOT_OLD:
	case SIO_SLOT_BAD:
		sio_session_count(sess, SIO_CNT_DROP_SLOT);
		break;
	}
	kfree(exec);
}

/**
 * sio_ctl_msg() - a control message
 * @sess: the flow's session
 * @flow: held
 * @hdr: its header, believed and opened
 * @body: what follows
 * @len: bytes of @body
 *
 * Context: process.
 */
void sio_ctl_msg(struct sio_session *sess, struct sio_flow *flow,
		 const struct sio_msg_hdr *hdr, const void *body, u32 len)
{
	u32 seq = le32_to_cpu(hdr->slot_seq);
	u16 slot = le16_to_cpu(hdr->slot);

	if (READ_ONCE(flow->state) != SIO_FLOW_UP) {
		sio_session_count(sess, SIO_CNT_DROP_STATE);
		return;
	}
	if (le32_to_cpu(hdr->epoch) != READ_ONCE(flow->epoch)) {
		sio_session_count(sess, SIO_CNT_DROP_EPOCH);
		return;
	}
	if (hdr->type == SIO_MSG_CTL_RSP) {
		sio_ctl_rsp(sess, slot, seq, body, len);
		return;
	}
	mutex_lock(&sess->mutex);
	if (__sio_session_flow(sess, flow->idx) != flow)
		sio_session_count(sess, SIO_CNT_DROP_STATE);
	else if (hdr->type == SIO_MSG_CTL_BUSY)
		__sio_ctl_busy(sess, slot, seq);
	else if (sess->exec_bytes + len > SIO_CTL_BYTES)
		sio_session_count(sess, SIO_CNT_DROP_CREDIT);
	else
		__sio_ctl_req(sess, flow, slot, seq, body, len);
	mutex_unlock(&sess->mutex);
}
EXPORT_SYMBOL_IF_KUNIT(sio_ctl_msg);

static int sio_ctl_goodbye(struct sio_session *sess, u16 arg)
{
	mutex_lock(&sess->mutex);
	sess->goodbye = arg & 1 ? SIO_WHY_PEER_GOODBYE : SIO_WHY_PEER_LEFT;
	mutex_unlock(&sess->mutex);
	return 0;
}

/* Execute one request; the answer is kept for a repetition and sent */
static void sio_ctl_execute(struct sio_session *sess,
			    struct sio_ctl_exec *exec)
{
	const struct sio_msg_ctl *ctl = (const struct sio_msg_ctl *)exec->body;
	u32 room = SIO_CTL_LEN_MAX - sizeof(*ctl), reply_len = 0;
	struct sio_msg_ctl *answer = sess->answer;
	struct sio_flow *flow;
	int status, err;
	void *kept;

	memset(answer, 0, SIO_CTL_LEN_MAX);
	switch (le16_to_cpu(ctl->op)) {
	case SIO_CTL_PING:
		status = 0;
		break;
	case SIO_CTL_GOODBYE:
		status = sio_ctl_goodbye(sess, le16_to_cpu(ctl->arg));
		break;
	default:
		status = sess->ops->ctl(sess, le16_to_cpu(ctl->op),
					le16_to_cpu(ctl->arg), ctl + 1,
					exec->len - sizeof(*ctl), answer + 1,
					&reply_len);
	}
	if (WARN_ON_ONCE(reply_len > room))
		reply_len = 0;
	sio_session_count(sess, SIO_CNT_CTL_EXECUTED);
	answer->op = ctl->op;
	answer->status = cpu_to_le16(-status);
	reply_len += sizeof(*answer);

	kept = kmemdup(answer, reply_len, GFP_KERNEL);
	if (!kept) {	/* what was done counts for more than its details */
		reply_len = sizeof(*answer);
		kept = kmemdup(answer, reply_len, GFP_KERNEL | __GFP_NOFAIL);
	}
	mutex_lock(&sess->mutex);
	flow = __sio_session_flow(sess, 0);
	err = sio_slot_finish(&sess->server, exec->slot, exec->seq, kept,
			      reply_len);
	if (err)	/* the peer it was for is gone */
		kfree(kept);
	else if (flow && sess->state == SIO_STATE_UP)
		__sio_ctl_send(sess, flow, SIO_MSG_CTL_RSP, exec->slot,
			       exec->seq, answer, reply_len, NULL);
	mutex_unlock(&sess->mutex);
}

/**
 * sio_ctl_exec_work() - execute the peer's requests, one after the other
 * @work: of the session
 */
void sio_ctl_exec_work(struct work_struct *work)
{
	struct sio_session *sess = container_of(work, struct sio_session,
						exec_work);
	struct sio_ctl_exec *exec;
	unsigned int noio;

	noio = memalloc_noio_save();	/* as sio_session_work() */
	for (;;) {
		mutex_lock(&sess->mutex);
		exec = list_first_entry_or_null(&sess->exec,
						struct sio_ctl_exec, node);
		if (exec) {
			list_del(&exec->node);
			sess->exec_bytes -= exec->len;
		}
		mutex_unlock(&sess->mutex);
		if (!exec)
			break;
		sio_ctl_execute(sess, exec);
		kfree(exec);
	}
	memalloc_noio_restore(noio);
}

/**
 * sio_ctl_end_failed() - end requests the peer has no room for at all
 * @sess: held, no lock
 *
 * Context: process.
 */
void sio_ctl_end_failed(struct sio_session *sess)
{
	struct sio_ctl_req *req, *next;
	LIST_HEAD(list);

	mutex_lock(&sess->mutex);
	list_splice_init(&sess->ctl_failed, &list);
	mutex_unlock(&sess->mutex);
	list_for_each_entry_safe(req, next, &list, node)
		sio_ctl_end(sess, req, -EMSGSIZE, NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(sio_ctl_end_failed);

/**
 * sio_ctl_fail_all() - end all requests of a session that is closed
 * @sess: nothing of it runs any more
 * @err: negative errno for those who wait
 */
void sio_ctl_fail_all(struct sio_session *sess, int err)
{
	struct sio_ctl_req *req, *next;
	LIST_HEAD(list);
	int slot;

	mutex_lock(&sess->mutex);
	__sio_ctl_take_new(sess);
	list_splice_init(&sess->ctl_wait, &list);
	for (slot = sio_slot_next(&sess->client, 0); slot >= 0;
	     slot = sio_slot_next(&sess->client, slot + 1)) {
		req = sio_slot_abandon(&sess->client, slot);
		if (req)
			list_add_tail(&req->node, &list);
	}
	list_splice_init(&sess->ctl_failed, &list);
	__sio_ctl_drop_exec(sess);
	mutex_unlock(&sess->mutex);
	list_for_each_entry_safe(req, next, &list, node)
		sio_ctl_end(sess, req, err, NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(sio_ctl_fail_all);
