// SPDX-License-Identifier: GPL-2.0
/* Round-trip time, RFC 6298; the numbers in comments are its sections. */

#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/minmax.h>

#include "rtt.h"

/* One microsecond: the clock's granularity G */
#define SIO_RTT_G_US	1

/**
 * sio_rtt_init() - nothing is known of the path yet
 * @r: anything; is overwritten
 * @initial_us: what to wait until the first sample
 * @min_us: shortest time ever to wait; 0 counts as 1
 * @max_us: longest time ever to wait; at least @min_us
 */
void sio_rtt_init(struct sio_rtt *r, u32 initial_us, u32 min_us, u32 max_us)
{
	*r = (struct sio_rtt) {};
	r->min_us = max_t(u32, min_us, 1);
	r->max_us = max(max_us, r->min_us);
	r->rto_us = clamp(initial_us, r->min_us, r->max_us);
}
EXPORT_SYMBOL_GPL(sio_rtt_init);

/**
 * sio_rtt_sample() - an answer came, and what it answered was sent only once
 * @r: estimate; its back-off ends
 * @us: time from request to answer; more than the longest time to wait counts
 *	as that
 */
void sio_rtt_sample(struct sio_rtt *r, u64 us)
{
	u32 sample = clamp_t(u64, us, 1, r->max_us);
	u64 rto;

	if (!r->srtt_us) {	/* 2.2 */
		r->srtt_us = sample;
		r->rttvar_us = sample / 2;
	} else {		/* 2.3 */
		u32 off = max(r->srtt_us, sample) - min(r->srtt_us, sample);

		r->rttvar_us = ((u64)r->rttvar_us * 3 + off) / 4;
		r->srtt_us = max_t(u64, ((u64)r->srtt_us * 7 + sample) / 8, 1);
	}
	rto = r->srtt_us + max_t(u64, (u64)r->rttvar_us * 4, SIO_RTT_G_US);
	r->rto_us = clamp_t(u64, rto, r->min_us, r->max_us);
	r->backoff = 0;
}
EXPORT_SYMBOL_GPL(sio_rtt_sample);

/**
 * sio_rtt_backoff() - the time was up: wait twice as long from now on (5.5)
 * @r: estimate
 */
void sio_rtt_backoff(struct sio_rtt *r)
{
	if (sio_rtt_rto(r) < r->max_us)
		r->backoff++;
}
EXPORT_SYMBOL_IF_KUNIT(sio_rtt_backoff);

/**
 * sio_rtt_rto() - how long to wait for an answer
 * @r: estimate
 *
 * Return: microseconds, between the limits given at sio_rtt_init().
 */
u32 sio_rtt_rto(const struct sio_rtt *r)
{
	/* At most 32 doublings: backoff stops to grow at max_us */
	return min_t(u64, (u64)r->rto_us << r->backoff, r->max_us);
}
EXPORT_SYMBOL_GPL(sio_rtt_rto);
