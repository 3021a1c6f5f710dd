// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/vnet.c: honest packets come through, lies do not. */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/if_vlan.h>
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
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "nomem.h"
#include "proto/reasm.h"
#include "proto/vnet.h"
#include "proto/wire.h"

#define SIO_VT_ROOM	65600
#define SIO_VT_GSO_UDP_L4 5

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

static const struct sio_vt_spec sio_vt_specs[] = {
	{ .family = 4, .proto = IPPROTO_TCP, .payload = 0,
	  .needs = SIO_NIC_CSUM },
	{ .family = 4, .proto = IPPROTO_UDP, .payload = 500,
	  .needs = SIO_NIC_CSUM },
	{ .family = 6, .proto = IPPROTO_TCP, .payload = 1400, .tags = 1,
	  .needs = SIO_NIC_CSUM },
	{ .family = 6, .proto = IPPROTO_UDP, .payload = 3, .exts = 2,
	  .needs = SIO_NIC_CSUM },
	{ .family = 4, .proto = IPPROTO_TCP, .payload = 60001,
	  .gso_size = 1448, .gso_type = SKB_GSO_TCPV4,
	  .needs = SIO_NIC_CSUM | SIO_NIC_TSO4 },
	{ .family = 4, .proto = IPPROTO_TCP, .payload = 20000, .exts = 3,
	  .gso_size = 1448, .tags = 1,
	  .gso_type = SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN | SKB_GSO_DODGY,
	  .needs = SIO_NIC_CSUM | SIO_NIC_TSO4 | SIO_NIC_ECN },
	{ .family = 4, .proto = IPPROTO_TCP, .payload = 9, .gso_size = 8,
	  .gso_type = SKB_GSO_TCPV4 | SKB_GSO_TCP_FIXEDID,
	  .needs = SIO_NIC_CSUM | SIO_NIC_TSO4 },
	{ .family = 6, .proto = IPPROTO_TCP, .payload = 60000,
	  .gso_size = 1428, .gso_type = SKB_GSO_TCPV6,
	  .needs = SIO_NIC_CSUM | SIO_NIC_TSO6 },
	{ .family = 6, .proto = IPPROTO_TCP, .payload = 5000, .tags = 2,
	  .exts = 1, .gso_size = 1000,
	  .gso_type = SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN,
	  .needs = SIO_NIC_CSUM | SIO_NIC_TSO6 | SIO_NIC_ECN },
	{ .family = 4, .proto = IPPROTO_UDP, .payload = 30000,
	  .gso_size = 1200, .gso_type = SKB_GSO_UDP_L4,
	  .needs = SIO_NIC_CSUM | SIO_NIC_USO },
	{ .family = 4, .proto = IPPROTO_UDP, .payload = 128, .gso_size = 1,
	  .gso_type = SKB_GSO_UDP_L4, .needs = SIO_NIC_CSUM | SIO_NIC_USO },
	{ .family = 6, .proto = IPPROTO_UDP, .payload = 2501, .tags = 2,
	  .gso_size = 1250, .gso_type = SKB_GSO_UDP_L4,
	  .needs = SIO_NIC_CSUM | SIO_NIC_USO },
};

/* A packet that uses much, to be spoilt in one place */
static const struct sio_vt_spec sio_vt_tso = {
	.family = 4, .proto = IPPROTO_TCP, .payload = 6000, .gso_size = 1448,
	.gso_type = SKB_GSO_TCPV4, .needs = SIO_NIC_CSUM | SIO_NIC_TSO4,
};

static const struct sio_vt_spec sio_vt_uso6 = {
	.family = 6, .proto = IPPROTO_UDP, .payload = 6000, .gso_size = 1448,
	.gso_type = SKB_GSO_UDP_L4, .needs = SIO_NIC_CSUM | SIO_NIC_USO,
};

