// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/vnet.c: lies do not come through. */
#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <net/gso.h>

#include "vnet_fix.h"

#define SIO_VT_LIE(field, value) \
	{ offsetof(struct sio_vnet_hdr, field), value }

static void decode__lies_in_the_header(struct kunit *test)
{
	/* Of sio_vt_tso, with IPv4 at 14, TCP at 34, payload at 66 to 6066 */
	static const struct {
		u8 at;
		u16 value;
	} lies[] = {
		SIO_VT_LIE(flags, 0),
		SIO_VT_LIE(flags, VIRTIO_NET_HDR_F_DATA_VALID),
		SIO_VT_LIE(flags, VIRTIO_NET_HDR_F_NEEDS_CSUM | 4),
		SIO_VT_LIE(flags, VIRTIO_NET_HDR_F_NEEDS_CSUM | 0x80),
		SIO_VT_LIE(gso_type, VIRTIO_NET_HDR_GSO_NONE),
		SIO_VT_LIE(gso_type, VIRTIO_NET_HDR_GSO_ECN),
		SIO_VT_LIE(gso_type, VIRTIO_NET_HDR_GSO_UDP),
		SIO_VT_LIE(gso_type, VIRTIO_NET_HDR_GSO_TCPV6),
		SIO_VT_LIE(gso_type, SIO_VT_GSO_UDP_L4),
		SIO_VT_LIE(gso_type, 2),
		SIO_VT_LIE(gso_type, VIRTIO_NET_HDR_GSO_TCPV4 | 0x20),
		SIO_VT_LIE(hdr_len, 6067),
		SIO_VT_LIE(hdr_len, 0xffff),
		SIO_VT_LIE(gso_size, 0),
		SIO_VT_LIE(gso_size, 7),
		SIO_VT_LIE(gso_size, 6000),
		SIO_VT_LIE(gso_size, 0xffff),
		SIO_VT_LIE(csum_start, 0),
		SIO_VT_LIE(csum_start, 14),
		SIO_VT_LIE(csum_start, 33),
		SIO_VT_LIE(csum_start, 35),
		SIO_VT_LIE(csum_start, 6049),
		SIO_VT_LIE(csum_start, 0xffff),
		SIO_VT_LIE(csum_offset, 0),
		SIO_VT_LIE(csum_offset, 6),
		SIO_VT_LIE(csum_offset, 6031),
		SIO_VT_LIE(csum_offset, 0xffff),
		SIO_VT_LIE(num_buffers, 1),
		SIO_VT_LIE(num_buffers, 0x100),
	};
	struct sio_vnet_hdr h;
	__le16 value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		h = sio_vt_hdr(test, &sio_vt_tso);
		value = cpu_to_le16(lies[i].value);
		/* The first two fields have one byte, the others two. */
		memcpy((u8 *)&h + lies[i].at, &value, lies[i].at < 2 ? 1 : 2);
		KUNIT_EXPECT_EQ_MSG(test,
				    sio_vt_decode(test, &h, i % SIO_VT_KINDS,
						  SIO_NIC_ALL),
				    -EINVAL, "lie %u", i);
	}
}

static void decode__lies_about_udp(struct kunit *test)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_uso6);

	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL), 0);
	h.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
	h = sio_vt_hdr(test, &sio_vt_uso6);
	h.gso_size = cpu_to_le16(6000 / 128);
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
	h = sio_vt_hdr(test, &sio_vt_uso6);
	h.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
}

static void decode__fields_without_their_flag(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sio_vnet_hdr h;
	int i;

	sio_vt_make(vt, &sio_vt_specs[1]);
	for (i = 0; i < 3; i++) {
		memset(&h, 0, sizeof(h));
		if (i == 0)
			h.csum_start = cpu_to_le16(34);
		if (i == 1)
			h.csum_offset = cpu_to_le16(6);
		if (i == 2)
			h.gso_size = cpu_to_le16(100);
		KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
				-EINVAL);
	}
}

