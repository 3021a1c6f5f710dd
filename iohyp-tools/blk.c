// SPDX-License-Identifier: GPL-2.0
/* iohyp blk: disks, each a block device of this machine. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <splitio/be.h>

#include "iohyp-tools/below.h"
#include "iohyp-tools/crypt.h"
#include "iohyp-tools/dev.h"
#include "iohyp-tools/holder.h"
#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/loop.h"
#include "iohyp-tools/run.h"
#include "proto/user/follow.h"
#include "proto/user/key.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/save.h"
#include "proto/user/value.h"

/* When a removal that waits for requests says so */
#define SIO_BLK_NOTE_MS	1000

/* Options of "blk create", in the order of its table */
enum sio_blk_opt {
	SIO_BLK_PATH,
	SIO_BLK_READ_ONLY,
	SIO_BLK_CACHE,
	SIO_BLK_DIGEST,
	SIO_BLK_BLOCK_SIZE,
	SIO_BLK_QUEUES,
	SIO_BLK_UUID,
	SIO_BLK_ENCRYPT,
	SIO_BLK_KEY_FILE,
	SIO_BLK_FORMAT,
	SIO_BLK_DISCARDS,
};

static const struct sio_opt sio_blk_create_opts[] = {
	[SIO_BLK_PATH] = { "path", "FILE", "block device or file to export" },
	[SIO_BLK_READ_ONLY] = { "read-only", NULL, "nothing can be written" },
	[SIO_BLK_CACHE] = {
		"cache", "CACHE",
		"writeback (default: the device's own) or writethrough" },
	[SIO_BLK_DIGEST] = { "digest", NULL, "CRC32C on every message" },
	[SIO_BLK_BLOCK_SIZE] = {
		"block-size", "N", "logical block; the device's if not given" },
	[SIO_BLK_QUEUES] = { "queues", "N", "1 to 7; one for each CPU" },
	[SIO_BLK_UUID] = { "uuid", "UUID", "identity; random if not given" },
	[SIO_BLK_ENCRYPT] = { "encrypt", NULL, "dm-crypt (LUKS2) on it" },
	[SIO_BLK_KEY_FILE] = {
		"key-file", "FILE", "key for that, - for standard input" },
	[SIO_BLK_FORMAT] = {
		"format", NULL, "write LUKS2 to it; what it holds is lost" },
	[SIO_BLK_DISCARDS] = {
		"allow-discards", NULL, "let them through the encryption" },
	{ NULL, NULL, NULL },
};

/* Options of "blk remove", likewise */
enum sio_blk_remove_opt {
	SIO_BLK_REMOVE_FORCE,
	SIO_BLK_REMOVE_TIMEOUT,
};

