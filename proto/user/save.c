// SPDX-License-Identifier: GPL-2.0
/* Write the configuration as commands that make it again. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <splitio/core.h>

#include "proto/user/obj.h"
#include "proto/user/save.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"

/**
 * sio_save_begin() - begin a command
 * @save: the configuration
 * @command: object and verb
 */
void sio_save_begin(struct sio_save *save, const char *command)
{
	fprintf(save->out, "%s%s", save->off ? "# " : "", command);
}

/**
 * sio_save_word() - write a word, quoted if it needs that
 * @save: the configuration, a command begun
 * @word: the word
 */
void sio_save_word(struct sio_save *save, const char *word)
{
	putc(' ', save->out);
	if (sio_word_is_plain(word)) {
		fputs(word, save->out);
		return;
	}
	putc('"', save->out);
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			putc('\\', save->out);
		/* In a comment only, see sio_save_line(). */
		putc(*word == '\n' ? '?' : *word, save->out);
	}
	putc('"', save->out);
}

/**
 * sio_save_opt() - write an option
 * @save: the configuration, a command begun
 * @opt: the option with its dashes
 * @value: its value, NULL if it takes none
 */
void sio_save_opt(struct sio_save *save, const char *opt, const char *value)
{
	fprintf(save->out, " %s", opt);
	if (value)
		sio_save_word(save, value);
}

/**
 * sio_save_num() - write an option with a number, if the attribute is there
 * @save: the configuration, a command begun
 * @opt: the option with its dashes
 * @obj: object that has the number
 * @attr: type of the attribute
 */
void sio_save_num(struct sio_save *save, const char *opt,
		  const struct sio_obj *obj, int attr)
{
	if (sio_obj_has(obj, attr))
		fprintf(save->out, " %s %u", opt, sio_obj_u32(obj, attr));
}

/**
 * sio_save_flag() - write an option without a value, if the attribute is not 0
 * @save: the configuration, a command begun
 * @opt: the option with its dashes
 * @obj: object that has the number
 * @attr: type of the attribute
 */
void sio_save_flag(struct sio_save *save, const char *opt,
		   const struct sio_obj *obj, int attr)
{
	if (sio_obj_u32(obj, attr))
		sio_save_opt(save, opt, NULL);
}

/**
 * sio_save_mac() - write a device's address
 * @save: the configuration, a command begun
 * @dev: the device
 */
void sio_save_mac(struct sio_save *save, const struct sio_obj *dev)
{
	char text[SIO_MAC_TEXT_LEN];
	const void *mac;
	size_t len;

	mac = sio_obj_data(dev, SIO_A_DEV_MAC, &len);
	if (mac && len == SIO_MAC_LEN)
		sio_save_opt(save, "--mac", sio_mac_text(mac, text));
}

/**
 * sio_save_uuid() - write a device's identity
 * @save: the configuration, a command begun
 * @dev: the device
 */
void sio_save_uuid(struct sio_save *save, const struct sio_obj *dev)
{
	char text[SIO_UUID_TEXT_LEN];
	const void *uuid;
	size_t len;

	uuid = sio_obj_data(dev, SIO_A_DEV_UUID, &len);
	if (uuid && len == SIO_UUID_LEN)
		sio_save_opt(save, "--uuid", sio_uuid_text(uuid, text));
}

/**
 * sio_save_path() - write GUEST/DEVICE
 * @save: the configuration, a command begun
 * @dev: the device
 */
void sio_save_path(struct sio_save *save, const struct sio_obj *dev)
{
	char path[2 * SIO_NAME_ARG_LEN];

	snprintf(path, sizeof(path), "%s/%s",
		 sio_obj_str(dev, SIO_A_DEV_GUEST),
		 sio_obj_str(dev, SIO_A_DEV_NAME));
	sio_save_word(save, path);
}

/**
 * sio_save_end() - end a command
 * @save: the configuration, a command begun
 */
void sio_save_end(struct sio_save *save)
{
	putc('\n', save->out);
}

/**
 * sio_save_gap() - say what cannot be made again, here and in the file
 * @save: the configuration, no command begun
 * @fmt: sentence without a full stop, as for printf()
 */
void sio_save_gap(struct sio_save *save, const char *fmt, ...)
{
	char safe[1024];
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fprintf(save->out, "# %s\n", sio_safe_text(text, safe, sizeof(safe)));
	sio_refuse("%s", text);
	save->gaps = true;
}

/**
 * sio_save_line() - see whether a file can be named in a line
 * @save: the configuration, no command begun
 * @name: what it belongs to
 * @path: the file
 *
 * A line break would end the command, and what follows be another one.
 *
 * Return: whether it can; if not, that was said.
 */
bool sio_save_line(struct sio_save *save, const char *name, const char *path)
{
	if (!strchr(path, '\n'))
		return true;
	sio_save_gap(save, "%s: a line break is in the name of %s, %s", name,
		     path, "so it cannot be saved; rename the file");
	return false;
}

