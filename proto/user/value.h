/* SPDX-License-Identifier: GPL-2.0 */
/* Values as people write them: numbers, addresses, keys, names. */
#ifndef _SIO_USER_VALUE_H
#define _SIO_USER_VALUE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <splitio/core.h>

#include "proto/user/report.h"

/* Longest text of an address, an address with port, a MAC, a UUID; with NUL */
#define SIO_ADDR_TEXT_LEN	64
#define SIO_MAC_TEXT_LEN	18
#define SIO_UUID_TEXT_LEN	37

/* Longest text of a span of time, with NUL */
#define SIO_SPAN_TEXT_LEN	24

/* Longest text of a size, with NUL */
#define SIO_SIZE_TEXT_LEN	24

/* Room for a path that is quoted for a shell, with NUL */
#define SIO_SHELL_TEXT_LEN	(4 * SIO_PATH_LEN)

/* Most bytes of a name that fit a request; the kernel judges the rest */
#define SIO_NAME_ARG_LEN	256

/**
 * struct sio_addr - an IPv4 or IPv6 address
 * @len: 4 or 16, 0 if none was given
 * @bytes: the address in network order
 */
struct sio_addr {
	size_t len;
	__u8 bytes[16];
};

/**
 * struct sio_path - a guest or one of its devices, GUEST[/DEVICE]
 * @guest: name of the guest
 * @dev: name of the device, "" if none was given
 */
struct sio_path {
	char guest[SIO_NAME_ARG_LEN];
	char dev[SIO_NAME_ARG_LEN];
};

int sio_value_num(const char *what, const char *text, __u64 min, __u64 max,
		  __u64 *num);
int sio_value_u32(const char *what, const char *text, __u32 min, __u32 max,
		  __u32 *num);
int sio_value_seconds(const char *what, const char *text, int *ms);
bool sio_addr_parse(const char *text, struct sio_addr *addr);
int sio_value_addr(const char *what, const char *text, struct sio_addr *addr);
int sio_value_peer(const char *what, const char *text, struct sio_addr *addr,
		   __u32 *port);
int sio_value_mac(const char *what, const char *text, __u8 *mac);
int sio_value_uuid(const char *what, const char *text, __u8 *uuid);
int sio_value_switch(const char *what, const char *text, bool *on);
int sio_value_path(const char *text, bool dev_needed, struct sio_path *path);
int sio_value_name(const char *what, const char *text);

const char *sio_addr_text(const void *bytes, size_t len, char *buf);
const char *sio_mac_text(const void *mac, char *buf);
const char *sio_uuid_text(const void *uuid, char *buf);
const char *sio_span_text(__u64 ms, char *buf);
const char *sio_size_text(__u64 bytes, char *buf);
bool sio_word_is_plain(const char *word);
const char *sio_shell_text(const char *word, char *buf);
const char *sio_safe_text(const char *text, char *buf, size_t size);
void sio_safe_print(FILE *out, const char *fmt, ...) sio_printf(2, 3);
int sio_utf8_len(const void *text);

#endif /* _SIO_USER_VALUE_H */
