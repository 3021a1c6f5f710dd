// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/rx.c: what moves the state of a flow. */

#include <kunit/test.h>

#include "fixture.h"
#include "rx_fix.h"

/* A segment is dropped for one reason, and nothing has moved */
static void sio_rxt_refused(struct sio_fx *fx, const struct sio_seg *seg,
			    const void *payload, enum sio_cnt why)
{
	struct sio_rxt_state before, after;

	sio_rxt_note(fx->flow, &before);
	sio_fx_rx(fx, seg, payload);
	sio_rxt_note(fx->flow, &after);
	KUNIT_EXPECT_EQ(fx->test, sio_fx_count(fx, why), 1);
	KUNIT_EXPECT_MEMEQ(fx->test, &after, &before, sizeof(before));
	KUNIT_EXPECT_EQ(fx->test, skb_queue_len(&fx->packets), 0);
}

/* A piece of a message that begins at @off of the far side's bytes */
static struct sio_seg sio_rxt_piece(const struct sio_fx *fx, u64 off, u32 from,
				    u32 len)
{
	struct sio_seg seg = sio_fx_seg(fx, SIO_TCP_ACK, len);

	seg.seq = sio_seq_of(&fx->far, off + from);
	seg.tsval = sio_seq_tsval(&fx->far, off);
	seg.window = sio_seq_window(off);
	return seg;
}

static void sio_rx_flow__out_of_the_window(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	seg.seq += SIO_WINDOW_BYTES + 1;
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_WINDOW);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_flow__no_ack_flag(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_PSH, 0);
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_FLAGS);
}

static void sio_rx_flow__no_timestamps(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	seg.has_ts = false;
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_OPTIONS);
}

static void sio_rx_flow__syn_on_an_open_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_SYN, 0);
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_FLAGS);
	sio_rxt_expect_ack(fx);
}

static void sio_rx_flow__fin_with_payload(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	seg = sio_fx_seg(fx, SIO_TCP_ACK | SIO_TCP_FIN, le32_to_cpu(msg->len));
	sio_rxt_refused(fx, &seg, msg, SIO_CNT_DROP_FLAGS);
}

static void sio_rx_flow__ack_of_what_was_never_sent(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, le32_to_cpu(msg->len));
	seg.ack++;
	sio_rxt_refused(fx, &seg, msg, SIO_CNT_DROP_ACK);
}

static void sio_rx_flow__bare_with_a_guessed_timestamp(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	seg.tsval++;
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_OFFSET);
}

static void sio_rx_flow__payload_of_an_earlier_wrap(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, le32_to_cpu(msg->len));
	seg.window ^= 1;
	sio_rxt_refused(fx, &seg, msg, SIO_CNT_DROP_WRAP);
}

/* It is acknowledged at once: the first acknowledgment may have been lost */
static void sio_rx_flow__duplicate(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, le32_to_cpu(msg->len));
	sio_fx_rx(fx, &seg, msg);
	sio_rxt_expect_silence(fx);
	sio_fx_rx(fx, &seg, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_DUP), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
	KUNIT_EXPECT_EQ(test, sio_rxt_expect_ack(fx).ack, seg.seq + seg.len);
}

static void sio_rx_flow__dead(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sk_buff *skb;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	skb = sio_fx_frame(fx, &seg, NULL);
	local_bh_disable();
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	sio_rx_flow(fx->flow, skb, &seg);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_flow__exact_rst(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_RST, 0);
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, fx->flow->why, SIO_WHY_PEER_RST);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_RST), 1);
	sio_rxt_expect_silence(fx);
}

/* RFC 5961, 3.2: in the window, but a guess; a true peer will say it again */
static void sio_rx_flow__rst_that_is_not_exact(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_RST, 0);
	seg.seq++;
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_RST);
	sio_rxt_expect_ack(fx);
}

static void sio_rx_flow__rst_with_syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_RST | SIO_TCP_SYN, 0);
	sio_rxt_refused(fx, &seg, NULL, SIO_CNT_DROP_FLAGS);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_flow__fin(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg, ack = {}, fin = {};

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK | SIO_TCP_FIN, 0);
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_CLOSING);
	KUNIT_EXPECT_EQ(test, fx->flow->why, SIO_WHY_PEER_FIN);
	KUNIT_EXPECT_NOT_NULL(test, sio_fx_next(fx, &ack));
	KUNIT_EXPECT_EQ(test, ack.ack, seg.seq + 1);
	KUNIT_EXPECT_NOT_NULL(test, sio_fx_next(fx, &fin));
	KUNIT_EXPECT_EQ(test, fin.flags, SIO_TCP_ACK | SIO_TCP_FIN);
	KUNIT_EXPECT_EQ(test, fin.ack, seg.seq + 1);
}

