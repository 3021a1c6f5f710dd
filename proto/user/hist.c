// SPDX-License-Identifier: GPL-2.0
/* Counters and histograms of an object, and what they grew by. */
#include <stdlib.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/hist.h"
#include "proto/user/obj.h"

/**
 * sio_stat_find() - look for a counter
 * @obj: session, device, link or worker
 * @attr: attribute that holds a counter, any number of times
 * @name: the counter's name
 * @value: set to its value, if it is there
 *
 * Return: whether it is there; some are absent until they count.
 */
bool sio_stat_find(const struct sio_obj *obj, int attr, const char *name,
		   __u64 *value)
{
	const struct nlattr *nla;
	struct sio_obj stat;

	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&stat, nla);
		if (strcmp(sio_obj_str(&stat, SIO_A_STAT_NAME), name))
			continue;
		*value = sio_obj_u64(&stat, SIO_A_STAT_VALUE);
		return true;
	}
	return false;
}

/**
 * sio_stat() - value of a counter
 * @obj: session, device, link or worker
 * @attr: attribute that holds a counter, any number of times
 * @name: the counter's name
 *
 * Return: its value, 0 if it is absent as it never counted.
 */
__u64 sio_stat(const struct sio_obj *obj, int attr, const char *name)
{
	__u64 value = 0;

	sio_stat_find(obj, attr, name, &value);
	return value;
}

/**
 * sio_stat_drops() - what was dropped, for whatever reason
 * @obj: session, device or link
 * @attr: attribute that holds a counter, any number of times
 *
 * Return: sum of the counters that say so.
 */
__u64 sio_stat_drops(const struct sio_obj *obj, int attr)
{
	const struct nlattr *nla;
	struct sio_obj stat;
	__u64 sum = 0;

	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&stat, nla);
		if (strstr(sio_obj_str(&stat, SIO_A_STAT_NAME), "drop"))
			sum += sio_obj_u64(&stat, SIO_A_STAT_VALUE);
	}
	return sum;
}

/* Bucket whose upper bound a name is. */
static int sio_hist_bucket(const char *name)
{
	unsigned long long bound = strtoull(name, NULL, 10);
	int i;

	for (i = 0; i < SIO_HIST_BUCKETS - 1; i++)
		if (bound == 1ULL << i)
			break;
	return i;
}

/**
 * sio_hist_read() - read a histogram
 * @obj: disk, session or worker
 * @attr: attribute that holds a bucket, any number of times
 * @hist: filled in, but for the sum
 */
void sio_hist_read(const struct sio_obj *obj, int attr, struct sio_hist *hist)
{
	const struct nlattr *nla;
	struct sio_obj bucket;
	int i;

	memset(hist, 0, sizeof(*hist));
	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&bucket, nla);
		i = sio_hist_bucket(sio_obj_str(&bucket, SIO_A_STAT_NAME));
		hist->nr[i] += sio_obj_u64(&bucket, SIO_A_STAT_VALUE);
	}
}

/**
 * sio_hist_take() - take an older histogram away from a newer one
 * @from: the newer one
 * @what: the older one; nowhere more than @from
 */
void sio_hist_take(struct sio_hist *from, const struct sio_hist *what)
{
	int i;

	for (i = 0; i < SIO_HIST_BUCKETS; i++)
		from->nr[i] -= what->nr[i];
	from->sum_ns -= what->sum_ns;
}

/**
 * sio_hist_count() - how many are in a histogram
 * @hist: the histogram
 *
 * Return: that.
 */
__u64 sio_hist_count(const struct sio_hist *hist)
{
	__u64 nr = 0;
	int i;

	for (i = 0; i < SIO_HIST_BUCKETS; i++)
		nr += hist->nr[i];
	return nr;
}

/**
 * sio_hist_mean_us() - how long they took on average
 * @hist: the histogram, not empty
 *
 * Return: microseconds.
 */
double sio_hist_mean_us(const struct sio_hist *hist)
{
	return (double)hist->sum_ns / 1000 / (double)sio_hist_count(hist);
}

/**
 * sio_hist_quantile_us() - within which time a share of them was done
 * @hist: the histogram, not empty
 * @share: more than 0, up to 1
 *
 * Return: microseconds, as if those of a bucket were spread evenly over it; the
 * lower bound of the last bucket, which has no upper one.
 */
double sio_hist_quantile_us(const struct sio_hist *hist, double share)
{
	double rank = share * (double)sio_hist_count(hist);
	double low = 0, high = 1;
	int i;

	for (i = 0; i < SIO_HIST_BUCKETS - 1; i++) {
		if (rank <= (double)hist->nr[i])
			return low + (high - low) * rank / (double)hist->nr[i];
		rank -= (double)hist->nr[i];
		low = high;
		high *= 2;
	}
	return low;
}

/* Is there a counter that goes down? Then all began anew. */
static bool sio_diff_is_reset(const struct sio_obj *now,
			      const struct sio_obj *old, int attr)
{
	const struct nlattr *nla;
	struct sio_obj stat;

	mnl_attr_for_each_nested(nla, old->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&stat, nla);
		if (sio_obj_u64(&stat, SIO_A_STAT_VALUE) >
		    sio_stat(now, attr, sio_obj_str(&stat, SIO_A_STAT_NAME)))
			return true;
	}
	return false;
}

/**
 * sio_diff_init() - compare an object with what it was
 * @diff: filled in
 * @now: the object
 * @old: what it was an interval ago; NULL if it was not there, and has
 *	counted from zero since
 * @attr: attribute that holds a counter
 * @s: seconds in between
 */
void sio_diff_init(struct sio_diff *diff, const struct sio_obj *now,
		   const struct sio_obj *old, int attr, double s)
{
	if (old && sio_diff_is_reset(now, old, attr))
		old = NULL;
	diff->now = now;
	diff->old = old;
	diff->attr = attr;
	diff->s = s;
}

/**
 * sio_diff_rate() - how fast a counter grew
 * @diff: the object
 * @name: the counter's name
 *
 * Return: by so much a second.
 */
double sio_diff_rate(const struct sio_diff *diff, const char *name)
{
	__u64 n = sio_stat(diff->now, diff->attr, name);

	if (diff->old)
		n -= sio_stat(diff->old, diff->attr, name);
	return (double)n / diff->s;
}

/**
 * sio_diff_drops() - how much was dropped
 * @diff: the object
 *
 * Return: so much a second.
 */
double sio_diff_drops(const struct sio_diff *diff)
{
	__u64 n = sio_stat_drops(diff->now, diff->attr);

	if (diff->old)
		n -= sio_stat_drops(diff->old, diff->attr);
	return (double)n / diff->s;
}

/**
 * sio_diff_hist() - what was added to a histogram
 * @diff: the object
 * @attr: attribute that holds a bucket
 * @sum: counter with the sum of the times
 * @hist: filled in
 */
void sio_diff_hist(const struct sio_diff *diff, int attr, const char *sum,
		   struct sio_hist *hist)
{
	struct sio_hist old;

	sio_hist_read(diff->now, attr, hist);
	hist->sum_ns = sio_stat(diff->now, diff->attr, sum);
	if (!diff->old)
		return;
	sio_hist_read(diff->old, attr, &old);
	old.sum_ns = sio_stat(diff->old, diff->attr, sum);
	sio_hist_take(hist, &old);
}
