/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands for NICs and disks share. */
#ifndef _SIO_IOHYP_DEV_H
#define _SIO_IOHYP_DEV_H

#include <stdbool.h>

#include <splitio/core.h>

struct sio_obj;
struct sio_objs;
struct sio_path;
struct sio_tool;

void sio_dev_path(const struct sio_obj *dev, struct sio_path *path);
int sio_dev_check_new(struct sio_tool *tool, const struct sio_path *path);
int sio_dev_get(struct sio_tool *tool, const struct sio_path *path,
		enum sio_dev_type type, struct sio_objs *devs);
int sio_dev_del(struct sio_tool *tool, const struct sio_path *path,
		bool force);
void sio_dev_tell(struct sio_tool *tool, const struct sio_obj *dev);

#endif /* _SIO_IOHYP_DEV_H */
