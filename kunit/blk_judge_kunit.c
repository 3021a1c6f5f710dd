// SPDX-License-Identifier: GPL-2.0
/* Tests of backend/blk_judge.c and frontend/blk_judge.c, compiled in here. */
#include <kunit/test.h>

/* The ends are modules that these tests do not need */
#include "backend/blk_judge.c"
#include "frontend/blk_judge.c"

/* --- requests, as the iohyp judges them ------------------------------------ */

#define SIO_JGT_SECTORS		2048U

static const struct sio_be_blk_limits sio_jgt_limits = {
	.sectors = SIO_JGT_SECTORS,
	.flags = SIO_BLK_F_DISCARD | SIO_BLK_F_ZEROES,
	.block = 1024,
	.len_max = SZ_1M,
	.discard_max = 1024,
	.zeroes_max = 512,
};

/* A request that is right, to be made wrong in one way */
static struct sio_rec_blk_req sio_jgt_req(u8 op, u64 sector, u32 len)
{
	struct sio_rec_blk_req rec = {
		.rec.len = cpu_to_le32(sizeof(rec)),
		.sector = cpu_to_le64(sector),
		.len = cpu_to_le32(len),
		.op = op,
	};

	return rec;
}

static void sio_jgt_sane(struct kunit *test, bool is_sane,
			 const struct sio_rec_blk_req *rec)
{
	KUNIT_EXPECT_EQ(test, sio_be_req_is_sane(&sio_jgt_limits, rec),
			is_sane);
}

static void sio_be_req_is_sane__each_operation(struct kunit *test)
{
	static const u8 ops[] = {
		SIO_BLK_READ, SIO_BLK_WRITE, SIO_BLK_DISCARD, SIO_BLK_ZEROES,
	};
	struct sio_rec_blk_req rec;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		rec = sio_jgt_req(ops[i], 2, 4096);
		sio_jgt_sane(test, true, &rec);
		rec = sio_jgt_req(ops[i], 2, 0);
		sio_jgt_sane(test, false, &rec);
		rec = sio_jgt_req(ops[i], 1, 4096);	/* half a block */
		sio_jgt_sane(test, false, &rec);
		rec = sio_jgt_req(ops[i], 2, 512);
		sio_jgt_sane(test, false, &rec);
	}
	rec = sio_jgt_req(SIO_BLK_FLUSH, 0, 0);
	sio_jgt_sane(test, true, &rec);
	rec = sio_jgt_req(SIO_BLK_FLUSH, 0, 4096);
	sio_jgt_sane(test, false, &rec);
	rec = sio_jgt_req(SIO_BLK_FLUSH, 2, 0);
	sio_jgt_sane(test, false, &rec);
}

static void sio_be_req_is_sane__reserved(struct kunit *test)
{
	struct sio_rec_blk_req rec = sio_jgt_req(SIO_BLK_READ, 0, 4096);

	rec.reserved = cpu_to_le16(1);
	sio_jgt_sane(test, false, &rec);
	rec = sio_jgt_req(SIO_BLK_READ, 0, 4096);
	rec.reserved2 = cpu_to_le32(1);
	sio_jgt_sane(test, false, &rec);
}

static void sio_be_req_is_sane__flags_of_another_operation(struct kunit *test)
{
	static const struct {
		u8 op;
		u8 may;
	} rules[] = {
		{ SIO_BLK_READ, 0 },
		{ SIO_BLK_WRITE, SIO_BLK_REQ_F_FUA },
		{ SIO_BLK_FLUSH, 0 },
		{ SIO_BLK_DISCARD, 0 },
		{ SIO_BLK_ZEROES, SIO_BLK_REQ_F_UNMAP },
	};
	struct sio_rec_blk_req rec;
	unsigned int i, bit;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		rec = sio_jgt_req(rules[i].op, 0,
				  rules[i].op == SIO_BLK_FLUSH ? 0 : 4096);
		for (bit = 1; bit <= U8_MAX; bit <<= 1) {
			rec.flags = bit;
			sio_jgt_sane(test, rules[i].may == bit, &rec);
		}
	}
}

