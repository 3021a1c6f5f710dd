// SPDX-License-Identifier: GPL-2.0
/* The back-end's side of the hello: believe, answer, take over. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "flow.h"
#include "hdr.h"
#include "seal.h"
#include "session.h"

static void sio_serve_send(struct sio_flow *flow, u8 type, const void *body,
			   u32 len, u32 epoch)
{
	struct sio_msg_hdr hdr = {
		.type = type,
		.epoch = cpu_to_le32(epoch),
		.suite = flow->has_keys && type != SIO_MSG_HELLO_ACK &&
			 type != SIO_MSG_JOIN_ACK ? SIO_SUITE_CHACHA :
						    SIO_SUITE_CLEAR,
	};

	sio_tx_slow(flow, &hdr, body, len, NULL);
}

/**
 * sio_serve_refuse() - tell the other side why not, and close the flow
 * @flow: not up
 * @why: enum sio_refuse
 * @detail: to go with it
 *
 * Context: process.
 */
void sio_serve_refuse(struct sio_flow *flow, u8 why, u64 detail)
{
	struct sio_msg_refuse body = {
		.why = why,
		.detail = cpu_to_le64(detail),
	};

	if (!READ_ONCE(flow->sk) && sio_flow_open(flow))
		return;
	sio_serve_send(flow, SIO_MSG_REFUSE, &body, sizeof(body), 0);
	rcu_read_lock();
	sio_flow_close(flow, SIO_WHY_NONE);
	rcu_read_unlock();
}

static struct sio_session *sio_serve_lookup(struct sio_flow *flow,
					    const char *name)
{
	struct sio_session *(*lookup)(struct net *net, const char *name);
	const struct sio_listener *listener;

	rcu_read_lock();
	listener = rcu_dereference(flow->link->listener);
	lookup = listener ? listener->lookup : NULL;
	rcu_read_unlock();
	return lookup ? lookup(flow->link->net, name) : NULL;
}

/* Read Noise message 1 and write message 2; returns 0 or enum sio_refuse */
static u8 __sio_serve_hello(struct sio_session *sess, struct sio_flow *flow,
			    const struct sio_msg_hello *hello, u64 *detail)
{
	struct sio_greet *greet = flow->greet;
	u64 offered = le64_to_cpu(hello->offered);
	u64 required = le64_to_cpu(hello->required);
	struct sio_hello_info info;
	u32 epoch;

	lockdep_assert_held(&sess->mutex);
	if (hello->insecure > 1 || !!hello->insecure != sess->is_insecure)
		return SIO_REFUSE_KEY_NEEDED;
	sio_noise_init(&greet->noise, false, sess->key, hello, sizeof(*hello));
	if (sio_noise_read1(&greet->noise, (const u8 *)(hello + 1),
			    SIO_NOISE_MSG_LEN, &greet->peer,
			    sizeof(greet->peer)))
		return SIO_REFUSE_KEY;
	*detail = required & ~SIO_FEAT_OURS;
	if (*detail || (SIO_FEAT_REQUIRED & ~offered) ||
	    greet->peer.features != hello->offered)
		return SIO_REFUSE_FEATURE;

	epoch = le32_to_cpu(greet->peer.epoch);
	if (epoch >= U32_MAX / 2)	/* nobody gets there */
		return SIO_REFUSE_STALE;
	epoch = max(sess->epoch, epoch) + 1;
	greet->features = offered & SIO_FEAT_OURS;
	greet->epoch = epoch;
	sio_session_hello_info(sess, flow, &info);
	info.features = cpu_to_le64(greet->features);
	info.epoch = cpu_to_le32(epoch);
	info.flows = cpu_to_le16(clamp_t(u16, le16_to_cpu(greet->peer.flows),
					 1, SIO_FLOWS_MAX));
	get_random_bytes(greet->eph, sizeof(greet->eph));
	if (sio_noise_write2(&greet->noise, greet->eph, &info, sizeof(info),
			     greet->said) ||
	    sio_noise_split(&greet->noise, flow->tx_key, flow->rx_key,
			    greet->join))
		return SIO_REFUSE_KEY;
	greet->said_len = SIO_NOISE_MSG_LEN;
	sio_flow_set_keys(flow);
	return 0;
}

