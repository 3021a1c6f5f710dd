/* SPDX-License-Identifier: GPL-2.0 */
/* Every struct that crosses the link; proto/PROTOCOL.md tells their story. */
#ifndef SIO_WIRE_H
#define SIO_WIRE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#include <splitio/core.h>

#define SIO_PROTO_VERSION	1

/* Bytes of the pseudo-TCP/IPv4 headers in front of every message */
#define SIO_IP_LEN		20
#define SIO_TCP_LEN		20
#define SIO_TCP_OPT_LEN		12	/* NOP NOP timestamps */
#define SIO_FRAME_HDR_LEN	(SIO_IP_LEN + SIO_TCP_LEN + SIO_TCP_OPT_LEN)

/* Longest message: what an IPv4 packet of 65,535 bytes leaves */
#define SIO_MSG_LEN_MAX		(65535 - SIO_FRAME_HDR_LEN)

/* Window scale both SYNs announce, fixed by the protocol */
#define SIO_WSCALE		14

/* High byte of the window field; the low byte is bits 32 to 39 of the offset */
#define SIO_WINDOW_HI		0xff

/* How far offsets may run ahead of, or lag behind, the newest one: 1 GiB */
#define SIO_WINDOW_BYTES	BIT_ULL(30)

#define SIO_TAG_LEN		16
#define SIO_DH_LEN		32
#define SIO_ID_LEN		16

/* Smallest MTU a link may have, in bytes */
#define SIO_MTU_MIN		1280

/**
 * enum sio_msg_type - what a message is, and which records its body holds
 * @SIO_MSG_HELLO: guest opens a session: struct sio_msg_hello, Noise message 1
 * @SIO_MSG_HELLO_ACK: the answer: Noise message 2 as the whole body
 * @SIO_MSG_CONFIRM: guest proves it has the keys: struct sio_msg_confirm
 * @SIO_MSG_WELCOME: the flow is in use from now on; empty
 * @SIO_MSG_REFUSE: struct sio_msg_refuse, instead of HELLO_ACK, JOIN_ACK or
 *	WELCOME; sealed in the last case
 * @SIO_MSG_PROBE: padding of one segment's size; is answered in kind
 * @SIO_MSG_PROBE_ACK: padding of the same size
 * @SIO_MSG_JOIN: guest adds a flow to a session: struct sio_msg_join
 * @SIO_MSG_JOIN_ACK: the answer: struct sio_msg_join
 * @SIO_MSG_CTL_REQ: control request in a slot: struct sio_msg_ctl, then its
 *	records
 * @SIO_MSG_CTL_RSP: answer to it, the same slot and slot sequence
 * @SIO_MSG_CTL_BUSY: the request is being executed; wait on; empty
 * @SIO_MSG_PACKET: records of SIO_REC_PACKET; datagram class
 * @SIO_MSG_BLK_REQ: guest: a disk request in a slot: one SIO_REC_BLK_REQ, which
 *	may hold the first of the data to write
 * @SIO_MSG_BLK_RSP: answer to it: one SIO_REC_BLK_RSP, which may hold a part of
 *	the data read
 * @SIO_MSG_BLK_BUSY: the request is being executed; wait on; empty
 * @SIO_MSG_BLK_PULL: back-end wants data to write: one SIO_REC_BLK_SPAN
 * @SIO_MSG_BLK_DATA: guest: data to write: one SIO_REC_BLK_SPAN that holds it
 *
 * 53 to 63 are kept for more of the request class, 64 to 79 for streams.
 */
enum sio_msg_type {
	SIO_MSG_HELLO		= 1,
	SIO_MSG_HELLO_ACK	= 2,
	SIO_MSG_CONFIRM		= 3,
	SIO_MSG_WELCOME		= 4,
	SIO_MSG_REFUSE		= 5,
	SIO_MSG_PROBE		= 6,
	SIO_MSG_PROBE_ACK	= 7,
	SIO_MSG_JOIN		= 8,
	SIO_MSG_JOIN_ACK	= 9,
	SIO_MSG_CTL_REQ		= 16,
	SIO_MSG_CTL_RSP		= 17,
	SIO_MSG_CTL_BUSY	= 18,
	SIO_MSG_PACKET		= 32,
	SIO_MSG_BLK_REQ		= 48,
	SIO_MSG_BLK_RSP		= 49,
	SIO_MSG_BLK_BUSY	= 50,
	SIO_MSG_BLK_PULL	= 51,
	SIO_MSG_BLK_DATA	= 52,

