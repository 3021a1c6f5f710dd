/* SPDX-License-Identifier: GPL-2.0 */
/* <linux/unaligned.h> was <asm/unaligned.h> before 6.12. */
#ifndef SIO_COMPAT_LINUX_UNALIGNED_H
#define SIO_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include_next <linux/unaligned.h>
#endif

#endif /* SIO_COMPAT_LINUX_UNALIGNED_H */
