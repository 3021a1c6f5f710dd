// SPDX-License-Identifier: GPL-2.0
/* The key handshake; names in comments are those of the Noise specification.
 *
 *	NNpsk0:
 *	  -> psk, e
 *	  <- e, ee
 *
 * The pattern has a psk, so an e token also mixes the public key into the
 * chaining key (9.2). Each key that InitializeKey sets encrypts one payload,
 * hence the nonce is always 0.
 */

#include <crypto/blake2s.h>
#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>

#include "noise.h"

static_assert(SIO_NOISE_HASH_LEN == BLAKE2S_HASH_SIZE);
static_assert(SIO_NOISE_KEY_LEN == CURVE25519_KEY_SIZE);
static_assert(SIO_NOISE_KEY_LEN == CHACHA20POLY1305_KEY_SIZE);
static_assert(SIO_NOISE_TAG_LEN == CHACHA20POLY1305_AUTHTAG_SIZE);

static const u8 sio_noise_name[] = "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s";

/* What tells the join secret from the keys that Split() makes */
static const u8 sio_noise_join[] = "splitio join";

/* HASH(a || b) */
static void sio_noise_hash(u8 out[SIO_NOISE_HASH_LEN], const void *a,
			   size_t a_len, const void *b, size_t b_len)
{
	struct blake2s_ctx ctx;

	blake2s_init(&ctx, SIO_NOISE_HASH_LEN);
	blake2s_update(&ctx, a, a_len);
	blake2s_update(&ctx, b, b_len);
	blake2s_final(&ctx, out);
}

/* HMAC-HASH(key, a || b), RFC 2104; out may be the key */
static void sio_noise_hmac(u8 out[SIO_NOISE_HASH_LEN],
			   const u8 key[SIO_NOISE_HASH_LEN],
			   const void *a, size_t a_len,
			   const void *b, size_t b_len)
{
	u8 pad[BLAKE2S_BLOCK_SIZE] __aligned(__alignof__(u32));
	u8 inner[SIO_NOISE_HASH_LEN];
	struct blake2s_ctx ctx;
	size_t i;

	memset(pad, 0x36, sizeof(pad));
	for (i = 0; i < SIO_NOISE_HASH_LEN; i++)
		pad[i] ^= key[i];
	blake2s_init(&ctx, SIO_NOISE_HASH_LEN);
	blake2s_update(&ctx, pad, sizeof(pad));
	blake2s_update(&ctx, a, a_len);
	blake2s_update(&ctx, b, b_len);
	blake2s_final(&ctx, inner);

	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sio_noise_hash(out, pad, sizeof(pad), inner, sizeof(inner));

	memzero_explicit(pad, sizeof(pad));
	memzero_explicit(inner, sizeof(inner));
}

/* HKDF(ck, in, 1 to 3): the outputs that are not NULL; any may be ck */
static void sio_noise_hkdf(const u8 ck[SIO_NOISE_HASH_LEN],
			   const void *in, size_t len,
			   u8 *out1, u8 *out2, u8 *out3)
{
	u8 temp[SIO_NOISE_HASH_LEN];
	u8 prev[SIO_NOISE_HASH_LEN];
	u8 *const outs[] = { out1, out2, out3 };
	size_t prev_len = 0;
	u8 nr;

	sio_noise_hmac(temp, ck, in, len, NULL, 0);
	for (nr = 1; nr <= ARRAY_SIZE(outs) && outs[nr - 1]; nr++) {
		sio_noise_hmac(prev, temp, prev, prev_len, &nr, sizeof(nr));
		prev_len = sizeof(prev);
		memcpy(outs[nr - 1], prev, sizeof(prev));
	}
	memzero_explicit(temp, sizeof(temp));
	memzero_explicit(prev, sizeof(prev));
}

/* MixHash(data) */
static void sio_noise_mix_hash(struct sio_noise *n, const void *data,
			       size_t len)
{
	sio_noise_hash(n->h, n->h, sizeof(n->h), data, len);
}

/* MixKey(data) */
static void sio_noise_mix_key(struct sio_noise *n, const void *data,
			      size_t len)
{
	sio_noise_hkdf(n->ck, data, len, n->ck, n->k, NULL);
}

/* The psk token: MixKeyAndHash(psk) */
static void sio_noise_mix_psk(struct sio_noise *n)
{
	u8 temp_h[SIO_NOISE_HASH_LEN];

	sio_noise_hkdf(n->ck, n->psk, sizeof(n->psk), n->ck, temp_h, n->k);
	sio_noise_mix_hash(n, temp_h, sizeof(temp_h));
	memzero_explicit(temp_h, sizeof(temp_h));
	memzero_explicit(n->psk, sizeof(n->psk));
}

/* The e token, either way */
static void sio_noise_mix_e(struct sio_noise *n,
			    const u8 e_pub[SIO_NOISE_KEY_LEN])
{
	sio_noise_mix_hash(n, e_pub, SIO_NOISE_KEY_LEN);
	sio_noise_mix_key(n, e_pub, SIO_NOISE_KEY_LEN);
}

