// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/hdr.c: each field of a header lies once. */

#include <kunit/test.h>
#include <linux/string.h>

#include "proto/hdr.h"

/**
 * struct sio_ht_type - what PROTOCOL.md says of a message type
 * @type: enum sio_msg_type
 * @min: shortest, header included
 * @max: longest
 * @clear: may be in the clear
 * @sealed: may be sealed
 * @slot: is in a slot
 * @recs: counts its records
 */
struct sio_ht_type {
	u8 type;
	u32 min;
	u32 max;
	bool clear;
	bool sealed;
	bool slot;
	bool recs;
};

static const struct sio_ht_type sio_ht_types[] = {
	{ SIO_MSG_HELLO, 64 + 56 + 112, 64 + 56 + 112, .clear = true },
	{ SIO_MSG_HELLO_ACK, 64 + 112, 64 + 112, .clear = true },
	{ SIO_MSG_CONFIRM, 64 + 8, 64 + 8, .sealed = true },
	{ SIO_MSG_WELCOME, 64, 64, .sealed = true },
	{ SIO_MSG_REFUSE, 64 + 16, 64 + 16, .clear = true, .sealed = true },
	{ SIO_MSG_PROBE, 64, 65483, .sealed = true },
	{ SIO_MSG_PROBE_ACK, 64, 65483, .sealed = true },
	{ SIO_MSG_JOIN, 64 + 88, 64 + 88, .clear = true },
	{ SIO_MSG_JOIN_ACK, 64 + 88, 64 + 88, .clear = true },
	{ SIO_MSG_CTL_REQ, 64 + 8, 64 + 16384, .sealed = true, .slot = true },
	{ SIO_MSG_CTL_RSP, 64 + 8, 64 + 16384, .sealed = true, .slot = true },
	{ SIO_MSG_CTL_BUSY, 64, 64, .sealed = true, .slot = true },
	{ SIO_MSG_PACKET, 64 + 20, 65483, .clear = true, .recs = true },
	{ SIO_MSG_BLK_REQ, 64 + 32, 65483, .clear = true, .slot = true,
	  .recs = true },
	{ SIO_MSG_BLK_RSP, 64 + 16, 65483, .clear = true, .slot = true,
	  .recs = true },
	{ SIO_MSG_BLK_BUSY, 64, 64, .clear = true, .slot = true },
	{ SIO_MSG_BLK_PULL, 64 + 16, 64 + 16, .clear = true, .slot = true,
	  .recs = true },
	{ SIO_MSG_BLK_DATA, 64 + 17, 65483, .clear = true, .slot = true,
	  .recs = true },
};

/* Types with all properties there are: one in the clear, one sealed */
#define SIO_HT_PACKET	(&sio_ht_types[12])
#define SIO_HT_REQ	(&sio_ht_types[9])

static struct sio_msg_hdr sio_ht_good(const struct sio_ht_type *t, u32 len)
{
	struct sio_msg_hdr hdr;

	sio_hdr_init(&hdr, t->type, len);
	hdr.suite = t->clear ? SIO_SUITE_CLEAR : SIO_SUITE_CHACHA;
	if (!t->clear)
		memset(hdr.tag, 0x5a, sizeof(hdr.tag));
	if (t->slot)
		hdr.slot_seq = cpu_to_le32(1);
	hdr.nr_recs = t->recs;
	return hdr;
}

static void sio_hdr_init__writes_all(struct kunit *test)
{
	struct sio_msg_hdr hdr;
	const u8 *bytes = (const u8 *)&hdr;

	memset(&hdr, 0xff, sizeof(hdr));
	sio_hdr_init(&hdr, SIO_MSG_PACKET, 0x12345678);
	KUNIT_EXPECT_EQ(test, hdr.version, 1);
	KUNIT_EXPECT_EQ(test, hdr.type, 32);
	KUNIT_EXPECT_EQ(test, hdr.flags, 0);
	KUNIT_EXPECT_EQ(test, hdr.hdr_len, 64);
	KUNIT_EXPECT_EQ(test, bytes[4], 0x78);
	KUNIT_EXPECT_EQ(test, bytes[7], 0x12);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + 8, 0, sizeof(hdr) - 8));
}