static int sio_vt_init(struct kunit *test)
{
	struct sio_vt *vt = kunit_kzalloc(test, sizeof(*vt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vt);
	vt->buf = kunit_kmalloc(test, SIO_VT_ROOM, GFP_KERNEL);
	vt->got = kunit_kmalloc(test, SIO_VT_ROOM, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vt->buf);
	KUNIT_ASSERT_NOT_NULL(test, vt->got);
	prandom_seed_state(&vt->rnd, 1);
	prandom_bytes_state(&vt->rnd, vt->buf, SIO_VT_ROOM);
	test->priv = vt;
	return 0;
}

static u32 sio_vt_make_eth(struct sio_vt *vt, const struct sio_vt_spec *s)
{
	static const u8 macs[2 * ETH_ALEN] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0,
					       0, 2 };
	__be16 *proto = (__be16 *)(vt->buf + sizeof(macs));
	int i;

	memcpy(vt->buf, macs, sizeof(macs));
	for (i = s->tags; i; i--) {
		*proto++ = htons(i == 2 ? ETH_P_8021AD : ETH_P_8021Q);
		*proto++ = htons(7);
	}
	*proto = htons(s->family == 4 ? ETH_P_IP : ETH_P_IPV6);
	return ETH_HLEN + s->tags * VLAN_HLEN;
}

/* Writes the IP header; @len is all that follows its fixed part. */
static void sio_vt_make_ip(struct sio_vt *vt, const struct sio_vt_spec *s,
			   u32 len)
{
	static const u8 exts[] = { NEXTHDR_HOP, NEXTHDR_ROUTING, NEXTHDR_DEST,
				   NEXTHDR_DEST, NEXTHDR_DEST };
	struct iphdr *iph = (struct iphdr *)(vt->buf + vt->net);
	struct ipv6hdr *ip6h = (struct ipv6hdr *)(vt->buf + vt->net);
	u8 *next = &ip6h->nexthdr;
	u8 *ext;
	int i;

	if (s->family == 4) {
		iph->version = 4;
		iph->ihl = 5 + s->exts;
		iph->tot_len = htons(sizeof(*iph) + len);
		iph->frag_off = htons(IP_DF);
		iph->ttl = 64;
		iph->protocol = s->proto;
		iph->saddr = htonl(0x0a000001);
		iph->daddr = htonl(0x0a000002);
		memset(iph + 1, IPOPT_NOOP, s->exts * 4);
		ip_send_check(iph);
		return;
	}

	ip6h->version = 6;
	ip6h->payload_len = htons(len);
	ip6h->hop_limit = 64;
	memset(&ip6h->saddr, 0x20, sizeof(ip6h->saddr));
	memset(&ip6h->daddr, 0x21, sizeof(ip6h->daddr));
	for (i = 0; i < s->exts; i++) {
		ext = (u8 *)(ip6h + 1) + 8 * i;
		*next = exts[i];
		next = ext;
		ext[2] = IPV6_TLV_PADN;
		ext[3] = 4;
	}
	*next = s->proto;
}

static __sum16 sio_vt_magic(const struct sio_vt *vt,
			    const struct sio_vt_spec *s, const u8 *ip, u32 len,
			    __wsum sum)
{
	const struct iphdr *iph = (const struct iphdr *)ip;
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)ip;

	if (s->family == 4)
		return csum_tcpudp_magic(iph->saddr, iph->daddr, len, s->proto,
					 sum);
	return csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, s->proto, sum);
}

/* Makes the frame in vt->buf, its transport checksum begun but not finished. */
static void sio_vt_make(struct sio_vt *vt, const struct sio_vt_spec *s)
{
	u32 ext_len = s->exts * (s->family == 4 ? 4 : 8);
	u32 ip_len = s->family == 4 ? sizeof(struct iphdr)
				    : sizeof(struct ipv6hdr);
	struct tcphdr *th;
	struct udphdr *uh;
	__sum16 sum;
	u32 len;

	memset(vt->buf, 0, 256);	/* headers; the rest is random */
	vt->net = sio_vt_make_eth(vt, s);
	vt->trans = vt->net + ip_len + ext_len;
	vt->hlen = vt->trans + (s->proto == IPPROTO_TCP ? 32 : 8);
	vt->len = vt->hlen + s->payload;
	len = vt->len - vt->trans;
	sio_vt_make_ip(vt, s, ext_len + len);

	sum = ~sio_vt_magic(vt, s, vt->buf + vt->net, len, 0);
	th = (struct tcphdr *)(vt->buf + vt->trans);
	uh = (struct udphdr *)(vt->buf + vt->trans);
	if (s->proto == IPPROTO_TCP) {
		th->doff = 8;
		th->ack = 1;
		th->psh = 1;
		th->check = sum;
		memset(th + 1, TCPOPT_NOP, 12);
	} else {
		uh->source = htons(1);
		uh->dest = htons(2);
		uh->len = htons(len);
		uh->check = sum;
	}
}

