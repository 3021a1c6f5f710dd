// SPDX-License-Identifier: GPL-2.0
/* Keys of guests: made from the kernel's random numbers, or read from a file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/user/key.h"
#include "proto/user/tool.h"

static const char sio_key_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * sio_key_random() - make a key
 * @key: filled with SIO_KEY_LEN random bytes
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_key_random(__u8 *key)
{
	if (getrandom(key, SIO_KEY_LEN, 0) == SIO_KEY_LEN)
		return 0;
	return sio_refuse("cannot make a key: %s", strerror(errno));
}

/**
 * sio_key_encode() - write a key in base64
 * @key: the key
 * @text: SIO_KEY_TEXT_LEN bytes
 */
void sio_key_encode(const __u8 *key, char *text)
{
	unsigned int bits;
	int i;

	for (i = 0; i < SIO_KEY_LEN; i += 3) {
		bits = key[i] << 16;
		bits |= i + 1 < SIO_KEY_LEN ? key[i + 1] << 8 : 0;
		bits |= i + 2 < SIO_KEY_LEN ? key[i + 2] : 0;
		*text++ = sio_key_digits[bits >> 18];
		*text++ = sio_key_digits[bits >> 12 & 63];
		*text++ = sio_key_digits[bits >> 6 & 63];
		*text++ = sio_key_digits[bits & 63];
	}
	/* 32 is two short of a multiple of three less one: one pad. */
	text[-1] = '=';
	*text = '\0';
}

static bool sio_key_decode_base64(const char *text, __u8 *key)
{
	unsigned int bits = 0;
	const char *digit;
	int nr_bits = 0;
	int n = 0;
	int i;

	for (i = 0; i < SIO_KEY_TEXT_LEN - 2; i++) {
		digit = strchr(sio_key_digits, text[i]);
		if (!digit || !text[i])
			return false;
		bits = bits << 6 | (unsigned int)(digit - sio_key_digits);
		nr_bits += 6;
		if (nr_bits >= 8) {
			nr_bits -= 8;
			key[n++] = (__u8)(bits >> nr_bits);
			bits &= (1U << nr_bits) - 1;
		}
	}
	return text[i] == '=' && !bits;
}

static bool sio_key_decode_hex(const char *text, __u8 *key)
{
	unsigned int byte;
	int i;

	if (strspn(text, "0123456789abcdefABCDEF") != 2 * SIO_KEY_LEN)
		return false;
	for (i = 0; i < SIO_KEY_LEN; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return false;
		key[i] = (__u8)byte;
	}
	return true;
}

/**
 * sio_key_decode() - read a key from text
 * @text: 44 characters of base64 or 64 hex digits
 * @key: filled with SIO_KEY_LEN bytes
 *
 * Return: whether it is a key; all zeroes are not.
 */
bool sio_key_decode(const char *text, __u8 *key)
{
	static const __u8 zero[SIO_KEY_LEN];
	size_t len = strlen(text);
	bool good = false;

	if (len == SIO_KEY_TEXT_LEN - 1)
		good = sio_key_decode_base64(text, key);
	else if (len == 2 * SIO_KEY_LEN)
		good = sio_key_decode_hex(text, key);
	return good && memcmp(key, zero, sizeof(zero));
}

/**
 * sio_key_private() - see that a file with a key is its owner's only
 * @file: the file; what is no regular file, a pipe for one, is good
 * @path: its name
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_key_private(FILE *file, const char *path)
{
	struct stat st;

	if (fstat(fileno(file), &st))
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return sio_refuse("%s is a folder; name the file with the key",
				  path);
	if (S_ISREG(st.st_mode) && (st.st_mode & 077))
		return sio_refuse("others can read the key in %s; chmod 600 %s, %s",
				  path, path,
				  "or take a new key if somebody has");
	return 0;
}

/* The first line, or the line "key=" of a join file; # begins a comment. */
static bool sio_key_find(FILE *file, __u8 *key)
{
	char line[SIO_JOIN_LINE_LEN];
	bool good = false;
	bool join = false;

	while (!good && fgets(line, sizeof(line), file)) {
		line[strcspn(line, " \t\r\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (!strncmp(line, "version=", strlen("version=")))
			join = true;
		else if (!join)
			good = sio_key_decode(line, key);
		else if (!strncmp(line, "key=", strlen("key=")))
			good = sio_key_decode(line + strlen("key="), key);
		if (!join)
			break;
	}
	explicit_bzero(line, sizeof(line));
	return good;
}

/**
 * sio_key_source() - where a key can be read again
 * @path: the file as it was named
 * @source: SIO_PATH_LEN bytes, gets its absolute path
 *
 * Return: whether there is such a place that the kernel can remember.
 */
bool sio_key_source(const char *path, char *source)
{
	char dir[SIO_PATH_LEN];
	struct stat st;

	/* From a pipe it comes once. */
	if (!strcmp(path, "-") || stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	if (*path == '/')
		return snprintf(source, SIO_PATH_LEN, "%s", path) <
		       SIO_PATH_LEN;
	return getcwd(dir, sizeof(dir)) &&
	       snprintf(source, SIO_PATH_LEN, "%s/%s", dir, path) <
	       SIO_PATH_LEN;
}

/**
 * sio_key_stream() - make ready to read or write what holds a key
 * @file: not read from yet, nothing in it that is not written
 *
 * What a key leaves in the stream's own memory could not be wiped: it gets none.
 */
void sio_key_stream(FILE *file)
{
	setvbuf(file, NULL, _IONBF, 0);
}

/**
 * sio_key_may_be_at() - may a key, or a file with one, be read from there?
 * @tool: the tool
 * @path: the file, "-" for standard input
 *
 * A batch may come from standard input itself: its next lines are no key.
 *
 * Return: 0, or SIO_EXIT_USAGE after saying why not.
 */
int sio_key_may_be_at(const struct sio_tool *tool, const char *path)
{
	if (!tool->batch || strcmp(path, "-"))
		return 0;
	return sio_usage("a batch has no key on standard input; name a file");
}

/**
 * sio_key_read() - read a key from a file
 * @path: the file, also a join file; "-" for standard input
 * @key: filled with SIO_KEY_LEN bytes
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_key_read(const char *path, __u8 *key)
{
	bool from_stdin = !strcmp(path, "-");
	FILE *file = from_stdin ? stdin : fopen(path, "re");
	bool good;
	int err;

	if (!file)
		return sio_refuse("cannot read the key in %s: %s", path,
				  strerror(errno));
	err = from_stdin ? 0 : sio_key_private(file, path);
	if (err) {
		fclose(file);
		return err;
	}
	sio_key_stream(file);
	good = sio_key_find(file, key);
	if (!from_stdin)
		fclose(file);
	if (good)
		return 0;
	return sio_refuse("%s holds no key: its first line must be %s, %s",
			  from_stdin ? "standard input" : path,
			  "32 bytes, not all zero, in base64 or hex",
			  "as \"openssl rand -base64 32\" makes them");
}
