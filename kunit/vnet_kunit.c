// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/vnet.c: honest packets come through. */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>

#include "vnet_fix.h"

static void needs__nothing(struct kunit *test)
{
	struct sk_buff *skb = sio_vt_tx_skb(test, &sio_vt_specs[0]);

	skb->ip_summed = CHECKSUM_NONE;
	KUNIT_EXPECT_EQ(test, sio_vnet_needs(skb), 0);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	KUNIT_EXPECT_EQ(test, sio_vnet_needs(skb), 0);
	skb->ip_summed = CHECKSUM_COMPLETE;
	KUNIT_EXPECT_EQ(test, sio_vnet_needs(skb), 0);
	/* A tunnel whose every checksum is there is only bytes. */
	skb->encapsulation = 1;
	KUNIT_EXPECT_EQ(test, sio_vnet_needs(skb), 0);
	kfree_skb(skb);
}

static void needs__each_offload(struct kunit *test)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sio_vt_specs); i++) {
		skb = sio_vt_tx_skb(test, &sio_vt_specs[i]);
		KUNIT_EXPECT_EQ_MSG(test, sio_vnet_needs(skb),
				    sio_vt_specs[i].needs, "spec %u", i);
		kfree_skb(skb);
	}
}

static void needs__unsayable_gso_types(struct kunit *test)
{
	static const u32 types[] = {
		0, SKB_GSO_DODGY, SKB_GSO_UDP, SKB_GSO_SCTP, SKB_GSO_ESP,
		SKB_GSO_FRAGLIST, SKB_GSO_TCPV4 | SKB_GSO_FRAGLIST,
		SKB_GSO_TCPV4 | SKB_GSO_PARTIAL, SKB_GSO_TCPV4 | SKB_GSO_GRE,
		SKB_GSO_TCPV4 | SKB_GSO_GRE_CSUM,
		SKB_GSO_TCPV4 | SKB_GSO_IPXIP4, SKB_GSO_TCPV4 | SKB_GSO_IPXIP6,
		SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL,
		SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL_CSUM,
		SKB_GSO_TCPV4 | SKB_GSO_TUNNEL_REMCSUM,
		SKB_GSO_TCPV4 | SKB_GSO_TCPV6, SKB_GSO_TCPV6, SKB_GSO_UDP_L4,
	};
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		skb = sio_vt_tx_skb(test, &sio_vt_tso);
		skb_shinfo(skb)->gso_type = types[i];
		KUNIT_EXPECT_EQ_MSG(test, sio_vnet_needs(skb),
				    SIO_VNET_UNSAYABLE, "type %#x", types[i]);
		kfree_skb(skb);
	}
}

static void needs__unsayable_metadata(struct kunit *test)
{
	enum { SUM, ENCAP, START, OFFSET, SIZE, FRAGS, LITTLE, SCTP, NR };
	struct sk_buff *skb;
	int i;

	for (i = 0; i < NR; i++) {
		skb = sio_vt_tx_skb(test, &sio_vt_tso);
		if (i == SUM)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		if (i == ENCAP)
			skb->encapsulation = 1;
		if (i == START)
			skb->csum_start++;
		if (i == OFFSET)
			skb->csum_offset--;
		if (i == SIZE)
			skb_shinfo(skb)->gso_size = 6000;
		if (i == FRAGS)
			skb_shinfo(skb)->gso_size = GSO_BY_FRAGS;
		if (i == LITTLE)
			skb_shinfo(skb)->gso_size = 7;
#if IS_ENABLED(CONFIG_IP_SCTP)
		if (i == SCTP)
			skb->csum_not_inet = 1;
#else
		if (i == SCTP)
			skb->encapsulation = 1;
#endif
		KUNIT_EXPECT_EQ_MSG(test, sio_vnet_needs(skb),
				    SIO_VNET_UNSAYABLE, "case %d", i);
		kfree_skb(skb);
	}
}

static void needs__unsayable_frames(struct kunit *test)
{
	static const struct sio_vt_spec specs[] = {
		{ .family = 4, .proto = IPPROTO_UDP, .payload = 9, .tags = 3 },
		{ .family = 6, .proto = IPPROTO_TCP, .payload = 9, .exts = 5 },
		{ .family = 4, .proto = IPPROTO_UDP, .payload = 129,
		  .gso_size = 1, .gso_type = SKB_GSO_UDP_L4 },
		{ .family = 4, .proto = IPPROTO_TCP, .payload = 1448,
		  .gso_size = 1448, .gso_type = SKB_GSO_TCPV4 },
		{ .family = 6, .proto = IPPROTO_TCP, .payload = 1449,
		  .gso_size = 1448, .gso_type = SKB_GSO_TCPV4 },
		{ .family = 4, .proto = IPPROTO_UDP, .payload = 1449,
		  .gso_size = 1448, .gso_type = SKB_GSO_TCPV4 },
	};
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(specs); i++) {
		skb = sio_vt_tx_skb(test, &specs[i]);
		KUNIT_EXPECT_EQ_MSG(test, sio_vnet_needs(skb),
				    SIO_VNET_UNSAYABLE, "spec %u", i);
		kfree_skb(skb);
	}
}

