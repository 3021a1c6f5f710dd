/* SPDX-License-Identifier: GPL-2.0 */
/* The key handshake: Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s, revision 34. */
#ifndef SIO_NOISE_H
#define SIO_NOISE_H

#include <linux/types.h>

#define SIO_NOISE_KEY_LEN	32
#define SIO_NOISE_HASH_LEN	32
#define SIO_NOISE_TAG_LEN	16

/* What a Noise message is longer than its payload: ephemeral key and tag */
#define SIO_NOISE_OVERHEAD	(SIO_NOISE_KEY_LEN + SIO_NOISE_TAG_LEN)

/**
 * enum sio_noise_state - what has to happen next
 * @SIO_NOISE_DEAD: nothing, the secrets are wiped
 * @SIO_NOISE_MSG1: the initiator writes, the responder reads message 1
 * @SIO_NOISE_MSG2: the responder writes, the initiator reads message 2
 * @SIO_NOISE_DONE: sio_noise_split()
 */
enum sio_noise_state {
	SIO_NOISE_DEAD = 0,
	SIO_NOISE_MSG1,
	SIO_NOISE_MSG2,
	SIO_NOISE_DONE,
};

/**
 * struct sio_noise - one side of one handshake
 * @h: hash of everything both sides have seen so far
 * @ck: chaining key, into which every secret was mixed
 * @k: key of the message at hand; each is used once, with nonce 0
 * @psk: pre-shared key, until message 1 took it in
 * @e_priv: own ephemeral key, the initiator's between its two messages
 * @e_peer: the other side's ephemeral public key, the responder's likewise
 * @state: what has to happen next
 * @initiator: true for the side that writes message 1
 *
 * Holds secrets: whoever gives up before sio_noise_split() calls
 * sio_noise_wipe().
 */
struct sio_noise {
	u8 h[SIO_NOISE_HASH_LEN];
	u8 ck[SIO_NOISE_HASH_LEN];
	u8 k[SIO_NOISE_KEY_LEN];
	u8 psk[SIO_NOISE_KEY_LEN];
	u8 e_priv[SIO_NOISE_KEY_LEN];
	u8 e_peer[SIO_NOISE_KEY_LEN];
	enum sio_noise_state state;
	bool initiator;
};

void sio_noise_init(struct sio_noise *n, bool initiator,
		    const u8 psk[SIO_NOISE_KEY_LEN],
		    const void *prologue, size_t prologue_len);
void sio_noise_wipe(struct sio_noise *n);
int sio_noise_write1(struct sio_noise *n, const u8 e_priv[SIO_NOISE_KEY_LEN],
		     const void *payload, size_t len, u8 *out);
int sio_noise_read1(struct sio_noise *n, const u8 *in, size_t in_len,
		    void *payload, size_t payload_len);
int sio_noise_write2(struct sio_noise *n, const u8 e_priv[SIO_NOISE_KEY_LEN],
		     const void *payload, size_t len, u8 *out);
int sio_noise_read2(struct sio_noise *n, const u8 *in, size_t in_len,
		    void *payload, size_t payload_len);
int sio_noise_split(struct sio_noise *n, u8 tx[SIO_NOISE_KEY_LEN],
		    u8 rx[SIO_NOISE_KEY_LEN], u8 join[SIO_NOISE_KEY_LEN]);

#endif /* SIO_NOISE_H */
