// SPDX-License-Identifier: GPL-2.0
/* Harm frames on their way out, by rule, by ordinal and by seed. */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ip.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/gso.h>
#include <net/neighbour.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "fault.h"
#include "link.h"
#include "stats.h"

#define SIO_FAULT_PPM		1000000
#define SIO_FAULT_DELAY_MAX_US	60000000

/* Frames that may be held back at a time */
#define SIO_FAULT_HELD_MAX	4096

/**
 * struct sio_fault_rule - one rule
 * @action: enum sio_fault_action
 * @type: of the frames counted
 * @first: ordinal of the first frame hit
 * @count: how many from there on, 0 for no end
 * @ppm: chance of each
 * @delay_us: for SIO_FAULT_DELAY
 * @value: for SIO_FAULT_ISN
 * @seen: frames counted so far
 * @rnd: decides
 */
struct sio_fault_rule {
	u8 action;
	u8 type;
	u32 first;
	u32 count;
	u32 ppm;
	u32 delay_us;
	u32 value;
	u64 seen;
	struct rnd_state rnd;
};

/**
 * struct sio_fault_cb - kept in skb->cb of a frame that is held back
 * @neigh: where it goes, held
 * @due_ns: when
 */
struct sio_fault_cb {
	struct neighbour *neigh;
	u64 due_ns;
};

/**
 * struct sio_faults - the rules of a link and the frames they hold back
 * @lock: protects everything else
 * @is_stopped: nothing is to be held back any more
 * @nr: rules
 * @rules: the rules
 * @swap: frame that goes after the next one
 * @late: delayed frames, by time
 * @timer: sends them
 * @rcu: frees it
 */
struct sio_faults {
	spinlock_t lock;	/* protects everything else */
	bool is_stopped;
	unsigned int nr;
	struct sio_fault_rule rules[SIO_FAULT_RULES];
	struct sk_buff *swap;
	struct sk_buff_head late;
	struct hrtimer timer;
	struct rcu_head rcu;
};

static struct sio_fault_cb *sio_fault_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct sio_fault_cb) > sizeof(skb->cb));
	return (struct sio_fault_cb *)skb->cb;
}

static void sio_fault_hold(struct sk_buff *skb, struct neighbour *n, u64 due_ns)
{
	sio_fault_cb(skb)->neigh = neigh_clone(n);
	sio_fault_cb(skb)->due_ns = due_ns;
}

static void sio_fault_let_go(struct sk_buff *skb)
{
	struct neighbour *n = sio_fault_cb(skb)->neigh;

	memset(skb->cb, 0, sizeof(skb->cb));
	neigh_output(n, skb, false);
	neigh_release(n);
}

static void sio_fault_discard(struct sk_buff *skb)
{
	neigh_release(sio_fault_cb(skb)->neigh);
	kfree_skb(skb);
}

static enum hrtimer_restart sio_fault_timer(struct hrtimer *timer)
{
	struct sio_faults *faults = container_of(timer, struct sio_faults,
						 timer);
	u64 now = ktime_get_ns();
	struct sk_buff_head due;
	struct sk_buff *skb;

	__skb_queue_head_init(&due);
	spin_lock(&faults->lock);
	while ((skb = skb_peek(&faults->late)) &&
	       sio_fault_cb(skb)->due_ns <= now) {
		__skb_unlink(skb, &faults->late);
		__skb_queue_tail(&due, skb);
	}
	/* not by returning a new time: a sender may have started it already */
	if (skb)
		hrtimer_start(timer, ns_to_ktime(sio_fault_cb(skb)->due_ns),
			      HRTIMER_MODE_ABS_SOFT);
	spin_unlock(&faults->lock);
	rcu_read_lock();
	while ((skb = __skb_dequeue(&due)))
		sio_fault_let_go(skb);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

static bool sio_fault_is_hit(struct sio_fault_rule *rule, u8 type)
{
	bool is_bare = !type;

	if (rule->action == SIO_FAULT_ISN)
		return false;
	if (rule->type == SIO_FAULT_TYPE_BARE ? !is_bare :
	    rule->type && rule->type != type)
		return false;
	rule->seen++;
	if (rule->seen < rule->first ||
	    (rule->count && rule->seen >= (u64)rule->first + rule->count))
		return false;
	return rule->ppm >= SIO_FAULT_PPM ||
	       prandom_u32_state(&rule->rnd) % SIO_FAULT_PPM < rule->ppm;
}

/* Insert by time; false if there is no room */
static bool sio_fault_delay(struct sio_faults *faults, struct sk_buff *skb,
			    struct neighbour *n, u32 delay_us)
{
	u64 due = ktime_get_ns() + (u64)delay_us * NSEC_PER_USEC;
	struct sk_buff *at;

