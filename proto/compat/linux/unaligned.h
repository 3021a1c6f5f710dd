/* SPDX-License-Identifier: GPL-2.0 */
/* <linux/unaligned.h> was <asm/unaligned.h> before 6.12. */
#ifndef SIO_COMPAT_LINUX_UNALIGNED_H
#define SIO_COMPAT_LINUX_UNALIGNED_H

#if __has_include_next(<linux/unaligned.h>)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* SIO_COMPAT_LINUX_UNALIGNED_H */
