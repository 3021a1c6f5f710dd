/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* What the netlink families of both ends share: names, states, reasons. */
#ifndef _UAPI_SPLITIO_CORE_H
#define _UAPI_SPLITIO_CORE_H

#include <linux/types.h>

/* Sizes of names and keys, in bytes. Names include the closing NUL. */
#define SIO_NAME_LEN	32
#define SIO_KEY_LEN	32
#define SIO_UUID_LEN	16
#define SIO_MAC_LEN	6

/* Longest path the kernel keeps, in bytes with the closing NUL */
#define SIO_PATH_LEN	512

/* TCP port the back-end answers on unless the administrator says otherwise */
#define SIO_PORT_DEFAULT	7423

/* Most flows one session may have, range 1 to this */
#define SIO_FLOWS_MAX	16

/* Name of the multicast group, in both families, that carries events */
#define SIO_EVENTS_GROUP	"events"

/**
 * enum sio_state - where a session stands
 * @SIO_STATE_WAITING: nothing is under way; the reason says what for
 * @SIO_STATE_DIALING: SYN sent, no answer yet
 * @SIO_STATE_GREETING: flow open, keys and limits are being agreed
 * @SIO_STATE_UP: requests and packets pass
 * @SIO_STATE_CLOSING: being taken down by its administrator
 */
enum sio_state {
	SIO_STATE_WAITING = 1,
	SIO_STATE_DIALING,
	SIO_STATE_GREETING,
	SIO_STATE_UP,
	SIO_STATE_CLOSING,

	/* private: */
	__SIO_STATE_MAX
};

#define SIO_STATE_MAX	(__SIO_STATE_MAX - 1)

/**
 * enum sio_why - the one list of reasons that show, events, JSON and log share
 * @SIO_WHY_NONE: no reason: all is well
 * @SIO_WHY_NEVER_DIALED: the guest has not dialed since it was created
 * @SIO_WHY_STARTING: first dial not finished
 * @SIO_WHY_NO_SYN_ANSWER: no answer to SYN
 * @SIO_WHY_REFUSED: the peer's machine answered RST to the very first dial
 * @SIO_WHY_NO_HELLO_ANSWER: flow open, but no answer to the hello
 * @SIO_WHY_BAD_KEY: the other side does not know this name with this key
 * @SIO_WHY_KEY_NEEDED: one side has a key, the other asked for --insecure
 * @SIO_WHY_VERSION: the other side speaks another protocol version
 * @SIO_WHY_FEATURE: a required feature bit is unknown (see SIO_A_SESS_DETAIL)
 * @SIO_WHY_CLONE: another instance under this name is alive
 * @SIO_WHY_LINK_GONE: the link's net device does not exist (any more)
 * @SIO_WHY_LINK_DOWN: the link is down or has no carrier
 * @SIO_WHY_NO_ADDRESS: the link has lost the address the session uses
 * @SIO_WHY_NO_NEIGHBOUR: no answer to ARP
 * @SIO_WHY_MTU: the path does not pass even the smallest message
 * @SIO_WHY_PEER_SILENT: nothing heard, no keep-alive answered
 * @SIO_WHY_PEER_RST: the peer reset the flow
 * @SIO_WHY_PEER_FIN: the peer closed the flow
 * @SIO_WHY_PEER_GOODBYE: the peer said goodbye and will be back
 * @SIO_WHY_PEER_LEFT: the guest disconnected on its own wish
 * @SIO_WHY_BUSY: the peer has no room for one more session
 * @SIO_WHY_NO_MEMORY: an allocation failed on this side
 * @SIO_WHY_REMOVED: the administrator removed it
 * @SIO_WHY_ABORTED: the administrator had a disk's requests fail, which takes a
 *	new incarnation of the session
 */
