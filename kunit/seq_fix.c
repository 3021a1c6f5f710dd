// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/seq.c share: where flows begin. */
#include <kunit/test.h>

#include "seq_fix.h"

/* Numbers that wrap soon, late, or have just begun */
const struct sio_st_start sio_st_starts[SIO_ST_STARTS] = {
	{ 0, 0 }, { 1000, 2000 }, { U32_MAX, U32_MAX }, { U32_MAX - 1, 0 },
	{ 0xfffffc00, 0x80000000 }, { 0x7fffffff, 0xfffffff0 },
};

/**
 * sio_st_rx() - a receiver that has got all there was
 * @s: where its flow began
 * @max: end of what it has got
 *
 * Return: the receiver.
 */
struct sio_seq_rx sio_st_rx(const struct sio_st_start *s, u64 max)
{
	struct sio_seq_rx rx;

	sio_seq_rx_init(&rx, s->isn, s->ts0);
	rx.nxt = max;
	rx.max = max;
	return rx;
}
