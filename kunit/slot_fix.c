// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/slot.c share: both tables. */
#include <kunit/test.h>
#include <linux/slab.h>

#include "slot_fix.h"

/**
 * sio_slot_fix() - make both tables
 * @test: frees them
 *
 * Return: the tables.
 */
struct sio_slot_fix *sio_slot_fix(struct kunit *test)
{
	struct sio_slot_fix *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct sio_slot_served *served;
	struct sio_slot *slots;

	slots = kunit_kzalloc(test, SIO_SLOT_T_NR * sizeof(*slots), GFP_KERNEL);
	served = kunit_kzalloc(test, SIO_SLOT_T_NR * sizeof(*served),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_ASSERT_NOT_NULL(test, served);
	sio_slot_client_init(&f->c, slots, SIO_SLOT_T_NR, 1000);
	sio_slot_server_init(&f->s, served, SIO_SLOT_T_NR, SIO_SLOT_T_MAX);
	return f;
}

/**
 * sio_slot_set_seq() - use a slot so often that its number is this
 * @f: the tables
 * @slot: which
 * @seq: its sequence number
 */
void sio_slot_set_seq(struct sio_slot_fix *f, int slot, u32 seq)
{
	f->c.slots[slot].seq = seq;
	f->s.slots[slot].seq = seq;
	f->s.slots[slot].state = SIO_SLOT_DONE;
}

/**
 * sio_slot_t_running() - count the requests that are executed
 * @s: the table, its earlier incarnations included
 *
 * Return: how many.
 */
u16 sio_slot_t_running(const struct sio_slot_server *s)
{
	u16 nr_running = 0;
	int i;

	for (i = 0; i < s->nr; i++)
		nr_running += s->slots[i].state == SIO_SLOT_RUNNING ||
			      s->slots[i].state == SIO_SLOT_STALE;
	return nr_running;
}
