// SPDX-License-Identifier: GPL-2.0
/* The commands both tools have. */
#include "proto/user/check.h"
#include "proto/user/fault.h"
#include "proto/user/follow.h"
#include "proto/user/metrics.h"
#include "proto/user/print.h"
#include "proto/user/save.h"
#include "proto/user/tool.h"
#include "proto/user/top.h"

static const struct sio_opt sio_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_wait_opts[] = {
	{ "state", "STATE", "up or ready if not given; gone waits for the end" },
	{ "timeout", "SECONDS", "give up after so long, exit 1" },
	{ NULL, NULL, NULL },
};

static const struct sio_cmd sio_save_cmds[] = {
	{ NULL, NULL, "[FILE]", 0, 1, NULL,
	  "write the configuration, to be restored at boot",
	  "Without FILE it is the one that is restored at boot; - is standard output.\n"
	  "Keys are not saved, only the names of the files they are in.\n",
	  sio_save },
	{},
};

static const struct sio_cmd sio_restore_cmds[] = {
	{ NULL, NULL, "[FILE]", 0, 1, NULL,
	  "make what was saved and is not there",
	  "Without FILE it is the one \"save\" writes; - is standard input. What is there\n"
	  "already stays as it is. --keep-going goes on after a line that failed.\n",
	  sio_restore },
	{},
};

static const struct sio_cmd sio_show_cmds[] = {
	{ NULL, NULL, "[GUEST[/DEVICE]]", 0, 1, sio_show_opts,
	  "links, sessions and devices as they are", NULL, sio_show },
	{},
};

static const struct sio_cmd sio_monitor_cmds[] = {
	{ NULL, NULL, "", 0, 0, NULL, "print events until interrupted", NULL,
	  sio_monitor },
	{},
};

static const struct sio_opt sio_top_opts[] = {
	{ "interval", "SECONDS", "between two pictures, 0.1 at least; 1 if not given" },
	{ "count", "N", "end after so many pictures" },
	{ NULL, NULL, NULL },
};

static const struct sio_cmd sio_top_cmds[] = {
	{ NULL, NULL, "", 0, 0, sio_top_opts,
	  "what links, sessions and devices do, until interrupted", NULL,
	  sio_top },
	{},
};

static const struct sio_opt sio_metrics_opts[] = {
	{ "format", "FORMAT", "openmetrics, if not given, or prometheus" },
	{ "output", "FILE", "replace it at once when all is written" },
	{ NULL, NULL, NULL },
};

static const struct sio_cmd sio_metrics_cmds[] = {
	{ NULL, NULL, "", 0, 0, sio_metrics_opts,
	  "counters and histograms for a monitoring system",
	  "node_exporter's textfile collector wants --format prometheus and an\n"
	  "--output that ends with .prom.",
	  sio_metrics },
	{},
};

static const struct sio_cmd sio_wait_cmds[] = {
	{ NULL, NULL, "GUEST[/DEVICE]", 1, 1, sio_wait_opts,
	  "wait until it has a state", NULL, sio_wait },
	{},
};

static const struct sio_cmd sio_check_cmds[] = {
	{ NULL, NULL, "[IFNAME]", 0, 1, NULL,
	  "look at this machine, say what to mend", NULL, sio_check },
	{},
};

static const struct sio_cmd sio_fault_cmds[] = {
	{ "set", NULL, "IFNAME RULE...", 2, 1 + SIO_FAULT_RULES, NULL,
	  "make frames fail, for tests", sio_fault_help, sio_fault_set },
	{ "clear", NULL, "IFNAME", 1, 1, NULL, "let all frames pass again",
	  NULL, sio_fault_clear },
	{},
};

const struct sio_object sio_save_object = {
	"save", "the configuration", sio_save_cmds
};

const struct sio_object sio_restore_object = {
	"restore", "a saved configuration", sio_restore_cmds
};

const struct sio_object sio_show_object = {
	"show", "the whole picture", sio_show_cmds
};

const struct sio_object sio_monitor_object = {
	"monitor", "events", sio_monitor_cmds
};

const struct sio_object sio_top_object = {
	"top", "rates and latencies, refreshed", sio_top_cmds
};

const struct sio_object sio_metrics_object = {
	"metrics", "counters for a monitoring system", sio_metrics_cmds
};

const struct sio_object sio_wait_object = {
	"wait", "for a state", sio_wait_cmds
};

const struct sio_object sio_check_object = {
	"check", "this machine", sio_check_cmds
};

const struct sio_object sio_fault_object = {
	"fault", "seeded faults on a link, for tests", sio_fault_cmds
};
