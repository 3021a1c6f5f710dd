/* SPDX-License-Identifier: GPL-2.0 */
/* How long to wait for an answer: RFC 6298, in microseconds. */
#ifndef SIO_RTT_H
#define SIO_RTT_H

#include <linux/types.h>

/**
 * struct sio_rtt - round-trip time of one flow, or of one kind of request
 * @srtt_us: smoothed round-trip time, 0 until the first sample
 * @rttvar_us: its mean deviation
 * @rto_us: time to wait before back-off, between @min_us and @max_us
 * @min_us: shortest time ever to wait, 1 or more
 * @max_us: longest time ever to wait, also after back-off
 * @backoff: how often the time is to be doubled
 */
struct sio_rtt {
	u32 srtt_us;
	u32 rttvar_us;
	u32 rto_us;
	u32 min_us;
	u32 max_us;
	u8 backoff;
};

void sio_rtt_init(struct sio_rtt *r, u32 initial_us, u32 min_us, u32 max_us);
void sio_rtt_sample(struct sio_rtt *r, u64 us);
void sio_rtt_backoff(struct sio_rtt *r);
u32 sio_rtt_rto(const struct sio_rtt *r);

#endif /* SIO_RTT_H */
