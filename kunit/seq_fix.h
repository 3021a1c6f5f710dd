/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/seq.c share: where flows begin. */
#ifndef SIO_KUNIT_SEQ_FIX_H
#define SIO_KUNIT_SEQ_FIX_H

#include <linux/bits.h>
#include <linux/types.h>

#include "proto/seq.h"

#define SIO_ST_GIB		BIT_ULL(30)
#define SIO_ST_4GIB		BIT_ULL(32)
#define SIO_ST_LEN_MAX		65483

#define SIO_ST_STARTS	6

/**
 * struct sio_st_start - where a flow may begin
 * @isn: initial sequence number
 * @ts0: first timestamp value
 */
struct sio_st_start {
	u32 isn;
	u32 ts0;
};

extern const struct sio_st_start sio_st_starts[SIO_ST_STARTS];

struct sio_seq_rx sio_st_rx(const struct sio_st_start *s, u64 max);

#endif /* SIO_KUNIT_SEQ_FIX_H */
