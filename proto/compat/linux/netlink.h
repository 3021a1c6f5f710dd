/* SPDX-License-Identifier: GPL-2.0 */
/* Formatted extack messages came with 6.2, and bring their own buffer. */
#ifndef SIO_COMPAT_LINUX_NETLINK_H
#define SIO_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NL_SET_ERR_MSG_FMT
#include <linux/kernel.h>

/* genetlink runs one request at a time, so one buffer for each file does */
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	static char sio_compat_msg[128];				\
									\
	snprintf(sio_compat_msg, sizeof(sio_compat_msg), fmt, ##args);	\
	do_trace_netlink_extack(sio_compat_msg);			\
	if (extack)							\
		(extack)->_msg = sio_compat_msg;			\
} while (0)
#endif

#endif /* SIO_COMPAT_LINUX_NETLINK_H */
