// SPDX-License-Identifier: GPL-2.0
/* The guest's side of the hello: dial, greet, probe, and dial again. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/neighbour.h>

#include "fault.h"
#include "flow.h"
#include "hdr.h"
#include "seal.h"
#include "session.h"

/* First time-out of a step; it doubles with each try */
#define SIO_DIAL_RTO_NS		(100 * (u64)NSEC_PER_MSEC)

/* Pause between dials: at first, later, and after a refusal */
#define SIO_DIAL_SOON_NS	(100 * (u64)NSEC_PER_MSEC)
#define SIO_DIAL_LATER_NS	(1 * (u64)NSEC_PER_SEC)
#define SIO_DIAL_SOON_FOR_NS	(60 * (u64)NSEC_PER_SEC)

/* How often a step is tried before the dial has failed */
static const unsigned int sio_dial_tries[] = {
	[SIO_STEP_SYN]		= 4,
	[SIO_STEP_HELLO]	= 4,
	[SIO_STEP_PROBE]	= 2,
	[SIO_STEP_CONFIRM]	= 6,
};

/* What the dial failed of, by step; PROBE goes on with a smaller size */
static const u8 sio_dial_whys[] = {
	[SIO_STEP_SYN]		= SIO_WHY_NO_SYN_ANSWER,
	[SIO_STEP_HELLO]	= SIO_WHY_NO_HELLO_ANSWER,
	[SIO_STEP_PROBE]	= SIO_WHY_MTU,
	[SIO_STEP_CONFIRM]	= SIO_WHY_NO_HELLO_ANSWER,
};

/* MTUs to try when the link's own does not pass: jumbo, tunnels, the least */
static const u32 sio_dial_mtus[] = {
	9000, 4000, 1500, 1450, 1400, SIO_MTU_MIN
};

static const u8 sio_dial_refusals[SIO_REFUSE_NR] = {
	[SIO_REFUSE_KEY]	= SIO_WHY_BAD_KEY,
	[SIO_REFUSE_KEY_NEEDED]	= SIO_WHY_KEY_NEEDED,
	[SIO_REFUSE_VERSION]	= SIO_WHY_VERSION,
	[SIO_REFUSE_FEATURE]	= SIO_WHY_FEATURE,
	[SIO_REFUSE_CLONE]	= SIO_WHY_CLONE,
	[SIO_REFUSE_BUSY]	= SIO_WHY_BUSY,
	[SIO_REFUSE_STALE]	= SIO_WHY_STARTING,
	[SIO_REFUSE_MTU]	= SIO_WHY_MTU,
};

static void sio_dial_send(struct sio_flow *flow, u8 type, const void *body,
			  u32 len)
{
	struct sio_msg_hdr hdr = {
		.type = type,
		.suite = type == SIO_MSG_HELLO || type == SIO_MSG_JOIN ?
			 SIO_SUITE_CLEAR : SIO_SUITE_CHACHA,
	};

	sio_tx_slow(flow, &hdr, body, len, NULL);
}

static void sio_dial_send_probe(struct sio_flow *flow)
{
	u32 len = flow->greet->mss - sizeof(struct sio_msg_hdr);
	void *body = kzalloc(len, GFP_KERNEL);

	if (body)
		sio_dial_send(flow, SIO_MSG_PROBE, body, len);
	kfree(body);
}

/* Send what the flow's step asks for, once more */
static void __sio_dial_step(struct sio_session *sess, struct sio_flow *flow,
			    u64 now)
{
	struct sio_msg_confirm confirm = {};
	struct sio_greet *greet = flow->greet;

	lockdep_assert_held(&sess->mutex);
	flow->step_ns = now + (SIO_DIAL_RTO_NS << flow->step_tries);
	flow->step_tries++;
	switch (flow->step) {
	case SIO_STEP_SYN:
		sio_tx_bare(flow, SIO_TCP_SYN);
		break;
	case SIO_STEP_HELLO:
		sio_dial_send(flow, flow->idx ? SIO_MSG_JOIN : SIO_MSG_HELLO,
			      greet->said, greet->said_len);
		break;
	case SIO_STEP_PROBE:
		sio_dial_send_probe(flow);
		break;
	case SIO_STEP_CONFIRM:
		confirm.mss = cpu_to_le16(greet->mss);
		sio_dial_send(flow, SIO_MSG_CONFIRM, &confirm,
			      sizeof(confirm));
		break;
	case SIO_STEP_DONE:
		break;
	}
}

