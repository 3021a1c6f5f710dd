/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/vnet.c share: packets of every kind. */
#ifndef SIO_KUNIT_VNET_FIX_H
#define SIO_KUNIT_VNET_FIX_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "proto/vnet.h"
#include "proto/wire.h"

struct kunit;
struct sk_buff;

#define SIO_VT_ROOM	65600
#define SIO_VT_GSO_UDP_L4 5
#define SIO_VT_SPECS	12

/* How the bytes of a frame lie in its skb */
enum sio_vt_kind {
	SIO_VT_LINEAR,
	SIO_VT_SPLIT,		/* in the middle of the Ethernet header */
	SIO_VT_PAGED,
	SIO_VT_FRAG_LIST,

	SIO_VT_KINDS
};

/**
 * struct sio_vt_spec - a packet to make
 * @tags: VLAN tags
 * @family: 4 or 6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @exts: IPv4: words of options; IPv6: extension headers
 * @payload: bytes after the transport header
 * @gso_size: bytes per segment, 0 for no GSO
 * @gso_type: the kernel's
 * @needs: what sio_vnet_needs() shall say
 */
struct sio_vt_spec {
	u8 tags;
	u8 family;
	u8 proto;
	u8 exts;
	u32 payload;
	u16 gso_size;
	u32 gso_type;
	u32 needs;
};

/**
 * struct sio_vt - one test's things
 * @buf: the frame last made
 * @got: room to read one back into
 * @len: bytes of the frame
 * @net: offset of its IP header
 * @trans: offset of its TCP or UDP header
 * @hlen: bytes of all its headers
 * @rnd: seeded
 */
struct sio_vt {
	u8 *buf;
	u8 *got;
	u32 len;
	u32 net;
	u32 trans;
	u32 hlen;
	struct rnd_state rnd;
};

extern const struct sio_vt_spec sio_vt_specs[SIO_VT_SPECS];
extern const struct sio_vt_spec sio_vt_tso;
extern const struct sio_vt_spec sio_vt_uso6;

int sio_vt_init(struct kunit *test);
void sio_vt_make(struct sio_vt *vt, const struct sio_vt_spec *s);
struct sk_buff *sio_vt_skb_of(struct kunit *test, const u8 *data,
			      u32 len, u32 linear);
struct sk_buff *sio_vt_skb(struct kunit *test, enum sio_vt_kind kind);
struct sk_buff *sio_vt_tx_skb(struct kunit *test,
			      const struct sio_vt_spec *s);
struct sio_vnet_hdr sio_vt_hdr(struct kunit *test,
			       const struct sio_vt_spec *s);
void sio_vt_spoil(struct sk_buff *skb);
void sio_vt_finish(struct kunit *test, const struct sio_vt_spec *s,
		   struct sk_buff *skb);
int sio_vt_decode(struct kunit *test, const struct sio_vnet_hdr *h,
		  enum sio_vt_kind kind, u32 allowed);

#endif /* SIO_KUNIT_VNET_FIX_H */
