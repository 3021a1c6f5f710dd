// SPDX-License-Identifier: GPL-2.0
/* ioguest blk: what the guest decides about its disks. */
#include <stdio.h>
#include <string.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"

/* Longest time --on-loss may give, in seconds */
#define SIO_BLK_ON_LOSS_MAX	86400

/* Options of "blk set", in the order of its table */
enum sio_blk_set_opt {
	SIO_BLK_SET_ON_LOSS,
	SIO_BLK_SET_AHEAD,
	SIO_BLK_SET_ALL,
};

static const struct sio_opt sio_blk_set_opts[] = {
	[SIO_BLK_SET_ON_LOSS] = {
		"on-loss", "POLICY", "wait, fail, or fail:SECONDS" },
	[SIO_BLK_SET_AHEAD] = {
		"ahead", NULL, "also if the disk is not there yet" },
	[SIO_BLK_SET_ALL] = { "all", NULL, "every disk of every session" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_blk_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

/* DISK, of the only session, or SESSION/DISK. */
static int sio_blk_path(struct sio_tool *tool, const char *word,
			struct sio_path *path)
{
	int err;

	if (strchr(word, '/')) {
		err = sio_value_path(word, true, path);
		return err ? err : sio_genl_open(tool);
	}
	err = sio_value_name("disk", word);
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	memcpy(path->dev, word, strlen(word) + 1);
	return sio_disconnect_only(tool, path->guest);
}

static struct nlmsghdr *sio_blk_req(struct sio_tool *tool, __u8 cmd,
				    const struct sio_path *path)
{
	struct nlmsghdr *req = sio_genl_req(tool, cmd, 0);

	mnl_attr_put_strz(req, SIO_FE_A_NAME, path->guest);
	mnl_attr_put_strz(req, SIO_FE_A_DEV, path->dev);
	return req;
}

/* A number of seconds, the unit behind it or not: 30, 30s. */
static int sio_blk_seconds(const char *text, __u32 *s)
{
	size_t len = strlen(text);
	char num[16];

	if (len > 1 && len <= sizeof(num) && text[len - 1] == 's') {
		snprintf(num, sizeof(num), "%.*s", (int)len - 1, text);
		text = num;
	}
	return sio_value_u32("--on-loss fail", text, 0, SIO_BLK_ON_LOSS_MAX, s);
}

static int sio_blk_on_loss(const char *text, __u8 *on_loss, __u32 *s)
{
	*on_loss = SIO_ON_LOSS_FAIL;
	*s = 0;
	if (!strcmp(text, "fail"))
		return 0;
	if (!strncmp(text, "fail:", strlen("fail:")))
		return sio_blk_seconds(text + strlen("fail:"), s);
	*on_loss = SIO_ON_LOSS_WAIT;
	if (!strcmp(text, "wait"))
		return 0;
	return sio_usage("--on-loss: \"%s\" is none of wait, fail, fail:SECONDS",
			 text);
}

static int sio_blk_set_one(struct sio_tool *tool, const struct sio_path *path,
			   __u8 on_loss, __u32 s, bool ahead)
{
	struct nlmsghdr *req;

	req = sio_blk_req(tool, SIO_FE_CMD_BLK_SET, path);
	mnl_attr_put_u8(req, SIO_FE_A_ON_LOSS, on_loss);
	if (on_loss == SIO_ON_LOSS_FAIL)
		mnl_attr_put_u32(req, SIO_FE_A_ON_LOSS_S, s);
	if (ahead)
		mnl_attr_put(req, SIO_FE_A_AHEAD, 0, NULL);
	return sio_genl_do(tool, req, path->dev);
}

/* Say which disks are about to fail: their sessions are down already. */
static void sio_blk_set_tell(const struct sio_obj *disk, __u8 on_loss, __u32 s)
{
	if (on_loss == SIO_ON_LOSS_FAIL &&
	    sio_obj_u32(disk, SIO_A_DEV_STATE) == SIO_DEV_STATE_PAUSED)
		sio_warn("disk %s/%s has no session; its requests fail in %u s, and what is not written is lost",
			 sio_obj_str(disk, SIO_A_DEV_GUEST),
			 sio_obj_str(disk, SIO_A_DEV_NAME), s);
}

static int sio_blk_set_all(struct sio_tool *tool, __u8 on_loss, __u32 s)
{
	const struct sio_obj *disk;
	struct sio_path path;
	struct sio_objs devs;
	size_t i;
	int err;

	err = sio_objs_devices(tool, NULL, &devs);
	for (i = 0; i < devs.nr; i++) {
		disk = &devs.v[i];
		if (sio_obj_u32(disk, SIO_A_DEV_TYPE) != SIO_DEV_BLK)
			continue;
		snprintf(path.guest, sizeof(path.guest), "%s",
			 sio_obj_str(disk, SIO_A_DEV_GUEST));
		snprintf(path.dev, sizeof(path.dev), "%s",
			 sio_obj_str(disk, SIO_A_DEV_NAME));
		sio_blk_set_tell(disk, on_loss, s);
		/* one that goes meanwhile is no failure */
		if (sio_blk_set_one(tool, &path, on_loss, s, true))
			err = SIO_EXIT_REFUSED;
	}
	sio_objs_free(&devs);
	return err;
}

static int sio_blk_set(struct sio_tool *tool, const struct sio_args *args)
{
	bool all = args->opt[SIO_BLK_SET_ALL];
	struct sio_path path;
	__u8 on_loss;
	__u32 s;
	int err;

	if (!args->opt[SIO_BLK_SET_ON_LOSS])
		return sio_usage("nothing to set: give --on-loss");
	if (all == !!args->nr_words)
		return sio_usage("give either a disk or --all");
	err = sio_blk_on_loss(args->opt[SIO_BLK_SET_ON_LOSS], &on_loss, &s);
	if (!err && all)
		err = sio_genl_open(tool);
	else if (!err)
		err = sio_blk_path(tool, args->word[0], &path);
	if (err)
		return err;
	if (all)
		return sio_blk_set_all(tool, on_loss, s);
	return sio_blk_set_one(tool, &path, on_loss, s,
			       args->opt[SIO_BLK_SET_AHEAD]);
}

static int sio_blk_abort(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_path path;
	int err;

	err = sio_blk_path(tool, args->word[0], &path);
	if (err)
		return err;
	return sio_genl_do(tool, sio_blk_req(tool, SIO_FE_CMD_BLK_ABORT, &path),
			   path.dev);
}

static int sio_blk_show(struct sio_tool *tool, const struct sio_args *args)
{
	char name[2 * SIO_NAME_ARG_LEN];
	struct sio_path path;
	int err;

	if (!args->nr_words)
		return sio_show_devices(tool, SIO_DEV_BLK, NULL, args->opt[0]);
	err = sio_blk_path(tool, args->word[0], &path);
	if (err)
		return err;
	snprintf(name, sizeof(name), "%s/%s", path.guest, path.dev);
	return sio_show_devices(tool, SIO_DEV_BLK, name, args->opt[0]);
}

static const struct sio_cmd sio_blk_cmds[] = {
	{ "set", NULL, "[SESSION/]DISK", 0, 1, sio_blk_set_opts,
	  "what it does while the session is down",
	  "Requests wait for as long as it takes, or fail once the session has been down\n"
	  "for SECONDS, as in fail:30 or fail:30s; fail alone is fail:0. A disk of this\n"
	  "name that comes again, or with --ahead for the first time, does the same.\n",
	  sio_blk_set },
	{ "abort", NULL, "[SESSION/]DISK", 1, 1, NULL,
	  "let its requests fail now",
	  "New ones fail as well until the session has been up again, which it dials for\n"
	  "at once.\n",
	  sio_blk_abort },
	{ "show", NULL, "[[SESSION/]DISK]", 0, 1, sio_blk_show_opts,
	  "disks as they are", NULL, sio_blk_show },
	{},
};

const struct sio_object sio_blk_object = {
	"blk", "disk of this machine", sio_blk_cmds
};
