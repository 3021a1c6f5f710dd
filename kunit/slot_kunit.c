// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/slot.c. */

#include <kunit/test.h>
#include <linux/slab.h>

#include "proto/slot.h"
#include "slot_fix.h"

static void *sio_slot_text(struct kunit *test, u8 fill, u32 len)
{
	void *answer = kmalloc(len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, answer);
	memset(answer, fill, len);
	return answer;
}

/* Finish a request with an answer the table must not take */
static void sio_slot_expect_refused(struct kunit *test, struct sio_slot_fix *f,
				    u16 slot, u32 seq, u32 len, int err)
{
	void *answer = sio_slot_text(test, 1, len);

	KUNIT_EXPECT_EQ(test, err, sio_slot_finish(&f->s, slot, seq, answer,
						   len));
	kfree(answer);
}

static void sio_slot_client_init__more_than_the_most(struct kunit *test)
{
	struct sio_slot_client *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct sio_slot *slots;
	int i;

	slots = kunit_kzalloc(test, SIO_SLOTS_MAX * sizeof(*slots), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_NOT_NULL(test, slots);
	sio_slot_client_init(c, slots, U16_MAX, 10);
	KUNIT_EXPECT_EQ(test, c->nr, SIO_SLOTS_MAX);
	for (i = 0; i < SIO_SLOTS_MAX; i++)
		KUNIT_ASSERT_EQ(test, sio_slot_take(c, 0, 0, c), i);
	KUNIT_EXPECT_EQ(test, sio_slot_take(c, 0, 0, c), -EBUSY);
}

static void sio_slot_client_init__no_slots(struct kunit *test)
{
	struct sio_slot_client c;
	u64 next;

	sio_slot_client_init(&c, NULL, 0, 10);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&c, 0, 0, test), -EBUSY);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&c, 0, 1));
	KUNIT_EXPECT_EQ(test, sio_slot_due(&c, 0, &next), -1);
	KUNIT_EXPECT_EQ(test, sio_slot_next(&c, 0), -1);
}

static void sio_slot_resize__more_than_there_is_memory(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_resize(&f->c, U16_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, f->c.granted, SIO_SLOT_T_NR);
}

static void sio_slot_resize__below_what_is_outstanding(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	for (i = 0; i < 3; i++)
		sio_slot_take(&f->c, 100, 0, &f->req[i]);
	sio_slot_resize(&f->c, 2, 150);
	KUNIT_EXPECT_FALSE(test, sio_slot_is_granted(&f->c, 2));
	KUNIT_EXPECT_TRUE(test, sio_slot_is_granted(&f->c, 1));
	KUNIT_EXPECT_FALSE(test, sio_slot_is_granted(&f->c, -1));

	/* Slot 0 is free, but two requests are outstanding still */
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_answer(&f->c, 0, 1),
			    (void *)&f->req[0]);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), -EBUSY);

	/* One is, but its bytes leave 50 */
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_answer(&f->c, 2, 1),
			    (void *)&f->req[2]);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 51, 0, f), -EDQUOT);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 50, 0, f), 0);
}

static void sio_slot_take__no_slot_free(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	for (i = 0; i < SIO_SLOT_T_NR; i++)
		KUNIT_EXPECT_EQ(test, i, sio_slot_take(&f->c, 1, 0,
						       &f->req[i]));
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), -EBUSY);
	KUNIT_EXPECT_EQ(test, sio_slot_outstanding(&f->c), SIO_SLOT_T_NR);
	KUNIT_EXPECT_NOT_NULL(test, sio_slot_answer(&f->c, 2, 1));
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), 2);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 2), 2);
}

static void sio_slot_take__credit(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1001, 0, f), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, U32_MAX, 0, f), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1000, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), -EDQUOT);
	KUNIT_EXPECT_NOT_NULL(test, sio_slot_answer(&f->c, 0, 1));
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), 0);
}

static void sio_slot_take__credit_of_32_bits(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_resize(&f->c, SIO_SLOT_T_NR, U32_MAX);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, U32_MAX - 1, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 2, 0, f), -EDQUOT);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 1, 0, f), 1);
}

