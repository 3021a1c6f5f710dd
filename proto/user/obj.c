// SPDX-License-Identifier: GPL-2.0
/* Read sessions, devices and links from the kernel. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/user/family.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/tool.h"

/* How often a dump that changed meanwhile is read again */
#define SIO_OBJ_RETRIES	5

/**
 * sio_obj_parse() - sort the attributes of a session, device or link
 * @obj: filled in, refers to @nest
 * @nest: the attribute that holds them
 */
void sio_obj_parse(struct sio_obj *obj, const struct nlattr *nest)
{
	obj->nest = nest;
	sio_nl_parse(nest, obj->tb, SIO_OBJ_ATTRS);
}

/**
 * sio_obj_has() - is an attribute there?
 * @obj: the object
 * @attr: its type
 *
 * Return: whether it is.
 */
bool sio_obj_has(const struct sio_obj *obj, int attr)
{
	return obj->tb[attr];
}

/**
 * sio_obj_u64() - read a number of any width
 * @obj: the object
 * @attr: type of the attribute
 *
 * Return: the number, 0 if it is absent.
 */
__u64 sio_obj_u64(const struct sio_obj *obj, int attr)
{
	const struct nlattr *nla = obj->tb[attr];

	if (!nla)
		return 0;
	switch (mnl_attr_get_payload_len(nla)) {
	case sizeof(__u8):
		return mnl_attr_get_u8(nla);
	case sizeof(__u16):
		return mnl_attr_get_u16(nla);
	case sizeof(__u32):
		return mnl_attr_get_u32(nla);
	case sizeof(__u64):
		return mnl_attr_get_u64(nla);
	}
	return 0;
}

/**
 * sio_obj_u32() - read a number of up to 32 bits
 * @obj: the object
 * @attr: type of the attribute
 *
 * Return: the number, 0 if it is absent.
 */
__u32 sio_obj_u32(const struct sio_obj *obj, int attr)
{
	return (__u32)sio_obj_u64(obj, attr);
}

/**
 * sio_obj_str() - read a string
 * @obj: the object
 * @attr: type of the attribute
 *
 * Return: the string, "" if it is absent or not closed.
 */
const char *sio_obj_str(const struct sio_obj *obj, int attr)
{
	const struct nlattr *nla = obj->tb[attr];

	if (!nla || !memchr(mnl_attr_get_payload(nla), '\0',
			    mnl_attr_get_payload_len(nla)))
		return "";
	return mnl_attr_get_str(nla);
}

/**
 * sio_obj_data() - read binary data
 * @obj: the object
 * @attr: type of the attribute
 * @len: set to the number of bytes
 *
 * Return: the bytes, NULL if absent.
 */
const void *sio_obj_data(const struct sio_obj *obj, int attr, size_t *len)
{
	const struct nlattr *nla = obj->tb[attr];

	*len = nla ? mnl_attr_get_payload_len(nla) : 0;
	return nla ? mnl_attr_get_payload(nla) : NULL;
}

/* What the callback of a fetch needs. */
struct sio_objs_fetch {
	struct sio_objs *objs;
	__u16 attr;
};

static int sio_objs_add(struct sio_objs *objs, const struct nlattr *nest)
{
	struct nlattr *copy = malloc(nest->nla_len);
	struct sio_obj *v;

	v = copy ? realloc(objs->v, (objs->nr + 1) * sizeof(*v)) : NULL;
	if (!v) {
		free(copy);
		return -ENOMEM;
	}
	memcpy(copy, nest, nest->nla_len);
	objs->v = v;
	sio_obj_parse(&v[objs->nr++], copy);
	return 0;
}

static int sio_objs_fetch_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct sio_objs_fetch *fetch = arg;
	const struct nlattr *attr;
	int err = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (!err && mnl_attr_get_type(attr) == fetch->attr)
			err = sio_objs_add(fetch->objs, attr);
	}
	return err;
}

/**
 * sio_objs_fetch() - send a request and keep the objects it is answered with
 * @tool: the tool
 * @req: the request
 * @attr: attribute that holds an object
 * @objs: filled in; free with sio_objs_free(), also after an error
 *
 * Return: 0 or -errno, for sio_genl_refused().
 */
int sio_objs_fetch(struct sio_tool *tool, struct nlmsghdr *req, __u16 attr,
		   struct sio_objs *objs)
{
	struct sio_objs_fetch fetch = { .objs = objs, .attr = attr };
	int tries = SIO_OBJ_RETRIES;
	int err;

