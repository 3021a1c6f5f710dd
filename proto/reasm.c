// SPDX-License-Identifier: GPL-2.0
/* Puts the chunks of messages together, in whatever way they arrive. */

#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>

#include <kunit/static_stub.h>
#include <kunit/visibility.h>

#include "reasm.h"
#include "wire.h"

/**
 * struct sio_partial - a message of which something is missing
 * @list: in sio_reasm.msgs
 * @chunks: what is there: sorted, disjoint, each with a struct sio_chunk
 * @msg_off: flow offset at which it begins; its name
 * @deadline_ns: when to give up
 * @len: bytes of the whole message, 0 until the first chunk told
 * @have: bytes that are in @chunks
 * @truesize: memory they occupy
 */
struct sio_partial {
	struct list_head list;
	struct sk_buff_head chunks;
	u64 msg_off;
	u64 deadline_ns;
	u32 len;
	u32 have;
	u32 truesize;
};

/**
 * struct sio_chunk - in the control block of a chunk: which bytes of it count
 * @off: where in the message they belong
 * @len: how many
 * @skip: how many bytes of the skb come before them
 *
 * An overlap moves these numbers and nothing else: no byte is touched, so
 * trimming cannot fail, and the skb may be cloned.
 */
struct sio_chunk {
	u32 off;
	u32 len;
	u32 skip;
};

static_assert(sizeof(struct sio_chunk) <= sizeof_field(struct sk_buff, cb));

/* Every message fits into the pages of one skb */
static_assert(SIO_MSG_LEN_MAX / PAGE_SIZE < MAX_SKB_FRAGS);

static struct sio_chunk *sio_chunk(const struct sk_buff *skb)
{
	return (struct sio_chunk *)skb->cb;
}

static u32 sio_chunk_end(const struct sk_buff *skb)
{
	return sio_chunk(skb)->off + sio_chunk(skb)->len;
}

static bool sio_chunk_is_whole(const struct sk_buff *skb)
{
	return sio_chunk(skb)->len == skb->len;
}

VISIBLE_IF_KUNIT struct sio_partial *sio_partial_alloc(void)
{
	KUNIT_STATIC_STUB_REDIRECT(sio_partial_alloc);

	return kmalloc(sizeof(struct sio_partial), GFP_ATOMIC | __GFP_NOWARN);
}
EXPORT_SYMBOL_IF_KUNIT(sio_partial_alloc);

/**
 * sio_reasm_alloc_skb() - an skb with room for a message, or a packet, in pages
 * @linear: bytes of linear part, beside some headroom
 * @paged: bytes in page fragments, all but the last of PAGE_SIZE
 *
 * Context: any.
 * Return: skb whose @linear + @paged bytes have no value yet, or NULL
 */
struct sk_buff *sio_reasm_alloc_skb(unsigned int linear, unsigned int paged)
{
	struct sk_buff *skb;
	int err;

	KUNIT_STATIC_STUB_REDIRECT(sio_reasm_alloc_skb, linear, paged);

	skb = alloc_skb_with_frags(NET_SKB_PAD + linear, paged, 0, &err,
				   GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!skb))
		return NULL;

	skb_reserve(skb, NET_SKB_PAD);
	skb_put(skb, linear);
	skb->data_len = paged;
	skb->len += paged;
	return skb;
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_alloc_skb);

static void sio_partial_drop(struct sio_reasm *r, struct sio_partial *p)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&p->chunks)))
		kfree_skb(skb);

	list_del(&p->list);
	r->nr_msgs--;
	r->nr_bytes -= p->truesize;
	kfree(p);
}

static struct sio_partial *sio_partial_find(const struct sio_reasm *r,
					    u64 msg_off)
{
	struct sio_partial *p;

	/* The newest is the likeliest. */
	list_for_each_entry_reverse(p, &r->msgs, list)
		if (p->msg_off == msg_off)
			return p;
	return NULL;
}