	/* private: */
	SIO_MSG_NR		= 80
};

/**
 * enum sio_suite - how the body of a message is protected
 * @SIO_SUITE_CLEAR: not at all
 * @SIO_SUITE_CHACHA: ChaCha20-Poly1305 (RFC 8439) under the flow's key; the
 *	nonce is the message's offset, the associated data its header with @tag
 *	and @crc zero
 */
enum sio_suite {
	SIO_SUITE_CLEAR		= 0,
	SIO_SUITE_CHACHA	= 1,

	/* private: */
	SIO_SUITE_NR		= 2
};

/* Bits of sio_msg_hdr.flags */
#define SIO_MSG_F_CRC		0x01	/* @crc is in use */
#define SIO_MSG_F_ALL		SIO_MSG_F_CRC

/**
 * struct sio_msg_hdr - first bytes of every message, after the TCP options
 * @version: SIO_PROTO_VERSION
 * @type: one of enum sio_msg_type
 * @flags: SIO_MSG_F bits, others zero
 * @hdr_len: bytes of this header, 64 in version 1
 * @len: bytes of the whole message, this header included
 * @offset: flow offset at which the message begins; 0 is the byte after SYN
 * @dev: device handle, 0 for messages of the session
 * @gen: generation of that handle, so that a reused one is told apart
 * @epoch: incarnation of the session, 0 until a WELCOME named it
 * @slot_seq: sequence number of the request in its slot, 0 if there is none
 * @slot: slot of the request, 0 if there is none
 * @queue: queue of the device the message came from, a hint
 * @suite: enum sio_suite
 * @nr_recs: records in the body, 0 if it has another layout
 * @reserved: zero
 * @crc: if SIO_MSG_F_CRC: CRC32C (RFC 3720, 12.1) of the body, then of the
 *	header with this field zero
 * @tag: authentication tag, zero for SIO_SUITE_CLEAR
 * @reserved2: zero
 *
 * From here on everything is little endian; the headers before it are big
 * endian, as TCP demands.
 */
struct sio_msg_hdr {
	__u8	version;
	__u8	type;
	__u8	flags;
	__u8	hdr_len;
	__le32	len;
	__le64	offset;
	__le32	dev;
	__le32	gen;
	__le32	epoch;
	__le32	slot_seq;
	__le16	slot;
	__le16	queue;
	__u8	suite;
	__u8	nr_recs;
	__le16	reserved;
	__le32	crc;
	__u8	tag[SIO_TAG_LEN];
	__le32	reserved2;
};

static_assert(sizeof(struct sio_msg_hdr) == 64);

/* Most records of one message; what its header can count */
#define SIO_RECS_MAX		255

/**
 * enum sio_rec_type - what a record is
 * @SIO_REC_PACKET: struct sio_rec_packet, then an Ethernet frame without FCS
 * @SIO_REC_DEV: struct sio_rec_dev, a device as its guest shall have it
 * @SIO_REC_DEV_GONE: struct sio_rec_dev_id, a device the guest shall not have
 * @SIO_REC_DEV_STATUS: struct sio_rec_dev_status, the answer to either
 * @SIO_REC_NIC_MODE: struct sio_rec_nic_mode, then addresses and VLANs
 * @SIO_REC_BLK: struct sio_rec_blk, a disk as its guest shall have it
 * @SIO_REC_BLK_REQ: struct sio_rec_blk_req, then data
 * @SIO_REC_BLK_RSP: struct sio_rec_blk_rsp, then data
 * @SIO_REC_BLK_SPAN: struct sio_rec_blk_span, then data
 * @SIO_REC_BLK_DONE: struct sio_rec_blk_done, then what became of slots
 */
enum sio_rec_type {
	SIO_REC_PACKET		= 1,
	SIO_REC_DEV		= 2,
	SIO_REC_DEV_GONE	= 3,
	SIO_REC_DEV_STATUS	= 4,
	SIO_REC_NIC_MODE	= 5,
	SIO_REC_BLK		= 6,
	SIO_REC_BLK_REQ		= 7,
	SIO_REC_BLK_RSP		= 8,
	SIO_REC_BLK_SPAN	= 9,
	SIO_REC_BLK_DONE	= 10,

	/* private: */
	SIO_REC_NR		= 11
};

