// SPDX-License-Identifier: GPL-2.0
/* What a disk is, what it does, and what it waits for. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <splitio/core.h>

#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

static bool sio_disk_has_made(const struct sio_obj *disk)
{
	return sio_obj_u32(disk, SIO_A_DEV_MADE);
}

/* The kernel names the guest's disk alone, the iohyp's with its folder. */
static const char *sio_disk_node(const struct sio_obj *disk, char *buf,
				 size_t size)
{
	const char *name = sio_obj_str(disk, SIO_A_DEV_DISK);

	snprintf(buf, size, "%s%s", *name == '/' ? "" : "/dev/", name);
	return buf;
}

static bool sio_disk_is_guests(const struct sio_obj *disk)
{
	return sio_obj_has(disk, SIO_A_DEV_ON_LOSS);
}

static bool sio_disk_is_same(const char *a, const char *b)
{
	struct stat sa, sb;

	return !stat(a, &sa) && !stat(b, &sb) && S_ISBLK(sa.st_mode) &&
	       S_ISBLK(sb.st_mode) && sa.st_rdev == sb.st_rdev;
}

/*
 * The name udev gave the guest's disk, "" if it did not: it may be that of
 * another session's disk, called the same.
 */
static const char *sio_disk_link(const struct sio_obj *disk, char *buf,
				 size_t size)
{
	char node[SIO_PATH_LEN + 8];

	snprintf(buf, size, "/dev/splitio/%s",
		 sio_obj_str(disk, SIO_A_DEV_NAME));
	if (!sio_disk_is_guests(disk) ||
	    !sio_disk_is_same(buf, sio_disk_node(disk, node, sizeof(node))))
		*buf = '\0';
	return buf;
}

static void sio_disk_json_word(const struct sio_obj *disk, const char *key,
			       int attr, const char *(*word)(unsigned int))
{
	const char *text = NULL;

	if (sio_obj_has(disk, attr))
		text = word(sio_obj_u32(disk, attr));
	if (text)
		sio_json_str(key, text);
	else
		sio_json_null(key);
}

/**
 * sio_disk_is_unnamed() - will udev still make the names of a disk?
 * @disk: the disk
 *
 * udev keeps a record of each device, which it writes after it made the links
 * (sd-device's "is initialized").
 *
 * Return: whether; never where no udev runs, nor at the iohyp.
 */
bool sio_disk_is_unnamed(const struct sio_obj *disk)
{
	char node[SIO_PATH_LEN + 8];
	char record[64];
	struct stat st;

	if (!sio_disk_is_guests(disk) || access("/run/udev/control", F_OK))
		return false;
	if (stat(sio_disk_node(disk, node, sizeof(node)), &st))
		return true;
	snprintf(record, sizeof(record), "/run/udev/data/b%u:%u",
		 major(st.st_rdev), minor(st.st_rdev));
	return access(record, F_OK);
}

/**
 * sio_disk_json() - write what only disks have
 * @disk: the disk
 */
