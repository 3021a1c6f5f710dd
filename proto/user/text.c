// SPDX-License-Identifier: GPL-2.0
/* Addresses, identifiers and spans of time as people read them. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/user/value.h"

/**
 * sio_addr_text() - put an address in words
 * @bytes: the address in network order, may be NULL
 * @len: 4 or 16
 * @buf: SIO_ADDR_TEXT_LEN bytes
 *
 * Return: @buf, "" for no address.
 */
const char *sio_addr_text(const void *bytes, size_t len, char *buf)
{
	*buf = '\0';
	if (bytes && len == 4)
		inet_ntop(AF_INET, bytes, buf, SIO_ADDR_TEXT_LEN);
	else if (bytes && len == 16)
		inet_ntop(AF_INET6, bytes, buf, SIO_ADDR_TEXT_LEN);
	return buf;
}

/**
 * sio_mac_text() - put a MAC address in words
 * @mac: the address
 * @buf: SIO_MAC_TEXT_LEN bytes
 *
 * Return: @buf.
 */
const char *sio_mac_text(const void *mac, char *buf)
{
	const __u8 *b = mac;

	snprintf(buf, SIO_MAC_TEXT_LEN, "%02x:%02x:%02x:%02x:%02x:%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5]);
	return buf;
}

/**
 * sio_uuid_text() - put a UUID in words
 * @uuid: its 16 bytes
 * @buf: SIO_UUID_TEXT_LEN bytes
 *
 * Return: @buf.
 */
const char *sio_uuid_text(const void *uuid, char *buf)
{
	const __u8 *b = uuid;
	char *to = buf;
	int i;

	for (i = 0; i < SIO_UUID_LEN; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		to += sprintf(to, "%02x", b[i]);
	}
	return buf;
}

/**
 * sio_span_text() - put a span of time in words
 * @ms: milliseconds
 * @buf: SIO_SPAN_TEXT_LEN bytes
 *
 * Return: @buf, such as "340 ms", "34 s", "12 min", "3 h", "9 d".
 */
const char *sio_span_text(__u64 ms, char *buf)
{
	__u64 s = ms / 1000;
	const char *unit = "s";

	if (ms < 1000) {
		s = ms;
		unit = "ms";
	} else if (s >= 2 * 86400) {
		s /= 86400;
		unit = "d";
	} else if (s >= 2 * 3600) {
		s /= 3600;
		unit = "h";
	} else if (s >= 2 * 60) {
		s /= 60;
		unit = "min";
	}
	snprintf(buf, SIO_SPAN_TEXT_LEN, "%llu %s", (unsigned long long)s,
		 unit);
	return buf;
}

/**
 * sio_size_text() - put a size in words
 * @bytes: the size
 * @buf: SIO_SIZE_TEXT_LEN bytes
 *
 * Return: @buf, in the largest unit that leaves two digits at least: "16 KiB",
 * "256 MiB", "1500 GiB".
 */
const char *sio_size_text(__u64 bytes, char *buf)
{
	static const char * const units[] = { "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	for (bytes >>= 10; bytes >> 10 >= 10 && i < 3; i++)
		bytes >>= 10;
	snprintf(buf, SIO_SIZE_TEXT_LEN, "%llu %s", (unsigned long long)bytes,
		 units[i]);
	return buf;
}

/* Bytes of the first character if a terminal only shows it, else 0 */
static size_t sio_safe_len(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	/* U+0080 to U+009F are control characters too: CSI for one. */
	if (*s < ' ' || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0))
		return 0;
	return (size_t)sio_utf8_len(text);
}

/**
 * sio_safe_text() - a name that cannot move the terminal
 * @text: the name
 * @buf: filled with it, "?" for a control character or what is no UTF-8
 * @size: size of @buf
 *
 * Return: @buf.
 */
const char *sio_safe_text(const char *text, char *buf, size_t size)
{
	size_t len;
	char *to;

	for (to = buf; *text && size > 1; text += len, to += len, size -= len) {
		len = sio_safe_len(text);
		if (len >= size)
			break;
		*to = '?';
		if (len)
			memcpy(to, text, len);
		else
			len = 1;
	}
	*to = '\0';
	return buf;
}

/**
 * sio_word_is_plain() - can a word stand in a command without quotes?
 * @word: the word
 *
 * Return: whether it can, in a shell as well as in a batch file.
 */
bool sio_word_is_plain(const char *word)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-:@%+,=";

	return *word && !word[strspn(word, plain)];
}

/**
 * sio_shell_text() - a word as a shell takes it
 * @word: the word
 * @buf: SIO_SHELL_TEXT_LEN bytes
 *
 * Return: @word if it needs no quotes, or is too long for a command that
 * somebody types; else @buf with the word in quotes.
 */
const char *sio_shell_text(const char *word, char *buf)
{
	char *to = buf;

	/* A quote takes four bytes, and there is one at each end. */
	if (sio_word_is_plain(word) ||
	    4 * strlen(word) + sizeof("''") > SIO_SHELL_TEXT_LEN)
		return word;
	*to++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			to = stpcpy(to, "'\\'");
		*to++ = *word;
	}
	memcpy(to, "'", sizeof("'"));
	return buf;
}

/**
 * sio_safe_print() - write a line's part, with names that cannot move the terminal
 * @out: where to
 * @fmt: as for printf(), without a line break
 */
void sio_safe_print(FILE *out, const char *fmt, ...)
{
	char text[3 * SIO_PATH_LEN];
	char safe[3 * SIO_PATH_LEN];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fputs(sio_safe_text(text, safe, sizeof(safe)), out);
}

/**
 * sio_utf8_len() - how long the first character is
 * @text: bytes from anywhere, ended by NUL
 *
 * Return: bytes of the UTF-8 sequence, 0 if it is none.
 */
int sio_utf8_len(const void *text)
{
	const unsigned char *s = text;
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