static struct sio_partial *sio_partial_create(struct sio_reasm *r, u64 msg_off,
					      u64 deadline_ns)
{
	struct sio_partial *p = sio_partial_alloc();

	if (unlikely(!p))
		return NULL;

	__skb_queue_head_init(&p->chunks);
	p->msg_off = msg_off;
	p->deadline_ns = deadline_ns;
	p->len = 0;
	p->have = 0;
	p->truesize = 0;
	list_add_tail(&p->list, &r->msgs);
	r->nr_msgs++;
	return p;
}

static void sio_partial_unlink(struct sio_reasm *r, struct sio_partial *p,
			       struct sk_buff *skb)
{
	__skb_unlink(skb, &p->chunks);
	p->have -= sio_chunk(skb)->len;
	p->truesize -= skb->truesize;
	r->nr_bytes -= skb->truesize;
	kfree_skb(skb);
}

/* Length as the header in the first chunk has it, 0 if it is impossible. */
static u32 sio_reasm_msg_len(const struct sk_buff *skb)
{
	const __le32 *p;
	__le32 buf;
	u32 len;

	BUILD_BUG_ON(sizeof_field(struct sio_msg_hdr, len) != sizeof(buf));

	p = skb_header_pointer(skb, offsetof(struct sio_msg_hdr, len),
			       sizeof(buf), &buf);
	if (unlikely(!p))
		return 0;

	len = le32_to_cpup(p);
	if (unlikely(len < sizeof(struct sio_msg_hdr) || len > SIO_MSG_LEN_MAX))
		return 0;
	return len;
}

/*
 * Whether a chunk may be believed as far as it tells; @len is set to the
 * length of the message if this chunk knows it, else to 0. A header is never
 * spread over chunks: no segment but the last of a message is shorter than
 * SIO_MTU_MIN allows.
 */
static bool sio_chunk_may_be(const struct sk_buff *skb, u32 chunk_off, u32 *len)
{
	*len = 0;
	if (unlikely(!skb->len || chunk_off > SIO_MSG_LEN_MAX ||
		     skb->len > SIO_MSG_LEN_MAX - chunk_off))
		return false;

	if (chunk_off)
		return chunk_off >= sizeof(struct sio_msg_hdr);

	if (unlikely(skb->len < sizeof(struct sio_msg_hdr)))
		return false;
	*len = sio_reasm_msg_len(skb);
	return *len && skb->len <= *len;
}

/* Whether it also agrees with what is there of its message. */
static bool sio_partial_agrees(const struct sio_partial *p,
			       const struct sk_buff *skb, u32 chunk_off,
			       u32 len)
{
	if (!len)
		return !p->len || chunk_off + skb->len <= p->len;
	if (p->len)
		return p->len == len;
	return sio_chunk_end(p->chunks.prev) <= len;
}

/* Whether it may be added to what is there of its message. */
static bool sio_partial_may_take(const struct sio_partial *p,
				 const struct sk_buff *skb, u32 chunk_off,
				 u32 len)
{
	return sio_partial_agrees(p, skb, chunk_off, len) &&
	       skb_queue_len(&p->chunks) < SIO_REASM_CHUNKS_MAX;
}

/* Whether bytes @off to @off + @len are all there already. */
static bool sio_partial_has(const struct sio_partial *p, u32 off, u32 len)
{
	const struct sk_buff *skb;
	u32 fresh = len;
	u32 from;
	u32 to;

	skb_queue_walk(&p->chunks, skb) {
		from = max(off, sio_chunk(skb)->off);
		to = min(off + len, sio_chunk_end(skb));
		if (from < to)
			fresh -= to - from;
	}
	return !fresh;
}

/*
 * Inserts a chunk that brings something. What others have of its ends is
 * taken from it; those that lie within it are replaced by it.
 */