/* Bits of sio_rec_hdr.flags */
#define SIO_REC_F_MORE		0x01	/* goes on in the flow's next message */
#define SIO_REC_F_CONT		0x02	/* goes on from the message before it */
#define SIO_REC_F_ALL		(SIO_REC_F_MORE | SIO_REC_F_CONT)

/* Records begin at multiples of this many bytes, the gap being zero */
#define SIO_REC_ALIGN		4

/**
 * struct sio_rec_hdr - first bytes of every record
 * @len: bytes of the record, this header included, padding after it not
 * @type: one of enum sio_rec_type
 * @flags: SIO_REC_F bits, others zero
 * @reserved: zero
 */
struct sio_rec_hdr {
	__le32	len;
	__u8	type;
	__u8	flags;
	__le16	reserved;
};

static_assert(sizeof(struct sio_rec_hdr) == 8);

/**
 * struct sio_vnet_hdr - what is left to do to a packet, as in virtio 1.2, 5.1.6
 * @flags: VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_F_DATA_VALID
 * @gso_type: VIRTIO_NET_HDR_GSO_NONE, _TCPV4, _TCPV6, _UDP_L4, with _ECN
 * @hdr_len: bytes of headers before the first segment's payload, a hint
 * @gso_size: bytes of payload of each segment, 0 without GSO
 * @csum_start: offset from the Ethernet header at which to begin
 * @csum_offset: where from there to store the checksum
 * @num_buffers: zero; there for the layout's sake
 */
struct sio_vnet_hdr {
	__u8	flags;
	__u8	gso_type;
	__le16	hdr_len;
	__le16	gso_size;
	__le16	csum_start;
	__le16	csum_offset;
	__le16	num_buffers;
};

static_assert(sizeof(struct sio_vnet_hdr) == 12);

/**
 * struct sio_rec_packet - a packet of a virtual NIC; the frame follows
 * @rec: type SIO_REC_PACKET; SIO_REC_F_CONT: @vnet is zero
 * @vnet: what the receiver still has to do to it
 */
struct sio_rec_packet {
	struct sio_rec_hdr	rec;
	struct sio_vnet_hdr	vnet;
};

static_assert(sizeof(struct sio_rec_packet) == 20);

/**
 * struct sio_msg_hello - clear part of HELLO, the Noise prologue
 * @name: the guest's name, zero padded, the last byte zero
 * @offered: feature bits this guest has
 * @required: those it will not do without, a subset
 * @insecure: 1 if the pre-shared key is all zero by the administrator's wish
 * @reserved: zero
 *
 * Noise message 1 follows: 32 bytes ephemeral key, then struct sio_hello_info
 * under the pre-shared key, then its tag.
 */
struct sio_msg_hello {
	__u8	name[SIO_NAME_LEN];
	__le64	offered;
	__le64	required;
	__u8	insecure;
	__u8	reserved[7];
};

static_assert(sizeof(struct sio_msg_hello) == 56);

/**
 * struct sio_hello_info - what both sides tell of themselves, inside Noise
 * @instance: drawn when this side's session was made, kept while it lives
 * @boot: drawn when this side's module was loaded
 * @features: guest: as offered; back-end: the ones agreed on
 * @epoch: guest: last epoch it knew; back-end: the one that WELCOME begins
 * @msg_max: longest message in bytes this side can take
 * @ctl_bytes: credit for control requests without answer, in bytes
 * @mss: longest segment payload this side's link carries, in bytes
 * @ctl_slots: slots granted for control requests
 * @flows: flows wanted, or granted
 * @reserved: zero
 */
struct sio_hello_info {
	__u8	instance[SIO_ID_LEN];
	__u8	boot[SIO_ID_LEN];
	__le64	features;
	__le32	epoch;
	__le32	msg_max;
	__le32	ctl_bytes;
	__le16	mss;
	__le16	ctl_slots;
	__le16	flows;
	__u8	reserved[6];
};

static_assert(sizeof(struct sio_hello_info) == 64);

/* Noise message 1 and 2: e, then the sealed struct sio_hello_info */
#define SIO_NOISE_MSG_LEN \
	(SIO_DH_LEN + sizeof(struct sio_hello_info) + SIO_TAG_LEN)

/**
 * struct sio_msg_confirm - the guest has the keys and has proved the path
 * @mss: segment payload in bytes that the path was found to carry
 * @reserved: zero
 */
