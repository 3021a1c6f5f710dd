/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Generic netlink family of the front-end, the guest's side. */
#ifndef _UAPI_SPLITIO_FE_H
#define _UAPI_SPLITIO_FE_H

#include <splitio/core.h>

#define SIO_FE_GENL_NAME	"splitio_fe"
#define SIO_FE_GENL_VERSION	1

/**
 * enum sio_fe_cmd - requests of the family "splitio_fe"
 *
 * Everything acts in the network namespace of the socket. Connecting and
 * disconnecting needs CAP_NET_ADMIN in the initial user namespace; reading is
 * open. Every refusal carries an extack sentence.
 *
 * @SIO_FE_CMD_CONNECT: SIO_FE_A_IFINDEX, SIO_FE_A_PEER, SIO_FE_A_NAME, and
 *	SIO_FE_A_KEY or SIO_FE_A_INSECURE; optional SIO_FE_A_PEER_PORT,
 *	SIO_FE_A_LOCAL, SIO_FE_A_FLOWS, SIO_FE_A_KEY_SOURCE. Returns at once,
 *	the session dials by itself. EEXIST a session of this name exists,
 *	ENODEV no such device, EADDRNOTAVAIL no address, EBUSY enslaved,
 *	EMSGSIZE MTU too small
 * @SIO_FE_CMD_DISCONNECT: SIO_FE_A_NAME; optional SIO_FE_A_FORCE. Says goodbye
 *	and removes the devices of the session; NICs are gone when it returns,
 *	disks when their last user has closed them. EBUSY while a disk is in use,
 *	unless forced
 * @SIO_FE_CMD_SESSION_GET: do: one session; dump: all. Answer: SIO_FE_A_SESSION
 * @SIO_FE_CMD_DEV_GET: dump: all devices, of SIO_FE_A_NAME if given; with
 *	SIO_FE_A_AHEAD also disks that are not there but have a policy, in state
 *	SIO_DEV_STATE_WAITING. Answer: SIO_FE_A_DEVICE
 * @SIO_FE_CMD_BLK_SET: SIO_FE_A_NAME, SIO_FE_A_DEV, SIO_FE_A_ON_LOSS; with
 *	SIO_ON_LOSS_FAIL also SIO_FE_A_ON_LOSS_S. The session keeps it for the
 *	name, so that a disk that comes again has it. ENOENT no such disk,
 *	unless SIO_FE_A_AHEAD; ENOSPC too many policies
 * @SIO_FE_CMD_BLK_ABORT: SIO_FE_A_NAME, SIO_FE_A_DEV; all requests of the disk
 *	fail now, and new ones until the session has been up again
 * @SIO_FE_CMD_LINK_GET: dump: links in use. Answer: SIO_FE_A_LINK
 * @SIO_FE_CMD_FAULT_SET: SIO_FE_A_IFINDEX and any number of SIO_FE_A_FAULT;
 *	replaces all rules of the link, none clears them. The rules live as
 *	long as the link is in use
 * @SIO_FE_CMD_EVENT: multicast only: SIO_FE_A_EVENT and one nest
 * @SIO_FE_CMD_WORKER_GET: dump: workers that did something, of SIO_FE_A_NAME
 *	if given. Answer: SIO_FE_A_WORKER
 */
enum sio_fe_cmd {
	SIO_FE_CMD_CONNECT = 1,
	SIO_FE_CMD_DISCONNECT,
	SIO_FE_CMD_SESSION_GET,
	SIO_FE_CMD_DEV_GET,
	SIO_FE_CMD_BLK_SET,
	SIO_FE_CMD_BLK_ABORT,
	SIO_FE_CMD_LINK_GET,
	SIO_FE_CMD_FAULT_SET,
	SIO_FE_CMD_EVENT,
	SIO_FE_CMD_WORKER_GET,

	/* private: */
	__SIO_FE_CMD_MAX
};

#define SIO_FE_CMD_MAX	(__SIO_FE_CMD_MAX - 1)

/**
 * enum sio_fe_attr - attributes of the family "splitio_fe"
 * @SIO_FE_A_IFINDEX: u32, the link
 * @SIO_FE_A_LOCAL: binary, 4 or 16 bytes (16 is refused in this release)
 * @SIO_FE_A_PEER: binary, the iohyp's address, 4 or 16 bytes
 * @SIO_FE_A_PEER_PORT: u16, host order, default SIO_PORT_DEFAULT
 * @SIO_FE_A_NAME: string, the guest's name at the iohyp, 1 to SIO_NAME_LEN - 1
 *	of [A-Za-z0-9._-], beginning with a letter or digit
 * @SIO_FE_A_KEY: binary, exactly SIO_KEY_LEN; write only, not all zero
 * @SIO_FE_A_INSECURE: flag, go without a key
 * @SIO_FE_A_FLOWS: u32, flows wanted, 1 to SIO_FLOWS_MAX, default 1
 * @SIO_FE_A_DEV: string, name of a device
 * @SIO_FE_A_ON_LOSS: u8, enum sio_on_loss
 * @SIO_FE_A_ON_LOSS_S: u32, seconds, 0 to 86400
 * @SIO_FE_A_FORCE: flag
 * @SIO_FE_A_SESSION: nest of enum sio_a_sess
 * @SIO_FE_A_DEVICE: nest of enum sio_a_dev
 * @SIO_FE_A_LINK: nest of enum sio_a_link
 * @SIO_FE_A_FAULT: nest of enum sio_a_fault, up to SIO_FAULT_RULES of them
 * @SIO_FE_A_EVENT: u32, enum sio_event
 * @SIO_FE_A_WORKER: nest of enum sio_a_worker
 * @SIO_FE_A_KEY_SOURCE: string, absolute path of the file that holds the key;
 *	kept to be shown, never opened
 * @SIO_FE_A_AHEAD: flag, disks that are not there yet count as well
 */
enum sio_fe_attr {
	SIO_FE_A_IFINDEX = 1,
	SIO_FE_A_LOCAL,
	SIO_FE_A_PEER,
	SIO_FE_A_PEER_PORT,
	SIO_FE_A_NAME,
	SIO_FE_A_KEY,
	SIO_FE_A_INSECURE,
	SIO_FE_A_FLOWS,
	SIO_FE_A_SESSION,
	SIO_FE_A_DEVICE,
	SIO_FE_A_LINK,
	SIO_FE_A_FAULT,
	SIO_FE_A_EVENT,
	SIO_FE_A_DEV,
	SIO_FE_A_ON_LOSS,
	SIO_FE_A_ON_LOSS_S,
	SIO_FE_A_FORCE,
	SIO_FE_A_WORKER,
	SIO_FE_A_KEY_SOURCE,
	SIO_FE_A_AHEAD,

	/* private: */
	__SIO_FE_A_MAX
};

#define SIO_FE_A_MAX	(__SIO_FE_A_MAX - 1)

#endif /* _UAPI_SPLITIO_FE_H */