enum sio_why {
	SIO_WHY_NONE = 0,
	SIO_WHY_NEVER_DIALED,
	SIO_WHY_STARTING,
	SIO_WHY_NO_SYN_ANSWER,
	SIO_WHY_REFUSED,
	SIO_WHY_NO_HELLO_ANSWER,
	SIO_WHY_BAD_KEY,
	SIO_WHY_KEY_NEEDED,
	SIO_WHY_VERSION,
	SIO_WHY_FEATURE,
	SIO_WHY_CLONE,
	SIO_WHY_LINK_GONE,
	SIO_WHY_LINK_DOWN,
	SIO_WHY_NO_ADDRESS,
	SIO_WHY_NO_NEIGHBOUR,
	SIO_WHY_MTU,
	SIO_WHY_PEER_SILENT,
	SIO_WHY_PEER_RST,
	SIO_WHY_PEER_FIN,
	SIO_WHY_PEER_GOODBYE,
	SIO_WHY_PEER_LEFT,
	SIO_WHY_BUSY,
	SIO_WHY_NO_MEMORY,
	SIO_WHY_REMOVED,
	SIO_WHY_ABORTED,

	/* private: */
	__SIO_WHY_MAX
};

#define SIO_WHY_MAX	(__SIO_WHY_MAX - 1)

/**
 * enum sio_a_stat - one counter, nested; self-describing so tools need no list
 * @SIO_A_STAT_NAME: string, lower case and underscores
 * @SIO_A_STAT_VALUE: u64, free running since the object was made
 * @SIO_A_STAT_PAD: padding only
 */
enum sio_a_stat {
	SIO_A_STAT_NAME = 1,
	SIO_A_STAT_VALUE,
	SIO_A_STAT_PAD,

	/* private: */
	__SIO_A_STAT_MAX
};

#define SIO_A_STAT_MAX	(__SIO_A_STAT_MAX - 1)

/**
 * enum sio_a_sess - a session as both families show it, nested, read only
 * @SIO_A_SESS_NAME: string, the guest's name
 * @SIO_A_SESS_STATE: u32, enum sio_state
 * @SIO_A_SESS_WHY: u32, enum sio_why; why it is not up, or was not last
 * @SIO_A_SESS_SINCE_MS: u64, milliseconds in this state
 * @SIO_A_SESS_NEXT_MS: u64, milliseconds to the next attempt, absent if none
 * @SIO_A_SESS_EPOCH: u32, incarnation of the session, 0 before the first
 * @SIO_A_SESS_FLOWS: u32, open flows
 * @SIO_A_SESS_FLOWS_WANTED: u32, flows asked for, 1 to SIO_FLOWS_MAX
 * @SIO_A_SESS_IFINDEX: u32, the link; absent while it does not exist
 * @SIO_A_SESS_IFNAME: string, name of the link
 * @SIO_A_SESS_LOCAL: binary, own address, 4 or 16 bytes
 * @SIO_A_SESS_LOCAL_PORT: u16, own TCP port of the first flow, host order
 * @SIO_A_SESS_PEER: binary, the peer's address, 4 or 16 bytes
 * @SIO_A_SESS_PEER_PORT: u16, the peer's TCP port, host order
 * @SIO_A_SESS_FEATURES: u64, feature bits both sides agreed on
 * @SIO_A_SESS_INSECURE: u8, 1 if no key protects the session
 * @SIO_A_SESS_MSS: u32, bytes of a segment's payload that the path was proved
 *	to carry
 * @SIO_A_SESS_MSG_MAX: u32, longest message in bytes
 * @SIO_A_SESS_SRTT_US: u32, smoothed round trip in microseconds, 0 unmeasured
 * @SIO_A_SESS_HELD: u32, requests without an answer
 * @SIO_A_SESS_OLDEST_MS: u64, age of the oldest of them in milliseconds
 * @SIO_A_SESS_INSTANCE: binary 16, this side's instance id
 * @SIO_A_SESS_BOOT: binary 16, this side's boot id
 * @SIO_A_SESS_PEER_INSTANCE: binary 16, the peer's, absent before the first up
 * @SIO_A_SESS_PEER_BOOT: binary 16, likewise
 * @SIO_A_SESS_DETAIL: u64, what the reason refers to: the unknown feature bits,
 *	the peer's protocol version, the MTU that passed
 * @SIO_A_SESS_DIALS: u32, attempts since the session was last up
 * @SIO_A_SESS_STAT: nest of enum sio_a_stat, once per counter
 * @SIO_A_SESS_PAD: padding only
 * @SIO_A_SESS_HIST: nest of enum sio_a_stat, once per bucket that counted:
 *	round trips of its flows by time, as in SIO_A_DEV_HIST
 * @SIO_A_SESS_KEY_SOURCE: string, path of the file the key was read from or
 *	written to, as the tool told it; absent if there is none
 * @SIO_A_SESS_LOCAL_ASKED: binary, front-end: the own address that was asked
 *	for; absent if it is the link's first
 * @SIO_A_SESS_FLOWS_ASKED: u32, front-end: flows the administrator asked for
 */
