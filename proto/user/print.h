/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions, devices and links as text and as JSON. */
#ifndef _SIO_USER_PRINT_H
#define _SIO_USER_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include <splitio/core.h>

struct sio_args;
struct sio_obj;
struct sio_tool;

void sio_field_num(const struct sio_obj *obj, const char *key, int attr);
void sio_field_flag(const struct sio_obj *obj, const char *key, int attr);
void sio_field_str(const struct sio_obj *obj, const char *key, int attr);
void sio_field_addr(const struct sio_obj *obj, const char *key, int attr);
void sio_field_uuid(const struct sio_obj *obj, const char *key, int attr);
void sio_field_mac(const struct sio_obj *obj, const char *key, int attr);

void sio_session_json(const struct sio_obj *sess, const char *key);
void sio_session_text(FILE *out, const struct sio_obj *sess);
char *sio_session_sentence(const struct sio_obj *sess);
void sio_device_json(struct sio_tool *tool, const struct sio_obj *dev,
		     const char *key);
void sio_device_text(FILE *out, struct sio_tool *tool,
		     const struct sio_obj *dev);
char *sio_device_sentence(struct sio_tool *tool, const struct sio_obj *dev);
void sio_disk_json(const struct sio_obj *disk);
bool sio_disk_is_unnamed(const struct sio_obj *disk);
void sio_disk_text(FILE *out, const struct sio_obj *disk);
void sio_link_json(const struct sio_obj *link, const char *key);
void sio_link_text(FILE *out, const struct sio_obj *link);

void sio_stats_json(const struct sio_obj *obj, const char *key, int attr);
void sio_stats_text(const struct sio_obj *obj, int attr, int indent);
void sio_hist_text(const struct sio_obj *obj, const char *what, int attr,
		   int indent);
void sio_print_label(int indent, const char *what, const char *name);

int sio_show(struct sio_tool *tool, const struct sio_args *args);
int sio_show_links(struct sio_tool *tool, const char *ifname, bool stats);
int sio_show_sessions(struct sio_tool *tool, const char *name, bool stats);
int sio_show_devices(struct sio_tool *tool, enum sio_dev_type type,
		     const char *path, bool stats);

#endif /* _SIO_USER_PRINT_H */
