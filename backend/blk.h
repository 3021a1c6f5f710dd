/* SPDX-License-Identifier: GPL-2.0 */
/* A disk: requests of a guest, served by a block device of this machine. */
#ifndef SIO_BE_BLK_H
#define SIO_BE_BLK_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/llist.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>

#include "be.h"
#include "proto/req.h"
#include "proto/trace.h"

/*
 * A request's life: NEW, then RECEIVED by softirq, which queues it. The disk's
 * work item takes it: it finds memory, is PULLING while data are missing, and
 * is SUBMITTED. When the last bio has ended it is ANSWERING until all of its
 * answer has been sent, and DONE. The slot table beside it knows whether it
 * runs and which sequence number it has; disk->lock covers both.
 *
 * CANCELLED is a request that waits to be taken, or whose data are just being
 * copied, when nobody wants it any more: who holds it makes it NEW again, and
 * until then its slot takes nothing.
 */
enum sio_be_req_state {
	SIO_BE_REQ_NEW,
	SIO_BE_REQ_RECEIVED,
	SIO_BE_REQ_PULLING,
	SIO_BE_REQ_SUBMITTED,
	SIO_BE_REQ_ANSWERING,
	SIO_BE_REQ_DONE,
	SIO_BE_REQ_CANCELLED,
};

/**
 * enum sio_be_req_todo - what is to be done about a request
 * @SIO_BE_REQ_TODO_QUEUE: let the worker have it
 * @SIO_BE_REQ_TODO_REFUSE: answer it, without executing it
 * @SIO_BE_REQ_TODO_BUSY: say that it takes time
 * @SIO_BE_REQ_TODO_PULL: ask for data that are missing
 * @SIO_BE_REQ_TODO_ANSWER: send its answer again
 * @SIO_BE_REQ_TODO_DROP: nothing
 */
enum sio_be_req_todo {
	SIO_BE_REQ_TODO_QUEUE,
	SIO_BE_REQ_TODO_REFUSE,
	SIO_BE_REQ_TODO_BUSY,
	SIO_BE_REQ_TODO_PULL,
	SIO_BE_REQ_TODO_ANSWER,
	SIO_BE_REQ_TODO_DROP,
};

/* Parts a request can consist of */
#define SIO_BE_PARTS_MAX	(SIO_BLK_LEN_MAX / SIO_BLK_PART)

/* Pages whose pointers a request holds itself */
#define SIO_BE_PAGES_INLINE	16

/* Slots of a queue, and most queues of a disk */
#define SIO_BE_SLOTS		144
#define SIO_BE_QUEUES_MAX	(SIO_SLOTS_MAX / SIO_BE_SLOTS)

/* Longest request offered, in bytes */
#define SIO_BE_LEN_MAX		SZ_1M

/* Memory for the data of requests of one disk, in bytes */
#define SIO_BE_MEM_MAX		(64U << 20)

/*
 * Memory that messages with first data of writes may take before anybody has
 * copied them, in bytes for each disk: about what those of all slots take. The
 * data of those beyond it are pulled, as if they had been lost.
 */
#define SIO_BE_FIRST_MAX	(128U << 20)

/* Data a guest may send unasked, in bytes, for each queue */
#define SIO_BE_UNASKED		(8U << 20)

/* Sectors of one discard or write zeroes, at most */
#define SIO_BE_ZEROES_MAX	SZ_4M

/* How long a disk may take to finish what it began before a goodbye */
#define SIO_BE_DRAIN_MS		5000

/**
 * enum sio_be_sync - what became of the flush before a goodbye
 * @SIO_BE_SYNC_NONE: there was none
 * @SIO_BE_SYNC_RUNS: the block device has it
 * @SIO_BE_SYNC_DONE: nothing is left in its cache
 * @SIO_BE_SYNC_FAILED: or perhaps something is
 */
enum sio_be_sync {
	SIO_BE_SYNC_NONE = 0,
	SIO_BE_SYNC_RUNS,
	SIO_BE_SYNC_DONE,
	SIO_BE_SYNC_FAILED,
};

/**
 * struct sio_be_data - what a request holds, taken from it to be freed
 * @skb: message with the first data of a write, or NULL
 * @pages: the data, or NULL
 * @few: where @pages points to if there are few
 * @nr_pages: entries of @pages
 * @mem: bytes of memory its disk reckons for it
 * @first_mem: likewise for @skb
 */
