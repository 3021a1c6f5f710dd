// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/tx.c: segments without payload. */

#include <kunit/test.h>
#include <net/neighbour.h>

#include "fixture.h"
#include "nomem.h"

static void sio_tx_bare__ack(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	fx->flow->unacked = 5;
	sio_tx_bare(fx->flow, SIO_TCP_ACK);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN + 1);
	KUNIT_EXPECT_EQ(test, seg.ack, SIO_FX_FAR_ISN + 1);
	KUNIT_EXPECT_EQ(test, seg.nr_sacks, 0);
	KUNIT_EXPECT_EQ(test, fx->flow->unacked, 0);
	KUNIT_EXPECT_EQ(test, fx->flow->tx.nxt, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_TX_ACKS), 1);
}

static void sio_tx_bare__keep_alive_repeats_the_last_byte(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_up(fx, true);
	sio_tx_bare(fx->flow, SIO_TCP_ACK | SIO_TX_KEEPALIVE);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN);
}

static void sio_tx_bare__syn(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_fx_flow(fx, true);
	fx->flow->state = SIO_FLOW_SYN;
	sio_tx_bare(fx->flow, SIO_TCP_SYN);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_SYN);
	KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN);
	KUNIT_EXPECT_EQ(test, seg.ack, 0);
	KUNIT_EXPECT_EQ(test, seg.tsval, SIO_FX_TS0);
	KUNIT_EXPECT_EQ(test, seg.tsecr, 0);
	KUNIT_EXPECT_EQ(test, seg.mss, SIO_FX_MSS + SIO_TCP_OPT_LEN);
	KUNIT_EXPECT_EQ(test, seg.wscale, SIO_WSCALE);
	KUNIT_EXPECT_TRUE(test, seg.may_sack);
}

/* What is sent after the FIN has the number after it */
static void sio_tx_bare__fin_counts_as_a_byte(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg fin, ack;

	sio_fx_up(fx, true);
	sio_tx_bare(fx->flow, SIO_TCP_FIN | SIO_TCP_ACK);
	sio_tx_bare(fx->flow, SIO_TCP_ACK);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &fin));
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &ack));
	KUNIT_EXPECT_EQ(test, fin.flags, SIO_TCP_FIN | SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, fin.seq, SIO_FX_ISN + 1);
	KUNIT_EXPECT_EQ(test, ack.seq, SIO_FX_ISN + 2);
}

static void sio_tx_bare__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	fx->flow->unacked = 5;
	sio_nomem_begin(1);
	sio_tx_bare(fx->flow, SIO_TCP_ACK);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	/* it is still owed */
	KUNIT_EXPECT_EQ(test, fx->flow->unacked, 5);
}

static void sio_tx_bare__dead_flow(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_fx_up(fx, true);
	rcu_read_lock();
	sio_flow_kill(fx->flow, SIO_WHY_REMOVED);
	rcu_read_unlock();
	sio_tx_bare(fx->flow, SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
	KUNIT_EXPECT_NULL(test, fx->flow->neigh);
}

static void sio_txt_syn_ack(struct sio_fx *fx)
{
	struct sio_seg syn = {
		.saddr = SIO_FX_RADDR, .daddr = SIO_FX_LADDR,
		.sport = SIO_FX_RPORT, .dport = SIO_FX_LPORT,
		.seq = SIO_FX_FAR_ISN, .tsval = SIO_FX_FAR_TS0,
	};

	local_bh_disable();
	rcu_read_lock();
	sio_tx_syn_ack(fx->link, &syn, SIO_FX_ISN, SIO_FX_TS0);
	rcu_read_unlock();
	local_bh_enable();
}

static void sio_tx_syn_ack__plain(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_seg seg;

	sio_txt_syn_ack(fx);
	KUNIT_ASSERT_NOT_NULL(test, sio_fx_next(fx, &seg));
	KUNIT_EXPECT_EQ(test, seg.flags, SIO_TCP_SYN | SIO_TCP_ACK);
	KUNIT_EXPECT_EQ(test, seg.daddr, SIO_FX_RADDR);
	KUNIT_EXPECT_EQ(test, seg.dport, SIO_FX_RPORT);
	KUNIT_EXPECT_EQ(test, seg.seq, SIO_FX_ISN);
	KUNIT_EXPECT_EQ(test, seg.ack, SIO_FX_FAR_ISN + 1);
	KUNIT_EXPECT_EQ(test, seg.tsval, SIO_FX_TS0);
	KUNIT_EXPECT_EQ(test, seg.tsecr, SIO_FX_FAR_TS0);
	KUNIT_EXPECT_EQ(test, seg.wscale, SIO_WSCALE);
	KUNIT_EXPECT_EQ(test, fx->link->nr_flows, 0);
}

static void sio_tx_syn_ack__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_nomem_begin(1);
	sio_txt_syn_ack(fx);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, skb_queue_len(fx->sent), 0);
}

static struct kunit_case sio_tx_bare_cases[] = {
	KUNIT_CASE(sio_tx_bare__ack),
	KUNIT_CASE(sio_tx_bare__keep_alive_repeats_the_last_byte),
	KUNIT_CASE(sio_tx_bare__syn),
	KUNIT_CASE(sio_tx_bare__fin_counts_as_a_byte),
	KUNIT_CASE(sio_tx_bare__no_memory),
	KUNIT_CASE(sio_tx_bare__dead_flow),
	KUNIT_CASE(sio_tx_syn_ack__plain),
	KUNIT_CASE(sio_tx_syn_ack__no_memory),
	{}
};

static struct kunit_suite sio_tx_bare_suite = {
	.name = "tx_bare",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_tx_bare_cases,
};

kunit_test_suite(sio_tx_bare_suite);
