// SPDX-License-Identifier: GPL-2.0
/* What a session tells of itself, over netlink. */
#include <linux/export.h>
#include <net/netlink.h>

#include "flow.h"
#include "session.h"

static int sio_session_fill_flow(struct sk_buff *skb, struct sio_session *sess)
{
	const struct sio_flow *flow = __sio_session_flow(sess, 0);

	if (!flow || !sess->nr_flows)
		return 0;
	if (nla_put_in_addr(skb, SIO_A_SESS_LOCAL, flow->link->laddr) ||
	    nla_put_u16(skb, SIO_A_SESS_LOCAL_PORT, ntohs(flow->lport)) ||
	    nla_put_u32(skb, SIO_A_SESS_MSS, READ_ONCE(flow->mss)) ||
	    nla_put_u32(skb, SIO_A_SESS_MSG_MAX, READ_ONCE(flow->msg_max)) ||
	    nla_put_u32(skb, SIO_A_SESS_SRTT_US, READ_ONCE(flow->rtt.srtt_us)))
		return -EMSGSIZE;
	return 0;
}

static int sio_session_fill_peer(struct sk_buff *skb, struct sio_session *sess,
				 u64 now)
{
	u64 oldest_us = sio_slot_oldest(&sess->client, now / NSEC_PER_USEC);

	if (sess->peer &&
	    (nla_put_in_addr(skb, SIO_A_SESS_PEER, sess->peer) ||
	     nla_put_u16(skb, SIO_A_SESS_PEER_PORT, ntohs(sess->peer_port))))
		return -EMSGSIZE;
	if (sess->has_peer &&
	    (nla_put(skb, SIO_A_SESS_PEER_INSTANCE, SIO_ID_LEN,
		     sess->peer_instance) ||
	     nla_put(skb, SIO_A_SESS_PEER_BOOT, SIO_ID_LEN, sess->peer_boot)))
		return -EMSGSIZE;
	if (sess->state == SIO_STATE_WAITING && sess->is_guest &&
	    nla_put_u64_64bit(skb, SIO_A_SESS_NEXT_MS,
			      (max(sess->next_ns, now) - now) / NSEC_PER_MSEC,
			      SIO_A_SESS_PAD))
		return -EMSGSIZE;
	if (nla_put_u32(skb, SIO_A_SESS_HELD,
			sio_slot_outstanding(&sess->client)) ||
	    nla_put_u64_64bit(skb, SIO_A_SESS_OLDEST_MS, oldest_us / 1000,
			      SIO_A_SESS_PAD))
		return -EMSGSIZE;
	return 0;
}

/* What was asked for, to be asked for again after a boot */
static int sio_session_fill_asked(struct sk_buff *skb,
				  const struct sio_session *sess)
{
	if (sess->key_source &&
	    nla_put_string(skb, SIO_A_SESS_KEY_SOURCE, sess->key_source))
		return -EMSGSIZE;
	if (!sess->is_guest)
		return 0;
	if (sess->local &&
	    nla_put_in_addr(skb, SIO_A_SESS_LOCAL_ASKED, sess->local))
		return -EMSGSIZE;
	return nla_put_u32(skb, SIO_A_SESS_FLOWS_ASKED, sess->flows_asked);
}

static int sio_session_fill_stats(struct sk_buff *skb,
				  const struct sio_session *sess)
{
	struct sio_hist rtt = {};

	sio_hist_sum(&rtt, &sess->stats->rtt);
	return sio_stats_fill(skb, SIO_A_SESS_STAT, sess->stats) ?:
	       sio_stats_fill_one(skb, SIO_A_SESS_STAT, "round_trip_ns",
				  rtt.sum_ns) ?:
	       sio_hist_fill(skb, SIO_A_SESS_HIST, &rtt);
}

static int __sio_session_fill(struct sk_buff *skb, struct sio_session *sess)
{
	u64 now = ktime_get_ns();

	if (sess->link)
		sio_link_name(sess->link, &sess->ifindex, sess->ifname);
	if (nla_put_string(skb, SIO_A_SESS_NAME, sess->name) ||
	    nla_put_u32(skb, SIO_A_SESS_STATE, sess->state) ||
	    nla_put_u32(skb, SIO_A_SESS_WHY, sess->why) ||
	    nla_put_u64_64bit(skb, SIO_A_SESS_SINCE_MS,
			      (now - sess->state_ns) / NSEC_PER_MSEC,
			      SIO_A_SESS_PAD) ||
	    nla_put_u32(skb, SIO_A_SESS_EPOCH, sess->epoch) ||
	    nla_put_u32(skb, SIO_A_SESS_FLOWS, sess->nr_flows) ||
	    nla_put_u32(skb, SIO_A_SESS_FLOWS_WANTED, sess->flows_wanted) ||
	    nla_put_u64_64bit(skb, SIO_A_SESS_FEATURES, sess->features,
			      SIO_A_SESS_PAD) ||
	    nla_put_u64_64bit(skb, SIO_A_SESS_DETAIL, sess->detail,
			      SIO_A_SESS_PAD) ||
	    nla_put_u8(skb, SIO_A_SESS_INSECURE, sess->is_insecure) ||
	    nla_put_u32(skb, SIO_A_SESS_DIALS, sess->dials) ||
	    nla_put(skb, SIO_A_SESS_INSTANCE, SIO_ID_LEN, sess->instance) ||
	    nla_put(skb, SIO_A_SESS_BOOT, SIO_ID_LEN, sio_boot_id))
		return -EMSGSIZE;
	if (sess->ifindex &&
	    (nla_put_u32(skb, SIO_A_SESS_IFINDEX, sess->ifindex) ||
	     nla_put_string(skb, SIO_A_SESS_IFNAME, sess->ifname)))
		return -EMSGSIZE;
	return sio_session_fill_asked(skb, sess) ?:
	       sio_session_fill_peer(skb, sess, now) ?:
	       sio_session_fill_flow(skb, sess) ?:
	       sio_session_fill_stats(skb, sess);
}

/**
 * sio_session_fill() - describe a session in a netlink message
 * @skb: the message
 * @attr: type of the nest, whose inside is enum sio_a_sess
 * @sess: held
 *
 * Context: process; takes the session's mutex.
 * Return: 0 or -EMSGSIZE.
 */
int sio_session_fill(struct sk_buff *skb, int attr, struct sio_session *sess)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	mutex_lock(&sess->mutex);
	err = __sio_session_fill(skb, sess);
	mutex_unlock(&sess->mutex);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
EXPORT_SYMBOL_GPL(sio_session_fill);
