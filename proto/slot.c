// SPDX-License-Identifier: GPL-2.0
/* Request slots: at most one execution, exactly one answer.
 *
 * A slot's requests are numbered 1, 2, ... and after 2^32 - 1 again from 1.
 * The requester uses a number only after the one before it was answered, so
 * the executor has to remember just the last number of each slot, and whether
 * that request runs or which answer it got.
 */

#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slot.h"

static u32 sio_slot_seq_next(u32 seq)
{
	return seq == U32_MAX ? 1 : seq + 1;
}

static bool sio_slot_seq_newer(u32 seq, u32 than)
{
	return (s32)(seq - than) > 0;
}

/* The slot if it holds a request that waits for its answer, or NULL */
static struct sio_slot *sio_slot_waiting(const struct sio_slot_client *c,
					 int slot)
{
	if (slot < 0 || slot >= c->nr || !test_bit(slot, c->taken) ||
	    c->slots[slot].is_abandoned)
		return NULL;
	return &c->slots[slot];
}

static void sio_slot_free(struct sio_slot_client *c, int slot)
{
	struct sio_slot *s = &c->slots[slot];

	__clear_bit(slot, c->taken);
	c->used--;
	c->used_bytes -= s->bytes;
	if (s->is_abandoned)
		c->abandoned--;
	*s = (struct sio_slot) {
		.deadline_us = SIO_SLOT_NEVER,
		.seq = s->seq,
	};
}

/**
 * sio_slot_client_init() - a table whose slots are all free and unused
 * @c: anything; is overwritten
 * @slots: memory of @nr slots, which has to outlive @c
 * @nr: slots, at most SIO_SLOTS_MAX; more are not used
 * @credit_bytes: bytes the peer will hold
 *
 * All slots count as granted until sio_slot_resize().
 */
void sio_slot_client_init(struct sio_slot_client *c, struct sio_slot *slots,
			  u16 nr, u32 credit_bytes)
{
	int i;

	memset(c, 0, sizeof(*c));
	c->slots = slots;
	c->nr = min_t(u16, nr, SIO_SLOTS_MAX);
	for (i = 0; i < c->nr; i++)
		slots[i] = (struct sio_slot) { .deadline_us = SIO_SLOT_NEVER };
	sio_slot_resize(c, c->nr, credit_bytes);
}
EXPORT_SYMBOL_GPL(sio_slot_client_init);

/**
 * sio_slot_resize() - the peer grants something else than before
 * @c: table
 * @granted: slots the peer has; what exceeds the table's memory is not used
 * @credit_bytes: bytes the peer will hold
 *
 * Less than what is outstanding means that no request is taken until there is
 * room again. Slots beyond the grant keep their requests; see
 * sio_slot_move().
 */
void sio_slot_resize(struct sio_slot_client *c, u16 granted, u32 credit_bytes)
{
	c->granted = min(granted, c->nr);
	c->credit = credit_bytes;
}
EXPORT_SYMBOL_GPL(sio_slot_resize);

/**
 * sio_slot_take() - put a request into a free slot
 * @c: table
 * @bytes: credit it needs
 * @now_us: the time
 * @req: what sio_slot_answer() shall return, not NULL
 *
 * Return: the slot, -EBUSY if none is free, -EDQUOT if the credit is used up,
 * -EMSGSIZE if it would not do even with nothing else outstanding.
 */
int sio_slot_take(struct sio_slot_client *c, u32 bytes, u64 now_us, void *req)
{
	struct sio_slot *s;
	int slot;

	if (bytes > c->credit)
		return -EMSGSIZE;
	if (c->used >= c->granted)
		return -EBUSY;
	if (c->used_bytes > c->credit - bytes)
		return -EDQUOT;

	/* There is one: fewer than the granted ones are taken in all */
	slot = find_first_zero_bit(c->taken, c->granted);
	__set_bit(slot, c->taken);
	c->used++;
	c->used_bytes += bytes;
	s = &c->slots[slot];
	s->req = req;
	s->taken_us = now_us;
	s->seq = sio_slot_seq_next(s->seq);
	s->bytes = bytes;
	return slot;
}
EXPORT_SYMBOL_GPL(sio_slot_take);

