// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/stats.c. */
#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/skbuff.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "nlskb.h"
#include "proto/stats.h"

/* Any type will do for the nests */
#define SIO_CT_NEST	7

static void sio_ct_free_percpu(void *priv)
{
	free_percpu((struct sio_stats __percpu *)(unsigned long)priv);
}

static struct sio_stats __percpu *sio_ct_stats(struct kunit *test)
{
	struct sio_stats __percpu *stats = alloc_percpu(struct sio_stats);
	int err;

	KUNIT_ASSERT_TRUE(test, stats);
	err = kunit_add_action_or_reset(test, sio_ct_free_percpu,
					(void *)(__force unsigned long)stats);
	KUNIT_ASSERT_EQ(test, err, 0);
	return stats;
}

/* Is the nest what a tool should read as that counter? */
static void sio_ct_expect(struct kunit *test, const struct nlattr *nest,
			  const char *name, u64 value)
{
	static const struct nla_policy policy[SIO_A_STAT_MAX + 1] = {
		[SIO_A_STAT_NAME]	= { .type = NLA_NUL_STRING },
		[SIO_A_STAT_VALUE]	= { .type = NLA_U64 },
		[SIO_A_STAT_PAD]	= { .type = NLA_FLAG },
	};
	struct nlattr *tb[SIO_A_STAT_MAX + 1];

	KUNIT_EXPECT_EQ(test, nla_type(nest), SIO_CT_NEST);
	KUNIT_ASSERT_EQ(test, nla_parse_nested(tb, SIO_A_STAT_MAX, nest, policy,
					       NULL), 0);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_STAT_NAME]);
	KUNIT_ASSERT_NOT_NULL(test, tb[SIO_A_STAT_VALUE]);
	KUNIT_EXPECT_STREQ(test, nla_data(tb[SIO_A_STAT_NAME]), name);
	KUNIT_EXPECT_EQ(test, nla_get_u64(tb[SIO_A_STAT_VALUE]), value);
}

static void sio_stats_name__every_counter_has_one_of_its_own(struct kunit *test)
{
	enum sio_cnt i, j;
	const char *name;

	for (i = SIO_CNT_NONE; i < SIO_CNT_NR; i++) {
		KUNIT_ASSERT_NOT_NULL(test, sio_stats_name(i));
		KUNIT_EXPECT_NE(test, sio_stats_name(i)[0], '\0');
		for (name = sio_stats_name(i); *name; name++)
			KUNIT_EXPECT_TRUE(test, islower(*name) || *name == '_');
		for (j = SIO_CNT_NONE; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, sio_stats_name(i),
					    sio_stats_name(j));
	}
}

static void sio_stats_name__reasons_say_that_they_are(struct kunit *test)
{
	enum sio_cnt cnt;

	for (cnt = SIO_CNT_NONE; cnt < SIO_CNT_NR; cnt++)
		KUNIT_EXPECT_EQ(test, cnt >= SIO_CNT_DROP_SHORT,
				strstarts(sio_stats_name(cnt), "drop_"));
}

static void sio_stats_sum__of_all_cpus(struct kunit *test)
{
	struct sio_stats __percpu *stats = sio_ct_stats(test);
	u64 want = 0;
	int cpu;

	KUNIT_EXPECT_EQ(test, sio_stats_sum(stats, SIO_CNT_RX_BYTES), 0);
	for_each_possible_cpu(cpu) {
		per_cpu_ptr(stats, cpu)->cnt[SIO_CNT_RX_BYTES] =
			(1ULL << 40) + cpu;
		want += (1ULL << 40) + cpu;
	}
	sio_stats_inc(stats, SIO_CNT_RX_BYTES);
	sio_stats_add(stats, SIO_CNT_RX_BYTES, 41);
	KUNIT_EXPECT_EQ(test, sio_stats_sum(stats, SIO_CNT_RX_BYTES),
			want + 42);
	KUNIT_EXPECT_EQ(test, sio_stats_sum(stats, SIO_CNT_RX_FRAMES), 0);
	KUNIT_EXPECT_EQ(test, sio_stats_sum(stats, SIO_CNT_RX_MSGS), 0);
}

static void sio_stats_fill_one__name_and_value(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);

	KUNIT_EXPECT_EQ(test, sio_stats_fill_one(skb, SIO_CT_NEST, "apples",
						 U64_MAX - 1), 0);
	sio_ct_expect(test, (struct nlattr *)skb->data, "apples", U64_MAX - 1);
}

