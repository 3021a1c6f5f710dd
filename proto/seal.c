// SPDX-License-Identifier: GPL-2.0
/* Sealing of messages: ChaCha20-Poly1305 around the body, BLAKE2s for JOIN. */

#include <crypto/blake2s.h>
#include <crypto/chacha20poly1305.h>
#include <crypto/utils.h>
#include <kunit/visibility.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>

#include "seal.h"

static_assert(SIO_SEAL_KEY_LEN == CHACHA20POLY1305_KEY_SIZE);
static_assert(SIO_SEAL_KEY_LEN == BLAKE2S_KEY_SIZE);
static_assert(SIO_TAG_LEN == CHACHA20POLY1305_AUTHTAG_SIZE);
static_assert(SIO_TAG_LEN == BLAKE2S_128_HASH_SIZE);

/* First bytes of what a flow's key is made of, by who sends under it */
static const char sio_seal_label[2][16] = {
	"splitio flow be", "splitio flow gu",
};

/* The associated data: the header without the fields that come after it */
static void sio_seal_ad(struct sio_msg_hdr *ad, const void *msg)
{
	memcpy(ad, msg, sizeof(*ad));
	memset(ad->tag, 0, sizeof(ad->tag));
	ad->crc = 0;
}

/**
 * sio_seal() - encrypt the body of a message in place and set its tag
 * @msg: message with its header filled in, suite and offset included; there
 *	is room for SIO_TAG_LEN bytes after it, which are overwritten
 * @len: bytes of the message, the header included
 * @key: of the flow and direction; never sees the same offset twice
 *
 * Everything but @tag and @crc of the header stays as it is, so a CRC over
 * the sealed message may still be added.
 */
void sio_seal(void *msg, size_t len, const u8 key[SIO_SEAL_KEY_LEN])
{
	struct sio_msg_hdr *hdr = msg;
	u8 *body = msg + sizeof(*hdr);
	struct sio_msg_hdr ad;
	size_t body_len;

	if (WARN_ON_ONCE(len < sizeof(*hdr)))
		return;
	body_len = len - sizeof(*hdr);
	sio_seal_ad(&ad, msg);
	chacha20poly1305_encrypt(body, body, body_len, (const u8 *)&ad,
				 sizeof(ad), le64_to_cpu(ad.offset), key);
	memcpy(hdr->tag, body + body_len, sizeof(hdr->tag));
}
EXPORT_SYMBOL_IF_KUNIT(sio_seal);

/**
 * sio_unseal() - check a sealed message and decrypt its body in place
 * @msg: message as received, with room for SIO_TAG_LEN bytes after it, which
 *	are overwritten
 * @len: bytes of the message, the header included
 * @key: of the flow and direction
 *
 * The message is unchanged after a failure; after success the tag is zero.
 *
 * Return: 0, -EBADMSG if it is too short, of another suite, damaged or forged.
 */
int sio_unseal(void *msg, size_t len, const u8 key[SIO_SEAL_KEY_LEN])
{
	struct sio_msg_hdr *hdr = msg;
	u8 *body = msg + sizeof(*hdr);
	struct sio_msg_hdr ad;
	size_t body_len;

	if (len < sizeof(*hdr) || hdr->suite != SIO_SUITE_CHACHA)
		return -EBADMSG;
	body_len = len - sizeof(*hdr);
	sio_seal_ad(&ad, msg);
	memcpy(body + body_len, hdr->tag, sizeof(hdr->tag));
	if (!chacha20poly1305_decrypt(body, body, body_len + SIO_TAG_LEN,
				      (const u8 *)&ad, sizeof(ad),
				      le64_to_cpu(ad.offset), key))
		return -EBADMSG;
	memset(hdr->tag, 0, sizeof(hdr->tag));
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_unseal);

/* Key under which the guest, or the back-end, sends on a joined flow */
static void sio_seal_join_key(u8 out[SIO_SEAL_KEY_LEN],
			      const u8 join[SIO_SEAL_KEY_LEN],
			      const u8 nonce_guest[SIO_DH_LEN],
			      const u8 nonce_be[SIO_DH_LEN], bool of_guest)
{
	struct blake2s_ctx ctx;

	blake2s_init_key(&ctx, SIO_SEAL_KEY_LEN, join, SIO_SEAL_KEY_LEN);
	blake2s_update(&ctx, (const u8 *)sio_seal_label[of_guest],
		       sizeof(sio_seal_label[of_guest]));
	blake2s_update(&ctx, nonce_guest, SIO_DH_LEN);
	blake2s_update(&ctx, nonce_be, SIO_DH_LEN);
	blake2s_final(&ctx, out);
}

/**
 * sio_seal_join_keys() - keys of a flow that joined a session
 * @join: the session's join secret, of sio_noise_split()
 * @nonce_guest: nonce of JOIN
 * @nonce_be: nonce of JOIN_ACK
 * @guest: true if this side is the guest
 * @tx: key for what this side sends
 * @rx: key for what this side receives
 *
 * Each is BLAKE2s-256, keyed with @join, of 16 bytes that name the sender
 * ("splitio flow gu" or "splitio flow be", zero ended), @nonce_guest and
 * @nonce_be.
 */
void sio_seal_join_keys(const u8 join[SIO_SEAL_KEY_LEN],
			const u8 nonce_guest[SIO_DH_LEN],
			const u8 nonce_be[SIO_DH_LEN], bool guest,
			u8 tx[SIO_SEAL_KEY_LEN], u8 rx[SIO_SEAL_KEY_LEN])
{
	sio_seal_join_key(tx, join, nonce_guest, nonce_be, guest);
	sio_seal_join_key(rx, join, nonce_guest, nonce_be, !guest);
}
EXPORT_SYMBOL_IF_KUNIT(sio_seal_join_keys);

/**
 * sio_seal_join_mac() - what the mac of a JOIN or JOIN_ACK has to be
 * @join: the session's join secret
 * @j: the message, all fields but @mac filled in
 * @peer_nonce: NULL for JOIN, the guest's nonce for JOIN_ACK
 * @mac: the answer; may be @j's own
 */
void sio_seal_join_mac(const u8 join[SIO_SEAL_KEY_LEN],
		       const struct sio_msg_join *j, const u8 *peer_nonce,
		       u8 mac[SIO_TAG_LEN])
{
	struct blake2s_ctx ctx;

	blake2s_init_key(&ctx, SIO_TAG_LEN, join, SIO_SEAL_KEY_LEN);
	blake2s_update(&ctx, (const u8 *)j, offsetof(struct sio_msg_join, mac));
	if (peer_nonce)
		blake2s_update(&ctx, peer_nonce, SIO_DH_LEN);
	blake2s_final(&ctx, mac);
}
EXPORT_SYMBOL_IF_KUNIT(sio_seal_join_mac);

/**
 * sio_seal_join_check() - may a JOIN or JOIN_ACK be believed?
 * @join: the session's join secret
 * @j: the message as received
 * @peer_nonce: NULL for JOIN, the guest's nonce for JOIN_ACK
 *
 * Takes the same time however much of the mac is right.
 *
 * Return: 0, -EBADMSG if the mac is wrong.
 */
int sio_seal_join_check(const u8 join[SIO_SEAL_KEY_LEN],
			const struct sio_msg_join *j, const u8 *peer_nonce)
{
	u8 mac[SIO_TAG_LEN];

	sio_seal_join_mac(join, j, peer_nonce, mac);
	return crypto_memneq(mac, j->mac, sizeof(mac)) ? -EBADMSG : 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_seal_join_check);