enum sio_a_sess {
	SIO_A_SESS_NAME = 1,
	SIO_A_SESS_STATE,
	SIO_A_SESS_WHY,
	SIO_A_SESS_SINCE_MS,
	SIO_A_SESS_NEXT_MS,
	SIO_A_SESS_EPOCH,
	SIO_A_SESS_FLOWS,
	SIO_A_SESS_FLOWS_WANTED,
	SIO_A_SESS_IFINDEX,
	SIO_A_SESS_IFNAME,
	SIO_A_SESS_LOCAL,
	SIO_A_SESS_LOCAL_PORT,
	SIO_A_SESS_PEER,
	SIO_A_SESS_PEER_PORT,
	SIO_A_SESS_FEATURES,
	SIO_A_SESS_INSECURE,
	SIO_A_SESS_MSS,
	SIO_A_SESS_MSG_MAX,
	SIO_A_SESS_SRTT_US,
	SIO_A_SESS_HELD,
	SIO_A_SESS_OLDEST_MS,
	SIO_A_SESS_INSTANCE,
	SIO_A_SESS_BOOT,
	SIO_A_SESS_PEER_INSTANCE,
	SIO_A_SESS_PEER_BOOT,
	SIO_A_SESS_DETAIL,
	SIO_A_SESS_DIALS,
	SIO_A_SESS_STAT,
	SIO_A_SESS_PAD,
	SIO_A_SESS_HIST,
	SIO_A_SESS_KEY_SOURCE,
	SIO_A_SESS_LOCAL_ASKED,
	SIO_A_SESS_FLOWS_ASKED,

	/* private: */
	__SIO_A_SESS_MAX
};

#define SIO_A_SESS_MAX	(__SIO_A_SESS_MAX - 1)

/**
 * enum sio_dev_type - what a device is
 * @SIO_DEV_NIC: a network interface
 * @SIO_DEV_BLK: a disk
 */
enum sio_dev_type {
	SIO_DEV_NIC = 1,
	SIO_DEV_BLK,

	/* private: */
	__SIO_DEV_MAX
};

#define SIO_DEV_MAX	(__SIO_DEV_MAX - 1)

/**
 * enum sio_dev_state - where a device stands
 * @SIO_DEV_STATE_WAITING: its guest is not there; it appears when it dials
 * @SIO_DEV_STATE_ANNOUNCED: the guest was told and has not answered yet
 * @SIO_DEV_STATE_READY: in use or ready to be
 * @SIO_DEV_STATE_PAUSED: was ready; the session is not up at the moment
 * @SIO_DEV_STATE_REMOVING: on its way out
 * @SIO_DEV_STATE_FAILED: the guest could not make it (see SIO_A_DEV_ERRNO)
 */
enum sio_dev_state {
	SIO_DEV_STATE_WAITING = 1,
	SIO_DEV_STATE_ANNOUNCED,
	SIO_DEV_STATE_READY,
	SIO_DEV_STATE_PAUSED,
	SIO_DEV_STATE_REMOVING,
	SIO_DEV_STATE_FAILED,

	/* private: */
	__SIO_DEV_STATE_MAX
};

#define SIO_DEV_STATE_MAX	(__SIO_DEV_STATE_MAX - 1)

/**
 * enum sio_on_loss - what a disk does with requests while its session is down
 * @SIO_ON_LOSS_WAIT: they wait, for as long as it takes
 * @SIO_ON_LOSS_FAIL: after a time they fail, and so do new ones
 */
