// SPDX-License-Identifier: GPL-2.0
/* What the tests of the files with links, sessions and flows share. */

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <net/arp.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

#include "fixture.h"
#include "proto/hdr.h"
#include "proto/seal.h"

static const u8 sio_fx_far_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

/* Who has an address is asked, as on most links; this one is known */
static int sio_fx_add_neighbour(struct net_device *dev)
{
	__be32 addr = SIO_FX_RADDR;
	struct neighbour *n;
	int err;

	rtnl_lock();
	err = dev_change_flags(dev, dev->flags & ~IFF_NOARP, NULL);
	rtnl_unlock();
	if (err)
		return err;
	n = __neigh_lookup_errno(&arp_tbl, &addr, dev);
	if (IS_ERR(n))
		return PTR_ERR(n);
	err = neigh_update(n, sio_fx_far_mac, NUD_PERMANENT,
			   NEIGH_UPDATE_F_OVERRIDE, 0);
	neigh_release(n);
	return err;
}

static struct sio_fx *sio_fx_of(struct sio_session *sess)
{
	return container_of(sess, struct sio_fx, sess);
}

static void sio_fx_op_state(struct sio_session *sess)
{
	sio_fx_of(sess)->nr_states++;
}

static int sio_fx_op_ctl(struct sio_session *sess, u16 op, u16 arg,
			 const void *body, u32 len, void *reply,
			 u32 *reply_len)
{
	struct sio_fx *fx = sio_fx_of(sess);

	fx->nr_ctls++;
	fx->ctl_op = op;
	fx->ctl_arg = arg;
	fx->ctl_len = len;
	*reply_len = fx->ctl_reply;
	return fx->ctl_status;
}

static void sio_fx_op_rx_packet(struct sio_session *sess, u32 dev, u32 gen,
				struct sk_buff *skb)
{
	struct sio_fx *fx = sio_fx_of(sess);

	fx->rx_dev = dev;
	fx->rx_gen = gen;
	skb_queue_tail(&fx->packets, skb);
}

static void sio_fx_op_tx_wake(struct sio_session *sess)
{
	sio_fx_of(sess)->nr_wakes++;
}

/* The cookie of all these tests is the fixture itself, or something in it */
static void sio_fx_op_tx_done(void *cookie, u32 packets, u32 bytes)
{
	struct sio_fx *fx = cookie;

	fx->done_cookie = cookie;
	fx->done_packets += packets;
	fx->done_bytes += bytes;
}

static void sio_fx_op_release(struct sio_session *sess)
{
	sio_fx_of(sess)->is_released = true;
}

static const struct sio_session_ops sio_fx_ops = {
	.state		= sio_fx_op_state,
	.ctl		= sio_fx_op_ctl,
	.rx_packet	= sio_fx_op_rx_packet,
	.tx_wake	= sio_fx_op_tx_wake,
	.tx_done	= sio_fx_op_tx_done,
	.release	= sio_fx_op_release,
};

/**
 * sio_fx_init() - make a net device, a link on it and a session
 * @test: gets a struct sio_fx as its priv
 *
 * Return: 0 or a negative errno.
 */
int sio_fx_init(struct kunit *test)
{
	struct net_device *dev = sio_nic_create(test, SIO_FX_LADDR);
	u8 key[SIO_KEY_LEN];
	struct sio_fx *fx;
	int err;

	err = sio_fx_add_neighbour(dev);
	if (err)
		return err;
	fx = kzalloc(sizeof(*fx), GFP_KERNEL);
	if (!fx)
		return -ENOMEM;
	fx->test = test;
	fx->rport = SIO_FX_RPORT;
	fx->dev = dev;
	fx->sent = sio_nic_queue(dev);
	skb_queue_head_init(&fx->packets);
	fx->link = sio_link_get(&init_net, fx->dev->ifindex, SIO_FX_LADDR,
				NULL);
	err = PTR_ERR_OR_ZERO(fx->link);
	if (err)
		goto err_free;
	memset(key, 0x4b, sizeof(key));
	err = sio_session_init(&fx->sess, &init_net, &sio_fx_ops, SIO_FX_NAME,
			       key);
	if (err)
		goto err_link;
	/* the tests say when what happens */
	disable_work_sync(&fx->sess.work);
	disable_work_sync(&fx->sess.exec_work);
	test->priv = fx;
	return 0;

err_link:
	sio_link_put(fx->link);
err_free:
	kfree(fx);
	return err;
}