/**
 * sio_slot_seq() - sequence number of the request in a slot
 * @c: table
 * @slot: any number
 *
 * Return: the number, 0 if no request waits in @slot.
 */
u32 sio_slot_seq(const struct sio_slot_client *c, int slot)
{
	const struct sio_slot *s = sio_slot_waiting(c, slot);

	return s ? s->seq : 0;
}
EXPORT_SYMBOL_GPL(sio_slot_seq);

/**
 * sio_slot_req() - the request in a slot
 * @c: table
 * @slot: any number
 *
 * Return: the request, NULL if none waits in @slot.
 */
void *sio_slot_req(const struct sio_slot_client *c, int slot)
{
	const struct sio_slot *s = sio_slot_waiting(c, slot);

	return s ? s->req : NULL;
}
EXPORT_SYMBOL_GPL(sio_slot_req);

/**
 * sio_slot_is_granted() - does the peer have this slot?
 * @c: table
 * @slot: any number
 *
 * Return: false if the peer would refuse a request in @slot, which happens
 * after sio_slot_resize() only.
 */
bool sio_slot_is_granted(const struct sio_slot_client *c, int slot)
{
	return slot >= 0 && slot < c->granted;
}
EXPORT_SYMBOL_GPL(sio_slot_is_granted);

/**
 * sio_slot_move() - move a request from beyond the grant to a granted slot
 * @c: table
 * @slot: where it is
 *
 * Only for a request that was not sent since sio_slot_reset(): this
 * incarnation of the peer must not know it under another slot.
 *
 * Return: the new slot, with its own sequence number and unarmed; -ENOENT if
 * no request waits in @slot, -EBUSY if no granted slot is free.
 */
int sio_slot_move(struct sio_slot_client *c, int slot)
{
	struct sio_slot *from = sio_slot_waiting(c, slot);
	struct sio_slot *to;
	int dst;

	if (!from)
		return -ENOENT;
	dst = find_first_zero_bit(c->taken, c->granted);
	if (dst >= c->granted)
		return -EBUSY;

	to = &c->slots[dst];
	to->req = from->req;
	to->taken_us = from->taken_us;
	to->bytes = from->bytes;
	to->seq = sio_slot_seq_next(to->seq);
	__set_bit(dst, c->taken);
	c->used++;
	c->used_bytes += to->bytes;

	/* The number was never sent; the slot's next user has to have it */
	sio_slot_free(c, slot);
	from->seq--;
	return dst;
}
EXPORT_SYMBOL_GPL(sio_slot_move);

/**
 * sio_slot_answer() - an answer came: free its slot
 * @c: table
 * @slot: from the wire
 * @seq: from the wire
 *
 * An answer to an abandoned request ends the quarantine of its slot.
 *
 * Return: the request, NULL if nothing waits for this answer.
 */
void *sio_slot_answer(struct sio_slot_client *c, u16 slot, u32 seq)
{
	void *req;

	if (slot >= c->nr)
		return NULL;
	slot = array_index_nospec(slot, c->nr);
	if (!test_bit(slot, c->taken) || c->slots[slot].seq != seq)
		return NULL;
	req = c->slots[slot].req;
	sio_slot_free(c, slot);
	return req;
}
EXPORT_SYMBOL_GPL(sio_slot_answer);

/**
 * sio_slot_abandon() - end a request without an answer
 * @c: table
 * @slot: any number
 *
 * The peer may still execute it, so slot and credit stay taken until
 * sio_slot_answer(), sio_slot_fence() or sio_slot_reset().
 *
 * Return: the request, which is the caller's again; NULL if none waits in
 * @slot.
 */
