// SPDX-License-Identifier: GPL-2.0
/* ioguest: the guest's commands. */
#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/check.h"
#include "proto/user/family.h"
#include "proto/user/fault.h"
#include "proto/user/follow.h"
#include "proto/user/print.h"

static const struct sio_attr_rule sio_fe_rules[] = {
	{
		SIO_FE_A_NAME,
		"a guest's name is 1 to 31 letters, digits, dots, dashes or underscores and begins with a letter or digit"
	},
	{
		SIO_FE_A_PEER,
		"the iohyp's address must be an IPv4 address; IPv6 links come in a later release"
	},
	{
		SIO_FE_A_PEER_PORT,
		"a TCP port is 1 to 65535"
	},
	{
		SIO_FE_A_LOCAL,
		"the address must be an IPv4 address of the link; IPv6 links come in a later release"
	},
	{
		SIO_FE_A_KEY,
		"a key is 32 bytes that are not all zero"
	},
	{
		SIO_FE_A_FLOWS,
		"a session has 1 to 16 flows"
	},
	{
		SIO_FE_A_FAULT,
		"a number of the fault rule is out of its range"
	},
	{ 0, NULL },
};

static const struct sio_family sio_fe_family = {
	.name = SIO_FE_GENL_NAME,
	.module = "splitio_fe",
	.session = "session",
	.list = "sessions",
	.netdev = "netdev",
	.version = SIO_FE_GENL_VERSION,
	.session_get = SIO_FE_CMD_SESSION_GET,
	.dev_get = SIO_FE_CMD_DEV_GET,
	.link_get = SIO_FE_CMD_LINK_GET,
	.fault_set = SIO_FE_CMD_FAULT_SET,
	.event = SIO_FE_CMD_EVENT,
	.a_name = SIO_FE_A_NAME,
	.a_ifindex = SIO_FE_A_IFINDEX,
	.a_session = SIO_FE_A_SESSION,
	.a_device = SIO_FE_A_DEVICE,
	.a_link = SIO_FE_A_LINK,
	.a_fault = SIO_FE_A_FAULT,
	.a_event = SIO_FE_A_EVENT,
	.rules = sio_fe_rules,
};

static const struct sio_opt sio_show_opts[] = {
	{ "stats", NULL, "with the counters that are not zero" },
	{ NULL, NULL, NULL },
};

static const struct sio_opt sio_wait_opts[] = {
	{ "state", "STATE", "up or ready if not given; gone waits for the end" },
	{ "timeout", "SECONDS", "give up after so long, exit 1" },
	{ NULL, NULL, NULL },
};

static const struct sio_cmd sio_show_cmds[] = {
	{ NULL, NULL, "[NAME[/DEVICE]]", 0, 1, sio_show_opts,
	  "links, sessions and devices as they are", NULL, sio_show },
	{},
};

static const struct sio_cmd sio_monitor_cmds[] = {
	{ NULL, NULL, "", 0, 0, NULL, "print events until interrupted", NULL,
	  sio_monitor },
	{},
};

static const struct sio_cmd sio_wait_cmds[] = {
	{ NULL, NULL, "NAME[/DEVICE]", 1, 1, sio_wait_opts,
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

static const struct sio_object sio_ioguest_objects[] = {
	{ "connect", "to an iohyp", sio_connect_cmds },
	{ "disconnect", "from an iohyp", sio_disconnect_cmds },
	{ "show", "the whole picture", sio_show_cmds },
	{ "monitor", "events", sio_monitor_cmds },
	{ "wait", "for a state", sio_wait_cmds },
	{ "check", "this machine", sio_check_cmds },
	{ "fault", "seeded faults on a link, for tests", sio_fault_cmds },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	struct sio_tool tool = {
		.name = "ioguest",
		.summary = "use the network and disks an I/O hypervisor serves",
		.installer = "install-frontend",
		.objects = sio_ioguest_objects,
		.family = &sio_fe_family,
	};

	return sio_tool_main(&tool, argc, argv);
}