struct sio_msg_confirm {
	__le16	mss;
	__u8	reserved[6];
};

static_assert(sizeof(struct sio_msg_confirm) == 8);

/**
 * enum sio_refuse - why a side will not go on
 * @SIO_REFUSE_KEY: name unknown, or the key is wrong; which is not said
 * @SIO_REFUSE_KEY_NEEDED: one side has a key, the other came without
 * @SIO_REFUSE_VERSION: other protocol version, @detail is the refuser's
 * @SIO_REFUSE_FEATURE: @detail has the required bits the refuser lacks
 * @SIO_REFUSE_CLONE: another instance under this name answers
 * @SIO_REFUSE_BUSY: no room
 * @SIO_REFUSE_STALE: JOIN or CONFIRM of an epoch that is over
 * @SIO_REFUSE_MTU: path too narrow, @detail is what it carries
 */
enum sio_refuse {
	SIO_REFUSE_KEY		= 1,
	SIO_REFUSE_KEY_NEEDED	= 2,
	SIO_REFUSE_VERSION	= 3,
	SIO_REFUSE_FEATURE	= 4,
	SIO_REFUSE_CLONE	= 5,
	SIO_REFUSE_BUSY		= 6,
	SIO_REFUSE_STALE	= 7,
	SIO_REFUSE_MTU		= 8,

	/* private: */
	SIO_REFUSE_NR		= 9
};

/**
 * struct sio_msg_refuse - why not
 * @detail: depends on @why
 * @why: one of enum sio_refuse
 * @reserved: zero
 *
 * When it comes unsealed it is a hint: it explains, and fails nothing.
 */
struct sio_msg_refuse {
	__le64	detail;
	__u8	why;
	__u8	reserved[7];
};

static_assert(sizeof(struct sio_msg_refuse) == 16);

/**
 * struct sio_msg_join - one more flow for a session
 * @name: the guest's name, zero padded, the last byte zero
 * @epoch: of the session, must be the current one
 * @flow: index of the flow, 1 to flows - 1
 * @reserved: zero
 * @nonce: drawn for this dial; both ends' go into the flow's keys
 * @mac: BLAKE2s-128 over everything before it, and in JOIN_ACK the guest's
 *	nonce, keyed with the session's join secret
 */
struct sio_msg_join {
	__u8	name[SIO_NAME_LEN];
	__le32	epoch;
	__le16	flow;
	__le16	reserved;
	__u8	nonce[SIO_DH_LEN];
	__u8	mac[SIO_TAG_LEN];
};

static_assert(sizeof(struct sio_msg_join) == 88);

/**
 * enum sio_ctl_op - control requests
 * @SIO_CTL_PING: nothing; answered
 * @SIO_CTL_GOODBYE: either way: the sender leaves; struct sio_msg_ctl.arg is 1
 *	if it means to come back
 * @SIO_CTL_DEVS: back-end: records SIO_REC_DEV, SIO_REC_BLK and
 *	SIO_REC_DEV_GONE, each the state wanted; answer: one SIO_REC_DEV_STATUS
 *	each, same order
 * @SIO_CTL_NIC_MODE: guest: one SIO_REC_NIC_MODE, the whole state wanted
 * @SIO_CTL_BLK_DONE: back-end, before a goodbye: records SIO_REC_BLK_DONE: what
 *	was executed; nothing else was, or will be
 */
enum sio_ctl_op {
	SIO_CTL_PING		= 1,
	SIO_CTL_GOODBYE		= 2,
	SIO_CTL_DEVS		= 3,
	SIO_CTL_NIC_MODE	= 4,
	SIO_CTL_BLK_DONE	= 5,

	/* private: */
	SIO_CTL_NR		= 6
};

/**
 * struct sio_msg_ctl - begins the body of CTL_REQ and CTL_RSP
 * @op: one of enum sio_ctl_op
 * @status: answer: 0 or a positive errno of Linux' generic list; else 0
 * @arg: depends on @op
 * @reserved: zero
 */
struct sio_msg_ctl {
	__le16	op;
	__le16	status;
	__le16	arg;
	__le16	reserved;
};

static_assert(sizeof(struct sio_msg_ctl) == 8);

/* Bits of SIO_CTL_DEVS' argument */
#define SIO_DEVS_COMPLETE	0x01	/* what is not in the list is gone */
#define SIO_DEVS_ASK		0x02	/* may it go? EBUSY if it is in use */