struct sio_be_data {
	struct sk_buff *skb;
	struct page **pages;
	struct page *few[SIO_BE_PAGES_INLINE];
	unsigned int nr_pages;
	u32 mem;
	u32 first_mem;
};

/**
 * struct sio_be_req - the last request of a slot
 * @disk: whose
 * @node: in the queue's list, the disk's @held or its @unsent
 * @done_node: on its way from hard interrupt to softirq
 * @slot: its number
 * @queue: as the guest said, for the answer
 * @seq: sequence number
 * @peer_nr: number of the guest's incarnation whose it is
 * @fence: value of the disk's when it was submitted
 * @state: enum sio_be_req_state
 * @op: enum sio_blk_op
 * @flags: SIO_BLK_REQ_F bits
 * @status: enum sio_blk_status
 * @needs_flush: it is done when a flush has followed it
 * @is_again: a read done once more; the slot has its answer already
 * @copying: contexts that copy data of the guest into @pages
 * @sector: first one
 * @len: bytes
 * @skip: bytes of a read that the guest has
 * @sent_off: bytes of a read that are answered
 * @data: what it holds
 * @got: parts of a write that are here
 * @nr_bios: not ended yet, and one for who submits them
 * @err: of the first bio that failed
 * @sent: where the answer, or what asked for data, is in its flow
 * @born_ns: when it came
 * @submit_ns: when it was submitted
 */
struct sio_be_req {
	struct sio_be_disk *disk;
	struct list_head node;
	struct llist_node done_node;
	u16 slot;
	u16 queue;
	u32 seq;
	u32 peer_nr;
	u32 fence;
	u8 state;
	u8 op;
	u8 flags;
	u8 status;
	bool needs_flush;
	bool is_again;
	unsigned int copying;
	u64 sector;
	u32 len;
	u32 skip;
	u32 sent_off;
	struct sio_be_data data;
	DECLARE_BITMAP(got, SIO_BE_PARTS_MAX);
	atomic_t nr_bios;
	blk_status_t err;
	struct sio_req_sent sent;
	u64 born_ns;
	u64 submit_ns;
};

/**
 * struct sio_be_blk_queue - requests for one worker
 * @disk: whose
 * @work: takes them
 * @lock: protects @todo
 * @todo: requests to be taken
 */
struct sio_be_blk_queue {
	struct sio_be_disk *disk;
	struct work_struct work;
	spinlock_t lock;	/* protects todo */
	struct list_head todo;
};

/**
 * struct sio_be_blk_stats - requests of a disk on one CPU
 * @reads: answered
 * @read_bytes: of them
 * @writes: answered
 * @write_bytes: of them
 * @flushes: answered
 * @discards: discards and write zeroes answered
 * @errors: answers that were errors
 * @pulled: bytes asked for
 * @again: answers sent again
 * @served: time from a request's arrival to its answer
 * @bdev: time the block device had it
 */
struct sio_be_blk_stats {
	u64 reads;
	u64 read_bytes;
	u64 writes;
	u64 write_bytes;
	u64 flushes;
	u64 discards;
	u64 errors;
	u64 pulled;
	u64 again;
	struct sio_hist served;
	struct sio_hist bdev;
};

/**
 * struct sio_be_blk_limits - a disk as it is announced
 * @sectors: of 512 bytes; grows
 * @flags: SIO_BLK_F bits
 * @block: logical block in bytes
 * @phys_block: physical block in bytes
 * @io_min: as in struct sio_rec_blk, and so on
 * @io_opt: likewise
 * @len_max: likewise
 * @discard_max: likewise
 * @discard_align: likewise
 * @zeroes_max: likewise
 * @unasked: likewise
 * @slots: likewise
 * @queues: likewise
 */
struct sio_be_blk_limits {
	u64 sectors;
	u32 flags;
	u32 block;
	u32 phys_block;
	u32 io_min;
	u32 io_opt;
	u32 len_max;
	u32 discard_max;
	u32 discard_align;
	u32 zeroes_max;
	u32 unasked;
	u16 slots;
	u16 queues;
};

