// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/seq.c: what arrived, what is missing. */

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "proto/seq.h"
#include "seq_fix.h"

static void sio_st_expect_range(struct kunit *test, const struct sio_seq_rx *rx,
				unsigned int i, u64 start, u64 end, u64 gap_ns)
{
	KUNIT_ASSERT_LT(test, i, rx->nr);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].start, start);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].end, end);
	KUNIT_EXPECT_EQ(test, rx->ranges[i].gap_ns, gap_ns);
}

static void sio_seq_receive__in_order(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 0, 10, 1), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 10, 30, 2), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 5, 31, 2), SIO_SEQ_ORDER);
	KUNIT_EXPECT_EQ(test, rx.nxt, 31);
	KUNIT_EXPECT_EQ(test, rx.max, 31);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 0, 31, 3), SIO_SEQ_DUP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 30, 31, 3), SIO_SEQ_DUP);
}

static void sio_seq_receive__gap_and_fill(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 100);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 120, 130, 1), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 130, 140, 2),
			SIO_SEQ_BEYOND);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 125, 140, 3), SIO_SEQ_DUP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 150, 160, 4), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 110, 115, 5), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 100);
	KUNIT_EXPECT_EQ(test, rx.max, 160);
	KUNIT_ASSERT_EQ(test, rx.nr, 3);
	sio_st_expect_range(test, &rx, 0, 110, 115, 1);
	sio_st_expect_range(test, &rx, 1, 120, 140, 1);
	sio_st_expect_range(test, &rx, 2, 150, 160, 4);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 112, 155, 6), SIO_SEQ_FILL);
	KUNIT_ASSERT_EQ(test, rx.nr, 1);
	sio_st_expect_range(test, &rx, 0, 110, 160, 1);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 90, 105, 7), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 105);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 105, 110, 8), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 160);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

/* As many gaps as can be remembered, 10 bytes every 20 */
static struct sio_seq_rx sio_st_full(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);
	u64 i;

	for (i = 1; i <= SIO_SEQ_RANGES; i++)
		KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 20 * i, 20 * i + 10,
						      i), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	return rx;
}

static void sio_seq_receive__one_gap_too_many(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 180, 190, 9), SIO_SEQ_GAP);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 30);
	sio_st_expect_range(test, &rx, 0, 40, 50, 2);
	sio_st_expect_range(test, &rx, 7, 180, 190, 9);

	/* Between two of them */
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 133, 136, 10),
			SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, rx.nxt, 50);
}

/* What takes no room gives up nothing */
static void sio_seq_receive__more_of_what_is_known(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 170, 175, 9),
			SIO_SEQ_BEYOND);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 38, 40, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 70, 80, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES - 1);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
}

/* Bytes out of the oldest gap are new, even if the gap is given up for them */
static void sio_seq_receive__part_of_the_oldest_gap(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_full(test);

	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 5, 8, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 8);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES);
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 8, 20, 9), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 30);
	KUNIT_EXPECT_EQ(test, rx.nr, SIO_SEQ_RANGES - 1);
}

static void sio_seq_tail__nothing_missing(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 100, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 100);
	struct sio_seq_rx was = rx;

	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 0, 5));
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, -1, 5));
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 3U << 30, 5));
	KUNIT_EXPECT_MEMEQ(test, &rx, &was, sizeof(rx));
}