enum sio_on_loss {
	SIO_ON_LOSS_WAIT = 1,
	SIO_ON_LOSS_FAIL,

	/* private: */
	__SIO_ON_LOSS_MAX
};

#define SIO_ON_LOSS_MAX	(__SIO_ON_LOSS_MAX - 1)

/**
 * enum sio_disk_wrong - what is wrong with a disk
 * @SIO_DISK_OK: nothing
 * @SIO_DISK_GONE: back-end: the block device is not there any more
 * @SIO_DISK_SHRANK: back-end: it has fewer sectors than were announced
 * @SIO_DISK_MISSING: front-end: the session is up, and has no such disk
 * @SIO_DISK_CHANGED: front-end: the peer's has become smaller, or has other
 *	limits than a disk in use can take
 */
enum sio_disk_wrong {
	SIO_DISK_OK = 0,
	SIO_DISK_GONE,
	SIO_DISK_SHRANK,
	SIO_DISK_MISSING,
	SIO_DISK_CHANGED,
};

/* Bits of SIO_A_DEV_MADE: what the tool made for a device and takes down */
#define SIO_MADE_LOOP	0x01	/* a loop device for a file */
#define SIO_MADE_CRYPT	0x02	/* a dm-crypt device */
#define SIO_MADE_RULES	0x04	/* nftables rules on the port */
#define SIO_MADE_ALL	0x07

/**
 * enum sio_a_dev - a device as both families show it, nested, read only
 * @SIO_A_DEV_GUEST: string, the guest it belongs to
 * @SIO_A_DEV_NAME: string, its name within the guest
 * @SIO_A_DEV_TYPE: u8, enum sio_dev_type
 * @SIO_A_DEV_STATE: u32, enum sio_dev_state
 * @SIO_A_DEV_ID: u32, handle on the wire
 * @SIO_A_DEV_GEN: u32, generation of the handle
 * @SIO_A_DEV_UUID: binary 16
 * @SIO_A_DEV_IFINDEX: u32; back-end: the port; front-end: the virtual NIC
 * @SIO_A_DEV_IFNAME: string, name of that net device
 * @SIO_A_DEV_MAC: binary 6; back-end: the address assigned to the virtual NIC;
 *	front-end: the one it has
 * @SIO_A_DEV_MTU: u32, bytes, without the Ethernet header
 * @SIO_A_DEV_CARRIER: u8, 1 if packets can pass at this moment
 * @SIO_A_DEV_OPEN: u8, 1 if the guest has the NIC up
 * @SIO_A_DEV_PORT_MADE: u8, 1 if the tool made the port and removes it
 * @SIO_A_DEV_ANY_MAC: u8, 1 if the guest may send from any source address
 * @SIO_A_DEV_QUEUES: u32, transmit queues; back-end: those it tells the guest
 *	are worth having; front-end: those of the virtual NIC
 * @SIO_A_DEV_ERRNO: u32, positive errno of the guest's refusal
 * @SIO_A_DEV_DENIED: u32, SIO_DENIED bits: what the guest asked for and does
 *	not get while SIO_A_DEV_ANY_MAC is 0
 * @SIO_A_DEV_STAT: nest of enum sio_a_stat, once per counter
 * @SIO_A_DEV_SECTORS: u64, size of a disk in units of 512 bytes
 * @SIO_A_DEV_BLOCK: u32, its logical block in bytes
 * @SIO_A_DEV_PHYS_BLOCK: u32, its physical block in bytes
 * @SIO_A_DEV_READ_ONLY: u8, 1 if it cannot be written to
 * @SIO_A_DEV_CACHE: u8, 1 if it has a volatile cache, 0 if writes are on the
 *	medium when they are answered
 * @SIO_A_DEV_DIGEST: u8, 1 if its messages have a CRC32C
 * @SIO_A_DEV_DISCARD: u8, 1 if it takes discards
 * @SIO_A_DEV_DISK: string, name of the block device: at the front-end the one
 *	that was made, at the back-end the path of the one that is exported
 * @SIO_A_DEV_SOURCE: string, back-end: what the administrator named: the path,
 *	or the file or device under a loop or dm-crypt device
 * @SIO_A_DEV_MADE: u32, back-end: SIO_MADE bits
 * @SIO_A_DEV_WRONG: u32, enum sio_disk_wrong
 * @SIO_A_DEV_HELD: u32, requests that wait for something
 * @SIO_A_DEV_IN_FLIGHT: u32, back-end: requests the block device has; front-end:
 *	requests without an answer
 * @SIO_A_DEV_OLDEST_MS: u64, age of the oldest of all those in milliseconds
 * @SIO_A_DEV_FENCED: u32, back-end: requests of before the last reconnection
 *	that have to end before new ones begin
 * @SIO_A_DEV_FENCE_MS: u64, since when, in milliseconds
 * @SIO_A_DEV_ON_LOSS: u8, front-end: enum sio_on_loss
 * @SIO_A_DEV_ON_LOSS_S: u32, front-end: after how many seconds
 * @SIO_A_DEV_FAILING: u8, front-end: 1 while requests fail for that reason
 * @SIO_A_DEV_IN_USE: u8, front-end: 1 if somebody has the disk open
 * @SIO_A_DEV_HIST: nest of enum sio_a_stat, once per bucket that counted:
 *	requests by time, back-end: from their arrival to their answer;
 *	front-end: from the system's queue to their answer. Names are the upper
 *	bound in microseconds, "inf" for the last
 * @SIO_A_DEV_RULES: string, back-end: file with the nftables rules of a NIC's
 *	port, absent if it has none
 * @SIO_A_DEV_KEY_FILE: string, back-end: file with the key of a disk's dm-crypt
 *	device, absent if there is none or it came by standard input
 * @SIO_A_DEV_PAD: padding only
 * @SIO_A_DEV_BDEV_HIST: nest of enum sio_a_stat, likewise, back-end: time the
 *	block device had them
 * @SIO_A_DEV_MTU_ASKED: u32, back-end: what the administrator asked for; absent
 *	if the NIC has its port's
 * @SIO_A_DEV_BLOCK_ASKED: u32, back-end: likewise, absent for the block
 *	device's own
 * @SIO_A_DEV_QUEUES_ASKED: u32, back-end: likewise, absent for one for each CPU
 * @SIO_A_DEV_WRITE_THROUGH: u8, back-end: 1 if that was asked for
 */
