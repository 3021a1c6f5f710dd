/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/reasm.c share: chunks of a message. */
#ifndef SIO_KUNIT_REASM_FIX_H
#define SIO_KUNIT_REASM_FIX_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "proto/reasm.h"
#include "proto/wire.h"

struct kunit;

#define SIO_RT_PAGES	8192
#define SIO_RT_HDR	((u32)sizeof(struct sio_msg_hdr))
#define SIO_RT_NOW	1000
#define SIO_RT_LATER	2000

/* How the bytes of a chunk lie in its skb */
enum sio_rt_kind {
	SIO_RT_LINEAR,
	SIO_RT_PAGED,
	SIO_RT_MIXED,
	SIO_RT_FRAG_LIST,
	SIO_RT_CLONED,

	SIO_RT_KINDS
};

/**
 * struct sio_rt - one test's things
 * @r: what is tested
 * @src: bytes of the message, its header with the length in front
 * @got: room to read a message into
 * @pages: all pages given to chunks, each with a reference of the test's own
 * @nr_pages: how many
 * @clone: the other half of the last SIO_RT_CLONED
 * @rnd: seeded
 */
struct sio_rt {
	struct sio_reasm r;
	u8 *src;
	u8 *got;
	struct page **pages;
	unsigned int nr_pages;
	struct sk_buff *clone;
	struct rnd_state rnd;
};

void sio_rt_message(struct sio_rt *rt, u32 len);
int sio_rt_init(struct kunit *test);
void sio_rt_expect_clean(struct kunit *test);
void sio_rt_exit(struct kunit *test);
struct sk_buff *sio_rt_skb(struct kunit *test, const u8 *data, u32 len,
			   u32 linear);
struct sk_buff *sio_rt_chunk(struct kunit *test, u32 off, u32 len,
			     enum sio_rt_kind kind);
void sio_rt_expect_message(struct kunit *test, struct sk_buff *msg, u32 len);
enum sio_reasm_verdict sio_rt_add_judged(struct kunit *test,
					 struct sk_buff *skb, u64 msg_off,
					 u32 off, u64 now_ns, u64 deadline_ns,
					 struct sk_buff **msg);
enum sio_reasm_verdict sio_rt_add(struct kunit *test, struct sk_buff *skb,
				  u32 off, u32 want);

#endif /* SIO_KUNIT_REASM_FIX_H */
