/* SPDX-License-Identifier: GPL-2.0 */
/* Static stubs came with 6.3; before that there are none to redirect to. */
#ifndef SIO_COMPAT_KUNIT_STATIC_STUB_H
#define SIO_COMPAT_KUNIT_STATIC_STUB_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#include_next <kunit/static_stub.h>
#else
#define KUNIT_STATIC_STUB_REDIRECT(...) do { } while (0)
#endif

#endif /* SIO_COMPAT_KUNIT_STATIC_STUB_H */