static struct sk_buff *sio_vt_skb_of(struct kunit *test, const u8 *data,
				     u32 len, u32 linear)
{
	struct sk_buff *skb;
	struct page *page;
	int i = 0;
	u32 n;

	linear = min(linear, len);
	skb = alloc_skb(linear + 128, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	skb_put_data(skb, data, linear);
	for (data += linear, len -= linear; len; data += n, len -= n) {
		n = min_t(u32, len, PAGE_SIZE);
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), data, n);
		skb_add_rx_frag(skb, i++, page, 0, n, PAGE_SIZE);
	}
	return skb;
}

/* The frame made last, without any metadata */
static struct sk_buff *sio_vt_skb(struct kunit *test, enum sio_vt_kind kind)
{
	struct sio_vt *vt = test->priv;
	u32 half = vt->len / 2;
	struct sk_buff *more;
	struct sk_buff *skb;

	switch (kind) {
	case SIO_VT_LINEAR:
		return sio_vt_skb_of(test, vt->buf, vt->len, vt->len);
	case SIO_VT_SPLIT:
		return sio_vt_skb_of(test, vt->buf, vt->len, 9);
	case SIO_VT_FRAG_LIST:
		skb = sio_vt_skb_of(test, vt->buf, half, 20);
		more = sio_vt_skb_of(test, vt->buf + half, vt->len - half, 7);
		skb_shinfo(skb)->frag_list = more;
		skb->len += more->len;
		skb->data_len += more->len;
		skb->truesize += more->truesize;
		return skb;
	default:
		return sio_vt_skb_of(test, vt->buf, vt->len, 0);
	}
}

/* The same as the sender has it: with the metadata of its stack */
static struct sk_buff *sio_vt_tx_skb(struct kunit *test,
				     const struct sio_vt_spec *s)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb;

	sio_vt_make(vt, s);
	skb = sio_vt_skb_of(test, vt->buf, vt->len, vt->hlen);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, vt->net);
	skb_set_transport_header(skb, vt->trans);
	skb->protocol = *(__be16 *)(vt->buf + 2 * ETH_ALEN);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + vt->trans;
	skb->csum_offset = s->proto == IPPROTO_TCP ?
			   offsetof(struct tcphdr, check) :
			   offsetof(struct udphdr, check);
	skb_shinfo(skb)->gso_size = s->gso_size;
	skb_shinfo(skb)->gso_type = s->gso_type;
	return skb;
}

/* What the sender of that packet writes into its vnet header */
static struct sio_vnet_hdr sio_vt_hdr(struct kunit *test,
				      const struct sio_vt_spec *s)
{
	struct sk_buff *skb = sio_vt_tx_skb(test, s);
	struct sio_vnet_hdr h;

	memset(&h, 0xff, sizeof(h));
	sio_vnet_encode(skb, &h);
	kfree_skb(skb);
	return h;
}

/* What remains on an skb that carried a message over the link */
static void sio_vt_spoil(struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = 1234;
	skb_shinfo(skb)->gso_segs = 5;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL;
	skb_shinfo(skb)->tx_flags = SKBTX_SW_TSTAMP;
	skb_shinfo(skb)->tskey = 77;
	skb_hwtstamps(skb)->hwtstamp = 99;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = 1;
	skb->csum_offset = 2;
	skb->csum_level = 3;
	skb->csum_valid = 1;
	skb->csum_complete_sw = 1;
	skb->remcsum_offload = 1;
	skb->encapsulation = 1;
	skb->encap_hdr_csum = 1;
	skb->inner_protocol_type = 1;
	skb->inner_protocol = htons(5);
	skb->inner_mac_header = 6;
	skb->inner_network_header = 7;
	skb->inner_transport_header = 8;
	skb->mac_header = 1;
	skb->network_header = 2;
	skb->transport_header = 3;
	skb->mac_len = 14;
	skb->protocol = htons(ETH_P_IP);
	skb_set_hash(skb, 0x1234, PKT_HASH_TYPE_L4);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	skb_set_delivery_time(skb, 12345, 1);
	skb_set_queue_mapping(skb, 3);
	skb->redirected = 1;
	skb->priority = 6;
	skb_set_dst_pending_confirm(skb, 1);
}