/* The ee token; a peer's key of small order would make the result known */
static int sio_noise_mix_ee(struct sio_noise *n,
			    const u8 e_priv[SIO_NOISE_KEY_LEN],
			    const u8 e_peer[SIO_NOISE_KEY_LEN])
{
	u8 dh[SIO_NOISE_KEY_LEN];
	int err = -EBADMSG;

	if (curve25519(dh, e_priv, e_peer)) {
		sio_noise_mix_key(n, dh, sizeof(dh));
		err = 0;
	}
	memzero_explicit(dh, sizeof(dh));
	return err;
}

/* EncryptAndHash(payload): @out has room for the tag as well */
static void sio_noise_encrypt(struct sio_noise *n, const void *payload,
			      size_t len, u8 *out)
{
	chacha20poly1305_encrypt(out, payload, len, n->h, sizeof(n->h), 0,
				 n->k);
	sio_noise_mix_hash(n, out, len + SIO_NOISE_TAG_LEN);
}

/* DecryptAndHash(in): @len includes the tag */
static int sio_noise_decrypt(struct sio_noise *n, const u8 *in, size_t len,
			     void *payload)
{
	u8 h[SIO_NOISE_HASH_LEN];

	/* The hash is of the sealed text, which @payload may lie on top of */
	sio_noise_hash(h, n->h, sizeof(n->h), in, len);
	if (!chacha20poly1305_decrypt(payload, in, len, n->h, sizeof(n->h), 0,
				      n->k))
		return -EBADMSG;
	memcpy(n->h, h, sizeof(h));
	return 0;
}

/* Public key to @out, private key clamped to @priv */
static int sio_noise_make_e(u8 priv[SIO_NOISE_KEY_LEN],
			    const u8 e_priv[SIO_NOISE_KEY_LEN], u8 *out)
{
	memcpy(priv, e_priv, SIO_NOISE_KEY_LEN);
	curve25519_clamp_secret(priv);
	return curve25519_generate_public(out, priv) ? 0 : -EINVAL;
}

/* Is it this side's turn to write, or to read, the message of @state? */
static bool sio_noise_may(const struct sio_noise *n,
			  enum sio_noise_state state, bool initiator)
{
	return n->state == state && n->initiator == initiator;
}

/**
 * sio_noise_init() - begin a handshake
 * @n: anything; is overwritten
 * @initiator: true for the side that writes message 1
 * @psk: pre-shared key
 * @prologue: what both sides must agree on byte for byte
 * @prologue_len: bytes of @prologue, may be 0
 */
void sio_noise_init(struct sio_noise *n, bool initiator,
		    const u8 psk[SIO_NOISE_KEY_LEN],
		    const void *prologue, size_t prologue_len)
{
	memset(n, 0, sizeof(*n));
	n->state = SIO_NOISE_MSG1;
	n->initiator = initiator;
	memcpy(n->psk, psk, sizeof(n->psk));

	/* The name is longer than a hash, so its hash takes its place */
	sio_noise_hash(n->h, sio_noise_name, sizeof(sio_noise_name) - 1,
		       NULL, 0);
	memcpy(n->ck, n->h, sizeof(n->ck));
	sio_noise_mix_hash(n, prologue, prologue_len);
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_init);

/**
 * sio_noise_wipe() - forget all secrets of a handshake
 * @n: handshake in any state; afterwards every call on it is refused until
 *	sio_noise_init()
 */
void sio_noise_wipe(struct sio_noise *n)
{
	memzero_explicit(n, sizeof(*n));
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_wipe);

/**
 * sio_noise_write1() - initiator: write message 1
 * @n: handshake
 * @e_priv: 32 random bytes, used for this handshake only
 * @payload: what to send inside
 * @len: bytes of @payload, may be 0
 * @out: room for @len + SIO_NOISE_OVERHEAD bytes
 *
 * Return: 0, -EINVAL if it is not this side's turn.
 */
int sio_noise_write1(struct sio_noise *n, const u8 e_priv[SIO_NOISE_KEY_LEN],
		     const void *payload, size_t len, u8 *out)
{
	int err;

	if (!sio_noise_may(n, SIO_NOISE_MSG1, true))
		return -EINVAL;
	err = sio_noise_make_e(n->e_priv, e_priv, out);
	if (err)
		return err;
	sio_noise_mix_psk(n);
	sio_noise_mix_e(n, out);
	sio_noise_encrypt(n, payload, len, out + SIO_NOISE_KEY_LEN);
	n->state = SIO_NOISE_MSG2;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_write1);

/**
 * sio_noise_read1() - responder: read message 1
 * @n: handshake; unchanged unless 0 is returned
 * @in: the message
 * @in_len: its bytes
 * @payload: where to put what was inside; written only if 0 is returned
 * @payload_len: bytes expected there
 *
 * Return: 0, -EBADMSG if key or prologue differ or the message is damaged,
 * -EMSGSIZE if the length is not that of such a payload, -EINVAL if it is not
 * this side's turn.
 */
