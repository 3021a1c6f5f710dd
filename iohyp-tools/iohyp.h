/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of iohyp that are not shared with ioguest. */
#ifndef _SIO_IOHYP_H
#define _SIO_IOHYP_H

#include "proto/user/tool.h"

/* What the kernel accepts as the name of a NIC */
#define SIO_RULE_DEV \
	"a NIC's name is 1 to 15 letters, digits, dots, dashes or underscores and begins with a letter or digit"

extern const struct sio_object sio_link_object;
extern const struct sio_object sio_guest_object;
extern const struct sio_object sio_nic_object;

int sio_nic_remove_ports(struct sio_tool *tool, const char *guest,
			 int (*remove)(struct sio_tool *tool, const char *guest,
				       bool force));

#endif /* _SIO_IOHYP_H */