static void encode__what_is_finished(struct kunit *test)
{
	struct sk_buff *skb = sio_vt_tx_skb(test, &sio_vt_specs[0]);
	struct sio_vnet_hdr none = {};
	struct sio_vnet_hdr h;

	skb->ip_summed = CHECKSUM_NONE;
	memset(&h, 0xff, sizeof(h));
	sio_vnet_encode(skb, &h);
	KUNIT_EXPECT_EQ(test, memcmp(&h, &none, sizeof(h)), 0);

	skb->ip_summed = CHECKSUM_COMPLETE;
	memset(&h, 0xff, sizeof(h));
	sio_vnet_encode(skb, &h);
	KUNIT_EXPECT_EQ(test, memcmp(&h, &none, sizeof(h)), 0);

	skb->ip_summed = CHECKSUM_UNNECESSARY;
	none.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	sio_vnet_encode(skb, &h);
	KUNIT_EXPECT_EQ(test, memcmp(&h, &none, sizeof(h)), 0);
	kfree_skb(skb);
}

static void encode__every_field(struct kunit *test)
{
	static const u8 types[] = {
		[4] = VIRTIO_NET_HDR_GSO_TCPV4,
		[5] = VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN,
		[6] = VIRTIO_NET_HDR_GSO_TCPV4,
		[7] = VIRTIO_NET_HDR_GSO_TCPV6,
		[8] = VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN,
		[9] = SIO_VT_GSO_UDP_L4,
		[10] = SIO_VT_GSO_UDP_L4,
		[11] = SIO_VT_GSO_UDP_L4,
	};
	struct sio_vt *vt = test->priv;
	const struct sio_vt_spec *s;
	struct sio_vnet_hdr h;
	unsigned int i;

	static_assert(ARRAY_SIZE(types) == ARRAY_SIZE(sio_vt_specs));
	for (i = 0; i < ARRAY_SIZE(sio_vt_specs); i++) {
		s = &sio_vt_specs[i];
		h = sio_vt_hdr(test, s);
		KUNIT_EXPECT_EQ(test, h.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
		KUNIT_EXPECT_EQ(test, h.gso_type, types[i]);
		KUNIT_EXPECT_EQ(test, le16_to_cpu(h.gso_size), s->gso_size);
		KUNIT_EXPECT_EQ(test, le16_to_cpu(h.hdr_len),
				s->gso_size ? vt->hlen : 0);
		KUNIT_EXPECT_EQ(test, le16_to_cpu(h.csum_start), vt->trans);
		KUNIT_EXPECT_EQ(test, le16_to_cpu(h.csum_offset),
				s->proto == IPPROTO_TCP ? 16 : 6);
		KUNIT_EXPECT_EQ(test, le16_to_cpu(h.num_buffers), 0);
	}
}

static void decode__what_was_encoded(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	const struct sio_vt_spec *s;
	struct sio_vnet_hdr h;
	enum sio_vt_kind kind;
	struct sk_buff *skb;
	unsigned int i;
	u32 want;

	for (i = 0; i < ARRAY_SIZE(sio_vt_specs); i++) {
		for (kind = 0; kind < SIO_VT_KINDS; kind++) {
			s = &sio_vt_specs[i];
			h = sio_vt_hdr(test, s);
			skb = sio_vt_skb(test, kind);
			sio_vt_spoil(skb);
			KUNIT_ASSERT_EQ(test, sio_vnet_reset(skb), 0);
			KUNIT_ASSERT_EQ(test, sio_vnet_decode(skb, &h,
							      s->needs), 0);

			KUNIT_EXPECT_TRUE(test, skb->ip_summed ==
					  CHECKSUM_PARTIAL);
			KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
					vt->trans);
			KUNIT_EXPECT_EQ(test, skb->csum_offset,
					le16_to_cpu(h.csum_offset));
			KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), 0);
			KUNIT_EXPECT_EQ(test, skb_network_offset(skb),
					vt->net);
			KUNIT_EXPECT_EQ(test, skb_transport_offset(skb),
					vt->trans);
			KUNIT_EXPECT_EQ(test, ntohs(skb->protocol),
					ntohs(*(__be16 *)(vt->buf + 12)));
			KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size,
					s->gso_size);
			KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 0);
			want = s->gso_type & ~SKB_GSO_TCP_FIXEDID;
			if (s->gso_size)
				want |= SKB_GSO_DODGY;
			KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, want);
			KUNIT_EXPECT_FALSE(test, skb_is_gso(skb) &&
					   skb_has_frag_list(skb));
			KUNIT_EXPECT_EQ(test, skb->len, vt->len);
			KUNIT_EXPECT_EQ(test, sio_vnet_needs(skb), s->needs);
			KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, vt->got,
							    vt->len), 0);
			KUNIT_EXPECT_EQ(test, memcmp(vt->got, vt->buf,
						     vt->len), 0);
			sio_vt_finish(test, s, skb);
		}
	}
}