void *sio_slot_abandon(struct sio_slot_client *c, int slot)
{
	struct sio_slot *s = sio_slot_waiting(c, slot);
	void *req;

	if (!s)
		return NULL;
	req = s->req;
	s->req = NULL;
	s->deadline_us = SIO_SLOT_NEVER;
	s->is_abandoned = true;
	c->abandoned++;
	return req;
}
EXPORT_SYMBOL_GPL(sio_slot_abandon);

/**
 * sio_slot_fence() - the peer promised to execute nothing old any more
 * @c: table
 *
 * Ends all quarantines. The peer may never have seen the last number of such
 * a slot, so its table needs sio_slot_server_fence() at the same time.
 */
void sio_slot_fence(struct sio_slot_client *c)
{
	int slot;

	for_each_set_bit(slot, c->taken, c->nr)
		if (c->slots[slot].is_abandoned)
			sio_slot_free(c, slot);
}
EXPORT_SYMBOL_GPL(sio_slot_fence);

/**
 * sio_slot_reset() - the peer is another incarnation, which knows of nothing
 * @c: table
 *
 * Requests keep their slots, but their number is 1 and they are unarmed: the
 * caller sends them again. Quarantines end, since answers of the old
 * incarnation bear another epoch.
 */
void sio_slot_reset(struct sio_slot_client *c)
{
	int slot;

	sio_slot_fence(c);
	for (slot = 0; slot < c->nr; slot++) {
		c->slots[slot].seq = test_bit(slot, c->taken) ? 1 : 0;
		c->slots[slot].deadline_us = SIO_SLOT_NEVER;
	}
}
EXPORT_SYMBOL_GPL(sio_slot_reset);

/**
 * sio_slot_arm() - set the time at which a request is due
 * @c: table
 * @slot: any number; ignored if no request waits there
 * @deadline_us: when, or SIO_SLOT_NEVER
 */
void sio_slot_arm(struct sio_slot_client *c, int slot, u64 deadline_us)
{
	struct sio_slot *s = sio_slot_waiting(c, slot);

	if (s)
		s->deadline_us = deadline_us;
}
EXPORT_SYMBOL_GPL(sio_slot_arm);

/**
 * sio_slot_due() - find a request whose deadline has passed
 * @c: table
 * @now_us: the time
 * @next_us: if there is none: when there will be one, or SIO_SLOT_NEVER
 *
 * The request is due until it is armed anew.
 *
 * Return: a slot, -1 if no request is due.
 */
int sio_slot_due(const struct sio_slot_client *c, u64 now_us, u64 *next_us)
{
	u64 next = SIO_SLOT_NEVER;
	int slot;

	for_each_set_bit(slot, c->taken, c->nr) {
		u64 deadline = c->slots[slot].deadline_us;

		if (deadline != SIO_SLOT_NEVER && deadline <= now_us)
			return slot;
		next = min(next, deadline);
	}
	*next_us = next;
	return -1;
}
EXPORT_SYMBOL_GPL(sio_slot_due);

/**
 * sio_slot_next() - walk the requests that wait for an answer
 * @c: table
 * @from: first slot to look at; 0, then one past the last result
 *
 * Return: a slot, -1 if no more requests wait.
 */
int sio_slot_next(const struct sio_slot_client *c, int from)
{
	int slot = from;

	for_each_set_bit_from(slot, c->taken, c->nr)
		if (!c->slots[slot].is_abandoned)
			return slot;
	return -1;
}
EXPORT_SYMBOL_GPL(sio_slot_next);

/**
 * sio_slot_outstanding() - count the requests that wait for an answer
 * @c: table
 *
 * Return: their number, quarantined slots not included.
 */
u16 sio_slot_outstanding(const struct sio_slot_client *c)
{
	return c->used - c->abandoned;
}
EXPORT_SYMBOL_GPL(sio_slot_outstanding);

/**
 * sio_slot_oldest() - age of the request that waits longest
 * @c: table
 * @now_us: the time
 *
 * Return: its age in microseconds, 0 if no request waits.
 */