int sio_noise_read1(struct sio_noise *n, const u8 *in, size_t in_len,
		    void *payload, size_t payload_len)
{
	struct sio_noise next;
	int err;

	if (!sio_noise_may(n, SIO_NOISE_MSG1, false))
		return -EINVAL;
	if (in_len < SIO_NOISE_OVERHEAD ||
	    in_len - SIO_NOISE_OVERHEAD != payload_len)
		return -EMSGSIZE;

	next = *n;
	memcpy(next.e_peer, in, sizeof(next.e_peer));
	sio_noise_mix_psk(&next);
	sio_noise_mix_e(&next, next.e_peer);
	err = sio_noise_decrypt(&next, in + SIO_NOISE_KEY_LEN,
				in_len - SIO_NOISE_KEY_LEN, payload);
	if (!err) {
		next.state = SIO_NOISE_MSG2;
		*n = next;
	}
	memzero_explicit(&next, sizeof(next));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_read1);

/**
 * sio_noise_write2() - responder: write message 2
 * @n: handshake
 * @e_priv: 32 random bytes, used for this handshake only
 * @payload: what to send inside
 * @len: bytes of @payload, may be 0
 * @out: room for @len + SIO_NOISE_OVERHEAD bytes
 *
 * Return: 0, -EBADMSG if the initiator's key makes no secret; the handshake
 * is wiped then. -EINVAL if it is not this side's turn.
 */
int sio_noise_write2(struct sio_noise *n, const u8 e_priv[SIO_NOISE_KEY_LEN],
		     const void *payload, size_t len, u8 *out)
{
	u8 priv[SIO_NOISE_KEY_LEN];
	int err;

	if (!sio_noise_may(n, SIO_NOISE_MSG2, false))
		return -EINVAL;
	err = sio_noise_make_e(priv, e_priv, out);
	if (err)
		goto out_wipe;
	sio_noise_mix_e(n, out);
	err = sio_noise_mix_ee(n, priv, n->e_peer);
	if (err) {
		sio_noise_wipe(n);
		goto out_wipe;
	}
	sio_noise_encrypt(n, payload, len, out + SIO_NOISE_KEY_LEN);
	n->state = SIO_NOISE_DONE;
out_wipe:
	memzero_explicit(priv, sizeof(priv));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_write2);

/**
 * sio_noise_read2() - initiator: read message 2
 * @n: handshake; unchanged unless 0 is returned, so that a forged answer does
 *	not keep the true one out
 * @in: the message
 * @in_len: its bytes
 * @payload: where to put what was inside; written only if 0 is returned
 * @payload_len: bytes expected there
 *
 * Return: 0, -EBADMSG if the message is damaged or forged, -EMSGSIZE if the
 * length is not that of such a payload, -EINVAL if it is not this side's turn.
 */
int sio_noise_read2(struct sio_noise *n, const u8 *in, size_t in_len,
		    void *payload, size_t payload_len)
{
	struct sio_noise next;
	int err;

	if (!sio_noise_may(n, SIO_NOISE_MSG2, true))
		return -EINVAL;
	if (in_len < SIO_NOISE_OVERHEAD ||
	    in_len - SIO_NOISE_OVERHEAD != payload_len)
		return -EMSGSIZE;

	next = *n;
	sio_noise_mix_e(&next, in);
	err = sio_noise_mix_ee(&next, next.e_priv, in);
	if (!err)
		err = sio_noise_decrypt(&next, in + SIO_NOISE_KEY_LEN,
					in_len - SIO_NOISE_KEY_LEN, payload);
	if (!err) {
		next.state = SIO_NOISE_DONE;
		*n = next;
	}
	memzero_explicit(&next, sizeof(next));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_read2);

/**
 * sio_noise_split() - take the keys of a finished handshake and wipe it
 * @n: handshake
 * @tx: key for what this side sends
 * @rx: key for what this side receives
 * @join: third secret, the same on both sides
 *
 * @tx and @rx are the specification's Split(). @join is HKDF(ck,
 * "splitio join", 1), that is, with t = HMAC-BLAKE2s(ck, "splitio join"),
 * HMAC-BLAKE2s(t, 0x01): the same function of ck as Split(), which has the
 * empty string in the label's place.
 *
 * Return: 0, -EINVAL if the handshake is not finished; no key is written then.
 */
int sio_noise_split(struct sio_noise *n, u8 tx[SIO_NOISE_KEY_LEN],
		    u8 rx[SIO_NOISE_KEY_LEN], u8 join[SIO_NOISE_KEY_LEN])
{
	if (n->state != SIO_NOISE_DONE)
		return -EINVAL;
	sio_noise_hkdf(n->ck, sio_noise_join, sizeof(sio_noise_join) - 1,
		       join, NULL, NULL);
	if (n->initiator)
		sio_noise_hkdf(n->ck, NULL, 0, tx, rx, NULL);
	else
		sio_noise_hkdf(n->ck, NULL, 0, rx, tx, NULL);
	sio_noise_wipe(n);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_noise_split);
