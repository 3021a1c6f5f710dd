// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/listen.c: which cookies come back, and what they open. */
#include <kunit/static_stub.h>
#include <kunit/test-bug.h>
#include <kunit/test.h>
#include <linux/skbuff.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "nic.h"
#include "nomem.h"
#include "proto/fault.h"
#include "proto/flow.h"

#define SIO_LT_PORT	7423
#define SIO_LT_NEST	1

/**
 * struct sio_lt - a link that listens
 * @dev: its device
 * @link: the link
 * @period: what the clock of the cookies says
 * @syn: a SYN that is welcome
 */
struct sio_lt {
	struct net_device *dev;
	struct sio_link *link;
	u64 period;
	struct sio_seg syn;
};

static u64 sio_lt_period(void)
{
	const struct sio_lt *lt = kunit_get_current_test()->priv;

	return lt->period;
}

static struct sio_session *sio_lt_nobody(struct net *net, const char *name)
{
	return NULL;
}

static int sio_lt_init(struct kunit *test)
{
	struct sio_lt *lt = kunit_kzalloc(test, sizeof(*lt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lt);
	test->priv = lt;
	lt->period = 1000;
	lt->syn = (struct sio_seg) {
		.saddr = SIO_NIC_PEER,
		.daddr = SIO_NIC_OWN,
		.sport = htons(50000),
		.dport = htons(SIO_LT_PORT),
		.seq = 0x11223344,
		.tsval = 0x55667788,
		.flags = SIO_TCP_SYN,
		.wscale = SIO_WSCALE,
		.has_ts = true,
		.may_sack = true,
	};
	lt->dev = sio_nic_create(test, SIO_NIC_OWN);
	lt->link = sio_nic_link(test, lt->dev);
	KUNIT_ASSERT_EQ(test, 0, sio_link_listen(lt->link, SIO_LT_PORT,
						 sio_lt_nobody, NULL));
	kunit_activate_static_stub(test, sio_listen_period, sio_lt_period);
	return 0;
}

static u64 sio_lt_count(const struct sio_lt *lt, enum sio_cnt cnt)
{
	return sio_stats_sum(lt->link->stats, cnt);
}

static bool sio_lt_wants(const struct sio_lt *lt, const struct sio_seg *seg)
{
	bool wants;

	rcu_read_lock_bh();
	rcu_read_lock();
	wants = sio_listen_wants(lt->link, seg);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return wants;
}

static void sio_lt_rx(struct kunit *test, const struct sio_seg *seg)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	const struct sio_lt *lt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	local_bh_disable();
	rcu_read_lock();
	sio_listen_rx(lt->link, skb, seg);
	rcu_read_unlock();
	local_bh_enable();
}

/* Send the SYN and read the answer; false if there is none */
static bool sio_lt_answer(struct kunit *test, struct sio_seg *answer)
{
	const struct sio_lt *lt = test->priv;
	struct sk_buff *skb;
	enum sio_cnt why;

	sio_lt_rx(test, &lt->syn);
	skb = sio_nic_sent(lt->dev);
	if (!skb)
		return false;
	why = sio_frame_parse(skb->data, skb_headlen(skb), skb->len, answer);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, why, SIO_CNT_NONE);
	return true;
}

/* The ACK of somebody who got the answer to the SYN */
static struct sio_seg sio_lt_ack(struct kunit *test)
{
	const struct sio_lt *lt = test->priv;
	struct sio_seg ack = lt->syn, answer;

	KUNIT_ASSERT_TRUE(test, sio_lt_answer(test, &answer));
	ack.flags = SIO_TCP_ACK;
	ack.seq = lt->syn.seq + 1;
	ack.tsval = lt->syn.tsval + 1;
	ack.ack = answer.seq + 1;
	ack.tsecr = answer.tsval;
	return ack;
}

/* No cookie of ours: not wanted, and counted */
static void sio_lt_expect_refused(struct kunit *test, struct sio_seg seg)
{
	const struct sio_lt *lt = test->priv;
	u64 before = sio_lt_count(lt, SIO_CNT_DROP_COOKIE);

	KUNIT_EXPECT_FALSE(test, sio_lt_wants(lt, &seg));
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_COOKIE),
			before + 1);
}

/* All that differs by one from what is accepted */
static void sio_lt_expect_exact(struct kunit *test, struct sio_seg seg)
{
	u32 *field[] = { &seg.seq, &seg.tsval, &seg.ack, &seg.tsecr };
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, sio_lt_wants(test->priv, &seg));
	for (i = 0; i < ARRAY_SIZE(field); i++) {
		++*field[i];
		sio_lt_expect_refused(test, seg);
		*field[i] -= 2;
		sio_lt_expect_refused(test, seg);
		++*field[i];
	}
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(test->priv, &seg));
}

