// SPDX-License-Identifier: GPL-2.0
/* Find what was made below a disk while it is there, take it down when it is not. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <splitio/core.h>

#include "iohyp-tools/below.h"
#include "iohyp-tools/loop.h"
#include "proto/user/obj.h"
#include "proto/user/report.h"

/* How often to look whether a block device is free, and how many times */
#define SIO_BELOW_LOOK_MS	10
#define SIO_BELOW_LOOKS		1000
#define SIO_BELOW_LOOKS_ALL	100

/* The block device a mapping is on, "" if that cannot be told */
static void sio_below_find_dev(const char *map, char *dev, size_t size)
{
	char pattern[96];
	struct stat st;
	glob_t slaves;

	*dev = '\0';
	if (stat(map, &st))
		return;
	snprintf(pattern, sizeof(pattern), "/sys/dev/block/%u:%u/slaves/*",
		 major(st.st_rdev), minor(st.st_rdev));
	if (glob(pattern, 0, NULL, &slaves))
		return;
	snprintf(dev, size, "/dev/%s", strrchr(slaves.gl_pathv[0], '/') + 1);
	globfree(&slaves);
}

/**
 * sio_below_open() - find what was made below a disk
 * @disk: any device
 * @below: filled in, for sio_below_close()
 */
void sio_below_open(const struct sio_obj *disk, struct sio_below *below)
{
	__u32 made = sio_obj_u32(disk, SIO_A_DEV_MADE);
	const char *dev = sio_obj_str(disk, SIO_A_DEV_DISK);

	memset(below, 0, sizeof(*below));
	below->loop = -1;
	if (made & SIO_MADE_CRYPT) {
		snprintf(below->map, sizeof(below->map), "%s",
			 strrchr(dev, '/') ? strrchr(dev, '/') + 1 : dev);
		sio_below_find_dev(dev, below->dev, sizeof(below->dev));
		dev = below->dev;
	}
	if (made & SIO_MADE_LOOP)
		below->loop = sio_loop_open(dev,
					    sio_obj_str(disk,
							SIO_A_DEV_SOURCE));
}

/**
 * sio_below_close() - let go of what was made below a disk
 * @below: from sio_below_open()
 * @clear: the disk was removed, so it goes with the last who has it open
 */
void sio_below_close(struct sio_below *below, bool clear)
{
	if (clear && *below->map)
		sio_crypt_close(below->map);
	if (clear && below->loop >= 0)
		sio_loop_clear(below->loop);
	else if (below->loop >= 0)
		close(below->loop);
	below->loop = -1;
}

static bool sio_below_is_free(const struct sio_below *below)
{
	int fd;

	if (sio_crypt_is_there(below->map))
		return false;
	fd = open(below->dev, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EBUSY;
}

static bool sio_below_becomes_free(const struct sio_below *below, int looks)
{
	for (; !sio_below_is_free(below); poll(NULL, 0, SIO_BELOW_LOOK_MS))
		if (!--looks)
			return false;
	return true;
}

/**
 * sio_below_wait() - wait until the block device under a mapping is free
 * @below: after sio_below_close(), its disk is gone
 *
 * The kernel takes a mapping down in the background.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying that it takes too long.
 */
int sio_below_wait(const struct sio_below *below)
{
	if (!*below->map || sio_below_becomes_free(below, SIO_BELOW_LOOKS))
		return 0;
	return sio_refuse("%s%s goes when nobody has it open any more",
			  SIO_CRYPT_FOLDER, below->map);
}

/**
 * sio_below_open_all() - find what was made below disks
 * @devs: devices of any kind
 *
 * Return: for sio_below_close_all(); NULL without memory.
 */
struct sio_below *sio_below_open_all(const struct sio_objs *devs)
{
	struct sio_below *below = calloc(devs->nr, sizeof(*below));
	size_t i;

	for (i = 0; below && i < devs->nr; i++)
		sio_below_open(&devs->v[i], &below[i]);
	return below;
}

/**
 * sio_below_close_all() - let go of what was made below disks
 * @below: from sio_below_open_all(), freed
 * @nr: how many
 * @clear: the disks were removed
 *
 * What goes at once is gone, so that all can be made again. What a request
 * still holds follows by itself; nobody waits for that here.
 */
void sio_below_close_all(struct sio_below *below, size_t nr, bool clear)
{
	size_t i;

	for (i = 0; below && i < nr; i++)
		sio_below_close(&below[i], clear);
	for (i = 0; clear && below && i < nr; i++)
		if (*below[i].map &&
		    !sio_below_becomes_free(&below[i], SIO_BELOW_LOOKS_ALL))
			break;
	free(below);
}
