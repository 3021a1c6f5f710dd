// SPDX-License-Identifier: GPL-2.0
/* iohyp: the I/O hypervisor's commands. */
#include <splitio/be.h>

#include "iohyp-tools/iohyp.h"
#include "proto/user/check.h"
#include "proto/user/family.h"
#include "proto/user/fault.h"
#include "proto/user/follow.h"
#include "proto/user/print.h"

static const struct sio_attr_rule sio_be_rules[] = {
	{
		SIO_BE_A_GUEST,
		"a guest's name is 1 to 31 letters, digits, dots, dashes or underscores and begins with a letter or digit"
	},
	{
		SIO_BE_A_DEV,
		"a NIC's name is 1 to 15 letters, digits, dots, dashes or underscores and begins with a letter or digit"
	},
	{
		SIO_BE_A_MAC,
		"a NIC's MAC address must be unicast and not zero, as 52:54:00:12:34:56 is"
	},
	{
		SIO_BE_A_MTU,
		"a NIC's MTU is 68 to 65000"
	},
	{
		SIO_BE_A_PORT,
		"a TCP port is 1 to 65535"
	},
	{
		SIO_BE_A_LOCAL,
		"the address must be an IPv4 address of the link; IPv6 links come in a later release"
	},
	{
		SIO_BE_A_KEY,
		"a key is 32 bytes that are not all zero"
	},
	{
		SIO_BE_A_FAULT,
		"a number of the fault rule is out of its range"
	},
	{ 0, NULL },
};

static const struct sio_family sio_be_family = {
	.name = SIO_BE_GENL_NAME,
	.module = "splitio_be",
	.session = "guest",
	.list = "guests",
	.netdev = "port",
	.version = SIO_BE_GENL_VERSION,
	.session_get = SIO_BE_CMD_GUEST_GET,
	.dev_get = SIO_BE_CMD_NIC_GET,
	.link_get = SIO_BE_CMD_LINK_GET,
	.fault_set = SIO_BE_CMD_FAULT_SET,
	.event = SIO_BE_CMD_EVENT,
	.a_name = SIO_BE_A_GUEST,
	.a_ifindex = SIO_BE_A_IFINDEX,
	.a_session = SIO_BE_A_SESSION,
	.a_device = SIO_BE_A_DEVICE,
	.a_link = SIO_BE_A_LINK,
	.a_fault = SIO_BE_A_FAULT,
	.a_event = SIO_BE_A_EVENT,
	.rules = sio_be_rules,
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
	{ NULL, NULL, "[GUEST[/DEVICE]]", 0, 1, sio_show_opts,
	  "links, guests and devices as they are", NULL, sio_show },
	{},
};

static const struct sio_cmd sio_monitor_cmds[] = {
	{ NULL, NULL, "", 0, 0, NULL, "print events until interrupted", NULL,
	  sio_monitor },
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

static const struct sio_object sio_iohyp_objects[] = {
	{ "link", "net device that guests reach this machine on",
	  sio_link_cmds },
	{ "guest", "machine that may dial in", sio_guest_cmds },
	{ "nic", "virtual network interface of a guest", sio_nic_cmds },
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
		.name = "iohyp",
		.summary = "serve the network and disks of guests from this machine",
		.installer = "install-backend",
		.objects = sio_iohyp_objects,
		.family = &sio_be_family,
	};

	return sio_tool_main(&tool, argc, argv);
}