/* Longest control body, struct sio_msg_ctl included */
#define SIO_CTL_LEN_MAX		16384

/* Control slots either side grants, and bytes it will hold for them */
#define SIO_CTL_SLOTS		8
#define SIO_CTL_BYTES		(2 * SIO_CTL_LEN_MAX)

/* Bits of sio_rec_dev.offloads: what packets of the NIC may still need */
#define SIO_NIC_CSUM		0x01
#define SIO_NIC_TSO4		0x02
#define SIO_NIC_TSO6		0x04
#define SIO_NIC_USO		0x08
#define SIO_NIC_ECN		0x10
#define SIO_NIC_ALL		0x1f

/* Bits of sio_rec_dev.flags; those a guest does not know mean nothing to it */
#define SIO_DEV_F_ANY_MAC	0x01	/* it may send from any address */

/**
 * struct sio_rec_dev - a device as its guest shall have it
 * @rec: type SIO_REC_DEV
 * @dev: handle, not 0
 * @gen: generation of the handle
 * @dev_type: one of enum sio_dev_type
 * @carrier: 1 if the port has carrier
 * @queues: transmit queues worth having, 1 or more
 * @mtu: bytes without the Ethernet header; NIC only
 * @offloads: SIO_NIC bits the back-end's port can finish; NIC only
 * @mac: assigned address; NIC only
 * @flags: SIO_DEV_F bits
 * @name: zero padded, the last byte zero
 * @uuid: stays with the device for life
 */
struct sio_rec_dev {
	struct sio_rec_hdr	rec;
	__le32	dev;
	__le32	gen;
	__u8	dev_type;
	__u8	carrier;
	__le16	queues;
	__le32	mtu;
	__le32	offloads;
	__u8	mac[SIO_MAC_LEN];
	__le16	flags;
	__u8	name[SIO_NAME_LEN];
	__u8	uuid[SIO_UUID_LEN];
};

static_assert(sizeof(struct sio_rec_dev) == 84);

/**
 * struct sio_rec_dev_id - names a device, and nothing else
 * @rec: type SIO_REC_DEV_GONE
 * @dev: handle
 * @gen: generation
 */
struct sio_rec_dev_id {
	struct sio_rec_hdr	rec;
	__le32	dev;
	__le32	gen;
};

static_assert(sizeof(struct sio_rec_dev_id) == 16);

/**
 * struct sio_rec_dev_status - what became of a record of SIO_CTL_DEVS
 * @rec: type SIO_REC_DEV_STATUS
 * @dev: handle
 * @gen: generation
 * @status: 0, or a positive errno of Linux' generic list
 */
struct sio_rec_dev_status {
	struct sio_rec_hdr	rec;
	__le32	dev;
	__le32	gen;
	__le32	status;
};

static_assert(sizeof(struct sio_rec_dev_status) == 20);

/* Bits of sio_rec_nic_mode.flags */
#define SIO_NIC_F_OPEN		0x01	/* the guest has it up */
#define SIO_NIC_F_PROMISC	0x02	/* wants every frame the port sees */
#define SIO_NIC_F_ALLMULTI	0x04	/* wants all multicast */
#define SIO_NIC_F_ALL		0x07

/* Most addresses, and most VLANs, of one SIO_REC_NIC_MODE */
#define SIO_NIC_ADDRS_MAX	512
#define SIO_NIC_VLANS_MAX	1024

/**
 * struct sio_rec_nic_mode - what a guest's NIC wants to receive
 * @rec: type SIO_REC_NIC_MODE
 * @dev: handle
 * @gen: generation
 * @flags: SIO_NIC_F bits
 * @mtu: the guest's MTU in bytes
 * @nr_addrs: addresses that follow, SIO_MAC_LEN bytes each
 * @nr_vlans: VLAN ids that follow those, __le16 each, 1 to 4094
 * @mac: its primary address
 * @reserved: zero
 */
struct sio_rec_nic_mode {
	struct sio_rec_hdr	rec;
	__le32	dev;
	__le32	gen;
	__le32	flags;
	__le32	mtu;
	__le16	nr_addrs;
	__le16	nr_vlans;
	__u8	mac[SIO_MAC_LEN];
	__le16	reserved;
};

static_assert(sizeof(struct sio_rec_nic_mode) == 36);