static void sio_rx_flow__payload_after_the_end(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, false);
	rcu_read_lock();
	sio_flow_close(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_STATE), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->rx.max, 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
}

static void sio_rx_flow__keep_alive_is_answered(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	fx->flow->last_rx_ns = 0;
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	fx->far.nxt--;
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, sio_rxt_expect_ack(fx).ack, seg.seq + 1);
	KUNIT_EXPECT_NE(test, fx->flow->last_rx_ns, 0);
}

static void sio_rx_flow__pure_ack_is_not_answered(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	sio_fx_rx(fx, &seg, NULL);
	sio_rxt_expect_silence(fx);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_ACKS), 1);
}

/* Acknowledged by the timer, or at once when there is much of it */
static void sio_rx_flow__acks_wait_for_company(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u32 got = 0;

	sio_fx_up(fx, false);
	while (got < SIO_ACK_BYTES) {
		struct sio_msg_hdr *msg = sio_fx_packet_msg(fx, 30000);

		sio_rxt_expect_silence(fx);
		sio_fx_rx_msg(fx, msg);
		got += le32_to_cpu(msg->len);
	}
	sio_rxt_expect_ack(fx);
	KUNIT_EXPECT_EQ(test, fx->flow->unacked, 0);
}

static void sio_rx_flow__gap_is_reported_at_once(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg sack;

	sio_fx_up(fx, false);
	fx->far.nxt = 1000;
	sio_fx_rx_msg(fx, sio_fx_packet_msg(fx, SIO_RXT_PACKET));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_GAPS), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 1);
	sack = sio_rxt_expect_ack(fx);
	KUNIT_EXPECT_EQ(test, sack.ack, sio_seq_of(&fx->far, 0));
	KUNIT_ASSERT_EQ(test, sack.nr_sacks, 1);
	KUNIT_EXPECT_EQ(test, sack.sacks[0].left, sio_seq_of(&fx->far, 1000));
	KUNIT_EXPECT_EQ(test, sack.sacks[0].right,
			sio_seq_of(&fx->far, fx->far.nxt));
}

static void sio_rx_flow__gap_is_filled(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *first, *second;
	struct sio_seg seg, ack;

	sio_fx_up(fx, false);
	first = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, le32_to_cpu(first->len));
	fx->far.nxt = seg.len;
	second = sio_fx_packet_msg(fx, SIO_RXT_PACKET);
	sio_fx_rx_msg(fx, second);
	sio_rxt_expect_ack(fx);
	sio_fx_rx(fx, &seg, first);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_LATE), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 2);
	ack = sio_rxt_expect_ack(fx);
	KUNIT_EXPECT_EQ(test, ack.ack, sio_seq_of(&fx->far, fx->far.nxt));
	KUNIT_EXPECT_EQ(test, ack.nr_sacks, 0);
}

static void sio_rx_flow__chunks_in_any_order(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_msg_hdr *msg;
	struct sio_seg seg;
	u32 len, third;

	sio_fx_up(fx, false);
	msg = sio_fx_packet_msg(fx, 3000);
	len = le32_to_cpu(msg->len);
	third = len / 3;
	seg = sio_rxt_piece(fx, 0, third, third);
	sio_fx_rx(fx, &seg, (u8 *)msg + third);
	seg = sio_rxt_piece(fx, 0, 2 * third, len - 2 * third);
	sio_fx_rx(fx, &seg, (u8 *)msg + 2 * third);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_CHUNKS), 2);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->packets), 0);
	seg = sio_rxt_piece(fx, 0, 0, third);
	sio_fx_rx(fx, &seg, msg);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_RX_MSGS), 1);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&fx->packets), 1);
	KUNIT_EXPECT_EQ(test, skb_peek(&fx->packets)->len, 3000);
}

static void sio_rx_flow__chunk_that_holds_no_header(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;
	u8 few[8] = {};

	sio_fx_up(fx, false);
	seg = sio_rxt_piece(fx, 0, 0, sizeof(few));
	sio_fx_rx(fx, &seg, few);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_REASM), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->reasm.nr_msgs, 0);
}

