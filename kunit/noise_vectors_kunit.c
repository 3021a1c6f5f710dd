// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/noise.c against handshakes others made. */

#include <crypto/chacha20poly1305.h>
#include <kunit/test.h>
#include <linux/hex.h>

#include "noise_fix.h"
#include "proto/noise.h"

/**
 * struct sio_noise_vector - a handshake, all in hexadecimal
 * @prologue: of both sides
 * @payload1: inside @msg1
 * @msg1: message 1
 * @payload2: inside @msg2
 * @msg2: message 2
 */
struct sio_noise_vector {
	const char *prologue;
	const char *payload1;
	const char *msg1;
	const char *payload2;
	const char *msg2;
};

/* All of NNpsk0_25519_ChaChaPoly_BLAKE2s in vectors.txt of github.com/flynn/
 * noise 1.0.0 (Debian golang-github-flynn-noise-dev); keys and transport
 * messages are the same in all of them.
 */
static const struct sio_noise_vector sio_noise_vectors[] = {
	{
		.prologue = "",
		.payload1 = "",
		.msg1 =
			"358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd16625429e02e0aff3585ba34213b02ce0584b1",
		.payload2 = "",
		.msg2 =
			"64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484667e40f02cbf3aba406c8b3556958221ef",
	}, {
		.prologue = "",
		.payload1 = "746573745f6d73675f30",
		.msg1 =
			"358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254b8766d12729c594966e9e1234f04bdf152052d9085b3df49d3b9",
		.payload2 = "746573745f6d73675f31",
		.msg2 =
			"64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d4846633188335572849c06f2196f49d512745d01ddf3748851abb18e5",
	}, {
		.prologue = "6e6f74736563726574",
		.payload1 = "",
		.msg1 =
			"358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254df955d65e85408302701c443b9876628",
		.payload2 = "",
		.msg2 =
			"64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466073acc4aae4797305f3a5014902f0389",
	}, {
		.prologue = "6e6f74736563726574",
		.payload1 = "746573745f6d73675f30",
		.msg1 =
			"358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254b8766d12729c594966e9df5831055ca8c424d8ca8f3f2a6fbeac",
		.payload2 = "746573745f6d73675f31",
		.msg2 =
			"64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d4846633188335572849c06f2123581c51160861c0049f3bb291bd9e3f",
	},
};

static const char sio_noise_v_psk[] =
	"2176657279736563726574766572797365637265747665727973656372657421";

static const char sio_noise_v_e_init[] =
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

static const char sio_noise_v_e_resp[] =
	"4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60";

/* First transport message either way */
static const char sio_noise_v_text2[] = "79656c6c6f777375626d6172696e65";

static const char sio_noise_v_sealed2[] =
	"45229f0fb23ccd92b0554c5be976ab8ccecf5f1e7503af4c5a1e4e45d35dd5";

static const char sio_noise_v_text3[] = "7375626d6172696e6579656c6c6f77";

static const char sio_noise_v_sealed3[] =
	"fcf39b68313e893f9682801d60aee12337d52a64661af37a0366b7924d1657";

/* A hello of our lengths: scripts/noise-vectors.py, with python3-dissononce */
static const struct sio_noise_vector sio_noise_d = {
	.msg1 =
		"358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd1662549674a572047453e78efb809e2ecb86403eb41ac70c1cbd377a17b8f14b172d6e3cb2b7ae183b4cb6c94b7e5a53e9a906edc5881d46124e9eb5ef67ba38e4504bd8d9927e310d35d018201102fba2bb10e2db9be51b44ac30",
	.msg2 =
		"675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371ea52fa683eae06b44197662ca121f1d6b0605a243cd66c881ab5233b1bb6885524491772a78cc435ea643370edd8e8e776c436082b28330f5b12c99a5147185e1b302dcaf3681ba6053484eaf07889d07f38dbbf494a76175cb5d",
};

static const char sio_noise_d_to_be[] =
	"367fd0f34aeffbc172b148333c48851edc3c4515f1e8c2dedbefe5176ed0d5a9";

static const char sio_noise_d_to_guest[] =
	"eaee6d8edf2e2c8c8c557249b40736f99be66cda933a7b15038c172deaf368ed";

static const char sio_noise_d_join[] =
	"57d9ea64b16524edf4dd3d6f3e4642026c70ef3ad10ad18a0d5a76f41b7306c6";

static size_t sio_noise_hex(struct kunit *test, u8 *out, const char *hex)
{
	size_t len = strlen(hex) / 2;

	KUNIT_ASSERT_LE(test, len, (size_t)SIO_NOISE_TEST_MAX);
	KUNIT_ASSERT_EQ(test, hex2bin(out, hex, len), 0);
	return len;
}

