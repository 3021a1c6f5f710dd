// SPDX-License-Identifier: GPL-2.0
/* Make what a saved configuration says, and nothing that is there already. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/obj.h"
#include "proto/user/save.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"

static int sio_restore_none(const struct sio_tool *tool, const char *path)
{
	if (errno != ENOENT)
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	if (strcmp(path, tool->conf))
		return sio_refuse("no configuration %s; \"%s save %s\" writes it",
				  path, tool->name, path);
	return sio_refuse("no configuration %s; \"%s save\" writes it", path,
			  tool->name);
}

/* Whoever can write to the file can do all that the tool can. */
static int sio_restore_may_run(FILE *file, const char *path)
{
	struct stat st;

	if (fstat(fileno(file), &st))
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	if (S_ISREG(st.st_mode) &&
	    (st.st_mode & 022 || (st.st_uid && st.st_uid != geteuid())))
		return sio_refuse("others can write to %s, %s; chown root %s, chmod go-w %s",
				  path, "whose commands are about to run",
				  path, path);
	return 0;
}

/**
 * sio_restore() - "restore": run a saved configuration
 * @tool: the tool
 * @args: perhaps the file
 *
 * Return: enum sio_exit.
 */
int sio_restore(struct sio_tool *tool, const struct sio_args *args)
{
	const char *path = args->nr_words ? args->word[0] : tool->conf;
	FILE *file = stdin;
	int err = 0;

	if (tool->batch)
		return sio_usage("it runs a batch itself and cannot stand in one");
	if (strcmp(path, "-")) {
		file = fopen(path, "re");
		if (!file)
			return sio_restore_none(tool, path);
		err = sio_restore_may_run(file, path);
	}
	if (!err) {
		tool->restoring = true;
		err = sio_batch_file(tool, file, path, tool->keep_going);
		tool->restoring = false;
	}
	if (file != stdin)
		fclose(file);
	return err ? SIO_EXIT_REFUSED : SIO_EXIT_OK;
}

static void sio_restore_left(const struct sio_tool *tool, const char *what,
			     const char *name)
{
	if (tool->json)
		return;
	sio_safe_print(stdout, "%s %s is there already and stays as it is",
		       what, name);
	putchar('\n');
}

static bool sio_restore_has(const struct sio_objs *objs, int attr,
			    const char *name)
{
	size_t i;

	for (i = 0; i < objs->nr; i++)
		if (!strcmp(sio_obj_str(&objs->v[i], attr), name))
			return true;
	return false;
}

/**
 * sio_restore_has_session() - is a session or guest to be passed over?
 * @tool: the tool
 * @name: its name
 *
 * Return: whether a configuration is restored and it is there already.
 */
bool sio_restore_has_session(struct sio_tool *tool, const char *name)
{
	struct sio_objs objs = {};
	bool here;

	here = tool->restoring && !sio_objs_sessions(tool, NULL, &objs) &&
	       sio_restore_has(&objs, SIO_A_SESS_NAME, name);
	sio_objs_free(&objs);
	if (here)
		sio_restore_left(tool, tool->family->session, name);
	return here;
}

/**
 * sio_restore_has_device() - is a device to be passed over?
 * @tool: the tool
 * @path: its guest and name
 *
 * Return: whether a configuration is restored and it is there already.
 */
bool sio_restore_has_device(struct sio_tool *tool, const struct sio_path *path)
{
	char text[2 * SIO_NAME_ARG_LEN];
	struct sio_objs objs = {};
	bool here;

	here = tool->restoring &&
	       !sio_objs_devices(tool, path->guest, &objs) &&
	       sio_restore_has(&objs, SIO_A_DEV_NAME, path->dev);
	sio_objs_free(&objs);
	snprintf(text, sizeof(text), "%s/%s", path->guest, path->dev);
	if (here)
		sio_restore_left(tool, "device", text);
	return here;
}

/**
 * sio_restore_has_link() - is a link to be passed over?
 * @tool: the tool
 * @ifname: its net device
 *
 * Return: whether a configuration is restored and it is there already.
 */
bool sio_restore_has_link(struct sio_tool *tool, const char *ifname)
{
	struct sio_objs objs = {};
	bool here;

	here = tool->restoring && !sio_objs_links(tool, &objs) &&
	       sio_restore_has(&objs, SIO_A_LINK_IFNAME, ifname);
	sio_objs_free(&objs);
	if (here)
		sio_restore_left(tool, "link", ifname);
	return here;
}