static void decode__only_what_was_negotiated(struct kunit *test)
{
	const struct sio_vt_spec *s;
	struct sio_vnet_hdr h;
	unsigned int i;
	u32 bit;

	for (i = 0; i < ARRAY_SIZE(sio_vt_specs); i++) {
		s = &sio_vt_specs[i];
		h = sio_vt_hdr(test, s);
		for (bit = 1; bit & SIO_NIC_ALL; bit <<= 1)
			KUNIT_EXPECT_EQ_MSG(test,
					    sio_vt_decode(test, &h,
							  SIO_VT_LINEAR,
							  SIO_NIC_ALL & ~bit),
					    s->needs & bit ? -EINVAL : 0,
					    "spec %u without %#x", i, bit);
	}
}

static void decode__data_valid(struct kunit *test)
{
	struct sio_vnet_hdr h = { .flags = VIRTIO_NET_HDR_F_DATA_VALID };
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb;

	sio_vt_make(vt, &sio_vt_specs[1]);
	skb = sio_vt_skb(test, SIO_VT_PAGED);
	KUNIT_EXPECT_EQ(test, sio_vnet_decode(skb, &h, 0), 0);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_UNNECESSARY);
	KUNIT_EXPECT_EQ(test, skb_transport_offset(skb), vt->trans);
	kfree_skb(skb);

	/* Beside NEEDS_CSUM it has nothing to say. */
	h = sio_vt_hdr(test, &sio_vt_specs[1]);
	h.flags |= VIRTIO_NET_HDR_F_DATA_VALID;
	skb = sio_vt_skb(test, SIO_VT_PAGED);
	KUNIT_EXPECT_EQ(test, sio_vnet_decode(skb, &h, SIO_NIC_CSUM), 0);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
	kfree_skb(skb);
}

static void decode__frames_of_any_kind(struct kunit *test)
{
	static const struct {
		u16 proto;
		u16 want;
		u32 len;
		u32 net;
	} frames[] = {
		{ ETH_P_ARP, ETH_P_ARP, 60, 14 },
		{ ETH_P_IP, ETH_P_IP, 14, 14 },
		{ ETH_P_IP, ETH_P_IP, 33, 14 },
		{ ETH_P_IPV6, ETH_P_IPV6, 53, 14 },
		{ ETH_P_8021Q, ETH_P_8021Q, 14, 14 },
		{ ETH_P_8021AD, ETH_P_8021AD, 17, 14 },
		{ ETH_P_8021Q, ETH_P_8021Q, 18, 18 },
		{ 46, ETH_P_802_2, 60, 14 },
		{ 0x88b5, 0x88b5, 1514, 14 },
	};
	struct sio_vt *vt = test->priv;
	struct sio_vnet_hdr h = {};
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		memset(vt->buf, 0, frames[i].len);
		*(__be16 *)(vt->buf + 12) = htons(frames[i].proto);
		vt->len = frames[i].len;
		skb = sio_vt_skb(test, SIO_VT_SPLIT);
		KUNIT_ASSERT_EQ(test, sio_vnet_reset(skb), 0);
		KUNIT_EXPECT_EQ_MSG(test, sio_vnet_decode(skb, &h, 0), 0,
				    "frame %u", i);
		KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), frames[i].want);
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), frames[i].net);
		KUNIT_EXPECT_FALSE(test, skb_transport_header_was_set(skb));
		KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_NONE);
		kfree_skb(skb);
	}

	for (vt->len = 0; vt->len < ETH_HLEN; vt->len++)
		KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, SIO_VT_SPLIT, 0),
				-EINVAL);
}

