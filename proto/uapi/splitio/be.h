/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Generic netlink family of the back-end, the I/O hypervisor's side. */
#ifndef _UAPI_SPLITIO_BE_H
#define _UAPI_SPLITIO_BE_H

#include <splitio/core.h>

#define SIO_BE_GENL_NAME	"splitio_be"
#define SIO_BE_GENL_VERSION	1

/**
 * enum sio_be_cmd - requests of the family "splitio_be"
 *
 * Everything acts in the network namespace of the socket. Creating, changing
 * and removing needs CAP_NET_ADMIN in the initial user namespace; reading is
 * open. Every refusal carries an extack sentence.
 *
 * @SIO_BE_CMD_LINK_NEW: answer guests on SIO_BE_A_IFINDEX; optional
 *	SIO_BE_A_LOCAL (default: the link's primary address), SIO_BE_A_PORT.
 *	EEXIST the link is there already, ENODEV no such device, EADDRNOTAVAIL
 *	no address, EADDRINUSE port taken, EBUSY enslaved, EMSGSIZE MTU too
 *	small
 * @SIO_BE_CMD_LINK_DEL: stop answering on SIO_BE_A_IFINDEX; flows end by FIN
 * @SIO_BE_CMD_LINK_GET: do: one link; dump: all. Answer: SIO_BE_A_LINK
 * @SIO_BE_CMD_GUEST_NEW: SIO_BE_A_GUEST with SIO_BE_A_KEY or
 *	SIO_BE_A_INSECURE; optional SIO_BE_A_KEY_SOURCE. EEXIST name taken
 * @SIO_BE_CMD_GUEST_DEL: SIO_BE_A_GUEST; EBUSY while it has devices, unless
 *	SIO_BE_A_FORCE. With SIO_BE_A_BACK the guest is told that this machine
 *	will be back: requests are drained and the guest keeps its devices
 * @SIO_BE_CMD_GUEST_SET: SIO_BE_A_GUEST with a new SIO_BE_A_KEY; it counts
 *	from the next hello. Optional SIO_BE_A_KEY_SOURCE, forgotten if absent
 * @SIO_BE_CMD_GUEST_GET: do: one guest; dump: all. Answer: SIO_BE_A_SESSION
 * @SIO_BE_CMD_NIC_NEW: SIO_BE_A_GUEST, SIO_BE_A_DEV, SIO_BE_A_PORT_IFINDEX;
 *	optional SIO_BE_A_MAC (default: the port's address), SIO_BE_A_UUID
 *	(default random), SIO_BE_A_MTU (default: the port's),
 *	SIO_BE_A_PORT_MADE, SIO_BE_A_ANY_MAC, SIO_BE_A_RULES. Succeeds for an
 *	absent guest. Answer: SIO_BE_A_DEVICE. EEXIST name or MAC taken, ENOENT
 *	no such guest, ENODEV no such port, EBUSY port in use, EADDRINUSE the
 *	port has addresses
 * @SIO_BE_CMD_DEV_DEL: SIO_BE_A_GUEST, SIO_BE_A_DEV; optional SIO_BE_A_FORCE.
 *	A NIC: answered when the port is free; the guest's device goes as soon
 *	as the guest hears of it. A disk: EBUSY while the guest is using it,
 *	ETIMEDOUT if it does not say so within 2 s, unless forced; the block
 *	device is free when SIO_EVENT_DEV_DEL is sent
 * @SIO_BE_CMD_NIC_SET: SIO_BE_A_GUEST, SIO_BE_A_DEV with any of SIO_BE_A_MTU,
 *	SIO_BE_A_ANY_MAC, SIO_BE_A_RULES
 * @SIO_BE_CMD_DEV_GET: do: one device; dump: all, of SIO_BE_A_GUEST if given.
 *	Answer: SIO_BE_A_DEVICE
 * @SIO_BE_CMD_BLK_NEW: SIO_BE_A_GUEST, SIO_BE_A_DEV, SIO_BE_A_PATH; optional
 *	SIO_BE_A_UUID (default random), SIO_BE_A_SOURCE, SIO_BE_A_MADE,
 *	SIO_BE_A_READ_ONLY, SIO_BE_A_WRITE_THROUGH, SIO_BE_A_DIGEST,
 *	SIO_BE_A_BLOCK (default: the device's), SIO_BE_A_QUEUES,
 *	SIO_BE_A_KEY_FILE. Needs CAP_SYS_ADMIN as well. Succeeds for an absent
 *	guest. Answer: SIO_BE_A_DEVICE. EEXIST name taken, EBUSY the device is
 *	in use, ENOTBLK no block device, EINVAL its size is no multiple of the
 *	block
 * @SIO_BE_CMD_FAULT_SET: SIO_BE_A_IFINDEX and any number of SIO_BE_A_FAULT;
 *	replaces all rules of the link, none clears them
 * @SIO_BE_CMD_EVENT: multicast only: SIO_BE_A_EVENT and one nest
 * @SIO_BE_CMD_WORKER_GET: dump: workers that did something, of SIO_BE_A_GUEST
 *	if given. Answer: SIO_BE_A_WORKER
 */
