/* SPDX-License-Identifier: GPL-2.0 */
/* dm-crypt under a disk, set up by cryptsetup(8). */
#ifndef _SIO_IOHYP_CRYPT_H
#define _SIO_IOHYP_CRYPT_H

#include <stdbool.h>

#include "iohyp-tools/file.h"

struct sio_path;

/* Where mappings are; longest name of one, with NUL */
#define SIO_CRYPT_FOLDER	"/dev/mapper/"
#define SIO_CRYPT_NAME_LEN	128

/**
 * struct sio_crypt - encryption of a disk
 * @format: the block device is to be formatted
 * @discards: discards of the guest reach the block device
 * @read_only: nothing can be written
 * @block: logical block in bytes if it is formatted, 0 to choose one
 * @key: the key
 * @name: of the mapping
 */
struct sio_crypt {
	bool format;
	bool discards;
	bool read_only;
	__u32 block;
	struct sio_file key;
	char name[SIO_CRYPT_NAME_LEN];
};

int sio_crypt_read_key(const char *path, struct sio_crypt *crypt);
int sio_crypt_make(struct sio_crypt *crypt, const struct sio_path *disk,
		   const char *dev);
void sio_crypt_close(const char *name);
bool sio_crypt_is_there(const char *name);

#endif /* _SIO_IOHYP_CRYPT_H */
