// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/vnet.c share: packets of every kind. */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "vnet_fix.h"

const struct sio_vt_spec sio_vt_specs[SIO_VT_SPECS] = {
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

/* Packets that use much, to be spoilt in one place */
const struct sio_vt_spec sio_vt_tso = {
	.family = 4, .proto = IPPROTO_TCP, .payload = 6000, .gso_size = 1448,
	.gso_type = SKB_GSO_TCPV4, .needs = SIO_NIC_CSUM | SIO_NIC_TSO4,
};

const struct sio_vt_spec sio_vt_uso6 = {
	.family = 6, .proto = IPPROTO_UDP, .payload = 6000, .gso_size = 1448,
	.gso_type = SKB_GSO_UDP_L4, .needs = SIO_NIC_CSUM | SIO_NIC_USO,
};

/**
 * sio_vt_init() - make room for frames
 * @test: gets a struct sio_vt as its private data
 *
 * Return: 0.
 */
int sio_vt_init(struct kunit *test)
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

/**
 * sio_vt_make() - make a frame in vt->buf, its checksum begun, not finished
 * @vt: the test's things
 * @s: what kind of packet
 */
void sio_vt_make(struct sio_vt *vt, const struct sio_vt_spec *s)
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

/**
 * sio_vt_skb_of() - put bytes into an skb
 * @test: fails without memory
 * @data: the bytes
 * @len: how many
 * @linear: so many of them into its linear part, the others into pages
 *
 * Return: the skb, without any metadata.
 */
struct sk_buff *sio_vt_skb_of(struct kunit *test, const u8 *data,
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

/**
 * sio_vt_skb() - put the frame made last into an skb
 * @test: has it
 * @kind: how its bytes are to lie
 *
 * Return: the skb, without any metadata.
 */
struct sk_buff *sio_vt_skb(struct kunit *test, enum sio_vt_kind kind)
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

/**
 * sio_vt_tx_skb() - make a frame as its sender has it
 * @test: gets the frame
 * @s: what kind of packet
 *
 * Return: the skb, with the metadata of the sender's stack.
 */
struct sk_buff *sio_vt_tx_skb(struct kunit *test,
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

/**
 * sio_vt_hdr() - what the sender of a packet writes into its vnet header
 * @test: gets the frame
 * @s: what kind of packet
 *
 * Return: the header.
 */
struct sio_vnet_hdr sio_vt_hdr(struct kunit *test,
			       const struct sio_vt_spec *s)
{
	struct sk_buff *skb = sio_vt_tx_skb(test, s);
	struct sio_vnet_hdr h;

	memset(&h, 0xff, sizeof(h));
	sio_vnet_encode(skb, &h);
	kfree_skb(skb);
	return h;
}

/**
 * sio_vt_spoil() - leave on an skb what carrying a message over the link did
 * @skb: the skb
 */
void sio_vt_spoil(struct sk_buff *skb)
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

/**
 * sio_vt_finish() - do what is left to do, as the kernel would, and look at it
 * @test: fails if a checksum or a length is wrong
 * @s: what kind of packet it is
 * @skb: consumed
 */
void sio_vt_finish(struct kunit *test, const struct sio_vt_spec *s,
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

/**
 * sio_vt_decode() - decode the frame made last, and drop it
 * @test: has the frame
 * @h: its vnet header
 * @kind: how its bytes are to lie
 * @allowed: what was negotiated
 *
 * Return: what sio_vnet_decode() returned.
 */
int sio_vt_decode(struct kunit *test, const struct sio_vnet_hdr *h,
		  enum sio_vt_kind kind, u32 allowed)
{
	struct sk_buff *skb = sio_vt_skb(test, kind);
	int err = sio_vnet_decode(skb, h, allowed);

	kfree_skb(skb);
	return err;
}
