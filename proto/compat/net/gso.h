/* SPDX-License-Identifier: GPL-2.0 */
/* <net/gso.h> came with 6.5; before it was a part of <linux/netdevice.h>. */
#ifndef SIO_COMPAT_NET_GSO_H
#define SIO_COMPAT_NET_GSO_H

#if __has_include_next(<net/gso.h>)
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* SIO_COMPAT_NET_GSO_H */
