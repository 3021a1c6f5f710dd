// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/session.c: states, incarnations, silence. */

#include <kunit/test.h>

#include "fixture.h"
#include "nomem.h"

static void sio_sest_work(struct sio_fx *fx)
{
	fx->sess.work.func(&fx->sess.work);
}

static void sio_sest_state(struct sio_fx *fx, enum sio_state state, u8 why)
{
	mutex_lock(&fx->sess.mutex);
	__sio_session_state(&fx->sess, state, why, 77);
	mutex_unlock(&fx->sess.mutex);
}

static void sio_sest_drop_flows(struct sio_fx *fx)
{
	mutex_lock(&fx->sess.mutex);
	__sio_session_drop_flows(&fx->sess, SIO_WHY_REMOVED);
	mutex_unlock(&fx->sess.mutex);
}

/* The session comes up again, on a new flow, after @change of its peer */
static void sio_sest_up_again(struct sio_fx *fx,
			      void (*change)(struct sio_hello_info *info),
			      u32 epoch)
{
	struct sio_session *sess = &fx->sess;
	struct sio_flow *flow;

	sio_sest_drop_flows(fx);
	rcu_read_lock();
	if (fx->flow)
		sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	flow = sio_fx_flow(fx, sess->is_guest);
	sio_fx_hello_info(&flow->greet->peer);
	change(&flow->greet->peer);
	flow->greet->mss = SIO_FX_MSS;
	sio_fx_keys(flow);
	sio_session_get(sess);
	rcu_assign_pointer(flow->sess, sess);
	mutex_lock(&sess->mutex);
	sio_flow_get(flow);
	rcu_assign_pointer(sess->flows[0], flow);
	__sio_session_up(sess, flow, epoch);
	mutex_unlock(&sess->mutex);
}

static void sio_sest_nothing(struct sio_hello_info *info)
{
}

static void sio_sest_another_instance(struct sio_hello_info *info)
{
	info->instance[0] ^= 1;
}

static void sio_sest_another_boot(struct sio_hello_info *info)
{
	info->boot[0] ^= 1;
}

static void sio_sest_takes_little(struct sio_hello_info *info)
{
	info->msg_max = cpu_to_le32(100);
}

static void sio_sest_takes_a_lot(struct sio_hello_info *info)
{
	info->msg_max = cpu_to_le32(U32_MAX);
}

static void sio_sest_no_flows(struct sio_hello_info *info)
{
	info->flows = 0;
}

static void sio_sest_many_flows(struct sio_hello_info *info)
{
	info->flows = cpu_to_le16(U16_MAX);
}

static void sio_sest_many_slots(struct sio_hello_info *info)
{
	info->ctl_slots = cpu_to_le16(U16_MAX);
}

static void sio_session_init__has_never_dialled(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_WAITING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_NEVER_DIALED);
	KUNIT_EXPECT_FALSE(test, fx->sess.is_insecure);
	KUNIT_EXPECT_FALSE(test, sio_session_is_up(&fx->sess));
}

static void sio_session_dial__begins_to(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dial_param param = {
		.ifindex = fx->dev->ifindex, .peer = SIO_FX_RADDR,
		.peer_port = SIO_FX_RPORT, .flows = 2,
	};

	KUNIT_EXPECT_EQ(test, sio_session_dial(&fx->sess, &param, NULL), 0);
	KUNIT_EXPECT_TRUE(test, fx->sess.is_guest);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_STARTING);
	KUNIT_EXPECT_PTR_EQ(test, fx->sess.link, fx->link);
	KUNIT_EXPECT_STREQ(test, fx->sess.ifname, fx->dev->name);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, 2);
	KUNIT_EXPECT_EQ(test, fx->link->users, 2);
}

static void sio_session_dial__no_such_link(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_dial_param param = { .ifindex = INT_MAX, .flows = 1 };

	KUNIT_EXPECT_EQ(test, -ENODEV,
			sio_session_dial(&fx->sess, &param, NULL));
	KUNIT_EXPECT_NULL(test, fx->sess.link);
	KUNIT_EXPECT_FALSE(test, fx->sess.is_guest);
}

static void sio_session_rekey__to_none_and_back(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u8 key[SIO_KEY_LEN];

	sio_session_rekey(&fx->sess, NULL);
	KUNIT_EXPECT_TRUE(test, fx->sess.is_insecure);
	KUNIT_EXPECT_NULL(test, memchr_inv(fx->sess.key, 0, SIO_KEY_LEN));
	memset(key, 0x5b, sizeof(key));
	sio_session_rekey(&fx->sess, key);
	KUNIT_EXPECT_FALSE(test, fx->sess.is_insecure);
	KUNIT_EXPECT_MEMEQ(test, fx->sess.key, key, sizeof(key));
}