	lockdep_assert_held(&faults->lock);
	if (faults->is_stopped ||
	    skb_queue_len(&faults->late) >= SIO_FAULT_HELD_MAX)
		return false;
	sio_fault_hold(skb, n, due);
	skb_queue_reverse_walk(&faults->late, at)
		if (sio_fault_cb(at)->due_ns <= due)
			break;
	__skb_queue_after(&faults->late, at, skb);
	if (skb_peek(&faults->late) == skb)
		hrtimer_start(&faults->timer, ns_to_ktime(due),
			      HRTIMER_MODE_ABS_SOFT);
	return true;
}

/* Flip a bit of the payload; the TCP checksum is made over it later */
static void sio_fault_corrupt(struct sio_fault_rule *rule, struct sk_buff *skb)
{
	u32 hdrs = skb_transport_offset(skb) + tcp_hdrlen(skb);
	u32 room = min_t(u32, skb_headlen(skb), skb->len);
	u32 rnd = prandom_u32_state(&rule->rnd);

	if (room > hdrs)
		skb->data[hdrs + rnd % (room - hdrs)] ^= 1 << (rnd >> 29);
}

/* Send with wrong checksums; always consumed */
static void sio_fault_badsum(struct sk_buff *skb, struct neighbour *n)
{
	struct sk_buff *segs = skb, *next;

	if (skb_is_gso(skb)) {
		segs = __skb_gso_segment(skb, NETIF_F_SG, true);
		if (IS_ERR_OR_NULL(segs)) {
			kfree_skb(skb);
			return;
		}
		consume_skb(skb);
	}
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		if ((skb->ip_summed == CHECKSUM_PARTIAL &&
		     skb_checksum_help(skb)) ||
		    skb_ensure_writable(skb, skb_transport_offset(skb) +
					     sizeof(struct tcphdr))) {
			kfree_skb(skb);
			continue;
		}
		tcp_hdr(skb)->check = ~tcp_hdr(skb)->check;
		neigh_output(n, skb, false);
	}
}

static void sio_fault_dup(struct sk_buff *skb, struct neighbour *n)
{
	struct sk_buff *copy = skb_copy(skb, GFP_ATOMIC);

	if (copy)
		neigh_output(n, copy, false);
}

/**
 * sio_fault_tx() - give the injector a chance at a frame
 * @link: has rules
 * @n: where the frame goes
 * @skb: data at its IPv4 header; consumed if true is returned
 * @type: enum sio_msg_type, 0 without a message
 *
 * Context: BH disabled, under rcu_read_lock().
 * Return: true if the frame is not the caller's any more.
 */
bool sio_fault_tx(struct sio_link *link, struct neighbour *n,
		  struct sk_buff *skb, u8 type)
{
	struct sio_faults *faults = rcu_dereference(link->faults);
	struct sk_buff *swap = NULL;
	bool taken = false;
	unsigned int i;
	u8 action = 0;

