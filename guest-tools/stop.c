// SPDX-License-Identifier: GPL-2.0
/* ioguest stop: say goodbye to every iohyp. */
#include <stddef.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"

/* One that has a disk in use stays, and so do no others for its sake. */
static int sio_stop(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_objs sessions;
	int worst = SIO_EXIT_OK;
	size_t i;
	int err;

	(void)args;
	/* Without the module there is nothing, which is what was asked for. */
	if (sio_genl_probe(tool))
		return SIO_EXIT_OK;
	err = sio_objs_sessions(tool, NULL, &sessions);
	for (i = 0; !err && i < sessions.nr; i++)
		if (sio_disconnect_name(tool, sio_obj_str(&sessions.v[i],
							  SIO_A_SESS_NAME),
					false))
			worst = SIO_EXIT_REFUSED;
	sio_objs_free(&sessions);
	return err ? err : worst;
}

static const struct sio_cmd sio_stop_cmds[] = {
	{ NULL, NULL, "", 0, 0, NULL, "end all sessions whose disks are not in use",
	  NULL, sio_stop },
	{},
};

const struct sio_object sio_stop_object = {
	"stop", "all sessions", sio_stop_cmds
};