static void sio_listen_wants__syn_to_its_port(struct kunit *test)
{
	struct sio_lt *lt = test->priv;

	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &lt->syn));
	lt->syn.flags |= SIO_TCP_PSH;
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &lt->syn));
	lt->syn.dport = htons(SIO_LT_PORT + 1);
	KUNIT_EXPECT_FALSE(test, sio_lt_wants(lt, &lt->syn));
}

static void sio_listen_wants__other_flags(struct kunit *test)
{
	static const u8 flags[] = {
		0, SIO_TCP_PSH, SIO_TCP_FIN, SIO_TCP_RST,
		SIO_TCP_SYN | SIO_TCP_ACK, SIO_TCP_SYN | SIO_TCP_FIN,
		SIO_TCP_SYN | SIO_TCP_RST, SIO_TCP_ACK | SIO_TCP_FIN,
		SIO_TCP_ACK | SIO_TCP_RST,
	};
	struct sio_lt *lt = test->priv;
	struct sio_seg seg = sio_lt_ack(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		seg.flags = flags[i];
		KUNIT_EXPECT_FALSE(test, sio_lt_wants(lt, &seg));
	}
	/* They are the stack's own affair */
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_COOKIE), 0);
}

static void sio_listen_wants__nobody_listens(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack = sio_lt_ack(test);

	sio_link_unlisten(lt->link);
	KUNIT_EXPECT_FALSE(test, sio_lt_wants(lt, &lt->syn));
	KUNIT_EXPECT_FALSE(test, sio_lt_wants(lt, &ack));
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_COOKIE), 0);
}

static void sio_listen_wants__exactly_what_was_answered(struct kunit *test)
{
	struct sio_seg ack = sio_lt_ack(test);

	sio_lt_expect_exact(test, ack);
	ack.flags |= SIO_TCP_PSH;
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(test->priv, &ack));
	ack.has_ts = false;
	sio_lt_expect_refused(test, ack);
}

static void sio_listen_wants__numbers_that_wrap(struct kunit *test)
{
	struct sio_lt *lt = test->priv;

	lt->syn.seq = U32_MAX;
	lt->syn.tsval = U32_MAX;
	sio_lt_expect_exact(test, sio_lt_ack(test));
}

static void sio_listen_wants__numbers_given_by_the_injector(struct kunit *test)
{
	struct sk_buff *attrs = alloc_skb(128, GFP_KERNEL);
	struct sio_lt *lt = test->priv;
	struct sio_seg ack, other;
	int i, err, differ = 0;
	struct nlattr *nest;

	KUNIT_ASSERT_NOT_NULL(test, attrs);
	nest = nla_nest_start(attrs, SIO_LT_NEST);
	err = nla_put_u8(attrs, SIO_A_FAULT_ACTION, SIO_FAULT_ISN) ?:
	      nla_put_u32(attrs, SIO_A_FAULT_VALUE, U32_MAX);
	nla_nest_end(attrs, nest);
	err = err ?: sio_fault_set(lt->link, (struct nlattr *)attrs->data,
				   attrs->len, SIO_LT_NEST, NULL);
	kfree_skb(attrs);
	KUNIT_ASSERT_EQ(test, err, 0);

	ack = sio_lt_ack(test);
	KUNIT_EXPECT_LE(test, ack.ack, 0xfff);
	sio_lt_expect_exact(test, ack);
	/* Twelve bits of it are cookie still, so some of these differ */
	for (i = 0; i < 10; i++) {
		lt->syn.sport = htons(50001 + i);
		other = sio_lt_ack(test);
		differ += other.ack != ack.ack;
	}
	KUNIT_EXPECT_GT(test, differ, 0);
}

static void sio_listen_wants__cookie_of_another_tuple(struct kunit *test)
{
	struct sio_seg ack = sio_lt_ack(test), other;

	other = ack;
	other.saddr = htonl(ntohl(ack.saddr) + 1);
	sio_lt_expect_refused(test, other);
	other = ack;
	other.sport = htons(50001);
	sio_lt_expect_refused(test, other);
}

