// SPDX-License-Identifier: GPL-2.0
/* iohyp stop: take all down, with word to the guests that it comes back. */
#include <signal.h>
#include <stddef.h>

#include <splitio/be.h>

#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/rules.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"

static int sio_stop_guests(struct sio_tool *tool)
{
	struct sio_objs guests;
	const char *guest;
	size_t i;
	int err;

	err = sio_objs_sessions(tool, NULL, &guests);
	for (i = 0; i < guests.nr; i++) {
		guest = sio_obj_str(&guests.v[i], SIO_A_SESS_NAME);
		if (sio_guest_take_down(tool, guest, SIO_BE_A_BACK))
			err = SIO_EXIT_REFUSED;
	}
	sio_objs_free(&guests);
	return err;
}

static int sio_stop_links(struct sio_tool *tool)
{
	const struct sio_obj *link;
	struct nlmsghdr *req;
	struct sio_objs links;
	size_t i;
	int err;

	err = sio_objs_links(tool, &links);
	for (i = 0; i < links.nr; i++) {
		link = &links.v[i];
		req = sio_genl_req(tool, SIO_BE_CMD_LINK_DEL, 0);
		mnl_attr_put_u32(req, SIO_BE_A_IFINDEX,
				 sio_obj_u32(link, SIO_A_LINK_IFINDEX));
		if (sio_genl_do(tool, req,
				sio_obj_str(link, SIO_A_LINK_IFNAME)))
			err = SIO_EXIT_REFUSED;
	}
	sio_objs_free(&links);
	return err;
}

/*
 * Guests first: a goodbye needs the link it goes over. What cannot be taken
 * down keeps no other guest from its goodbye.
 */
static int sio_stop(struct sio_tool *tool, const struct sio_args *args)
{
	sigset_t old;
	int lock;
	int err;

	(void)args;
	/* Without the module there is nothing, which is what was asked for. */
	if (sio_genl_probe(tool))
		return SIO_EXIT_OK;
	sio_tool_hold_signals(&old);
	lock = sio_rules_lock();
	err = sio_stop_guests(tool);
	if (sio_stop_links(tool))
		err = SIO_EXIT_REFUSED;
	sio_rules_unlock(lock);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

static const struct sio_cmd sio_stop_cmds[] = {
	{ NULL, NULL, "", 0, 0, NULL,
	  "take all down; guests keep what they have and wait",
	  "What is begun is finished first. Save before, restore afterwards: guests then\n"
	  "go on, and the loop devices and ports made for them are made again.\n",
	  sio_stop },
	{},
};

const struct sio_object sio_stop_object = {
	"stop", "everything, for a while", sio_stop_cmds
};