static void __sio_dial_next_step(struct sio_session *sess,
				 struct sio_flow *flow, enum sio_step step)
{
	flow->step = step;
	flow->step_tries = 0;
	__sio_dial_step(sess, flow, ktime_get_ns());
}

/* Noise message 1 with all it protects, or a JOIN */
static int __sio_dial_compose(struct sio_session *sess, struct sio_flow *flow)
{
	struct sio_greet *greet = flow->greet;
	struct sio_msg_hello *hello = (struct sio_msg_hello *)greet->said;
	struct sio_msg_join *join = (struct sio_msg_join *)greet->said;
	struct sio_hello_info info;

	lockdep_assert_held(&sess->mutex);
	if (flow->idx) {
		strscpy_pad(join->name, sess->name, sizeof(join->name));
		join->epoch = cpu_to_le32(sess->epoch);
		join->flow = cpu_to_le16(flow->idx);
		get_random_bytes(join->nonce, sizeof(join->nonce));
		memcpy(greet->nonce, join->nonce, sizeof(greet->nonce));
		sio_seal_join_mac(sess->join, join, NULL, join->mac);
		greet->said_len = sizeof(*join);
		greet->mss = sess->mss;
		return 0;
	}
	strscpy_pad(hello->name, sess->name, sizeof(hello->name));
	hello->offered = cpu_to_le64(SIO_FEAT_OURS);
	hello->required = cpu_to_le64(SIO_FEAT_REQUIRED);
	hello->insecure = sess->is_insecure;
	sio_session_hello_info(sess, flow, &info);
	sio_noise_init(&greet->noise, true, sess->key, hello, sizeof(*hello));
	get_random_bytes(greet->eph, sizeof(greet->eph));
	greet->said_len = sizeof(*hello) + SIO_NOISE_MSG_LEN;
	return sio_noise_write1(&greet->noise, greet->eph, &info, sizeof(info),
				greet->said + sizeof(*hello));
}

/* Make a flow with a random port and number, and send its SYN */
static int __sio_dial_flow(struct sio_session *sess, unsigned int idx)
{
	struct sio_link *link = sess->link;
	struct sio_flow *flow;
	struct socket *sock;
	__be16 lport = 0;
	int err = -ENOMEM;
	u32 isn;

	lockdep_assert_held(&sess->mutex);
	sock = sio_link_reserve(sess->net, link->laddr, &lport);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	flow = sio_flow_create(link, sess->peer, lport, sess->peer_port,
			       GFP_KERNEL);
	if (!flow)
		goto err_release;
	flow->is_dialer = true;
	flow->idx = idx;
	if (!sio_fault_isn(link, &isn))
		isn = get_random_u32();
	sio_seq_tx_init(&flow->tx, isn, get_random_u32());
	err = sio_flow_open(flow);
	if (!err)
		err = __sio_dial_compose(sess, flow);
	if (!err)
		err = sio_flow_hash(flow);
	if (err)
		goto err_kill;
	flow->sock = sock;
	sio_session_get(sess);
	rcu_assign_pointer(flow->sess, sess);
	rcu_assign_pointer(sess->flows[idx], flow);
	__sio_dial_next_step(sess, flow, SIO_STEP_SYN);
	return 0;

err_kill:
	sio_flow_kill(flow, SIO_WHY_NO_MEMORY);
	sio_flow_put(flow);
err_release:
	sock_release(sock);
	return err;
}

/* The link, found again by name if it went away; returns enum sio_why */
static u8 __sio_dial_link(struct sio_session *sess)
{
	struct net_device *dev;
	struct sio_link *link;
	u32 why;

	lockdep_assert_held(&sess->mutex);
	if (sess->link)	/* it may have been renamed */
		sio_link_name(sess->link, &sess->ifindex, sess->ifname);
	why = sess->link ? sio_link_why(sess->link) : SIO_WHY_LINK_GONE;
	if (why != SIO_WHY_LINK_GONE && why != SIO_WHY_NO_ADDRESS)
		return why;
	dev = dev_get_by_name(sess->net, sess->ifname);
	if (!dev)
		return why;
	sess->ifindex = dev->ifindex;
	dev_put(dev);
	link = sio_link_get(sess->net, sess->ifindex, sess->local, NULL);
	if (IS_ERR(link))
		return PTR_ERR(link) == -EADDRNOTAVAIL ? SIO_WHY_NO_ADDRESS :
							 why;
	if (sess->link)
		sio_link_put(sess->link);
	sess->link = link;
	return sio_link_why(link);
}