static void sio_be_req_is_sane__too_long(struct kunit *test)
{
	struct sio_rec_blk_req rec = sio_jgt_req(SIO_BLK_READ, 0, SZ_1M);

	sio_jgt_sane(test, true, &rec);
	rec = sio_jgt_req(SIO_BLK_READ, 0, SZ_1M + 4096);
	sio_jgt_sane(test, false, &rec);
	rec = sio_jgt_req(SIO_BLK_WRITE, 0, SZ_1M + 4096);
	sio_jgt_sane(test, false, &rec);
	rec = sio_jgt_req(SIO_BLK_WRITE, 0, U32_MAX & ~4095U);
	sio_jgt_sane(test, false, &rec);
}

static void sio_be_req_is_sane__data_with_it(struct kunit *test)
{
	struct sio_rec_blk_req rec = sio_jgt_req(SIO_BLK_WRITE, 0, 3 * 4096);

	rec.rec.len = cpu_to_le32(sizeof(rec) + 4096);
	sio_jgt_sane(test, true, &rec);
	rec.rec.len = cpu_to_le32(sizeof(rec) + 3 * 4096);
	sio_jgt_sane(test, true, &rec);
	rec.rec.len = cpu_to_le32(sizeof(rec) + 4096 + 512);
	sio_jgt_sane(test, false, &rec);
	rec.rec.len = cpu_to_le32(sizeof(rec) + 4 * 4096);
	sio_jgt_sane(test, false, &rec);
	rec.op = SIO_BLK_READ;
	rec.rec.len = cpu_to_le32(sizeof(rec) + 4096);
	sio_jgt_sane(test, false, &rec);
}

static void sio_be_req_is_sane__skip(struct kunit *test)
{
	struct sio_rec_blk_req rec = sio_jgt_req(SIO_BLK_READ, 0, 2 * 4096);

	rec.skip = cpu_to_le32(4096);
	sio_jgt_sane(test, true, &rec);
	rec.skip = cpu_to_le32(512);
	sio_jgt_sane(test, false, &rec);
	rec.skip = cpu_to_le32(2 * 4096);
	sio_jgt_sane(test, false, &rec);
	rec.op = SIO_BLK_WRITE;
	rec.skip = cpu_to_le32(4096);
	sio_jgt_sane(test, false, &rec);
}

static void sio_jgt_permit(struct kunit *test, u32 flags, u8 status,
			   struct sio_rec_blk_req rec)
{
	struct sio_be_blk_limits limits = sio_jgt_limits;

	limits.flags |= flags;
	KUNIT_EXPECT_EQ(test, sio_be_req_permit(&limits, &rec), status);
}

static void sio_be_req_permit__range(struct kunit *test)
{
	static const u8 ops[] = {
		SIO_BLK_READ, SIO_BLK_WRITE, SIO_BLK_DISCARD, SIO_BLK_ZEROES,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		sio_jgt_permit(test, 0, SIO_BLK_S_OK,
			       sio_jgt_req(ops[i], SIO_JGT_SECTORS - 8, 4096));
		sio_jgt_permit(test, 0, SIO_BLK_S_RANGE,
			       sio_jgt_req(ops[i], SIO_JGT_SECTORS - 6, 4096));
		sio_jgt_permit(test, 0, SIO_BLK_S_RANGE,
			       sio_jgt_req(ops[i], SIO_JGT_SECTORS, 4096));
		sio_jgt_permit(test, 0, SIO_BLK_S_RANGE,
			       sio_jgt_req(ops[i], SIO_JGT_SECTORS + 2, 4096));
		/* sums of these are small again */
		sio_jgt_permit(test, 0, SIO_BLK_S_RANGE,
			       sio_jgt_req(ops[i], U64_MAX - 7, 4096));
		sio_jgt_permit(test, 0, SIO_BLK_S_RANGE,
			       sio_jgt_req(ops[i], 1ULL << 55, 4096));
	}
}