/**
 * struct sio_be_disk_param - what a disk shall be
 * @name: valid
 * @path: of the block device
 * @source: what the administrator named
 * @uuid: zero for a random one
 * @made: SIO_MADE bits
 * @key_file: of the dm-crypt device, NULL if there is none
 * @block: logical block in bytes, 0 for the device's
 * @queues: 0 for one for each CPU
 * @is_read_only: nothing can be written
 * @is_write_through: writes are on the medium when they are answered
 * @has_digest: CRC32C on all messages
 */
struct sio_be_disk_param {
	const char *name;
	const char *path;
	const char *source;
	u8 uuid[SIO_UUID_LEN];
	u32 made;
	const char *key_file;
	u32 block;
	u32 queues;
	bool is_read_only;
	bool is_write_through;
	bool has_digest;
};

/**
 * struct sio_be_blk_now - what a disk is doing
 * @held: requests that wait: for the fence, memory, data, or room in the flow
 * @in_flight: requests the block device has
 * @fenced: those of them that new ones wait for
 * @oldest_ms: age of the oldest request
 * @fence_ms: how long there is a fence already
 */
struct sio_be_blk_now {
	u32 held;
	u32 in_flight;
	u32 fenced;
	u64 oldest_ms;
	u64 fence_ms;
};

/**
 * struct sio_be_disk - an exported block device
 * @d: what all devices have
 * @path: of the block device, as given
 * @source: what the administrator named
 * @made: SIO_MADE bits
 * @key_file: of the dm-crypt device, NULL if there is none
 * @b: the block device, opened for ourselves
 * @is_write_through: writes reach the medium before they are answered
 * @block_asked: logical block the administrator asked for, or 0
 * @queues_asked: likewise
 * @limits: the disk as it is announced; @limits.sectors changes
 * @wrong: why the device is not what was announced, enum sio_disk_wrong
 * @lock: protects all from here to @unsent, and @reqs
 * @slots: what was executed
 * @served: memory of @slots
 * @reqs: one for each slot
 * @epoch: of the session whose requests are taken, 0 for none
 * @peer_nr: of the guest's incarnation whose they are
 * @is_closing: no request is taken any more
 * @is_closed: the block device is about to be free
 * @fence: counts epochs
 * @fenced: requests submitted in epochs before this one
 * @fence_ns: since when those are waited for
 * @in_flight: requests submitted
 * @busy: requests that are neither NEW nor DONE
 * @mem: bytes of memory they hold
 * @first_mem: bytes of memory the messages they came with take
 * @held: received requests that wait for the fence, or for memory
 * @unsent: requests whose answer waits for room in the flow
 * @queues: SIO_BE_QUEUES_MAX at most
 * @nr_queues: of them
 * @stats: one for each CPU
 * @watch: looks after the device's size
 * @sync: what became of the flush before a goodbye
 * @sync_work: that flush
 * @close_work: lets go of the device when nothing is under way
 */
struct sio_be_disk {
	struct sio_be_dev d;
	char *path;
	char *source;
	u32 made;
	char *key_file;
	struct sio_bdev b;
	bool is_write_through;
	u32 block_asked;
	u32 queues_asked;
	struct sio_be_blk_limits limits;
	u8 wrong;
	spinlock_t lock;	/* protects all up to unsent, and reqs */
	struct sio_slot_server slots;
	struct sio_slot_served *served;
	struct sio_be_req *reqs;
	u32 epoch;
	u32 peer_nr;
	bool is_closing;
	bool is_closed;
	u32 fence;
	unsigned int fenced;
	u64 fence_ns;
	unsigned int in_flight;
	unsigned int busy;
	u64 mem;
	u64 first_mem;
	struct list_head held;
	struct list_head unsent;
	struct sio_be_blk_queue *queues;
	unsigned int nr_queues;
	struct sio_be_blk_stats __percpu *stats;
	struct delayed_work watch;
	enum sio_be_sync sync;
	struct work_struct sync_work;
	struct work_struct close_work;
};

/* Is nothing under way in the slot of such a request? */
static inline bool sio_be_req_is_idle(enum sio_be_req_state state)
{
	return state == SIO_BE_REQ_NEW || state == SIO_BE_REQ_DONE;
}

/* blk.c */
extern wait_queue_head_t sio_be_disks_gone;

