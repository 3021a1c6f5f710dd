/* SPDX-License-Identifier: GPL-2.0 */
/* Pseudo-TCP/IPv4 headers: taken apart and put together, bytes only. */
#ifndef SIO_FRAME_H
#define SIO_FRAME_H

#include <linux/types.h>

#include "stats.h"
#include "wire.h"

/* Most SACK blocks beside the timestamps (RFC 2018, 3) */
#define SIO_SACK_MAX		3

/* Most bytes of pseudo-TCP options that are built */
#define SIO_OPT_LEN_MAX		40

/* Flags of a segment, as in byte 13 of the TCP header */
#define SIO_TCP_FIN		0x01
#define SIO_TCP_SYN		0x02
#define SIO_TCP_RST		0x04
#define SIO_TCP_PSH		0x08
#define SIO_TCP_ACK		0x10

/**
 * struct sio_sack_block - one block of a SACK option, in sequence numbers
 * @left: first byte received
 * @right: the byte after the last one
 */
struct sio_sack_block {
	u32 left;
	u32 right;
};

/**
 * struct sio_seg - what the headers of a pseudo-TCP frame say
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 * @seq: sequence number of the first byte
 * @ack: acknowledgment number, if SIO_TCP_ACK
 * @tsval: timestamp value: sequence number, shifted, where the message starts
 * @tsecr: timestamp echoed
 * @window: as on the wire, unscaled
 * @mss: of a SYN, 0 if it had none
 * @flags: SIO_TCP bits
 * @wscale: of a SYN, 0xff if it had none
 * @has_ts: the timestamps option was there
 * @may_sack: SYN: SACK is permitted
 * @nr_sacks: valid entries of @sacks
 * @sacks: SACK blocks
 * @hdr_len: bytes of the IPv4 and TCP headers with options
 * @len: bytes of payload
 */
struct sio_seg {
	__be32 saddr;
	__be32 daddr;
	__be16 sport;
	__be16 dport;
	u32 seq;
	u32 ack;
	u32 tsval;
	u32 tsecr;
	u16 window;
	u16 mss;
	u8 flags;
	u8 wscale;
	bool has_ts;
	bool may_sack;
	u8 nr_sacks;
	struct sio_sack_block sacks[SIO_SACK_MAX];
	u32 hdr_len;
	u32 len;
};

enum sio_cnt sio_frame_parse(const void *data, u32 linear, u32 total,
			     struct sio_seg *seg);
u32 sio_frame_hdr_len(const struct sio_seg *seg);
void sio_frame_build(void *data, const struct sio_seg *seg, u16 ip_id);

#endif /* SIO_FRAME_H */
