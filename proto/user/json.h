/* SPDX-License-Identifier: GPL-2.0 */
/* A small writer of JSON to standard output. */
#ifndef _SIO_USER_JSON_H
#define _SIO_USER_JSON_H

#include <linux/types.h>
#include <stdbool.h>

void sio_json_open(const char *key, char bracket);
void sio_json_close(char bracket);
void sio_json_str(const char *key, const char *text);
void sio_json_num(const char *key, __u64 num);
void sio_json_real(const char *key, double num);
void sio_json_bool(const char *key, bool on);
void sio_json_null(const char *key);

#endif /* _SIO_USER_JSON_H */