static void sio_listen_wants__cookie_of_another_link(struct kunit *test)
{
	struct sio_lt *lt = test->priv, other = *lt;
	struct sio_seg ack = sio_lt_ack(test);

	other.dev = sio_nic_create(test, htonl(0x0a630101));
	other.link = sio_nic_link(test, other.dev);
	KUNIT_ASSERT_EQ(test, 0, sio_link_listen(other.link, SIO_LT_PORT,
						 sio_lt_nobody, NULL));
	KUNIT_EXPECT_FALSE(test, sio_lt_wants(&other, &ack));
	KUNIT_EXPECT_EQ(test, sio_lt_count(&other, SIO_CNT_DROP_COOKIE), 1);
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &ack));
}

static void sio_listen_wants__cookie_ages(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack = sio_lt_ack(test);

	lt->period++;
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &ack));
	lt->period++;
	sio_lt_expect_refused(test, ack);
	lt->period = 999;
	sio_lt_expect_refused(test, ack);
}

static void sio_listen_wants__first_period_has_none_before(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack;

	lt->period = 0;
	ack = sio_lt_ack(test);
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &ack));
	lt->period = 1;
	KUNIT_EXPECT_TRUE(test, sio_lt_wants(lt, &ack));
	lt->period = 2;
	sio_lt_expect_refused(test, ack);

	lt->period = U64_MAX;
	ack = sio_lt_ack(test);
	lt->period = 0;
	sio_lt_expect_refused(test, ack);
}

static void sio_listen_rx__syn_is_answered_and_forgotten(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg answer, again;

	KUNIT_ASSERT_TRUE(test, sio_lt_answer(test, &answer));
	KUNIT_EXPECT_EQ(test, answer.flags, SIO_TCP_SYN | SIO_TCP_ACK);
	KUNIT_EXPECT_TRUE(test, answer.saddr == SIO_NIC_OWN);
	KUNIT_EXPECT_TRUE(test, answer.daddr == SIO_NIC_PEER);
	KUNIT_EXPECT_TRUE(test, answer.sport == htons(SIO_LT_PORT));
	KUNIT_EXPECT_TRUE(test, answer.dport == htons(50000));
	KUNIT_EXPECT_EQ(test, answer.ack, lt->syn.seq + 1);
	KUNIT_EXPECT_TRUE(test, answer.has_ts);
	KUNIT_EXPECT_EQ(test, answer.tsecr, lt->syn.tsval);
	KUNIT_EXPECT_EQ(test, answer.wscale, SIO_WSCALE);
	KUNIT_EXPECT_TRUE(test, answer.may_sack);
	KUNIT_EXPECT_EQ(test, answer.mss, SIO_NIC_MTU - 40);
	KUNIT_EXPECT_EQ(test, answer.len, 0);
	KUNIT_EXPECT_EQ(test, lt->link->nr_flows, 0);

	/* Sent once more, it is answered the same */
	KUNIT_ASSERT_TRUE(test, sio_lt_answer(test, &again));
	KUNIT_EXPECT_EQ(test, again.seq, answer.seq);
	KUNIT_EXPECT_EQ(test, again.tsval, answer.tsval);
	/* Another one is not */
	lt->syn.sport = htons(50001);
	KUNIT_ASSERT_TRUE(test, sio_lt_answer(test, &again));
	KUNIT_EXPECT_NE(test, again.seq, answer.seq);
}

static void sio_listen_rx__syn_from_elsewhere(struct kunit *test)
{
	const __be32 from[] = {
		SIO_NIC_FAR, SIO_NIC_OWN, htonl(0x0a6300ff), htonl(0xe0000001),
		0,
	};
	struct sio_lt *lt = test->priv;
	struct sio_seg answer;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		lt->syn.saddr = from[i];
		KUNIT_EXPECT_FALSE(test, sio_lt_answer(test, &answer));
		KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_IP), i + 1);
	}
}

static void sio_listen_rx__syn_without_what_is_needed(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg syn = lt->syn;
	struct sio_seg answer;

	lt->syn.len = 1;
	KUNIT_EXPECT_FALSE(test, sio_lt_answer(test, &answer));
	lt->syn = syn;
	lt->syn.has_ts = false;
	KUNIT_EXPECT_FALSE(test, sio_lt_answer(test, &answer));
	lt->syn = syn;
	lt->syn.may_sack = false;
	KUNIT_EXPECT_FALSE(test, sio_lt_answer(test, &answer));
	lt->syn = syn;
	lt->syn.wscale = SIO_WSCALE - 1;
	KUNIT_EXPECT_FALSE(test, sio_lt_answer(test, &answer));
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_OPTIONS), 4);
}

static void sio_listen_rx__syn_without_memory(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	struct sio_lt *lt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	local_bh_disable();
	rcu_read_lock();
	sio_nomem_begin(1);
	sio_listen_rx(lt->link, skb, &lt->syn);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_NULL(test, sio_nic_sent(lt->dev));
}

