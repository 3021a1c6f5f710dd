// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/fault.c: what is hit, and what becomes of it. */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/tcp.h>

#include "fault_fix.h"
#include "nic.h"
#include "nomem.h"
#include "proto/fault.h"
#include "proto/link.h"
#include "proto/wire.h"

/* Enough to tell one seed from another */
#define SIO_IT_FRAMES	500

/* Send SIO_IT_FRAMES and note which do not arrive */
static void sio_it_note_drops(struct kunit *test, unsigned long *drops)
{
	unsigned int i;

	for (i = 0; i < SIO_IT_FRAMES; i++)
		__assign_bit(i, drops, !sio_it_arrives(test, SIO_MSG_PACKET));
}

static u64 sio_it_hits(const struct sio_it *it)
{
	return sio_stats_sum(it->link->stats, SIO_CNT_FAULTS);
}

/* Is the TCP checksum of a frame what it should be, or will the NIC see to it? */
static bool sio_it_has_csum(struct sk_buff *skb)
{
	const struct iphdr *ip = (struct iphdr *)skb->data;
	u32 len = skb->len - SIO_IP_LEN;

	return skb->ip_summed == CHECKSUM_PARTIAL ||
	       !csum_tcpudp_magic(ip->saddr, ip->daddr, len, IPPROTO_TCP,
				  skb_checksum(skb, SIO_IP_LEN, len, 0));
}

static void sio_fault_tx__no_rules(struct kunit *test)
{
	struct sk_buff *skb = sio_it_frame(test, 100);
	struct sio_it *it = test->priv;

	KUNIT_EXPECT_FALSE(test, sio_it_send_skb(it, skb, SIO_MSG_PACKET));
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_tx__first_frame_by_default(struct kunit *test)
{
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP } });
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, 0));
	KUNIT_EXPECT_EQ(test, sio_it_hits(test->priv), 1);
}

static void sio_fault_tx__ordinals(struct kunit *test)
{
	int i;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_FIRST] = 3, [SIO_A_FAULT_COUNT] = 2 } });
	for (i = 1; i < 10; i++)
		KUNIT_EXPECT_EQ(test, sio_it_arrives(test, SIO_MSG_PACKET),
				i != 3 && i != 4);

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_FIRST] = 3, [SIO_A_FAULT_COUNT] = SIO_IT_ZERO } });
	for (i = 1; i < 10; i++)
		KUNIT_EXPECT_EQ(test, sio_it_arrives(test, SIO_MSG_PACKET),
				i < 3);
}

static void sio_fault_tx__last_ordinals_of_all(struct kunit *test)
{
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_FIRST] = 2,
		[SIO_A_FAULT_COUNT] = U32_MAX - 1 } });
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_tx__types(struct kunit *test)
{
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_TYPE] = SIO_MSG_HELLO,
		[SIO_A_FAULT_FIRST] = 2 } });
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_HELLO));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, 0));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_HELLO));

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_TYPE] = SIO_FAULT_TYPE_BARE } });
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_HELLO));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_FAULT_TYPE_BARE));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, 0));

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_COUNT] = 2 } });
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_HELLO));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, 0));
}

static void sio_fault_tx__next_rule_counts_what_the_first_left(struct kunit *test)
{
	static const struct sio_it_rule rules[2] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			    [SIO_A_FAULT_FIRST] = 2 } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			    [SIO_A_FAULT_FIRST] = 2 } },
	};

	KUNIT_ASSERT_EQ(test, sio_it_set(test, rules, 2, NULL), 0);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_EQ(test, sio_it_hits(test->priv), 2);
}

static void sio_fault_tx__seed_repeats_itself(struct kunit *test)
{
	struct sio_it_rule rule = { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_COUNT] = SIO_IT_ZERO,
		[SIO_A_FAULT_PPM] = 300000, [SIO_A_FAULT_SEED] = 7 } };
	DECLARE_BITMAP(first, SIO_IT_FRAMES);
	DECLARE_BITMAP(again, SIO_IT_FRAMES);

	sio_it_rule(test, &rule);
	sio_it_note_drops(test, first);
	/* The same ones in every run: no chance in that */
	KUNIT_EXPECT_GT(test, bitmap_weight(first, SIO_IT_FRAMES), 120);
	KUNIT_EXPECT_LT(test, bitmap_weight(first, SIO_IT_FRAMES), 180);

	sio_it_rule(test, &rule);
	sio_it_note_drops(test, again);
	KUNIT_EXPECT_TRUE(test, bitmap_equal(again, first, SIO_IT_FRAMES));

	rule.attr[SIO_A_FAULT_SEED] = 8;
	sio_it_rule(test, &rule);
	sio_it_note_drops(test, again);
	KUNIT_EXPECT_FALSE(test, bitmap_equal(again, first, SIO_IT_FRAMES));
}