/* The other side did not hear the answer: say the same once more */
static void sio_serve_say_again(struct sio_flow *flow, u8 type)
{
	struct sio_session *sess = rcu_dereference_raw(flow->sess);
	bool is_join = type == SIO_MSG_JOIN_ACK;

	mutex_lock(&sess->mutex);
	if (flow->greet && !!flow->idx == is_join)
		sio_serve_send(flow, type, flow->greet->said,
			       flow->greet->said_len, 0);
	mutex_unlock(&sess->mutex);
}

static void sio_serve_hello(struct sio_flow *flow,
			    const struct sio_msg_hello *hello)
{
	struct sio_session *sess;
	u64 detail = 0;
	u8 why;

	if (rcu_access_pointer(flow->sess)) {
		sio_serve_say_again(flow, SIO_MSG_HELLO_ACK);
		return;
	}
	if (!READ_ONCE(flow->sk) && sio_flow_open(flow))
		return;
	if (!sio_name_is_valid(hello->name, sizeof(hello->name)) ||
	    memchr_inv(hello->reserved, 0, sizeof(hello->reserved))) {
		sio_stats_inc(flow->link->stats, SIO_CNT_DROP_RESERVED);
		return;
	}
	sess = sio_serve_lookup(flow, hello->name);
	if (!sess) {
		sio_serve_refuse(flow, SIO_REFUSE_KEY, 0);
		return;
	}
	mutex_lock(&sess->mutex);
	why = sess->state == SIO_STATE_CLOSING ? SIO_REFUSE_KEY :
	      __sio_serve_hello(sess, flow, hello, &detail);
	if (!why)
		rcu_assign_pointer(flow->sess, sess);
	mutex_unlock(&sess->mutex);
	if (why) {
		sio_serve_refuse(flow, why, detail);
		sio_session_put(sess);
		return;
	}
	flow->step = SIO_STEP_CONFIRM;
	sio_serve_send(flow, SIO_MSG_HELLO_ACK, flow->greet->said,
		       flow->greet->said_len, 0);
}

/* Check a JOIN and derive the keys; returns 0 or enum sio_refuse */
static u8 __sio_serve_join(struct sio_session *sess, struct sio_flow *flow,
			   const struct sio_msg_join *join)
{
	struct sio_msg_join *ack = (struct sio_msg_join *)flow->greet->said;
	u16 idx = le16_to_cpu(join->flow);

	lockdep_assert_held(&sess->mutex);
	if (sess->state != SIO_STATE_UP ||
	    le32_to_cpu(join->epoch) != sess->epoch)
		return SIO_REFUSE_STALE;
	if (!idx || idx >= sess->flows_wanted || join->reserved ||
	    sio_seal_join_check(sess->join, join, NULL))
		return SIO_REFUSE_KEY;
	*ack = *join;
	get_random_bytes(ack->nonce, sizeof(ack->nonce));
	sio_seal_join_mac(sess->join, ack, join->nonce, ack->mac);
	sio_seal_join_keys(sess->join, join->nonce, ack->nonce, false,
			   flow->tx_key, flow->rx_key);
	flow->greet->said_len = sizeof(*ack);
	flow->greet->epoch = sess->epoch;
	flow->idx = idx;
	sio_flow_set_keys(flow);
	return 0;
}

