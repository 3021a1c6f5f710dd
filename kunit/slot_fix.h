/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/slot.c share: both tables. */
#ifndef SIO_KUNIT_SLOT_FIX_H
#define SIO_KUNIT_SLOT_FIX_H

#include <linux/types.h>

#include "proto/slot.h"

struct kunit;

#define SIO_SLOT_T_NR	4
#define SIO_SLOT_T_MAX	64

/* Both tables, with memory of just the right size for KASAN to watch over */
struct sio_slot_fix {
	struct sio_slot_client c;
	struct sio_slot_server s;
	int req[SIO_SLOT_T_NR + 1];
};

struct sio_slot_fix *sio_slot_fix(struct kunit *test);
void sio_slot_set_seq(struct sio_slot_fix *f, int slot, u32 seq);
u16 sio_slot_t_running(const struct sio_slot_server *s);

#endif /* SIO_KUNIT_SLOT_FIX_H */