static void sio_partial_insert(struct sio_reasm *r, struct sio_partial *p,
			       struct sk_buff *skb)
{
	struct sk_buff *head = (struct sk_buff *)&p->chunks;
	struct sio_chunk *c = sio_chunk(skb);
	struct sk_buff *prev = p->chunks.prev;
	struct sk_buff *next;
	u32 over;

	/* Mostly they come in order, so the place is the end. */
	while (prev != head && sio_chunk(prev)->off > c->off)
		prev = prev->prev;

	if (prev != head && sio_chunk_end(prev) > c->off) {
		over = sio_chunk_end(prev) - c->off;
		c->off += over;
		c->len -= over;
		c->skip += over;
	}

	while ((next = prev->next) != head &&
	       sio_chunk(next)->off < c->off + c->len) {
		if (sio_chunk_end(next) > c->off + c->len) {
			c->len = sio_chunk(next)->off - c->off;
			break;
		}
		sio_partial_unlink(r, p, next);
	}

	__skb_queue_after(&p->chunks, prev, skb);
	p->have += c->len;
	p->truesize += skb->truesize;
	r->nr_bytes += skb->truesize;
}

/* Nothing that depends on the moment of arrival may be kept with a chunk. */
static void sio_chunk_settle(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	skb->dev = NULL;
}

/* Makes room for @skb, which belongs to @p if that is not NULL. */
static bool sio_reasm_make_room(struct sio_reasm *r, struct sio_partial *p,
				const struct sk_buff *skb)
{
	u32 own = p ? p->truesize : 0;
	struct sio_partial *old;
	struct sio_partial *tmp;

	if (skb->truesize > r->max_bytes ||
	    own > r->max_bytes - skb->truesize)
		return false;

	list_for_each_entry_safe(old, tmp, &r->msgs, list) {
		if (r->nr_bytes <= r->max_bytes - skb->truesize &&
		    (p || r->nr_msgs < r->max_msgs))
			break;
		if (old == p)
			continue;
		sio_partial_drop(r, old);
		r->nr_evicted++;
	}
	return true;
}

/* Hands pages over where that works; true if all chunks are in the first. */
static bool sio_partial_coalesce(struct sio_partial *p)
{
	struct sk_buff *to = skb_peek(&p->chunks);
	struct sk_buff *skb;
	bool stolen;
	int delta;

	if (!sio_chunk_is_whole(to))
		return false;

	while ((skb = skb_peek_next(to, &p->chunks))) {
		if (!sio_chunk_is_whole(skb) ||
		    !skb_try_coalesce(to, skb, &stolen, &delta))
			return false;
		sio_chunk(to)->len += sio_chunk(skb)->len;
		__skb_unlink(skb, &p->chunks);
		kfree_skb_partial(skb, stolen);
	}
	return true;
}

/* Where byte @off of @skb, made by sio_reasm_alloc_skb(), is; @room from it. */
static void *sio_reasm_at(struct sk_buff *skb, u32 off, u32 *room)
{
	skb_frag_t *frag;
	u32 in_frag;

	if (off < skb_headlen(skb)) {
		*room = skb_headlen(skb) - off;
		return skb->data + off;
	}

	off -= skb_headlen(skb);
	frag = &skb_shinfo(skb)->frags[off / PAGE_SIZE];
	in_frag = off % PAGE_SIZE;
	*room = skb_frag_size(frag) - in_frag;
	return skb_frag_address(frag) + in_frag;
}

/**
 * sio_reasm_copy() - copy bytes into an skb of pages
 * @to: made by sio_reasm_alloc_skb()
 * @to_off: where in it
 * @from: any skb
 * @from_off: where in that
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EFAULT if they are not all within both.
 */