static void sio_session_set_key_source__another_and_none(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, 0, sio_session_set_key_source(&fx->sess, "/a"));
	KUNIT_EXPECT_STREQ(test, fx->sess.key_source, "/a");
	KUNIT_EXPECT_EQ(test, 0, sio_session_set_key_source(&fx->sess, "/b"));
	KUNIT_EXPECT_STREQ(test, fx->sess.key_source, "/b");
	KUNIT_EXPECT_EQ(test, 0, sio_session_set_key_source(&fx->sess, NULL));
	KUNIT_EXPECT_NULL(test, fx->sess.key_source);
}

static void sio_session_set_key_source__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int err;

	KUNIT_ASSERT_EQ(test, 0, sio_session_set_key_source(&fx->sess, "/a"));
	sio_nomem_begin(1);
	err = sio_session_set_key_source(&fx->sess, "/b");
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_STREQ(test, fx->sess.key_source, "/a");
}

static void sio_session_state__time_of_up_and_down_only(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	fx->sess.state_ns = 1;
	sio_sest_state(fx, SIO_STATE_DIALING, SIO_WHY_STARTING);
	sio_sest_state(fx, SIO_STATE_WAITING, SIO_WHY_NO_SYN_ANSWER);
	KUNIT_EXPECT_EQ(test, fx->sess.state_ns, 1);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_NO_SYN_ANSWER);
	KUNIT_EXPECT_EQ(test, fx->sess.detail, 77);
	sio_sest_state(fx, SIO_STATE_UP, SIO_WHY_NONE);
	KUNIT_EXPECT_NE(test, fx->sess.state_ns, 1);
	fx->sess.state_ns = 1;
	sio_sest_state(fx, SIO_STATE_WAITING, SIO_WHY_PEER_SILENT);
	KUNIT_EXPECT_NE(test, fx->sess.state_ns, 1);
}

static void sio_session_state__closing_is_the_last(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_state(fx, SIO_STATE_CLOSING, SIO_WHY_REMOVED);
	sio_sest_state(fx, SIO_STATE_UP, SIO_WHY_NONE);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->sess.why, SIO_WHY_REMOVED);
}

/* The end is told of a change once */
static void sio_session_work__tells_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_work(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_states, 0);
	sio_fx_up(fx, false);
	sio_sest_work(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_states, 1);
	sio_sest_work(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_states, 1);
}

/* Down and up again between two looks */
static void sio_session_work__tells_of_another_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	sio_sest_work(fx);
	sio_sest_up_again(fx, sio_sest_nothing, SIO_FX_EPOCH + 1);
	sio_sest_work(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_states, 2);
}

static void sio_session_hello_info__what_is_told(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_hello_info info;

	sio_fx_up(fx, false);
	memset(&info, 0xff, sizeof(info));
	mutex_lock(&fx->sess.mutex);
	sio_session_hello_info(&fx->sess, fx->flow, &info);
	mutex_unlock(&fx->sess.mutex);
	KUNIT_EXPECT_MEMEQ(test, info.instance, fx->sess.instance, SIO_ID_LEN);
	KUNIT_EXPECT_NOT_NULL(test, memchr_inv(info.instance, 0, SIO_ID_LEN));
	KUNIT_EXPECT_NOT_NULL(test, memchr_inv(info.boot, 0, SIO_ID_LEN));
	KUNIT_EXPECT_EQ(test, le64_to_cpu(info.features), SIO_FEAT_OURS);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(info.epoch), SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(info.mss), SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(info.ctl_slots), SIO_CTL_SLOTS);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(info.ctl_bytes), SIO_CTL_BYTES);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(info.msg_max), SIO_MSG_LEN_MAX);
	KUNIT_EXPECT_NULL(test, memchr_inv(info.reserved, 0,
					   sizeof(info.reserved)));
}

static void sio_session_up__new_incarnation(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	fx->sess.dials = 3;
	fx->sess.goodbye = SIO_WHY_PEER_LEFT;
	sio_fx_up(fx, false);
	KUNIT_EXPECT_EQ(test, fx->sess.state, SIO_STATE_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.epoch, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.mss, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->sess.dials, 0);
	KUNIT_EXPECT_EQ(test, fx->sess.goodbye, SIO_WHY_NONE);
	KUNIT_EXPECT_TRUE(test, fx->sess.was_up);
	KUNIT_EXPECT_TRUE(test, fx->sess.has_peer);
	KUNIT_EXPECT_TRUE(test, sio_session_is_up(&fx->sess));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_UPS), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_UP);
	KUNIT_EXPECT_EQ(test, fx->flow->epoch, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->flow->mss, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->flow->reasm.max_bytes, SIO_REASM_BYTES);
	KUNIT_EXPECT_NULL(test, fx->flow->greet);
}

