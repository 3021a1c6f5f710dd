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

static const struct {
	u8 type;
	u32 min;
	u32 max;
} sio_ht_recs[] = {
	{ SIO_REC_PACKET, 21, 65483 },
	{ SIO_REC_DEV, 84, 84 },
	{ SIO_REC_DEV_GONE, 16, 16 },
	{ SIO_REC_DEV_STATUS, 20, 20 },
	{ SIO_REC_NIC_MODE, 36, 36 + 512 * 6 + 1024 * 2 },
};

static void sio_hdr_is_slow__all_but_packets(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_types); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    sio_hdr_is_slow(sio_ht_types[i].type),
				    sio_ht_types[i].type != SIO_MSG_PACKET,
				    "type %u", sio_ht_types[i].type);
	/* not of ours: sio_hdr_check() refuses it, and nothing is read */
	for (i = SIO_MSG_NR; i <= U8_MAX; i++)
		KUNIT_EXPECT_EQ_MSG(test, sio_hdr_is_slow(i),
				    sio_hdr_is_slow(0), "type %u", i);
}

static void sio_rec_init__writes_all(struct kunit *test)
{
	static const u8 want[] = { 0x78, 0x56, 0x34, 0x12, 5, 0, 0, 0 };
	struct sio_rec_hdr rec;

	memset(&rec, 0xff, sizeof(rec));
	sio_rec_init(&rec, SIO_REC_NIC_MODE, 0x12345678);
	KUNIT_EXPECT_MEMEQ(test, &rec, want, sizeof(want));
}

static void sio_rec_check__lengths(struct kunit *test)
{
	struct sio_rec_hdr rec;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_recs); i++) {
		u32 min = sio_ht_recs[i].min, max = sio_ht_recs[i].max;

		sio_rec_init(&rec, sio_ht_recs[i].type, min);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, min), SIO_CNT_NONE);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, U32_MAX),
				SIO_CNT_NONE);
		rec.len = cpu_to_le32(max);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, max), SIO_CNT_NONE);
		rec.len = cpu_to_le32(min - 1);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, U32_MAX),
				SIO_CNT_DROP_RECORD);
		rec.len = cpu_to_le32(max + 1);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, U32_MAX),
				SIO_CNT_DROP_RECORD);
		rec.len = cpu_to_le32(U32_MAX);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, U32_MAX),
				SIO_CNT_DROP_RECORD);
	}
}

static void sio_rec_check__longer_than_what_is_left(struct kunit *test)
{
	struct sio_rec_hdr rec;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_ht_recs); i++) {
		sio_rec_init(&rec, sio_ht_recs[i].type, sio_ht_recs[i].max);
		KUNIT_EXPECT_EQ(test,
				sio_rec_check(&rec, sio_ht_recs[i].max - 1),
				SIO_CNT_DROP_RECORD);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, sizeof(rec)),
				SIO_CNT_DROP_RECORD);
	}
}

static void sio_rec_check__types_that_are_not_ours(struct kunit *test)
{
	struct sio_rec_hdr rec;
	unsigned int type;

	for (type = 0; type < 256; type++) {
		if (type >= SIO_REC_PACKET && type <= SIO_REC_NIC_MODE)
			continue;
		sio_rec_init(&rec, type, 40);
		KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, 4000),
				SIO_CNT_DROP_RECORD);
	}
}

static void sio_rec_check__flags_and_reserved(struct kunit *test)
{
	struct sio_rec_hdr rec;
	unsigned int i, flags;
	enum sio_cnt want;

	for (i = 0; i < ARRAY_SIZE(sio_ht_recs); i++) {
		sio_rec_init(&rec, sio_ht_recs[i].type, sio_ht_recs[i].min);
		for (flags = 0; flags < 256; flags++) {
			rec.flags = flags;
			want = !flags || (rec.type == SIO_REC_PACKET &&
					  flags <= 3) ?
			       SIO_CNT_NONE : SIO_CNT_DROP_RESERVED;
			KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, 4000), want);
		}
		rec.flags = 0;
		for (flags = 1; flags < 0x10000; flags <<= 1) {
			rec.reserved = cpu_to_le16(flags);
			KUNIT_EXPECT_EQ(test, sio_rec_check(&rec, 4000),
					SIO_CNT_DROP_RESERVED);
		}
	}
}

