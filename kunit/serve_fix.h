/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/serve.c share: a guest that says hello. */
#ifndef SIO_KUNIT_SERVE_FIX_H
#define SIO_KUNIT_SERVE_FIX_H

#include <linux/types.h>

#include "fixture.h"
#include "proto/noise.h"

/**
 * struct sio_srv_guest - a guest that says hello
 * @hello: what it says in the clear
 * @info: and under the key
 * @key: its key
 * @noise: its half of the handshake
 * @body: HELLO as it was sent
 * @back: what the back-end told of itself
 * @tx: key for what it sends
 * @rx: key for what it receives
 * @join: secret for more flows
 */
struct sio_srv_guest {
	struct sio_msg_hello hello;
	struct sio_hello_info info;
	u8 key[SIO_KEY_LEN];
	struct sio_noise noise;
	u8 body[sizeof(struct sio_msg_hello) + SIO_NOISE_MSG_LEN];
	struct sio_hello_info back;
	u8 tx[SIO_KEY_LEN];
	u8 rx[SIO_KEY_LEN];
	u8 join[SIO_KEY_LEN];
};

int sio_srv_init(struct kunit *test);
struct sio_srv_guest *sio_srv_guest(struct sio_fx *fx);
void sio_srv_compose(struct sio_fx *fx, struct sio_srv_guest *guest);
void sio_srv_hello(struct sio_fx *fx, struct sio_srv_guest *guest);
void sio_srv_expect_ack(struct sio_fx *fx, struct sio_srv_guest *guest);
void sio_srv_expect_refusal(struct sio_fx *fx, u8 suite, u8 why, u64 detail);
void sio_srv_confirm(struct sio_fx *fx, u16 mss);
void sio_srv_expect_welcome(struct sio_fx *fx, u32 epoch);
struct sio_srv_guest *sio_srv_up(struct sio_fx *fx, u32 epoch);
u64 sio_srv_poll(struct sio_fx *fx, u64 now);

#endif /* SIO_KUNIT_SERVE_FIX_H */
