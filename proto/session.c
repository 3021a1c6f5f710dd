// SPDX-License-Identifier: GPL-2.0
/* States of a session, its work item, its life and its end. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "flow.h"
#include "session.h"
#include "trace.h"

static void sio_session_notify(struct sio_session *sess, bool changed)
{
	if (changed && sess->ops->state)
		sess->ops->state(sess);
}

static void sio_session_arm(struct sio_session *sess, u64 at_ns)
{
	u64 now = ktime_get_ns();

	spin_lock_bh(&sess->ctl_lock);
	if (!sess->is_closed && at_ns != U64_MAX)
		hrtimer_start(&sess->timer,
			      ns_to_ktime(at_ns > now ? at_ns - now : 0),
			      HRTIMER_MODE_REL_SOFT);
	spin_unlock_bh(&sess->ctl_lock);
}

static void sio_session_work(struct work_struct *work)
{
	struct sio_session *sess = container_of(work, struct sio_session, work);
	u64 now = ktime_get_ns(), next;
	bool changed, failed;
	unsigned int noio;
	u32 msg_max;

	/* a disk may wait for this, and who writes to it for memory */
	noio = memalloc_noio_save();
	mutex_lock(&sess->mutex);
	next = sess->is_guest ? sio_dial_poll(sess, now) :
				sio_serve_poll(sess, now);
	next = min(next, __sio_ctl_poll(sess, now));
	msg_max = sio_session_msg_max(sess);
	changed = sess->told != sess->state ||
		  sess->told_epoch != sess->epoch ||
		  sess->told_msg_max != msg_max;
	sess->told = sess->state;
	sess->told_epoch = sess->epoch;
	sess->told_msg_max = msg_max;
	failed = !list_empty(&sess->ctl_failed);
	mutex_unlock(&sess->mutex);
	if (failed)
		sio_ctl_end_failed(sess);
	sio_session_arm(sess, next);
	sio_session_notify(sess, changed);
	memalloc_noio_restore(noio);
}

static enum hrtimer_restart sio_session_timer(struct hrtimer *timer)
{
	struct sio_session *sess = container_of(timer, struct sio_session,
						timer);

	sio_session_kick(sess);
	return HRTIMER_NORESTART;
}

/**
 * sio_session_kick() - have the session looked at
 * @sess: held, or found under rcu_read_lock()
 *
 * Context: process or softirq.
 */
void sio_session_kick(struct sio_session *sess)
{
	spin_lock_bh(&sess->ctl_lock);
	if (!sess->is_closed)
		queue_work(sio_wq, &sess->work);
	spin_unlock_bh(&sess->ctl_lock);
}
EXPORT_SYMBOL_GPL(sio_session_kick);

/**
 * sio_session_init() - begin a session
 * @sess: zeroed memory of the end
 * @net: namespace, which outlives it
 * @ops: of the end
 * @name: of the guest, valid
 * @key: pre-shared key of SIO_KEY_LEN bytes, or NULL to go without
 *
 * Context: process.
 * Return: 0 or -ENOMEM. The caller has the one reference.
 */