struct sio_be_disk *sio_be_disk_create(struct sio_be_guest *guest,
				       const struct sio_be_disk_param *param,
				       struct netlink_ext_ack *extack);
struct sio_be_disk *sio_be_disk_of(const struct sio_be_dev *dev);
void sio_be_disk_fence_all(struct sio_be_guest *guest);
void sio_be_disk_wait_closed(struct sio_be_guest *guest, long timeout);
void sio_be_disk_wait_net(struct net *net);
void sio_be_disk_wait_all(void);
struct sio_be_disk *sio_be_disk_lookup_rcu(struct sio_session *sess, u32 id,
					   u32 gen);

/* blk_drain.c */
bool sio_be_disk_sync(struct sio_be_disk *disk);
void sio_be_disk_sync_work(struct work_struct *work);
void sio_be_disk_drain_all(struct sio_be_guest *guest);

/* blk_stats.c */
int sio_be_disk_fill_stats(struct sk_buff *skb, const struct sio_be_disk *disk);
int sio_be_disk_fill_worker(struct sk_buff *skb, struct sio_be_dev *dev,
			    int cpu);
void sio_be_req_account(const struct sio_be_req *req);

/* blk_rx.c */
void sio_be_blk_rx(struct sio_session *sess, struct sk_buff *skb);

/* blk_judge.c */
bool sio_be_req_is_sane(const struct sio_be_blk_limits *l,
			const struct sio_rec_blk_req *rec);
u8 sio_be_req_permit(const struct sio_be_blk_limits *l,
		     const struct sio_rec_blk_req *rec);

/* blk_life.c */
void sio_be_blk_lost(struct sio_be_disk *disk, const struct sio_flow *flow,
		     const struct sio_seg *seg);
void sio_be_blk_epoch(struct sio_be_disk *disk, u32 epoch, u32 peer_nr);
void __sio_be_blk_settle(struct sio_be_disk *disk);
void sio_be_blk_close(struct sio_be_disk *disk);
void sio_be_blk_wake(struct sio_be_disk *disk);
void sio_be_blk_look(struct sio_be_disk *disk, struct sio_be_blk_now *now);
u32 sio_be_blk_fill_done(struct sio_be_disk *disk, struct sio_blk_done *done);
int sio_be_blk_init(void);
void sio_be_blk_exit(void);

/* blk_req.c */
void sio_be_req_step(const struct sio_be_req *req, struct sio_req_step *step);
void sio_be_req_end(struct sio_be_req *req);
void sio_be_req_go_on(struct sio_be_req *req, enum sio_be_req_todo todo);
void sio_be_req_pull(struct sio_be_req *req);
void sio_be_req_answer(struct sio_be_req *req);
void sio_be_req_flush(struct sio_be_disk *disk);
void sio_be_req_finish(struct sio_be_req *req);
void __sio_be_req_set_state(struct sio_be_req *req,
			    enum sio_be_req_state state);
void __sio_be_req_forget(struct sio_be_req *req, struct sio_be_data *data);

/* Nothing is looked up unless somebody traces */
#define sio_be_trace(event, request)					\
do {									\
	if (trace_sio_req_##event##_enabled()) {			\
		const struct sio_be_req *req_ = (request);		\
		struct sio_req_step step_;				\
									\
		sio_be_req_step(req_, &step_);				\
		trace_sio_req_##event(&req_->disk->d.guest->s, &step_);	\
	}								\
} while (0)

/* blk_io.c */
void sio_be_blk_queue(struct sio_be_req *req);
void sio_be_blk_kick(struct sio_be_disk *disk);
void __sio_be_blk_release(struct sio_be_disk *disk);
void __sio_be_req_landed(struct sio_be_req *req);
void __sio_be_data_take(struct sio_be_req *req, struct sio_be_data *data);
void sio_be_data_free(struct sio_be_data *data);
void sio_be_data_copy(struct sio_be_req *req, u32 off,
		      const struct sk_buff *skb, u32 skb_off, u32 len);
void sio_be_io_start(struct sio_be_disk *disk);
void sio_be_io_stop(struct sio_be_disk *disk);
int sio_be_io_init(void);
void sio_be_io_exit(void);

#endif /* SIO_BE_BLK_H */