/* Send @len bytes, as far as the sequence space is concerned */
static void sio_rxt_send(struct sio_fx *fx, u32 len)
{
	fx->flow->tx.nxt += len;
	fx->flow->rtt_off = fx->flow->tx.nxt;
	fx->flow->rtt_ns = ktime_get_ns();
}

static void sio_rx_flow__ack_moves_on_and_wakes(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_hist rtt = {};
	struct sio_seg seg;

	sio_fx_up(fx, false);
	sio_rxt_send(fx, SIO_CWND_INIT);
	KUNIT_EXPECT_TRUE(test, sio_packet_is_blocked(&fx->sess, 0));
	fx->flow->rtt_ns -= 20 * NSEC_PER_SEC;
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	sio_fx_rx(fx, &seg, NULL);
	sio_hist_sum(&rtt, &fx->sess.stats->rtt);
	KUNIT_EXPECT_EQ(test, rtt.nr[25], 1);	/* up to 33.6 s */
	KUNIT_EXPECT_GE(test, rtt.sum_ns, 20 * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, fx->flow->rx.una, SIO_CWND_INIT);
	KUNIT_EXPECT_EQ(test, fx->nr_wakes, 1);
	KUNIT_EXPECT_NE(test, fx->flow->rtt.srtt_us, 0);
	KUNIT_EXPECT_EQ(test, fx->flow->rtt_off, 0);
}

/* Selective acknowledgment of @beyond bytes after the first message */
static struct sio_seg sio_rxt_sack(struct sio_fx *fx, u32 beyond)
{
	struct sio_seg seg;

	sio_rxt_send(fx, 1000 + beyond);
	seg = sio_fx_seg(fx, SIO_TCP_ACK, 0);
	seg.ack = sio_seq_of(&fx->flow->tx, 0);
	seg.nr_sacks = 1;
	seg.sacks[0].left = sio_seq_of(&fx->flow->tx, 1000);
	seg.sacks[0].right = sio_seq_of(&fx->flow->tx, 1000 + beyond);
	return seg;
}

static void sio_rx_flow__sack_of_a_loss(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_rxt_sack(fx, 4 * SIO_FX_MSS);
	fx->flow->ctl_left[2] = sio_seq_of(&fx->flow->tx, 100);
	fx->flow->ctl_right[2] = sio_seq_of(&fx->flow->tx, 200);
	fx->flow->ctl_left[3] = sio_seq_of(&fx->flow->tx, 1100);
	fx->flow->ctl_right[3] = sio_seq_of(&fx->flow->tx, 1200);
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_LOST), 1);
	KUNIT_EXPECT_EQ(test, fx->flow->cwnd.bytes, SIO_CWND_INIT / 2);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_lost, BIT(2));
}

/* A frame or two may come later */
static void sio_rx_flow__sack_of_a_reordering(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, false);
	seg = sio_rxt_sack(fx, 2 * SIO_FX_MSS);
	fx->flow->ctl_left[2] = sio_seq_of(&fx->flow->tx, 100);
	fx->flow->ctl_right[2] = sio_seq_of(&fx->flow->tx, 200);
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_LOST), 0);
	KUNIT_EXPECT_EQ(test, fx->flow->cwnd.bytes, SIO_CWND_INIT);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_lost, 0);
}

/* A flow that has sent its SYN, and the answer it hopes for */
static struct sio_seg sio_rxt_syn_sent(struct sio_fx *fx)
{
	struct sio_flow *flow = sio_fx_flow(fx, true);
	struct sio_seg seg;

	flow->state = SIO_FLOW_SYN;
	seg = sio_fx_seg(fx, SIO_TCP_SYN | SIO_TCP_ACK, 0);
	seg.seq = SIO_FX_FAR_ISN;
	seg.tsval = SIO_FX_FAR_TS0;
	seg.mss = SIO_FX_MSS + SIO_TCP_OPT_LEN;
	seg.wscale = SIO_WSCALE;
	return seg;
}

static void sio_rxt_syn_refused(struct sio_fx *fx, const struct sio_seg *seg,
				enum sio_cnt why)
{
	sio_fx_rx(fx, seg, NULL);
	KUNIT_EXPECT_EQ(fx->test, sio_fx_link_count(fx, why), 1);
	KUNIT_EXPECT_EQ(fx->test, fx->flow->state, SIO_FLOW_SYN);
	sio_rxt_expect_silence(fx);
}