static void __sio_dial_fail(struct sio_session *sess, u8 why, u64 detail)
{
	u64 now = ktime_get_ns(), pause = SIO_DIAL_SOON_NS;

	lockdep_assert_held(&sess->mutex);
	if (why == SIO_WHY_REFUSED && sess->was_up)
		why = SIO_WHY_NO_SYN_ANSWER;
	if (!sess->dials)
		sess->dials_ns = now;
	if (now - sess->dials_ns > SIO_DIAL_SOON_FOR_NS ||
	    (why >= SIO_WHY_BAD_KEY && why <= SIO_WHY_CLONE))
		pause = SIO_DIAL_LATER_NS;
	/* a quarter either way, so that guests do not come in step */
	pause += pause / 4 - get_random_u32() % (u32)(pause / 2);
	__sio_session_drop_flows(sess, why);
	sess->next_ns = now + pause;
	__sio_session_state(sess, SIO_STATE_WAITING, why, detail);
}

static void __sio_dial_start(struct sio_session *sess)
{
	u8 why;

	lockdep_assert_held(&sess->mutex);
	if (!sess->dials)
		sess->dials_ns = ktime_get_ns();
	sess->flows_wanted = sess->flows_asked;
	why = __sio_dial_link(sess);
	if (!why) {
		sio_session_count(sess, SIO_CNT_DIALS);
		sess->dials++;
		if (__sio_dial_flow(sess, 0))
			why = SIO_WHY_NO_MEMORY;
	}
	if (why)
		__sio_dial_fail(sess, why, 0);
	else
		__sio_session_state(sess, SIO_STATE_DIALING, sess->why,
				    sess->detail);
}

static bool sio_dial_has_neighbour(struct sio_flow *flow)
{
	bool has;

	spin_lock_bh(&flow->tx_lock);
	has = flow->neigh && (READ_ONCE(flow->neigh->nud_state) & NUD_VALID);
	spin_unlock_bh(&flow->tx_lock);
	return has;
}

/* The next smaller size worth a probe; 0 if there is none */
static u32 sio_dial_smaller(u32 mss)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_dial_mtus); i++)
		if (sio_dial_mtus[i] - SIO_FRAME_HDR_LEN < mss)
			return sio_dial_mtus[i] - SIO_FRAME_HDR_LEN;
	return 0;
}

/* No answer in time: once more, or smaller, or no more. Returns enum sio_why */
static u8 __sio_dial_again(struct sio_session *sess, struct sio_flow *flow,
			   u64 now)
{
	u32 smaller;

	if (flow->step_tries < sio_dial_tries[flow->step]) {
		__sio_dial_step(sess, flow, now);
		return SIO_WHY_NONE;
	}
	if (flow->step == SIO_STEP_PROBE) {
		smaller = sio_dial_smaller(flow->greet->mss);
		if (smaller) {
			flow->greet->mss = smaller;
			__sio_dial_next_step(sess, flow, SIO_STEP_PROBE);
			return SIO_WHY_NONE;
		}
	}
	if (flow->step == SIO_STEP_SYN && !sio_dial_has_neighbour(flow))
		return SIO_WHY_NO_NEIGHBOUR;
	return sio_dial_whys[flow->step];
}

/* A flow more cannot be had: those that are up serve as well */
static void __sio_dial_no_more(struct sio_session *sess, struct sio_flow *flow)
{
	lockdep_assert_held(&sess->mutex);
	sess->flows_wanted = flow->idx;
	__sio_session_drop_flow(sess, flow->idx, SIO_WHY_NONE);
}

