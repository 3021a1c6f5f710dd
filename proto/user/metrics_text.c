// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics as text: OpenMetrics 1.0, or the format of Prometheus before it. They
 * differ in what a counter is called in the lines that describe it, and a
 * collector that is strict about one does not take the other.
 */
#include <stdlib.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/hist.h"
#include "proto/user/metrics.h"
#include "proto/user/obj.h"
#include "proto/user/value.h"

/* Longest label value; the kernel's names are shorter */
#define SIO_LABEL_LEN	64

/* What a metric is of, which says the labels it has */
enum sio_metric_of {
	SIO_OF_LINK,
	SIO_OF_SESSION,
	SIO_OF_DISK,
	SIO_OF_NIC,
	SIO_OF_DISK_WORKER,
	SIO_OF_NIC_WORKER,
};

enum sio_metric_kind {
	SIO_METRIC_GAUGE,	/* an attribute */
	SIO_METRIC_IS,		/* 1 if the attribute has that value */
	SIO_METRIC_COUNTER,	/* a counter */
	SIO_METRIC_DROPS,	/* all counters of drops, by reason */
	SIO_METRIC_HIST,	/* a histogram */
	SIO_METRIC_SUMMARY,	/* a histogram without its buckets */
};

/**
 * struct sio_metric - a family of metrics
 * @name: its name, without what the format adds
 * @of: what it is of
 * @kind: where its value comes from
 * @unit: its unit, which its name ends with, or NULL
 * @help: what it is
 * @stat: the kernel's name of the counter, or of the sum of a histogram
 * @attr: attribute of the value, or of a bucket
 * @is: value the attribute is compared with
 * @per_unit: how many of the value make one @unit, 0 for 1
 */
struct sio_metric {
	const char *name;
	enum sio_metric_of of;
	enum sio_metric_kind kind;
	const char *unit;
	const char *help;
	const char *stat;
	int attr;
	__u32 is;
	unsigned int per_unit;
};

#define SIO_GAUGE(n, o, u, h, a)	\
	{ .name = (n), .of = (o), .kind = SIO_METRIC_GAUGE, .unit = (u), \
	  .help = (h), .attr = (a) }
#define SIO_GAUGE_MS(n, o, h, a)	\
	{ .name = (n), .of = (o), .kind = SIO_METRIC_GAUGE, \
	  .unit = "seconds", .help = (h), .attr = (a), .per_unit = 1000 }
#define SIO_IS(n, o, h, a, v)		\
	{ .name = (n), .of = (o), .kind = SIO_METRIC_IS, .help = (h), \
	  .attr = (a), .is = (v) }
#define SIO_COUNTER(n, o, u, h, s)	\
	{ .name = (n), .of = (o), .kind = SIO_METRIC_COUNTER, .unit = (u), \
	  .help = (h), .stat = (s) }
#define SIO_DROPS(n, o, h)		\
	{ .name = (n), .of = (o), .kind = SIO_METRIC_DROPS, .help = (h) }
#define SIO_HIST(n, o, k, h, a, s)	\
	{ .name = (n), .of = (o), .kind = (k), .unit = "seconds", \
	  .help = (h), .attr = (a), .stat = (s) }