void sio_disk_json(const struct sio_obj *disk)
{
	char path[SIO_PATH_LEN + 8];

	sio_json_str("disk", sio_disk_node(disk, path, sizeof(path)));
	if (*sio_disk_link(disk, path, sizeof(path)))
		sio_json_str("link", path);
	else
		sio_json_null("link");
	sio_field_str(disk, "source", SIO_A_DEV_SOURCE);
	sio_field_str(disk, "key_file", SIO_A_DEV_KEY_FILE);
	sio_field_num(disk, "sectors", SIO_A_DEV_SECTORS);
	sio_field_num(disk, "block", SIO_A_DEV_BLOCK);
	sio_field_num(disk, "phys_block", SIO_A_DEV_PHYS_BLOCK);
	sio_field_flag(disk, "read_only", SIO_A_DEV_READ_ONLY);
	sio_field_flag(disk, "cache", SIO_A_DEV_CACHE);
	sio_field_flag(disk, "digest", SIO_A_DEV_DIGEST);
	sio_field_flag(disk, "discard", SIO_A_DEV_DISCARD);
	sio_disk_json_word(disk, "wrong", SIO_A_DEV_WRONG, sio_disk_wrong_word);
	sio_field_num(disk, "held", SIO_A_DEV_HELD);
	sio_field_num(disk, "in_flight", SIO_A_DEV_IN_FLIGHT);
	sio_field_num(disk, "oldest_ms", SIO_A_DEV_OLDEST_MS);
	sio_field_num(disk, "fenced", SIO_A_DEV_FENCED);
	sio_field_num(disk, "fence_ms", SIO_A_DEV_FENCE_MS);
	sio_disk_json_word(disk, "on_loss", SIO_A_DEV_ON_LOSS, sio_on_loss_word);
	sio_field_num(disk, "on_loss_s", SIO_A_DEV_ON_LOSS_S);
	sio_field_flag(disk, "failing", SIO_A_DEV_FAILING);
	sio_field_flag(disk, "in_use", SIO_A_DEV_IN_USE);
	sio_stats_json(disk, "served_us", SIO_A_DEV_HIST);
	sio_stats_json(disk, "bdev_us", SIO_A_DEV_BDEV_HIST);
}

static void sio_disk_text_name(FILE *out, const struct sio_obj *disk)
{
	const char *source = sio_obj_str(disk, SIO_A_DEV_SOURCE);
	char node[SIO_PATH_LEN + 8];
	char link[64];

	sio_disk_node(disk, node, sizeof(node));
	if (*sio_disk_link(disk, link, sizeof(link)))
		sio_safe_print(out, ", %s (%s)", link, node);
	else if (!*source || !strcmp(source, node))
		sio_safe_print(out, ", %s", node);
	else if (sio_disk_has_made(disk))
		sio_safe_print(out, ", %s on %s", node, source);
	else
		sio_safe_print(out, ", %s (%s)", source, node);
}

static void sio_disk_text_on_loss(FILE *out, const struct sio_obj *disk)
{
	__u32 on_loss = sio_obj_u32(disk, SIO_A_DEV_ON_LOSS);
	const char *word = sio_on_loss_word(on_loss);

	if (!sio_disk_is_guests(disk) || !word)
		return;
	fprintf(out, ", on loss %s", word);
	if (on_loss == SIO_ON_LOSS_FAIL &&
	    sio_obj_u32(disk, SIO_A_DEV_ON_LOSS_S))
		fprintf(out, ":%u", sio_obj_u32(disk, SIO_A_DEV_ON_LOSS_S));
}

/* The guest's side: requests wait for the iohyp, its disk, or a session. */
static void sio_disk_text_guests(FILE *out, const struct sio_obj *disk)
{
	__u32 nr = sio_obj_u32(disk, SIO_A_DEV_IN_FLIGHT);
	bool paused = sio_obj_u32(disk, SIO_A_DEV_STATE) ==
		      SIO_DEV_STATE_PAUSED;
	bool has_disk = sio_obj_u32(disk, SIO_A_DEV_WRONG) == SIO_DISK_OK;
	const char *s = nr == 1 ? "" : "s";
	char age[SIO_SPAN_TEXT_LEN];

	if (sio_obj_u32(disk, SIO_A_DEV_FAILING))
		fputs(has_disk ? "; all requests fail until the session is up" :
				 "; all requests fail until it has", out);
	if (!nr)
		return;
	sio_span_text(sio_obj_u64(disk, SIO_A_DEV_OLDEST_MS), age);
	if (paused && has_disk)
		fprintf(out, "; %u request%s held until the session is up, oldest %s",
			nr, s, age);
	else if (paused)
		fprintf(out, "; %u request%s held until it has, oldest %s", nr,
			s, age);
	else
		fprintf(out, "; %u request%s without an answer, oldest %s", nr,
			s, age);
}