static void sio_fx_kill_flows(struct sio_fx *fx)
{
	struct sio_flow *flow;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(fx->link->flows); i++)
		hlist_for_each_entry_rcu(flow, &fx->link->flows[i], node)
			sio_flow_kill(flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
}

/**
 * sio_fx_exit() - take everything down, and see that nothing is left
 * @test: of sio_fx_init()
 */
void sio_fx_exit(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	if (!fx)
		return;
	sio_fx_kill_flows(fx);
	mutex_lock(&fx->sess.mutex);
	fx->sess.state = SIO_STATE_WAITING;	/* nobody would hear a goodbye */
	mutex_unlock(&fx->sess.mutex);
	sio_session_close(&fx->sess, false);
	if (fx->flow)
		sio_flow_put(fx->flow);
	sio_fx_left(fx);
	skb_queue_purge(&fx->packets);
	sio_link_put(fx->link);
	sio_session_put(&fx->sess);
	sio_session_flush();
	/* whoever still holds something would find it freed */
	KUNIT_EXPECT_TRUE(test, fx->is_released);
	if (fx->is_released)
		kfree(fx);
}

/**
 * sio_fx_quiet() - let nothing happen on a flow but what the test does
 * @flow: neither its timer nor its work item will run by itself
 */
void sio_fx_quiet(struct sio_flow *flow)
{
	disable_work_sync(&flow->work);
	spin_lock_bh(&flow->rx_lock);
	flow->is_armed = true;
	spin_unlock_bh(&flow->rx_lock);
}

/**
 * sio_fx_hold() - make a flow the one the fixture is about
 * @fx: has none, or another one
 * @flow: the fixture takes a reference, and far numbers that fit
 */
void sio_fx_hold(struct sio_fx *fx, struct sio_flow *flow)
{
	sio_flow_get(flow);
	sio_fx_quiet(flow);
	if (fx->flow)
		sio_flow_put(fx->flow);
	fx->flow = flow;
	sio_seq_tx_init(&fx->far, SIO_FX_FAR_ISN, SIO_FX_FAR_TS0);
}

/**
 * sio_fx_flow() - make a flow whose SYNs were exchanged
 * @fx: gets it
 * @is_dialer: as if this side had dialled it
 *
 * Return: the flow, in its link's table, without a session.
 */
struct sio_flow *sio_fx_flow(struct sio_fx *fx, bool is_dialer)
{
	struct sio_flow *flow;

	flow = sio_flow_create(fx->link, SIO_FX_RADDR, SIO_FX_LPORT,
			       fx->rport, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, flow);
	sio_fx_hold(fx, flow);
	sio_flow_put(flow);
	flow->is_dialer = is_dialer;
	sio_seq_tx_init(&flow->tx, SIO_FX_ISN, SIO_FX_TS0);
	sio_seq_rx_init(&flow->rx, SIO_FX_FAR_ISN, SIO_FX_FAR_TS0);
	flow->state = SIO_FLOW_OPEN;
	flow->step = SIO_STEP_HELLO;
	KUNIT_ASSERT_EQ(fx->test, sio_flow_open(flow), 0);
	KUNIT_ASSERT_EQ(fx->test, sio_flow_hash(flow), 0);
	return flow;
}

/**
 * sio_fx_hello_info() - what the far side tells of itself
 * @info: written whole
 */
