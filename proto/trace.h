/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: frames, drops, states, and the steps of a disk's request. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM splitio

#if !defined(SIO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SIO_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "req.h"
#include "session.h"
#include "wire.h"

DECLARE_EVENT_CLASS(sio_frame,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u32, len)
		__field(u8, what)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->len = len;
		__entry->what = what;
	),
	TP_printk("ifindex=%d len=%u what=%u", __entry->ifindex, __entry->len,
		  __entry->what)
);

DEFINE_EVENT(sio_frame, sio_tx,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what)
);

DEFINE_EVENT(sio_frame, sio_rx,
	TP_PROTO(const struct net_device *dev, u32 len, u8 what),
	TP_ARGS(dev, len, what)
);

TRACE_EVENT(sio_drop,
	TP_PROTO(const struct net_device *dev, int why),
	TP_ARGS(dev, why),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(int, why)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->why = why;
	),
	TP_printk("ifindex=%d why=%d", __entry->ifindex, __entry->why)
);

TRACE_EVENT(sio_state,
	TP_PROTO(const char *name, int state, int why),
	TP_ARGS(name, state, why),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__field(int, state)
		__field(int, why)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, sizeof(__entry->name));
		__entry->state = state;
		__entry->why = why;
	),
	TP_printk("session=%s state=%d why=%d", __entry->name, __entry->state,
		  __entry->why)
);

/*
 * The steps of a disk's request, in the order in which they come. One request
 * is known by its session, device, slot and slot sequence on both machines:
 *
 *   guest      sio_req_queue     has a slot: the system's queue gave it to us
 *              sio_req_tx        a message of it (BLK_REQ) goes out
 *   back-end   sio_req_rx        that message came and is believed
 *              sio_req_receive   is new, and will be executed or refused
 *              sio_req_take      a worker has it; once more if it was held
 *              sio_req_pull      asks for data to write, messages follow
 *              sio_req_submit    bios go to the block device
 *              sio_req_end       the last bio has ended, status is known
 *              sio_req_answer    the last of the answer is about to leave
 *              sio_req_tx        a message of it (BLK_RSP) goes out
 *   guest      sio_req_rx        that message came and is believed
 *              sio_req_complete  the answer is whole, status is known
 *
 * and when something goes wrong:
 *
 *   guest      sio_req_resend    goes out again: lost, late, or reconnected
 *              sio_req_quarantine  ended without an answer; its slot is kept
 *   back-end   sio_req_replay    was executed: its answer goes out again
 *              sio_req_cancel    not begun when the guest or its epoch went
 *              sio_fence         an epoch begins, which waits for older requests
 */
TRACE_DEFINE_ENUM(SIO_BLK_READ);
TRACE_DEFINE_ENUM(SIO_BLK_WRITE);
TRACE_DEFINE_ENUM(SIO_BLK_FLUSH);
TRACE_DEFINE_ENUM(SIO_BLK_DISCARD);
TRACE_DEFINE_ENUM(SIO_BLK_ZEROES);
TRACE_DEFINE_ENUM(SIO_MSG_BLK_REQ);
TRACE_DEFINE_ENUM(SIO_MSG_BLK_RSP);
TRACE_DEFINE_ENUM(SIO_MSG_BLK_BUSY);
TRACE_DEFINE_ENUM(SIO_MSG_BLK_PULL);
TRACE_DEFINE_ENUM(SIO_MSG_BLK_DATA);

/*
 * Fields: session, the guest's name; dev, handle of the device; slot, seq, its
 * slot and slot sequence; op; sector, its first, of 512 bytes; bytes, its
 * length; status, as in struct sio_req_step.
 */
