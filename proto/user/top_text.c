// SPDX-License-Identifier: GPL-2.0
/* The picture "top" draws. */
#include <stdio.h>
#include <time.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/hist.h"
#include "proto/user/tool.h"
#include "proto/user/top.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

/* Longest text of a figure with its unit, with NUL */
#define SIO_FIGURE_LEN	16

/* A number a second: up to four digits, then thousands and so on. */
static void sio_top_count(FILE *out, double n)
{
	static const char units[] = " kMGT";
	size_t i;

	for (i = 0; n >= 9999.5 && units[i + 1]; i++)
		n /= 1000;
	fprintf(out, " %7.*f%c", n < 99.95 && n > 0 ? 1 : 0, n, units[i]);
}

/* Bytes a second. */
static void sio_top_bytes(FILE *out, double n)
{
	static const char * const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	char text[SIO_FIGURE_LEN];
	size_t i;

	for (i = 0; n >= 1023.5 && i < 4; i++)
		n /= 1024;
	snprintf(text, sizeof(text), "%.*f %s", i && n < 99.95 ? 1 : 0, n,
		 units[i]);
	fprintf(out, " %10s", text);
}

static void sio_top_us(FILE *out, double us)
{
	char text[SIO_FIGURE_LEN];

	if (us < 999.5)
		snprintf(text, sizeof(text), "%.0f us", us);
	else if (us < 999500)
		snprintf(text, sizeof(text), "%.*f ms", us < 99950 ? 1 : 0,
			 us / 1000);
	else
		snprintf(text, sizeof(text), "%.1f s", us / 1e6);
	fprintf(out, " %8s", text);
}

/* Mean and 99th percentile of what was added to a histogram. */
static void sio_top_hist(FILE *out, const struct sio_diff *diff, int attr,
			 const char *sum)
{
	struct sio_hist hist;

	sio_diff_hist(diff, attr, sum, &hist);
	if (!sio_hist_count(&hist)) {
		fprintf(out, " %8s %8s", "-", "-");
		return;
	}
	sio_top_us(out, sio_hist_mean_us(&hist));
	sio_top_us(out, sio_hist_quantile_us(&hist, 0.99));
}

static void sio_top_name(FILE *out, const char *guest, const char *name)
{
	char path[2 * SIO_NAME_LEN];
	char safe[2 * SIO_NAME_LEN];

	snprintf(path, sizeof(path), "%s%s%s", guest, *guest ? "/" : "", name);
	fprintf(out, "%-18s", sio_safe_text(path, safe, sizeof(safe)));
}

static void sio_top_links(FILE *out, const struct sio_top *top)
{
	const struct sio_objs *links = &top->now.links;
	const struct sio_obj *link;
	struct sio_diff diff;
	size_t i;

	if (links->nr)
		fprintf(out, "\n%-18s %8s %8s %10s %8s %10s %8s\n", "LINK",
			"FLOWS", "RX/S", "RX B/S", "TX/S", "TX B/S", "DROP/S");
	for (i = 0; i < links->nr; i++) {
		link = &links->v[i];
		sio_top_diff_link(&diff, top, link);
		sio_top_name(out, "", sio_obj_str(link, SIO_A_LINK_IFNAME));
		fprintf(out, " %8u", sio_obj_u32(link, SIO_A_LINK_FLOWS));
		sio_top_count(out, sio_diff_rate(&diff, "rx_frames"));
		sio_top_bytes(out, sio_diff_rate(&diff, "rx_bytes"));
		sio_top_count(out, sio_diff_rate(&diff, "tx_frames"));
		sio_top_bytes(out, sio_diff_rate(&diff, "tx_bytes"));
		sio_top_count(out, sio_diff_drops(&diff));
		fputc('\n', out);
	}
}

static void sio_top_session(FILE *out, const struct sio_top *top,
			    const struct sio_obj *sess)
{
	const char *state = sio_state_word(sio_obj_u32(sess,
						       SIO_A_SESS_STATE));
	struct sio_diff diff;

	sio_top_diff_session(&diff, top, sess);
	sio_top_name(out, "", sio_obj_str(sess, SIO_A_SESS_NAME));
	fprintf(out, " %8s", state ? state : "unknown");
	sio_top_count(out, sio_diff_rate(&diff, "rx_frames"));
	sio_top_bytes(out, sio_diff_rate(&diff, "rx_bytes"));
	sio_top_count(out, sio_diff_rate(&diff, "tx_frames"));
	sio_top_bytes(out, sio_diff_rate(&diff, "tx_bytes"));
	sio_top_count(out, sio_diff_drops(&diff));
	sio_top_hist(out, &diff, SIO_A_SESS_HIST, "round_trip_ns");
	fputc('\n', out);
}