u64 sio_slot_oldest(const struct sio_slot_client *c, u64 now_us)
{
	u64 oldest = now_us;
	int slot;

	for (slot = sio_slot_next(c, 0); slot >= 0;
	     slot = sio_slot_next(c, slot + 1))
		oldest = min(oldest, c->slots[slot].taken_us);
	return now_us - oldest;
}
EXPORT_SYMBOL_GPL(sio_slot_oldest);

static void sio_slot_forget(struct sio_slot_served *s)
{
	kfree(s->answer);
	s->answer = NULL;
	s->answer_len = 0;
}

/* Slot for an index from the wire, or NULL */
static struct sio_slot_served *
sio_slot_lookup(const struct sio_slot_server *s, u16 slot)
{
	if (slot >= s->nr)
		return NULL;
	return &s->slots[array_index_nospec(slot, s->nr)];
}

/**
 * sio_slot_server_init() - a table in which nothing was executed yet
 * @s: anything; is overwritten
 * @slots: memory of @nr slots, which has to outlive @s
 * @nr: slots, at most SIO_SLOTS_MAX; more are not used
 * @answer_max: longest answer to keep, in bytes
 */
void sio_slot_server_init(struct sio_slot_server *s,
			  struct sio_slot_served *slots, u16 nr,
			  u32 answer_max)
{
	s->slots = slots;
	s->nr = min_t(u16, nr, SIO_SLOTS_MAX);
	s->answer_max = answer_max;
	memset(slots, 0, s->nr * sizeof(*slots));
}
EXPORT_SYMBOL_GPL(sio_slot_server_init);

/**
 * sio_slot_judge() - what to do with a request that came
 * @s: table
 * @slot: from the wire
 * @seq: from the wire
 *
 * A new request proves that the answer before it arrived, which is freed.
 * Every SIO_SLOT_EXECUTE needs one sio_slot_finish().
 *
 * Return: the verdict.
 */
enum sio_slot_verdict sio_slot_judge(struct sio_slot_server *s, u16 slot,
				     u32 seq)
{
	struct sio_slot_served *served = sio_slot_lookup(s, slot);

	if (!served || !seq)
		return SIO_SLOT_BAD;
	if (served->state == SIO_SLOT_STALE)
		return SIO_SLOT_BUSY;
	if (seq == served->seq && served->state == SIO_SLOT_RUNNING)
		return SIO_SLOT_BUSY;
	if (seq == served->seq)	/* no answer is kept: the next was cancelled */
		return served->state == SIO_SLOT_DONE ? SIO_SLOT_REPLAY :
							SIO_SLOT_OLD;
	if (served->seq && !sio_slot_seq_newer(seq, served->seq))
		return SIO_SLOT_OLD;
	if (served->state == SIO_SLOT_RUNNING)
		return SIO_SLOT_BAD;
	if (seq != sio_slot_seq_next(served->seq) && !served->may_skip)
		return SIO_SLOT_BAD;

	sio_slot_forget(served);
	served->seq = seq;
	served->state = SIO_SLOT_RUNNING;
	served->may_skip = false;
	return SIO_SLOT_EXECUTE;
}
EXPORT_SYMBOL_GPL(sio_slot_judge);

/**
 * sio_slot_finish() - a request was executed: keep its answer
 * @s: table
 * @slot: as given to sio_slot_judge()
 * @seq: likewise
 * @answer: of kmalloc(), or NULL if there is none to keep; the table's if 0 is
 *	returned, otherwise still the caller's
 * @len: bytes of @answer
 *
 * Return: 0, -E2BIG if @answer is longer than the table keeps: the request is
 * done, but cannot be replayed. -ESTALE if the requester's incarnation is
 * over, -ENOENT if no such request runs: the answer must not be sent then.
 */