static void sio_be_req_permit__read_only(struct kunit *test)
{
	u32 ro = SIO_BLK_F_READ_ONLY;

	sio_jgt_permit(test, ro, SIO_BLK_S_READ_ONLY,
		       sio_jgt_req(SIO_BLK_WRITE, 0, 4096));
	sio_jgt_permit(test, ro, SIO_BLK_S_READ_ONLY,
		       sio_jgt_req(SIO_BLK_DISCARD, 0, 4096));
	sio_jgt_permit(test, ro, SIO_BLK_S_READ_ONLY,
		       sio_jgt_req(SIO_BLK_ZEROES, 0, 4096));
	sio_jgt_permit(test, ro, SIO_BLK_S_OK,
		       sio_jgt_req(SIO_BLK_READ, 0, 4096));
	sio_jgt_permit(test, ro, SIO_BLK_S_OK,
		       sio_jgt_req(SIO_BLK_FLUSH, 0, 0));
}

static void sio_be_req_permit__more_than_offered(struct kunit *test)
{
	sio_jgt_permit(test, 0, SIO_BLK_S_OK,
		       sio_jgt_req(SIO_BLK_DISCARD, 0, 1024 * SIO_SECTOR));
	sio_jgt_permit(test, 0, SIO_BLK_S_UNSUPP,
		       sio_jgt_req(SIO_BLK_DISCARD, 0, 1026 * SIO_SECTOR));
	sio_jgt_permit(test, 0, SIO_BLK_S_OK,
		       sio_jgt_req(SIO_BLK_ZEROES, 0, 512 * SIO_SECTOR));
	sio_jgt_permit(test, 0, SIO_BLK_S_UNSUPP,
		       sio_jgt_req(SIO_BLK_ZEROES, 0, 514 * SIO_SECTOR));
}

static void sio_be_req_permit__unknown_operation(struct kunit *test)
{
	sio_jgt_permit(test, 0, SIO_BLK_S_UNSUPP, sio_jgt_req(2, 0, 4096));
	sio_jgt_permit(test, 0, SIO_BLK_S_UNSUPP,
		       sio_jgt_req(U8_MAX, 0, 4096));
}

/* --- disks, as the guest judges them --------------------------------------- */

static const struct sio_rec_blk sio_jgt_disk = {
	.dev.queues = cpu_to_le16(2),
	.flags = cpu_to_le32(SIO_BLK_F_CACHE),
	.sectors = cpu_to_le64(SIO_JGT_SECTORS),
	.block = cpu_to_le32(1024),
	.phys_block = cpu_to_le32(4096),
	.io_min = cpu_to_le32(4096),
	.len_max = cpu_to_le32(SZ_1M),
	.discard_align = cpu_to_le32(4096),
	.slots = cpu_to_le16(64),
};

/* With one field of the disk changed, is it believed? */
#define SIO_JGT_DISK(test, field, to_wire, value, err) do {		\
	struct sio_rec_blk rec = sio_jgt_disk;				\
	u64 host = value;						\
	rec.field = to_wire(host);					\
	KUNIT_EXPECT_EQ_MSG(test, sio_fe_disk_judge(&rec.dev), err,	\
			    "%s %llu", #field, host);			\
} while (0)

static void sio_fe_disk_judge__good(struct kunit *test)
{
	SIO_JGT_DISK(test, block, cpu_to_le32, 512, 0);
	SIO_JGT_DISK(test, block, cpu_to_le32, 4096, 0);
	SIO_JGT_DISK(test, sectors, cpu_to_le64, 1ULL << 50, 0);
	SIO_JGT_DISK(test, len_max, cpu_to_le32, SIO_BLK_LEN_MAX, 0);
	SIO_JGT_DISK(test, slots, cpu_to_le16, SIO_SLOTS_MAX, 0);
}

