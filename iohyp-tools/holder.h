/* SPDX-License-Identifier: GPL-2.0 */
/* Who holds a block device. */
#ifndef _SIO_IOHYP_HOLDER_H
#define _SIO_IOHYP_HOLDER_H

#include <sys/types.h>

struct sio_tool;

int sio_holder_check(struct sio_tool *tool, const char *path, dev_t dev);
int sio_holder_check_file(struct sio_tool *tool, const char *file);

#endif /* _SIO_IOHYP_HOLDER_H */
