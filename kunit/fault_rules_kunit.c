// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/fault.c: which rules are taken, and how long they hold. */
#include <kunit/test.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/neighbour.h>

#include "fault_fix.h"
#include "nomem.h"
#include "proto/fault.h"
#include "proto/link.h"
#include "proto/wire.h"

static void sio_fault_isn__last_rule_of_that_kind(struct kunit *test)
{
	static const struct sio_it_rule rules[] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_ISN,
			    [SIO_A_FAULT_VALUE] = 11 } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_ISN,
			    [SIO_A_FAULT_VALUE] = 22 } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			    [SIO_A_FAULT_FIRST] = 2,
			    [SIO_A_FAULT_VALUE] = 33 } },
	};
	struct sio_it *it = test->priv;
	u32 isn = 5;

	KUNIT_EXPECT_FALSE(test, sio_fault_isn(it->link, &isn));
	sio_it_rule(test, &rules[2]);
	KUNIT_EXPECT_FALSE(test, sio_fault_isn(it->link, &isn));
	KUNIT_EXPECT_EQ(test, isn, 5);
	KUNIT_ASSERT_EQ(test, sio_it_set(test, rules, 3, NULL), 0);
	KUNIT_EXPECT_TRUE(test, sio_fault_isn(it->link, &isn));
	KUNIT_EXPECT_EQ(test, isn, 22);
	/* Such a rule hits no frame */
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_set__refuses_in_a_sentence(struct kunit *test)
{
	static const struct {
		struct sio_it_rule rule;
		int err;
		const char *says;
	} cases[] = {
		{ { .attr = { [SIO_A_FAULT_FIRST] = 1 } }, -EINVAL, "action" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_IT_ZERO } },
		  -ERANGE, "range" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_MAX + 1 } },
		  -ERANGE, "range" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			      [SIO_A_FAULT_FIRST] = SIO_IT_ZERO } },
		  -ERANGE, "range" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			      [SIO_A_FAULT_PPM] = SIO_IT_ZERO } },
		  -ERANGE, "range" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			      [SIO_A_FAULT_PPM] = 1000001 } },
		  -ERANGE, "million" },
		{ { .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY,
			      [SIO_A_FAULT_DELAY_US] = SIO_IT_MINUTE + 1 } },
		  -ERANGE, "60 seconds" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct netlink_ext_ack extack = {};

		KUNIT_EXPECT_EQ_MSG(test, sio_it_set(test, &cases[i].rule, 1,
						     &extack),
				    cases[i].err, "case %u", i);
		KUNIT_ASSERT_NOT_NULL(test, extack._msg);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(extack._msg, cases[i].says),
				      "case %u: %s", i, extack._msg);
	}
}

static void sio_fault_set__bounds_are_allowed(struct kunit *test)
{
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_PPM] = 1000000,
		[SIO_A_FAULT_DELAY_US] = SIO_IT_MINUTE } });
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_set__too_many(struct kunit *test)
{
	struct sio_it_rule rules[SIO_FAULT_RULES + 1] = {};
	struct netlink_ext_ack extack = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		rules[i].attr[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP;
		rules[i].attr[SIO_A_FAULT_TYPE] = i + 1;
	}
	KUNIT_EXPECT_EQ(test, sio_it_set(test, rules, SIO_FAULT_RULES, NULL),
			0);
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_FAULT_RULES));
	KUNIT_EXPECT_EQ(test, sio_it_set(test, rules, SIO_FAULT_RULES + 1,
					 &extack), -E2BIG);
	KUNIT_EXPECT_STREQ(test, extack._msg, "A link has at most 8 rules");
}