static const struct sio_metric sio_metrics_all[] = {
	SIO_GAUGE("splitio_link_flows", SIO_OF_LINK, NULL,
		  "Flows on the link, half-open ones included.",
		  SIO_A_LINK_FLOWS),
	SIO_IS("splitio_link_usable", SIO_OF_LINK,
	       "1 if the link works, else 0.", SIO_A_LINK_WHY, SIO_WHY_NONE),
	SIO_DROPS("splitio_link_drops", SIO_OF_LINK,
		  "Frames of no session that were dropped, by reason."),
	SIO_IS("splitio_session_up", SIO_OF_SESSION,
	       "1 if the session is up, else 0.", SIO_A_SESS_STATE,
	       SIO_STATE_UP),
	SIO_GAUGE_MS("splitio_session_state_age_seconds", SIO_OF_SESSION,
		     "Time the session is up, or down, already.",
		     SIO_A_SESS_SINCE_MS),
	SIO_GAUGE("splitio_session_flows", SIO_OF_SESSION, NULL,
		  "Open flows.", SIO_A_SESS_FLOWS),
	SIO_COUNTER("splitio_session_ups", SIO_OF_SESSION, NULL,
		    "Times the session came up.", "ups"),
	SIO_COUNTER("splitio_session_receive_frames", SIO_OF_SESSION, NULL,
		    "Segments received, merged ones counting once.",
		    "rx_frames"),
	SIO_COUNTER("splitio_session_receive_bytes", SIO_OF_SESSION, "bytes",
		    "Bytes of payload received.", "rx_bytes"),
	SIO_COUNTER("splitio_session_transmit_frames", SIO_OF_SESSION, NULL,
		    "Frames sent, as the NIC will cut them.", "tx_frames"),
	SIO_COUNTER("splitio_session_transmit_bytes", SIO_OF_SESSION, "bytes",
		    "Bytes of messages sent.", "tx_bytes"),
	SIO_COUNTER("splitio_session_losses", SIO_OF_SESSION, NULL,
		    "Times loss made the in-flight window shrink.", "tx_lost"),
	SIO_COUNTER("splitio_session_requests_resent", SIO_OF_SESSION, NULL,
		    "Disk requests sent again.", "req_resent"),
	SIO_COUNTER("splitio_session_requests_replayed", SIO_OF_SESSION, NULL,
		    "Answers to disk requests sent again.", "req_replayed"),
	SIO_DROPS("splitio_session_drops", SIO_OF_SESSION,
		  "Frames, messages and packets dropped, by reason."),
	SIO_HIST("splitio_session_round_trip_seconds", SIO_OF_SESSION,
		 SIO_METRIC_HIST, "Round trips of the session's flows.",
		 SIO_A_SESS_HIST, "round_trip_ns"),
	SIO_IS("splitio_disk_ready", SIO_OF_DISK,
	       "1 if the guest can use the disk, else 0.", SIO_A_DEV_STATE,
	       SIO_DEV_STATE_READY),
	SIO_COUNTER("splitio_disk_reads", SIO_OF_DISK, NULL,
		    "Reads answered.", "reads"),
	SIO_COUNTER("splitio_disk_read_bytes", SIO_OF_DISK, "bytes",
		    "Bytes of reads answered.", "read_bytes"),
	SIO_COUNTER("splitio_disk_writes", SIO_OF_DISK, NULL,
		    "Writes answered.", "writes"),
	SIO_COUNTER("splitio_disk_written_bytes", SIO_OF_DISK, "bytes",
		    "Bytes of writes answered.", "write_bytes"),
	SIO_COUNTER("splitio_disk_flushes", SIO_OF_DISK, NULL,
		    "Flushes answered.", "flushes"),
	SIO_COUNTER("splitio_disk_discards", SIO_OF_DISK, NULL,
		    "Discards and write zeroes answered.", "discards"),
	SIO_COUNTER("splitio_disk_errors", SIO_OF_DISK, NULL,
		    "Requests that failed.", "errors"),
	SIO_COUNTER("splitio_disk_resent", SIO_OF_DISK, NULL,
		    "Requests sent again; guest only.", "resent"),
	SIO_COUNTER("splitio_disk_replayed", SIO_OF_DISK, NULL,
		    "Answers sent again; iohyp only.", "again"),
	SIO_GAUGE("splitio_disk_in_flight", SIO_OF_DISK, NULL,
		  "Requests the block device has (iohyp) or without an answer (guest).",
		  SIO_A_DEV_IN_FLIGHT),
	SIO_GAUGE("splitio_disk_held", SIO_OF_DISK, NULL,
		  "Requests that wait for room, memory, data or the fence.",
		  SIO_A_DEV_HELD),
	SIO_GAUGE("splitio_disk_fenced", SIO_OF_DISK, NULL,
		  "Requests of before the reconnection that new ones wait for; iohyp only.",
		  SIO_A_DEV_FENCED),
	SIO_GAUGE_MS("splitio_disk_oldest_request_seconds", SIO_OF_DISK,
		     "Age of the oldest request that is not done.",
		     SIO_A_DEV_OLDEST_MS),
	SIO_HIST("splitio_disk_served_seconds", SIO_OF_DISK, SIO_METRIC_HIST,
		 "Time from a request's arrival (iohyp) or start (guest) to its answer.",
		 SIO_A_DEV_HIST, "service_ns"),
	SIO_HIST("splitio_disk_bdev_seconds", SIO_OF_DISK, SIO_METRIC_HIST,
		 "Time the block device had a request; iohyp only.",
		 SIO_A_DEV_BDEV_HIST, "bdev_ns"),
	SIO_HIST("splitio_disk_worker_served_seconds", SIO_OF_DISK_WORKER,
		 SIO_METRIC_SUMMARY,
		 "The same as splitio_disk_served_seconds, by CPU (iohyp) or queue (guest).",
		 SIO_A_WORKER_HIST, "service_ns"),
	SIO_IS("splitio_nic_ready", SIO_OF_NIC,
	       "1 if the guest can use the NIC, else 0.", SIO_A_DEV_STATE,
	       SIO_DEV_STATE_READY),
	SIO_COUNTER("splitio_nic_receive_packets", SIO_OF_NIC, NULL,
		    "Packets from the guest (iohyp) or for it (guest).",
		    "rx_packets"),
	SIO_COUNTER("splitio_nic_receive_bytes", SIO_OF_NIC, "bytes",
		    "Bytes of those.", "rx_bytes"),
	SIO_COUNTER("splitio_nic_transmit_packets", SIO_OF_NIC, NULL,
		    "Packets for the guest (iohyp) or from it (guest).",
		    "tx_packets"),
	SIO_COUNTER("splitio_nic_transmit_bytes", SIO_OF_NIC, "bytes",
		    "Bytes of those.", "tx_bytes"),
	SIO_DROPS("splitio_nic_drops", SIO_OF_NIC,
		  "Packets dropped, by reason."),
	SIO_COUNTER("splitio_nic_worker_receive_packets", SIO_OF_NIC_WORKER,
		    NULL, "Packets from the guest, by CPU; iohyp only.",
		    "rx_packets"),
	SIO_COUNTER("splitio_nic_worker_transmit_packets", SIO_OF_NIC_WORKER,
		    NULL, "Packets for the guest, by CPU; iohyp only.",
		    "tx_packets"),
	SIO_COUNTER("splitio_nic_worker_busy", SIO_OF_NIC_WORKER, NULL,
		    "Times a transmit queue found no room; guest only.",
		    "tx_busy"),
};

