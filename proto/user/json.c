// SPDX-License-Identifier: GPL-2.0
/* JSON to standard output, one document per line, always valid UTF-8. */
#include <stdio.h>
#include <string.h>

#include "proto/user/json.h"
#include "proto/user/value.h"

/* Depth of nesting, and whether something was written at this level */
static int sio_json_depth;
static bool sio_json_any;

static void sio_json_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int len;

	putchar('"');
	while (*s) {
		len = sio_utf8_len(s);
		if (*s == '"' || *s == '\\') {
			printf("\\%c", *s++);
		} else if (*s < 0x20 || *s == 0x7f || !len) {
			printf("\\u%04x", *s++);
		} else {
			fwrite(s, 1, len, stdout);
			s += len;
		}
	}
	putchar('"');
}

static void sio_json_key(const char *key)
{
	if (sio_json_any)
		putchar(',');
	sio_json_any = true;
	if (key) {
		sio_json_text(key);
		putchar(':');
	}
}

/**
 * sio_json_open() - begin an object or array
 * @key: its name, NULL within an array and at the top
 * @bracket: '{' or '['
 */
void sio_json_open(const char *key, char bracket)
{
	sio_json_key(key);
	putchar(bracket);
	sio_json_any = false;
	sio_json_depth++;
}

/**
 * sio_json_close() - end an object or array; the last one ends the line
 * @bracket: '}' or ']'
 */
void sio_json_close(char bracket)
{
	putchar(bracket);
	sio_json_any = true;
	if (--sio_json_depth)
		return;
	sio_json_any = false;
	putchar('\n');
	fflush(stdout);
}

/**
 * sio_json_str() - write a string
 * @key: its name, NULL within an array
 * @text: the string; bytes that are not UTF-8 are taken as Latin-1
 */
void sio_json_str(const char *key, const char *text)
{
	sio_json_key(key);
	sio_json_text(text);
}

/**
 * sio_json_num() - write a number
 * @key: its name, NULL within an array
 * @num: the number
 */
void sio_json_num(const char *key, __u64 num)
{
	sio_json_key(key);
	printf("%llu", (unsigned long long)num);
}

/**
 * sio_json_real() - write a number with a fraction
 * @key: its name, NULL within an array
 * @num: the number, finite
 */
void sio_json_real(const char *key, double num)
{
	sio_json_key(key);
	printf("%.15g", num);
}

/**
 * sio_json_bool() - write true or false
 * @key: its name, NULL within an array
 * @on: which
 */
void sio_json_bool(const char *key, bool on)
{
	sio_json_key(key);
	fputs(on ? "true" : "false", stdout);
}

/**
 * sio_json_null() - write null
 * @key: its name, NULL within an array
 */
void sio_json_null(const char *key)
{
	sio_json_key(key);
	fputs("null", stdout);
}