/* A body that ends where its memory does, so that KASAN sees what is beyond */
static u8 *sio_ht_body(struct kunit *test, u32 len)
{
	u8 *body = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, body);
	return body;
}

static void sio_rec_next__several(struct kunit *test)
{
	static const struct {
		u8 type;
		u32 len;
		u32 at;
	} recs[] = {
		{ SIO_REC_DEV_GONE, 16, 0 },
		{ SIO_REC_PACKET, 21, 16 },	/* and 3 of padding */
		{ SIO_REC_PACKET, 22, 40 },	/* and 2 */
		{ SIO_REC_PACKET, 23, 64 },	/* and 1 */
		{ SIO_REC_DEV_STATUS, 20, 88 },
		{ SIO_REC_PACKET, 21, 108 },	/* without, at the end */
	};
	u8 *body = sio_ht_body(test, 129);
	unsigned int i;
	u32 pos = 0;

	for (i = 0; i < ARRAY_SIZE(recs); i++)
		sio_rec_init((struct sio_rec_hdr *)(body + recs[i].at),
			     recs[i].type, recs[i].len);
	for (i = 0; i < ARRAY_SIZE(recs); i++)
		KUNIT_ASSERT_PTR_EQ(test, (const u8 *)
				    sio_rec_next(body, 129, &pos),
				    (const u8 *)body + recs[i].at);
	KUNIT_EXPECT_EQ(test, pos, 129);
	KUNIT_EXPECT_NULL(test, sio_rec_next(body, 129, &pos));
	KUNIT_EXPECT_EQ(test, pos, 129);
}

static void sio_rec_next__padding_after_the_last(struct kunit *test)
{
	u8 *body = sio_ht_body(test, 24);
	u32 pos = 0;

	sio_rec_init((struct sio_rec_hdr *)body, SIO_REC_PACKET, 21);
	KUNIT_EXPECT_NOT_NULL(test, sio_rec_next(body, 24, &pos));
	KUNIT_EXPECT_EQ(test, pos, 24);
	pos = 0;	/* only a part of the padding */
	KUNIT_EXPECT_NOT_NULL(test, sio_rec_next(body, 22, &pos));
	KUNIT_EXPECT_EQ(test, pos, 22);
}

static void sio_rec_next__nothing(struct kunit *test)
{
	u8 *body = sio_ht_body(test, 1);
	u32 pos = 0;

	KUNIT_EXPECT_NULL(test, sio_rec_next(body, 0, &pos));
	KUNIT_EXPECT_EQ(test, pos, 0);
}

static void sio_rec_next__less_than_a_header(struct kunit *test)
{
	u32 pos, len;
	u8 *body;

	for (len = 1; len < sizeof(struct sio_rec_hdr); len++) {
		body = sio_ht_body(test, len);
		pos = 0;
		KUNIT_EXPECT_NULL(test, sio_rec_next(body, len, &pos));
		KUNIT_EXPECT_EQ(test, pos, 0);
	}
}

static void sio_rec_next__stops_at_a_lie(struct kunit *test)
{
	u8 *body = sio_ht_body(test, 48);
	struct sio_rec_hdr *lie = (struct sio_rec_hdr *)(body + 16);
	u32 pos = 0;

	sio_rec_init((struct sio_rec_hdr *)body, SIO_REC_DEV_GONE, 16);
	sio_rec_init(lie, SIO_REC_PACKET, 33);	/* 32 are left */
	KUNIT_EXPECT_NOT_NULL(test, sio_rec_next(body, 48, &pos));
	KUNIT_EXPECT_NULL(test, sio_rec_next(body, 48, &pos));
	KUNIT_EXPECT_EQ(test, pos, 16);

	sio_rec_init(lie, SIO_REC_PACKET, 32);
	lie->reserved = cpu_to_le16(1);
	KUNIT_EXPECT_NULL(test, sio_rec_next(body, 48, &pos));
	KUNIT_EXPECT_EQ(test, pos, 16);

	lie->reserved = 0;
	KUNIT_EXPECT_NOT_NULL(test, sio_rec_next(body, 48, &pos));
	KUNIT_EXPECT_EQ(test, pos, 48);
}

