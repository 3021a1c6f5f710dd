/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration as a file of commands: written by save, run by restore. */
#ifndef _SIO_USER_SAVE_H
#define _SIO_USER_SAVE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

#include "proto/user/report.h"

struct sio_args;
struct sio_obj;
struct sio_path;
struct sio_tool;

/**
 * struct sio_save - a configuration that is being written
 * @out: where to
 * @gaps: something in it cannot be made again as it stands
 * @off: commands are written as comments
 */
struct sio_save {
	FILE *out;
	bool gaps;
	bool off;
};

void sio_save_begin(struct sio_save *save, const char *command);
void sio_save_word(struct sio_save *save, const char *word);
void sio_save_opt(struct sio_save *save, const char *opt, const char *value);
void sio_save_num(struct sio_save *save, const char *opt,
		  const struct sio_obj *obj, int attr);
void sio_save_flag(struct sio_save *save, const char *opt,
		   const struct sio_obj *obj, int attr);
void sio_save_mac(struct sio_save *save, const struct sio_obj *dev);
void sio_save_uuid(struct sio_save *save, const struct sio_obj *dev);
void sio_save_path(struct sio_save *save, const struct sio_obj *dev);
void sio_save_end(struct sio_save *save);
void sio_save_gap(struct sio_save *save, const char *fmt, ...)
	sio_printf(2, 3);
bool sio_save_line(struct sio_save *save, const char *name, const char *path);
bool sio_save_needs(struct sio_save *save, const char *name, const char *path,
		    const char *what, const char *cure);
bool sio_save_key(struct sio_save *save, const struct sio_obj *sess,
		  const char *cure);
int sio_save_may_be(const char *path);

int sio_save(struct sio_tool *tool, const struct sio_args *args);
int sio_restore(struct sio_tool *tool, const struct sio_args *args);

bool sio_restore_has_session(struct sio_tool *tool, const char *name);
bool sio_restore_has_device(struct sio_tool *tool,
			    const struct sio_path *path);
bool sio_restore_has_link(struct sio_tool *tool, const char *ifname);

#endif /* _SIO_USER_SAVE_H */
