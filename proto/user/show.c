// SPDX-License-Identifier: GPL-2.0
/* The whole picture, or a part: links, sessions, their devices. */
#include <stdio.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

static bool sio_show_is(const struct sio_obj *obj, int attr, const char *name)
{
	return !name || !*name || !strcmp(sio_obj_str(obj, attr), name);
}

static void sio_show_link(struct sio_tool *tool, const struct sio_obj *link,
			  bool stats)
{
	if (tool->json) {
		sio_link_json(link, NULL);
		return;
	}
	sio_print_label(0, "link", sio_obj_str(link, SIO_A_LINK_IFNAME));
	sio_link_text(stdout, link);
	putchar('\n');
	if (stats)
		sio_stats_text(link, SIO_A_LINK_STAT, 4);
}

static void sio_show_device(struct sio_tool *tool, const struct sio_obj *dev,
			    int indent, bool stats)
{
	const char *name = sio_obj_str(dev, SIO_A_DEV_NAME);
	char path[2 * SIO_NAME_ARG_LEN];

	if (tool->json) {
		sio_device_json(tool, dev, NULL);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s",
		 sio_obj_str(dev, SIO_A_DEV_GUEST), name);
	sio_print_label(indent, sio_obj_u32(dev, SIO_A_DEV_TYPE) ==
			SIO_DEV_BLK ? "blk" : "nic", indent ? name : path);
	sio_device_text(stdout, tool, dev);
	putchar('\n');
	if (stats) {
		sio_stats_text(dev, SIO_A_DEV_STAT, indent + 4);
		sio_hist_text(dev, "served", SIO_A_DEV_HIST, indent + 4);
		sio_hist_text(dev, "bdev", SIO_A_DEV_BDEV_HIST, indent + 4);
	}
}

static void sio_show_session(struct sio_tool *tool, const struct sio_obj *sess,
			     bool stats)
{
	sio_print_label(0, tool->family->session,
			sio_obj_str(sess, SIO_A_SESS_NAME));
	sio_session_text(stdout, sess);
	putchar('\n');
	if (stats) {
		sio_stats_text(sess, SIO_A_SESS_STAT, 4);
		sio_hist_text(sess, "round_trip", SIO_A_SESS_HIST, 4);
	}
}

static void sio_show_worker(struct sio_tool *tool, const struct sio_obj *worker)
{
	__u32 id = sio_obj_u32(worker, SIO_A_WORKER_ID);

	if (!tool->json) {
		printf("    %s %s %u\n", sio_obj_str(worker, SIO_A_WORKER_DEV),
		       tool->family->worker, id);
		sio_stats_text(worker, SIO_A_WORKER_STAT, 6);
		sio_hist_text(worker, "served", SIO_A_WORKER_HIST, 6);
		sio_hist_text(worker, "bdev", SIO_A_WORKER_BDEV_HIST, 6);
		return;
	}
	sio_json_open(NULL, '{');
	sio_json_str("guest", sio_obj_str(worker, SIO_A_WORKER_GUEST));
	sio_json_str("device", sio_obj_str(worker, SIO_A_WORKER_DEV));
	sio_json_num(tool->family->worker, id);
	sio_stats_json(worker, "stats", SIO_A_WORKER_STAT);
	sio_stats_json(worker, "served_us", SIO_A_WORKER_HIST);
	sio_stats_json(worker, "bdev_us", SIO_A_WORKER_BDEV_HIST);
	sio_json_close('}');
}

/* What each worker did for the devices of a session, or for one of them. */
static void sio_show_workers(struct sio_tool *tool, const char *guest,
			     const char *dev, const struct sio_objs *workers)
{
	size_t i;

	if (tool->json)
		sio_json_open("workers", '[');
	for (i = 0; i < workers->nr; i++)
		if (sio_show_is(&workers->v[i], SIO_A_WORKER_GUEST, guest) &&
		    sio_show_is(&workers->v[i], SIO_A_WORKER_DEV, dev))
			sio_show_worker(tool, &workers->v[i]);
	if (tool->json)
		sio_json_close(']');
}