static void sio_rx_flow__syn_ack(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_OPEN);
	KUNIT_EXPECT_EQ(test, fx->flow->rx.isn, SIO_FX_FAR_ISN);
	KUNIT_EXPECT_EQ(test, sio_rxt_expect_ack(fx).ack, SIO_FX_FAR_ISN + 1);
}

static void sio_rx_flow__syn_ack_of_another_syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.ack++;
	sio_rxt_syn_refused(fx, &seg, SIO_CNT_DROP_ACK);
}

static void sio_rx_flow__syn_ack_of_another_timestamp(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.tsecr++;
	sio_rxt_syn_refused(fx, &seg, SIO_CNT_DROP_OPTIONS);
}

static void sio_rx_flow__syn_ack_of_another_window_scale(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.wscale = SIO_WSCALE - 1;
	sio_rxt_syn_refused(fx, &seg, SIO_CNT_DROP_OPTIONS);
}

static void sio_rx_flow__ack_instead_of_syn_ack(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.flags = SIO_TCP_ACK;
	sio_rxt_syn_refused(fx, &seg, SIO_CNT_DROP_FLAGS);
}

static void sio_rx_flow__rst_to_the_syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.flags = SIO_TCP_RST | SIO_TCP_ACK;
	sio_fx_rx(fx, &seg, NULL);
	KUNIT_EXPECT_EQ(test, fx->flow->state, SIO_FLOW_DEAD);
	KUNIT_EXPECT_EQ(test, fx->flow->why, SIO_WHY_REFUSED);
}

static void sio_rx_flow__rst_to_another_syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg = sio_rxt_syn_sent(fx);

	seg.flags = SIO_TCP_RST | SIO_TCP_ACK;
	seg.ack--;
	sio_rxt_syn_refused(fx, &seg, SIO_CNT_DROP_ACK);
}

static struct kunit_case sio_rx_cases[] = {
	KUNIT_CASE(sio_rx_flow__out_of_the_window),
	KUNIT_CASE(sio_rx_flow__no_ack_flag),
	KUNIT_CASE(sio_rx_flow__no_timestamps),
	KUNIT_CASE(sio_rx_flow__syn_on_an_open_flow),
	KUNIT_CASE(sio_rx_flow__fin_with_payload),
	KUNIT_CASE(sio_rx_flow__ack_of_what_was_never_sent),
	KUNIT_CASE(sio_rx_flow__bare_with_a_guessed_timestamp),
	KUNIT_CASE(sio_rx_flow__payload_of_an_earlier_wrap),
	KUNIT_CASE(sio_rx_flow__duplicate),
	KUNIT_CASE(sio_rx_flow__dead),
	KUNIT_CASE(sio_rx_flow__exact_rst),
	KUNIT_CASE(sio_rx_flow__rst_that_is_not_exact),
	KUNIT_CASE(sio_rx_flow__rst_with_syn),
	KUNIT_CASE(sio_rx_flow__fin),
	KUNIT_CASE(sio_rx_flow__payload_after_the_end),
	KUNIT_CASE(sio_rx_flow__keep_alive_is_answered),
	KUNIT_CASE(sio_rx_flow__pure_ack_is_not_answered),
	KUNIT_CASE(sio_rx_flow__acks_wait_for_company),
	KUNIT_CASE(sio_rx_flow__gap_is_reported_at_once),
	KUNIT_CASE(sio_rx_flow__gap_is_filled),
	KUNIT_CASE(sio_rx_flow__chunks_in_any_order),
	KUNIT_CASE(sio_rx_flow__chunk_that_holds_no_header),
	KUNIT_CASE(sio_rx_flow__ack_moves_on_and_wakes),
	KUNIT_CASE(sio_rx_flow__sack_of_a_loss),
	KUNIT_CASE(sio_rx_flow__sack_of_a_reordering),
	KUNIT_CASE(sio_rx_flow__syn_ack),
	KUNIT_CASE(sio_rx_flow__syn_ack_of_another_syn),
	KUNIT_CASE(sio_rx_flow__syn_ack_of_another_timestamp),
	KUNIT_CASE(sio_rx_flow__syn_ack_of_another_window_scale),
	KUNIT_CASE(sio_rx_flow__ack_instead_of_syn_ack),
	KUNIT_CASE(sio_rx_flow__rst_to_the_syn),
	KUNIT_CASE(sio_rx_flow__rst_to_another_syn),
	{}
};

static struct kunit_suite sio_rx_suite = {
	.name = "rx",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_rx_cases,
};

kunit_test_suite(sio_rx_suite);
