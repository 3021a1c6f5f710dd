/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/noise.c share: a handshake of two sides. */
#ifndef SIO_KUNIT_NOISE_FIX_H
#define SIO_KUNIT_NOISE_FIX_H

#include <linux/types.h>

#include "proto/noise.h"

struct kunit;

#define SIO_NOISE_TEST_MAX	160
#define SIO_NOISE_TEST_LEN	72
#define SIO_NOISE_TEST_MSG	(SIO_NOISE_TEST_LEN + SIO_NOISE_OVERHEAD)

/* A handshake of two sides, and what they sent */
struct sio_noise_pair {
	struct sio_noise init;
	struct sio_noise resp;
	u8 msg1[SIO_NOISE_TEST_MAX];
	u8 msg2[SIO_NOISE_TEST_MAX];
	u8 got[SIO_NOISE_TEST_MAX];
	u8 psk[SIO_NOISE_KEY_LEN];
	u8 e_init[SIO_NOISE_KEY_LEN];
	u8 e_resp[SIO_NOISE_KEY_LEN];
};

void sio_noise_ramp(u8 *out, size_t len, u8 start);
struct sio_noise_pair *sio_noise_pair(struct kunit *test);
void sio_noise_do_write1(struct kunit *test, struct sio_noise_pair *p);
void sio_noise_do_read1(struct kunit *test, struct sio_noise_pair *p);
void sio_noise_do_write2(struct kunit *test, struct sio_noise_pair *p);
int sio_noise_try_read2(struct sio_noise_pair *p);

#endif /* SIO_KUNIT_NOISE_FIX_H */
