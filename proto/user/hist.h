/* SPDX-License-Identifier: GPL-2.0 */
/* Counters and histograms of an object, and what they grew by. */
#ifndef _SIO_USER_HIST_H
#define _SIO_USER_HIST_H

#include <linux/types.h>
#include <stdbool.h>

struct sio_obj;

/* Buckets of the kernel's histograms: bucket n is up to 2^n us, the last all */
#define SIO_HIST_BUCKETS	28

/**
 * struct sio_hist - how many took how long
 * @nr: how many, by bucket
 * @sum_ns: of all of them
 */
struct sio_hist {
	__u64 nr[SIO_HIST_BUCKETS];
	__u64 sum_ns;
};

/**
 * struct sio_diff - an object now and an interval ago
 * @now: as it is
 * @old: as it was, NULL if it was not there or began to count anew
 * @attr: attribute that holds a counter
 * @s: seconds in between
 */
struct sio_diff {
	const struct sio_obj *now;
	const struct sio_obj *old;
	int attr;
	double s;
};

bool sio_stat_find(const struct sio_obj *obj, int attr, const char *name,
		   __u64 *value);
__u64 sio_stat(const struct sio_obj *obj, int attr, const char *name);
__u64 sio_stat_drops(const struct sio_obj *obj, int attr);

void sio_hist_read(const struct sio_obj *obj, int attr, struct sio_hist *hist);
void sio_hist_take(struct sio_hist *from, const struct sio_hist *what);
__u64 sio_hist_count(const struct sio_hist *hist);
double sio_hist_mean_us(const struct sio_hist *hist);
double sio_hist_quantile_us(const struct sio_hist *hist, double share);

void sio_diff_init(struct sio_diff *diff, const struct sio_obj *now,
		   const struct sio_obj *old, int attr, double s);
double sio_diff_rate(const struct sio_diff *diff, const char *name);
double sio_diff_drops(const struct sio_diff *diff);
void sio_diff_hist(const struct sio_diff *diff, int attr, const char *sum,
		   struct sio_hist *hist);

#endif /* _SIO_USER_HIST_H */