enum sio_a_dev {
	SIO_A_DEV_GUEST = 1,
	SIO_A_DEV_NAME,
	SIO_A_DEV_TYPE,
	SIO_A_DEV_STATE,
	SIO_A_DEV_ID,
	SIO_A_DEV_GEN,
	SIO_A_DEV_UUID,
	SIO_A_DEV_IFINDEX,
	SIO_A_DEV_IFNAME,
	SIO_A_DEV_MAC,
	SIO_A_DEV_MTU,
	SIO_A_DEV_CARRIER,
	SIO_A_DEV_OPEN,
	SIO_A_DEV_PORT_MADE,
	SIO_A_DEV_ANY_MAC,
	SIO_A_DEV_QUEUES,
	SIO_A_DEV_ERRNO,
	SIO_A_DEV_STAT,
	SIO_A_DEV_PAD,
	SIO_A_DEV_SECTORS,
	SIO_A_DEV_BLOCK,
	SIO_A_DEV_PHYS_BLOCK,
	SIO_A_DEV_READ_ONLY,
	SIO_A_DEV_CACHE,
	SIO_A_DEV_DIGEST,
	SIO_A_DEV_DISCARD,
	SIO_A_DEV_DISK,
	SIO_A_DEV_SOURCE,
	SIO_A_DEV_MADE,
	SIO_A_DEV_WRONG,
	SIO_A_DEV_HELD,
	SIO_A_DEV_IN_FLIGHT,
	SIO_A_DEV_OLDEST_MS,
	SIO_A_DEV_FENCED,
	SIO_A_DEV_FENCE_MS,
	SIO_A_DEV_ON_LOSS,
	SIO_A_DEV_ON_LOSS_S,
	SIO_A_DEV_FAILING,
	SIO_A_DEV_IN_USE,
	SIO_A_DEV_HIST,
	SIO_A_DEV_DENIED,
	SIO_A_DEV_BDEV_HIST,
	SIO_A_DEV_RULES,
	SIO_A_DEV_KEY_FILE,
	SIO_A_DEV_MTU_ASKED,
	SIO_A_DEV_BLOCK_ASKED,
	SIO_A_DEV_QUEUES_ASKED,
	SIO_A_DEV_WRITE_THROUGH,

