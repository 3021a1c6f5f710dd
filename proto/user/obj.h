/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions, devices and links as the kernel showed them, kept in memory. */
#ifndef _SIO_USER_OBJ_H
#define _SIO_USER_OBJ_H

#include <libmnl/libmnl.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct sio_tool;

/* Above every attribute this release knows; newer ones are ignored */
#define SIO_OBJ_ATTRS	64

/**
 * struct sio_obj - one session, device or link
 * @nest: all its attributes
 * @tb: the same by type, the last one of those that repeat
 */
struct sio_obj {
	const struct nlattr *nest;
	const struct nlattr *tb[SIO_OBJ_ATTRS + 1];
};

/**
 * struct sio_objs - answer of one request
 * @v: the objects; each owns a copy of its attributes
 * @nr: how many
 */
struct sio_objs {
	struct sio_obj *v;
	size_t nr;
};

/**
 * struct sio_snap - everything, as it is at one moment
 * @links: links
 * @sessions: sessions
 * @devs: their devices
 * @workers: what each worker did for those
 */
struct sio_snap {
	struct sio_objs links;
	struct sio_objs sessions;
	struct sio_objs devs;
	struct sio_objs workers;
};

void sio_obj_parse(struct sio_obj *obj, const struct nlattr *nest);
bool sio_obj_has(const struct sio_obj *obj, int attr);
__u32 sio_obj_u32(const struct sio_obj *obj, int attr);
__u64 sio_obj_u64(const struct sio_obj *obj, int attr);
const char *sio_obj_str(const struct sio_obj *obj, int attr);
const void *sio_obj_data(const struct sio_obj *obj, int attr, size_t *len);

int sio_objs_fetch(struct sio_tool *tool, struct nlmsghdr *req, __u16 attr,
		   struct sio_objs *objs);
void sio_objs_free(struct sio_objs *objs);
int sio_objs_sessions(struct sio_tool *tool, const char *name,
		      struct sio_objs *objs);
int sio_objs_devices(struct sio_tool *tool, const char *guest,
		     struct sio_objs *objs);
int sio_objs_workers(struct sio_tool *tool, const char *guest,
		     struct sio_objs *objs);
int sio_objs_links(struct sio_tool *tool, struct sio_objs *objs);

int sio_snap_take(struct sio_tool *tool, bool workers, struct sio_snap *snap);
void sio_snap_free(struct sio_snap *snap);

#endif /* _SIO_USER_OBJ_H */