/**
 * struct sio_picture - all that "show" shows
 * @links: links, if no session is named
 * @sessions: sessions
 * @devs: their devices
 * @workers: what each worker did for those, if @stats
 * @dev: the only device to show, "" for all
 * @stats: with counters
 */
struct sio_picture {
	struct sio_objs links;
	struct sio_objs sessions;
	struct sio_objs devs;
	struct sio_objs workers;
	const char *dev;
	bool stats;
};

/* A session and those of the devices that are its own. */
static void sio_show_guest(struct sio_tool *tool, const struct sio_obj *sess,
			   const struct sio_picture *pic)
{
	const struct sio_objs *devs = &pic->devs;
	const char *name = sio_obj_str(sess, SIO_A_SESS_NAME);
	size_t i;

	if (tool->json) {
		sio_json_open(NULL, '{');
		sio_json_str("name", name);
		sio_session_json(sess, "session");
		sio_json_open("devices", '[');
	} else {
		sio_show_session(tool, sess, pic->stats && !*pic->dev);
	}
	for (i = 0; i < devs->nr; i++)
		if (sio_show_is(&devs->v[i], SIO_A_DEV_GUEST, name) &&
		    sio_show_is(&devs->v[i], SIO_A_DEV_NAME, pic->dev))
			sio_show_device(tool, &devs->v[i], 2, pic->stats);
	if (tool->json)
		sio_json_close(']');
	if (pic->stats)
		sio_show_workers(tool, name, pic->dev, &pic->workers);
	if (tool->json)
		sio_json_close('}');
}

/* Nothing is there: say what comes next instead of nothing. */
static void sio_show_empty(const struct sio_tool *tool, bool links)
{
	if (strcmp(tool->family->session, "guest"))
		puts("not connected; begin with: ioguest connect --join FILE --link IFNAME");
	else if (!links)
		puts("nothing is set up yet; begin with: iohyp link create IFNAME");
	else
		puts("no guests yet; go on with: iohyp guest create NAME --join-file FILE");
}

static bool sio_show_has_dev(const struct sio_objs *devs, const char *name)
{
	size_t i;

	for (i = 0; i < devs->nr; i++)
		if (sio_show_is(&devs->v[i], SIO_A_DEV_NAME, name))
			return true;
	return false;
}

static void sio_show_picture(struct sio_tool *tool,
			     const struct sio_picture *pic)
{
	const struct sio_objs *links = &pic->links;
	const struct sio_objs *sessions = &pic->sessions;
	size_t i;

	if (tool->json) {
		sio_json_open(NULL, '{');
		sio_json_open("links", '[');
	}
	for (i = 0; i < links->nr; i++)
		sio_show_link(tool, &links->v[i], pic->stats);
	if (tool->json) {
		sio_json_close(']');
		sio_json_open(tool->family->list, '[');
	}
	for (i = 0; i < sessions->nr; i++)
		sio_show_guest(tool, &sessions->v[i], pic);
	if (tool->json) {
		sio_json_close(']');
		sio_json_close('}');
	} else if (!sessions->nr) {
		sio_show_empty(tool, links->nr);
	}
}

/**
 * sio_show() - "show": everything, or one session or device of it
 * @tool: the tool
 * @args: perhaps NAME[/DEVICE]; option --stats
 *
 * Return: enum sio_exit.
 */
int sio_show(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_path path = {};
	struct sio_picture pic = { .dev = path.dev, .stats = args->opt[0] };
	const char *name = NULL;
	int err;

	if (args->nr_words) {
		err = sio_value_path(args->word[0], false, &path);
		if (err)
			return err;
		name = path.guest;
	}
	err = sio_objs_sessions(tool, name, &pic.sessions);
	if (!err)
		err = sio_objs_devices(tool, name, &pic.devs);
	if (!err && pic.stats)
		err = sio_objs_workers(tool, name, &pic.workers);
	if (!err && !name)
		err = sio_objs_links(tool, &pic.links);
	if (!err && *path.dev && !sio_show_has_dev(&pic.devs, path.dev))
		err = sio_refuse("%s has no device %s", path.guest, path.dev);
	if (!err)
		sio_show_picture(tool, &pic);
	sio_objs_free(&pic.sessions);
	sio_objs_free(&pic.links);
	sio_objs_free(&pic.devs);
	sio_objs_free(&pic.workers);
	return err;
}