	/* private: */
	__SIO_A_DEV_MAX
};

#define SIO_A_DEV_MAX	(__SIO_A_DEV_MAX - 1)

/**
 * enum sio_a_worker - what one worker did for one device, nested, read only
 * @SIO_A_WORKER_GUEST: string, the guest the device belongs to
 * @SIO_A_WORKER_DEV: string, name of the device
 * @SIO_A_WORKER_TYPE: u8, enum sio_dev_type of the device
 * @SIO_A_WORKER_ID: u32, back-end: the CPU; front-end: the device's queue
 * @SIO_A_WORKER_STAT: nest of enum sio_a_stat, once per counter, named as in
 *	SIO_A_DEV_STAT
 * @SIO_A_WORKER_HIST: nest of enum sio_a_stat, as in SIO_A_DEV_HIST
 * @SIO_A_WORKER_BDEV_HIST: nest of enum sio_a_stat, as in SIO_A_DEV_BDEV_HIST
 * @SIO_A_WORKER_PAD: padding only
 */
enum sio_a_worker {
	SIO_A_WORKER_GUEST = 1,
	SIO_A_WORKER_DEV,
	SIO_A_WORKER_TYPE,
	SIO_A_WORKER_ID,
	SIO_A_WORKER_STAT,
	SIO_A_WORKER_HIST,
	SIO_A_WORKER_BDEV_HIST,
	SIO_A_WORKER_PAD,

	/* private: */
	__SIO_A_WORKER_MAX
};

#define SIO_A_WORKER_MAX	(__SIO_A_WORKER_MAX - 1)

/* Bits of SIO_A_DEV_DENIED */
#define SIO_DENIED_MAC		0x01	/* another address than the assigned */
#define SIO_DENIED_ADDRS	0x02	/* packets for more addresses */
#define SIO_DENIED_PROMISC	0x04	/* packets for any address */

/**
 * enum sio_a_link - a link as both families show it, nested, read only
 * @SIO_A_LINK_IFINDEX: u32
 * @SIO_A_LINK_IFNAME: string
 * @SIO_A_LINK_LOCAL: binary, the address in use, 4 or 16 bytes
 * @SIO_A_LINK_PORT: u16, TCP port that is answered, absent on the front-end
 * @SIO_A_LINK_MTU: u32, bytes
 * @SIO_A_LINK_WHY: u32, enum sio_why: SIO_WHY_NONE if it works
 * @SIO_A_LINK_FLOWS: u32, flows on it, half-open ones included
 * @SIO_A_LINK_STAT: nest of enum sio_a_stat, once per counter
 * @SIO_A_LINK_PAD: padding only
 * @SIO_A_LINK_LOCAL_ASKED: u8, back-end: 1 if the administrator asked for just
 *	this address, 0 if it was the device's first
 */
enum sio_a_link {
	SIO_A_LINK_IFINDEX = 1,
	SIO_A_LINK_IFNAME,
	SIO_A_LINK_LOCAL,
	SIO_A_LINK_PORT,
	SIO_A_LINK_MTU,
	SIO_A_LINK_WHY,
	SIO_A_LINK_FLOWS,
	SIO_A_LINK_STAT,
	SIO_A_LINK_PAD,
	SIO_A_LINK_LOCAL_ASKED,

	/* private: */
	__SIO_A_LINK_MAX
};

#define SIO_A_LINK_MAX	(__SIO_A_LINK_MAX - 1)