static void sio_hdr_check__every_type(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
				    SIO_CNT_NONE, "type %u", t->type);
		hdr = sio_ht_good(t, t->max);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->max),
				    SIO_CNT_NONE, "type %u", t->type);
	}
}

static void sio_hdr_check__shorter_or_longer_than_the_type(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min - 1);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min - 1),
				    SIO_CNT_DROP_LEN, "type %u", t->type);
		hdr = sio_ht_good(t, t->max + 1);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->max + 1),
				    SIO_CNT_DROP_LEN, "type %u", t->type);
		hdr = sio_ht_good(t, U32_MAX);
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, U32_MAX),
				SIO_CNT_DROP_LEN);
	}
}

static void sio_hdr_check__length_that_did_not_arrive(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	u32 bit;

	KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 999), SIO_CNT_DROP_LEN);
	KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1001), SIO_CNT_DROP_LEN);
	for (bit = 1; bit; bit <<= 1) {
		hdr.len = cpu_to_le32(1000 ^ bit);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, 1000),
				    SIO_CNT_DROP_LEN, "bit %#x", bit);
	}
}

static void sio_hdr_check__types_that_are_not_ours(struct kunit *test)
{
	struct sio_msg_hdr hdr;
	unsigned int type, i;
	bool ours;

	for (type = 0; type < 256; type++) {
		ours = false;
		for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++)
			ours |= sio_ht_types[i].type == type;
		if (ours)
			continue;
		sio_hdr_init(&hdr, type, 0);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, 0),
				    SIO_CNT_DROP_TYPE, "type %u", type);
	}
}

static void sio_hdr_check__other_version(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int version, i;
	enum sio_cnt want;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min);
		want = t->type == SIO_MSG_REFUSE ? SIO_CNT_NONE :
						   SIO_CNT_DROP_VERSION;
		for (version = 0; version < 256; version++) {
			hdr.version = version;
			if (version == SIO_PROTO_VERSION)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
					    want, "type %u version %u",
					    t->type, version);
		}
	}
}

static void sio_hdr_check__header_length(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	unsigned int len;

	for (len = 0; len < 256; len++) {
		hdr.hdr_len = len;
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000),
				len == 64 ? SIO_CNT_NONE : SIO_CNT_DROP_HDR);
	}
}

static void sio_hdr_check__unknown_flags(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	unsigned int flags;

	for (flags = 0; flags < 256; flags++) {
		hdr.flags = flags;
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000), flags < 2 ?
				SIO_CNT_NONE : SIO_CNT_DROP_RESERVED);
	}
}

static void sio_hdr_check__reserved_bits(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	unsigned int i;

	for (i = 0; i < 16; i++) {
		hdr.reserved = cpu_to_le16(1 << i);
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000),
				SIO_CNT_DROP_RESERVED);
	}
	hdr.reserved = 0;
	for (i = 0; i < 32; i++) {
		hdr.reserved2 = cpu_to_le32(1U << i);
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000),
				SIO_CNT_DROP_RESERVED);
	}
	hdr.reserved2 = 0;
	KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000), SIO_CNT_NONE);
}

static void sio_hdr_check__suite_the_type_must_not_have(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int suite, i;
	bool ok;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min);
		memset(hdr.tag, 0, sizeof(hdr.tag));
		for (suite = 0; suite < 256; suite++) {
			hdr.suite = suite;
			ok = (suite == SIO_SUITE_CLEAR && t->clear) ||
			     (suite == SIO_SUITE_CHACHA && t->sealed);
			KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
					    ok ? SIO_CNT_NONE :
						 SIO_CNT_DROP_SUITE,
					    "type %u suite %u", t->type,
					    suite);
		}
	}
}

static void sio_hdr_check__tag_in_the_clear(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	unsigned int i;

	for (i = 0; i < sizeof(hdr.tag); i++) {
		hdr.tag[i] = 1;
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000),
				SIO_CNT_DROP_RESERVED);
		hdr.tag[i] = 0;
	}
}

