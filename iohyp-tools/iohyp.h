/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of iohyp that are not shared with ioguest. */
#ifndef _SIO_IOHYP_H
#define _SIO_IOHYP_H

#include "proto/user/tool.h"

extern const struct sio_object sio_link_object;
extern const struct sio_object sio_guest_object;
extern const struct sio_object sio_nic_object;

int sio_nic_remove_ports(struct sio_tool *tool, const char *guest,
			 int (*remove)(struct sio_tool *tool, const char *guest,
				       bool force));

#endif /* _SIO_IOHYP_H */
