/* SPDX-License-Identifier: GPL-2.0 */
/* Let one allocation fail, the first, the second ... until none is left. */
#ifndef SIO_KUNIT_NOMEM_H
#define SIO_KUNIT_NOMEM_H

#include <linux/build_bug.h>
#include <linux/kconfig.h>
#include <linux/sched.h>

/* scripts/kunit.sh has it include GFP_KERNEL, and be silent about it */
static_assert(IS_ENABLED(CONFIG_FAILSLAB));

/* More allocations than any function under test makes */
#define SIO_NOMEM_MAX	100

/* The @nth allocation of this task from now on fails */
static inline void sio_nomem_begin(unsigned int nth)
{
	WRITE_ONCE(current->fail_nth, nth);
}

/* No further one does; returns true if one did */
static inline bool sio_nomem_end(void)
{
	bool did = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return did;
}

#endif /* SIO_KUNIT_NOMEM_H */