/* Take every flow that is being greeted on; returns when to look again */
static u64 __sio_dial_flows(struct sio_session *sess, u64 now, u8 *why)
{
	u64 next = U64_MAX;
	struct sio_flow *flow;
	unsigned int i;

	lockdep_assert_held(&sess->mutex);
	for (i = 0; i < sess->flows_wanted && !*why; i++) {
		flow = __sio_session_flow(sess, i);
		if (!flow || flow->step == SIO_STEP_DONE)
			continue;
		if (!sio_flow_is_alive(flow))
			*why = flow->why ?: SIO_WHY_PEER_RST;
		else if (flow->step == SIO_STEP_SYN &&
			 READ_ONCE(flow->state) == SIO_FLOW_OPEN)
			__sio_dial_next_step(sess, flow, SIO_STEP_HELLO);
		else if (now >= flow->step_ns)
			*why = __sio_dial_again(sess, flow, now);
		if (*why && i) {
			*why = SIO_WHY_NONE;
			__sio_dial_no_more(sess, flow);
			break;
		}
		next = min(next, flow->step_ns);
	}
	return next;
}

/* One more flow at a time, once the session is up */
static void __sio_dial_more(struct sio_session *sess)
{
	unsigned int idx = sess->nr_flows;

	lockdep_assert_held(&sess->mutex);
	if (!(sess->features & SIO_FEAT_FLOWS) || !idx ||
	    idx >= sess->flows_wanted || __sio_session_flow(sess, idx))
		return;
	if (__sio_dial_flow(sess, idx))	/* fewer flows serve as well */
		sess->flows_wanted = idx;
}

/**
 * sio_dial_poll() - take a guest's session on
 * @sess: its mutex is held
 * @now: the time
 *
 * Return: when to look again, U64_MAX for never.
 */
u64 sio_dial_poll(struct sio_session *sess, u64 now)
{
	u64 next = U64_MAX;
	u8 why = 0;

	lockdep_assert_held(&sess->mutex);
	switch (sess->state) {
	case SIO_STATE_WAITING:
		if (now < sess->next_ns)
			return sess->next_ns;
		__sio_dial_start(sess);
		return now + SIO_DIAL_RTO_NS;
	case SIO_STATE_DIALING:
	case SIO_STATE_GREETING:
		next = __sio_dial_flows(sess, now, &why);
		break;
	case SIO_STATE_UP:
		next = __sio_session_watch(sess, now, &why);
		__sio_dial_more(sess);
		next = min(next, __sio_dial_flows(sess, now, &why));
		if (why && sess->goodbye)
			why = sess->goodbye;
		break;
	default:
		return U64_MAX;
	}
	if (!why)
		return next;
	__sio_dial_fail(sess, why, 0);
	return sess->next_ns;
}
EXPORT_SYMBOL_IF_KUNIT(sio_dial_poll);

static void __sio_dial_hello_ack(struct sio_session *sess,
				 struct sio_flow *flow, const u8 *body)
{
	struct sio_greet *greet = flow->greet;
	struct sio_noise before = greet->noise;
	u64 features;
	int err;

	lockdep_assert_held(&sess->mutex);
	err = sio_noise_read2(&greet->noise, body, SIO_NOISE_MSG_LEN,
			      &greet->peer, sizeof(greet->peer));
	if (err) {	/* not from who has the key: wait for the true one */
		greet->noise = before;
		sio_session_count(sess, SIO_CNT_DROP_TAG);
	} else {
		err = sio_noise_split(&greet->noise, flow->tx_key,
				      flow->rx_key, greet->join);
	}
	memzero_explicit(&before, sizeof(before));
	if (err)
		return;
	features = le64_to_cpu(greet->peer.features);
	if (features & ~SIO_FEAT_OURS) {
		__sio_dial_fail(sess, SIO_WHY_FEATURE,
				features & ~SIO_FEAT_OURS);
		return;
	}
	greet->features = features;
	greet->epoch = le32_to_cpu(greet->peer.epoch);
	greet->mss = clamp_t(u32, le16_to_cpu(greet->peer.mss),
			     SIO_MTU_MIN - SIO_FRAME_HDR_LEN,
			     sio_link_mss(flow->link));
	sio_flow_set_keys(flow);
	__sio_session_state(sess, SIO_STATE_GREETING, sess->why, sess->detail);
	__sio_dial_next_step(sess, flow, SIO_STEP_PROBE);
}

static void __sio_dial_join_ack(struct sio_session *sess,
				struct sio_flow *flow,
				const struct sio_msg_join *join)
{
	struct sio_greet *greet = flow->greet;

	lockdep_assert_held(&sess->mutex);
	if (le16_to_cpu(join->flow) != flow->idx ||
	    le32_to_cpu(join->epoch) != sess->epoch ||
	    sio_seal_join_check(sess->join, join, greet->nonce)) {
		sio_session_count(sess, SIO_CNT_DROP_TAG);
		return;
	}
	sio_seal_join_keys(sess->join, greet->nonce, join->nonce, true,
			   flow->tx_key, flow->rx_key);
	sio_flow_set_keys(flow);
	__sio_dial_next_step(sess, flow, SIO_STEP_CONFIRM);
}

