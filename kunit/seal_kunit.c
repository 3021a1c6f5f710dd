// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/seal.c; scripts/noise-vectors.py made the expected values. */

#include <kunit/test.h>
#include <linux/hex.h>

#include "proto/seal.h"

#define SIO_SEAL_BODY	37
#define SIO_SEAL_LEN	(sizeof(struct sio_msg_hdr) + SIO_SEAL_BODY)

static const char sio_seal_t_body[] =
	"70c82f672fbc6c9fec22a047fff5ef37709760571cd1d309cfac3dc6759f3942f9dda21e76";
static const char sio_seal_t_tag[] = "ea18b654fdd197283b9fa2f20c911c15";
static const char sio_seal_t_guest[] =
	"f96b7cc99f1da41cb6fa5582da8ba6b6136f65a02f77423af6b691a7d6085849";
static const char sio_seal_t_be[] =
	"e61c0416f6b02be80700168e537f40d4f64cbd624d02858605a62bfe84e35e56";
static const char sio_seal_t_mac[] = "3d584addc96f751cb78f062820c6239c";
static const char sio_seal_t_mac_ack[] = "1b9851c64c28d14c1342bc1d32935cdd";

static void sio_seal_ramp(u8 *out, size_t len, u8 start)
{
	while (len--)
		*out++ = start++;
}

static void sio_seal_expect_hex(struct kunit *test, const u8 *got,
				const char *hex)
{
	u8 want[64];
	size_t len = strlen(hex) / 2;

	KUNIT_ASSERT_LE(test, len, sizeof(want));
	KUNIT_ASSERT_EQ(test, hex2bin(want, hex, len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, len), 0);
}

/* A message of @body_len bytes with the room that sealing needs, no more */
static u8 *sio_seal_msg(struct kunit *test, size_t body_len)
{
	size_t len = sizeof(struct sio_msg_hdr) + body_len;
	struct sio_msg_hdr *hdr;

	hdr = kunit_kzalloc(test, len + SIO_TAG_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, hdr);
	sio_seal_ramp((u8 *)(hdr + 1), body_len, 0x80);
	hdr->version = SIO_PROTO_VERSION;
	hdr->type = SIO_MSG_PACKET;
	hdr->flags = SIO_MSG_F_CRC;
	hdr->hdr_len = sizeof(*hdr);
	hdr->len = cpu_to_le32(len);
	hdr->offset = cpu_to_le64(0x0102030405060708ULL);
	sio_seal_ramp((u8 *)&hdr->dev, 20, 1);
	hdr->suite = SIO_SUITE_CHACHA;
	hdr->nr_recs = 1;
	return (u8 *)hdr;
}

static u8 *sio_seal_key(struct kunit *test)
{
	u8 *key = kunit_kzalloc(test, SIO_SEAL_KEY_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, key);
	sio_seal_ramp(key, SIO_SEAL_KEY_LEN, 0);
	return key;
}

static void sio_seal__vector(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)msg;

	sio_seal(msg, SIO_SEAL_LEN, key);
	sio_seal_expect_hex(test, msg + sizeof(*hdr), sio_seal_t_body);
	sio_seal_expect_hex(test, hdr->tag, sio_seal_t_tag);
}

/* What is in tag and crc before does not count, and crc stays */
static void sio_seal__tag_and_crc_preset(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)msg;

	memset(hdr->tag, 0x5a, sizeof(hdr->tag));
	hdr->crc = cpu_to_le32(0x12345678);
	sio_seal(msg, SIO_SEAL_LEN, key);
	sio_seal_expect_hex(test, hdr->tag, sio_seal_t_tag);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->crc), 0x12345678);
}

static void sio_seal__lengths(struct kunit *test)
{
	static const size_t lens[] = { 0, 1, 15, 16, 63, 64, 65, 4000, 65419 };
	u8 *key = sio_seal_key(test);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		size_t len = sizeof(struct sio_msg_hdr) + lens[i];
		u8 *msg = sio_seal_msg(test, lens[i]);
		u8 *want = sio_seal_msg(test, lens[i]);

		sio_seal(msg, len, key);
		KUNIT_EXPECT_NE(test, memcmp(msg, want, len), 0);
		KUNIT_EXPECT_EQ(test, sio_unseal(msg, len, key), 0);
		KUNIT_EXPECT_EQ(test, memcmp(msg, want, len), 0);
	}
}