static void sio_serve_join(struct sio_flow *flow,
			   const struct sio_msg_join *join)
{
	struct sio_session *sess;
	u8 why;

	if (rcu_access_pointer(flow->sess)) {
		sio_serve_say_again(flow, SIO_MSG_JOIN_ACK);
		return;
	}
	if (!READ_ONCE(flow->sk) && sio_flow_open(flow))
		return;
	sess = sio_name_is_valid(join->name, sizeof(join->name)) ?
	       sio_serve_lookup(flow, join->name) : NULL;
	if (!sess) {
		sio_serve_refuse(flow, SIO_REFUSE_STALE, 0);
		return;
	}
	mutex_lock(&sess->mutex);
	why = __sio_serve_join(sess, flow, join);
	if (!why)
		rcu_assign_pointer(flow->sess, sess);
	mutex_unlock(&sess->mutex);
	if (why) {
		sio_serve_refuse(flow, why, 0);
		sio_session_put(sess);
		return;
	}
	flow->step = SIO_STEP_CONFIRM;
	sio_serve_send(flow, SIO_MSG_JOIN_ACK, flow->greet->said,
		       flow->greet->said_len, 0);
}

/* A flow is greeted, the old ones are out of the way */
static void __sio_serve_welcome(struct sio_session *sess,
				struct sio_flow *flow)
{
	lockdep_assert_held(&sess->mutex);
	sio_flow_adopted(flow);
	sio_flow_get(flow);
	rcu_assign_pointer(sess->flows[flow->idx], flow);
	sess->peer = flow->raddr;
	sess->peer_port = flow->rport;
	if (flow->idx)
		__sio_session_flow_up(sess, flow);
	else
		__sio_session_up(sess, flow, flow->greet->epoch);
	sio_serve_send(flow, SIO_MSG_WELCOME, NULL, 0, sess->epoch);
	sio_session_kick(sess);
}

/* Another instance is there while the old one may be: let the old one speak */
static void __sio_serve_challenge(struct sio_session *sess,
				  struct sio_flow *flow)
{
	lockdep_assert_held(&sess->mutex);
	if (sess->challenger)	/* one at a time; this one asks again */
		return;
	sio_flow_get(flow);
	sess->challenger = flow;
	sess->challenge_ns = ktime_get_ns();
	sio_tx_bare(__sio_session_flow(sess, 0),
		    SIO_TCP_ACK | SIO_TX_KEEPALIVE);
	sio_session_kick(sess);
}

static bool __sio_serve_is_taken(struct sio_session *sess,
				 const struct sio_flow *flow)
{
	const struct sio_flow *old = __sio_session_flow(sess, 0);

	return sess->state == SIO_STATE_UP && old && sio_flow_is_alive(old) &&
	       memcmp(sess->peer_instance, flow->greet->peer.instance,
		      SIO_ID_LEN);
}

static void __sio_serve_confirm(struct sio_session *sess,
				struct sio_flow *flow,
				const struct sio_msg_confirm *confirm)
{
	u32 mss = le16_to_cpu(confirm->mss);

	lockdep_assert_held(&sess->mutex);
	if (sess->state == SIO_STATE_CLOSING || !sio_flow_is_alive(flow))
		return;
	if (flow->step == SIO_STEP_DONE) {	/* WELCOME was lost */
		sio_serve_send(flow, SIO_MSG_WELCOME, NULL, 0, flow->epoch);
		return;
	}
	flow->greet->mss = clamp_t(u32, mss, SIO_MTU_MIN - SIO_FRAME_HDR_LEN,
				   sio_link_mss(flow->link));
	if (flow->idx) {
		if (sess->state != SIO_STATE_UP ||
		    flow->greet->epoch != sess->epoch ||
		    __sio_session_flow(sess, flow->idx))
			sio_serve_refuse(flow, SIO_REFUSE_STALE, 0);
		else
			__sio_serve_welcome(sess, flow);
		return;
	}
	if (flow->greet->epoch <= sess->epoch) {
		sio_serve_refuse(flow, SIO_REFUSE_STALE, 0);
		return;
	}
	if (__sio_serve_is_taken(sess, flow)) {
		__sio_serve_challenge(sess, flow);
		return;
	}
	/* or it would be judged later, against itself */
	if (sess->challenger == flow) {
		sess->challenger = NULL;
		sio_flow_put(flow);
	}
	__sio_session_drop_flows(sess, SIO_WHY_PEER_SILENT);
	__sio_serve_welcome(sess, flow);
}