/* The iohyp's side: requests wait for the block device, or for older ones. */
static void sio_disk_text_iohyps(FILE *out, const struct sio_obj *disk)
{
	__u32 busy = sio_obj_u32(disk, SIO_A_DEV_IN_FLIGHT);
	__u32 fenced = sio_obj_u32(disk, SIO_A_DEV_FENCED);
	__u32 held = sio_obj_u32(disk, SIO_A_DEV_HELD);
	const char *node = sio_obj_str(disk, SIO_A_DEV_DISK);
	char span[SIO_SPAN_TEXT_LEN];

	if (fenced)
		fprintf(out, "; fencing, %u request%s of before the reconnection not ended for %s",
			fenced, fenced == 1 ? "" : "s",
			sio_span_text(sio_obj_u64(disk, SIO_A_DEV_FENCE_MS),
				      span));
	if (busy)
		sio_safe_print(out, "; waiting for %s: %u request%s", node,
			       busy, busy == 1 ? "" : "s");
	if (held)
		fprintf(out, "%s%u%s held", busy ? ", " : "; ", held,
			busy ? "" : held == 1 ? " request" : " requests");
	if (busy || held)
		fprintf(out, ", oldest %s",
			sio_span_text(sio_obj_u64(disk, SIO_A_DEV_OLDEST_MS),
				      span));
}

static void sio_disk_text_wrong(FILE *out, const struct sio_obj *disk)
{
	switch (sio_obj_u32(disk, SIO_A_DEV_WRONG)) {
	case SIO_DISK_GONE:
		fputs("; the block device is gone", out);
		break;
	case SIO_DISK_SHRANK:
		fputs("; the block device is smaller than it was", out);
		break;
	case SIO_DISK_MISSING:
		fputs("; the I/O hypervisor does not have this disk", out);
		break;
	case SIO_DISK_CHANGED:
		fputs("; the I/O hypervisor does not have this disk as it was",
		      out);
		break;
	}
}

/**
 * sio_disk_text() - write what only disks have
 * @out: where to
 * @disk: the disk
 */
void sio_disk_text(FILE *out, const struct sio_obj *disk)
{
	char size[SIO_SIZE_TEXT_LEN];

	sio_disk_text_name(out, disk);
	fprintf(out, ", %s",
		sio_size_text(sio_obj_u64(disk, SIO_A_DEV_SECTORS) * 512,
			      size));
	if (sio_obj_u32(disk, SIO_A_DEV_READ_ONLY))
		fputs(", read-only", out);
	if (sio_obj_u32(disk, SIO_A_DEV_CACHE))
		fputs(", volatile cache", out);
	if (sio_obj_u32(disk, SIO_A_DEV_DIGEST))
		fputs(", digest", out);
	if (sio_obj_u32(disk, SIO_A_DEV_MADE) & SIO_MADE_CRYPT)
		fputs(", encrypted", out);
	if (sio_obj_u32(disk, SIO_A_DEV_IN_USE))
		fputs(", in use", out);
	sio_disk_text_on_loss(out, disk);
	sio_disk_text_wrong(out, disk);
	if (sio_disk_is_guests(disk))
		sio_disk_text_guests(out, disk);
	else
		sio_disk_text_iohyps(out, disk);
}

/**
 * sio_hist_text() - write how many took how long
 * @obj: disk or session
 * @what: what they were
 * @attr: attribute that holds a bucket, any number of times
 * @indent: columns in front
 */
void sio_hist_text(const struct sio_obj *obj, const char *what, int attr,
		   int indent)
{
	const struct nlattr *nla;
	struct sio_obj bucket;
	char label[32];

	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&bucket, nla);
		snprintf(label, sizeof(label), "%s_within_%s_us", what,
			 sio_obj_str(&bucket, SIO_A_STAT_NAME));
		printf("%*s%-28s %llu\n", indent, "", label,
		       (unsigned long long)sio_obj_u64(&bucket,
						       SIO_A_STAT_VALUE));
	}
}
