// SPDX-License-Identifier: GPL-2.0
/* ioguest connect: dial an iohyp, with what the join file says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/follow.h"
#include "proto/user/json.h"
#include "proto/user/key.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/rtnl.h"
#include "proto/user/save.h"
#include "proto/user/why.h"

/* Options of "connect", in the order of its table */
enum sio_connect_opt {
	SIO_CONNECT_JOIN,
	SIO_CONNECT_LINK,
	SIO_CONNECT_NAME,
	SIO_CONNECT_PEER,
	SIO_CONNECT_KEY_FILE,
	SIO_CONNECT_INSECURE,
	SIO_CONNECT_LOCAL,
	SIO_CONNECT_FLOWS,
	SIO_CONNECT_WAIT,
};

static const struct sio_opt sio_connect_opts[] = {
	[SIO_CONNECT_JOIN] = {
		"join", "FILE", "the join file from the iohyp, - for stdin" },
	[SIO_CONNECT_LINK] = { "link", "IFNAME", "dial on this net device" },
	[SIO_CONNECT_NAME] = { "name", "NAME", "own name at the iohyp" },
	[SIO_CONNECT_PEER] = { "peer", "ADDR[:PORT]", "address of the iohyp" },
	[SIO_CONNECT_KEY_FILE] = { "key-file", "FILE", "key, - for stdin" },
	[SIO_CONNECT_INSECURE] = { "insecure", NULL, "go without a key" },
	[SIO_CONNECT_LOCAL] = {
		"local", "ADDR", "own address; the link's first if not given" },
	[SIO_CONNECT_FLOWS] = { "flows", "N", "flows to open, 1 to 16" },
	[SIO_CONNECT_WAIT] = {
		"wait", "SECONDS", "return when it is up, or say why not" },
	{ NULL, NULL, NULL },
};

/**
 * struct sio_connect_spec - a session that is to be made
 * @join: name, address, key
 * @local: own address, empty for the link's first
 * @key_file: where the key comes from, NULL without one
 * @flows: flows to open, 0 for the kernel's choice
 * @wait_ms: wait so long for it to be up, negative to return at once
 */
struct sio_connect_spec {
	struct sio_join join;
	struct sio_addr local;
	const char *key_file;
	__u32 flows;
	int wait_ms;
};

static int sio_connect_check_opts(const struct sio_args *args)
{
	bool join = args->opt[SIO_CONNECT_JOIN];
	bool name = args->opt[SIO_CONNECT_NAME];
	bool peer = args->opt[SIO_CONNECT_PEER];
	bool key = args->opt[SIO_CONNECT_KEY_FILE];
	bool insecure = args->opt[SIO_CONNECT_INSECURE];

	if (!args->opt[SIO_CONNECT_LINK])
		return sio_usage("--link IFNAME is missing: the net device to dial on");
	if (join && (name || peer || key || insecure))
		return sio_usage("%s stand in the join file; give one or the other",
				 "--name, --peer, --key-file and --insecure");
	if (join)
		return 0;
	if (!name || !peer)
		return sio_usage("give --join FILE, or --name NAME, --peer ADDR and a key");
	if (key == insecure)
		return sio_usage("give either --key-file FILE or --insecure");
	return sio_value_name("guest", args->opt[SIO_CONNECT_NAME]);
}

/* Name, address and key from the options, as a join file would say them. */
static int sio_connect_join(const struct sio_args *args, struct sio_join *join)
{
	int err;

	if (args->opt[SIO_CONNECT_JOIN])
		return sio_join_read(args->opt[SIO_CONNECT_JOIN], join);
	snprintf(join->guest, sizeof(join->guest), "%s",
		 args->opt[SIO_CONNECT_NAME]);
	join->port = SIO_PORT_DEFAULT;
	join->insecure = args->opt[SIO_CONNECT_INSECURE];
	err = sio_value_peer("--peer", args->opt[SIO_CONNECT_PEER],
			     &join->addr, &join->port);
	if (!err && !join->insecure)
		err = sio_key_read(args->opt[SIO_CONNECT_KEY_FILE], join->key);
	return err;
}

static int sio_connect_spec(const struct sio_tool *tool,
			    const struct sio_args *args,
			    struct sio_connect_spec *spec)
{
	int err;

	spec->wait_ms = -1;
	spec->key_file = args->opt[SIO_CONNECT_JOIN] ?
			 args->opt[SIO_CONNECT_JOIN] :
			 args->opt[SIO_CONNECT_KEY_FILE];
	err = sio_connect_check_opts(args);
	if (!err && spec->key_file)
		err = sio_key_may_be_at(tool, spec->key_file);
	if (!err && args->opt[SIO_CONNECT_LOCAL])
		err = sio_value_addr("--local", args->opt[SIO_CONNECT_LOCAL],
				     &spec->local);
	if (!err && args->opt[SIO_CONNECT_FLOWS])
		err = sio_value_u32("--flows", args->opt[SIO_CONNECT_FLOWS],
				    1, SIO_FLOWS_MAX, &spec->flows);
	if (!err && args->opt[SIO_CONNECT_WAIT])
		err = sio_value_seconds("--wait", args->opt[SIO_CONNECT_WAIT],
					&spec->wait_ms);
	return err ? err : sio_connect_join(args, &spec->join);
}

