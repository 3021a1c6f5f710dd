// SPDX-License-Identifier: GPL-2.0
/* Make a loop device for a file, and take it down again. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/loop.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iohyp-tools/loop.h"
#include "proto/user/report.h"
#include "proto/user/value.h"

/* How often another program may be faster to take a free loop device */
#define SIO_LOOP_TRIES	16

/* How often to try to lock a file, and how many times */
#define SIO_LOOP_LOCK_MS	10
#define SIO_LOOP_LOCK_TRIES	100

/* Bytes a loop device counts in; what a file has beyond that is not seen */
#define SIO_LOOP_SECTOR	512

/* The file, for direct I/O if its file system has it: one copy in memory. */
static int sio_loop_open_file(const char *file, bool read_only)
{
	int flags = (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC;
	int fd;

	fd = open(file, flags | O_DIRECT);
	if (fd < 0 && errno == EINVAL)
		fd = open(file, flags);
	if (fd < 0)
		sio_refuse("cannot open %s: %s", file, strerror(errno));
	return fd;
}

static int sio_loop_check(const char *file, int fd)
{
	char quoted[SIO_SHELL_TEXT_LEN];
	struct stat st;

	if (fstat(fd, &st))
		return sio_refuse("cannot look at %s: %s", file,
				  strerror(errno));
	if (!st.st_size)
		return sio_refuse("%s is empty; first: truncate -s 10G %s",
				  file, sio_shell_text(file, quoted));
	if (st.st_size % SIO_LOOP_SECTOR)
		return sio_refuse("%s is not a multiple of %d bytes; first: truncate -s %%%d %s",
				  file, SIO_LOOP_SECTOR, SIO_LOOP_SECTOR,
				  sio_shell_text(file, quoted));
	return 0;
}

/*
 * One who writes, or many who read. The lock is on the file itself, whatever
 * its name, and lasts as long as a loop device has the file open. A loop device
 * that goes lets go of it a moment later. Not every file system has locks.
 */
static int sio_loop_lock(const char *file, int fd, bool read_only)
{
	int op = (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB;
	int tries = SIO_LOOP_LOCK_TRIES;
	char quoted[SIO_SHELL_TEXT_LEN];

	while (flock(fd, op)) {
		if (errno != EWOULDBLOCK)
			return 0;
		if (!--tries)
			return sio_refuse("%s is exported or in use already; see: losetup -j %s",
					  file, sio_shell_text(file, quoted));
		poll(NULL, 0, SIO_LOOP_LOCK_MS);
	}
	return 0;
}

/* A free loop device gets the file; 0, or -errno of what failed. */
static int sio_loop_configure(int control, const char *file, int fd,
			      bool read_only, char *path)
{
	struct loop_config config = { .fd = (__u32)fd };
	int err = 0;
	int loop;
	int nr;

	nr = ioctl(control, LOOP_CTL_GET_FREE);
	if (nr < 0)
		return -errno;
	snprintf(path, SIO_LOOP_PATH_LEN, "/dev/loop%d", nr);
	loop = open(path, O_RDWR | O_CLOEXEC);
	if (loop < 0)
		return -errno;
	/* Not cleared at the last close: there are closes before the export. */
	config.info.lo_flags = LO_FLAGS_DIRECT_IO |
			       (read_only ? LO_FLAGS_READ_ONLY : 0);
	snprintf((char *)config.info.lo_file_name,
		 sizeof(config.info.lo_file_name), "%s", file);
	if (ioctl(loop, LOOP_CONFIGURE, &config))
		err = -errno;
	close(loop);
	return err;
}

/**
 * sio_loop_make() - make a loop device
 * @file: absolute path of a regular file
 * @read_only: nothing can be written to it
 * @path: SIO_LOOP_PATH_LEN bytes, filled with the path of the device
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_loop_make(const char *file, bool read_only, char *path)
{
	int tries = SIO_LOOP_TRIES;
	int control;
	int err;
	int fd;

	fd = sio_loop_open_file(file, read_only);
	if (fd < 0)
		return SIO_EXIT_REFUSED;
	err = sio_loop_check(file, fd);
	if (!err)
		err = sio_loop_lock(file, fd, read_only);
	if (err)
		goto out_close;
	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (control < 0) {
		err = sio_refuse("cannot make a loop device for %s: %s; %s",
				 file, strerror(errno),
				 "it takes root and the module: modprobe loop");
		goto out_close;
	}
	do {
		err = sio_loop_configure(control, file, fd, read_only, path);
	} while (err == -EBUSY && tries--);
	close(control);
	if (err)
		err = sio_refuse("cannot make a loop device for %s: %s", file,
				 strerror(-err));
out_close:
	close(fd);
	return err;
}

/* The file under a loop device as the kernel names it, "" if there is none. */
static void sio_loop_backing(const char *attr, char *file, size_t size)
{
	FILE *in = fopen(attr, "re");

	*file = '\0';
	if (!in)
		return;
	if (!fgets(file, (int)size, in))
		*file = '\0';
	file[strcspn(file, "\n")] = '\0';
	fclose(in);
}

/* The file's name of now; if it is deleted, the kernel appends that to it. */
static bool sio_loop_has_file(const char *path, const char *file)
{
	char backing[PATH_MAX];
	char attr[PATH_MAX];
	size_t len = strlen(file);

	snprintf(attr, sizeof(attr), "/sys/block/%s/loop/backing_file",
		 strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	sio_loop_backing(attr, backing, sizeof(backing));
	return !strncmp(backing, file, len) &&
	       (!backing[len] || !strcmp(backing + len, " (deleted)"));
}

/* The file's name when the loop device was made, as much of it as is kept */
static bool sio_loop_had_file(int fd, const char *file)
{
	struct loop_info64 info;

	return !ioctl(fd, LOOP_GET_STATUS64, &info) &&
	       !strncmp((const char *)info.lo_file_name, file,
			sizeof(info.lo_file_name) - 1);
}

/**
 * sio_loop_open() - open a loop device that was made for a file
 * @path: the device
 * @file: absolute path of the file, which may have another name by now
 *
 * Return: a file descriptor, or -1 if it is no loop device, or that of another
 * file; nothing is said then.
 */
int sio_loop_open(const char *path, const char *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	/* The ioctl asks the file system, which may not answer: it is second. */
	if (fd < 0 || sio_loop_has_file(path, file) ||
	    sio_loop_had_file(fd, file))
		return fd;
	close(fd);
	return -1;
}

/**
 * sio_loop_clear() - let a loop device go as soon as nobody has it open
 * @fd: from sio_loop_open(), closed here
 */
void sio_loop_clear(int fd)
{
	ioctl(fd, LOOP_CLR_FD);
	close(fd);
}

/**
 * sio_loop_find() - is there a loop device for a file?
 * @file: absolute path of the file
 * @path: SIO_LOOP_PATH_LEN bytes, filled with the path of the device
 *
 * Return: whether there is one.
 */
bool sio_loop_find(const char *file, char *path)
{
	char backing[PATH_MAX];
	bool found = false;
	glob_t loops;
	size_t i;

	if (glob("/sys/block/loop*/loop/backing_file", 0, NULL, &loops))
		return false;
	for (i = 0; i < loops.gl_pathc && !found; i++) {
		sio_loop_backing(loops.gl_pathv[i], backing, sizeof(backing));
		found = !strcmp(backing, file);
		if (found)
			snprintf(path, SIO_LOOP_PATH_LEN, "/dev/%.*s",
				 (int)strcspn(loops.gl_pathv[i] +
					      strlen("/sys/block/"), "/"),
				 loops.gl_pathv[i] + strlen("/sys/block/"));
	}
	globfree(&loops);
	return found;
}