static void decode__frames_that_do_not_match(struct kunit *test)
{
	/* Bytes of sio_vt_tso, see above; @len 0 leaves its length alone */
	static const struct {
		u8 at;
		u8 value;
		u16 len;
		int want;
	} cases[] = {
		{ 12, 0x86, 0, -EINVAL },	/* another Ethernet type */
		{ 14, 0x65, 0, -EINVAL },	/* version 6 */
		{ 14, 0x44, 0, -EINVAL },	/* IP header of 16 bytes */
		{ 14, 0x46, 0, -EINVAL },	/* of 24: TCP is elsewhere */
		{ 14, 0x4f, 0, -EINVAL },
		{ 16, 0, 0, -EINVAL },		/* total length */
		{ 17, 0, 0, -EINVAL },
		{ 20, 0x20, 0, -EINVAL },	/* more fragments */
		{ 21, 1, 0, -EINVAL },		/* not the first fragment */
		{ 23, IPPROTO_UDP, 0, -EINVAL },
		{ 23, IPPROTO_GRE, 0, -EINVAL },
		{ 46, 0x40, 0, -EINVAL },	/* TCP header of 16 bytes */
		{ 46, 0xf0, 0, 0 },		/* of 60, which are there */
		{ 0, 2, 65, -EINVAL },		/* cut in the TCP options */
		{ 0, 2, 50, -EINVAL },		/* in the TCP header */
		{ 0, 2, 33, -EINVAL },		/* in the IP header */
		{ 0, 2, 13, -EINVAL },
		{ 0, 2, 0, 0 },
	};
	struct sio_vt *vt = test->priv;
	struct sio_vnet_hdr h;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		h = sio_vt_hdr(test, &sio_vt_tso);
		h.hdr_len = 0;
		vt->buf[cases[i].at] = cases[i].value;
		if (cases[i].len)
			vt->len = cases[i].len;
		KUNIT_EXPECT_EQ_MSG(test,
				    sio_vt_decode(test, &h, i % SIO_VT_KINDS,
						  SIO_NIC_ALL),
				    cases[i].want, "case %u", i);
	}
}

static void decode__ipv6_that_does_not_match(struct kunit *test)
{
	static const u8 nexthdrs[] = { NEXTHDR_FRAGMENT, NEXTHDR_AUTH,
				       NEXTHDR_NONE, NEXTHDR_TCP, NEXTHDR_HOP };
	struct sio_vt *vt = test->priv;
	struct ipv6hdr *ip6h;
	struct sio_vnet_hdr h;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nexthdrs); i++) {
		h = sio_vt_hdr(test, &sio_vt_uso6);
		ip6h = (struct ipv6hdr *)(vt->buf + vt->net);
		ip6h->nexthdr = nexthdrs[i];
		KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
				-EINVAL);
	}

	h = sio_vt_hdr(test, &sio_vt_uso6);
	ip6h->version = 4;
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
	h = sio_vt_hdr(test, &sio_vt_uso6);
	ip6h->payload_len = 0;
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
	/* An extension header that leads out of the packet */
	h = sio_vt_hdr(test, &sio_vt_specs[3]);
	vt->buf[vt->net + sizeof(*ip6h) + 1] = 0xff;
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, 0, SIO_NIC_ALL),
			-EINVAL);
}

static void decode__headers_out_of_reach(struct kunit *test)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_specs[0]);
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb;

	skb = alloc_skb(70000, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 65520);
	skb_put_data(skb, vt->buf, vt->len);
	KUNIT_EXPECT_EQ(test, sio_vnet_decode(skb, &h, SIO_NIC_ALL), -EINVAL);
	/* Not only for the sake of the checksum */
	memset(&h, 0, sizeof(h));
	KUNIT_EXPECT_EQ(test, sio_vnet_decode(skb, &h, SIO_NIC_ALL), -EINVAL);
	kfree_skb(skb);
}

