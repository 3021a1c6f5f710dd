/* SPDX-License-Identifier: GPL-2.0 */
/* Messages under a key, and the keys of the flows that join a session. */
#ifndef SIO_SEAL_H
#define SIO_SEAL_H

#include "wire.h"

#define SIO_SEAL_KEY_LEN	32

void sio_seal(void *msg, size_t len, const u8 key[SIO_SEAL_KEY_LEN]);
int sio_unseal(void *msg, size_t len, const u8 key[SIO_SEAL_KEY_LEN]);

void sio_seal_join_keys(const u8 join[SIO_SEAL_KEY_LEN],
			const u8 nonce_guest[SIO_DH_LEN],
			const u8 nonce_be[SIO_DH_LEN], bool guest,
			u8 tx[SIO_SEAL_KEY_LEN], u8 rx[SIO_SEAL_KEY_LEN]);
void sio_seal_join_mac(const u8 join[SIO_SEAL_KEY_LEN],
		       const struct sio_msg_join *j, const u8 *peer_nonce,
		       u8 mac[SIO_TAG_LEN]);
int sio_seal_join_check(const u8 join[SIO_SEAL_KEY_LEN],
			const struct sio_msg_join *j, const u8 *peer_nonce);

#endif /* SIO_SEAL_H */
