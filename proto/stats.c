// SPDX-License-Identifier: GPL-2.0
/* Names of the counters, and their way into netlink. */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <net/netlink.h>

#include <splitio/core.h>

#include "stats.h"

static const char * const sio_stats_names[] = {
	[SIO_CNT_NONE]			= "none",
	[SIO_CNT_RX_FRAMES]		= "rx_frames",
	[SIO_CNT_RX_BYTES]		= "rx_bytes",
	[SIO_CNT_RX_MSGS]		= "rx_msgs",
	[SIO_CNT_RX_CHUNKS]		= "rx_chunks",
	[SIO_CNT_RX_PACKETS]		= "rx_packets",
	[SIO_CNT_RX_ACKS]		= "rx_acks",
	[SIO_CNT_RX_GAPS]		= "rx_gaps",
	[SIO_CNT_RX_LATE]		= "rx_late",
	[SIO_CNT_TX_FRAMES]		= "tx_frames",
	[SIO_CNT_TX_BYTES]		= "tx_bytes",
	[SIO_CNT_TX_MSGS]		= "tx_msgs",
	[SIO_CNT_TX_PACKETS]		= "tx_packets",
	[SIO_CNT_TX_ACKS]		= "tx_acks",
	[SIO_CNT_TX_SACKS]		= "tx_sacks",
	[SIO_CNT_TX_LOST]		= "tx_lost",
	[SIO_CNT_TX_BLOCKED]		= "tx_blocked",
	[SIO_CNT_TX_DROP_WINDOW]	= "tx_drop_window",
	[SIO_CNT_TX_DROP_DOWN]		= "tx_drop_down",
	[SIO_CNT_TX_DROP_NOMEM]		= "tx_drop_nomem",
	[SIO_CNT_TX_DROP_BIG]		= "tx_drop_big",
	[SIO_CNT_CTL_SENT]		= "ctl_sent",
	[SIO_CNT_CTL_RESENT]		= "ctl_resent",
	[SIO_CNT_CTL_ANSWERED]		= "ctl_answered",
	[SIO_CNT_CTL_EXECUTED]		= "ctl_executed",
	[SIO_CNT_CTL_REPLAYED]		= "ctl_replayed",
	[SIO_CNT_CTL_BUSY]		= "ctl_busy",
	[SIO_CNT_REQ_SENT]		= "req_sent",
	[SIO_CNT_REQ_RESENT]		= "req_resent",
	[SIO_CNT_REQ_ANSWERED]		= "req_answered",
	[SIO_CNT_REQ_EXECUTED]		= "req_executed",
	[SIO_CNT_REQ_REPLAYED]		= "req_replayed",
	[SIO_CNT_REQ_BUSY]		= "req_busy",
	[SIO_CNT_REQ_PULLED]		= "req_pulled",
	[SIO_CNT_KEEPALIVES]		= "keepalives",
	[SIO_CNT_DIALS]			= "dials",
	[SIO_CNT_UPS]			= "ups",
	[SIO_CNT_FAULTS]		= "faults",
	[SIO_CNT_DROP_SHORT]		= "drop_short",
	[SIO_CNT_DROP_IP]		= "drop_ip",
	[SIO_CNT_DROP_CSUM]		= "drop_csum",
	[SIO_CNT_DROP_TCP]		= "drop_tcp",
	[SIO_CNT_DROP_OPTIONS]		= "drop_options",
	[SIO_CNT_DROP_FLAGS]		= "drop_flags",
	[SIO_CNT_DROP_ACK]		= "drop_ack",
	[SIO_CNT_DROP_WINDOW]		= "drop_window",
	[SIO_CNT_DROP_WRAP]		= "drop_wrap",
	[SIO_CNT_DROP_OFFSET]		= "drop_offset",
	[SIO_CNT_DROP_DUP]		= "drop_dup",
	[SIO_CNT_DROP_RST]		= "drop_rst",
	[SIO_CNT_DROP_COOKIE]		= "drop_cookie",
	[SIO_CNT_DROP_VERSION]		= "drop_version",
	[SIO_CNT_DROP_TYPE]		= "drop_type",
	[SIO_CNT_DROP_HDR]		= "drop_hdr",
	[SIO_CNT_DROP_LEN]		= "drop_len",
	[SIO_CNT_DROP_RESERVED]		= "drop_reserved",
	[SIO_CNT_DROP_SUITE]		= "drop_suite",
	[SIO_CNT_DROP_TAG]		= "drop_tag",
	[SIO_CNT_DROP_CRC]		= "drop_crc",
	[SIO_CNT_DROP_EPOCH]		= "drop_epoch",
	[SIO_CNT_DROP_DEV]		= "drop_dev",
	[SIO_CNT_DROP_RECORD]		= "drop_record",
	[SIO_CNT_DROP_VNET]		= "drop_vnet",
	[SIO_CNT_DROP_SPAN]		= "drop_span",
	[SIO_CNT_DROP_SLOT]		= "drop_slot",
	[SIO_CNT_DROP_CREDIT]		= "drop_credit",
	[SIO_CNT_DROP_STATE]		= "drop_state",
	[SIO_CNT_DROP_REASM]		= "drop_reasm",
	[SIO_CNT_DROP_EXPIRED]		= "drop_expired",
	[SIO_CNT_DROP_EVICTED]		= "drop_evicted",
	[SIO_CNT_DROP_FULL]		= "drop_full",
	[SIO_CNT_DROP_OPEN_PEER]	= "drop_open_peer",
	[SIO_CNT_DROP_OPEN_LINK]	= "drop_open_link",
	[SIO_CNT_DROP_NOMEM]		= "drop_nomem",
	[SIO_CNT_DROP_SPOOF]		= "drop_spoof",
	[SIO_CNT_DROP_PORT]		= "drop_port",
};