void sio_fx_hello_info(struct sio_hello_info *info)
{
	memset(info, 0, sizeof(*info));
	memset(info->instance, SIO_FX_PEER_ID, sizeof(info->instance));
	memset(info->boot, SIO_FX_BOOT_ID, sizeof(info->boot));
	info->features = cpu_to_le64(SIO_FEAT_OURS);
	info->epoch = cpu_to_le32(SIO_FX_EPOCH);
	info->msg_max = cpu_to_le32(SIO_MSG_LEN_MAX);
	info->ctl_bytes = cpu_to_le32(SIO_CTL_BYTES);
	info->mss = cpu_to_le16(SIO_FX_MSS);
	info->ctl_slots = cpu_to_le16(SIO_CTL_SLOTS);
	info->flows = cpu_to_le16(1);
}

/**
 * sio_fx_keys() - give a flow keys as if its hello had been read
 * @flow: gets different ones for both ways
 */
void sio_fx_keys(struct sio_flow *flow)
{
	memset(flow->tx_key, 0x11, sizeof(flow->tx_key));
	memset(flow->rx_key, 0x22, sizeof(flow->rx_key));
	sio_flow_set_keys(flow);
}

/**
 * sio_fx_up() - make a flow and bring the session up with it
 * @fx: had no flow
 * @is_guest: which side this is
 */
void sio_fx_up(struct sio_fx *fx, bool is_guest)
{
	struct sio_flow *flow = sio_fx_flow(fx, is_guest);
	struct sio_session *sess = &fx->sess;

	sess->is_guest = is_guest;
	sio_fx_hello_info(&flow->greet->peer);
	flow->greet->features = SIO_FEAT_OURS;
	flow->greet->mss = SIO_FX_MSS;
	sio_fx_keys(flow);
	sio_flow_adopted(flow);
	sio_session_get(sess);
	rcu_assign_pointer(flow->sess, sess);
	mutex_lock(&sess->mutex);
	sio_flow_get(flow);
	rcu_assign_pointer(sess->flows[0], flow);
	__sio_session_up(sess, flow, SIO_FX_EPOCH);
	mutex_unlock(&sess->mutex);
}

/**
 * sio_fx_count() - a counter of the session
 * @fx: whose
 * @cnt: which
 *
 * Return: its value.
 */
u64 sio_fx_count(const struct sio_fx *fx, enum sio_cnt cnt)
{
	return sio_stats_sum(fx->sess.stats, cnt);
}

/**
 * sio_fx_link_count() - a counter of the link
 * @fx: whose
 * @cnt: which
 *
 * Return: its value.
 */
u64 sio_fx_link_count(const struct sio_fx *fx, enum sio_cnt cnt)
{
	return sio_stats_sum(fx->link->stats, cnt);
}

/**
 * sio_fx_seg() - headers of the far side's next segment
 * @fx: has a flow
 * @flags: SIO_TCP bits
 * @len: bytes of payload, a whole message
 *
 * Acknowledges all that this side has sent.
 *
 * Return: the headers.
 */
struct sio_seg sio_fx_seg(const struct sio_fx *fx, u8 flags, u32 len)
{
	const struct sio_flow *flow = fx->flow;
	struct sio_seg seg = {
		.saddr = flow->raddr,
		.daddr = fx->link->laddr,
		.sport = flow->rport,
		.dport = flow->lport,
		.seq = sio_seq_of(&fx->far, fx->far.nxt),
		.ack = sio_seq_of(&flow->tx, flow->tx.nxt),
		.tsval = sio_seq_tsval(&fx->far, fx->far.nxt),
		.tsecr = flow->tx.ts0,
		.window = sio_seq_window(fx->far.nxt),
		.flags = flags,
		.has_ts = true,
		.len = len,
	};

	return seg;
}

/**
 * sio_fx_frame() - a frame as the ingress hook sees it
 * @fx: where it comes in
 * @seg: its headers
 * @payload: @seg->len bytes
 *
 * Return: data at the IPv4 header; all checksums are right, and nobody vouches
 * for them.
 */