static int sio_connect_dial(struct sio_tool *tool,
			    const struct sio_connect_spec *spec, int index)
{
	const struct sio_join *join = &spec->join;
	char source[SIO_PATH_LEN];
	struct nlmsghdr *req;
	int err;

	req = sio_genl_req(tool, SIO_FE_CMD_CONNECT, 0);
	mnl_attr_put_u32(req, SIO_FE_A_IFINDEX, index);
	mnl_attr_put_strz(req, SIO_FE_A_NAME, join->guest);
	mnl_attr_put(req, SIO_FE_A_PEER, join->addr.len, join->addr.bytes);
	mnl_attr_put_u16(req, SIO_FE_A_PEER_PORT, (__u16)join->port);
	if (join->insecure)
		mnl_attr_put(req, SIO_FE_A_INSECURE, 0, NULL);
	else
		mnl_attr_put(req, SIO_FE_A_KEY, sizeof(join->key), join->key);
	if (spec->local.len)
		mnl_attr_put(req, SIO_FE_A_LOCAL, spec->local.len,
			     spec->local.bytes);
	if (spec->flows)
		mnl_attr_put_u32(req, SIO_FE_A_FLOWS, spec->flows);
	if (spec->key_file && sio_key_source(spec->key_file, source))
		mnl_attr_put_strz(req, SIO_FE_A_KEY_SOURCE, source);
	err = sio_genl_do(tool, req, join->guest);
	explicit_bzero(req, req->nlmsg_len);
	return err;
}

/* The peer said no: say so with the cure, and leave nothing behind. */
static int sio_connect_verdict(struct sio_tool *tool, const char *name)
{
	const struct sio_why_text *why = NULL;
	struct sio_objs sessions;
	char *text = NULL;

	if (!sio_objs_sessions(tool, name, &sessions) && sessions.nr) {
		why = sio_why(sio_obj_u32(&sessions.v[0], SIO_A_SESS_WHY));
		text = sio_session_sentence(&sessions.v[0]);
	}
	if (why && why->verdict)
		sio_refuse("%s: %s; %s", name, text ? text : why->text,
			   why->cure);
	else
		sio_refuse("%s: the iohyp refused it", name);
	free(text);
	sio_objs_free(&sessions);
	sio_disconnect_name(tool, name, true);
	return SIO_EXIT_REFUSED;
}

static int sio_connect_wait(struct sio_wait *wait)
{
	int err;

	err = sio_wait_run(wait);
	if (err && wait->verdict)
		return sio_connect_verdict(wait->tool, wait->path.guest);
	if (err)
		sio_refuse("it goes on dialing; %s, \"ioguest disconnect %s\" gives up",
			   "\"ioguest show\" tells how it goes",
			   wait->path.guest);
	return err;
}

static void sio_connect_tell(struct sio_tool *tool, const char *name)
{
	struct sio_objs sessions;

	if (!sio_objs_sessions(tool, name, &sessions) && sessions.nr) {
		if (tool->json) {
			sio_session_json(&sessions.v[0], NULL);
		} else {
			printf("session %s ", name);
			sio_session_text(stdout, &sessions.v[0]);
			putchar('\n');
		}
	}
	sio_objs_free(&sessions);
}

static int sio_connect_run(struct sio_tool *tool,
			   struct sio_connect_spec *spec, int index)
{
	struct sio_wait wait = {
		.tool = tool,
		.state = SIO_STATE_UP,
		.word = "up",
		.timeout_ms = spec->wait_ms,
		.verdicts = true,
	};
	bool waits = spec->wait_ms >= 0;
	int err = 0;

	snprintf(wait.path.guest, sizeof(wait.path.guest), "%s",
		 spec->join.guest);
	if (waits)
		err = sio_wait_begin(&wait);
	if (!err)
		err = sio_connect_dial(tool, spec, index);
	explicit_bzero(spec->join.key, sizeof(spec->join.key));
	if (!err && waits)
		err = sio_connect_wait(&wait);
	if (!err)
		sio_connect_tell(tool, spec->join.guest);
	sio_wait_end(&wait);
	return err;
}

static int sio_connect(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_connect_spec spec = {};
	struct sio_netdev dev;
	int err;

	err = sio_connect_spec(tool, args, &spec);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_netdev_need(tool, args->opt[SIO_CONNECT_LINK], &dev);
	if (!err && !sio_restore_has_session(tool, spec.join.guest))
		err = sio_connect_run(tool, &spec, dev.index);
	explicit_bzero(&spec, sizeof(spec));
	return err;
}

static const struct sio_cmd sio_connect_cmds[] = {
	{ NULL, NULL, "", 0, 0, sio_connect_opts, "dial an iohyp",
	  "Returns at once unless --wait is given; the session dials by itself until\n"
	  "\"ioguest disconnect\". With --wait, a session the iohyp refuses is given up.\n",
	  sio_connect },
	{},
};

const struct sio_object sio_connect_object = {
	"connect", "to an iohyp", sio_connect_cmds
};
