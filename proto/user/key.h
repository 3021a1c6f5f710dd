/* SPDX-License-Identifier: GPL-2.0 */
/* Keys and the join file that takes one to the guest. */
#ifndef _SIO_USER_KEY_H
#define _SIO_USER_KEY_H

#include <linux/types.h>
#include <stdbool.h>

#include "proto/user/value.h"

struct sio_tool;

/* A key in base64 with NUL */
#define SIO_KEY_TEXT_LEN	45

/* A line of a join file with NUL */
#define SIO_JOIN_LINE_LEN	1024

/**
 * struct sio_join - what a guest must know to join its iohyp
 * @guest: its name there
 * @addr: address of the iohyp
 * @port: TCP port it answers on
 * @insecure: there is no key
 * @key: the key
 */
struct sio_join {
	char guest[SIO_NAME_ARG_LEN];
	struct sio_addr addr;
	__u32 port;
	bool insecure;
	__u8 key[SIO_KEY_LEN];
};

int sio_key_random(__u8 *key);
bool sio_key_decode(const char *text, __u8 *key);
void sio_key_encode(const __u8 *key, char *text);
int sio_key_private(FILE *file, const char *path);
void sio_key_stream(FILE *file);
int sio_key_may_be_at(const struct sio_tool *tool, const char *path);
int sio_key_read(const char *path, __u8 *key);
bool sio_key_source(const char *path, char *source);

int sio_join_write(const char *path, const struct sio_join *join);
int sio_join_read(const char *path, struct sio_join *join);
bool sio_join_is(const char *path);

#endif /* _SIO_USER_KEY_H */