static_assert(ARRAY_SIZE(sio_stats_names) == SIO_CNT_NR);

/**
 * sio_stats_name() - name of a counter as tools print it
 * @cnt: which
 *
 * Return: a constant string.
 */
const char *sio_stats_name(enum sio_cnt cnt)
{
	return sio_stats_names[cnt];
}
EXPORT_SYMBOL_GPL(sio_stats_name);

/**
 * sio_stats_sum() - value of a counter over all CPUs
 * @stats: an object's counters
 * @cnt: which
 *
 * Return: the sum; another CPU may be counting meanwhile.
 */
u64 sio_stats_sum(struct sio_stats __percpu *stats, enum sio_cnt cnt)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->cnt[cnt]);
	return sum;
}
EXPORT_SYMBOL_GPL(sio_stats_sum);

/**
 * sio_stats_fill_one() - put one counter into a netlink message
 * @skb: the message
 * @attr: type of the nest, whose inside is enum sio_a_stat
 * @name: of the counter
 * @value: of the counter
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_stats_fill_one(struct sk_buff *skb, int attr, const char *name,
		       u64 value)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, SIO_A_STAT_NAME, name) ||
	    nla_put_u64_64bit(skb, SIO_A_STAT_VALUE, value, SIO_A_STAT_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
EXPORT_SYMBOL_GPL(sio_stats_fill_one);

/**
 * sio_stats_fill_defs() - put sums over all CPUs into a netlink message
 * @skb: the message
 * @attr: type of the nest of each counter
 * @stats: one struct for each CPU
 * @defs: what to take out of it
 * @nr: entries of @defs
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_stats_fill_defs(struct sk_buff *skb, int attr,
			const void __percpu *stats,
			const struct sio_stat_def *defs, unsigned int nr)
{
	int cpu, err;
	u64 sum;

	for (; nr; nr--, defs++) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += *(const u64 *)(per_cpu_ptr(stats, cpu) +
					      defs->offset);
		err = sio_stats_fill_one(skb, attr, defs->name, sum);
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(sio_stats_fill_defs);

/**
 * sio_stats_fill_def() - put counters of one struct into a netlink message
 * @skb: the message
 * @attr: type of the nest of each counter
 * @stats: the struct
 * @defs: what to take out of it
 * @nr: entries of @defs
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_stats_fill_def(struct sk_buff *skb, int attr, const void *stats,
		       const struct sio_stat_def *defs, unsigned int nr)
{
	int err;

	for (; nr; nr--, defs++) {
		err = sio_stats_fill_one(skb, attr, defs->name,
					 *(const u64 *)(stats + defs->offset));
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(sio_stats_fill_def);

/**
 * sio_hist_merge() - add a histogram to another
 * @to: the other
 * @from: somebody may be counting meanwhile
 */
void sio_hist_merge(struct sio_hist *to, const struct sio_hist *from)
{
	unsigned int i;

	for (i = 0; i < SIO_HIST_NR; i++)
		to->nr[i] += READ_ONCE(from->nr[i]);
	to->sum_ns += READ_ONCE(from->sum_ns);
}
EXPORT_SYMBOL_GPL(sio_hist_merge);

/**
 * sio_hist_sum() - add the histograms of all CPUs to another
 * @to: the other
 * @from: one for each CPU
 */
void sio_hist_sum(struct sio_hist *to, const struct sio_hist __percpu *from)
{
	int cpu;

	for_each_possible_cpu(cpu)
		sio_hist_merge(to, per_cpu_ptr(from, cpu));
}
EXPORT_SYMBOL_GPL(sio_hist_sum);

/**
 * sio_hist_fill() - put the buckets that ever counted into a message
 * @skb: the message
 * @attr: type of the nest of each bucket
 * @hist: the histogram
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_hist_fill(struct sk_buff *skb, int attr, const struct sio_hist *hist)
{
	char name[16];
	unsigned int i;
	int err;

	for (i = 0; i < SIO_HIST_NR; i++) {
		if (!hist->nr[i])
			continue;
		if (i + 1 < SIO_HIST_NR)
			snprintf(name, sizeof(name), "%lu", BIT(i));
		else
			strscpy(name, "inf", sizeof(name));
		err = sio_stats_fill_one(skb, attr, name, hist->nr[i]);
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(sio_hist_fill);

/**
 * sio_stats_fill() - put all counters that ever counted into a message
 * @skb: the message
 * @attr: type of the nest of each counter
 * @stats: an object's counters
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_stats_fill(struct sk_buff *skb, int attr,
		   struct sio_stats __percpu *stats)
{
	enum sio_cnt cnt;
	u64 value;
	int err;

	for (cnt = SIO_CNT_NONE + 1; cnt < SIO_CNT_NR; cnt++) {
		value = sio_stats_sum(stats, cnt);
		if (!value)
			continue;
		err = sio_stats_fill_one(skb, attr, sio_stats_name(cnt), value);
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(sio_stats_fill);