static void sio_noise_expect_hex(struct kunit *test, const u8 *got,
				 const char *hex)
{
	u8 want[SIO_NOISE_TEST_MAX];
	size_t len = sio_noise_hex(test, want, hex);

	KUNIT_EXPECT_EQ(test, memcmp(got, want, len), 0);
}

/* The first transport message of @key against a vector */
static void sio_noise_transport(struct kunit *test, const u8 *key,
				const char *text, const char *sealed)
{
	u8 buf[SIO_NOISE_TEST_MAX];
	size_t len = sio_noise_hex(test, buf, text);

	chacha20poly1305_encrypt(buf, buf, len, NULL, 0, 0, key);
	sio_noise_expect_hex(test, buf, sealed);
}

static void sio_noise_one_vector(struct kunit *test,
				 const struct sio_noise_vector *v)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 tx[32], rx[32], tx2[32], rx2[32], join[32], join2[32];
	u8 buf[SIO_NOISE_TEST_MAX];
	size_t len;

	sio_noise_hex(test, p->psk, sio_noise_v_psk);
	sio_noise_hex(test, p->e_init, sio_noise_v_e_init);
	sio_noise_hex(test, p->e_resp, sio_noise_v_e_resp);
	len = sio_noise_hex(test, buf, v->prologue);
	sio_noise_init(&p->init, true, p->psk, buf, len);
	sio_noise_init(&p->resp, false, p->psk, buf, len);

	len = sio_noise_hex(test, buf, v->payload1);
	KUNIT_ASSERT_EQ(test, 0, sio_noise_write1(&p->init, p->e_init, buf,
						  len, p->msg1));
	sio_noise_expect_hex(test, p->msg1, v->msg1);
	KUNIT_ASSERT_EQ(test, 0,
			sio_noise_read1(&p->resp, p->msg1,
					len + SIO_NOISE_OVERHEAD, p->got, len));
	KUNIT_EXPECT_EQ(test, memcmp(p->got, buf, len), 0);

	len = sio_noise_hex(test, buf, v->payload2);
	KUNIT_ASSERT_EQ(test, 0, sio_noise_write2(&p->resp, p->e_resp, buf,
						  len, p->msg2));
	sio_noise_expect_hex(test, p->msg2, v->msg2);
	KUNIT_ASSERT_EQ(test, 0,
			sio_noise_read2(&p->init, p->msg2,
					len + SIO_NOISE_OVERHEAD, p->got, len));
	KUNIT_EXPECT_EQ(test, memcmp(p->got, buf, len), 0);

	KUNIT_ASSERT_EQ(test, 0, sio_noise_split(&p->init, tx, rx, join));
	KUNIT_ASSERT_EQ(test, 0, sio_noise_split(&p->resp, tx2, rx2, join2));
	KUNIT_EXPECT_EQ(test, memcmp(tx, rx2, sizeof(tx)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rx, tx2, sizeof(rx)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(join, join2, sizeof(join)), 0);
	sio_noise_transport(test, tx, sio_noise_v_text2, sio_noise_v_sealed2);
	sio_noise_transport(test, rx, sio_noise_v_text3, sio_noise_v_sealed3);
}

static void sio_noise_init__vectors_of_flynn(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sio_noise_vectors); i++)
		sio_noise_one_vector(test, &sio_noise_vectors[i]);
}

static void sio_noise_init__vector_of_dissononce(struct kunit *test)
{
	struct sio_noise_pair *p = sio_noise_pair(test);
	u8 tx[32], rx[32], join[32];

	sio_noise_do_write2(test, p);
	sio_noise_expect_hex(test, p->msg1, sio_noise_d.msg1);
	sio_noise_expect_hex(test, p->msg2, sio_noise_d.msg2);
	KUNIT_ASSERT_EQ(test, sio_noise_try_read2(p), 0);
	KUNIT_ASSERT_EQ(test, 0, sio_noise_split(&p->init, tx, rx, join));
	sio_noise_expect_hex(test, tx, sio_noise_d_to_be);
	sio_noise_expect_hex(test, rx, sio_noise_d_to_guest);
	sio_noise_expect_hex(test, join, sio_noise_d_join);
}

static struct kunit_case sio_noise_vectors_cases[] = {
	KUNIT_CASE(sio_noise_init__vectors_of_flynn),
	KUNIT_CASE(sio_noise_init__vector_of_dissononce),
	{}
};

static struct kunit_suite sio_noise_vectors_suite = {
	.name = "noise_vectors",
	.test_cases = sio_noise_vectors_cases,
};

kunit_test_suite(sio_noise_vectors_suite);