/**
 * sio_save_needs() - see whether a file can be read again
 * @save: the configuration, no command begun
 * @name: what it belongs to
 * @path: the file
 * @what: what it holds
 * @cure: what to do if it cannot
 *
 * Return: whether it can; if not, that was said.
 */
bool sio_save_needs(struct sio_save *save, const char *name, const char *path,
		    const char *what, const char *cure)
{
	struct statfs fs;
	struct stat st;

	if (!sio_save_line(save, name, path))
		return false;
	if (stat(path, &st) || statfs(path, &fs)) {
		sio_save_gap(save, "%s: %s, which held its %s: %s; %s, or %s",
			     name, path, what, strerror(errno),
			     "put it back and save again", cure);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		sio_save_gap(save, "%s: %s, where its %s came from, is no file; %s",
			     name, path, what, cure);
		return false;
	}
	if (fs.f_type == TMPFS_MAGIC)
		sio_warn("%s: %s, which holds its %s, will be gone after a boot; %s",
			 name, path, what, cure);
	return true;
}

/**
 * sio_save_key() - see whether a key can be read again
 * @save: the configuration, no command begun
 * @sess: the session whose key it is
 * @cure: what to do if it cannot
 *
 * Return: whether it can; if not, that was said.
 */
bool sio_save_key(struct sio_save *save, const struct sio_obj *sess,
		  const char *cure)
{
	const char *path = sio_obj_str(sess, SIO_A_SESS_KEY_SOURCE);
	const char *name = sio_obj_str(sess, SIO_A_SESS_NAME);

	if (*path)
		return sio_save_needs(save, name, path, "key", cure);
	sio_save_gap(save, "%s: no file is known that holds its key, %s; %s",
		     name, "and no key is saved", cure);
	return false;
}

/* Name and folder are on the medium; a crash leaves the old file or the new. */
static int sio_save_commit(FILE *file, const char *temp, const char *path)
{
	char *copy = strdup(path);
	FILE *dir;
	int err;

	err = !copy || fflush(file) || fsync(fileno(file)) ||
	      rename(temp, path);
	dir = err ? NULL : fopen(dirname(copy), "re");
	if (dir) {
		err = fsync(fileno(dir));
		fclose(dir);
	}
	free(copy);
	return err ? sio_refuse("cannot write %s: %s", path,
				strerror(errno)) : 0;
}

/**
 * sio_save_may_be() - may a new file take the place of what has this name?
 * @path: the name
 *
 * rename() would put it in the place of a device or a pipe as well.
 *
 * Return: 0 if nothing is there or a file, or SIO_EXIT_REFUSED after saying so.
 */
int sio_save_may_be(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return sio_refuse("%s is no file; name one, or - for standard output",
				  path);
	return 0;
}

/* /etc/splitio is made when it is used. */
static int sio_save_folder(const struct sio_tool *tool, const char *path)
{
	char dir[PATH_MAX];

	if (strcmp(path, tool->conf))
		return 0;
	snprintf(dir, sizeof(dir), "%s", path);
	if (mkdir(dirname(dir), 0755) && errno != EEXIST)
		return sio_refuse("cannot make the folder of %s: %s", path,
				  strerror(errno));
	return 0;
}

static int sio_save_file(struct sio_tool *tool, struct sio_save *save,
			 const char *path)
{
	char temp[PATH_MAX];
	int err;
	int fd;

	err = sio_save_may_be(path);
	if (!err)
		err = sio_save_folder(tool, path);
	if (err)
		return err;
	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >=
	    (int)sizeof(temp))
		return sio_refuse("the name of the file is too long");
	fd = mkstemp(temp);	/* readable by its owner only */
	save->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!save->out) {
		err = sio_refuse("cannot write %s: %s", temp, strerror(errno));
		if (fd >= 0)
			close(fd);
	} else {
		err = tool->save(tool, save);
		if (!err)
			err = sio_save_commit(save->out, temp, path);
		fclose(save->out);
	}
	if (err && fd >= 0)
		unlink(temp);
	return err;
}

/**
 * sio_save() - "save": write the configuration
 * @tool: the tool
 * @args: perhaps the file
 *
 * Return: enum sio_exit.
 */
int sio_save(struct sio_tool *tool, const struct sio_args *args)
{
	const char *path = args->nr_words ? args->word[0] : tool->conf;
	struct sio_save save = { .out = stdout };
	sigset_t old;
	int err;

	if (strcmp(path, "-")) {
		/* An interrupt half way would leave a file behind. */
		sio_tool_hold_signals(&old);
		err = sio_save_file(tool, &save, path);
		sigprocmask(SIG_SETMASK, &old, NULL);
	} else {
		err = tool->save(tool, &save);
	}
	if (!err && save.gaps)
		err = sio_refuse("the rest is saved; what is missing stands in %s as a comment",
				 path);
	return err;
}