	memset(objs, 0, sizeof(*objs));
	do {
		sio_objs_free(objs);
		err = sio_nl_talk(tool->genl, req, sio_objs_fetch_cb, &fetch);
	} while (err == -EINTR && tries--);
	/* What changed under us all the time is shown as it was seen. */
	if (err == -EINTR)
		err = 0;
	if (err && !tool->genl->err)
		tool->genl->err = -err;
	return err;
}

/**
 * sio_objs_free() - forget the objects
 * @objs: the objects, empty afterwards
 */
void sio_objs_free(struct sio_objs *objs)
{
	size_t i;

	for (i = 0; i < objs->nr; i++)
		free((void *)objs->v[i].nest);
	free(objs->v);
	memset(objs, 0, sizeof(*objs));
}

/**
 * sio_objs_sessions() - read one session or all
 * @tool: the tool
 * @name: name of the guest, NULL for all
 * @objs: filled in; free with sio_objs_free()
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_objs_sessions(struct sio_tool *tool, const char *name,
		      struct sio_objs *objs)
{
	const struct sio_family *family = tool->family;
	struct nlmsghdr *req;

	memset(objs, 0, sizeof(*objs));
	if (sio_genl_open(tool))
		return SIO_EXIT_REFUSED;
	req = sio_genl_req(tool, family->session_get, name ? 0 : NLM_F_DUMP);
	if (name)
		mnl_attr_put_strz(req, family->a_name, name);
	if (sio_objs_fetch(tool, req, family->a_session, objs))
		return sio_genl_refused(tool, name ? name : "sessions");
	return 0;
}

/* All objects of a command, or those of one guest */
static int sio_objs_of_guest(struct sio_tool *tool, __u8 cmd, __u16 attr,
			     const char *guest, const char *what,
			     struct sio_objs *objs)
{
	struct nlmsghdr *req;

	memset(objs, 0, sizeof(*objs));
	if (sio_genl_open(tool))
		return SIO_EXIT_REFUSED;
	req = sio_genl_req(tool, cmd, NLM_F_DUMP);
	if (guest)
		mnl_attr_put_strz(req, tool->family->a_name, guest);
	if (sio_objs_fetch(tool, req, attr, objs))
		return sio_genl_refused(tool, guest ? guest : what);
	return 0;
}

/**
 * sio_objs_devices() - read the devices of one guest or of all
 * @tool: the tool
 * @guest: name of the guest, NULL for all
 * @objs: filled in; free with sio_objs_free()
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_objs_devices(struct sio_tool *tool, const char *guest,
		     struct sio_objs *objs)
{
	return sio_objs_of_guest(tool, tool->family->dev_get,
				 tool->family->a_device, guest, "devices",
				 objs);
}

/**
 * sio_objs_workers() - read what each worker did for each device
 * @tool: the tool
 * @guest: name of the guest, NULL for all
 * @objs: filled in; free with sio_objs_free()
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_objs_workers(struct sio_tool *tool, const char *guest,
		     struct sio_objs *objs)
{
	return sio_objs_of_guest(tool, tool->family->worker_get,
				 tool->family->a_worker, guest, "workers",
				 objs);
}

/**
 * sio_objs_links() - read all links
 * @tool: the tool
 * @objs: filled in; free with sio_objs_free()
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_objs_links(struct sio_tool *tool, struct sio_objs *objs)
{
	struct nlmsghdr *req;

	memset(objs, 0, sizeof(*objs));
	if (sio_genl_open(tool))
		return SIO_EXIT_REFUSED;
	req = sio_genl_req(tool, tool->family->link_get, NLM_F_DUMP);
	if (sio_objs_fetch(tool, req, tool->family->a_link, objs))
		return sio_genl_refused(tool, "links");
	return 0;
}

/**
 * sio_snap_take() - read everything
 * @tool: the tool
 * @workers: workers too
 * @snap: filled in; free with sio_snap_free(), also after an error
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_snap_take(struct sio_tool *tool, bool workers, struct sio_snap *snap)
{
	int err;

	memset(snap, 0, sizeof(*snap));
	err = sio_objs_links(tool, &snap->links);
	if (!err)
		err = sio_objs_sessions(tool, NULL, &snap->sessions);
	if (!err)
		err = sio_objs_devices(tool, NULL, &snap->devs);
	if (!err && workers)
		err = sio_objs_workers(tool, NULL, &snap->workers);
	return err;
}

/**
 * sio_snap_free() - forget what was read
 * @snap: empty afterwards
 */
void sio_snap_free(struct sio_snap *snap)
{
	sio_objs_free(&snap->links);
	sio_objs_free(&snap->sessions);
	sio_objs_free(&snap->devs);
	sio_objs_free(&snap->workers);
}
