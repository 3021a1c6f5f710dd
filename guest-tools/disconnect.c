// SPDX-License-Identifier: GPL-2.0
/* ioguest disconnect: say goodbye to an iohyp. */
#include <stdio.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/value.h"

static const struct sio_opt sio_disconnect_opts[] = {
	{ "force", NULL, "even if a disk is in use; its requests fail" },
	{ NULL, NULL, NULL },
};

/**
 * sio_disconnect_name() - end a session
 * @tool: the tool, after sio_genl_open()
 * @name: its name
 * @force: even if a disk of it is in use
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_disconnect_name(struct sio_tool *tool, const char *name, bool force)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_FE_CMD_DISCONNECT, 0);
	mnl_attr_put_strz(req, SIO_FE_A_NAME, name);
	if (force)
		mnl_attr_put(req, SIO_FE_A_FORCE, 0, NULL);
	return sio_genl_do(tool, req, name);
}

/**
 * sio_disconnect_only() - the only session there is
 * @tool: the tool, after sio_genl_open()
 * @name: SIO_NAME_ARG_LEN bytes, filled with its name
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying that there is none, or several.
 */
int sio_disconnect_only(struct sio_tool *tool, char *name)
{
	struct sio_objs sessions;
	size_t len = 0;
	size_t i;
	int err;

	*name = '\0';
	err = sio_objs_sessions(tool, NULL, &sessions);
	for (i = 0; !err && i < sessions.nr && len < SIO_NAME_ARG_LEN; i++)
		len += snprintf(name + len, SIO_NAME_ARG_LEN - len, "%s%s",
				i ? ", " : "", sio_obj_str(&sessions.v[i],
							   SIO_A_SESS_NAME));
	if (!err && !sessions.nr)
		err = sio_refuse("there is no session");
	else if (!err && sessions.nr > 1)
		err = sio_refuse("which of the sessions %s? name it", name);
	sio_objs_free(&sessions);
	return err;
}

static int sio_disconnect(struct sio_tool *tool, const struct sio_args *args)
{
	char name[SIO_NAME_ARG_LEN];
	int err = 0;

	if (args->nr_words)
		err = sio_value_name("session", args->word[0]);
	if (!err)
		err = sio_genl_open(tool);
	if (!err && args->nr_words)
		snprintf(name, sizeof(name), "%s", args->word[0]);
	else if (!err)
		err = sio_disconnect_only(tool, name);
	return err ? err : sio_disconnect_name(tool, name, args->opt[0]);
}

static const struct sio_cmd sio_disconnect_cmds[] = {
	{ NULL, NULL, "[NAME]", 0, 1, sio_disconnect_opts,
	  "say goodbye; its devices disappear", NULL, sio_disconnect },
	{},
};

const struct sio_object sio_disconnect_object = {
	"disconnect", "from an iohyp", sio_disconnect_cmds
};
