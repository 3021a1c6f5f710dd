// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/noise.c. */

#include <kunit/test.h>
#include <linux/module.h>

#include "noise_fix.h"
#include "proto/noise.h"

static void sio_noise_init__starts_anew(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	struct sio_noise fresh = p->init;

	sio_noise_do_write2(test, p);
	*p = *sio_noise_pair(test);
	KUNIT_EXPECT_EQ(test, memcmp(&p->init, &fresh, sizeof(fresh)), 0);
}

static void sio_noise_wipe__leaves_nothing(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 tx[32], rx[32], join[32];

	sio_noise_do_write2(test, p);
	sio_noise_wipe(&p->init);
	KUNIT_EXPECT_NULL(test, memchr_inv(&p->init, 0, sizeof(p->init)));
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EINVAL);
	KUNIT_EXPECT_EQ(test, sio_noise_split(&p->init, tx, rx, join),
			-EINVAL);
}

static void sio_noise_write1__forgets_the_psk(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	sio_noise_do_write1(test, p);
	KUNIT_EXPECT_NULL(test, memchr_inv(p->init.psk, 0,
					   sizeof(p->init.psk)));
}

static void sio_noise_write1__out_of_turn(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, sio_noise_write1(&p->resp, p->e_resp,
							NULL, 0, p->msg1));
	sio_noise_do_write1(test, p);
	KUNIT_EXPECT_EQ(test, -EINVAL, sio_noise_write1(&p->init, p->e_init,
							NULL, 0, p->msg1));
}

static void sio_noise_read1__wrong_key(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 prologue[56];

	sio_noise_do_write1(test, p);
	p->psk[31] ^= 0x80;
	sio_noise_ramp(prologue, sizeof(prologue), 0x10);
	sio_noise_init(&p->resp, false, p->psk, prologue, sizeof(prologue));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
}

static void sio_noise_read1__other_prologue(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 prologue[56];

	sio_noise_do_write1(test, p);
	sio_noise_ramp(prologue, sizeof(prologue), 0x10);
	prologue[40] ^= 1;
	sio_noise_init(&p->resp, false, p->psk, prologue, sizeof(prologue));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
}

/* Any byte wrong: refused, nothing written, and the true one still counts */
static void sio_noise_read1__damaged(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	struct sio_noise before = p->resp;
	size_t i;

	sio_noise_do_write1(test, p);
	for (i = 0; i < SIO_NOISE_TEST_MSG; i++) {
		p->msg1[i] ^= 0x40;
		KUNIT_ASSERT_EQ(test, -EBADMSG,
				sio_noise_read1(&p->resp, p->msg1,
						SIO_NOISE_TEST_MSG, p->got,
						SIO_NOISE_TEST_LEN));
		p->msg1[i] ^= 0x40;
	}
	KUNIT_EXPECT_NULL(test, memchr_inv(p->got, 0, sizeof(p->got)));
	KUNIT_EXPECT_EQ(test, memcmp(&p->resp, &before, sizeof(before)), 0);
	KUNIT_EXPECT_EQ(test, 0,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
}

static void sio_noise_read1__wrong_length(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	size_t len;

	sio_noise_do_write1(test, p);
	for (len = 0; len <= SIO_NOISE_TEST_MSG + 1; len++) {
		if (len == SIO_NOISE_TEST_MSG)
			continue;
		KUNIT_ASSERT_EQ(test, -EMSGSIZE,
				sio_noise_read1(&p->resp, p->msg1, len, p->got,
						SIO_NOISE_TEST_LEN));
	}
	/* A sum of lengths that wraps */
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			sio_noise_read1(&p->resp, p->msg1, 0, p->got,
					(size_t)0 - SIO_NOISE_OVERHEAD));
}

