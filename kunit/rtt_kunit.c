// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/rtt.c. */

#include <kunit/test.h>

#include "proto/rtt.h"

#define SIO_RTT_TEST_INITIAL	1000000
#define SIO_RTT_TEST_MIN	5000
#define SIO_RTT_TEST_MAX	60000000

static struct sio_rtt sio_rtt_new(void)
{
	struct sio_rtt r;

	sio_rtt_init(&r, SIO_RTT_TEST_INITIAL, SIO_RTT_TEST_MIN,
		     SIO_RTT_TEST_MAX);
	return r;
}

static void sio_rtt_init__plain(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	KUNIT_EXPECT_EQ(test, r.srtt_us, 0);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 0);
	KUNIT_EXPECT_EQ(test, r.backoff, 0);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), SIO_RTT_TEST_INITIAL);
}

static void sio_rtt_init__initial_outside_the_limits(struct kunit *test)
{
	struct sio_rtt r;

	sio_rtt_init(&r, 1, 10, 20);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 10);
	sio_rtt_init(&r, 21, 10, 20);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 20);
}

static void sio_rtt_init__absurd_limits(struct kunit *test)
{
	struct sio_rtt r;

	sio_rtt_init(&r, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, r.min_us, 1);
	KUNIT_EXPECT_EQ(test, r.max_us, 1);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 1);
	sio_rtt_init(&r, 5, 30, 20);
	KUNIT_EXPECT_EQ(test, r.max_us, 30);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 30);
}

/* RFC 6298, 2.2 */
static void sio_rtt_sample__first(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, 8000);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 8000);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 4000);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 24000);
}

/* RFC 6298, 2.3: 3/4 of 4000 and 1/4 of 8000; 7/8 of 8000 and 1/8 of 16000 */
static void sio_rtt_sample__second_longer(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, 8000);
	sio_rtt_sample(&r, 16000);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 5000);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 9000);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 29000);
}

static void sio_rtt_sample__second_shorter(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, 16000);
	sio_rtt_sample(&r, 8000);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 8000);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 15000);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 47000);
}

static void sio_rtt_sample__steady_ends_at_the_minimum(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();
	int i;

	for (i = 0; i < 100; i++)
		sio_rtt_sample(&r, 200);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 200);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 0);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), SIO_RTT_TEST_MIN);
}

/* The clock did not move: that is a sample, not the lack of one */
static void sio_rtt_sample__zero(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, 0);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 1);
	sio_rtt_sample(&r, 0);
	KUNIT_EXPECT_EQ(test, r.srtt_us, 1);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), SIO_RTT_TEST_MIN);
}

static void sio_rtt_sample__granularity(struct kunit *test)
{
	struct sio_rtt r;

	sio_rtt_init(&r, 1, 1, 1000);
	sio_rtt_sample(&r, 1);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 2);
}

static void sio_rtt_sample__huge(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, U64_MAX);
	KUNIT_EXPECT_EQ(test, r.srtt_us, SIO_RTT_TEST_MAX);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), SIO_RTT_TEST_MAX);
	sio_rtt_sample(&r, (1ULL << 32) + 1);
	KUNIT_EXPECT_EQ(test, r.srtt_us, SIO_RTT_TEST_MAX);
}

static void sio_rtt_sample__widest_limits(struct kunit *test)
{
	struct sio_rtt r;
	int i;

	sio_rtt_init(&r, 1000, 1, U32_MAX);
	for (i = 0; i < 1000; i++) {
		u32 rto;

		sio_rtt_sample(&r, i & 1 ? U64_MAX : 0);
		rto = sio_rtt_rto(&r);
		KUNIT_ASSERT_GE(test, rto, r.srtt_us);
	}
}

static void sio_rtt_sample__ends_the_backoff(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();

	sio_rtt_sample(&r, 8000);
	sio_rtt_backoff(&r);
	sio_rtt_backoff(&r);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 96000);
	sio_rtt_sample(&r, 8000);
	KUNIT_EXPECT_EQ(test, r.backoff, 0);
	KUNIT_EXPECT_EQ(test, sio_rtt_rto(&r), 20000);
}

static void sio_rtt_backoff__stops_at_the_maximum(struct kunit *test)
{
	struct sio_rtt r = sio_rtt_new();
	u64 want = SIO_RTT_TEST_INITIAL;
	int i;

	for (i = 0; i < 1000; i++) {
		sio_rtt_backoff(&r);
		want = min_t(u64, want * 2, SIO_RTT_TEST_MAX);
		KUNIT_ASSERT_EQ(test, sio_rtt_rto(&r), want);
	}
	KUNIT_EXPECT_EQ(test, r.backoff, 6);
}

static void sio_rtt_backoff__widest_limits(struct kunit *test)
{
	struct sio_rtt r;
	int i;

	sio_rtt_init(&r, 1, 1, U32_MAX);
	for (i = 1; i <= 31; i++) {
		sio_rtt_backoff(&r);
		KUNIT_ASSERT_EQ(test, sio_rtt_rto(&r), 1U << i);
	}
	for (; i < 1000; i++) {
		sio_rtt_backoff(&r);
		KUNIT_ASSERT_EQ(test, sio_rtt_rto(&r), U32_MAX);
	}
	KUNIT_EXPECT_EQ(test, r.backoff, 32);
}

static struct kunit_case sio_rtt_cases[] = {
	KUNIT_CASE(sio_rtt_init__plain),
	KUNIT_CASE(sio_rtt_init__initial_outside_the_limits),
	KUNIT_CASE(sio_rtt_init__absurd_limits),
	KUNIT_CASE(sio_rtt_sample__first),
	KUNIT_CASE(sio_rtt_sample__second_longer),
	KUNIT_CASE(sio_rtt_sample__second_shorter),
	KUNIT_CASE(sio_rtt_sample__steady_ends_at_the_minimum),
	KUNIT_CASE(sio_rtt_sample__zero),
	KUNIT_CASE(sio_rtt_sample__granularity),
	KUNIT_CASE(sio_rtt_sample__huge),
	KUNIT_CASE(sio_rtt_sample__widest_limits),
	KUNIT_CASE(sio_rtt_sample__ends_the_backoff),
	KUNIT_CASE(sio_rtt_backoff__stops_at_the_maximum),
	KUNIT_CASE(sio_rtt_backoff__widest_limits),
	{}
};

static struct kunit_suite sio_rtt_suite = {
	.name = "rtt",
	.test_cases = sio_rtt_cases,
};

kunit_test_suite(sio_rtt_suite);