static void sio_vt_mutate_hdr(struct sio_vt *vt, struct sio_vnet_hdr *h)
{
	static const u16 edges[] = { 0, 1, 7, 8, 14, 34, 0x7fff, 0xfffe,
				     0xffff };
	u32 r = prandom_u32_state(&vt->rnd);
	u16 v = edges[(r >> 8) % ARRAY_SIZE(edges)];

	if (r & 1)
		v = r >> 16;
	switch ((r >> 4) % 8) {
	case 0:
		h->flags = v;
		break;
	case 1:
		h->gso_type = v;
		break;
	case 2:
		h->hdr_len = cpu_to_le16(v);
		break;
	case 3:
		h->gso_size = cpu_to_le16(v);
		break;
	case 4:
		h->csum_start = cpu_to_le16(v);
		break;
	case 5:
		h->csum_offset = cpu_to_le16(v);
		break;
	case 6:
		h->gso_size = cpu_to_le16(1 + v % 2000);
		break;
	case 7:
		h->num_buffers = cpu_to_le16(v);
		break;
	}
}

/* What is accepted must be fit for the kernel's own segmentation. */
static void sio_vt_use(struct kunit *test, struct sk_buff *skb,
		       netdev_features_t features)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *segs;

	if (skb_is_gso(skb)) {
		KUNIT_EXPECT_FALSE(test, skb_has_frag_list(skb));
		/* Thousands of segments take their time, with KASAN. */
		if (skb->len / skb_shinfo(skb)->gso_size > 200 &&
		    prandom_u32_state(&vt->rnd) % 64)
			return;
		segs = __skb_gso_segment(skb, features, true);
		if (!IS_ERR_OR_NULL(segs))
			kfree_skb_list(segs);
	} else if (skb->ip_summed == CHECKSUM_PARTIAL) {
		KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
	}
}

static void decode__random_lies(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	unsigned int nr_ok = 0;
	struct sio_vnet_hdr h;
	struct sk_buff *skb;
	int i;
	u32 n;

	for (i = 0; i < 20000; i++) {
		h = sio_vt_hdr(test, &sio_vt_specs[i %
			       ARRAY_SIZE(sio_vt_specs)]);
		for (n = prandom_u32_state(&vt->rnd) % 3; n; n--)
			sio_vt_mutate_hdr(vt, &h);
		for (n = prandom_u32_state(&vt->rnd) % 3; n; n--)
			vt->buf[12 + prandom_u32_state(&vt->rnd) % 80] =
				prandom_u32_state(&vt->rnd);
		if (prandom_u32_state(&vt->rnd) % 8 == 0)
			vt->len = prandom_u32_state(&vt->rnd) % vt->len;

		skb = sio_vt_skb(test, (i >> 4) % SIO_VT_KINDS);
		sio_vt_spoil(skb);
		KUNIT_ASSERT_EQ(test, sio_vnet_reset(skb), 0);
		if (!sio_vnet_decode(skb, &h, SIO_NIC_ALL)) {
			nr_ok++;
			sio_vt_use(test, skb, i & 1 ? 0 : NETIF_F_SG |
				   NETIF_F_HW_CSUM);
		}
		kfree_skb(skb);
		cond_resched();
	}
	KUNIT_EXPECT_GT(test, nr_ok, 1000);
	KUNIT_EXPECT_LT(test, nr_ok, 19000);
}

static struct kunit_case sio_vnet_lies_cases[] = {
	KUNIT_CASE(decode__lies_in_the_header),
	KUNIT_CASE(decode__lies_about_udp),
	KUNIT_CASE(decode__fields_without_their_flag),
	KUNIT_CASE(decode__frames_that_do_not_match),
	KUNIT_CASE(decode__ipv6_that_does_not_match),
	KUNIT_CASE(decode__headers_out_of_reach),
	KUNIT_CASE_SLOW(decode__random_lies),
	{}
};

static struct kunit_suite sio_vnet_lies_suite = {
	.name = "vnet_lies",
	.init = sio_vt_init,
	.test_cases = sio_vnet_lies_cases,
};

kunit_test_suite(sio_vnet_lies_suite);