static bool sio_ht_name_ok(const char *name)
{
	return sio_name_is_valid(name, strlen(name) + 1);
}

static void sio_name_is_valid__good(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, sio_ht_name_ok("a"));
	KUNIT_EXPECT_TRUE(test, sio_ht_name_ok("7"));
	KUNIT_EXPECT_TRUE(test, sio_ht_name_ok("Guest-1_b.example"));
	KUNIT_EXPECT_TRUE(test, sio_name_is_valid("ab\0\xff/", 6));
}

static void sio_name_is_valid__first_character(struct kunit *test)
{
	char name[] = "xa";
	unsigned int c;
	bool ok;

	for (c = 0; c < 256; c++) {
		name[0] = c;
		ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		     (c >= 'a' && c <= 'z');
		KUNIT_EXPECT_EQ_MSG(test, sio_name_is_valid(name, 3), ok,
				    "character %#x", c);
	}
}

static void sio_name_is_valid__later_characters(struct kunit *test)
{
	char name[] = "axb";
	unsigned int c;
	bool ok;

	for (c = 1; c < 256; c++) {
		name[1] = c;
		ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		     (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
		     c == '-';
		KUNIT_EXPECT_EQ_MSG(test, sio_name_is_valid(name, 4), ok,
				    "character %#x", c);
	}
}

static void sio_name_is_valid__without_an_end(struct kunit *test)
{
	char *name = sio_ht_body(test, SIO_NAME_LEN);

	memset(name, 'a', SIO_NAME_LEN);
	KUNIT_EXPECT_FALSE(test, sio_name_is_valid(name, SIO_NAME_LEN));
	KUNIT_EXPECT_FALSE(test, sio_name_is_valid(name, 1));
	KUNIT_EXPECT_FALSE(test, sio_name_is_valid(name, 0));
	name[SIO_NAME_LEN - 1] = 0;
	KUNIT_EXPECT_TRUE(test, sio_name_is_valid(name, SIO_NAME_LEN));
	name[0] = 0;
	KUNIT_EXPECT_FALSE(test, sio_name_is_valid(name, SIO_NAME_LEN));
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
	KUNIT_CASE(sio_hdr_is_slow__all_but_packets),
	KUNIT_CASE(sio_rec_init__writes_all),
	KUNIT_CASE(sio_rec_check__lengths),
	KUNIT_CASE(sio_rec_check__longer_than_what_is_left),
	KUNIT_CASE(sio_rec_check__types_that_are_not_ours),
	KUNIT_CASE(sio_rec_check__flags_and_reserved),
	KUNIT_CASE(sio_rec_next__several),
	KUNIT_CASE(sio_rec_next__padding_after_the_last),
	KUNIT_CASE(sio_rec_next__nothing),
	KUNIT_CASE(sio_rec_next__less_than_a_header),
	KUNIT_CASE(sio_rec_next__stops_at_a_lie),
	KUNIT_CASE(sio_name_is_valid__good),
	KUNIT_CASE(sio_name_is_valid__first_character),
	KUNIT_CASE(sio_name_is_valid__later_characters),
	KUNIT_CASE(sio_name_is_valid__without_an_end),
	{}
};

static struct kunit_suite sio_hdr_suite = {
	.name = "hdr",
	.test_cases = sio_hdr_cases,
};

kunit_test_suite(sio_hdr_suite);
