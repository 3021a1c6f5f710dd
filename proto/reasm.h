/* SPDX-License-Identifier: GPL-2.0 */
/* Puts the chunks of messages together, in whatever way they arrive. */
#ifndef SIO_REASM_H
#define SIO_REASM_H

#include <linux/list.h>
#include <linux/types.h>

struct sio_partial;
struct sk_buff;

/*
 * Most disjoint chunks of one message. SIO_MSG_LEN_MAX bytes at SIO_MTU_MIN
 * are 54 segments; no honest sender comes near this.
 */
#define SIO_REASM_CHUNKS_MAX	64

/* Bytes of a copied message that lie in the linear part: headers, inner ones */
#define SIO_REASM_LINEAR	256

/**
 * enum sio_reasm_verdict - what became of a chunk
 * @SIO_REASM_HELD: kept until the others come
 * @SIO_REASM_COMPLETE: the message is whole, and the caller's
 * @SIO_REASM_DUP: dropped, every byte of it was there already
 * @SIO_REASM_BAD: dropped, it cannot be part of a message: no room for the
 *	header in the first chunk, a length that is impossible or contradicts
 *	what is there, or more pieces than any sender makes
 * @SIO_REASM_FULL: dropped, it alone would exceed the bounds
 * @SIO_REASM_NOMEM: dropped, and with it the message if it was whole
 */
enum sio_reasm_verdict {
	SIO_REASM_HELD,
	SIO_REASM_COMPLETE,
	SIO_REASM_DUP,
	SIO_REASM_BAD,
	SIO_REASM_FULL,
	SIO_REASM_NOMEM,
};

/**
 * struct sio_reasm - the incomplete messages of one flow
 * @msgs: of struct sio_partial, the one begun first comes first
 * @nr_msgs: length of @msgs
 * @nr_bytes: memory held, in bytes of truesize
 * @max_msgs: bound of @nr_msgs, 1 or more
 * @max_bytes: bound of @nr_bytes
 * @nr_evicted: messages given up to make room for newer ones, free running
 * @nr_expired: messages given up at their deadline, free running
 *
 * Has no lock of its own; all functions rely on the caller's.
 */
struct sio_reasm {
	struct list_head msgs;
	u32 nr_msgs;
	u32 nr_bytes;
	u32 max_msgs;
	u32 max_bytes;
	u64 nr_evicted;
	u64 nr_expired;
};

void sio_reasm_init(struct sio_reasm *r, u32 max_msgs, u32 max_bytes);
bool sio_reasm_may_be(const struct sio_reasm *r, const struct sk_buff *skb,
		      u64 msg_off, u32 chunk_off, u64 now_ns);
enum sio_reasm_verdict sio_reasm_add(struct sio_reasm *r, struct sk_buff *skb,
				     u64 msg_off, u32 chunk_off, u64 now_ns,
				     u64 deadline_ns, struct sk_buff **msg);
u64 sio_reasm_expire(struct sio_reasm *r, u64 now_ns,
		     unsigned int *nr_dropped);
void sio_reasm_purge(struct sio_reasm *r);

int sio_reasm_copy(struct sk_buff *to, u32 to_off, const struct sk_buff *from,
		   u32 from_off, u32 len);
struct sk_buff *sio_reasm_alloc_skb(unsigned int linear, unsigned int paged);

#if IS_ENABLED(CONFIG_KUNIT)
struct sio_partial *sio_partial_alloc(void);
#endif

#endif /* SIO_REASM_H */
