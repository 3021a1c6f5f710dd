// SPDX-License-Identifier: GPL-2.0
/* Values of options and words: from text, or a sentence on what is wrong. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/user/report.h"
#include "proto/user/value.h"

/* Longest --timeout and --wait: a day */
#define SIO_SECONDS_MAX	86400

/**
 * sio_value_num() - read a number, decimal or with 0x
 * @what: name of the option, for the sentence
 * @text: the number
 * @min: smallest that is good
 * @max: largest
 * @num: set to the number
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_num(const char *what, const char *text, __u64 min, __u64 max,
		  __u64 *num)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, !strncmp(text, "0x", 2) ? 16 : 10);
	if (*text < '0' || *text > '9' || *end || errno || n < min || n > max)
		return sio_usage("%s: \"%s\" is not a number from %llu to %llu",
				 what, text, (unsigned long long)min,
				 (unsigned long long)max);
	*num = n;
	return 0;
}

/**
 * sio_value_u32() - read a number of up to 32 bits
 * @what: name of the option, for the sentence
 * @text: the number
 * @min: smallest that is good
 * @max: largest
 * @num: set to the number
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_u32(const char *what, const char *text, __u32 min, __u32 max,
		  __u32 *num)
{
	__u64 n;
	int err;

	err = sio_value_num(what, text, min, max, &n);
	if (!err)
		*num = (__u32)n;
	return err;
}

/**
 * sio_value_seconds() - read a time in seconds, with or without a fraction
 * @what: name of the option, for the sentence
 * @text: the time
 * @ms: set to milliseconds
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_seconds(const char *what, const char *text, int *ms)
{
	double s;
	char *end;

	s = strtod(text, &end);
	if (strspn(text, "0123456789.") != strlen(text) || *end || !*text ||
	    s > SIO_SECONDS_MAX)
		return sio_usage("%s: \"%s\" is not a number of seconds up to %d",
				 what, text, SIO_SECONDS_MAX);
	*ms = (int)(s * 1000);
	return 0;
}

/**
 * sio_addr_parse() - read an IPv4 or IPv6 address, without a word on failure
 * @text: the address
 * @addr: set to it
 *
 * Return: whether it is one.
 */
bool sio_addr_parse(const char *text, struct sio_addr *addr)
{
	addr->len = 0;
	if (inet_pton(AF_INET, text, addr->bytes) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, text, addr->bytes) == 1)
		addr->len = 16;
	return addr->len;
}

/**
 * sio_value_addr() - read an IPv4 or IPv6 address
 * @what: name of the option, for the sentence
 * @text: the address
 * @addr: set to it
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_addr(const char *what, const char *text, struct sio_addr *addr)
{
	if (sio_addr_parse(text, addr))
		return 0;
	if (strchr(text, '/'))
		return sio_usage("%s: \"%s\" has a prefix length; give the address alone",
				 what, text);
	return sio_usage("%s: \"%s\" is not an IPv4 or IPv6 address", what,
			 text);
}

/**
 * sio_value_peer() - read ADDR, ADDR:PORT, [ADDR] or [ADDR]:PORT
 * @what: name of the option, for the sentence
 * @text: address and perhaps port
 * @addr: set to the address
 * @port: set to the port if there is one
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_peer(const char *what, const char *text, struct sio_addr *addr,
		   __u32 *port)
{
	const char *colon = strchr(text, ':');
	char host[SIO_ADDR_TEXT_LEN];
	const char *end;
	size_t len;

	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return sio_usage("%s: \"[%s\" is not [ADDR] or [ADDR]:PORT",
					 what, text);
		colon = end[1] ? end + 1 : NULL;
	} else if (colon && strchr(colon + 1, ':')) {
		/* IPv6 without brackets has no port. */
		colon = NULL;
		end = text + strlen(text);
	} else {
		end = colon ? colon : text + strlen(text);
	}
	len = (size_t)(end - text);
	if (len >= sizeof(host))
		return sio_usage("%s: the address is too long", what);
	memcpy(host, text, len);
	host[len] = '\0';
	if (colon && sio_value_u32(what, colon + 1, 1, USHRT_MAX, port))
		return SIO_EXIT_USAGE;
	return sio_value_addr(what, host, addr);
}

/* N bytes of two hex digits each, sep between them where it may stand. */
static bool sio_value_bytes(const char *text, const char *sep, __u8 *bytes,
			    size_t n)
{
	unsigned int value;
	size_t i;
	int len;

	for (i = 0; i < n; i++) {
		if (i && *text && strchr(sep, *text))
			text++;
		len = 0;
		if (strspn(text, "0123456789abcdefABCDEF") < 2 ||
		    sscanf(text, "%2x%n", &value, &len) != 1 || len != 2)
			return false;
		bytes[i] = (__u8)value;
		text += 2;
	}
	return !*text;
}

/**
 * sio_value_mac() - read a MAC address
 * @what: name of the option, for the sentence
 * @text: the address, with colons
 * @mac: set to it; whether it is a good one, the kernel judges
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_mac(const char *what, const char *text, __u8 *mac)
{
	if (strlen(text) == SIO_MAC_TEXT_LEN - 1 &&
	    sio_value_bytes(text, ":-", mac, SIO_MAC_LEN))
		return 0;
	return sio_usage("%s: \"%s\" is not a MAC address like 52:54:00:12:34:56",
			 what, text);
}

/**
 * sio_value_uuid() - read a UUID
 * @what: name of the option, for the sentence
 * @text: the UUID, with or without dashes
 * @uuid: set to its bytes
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_uuid(const char *what, const char *text, __u8 *uuid)
{
	if (sio_value_bytes(text, "-", uuid, SIO_UUID_LEN))
		return 0;
	return sio_usage("%s: \"%s\" is not a UUID, 32 hex digits", what, text);
}

/**
 * sio_value_switch() - read on or off
 * @what: name of the option, for the sentence
 * @text: the word
 * @on: set to it
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_switch(const char *what, const char *text, bool *on)
{
	*on = !strcmp(text, "on");
	if (*on || !strcmp(text, "off"))
		return 0;
	return sio_usage("%s: \"%s\" is neither on nor off", what, text);
}

/**
 * sio_value_name() - can a name be put into a request at all?
 * @what: what it names, for the sentence
 * @text: the name; whether it is a good one, the kernel judges
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_name(const char *what, const char *text)
{
	if (!*text)
		return sio_usage("the name of the %s is empty", what);
	if (strlen(text) >= SIO_NAME_ARG_LEN)
		return sio_usage("the name of the %s is too long", what);
	return 0;
}

/**
 * sio_value_path() - read GUEST or GUEST/DEVICE
 * @text: the names
 * @dev_needed: a guest alone is not enough
 * @path: set to the names
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_value_path(const char *text, bool dev_needed, struct sio_path *path)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);

	if ((dev_needed && !slash) || (slash && strchr(slash + 1, '/')))
		return sio_usage("\"%s\" is not of the form GUEST/DEVICE",
				 text);
	if (len >= sizeof(path->guest))
		return sio_usage("the name of the guest is too long");
	memcpy(path->guest, text, len);
	path->guest[len] = '\0';
	path->dev[0] = '\0';
	if (sio_value_name("guest", path->guest))
		return SIO_EXIT_USAGE;
	if (!slash)
		return 0;
	if (sio_value_name("device", slash + 1))
		return SIO_EXIT_USAGE;
	memcpy(path->dev, slash + 1, strlen(slash + 1) + 1);
	return 0;
}