static void sio_seal__unaligned(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	u8 *buf = kunit_kzalloc(test, SIO_SEAL_LEN + SIO_TAG_LEN + 1,
				GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	memcpy(buf + 1, msg, SIO_SEAL_LEN);
	sio_seal(buf + 1, SIO_SEAL_LEN, key);
	sio_seal(msg, SIO_SEAL_LEN, key);
	KUNIT_EXPECT_EQ(test, memcmp(buf + 1, msg, SIO_SEAL_LEN), 0);
	KUNIT_EXPECT_EQ(test, sio_unseal(buf + 1, SIO_SEAL_LEN, key), 0);
}

static void sio_unseal__zeroes_only_the_tag(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	u8 *want = sio_seal_msg(test, SIO_SEAL_BODY);
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)msg;

	sio_seal(msg, SIO_SEAL_LEN, key);
	hdr->crc = cpu_to_le32(7);
	KUNIT_ASSERT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), 0);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(hdr->crc), 7);
	hdr->crc = 0;
	KUNIT_EXPECT_EQ(test, memcmp(msg, want, SIO_SEAL_LEN), 0);
}

/* Every byte but those of crc counts, and a refusal changes nothing */
static void sio_unseal__damaged(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	u8 *copy = sio_seal_msg(test, SIO_SEAL_BODY);
	size_t i;

	sio_seal(msg, SIO_SEAL_LEN, key);
	for (i = 0; i < SIO_SEAL_LEN; i++) {
		if (i >= offsetof(struct sio_msg_hdr, crc) &&
		    i < offsetof(struct sio_msg_hdr, tag))
			continue;
		msg[i] ^= 0x10;
		memcpy(copy, msg, SIO_SEAL_LEN);
		KUNIT_ASSERT_EQ_MSG(test, -EBADMSG,
				    sio_unseal(msg, SIO_SEAL_LEN, key),
				    "byte %zu", i);
		KUNIT_ASSERT_EQ(test, memcmp(msg, copy, SIO_SEAL_LEN), 0);
		msg[i] ^= 0x10;
	}
	KUNIT_EXPECT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), 0);
}

static void sio_unseal__wrong_key(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);

	sio_seal(msg, SIO_SEAL_LEN, key);
	key[7] ^= 1;
	KUNIT_EXPECT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), -EBADMSG);
}

static void sio_unseal__wrong_length(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);
	size_t len;

	sio_seal(msg, SIO_SEAL_LEN, key);
	for (len = 0; len < SIO_SEAL_LEN; len++) {
		u8 *cut = sio_seal_msg(test, SIO_SEAL_BODY);

		memcpy(cut, msg, SIO_SEAL_LEN);
		KUNIT_ASSERT_EQ(test, sio_unseal(cut, len, key), -EBADMSG);
	}
}

static void sio_unseal__twice(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);

	sio_seal(msg, SIO_SEAL_LEN, key);
	KUNIT_EXPECT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), 0);
	KUNIT_EXPECT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), -EBADMSG);
}

/* A clear message is not believed, though its tag may be right */
static void sio_unseal__other_suite(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 *msg = sio_seal_msg(test, SIO_SEAL_BODY);

	((struct sio_msg_hdr *)msg)->suite = SIO_SUITE_CLEAR;
	sio_seal(msg, SIO_SEAL_LEN, key);
	KUNIT_EXPECT_EQ(test, sio_unseal(msg, SIO_SEAL_LEN, key), -EBADMSG);
}

static void sio_seal_join_keys__vector(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 guest[SIO_DH_LEN], be[SIO_DH_LEN], tx[32], rx[32];

	sio_seal_ramp(guest, sizeof(guest), 0x40);
	sio_seal_ramp(be, sizeof(be), 0xc0);
	sio_seal_join_keys(key, guest, be, true, tx, rx);
	sio_seal_expect_hex(test, tx, sio_seal_t_guest);
	sio_seal_expect_hex(test, rx, sio_seal_t_be);
}

static void sio_seal_join_keys__both_sides(struct kunit *test)
{
	u8 *key = sio_seal_key(test);
	u8 guest[SIO_DH_LEN], be[SIO_DH_LEN];
	u8 tx[32], rx[32], tx2[32], rx2[32];

	sio_seal_ramp(guest, sizeof(guest), 0x40);
	sio_seal_ramp(be, sizeof(be), 0xc0);
	sio_seal_join_keys(key, guest, be, true, tx, rx);
	sio_seal_join_keys(key, guest, be, false, tx2, rx2);
	KUNIT_EXPECT_EQ(test, memcmp(tx, rx2, sizeof(tx)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rx, tx2, sizeof(rx)), 0);
	KUNIT_EXPECT_NE(test, memcmp(tx, rx, sizeof(tx)), 0);

	/* Either nonce makes other keys, and they are not interchangeable */
	sio_seal_join_keys(key, be, guest, true, tx2, rx2);
	KUNIT_EXPECT_NE(test, memcmp(tx, tx2, sizeof(tx)), 0);
	be[0] ^= 1;
	sio_seal_join_keys(key, guest, be, true, tx2, rx2);
	KUNIT_EXPECT_NE(test, memcmp(tx, tx2, sizeof(tx)), 0);
	KUNIT_EXPECT_NE(test, memcmp(rx, rx2, sizeof(rx)), 0);
}

