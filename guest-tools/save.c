// SPDX-License-Identifier: GPL-2.0
/* ioguest save: sessions, and what disks do without them. */
#include <stdio.h>
#include <string.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/key.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/save.h"
#include "proto/user/value.h"

/* Does the file the key is in say whom to dial as well, and just this? */
static bool sio_save_is_join(const struct sio_obj *sess)
{
	const char *path = sio_obj_str(sess, SIO_A_SESS_KEY_SOURCE);
	struct sio_join join = {};
	const void *peer;
	size_t len;
	bool same;

	peer = sio_obj_data(sess, SIO_A_SESS_PEER, &len);
	same = *path && sio_join_is(path) && !sio_join_read(path, &join) &&
	       !strcmp(join.guest, sio_obj_str(sess, SIO_A_SESS_NAME)) &&
	       join.insecure == !!sio_obj_u32(sess, SIO_A_SESS_INSECURE) &&
	       join.port == sio_obj_u32(sess, SIO_A_SESS_PEER_PORT) &&
	       peer && join.addr.len == len &&
	       !memcmp(join.addr.bytes, peer, len);
	explicit_bzero(&join, sizeof(join));
	return same;
}

static void sio_save_peer(struct sio_save *save, const struct sio_obj *sess)
{
	char peer[SIO_ADDR_TEXT_LEN + 8];
	char addr[SIO_ADDR_TEXT_LEN];
	const void *bytes;
	size_t len;

	bytes = sio_obj_data(sess, SIO_A_SESS_PEER, &len);
	snprintf(peer, sizeof(peer), "%s:%u", sio_addr_text(bytes, len, addr),
		 sio_obj_u32(sess, SIO_A_SESS_PEER_PORT));
	sio_save_opt(save, "--name", sio_obj_str(sess, SIO_A_SESS_NAME));
	sio_save_opt(save, "--peer", peer);
}

static void sio_save_session(struct sio_save *save, const struct sio_obj *sess)
{
	const char *source = sio_obj_str(sess, SIO_A_SESS_KEY_SOURCE);
	const char *ifname = sio_obj_str(sess, SIO_A_SESS_IFNAME);
	const char *name = sio_obj_str(sess, SIO_A_SESS_NAME);
	bool insecure = sio_obj_u32(sess, SIO_A_SESS_INSECURE);
	char cure[2 * SIO_NAME_ARG_LEN];
	char text[SIO_ADDR_TEXT_LEN];
	const void *local;
	size_t len;

	snprintf(cure, sizeof(cure),
		 "store the join file, and: ioguest disconnect %s, ioguest connect --join FILE --link %s",
		 name, ifname);
	save->off = !insecure && !sio_save_key(save, sess, cure);
	sio_save_begin(save, "connect");
	if (!save->off && sio_save_is_join(sess)) {
		sio_save_opt(save, "--join", source);
	} else {
		sio_save_peer(save, sess);
		if (insecure)
			sio_save_opt(save, "--insecure", NULL);
		else
			sio_save_opt(save, "--key-file",
				     *source ? source : "FILE");
	}
	sio_save_opt(save, "--link", ifname);
	local = sio_obj_data(sess, SIO_A_SESS_LOCAL_ASKED, &len);
	if (local)
		sio_save_opt(save, "--local", sio_addr_text(local, len, text));
	if (sio_obj_u32(sess, SIO_A_SESS_FLOWS_ASKED) > 1)
		sio_save_num(save, "--flows", sess, SIO_A_SESS_FLOWS_ASKED);
	sio_save_end(save);
}

/* Disks that are there, and those that were or will be. */
static int sio_save_disks(struct sio_tool *tool, struct sio_objs *disks)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_FE_CMD_DEV_GET, NLM_F_DUMP);
	mnl_attr_put(req, SIO_FE_A_AHEAD, 0, NULL);
	if (sio_objs_fetch(tool, req, SIO_FE_A_DEVICE, disks))
		return sio_genl_refused(tool, "disks");
	return 0;
}

static void sio_save_policies(struct sio_save *save,
			      const struct sio_objs *disks, const char *session)
{
	const struct sio_obj *disk;
	char policy[32];
	size_t i;

	for (i = 0; i < disks->nr; i++) {
		disk = &disks->v[i];
		if (strcmp(sio_obj_str(disk, SIO_A_DEV_GUEST), session) ||
		    sio_obj_u32(disk, SIO_A_DEV_ON_LOSS) != SIO_ON_LOSS_FAIL)
			continue;
		snprintf(policy, sizeof(policy), "fail:%u",
			 sio_obj_u32(disk, SIO_A_DEV_ON_LOSS_S));
		sio_save_begin(save, "blk set");
		sio_save_path(save, disk);
		sio_save_opt(save, "--on-loss", policy);
		sio_save_opt(save, "--ahead", NULL);
		sio_save_end(save);
	}
}

/**
 * sio_ioguest_save() - write what this guest has
 * @tool: the tool
 * @save: the configuration
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_ioguest_save(struct sio_tool *tool, struct sio_save *save)
{
	struct sio_objs sessions = {}, disks = {};
	const char *name;
	size_t i;
	int err;

	err = sio_objs_sessions(tool, NULL, &sessions);
	if (!err)
		err = sio_save_disks(tool, &disks);
	if (!err)
		fputs("# Split I/O: the sessions of this guest, written by \"ioguest save\".\n"
		      "# \"ioguest restore\" runs these commands.\n", save->out);
	for (i = 0; !err && i < sessions.nr; i++) {
		name = sio_obj_str(&sessions.v[i], SIO_A_SESS_NAME);
		sio_save_session(save, &sessions.v[i]);
		sio_save_policies(save, &disks, name);
		save->off = false;
	}
	sio_objs_free(&sessions);
	sio_objs_free(&disks);
	return err;
}
