/* SPDX-License-Identifier: GPL-2.0 */
/* What links, sessions and devices did in an interval. */
#ifndef _SIO_USER_TOP_H
#define _SIO_USER_TOP_H

#include <stdbool.h>
#include <stdio.h>

#include "proto/user/obj.h"

struct sio_args;
struct sio_diff;
struct sio_tool;

/**
 * struct sio_top - two looks at everything
 * @tool: the tool
 * @is_there: its module is loaded
 * @old: the look before
 * @now: the last one
 * @s: seconds in between
 */
struct sio_top {
	struct sio_tool *tool;
	bool is_there;
	struct sio_snap old;
	struct sio_snap now;
	double s;
};

void sio_top_diff_link(struct sio_diff *diff, const struct sio_top *top,
		       const struct sio_obj *link);
void sio_top_diff_session(struct sio_diff *diff, const struct sio_top *top,
			  const struct sio_obj *sess);
void sio_top_diff_dev(struct sio_diff *diff, const struct sio_top *top,
		      const struct sio_obj *dev);

/* top_text.c */
void sio_top_text(FILE *out, const struct sio_top *top);

/* top_json.c */
void sio_top_json(const struct sio_top *top);

int sio_top(struct sio_tool *tool, const struct sio_args *args);

#endif /* _SIO_USER_TOP_H */
