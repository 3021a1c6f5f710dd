/* SPDX-License-Identifier: GPL-2.0 */
/* pre_doit and post_doit are given struct genl_split_ops from 6.2 on. */
#ifndef SIO_COMPAT_NET_GENETLINK_H
#define SIO_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define sio_genl_doit_ops	genl_ops
#else
#define sio_genl_doit_ops	genl_split_ops
#endif

#endif /* SIO_COMPAT_NET_GENETLINK_H */