static void sio_fe_disk_judge__blocks(struct kunit *test)
{
	SIO_JGT_DISK(test, block, cpu_to_le32, 0, -EINVAL);
	SIO_JGT_DISK(test, block, cpu_to_le32, 256, -EINVAL);
	SIO_JGT_DISK(test, block, cpu_to_le32, 1536, -EINVAL);
	SIO_JGT_DISK(test, block, cpu_to_le32, 2 * PAGE_SIZE, -EINVAL);
	SIO_JGT_DISK(test, phys_block, cpu_to_le32, 512, -EINVAL);
	SIO_JGT_DISK(test, phys_block, cpu_to_le32, 3072, -EINVAL);
}

static void sio_fe_disk_judge__size(struct kunit *test)
{
	SIO_JGT_DISK(test, sectors, cpu_to_le64, 0, -EINVAL);
	SIO_JGT_DISK(test, sectors, cpu_to_le64, 2047, -EINVAL);
	SIO_JGT_DISK(test, sectors, cpu_to_le64, 1ULL << 55, -EINVAL);
	SIO_JGT_DISK(test, sectors, cpu_to_le64, U64_MAX - 1, -EINVAL);
}

static void sio_fe_disk_judge__limits(struct kunit *test)
{
	SIO_JGT_DISK(test, len_max, cpu_to_le32, 0, -EINVAL);
	SIO_JGT_DISK(test, len_max, cpu_to_le32, 6144, -EINVAL);
	SIO_JGT_DISK(test, len_max, cpu_to_le32, 2 * SIO_BLK_LEN_MAX, -EINVAL);
	SIO_JGT_DISK(test, discard_align, cpu_to_le32, 512, -EINVAL);
	SIO_JGT_DISK(test, io_min, cpu_to_le32, 512, -EINVAL);
	SIO_JGT_DISK(test, io_opt, cpu_to_le32, 512, -EINVAL);
}

static void sio_fe_disk_judge__unknown_flags(struct kunit *test)
{
	SIO_JGT_DISK(test, flags, cpu_to_le32, SIO_BLK_F_ALL + 1, -EINVAL);
	SIO_JGT_DISK(test, flags, cpu_to_le32, 1U << 31, -EINVAL);
}

static void sio_fe_disk_judge__slots(struct kunit *test)
{
	SIO_JGT_DISK(test, dev.queues, cpu_to_le16, 0, -EINVAL);
	SIO_JGT_DISK(test, slots, cpu_to_le16, 0, -EINVAL);
	SIO_JGT_DISK(test, slots, cpu_to_le16, 2, -EINVAL);
	SIO_JGT_DISK(test, slots, cpu_to_le16, 63, -EINVAL);
	SIO_JGT_DISK(test, slots, cpu_to_le16, SIO_SLOTS_MAX + 2, -EINVAL);
}

static struct kunit_case sio_blk_judge_cases[] = {
	KUNIT_CASE(sio_be_req_is_sane__each_operation),
	KUNIT_CASE(sio_be_req_is_sane__reserved),
	KUNIT_CASE(sio_be_req_is_sane__flags_of_another_operation),
	KUNIT_CASE(sio_be_req_is_sane__too_long),
	KUNIT_CASE(sio_be_req_is_sane__data_with_it),
	KUNIT_CASE(sio_be_req_is_sane__skip),
	KUNIT_CASE(sio_be_req_permit__range),
	KUNIT_CASE(sio_be_req_permit__read_only),
	KUNIT_CASE(sio_be_req_permit__more_than_offered),
	KUNIT_CASE(sio_be_req_permit__unknown_operation),
	KUNIT_CASE(sio_fe_disk_judge__good),
	KUNIT_CASE(sio_fe_disk_judge__blocks),
	KUNIT_CASE(sio_fe_disk_judge__size),
	KUNIT_CASE(sio_fe_disk_judge__limits),
	KUNIT_CASE(sio_fe_disk_judge__unknown_flags),
	KUNIT_CASE(sio_fe_disk_judge__slots),
	{}
};

static struct kunit_suite sio_blk_judge_suite = {
	.name = "sio_blk_judge",
	.test_cases = sio_blk_judge_cases,
};

kunit_test_suite(sio_blk_judge_suite);