static void sio_stats_fill_one__all_or_nothing(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);
	unsigned int need, room;

	KUNIT_ASSERT_EQ(test, sio_stats_fill_one(skb, SIO_CT_NEST, "pears", 1),
			0);
	need = skb->len;
	for (room = 0; room < need; room += sizeof(u64)) {
		skb = sio_nlskb_alloc(test, room);
		KUNIT_EXPECT_EQ(test, sio_stats_fill_one(skb, SIO_CT_NEST,
							 "pears", 1),
				-EMSGSIZE);
		KUNIT_EXPECT_EQ(test, skb->len, 0);
	}
}

static void sio_stats_fill__only_what_counted(struct kunit *test)
{
	struct sio_stats __percpu *stats = sio_ct_stats(test);
	struct sk_buff *skb = sio_nlskb_alloc(test, 1024);
	const struct nlattr *attr;
	int left;

	KUNIT_EXPECT_EQ(test, sio_stats_fill(skb, SIO_CT_NEST, stats), 0);
	KUNIT_EXPECT_EQ(test, skb->len, 0);

	/* The first and the last one, and not what stands for no reason */
	sio_stats_add(stats, SIO_CNT_NONE, 9);
	sio_stats_add(stats, SIO_CNT_DROP_PORT, 3);
	sio_stats_add(stats, SIO_CNT_RX_FRAMES, 5);
	KUNIT_EXPECT_EQ(test, sio_stats_fill(skb, SIO_CT_NEST, stats), 0);
	attr = (struct nlattr *)skb->data;
	left = skb->len;
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "rx_frames", 5);
	attr = nla_next(attr, &left);
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "drop_port", 3);
	nla_next(attr, &left);
	KUNIT_EXPECT_EQ(test, left, 0);
}

static void sio_stats_fill__no_room(struct kunit *test)
{
	struct sio_stats __percpu *stats = sio_ct_stats(test);
	struct sk_buff *skb = sio_nlskb_alloc(test, 1024);
	unsigned int need;

	sio_stats_inc(stats, SIO_CNT_RX_FRAMES);
	sio_stats_inc(stats, SIO_CNT_RX_BYTES);
	KUNIT_ASSERT_EQ(test, sio_stats_fill(skb, SIO_CT_NEST, stats), 0);
	need = skb->len;
	skb = sio_nlskb_alloc(test, need - 1);
	KUNIT_EXPECT_EQ(test, sio_stats_fill(skb, SIO_CT_NEST, stats),
			-EMSGSIZE);
}

static void sio_hist_bucket__what_is_just_within_counts_there(struct kunit *test)
{
	unsigned int i;
	u64 ns = 1000;

	KUNIT_EXPECT_EQ(test, sio_hist_bucket(0), 0);
	KUNIT_EXPECT_EQ(test, sio_hist_bucket(1), 0);
	for (i = 0; i + 1 < SIO_HIST_NR; i++, ns *= 2) {
		KUNIT_EXPECT_EQ(test, sio_hist_bucket(ns), i);
		KUNIT_EXPECT_EQ(test, sio_hist_bucket(ns + 1), i + 1);
	}
	KUNIT_EXPECT_EQ(test, sio_hist_bucket(ns + 1), SIO_HIST_NR - 1);
	KUNIT_EXPECT_EQ(test, sio_hist_bucket(U64_MAX), SIO_HIST_NR - 1);
}

static void sio_hist_add__counts_and_sums(struct kunit *test)
{
	struct sio_hist hist = {};

	sio_hist_add(&hist, 3000);
	sio_hist_add(&hist, 4000);
	sio_hist_add(&hist, 4001);
	KUNIT_EXPECT_EQ(test, hist.nr[2], 2);
	KUNIT_EXPECT_EQ(test, hist.nr[3], 1);
	KUNIT_EXPECT_EQ(test, hist.sum_ns, 11001);
}

static void sio_hist_merge__adds_to_what_is_there(struct kunit *test)
{
	struct sio_hist to = {}, from = {};

	sio_hist_add(&to, 900);
	sio_hist_add(&from, 1000);
	sio_hist_add(&from, U64_MAX / 2);
	sio_hist_merge(&to, &from);
	KUNIT_EXPECT_EQ(test, to.nr[0], 2);
	KUNIT_EXPECT_EQ(test, to.nr[SIO_HIST_NR - 1], 1);
	KUNIT_EXPECT_EQ(test, to.sum_ns, U64_MAX / 2 + 1900);
	KUNIT_EXPECT_EQ(test, from.nr[0], 1);
}