static void sio_listen_rx__ack_opens_a_flow(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack = sio_lt_ack(test);
	struct sio_flow *flow;

	sio_lt_rx(test, &ack);
	KUNIT_EXPECT_EQ(test, lt->link->nr_flows, 1);
	KUNIT_EXPECT_EQ(test, lt->link->nr_embryos, 1);
	rcu_read_lock();
	flow = sio_flow_lookup_rcu(lt->link, &ack);
	if (flow)
		sio_flow_get(flow);
	rcu_read_unlock();
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, flow->state, SIO_FLOW_OPEN);
	KUNIT_EXPECT_EQ(test, flow->step, SIO_STEP_HELLO);
	KUNIT_EXPECT_FALSE(test, flow->is_dialer);
	KUNIT_EXPECT_TRUE(test, flow->is_armed);
	KUNIT_EXPECT_EQ(test, sio_seq_of(&flow->tx, flow->tx.nxt), ack.ack);
	KUNIT_EXPECT_EQ(test, sio_seq_tsval(&flow->tx, flow->tx.nxt),
			ack.tsecr + 1);
	KUNIT_EXPECT_EQ(test, sio_seq_ack(&flow->rx), ack.seq);
	sio_flow_put(flow);
}

static void sio_listen_rx__ack_without_memory(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack = sio_lt_ack(test);
	unsigned int nth, refused = 0;
	struct sk_buff *skb;
	bool failed = true;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		skb = alloc_skb(128, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		local_bh_disable();
		rcu_read_lock();
		sio_nomem_begin(nth);
		sio_listen_rx(lt->link, skb, &ack);
		failed = sio_nomem_end();
		refused += !lt->link->nr_flows;
		if (lt->link->nr_flows)
			sio_flow_kill(sio_flow_lookup_rcu(lt->link, &ack),
				      SIO_WHY_REMOVED);
		rcu_read_unlock();
		local_bh_enable();
		KUNIT_EXPECT_EQ(test, lt->link->nr_flows, 0);
		KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_NOMEM),
				refused);
	}
	/* The flow, and what it needs for the hello */
	KUNIT_EXPECT_GE(test, refused, 2);
	KUNIT_EXPECT_FALSE(test, failed);
}

static void sio_listen_rx__ack_when_the_table_is_full(struct kunit *test)
{
	struct sio_lt *lt = test->priv;
	struct sio_seg ack = sio_lt_ack(test);

	lt->link->nr_flows = SIO_LINK_FLOWS_MAX;
	sio_lt_rx(test, &ack);
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_FULL), 1);
	lt->link->nr_flows = 0;
	sio_lt_rx(test, &ack);
	KUNIT_EXPECT_EQ(test, sio_lt_count(lt, SIO_CNT_DROP_FULL), 1);
	KUNIT_EXPECT_EQ(test, lt->link->nr_flows, 1);
}

static struct kunit_case sio_listen_cases[] = {
	KUNIT_CASE(sio_listen_wants__syn_to_its_port),
	KUNIT_CASE(sio_listen_wants__other_flags),
	KUNIT_CASE(sio_listen_wants__nobody_listens),
	KUNIT_CASE(sio_listen_wants__exactly_what_was_answered),
	KUNIT_CASE(sio_listen_wants__numbers_that_wrap),
	KUNIT_CASE(sio_listen_wants__numbers_given_by_the_injector),
	KUNIT_CASE(sio_listen_wants__cookie_of_another_tuple),
	KUNIT_CASE(sio_listen_wants__cookie_of_another_link),
	KUNIT_CASE(sio_listen_wants__cookie_ages),
	KUNIT_CASE(sio_listen_wants__first_period_has_none_before),
	KUNIT_CASE(sio_listen_rx__syn_is_answered_and_forgotten),
	KUNIT_CASE(sio_listen_rx__syn_from_elsewhere),
	KUNIT_CASE(sio_listen_rx__syn_without_what_is_needed),
	KUNIT_CASE(sio_listen_rx__syn_without_memory),
	KUNIT_CASE(sio_listen_rx__ack_opens_a_flow),
	KUNIT_CASE(sio_listen_rx__ack_without_memory),
	KUNIT_CASE(sio_listen_rx__ack_when_the_table_is_full),
	{}
};

static struct kunit_suite sio_listen_suite = {
	.name = "listen",
	.init = sio_lt_init,
	.test_cases = sio_listen_cases,
};

kunit_test_suite(sio_listen_suite);
