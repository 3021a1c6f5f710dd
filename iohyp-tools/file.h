/* SPDX-License-Identifier: GPL-2.0 */
/* Small files an administrator names: rules, keys. */
#ifndef _SIO_IOHYP_FILE_H
#define _SIO_IOHYP_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <splitio/core.h>

/**
 * struct sio_file - a file that was read whole
 * @name: absolute, "" for standard input
 * @text: what it holds, with a NUL behind it; NULL before it was read
 * @len: bytes of it, without that NUL
 * @size: bytes of memory at @text
 */
struct sio_file {
	char name[SIO_PATH_LEN];
	char *text;
	size_t len;
	size_t size;
};

int sio_file_read(const char *path, size_t max, bool secret,
		  struct sio_file *file);
void sio_file_free(struct sio_file *file);

#endif /* _SIO_IOHYP_FILE_H */