static void sio_slot_take__sequence_wraps(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_set_seq(f, 0, U32_MAX - 1);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), U32_MAX);
	KUNIT_EXPECT_NOT_NULL(test, sio_slot_answer(&f->c, 0, U32_MAX));
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 1);
}

static void sio_slot_seq__no_request_there(struct kunit *test)
{
	static const int wrong[] = { -1, 1, SIO_SLOT_T_NR, INT_MAX, INT_MIN };
	struct sio_slot_fix *f = sio_slot_fix(test);
	size_t i;

	sio_slot_take(&f->c, 0, 0, f);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 1);
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_req(&f->c, 0), (void *)f);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, wrong[i]), 0);
		KUNIT_EXPECT_NULL(test, sio_slot_req(&f->c, wrong[i]));
		KUNIT_EXPECT_NULL(test, sio_slot_abandon(&f->c, wrong[i]));
		KUNIT_EXPECT_EQ(test, sio_slot_move(&f->c, wrong[i]), -ENOENT);
		sio_slot_arm(&f->c, wrong[i], 5);
	}
	KUNIT_EXPECT_EQ(test, sio_slot_outstanding(&f->c), 1);
}

static void sio_slot_move__to_a_granted_slot(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	for (i = 0; i < 4; i++)
		sio_slot_take(&f->c, 10, i, &f->req[i]);
	sio_slot_reset(&f->c);
	sio_slot_resize(&f->c, 2, 1000);
	KUNIT_EXPECT_EQ(test, sio_slot_move(&f->c, 3), -EBUSY);
	sio_slot_answer(&f->c, 1, 1);
	KUNIT_EXPECT_EQ(test, sio_slot_move(&f->c, 3), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 1), 2);
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_req(&f->c, 1), (void *)&f->req[3]);
	KUNIT_EXPECT_EQ(test, f->c.slots[1].taken_us, 3);
	KUNIT_EXPECT_EQ(test, f->c.used, 3);
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 30);

	/* Neither the slot it goes to nor the one it leaves skips a number */
	sio_slot_answer(&f->c, 0, 1);
	sio_slot_set_seq(f, 0, U32_MAX);
	KUNIT_EXPECT_EQ(test, sio_slot_move(&f->c, 2), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 1);
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_req(&f->c, 0), (void *)&f->req[2]);

	/* Granted again later, the slot begins with the number not sent */
	sio_slot_resize(&f->c, 4, 1000);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 2);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 2), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 3);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 3), 1);
}

static void sio_slot_answer__hostile(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 0));
	sio_slot_take(&f->c, 10, 0, f);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 0));
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 2));
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, U32_MAX));
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 1, 0));
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, SIO_SLOT_T_NR, 1));
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, U16_MAX, 1));
	KUNIT_EXPECT_EQ(test, f->c.used, 1);
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 10);
}

static void sio_slot_answer__twice(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_take(&f->c, 10, 0, f);
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_answer(&f->c, 0, 1), (void *)f);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 1));
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 0);
	sio_slot_take(&f->c, 10, 0, f);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 1));
}

static void sio_slot_abandon__until_answered(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_take(&f->c, 10, 0, f);
	KUNIT_EXPECT_PTR_EQ(test, sio_slot_abandon(&f->c, 0), (void *)f);
	KUNIT_EXPECT_NULL(test, sio_slot_abandon(&f->c, 0));
	KUNIT_EXPECT_EQ(test, sio_slot_outstanding(&f->c), 0);
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 10);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, test), 1);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 1));
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 0);
	KUNIT_EXPECT_EQ(test, f->c.abandoned, 0);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 2);
}

static void sio_slot_fence__frees_only_the_abandoned(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	for (i = 0; i < 3; i++)
		sio_slot_take(&f->c, 10, 0, &f->req[i]);
	sio_slot_abandon(&f->c, 0);
	sio_slot_abandon(&f->c, 2);
	sio_slot_fence(&f->c);
	KUNIT_EXPECT_EQ(test, f->c.used, 1);
	KUNIT_EXPECT_EQ(test, f->c.abandoned, 0);
	KUNIT_EXPECT_EQ(test, f->c.used_bytes, 10);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 1), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 2);
}