int sio_session_init(struct sio_session *sess, struct net *net,
		     const struct sio_session_ops *ops, const char *name,
		     const u8 *key)
{
	sess->answer = kmalloc(SIO_CTL_LEN_MAX, GFP_KERNEL);
	if (!sess->answer)
		return -ENOMEM;
	sess->stats = alloc_percpu(struct sio_stats);
	if (!sess->stats) {
		kfree(sess->answer);
		return -ENOMEM;
	}
	sess->ops = ops;
	sess->net = net;
	kref_init(&sess->ref);
	strscpy(sess->name, name, sizeof(sess->name));
	sess->is_insecure = !key;
	if (key)
		memcpy(sess->key, key, sizeof(sess->key));
	get_random_bytes(sess->instance, sizeof(sess->instance));
	mutex_init(&sess->mutex);
	sess->state = SIO_STATE_WAITING;
	sess->why = SIO_WHY_NEVER_DIALED;
	sess->told = sess->state;
	sess->state_ns = ktime_get_ns();
	sess->flows_wanted = 1;
	sio_slot_client_init(&sess->client, sess->client_slots, SIO_CTL_SLOTS,
			     SIO_CTL_BYTES);
	sio_slot_server_init(&sess->server, sess->server_slots, SIO_CTL_SLOTS,
			     SIO_CTL_LEN_MAX);
	INIT_LIST_HEAD(&sess->ctl_wait);
	INIT_LIST_HEAD(&sess->ctl_failed);
	INIT_LIST_HEAD(&sess->exec);
	INIT_LIST_HEAD(&sess->ctl_new);
	spin_lock_init(&sess->ctl_lock);
	INIT_WORK(&sess->work, sio_session_work);
	INIT_WORK(&sess->exec_work, sio_ctl_exec_work);
	hrtimer_setup(&sess->timer, sio_session_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	return 0;
}
EXPORT_SYMBOL_GPL(sio_session_init);

/**
 * sio_session_dial() - make a session dial, now and whenever it is not up
 * @sess: begun, not known to anybody
 * @param: whom
 * @extack: gets a sentence on refusal
 *
 * Context: process; takes rtnl.
 * Return: 0 or as sio_link_get().
 */
int sio_session_dial(struct sio_session *sess,
		     const struct sio_dial_param *param,
		     struct netlink_ext_ack *extack)
{
	struct sio_link *link;

	link = sio_link_get(sess->net, param->ifindex, param->local, extack);
	if (IS_ERR(link))
		return PTR_ERR(link);
	sess->is_guest = true;
	sess->link = link;
	sess->ifindex = param->ifindex;
	sio_link_name(link, &sess->ifindex, sess->ifname);
	sess->local = param->local;
	sess->peer = param->peer;
	sess->peer_port = param->peer_port;
	sess->flows_wanted = param->flows;
	sess->flows_asked = param->flows;
	sess->why = SIO_WHY_STARTING;
	sio_session_kick(sess);
	return 0;
}
EXPORT_SYMBOL_GPL(sio_session_dial);

/**
 * sio_session_rekey() - change the key
 * @sess: held
 * @key: SIO_KEY_LEN bytes, or NULL to go without
 *
 * It counts from the next hello.
 *
 * Context: process.
 */
void sio_session_rekey(struct sio_session *sess, const u8 *key)
{
	mutex_lock(&sess->mutex);
	sess->is_insecure = !key;
	memset(sess->key, 0, sizeof(sess->key));
	if (key)
		memcpy(sess->key, key, sizeof(sess->key));
	mutex_unlock(&sess->mutex);
}
EXPORT_SYMBOL_GPL(sio_session_rekey);

/**
 * sio_session_set_key_source() - remember where the key comes from
 * @sess: held
 * @path: file of the tools, only shown; NULL to forget it
 *
 * Context: process.
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int sio_session_set_key_source(struct sio_session *sess, const char *path)
{
	char *copy = NULL;

	if (path) {
		copy = kstrdup(path, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	mutex_lock(&sess->mutex);
	swap(sess->key_source, copy);
	mutex_unlock(&sess->mutex);
	kfree(copy);
	return 0;
}
EXPORT_SYMBOL_GPL(sio_session_set_key_source);

/**
 * __sio_session_state() - note where the session stands
 * @sess: its mutex is held
 * @state: new state
 * @why: reason
 * @detail: to go with @why
 */
void __sio_session_state(struct sio_session *sess, enum sio_state state,
			 u8 why, u64 detail)
{
	lockdep_assert_held(&sess->mutex);
	if (sess->state == SIO_STATE_CLOSING)
		return;
	/* between dials a session goes on waiting */
	if (sess->state != state &&
	    (sess->state == SIO_STATE_UP || state == SIO_STATE_UP))
		sess->state_ns = ktime_get_ns();
	if (sess->state != state)
		trace_sio_state(sess->name, state, why);
	sess->state = state;
	sess->why = why;
	sess->detail = detail;
	atomic64_set(&sess->up_id, (u64)sess->peer_nr << 32 |
				   (state == SIO_STATE_UP ? sess->epoch : 0));
	sio_session_kick(sess);
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_state);

/**
 * __sio_session_flow() - a flow of a session
 * @sess: its mutex is held
 * @idx: which
 *
 * Return: the flow, valid as long as the mutex is held, or NULL.
 */
struct sio_flow *__sio_session_flow(struct sio_session *sess, unsigned int idx)
{
	return rcu_dereference_protected(sess->flows[idx],
					 lockdep_is_held(&sess->mutex));
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_flow);

/**
 * __sio_session_drop_flow() - close a flow
 * @sess: its mutex is held
 * @idx: which; may not be there
 * @why: for its record
 */
void __sio_session_drop_flow(struct sio_session *sess, unsigned int idx,
			     u8 why)
{
	struct sio_flow *flow = __sio_session_flow(sess, idx);

	if (!flow)
		return;
	RCU_INIT_POINTER(sess->flows[idx], NULL);
	rcu_read_lock();
	sio_flow_close(flow, why);
	rcu_read_unlock();
	if (flow->sock) {
		sock_release(flow->sock);
		flow->sock = NULL;
	}
	sio_flow_put(flow);
}

/**
 * __sio_session_drop_flows() - close all flows
 * @sess: its mutex is held
 * @why: for their record
 */
void __sio_session_drop_flows(struct sio_session *sess, u8 why)
{
	unsigned int i;

	lockdep_assert_held(&sess->mutex);
	WRITE_ONCE(sess->nr_flows, 0);
	for (i = 0; i < SIO_FLOWS_MAX; i++)
		__sio_session_drop_flow(sess, i, why);
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_drop_flows);

/**
 * sio_session_hello_info() - what this side tells of itself in a hello
 * @sess: its mutex is held
 * @flow: the hello's
 * @info: written whole
 */
void sio_session_hello_info(struct sio_session *sess, struct sio_flow *flow,
			    struct sio_hello_info *info)
{
	lockdep_assert_held(&sess->mutex);
	memset(info, 0, sizeof(*info));
	memcpy(info->instance, sess->instance, sizeof(info->instance));
	memcpy(info->boot, sio_boot_id, sizeof(info->boot));
	info->features = cpu_to_le64(SIO_FEAT_OURS);
	info->epoch = cpu_to_le32(sess->epoch);
	/* what the link can send at the moment is another matter */
	info->msg_max = cpu_to_le32(SIO_MSG_LEN_MAX);
	info->ctl_bytes = cpu_to_le32(SIO_CTL_BYTES);
	info->mss = cpu_to_le16(min(sio_link_mss(flow->link), 65535U));
	info->ctl_slots = cpu_to_le16(SIO_CTL_SLOTS);
	info->flows = cpu_to_le16(sess->flows_wanted);
}
EXPORT_SYMBOL_IF_KUNIT(sio_session_hello_info);

/**
 * sio_flow_set_keys() - from here on sealed messages can be sent and opened
 * @flow: @tx_key and @rx_key are filled in
 */
void sio_flow_set_keys(struct sio_flow *flow)
{
	/* pairs with smp_load_acquire() in sio_rx_slow_one() */
	smp_store_release(&flow->has_keys, true);
}
EXPORT_SYMBOL_IF_KUNIT(sio_flow_set_keys);

/**
 * __sio_session_flow_up() - packets may use a flow
 * @sess: its mutex is held
 * @flow: greeted; in @sess's array
 */
void __sio_session_flow_up(struct sio_session *sess, struct sio_flow *flow)
{
	unsigned int n = 0;

	lockdep_assert_held(&sess->mutex);
	flow->peer_msg_max = sess->msg_max;
	sio_flow_limits(flow, sess->mss);
	WRITE_ONCE(flow->epoch, sess->epoch);
	flow->step = SIO_STEP_DONE;
	kfree_sensitive(flow->greet);
	flow->greet = NULL;
	spin_lock_bh(&flow->rx_lock);
	flow->reasm.max_bytes = SIO_REASM_BYTES;
	if (flow->state == SIO_FLOW_OPEN)
		WRITE_ONCE(flow->state, SIO_FLOW_UP);
	spin_unlock_bh(&flow->rx_lock);
	while (n < SIO_FLOWS_MAX && __sio_session_flow(sess, n) &&
	       __sio_session_flow(sess, n)->step == SIO_STEP_DONE)
		n++;
	WRITE_ONCE(sess->nr_flows, n);
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_flow_up);

/**
 * __sio_session_up() - a new incarnation begins
 * @sess: its mutex is held; no flow but @flow in its array
 * @flow: flow 0, greeted
 * @epoch: number of the incarnation
 */
void __sio_session_up(struct sio_session *sess, struct sio_flow *flow,
		      u32 epoch)
{
	const struct sio_greet *greet = flow->greet;
	const struct sio_hello_info *peer = &greet->peer;
	bool is_same;

	lockdep_assert_held(&sess->mutex);
	is_same = sess->has_peer &&
		  !memcmp(sess->peer_instance, peer->instance, SIO_ID_LEN) &&
		  !memcmp(sess->peer_boot, peer->boot, SIO_ID_LEN);
	memcpy(sess->peer_instance, peer->instance, SIO_ID_LEN);
	memcpy(sess->peer_boot, peer->boot, SIO_ID_LEN);
	sess->has_peer = true;
	sess->peer_nr += !is_same;
	sess->epoch = epoch;
	sess->features = greet->features;
	memcpy(sess->join, greet->join, sizeof(sess->join));
	sess->mss = greet->mss;
	/* no peer takes less than a segment of the size that was proved */
	sess->msg_max = clamp_t(u32, le32_to_cpu(peer->msg_max), sess->mss,
				SIO_MSG_LEN_MAX);
	if (!sess->is_guest)
		sess->flows_wanted = clamp_t(unsigned int,
					     le16_to_cpu(peer->flows), 1,
					     SIO_FLOWS_MAX);
	sess->was_up = true;
	sess->dials = 0;
	sess->goodbye = SIO_WHY_NONE;
	sio_link_name(flow->link, &sess->ifindex, sess->ifname);
	sio_session_count(sess, SIO_CNT_UPS);
	sio_ctl_peer(sess, peer, is_same);
	__sio_session_flow_up(sess, flow);
	__sio_session_state(sess, SIO_STATE_UP, SIO_WHY_NONE, 0);
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_up);

/**
 * __sio_session_watch() - keep the flows of a session that is up alive
 * @sess: its mutex is held
 * @now: the time
 * @why: set if a flow is lost, enum sio_why
 *
 * Return: when to look again.
 */
u64 __sio_session_watch(struct sio_session *sess, u64 now, u8 *why)
{
	u64 next = now + SIO_KEEPALIVE_NS;
	struct sio_flow *flow;
	unsigned int i;
	u64 silent;

	lockdep_assert_held(&sess->mutex);
	for (i = 0; i < SIO_FLOWS_MAX; i++) {
		flow = __sio_session_flow(sess, i);
		if (!flow)
			continue;
		silent = now - min(now, READ_ONCE(flow->last_rx_ns));
		if (!sio_flow_is_alive(flow))
			*why = flow->why ?: SIO_WHY_PEER_SILENT;
		else if (flow->step == SIO_STEP_DONE && silent > SIO_SILENT_NS)
			*why = SIO_WHY_PEER_SILENT;
		else if (sio_link_why(flow->link) == SIO_WHY_NO_ADDRESS)
			*why = SIO_WHY_NO_ADDRESS;
		if (*why)
			return now;
		if (flow->step == SIO_STEP_DONE)
			sio_flow_limits(flow, min(sess->mss,
						  sio_link_mss(flow->link)));
		if (flow->step != SIO_STEP_DONE || silent < SIO_KEEPALIVE_NS ||
		    now < READ_ONCE(flow->last_tx_ns) + SIO_KEEPALIVE_NS / 2)
			continue;
		sio_session_count(sess, SIO_CNT_KEEPALIVES);
		sio_tx_bare(flow, SIO_TCP_ACK | SIO_TX_KEEPALIVE);
	}
	return next;
}
EXPORT_SYMBOL_IF_KUNIT(__sio_session_watch);

/**
 * sio_session_is_up() - may requests and packets be sent?
 * @sess: held, or found under rcu_read_lock()
 *
 * Return: true if they may.
 */
bool sio_session_is_up(const struct sio_session *sess)
{
	return READ_ONCE(sess->nr_flows) > 0;
}
EXPORT_SYMBOL_GPL(sio_session_is_up);

/**
 * sio_session_epoch() - which incarnation of a session this is
 * @sess: held
 * @epoch: gets the epoch, 0 if the session is not up
 * @peer_nr: gets a number that changes when another incarnation of the peer
 *	takes over
 *
 * Takes no lock, as the ends ask under some that rtnl is held for.
 *
 * Context: any.
 */
void sio_session_epoch(struct sio_session *sess, u32 *epoch, u32 *peer_nr)
{
	u64 id = atomic64_read(&sess->up_id);

	*epoch = lower_32_bits(id);
	*peer_nr = upper_32_bits(id);
}
EXPORT_SYMBOL_GPL(sio_session_epoch);

/**
 * sio_session_why() - why a session is not up
 * @sess: held
 *
 * Context: process.
 * Return: enum sio_why.
 */
u8 sio_session_why(struct sio_session *sess)
{
	u8 why;

	mutex_lock(&sess->mutex);
	why = sess->why;
	mutex_unlock(&sess->mutex);
	return why;
}
EXPORT_SYMBOL_GPL(sio_session_why);

/**
 * sio_session_redial() - end this incarnation; the guest begins another
 * @sess: held
 *
 * Context: process.
 */
void sio_session_redial(struct sio_session *sess)
{
	struct sio_flow *flow;

	mutex_lock(&sess->mutex);
	flow = __sio_session_flow(sess, 0);
	if (flow && sess->state == SIO_STATE_UP) {
		rcu_read_lock();
		sio_flow_close(flow, SIO_WHY_ABORTED);
		rcu_read_unlock();
	}
	mutex_unlock(&sess->mutex);
	sio_session_kick(sess);
}
EXPORT_SYMBOL_GPL(sio_session_redial);

/**
 * sio_session_msg_max() - longest message that any of its flows takes
 * @sess: held, or found under rcu_read_lock()
 *
 * It follows the limits of the link, of which not all changes are announced,
 * within SIO_KEEPALIVE_NS; sio_session_ops.state() tells of it.
 *
 * Context: any.
 * Return: bytes, 0 if the session is not up.
 */
u32 sio_session_msg_max(const struct sio_session *sess)
{
	unsigned int i, nr = READ_ONCE(sess->nr_flows);
	const struct sio_flow *flow;
	u32 msg_max = 0;

	rcu_read_lock();
	for (i = 0; i < nr; i++) {
		flow = rcu_dereference(sess->flows[i]);
		if (flow)
			msg_max = min_not_zero(msg_max,
					       READ_ONCE(flow->msg_max));
	}
	rcu_read_unlock();
	return msg_max;
}
EXPORT_SYMBOL_GPL(sio_session_msg_max);

/**
 * sio_session_close() - end a session
 * @sess: the caller's; nobody will use it but by references that end
 * @is_back: this side means to come back
 *
 * Says goodbye to a peer that is there, waits SIO_GOODBYE_MS for its answer,
 * closes the flows, and fails the requests that have no answer.
 *
 * Context: process, without rtnl and without sleeping locks of the end.
 */
void sio_session_close(struct sio_session *sess, bool is_back)
{
	struct sio_ctl_req *req;
	bool was_up;

	mutex_lock(&sess->mutex);
	was_up = sess->state == SIO_STATE_UP;
	mutex_unlock(&sess->mutex);
	req = was_up ? sio_ctl_alloc(SIO_CTL_GOODBYE, is_back, 0, GFP_KERNEL) :
		       NULL;
	if (req)
		sio_ctl_call(sess, req, SIO_GOODBYE_MS);

	/* nothing starts any more, then nothing runs any more */
	spin_lock_bh(&sess->ctl_lock);
	sess->is_closed = true;
	spin_unlock_bh(&sess->ctl_lock);
	hrtimer_cancel(&sess->timer);
	cancel_work_sync(&sess->work);

	mutex_lock(&sess->mutex);
	__sio_session_state(sess, SIO_STATE_CLOSING, SIO_WHY_REMOVED, 0);
	__sio_session_drop_flows(sess, SIO_WHY_REMOVED);
	if (sess->challenger) {
		sio_flow_kill(sess->challenger, SIO_WHY_REMOVED);
		sio_flow_put(sess->challenger);
		sess->challenger = NULL;
	}
	mutex_unlock(&sess->mutex);
	cancel_work_sync(&sess->exec_work);
	sio_ctl_fail_all(sess, -ENOTCONN);
	if (sess->link)
		sio_link_put(sess->link);
	sess->link = NULL;
}
EXPORT_SYMBOL_GPL(sio_session_close);

/**
 * sio_session_flush() - wait until no message is being handled
 *
 * For an end that unloads, after its sessions and links are closed.
 *
 * Context: process.
 */
void sio_session_flush(void)
{
	rcu_barrier();
	flush_workqueue(sio_wq);
	rcu_barrier();
}
EXPORT_SYMBOL_GPL(sio_session_flush);

static void sio_session_release(struct kref *ref)
{
	struct sio_session *sess = container_of(ref, struct sio_session, ref);

	sio_slot_server_destroy(&sess->server);
	free_percpu(sess->stats);
	kfree(sess->answer);
	kfree(sess->key_source);
	memzero_explicit(sess->key, sizeof(sess->key));
	memzero_explicit(sess->join, sizeof(sess->join));
	sess->ops->release(sess);
}

/**
 * sio_session_put() - drop a reference
 * @sess: not to be used any more by the caller
 *
 * Context: process or softirq. The session was closed before the last one.
 */
void sio_session_put(struct sio_session *sess)
{
	kref_put(&sess->ref, sio_session_release);
}
EXPORT_SYMBOL_GPL(sio_session_put);