/* Whether @skb, which is no GSO packet, has its whole checksum right */
static void sio_vt_expect_sum(struct kunit *test, const struct sio_vt_spec *s,
			      struct sk_buff *skb)
{
	struct sio_vt *vt = test->priv;
	u32 len = skb->len - vt->trans;
	__wsum sum;

	KUNIT_ASSERT_GT(test, skb->len, vt->trans);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, vt->got, vt->trans), 0);
	sum = skb_checksum(skb, vt->trans, len, 0);
	KUNIT_EXPECT_EQ(test, (__force u16)
			sio_vt_magic(vt, s, vt->got + vt->net, len, sum), 0);
}

/* Does what is left to do, as the kernel would, and looks at the outcome. */
static void sio_vt_finish(struct kunit *test, const struct sio_vt_spec *s,
			  struct sk_buff *skb)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *segs;
	struct sk_buff *next;
	u32 bytes = 0;
	u32 nr = 0;

	if (!s->gso_size) {
		KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		sio_vt_expect_sum(test, s, skb);
		kfree_skb(skb);
		return;
	}

	segs = __skb_gso_segment(skb, 0, true);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(segs));
	skb_list_walk_safe(segs, segs, next) {
		skb_mark_not_on_list(segs);
		sio_vt_expect_sum(test, s, segs);
		bytes += segs->len - vt->hlen;
		nr++;
		kfree_skb(segs);
	}
	KUNIT_EXPECT_EQ(test, bytes, s->payload);
	KUNIT_EXPECT_EQ(test, nr, DIV_ROUND_UP(s->payload, s->gso_size));
	kfree_skb(skb);
}

/* Decodes the frame in vt->buf with @h, and drops it. */
static int sio_vt_decode(struct kunit *test, const struct sio_vnet_hdr *h,
			 enum sio_vt_kind kind, u32 allowed)
{
	struct sk_buff *skb = sio_vt_skb(test, kind);
	int err = sio_vnet_decode(skb, h, allowed);

	kfree_skb(skb);
	return err;
}

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

static struct sk_buff *sio_vt_no_skb(unsigned int linear, unsigned int paged)
{
	return NULL;
}

static void decode__no_memory_to_flatten(struct kunit *test)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_tso);

	kunit_activate_static_stub(test, sio_reasm_alloc_skb, sio_vt_no_skb);
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, SIO_VT_FRAG_LIST,
					    SIO_NIC_ALL), -ENOMEM);
	KUNIT_EXPECT_EQ(test, sio_vt_decode(test, &h, SIO_VT_PAGED,
					    SIO_NIC_ALL), 0);
}

/*
 * Headers partly in pages, shared info that is a clone's, a frag_list: each
 * needs memory at another place. @linear bytes of the headers are where they
 * should be.
 */
static void sio_vt_expect_nomem(struct kunit *test, u32 linear, bool with_list)
{
	struct sio_vnet_hdr h = sio_vt_hdr(test, &sio_vt_tso);
	struct sio_vt *vt = test->priv;
	unsigned int nth, refused = 0;
	struct sk_buff *clone, *skb;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		skb = with_list ? sio_vt_skb(test, SIO_VT_FRAG_LIST) :
		      sio_vt_skb_of(test, vt->buf, vt->len, linear);
		clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, clone);
		sio_nomem_begin(nth);
		err = sio_vnet_decode(skb, &h, SIO_NIC_ALL);
		failed = sio_nomem_end();
		KUNIT_EXPECT_TRUE(test, !err || err == -ENOMEM);
		refused += !!err;
		if (err)
			kfree_skb(skb);
		else
			sio_vt_finish(test, &sio_vt_tso, skb);
		KUNIT_EXPECT_FALSE(test, skb_is_gso(clone));
		kfree_skb(clone);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	KUNIT_EXPECT_GT(test, refused, 0);
}

