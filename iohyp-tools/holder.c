// SPDX-License-Identifier: GPL-2.0
/* Name who holds a block device or a file, before the kernel says it is busy. */
#include <glob.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <splitio/be.h>

#include "iohyp-tools/holder.h"
#include "iohyp-tools/loop.h"
#include "proto/user/obj.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"

/* The disk a partition is of, the device itself if it is none. */
static dev_t sio_holder_whole(dev_t dev)
{
	unsigned int maj = major(dev), min = minor(dev);
	char path[96];
	FILE *in;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/partition", maj,
		 min);
	in = fopen(path, "re");
	if (!in)
		return dev;
	fclose(in);
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/../dev", maj, min);
	in = fopen(path, "re");
	if (in && fscanf(in, "%u:%u", &maj, &min) == 2)
		dev = makedev(maj, min);
	if (in)
		fclose(in);
	return dev;
}

/* A disk and its partitions stand in each other's way, two partitions do not. */
static bool sio_holder_overlaps(dev_t one, dev_t two)
{
	return one == two || sio_holder_whole(one) == two ||
	       one == sio_holder_whole(two);
}

static bool sio_holder_is_dev(const char *path, dev_t dev)
{
	struct stat st;

	return *path && !stat(path, &st) && S_ISBLK(st.st_mode) &&
	       sio_holder_overlaps(st.st_rdev, dev);
}

static int sio_holder_exported(struct sio_tool *tool, const char *path,
			       const char *file, dev_t dev)
{
	const struct sio_obj *disk;
	struct sio_objs devs;
	size_t i;
	int err;

	err = sio_objs_devices(tool, NULL, &devs);
	for (i = 0; !err && i < devs.nr; i++) {
		disk = &devs.v[i];
		if (sio_obj_u32(disk, SIO_A_DEV_TYPE) != SIO_DEV_BLK)
			continue;
		if (file ? !strcmp(sio_obj_str(disk, SIO_A_DEV_SOURCE), file) :
		    sio_holder_is_dev(sio_obj_str(disk, SIO_A_DEV_DISK), dev))
			err = sio_refuse("%s is exported already, as %s/%s",
					 path,
					 sio_obj_str(disk, SIO_A_DEV_GUEST),
					 sio_obj_str(disk, SIO_A_DEV_NAME));
	}
	sio_objs_free(&devs);
	return err;
}

/* In mountinfo a blank is \040, and a few others are such numbers, too. */
static void sio_holder_unescape(char *text)
{
	unsigned int c;
	char *to;
	int len;

	for (to = text; *text; to++, text += len) {
		len = 1;
		if (sscanf(text, "\\%3o%n", &c, &len) == 1)
			*to = (char)c;
		else
			*to = *text;
	}
	*to = '\0';
}

static int sio_holder_mounted(const char *path, dev_t dev)
{
	char quoted[SIO_SHELL_TEXT_LEN];
	unsigned int maj, min;
	char where[PATH_MAX];
	char *line = NULL;
	size_t size = 0;
	int err = 0;
	FILE *in;

	in = fopen("/proc/self/mountinfo", "re");
	while (in && !err && getline(&line, &size, in) > 0) {
		if (sscanf(line, "%*d %*d %u:%u %*s %4095s", &maj, &min,
			   where) != 3 ||
		    !sio_holder_overlaps(makedev(maj, min), dev))
			continue;
		sio_holder_unescape(where);
		err = sio_refuse("%s is mounted on %s; first: umount %s", path,
				 where, sio_shell_text(where, quoted));
	}
	free(line);
	if (in)
		fclose(in);
	return err;
}

static int sio_holder_swap(const char *path, dev_t dev)
{
	char quoted[SIO_SHELL_TEXT_LEN];
	struct mntent *swap;
	int err = 0;
	FILE *in;

	in = setmntent("/proc/swaps", "re");
	while (in && !err && (swap = getmntent(in)))
		if (sio_holder_is_dev(swap->mnt_fsname, dev))
			err = sio_refuse("%s is swap; first: swapoff %s", path,
					 sio_shell_text(swap->mnt_fsname,
							quoted));
	if (in)
		endmntent(in);
	return err;
}

/* A dm device is better known by the name it was given. */
static void sio_holder_name(const char *holder, char *name, size_t size)
{
	char attr[PATH_MAX];
	FILE *in;

	snprintf(name, size, "%s", strrchr(holder, '/') + 1);
	snprintf(attr, sizeof(attr), "%s/dm/name", holder);
	in = fopen(attr, "re");
	if (in && fgets(name, (int)size, in))
		name[strcspn(name, "\n")] = '\0';
	if (in)
		fclose(in);
}

static int sio_holder_held(const char *path, dev_t dev)
{
	char pattern[96];
	char name[128];
	glob_t holders;
	int err = 0;

	snprintf(pattern, sizeof(pattern), "/sys/dev/block/%u:%u/holders/*",
		 major(dev), minor(dev));
	if (!glob(pattern, 0, NULL, &holders)) {
		sio_holder_name(holders.gl_pathv[0], name, sizeof(name));
		err = sio_refuse("%s is held by %s; export that, or take it apart first",
				 path, name);
		globfree(&holders);
	}
	return err;
}

/**
 * sio_holder_check() - refuse a block device that somebody holds
 * @tool: the tool, after sio_genl_open()
 * @path: what the user calls it
 * @dev: its number
 *
 * Who is not found here is still refused by the kernel, without a name.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying who.
 */
int sio_holder_check(struct sio_tool *tool, const char *path, dev_t dev)
{
	int err;

	err = sio_holder_exported(tool, path, NULL, dev);
	if (!err)
		err = sio_holder_mounted(path, dev);
	if (!err)
		err = sio_holder_swap(path, dev);
	return err ? err : sio_holder_held(path, dev);
}

/**
 * sio_holder_check_file() - refuse a file that is somebody's disk already
 * @tool: the tool, after sio_genl_open()
 * @file: its absolute path
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying whose.
 */
int sio_holder_check_file(struct sio_tool *tool, const char *file)
{
	char loop[SIO_LOOP_PATH_LEN];
	int err;

	err = sio_holder_exported(tool, file, file, 0);
	if (!err && sio_loop_find(file, loop))
		err = sio_refuse("%s is under %s already; export that, or first: losetup -d %s",
				 file, loop, loop);
	return err;
}