/* Frames of the epoch before are strangers from now on */
static void sio_session_up__fences_the_old_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;

	sio_fx_up(fx, false);
	sio_sest_up_again(fx, sio_sest_nothing, SIO_FX_EPOCH + 1);
	msg = sio_fx_packet_msg(fx, 100);
	msg->epoch = cpu_to_le32(SIO_FX_EPOCH);
	sio_fx_rx_msg(fx, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_EPOCH), 1);
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, 100));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_PACKETS), 1);
}

/* A request that waits for its answer; returns its number after coming up */
static u32 sio_sest_seq_after(struct sio_fx *fx,
			      void (*change)(struct sio_hello_info *info))
{
	struct sio_slot_client *client = &fx->sess.client;
	u32 seq;

	sio_fx_up(fx, false);
	mutex_lock(&fx->sess.mutex);
	KUNIT_EXPECT_EQ(fx->test, sio_slot_take(client, 1, 0, fx), 0);
	KUNIT_EXPECT_PTR_EQ(fx->test, (void *)fx,
			    sio_slot_answer(client, 0, 1));
	KUNIT_EXPECT_EQ(fx->test, sio_slot_take(client, 1, 0, fx), 0);
	mutex_unlock(&fx->sess.mutex);
	sio_sest_up_again(fx, change, SIO_FX_EPOCH + 1);
	seq = sio_slot_seq(client, 0);
	/* it is no true request, and must not be there at the end */
	KUNIT_EXPECT_PTR_EQ(fx->test, (void *)fx,
			    sio_slot_answer(client, 0, seq));
	return seq;
}

/* The slots go on: the peer knows what it has executed */
static void sio_session_up__same_peer(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, sio_sest_seq_after(fx, sio_sest_nothing), 2);
}

static void sio_session_up__another_instance(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, 1, sio_sest_seq_after(fx,
						    sio_sest_another_instance));
}

static void sio_session_up__another_boot(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	KUNIT_EXPECT_EQ(test, 1, sio_sest_seq_after(fx,
						    sio_sest_another_boot));
}

static void sio_session_up__peer_takes_less_than_a_segment(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_up_again(fx, sio_sest_takes_little, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.msg_max, SIO_FX_MSS);
	KUNIT_EXPECT_EQ(test, fx->flow->msg_max, SIO_FX_MSS);
}

static void sio_session_up__peer_takes_more_than_the_link(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_up_again(fx, sio_sest_takes_a_lot, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.msg_max, SIO_MSG_LEN_MAX);
}

static void sio_session_up__guest_wants_no_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_up_again(fx, sio_sest_no_flows, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, 1);
}

static void sio_session_up__guest_wants_too_many_flows(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_sest_up_again(fx, sio_sest_many_flows, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(test, fx->sess.flows_wanted, SIO_FLOWS_MAX);
}

static void sio_session_up__peer_grants_more_slots_than_there_are(struct kunit *t)
{
	struct sio_fx *fx = t->priv;

	sio_sest_up_again(fx, sio_sest_many_slots, SIO_FX_EPOCH);
	KUNIT_EXPECT_EQ(t, fx->sess.client.granted, SIO_CTL_SLOTS);
}

/* Flows are used from the first one on, without a gap */
static void sio_session_flow_up__third_before_second(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_flow *third;

	sio_fx_up(fx, false);
	third = sio_flow_create(fx->link, SIO_FX_RADDR, SIO_FX_LPORT,
				htons(40002), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, third);
	sio_fx_quiet(third);
	third->state = SIO_FLOW_OPEN;
	third->idx = 2;
	KUNIT_EXPECT_EQ(test, sio_flow_hash(third), 0);
	mutex_lock(&fx->sess.mutex);
	rcu_assign_pointer(fx->sess.flows[2], third);
	__sio_session_flow_up(&fx->sess, third);
	mutex_unlock(&fx->sess.mutex);
	KUNIT_EXPECT_EQ(test, third->state, SIO_FLOW_UP);
	KUNIT_EXPECT_EQ(test, fx->sess.nr_flows, 1);
}

/* It died while it was being greeted, and does not come to life again */
static void sio_session_flow_up__closing(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	fx->flow->state = SIO_FLOW_CLOSING;
	mutex_lock(&fx->sess.mutex);
	__sio_session_flow_up(&fx->sess, fx->flow);
	mutex_unlock(&fx->sess.mutex);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
}

static void sio_session_drop_flows__fin(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	sio_sest_drop_flows(fx);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_FIN | SIO_TCP_ACK);
	KUNIT_EXPECT_FALSE(test, sio_session_is_up(&fx->sess));
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->flow->why, SIO_WHY_REMOVED);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(fx->sess.flows[0]));
}