static void sio_noise_read1__out_of_turn(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_read1(&p->init, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
	sio_noise_do_read1(test, p);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
}

static void sio_noise_read1__in_place(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 want[SIO_NOISE_TEST_LEN];

	sio_noise_do_write1(test, p);
	sio_noise_ramp(want, sizeof(want), 0x30);
	KUNIT_EXPECT_EQ(test, 0,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->msg1 + SIO_NOISE_KEY_LEN,
					SIO_NOISE_TEST_LEN));
	KUNIT_EXPECT_EQ(test, 0, memcmp(p->msg1 + SIO_NOISE_KEY_LEN, want,
					sizeof(want)));
	KUNIT_EXPECT_EQ(test, 0, sio_noise_write2(&p->resp, p->e_resp, NULL, 0,
						  p->msg2));
	KUNIT_EXPECT_EQ(test, 0, sio_noise_read2(&p->init, p->msg2,
						 SIO_NOISE_OVERHEAD, NULL, 0));
}

/* The initiator knows the psk but sends a key of small order */
static void sio_noise_write2__key_of_small_order(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	sio_noise_do_read1(test, p);
	memset(p->resp.e_peer, 0, sizeof(p->resp.e_peer));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			sio_noise_write2(&p->resp, p->e_resp, NULL, 0,
					 p->msg2));
	KUNIT_EXPECT_NULL(test, memchr_inv(&p->resp, 0, sizeof(p->resp)));
}

static void sio_noise_write2__out_of_turn(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_write2(&p->resp, p->e_resp, NULL, 0,
					 p->msg2));
	sio_noise_do_write2(test, p);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_write2(&p->resp, p->e_resp, NULL, 0,
					 p->msg2));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_write2(&p->init, p->e_init, NULL, 0,
					 p->msg2));
}

static void sio_noise_read2__damaged(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	struct sio_noise before;
	size_t i;

	sio_noise_do_write2(test, p);
	before = p->init;
	memset(p->got, 0, sizeof(p->got));
	for (i = 0; i < SIO_NOISE_TEST_MSG; i++) {
		p->msg2[i] ^= 0x01;
		KUNIT_ASSERT_EQ(test, sio_noise_try_read2(p), -EBADMSG);
		p->msg2[i] ^= 0x01;
	}
	KUNIT_EXPECT_NULL(test, memchr_inv(p->got, 0, sizeof(p->got)));
	KUNIT_EXPECT_EQ(test, memcmp(&p->init, &before, sizeof(before)), 0);
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), 0);
}

static void sio_noise_read2__key_of_small_order(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	sio_noise_do_write2(test, p);
	memset(p->msg2, 0, SIO_NOISE_KEY_LEN);
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EBADMSG);
	p->msg2[0] = 1;
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EBADMSG);
}

static void sio_noise_read2__own_message_reflected(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	sio_noise_do_write1(test, p);
	memcpy(p->msg2, p->msg1, sizeof(p->msg2));
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EBADMSG);
}

static void sio_noise_read2__wrong_length(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	size_t len;

	sio_noise_do_write2(test, p);
	for (len = 0; len <= SIO_NOISE_TEST_MSG + 1; len++) {
		if (len == SIO_NOISE_TEST_MSG)
			continue;
		KUNIT_ASSERT_EQ(test, -EMSGSIZE,
				sio_noise_read2(&p->init, p->msg2, len, p->got,
						SIO_NOISE_TEST_LEN));
	}
}

static void sio_noise_read2__out_of_turn(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EINVAL);
	sio_noise_do_write2(test, p);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			sio_noise_read2(&p->resp, p->msg2, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), 0);
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), -EINVAL);
}

/* All of one side is refused but what @may is, and changes nothing */
static void sio_noise_expect_only(struct kunit *test, struct sio_noise *n,
				  char may)
{
	static const u8 msg[SIO_NOISE_TEST_MSG], e_priv[SIO_NOISE_KEY_LEN];
	u8 out[SIO_NOISE_TEST_MSG];
	struct sio_noise was = *n;

	if (may != '1')
		KUNIT_EXPECT_EQ(test, -EINVAL,
				sio_noise_write1(n, e_priv, NULL, 0, out));
	if (may != 'a')
		KUNIT_EXPECT_EQ(test, -EINVAL,
				sio_noise_read1(n, msg, sizeof(msg), out,
						SIO_NOISE_TEST_LEN));
	if (may != '2')
		KUNIT_EXPECT_EQ(test, -EINVAL,
				sio_noise_write2(n, e_priv, NULL, 0, out));
	if (may != 'b')
		KUNIT_EXPECT_EQ(test, -EINVAL,
				sio_noise_read2(n, msg, sizeof(msg), out,
						SIO_NOISE_TEST_LEN));
	KUNIT_EXPECT_MEMEQ(test, n, &was, sizeof(was));
}

