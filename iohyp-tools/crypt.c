// SPDX-License-Identifier: GPL-2.0
/* Set dm-crypt under a disk, and take it down again; the key is on no command line. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iohyp-tools/crypt.h"
#include "iohyp-tools/run.h"
#include "proto/user/report.h"
#include "proto/user/value.h"

/* Most bytes of a key file */
#define SIO_CRYPT_KEY_MAX	8192

/* Bytes LUKS2 takes of a device */
#define SIO_CRYPT_HEADER	(16 * 1024 * 1024)

/* What cryptsetup says by its exit status, see cryptsetup(8) */
#define SIO_CRYPT_NO		1
#define SIO_CRYPT_WRONG_KEY	2

/*
 * Memory, in KiB, and time, in ms, an attacker has to spend on each guess of a
 * key. The iohyp spends them whenever the disk is made, and may be small.
 */
#define SIO_CRYPT_KDF_MEMORY	"65536"
#define SIO_CRYPT_KDF_TIME	"1000"

/**
 * sio_crypt_read_key() - read the key of a disk
 * @path: its file, "-" for standard input; all of its bytes count
 * @crypt: gets it; for sio_file_free() in any case
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_crypt_read_key(const char *path, struct sio_crypt *crypt)
{
	int err;

	err = sio_file_read(path, SIO_CRYPT_KEY_MAX, true, &crypt->key);
	if (err || crypt->key.len)
		return err;
	return sio_refuse("%s holds no key",
			  *crypt->key.name ? path : "standard input");
}

/* The Debian package that has one of the programs run here */
static const char *sio_crypt_package(const char *program)
{
	if (!strcmp(program, "cryptsetup"))
		return "cryptsetup-bin";
	return strcmp(program, "wipefs") ? program : "util-linux";
}

/* Run cryptsetup or a friend of it; the caller judges the exit status. */
static int sio_crypt_run(struct sio_run *run, const char *const *argv,
			 const struct sio_crypt *crypt)
{
	memset(run, 0, sizeof(*run));
	run->argv = argv;
	run->package = sio_crypt_package(argv[0]);
	if (crypt) {
		run->input = crypt->key.text;
		run->input_len = crypt->key.len;
	}
	return sio_run(run);
}

static int sio_crypt_refused(const struct sio_run *run, const char *what)
{
	sio_run_tell(run, "", "");
	return sio_refuse("%s cannot %s, see above", run->argv[0], what);
}

static int sio_crypt_is_luks(const char *dev, bool *is_luks)
{
	const char *const argv[] = {
		"cryptsetup", "isLuks", "--type", "luks2", dev, NULL
	};
	struct sio_run run;

	if (sio_crypt_run(&run, argv, NULL))
		return SIO_EXIT_REFUSED;
	*is_luks = !run.status;
	if (!run.status || run.status == SIO_CRYPT_NO)
		return 0;
	return sio_crypt_refused(&run, "look for LUKS2");
}

/* What else is known to be on the device, in one line; "" for nothing */
static int sio_crypt_content(const char *dev, char *list, size_t size)
{
	const char *const argv[] = {
		"wipefs", "--noheadings", "--output", "TYPE", dev, NULL
	};
	struct sio_run run;
	char *nl;

	if (sio_crypt_run(&run, argv, NULL))
		return SIO_EXIT_REFUSED;
	if (run.status)
		return sio_crypt_refused(&run, "look what is there");
	snprintf(list, size, "%.*s", (int)size - 1, run.said);
	while ((nl = strchr(list, '\n')))
		*nl = nl[1] ? ' ' : '\0';
	return 0;
}

/* What is there is overwritten on request only, and never what is known. */
static int sio_crypt_check_dev(const struct sio_crypt *crypt, const char *dev)
{
	bool is_luks = false;
	char list[128];
	int err;

	err = sio_crypt_is_luks(dev, &is_luks);
	if (err || (is_luks && !crypt->format))
		return err;
	if (is_luks)
		return sio_refuse("%s holds LUKS2 already; without --format it is opened",
				  dev);
	err = sio_crypt_content(dev, list, sizeof(list));
	if (err)
		return err;
	if (*list && crypt->format)
		return sio_refuse("%s holds data: %s; if they can go, first: wipefs -a %s",
				  dev, list, dev);
	if (*list)
		return sio_refuse("%s holds no LUKS2, but %s", dev, list);
	if (!crypt->format)
		return sio_refuse("%s holds no LUKS2; --format makes it and overwrites the device",
				  dev);
	return 0;
}

