/* SPDX-License-Identifier: GPL-2.0 */
/* Other programs, run to their end. */
#ifndef _SIO_IOHYP_RUN_H
#define _SIO_IOHYP_RUN_H

#include <stddef.h>

/* What is kept of a program's words; the first ones tell most */
#define SIO_RUN_SAID_LEN	4096

/**
 * struct sio_run - a program that is run, and what came of it
 * @argv: its name and arguments, ended by NULL; nothing secret
 * @package: the Debian package it is in
 * @input: for its standard input, may be secret; NULL for none
 * @input_len: bytes of it
 * @said: what it wrote to standard output and error
 * @status: its exit status; 128 and more if a signal ended it
 */
struct sio_run {
	const char *const *argv;
	const char *package;
	const void *input;
	size_t input_len;
	char said[SIO_RUN_SAID_LEN];
	int status;
};

int sio_run(struct sio_run *run);
void sio_run_tell(const struct sio_run *run, const char *from, const char *to);
int sio_run_interrupted(void);

#endif /* _SIO_IOHYP_RUN_H */
