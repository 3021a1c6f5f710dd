/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of the request class: made, sent, and taken apart so far. */
#ifndef SIO_REQ_H
#define SIO_REQ_H

#include <linux/types.h>

#include "wire.h"

struct sio_flow;
struct sio_seg;
struct sio_session;
struct sk_buff;

/* What precedes the data of a message: its header and the longest record */
#define SIO_REQ_HDR_LEN \
	(sizeof(struct sio_msg_hdr) + sizeof(struct sio_rec_blk_req))

/* Pages a message refers to; more are copied */
#define SIO_REQ_PAGES		16

/* Most data of one message, in bytes */
#define SIO_REQ_DATA_MAX	((SIO_REQ_PAGES - 1) * SIO_BLK_PART)

/**
 * struct sio_req_to - which request a message is about
 * @dev: handle
 * @gen: its generation
 * @epoch: in which the message has its meaning; it is not sent in another
 * @slot_seq: sequence number in @slot
 * @slot: of the request
 * @queue: of the device; chooses the flow
 * @has_crc: both ends want a CRC32C
 */
struct sio_req_to {
	u32 dev;
	u32 gen;
	u32 epoch;
	u32 slot_seq;
	u16 slot;
	u16 queue;
	bool has_crc;
};

/**
 * struct sio_req_sent - where in its flow a message went, to notice its loss
 * @epoch: of the session, 0 for a message that was not sent
 * @flow: index of the flow
 * @left: sequence number of its first byte
 * @right: sequence number after its last
 */
struct sio_req_sent {
	u32 epoch;
	u16 flow;
	u32 left;
	u32 right;
};

/**
 * struct sio_req_step - a request at one of its steps, for the tracepoints
 * @dev: handle of its device
 * @seq: sequence number in @slot
 * @slot: its slot
 * @op: enum sio_blk_op
 * @status: enum sio_blk_status at the back-end, blk_status_t in the guest; 0
 *	while nothing is wrong
 * @sector: first one
 * @bytes: how long it is
 */
struct sio_req_step {
	u32 dev;
	u32 seq;
	u16 slot;
	u8 op;
	u8 status;
	u64 sector;
	u32 bytes;
};

struct sk_buff *sio_req_alloc(u8 type, u8 rec_type, u32 rec_len, u32 data_len);
bool sio_req_is_blocked(struct sio_session *sess, u16 queue);
u32 sio_req_rto_us(struct sio_session *sess, u16 queue);
u32 sio_req_data_max(struct sio_session *sess, u16 queue);
int sio_req_send(struct sio_session *sess, const struct sio_req_to *to,
		 struct sk_buff *skb, void *cookie, struct sio_req_sent *sent);
bool sio_req_is_lost(const struct sio_req_sent *sent,
		     const struct sio_flow *flow, const struct sio_seg *seg);
void sio_req_rx(struct sio_session *sess, struct sio_flow *flow,
		struct sk_buff *skb);

#endif /* SIO_REQ_H */