static void sio_seq_tail__last_bytes_missing(struct kunit *test)
{
	struct sio_st_start s = { U32_MAX - 100, 0 };
	struct sio_seq_rx rx = sio_st_rx(&s, 100);

	KUNIT_EXPECT_TRUE(test, sio_seq_tail(&rx, 50, 5));
	KUNIT_EXPECT_EQ(test, rx.nxt, 100);
	KUNIT_EXPECT_EQ(test, rx.max, 150);
	KUNIT_ASSERT_EQ(test, rx.nr, 1);
	sio_st_expect_range(test, &rx, 0, 149, 150, 5);
	KUNIT_EXPECT_FALSE(test, sio_seq_tail(&rx, 50, 6));
	KUNIT_EXPECT_EQ(test, sio_seq_receive(&rx, 100, 150, 7), SIO_SEQ_FILL);
	KUNIT_EXPECT_EQ(test, rx.nxt, 150);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

static void sio_seq_expire__oldest_first(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1000, 0), 0);
	sio_seq_receive(&rx, 10, 20, 1000);
	sio_seq_receive(&rx, 30, 40, 1100);
	sio_seq_receive(&rx, 50, 60, 1100);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1499, 500), 0);
	KUNIT_EXPECT_EQ(test, rx.nxt, 0);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1500, 500), 1);
	KUNIT_EXPECT_EQ(test, rx.nxt, 20);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 2000, 500), 2);
	KUNIT_EXPECT_EQ(test, rx.nxt, 60);
	KUNIT_EXPECT_EQ(test, rx.nr, 0);
}

/* A gap does not become younger when a part of it is filled */
static void sio_seq_expire__gap_in_two_parts(struct kunit *test)
{
	struct sio_seq_rx rx = sio_st_rx(&sio_st_starts[0], 0);

	sio_seq_receive(&rx, 30, 40, 1000);
	sio_seq_receive(&rx, 10, 20, 1400);
	KUNIT_EXPECT_EQ(test, sio_seq_expire(&rx, 1500, 500), 2);
	KUNIT_EXPECT_EQ(test, rx.nxt, 40);
}

#define SIO_ST_SPAN	256

/**
 * struct sio_st_model - the receiving half, one byte at a time
 * @base: offset of the first byte of the arrays
 * @got: the byte arrived
 * @noticed: when it was found to be missing
 * @nxt: every byte below arrived or was given up
 * @max: after the highest byte that arrived
 */
struct sio_st_model {
	u64 base;
	bool got[SIO_ST_SPAN];
	u64 noticed[SIO_ST_SPAN];
	u32 nxt;
	u32 max;
};

/* Finds the run that begins at @from or later; false if there is none */
static bool sio_st_run(const struct sio_st_model *m, u32 from, u32 *start,
		       u32 *end)
{
	while (from < m->max && !m->got[from])
		from++;
	*start = from;
	while (from < m->max && m->got[from])
		from++;
	*end = from;
	return *start < *end;
}

static u32 sio_st_runs(const struct sio_st_model *m, u32 *last_end)
{
	u32 start, end = m->nxt, n = 0;

	*last_end = 0;
	for (; sio_st_run(m, end, &start, &end); n++)
		*last_end = end;
	return n;
}

static void sio_st_give_up(struct sio_st_model *m)
{
	u32 start;

	sio_st_run(m, m->nxt, &start, &m->nxt);
}

static enum sio_seq_news sio_st_model_receive(struct sio_st_model *m,
					      u32 start, u32 end, u64 now)
{
	enum sio_seq_news news;
	u32 i, last, nr;

	for (i = max(start, m->nxt); i < end && m->got[i]; i++)
		;
	if (i >= end)
		return SIO_SEQ_DUP;
	nr = sio_st_runs(m, &last);
	if (start <= m->nxt)
		news = nr ? SIO_SEQ_FILL : SIO_SEQ_ORDER;
	else if (!nr || last < start)
		news = SIO_SEQ_GAP;
	else
		news = end > m->max ? SIO_SEQ_BEYOND : SIO_SEQ_FILL;

	for (i = m->max; i < start; i++)
		m->noticed[i] = now;
	memset(m->got + start, true, end - start);
	m->max = max(m->max, end);
	while (m->nxt < m->max && m->got[m->nxt])
		m->nxt++;
	while (sio_st_runs(m, &last) > SIO_SEQ_RANGES)
		sio_st_give_up(m);
	return news;
}

static u32 sio_st_model_expire(struct sio_st_model *m, u64 now, u64 age)
{
	u32 start, end, n = 0;

	while (sio_st_run(m, m->nxt, &start, &end) &&
	       now - m->noticed[start - 1] >= age) {
		m->nxt = end;
		n++;
	}
	return n;
}