	if (!faults)
		return false;
	spin_lock(&faults->lock);
	for (i = 0; i < faults->nr && !action; i++)
		if (sio_fault_is_hit(&faults->rules[i], type))
			action = faults->rules[i].action;
	if (action)
		sio_stats_inc(link->stats, SIO_CNT_FAULTS);
	switch (action) {
	case SIO_FAULT_DROP:
		kfree_skb(skb);
		taken = true;
		break;
	case SIO_FAULT_REORDER:
		if (!faults->swap && !faults->is_stopped) {
			sio_fault_hold(skb, n, 0);
			faults->swap = skb;
			taken = true;
		}
		break;
	case SIO_FAULT_DELAY:
		taken = sio_fault_delay(faults, skb, n,
					faults->rules[i - 1].delay_us);
		break;
	case SIO_FAULT_CORRUPT:
		sio_fault_corrupt(&faults->rules[i - 1], skb);
		break;
	}
	if (!taken) {
		swap = faults->swap;
		faults->swap = NULL;
	}
	spin_unlock(&faults->lock);

	if (taken)
		return true;
	if (action == SIO_FAULT_DUP)
		sio_fault_dup(skb, n);
	if (action == SIO_FAULT_BADSUM)
		sio_fault_badsum(skb, n);
	else
		neigh_output(n, skb, false);
	if (swap)
		sio_fault_let_go(swap);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(sio_fault_tx);

/**
 * sio_fault_isn() - is there a rule for initial sequence numbers?
 * @link: may have rules
 * @isn: gets the value
 *
 * Context: any.
 * Return: true if there is.
 */
bool sio_fault_isn(struct sio_link *link, u32 *isn)
{
	const struct sio_faults *faults;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	faults = rcu_dereference(link->faults);
	for (i = 0; faults && i < faults->nr; i++) {
		if (faults->rules[i].action != SIO_FAULT_ISN)
			continue;
		*isn = faults->rules[i].value;
		found = true;
	}
	rcu_read_unlock();
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(sio_fault_isn);

static const struct nla_policy sio_fault_policy[SIO_A_FAULT_MAX + 1] = {
	[SIO_A_FAULT_ACTION]	= NLA_POLICY_RANGE(NLA_U8, 1, SIO_FAULT_MAX),
	[SIO_A_FAULT_TYPE]	= { .type = NLA_U8 },
	[SIO_A_FAULT_FIRST]	= NLA_POLICY_MIN(NLA_U32, 1),
	[SIO_A_FAULT_COUNT]	= { .type = NLA_U32 },
	[SIO_A_FAULT_PPM]	= NLA_POLICY_MIN(NLA_U32, 1),
	[SIO_A_FAULT_SEED]	= { .type = NLA_U32 },
	[SIO_A_FAULT_DELAY_US]	= { .type = NLA_U32 },
	[SIO_A_FAULT_VALUE]	= { .type = NLA_U32 },
};

static u32 sio_fault_u32(struct nlattr **tb, int type, u32 fallback)
{
	return tb[type] ? nla_get_u32(tb[type]) : fallback;
}

static int sio_fault_parse(struct sio_fault_rule *rule,
			   const struct nlattr *nest,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[SIO_A_FAULT_MAX + 1];
	int err;

	err = nla_parse_nested(tb, SIO_A_FAULT_MAX, nest, sio_fault_policy,
			       extack);
	if (err)
		return err;
	if (!tb[SIO_A_FAULT_ACTION]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "A rule needs an action");
		return -EINVAL;
	}
	rule->action = nla_get_u8(tb[SIO_A_FAULT_ACTION]);
	if (tb[SIO_A_FAULT_TYPE])
		rule->type = nla_get_u8(tb[SIO_A_FAULT_TYPE]);
	rule->first = sio_fault_u32(tb, SIO_A_FAULT_FIRST, 1);
	rule->count = sio_fault_u32(tb, SIO_A_FAULT_COUNT, 1);
	rule->ppm = sio_fault_u32(tb, SIO_A_FAULT_PPM, SIO_FAULT_PPM);
	rule->delay_us = sio_fault_u32(tb, SIO_A_FAULT_DELAY_US, 0);
	rule->value = sio_fault_u32(tb, SIO_A_FAULT_VALUE, 0);
	prandom_seed_state(&rule->rnd,
			   sio_fault_u32(tb, SIO_A_FAULT_SEED, 1));
	if (rule->ppm > SIO_FAULT_PPM) {
		NL_SET_ERR_MSG_ATTR(extack, tb[SIO_A_FAULT_PPM],
				    "A chance is at most 1000000 in a million");
		return -ERANGE;
	}
	if (rule->delay_us > SIO_FAULT_DELAY_MAX_US) {
		NL_SET_ERR_MSG_ATTR(extack, tb[SIO_A_FAULT_DELAY_US],
				    "A delay is at most 60 seconds");
		return -ERANGE;
	}
	return 0;
}

/* Nothing is held back from here on */
static void sio_fault_drain(struct sio_faults *faults)
{
	struct sk_buff_head late;
	struct sk_buff *skb, *swap;

	__skb_queue_head_init(&late);
	spin_lock_bh(&faults->lock);
	faults->is_stopped = true;
	swap = faults->swap;
	faults->swap = NULL;
	skb_queue_splice_init(&faults->late, &late);
	spin_unlock_bh(&faults->lock);
	hrtimer_cancel(&faults->timer);
	while ((skb = __skb_dequeue(&late)))
		sio_fault_discard(skb);
	if (swap)
		sio_fault_discard(swap);
}

/**
 * sio_fault_set() - replace the rules of a link
 * @link: in use by the caller
 * @attrs: attributes of a request
 * @len: bytes of them
 * @type: type of the nests that hold a rule; none clears all rules
 * @extack: gets a sentence on refusal
 *
 * Context: process, may sleep; takes sio_links_mutex, so that the link does not
 * go, nor two families set rules, between taking the old ones and freeing them.
 * Return: 0, -EINVAL, -ERANGE, -E2BIG, -ENOMEM, -ENODEV if the link is gone.
 */
int sio_fault_set(struct sio_link *link, const struct nlattr *attrs, int len,
		  int type, struct netlink_ext_ack *extack)
{
	struct sio_faults *faults, *old;
	const struct nlattr *attr;
	int err = 0, left;

	faults = kzalloc(sizeof(*faults), GFP_KERNEL);
	if (!faults)
		return -ENOMEM;
	spin_lock_init(&faults->lock);
	__skb_queue_head_init(&faults->late);
	hrtimer_setup(&faults->timer, sio_fault_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
	nla_for_each_attr(attr, attrs, len, left) {
		if (nla_type(attr) != type)
			continue;
		err = -E2BIG;
		if (faults->nr == SIO_FAULT_RULES)
			NL_SET_ERR_MSG(extack, "A link has at most 8 rules");
		else
			err = sio_fault_parse(&faults->rules[faults->nr], attr,
					      extack);
		if (err)
			break;
		faults->nr++;
	}
	if (err || !faults->nr) {
		kfree(faults);
		faults = NULL;
	}
	if (err)
		return err;
	mutex_lock(&sio_links_mutex);
	if (link->is_gone) {
		NL_SET_ERR_MSG(extack, "The link's net device is gone");
		old = faults;
		err = -ENODEV;
	} else {
		old = rcu_replace_pointer(link->faults, faults,
					  lockdep_is_held(&sio_links_mutex));
	}
	mutex_unlock(&sio_links_mutex);
	if (old) {
		synchronize_net();
		sio_fault_free(old);
	}
	return err;
}
EXPORT_SYMBOL_GPL(sio_fault_set);

/**
 * sio_fault_stop() - drop what is held back, hold nothing back any more
 * @link: its net device goes
 *
 * Context: process, sio_links_mutex is held.
 */
void sio_fault_stop(struct sio_link *link)
{
	struct sio_faults *faults;

	faults = rcu_dereference_protected(link->faults,
					   lockdep_is_held(&sio_links_mutex));
	if (faults)
		sio_fault_drain(faults);
}
EXPORT_SYMBOL_IF_KUNIT(sio_fault_stop);

/**
 * sio_fault_free() - free rules that nobody can find any more
 * @faults: may be NULL
 *
 * Context: process, after a grace period; softirq once they are stopped.
 */
void sio_fault_free(struct sio_faults *faults)
{
	if (!faults)
		return;
	sio_fault_drain(faults);
	kfree(faults);
}