static void sio_fault_set__refused_ones_change_nothing(struct kunit *test)
{
	static const struct sio_it_rule rules[2] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DUP } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_IT_ZERO } },
	};

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
		[SIO_A_FAULT_FIRST] = 2 } });
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_EQ(test, sio_it_set(test, rules, 2, NULL), -ERANGE);
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_fault_set__none_clears_them(struct kunit *test)
{
	struct sk_buff *skb = sio_it_frame(test, 100);
	struct sio_it *it = test->priv;

	KUNIT_EXPECT_EQ(test, sio_it_set(test, NULL, 0, NULL), 0);
	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP } });
	KUNIT_EXPECT_EQ(test, sio_it_set(test, NULL, 0, NULL), 0);
	KUNIT_EXPECT_FALSE(test, sio_it_send_skb(it, skb, 1));
	kfree_skb(skb);
}

static void sio_fault_set__what_was_held_is_dropped(struct kunit *test)
{
	static const struct sio_it_rule rules[2] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_REORDER } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DROP,
			    [SIO_A_FAULT_FIRST] = 2 } },
	};

	KUNIT_ASSERT_EQ(test, sio_it_set(test, rules, 2, NULL), 0);
	sio_it_send(test, SIO_MSG_PACKET);
	sio_it_rule(test, &rules[1]);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static void sio_fault_set__no_memory(struct kunit *test)
{
	struct sio_it *it = test->priv;
	int err;

	sio_it_rule(test, &(struct sio_it_rule) { .attr = {
		[SIO_A_FAULT_ACTION] = SIO_FAULT_DROP } });
	sio_nomem_begin(1);
	err = sio_fault_set(it->link, NULL, 0, SIO_IT_NEST, NULL);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_FALSE(test, sio_it_arrives(test, SIO_MSG_PACKET));
}

static void sio_it_stop(struct sio_it *it)
{
	mutex_lock(&sio_links_mutex);
	sio_fault_stop(it->link);
	mutex_unlock(&sio_links_mutex);
}

static void sio_fault_stop__nothing_is_held_any_more(struct kunit *test)
{
	static const struct sio_it_rule rules[] = {
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_REORDER,
			    [SIO_A_FAULT_TYPE] = SIO_MSG_HELLO,
			    [SIO_A_FAULT_COUNT] = SIO_IT_ZERO } },
		{ .attr = { [SIO_A_FAULT_ACTION] = SIO_FAULT_DELAY,
			    [SIO_A_FAULT_TYPE] = SIO_MSG_PACKET,
			    [SIO_A_FAULT_COUNT] = SIO_IT_ZERO,
			    [SIO_A_FAULT_DELAY_US] = SIO_IT_MINUTE } },
	};
	struct sio_it *it = test->priv;
	unsigned int held;

	sio_it_stop(it);
	KUNIT_ASSERT_EQ(test, sio_it_set(test, rules, 2, NULL), 0);
	sio_it_send(test, SIO_MSG_PACKET);
	sio_it_send(test, SIO_MSG_HELLO);
	held = refcount_read(&it->neigh->refcnt);
	sio_it_stop(it);
	KUNIT_EXPECT_EQ(test, refcount_read(&it->neigh->refcnt), held - 2);
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_HELLO));
	KUNIT_EXPECT_TRUE(test, sio_it_arrives(test, SIO_MSG_PACKET));
	KUNIT_EXPECT_EQ(test, sio_it_got(test), -1);
}

static struct kunit_case sio_fault_rules_cases[] = {
	KUNIT_CASE(sio_fault_isn__last_rule_of_that_kind),
	KUNIT_CASE(sio_fault_set__refuses_in_a_sentence),
	KUNIT_CASE(sio_fault_set__bounds_are_allowed),
	KUNIT_CASE(sio_fault_set__too_many),
	KUNIT_CASE(sio_fault_set__refused_ones_change_nothing),
	KUNIT_CASE(sio_fault_set__none_clears_them),
	KUNIT_CASE(sio_fault_set__what_was_held_is_dropped),
	KUNIT_CASE(sio_fault_set__no_memory),
	KUNIT_CASE(sio_fault_stop__nothing_is_held_any_more),
	{}
};

static struct kunit_suite sio_fault_rules_suite = {
	.name = "fault_rules",
	.init = sio_it_init,
	.test_cases = sio_fault_rules_cases,
};

kunit_test_suite(sio_fault_rules_suite);
