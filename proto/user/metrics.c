// SPDX-License-Identifier: GPL-2.0
/* "metrics": to standard output, or to a file that is whole at any time. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/user/metrics.h"
#include "proto/user/obj.h"
#include "proto/user/save.h"
#include "proto/user/tool.h"

/* Whoever reads metrics is another user than the one who makes them */
#define SIO_METRICS_MODE	0644

/* A name beside the file that no collector takes for one of its own. */
static char *sio_metrics_temp(const char *path)
{
	const char *base = strrchr(path, '/');
	char *temp;

	base = base ? base + 1 : path;
	if (asprintf(&temp, "%.*s.%s.XXXXXX", (int)(base - path), path,
		     base) < 0)
		return NULL;
	return temp;
}

static int sio_metrics_write(const char *path, char *temp,
			     const struct sio_snap *snap, bool is_openmetrics)
{
	int fd = mkstemp(temp);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	int err;

	if (!out) {
		err = errno;
		if (fd >= 0) {
			close(fd);
			unlink(temp);
		}
		return err;
	}
	sio_metrics_text(out, snap, is_openmetrics);
	err = fflush(out) || fchmod(fd, SIO_METRICS_MODE) ? errno : 0;
	if (fclose(out) && !err)
		err = errno;
	if (!err && rename(temp, path))
		err = errno;
	if (err)
		unlink(temp);
	return err;
}

static int sio_metrics_file(const char *path, const struct sio_snap *snap,
			    bool is_openmetrics)
{
	sigset_t old;
	char *temp;
	int err;

	err = sio_save_may_be(path);
	if (err)
		return err;
	temp = sio_metrics_temp(path);
	if (!temp)
		return sio_refuse("%s", strerror(ENOMEM));
	sio_tool_hold_signals(&old);
	err = sio_metrics_write(path, temp, snap, is_openmetrics);
	sigprocmask(SIG_SETMASK, &old, NULL);
	free(temp);
	if (err)
		return sio_refuse("cannot write %s: %s", path, strerror(err));
	return 0;
}

/**
 * sio_metrics() - "metrics": everything that is counted
 * @tool: the tool
 * @args: options --format, --output
 *
 * Return: enum sio_exit.
 */
int sio_metrics(struct sio_tool *tool, const struct sio_args *args)
{
	const char *format = args->opt[0] ? args->opt[0] : "openmetrics";
	bool is_openmetrics = !strcmp(format, "openmetrics");
	const char *path = args->opt[1] ? args->opt[1] : "-";
	struct sio_snap snap;
	int err;

	if (!is_openmetrics && strcmp(format, "prometheus"))
		return sio_usage("--format: \"%s\" is neither openmetrics nor prometheus",
				 format);
	if (tool->json)
		return sio_usage("metrics have a format of their own; -j does not go with them");
	err = sio_snap_take(tool, true, &snap);
	if (!err && strcmp(path, "-"))
		err = sio_metrics_file(path, &snap, is_openmetrics);
	else if (!err)
		sio_metrics_text(stdout, &snap, is_openmetrics);
	sio_snap_free(&snap);
	return err;
}
