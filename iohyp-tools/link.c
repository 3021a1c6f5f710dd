// SPDX-License-Identifier: GPL-2.0
/* iohyp link: the net devices guests reach this machine on. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include <splitio/be.h>

#include "iohyp-tools/iohyp.h"
#include "proto/user/json.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/rtnl.h"
#include "proto/user/save.h"
#include "proto/user/value.h"

/* Options of "link create", in the order of its table */
enum sio_link_opt {
	SIO_LINK_LOCAL,
	SIO_LINK_PORT,
};

static const struct sio_opt sio_link_create_opts[] = {
	[SIO_LINK_LOCAL] = { "local", "ADDR", "answer on this address of it" },
	[SIO_LINK_PORT] = { "port", "N", "TCP port, 7423 if not given" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_link_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

/* Say what was made; that it was made is certain already. */
static int sio_link_tell(struct sio_tool *tool, const char *ifname, int index)
{
	struct sio_objs links;
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_LINK_GET, 0);
	mnl_attr_put_u32(req, SIO_BE_A_IFINDEX, index);
	if (!sio_objs_fetch(tool, req, SIO_BE_A_LINK, &links) && links.nr) {
		if (tool->json) {
			sio_link_json(&links.v[0], NULL);
		} else {
			sio_safe_print(stdout,
				       "guests reach this machine on %s, ",
				       ifname);
			sio_link_text(stdout, &links.v[0]);
			putchar('\n');
		}
	}
	sio_objs_free(&links);
	return SIO_EXIT_OK;
}

static int sio_link_create(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_addr local = {};
	struct sio_netdev dev;
	struct nlmsghdr *req;
	__u32 port = 0;
	int err = 0;

	if (args->opt[SIO_LINK_LOCAL])
		err = sio_value_addr("--local", args->opt[SIO_LINK_LOCAL],
				     &local);
	if (!err && args->opt[SIO_LINK_PORT])
		err = sio_value_u32("--port", args->opt[SIO_LINK_PORT], 1,
				    USHRT_MAX, &port);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_netdev_need(tool, args->word[0], &dev);
	if (err || sio_restore_has_link(tool, dev.name))
		return err;

	req = sio_genl_req(tool, SIO_BE_CMD_LINK_NEW, 0);
	mnl_attr_put_u32(req, SIO_BE_A_IFINDEX, dev.index);
	if (local.len)
		mnl_attr_put(req, SIO_BE_A_LOCAL, local.len, local.bytes);
	if (port)
		mnl_attr_put_u16(req, SIO_BE_A_PORT, (__u16)port);
	err = sio_genl_do(tool, req, dev.name);
	return err ? err : sio_link_tell(tool, dev.name, dev.index);
}

static int sio_link_remove(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_netdev dev;
	struct nlmsghdr *req;
	int err;

	err = sio_genl_open(tool);
	if (!err)
		err = sio_netdev_need(tool, args->word[0], &dev);
	if (err)
		return err;
	req = sio_genl_req(tool, SIO_BE_CMD_LINK_DEL, 0);
	mnl_attr_put_u32(req, SIO_BE_A_IFINDEX, dev.index);
	return sio_genl_do(tool, req, dev.name);
}

static int sio_link_show(struct sio_tool *tool, const struct sio_args *args)
{
	return sio_show_links(tool, args->word[0], args->opt[0]);
}

static const struct sio_cmd sio_link_cmds[] = {
	{ "create", "add", "IFNAME", 1, 1, sio_link_create_opts,
	  "answer guests on a net device", NULL, sio_link_create },
	{ "remove", "del", "IFNAME", 1, 1, NULL,
	  "stop answering; the guests' sessions end", NULL, sio_link_remove },
	{ "show", NULL, "[IFNAME]", 0, 1, sio_link_show_opts,
	  "links as they are", NULL, sio_link_show },
	{},
};

const struct sio_object sio_link_object = {
	"link", "net device that guests reach this machine on", sio_link_cmds
};
