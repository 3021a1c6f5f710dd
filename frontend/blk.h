/* SPDX-License-Identifier: GPL-2.0 */
/* A disk: a blk-mq device whose other side is a session. */
#ifndef SIO_FE_BLK_H
#define SIO_FE_BLK_H

#include <linux/blk-mq.h>
#include <linux/hrtimer.h>
#include <linux/workqueue.h>

#include "proto/req.h"
#include "proto/rtt.h"
#include "proto/session.h"
#include "proto/slot.h"
#include "proto/trace.h"

struct sio_fe_dev;
struct sio_fe_disk;

/* Parts a request can consist of */
#define SIO_FE_PARTS_MAX	(SIO_BLK_LEN_MAX / SIO_BLK_PART)

/* One slot in so many has no tag: it is there when another is in quarantine */
#define SIO_FE_SLOTS_PER_SPARE	9

/* Shortest, and longest time to wait for an answer */
#define SIO_FE_RTO_US		10000U
#define SIO_FE_RTO_BUSY_US	100000U
#define SIO_FE_RTO_MAX_US	1000000U

/* Most queues of a disk */
#define SIO_FE_QUEUES_MAX	64

/**
 * struct sio_fe_req - what a request has beside its struct request
 * @disk: whose
 * @node: in its queue's list of requests to be sent, or of dying ones
 * @slot: its slot in the queue
 * @status: how it ended
 * @is_dying: ends without an answer, once no frame refers to its pages
 * @nr_frames: frames that refer to its pages
 * @sent: where its last messages are in their flow
 * @wants_req: the request itself is to be sent
 * @wants_data: the first of its data with it
 * @rto_us: how long to wait for an answer
 * @sent_us: when it was sent for the first time in this epoch
 * @is_known: the peer has said that it came
 * @tries: sendings in this epoch
 * @pull_off: next byte of a write to send, of those asked for
 * @pull_end: byte after the last of those
 * @mark: a flush: writes that were answered before it
 * @got: parts of a read that are here
 */
struct sio_fe_req {
	struct sio_fe_disk *disk;
	struct list_head node;
	int slot;
	blk_status_t status;
	bool is_dying;
	atomic_t nr_frames;
	struct sio_req_sent sent;
	bool wants_req;
	bool wants_data;
	u32 rto_us;
	u64 sent_us;
	bool is_known;
	unsigned int tries;
	u32 pull_off;
	u32 pull_end;
	u64 mark;
	DECLARE_BITMAP(got, SIO_FE_PARTS_MAX);
};

/**
 * struct sio_fe_blk_stats - requests of a queue
 * @reads: answered
 * @read_bytes: of them
 * @writes: answered
 * @write_bytes: of them
 * @flushes: answered
 * @discards: discards and write zeroes answered
 * @errors: requests that failed
 * @resent: requests sent again
 * @waited: time from a request's start to its answer
 */
struct sio_fe_blk_stats {
	u64 reads;
	u64 read_bytes;
	u64 writes;
	u64 write_bytes;
	u64 flushes;
	u64 discards;
	u64 errors;
	u64 resent;
	struct sio_hist waited;
};

/**
 * struct sio_fe_blkq - a queue of a disk
 * @disk: whose
 * @idx: its number, chooses the flow
 * @lock: protects all below
 * @base: number of its first slot on the wire
 * @epoch: in which requests may be sent, 0 for none
 * @slots: requests by slot
 * @mem: memory of @slots
 * @unsent: requests that have something to send when there is room
 * @dying: requests that end once their frames are gone
 * @rtt: how long answers take; slow is not lost
 * @timer: sends what is due
 * @armed_us: when @timer runs, SIO_SLOT_NEVER if it does not
 * @stats: what became of its requests
 */
struct sio_fe_blkq {
	struct sio_fe_disk *disk;
	u16 idx;
	spinlock_t lock;	/* protects all below */
	u16 base;
	u32 epoch;
	struct sio_slot_client slots;
	struct sio_slot *mem;
	struct list_head unsent;
	struct list_head dying;
	struct sio_rtt rtt;
	struct hrtimer timer;
	u64 armed_us;
	struct sio_fe_blk_stats stats;
} ____cacheline_aligned_in_smp;

/* What the work item of a disk has to do */
#define SIO_FE_DISK_ADD		0	/* make it known to the system */
#define SIO_FE_DISK_GROW	1	/* tell the system of its size */
#define SIO_FE_DISK_DEL		2	/* take it away */

/**
 * struct sio_fe_disk - a disk
 * @dev: its device; held until the disk is deleted
 * @sess: @dev's, for the fast path
 * @set: tags
 * @gd: the disk
 * @index: number in its name
 * @todo: SIO_FE_DISK bits, for @work
 * @work: may take long, so nobody waits for it but who unloads the module
 * @end_work: ends requests whose frames are gone
 * @is_announced: @work was told to add it
 * @is_added: @gd is known to the system; @work
 * @is_gone: requests fail at once; READ_ONCE()
 * @is_failing: the same, until the session is up again
 * @rec: as announced; the device's session's mutex
 * @sectors: wanted size
 * @handle: on the wire; changes while no queue has an epoch
 * @gen: generation of @handle
 * @peer_nr: of the peer that knows its slots; session's mutex
 * @on_loss: enum sio_on_loss
 * @on_loss_s: seconds before requests fail
 * @loss_work: lets them fail
 * @nr_written: writes answered that may be in a volatile cache
 * @nr_flushed: of those, the ones that are not any more
 * @has_lost: some are lost, and nobody was told
 * @is_orderly: the peer flushed its cache before it went
 * @wrong: enum sio_disk_wrong; session's mutex
 * @nr_frames: frames that refer to pages of requests
 * @no_frames: woken when there are none
 * @reserves: socket that lets what is received into the reserves of memory
 * @nr_queues: entries of @queues
 * @queues: one for each hardware queue
 */
