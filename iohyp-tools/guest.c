// SPDX-License-Identifier: GPL-2.0
/* iohyp guest: who may dial in, and the join file that lets it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <splitio/be.h>

#include "iohyp-tools/below.h"
#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/rules.h"
#include "proto/user/json.h"
#include "proto/user/key.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/save.h"
#include "proto/user/value.h"

/* Options of "guest create", in the order of its table */
enum sio_guest_opt {
	SIO_GUEST_JOIN_FILE,
	SIO_GUEST_KEY_FILE,
	SIO_GUEST_INSECURE,
	SIO_GUEST_ADDRESS,
	SIO_GUEST_LINK,
};

static const struct sio_opt sio_guest_create_opts[] = {
	[SIO_GUEST_JOIN_FILE] = {
		"join-file", "FILE", "write what the guest needs; - for stdout" },
	[SIO_GUEST_KEY_FILE] = {
		"key-file", "FILE", "take the key from a file, - for stdin" },
	[SIO_GUEST_INSECURE] = { "insecure", NULL, "go without a key" },
	[SIO_GUEST_ADDRESS] = {
		"address", "ADDR", "put this address into the join file" },
	[SIO_GUEST_LINK] = {
		"link", "IFNAME", "put this link's address and port into it" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_guest_set_opts[] = {
	{ "key-file", "FILE", "new key, from the next dial on; - for stdin" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_guest_remove_opts[] = {
	{ "force", NULL, "even if it has devices; they go first" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_guest_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

/* The link a guest is to dial: the one that was named, or the only one. */
static int sio_guest_choose(const struct sio_objs *links, const char *ifname,
			    const struct sio_obj **link)
{
	char names[128] = "";
	size_t len = 0;
	size_t i;

	if (!links->nr)
		return sio_refuse("there is no link the guest could dial yet; %s",
				  "first: iohyp link create IFNAME");
	for (i = 0; i < links->nr; i++) {
		*link = &links->v[i];
		if (ifname && !strcmp(ifname, sio_obj_str(*link,
							  SIO_A_LINK_IFNAME)))
			return 0;
		if (len < sizeof(names))
			len += snprintf(names + len, sizeof(names) - len,
					"%s%s", len ? ", " : "",
					sio_obj_str(*link, SIO_A_LINK_IFNAME));
	}
	if (ifname)
		return sio_refuse("no link on %s, only on %s; or first: iohyp link create %s",
				  ifname, names, ifname);
	if (links->nr > 1)
		return sio_refuse("there are several links, %s: choose one with --link",
				  names);
	return 0;
}

/* Address and port the guest is to dial. */
static int sio_guest_where(struct sio_tool *tool, const struct sio_args *args,
			   struct sio_join *join)
{
	const char *address = args->opt[SIO_GUEST_ADDRESS];
	const struct sio_obj *link = NULL;
	struct sio_objs links;
	const void *local;
	size_t len;
	int err;

	err = sio_objs_links(tool, &links);
	if (!err)
		err = sio_guest_choose(&links, args->opt[SIO_GUEST_LINK],
				       &link);
	if (!err) {
		local = sio_obj_data(link, SIO_A_LINK_LOCAL, &len);
		if (local && len <= sizeof(join->addr.bytes)) {
			memcpy(join->addr.bytes, local, len);
			join->addr.len = len;
		}
		join->port = sio_obj_u32(link, SIO_A_LINK_PORT);
		if (address)
			err = sio_value_addr("--address", address, &join->addr);
		else if (!join->addr.len)
			err = sio_refuse("the link %s has no address; %s",
					 sio_obj_str(link, SIO_A_LINK_IFNAME),
					 "give --address, or add one to the link");
	}
	sio_objs_free(&links);
	return err;
}

/*
 * Where the key can be read again after a boot, as far as we know. A key that
 * came from a pipe is still in the join file.
 */
static void sio_guest_put_source(struct nlmsghdr *req, const char *key_file,
				 const char *join_file)
{
	char source[SIO_PATH_LEN];

	if ((key_file && sio_key_source(key_file, source)) ||
	    (join_file && sio_key_source(join_file, source)))
		mnl_attr_put_strz(req, SIO_BE_A_KEY_SOURCE, source);
}

static int sio_guest_new(struct sio_tool *tool, const struct sio_join *join,
			 const char *key_file, const char *join_file)
{
	struct nlmsghdr *req;
	int err;

	req = sio_genl_req(tool, SIO_BE_CMD_GUEST_NEW, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, join->guest);
	if (join->insecure)
		mnl_attr_put(req, SIO_BE_A_INSECURE, 0, NULL);
	else
		mnl_attr_put(req, SIO_BE_A_KEY, sizeof(join->key), join->key);
	sio_guest_put_source(req, key_file, join_file);
	err = sio_genl_do(tool, req, join->guest);
	explicit_bzero(req, req->nlmsg_len);
	return err;
}

/* how: SIO_BE_A_FORCE, SIO_BE_A_BACK, or 0 for a guest without devices */
static int sio_guest_del(struct sio_tool *tool, const char *guest, int how)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_GUEST_DEL, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, guest);
	if (how)
		mnl_attr_put(req, (__u16)how, 0, NULL);
	return sio_genl_do(tool, req, guest);
}

static int sio_guest_check_opts(const struct sio_tool *tool,
				const struct sio_args *args)
{
	const char *key = args->opt[SIO_GUEST_KEY_FILE];
	bool join = args->opt[SIO_GUEST_JOIN_FILE];
	bool insecure = args->opt[SIO_GUEST_INSECURE];

	if (key && insecure)
		return sio_usage("--key-file and --insecure exclude each other");
	if (!key && !insecure && !join)
		return sio_usage("the guest needs its key: give %s, or %s",
				 "--join-file FILE to have one made and written",
				 "--key-file FILE");
	if (!join && (args->opt[SIO_GUEST_ADDRESS] ||
		      args->opt[SIO_GUEST_LINK]))
		return sio_usage("%s go into the join file: give --join-file",
				 "--address and --link");
	if (key && sio_key_may_be_at(tool, key))
		return SIO_EXIT_USAGE;
	return sio_value_name("guest", args->word[0]);
}

static void sio_guest_tell(const struct sio_tool *tool,
			   const struct sio_join *join, const char *path)
{
	char addr[SIO_ADDR_TEXT_LEN];

	/* Standard output belongs to the join file then. */
	if (path && !strcmp(path, "-"))
		return;
	if (tool->json) {
		sio_json_open(NULL, '{');
		sio_json_str("name", join->guest);
		sio_json_bool("insecure", join->insecure);
		if (path)
			sio_json_str("join_file", path);
		else
			sio_json_null("join_file");
		sio_json_close('}');
	} else if (path) {
		sio_addr_text(join->addr.bytes, join->addr.len, addr);
		printf("guest %s may dial %s port %u; copy %s to it, then there: ",
		       join->guest, addr, join->port, path);
		printf("ioguest connect --join %s --link IFNAME\n", path);
	} else {
		printf("guest %s may dial\n", join->guest);
	}
}

/* The file first: when the kernel has the guest, it can join. */
static int sio_guest_let_in(struct sio_tool *tool, const struct sio_join *join,
			    const char *key_file, const char *path)
{
	bool to_file = path && strcmp(path, "-");
	int err = 0;

	if (to_file)
		err = sio_join_write(path, join);
	if (err)
		return err;
	err = sio_guest_new(tool, join, key_file, path);
	if (err && to_file)
		unlink(path);
	/* A guest whose key nobody has is of no use. */
	if (!err && path && !to_file) {
		err = sio_join_write(path, join);
		if (err)
			sio_guest_del(tool, join->guest, 0);
	}
	return err;
}

static int sio_guest_create(struct sio_tool *tool, const struct sio_args *args)
{
	const char *path = args->opt[SIO_GUEST_JOIN_FILE];
	const char *key_file = args->opt[SIO_GUEST_KEY_FILE];
	struct sio_join join = {};
	sigset_t old;
	int err;

	err = sio_guest_check_opts(tool, args);
	if (!err)
		err = sio_genl_open(tool);
	if (err || sio_restore_has_session(tool, args->word[0]))
		return err;
	snprintf(join.guest, sizeof(join.guest), "%s", args->word[0]);
	join.insecure = args->opt[SIO_GUEST_INSECURE];
	if (path)
		err = sio_guest_where(tool, args, &join);
	if (!err && key_file)
		err = sio_key_read(key_file, join.key);
	else if (!err && !join.insecure)
		err = sio_key_random(join.key);
	if (err)
		goto out;

	/* An interrupt half way would leave the file of a guest that is none. */
	sio_tool_hold_signals(&old);
	err = sio_guest_let_in(tool, &join, key_file, path);
	if (!err)
		sio_guest_tell(tool, &join, path);
	sigprocmask(SIG_SETMASK, &old, NULL);
out:
	explicit_bzero(&join, sizeof(join));
	return err;
}

static int sio_guest_set(struct sio_tool *tool, const struct sio_args *args)
{
	__u8 key[SIO_KEY_LEN];
	struct nlmsghdr *req;
	int err;

	if (!args->opt[0])
		return sio_usage("nothing to set: give --key-file FILE");
	err = sio_key_may_be_at(tool, args->opt[0]);
	if (!err)
		err = sio_value_name("guest", args->word[0]);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_key_read(args->opt[0], key);
	if (err)
		goto out;
	req = sio_genl_req(tool, SIO_BE_CMD_GUEST_SET, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, args->word[0]);
	mnl_attr_put(req, SIO_BE_A_KEY, sizeof(key), key);
	sio_guest_put_source(req, args->opt[0], NULL);
	err = sio_genl_do(tool, req, args->word[0]);
	explicit_bzero(req, req->nlmsg_len);
out:
	/* What is no key may be half of one. */
	explicit_bzero(key, sizeof(key));
	return err;
}

/**
 * sio_guest_take_down() - remove a guest and all that was made for its devices
 * @tool: the tool, after sio_genl_open()
 * @guest: its name
 * @how: SIO_BE_A_FORCE to forget it; SIO_BE_A_BACK if it will be back and is
 *	to keep its devices
 *
 * The caller holds signals and sio_rules_lock().
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_guest_take_down(struct sio_tool *tool, const char *guest, int how)
{
	struct sio_below *below;
	struct sio_objs devs;
	bool gone;
	int err;

	err = sio_objs_devices(tool, guest, &devs);
	if (err)
		return err;
	below = sio_below_open_all(&devs);
	err = sio_guest_del(tool, guest, how);
	gone = !err;
	if (gone)
		err = sio_nic_take_down_all(tool, &devs);
	sio_below_close_all(below, devs.nr, gone);
	sio_objs_free(&devs);
	return err;
}

static int sio_guest_remove_all(struct sio_tool *tool, const char *guest)
{
	sigset_t old;
	int lock;
	int err;

	sio_tool_hold_signals(&old);
	lock = sio_rules_lock();
	err = sio_guest_take_down(tool, guest, SIO_BE_A_FORCE);
	sio_rules_unlock(lock);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

static int sio_guest_remove(struct sio_tool *tool, const struct sio_args *args)
{
	int err;

	err = sio_value_name("guest", args->word[0]);
	if (!err)
		err = sio_genl_open(tool);
	if (err)
		return err;
	if (args->opt[0])
		return sio_guest_remove_all(tool, args->word[0]);
	return sio_guest_del(tool, args->word[0], 0);
}

static int sio_guest_show(struct sio_tool *tool, const struct sio_args *args)
{
	int err = 0;

	if (args->nr_words)
		err = sio_value_name("guest", args->word[0]);
	return err ? err : sio_show_sessions(tool, args->word[0],
					     args->opt[0]);
}

static const struct sio_cmd sio_guest_cmds[] = {
	{ "create", "add", "NAME", 1, 1, sio_guest_create_opts,
	  "let a machine dial in",
	  "Without --key-file and --insecure a random key is made. The join file is\n"
	  "readable by its owner only and never overwritten.\n",
	  sio_guest_create },
	{ "remove", "del", "NAME", 1, 1, sio_guest_remove_opts,
	  "forget a guest; its session ends", NULL, sio_guest_remove },
	{ "set", NULL, "NAME", 1, 1, sio_guest_set_opts,
	  "give a guest another key", NULL, sio_guest_set },
	{ "show", NULL, "[NAME]", 0, 1, sio_guest_show_opts,
	  "guests and their sessions as they are", NULL, sio_guest_show },
	{},
};

const struct sio_object sio_guest_object = {
	"guest", "machine that may dial in", sio_guest_cmds
};
