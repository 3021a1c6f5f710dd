/* SPDX-License-Identifier: GPL-2.0 */
/* Loop devices: files as block devices. */
#ifndef _SIO_IOHYP_LOOP_H
#define _SIO_IOHYP_LOOP_H

#include <stdbool.h>
#include <stddef.h>

/* Room for the path of a loop device, with NUL */
#define SIO_LOOP_PATH_LEN	32

int sio_loop_make(const char *file, bool read_only, char *path);
int sio_loop_open(const char *path, const char *file);
void sio_loop_clear(int fd);
bool sio_loop_find(const char *file, char *path);

#endif /* _SIO_IOHYP_LOOP_H */
