/* SPDX-License-Identifier: GPL-2.0 */
/* Request slots, both ends: the model is RFC 8881, section 2.10.6. */
#ifndef SIO_SLOT_H
#define SIO_SLOT_H

#include <linux/bitmap.h>
#include <linux/types.h>

/* Most slots a table may have */
#define SIO_SLOTS_MAX	1024

/* Deadline of a request that has none */
#define SIO_SLOT_NEVER	U64_MAX

/**
 * struct sio_slot - a slot as the requester sees it
 * @req: the caller's request, NULL when there is none to be answered
 * @taken_us: when it was put here
 * @deadline_us: when to do something about it, SIO_SLOT_NEVER if unarmed
 * @seq: sequence number in use, or used last; 0 if none was
 * @bytes: credit it holds
 * @is_abandoned: in quarantine: its request ended without an answer
 */
struct sio_slot {
	void *req;
	u64 taken_us;
	u64 deadline_us;
	u32 seq;
	u32 bytes;
	bool is_abandoned;
};

/**
 * struct sio_slot_client - slots for requests to a peer
 * @slots: the caller's memory
 * @taken: bit set for each slot that holds a request or is in quarantine
 * @nr: slots there is memory for
 * @granted: slots the peer has, at most @nr
 * @used: bits set in @taken
 * @abandoned: those in quarantine
 * @credit: bytes the peer will hold
 * @used_bytes: credit that the used slots hold
 *
 * Locking is the caller's.
 */
struct sio_slot_client {
	struct sio_slot *slots;
	DECLARE_BITMAP(taken, SIO_SLOTS_MAX);
	u16 nr;
	u16 granted;
	u16 used;
	u16 abandoned;
	u32 credit;
	u32 used_bytes;
};

void sio_slot_client_init(struct sio_slot_client *c, struct sio_slot *slots,
			  u16 nr, u32 credit_bytes);
void sio_slot_resize(struct sio_slot_client *c, u16 granted,
		     u32 credit_bytes);
int sio_slot_take(struct sio_slot_client *c, u32 bytes, u64 now_us,
		  void *req);
u32 sio_slot_seq(const struct sio_slot_client *c, int slot);
void *sio_slot_req(const struct sio_slot_client *c, int slot);
bool sio_slot_is_granted(const struct sio_slot_client *c, int slot);
int sio_slot_move(struct sio_slot_client *c, int slot);
void *sio_slot_answer(struct sio_slot_client *c, u16 slot, u32 seq);
void *sio_slot_abandon(struct sio_slot_client *c, int slot);
void sio_slot_fence(struct sio_slot_client *c);
void sio_slot_reset(struct sio_slot_client *c);
void sio_slot_arm(struct sio_slot_client *c, int slot, u64 deadline_us);
int sio_slot_due(const struct sio_slot_client *c, u64 now_us, u64 *next_us);
int sio_slot_next(const struct sio_slot_client *c, int from);
u16 sio_slot_outstanding(const struct sio_slot_client *c);
u64 sio_slot_oldest(const struct sio_slot_client *c, u64 now_us);

/**
 * enum sio_slot_state - what a slot's executor knows
 * @SIO_SLOT_NONE: nothing was executed yet
 * @SIO_SLOT_RUNNING: the request with the last sequence number is executed
 * @SIO_SLOT_DONE: it is finished, its answer kept
 * @SIO_SLOT_STALE: a request of an incarnation that is over is executed
 */
enum sio_slot_state {
	SIO_SLOT_NONE = 0,
	SIO_SLOT_RUNNING,
	SIO_SLOT_DONE,
	SIO_SLOT_STALE,
};

/**
 * enum sio_slot_verdict - what to do with a request that came
 * @SIO_SLOT_EXECUTE: execute it, then sio_slot_finish()
 * @SIO_SLOT_BUSY: say that it takes time
 * @SIO_SLOT_REPLAY: send the answer of sio_slot_cached() again
 * @SIO_SLOT_OLD: drop it, the requester has its answer
 * @SIO_SLOT_BAD: drop it, no requester of good faith sends that
 */
enum sio_slot_verdict {
	SIO_SLOT_EXECUTE,
	SIO_SLOT_BUSY,
	SIO_SLOT_REPLAY,
	SIO_SLOT_OLD,
	SIO_SLOT_BAD,
};

/**
 * struct sio_slot_served - a slot as the executor sees it
 * @answer: kept answer, of kmalloc(), or NULL
 * @answer_len: its bytes
 * @seq: last sequence number executed, 0 if there was none
 * @state: what became of it
 * @may_skip: the next one may leave numbers out, since there was a fence
 */
struct sio_slot_served {
	void *answer;
	u32 answer_len;
	u32 seq;
	enum sio_slot_state state;
	bool may_skip;
};

/**
 * struct sio_slot_server - slots granted to a peer
 * @slots: the caller's memory
 * @nr: how many
 * @answer_max: longest answer kept, in bytes
 *
 * Locking is the caller's.
 */
struct sio_slot_server {
	struct sio_slot_served *slots;
	u16 nr;
	u32 answer_max;
};

void sio_slot_server_init(struct sio_slot_server *s,
			  struct sio_slot_served *slots, u16 nr,
			  u32 answer_max);
enum sio_slot_verdict sio_slot_judge(struct sio_slot_server *s, u16 slot,
				     u32 seq);
int sio_slot_finish(struct sio_slot_server *s, u16 slot, u32 seq,
		    void *answer, u32 len);
int sio_slot_cancel(struct sio_slot_server *s, u16 slot, u32 seq);
const void *sio_slot_cached(const struct sio_slot_server *s, u16 slot,
			    u32 seq, u32 *len);
void sio_slot_server_fence(struct sio_slot_server *s);
void sio_slot_server_reset(struct sio_slot_server *s);
void sio_slot_server_destroy(struct sio_slot_server *s);

#endif /* SIO_SLOT_H */