static void sio_st_expect_model(struct kunit *test,
				const struct sio_st_model *m,
				const struct sio_seq_rx *rx)
{
	u32 start, end = m->nxt, n = 0;

	KUNIT_ASSERT_EQ(test, rx->nxt, m->base + m->nxt);
	KUNIT_ASSERT_EQ(test, rx->max, m->base + m->max);
	for (; sio_st_run(m, end, &start, &end); n++) {
		KUNIT_ASSERT_LT(test, n, rx->nr);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].start, m->base + start);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].end, m->base + end);
		KUNIT_ASSERT_EQ(test, rx->ranges[n].gap_ns,
				m->noticed[start - 1]);
	}
	KUNIT_ASSERT_EQ(test, rx->nr, n);
}

static void sio_st_step(struct kunit *test, struct sio_st_model *m,
			struct sio_seq_rx *rx, struct rnd_state *rnd, u64 now)
{
	u32 r = prandom_u32_state(rnd);
	u32 start, end;

	if (r % 16 == 0) {
		r >>= 20;
		KUNIT_ASSERT_EQ(test, sio_seq_expire(rx, now, r % 64),
				sio_st_model_expire(m, now, r % 64));
		return;
	}
	start = (r >> 8) % SIO_ST_SPAN;
	if (r & 16)	/* near the newest byte, as most are */
		start = clamp_t(int, (int)m->max - 4 + (int)(start % 16), 0,
				SIO_ST_SPAN - 1);
	end = min_t(u32, start + 1 + (r >> 24) % (r & 32 ? 4 : 24),
		    SIO_ST_SPAN);
	KUNIT_ASSERT_EQ_MSG(test, sio_seq_receive(rx, m->base + start,
						  m->base + end, now),
			    sio_st_model_receive(m, start, end, now),
			    "bytes %u to %u", start, end);
}

static void sio_seq_receive__like_a_bitmap(struct kunit *test)
{
	struct sio_st_model *m = kunit_kmalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int nr_full = 0;
	struct rnd_state rnd;
	struct sio_seq_rx rx;
	int seq, i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	prandom_seed_state(&rnd, 20090117);
	for (seq = 0; seq < 3000; seq++) {
		memset(m, 0, sizeof(*m));
		if (seq & 1)	/* offsets that cross 4 GiB */
			m->base = SIO_ST_4GIB - prandom_u32_state(&rnd) %
				  SIO_ST_SPAN;
		rx = sio_st_rx(&sio_st_starts[0], m->base);
		for (i = 0; i < 50; i++) {
			sio_st_step(test, m, &rx, &rnd, i);
			sio_st_expect_model(test, m, &rx);
			nr_full += rx.nr == SIO_SEQ_RANGES;
		}
	}
	KUNIT_EXPECT_GT(test, nr_full, 1000);
}

static struct kunit_case sio_seq_gaps_cases[] = {
	KUNIT_CASE(sio_seq_receive__in_order),
	KUNIT_CASE(sio_seq_receive__gap_and_fill),
	KUNIT_CASE(sio_seq_receive__one_gap_too_many),
	KUNIT_CASE(sio_seq_receive__more_of_what_is_known),
	KUNIT_CASE(sio_seq_receive__part_of_the_oldest_gap),
	KUNIT_CASE(sio_seq_receive__like_a_bitmap),
	KUNIT_CASE(sio_seq_tail__nothing_missing),
	KUNIT_CASE(sio_seq_tail__last_bytes_missing),
	KUNIT_CASE(sio_seq_expire__oldest_first),
	KUNIT_CASE(sio_seq_expire__gap_in_two_parts),
	{}
};

static struct kunit_suite sio_seq_gaps_suite = {
	.name = "seq_gaps",
	.test_cases = sio_seq_gaps_cases,
};

kunit_test_suite(sio_seq_gaps_suite);
