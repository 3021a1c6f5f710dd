/* SPDX-License-Identifier: GPL-2.0 */
/* The peer of kunit/fuzz_kunit.c: what it says, and how that is spoilt. */
#ifndef SIO_KUNIT_FUZZ_FIX_H
#define SIO_KUNIT_FUZZ_FIX_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "proto/reasm.h"
#include "proto/seal.h"
#include "proto/seq.h"
#include "proto/wire.h"

/* Frames on each flow */
#define SIO_ZT_FRAMES	50

#define SIO_ZT_MSG_MAX	2048
#define SIO_ZT_ROOM	(SIO_ZT_MSG_MAX + 256)
#define SIO_ZT_HDR	((u32)sizeof(struct sio_msg_hdr))

/**
 * struct sio_zt - one test's things
 * @rnd: seeded
 * @peer: sending half of the peer, who is honest before the frame is spoilt
 * @own: sending half of the side that is tested
 * @rx: its receiving half
 * @reasm: its incomplete messages
 * @key: for sealed messages
 * @msg: the message the peer is sending
 * @msg_off: where it begins
 * @msg_len: its bytes
 * @msg_pos: how many were sent
 * @frame: the frame being made
 * @len: its bytes
 * @is_spoilt: it is not as the peer made it
 * @pages: pages of skbs, each with a reference of the test's own
 * @nr_pages: how many
 * @nr_refused: frames that sio_frame_parse() refused
 * @nr_misplaced: that sio_seq_place() or sio_seq_acked() refused
 * @nr_unfit: chunks that sio_reasm_may_be() or sio_reasm_add() refused
 * @nr_msgs: messages that came out
 * @nr_disbelieved: whose header was refused
 * @nr_recs: records that were believed
 * @nr_packets: packets that were believed
 * @nr_lies: packets that were not
 * @nr_forged: sealed messages that were refused
 * @nr_unsealed: sealed messages that were believed
 */
struct sio_zt {
	struct rnd_state rnd;
	struct sio_seq_tx peer;
	struct sio_seq_tx own;
	struct sio_seq_rx rx;
	struct sio_reasm reasm;
	u8 key[SIO_SEAL_KEY_LEN];
	u8 msg[SIO_ZT_MSG_MAX + SIO_TAG_LEN];
	u64 msg_off;
	u32 msg_len;
	u32 msg_pos;
	u8 frame[SIO_ZT_ROOM];
	u32 len;
	bool is_spoilt;
	struct page *pages[SIO_ZT_FRAMES];
	unsigned int nr_pages;
	u32 nr_refused;
	u32 nr_misplaced;
	u32 nr_unfit;
	u32 nr_msgs;
	u32 nr_disbelieved;
	u32 nr_recs;
	u32 nr_packets;
	u32 nr_lies;
	u32 nr_forged;
	u32 nr_unsealed;
};

u32 sio_zt_below(struct sio_zt *zt, u32 n);
void sio_zt_next(struct sio_zt *zt);
void sio_zt_spoil(struct sio_zt *zt);
void sio_zt_open(struct sio_zt *zt);

#endif /* SIO_KUNIT_FUZZ_FIX_H */