static void sio_slot_reset__requests_stay(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u64 next;
	int i;

	for (i = 0; i < 4; i++) {
		sio_slot_set_seq(f, i, 40 + i);
		sio_slot_take(&f->c, 10, 0, &f->req[i]);
		sio_slot_arm(&f->c, i, 5);
	}
	sio_slot_abandon(&f->c, 1);
	sio_slot_answer(&f->c, 3, 44);
	sio_slot_reset(&f->c);
	KUNIT_EXPECT_EQ(test, sio_slot_outstanding(&f->c), 2);
	KUNIT_EXPECT_EQ(test, f->c.used, 2);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 0), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 2), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, U64_MAX, &next), -1);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 1);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&f->c, 1), 1);
	KUNIT_EXPECT_NULL(test, sio_slot_answer(&f->c, 0, 41));
}

static void sio_slot_due__order(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u64 next = 0;
	int i;

	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 0, &next), -1);
	KUNIT_EXPECT_EQ(test, next, SIO_SLOT_NEVER);
	for (i = 0; i < 3; i++)
		sio_slot_take(&f->c, 0, 0, &f->req[i]);
	sio_slot_arm(&f->c, 0, 300);
	sio_slot_arm(&f->c, 2, 200);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 199, &next), -1);
	KUNIT_EXPECT_EQ(test, next, 200);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 200, &next), 2);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 200, &next), 2);
	sio_slot_arm(&f->c, 2, 400);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 200, &next), -1);
	KUNIT_EXPECT_EQ(test, next, 300);
	sio_slot_arm(&f->c, 0, SIO_SLOT_NEVER);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, 399, &next), -1);
	KUNIT_EXPECT_EQ(test, next, 400);
	sio_slot_abandon(&f->c, 2);
	KUNIT_EXPECT_EQ(test, sio_slot_due(&f->c, U64_MAX, &next), -1);
	KUNIT_EXPECT_EQ(test, next, SIO_SLOT_NEVER);
}

static void sio_slot_next__skips_the_abandoned(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	KUNIT_EXPECT_EQ(test, sio_slot_next(&f->c, 0), -1);
	for (i = 0; i < 4; i++)
		sio_slot_take(&f->c, 0, 0, &f->req[i]);
	sio_slot_abandon(&f->c, 1);
	sio_slot_answer(&f->c, 2, 1);
	KUNIT_EXPECT_EQ(test, sio_slot_next(&f->c, 0), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_next(&f->c, 1), 3);
	KUNIT_EXPECT_EQ(test, sio_slot_next(&f->c, 4), -1);
}

static void sio_slot_oldest__ages(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_EQ(test, sio_slot_oldest(&f->c, 100), 0);
	sio_slot_take(&f->c, 0, 70, f);
	sio_slot_take(&f->c, 0, 40, f);
	KUNIT_EXPECT_EQ(test, sio_slot_oldest(&f->c, 100), 60);
	sio_slot_abandon(&f->c, 1);
	KUNIT_EXPECT_EQ(test, sio_slot_oldest(&f->c, 100), 30);
	KUNIT_EXPECT_EQ(test, sio_slot_oldest(&f->c, 10), 0);
}

static void sio_slot_judge__life_of_a_request(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	const u8 *answer;
	u32 len;

	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_BUSY);
	KUNIT_EXPECT_EQ(test, sio_slot_t_running(&f->s), 1);
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 1, &len));
	KUNIT_EXPECT_EQ(test, 0, sio_slot_finish(&f->s, 0, 1,
						 sio_slot_text(test, 7, 8), 8));
	KUNIT_EXPECT_EQ(test, sio_slot_t_running(&f->s), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_REPLAY);
	answer = sio_slot_cached(&f->s, 0, 1, &len);
	KUNIT_ASSERT_NOT_NULL(test, answer);
	KUNIT_EXPECT_EQ(test, len, 8);
	KUNIT_EXPECT_EQ(test, answer[7], 7);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 2), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 1, &len));
	KUNIT_EXPECT_EQ(test, len, 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_OLD);
	sio_slot_server_destroy(&f->s);
}

