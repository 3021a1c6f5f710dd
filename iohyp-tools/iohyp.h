/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of iohyp that are not shared with ioguest. */
#ifndef _SIO_IOHYP_H
#define _SIO_IOHYP_H

#include "proto/user/tool.h"

struct sio_objs;
struct sio_save;

/* What the kernel accepts as the name of a device */
#define SIO_RULE_DEV \
	"a device's name is 1 to 15 letters, digits, dots, dashes or underscores and begins with a letter or digit"

#define SIO_RULE_PATH \
	"the path of a device or file has at most 511 bytes"

extern const struct sio_object sio_link_object;
extern const struct sio_object sio_guest_object;
extern const struct sio_object sio_nic_object;
extern const struct sio_object sio_blk_object;
extern const struct sio_object sio_stop_object;

int sio_iohyp_save(struct sio_tool *tool, struct sio_save *save);
int sio_guest_take_down(struct sio_tool *tool, const char *guest, int how);
int sio_nic_take_down_all(struct sio_tool *tool, const struct sio_objs *devs);

#endif /* _SIO_IOHYP_H */