static void sio_hist_sum__of_all_cpus(struct kunit *test)
{
	struct sio_stats __percpu *stats = sio_ct_stats(test);
	struct sio_hist sum = {};
	u64 want = 1;
	int cpu;

	for_each_possible_cpu(cpu) {
		sio_hist_add(&per_cpu_ptr(stats, cpu)->rtt, 5000);
		want++;
	}
	sio_hist_add_cpu(&stats->rtt, 5000);
	sio_hist_sum(&sum, &stats->rtt);
	KUNIT_EXPECT_EQ(test, sum.nr[3], want);
	KUNIT_EXPECT_EQ(test, sum.sum_ns, want * 5000);
}

static void sio_hist_fill__names_are_bounds(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 1024);
	const struct nlattr *attr;
	struct sio_hist hist = {};
	int left;

	hist.nr[0] = 1;
	hist.nr[SIO_HIST_NR - 2] = 2;
	hist.nr[SIO_HIST_NR - 1] = 3;
	KUNIT_ASSERT_EQ(test, sio_hist_fill(skb, SIO_CT_NEST, &hist), 0);
	attr = (struct nlattr *)skb->data;
	left = skb->len;
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "1", 1);
	attr = nla_next(attr, &left);
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "67108864", 2);
	attr = nla_next(attr, &left);
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "inf", 3);
	nla_next(attr, &left);
	KUNIT_EXPECT_EQ(test, left, 0);
}

static void sio_hist_fill__no_room(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 1024);
	struct sio_hist hist = {};
	unsigned int need;

	hist.nr[1] = 1;
	hist.nr[2] = 1;
	KUNIT_ASSERT_EQ(test, sio_hist_fill(skb, SIO_CT_NEST, &hist), 0);
	need = skb->len;
	skb = sio_nlskb_alloc(test, need - 1);
	KUNIT_EXPECT_EQ(test, sio_hist_fill(skb, SIO_CT_NEST, &hist),
			-EMSGSIZE);
}

/* Two counters of a struct */
struct sio_ct_two {
	u64 pears;
	u64 plums;
};

static void sio_stats_fill_def__what_the_table_names(struct kunit *test)
{
	static const struct sio_stat_def defs[] = {
		{ "plums", offsetof(struct sio_ct_two, plums) },
		{ "pears", offsetof(struct sio_ct_two, pears) },
	};
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);
	struct sio_ct_two two = { .pears = 7, .plums = 0 };
	const struct nlattr *attr;
	int left;

	KUNIT_ASSERT_EQ(test, sio_stats_fill_def(skb, SIO_CT_NEST, &two, defs,
						 ARRAY_SIZE(defs)), 0);
	attr = (struct nlattr *)skb->data;
	left = skb->len;
	sio_ct_expect(test, attr, "plums", 0);
	attr = nla_next(attr, &left);
	KUNIT_ASSERT_TRUE(test, nla_ok(attr, left));
	sio_ct_expect(test, attr, "pears", 7);
	skb = sio_nlskb_alloc(test, skb->len - 1);
	KUNIT_EXPECT_EQ(test, sio_stats_fill_def(skb, SIO_CT_NEST, &two, defs,
						 ARRAY_SIZE(defs)), -EMSGSIZE);
}

static struct kunit_case sio_stats_cases[] = {
	KUNIT_CASE(sio_hist_bucket__what_is_just_within_counts_there),
	KUNIT_CASE(sio_hist_add__counts_and_sums),
	KUNIT_CASE(sio_stats_name__every_counter_has_one_of_its_own),
	KUNIT_CASE(sio_stats_name__reasons_say_that_they_are),
	KUNIT_CASE(sio_stats_sum__of_all_cpus),
	KUNIT_CASE(sio_stats_fill_one__name_and_value),
	KUNIT_CASE(sio_stats_fill_one__all_or_nothing),
	KUNIT_CASE(sio_stats_fill_def__what_the_table_names),
	KUNIT_CASE(sio_hist_merge__adds_to_what_is_there),
	KUNIT_CASE(sio_hist_sum__of_all_cpus),
	KUNIT_CASE(sio_hist_fill__names_are_bounds),
	KUNIT_CASE(sio_hist_fill__no_room),
	KUNIT_CASE(sio_stats_fill__only_what_counted),
	KUNIT_CASE(sio_stats_fill__no_room),
	{}
};

static struct kunit_suite sio_stats_suite = {
	.name = "stats",
	.test_cases = sio_stats_cases,
};

kunit_test_suite(sio_stats_suite);
