/* SPDX-License-Identifier: GPL-2.0 */
/* kernel_bind() takes struct sockaddr_unsized from 6.19 on. */
#ifndef SIO_COMPAT_SOCK_H
#define SIO_COMPAT_SOCK_H

#include <linux/net.h>
#include <linux/socket.h>
#include <linux/version.h>

static inline int sio_kernel_bind(struct socket *sock, struct sockaddr *addr,
				  int addr_len)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
	return kernel_bind(sock, addr, addr_len);
#else
	return kernel_bind(sock, (struct sockaddr_unsized *)addr, addr_len);
#endif
}

#endif /* SIO_COMPAT_SOCK_H */