static const struct sio_opt sio_blk_remove_opts[] = {
	[SIO_BLK_REMOVE_FORCE] = {
		"force", NULL, "even if the guest is using it" },
	[SIO_BLK_REMOVE_TIMEOUT] = {
		"timeout", "SECONDS", "wait no longer for its requests to end" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_blk_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

/**
 * struct sio_blk_spec - a disk that is to be made
 * @path: its guest and name
 * @source: the block device or file as it is shown later, absolute
 * @disk: the block device to export, without symbolic links; or the loop device
 * @made: SIO_MADE bits
 * @read_only: nothing can be written
 * @write_through: writes are on the medium when they are answered
 * @digest: CRC32C on every message
 * @block: logical block in bytes, 0 for the device's
 * @queues: 0 for one for each CPU
 * @has_uuid: @uuid was given
 * @uuid: its identity
 * @crypt: its encryption, if SIO_MADE_CRYPT is in @wanted
 * @wanted: SIO_MADE bits of what shall be made whatever the path leads to
 */
struct sio_blk_spec {
	struct sio_path path;
	char source[PATH_MAX];
	char disk[PATH_MAX];
	__u32 made;
	bool read_only;
	bool write_through;
	bool digest;
	__u32 block;
	__u32 queues;
	bool has_uuid;
	__u8 uuid[SIO_UUID_LEN];
	struct sio_crypt crypt;
	__u32 wanted;
};

static int sio_blk_cache(const char *mode, bool *write_through)
{
	*write_through = !strcmp(mode, "writethrough");
	if (*write_through || !strcmp(mode, "writeback"))
		return 0;
	return sio_usage("--cache: \"%s\" is neither writeback nor writethrough",
			 mode);
}

static int sio_blk_crypt(const struct sio_tool *tool, const char *const *opt,
			 struct sio_blk_spec *blk)
{
	static const enum sio_blk_opt others[] = {
		SIO_BLK_KEY_FILE, SIO_BLK_FORMAT, SIO_BLK_DISCARDS,
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!opt[SIO_BLK_ENCRYPT] && opt[others[i]])
			return sio_usage("--%s belongs to --encrypt",
					 sio_blk_create_opts[others[i]].name);
	if (!opt[SIO_BLK_ENCRYPT])
		return 0;
	if (!opt[SIO_BLK_KEY_FILE])
		return sio_usage("--encrypt needs a key: --key-file FILE, - for standard input");
	if (opt[SIO_BLK_FORMAT] && blk->read_only)
		return sio_usage("--format writes, so it cannot be --read-only");
	if (sio_key_may_be_at(tool, opt[SIO_BLK_KEY_FILE]))
		return SIO_EXIT_USAGE;
	blk->wanted = SIO_MADE_CRYPT;
	blk->crypt.format = opt[SIO_BLK_FORMAT];
	blk->crypt.discards = opt[SIO_BLK_DISCARDS];
	blk->crypt.read_only = blk->read_only;
	blk->crypt.block = blk->block;
	return 0;
}

static int sio_blk_spec(const struct sio_tool *tool,
			const struct sio_args *args, struct sio_blk_spec *blk)
{
	const char *const *opt = args->opt;
	int err;

	memset(blk, 0, sizeof(*blk));
	if (!opt[SIO_BLK_PATH])
		return sio_usage("--path FILE is missing: the block device or file to export");
	blk->read_only = opt[SIO_BLK_READ_ONLY];
	blk->digest = opt[SIO_BLK_DIGEST];
	blk->has_uuid = opt[SIO_BLK_UUID];
	err = sio_value_path(args->word[0], true, &blk->path);
	if (!err && opt[SIO_BLK_CACHE])
		err = sio_blk_cache(opt[SIO_BLK_CACHE], &blk->write_through);
	if (!err && opt[SIO_BLK_BLOCK_SIZE])
		err = sio_value_u32("--block-size", opt[SIO_BLK_BLOCK_SIZE],
				    512, 4096, &blk->block);
	if (!err && opt[SIO_BLK_QUEUES])
		err = sio_value_u32("--queues", opt[SIO_BLK_QUEUES], 1, 7,
				    &blk->queues);
	if (!err && blk->has_uuid)
		err = sio_value_uuid("--uuid", opt[SIO_BLK_UUID], blk->uuid);
	return err ? err : sio_blk_crypt(tool, opt, blk);
}

/* What the path leads to: a block device as it is, a file as a loop device. */
static int sio_blk_prepare(struct sio_tool *tool, const char *path,
			   struct sio_blk_spec *blk)
{
	struct stat st;
	int err;

	if (!realpath(path, blk->disk) || stat(blk->disk, &st))
		return sio_refuse("%s: %s", path, strerror(errno));
	/* Neither sysfs, which names what is under a loop device, nor a
	 * configuration could tell where the name ends.
	 */
	if (strchr(path, '\n') || strchr(blk->disk, '\n'))
		return sio_refuse("%s: a line break is in the name; rename the file",
				  path);
	snprintf(blk->source, sizeof(blk->source), "%s",
		 *path == '/' && !S_ISREG(st.st_mode) ? path : blk->disk);
	if (S_ISBLK(st.st_mode))
		return sio_holder_check(tool, path, st.st_rdev);
	if (!S_ISREG(st.st_mode))
		return sio_refuse("%s is neither a block device nor a file",
				  path);
	err = sio_holder_check_file(tool, blk->source);
	if (!err)
		err = sio_loop_make(blk->source, blk->read_only, blk->disk);
	if (!err)
		blk->made = SIO_MADE_LOOP;
	return err;
}

/* Let the kernel have the disk; its answer goes to disks. */
static int sio_blk_new(struct sio_tool *tool, const struct sio_blk_spec *blk,
		       struct sio_objs *disks)
{
	struct nlmsghdr *req;

	req = sio_genl_req(tool, SIO_BE_CMD_BLK_NEW, 0);
	mnl_attr_put_strz(req, SIO_BE_A_GUEST, blk->path.guest);
	mnl_attr_put_strz(req, SIO_BE_A_DEV, blk->path.dev);
	mnl_attr_put_strz(req, SIO_BE_A_PATH, blk->disk);
	mnl_attr_put_strz(req, SIO_BE_A_SOURCE, blk->source);
	mnl_attr_put_u32(req, SIO_BE_A_MADE, blk->made);
	if (blk->read_only)
		mnl_attr_put(req, SIO_BE_A_READ_ONLY, 0, NULL);
	if (blk->write_through)
		mnl_attr_put(req, SIO_BE_A_WRITE_THROUGH, 0, NULL);
	if (blk->digest)
		mnl_attr_put(req, SIO_BE_A_DIGEST, 0, NULL);
	if (blk->block)
		mnl_attr_put_u32(req, SIO_BE_A_BLOCK, blk->block);
	if (blk->queues)
		mnl_attr_put_u32(req, SIO_BE_A_QUEUES, blk->queues);
	if (blk->has_uuid)
		mnl_attr_put(req, SIO_BE_A_UUID, SIO_UUID_LEN, blk->uuid);
	if (*blk->crypt.key.name)
		mnl_attr_put_strz(req, SIO_BE_A_KEY_FILE, blk->crypt.key.name);
	if (sio_objs_fetch(tool, req, SIO_BE_A_DEVICE, disks))
		return sio_genl_refused(tool, blk->path.dev);
	return 0;
}

/* The mapping takes the place of the block device. */
static int sio_blk_encrypt(struct sio_blk_spec *blk, struct sio_below *below)
{
	int err;

	err = sio_crypt_make(&blk->crypt, &blk->path, blk->disk);
	if (err)
		return err;
	memcpy(below->map, blk->crypt.name, sizeof(below->map));
	snprintf(blk->disk, sizeof(blk->disk), SIO_CRYPT_FOLDER "%s",
		 below->map);
	blk->made |= SIO_MADE_CRYPT;
	return 0;
}

/* Loop device, mapping, disk; without the disk the others go again. */
static int sio_blk_build(struct sio_tool *tool, const char *path,
			 struct sio_blk_spec *blk)
{
	struct sio_below below = { .loop = -1 };
	struct sio_objs disks = {};
	int err;

	if (blk->wanted & SIO_MADE_CRYPT &&
	    sio_dev_check_new(tool, &blk->path))
		return SIO_EXIT_REFUSED;
	err = sio_blk_prepare(tool, path, blk);
	if (err)
		return err;
	if (blk->made & SIO_MADE_LOOP)
		below.loop = sio_loop_open(blk->disk, blk->source);
	if (blk->wanted & SIO_MADE_CRYPT)
		err = sio_blk_encrypt(blk, &below);
	if (!err)
		err = sio_run_interrupted();
	if (!err)
		err = sio_blk_new(tool, blk, &disks);
	sio_below_close(&below, err);
	if (!err && disks.nr)
		sio_dev_tell(tool, &disks.v[0]);
	sio_objs_free(&disks);
	return err;
}

static int sio_blk_create(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_blk_spec blk;
	sigset_t old;
	int err;

	err = sio_blk_spec(tool, args, &blk);
	if (!err)
		err = sio_genl_open(tool);
	if (err || sio_restore_has_device(tool, &blk.path))
		goto out;
	if (blk.wanted & SIO_MADE_CRYPT)
		err = sio_crypt_read_key(args->opt[SIO_BLK_KEY_FILE],
					 &blk.crypt);
	if (err)
		goto out;

	/* An interrupt half way would leave a loop device behind. */
	sio_tool_hold_signals(&old);
	err = sio_blk_build(tool, args->opt[SIO_BLK_PATH], &blk);
	sigprocmask(SIG_SETMASK, &old, NULL);
out:
	sio_file_free(&blk.crypt.key);
	return err;
}

/* The removal is begun whole: what is below goes when the disk lets it go. */
static int sio_blk_begin_removal(struct sio_tool *tool,
				 const struct sio_path *path, bool force,
				 struct sio_below *below)
{
	struct sio_objs disks = {};
	sigset_t old;
	int err;

	sio_tool_hold_signals(&old);
	err = sio_dev_get(tool, path, SIO_DEV_BLK, &disks);
	if (!err) {
		sio_below_open(&disks.v[0], below);
		err = sio_dev_del(tool, path, force);
		sio_below_close(below, !err);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	sio_objs_free(&disks);
	return err;
}

static int sio_blk_remove(struct sio_tool *tool, const struct sio_args *args)
{
	const char *timeout = args->opt[SIO_BLK_REMOVE_TIMEOUT];
	struct sio_wait wait = {
		.tool = tool,
		.state = SIO_WAIT_GONE,
		.word = "gone",
		.timeout_ms = -1,
		.note_ms = SIO_BLK_NOTE_MS,
	};
	struct sio_below below = { .loop = -1 };
	int err;

	err = sio_value_path(args->word[0], true, &wait.path);
	if (!err && timeout)
		err = sio_value_seconds("--timeout", timeout, &wait.timeout_ms);
	if (!err)
		err = sio_wait_begin(&wait);
	if (!err)
		err = sio_blk_begin_removal(tool, &wait.path,
					    args->opt[SIO_BLK_REMOVE_FORCE],
					    &below);
	if (err)
		goto out;
	err = sio_wait_run(&wait);
	if (err)
		sio_refuse("the rest follows by itself when its requests have ended");
	else
		err = sio_below_wait(&below);
out:
	sio_wait_end(&wait);
	return err;
}

static int sio_blk_show(struct sio_tool *tool, const struct sio_args *args)
{
	return sio_show_devices(tool, SIO_DEV_BLK, args->word[0],
				args->opt[0]);
}

static const struct sio_cmd sio_blk_cmds[] = {
	{ "create", "add", "GUEST/DEVICE", 1, 1, sio_blk_create_opts,
	  "give a guest a disk",
	  "Works also while the guest is away: the disk appears when it dials. A file\n"
	  "becomes a loop device, which goes with the disk.\n\n"
	  "With --encrypt there is dm-crypt under the disk. A device that holds LUKS2 is\n"
	  "opened; --format writes LUKS2 to one that holds nothing known.\n",
	  sio_blk_create },
	{ "remove", "del", "GUEST/DEVICE", 1, 1, sio_blk_remove_opts,
	  "take it away, with what was made below it",
	  "Returns when the block device is free, that is when requests that it has\n"
	  "begun have ended.\n",
	  sio_blk_remove },
	{ "show", NULL, "[GUEST[/DEVICE]]", 0, 1, sio_blk_show_opts,
	  "disks as they are", NULL, sio_blk_show },
	{},
};

const struct sio_object sio_blk_object = {
	"blk", "disk of a guest", sio_blk_cmds
};
