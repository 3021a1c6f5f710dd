// SPDX-License-Identifier: GPL-2.0
/* iohyp: the I/O hypervisor's commands. */
#include <stddef.h>

#include <splitio/be.h>

#include "iohyp-tools/iohyp.h"
#include "proto/user/family.h"

static const struct sio_attr_rule sio_be_rules[] = {
	{
		SIO_BE_A_GUEST,
		SIO_RULE_NAME
	},
	{
		SIO_BE_A_DEV,
		SIO_RULE_DEV
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
		SIO_RULE_PORT
	},
	{
		SIO_BE_A_LOCAL,
		SIO_RULE_LOCAL
	},
	{
		SIO_BE_A_KEY,
		SIO_RULE_KEY
	},
	{
		SIO_BE_A_PATH,
		SIO_RULE_PATH
	},
	{
		SIO_BE_A_SOURCE,
		SIO_RULE_PATH
	},
	{
		SIO_BE_A_RULES,
		SIO_RULE_PATH
	},
	{
		SIO_BE_A_KEY_FILE,
		SIO_RULE_PATH
	},
	{
		SIO_BE_A_BLOCK,
		"a block has 512, 1024, 2048 or 4096 bytes"
	},
	{
		SIO_BE_A_QUEUES,
		"a disk has 1 to 7 queues"
	},
	{
		SIO_BE_A_FAULT,
		SIO_RULE_FAULT
	},
	{ 0, NULL },
};

static const struct sio_helper sio_be_helpers[] = {
	{ "nft", "nftables", "nic create --firewall" },
	{ "cryptsetup", "cryptsetup-bin", "blk create --encrypt" },
	{ "wipefs", "util-linux", "blk create --encrypt" },
	{ "dmsetup", "dmsetup", "blk create --encrypt" },
	{ NULL, NULL, NULL },
};

static const struct sio_family sio_be_family = {
	.name = SIO_BE_GENL_NAME,
	.module = "splitio_be",
	.session = "guest",
	.list = "guests",
	.netdev = "port",
	.worker = "cpu",
	.version = SIO_BE_GENL_VERSION,
	.session_get = SIO_BE_CMD_GUEST_GET,
	.dev_get = SIO_BE_CMD_DEV_GET,
	.link_get = SIO_BE_CMD_LINK_GET,
	.worker_get = SIO_BE_CMD_WORKER_GET,
	.fault_set = SIO_BE_CMD_FAULT_SET,
	.event = SIO_BE_CMD_EVENT,
	.a_name = SIO_BE_A_GUEST,
	.a_ifindex = SIO_BE_A_IFINDEX,
	.a_session = SIO_BE_A_SESSION,
	.a_device = SIO_BE_A_DEVICE,
	.a_link = SIO_BE_A_LINK,
	.a_worker = SIO_BE_A_WORKER,
	.a_fault = SIO_BE_A_FAULT,
	.a_event = SIO_BE_A_EVENT,
	.rules = sio_be_rules,
	.helpers = sio_be_helpers,
};

static const struct sio_object *const sio_iohyp_objects[] = {
	&sio_link_object,
	&sio_guest_object,
	&sio_nic_object,
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
		.name = "iohyp",
		.summary = "serve the network and disks of guests from this machine",
		.installer = "install-backend",
		.objects = sio_iohyp_objects,
		.family = &sio_be_family,
		.conf = "/etc/splitio/iohyp.conf",
		.save = sio_iohyp_save,
	};

	return sio_tool_main(&tool, argc, argv);
}