static void sio_hdr_check__crc_without_its_flag(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_PACKET, 1000);
	unsigned int i;

	for (i = 0; i < 32; i++) {
		hdr.crc = cpu_to_le32(1U << i);
		hdr.flags = 0;
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000),
				SIO_CNT_DROP_RESERVED);
		hdr.flags = SIO_MSG_F_CRC;
		KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000), SIO_CNT_NONE);
	}
}

static void sio_hdr_check__slot(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min);
		hdr.slot = cpu_to_le16(0xffff);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
				    t->slot ? SIO_CNT_NONE : SIO_CNT_DROP_SLOT,
				    "slot, type %u", t->type);
		hdr.slot = 0;
		hdr.slot_seq = cpu_to_le32(!t->slot);
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
				    SIO_CNT_DROP_SLOT, "seq, type %u", t->type);
	}
}

static void sio_hdr_check__number_of_records(struct kunit *test)
{
	const struct sio_ht_type *t;
	struct sio_msg_hdr hdr;
	unsigned int i, nr;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++) {
		t = &sio_ht_types[i];
		hdr = sio_ht_good(t, t->min);
		for (nr = 0; nr < 256; nr++) {
			hdr.nr_recs = nr;
			KUNIT_EXPECT_EQ_MSG(test, sio_hdr_check(&hdr, t->min),
					    t->recs == !!nr ? SIO_CNT_NONE :
						SIO_CNT_DROP_RECORD,
					    "type %u, %u", t->type, nr);
		}
	}
}

/* Whether they are right is known to the session only */
static void sio_hdr_check__fields_of_the_session(struct kunit *test)
{
	struct sio_msg_hdr hdr = sio_ht_good(SIO_HT_REQ, 1000);

	hdr.offset = cpu_to_le64(U64_MAX);
	hdr.dev = cpu_to_le32(U32_MAX);
	hdr.gen = cpu_to_le32(U32_MAX);
	hdr.epoch = cpu_to_le32(U32_MAX);
	hdr.slot_seq = cpu_to_le32(U32_MAX);
	hdr.slot = cpu_to_le16(U16_MAX);
	hdr.queue = cpu_to_le16(U16_MAX);
	KUNIT_EXPECT_EQ(test, sio_hdr_check(&hdr, 1000), SIO_CNT_NONE);
}

static void sio_hdr_is_slow__all_but_data(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    sio_hdr_is_slow(sio_ht_types[i].type),
				    sio_ht_types[i].type < SIO_MSG_PACKET,
				    "type %u", sio_ht_types[i].type);
	/* not of ours: sio_hdr_check() refuses it, and nothing is read */
	for (i = SIO_MSG_NR; i <= U8_MAX; i++)
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_is_slow(i),
				    sio_hdr_is_slow(0), "type %u", i);
}

static struct kunit_case sio_hdr_cases[] = {
	KUNIT_CASE(sio_hdr_init__writes_all),
	KUNIT_CASE(sio_hdr_check__every_type),
	KUNIT_CASE(sio_hdr_check__shorter_or_longer_than_the_type),
	KUNIT_CASE(sio_hdr_check__length_that_did_not_arrive),
	KUNIT_CASE(sio_hdr_check__types_that_are_not_ours),
	KUNIT_CASE(sio_hdr_check__other_version),
	KUNIT_CASE(sio_hdr_check__header_length),
	KUNIT_CASE(sio_hdr_check__unknown_flags),
	KUNIT_CASE(sio_hdr_check__reserved_bits),
	KUNIT_CASE(sio_hdr_check__suite_the_type_must_not_have),
	KUNIT_CASE(sio_hdr_check__tag_in_the_clear),
	KUNIT_CASE(sio_hdr_check__crc_without_its_flag),
	KUNIT_CASE(sio_hdr_check__slot),
	KUNIT_CASE(sio_hdr_check__number_of_records),
	KUNIT_CASE(sio_hdr_check__fields_of_the_session),
	KUNIT_CASE(sio_hdr_is_slow__all_but_data),
	{}
};

static struct kunit_suite sio_hdr_suite = {
	.name = "hdr",
	.test_cases = sio_hdr_cases,
};

kunit_test_suite(sio_hdr_suite);