static void sio_top_device(FILE *out, const struct sio_top *top,
			   const struct sio_obj *dev)
{
	bool is_disk = sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK;
	const char *state = sio_dev_state_word(sio_obj_u32(dev,
							   SIO_A_DEV_STATE));
	struct sio_diff diff;

	sio_top_diff_dev(&diff, top, dev);
	sio_top_name(out, sio_obj_str(dev, SIO_A_DEV_GUEST),
		     sio_obj_str(dev, SIO_A_DEV_NAME));
	fprintf(out, " %8s", state ? state : "unknown");
	sio_top_count(out, sio_diff_rate(&diff, is_disk ? "reads" :
							  "rx_packets"));
	sio_top_bytes(out, sio_diff_rate(&diff, is_disk ? "read_bytes" :
							  "rx_bytes"));
	sio_top_count(out, sio_diff_rate(&diff, is_disk ? "writes" :
							  "tx_packets"));
	sio_top_bytes(out, sio_diff_rate(&diff, is_disk ? "write_bytes" :
							  "tx_bytes"));
	if (is_disk) {
		sio_top_count(out, sio_diff_rate(&diff, "errors"));
		sio_top_hist(out, &diff, SIO_A_DEV_HIST, "service_ns");
		fprintf(out, " %6u", sio_obj_u32(dev, SIO_A_DEV_IN_FLIGHT));
		if (!sio_obj_has(dev, SIO_A_DEV_ON_LOSS))
			sio_top_hist(out, &diff, SIO_A_DEV_BDEV_HIST,
				     "bdev_ns");
	} else {
		sio_top_count(out, sio_diff_drops(&diff));
	}
	fputc('\n', out);
}

/* The iohyp's disks have times of their block devices. */
static bool sio_top_has_bdev(const struct sio_obj *dev)
{
	return sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK &&
	       !sio_obj_has(dev, SIO_A_DEV_ON_LOSS);
}

/* The devices of one kind, if there are any, under a heading. */
static void sio_top_devices(FILE *out, const struct sio_top *top, __u32 type,
			    const char *heading)
{
	const struct sio_objs *devs = &top->now.devs;
	size_t i;

	for (i = 0; i < devs->nr; i++) {
		if (sio_obj_u32(&devs->v[i], SIO_A_DEV_TYPE) != type)
			continue;
		if (heading)
			fprintf(out, "\n%s%s\n", heading,
				sio_top_has_bdev(&devs->v[i]) ?
				"     BDEV BDEV 99%" : "");
		heading = NULL;
		sio_top_device(out, top, &devs->v[i]);
	}
}

/**
 * sio_top_text() - write what an interval brought
 * @out: where to
 * @top: two looks
 */
void sio_top_text(FILE *out, const struct sio_top *top)
{
	const struct sio_family *family = top->tool->family;
	const struct sio_objs *sessions = &top->now.sessions;
	char clock[16];
	struct tm tm;
	time_t now;
	size_t i;

	now = time(NULL);
	localtime_r(&now, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	fprintf(out, "%s %s, last %.1f s", top->tool->name, clock, top->s);
	if (!top->is_there)
		fprintf(out, ": the kernel module %s is not loaded",
			family->module);
	else if (!sessions->nr)
		fprintf(out, ", no %s", family->list);
	fputc('\n', out);
	sio_top_links(out, top);
	if (sessions->nr)
		fprintf(out, "\n%-18s %8s %8s %10s %8s %10s %8s %8s %8s\n",
			"SESSION", "STATE", "RX/S", "RX B/S", "TX/S",
			"TX B/S", "DROP/S", "TRIP", "TRIP 99%");
	for (i = 0; i < sessions->nr; i++)
		sio_top_session(out, top, &sessions->v[i]);
	sio_top_devices(out, top, SIO_DEV_BLK,
			"DISK                  STATE   READ/S   READ B/S  WRITE/S  WRITE B/S    ERR/S     MEAN      99% FLIGHT");
	sio_top_devices(out, top, SIO_DEV_NIC,
			"NIC                   STATE     RX/S     RX B/S     TX/S     TX B/S   DROP/S");
}
