/* SPDX-License-Identifier: GPL-2.0 */
/* The hash context has its present name since 6.19. */
#ifndef SIO_COMPAT_CRYPTO_BLAKE2S_H
#define SIO_COMPAT_CRYPTO_BLAKE2S_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define blake2s_ctx blake2s_state
#endif

#include_next <crypto/blake2s.h>

#endif /* SIO_COMPAT_CRYPTO_BLAKE2S_H */