static void sio_fault_tx__dup(struct kunit *test)
{
	u32 nr;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DUP } });
	nr = sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_tx__dup_without_memory(struct kunit *test)
{
	struct sk_buff *skb = sio_it_frame(test, 100);

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DUP } });
	sio_nomem_begin(1);
	sio_it_send_skb(test->priv, skb, SIO_MSG_PACKET);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, sio_it_got(test), 0);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_tx__reorder(struct kunit *test)
{
	u32 nr;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_REORDER } });
	nr = sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
	sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr + 1);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_tx__reorder_holds_one(struct kunit *test)
{
	u32 nr;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_REORDER,
		[SIO_A_FAULT_COUNT] = 3 } });
	nr = sio_it_send(test, SIO_MSG_PACKET);
	sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr + 1);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_tx__delay(struct kunit *test)
{
	static const struct sio_it_rule rules[] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY,
			    [SIO_A_FAULT_TYPE] = SIO_MSG_HELLO,
			    [SIO_A_FAULT_DELAY_US] = SIO_IT_MINUTE } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY,
			    [SIO_A_FAULT_TYPE] = SIO_MSG_PACKET,
			    [SIO_A_FAULT_COUNT] = SIO_IT_ZERO,
			    [SIO_A_FAULT_DELAY_US] = 1000 } },
	};
	struct sio_it *it = test->priv;
	u32 nr;

	KUNIT_ASSERT_EQ(test, sio_it_set(test, rules, 2, NULL), 0);
	/* Those that go sooner overtake, and the others go on waiting */
	sio_it_send(test, SIO_MSG_HELLO);
	nr = sio_it_send(test, SIO_MSG_PACKET);
	sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_ASSERT_TRUE(test, sio_nic_wait(it->dev, 2));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr + 1);
	/* And the timer still runs for new ones */
	nr = sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_ASSERT_TRUE(test, sio_nic_wait(it->dev, 1));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_tx__delay_of_none(struct kunit *test)
{
	struct sio_it *it = test->priv;
	u32 nr;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY } });
	nr = sio_it_send(test, SIO_MSG_PACKET);
	KUNIT_ASSERT_TRUE(test, sio_nic_wait(it->dev, 1));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), nr);
}

static void sio_fault_tx__delay_holds_so_many(struct kunit *test)
{
	unsigned int held = 0;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY,
		[SIO_A_FAULT_COUNT] = SIO_IT_ZERO,
		[SIO_A_FAULT_DELAY_US] = SIO_IT_MINUTE } });
	while (held < 10000 && !sio_it_arrives(test, SIO_MSG_PACKET))
		held++;
	KUNIT_EXPECT_EQ(test, held, 4096);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_tx__corrupt_one_bit(struct kunit *test)
{
	struct sk_buff *skb, *was;
	struct sio_it *it = test->priv;
	unsigned int i, where, bits;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_CORRUPT,
		[SIO_A_FAULT_COUNT] = SIO_IT_ZERO } });
	for (i = 0; i < 100; i++) {
		skb = sio_it_frame(test, 10);
		was = skb_copy(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, was);
		KUNIT_EXPECT_TRUE(test, sio_it_send_skb(it, skb, 1));
		skb = sio_nic_sent(it->dev);
		bits = 0;
		for (where = 0; skb && where < skb->len; where++) {
			u8 differs = skb->data[where] ^ was->data[where];

			bits += hweight8(differs);
			if (differs)
				KUNIT_EXPECT_GE(test, where, SIO_FRAME_HDR_LEN);
		}
		KUNIT_EXPECT_EQ(test, bits, 1);
		kfree_skb(skb);
		kfree_skb(was);
	}
}

