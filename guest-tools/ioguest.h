/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs of ioguest that are not shared with iohyp. */
#ifndef _SIO_IOGUEST_H
#define _SIO_IOGUEST_H

#include "proto/user/tool.h"

extern const struct sio_cmd sio_connect_cmds[];
extern const struct sio_cmd sio_disconnect_cmds[];

int sio_disconnect_name(struct sio_tool *tool, const char *name);

#endif /* _SIO_IOGUEST_H */