static void sio_slot_judge__hostile(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, SIO_SLOT_T_NR, 1),
			SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, U16_MAX, 1), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 0), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 2), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, U32_MAX), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
	/* The next one before the answer to this */
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 2), SIO_SLOT_BAD);
	sio_slot_finish(&f->s, 0, 1, NULL, 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 3), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 0), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_REPLAY);
}

static void sio_slot_judge__sequence_wraps(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_set_seq(f, 1, U32_MAX - 1);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, U32_MAX),
			SIO_SLOT_EXECUTE);
	sio_slot_finish(&f->s, 1, U32_MAX, NULL, 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, 0), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, 2), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, 1), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, U32_MAX), SIO_SLOT_OLD);
}

static void sio_slot_finish__not_running(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_expect_refused(test, f, U16_MAX, 1, 4, -ENOENT);
	KUNIT_EXPECT_EQ(test, -ENOENT, sio_slot_finish(&f->s, 0, 0, NULL, 0));
	sio_slot_judge(&f->s, 0, 1);
	sio_slot_expect_refused(test, f, 0, 2, 4, -ENOENT);
	KUNIT_EXPECT_EQ(test, sio_slot_finish(&f->s, 0, 1, NULL, 0), 0);
	sio_slot_expect_refused(test, f, 0, 1, 4, -ENOENT);
}

static void sio_slot_finish__answer_too_long(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u32 len = 1;

	sio_slot_judge(&f->s, 0, 1);
	sio_slot_expect_refused(test, f, 0, 1, SIO_SLOT_T_MAX + 1, -E2BIG);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_REPLAY);
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 1, &len));
	KUNIT_EXPECT_EQ(test, len, 0);
}

/* There was no memory for a copy: executed, and not again */
static void sio_slot_finish__no_answer(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u32 len = 1;

	sio_slot_judge(&f->s, 0, 1);
	KUNIT_EXPECT_EQ(test, 0, sio_slot_finish(&f->s, 0, 1, NULL, 20));
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_REPLAY);
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 1, &len));
	KUNIT_EXPECT_EQ(test, len, 0);
}

static void sio_slot_cached__hostile(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u32 len = 1;

	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, U16_MAX, 1, &len));
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 0, &len));
	KUNIT_EXPECT_EQ(test, len, 0);

	/* The answer to another request */
	sio_slot_set_seq(f, 0, 7);
	len = 1;
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 6, &len));
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 8, &len));
	KUNIT_EXPECT_EQ(test, len, 0);
}

/* The abandoned request never arrived: its number is left out, once */
static void sio_slot_cancel__comes_again(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_set_seq(f, 0, 6);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 7), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_t_running(&f->s), 0);
	/* the answer to the one before was given up for it */
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 6), SIO_SLOT_OLD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 8), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 7), SIO_SLOT_EXECUTE);
}

static void sio_slot_cancel__first_number(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
	sio_slot_set_seq(f, 1, U32_MAX);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, 1), SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 1, 1), SIO_SLOT_EXECUTE);
}

static void sio_slot_cancel__of_an_old_incarnation(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_set_seq(f, 0, 6);
	sio_slot_judge(&f->s, 0, 7);
	sio_slot_server_reset(&f->s);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_BUSY);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
}

static void sio_slot_cancel__not_running(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, SIO_SLOT_T_NR, 1),
			-ENOENT);
	sio_slot_set_seq(f, 0, 6);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 6), -ENOENT);
	KUNIT_EXPECT_EQ(test, sio_slot_cancel(&f->s, 0, 7), -ENOENT);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 6), SIO_SLOT_REPLAY);
}

static void sio_slot_server_fence__number_left_out(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_take(&f->c, 0, 0, f);
	sio_slot_abandon(&f->c, 0);
	sio_slot_fence(&f->c);
	sio_slot_server_fence(&f->s);
	KUNIT_EXPECT_EQ(test, sio_slot_take(&f->c, 0, 0, f), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, sio_slot_seq(&f->c, 0)),
			SIO_SLOT_EXECUTE);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_OLD);
	sio_slot_finish(&f->s, 0, 2, NULL, 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 4), SIO_SLOT_BAD);
}