/**
 * sio_show_links() - links alone
 * @tool: the tool
 * @ifname: one of them, NULL for all
 * @stats: with counters
 *
 * Return: enum sio_exit.
 */
int sio_show_links(struct sio_tool *tool, const char *ifname, bool stats)
{
	struct sio_objs links;
	size_t shown = 0;
	size_t i;
	int err;

	err = sio_objs_links(tool, &links);
	for (i = 0; !err && i < links.nr; i++)
		if (sio_show_is(&links.v[i], SIO_A_LINK_IFNAME, ifname))
			shown++;
	if (!err && ifname && !shown)
		err = sio_refuse("no link on %s; \"%s link show\" lists them",
				 ifname, tool->name);
	if (!err && tool->json) {
		sio_json_open(NULL, '{');
		sio_json_open("links", '[');
	}
	for (i = 0; !err && i < links.nr; i++)
		if (sio_show_is(&links.v[i], SIO_A_LINK_IFNAME, ifname))
			sio_show_link(tool, &links.v[i], stats);
	if (!err && tool->json) {
		sio_json_close(']');
		sio_json_close('}');
	} else if (!err && !shown) {
		sio_show_empty(tool, false);
	}
	sio_objs_free(&links);
	return err;
}

/**
 * sio_show_sessions() - sessions without their devices
 * @tool: the tool
 * @name: one of them, NULL for all
 * @stats: with counters
 *
 * Return: enum sio_exit.
 */
int sio_show_sessions(struct sio_tool *tool, const char *name, bool stats)
{
	struct sio_objs sessions;
	size_t i;
	int err;

	err = sio_objs_sessions(tool, name, &sessions);
	if (!err && tool->json) {
		sio_json_open(NULL, '{');
		sio_json_open(tool->family->list, '[');
	}
	for (i = 0; !err && i < sessions.nr; i++) {
		if (tool->json)
			sio_session_json(&sessions.v[i], NULL);
		else
			sio_show_session(tool, &sessions.v[i], stats);
	}
	if (!err && tool->json) {
		sio_json_close(']');
		sio_json_close('}');
	} else if (!err && !sessions.nr) {
		sio_show_empty(tool, true);
	}
	sio_objs_free(&sessions);
	return err;
}

static bool sio_show_is_type(const struct sio_obj *dev, __u32 type)
{
	return sio_obj_u32(dev, SIO_A_DEV_TYPE) == type;
}

/**
 * sio_show_devices() - devices of one kind without their sessions
 * @tool: the tool
 * @type: their kind
 * @path: GUEST or GUEST/DEVICE, NULL for all
 * @stats: with counters
 *
 * Return: enum sio_exit.
 */
int sio_show_devices(struct sio_tool *tool, enum sio_dev_type type,
		     const char *path, bool stats)
{
	struct sio_path names = {};
	struct sio_objs devs;
	size_t shown = 0;
	size_t i;
	int err;

	err = path ? sio_value_path(path, false, &names) : 0;
	if (err)
		return err;
	err = sio_objs_devices(tool, path ? names.guest : NULL, &devs);
	for (i = 0; !err && i < devs.nr; i++)
		if (sio_show_is_type(&devs.v[i], type) &&
		    sio_show_is(&devs.v[i], SIO_A_DEV_NAME, names.dev))
			shown++;
	if (!err && *names.dev && !shown)
		err = sio_refuse("%s has no %s %s", names.guest,
				 sio_dev_type_word(type), names.dev);
	if (!err && tool->json) {
		sio_json_open(NULL, '{');
		sio_json_open("devices", '[');
	}
	for (i = 0; !err && i < devs.nr; i++)
		if (sio_show_is_type(&devs.v[i], type) &&
		    sio_show_is(&devs.v[i], SIO_A_DEV_NAME, names.dev))
			sio_show_device(tool, &devs.v[i], 0, stats);
	if (!err && tool->json) {
		sio_json_close(']');
		sio_json_close('}');
	} else if (!err && !shown) {
		printf("no %s\n", type == SIO_DEV_BLK ? "disks" : "NICs");
	}
	sio_objs_free(&devs);
	return err;
}
