// SPDX-License-Identifier: GPL-2.0
/* Devices of guests, whatever their kind: look one up, remove it. */
#include <stdio.h>
#include <string.h>

#include <splitio/be.h>

#include "iohyp-tools/dev.h"
#include "iohyp-tools/iohyp.h"
#include "proto/user/family.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

/**
 * sio_dev_path() - what a device is called
 * @dev: the device
 * @path: filled in
 */
void sio_dev_path(const struct sio_obj *dev, struct sio_path *path)
{
	snprintf(path->guest, sizeof(path->guest), "%s",
		 sio_obj_str(dev, SIO_A_DEV_GUEST));
	snprintf(path->dev, sizeof(path->dev), "%s",
		 sio_obj_str(dev, SIO_A_DEV_NAME));
}

/* What names of guests and devices are made of: other programs get them too. */
static bool sio_dev_name_is_good(const char *name)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	return !name[strspn(name, letters)];
}

static int sio_dev_check_guest(struct sio_tool *tool, const char *guest)
{
	struct sio_objs guests;
	struct nlmsghdr *req;
	int err = 0;

	req = sio_genl_req(tool, SIO_BE_CMD_GUEST_GET, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, guest);
	if (sio_objs_fetch(tool, req, SIO_BE_A_SESSION, &guests))
		err = sio_genl_refused(tool, guest);
	sio_objs_free(&guests);
	return err;
}

/**
 * sio_dev_check_new() - may there be such a device?
 * @tool: the tool, after sio_genl_open()
 * @path: guest and device
 *
 * The kernel says so as well, but too late for what cannot be taken back.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why not.
 */
int sio_dev_check_new(struct sio_tool *tool, const struct sio_path *path)
{
	struct sio_objs devs;
	size_t i;
	int err;

	if (!sio_dev_name_is_good(path->guest))
		return sio_refuse("%s: %s", path->guest, SIO_RULE_NAME);
	if (!sio_dev_name_is_good(path->dev))
		return sio_refuse("%s: %s", path->dev, SIO_RULE_DEV);
	err = sio_dev_check_guest(tool, path->guest);
	if (err)
		return err;
	err = sio_objs_devices(tool, path->guest, &devs);
	for (i = 0; !err && i < devs.nr; i++)
		if (!strcmp(sio_obj_str(&devs.v[i], SIO_A_DEV_NAME), path->dev))
			err = sio_refuse("%s has a device %s already",
					 path->guest, path->dev);
	sio_objs_free(&devs);
	return err;
}

/**
 * sio_dev_get() - read one device
 * @tool: the tool, after sio_genl_open()
 * @path: guest and device
 * @type: what it has to be
 * @devs: filled in with just that one; free with sio_objs_free()
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_dev_get(struct sio_tool *tool, const struct sio_path *path,
		enum sio_dev_type type, struct sio_objs *devs)
{
	struct nlmsghdr *req;
	const char *word;

	req = sio_genl_req(tool, SIO_BE_CMD_DEV_GET, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, path->guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, path->dev);
	if (sio_objs_fetch(tool, req, SIO_BE_A_DEVICE, devs))
		return sio_genl_refused(tool, path->dev);
	if (!devs->nr)
		return sio_refuse("%s has no device %s", path->guest,
				  path->dev);
	if (sio_obj_u32(&devs->v[0], SIO_A_DEV_TYPE) == type)
		return 0;
	word = sio_dev_type_word(sio_obj_u32(&devs->v[0], SIO_A_DEV_TYPE));
	return sio_refuse("%s/%s is no %s; its commands begin with: iohyp %s",
			  path->guest, path->dev, sio_dev_type_word(type),
			  word ? word : "show");
}

/**
 * sio_dev_del() - remove a device
 * @tool: the tool, after sio_genl_open()
 * @path: guest and device
 * @force: even if the guest is using it
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_dev_del(struct sio_tool *tool, const struct sio_path *path, bool force)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_DEV_DEL, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, path->guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, path->dev);
	if (force)
		mnl_attr_put(req, SIO_BE_A_FORCE, 0, NULL);
	return sio_genl_do(tool, req, path->dev);
}

/**
 * sio_dev_tell() - show a device that was made
 * @tool: the tool
 * @dev: the device
 */
void sio_dev_tell(struct sio_tool *tool, const struct sio_obj *dev)
{
	if (tool->json) {
		sio_device_json(tool, dev, NULL);
		return;
	}
	printf("%s %s/%s ",
	       sio_dev_type_word(sio_obj_u32(dev, SIO_A_DEV_TYPE)),
	       sio_obj_str(dev, SIO_A_DEV_GUEST),
	       sio_obj_str(dev, SIO_A_DEV_NAME));
	sio_device_text(stdout, tool, dev);
	if (sio_obj_u32(dev, SIO_A_DEV_STATE) == SIO_DEV_STATE_WAITING)
		fputs("; it appears when the guest dials", stdout);
	putchar('\n');
}