/* Bytes of a sector, the unit of offsets and sizes of disks */
#define SIO_SECTOR		512

/* Longest disk request in bytes, and the unit in which its parts are cut */
#define SIO_BLK_LEN_MAX		(4U << 20)
#define SIO_BLK_PART		4096U

/* Bits of sio_rec_blk.flags: what a disk is, and what it can do */
#define SIO_BLK_F_READ_ONLY	0x01
#define SIO_BLK_F_CACHE		0x02	/* volatile: flush and FUA count */
#define SIO_BLK_F_DISCARD	0x04
#define SIO_BLK_F_ZEROES	0x08	/* write zeroes */
#define SIO_BLK_F_ROTATIONAL	0x10
#define SIO_BLK_F_CRC		0x20	/* its messages have SIO_MSG_F_CRC */
#define SIO_BLK_F_ALL		0x3f

/**
 * struct sio_rec_blk - a disk as its guest shall have it
 * @dev: what all devices have; type SIO_REC_BLK, dev_type SIO_DEV_BLK; @slots
 *	are divided among its queues in equal parts
 * @sectors: capacity
 * @flags: SIO_BLK_F bits
 * @block: logical block in bytes, a power of two, 512 to 4096
 * @phys_block: physical block in bytes, a power of two, @block or more
 * @io_min: smallest request that is worth it, in bytes, 0 if unknown
 * @io_opt: best length of a request in bytes, 0 if unknown
 * @len_max: longest read or write in bytes, a multiple of SIO_BLK_PART, at
 *	most SIO_BLK_LEN_MAX
 * @discard_max: sectors of one discard, 0 if there is none
 * @discard_align: granularity of discards in bytes
 * @zeroes_max: sectors of one write zeroes, 0 if there is none
 * @unasked: bytes of data that may be on their way without having been asked
 *	for by SIO_MSG_BLK_PULL, for each queue
 * @slots: request slots of all queues, numbered from 0
 * @reserved: zero
 */
struct sio_rec_blk {
	struct sio_rec_dev	dev;
	__le32	flags;
	__le64	sectors;
	__le32	block;
	__le32	phys_block;
	__le32	io_min;
	__le32	io_opt;
	__le32	len_max;
	__le32	discard_max;
	__le32	discard_align;
	__le32	zeroes_max;
	__le32	unasked;
	__le16	slots;
	__le16	reserved;
};

static_assert(sizeof(struct sio_rec_blk) == 136);

/**
 * enum sio_blk_op - disk requests, numbers as in virtio 1.2, 5.2.6
 * @SIO_BLK_READ: VIRTIO_BLK_T_IN
 * @SIO_BLK_WRITE: VIRTIO_BLK_T_OUT
 * @SIO_BLK_FLUSH: VIRTIO_BLK_T_FLUSH: covers every write answered before it
 * @SIO_BLK_DISCARD: VIRTIO_BLK_T_DISCARD
 * @SIO_BLK_ZEROES: VIRTIO_BLK_T_WRITE_ZEROES
 */
enum sio_blk_op {
	SIO_BLK_READ		= 0,
	SIO_BLK_WRITE		= 1,
	SIO_BLK_FLUSH		= 4,
	SIO_BLK_DISCARD		= 11,
	SIO_BLK_ZEROES		= 13,

	/* private: */
	SIO_BLK_NR		= 14
};

/* Bits of sio_rec_blk_req.flags */
#define SIO_BLK_REQ_F_FUA	0x01	/* a write: on the medium when answered */
#define SIO_BLK_REQ_F_UNMAP	0x02	/* zeroes: blocks may be deallocated */
#define SIO_BLK_REQ_F_ALL	0x03

/**
 * struct sio_rec_blk_req - a disk request
 * @rec: type SIO_REC_BLK_REQ
 * @sector: first one, 0 for a flush
 * @len: bytes it is about, 0 for a flush
 * @skip: a read: bytes from its beginning on that have arrived already, a
 *	multiple of SIO_BLK_PART; else 0
 * @op: one of enum sio_blk_op
 * @flags: SIO_BLK_REQ_F bits
 * @reserved: zero
 * @reserved2: zero
 *
 * A write is followed by the first of its data, as much as the record holds,
 * a multiple of SIO_BLK_PART or all of it. The rest is asked for. A request
 * that is sent again need not bring any.
 */