static void sio_slot_server_reset__forgets(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	u32 len;

	sio_slot_judge(&f->s, 0, 1);
	sio_slot_finish(&f->s, 0, 1, sio_slot_text(test, 1, 4), 4);
	sio_slot_server_fence(&f->s);
	sio_slot_server_reset(&f->s);
	KUNIT_EXPECT_NULL(test, sio_slot_cached(&f->s, 0, 1, &len));
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 2), SIO_SLOT_BAD);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
}

/* The old incarnation's request 1 must not pass for the new one's */
static void sio_slot_server_reset__while_running(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);
	int i;

	sio_slot_judge(&f->s, 0, 1);
	for (i = 0; i < 2; i++) {
		sio_slot_server_reset(&f->s);
		KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1),
				SIO_SLOT_BUSY);
	}
	KUNIT_EXPECT_EQ(test, sio_slot_t_running(&f->s), 1);
	sio_slot_expect_refused(test, f, 0, 1, 4, -ESTALE);
	KUNIT_EXPECT_EQ(test, sio_slot_t_running(&f->s), 0);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 1), SIO_SLOT_EXECUTE);
}

static void sio_slot_server_destroy__ends_all(struct kunit *test)
{
	struct sio_slot_fix *f = sio_slot_fix(test);

	sio_slot_judge(&f->s, 0, 1);
	sio_slot_finish(&f->s, 0, 1, sio_slot_text(test, 1, 4), 4);
	sio_slot_judge(&f->s, 1, 1);
	sio_slot_server_destroy(&f->s);
	KUNIT_EXPECT_EQ(test, sio_slot_judge(&f->s, 0, 2), SIO_SLOT_BAD);
	sio_slot_expect_refused(test, f, 1, 1, 4, -ENOENT);
	sio_slot_server_destroy(&f->s);
}

static struct kunit_case sio_slot_cases[] = {
	KUNIT_CASE(sio_slot_client_init__more_than_the_most),
	KUNIT_CASE(sio_slot_client_init__no_slots),
	KUNIT_CASE(sio_slot_resize__more_than_there_is_memory),
	KUNIT_CASE(sio_slot_resize__below_what_is_outstanding),
	KUNIT_CASE(sio_slot_take__no_slot_free),
	KUNIT_CASE(sio_slot_take__credit),
	KUNIT_CASE(sio_slot_take__credit_of_32_bits),
	KUNIT_CASE(sio_slot_take__sequence_wraps),
	KUNIT_CASE(sio_slot_seq__no_request_there),
	KUNIT_CASE(sio_slot_move__to_a_granted_slot),
	KUNIT_CASE(sio_slot_answer__hostile),
	KUNIT_CASE(sio_slot_answer__twice),
	KUNIT_CASE(sio_slot_abandon__until_answered),
	KUNIT_CASE(sio_slot_fence__frees_only_the_abandoned),
	KUNIT_CASE(sio_slot_reset__requests_stay),
	KUNIT_CASE(sio_slot_due__order),
	KUNIT_CASE(sio_slot_next__skips_the_abandoned),
	KUNIT_CASE(sio_slot_oldest__ages),
	KUNIT_CASE(sio_slot_judge__life_of_a_request),
	KUNIT_CASE(sio_slot_judge__hostile),
	KUNIT_CASE(sio_slot_judge__sequence_wraps),
	KUNIT_CASE(sio_slot_finish__not_running),
	KUNIT_CASE(sio_slot_finish__answer_too_long),
	KUNIT_CASE(sio_slot_finish__no_answer),
	KUNIT_CASE(sio_slot_cancel__comes_again),
	KUNIT_CASE(sio_slot_cancel__first_number),
	KUNIT_CASE(sio_slot_cancel__of_an_old_incarnation),
	KUNIT_CASE(sio_slot_cancel__not_running),
	KUNIT_CASE(sio_slot_cached__hostile),
	KUNIT_CASE(sio_slot_server_fence__number_left_out),
	KUNIT_CASE(sio_slot_server_reset__forgets),
	KUNIT_CASE(sio_slot_server_reset__while_running),
	KUNIT_CASE(sio_slot_server_destroy__ends_all),
	{}
};

static struct kunit_suite sio_slot_suite = {
	.name = "slot",
	.test_cases = sio_slot_cases,
};

kunit_test_suite(sio_slot_suite);