/**
 * enum sio_fault_action - what the fault injector does to a frame it picks
 * @SIO_FAULT_DROP: not sent
 * @SIO_FAULT_DUP: sent twice
 * @SIO_FAULT_REORDER: sent after the next frame of the same link
 * @SIO_FAULT_DELAY: sent SIO_A_FAULT_DELAY_US later
 * @SIO_FAULT_CORRUPT: one bit of the message flipped after its TCP checksum
 *	was made, and the checksum made right again
 * @SIO_FAULT_BADSUM: sent with a wrong TCP checksum
 * @SIO_FAULT_ISN: not a frame: initial sequence numbers begin at this value
 */
enum sio_fault_action {
	SIO_FAULT_DROP = 1,
	SIO_FAULT_DUP,
	SIO_FAULT_REORDER,
	SIO_FAULT_DELAY,
	SIO_FAULT_CORRUPT,
	SIO_FAULT_BADSUM,
	SIO_FAULT_ISN,

	/* private: */
	__SIO_FAULT_MAX
};

#define SIO_FAULT_MAX	(__SIO_FAULT_MAX - 1)

/* Most rules of one link */
#define SIO_FAULT_RULES	8

/**
 * enum sio_a_fault - one rule of the seeded fault injector, nested
 * @SIO_A_FAULT_ACTION: u8, enum sio_fault_action, required
 * @SIO_A_FAULT_TYPE: u8, enum sio_msg_type of the frames counted, 0 for all
 *	frames, 255 for those without a message (SYN, pure ACK, FIN)
 * @SIO_A_FAULT_FIRST: u32, ordinal of the first frame hit, from 1; default 1
 * @SIO_A_FAULT_COUNT: u32, how many from there on; default 1, 0 for no end
 * @SIO_A_FAULT_PPM: u32, chance in a million that such a frame is hit, 1 to
 *	1000000; default 1000000
 * @SIO_A_FAULT_SEED: u32, seed of the generator that decides; default 1
 * @SIO_A_FAULT_DELAY_US: u32, microseconds for SIO_FAULT_DELAY, up to 60 s
 * @SIO_A_FAULT_VALUE: u32, sequence number for SIO_FAULT_ISN
 */
enum sio_a_fault {
	SIO_A_FAULT_ACTION = 1,
	SIO_A_FAULT_TYPE,
	SIO_A_FAULT_FIRST,
	SIO_A_FAULT_COUNT,
	SIO_A_FAULT_PPM,
	SIO_A_FAULT_SEED,
	SIO_A_FAULT_DELAY_US,
	SIO_A_FAULT_VALUE,

	/* private: */
	__SIO_A_FAULT_MAX
};

#define SIO_A_FAULT_MAX	(__SIO_A_FAULT_MAX - 1)

/**
 * enum sio_event - what an event message reports
 * @SIO_EVENT_SESSION: a session changed state; its nest follows
 * @SIO_EVENT_DEV_NEW: a device was created or appeared; its nest follows
 * @SIO_EVENT_DEV_SET: a device changed; its nest follows
 * @SIO_EVENT_DEV_DEL: a device is gone; its nest follows
 * @SIO_EVENT_GUEST_NEW: back-end only: a guest was created; session nest
 * @SIO_EVENT_GUEST_DEL: back-end only: a guest was removed; session nest
 * @SIO_EVENT_LINK_NEW: back-end only: a link was created; link nest
 * @SIO_EVENT_LINK_DEL: back-end only: a link went away; link nest
 */
enum sio_event {
	SIO_EVENT_SESSION = 1,
	SIO_EVENT_DEV_NEW,
	SIO_EVENT_DEV_SET,
	SIO_EVENT_DEV_DEL,
	SIO_EVENT_GUEST_NEW,
	SIO_EVENT_GUEST_DEL,
	SIO_EVENT_LINK_NEW,
	SIO_EVENT_LINK_DEL,

	/* private: */
	__SIO_EVENT_MAX
};

#define SIO_EVENT_MAX	(__SIO_EVENT_MAX - 1)

#endif /* _UAPI_SPLITIO_CORE_H */