static int sio_crypt_check_size(const char *dev)
{
	int fd = open(dev, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (fd >= 0)
		close(fd);
	if (size > SIO_CRYPT_HEADER)
		return 0;
	return sio_refuse("%s is too small: LUKS2 takes %d MiB of it", dev,
			  SIO_CRYPT_HEADER >> 20);
}

static int sio_crypt_format(const struct sio_crypt *crypt, const char *dev)
{
	char block[16];
	const char *const argv[] = {
		"cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2",
		"--pbkdf", "argon2id", "--pbkdf-memory", SIO_CRYPT_KDF_MEMORY,
		"--iter-time", SIO_CRYPT_KDF_TIME, "--key-file", "-", dev,
		crypt->block ? "--sector-size" : NULL, block, NULL
	};
	struct sio_run run;

	if (sio_crypt_check_size(dev))
		return SIO_EXIT_REFUSED;
	snprintf(block, sizeof(block), "%u", crypt->block);
	if (sio_crypt_run(&run, argv, crypt))
		return SIO_EXIT_REFUSED;
	if (run.status)
		return sio_crypt_refused(&run, "format the device");
	return 0;
}

static int sio_crypt_open(const struct sio_crypt *crypt, const char *dev)
{
	const char *const argv[] = {
		"cryptsetup", "open", "--batch-mode", "--type", "luks2",
		"--key-file", "-", dev, crypt->name,
		crypt->read_only ? "--readonly" :
		crypt->discards ? "--allow-discards" : NULL, NULL
	};
	struct sio_run run;

	if (sio_crypt_run(&run, argv, crypt))
		return SIO_EXIT_REFUSED;
	if (run.status == SIO_CRYPT_WRONG_KEY)
		return sio_refuse("the key from %s does not open %s",
				  *crypt->key.name ? crypt->key.name :
						     "standard input", dev);
	if (run.status)
		return sio_crypt_refused(&run, "open the device");
	return 0;
}

/**
 * sio_crypt_is_there() - is there a mapping of this name?
 * @name: the name
 *
 * Return: whether there is one, of any kind.
 */
bool sio_crypt_is_there(const char *name)
{
	char line[SIO_CRYPT_NAME_LEN + 2];
	bool found = false;
	glob_t names;
	size_t i;
	FILE *in;

	if (glob("/sys/block/dm-*/dm/name", 0, NULL, &names))
		return false;
	for (i = 0; i < names.gl_pathc && !found; i++) {
		in = fopen(names.gl_pathv[i], "re");
		if (in && fgets(line, sizeof(line), in)) {
			line[strcspn(line, "\n")] = '\0';
			found = !strcmp(line, name);
		}
		if (in)
			fclose(in);
	}
	globfree(&names);
	return found;
}

/* A dash of its own is written twice, as LVM does it. */
static char *sio_crypt_put_part(char *to, const char *part)
{
	for (; *part; part++) {
		*to++ = *part;
		if (*part == '-')
			*to++ = '-';
	}
	*to = '\0';
	return to;
}

/*
 * No two disks get one name: within a part dashes are even in number, so where
 * they are odd the parts meet, as the name of a disk begins with none.
 */
static int sio_crypt_name(struct sio_crypt *crypt, const struct sio_path *disk)
{
	char name[sizeof("sio--") + 4 * SIO_NAME_ARG_LEN] = "sio-";
	char *to;

	to = sio_crypt_put_part(name + strlen(name), disk->guest);
	*to++ = '-';
	sio_crypt_put_part(to, disk->dev);
	if (snprintf(crypt->name, sizeof(crypt->name), "%s", name) <
	    (int)sizeof(crypt->name))
		return 0;
	return sio_refuse("the names %s and %s are too long", disk->guest,
			  disk->dev);
}

/**
 * sio_crypt_make() - set dm-crypt on a block device
 * @crypt: how; @crypt->name is set
 * @disk: guest and disk it is for, with names the kernel takes
 * @dev: the block device
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why; there is no mapping then.
 */
int sio_crypt_make(struct sio_crypt *crypt, const struct sio_path *disk,
		   const char *dev)
{
	int err;

	err = sio_crypt_name(crypt, disk);
	if (err)
		return err;
	if (sio_crypt_is_there(crypt->name))
		return sio_refuse("there is %s%s already; first, if it can go: cryptsetup close %s",
				  SIO_CRYPT_FOLDER, crypt->name, crypt->name);
	err = sio_crypt_check_dev(crypt, dev);
	if (!err && crypt->format)
		err = sio_crypt_format(crypt, dev);
	if (!err)
		err = sio_run_interrupted();
	return err ? err : sio_crypt_open(crypt, dev);
}

/*
 * Without udev libdevmapper makes the node, and forgets it when the mapping
 * goes later. With udev it is a symbolic link, and not ours.
 */
static void sio_crypt_unlink(const char *name)
{
	char node[SIO_CRYPT_NAME_LEN + sizeof(SIO_CRYPT_FOLDER)];
	struct stat st;

	snprintf(node, sizeof(node), SIO_CRYPT_FOLDER "%s", name);
	if (!lstat(node, &st) && S_ISBLK(st.st_mode))
		unlink(node);
}

/**
 * sio_crypt_close() - let a mapping go as soon as nobody has it open
 * @name: its name
 *
 * dmsetup, as cryptsetup would first read the device, which may not answer.
 */
void sio_crypt_close(const char *name)
{
	const char *const argv[] = {
		"dmsetup", "remove", "--deferred", name, NULL
	};
	struct sio_run run;

	if (sio_crypt_run(&run, argv, NULL))
		return;
	if (run.status)
		sio_crypt_refused(&run, "remove the mapping");
	else
		sio_crypt_unlink(name);
}
