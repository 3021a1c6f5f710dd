// SPDX-License-Identifier: GPL-2.0
/* ioguest: the guest's commands. */
#include <stddef.h>

#include <splitio/fe.h>

#include "guest-tools/ioguest.h"
#include "proto/user/family.h"

static const struct sio_attr_rule sio_fe_rules[] = {
	{
		SIO_FE_A_NAME,
		SIO_RULE_NAME
	},
	{
		SIO_FE_A_PEER,
		"the iohyp's address must be an IPv4 address; IPv6 links come in a later release"
	},
	{
		SIO_FE_A_PEER_PORT,
		SIO_RULE_PORT
	},
	{
		SIO_FE_A_LOCAL,
		SIO_RULE_LOCAL
	},
	{
		SIO_FE_A_KEY,
		SIO_RULE_KEY
	},
	{
		SIO_FE_A_FLOWS,
		"a session has 1 to 16 flows"
	},
	{
		SIO_FE_A_DEV,
		"a disk's name is 1 to 31 letters, digits, dots, dashes or underscores"
	},
	{
		SIO_FE_A_FAULT,
		SIO_RULE_FAULT
	},
	{ 0, NULL },
};

static const struct sio_family sio_fe_family = {
	.name = SIO_FE_GENL_NAME,
	.module = "splitio_fe",
	.session = "session",
	.list = "sessions",
	.netdev = "netdev",
	.worker = "queue",
	.version = SIO_FE_GENL_VERSION,
	.session_get = SIO_FE_CMD_SESSION_GET,
	.dev_get = SIO_FE_CMD_DEV_GET,
	.link_get = SIO_FE_CMD_LINK_GET,
	.worker_get = SIO_FE_CMD_WORKER_GET,
	.fault_set = SIO_FE_CMD_FAULT_SET,
	.event = SIO_FE_CMD_EVENT,
	.a_name = SIO_FE_A_NAME,
	.a_ifindex = SIO_FE_A_IFINDEX,
	.a_session = SIO_FE_A_SESSION,
	.a_device = SIO_FE_A_DEVICE,
	.a_link = SIO_FE_A_LINK,
	.a_worker = SIO_FE_A_WORKER,
	.a_fault = SIO_FE_A_FAULT,
	.a_event = SIO_FE_A_EVENT,
	.rules = sio_fe_rules,
};

static const struct sio_object *const sio_ioguest_objects[] = {
	&sio_connect_object,
	&sio_disconnect_object,
	&sio_blk_object,
	&sio_save_object,
	&sio_restore_object,
	&sio_stop_object,
	&sio_show_object,
	&sio_top_object,
	&sio_metrics_object,
	&sio_monitor_object,
	&sio_wait_object,
	&sio_check_object,
	&sio_fault_object,
	NULL,
};

int main(int argc, char **argv)
{
	struct sio_tool tool = {
		.name = "ioguest",
		.summary = "use the network and disks an I/O hypervisor serves",
		.installer = "install-frontend",
		.objects = sio_ioguest_objects,
		.family = &sio_fe_family,
		.conf = "/etc/splitio/ioguest.conf",
		.save = sio_ioguest_save,
	};

	return sio_tool_main(&tool, argc, argv);
}
