/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/dial.c share: the back-end that is dialled. */
#ifndef SIO_KUNIT_DIAL_FIX_H
#define SIO_KUNIT_DIAL_FIX_H

#include <linux/types.h>

#include "fixture.h"
#include "proto/noise.h"

/* Pauses between dials, a quarter more or less */
#define SIO_DL_SOON_NS	(100 * (u64)NSEC_PER_MSEC)
#define SIO_DL_LATER_NS	(1 * (u64)NSEC_PER_SEC)

/**
 * struct sio_dl_back - the back-end that is dialled
 * @key: its key
 * @info: what it tells of itself
 * @noise: its half of the handshake
 * @hello: what the guest said in the clear
 * @guest: what the guest told of itself
 * @tx: key for what it sends
 * @rx: key for what it receives
 * @join: secret for more flows
 */
struct sio_dl_back {
	u8 key[SIO_KEY_LEN];
	struct sio_hello_info info;
	struct sio_noise noise;
	struct sio_msg_hello hello;
	struct sio_hello_info guest;
	u8 tx[SIO_KEY_LEN];
	u8 rx[SIO_KEY_LEN];
	u8 join[SIO_KEY_LEN];
};

u64 sio_dl_poll(struct sio_fx *fx, u64 now);
void sio_dl_time_out(struct sio_fx *fx);
struct sio_flow *sio_dl_flow(struct sio_fx *fx, unsigned int idx);
void sio_dl_param(struct sio_fx *fx, __be32 peer, unsigned int flows);
void sio_dl_begin(struct sio_fx *fx, __be32 peer, unsigned int flows);
void sio_dl_begin_again(struct sio_fx *fx);
void sio_dl_open(struct sio_fx *fx);
struct sio_dl_back *sio_dl_back(struct sio_fx *fx);
struct sio_msg_hdr *sio_dl_expect(struct sio_fx *fx, u8 type);
void sio_dl_read_hello(struct sio_fx *fx, struct sio_dl_back *back);
void sio_dl_answer(struct sio_fx *fx, struct sio_dl_back *back);
struct sio_dl_back *sio_dl_greet(struct sio_fx *fx, unsigned int flows);
void sio_dl_probe_ack(struct sio_fx *fx, u32 mss);
void sio_dl_welcome(struct sio_fx *fx, u32 epoch);
struct sio_dl_back *sio_dl_up(struct sio_fx *fx, unsigned int flows);
void sio_dl_expect_failed(struct sio_fx *fx, u8 why, u64 pause);

#endif /* SIO_KUNIT_DIAL_FIX_H */