/* What a family needs while it is written. */
struct sio_metrics_out {
	FILE *out;
	bool is_openmetrics;
	const struct sio_metric *m;
};

/* A label; what is no UTF-8 cannot be in one. */
static void sio_metrics_label(FILE *out, const char *key, const char *value)
{
	const char *end = value + SIO_LABEL_LEN;
	int len;

	fprintf(out, "%s=\"", key);
	for (; *value; value += len) {
		len = sio_utf8_len(value);
		if (value + len > end)
			break;
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else if (len)
			fwrite(value, 1, len, out);
		else
			fputc('?', out);
		len = len ? len : 1;
	}
	fputc('"', out);
}

static void sio_metrics_labels(const struct sio_metrics_out *o,
			       const struct sio_obj *obj)
{
	char id[16];

	switch (o->m->of) {
	case SIO_OF_LINK:
		sio_metrics_label(o->out, "link",
				  sio_obj_str(obj, SIO_A_LINK_IFNAME));
		break;
	case SIO_OF_SESSION:
		sio_metrics_label(o->out, "guest",
				  sio_obj_str(obj, SIO_A_SESS_NAME));
		break;
	case SIO_OF_DISK:
	case SIO_OF_NIC:
		sio_metrics_label(o->out, "guest",
				  sio_obj_str(obj, SIO_A_DEV_GUEST));
		fputc(',', o->out);
		sio_metrics_label(o->out, "device",
				  sio_obj_str(obj, SIO_A_DEV_NAME));
		break;
	case SIO_OF_DISK_WORKER:
	case SIO_OF_NIC_WORKER:
		sio_metrics_label(o->out, "guest",
				  sio_obj_str(obj, SIO_A_WORKER_GUEST));
		fputc(',', o->out);
		sio_metrics_label(o->out, "device",
				  sio_obj_str(obj, SIO_A_WORKER_DEV));
		fputc(',', o->out);
		snprintf(id, sizeof(id), "%u",
			 sio_obj_u32(obj, SIO_A_WORKER_ID));
		sio_metrics_label(o->out, "worker", id);
		break;
	}
}