static void decode__shared_info_stays_the_clones(struct kunit *test)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_tso);
	enum sio_vt_kind kind;
	struct sk_buff *clone;
	struct sk_buff *skb;

	for (kind = 0; kind < SIO_VT_KINDS; kind++) {
		skb = sio_vt_skb(test, kind);
		clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, clone);
		KUNIT_EXPECT_EQ(test, sio_vnet_decode(skb, &h, SIO_NIC_ALL),
				0);
		KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
		KUNIT_EXPECT_FALSE(test, skb_is_gso(clone));
		KUNIT_EXPECT_EQ(test, skb_has_frag_list(clone),
				kind == SIO_VT_FRAG_LIST);
		sio_vt_finish(test, &sio_vt_tso, skb);
		kfree_skb(clone);
	}
}

static void reset__everything(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb;

	sio_vt_make(vt, &sio_vt_tso);
	skb = sio_vt_skb(test, SIO_VT_SPLIT);
	sio_vt_spoil(skb);
	KUNIT_ASSERT_EQ(test, sio_vnet_reset(skb), 0);

	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->tx_flags, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->tskey, 0);
	KUNIT_EXPECT_EQ(test, skb_hwtstamps(skb)->hwtstamp, 0);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_NONE);
	KUNIT_EXPECT_EQ(test, (__force u32)skb->csum, 0);
	KUNIT_EXPECT_FALSE(test, skb->csum_level);
	KUNIT_EXPECT_FALSE(test, skb->csum_valid);
	KUNIT_EXPECT_FALSE(test, skb->csum_complete_sw);
	KUNIT_EXPECT_FALSE(test, skb->remcsum_offload);
	KUNIT_EXPECT_FALSE(test, skb->encapsulation);
	KUNIT_EXPECT_FALSE(test, skb->encap_hdr_csum);
	KUNIT_EXPECT_FALSE(test, skb->inner_protocol_type);
	KUNIT_EXPECT_EQ(test, (__force u16)skb->inner_protocol, 0);
	KUNIT_EXPECT_EQ(test, skb->inner_mac_header, 0);
	KUNIT_EXPECT_EQ(test, skb->inner_network_header, 0);
	KUNIT_EXPECT_EQ(test, skb->inner_transport_header, 0);
	KUNIT_EXPECT_FALSE(test, skb_mac_header_was_set(skb));
	KUNIT_EXPECT_FALSE(test, skb_transport_header_was_set(skb));
	KUNIT_EXPECT_EQ(test, skb->network_header, 0);
	KUNIT_EXPECT_EQ(test, skb->mac_len, 0);
	KUNIT_EXPECT_EQ(test, (__force u16)skb->protocol, 0);
	KUNIT_EXPECT_EQ(test, skb->hash, 0);
	KUNIT_EXPECT_FALSE(test, skb->l4_hash);
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, skb->tstamp, 0);
	KUNIT_EXPECT_EQ(test, skb_get_queue_mapping(skb), 0);
	KUNIT_EXPECT_FALSE(test, skb_is_redirected(skb));
	KUNIT_EXPECT_EQ(test, skb->priority, 0);
	KUNIT_EXPECT_FALSE(test, skb_get_dst_pending_confirm(skb));
	kfree_skb(skb);
}

static void reset__clone_keeps_its_own(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *clone;
	struct sk_buff *skb;

	sio_vt_make(vt, &sio_vt_tso);
	skb = sio_vt_skb(test, SIO_VT_PAGED);
	sio_vt_spoil(skb);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_EXPECT_EQ(test, sio_vnet_reset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(clone)->gso_size, 1234);
	KUNIT_EXPECT_FALSE(test, skb_cloned(skb));
	kfree_skb(clone);
	kfree_skb(skb);
}

static struct kunit_case sio_vnet_cases[] = {
	KUNIT_CASE(needs__nothing),
	KUNIT_CASE(needs__each_offload),
	KUNIT_CASE(needs__unsayable_gso_types),
	KUNIT_CASE(needs__unsayable_metadata),
	KUNIT_CASE(needs__unsayable_frames),
	KUNIT_CASE(encode__what_is_finished),
	KUNIT_CASE(encode__every_field),
	KUNIT_CASE(decode__what_was_encoded),
	KUNIT_CASE(decode__only_what_was_negotiated),
	KUNIT_CASE(decode__data_valid),
	KUNIT_CASE(decode__frames_of_any_kind),
	KUNIT_CASE(decode__shared_info_stays_the_clones),
	KUNIT_CASE(reset__everything),
	KUNIT_CASE(reset__clone_keeps_its_own),
	{}
};

static struct kunit_suite sio_vnet_suite = {
	.name = "vnet",
	.init = sio_vt_init,
	.test_cases = sio_vnet_cases,
};

kunit_test_suite(sio_vnet_suite);
