/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of ioguest that are not shared with iohyp. */
#ifndef _SIO_IOGUEST_H
#define _SIO_IOGUEST_H

#include "proto/user/tool.h"

struct sio_save;

extern const struct sio_object sio_connect_object;
extern const struct sio_object sio_disconnect_object;
extern const struct sio_object sio_blk_object;
extern const struct sio_object sio_stop_object;

int sio_ioguest_save(struct sio_tool *tool, struct sio_save *save);
int sio_disconnect_name(struct sio_tool *tool, const char *name, bool force);
int sio_disconnect_only(struct sio_tool *tool, char *name);

#endif /* _SIO_IOGUEST_H */