/* The beginning of a sample, up to its value. */
static void sio_metrics_sample(const struct sio_metrics_out *o,
			       const struct sio_obj *obj, const char *suffix,
			       const char *key, const char *value)
{
	fprintf(o->out, "%s%s{", o->m->name, suffix);
	sio_metrics_labels(o, obj);
	if (key) {
		fputc(',', o->out);
		sio_metrics_label(o->out, key, value);
	}
	fputs("} ", o->out);
}

static int sio_metrics_stat_attr(const struct sio_metric *m)
{
	switch (m->of) {
	case SIO_OF_LINK:
		return SIO_A_LINK_STAT;
	case SIO_OF_SESSION:
		return SIO_A_SESS_STAT;
	case SIO_OF_DISK:
	case SIO_OF_NIC:
		return SIO_A_DEV_STAT;
	default:
		return SIO_A_WORKER_STAT;
	}
}

/* The value of a counter; devices lack those that their side has not. */
static bool sio_metrics_find(const struct sio_metric *m,
			     const struct sio_obj *obj, __u64 *value)
{
	return sio_stat_find(obj, sio_metrics_stat_attr(m), m->stat, value);
}

static void sio_metrics_counter(const struct sio_metrics_out *o,
				const struct sio_obj *obj)
{
	__u64 n = 0;

	if (!sio_metrics_find(o->m, obj, &n) && o->m->of != SIO_OF_SESSION)
		return;
	sio_metrics_sample(o, obj, "_total", NULL, NULL);
	fprintf(o->out, "%llu\n", (unsigned long long)n);
}

/* "drop_spoof" is a drop for the reason "spoof", "rx_dropped" for "rx". */
static void sio_metrics_drops(const struct sio_metrics_out *o,
			      const struct sio_obj *obj)
{
	const struct nlattr *nla;
	char reason[SIO_LABEL_LEN];
	struct sio_obj stat;
	const char *name, *drop;

	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != sio_metrics_stat_attr(o->m))
			continue;
		sio_obj_parse(&stat, nla);
		name = sio_obj_str(&stat, SIO_A_STAT_NAME);
		drop = strstr(name, "drop_");
		if (drop)
			snprintf(reason, sizeof(reason), "%.*s%s",
				 (int)(drop - name), name, drop + 5);
		else if (strstr(name, "_dropped"))
			snprintf(reason, sizeof(reason), "%.*s",
				 (int)(strstr(name, "_dropped") - name), name);
		else
			continue;
		sio_metrics_sample(o, obj, "_total", "reason", reason);
		fprintf(o->out, "%llu\n", (unsigned long long)
			sio_obj_u64(&stat, SIO_A_STAT_VALUE));
	}
}

static void sio_metrics_hist(const struct sio_metrics_out *o,
			     const struct sio_obj *obj)
{
	struct sio_hist hist;
	char le[32] = "+Inf";
	__u64 nr = 0;
	__u64 sum_ns;
	int i;

	if (!sio_metrics_find(o->m, obj, &sum_ns))
		return;
	sio_hist_read(obj, o->m->attr, &hist);
	for (i = 0; i < SIO_HIST_BUCKETS; i++) {
		nr += hist.nr[i];
		if (o->m->kind != SIO_METRIC_HIST)
			continue;
		if (i < SIO_HIST_BUCKETS - 1)
			snprintf(le, sizeof(le), "%.9g",
				 (double)(1ULL << i) / 1e6);
		else
			snprintf(le, sizeof(le), "+Inf");
		sio_metrics_sample(o, obj, "_bucket", "le", le);
		fprintf(o->out, "%llu\n", (unsigned long long)nr);
	}
	sio_metrics_sample(o, obj, "_sum", NULL, NULL);
	fprintf(o->out, "%.9f\n", (double)sum_ns / 1e9);
	sio_metrics_sample(o, obj, "_count", NULL, NULL);
	fprintf(o->out, "%llu\n", (unsigned long long)nr);
}