static void decode__no_memory_at_any_step(struct kunit *test)
{
	struct sio_vt *vt = test->priv;

	sio_vt_make(vt, &sio_vt_tso);
	sio_vt_expect_nomem(test, 5, false);
	sio_vt_expect_nomem(test, vt->net + 1, false);
	sio_vt_expect_nomem(test, vt->hlen, false);
	sio_vt_expect_nomem(test, 0, true);
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

static void reset__no_memory(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *clone;
	struct sk_buff *skb;
	int err;

	sio_vt_make(vt, &sio_vt_tso);
	skb = sio_vt_skb(test, SIO_VT_PAGED);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	sio_nomem_begin(1);
	err = sio_vnet_reset(skb);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	kfree_skb(clone);
	kfree_skb(skb);
}

static void flatten__longer_than_an_skb_can_be(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	struct sk_buff *skb, *more, **at;
	int i;

	skb = sio_vt_skb_of(test, vt->buf, 20, 20);
	at = &skb_shinfo(skb)->frag_list;
	for (i = 0; i < 2; i++) {
		more = sio_vt_skb_of(test, vt->buf, 40000, 0);
		*at = more;
		at = &more->next;
		skb->len += more->len;
		skb->data_len += more->len;
		skb->truesize += more->truesize;
	}
	KUNIT_EXPECT_EQ(test, sio_vnet_flatten(skb), -EINVAL);
	KUNIT_EXPECT_EQ(test, skb->len, 80020);
	kfree_skb(skb);
}

static void flatten__no_memory(struct kunit *test)
{
	struct sio_vt *vt = test->priv;
	unsigned int nth, refused = 0;
	struct sk_buff *clone, *skb;
	bool failed = true;
	int err;

	for (nth = 1; failed && nth < SIO_NOMEM_MAX; nth++) {
		sio_vt_make(vt, &sio_vt_tso);
		skb = sio_vt_skb(test, SIO_VT_FRAG_LIST);
		clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, clone);
		sio_nomem_begin(nth);
		err = sio_vnet_flatten(skb);
		failed = sio_nomem_end();
		refused += !!err;
		KUNIT_EXPECT_EQ(test, err, err ? -ENOMEM : 0);
		KUNIT_EXPECT_EQ(test, skb_has_frag_list(skb), !!err);
		KUNIT_EXPECT_EQ(test, skb->len, vt->len);
		KUNIT_EXPECT_EQ(test, skb_copy_bits(skb, 0, vt->got, vt->len),
				0);
		KUNIT_EXPECT_MEMEQ(test, vt->got, vt->buf, vt->len);
		kfree_skb(clone);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	/* The pages, and the shared info */
	KUNIT_EXPECT_GE(test, refused, 2);
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
	KUNIT_CASE(decode__lies_in_the_header),
	KUNIT_CASE(decode__lies_about_udp),
	KUNIT_CASE(decode__fields_without_their_flag),
	KUNIT_CASE(decode__frames_that_do_not_match),
	KUNIT_CASE(decode__ipv6_that_does_not_match),
	KUNIT_CASE(decode__headers_out_of_reach),
	KUNIT_CASE(decode__shared_info_stays_the_clones),
	KUNIT_CASE(decode__no_memory_to_flatten),
	KUNIT_CASE(decode__no_memory_at_any_step),
	KUNIT_CASE_SLOW(decode__random_lies),
	KUNIT_CASE(reset__everything),
	KUNIT_CASE(reset__clone_keeps_its_own),
	KUNIT_CASE(reset__no_memory),
	KUNIT_CASE(flatten__longer_than_an_skb_can_be),
	KUNIT_CASE(flatten__no_memory),
	{}
};

static struct kunit_suite sio_vnet_suite = {
	.name = "vnet",
	.init = sio_vt_init,
	.test_cases = sio_vnet_cases,
};

kunit_test_suite(sio_vnet_suite);
