/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs of iohyp, one table per object. */
#ifndef _SIO_IOHYP_H
#define _SIO_IOHYP_H

#include "proto/user/tool.h"

extern const struct sio_cmd sio_link_cmds[];
extern const struct sio_cmd sio_guest_cmds[];
extern const struct sio_cmd sio_nic_cmds[];

int sio_nic_remove_ports(struct sio_tool *tool, const char *guest,
			 int (*remove)(struct sio_tool *tool, const char *guest,
				       bool force));

#endif /* _SIO_IOHYP_H */