struct sio_rec_blk_req {
	struct sio_rec_hdr	rec;
	__le64	sector;
	__le32	len;
	__le32	skip;
	__u8	op;
	__u8	flags;
	__le16	reserved;
	__le32	reserved2;
};

static_assert(sizeof(struct sio_rec_blk_req) == 32);

/**
 * enum sio_blk_status - what became of a disk request; 0 to 2 as in virtio
 * @SIO_BLK_S_OK: done
 * @SIO_BLK_S_IOERR: failed
 * @SIO_BLK_S_UNSUPP: the disk cannot do that
 * @SIO_BLK_S_RANGE: beyond the end of the disk
 * @SIO_BLK_S_READ_ONLY: a write to a disk that is read-only
 * @SIO_BLK_S_NOSPC: no space left in what the disk is made of
 * @SIO_BLK_S_MEDIUM: the medium has lost that block
 * @SIO_BLK_S_GONE: the disk's device is not there any more
 */
enum sio_blk_status {
	SIO_BLK_S_OK		= 0,
	SIO_BLK_S_IOERR		= 1,
	SIO_BLK_S_UNSUPP	= 2,
	SIO_BLK_S_RANGE		= 16,
	SIO_BLK_S_READ_ONLY	= 17,
	SIO_BLK_S_NOSPC		= 18,
	SIO_BLK_S_MEDIUM	= 19,
	SIO_BLK_S_GONE		= 20,
};

/**
 * struct sio_rec_blk_rsp - answer to a disk request, or a part of one
 * @rec: type SIO_REC_BLK_RSP
 * @off: a read: where in the request the data that follow belong, a multiple of
 *	SIO_BLK_PART
 * @status: one of enum sio_blk_status; no data follow an error
 * @reserved: zero
 *
 * A read is answered when each of its bytes has arrived, in whatever order.
 */
struct sio_rec_blk_rsp {
	struct sio_rec_hdr	rec;
	__le32	off;
	__u8	status;
	__u8	reserved[3];
};

static_assert(sizeof(struct sio_rec_blk_rsp) == 16);

/**
 * struct sio_rec_blk_span - a part of the data of a write
 * @rec: type SIO_REC_BLK_SPAN
 * @off: where in the request it begins, a multiple of SIO_BLK_PART
 * @len: its bytes, a multiple of SIO_BLK_PART unless it reaches the end; in
 *	SIO_MSG_BLK_DATA the bytes that follow
 */
struct sio_rec_blk_span {
	struct sio_rec_hdr	rec;
	__le32	off;
	__le32	len;
};

static_assert(sizeof(struct sio_rec_blk_span) == 16);

/* arg of SIO_CTL_BLK_DONE: all that was answered is on the medium */
#define SIO_BLK_DONE_FLUSHED	0x01

/**
 * struct sio_blk_done - what became of the last request of a slot
 * @slot_seq: its sequence number
 * @slot: the slot
 * @status: enum sio_blk_status
 * @reserved: zero
 */
struct sio_blk_done {
	__le32	slot_seq;
	__le16	slot;
	__u8	status;
	__u8	reserved;
};

static_assert(sizeof(struct sio_blk_done) == 8);

/**
 * struct sio_rec_blk_done - what was executed for a disk, except reads
 * @rec: type SIO_REC_BLK_DONE
 * @dev: handle
 * @gen: generation
 *
 * As many struct sio_blk_done follow as the record holds.
 */
struct sio_rec_blk_done {
	struct sio_rec_hdr	rec;
	__le32	dev;
	__le32	gen;
};

static_assert(sizeof(struct sio_rec_blk_done) == 16);

/* Feature bits, sio_msg_hello.offered */
#define SIO_FEAT_NIC		BIT_ULL(0)	/* virtual NICs */
#define SIO_FEAT_BLK		BIT_ULL(1)	/* disks */
#define SIO_FEAT_CRC		BIT_ULL(2)	/* SIO_MSG_F_CRC on disks */
#define SIO_FEAT_SEALED		BIT_ULL(3)	/* data sealed as well */
#define SIO_FEAT_FLOWS		BIT_ULL(4)	/* more than one flow */

/* What this release does, and what it cannot do without */
#define SIO_FEAT_OURS		(SIO_FEAT_NIC | SIO_FEAT_BLK | SIO_FEAT_CRC | \
				 SIO_FEAT_FLOWS)
#define SIO_FEAT_REQUIRED	0ULL

#endif /* SIO_WIRE_H */