static void __sio_dial_welcome(struct sio_session *sess, struct sio_flow *flow,
			       u32 epoch)
{
	lockdep_assert_held(&sess->mutex);
	if (flow->idx && epoch == sess->epoch)
		__sio_session_flow_up(sess, flow);
	else if (!flow->idx && epoch == flow->greet->epoch)
		__sio_session_up(sess, flow, epoch);
	else
		sio_session_count(sess, SIO_CNT_DROP_EPOCH);
	sio_session_kick(sess);
}

static void __sio_dial_refuse(struct sio_session *sess, struct sio_flow *flow,
			      const struct sio_msg_refuse *refuse)
{
	u8 why = refuse->why < SIO_REFUSE_NR ?
		 sio_dial_refusals[refuse->why] : SIO_WHY_NONE;

	lockdep_assert_held(&sess->mutex);
	if (flow->idx)
		__sio_dial_no_more(sess, flow);
	else
		__sio_dial_fail(sess, why ?: SIO_WHY_NO_HELLO_ANSWER,
				le64_to_cpu(refuse->detail));
}

/* Does a message answer what the flow's step asked? */
static bool sio_dial_is_expected(const struct sio_flow *flow, u8 type,
				 u8 suite)
{
	switch (type) {
	case SIO_MSG_HELLO_ACK:
		return flow->step == SIO_STEP_HELLO && !flow->idx;
	case SIO_MSG_JOIN_ACK:
		return flow->step == SIO_STEP_HELLO && flow->idx;
	case SIO_MSG_PROBE_ACK:
		return flow->step == SIO_STEP_PROBE;
	case SIO_MSG_WELCOME:
		return flow->step == SIO_STEP_CONFIRM;
	case SIO_MSG_REFUSE:	/* with keys there is no excuse for a clear one */
		return flow->step != SIO_STEP_DONE &&
		       (suite != SIO_SUITE_CLEAR || !flow->has_keys);
	default:
		return false;
	}
}

static void __sio_dial_msg(struct sio_session *sess, struct sio_flow *flow,
			   const struct sio_msg_hdr *hdr, const void *body,
			   u32 len)
{
	lockdep_assert_held(&sess->mutex);
	if (__sio_session_flow(sess, flow->idx) != flow ||
	    !sio_dial_is_expected(flow, hdr->type, hdr->suite)) {
		sio_session_count(sess, SIO_CNT_DROP_STATE);
		return;
	}
	switch (hdr->type) {
	case SIO_MSG_HELLO_ACK:
		__sio_dial_hello_ack(sess, flow, body);
		break;
	case SIO_MSG_JOIN_ACK:
		__sio_dial_join_ack(sess, flow, body);
		break;
	case SIO_MSG_PROBE_ACK:
		if (len + sizeof(*hdr) == flow->greet->mss)
			__sio_dial_next_step(sess, flow, SIO_STEP_CONFIRM);
		break;
	case SIO_MSG_WELCOME:
		__sio_dial_welcome(sess, flow, le32_to_cpu(hdr->epoch));
		break;
	case SIO_MSG_REFUSE:
		__sio_dial_refuse(sess, flow, body);
		break;
	}
}

/**
 * sio_dial_msg() - a message from the back-end
 * @sess: the flow's session
 * @flow: held; this side dialled it
 * @hdr: its header, believed, and opened if it was sealed
 * @body: what follows
 * @len: bytes of @body
 *
 * Context: process; one at a time for a flow.
 */
void sio_dial_msg(struct sio_session *sess, struct sio_flow *flow,
		  const struct sio_msg_hdr *hdr, const void *body, u32 len)
{
	switch (hdr->type) {
	case SIO_MSG_CTL_REQ:
	case SIO_MSG_CTL_RSP:
	case SIO_MSG_CTL_BUSY:
		sio_ctl_msg(sess, flow, hdr, body, len);
		break;
	default:
		mutex_lock(&sess->mutex);
		__sio_dial_msg(sess, flow, hdr, body, len);
		mutex_unlock(&sess->mutex);
	}
	sio_session_kick(sess);
}