/* The old instance answered, or its time is over */
static u64 __sio_serve_judge(struct sio_session *sess, u64 now)
{
	struct sio_flow *new = sess->challenger;
	const struct sio_flow *old = __sio_session_flow(sess, 0);

	lockdep_assert_held(&sess->mutex);
	if (old && sess->state == SIO_STATE_UP && sio_flow_is_alive(old)) {
		if (READ_ONCE(old->last_rx_ns) > sess->challenge_ns) {
			sio_serve_refuse(new, SIO_REFUSE_CLONE, 0);
			goto out_put;
		}
		if (now < sess->challenge_ns + SIO_CHALLENGE_NS)
			return min(now + SIO_EMBRYO_TICK_NS,
				   sess->challenge_ns + SIO_CHALLENGE_NS);
	}
	if (sio_flow_is_alive(new) && new->greet->epoch > sess->epoch) {
		__sio_session_drop_flows(sess, SIO_WHY_PEER_SILENT);
		__sio_serve_welcome(sess, new);
	}
out_put:
	sess->challenger = NULL;
	sio_flow_put(new);
	return now;
}

/**
 * sio_serve_poll() - take a back-end's session on
 * @sess: its mutex is held
 * @now: the time
 *
 * Return: when to look again, U64_MAX for never.
 */
u64 sio_serve_poll(struct sio_session *sess, u64 now)
{
	u64 next = U64_MAX;
	u8 why = 0;

	lockdep_assert_held(&sess->mutex);
	if (sess->challenger)
		next = __sio_serve_judge(sess, now);
	if (sess->state != SIO_STATE_UP)
		return next;
	next = min(next, __sio_session_watch(sess, now, &why));
	if (!why)
		return next;
	if (sess->goodbye)
		why = sess->goodbye;
	__sio_session_drop_flows(sess, why);
	__sio_session_state(sess, SIO_STATE_WAITING, why, 0);
	return next;
}
EXPORT_SYMBOL_IF_KUNIT(sio_serve_poll);

static void sio_serve_session_msg(struct sio_session *sess,
				  struct sio_flow *flow,
				  const struct sio_msg_hdr *hdr,
				  const void *body, u32 len)
{
	switch (hdr->type) {
	case SIO_MSG_PROBE:
		sio_serve_send(flow, SIO_MSG_PROBE_ACK, body, len, 0);
		break;
	case SIO_MSG_CONFIRM:
		mutex_lock(&sess->mutex);
		__sio_serve_confirm(sess, flow, body);
		mutex_unlock(&sess->mutex);
		break;
	case SIO_MSG_CTL_REQ:
	case SIO_MSG_CTL_RSP:
	case SIO_MSG_CTL_BUSY:
		sio_ctl_msg(sess, flow, hdr, body, len);
		break;
	default:
		sio_session_count(sess, SIO_CNT_DROP_STATE);
	}
}

/**
 * sio_serve_msg() - a message from a guest
 * @flow: held; the guest dialled it
 * @hdr: its header, believed, and opened if it was sealed
 * @body: what follows
 * @len: bytes of @body
 *
 * Context: process; one at a time for a flow.
 */
void sio_serve_msg(struct sio_flow *flow, const struct sio_msg_hdr *hdr,
		   const void *body, u32 len)
{
	/* published by this very work item, and there as long as the flow */
	struct sio_session *sess = rcu_dereference_raw(flow->sess);

	if (hdr->type == SIO_MSG_HELLO)
		sio_serve_hello(flow, body);
	else if (hdr->type == SIO_MSG_JOIN)
		sio_serve_join(flow, body);
	else if (sess)
		sio_serve_session_msg(sess, flow, hdr, body, len);
}
