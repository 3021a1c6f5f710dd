// SPDX-License-Identifier: GPL-2.0
/* JSON to standard output, one document per line, always valid UTF-8. */
#include <stdio.h>
#include <string.h>

#include "proto/user/json.h"

/* Depth of nesting, and whether something was written at this level */
static int sio_json_depth;
static bool sio_json_any;

/* Bytes of the UTF-8 sequence at s, 0 if there is no valid one. */
static int sio_json_utf8(const unsigned char *s)
{
	int len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 :
		  (*s & 0xf0) == 0xe0 ? 3 : *s >= 0xf0 && *s < 0xf5 ? 4 : 0;
	int i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies above U+10FFFF. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] >= 0xa0) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] >= 0x90))
		return 0;
	return len;
}

static void sio_json_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int len;

	putchar('"');
	while (*s) {
		len = sio_json_utf8(s);
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
