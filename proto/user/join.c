// SPDX-License-Identifier: GPL-2.0
/* The join file: lines of word=value, readable by its owner only. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/user/key.h"
#include "proto/user/report.h"

/* Version of the file's format */
#define SIO_JOIN_VERSION	1

static void sio_join_print(FILE *file, const struct sio_join *join)
{
	char text[SIO_ADDR_TEXT_LEN];
	char key[SIO_KEY_TEXT_LEN];

	fprintf(file, "# Split I/O: ioguest connect --join THIS-FILE --link IFNAME\n");
	fprintf(file, "version=%d\n", SIO_JOIN_VERSION);
	fprintf(file, "guest=%s\n", join->guest);
	fprintf(file, "address=%s\n",
		sio_addr_text(join->addr.bytes, join->addr.len, text));
	fprintf(file, "port=%u\n", join->port);
	if (join->insecure) {
		fprintf(file, "insecure=1\n");
		return;
	}
	sio_key_encode(join->key, key);
	/* fprintf() would lay it down elsewhere first. */
	fputs("key=", file);
	fputs(key, file);
	fputs("\n", file);
	explicit_bzero(key, sizeof(key));
}

/**
 * sio_join_write() - write a join file
 * @path: the file, which must not exist; "-" for standard output
 * @join: what goes into it
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why; nothing is left then.
 */
int sio_join_write(const char *path, const struct sio_join *join)
{
	FILE *file;
	bool good;
	int fd;

	if (!strcmp(path, "-")) {
		good = !fflush(stdout);
		sio_key_stream(stdout);
		sio_join_print(stdout, join);
		if (good && !ferror(stdout))
			return 0;
		return sio_refuse("cannot write the join file: %s",
				  strerror(errno));
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0 && errno == EEXIST)
		return sio_refuse("%s exists already and is not overwritten; %s",
				  path, "remove it or name another file");
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file) {
		sio_refuse("cannot write %s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
			unlink(path);
		}
		return SIO_EXIT_REFUSED;
	}

	/* Whatever the umask was, exactly this. */
	good = !fchmod(fd, 0600);
	sio_key_stream(file);
	sio_join_print(file, join);
	good = good && !ferror(file) && !fsync(fd);
	if (fclose(file) || !good) {
		sio_refuse("cannot write %s: %s", path, strerror(errno));
		unlink(path);
		return SIO_EXIT_REFUSED;
	}
	return 0;
}

/* What a line says goes to where it belongs; unknown words are for others. */
static bool sio_join_line(struct sio_join *join, const char *word,
			  const char *value, int *version, bool *has_key)
{
	unsigned long num;
	char *end;

	errno = 0;
	num = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || num > INT_MAX)
		num = 0;
	if (!strcmp(word, "version")) {
		*version = (int)num;
		return num;
	} else if (!strcmp(word, "guest")) {
		if (!*value || strlen(value) >= sizeof(join->guest))
			return false;
		memcpy(join->guest, value, strlen(value) + 1);
	} else if (!strcmp(word, "address")) {
		return sio_addr_parse(value, &join->addr);
	} else if (!strcmp(word, "port")) {
		join->port = (__u32)num;
		return num > 0 && num < 65536;
	} else if (!strcmp(word, "insecure")) {
		join->insecure = num == 1;
		return join->insecure;
	} else if (!strcmp(word, "key")) {
		*has_key = sio_key_decode(value, join->key);
		return *has_key;
	}
	return true;
}

static int sio_join_parse(FILE *file, const char *path, struct sio_join *join)
{
	bool has_key = false;
	unsigned int nr = 0;
	int version = 0;
	char line[SIO_JOIN_LINE_LEN];
	char *value;
	bool good;

	while (fgets(line, sizeof(line), file)) {
		nr++;
		line[strcspn(line, "\r\n")] = '\0';
		value = strchr(line, '=');
		if (!*line || *line == '#')
			continue;
		if (value)
			*value++ = '\0';
		good = value && sio_join_line(join, line, value, &version,
					      &has_key);
		/* A key alone ends with =, so it need not be the value. */
		explicit_bzero(line, sizeof(line));
		if (!good)
			return sio_refuse("%s is damaged in line %u; copy it again from the iohyp",
					  path, nr);
	}
	if (version != SIO_JOIN_VERSION && version > 0)
		return sio_refuse("%s is a join file of version %d, this release reads version %d",
				  path, version, SIO_JOIN_VERSION);
	if (!version || !*join->guest || !join->addr.len || !join->port ||
	    has_key == join->insecure)
		return sio_refuse("%s is not a whole join file; on the iohyp, %s",
				  path,
				  "\"iohyp guest create NAME --join-file FILE\" writes one");
	return 0;
}

/**
 * sio_join_is() - is it a join file, and not only a key?
 * @path: the file
 *
 * Return: whether it is.
 */
bool sio_join_is(const char *path)
{
	char line[SIO_JOIN_LINE_LEN] = "";
	FILE *file = fopen(path, "re");
	bool is = false;

	if (file)
		sio_key_stream(file);
	while (file && !is && fgets(line, sizeof(line), file) && *line == '#')
		;
	is = !strncmp(line, "version=", strlen("version="));
	explicit_bzero(line, sizeof(line));
	if (file)
		fclose(file);
	return is;
}

/**
 * sio_join_read() - read a join file
 * @path: the file, "-" for standard input
 * @join: filled in
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_join_read(const char *path, struct sio_join *join)
{
	bool from_stdin = !strcmp(path, "-");
	FILE *file = from_stdin ? stdin : fopen(path, "re");
	int err = 0;

	memset(join, 0, sizeof(*join));
	if (!file)
		return sio_refuse("cannot read the join file %s: %s", path,
				  strerror(errno));
	sio_key_stream(file);
	if (!from_stdin)
		err = sio_key_private(file, path);
	if (!err)
		err = sio_join_parse(file, from_stdin ? "standard input" : path,
				     join);
	if (!from_stdin)
		fclose(file);
	return err;
}
