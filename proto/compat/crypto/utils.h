/* SPDX-License-Identifier: GPL-2.0 */
/* crypto_memneq() has a header of its own since 6.4. */
#ifndef SIO_COMPAT_CRYPTO_UTILS_H
#define SIO_COMPAT_CRYPTO_UTILS_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include_next <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

#endif /* SIO_COMPAT_CRYPTO_UTILS_H */