DECLARE_EVENT_CLASS(sio_req,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req),
	TP_STRUCT__entry(
		__array(char, session, SIO_NAME_LEN)
		__field(u64, sector)
		__field(u32, dev)
		__field(u32, seq)
		__field(u32, bytes)
		__field(u16, slot)
		__field(u8, op)
		__field(u8, status)
	),
	TP_fast_assign(
		strscpy(__entry->session, sess->name, SIO_NAME_LEN);
		__entry->sector = req->sector;
		__entry->dev = req->dev;
		__entry->seq = req->seq;
		__entry->bytes = req->bytes;
		__entry->slot = req->slot;
		__entry->op = req->op;
		__entry->status = req->status;
	),
	TP_printk("session=%s dev=%u slot=%u seq=%u op=%s sector=%llu bytes=%u status=%u",
		  __entry->session, __entry->dev, __entry->slot, __entry->seq,
		  __print_symbolic(__entry->op,
				   { SIO_BLK_READ, "read" },
				   { SIO_BLK_WRITE, "write" },
				   { SIO_BLK_FLUSH, "flush" },
				   { SIO_BLK_DISCARD, "discard" },
				   { SIO_BLK_ZEROES, "zeroes" }),
		  __entry->sector, __entry->bytes, __entry->status)
);

DEFINE_EVENT(sio_req, sio_req_queue,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_receive,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_take,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_pull,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_submit,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_end,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_answer,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_complete,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_resend,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_quarantine,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_replay,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

DEFINE_EVENT(sio_req, sio_req_cancel,
	TP_PROTO(const struct sio_session *sess,
		 const struct sio_req_step *req),
	TP_ARGS(sess, req)
);

/*
 * Fields: session, dev, slot, seq as above; queue, of the device, chooses the
 * flow; type, of the message; bytes, its length with the header.
 */
DECLARE_EVENT_CLASS(sio_req_msg,
	TP_PROTO(const struct sio_session *sess, const struct sio_msg_hdr *hdr),
	TP_ARGS(sess, hdr),
	TP_STRUCT__entry(
		__array(char, session, SIO_NAME_LEN)
		__field(u32, dev)
		__field(u32, seq)
		__field(u32, bytes)
		__field(u16, slot)
		__field(u16, queue)
		__field(u8, type)
	),
	TP_fast_assign(
		strscpy(__entry->session, sess->name, SIO_NAME_LEN);
		__entry->dev = le32_to_cpu(hdr->dev);
		__entry->seq = le32_to_cpu(hdr->slot_seq);
		__entry->bytes = le32_to_cpu(hdr->len);
		__entry->slot = le16_to_cpu(hdr->slot);
		__entry->queue = le16_to_cpu(hdr->queue);
		__entry->type = hdr->type;
	),
	TP_printk("session=%s dev=%u slot=%u seq=%u type=%s queue=%u bytes=%u",
		  __entry->session, __entry->dev, __entry->slot, __entry->seq,
		  __print_symbolic(__entry->type,
				   { SIO_MSG_BLK_REQ, "request" },
				   { SIO_MSG_BLK_RSP, "response" },
				   { SIO_MSG_BLK_BUSY, "busy" },
				   { SIO_MSG_BLK_PULL, "pull" },
				   { SIO_MSG_BLK_DATA, "data" }),
		  __entry->queue, __entry->bytes)
);

DEFINE_EVENT(sio_req_msg, sio_req_tx,
	TP_PROTO(const struct sio_session *sess, const struct sio_msg_hdr *hdr),
	TP_ARGS(sess, hdr)
);

DEFINE_EVENT(sio_req_msg, sio_req_rx,
	TP_PROTO(const struct sio_session *sess, const struct sio_msg_hdr *hdr),
	TP_ARGS(sess, hdr)
);

/*
 * Fields: session, dev as above; epoch, the one that begins; waits, requests of
 * older ones that the block device has still.
 */
TRACE_EVENT(sio_fence,
	TP_PROTO(const struct sio_session *sess, u32 dev, u32 epoch, u32 waits),
	TP_ARGS(sess, dev, epoch, waits),
	TP_STRUCT__entry(
		__array(char, session, SIO_NAME_LEN)
		__field(u32, dev)
		__field(u32, epoch)
		__field(u32, waits)
	),
	TP_fast_assign(
		strscpy(__entry->session, sess->name, SIO_NAME_LEN);
		__entry->dev = dev;
		__entry->epoch = epoch;
		__entry->waits = waits;
	),
	TP_printk("session=%s dev=%u epoch=%u waits=%u", __entry->session,
		  __entry->dev, __entry->epoch, __entry->waits)
);

#endif /* SIO_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