static void sio_fault_tx__corrupt_without_payload(struct kunit *test)
{
	struct sk_buff *skb = sio_it_frame(test, 0), *was;
	struct sio_it *it = test->priv;

	was = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, was);
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_CORRUPT } });
	sio_it_send_skb(it, skb, 0);
	skb = sio_nic_sent(it->dev);
	if (skb)
		KUNIT_EXPECT_MEMEQ(test, skb->data, was->data, was->len);
	KUNIT_EXPECT_NOT_NULL(test, skb);
	kfree_skb(skb);
	kfree_skb(was);
}

static void sio_fault_tx__badsum(struct kunit *test)
{
	struct sio_it *it = test->priv;
	struct sk_buff *skb;
	int i;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_BADSUM } });
	for (i = 0; i < 2; i++) {
		sio_it_send(test, SIO_MSG_PACKET);
		skb = sio_nic_sent(it->dev);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, sio_it_has_csum(skb), i == 1);
		kfree_skb(skb);
	}
}

static void sio_fault_tx__badsum_of_every_segment(struct kunit *test)
{
	struct sk_buff *skb = sio_it_frame(test, 3 * SIO_IT_MSS - 1);
	struct sio_it *it = test->priv;
	int i;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_BADSUM } });
	sio_it_send_skb(it, skb, SIO_MSG_PACKET);
	for (i = 0; i < 3; i++) {
		skb = sio_nic_sent(it->dev);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, skb->len,
				SIO_FRAME_HDR_LEN + SIO_IT_MSS - (i == 2));
		KUNIT_EXPECT_FALSE(test, sio_it_has_csum(skb));
		kfree_skb(skb);
	}
	KUNIT_EXPECT_NULL(test, sio_nic_sent(it->dev));
}

static void sio_fault_tx__badsum_without_memory(struct kunit *test)
{
	unsigned int nth, arrived, least = 3;
	struct sio_it *it = test->priv;
	struct sk_buff *skb;
	bool failed = true;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_BADSUM,
		[SIO_A_FAULT_COUNT] = SIO_IT_ZERO } });
	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		skb = sio_it_frame(test, 3 * SIO_IT_MSS);
		sio_nomem_begin(nth);
		KUNIT_EXPECT_TRUE(test, sio_it_send_skb(it, skb, 1));
		failed = sio_nomem_end();
		for (arrived = 0; (skb = sio_nic_sent(it->dev)); arrived++) {
			KUNIT_EXPECT_FALSE(test, sio_it_has_csum(skb));
			kfree_skb(skb);
		}
		least = min(least, arrived);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_EQ(test, arrived, 3);
	KUNIT_EXPECT_EQ(test, least, 0);
}

static struct kunit_case sio_fault_cases[] = {
	KUNIT_CASE(sio_fault_tx__no_rules),
	KUNIT_CASE(sio_fault_tx__first_frame_by_default),
	KUNIT_CASE(sio_fault_tx__ordinals),
	KUNIT_CASE(sio_fault_tx__last_ordinals_of_all),
	KUNIT_CASE(sio_fault_tx__types),
	KUNIT_CASE(sio_fault_tx__next_rule_counts_what_the_first_left),
	KUNIT_CASE(sio_fault_tx__seed_repeats_itself),
	KUNIT_CASE(sio_fault_tx__dup),
	KUNIT_CASE(sio_fault_tx__dup_without_memory),
	KUNIT_CASE(sio_fault_tx__reorder),
	KUNIT_CASE(sio_fault_tx__reorder_holds_one),
	KUNIT_CASE(sio_fault_tx__delay),
	KUNIT_CASE(sio_fault_tx__delay_of_none),
	KUNIT_CASE(sio_fault_tx__delay_holds_so_many),
	KUNIT_CASE(sio_fault_tx__corrupt_one_bit),
	KUNIT_CASE(sio_fault_tx__corrupt_without_payload),
	KUNIT_CASE(sio_fault_tx__badsum),
	KUNIT_CASE(sio_fault_tx__badsum_of_every_segment),
	KUNIT_CASE(sio_fault_tx__badsum_without_memory),
	{}
};

static struct kunit_suite sio_fault_suite = {
	.name = "fault",
	.init = sio_it_init,
	.test_cases = sio_fault_cases,
};

kunit_test_suite(sio_fault_suite);