/* Look at the flows after @silent_ns without a sound; returns what was found */
static u8 sio_sest_watch(struct sio_fx *fx, u64 silent_ns, u64 quiet_ns)
{
	u64 now = ktime_get_ns() + SIO_SILENT_NS;
	u8 why = SIO_WHY_NONE;

	fx->flow->last_rx_ns = now - silent_ns;
	fx->flow->last_tx_ns = now - quiet_ns;
	mutex_lock(&fx->sess.mutex);
	__sio_session_watch(&fx->sess, now, &why);
	mutex_unlock(&fx->sess.mutex);
	return why;
}

static void sio_session_watch__peer_was_heard(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	KUNIT_EXPECT_EQ(test, SIO_WHY_NONE,
			sio_sest_watch(fx, SIO_KEEPALIVE_NS - 1,
				       SIO_KEEPALIVE_NS));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static void sio_session_watch__keep_alive(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	KUNIT_EXPECT_EQ(test, SIO_WHY_NONE,
			sio_sest_watch(fx, SIO_KEEPALIVE_NS,
				       SIO_KEEPALIVE_NS));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_KEEPALIVES), 1);
}

/* One is under way */
static void sio_session_watch__keep_alive_was_just_sent(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	KUNIT_EXPECT_EQ(test, SIO_WHY_NONE,
			sio_sest_watch(fx, SIO_KEEPALIVE_NS,
				       SIO_KEEPALIVE_NS / 2 - 1));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static void sio_session_watch__silent_for_too_long(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	KUNIT_EXPECT_EQ(test, SIO_WHY_NONE,
			sio_sest_watch(fx, SIO_SILENT_NS, 0));
	KUNIT_EXPECT_EQ(test, SIO_WHY_PEER_SILENT,
			sio_sest_watch(fx, SIO_SILENT_NS + 1, 0));
}

static void sio_session_watch__flow_that_was_reset(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_PEER_RST);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, sio_sest_watch(fx, 0, 0), SIO_WHY_PEER_RST);
}

/* What is still being greeted has time-outs of its own */
static void sio_session_watch__flow_that_is_being_greeted(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	fx->flow->step = SIO_STEP_CONFIRM;
	KUNIT_EXPECT_EQ(test, SIO_WHY_NONE,
			sio_sest_watch(fx, SIO_SILENT_NS + 1, SIO_SILENT_NS));
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static struct kunit_case sio_session_cases[] = {
	KUNIT_CASE(sio_session_init__has_never_dialled),
	KUNIT_CASE(sio_session_dial__begins_to),
	KUNIT_CASE(sio_session_dial__no_such_link),
	KUNIT_CASE(sio_session_rekey__to_none_and_back),
	KUNIT_CASE(sio_session_set_key_source__another_and_none),
	KUNIT_CASE(sio_session_set_key_source__no_memory),
	KUNIT_CASE(sio_session_state__time_of_up_and_down_only),
	KUNIT_CASE(sio_session_state__closing_is_the_last),
	KUNIT_CASE(sio_session_work__tells_the_end),
	KUNIT_CASE(sio_session_work__tells_of_another_epoch),
	KUNIT_CASE(sio_session_hello_info__what_is_told),
	KUNIT_CASE(sio_session_up__new_incarnation),
	KUNIT_CASE(sio_session_up__fences_the_old_epoch),
	KUNIT_CASE(sio_session_up__same_peer),
	KUNIT_CASE(sio_session_up__another_instance),
	KUNIT_CASE(sio_session_up__another_boot),
	KUNIT_CASE(sio_session_up__peer_takes_less_than_a_segment),
	KUNIT_CASE(sio_session_up__peer_takes_more_than_the_link),
	KUNIT_CASE(sio_session_up__guest_wants_no_flow),
	KUNIT_CASE(sio_session_up__guest_wants_too_many_flows),
	KUNIT_CASE(sio_session_up__peer_grants_more_slots_than_there_are),
	KUNIT_CASE(sio_session_flow_up__third_before_second),
	KUNIT_CASE(sio_session_flow_up__closing),
	KUNIT_CASE(sio_session_drop_flows__fin),
	KUNIT_CASE(sio_session_watch__peer_was_heard),
	KUNIT_CASE(sio_session_watch__keep_alive),
	KUNIT_CASE(sio_session_watch__keep_alive_was_just_sent),
	KUNIT_CASE(sio_session_watch__silent_for_too_long),
	KUNIT_CASE(sio_session_watch__flow_that_was_reset),
	KUNIT_CASE(sio_session_watch__flow_that_is_being_greeted),
	{}
};

static struct kunit_suite sio_session_suite = {
	.name = "session",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_session_cases,
};

kunit_test_suite(sio_session_suite);
