// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/noise.c share: a handshake of two sides. */
#include <kunit/test.h>

#include "noise_fix.h"

/**
 * sio_noise_ramp() - fill with bytes that count up
 * @out: where to
 * @len: how many
 * @start: the first one
 */
void sio_noise_ramp(u8 *out, size_t len, u8 start)
{
	while (len--)
		*out++ = start++;
}

/**
 * sio_noise_pair() - both sides, with the keys of scripts/noise-vectors.py
 * @test: frees them
 *
 * Return: both sides.
 */
struct sio_noise_pair *sio_noise_pair(struct kunit *test)
{
	struct sio_noise_pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	u8 prologue[56];

	KUNIT_ASSERT_NOT_NULL(test, p);
	sio_noise_ramp(prologue, sizeof(prologue), 0x10);
	sio_noise_ramp(p->psk, sizeof(p->psk), 0xa0);
	sio_noise_ramp(p->e_init, sizeof(p->e_init), 0x20);
	sio_noise_ramp(p->e_resp, sizeof(p->e_resp), 0x60);
	sio_noise_init(&p->init, true, p->psk, prologue, sizeof(prologue));
	sio_noise_init(&p->resp, false, p->psk, prologue, sizeof(prologue));
	return p;
}

/**
 * sio_noise_do_write1() - the initiator writes message 1
 * @test: fails if that fails
 * @p: both sides
 */
void sio_noise_do_write1(struct kunit *test, struct sio_noise_pair *p)
{
	u8 payload[SIO_NOISE_TEST_LEN];

	sio_noise_ramp(payload, sizeof(payload), 0x30);
	KUNIT_ASSERT_EQ(test, 0,
			sio_noise_write1(&p->init, p->e_init, payload,
					 sizeof(payload), p->msg1));
}

/**
 * sio_noise_do_read1() - the responder reads message 1
 * @test: fails if that fails
 * @p: both sides
 */
void sio_noise_do_read1(struct kunit *test, struct sio_noise_pair *p)
{
	sio_noise_do_write1(test, p);
	KUNIT_ASSERT_EQ(test, 0,
			sio_noise_read1(&p->resp, p->msg1, SIO_NOISE_TEST_MSG,
					p->got, SIO_NOISE_TEST_LEN));
}

/**
 * sio_noise_do_write2() - the responder writes message 2
 * @test: fails if that fails
 * @p: both sides
 */
void sio_noise_do_write2(struct kunit *test, struct sio_noise_pair *p)
{
	u8 payload[SIO_NOISE_TEST_LEN];

	sio_noise_do_read1(test, p);
	sio_noise_ramp(payload, sizeof(payload), 0x90);
	KUNIT_ASSERT_EQ(test, 0,
			sio_noise_write2(&p->resp, p->e_resp, payload,
					 sizeof(payload), p->msg2));
}

/**
 * sio_noise_try_read2() - the initiator reads message 2
 * @p: both sides
 *
 * Return: what sio_noise_read2() returned.
 */
int sio_noise_try_read2(struct sio_noise_pair *p)
{
	return sio_noise_read2(&p->init, p->msg2, SIO_NOISE_TEST_MSG, p->got,
			       SIO_NOISE_TEST_LEN);
}