int sio_reasm_copy(struct sk_buff *to, u32 to_off, const struct sk_buff *from,
		   u32 from_off, u32 len)
{
	void *at;
	u32 n;

	if (to_off > to->len || len > to->len - to_off)
		return -EFAULT;

	while (len) {
		at = sio_reasm_at(to, to_off, &n);
		n = min(n, len);
		if (skb_copy_bits(from, from_off, at, n))
			return -EFAULT;
		to_off += n;
		from_off += n;
		len -= n;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_copy);

static struct sk_buff *sio_partial_copy(const struct sio_partial *p)
{
	u32 linear = min_t(u32, p->len, SIO_REASM_LINEAR);
	const struct sio_chunk *c;
	struct sk_buff *msg;
	struct sk_buff *skb;

	msg = sio_reasm_alloc_skb(linear, p->len - linear);
	if (unlikely(!msg))
		return NULL;

	skb_queue_walk(&p->chunks, skb) {
		c = sio_chunk(skb);
		if (sio_reasm_copy(msg, c->off, skb, c->skip, c->len)) {
			kfree_skb(msg);
			return NULL;
		}
	}
	return msg;
}

/* Consumes @p, whose bytes are all there. */
static struct sk_buff *sio_partial_merge(struct sio_reasm *r,
					 struct sio_partial *p)
{
	struct sk_buff *msg;
	struct sk_buff *skb;

	if (sio_partial_coalesce(p)) {
		msg = __skb_dequeue(&p->chunks);
		skb_gso_reset(msg);
		msg->ip_summed = CHECKSUM_NONE;
	} else {
		msg = sio_partial_copy(p);
		while (msg && (skb = __skb_dequeue(&p->chunks)))
			consume_skb(skb);
	}
	sio_partial_drop(r, p);
	return msg;
}

static enum sio_reasm_verdict sio_reasm_hold(struct sio_reasm *r,
					     struct sio_partial *p,
					     struct sk_buff *skb, u32 len,
					     struct sk_buff **msg)
{
	struct net_device *dev = skb->dev;

	sio_chunk_settle(skb);
	sio_partial_insert(r, p, skb);
	if (len)
		p->len = len;
	if (!p->len || p->have < p->len)
		return SIO_REASM_HELD;

	*msg = sio_partial_merge(r, p);
	if (unlikely(!*msg))
		return SIO_REASM_NOMEM;
	(*msg)->dev = dev;
	return SIO_REASM_COMPLETE;
}

/**
 * sio_reasm_init() - begin with nothing
 * @r: to set up
 * @max_msgs: most messages to hold parts of, 1 or more
 * @max_bytes: most memory to hold, in bytes of truesize
 */
void sio_reasm_init(struct sio_reasm *r, u32 max_msgs, u32 max_bytes)
{
	INIT_LIST_HEAD(&r->msgs);
	r->nr_msgs = 0;
	r->nr_bytes = 0;
	r->max_msgs = max_msgs;
	r->max_bytes = max_bytes;
	r->nr_evicted = 0;
	r->nr_expired = 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_init);

/**
 * sio_reasm_may_be() - may a chunk be believed, as far as it can be judged?
 * @r: of the flow it came on
 * @skb: exactly its payload
 * @msg_off: flow offset at which the message begins
 * @chunk_off: where in the message the chunk begins
 * @now_ns: the time; what is over by then contradicts nothing
 *
 * For a caller whose own state must not move for nonsense. Changes nothing.
 *
 * Context: any, under the lock of @r.
 * Return: false if sio_reasm_add() would say SIO_REASM_BAD.
 */
bool sio_reasm_may_be(const struct sio_reasm *r, const struct sk_buff *skb,
		      u64 msg_off, u32 chunk_off, u64 now_ns)
{
	const struct sio_partial *p;
	u32 len;

	if (unlikely(!sio_chunk_may_be(skb, chunk_off, &len)))
		return false;
	if (likely(len == skb->len))
		return true;
	p = sio_partial_find(r, msg_off);
	return !p || p->deadline_ns <= now_ns ||
	       sio_partial_may_take(p, skb, chunk_off, len);
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_may_be);

/**
 * sio_reasm_add() - take one chunk of a message
 * @r: of the flow it came on
 * @skb: exactly its payload, nonlinear or cloned as may be, but not shared;
 *	always consumed
 * @msg_off: flow offset at which the message begins
 * @chunk_off: where in the message the chunk begins
 * @now_ns: the time
 * @deadline_ns: when to give the message up, if this is its first chunk
 * @msg: set to the message if that is complete, else to NULL
 *
 * Of the message's header only the length is read; all else is for the
 * receiver of *@msg to check. A message that came in one chunk is that chunk
 * and may have a frag_list; one that was put together has none, and its header
 * is not necessarily linear. Its dev is that of the chunk that completed it.
 *
 * Which messages were delivered is not remembered: a late copy of a chunk
 * begins its message anew unless the caller, who knows which offsets the flow
 * has seen, drops it.
 *
 * Context: any, under the lock of @r.
 * Return: what became of the chunk
 */
enum sio_reasm_verdict sio_reasm_add(struct sio_reasm *r, struct sk_buff *skb,
				     u64 msg_off, u32 chunk_off, u64 now_ns,
				     u64 deadline_ns, struct sk_buff **msg)
{
	enum sio_reasm_verdict why = SIO_REASM_BAD;
	struct sio_partial *p;
	u32 len;

	*msg = NULL;
	if (unlikely(!sio_chunk_may_be(skb, chunk_off, &len)))
		goto drop;

	/* A deadline may pass before the caller's timer notices. */
	if (r->nr_msgs)
		sio_reasm_expire(r, now_ns, NULL);
	p = sio_partial_find(r, msg_off);

	if (likely(len == skb->len)) {
		if (p)
			sio_partial_drop(r, p);
		*msg = skb;
		return SIO_REASM_COMPLETE;
	}

	if (p && !sio_partial_may_take(p, skb, chunk_off, len))
		goto drop;

	why = SIO_REASM_DUP;
	if (p && sio_partial_has(p, chunk_off, skb->len))
		goto drop;

	why = SIO_REASM_FULL;
	if (!sio_reasm_make_room(r, p, skb))
		goto drop;

	why = SIO_REASM_NOMEM;
	if (!p)
		p = sio_partial_create(r, msg_off, deadline_ns);
	if (unlikely(!p))
		goto drop;

	sio_chunk(skb)->off = chunk_off;
	sio_chunk(skb)->len = skb->len;
	sio_chunk(skb)->skip = 0;
	return sio_reasm_hold(r, p, skb, len, msg);
drop:
	kfree_skb(skb);
	return why;
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_add);

/**
 * sio_reasm_expire() - give up the messages whose deadline is over
 * @r: of the flow
 * @now_ns: the time; a deadline is over once it is reached
 * @nr_dropped: set to how many, unless NULL
 *
 * Context: any, under the lock of @r.
 * Return: the next deadline, U64_MAX if nothing is held
 */
u64 sio_reasm_expire(struct sio_reasm *r, u64 now_ns,
		     unsigned int *nr_dropped)
{
	struct sio_partial *p;
	struct sio_partial *tmp;
	unsigned int n = 0;
	u64 next = U64_MAX;

	list_for_each_entry_safe(p, tmp, &r->msgs, list) {
		if (p->deadline_ns <= now_ns) {
			sio_partial_drop(r, p);
			n++;
		} else {
			next = min(next, p->deadline_ns);
		}
	}
	r->nr_expired += n;
	if (nr_dropped)
		*nr_dropped = n;
	return next;
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_expire);

/**
 * sio_reasm_purge() - drop all that is held
 * @r: of the flow; may be used again
 *
 * Context: any, under the lock of @r.
 */
void sio_reasm_purge(struct sio_reasm *r)
{
	struct sio_partial *p;
	struct sio_partial *tmp;

	list_for_each_entry_safe(p, tmp, &r->msgs, list)
		sio_partial_drop(r, p);
}
EXPORT_SYMBOL_IF_KUNIT(sio_reasm_purge);
