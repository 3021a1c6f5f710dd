// SPDX-License-Identifier: GPL-2.0
/* One line of JSON for each interval. */
#include <stdio.h>
#include <time.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/hist.h"
#include "proto/user/json.h"
#include "proto/user/print.h"
#include "proto/user/tool.h"
#include "proto/user/top.h"
#include "proto/user/why.h"

static void sio_top_json_rate(const struct sio_diff *diff, const char *name)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_per_s", name);
	sio_json_real(key, sio_diff_rate(diff, name));
}

static void sio_top_json_rates(const struct sio_diff *diff,
			       const char * const *names)
{
	for (; *names; names++)
		sio_top_json_rate(diff, *names);
}

/* Mean and 99th percentile of what was added to a histogram. */
static void sio_top_json_hist(const struct sio_diff *diff, int attr,
			      const char *sum, const char *what)
{
	struct sio_hist hist;
	char mean[32];
	char p99[32];

	snprintf(mean, sizeof(mean), "%s_mean_us", what);
	snprintf(p99, sizeof(p99), "%s_p99_us", what);
	sio_diff_hist(diff, attr, sum, &hist);
	if (sio_hist_count(&hist)) {
		sio_json_real(mean, sio_hist_mean_us(&hist));
		sio_json_real(p99, sio_hist_quantile_us(&hist, 0.99));
	} else {
		sio_json_null(mean);
		sio_json_null(p99);
	}
}

static void sio_top_json_link(const struct sio_top *top,
			      const struct sio_obj *link)
{
	static const char * const rates[] = {
		"rx_frames", "rx_bytes", "tx_frames", "tx_bytes", NULL
	};
	struct sio_diff diff;

	sio_top_diff_link(&diff, top, link);
	sio_json_open(NULL, '{');
	sio_json_str("ifname", sio_obj_str(link, SIO_A_LINK_IFNAME));
	sio_json_num("flows", sio_obj_u64(link, SIO_A_LINK_FLOWS));
	sio_top_json_rates(&diff, rates);
	sio_json_real("drops_per_s", sio_diff_drops(&diff));
	sio_json_close('}');
}

static void sio_top_json_session(const struct sio_top *top,
				 const struct sio_obj *sess)
{
	static const char * const rates[] = {
		"rx_frames", "rx_bytes", "tx_frames", "tx_bytes", "tx_lost",
		"req_resent", NULL
	};
	const char *state = sio_state_word(sio_obj_u32(sess,
						       SIO_A_SESS_STATE));
	struct sio_diff diff;

	sio_top_diff_session(&diff, top, sess);
	sio_json_open(NULL, '{');
	sio_json_str("name", sio_obj_str(sess, SIO_A_SESS_NAME));
	sio_json_str("state", state ? state : "unknown");
	sio_field_num(sess, "held", SIO_A_SESS_HELD);
	sio_top_json_rates(&diff, rates);
	sio_json_real("drops_per_s", sio_diff_drops(&diff));
	sio_top_json_hist(&diff, SIO_A_SESS_HIST, "round_trip_ns",
			  "round_trip");
	sio_json_close('}');
}

static void sio_top_json_disk(const struct sio_obj *dev,
			      const struct sio_diff *diff)
{
	static const char * const rates[] = {
		"reads", "read_bytes", "writes", "write_bytes", "flushes",
		"discards", "errors", NULL
	};

	sio_top_json_rates(diff, rates);
	sio_field_num(dev, "in_flight", SIO_A_DEV_IN_FLIGHT);
	sio_field_num(dev, "held", SIO_A_DEV_HELD);
	sio_top_json_hist(diff, SIO_A_DEV_HIST, "service_ns", "served");
	if (!sio_obj_has(dev, SIO_A_DEV_ON_LOSS))
		sio_top_json_hist(diff, SIO_A_DEV_BDEV_HIST, "bdev_ns",
				  "bdev");
}

static void sio_top_json_device(const struct sio_top *top,
				const struct sio_obj *dev)
{
	static const char * const rates[] = {
		"rx_packets", "rx_bytes", "tx_packets", "tx_bytes", NULL
	};
	__u32 type = sio_obj_u32(dev, SIO_A_DEV_TYPE);
	const char *state = sio_dev_state_word(sio_obj_u32(dev,
							   SIO_A_DEV_STATE));
	const char *word = sio_dev_type_word(type);
	struct sio_diff diff;

	sio_top_diff_dev(&diff, top, dev);
	sio_json_open(NULL, '{');
	sio_json_str("guest", sio_obj_str(dev, SIO_A_DEV_GUEST));
	sio_json_str("name", sio_obj_str(dev, SIO_A_DEV_NAME));
	sio_json_str("type", word ? word : "device");
	sio_json_str("state", state ? state : "unknown");
	if (type == SIO_DEV_BLK)
		sio_top_json_disk(dev, &diff);
	else
		sio_top_json_rates(&diff, rates);
	sio_json_real("drops_per_s", sio_diff_drops(&diff));
	sio_json_close('}');
}

/**
 * sio_top_json() - write what an interval brought
 * @top: two looks
 */
void sio_top_json(const struct sio_top *top)
{
	const struct sio_snap *now = &top->now;
	struct timespec ts;
	size_t i;

	clock_gettime(CLOCK_REALTIME, &ts);
	sio_json_open(NULL, '{');
	sio_json_real("time", (double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
	sio_json_real("interval_s", top->s);
	sio_json_bool("loaded", top->is_there);
	sio_json_open("links", '[');
	for (i = 0; i < now->links.nr; i++)
		sio_top_json_link(top, &now->links.v[i]);
	sio_json_close(']');
	sio_json_open(top->tool->family->list, '[');
	for (i = 0; i < now->sessions.nr; i++)
		sio_top_json_session(top, &now->sessions.v[i]);
	sio_json_close(']');
	sio_json_open("devices", '[');
	for (i = 0; i < now->devs.nr; i++)
		sio_top_json_device(top, &now->devs.v[i]);
	sio_json_close(']');
	sio_json_close('}');
}