static struct sio_msg_join sio_seal_join_msg(u8 nonce)
{
	struct sio_msg_join j = {
		.name = "guest-1",
		.epoch = cpu_to_le32(9),
		.flow = cpu_to_le16(3),
	};

	sio_seal_ramp(j.nonce, sizeof(j.nonce), nonce);
	return j;
}

static void sio_seal_join_mac__vectors(struct kunit *test)
{
	struct sio_msg_join ack = sio_seal_join_msg(0xc0);
	struct sio_msg_join j = sio_seal_join_msg(0x40);
	u8 *key = sio_seal_key(test);
	u8 mac[SIO_TAG_LEN];

	sio_seal_join_mac(key, &j, NULL, mac);
	sio_seal_expect_hex(test, mac, sio_seal_t_mac);
	sio_seal_join_mac(key, &ack, j.nonce, ack.mac);
	sio_seal_expect_hex(test, ack.mac, sio_seal_t_mac_ack);
}

static void sio_seal_join_check__damaged(struct kunit *test)
{
	struct sio_msg_join j = sio_seal_join_msg(0x40);
	u8 *key = sio_seal_key(test);
	size_t i;

	sio_seal_join_mac(key, &j, NULL, j.mac);
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &j, NULL), 0);
	for (i = 0; i < sizeof(j); i++) {
		((u8 *)&j)[i] ^= 0x02;
		KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &j, NULL),
				-EBADMSG);
		((u8 *)&j)[i] ^= 0x02;
	}
	key[0] ^= 1;
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &j, NULL), -EBADMSG);
}

/* The guest's own JOIN comes back as the answer to it */
static void sio_seal_join_check__reflected(struct kunit *test)
{
	struct sio_msg_join j = sio_seal_join_msg(0x40);
	u8 *key = sio_seal_key(test);

	sio_seal_join_mac(key, &j, NULL, j.mac);
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &j, j.nonce), -EBADMSG);
}

/* An answer to another dial */
static void sio_seal_join_check__other_nonce(struct kunit *test)
{
	struct sio_msg_join ack = sio_seal_join_msg(0xc0);
	u8 *key = sio_seal_key(test);
	u8 nonce[SIO_DH_LEN];

	sio_seal_ramp(nonce, sizeof(nonce), 0x40);
	sio_seal_join_mac(key, &ack, nonce, ack.mac);
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &ack, nonce), 0);
	nonce[31] ^= 1;
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &ack, nonce), -EBADMSG);
	KUNIT_EXPECT_EQ(test, sio_seal_join_check(key, &ack, NULL), -EBADMSG);
}

static struct kunit_case sio_seal_cases[] = {
	KUNIT_CASE(sio_seal__vector),
	KUNIT_CASE(sio_seal__tag_and_crc_preset),
	KUNIT_CASE(sio_seal__lengths),
	KUNIT_CASE(sio_seal__unaligned),
	KUNIT_CASE(sio_unseal__zeroes_only_the_tag),
	KUNIT_CASE(sio_unseal__damaged),
	KUNIT_CASE(sio_unseal__wrong_key),
	KUNIT_CASE(sio_unseal__wrong_length),
	KUNIT_CASE(sio_unseal__twice),
	KUNIT_CASE(sio_unseal__other_suite),
	KUNIT_CASE(sio_seal_join_keys__vector),
	KUNIT_CASE(sio_seal_join_keys__both_sides),
	KUNIT_CASE(sio_seal_join_mac__vectors),
	KUNIT_CASE(sio_seal_join_check__damaged),
	KUNIT_CASE(sio_seal_join_check__reflected),
	KUNIT_CASE(sio_seal_join_check__other_nonce),
	{}
};

static struct kunit_suite sio_seal_suite = {
	.name = "seal",
	.test_cases = sio_seal_cases,
};

kunit_test_suite(sio_seal_suite);