enum sio_be_cmd {
	SIO_BE_CMD_LINK_NEW = 1,
	SIO_BE_CMD_LINK_DEL,
	SIO_BE_CMD_LINK_GET,
	SIO_BE_CMD_GUEST_NEW,
	SIO_BE_CMD_GUEST_DEL,
	SIO_BE_CMD_GUEST_SET,
	SIO_BE_CMD_GUEST_GET,
	SIO_BE_CMD_NIC_NEW,
	SIO_BE_CMD_DEV_DEL,
	SIO_BE_CMD_NIC_SET,
	SIO_BE_CMD_DEV_GET,
	SIO_BE_CMD_BLK_NEW,
	SIO_BE_CMD_FAULT_SET,
	SIO_BE_CMD_EVENT,
	SIO_BE_CMD_WORKER_GET,

	/* private: */
	__SIO_BE_CMD_MAX
};

#define SIO_BE_CMD_MAX	(__SIO_BE_CMD_MAX - 1)

/**
 * enum sio_be_attr - attributes of the family "splitio_be"
 * @SIO_BE_A_IFINDEX: u32, a link
 * @SIO_BE_A_LOCAL: binary, 4 or 16 bytes (16 is refused in this release)
 * @SIO_BE_A_PORT: u16, TCP port in host order, 1 to 65535
 * @SIO_BE_A_GUEST: string, 1 to SIO_NAME_LEN - 1 of [A-Za-z0-9._-], beginning
 *	with a letter or digit
 * @SIO_BE_A_KEY: binary, exactly SIO_KEY_LEN; write only, not all zero
 * @SIO_BE_A_INSECURE: flag, the guest needs no key
 * @SIO_BE_A_DEV: string, device name, same rules as the guest's, but at most
 *	15 characters, as a NIC's names a net device in the guest
 * @SIO_BE_A_UUID: binary 16
 * @SIO_BE_A_PORT_IFINDEX: u32, the port of a NIC
 * @SIO_BE_A_PORT_MADE: flag, the tool made the port for this NIC
 * @SIO_BE_A_MAC: binary 6, unicast, not zero
 * @SIO_BE_A_MTU: u32, 68 to 65000
 * @SIO_BE_A_ANY_MAC: u8, 0 or 1
 * @SIO_BE_A_FORCE: flag
 * @SIO_BE_A_PATH: string, path of a block device, as the caller sees it
 * @SIO_BE_A_SOURCE: string, what the administrator named, to be shown
 * @SIO_BE_A_MADE: u32, SIO_MADE bits: what the tool made for this device
 * @SIO_BE_A_READ_ONLY: flag
 * @SIO_BE_A_WRITE_THROUGH: flag, writes are on the medium when answered
 * @SIO_BE_A_DIGEST: flag, CRC32C on all messages of the disk
 * @SIO_BE_A_BLOCK: u32, logical block in bytes, 512, 1024, 2048 or 4096
 * @SIO_BE_A_QUEUES: u32, queues of a disk, 1 to 7
 * @SIO_BE_A_RULES: string, file with the nftables rules the tool loaded for the
 *	port of a NIC, kept and shown; empty for none
 * @SIO_BE_A_KEY_FILE: string, file with the key of the dm-crypt device the tool
 *	made, kept and shown; the key itself never comes here
 * @SIO_BE_A_SESSION: nest of enum sio_a_sess
 * @SIO_BE_A_DEVICE: nest of enum sio_a_dev
 * @SIO_BE_A_LINK: nest of enum sio_a_link
 * @SIO_BE_A_FAULT: nest of enum sio_a_fault, up to SIO_FAULT_RULES of them
 * @SIO_BE_A_EVENT: u32, enum sio_event
 * @SIO_BE_A_WORKER: nest of enum sio_a_worker
 * @SIO_BE_A_KEY_SOURCE: string, absolute path of the file that holds the key;
 *	kept to be shown, never opened
 * @SIO_BE_A_BACK: flag, this machine means to come back
 */
enum sio_be_attr {
	SIO_BE_A_IFINDEX = 1,
	SIO_BE_A_LOCAL,
	SIO_BE_A_PORT,
	SIO_BE_A_GUEST,
	SIO_BE_A_KEY,
	SIO_BE_A_INSECURE,
	SIO_BE_A_DEV,
	SIO_BE_A_UUID,
	SIO_BE_A_PORT_IFINDEX,
	SIO_BE_A_PORT_MADE,
	SIO_BE_A_MAC,
	SIO_BE_A_MTU,
	SIO_BE_A_ANY_MAC,
	SIO_BE_A_FORCE,
	SIO_BE_A_SESSION,
	SIO_BE_A_DEVICE,
	SIO_BE_A_LINK,
	SIO_BE_A_FAULT,
	SIO_BE_A_EVENT,
	SIO_BE_A_PATH,
	SIO_BE_A_SOURCE,
	SIO_BE_A_MADE,
	SIO_BE_A_READ_ONLY,
	SIO_BE_A_WRITE_THROUGH,
	SIO_BE_A_DIGEST,
	SIO_BE_A_BLOCK,
	SIO_BE_A_QUEUES,
	SIO_BE_A_WORKER,
	SIO_BE_A_RULES,
	SIO_BE_A_KEY_FILE,
	SIO_BE_A_KEY_SOURCE,
	SIO_BE_A_BACK,

	/* private: */
	__SIO_BE_A_MAX
};

#define SIO_BE_A_MAX	(__SIO_BE_A_MAX - 1)

#endif /* _UAPI_SPLITIO_BE_H */