struct sk_buff *sio_fx_frame(struct sio_fx *fx, const struct sio_seg *seg,
			     const void *payload)
{
	u32 hdr_len = sio_frame_hdr_len(seg);
	struct sk_buff *skb;
	struct tcphdr *tcp;

	skb = alloc_skb(LL_MAX_HEADER + hdr_len + seg->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, skb);
	skb_reserve(skb, LL_MAX_HEADER);
	sio_frame_build(skb_put(skb, hdr_len), seg, 0);
	if (seg->len)
		skb_put_data(skb, payload, seg->len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, SIO_IP_LEN);
	/* it has the sum of the pseudo-header so far */
	tcp = tcp_hdr(skb);
	tcp->check = csum_fold(skb_checksum(skb, SIO_IP_LEN,
					    skb->len - SIO_IP_LEN, 0));
	skb->protocol = htons(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb->dev = fx->dev;
	return skb;
}

/**
 * sio_fx_hook() - a frame comes in
 * @fx: where
 * @skb: consumed if NF_STOLEN is returned
 *
 * Return: as sio_rx_hook().
 */
unsigned int sio_fx_hook(struct sio_fx *fx, struct sk_buff *skb)
{
	unsigned int verdict;

	local_bh_disable();
	rcu_read_lock();
	verdict = sio_rx_hook(fx->link, skb, NULL);
	rcu_read_unlock();
	local_bh_enable();
	return verdict;
}

/**
 * sio_fx_rx() - a segment comes in, which must be one of ours
 * @fx: where
 * @seg: its headers
 * @payload: @seg->len bytes
 */
void sio_fx_rx(struct sio_fx *fx, const struct sio_seg *seg,
	       const void *payload)
{
	KUNIT_ASSERT_EQ(fx->test, NF_STOLEN,
			sio_fx_hook(fx, sio_fx_frame(fx, seg, payload)));
}

/**
 * sio_fx_msg() - a message as the far side would send it next
 * @fx: has a flow
 * @type: enum sio_msg_type
 * @body_len: bytes after the header, all zero
 *
 * Return: the header; lives as long as the test, with room to be sealed.
 */
struct sio_msg_hdr *sio_fx_msg(struct sio_fx *fx, u8 type, u32 body_len)
{
	u32 len = sizeof(struct sio_msg_hdr) + body_len;
	struct sio_msg_hdr *msg;

	msg = kunit_kzalloc(fx->test, len + SIO_TAG_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	sio_hdr_init(msg, type, len);
	msg->offset = cpu_to_le64(fx->far.nxt);
	msg->epoch = cpu_to_le32(fx->flow->epoch);
	return msg;
}

/**
 * sio_fx_rx_msg() - a message comes in, in one segment
 * @fx: has a flow
 * @msg: of sio_fx_msg(); sealed here if its suite says so
 */
void sio_fx_rx_msg(struct sio_fx *fx, struct sio_msg_hdr *msg)
{
	u32 len = le32_to_cpu(msg->len);
	struct sio_seg seg = sio_fx_seg(fx, SIO_TCP_ACK | SIO_TCP_PSH, len);

	if (msg->suite == SIO_SUITE_CHACHA)
		sio_seal(msg, len, fx->flow->rx_key);
	sio_fx_rx(fx, &seg, msg);
	fx->far.nxt += len;
}

/**
 * sio_fx_rx_slow() - a message comes in and is taken in process context
 * @fx: has a flow
 * @type: enum sio_msg_type
 * @body: what follows the header
 * @len: bytes of @body
 *
 * Sealed as soon as the flow has keys, but for the types that never are.
 */
void sio_fx_rx_slow(struct sio_fx *fx, u8 type, const void *body, u32 len)
{
	struct sio_msg_hdr *msg = sio_fx_msg(fx, type, len);

	if (len)
		memcpy(msg + 1, body, len);
	if (fx->flow->has_keys && type != SIO_MSG_HELLO &&
	    type != SIO_MSG_HELLO_ACK && type != SIO_MSG_JOIN &&
	    type != SIO_MSG_JOIN_ACK)
		msg->suite = SIO_SUITE_CHACHA;
	sio_fx_rx_msg(fx, msg);
	sio_rx_slow(fx->flow);
}

/**
 * sio_fx_packet_msg() - a message with one packet for SIO_FX_DEV
 * @fx: has a flow
 * @len: bytes of the packet, its Ethernet header included
 *
 * Return: the header; lives as long as the test.
 */
struct sio_msg_hdr *sio_fx_packet_msg(struct sio_fx *fx, u32 len)
{
	struct sio_rec_packet *rec;
	struct sio_msg_hdr *msg;
	u8 *packet;
	u32 i;

	msg = sio_fx_msg(fx, SIO_MSG_PACKET, sizeof(*rec) + len);
	msg->dev = cpu_to_le32(SIO_FX_DEV);
	msg->gen = cpu_to_le32(SIO_FX_GEN);
	msg->nr_recs = 1;
	rec = (struct sio_rec_packet *)(msg + 1);
	sio_rec_init(&rec->rec, SIO_REC_PACKET, sizeof(*rec) + len);
	packet = (u8 *)(rec + 1);
	for (i = 0; i < len; i++)
		packet[i] = i;
	return msg;
}

/**
 * sio_fx_timer() - a flow's timer runs out
 * @flow: made quiet, and is so afterwards
 *
 * Return: true if it was started again.
 */
bool sio_fx_timer(struct sio_flow *flow)
{
	bool again;

	/* no softirq gets between: the timer must not run by itself */
	local_bh_disable();
	sio_flow_get(flow);
	sio_rx_timer(flow);
	again = hrtimer_try_to_cancel(&flow->timer) == 1;
	flow->is_armed = true;
	local_bh_enable();
	if (again)
		sio_flow_put(flow);
	return again;
}

/**
 * sio_fx_next() - the oldest frame the link was given
 * @fx: the link's
 * @seg: gets its headers
 *
 * Return: the frame, data at the payload, valid until the next call; NULL if
 * there is none.
 */
struct sk_buff *sio_fx_next(struct sio_fx *fx, struct sio_seg *seg)
{
	struct sk_buff *skb = skb_dequeue(fx->sent);
	u32 linear;

	kfree_skb(fx->last);
	fx->last = skb;
	if (!skb)
		return NULL;
	__skb_pull(skb, ETH_HLEN);
	linear = skb_headlen(skb);
	KUNIT_EXPECT_EQ(fx->test, SIO_CNT_NONE,
			sio_frame_parse(skb->data, linear, skb->len, seg));
	__skb_pull(skb, seg->hdr_len);
	return skb;
}

/**
 * sio_fx_next_msg() - the oldest message the link was given, opened
 * @fx: has a flow, whose keys are different for both ways
 *
 * Frames without payload before it are passed over.
 *
 * Return: the header; lives as long as the test; NULL if there is none.
 */
struct sio_msg_hdr *sio_fx_next_msg(struct sio_fx *fx)
{
	struct sio_msg_hdr *msg;
	struct sk_buff *skb;
	struct sio_seg seg;

	do {
		skb = sio_fx_next(fx, &seg);
	} while (skb && !skb->len);
	if (!skb)
		return NULL;
	msg = kunit_kzalloc(fx->test, skb->len + SIO_TAG_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, msg);
	KUNIT_EXPECT_EQ(fx->test, skb_copy_bits(skb, 0, msg, skb->len), 0);
	KUNIT_EXPECT_EQ(fx->test, sio_hdr_check(msg, skb->len), SIO_CNT_NONE);
	if (msg->suite == SIO_SUITE_CHACHA)
		KUNIT_EXPECT_EQ(fx->test, 0, sio_unseal(msg, skb->len,
							fx->flow->tx_key));
	return msg;
}

/**
 * sio_fx_left() - the link is done with all frames
 * @fx: the link's
 */
void sio_fx_left(struct sio_fx *fx)
{
	kfree_skb(fx->last);
	fx->last = NULL;
	skb_queue_purge(fx->sent);
}