int sio_slot_finish(struct sio_slot_server *s, u16 slot, u32 seq,
		    void *answer, u32 len)
{
	struct sio_slot_served *served = sio_slot_lookup(s, slot);

	if (!served || served->seq != seq)
		return -ENOENT;
	if (served->state == SIO_SLOT_STALE) {
		served->state = SIO_SLOT_NONE;
		served->seq = 0;
		return -ESTALE;
	}
	if (served->state != SIO_SLOT_RUNNING)
		return -ENOENT;

	served->state = SIO_SLOT_DONE;
	if (answer && len > s->answer_max)
		return -E2BIG;
	served->answer = answer;
	served->answer_len = answer ? len : 0;
	return 0;
}
EXPORT_SYMBOL_GPL(sio_slot_finish);

/**
 * sio_slot_cancel() - a request will not be executed after all
 * @s: table
 * @slot: as given to sio_slot_judge()
 * @seq: likewise
 *
 * Only for a request of which nothing was done. When it comes again it is new.
 *
 * Return: 0, -ENOENT if no such request runs.
 */
int sio_slot_cancel(struct sio_slot_server *s, u16 slot, u32 seq)
{
	struct sio_slot_served *served = sio_slot_lookup(s, slot);

	if (!served || served->seq != seq)
		return -ENOENT;
	if (served->state == SIO_SLOT_STALE) {
		served->state = SIO_SLOT_NONE;
		served->seq = 0;
		return 0;
	}
	if (served->state != SIO_SLOT_RUNNING)
		return -ENOENT;
	served->state = SIO_SLOT_NONE;
	served->seq = seq - 1;	/* after 0 comes 1, as after U32_MAX */
	return 0;
}
EXPORT_SYMBOL_GPL(sio_slot_cancel);

/**
 * sio_slot_cached() - the answer to send again
 * @s: table
 * @slot: as given to sio_slot_judge()
 * @seq: likewise
 * @len: its bytes, set in any case
 *
 * Return: the answer, the table's and valid until its next call that is not
 * this one; NULL if none was kept or the request is not done.
 */
const void *sio_slot_cached(const struct sio_slot_server *s, u16 slot,
			    u32 seq, u32 *len)
{
	const struct sio_slot_served *served = sio_slot_lookup(s, slot);

	*len = 0;
	if (!served || served->state != SIO_SLOT_DONE || served->seq != seq)
		return NULL;
	*len = served->answer_len;
	return served->answer;
}
EXPORT_SYMBOL_GPL(sio_slot_cached);

/**
 * sio_slot_server_fence() - the requester gave up what it had abandoned
 * @s: table
 *
 * Numbers of abandoned requests may never have arrived, so the next request
 * of each slot may have any newer number. The caller drops frames of older
 * epochs from now on, or such a request could still be executed.
 */
void sio_slot_server_fence(struct sio_slot_server *s)
{
	int i;

	for (i = 0; i < s->nr; i++)
		s->slots[i].may_skip = true;
}
EXPORT_SYMBOL_GPL(sio_slot_server_fence);

/**
 * sio_slot_server_reset() - the requester is another incarnation
 * @s: table
 *
 * Numbers begin at 1 again. A slot whose old request is still executed is
 * closed until sio_slot_finish().
 */
void sio_slot_server_reset(struct sio_slot_server *s)
{
	int i;

	for (i = 0; i < s->nr; i++) {
		struct sio_slot_served *served = &s->slots[i];

		sio_slot_forget(served);
		served->may_skip = false;
		if (served->state == SIO_SLOT_RUNNING ||
		    served->state == SIO_SLOT_STALE) {
			served->state = SIO_SLOT_STALE;
		} else {
			served->state = SIO_SLOT_NONE;
			served->seq = 0;
		}
	}
}
EXPORT_SYMBOL_GPL(sio_slot_server_reset);

/**
 * sio_slot_server_destroy() - free the answers
 * @s: table; it has no slots afterwards, so that it executes nothing and a
 *	late sio_slot_finish() does no harm
 */
void sio_slot_server_destroy(struct sio_slot_server *s)
{
	int i;

	for (i = 0; i < s->nr; i++)
		sio_slot_forget(&s->slots[i]);
	s->nr = 0;
}
EXPORT_SYMBOL_GPL(sio_slot_server_destroy);
