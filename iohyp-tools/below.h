/* SPDX-License-Identifier: GPL-2.0 */
/* What the tool made below a disk: a loop device, a dm-crypt mapping, or both. */
#ifndef _SIO_IOHYP_BELOW_H
#define _SIO_IOHYP_BELOW_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "iohyp-tools/crypt.h"

struct sio_obj;
struct sio_objs;

/**
 * struct sio_below - what was made below a disk
 * @loop: the loop device, open; -1 if there is none
 * @map: name of the mapping, "" if there is none
 * @dev: the block device under the mapping, "" without one
 */
struct sio_below {
	int loop;
	char map[SIO_CRYPT_NAME_LEN];
	char dev[PATH_MAX];
};

void sio_below_open(const struct sio_obj *disk, struct sio_below *below);
void sio_below_close(struct sio_below *below, bool clear);
int sio_below_wait(const struct sio_below *below);
struct sio_below *sio_below_open_all(const struct sio_objs *devs);
void sio_below_close_all(struct sio_below *below, size_t nr, bool clear);

#endif /* _SIO_IOHYP_BELOW_H */
