// SPDX-License-Identifier: GPL-2.0
/* ioguest disconnect: say goodbye to an iohyp. */
#include <stdio.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/value.h"

/**
 * sio_disconnect_name() - end a session
 * @tool: the tool, after sio_genl_open()
 * @name: its name
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_disconnect_name(struct sio_tool *tool, const char *name)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_FE_CMD_DISCONNECT, 0);
	mnl_attr_put_strz(req, SIO_FE_A_NAME, name);
	return sio_genl_do(tool, req, name);
}

/* The only session there is. */
static int sio_disconnect_only(struct sio_tool *tool)
{
	struct sio_objs sessions;
	char names[160] = "";
	size_t len = 0;
	size_t i;
	int err;

	err = sio_objs_sessions(tool, NULL, &sessions);
	for (i = 0; !err && i < sessions.nr && len < sizeof(names); i++)
		len += snprintf(names + len, sizeof(names) - len, "%s%s",
				i ? ", " : "", sio_obj_str(&sessions.v[i],
							   SIO_A_SESS_NAME));
	if (!err && !sessions.nr)
		err = sio_refuse("there is no session to end");
	else if (!err && sessions.nr > 1)
		err = sio_refuse("which of the sessions %s? name it", names);
	if (!err)
		err = sio_disconnect_name(tool, names);
	sio_objs_free(&sessions);
	return err;
}

static int sio_disconnect(struct sio_tool *tool, const struct sio_args *args)
{
	int err = 0;

	if (args->nr_words)
		err = sio_value_name("session", args->word[0]);
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	if (args->nr_words)
		return sio_disconnect_name(tool, args->word[0]);
	return sio_disconnect_only(tool);
}

static const struct sio_cmd sio_disconnect_cmds[] = {
	{ NULL, NULL, "[NAME]", 0, 1, NULL,
	  "say goodbye; its devices disappear", NULL, sio_disconnect },
	{},
};

const struct sio_object sio_disconnect_object = {
	"disconnect", "from an iohyp", sio_disconnect_cmds
};
