// SPDX-License-Identifier: GPL-2.0
/* Read a small file whole, and know it by a name that is good everywhere. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "iohyp-tools/file.h"
#include "iohyp-tools/iohyp.h"
#include "proto/user/key.h"
#include "proto/user/report.h"

/* A link may be moved to another file later, so an absolute name stays. */
static int sio_file_name(const char *path, char *name)
{
	char real[PATH_MAX];

	if (*path != '/') {
		if (!realpath(path, real))
			return sio_refuse("cannot read %s: %s", path,
					  strerror(errno));
		path = real;
	}
	if (strlen(path) >= SIO_PATH_LEN)
		return sio_refuse("%.40s...: %s", path, SIO_RULE_PATH);
	memcpy(name, path, strlen(path) + 1);
	return 0;
}

static int sio_file_load(FILE *in, const char *path, size_t max,
			 struct sio_file *file)
{
	sio_key_stream(in);
	file->size = max + 1;
	file->text = malloc(file->size);
	if (!file->text)
		return sio_refuse("no memory for %s", path);
	/* One byte more than may be shows that there is more. */
	file->len = fread(file->text, 1, file->size, in);
	if (ferror(in))
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	if (file->len > max)
		return sio_refuse("%s has more than %zu bytes", path, max);
	file->text[file->len] = '\0';
	return 0;
}

static int sio_file_check(FILE *in, const char *path, bool secret)
{
	struct stat st;

	if (secret)
		return sio_key_private(in, path);
	if (fstat(fileno(in), &st))
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return sio_refuse("%s is a folder; name a file", path);
	return 0;
}

/**
 * sio_file_read() - read a file whole
 * @path: the file; "-" for standard input if it is secret
 * @max: most bytes it may have
 * @secret: it holds a key: nobody else may be able to read it
 * @file: filled in; for sio_file_free() in any case
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_file_read(const char *path, size_t max, bool secret,
		  struct sio_file *file)
{
	FILE *in;
	int err;

	memset(file, 0, sizeof(*file));
	if (secret && !strcmp(path, "-"))
		return sio_file_load(stdin, "standard input", max, file);
	in = fopen(path, "re");
	if (!in)
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	err = sio_file_check(in, path, secret);
	if (!err)
		err = sio_file_name(path, file->name);
	if (!err)
		err = sio_file_load(in, path, max, file);
	fclose(in);
	return err;
}

/**
 * sio_file_free() - forget what was read, secret or not
 * @file: the file
 */
void sio_file_free(struct sio_file *file)
{
	if (file->text)
		explicit_bzero(file->text, file->size);
	free(file->text);
	file->text = NULL;
}
