// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/hdr.c: records of a body, and names. */

#include <kunit/test.h>
#include <linux/string.h>

#include "proto/hdr.h"

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
	{ SIO_REC_BLK, 136, 136 },
	{ SIO_REC_BLK_REQ, 32, 65483 },
	{ SIO_REC_BLK_RSP, 16, 65483 },
	{ SIO_REC_BLK_SPAN, 16, 65483 },
	{ SIO_REC_BLK_DONE, 16, 16 + 1024 * 8 },
};

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
		if (type >= SIO_REC_PACKET && type <= SIO_REC_BLK_DONE)
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

static struct kunit_case sio_hdr_rec_cases[] = {
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

static struct kunit_suite sio_hdr_rec_suite = {
	.name = "hdr_rec",
	.test_cases = sio_hdr_rec_cases,
};

kunit_test_suite(sio_hdr_rec_suite);