static void sio_metrics_value(const struct sio_metrics_out *o,
			      const struct sio_obj *obj)
{
	const struct sio_metric *m = o->m;
	__u64 value = sio_obj_u64(obj, m->attr);

	switch (m->kind) {
	case SIO_METRIC_GAUGE:
	case SIO_METRIC_IS:
		if (!sio_obj_has(obj, m->attr))
			break;
		sio_metrics_sample(o, obj, "", NULL, NULL);
		if (m->kind == SIO_METRIC_IS)
			fprintf(o->out, "%d\n", value == m->is);
		else
			fprintf(o->out, "%.15g\n", (double)value /
				(m->per_unit ? m->per_unit : 1));
		break;
	case SIO_METRIC_COUNTER:
		sio_metrics_counter(o, obj);
		break;
	case SIO_METRIC_DROPS:
		sio_metrics_drops(o, obj);
		break;
	case SIO_METRIC_HIST:
	case SIO_METRIC_SUMMARY:
		sio_metrics_hist(o, obj);
		break;
	}
}

static void sio_metrics_describe(const struct sio_metrics_out *o)
{
	static const char * const types[] = {
		[SIO_METRIC_GAUGE] = "gauge",
		[SIO_METRIC_IS] = "gauge",
		[SIO_METRIC_COUNTER] = "counter",
		[SIO_METRIC_DROPS] = "counter",
		[SIO_METRIC_HIST] = "histogram",
		[SIO_METRIC_SUMMARY] = "summary",
	};
	const char *type = types[o->m->kind];
	const char *total = "";

	if (!strcmp(type, "counter") && !o->is_openmetrics)
		total = "_total";
	fprintf(o->out, "# HELP %s%s %s\n", o->m->name, total, o->m->help);
	fprintf(o->out, "# TYPE %s%s %s\n", o->m->name, total, type);
	if (o->m->unit && o->is_openmetrics)
		fprintf(o->out, "# UNIT %s %s\n", o->m->name, o->m->unit);
}

/* Has the object metrics of that kind? */
static bool sio_metrics_is_of(const struct sio_metric *m,
			      const struct sio_obj *obj)
{
	switch (m->of) {
	case SIO_OF_DISK:
		return sio_obj_u32(obj, SIO_A_DEV_TYPE) == SIO_DEV_BLK;
	case SIO_OF_NIC:
		return sio_obj_u32(obj, SIO_A_DEV_TYPE) == SIO_DEV_NIC;
	case SIO_OF_DISK_WORKER:
		return sio_obj_u32(obj, SIO_A_WORKER_TYPE) == SIO_DEV_BLK;
	case SIO_OF_NIC_WORKER:
		return sio_obj_u32(obj, SIO_A_WORKER_TYPE) == SIO_DEV_NIC;
	default:
		return true;
	}
}

static const struct sio_objs *sio_metrics_objs(const struct sio_metric *m,
					       const struct sio_snap *snap)
{
	switch (m->of) {
	case SIO_OF_LINK:
		return &snap->links;
	case SIO_OF_SESSION:
		return &snap->sessions;
	case SIO_OF_DISK:
	case SIO_OF_NIC:
		return &snap->devs;
	default:
		return &snap->workers;
	}
}

/**
 * sio_metrics_text() - write everything that is counted
 * @out: where to
 * @snap: everything
 * @is_openmetrics: in that format, else in Prometheus' own
 */
void sio_metrics_text(FILE *out, const struct sio_snap *snap,
		      bool is_openmetrics)
{
	struct sio_metrics_out o = {
		.out = out,
		.is_openmetrics = is_openmetrics,
	};
	const struct sio_objs *objs;
	size_t i, n;

	for (n = 0; n < sizeof(sio_metrics_all) / sizeof(*sio_metrics_all);
	     n++) {
		o.m = &sio_metrics_all[n];
		objs = sio_metrics_objs(o.m, snap);
		sio_metrics_describe(&o);
		for (i = 0; i < objs->nr; i++)
			if (sio_metrics_is_of(o.m, &objs->v[i]))
				sio_metrics_value(&o, &objs->v[i]);
	}
	if (is_openmetrics)
		fputs("# EOF\n", out);
}
