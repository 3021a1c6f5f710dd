// SPDX-License-Identifier: GPL-2.0
/* What links, sessions and devices do, interval by interval. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proto/user/hist.h"
#include "proto/user/nl.h"
#include "proto/user/screen.h"
#include "proto/user/tool.h"
#include "proto/user/top.h"
#include "proto/user/value.h"

/* Shortest and default interval, in milliseconds */
#define SIO_TOP_MS_MIN	100
#define SIO_TOP_MS	1000

static bool sio_top_same(const struct sio_obj *a, const struct sio_obj *b,
			 int attr)
{
	const void *x, *y;
	size_t nx, ny;

	x = sio_obj_data(a, attr, &nx);
	y = sio_obj_data(b, attr, &ny);
	return nx == ny && (!nx || !memcmp(x, y, nx));
}

/* What an object was in an older look; @id is another one's if it differs. */
static const struct sio_obj *sio_top_old(const struct sio_objs *olds,
					 const struct sio_obj *now, int name,
					 int parent, int id)
{
	size_t i;

	for (i = 0; i < olds->nr; i++)
		if (sio_top_same(&olds->v[i], now, name) &&
		    sio_top_same(&olds->v[i], now, parent) &&
		    sio_top_same(&olds->v[i], now, id))
			return &olds->v[i];
	return NULL;
}

/**
 * sio_top_diff_link() - what a link counted between the two looks
 * @diff: is set
 * @top: both looks
 * @link: the link in the newer one
 */
void sio_top_diff_link(struct sio_diff *diff, const struct sio_top *top,
		       const struct sio_obj *link)
{
	sio_diff_init(diff, link,
		      sio_top_old(&top->old.links, link, SIO_A_LINK_IFNAME,
				  SIO_A_LINK_IFNAME, SIO_A_LINK_IFINDEX),
		      SIO_A_LINK_STAT, top->s);
}

/**
 * sio_top_diff_session() - what a session counted between the two looks
 * @diff: is set
 * @top: both looks
 * @sess: the session in the newer one
 */
void sio_top_diff_session(struct sio_diff *diff, const struct sio_top *top,
			  const struct sio_obj *sess)
{
	sio_diff_init(diff, sess,
		      sio_top_old(&top->old.sessions, sess, SIO_A_SESS_NAME,
				  SIO_A_SESS_NAME, SIO_A_SESS_INSTANCE),
		      SIO_A_SESS_STAT, top->s);
}

/**
 * sio_top_diff_dev() - what a device counted between the two looks
 * @diff: is set
 * @top: both looks
 * @dev: the device in the newer one
 */
void sio_top_diff_dev(struct sio_diff *diff, const struct sio_top *top,
		      const struct sio_obj *dev)
{
	sio_diff_init(diff, dev,
		      sio_top_old(&top->old.devs, dev, SIO_A_DEV_NAME,
				  SIO_A_DEV_GUEST, SIO_A_DEV_UUID),
		      SIO_A_DEV_STAT, top->s);
}

/*
 * Look once more. The module may have been loaded anew, or be away for a while:
 * its family is looked up every time.
 */
static int sio_top_look(struct sio_top *top, double *at_s)
{
	struct sio_tool *tool = top->tool;
	double now_s;
	int err;

	sio_nl_close(tool->genl);
	tool->genl = NULL;
	sio_snap_free(&top->old);
	top->old = top->now;
	memset(&top->now, 0, sizeof(top->now));
	err = sio_genl_probe(tool);
	top->is_there = !err;
	if (err && err != -ENOENT)
		return sio_genl_open(tool);
	if (!err && sio_snap_take(tool, false, &top->now))
		return SIO_EXIT_REFUSED;
	now_s = sio_screen_now();
	top->s = now_s - *at_s;
	*at_s = now_s;
	return 0;
}

/* The picture, to be freed; NULL without memory. */
static char *sio_top_picture(const struct sio_top *top)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	sio_top_text(out, top);
	fclose(out);
	return text;
}

static int sio_top_run(struct sio_top *top, int ms, __u32 count)
{
	char *text = strdup("");
	double next_s, at_s = 0;
	int err;

	err = sio_top_look(top, &at_s);
	for (next_s = at_s; !err && text; ) {
		next_s += ms / 1000.0;
		if (next_s < at_s)	/* it was stopped, or very slow */
			next_s = at_s + ms / 1000.0;
		if (!sio_screen_wait(next_s, text))
			break;
		err = sio_top_look(top, &at_s);
		if (err)
			break;
		if (top->tool->json) {
			sio_top_json(top);
		} else {
			free(text);
			text = sio_top_picture(top);
			if (text)
				sio_screen_draw(text);
		}
		if (count && !--count)
			break;
	}
	if (!text)
		err = sio_refuse("%s", strerror(ENOMEM));
	free(text);
	return err;
}

/**
 * sio_top() - "top": what is going on, interval by interval
 * @tool: the tool
 * @args: options --interval, --count
 *
 * Return: enum sio_exit.
 */
int sio_top(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_top top = { .tool = tool };
	int ms = SIO_TOP_MS;
	__u32 count = 0;
	int err = 0;

	if (args->opt[0])
		err = sio_value_seconds("--interval", args->opt[0], &ms);
	if (!err && ms < SIO_TOP_MS_MIN)
		err = sio_usage("--interval: \"%s\" is less than 0.1 s",
				args->opt[0]);
	if (!err && args->opt[1])
		err = sio_value_u32("--count", args->opt[1], 1, ~0U, &count);
	if (err)
		return err;
	/* said now, as later it is no reason to end */
	if (sio_genl_open(tool))
		return SIO_EXIT_REFUSED;
	sio_screen_begin(!tool->json);
	err = sio_top_run(&top, ms, count);
	sio_screen_end();
	sio_snap_free(&top.old);
	sio_snap_free(&top.now);
	return err;
}