struct sio_fe_disk {
	struct sio_fe_dev *dev;
	struct sio_session *sess;
	struct blk_mq_tag_set set;
	struct gendisk *gd;
	int index;
	unsigned long todo;
	struct work_struct work;
	struct work_struct end_work;
	bool is_announced;
	bool is_added;
	bool is_gone;
	bool is_failing;
	struct sio_rec_blk rec;
	u64 sectors;
	u32 handle;
	u32 gen;
	u32 peer_nr;
	u8 on_loss;
	u32 on_loss_s;
	struct delayed_work loss_work;
	atomic64_t nr_written;
	atomic64_t nr_flushed;
	bool has_lost;
	bool is_orderly;
	u8 wrong;
	atomic_t nr_frames;
	wait_queue_head_t no_frames;
	struct socket *reserves;
	unsigned int nr_queues;
	struct sio_fe_blkq *queues;
};

/* blk.c */
int sio_fe_blk_init(void);
void sio_fe_blk_exit(void);
void sio_fe_blk_end_soon(struct sio_fe_disk *disk);
void sio_fe_disk_set_on_loss(struct sio_fe_disk *disk, u8 on_loss, u32 s);
void sio_fe_disk_give_up(struct sio_fe_disk *disk);
void sio_fe_disk_abort(struct sio_fe_disk *disk);

/* Cookies of disks among those of the net devices */
#define SIO_FE_COOKIE_BLK	1UL

static inline bool sio_fe_blk_is_cookie(const void *cookie)
{
	return (unsigned long)cookie & SIO_FE_COOKIE_BLK;
}

static inline u64 sio_fe_now_us(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_USEC);
}

static inline struct sio_fe_req *sio_fe_req_of(struct request *rq)
{
	return blk_mq_rq_to_pdu(rq);
}

/**
 * struct sio_fe_span - bytes of a request
 * @rq: the request
 * @off: where they begin
 * @len: how many
 */
struct sio_fe_span {
	struct request *rq;
	u32 off;
	u32 len;
};

static inline const struct sio_rec_blk *
sio_fe_blk_rec(const struct sio_rec_dev *rec)
{
	return container_of(rec, struct sio_rec_blk, dev);
}

/* blk_judge.c */
int sio_fe_disk_judge(const struct sio_rec_dev *dev_rec);

/* blk_data.c */
int sio_fe_span_add(const struct sio_fe_span *span, struct sk_buff *skb);
void sio_fe_req_copy(struct request *rq, u32 off, const struct sk_buff *skb,
		     u32 at, u32 len);

/* Nothing is looked up unless somebody traces; the queue's lock is held */
#define sio_fe_trace(event, queue, request)				\
do {									\
	if (trace_sio_req_##event##_enabled()) {			\
		const struct sio_fe_blkq *q_ = (queue);			\
		struct sio_req_step step_;				\
									\
		__sio_fe_req_step(q_, (request), &step_);		\
		trace_sio_req_##event(q_->disk->sess, &step_);		\
	}								\
} while (0)

/* blk_tx.c */
extern const struct blk_mq_ops sio_fe_blk_mq_ops;

void __sio_fe_req_step(const struct sio_fe_blkq *q, struct request *rq,
		       struct sio_req_step *step);
int sio_fe_blkq_init(struct sio_fe_disk *disk, unsigned int idx,
		     unsigned int nr_slots, u32 unasked);
void sio_fe_blkq_exit(struct sio_fe_blkq *q);
void __sio_fe_blkq_want(struct sio_fe_blkq *q, struct sio_fe_req *req);
void __sio_fe_blkq_flush(struct sio_fe_blkq *q);
void __sio_fe_req_arm(struct sio_fe_blkq *q, struct sio_fe_req *req);
void __sio_fe_req_resend(struct sio_fe_blkq *q, struct sio_fe_req *req);

/* blk_stats.c */
void __sio_fe_blkq_account(struct sio_fe_blkq *q, const struct request *rq,
			   u64 us);
int sio_fe_disk_fill_stats(struct sk_buff *skb, const struct sio_fe_disk *disk);
unsigned int sio_fe_disk_workers(const struct sio_fe_dev *dev);
int sio_fe_disk_fill_worker(struct sk_buff *skb, const struct sio_fe_dev *dev,
			    unsigned int nr);

/* blk_rx.c */
void sio_fe_blk_rx(struct sio_session *sess, struct sk_buff *skb);
struct request *__sio_fe_blkq_answer(struct sio_fe_blkq *q, int slot,
				     u8 status);

/* blk_life.c */
void sio_fe_blk_lost(struct sio_fe_disk *disk, const struct sio_flow *flow,
		     const struct sio_seg *seg);
void sio_fe_blk_wake(struct sio_fe_disk *disk);
void sio_fe_blk_frame_done(void *cookie, u32 frames);
void sio_fe_blk_stop(struct sio_fe_disk *disk);
void sio_fe_blk_go(struct sio_fe_disk *disk, u32 epoch, bool is_new);
void sio_fe_blk_fail_all(struct sio_fe_disk *disk, blk_status_t status);
bool sio_fe_blk_fail_flushes(struct sio_fe_disk *disk, u64 flushed,
			     u64 written);
void sio_fe_blk_end_dying(struct sio_fe_disk *disk);
void sio_fe_blk_done(struct sio_fe_disk *disk, const struct sio_blk_done *done,
		     unsigned int nr);

#endif /* SIO_FE_BLK_H */