/* Writes 1 and 2, reads a and b; what each side may do next after each step */
static void sio_noise_read2__every_turn_of_both(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);

	sio_noise_expect_only(test, &p->init, '1');
	sio_noise_expect_only(test, &p->resp, 'a');
	sio_noise_do_write1(test, p);
	sio_noise_expect_only(test, &p->init, 'b');
	sio_noise_expect_only(test, &p->resp, 'a');
	p = sio_noise_pair(test);
	sio_noise_do_read1(test, p);
	sio_noise_expect_only(test, &p->resp, '2');
	p = sio_noise_pair(test);
	sio_noise_do_write2(test, p);
	sio_noise_expect_only(test, &p->init, 'b');
	sio_noise_expect_only(test, &p->resp, 0);
	KUNIT_EXPECT_EQ(test, sio_noise_try_read2(p), 0);
	sio_noise_expect_only(test, &p->init, 0);
	sio_noise_wipe(&p->init);
	sio_noise_expect_only(test, &p->init, 0);
}

static void sio_noise_split__too_early(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 tx[32] = {}, rx[32] = {}, join[32] = {};

	sio_noise_do_write2(test, p);
	KUNIT_EXPECT_EQ(test, sio_noise_split(&p->init, tx, rx, join),
			-EINVAL);
	KUNIT_EXPECT_NULL(test, memchr_inv(tx, 0, sizeof(tx)));
	KUNIT_EXPECT_NULL(test, memchr_inv(rx, 0, sizeof(rx)));
	KUNIT_EXPECT_NULL(test, memchr_inv(join, 0, sizeof(join)));
}

static void sio_noise_split__wipes(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 tx[32], rx[32], join[32];

	sio_noise_do_write2(test, p);
	KUNIT_EXPECT_EQ(test, sio_noise_split(&p->resp, tx, rx, join), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(&p->resp, 0, sizeof(p->resp)));
	KUNIT_EXPECT_EQ(test, sio_noise_split(&p->resp, tx, rx, join),
			-EINVAL);
}

static struct kunit_case sio_noise_cases[] = {
	KUNIT_CASE(sio_noise_init__starts_anew),
	KUNIT_CASE(sio_noise_wipe__leaves_nothing),
	KUNIT_CASE(sio_noise_write1__forgets_the_psk),
	KUNIT_CASE(sio_noise_write1__out_of_turn),
	KUNIT_CASE(sio_noise_read1__wrong_key),
	KUNIT_CASE(sio_noise_read1__other_prologue),
	KUNIT_CASE(sio_noise_read1__damaged),
	KUNIT_CASE(sio_noise_read1__wrong_length),
	KUNIT_CASE(sio_noise_read1__out_of_turn),
	KUNIT_CASE(sio_noise_read1__in_place),
	KUNIT_CASE(sio_noise_write2__key_of_small_order),
	KUNIT_CASE(sio_noise_write2__out_of_turn),
	KUNIT_CASE(sio_noise_read2__damaged),
	KUNIT_CASE(sio_noise_read2__key_of_small_order),
	KUNIT_CASE(sio_noise_read2__own_message_reflected),
	KUNIT_CASE(sio_noise_read2__wrong_length),
	KUNIT_CASE(sio_noise_read2__out_of_turn),
	KUNIT_CASE(sio_noise_read2__every_turn_of_both),
	KUNIT_CASE(sio_noise_split__too_early),
	KUNIT_CASE(sio_noise_split__wipes),
	{}
};

static struct kunit_suite sio_noise_suite = {
	.name = "noise",
	.test_cases = sio_noise_cases,
};

kunit_test_suite(sio_noise_suite);

/* For all files of the module */
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
MODULE_DESCRIPTION("KUnit tests of Split I/O");
MODULE_LICENSE("GPL");
