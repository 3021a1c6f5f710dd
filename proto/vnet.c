// SPDX-License-Identifier: GPL-2.0
/* Between an skb's offload metadata and struct sio_vnet_hdr. */

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include <kunit/visibility.h>

#include "reasm.h"
#include "vnet.h"
#include "wire.h"

/* The name is missing before Linux 6.2; the number is virtio's. */
#define SIO_VNET_GSO_UDP_L4	5

#define SIO_VNET_F_ALL \
	(VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID)

/* Most VLAN tags in a frame that still gets offloads */
#define SIO_VNET_TAGS_MAX	2

/* Most IPv6 extension headers of such a frame */
#define SIO_VNET_EXTS_MAX	4

/*
 * What may stand beside the one type proper of a GSO packet. A fixed IPv4 id
 * is not carried: it matters only to fragments, which TCP forbids here.
 */
#define SIO_VNET_GSO_BESIDE \
	(SKB_GSO_DODGY | SKB_GSO_TCP_ECN | SKB_GSO_TCP_FIXEDID)

/**
 * struct sio_vnet_where - where the headers of a frame are, from its beginning
 * @net: offset of the header after Ethernet and VLAN tags
 * @net_proto: what it is, an Ethernet type
 * @trans: offset of the TCP or UDP header, 0 if the packet has neither
 * @trans_len: bytes of that header
 * @trans_proto: IPPROTO_TCP or IPPROTO_UDP
 * @exact: the IP header's length agrees with the frame's
 */
struct sio_vnet_where {
	u32 net;
	__be16 net_proto;
	u32 trans;
	u32 trans_len;
	u8 trans_proto;
	bool exact;
};

/**
 * struct sio_vnet_gso - one way to cut packets, under all its names
 * @skb_type: the kernel's
 * @vnet_type: the wire's
 * @net_proto: Ethernet type it demands, 0 for IPv4 and IPv6
 * @trans_proto: IP protocol it demands
 * @offload: the SIO_NIC bit that allows it
 * @size_min: smallest segment payload in bytes
 */
struct sio_vnet_gso {
	u32 skb_type;
	u8 vnet_type;
	__be16 net_proto;
	u8 trans_proto;
	u32 offload;
	u16 size_min;
};

static const struct sio_vnet_gso sio_vnet_gsos[] = {
	{
		.skb_type	= SKB_GSO_TCPV4,
		.vnet_type	= VIRTIO_NET_HDR_GSO_TCPV4,
		.net_proto	= htons(ETH_P_IP),
		.trans_proto	= IPPROTO_TCP,
		.offload	= SIO_NIC_TSO4,
		.size_min	= TCP_MIN_GSO_SIZE,
	}, {
		.skb_type	= SKB_GSO_TCPV6,
		.vnet_type	= VIRTIO_NET_HDR_GSO_TCPV6,
		.net_proto	= htons(ETH_P_IPV6),
		.trans_proto	= IPPROTO_TCP,
		.offload	= SIO_NIC_TSO6,
		.size_min	= TCP_MIN_GSO_SIZE,
	}, {
		.skb_type	= SKB_GSO_UDP_L4,
		.vnet_type	= SIO_VNET_GSO_UDP_L4,
		.trans_proto	= IPPROTO_UDP,
		.offload	= SIO_NIC_USO,
		.size_min	= 1,
	},
};

static const struct sio_vnet_gso *sio_vnet_gso_of_skb(u32 gso_type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sio_vnet_gsos); i++)
		if (sio_vnet_gsos[i].skb_type ==
		    (gso_type & ~SIO_VNET_GSO_BESIDE))
			return &sio_vnet_gsos[i];
	return NULL;
}

static const struct sio_vnet_gso *sio_vnet_gso_of_wire(u8 gso_type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sio_vnet_gsos); i++)
		if (sio_vnet_gsos[i].vnet_type ==
		    (gso_type & ~VIRTIO_NET_HDR_GSO_ECN))
			return &sio_vnet_gsos[i];
	return NULL;
}

static u8 sio_vnet_find_ipv4(const struct sk_buff *skb,
			     struct sio_vnet_where *w)
{
	const struct iphdr *iph;
	struct iphdr buf;

	iph = skb_header_pointer(skb, w->net, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5 || ip_is_fragment(iph))
		return 0;

	w->trans = w->net + iph->ihl * 4;
	w->exact = ntohs(iph->tot_len) == skb->len - w->net;
	return iph->protocol;
}

static bool sio_vnet_is_ext(u8 proto)
{
	return proto == NEXTHDR_HOP || proto == NEXTHDR_ROUTING ||
	       proto == NEXTHDR_DEST;
}

/* Not ipv6_skip_exthdr(): a peer could keep that busy with 8,000 headers. */
static u8 sio_vnet_find_ipv6(const struct sk_buff *skb,
			     struct sio_vnet_where *w)
{
	const struct ipv6_opt_hdr *opt;
	const struct ipv6hdr *ip6h;
	struct ipv6_opt_hdr opt_buf;
	struct ipv6hdr buf;
	int n = 0;
	u8 proto;
	u32 off;

	ip6h = skb_header_pointer(skb, w->net, sizeof(buf), &buf);
	if (!ip6h || ip6h->version != 6)
		return 0;

	proto = ip6h->nexthdr;
	off = w->net + sizeof(buf);
	w->exact = ntohs(ip6h->payload_len) == skb->len - off;

	while (sio_vnet_is_ext(proto)) {
		opt = skb_header_pointer(skb, off, sizeof(*opt), &opt_buf);
		if (!opt || n++ == SIO_VNET_EXTS_MAX)
			return 0;
		proto = opt->nexthdr;
		off += ipv6_optlen(opt);
	}

	w->trans = off;
	return proto;
}

/*
 * Reads the frame at skb->data as far as an offload could need it and fills
 * @w. Returns false only if there is no Ethernet header.
 */
static bool sio_vnet_find(const struct sk_buff *skb, struct sio_vnet_where *w)
{
	const struct ethhdr *eth;
	const struct vlan_hdr *vlan;
	const struct tcphdr *th;
	union {
		struct ethhdr eth;
		struct vlan_hdr vlan;
		struct tcphdr th;
	} buf;
	int tags = 0;

	memset(w, 0, sizeof(*w));
	eth = skb_header_pointer(skb, 0, sizeof(*eth), &buf);
	if (!eth)
		return false;
	w->net = sizeof(*eth);
	w->net_proto = eth->h_proto;

	while (eth_type_vlan(w->net_proto)) {
		vlan = skb_header_pointer(skb, w->net, sizeof(*vlan), &buf);
		if (!vlan || tags++ == SIO_VNET_TAGS_MAX)
			return true;
		w->net += sizeof(*vlan);
		w->net_proto = vlan->h_vlan_encapsulated_proto;
	}

	if (w->net_proto == htons(ETH_P_IP))
		w->trans_proto = sio_vnet_find_ipv4(skb, w);
	else if (w->net_proto == htons(ETH_P_IPV6))
		w->trans_proto = sio_vnet_find_ipv6(skb, w);

	if (w->trans_proto == IPPROTO_TCP) {
		th = skb_header_pointer(skb, w->trans, sizeof(*th), &buf);
		if (th && th->doff >= sizeof(*th) / 4)
			w->trans_len = th->doff * 4;
	} else if (w->trans_proto == IPPROTO_UDP) {
		w->trans_len = sizeof(struct udphdr);
	}

	/* Neither, or not all of its header is there */
	if (!w->trans_len || w->trans + w->trans_len > skb->len)
		w->trans = 0;
	return true;
}

/*
 * A checksum is left to do only where TCP or UDP has its own: another place
 * could be an address or a port, changed behind whoever filters on them.
 */
static bool sio_vnet_csum_is_sane(const struct sio_vnet_where *w, u32 start,
				  u32 offset)
{
	u32 expected = w->trans_proto == IPPROTO_TCP ?
		       offsetof(struct tcphdr, check) :
		       offsetof(struct udphdr, check);

	return w->trans && start == w->trans && offset == expected;
}

/* All there is to ask of a GSO packet once its checksum is sane. */
static bool sio_vnet_gso_is_sane(const struct sk_buff *skb,
				 const struct sio_vnet_where *w,
				 const struct sio_vnet_gso *gso, u32 gso_size)
{
	u32 payload = skb->len - w->trans - w->trans_len;

	if (gso->net_proto && gso->net_proto != w->net_proto)
		return false;
	if (gso->trans_proto != w->trans_proto || !w->exact)
		return false;
	if (gso_size < gso->size_min || gso_size == GSO_BY_FRAGS ||
	    gso_size >= payload)
		return false;
	return gso->trans_proto != IPPROTO_UDP ||
	       payload <= gso_size * SIO_VNET_USO_SEGS_MAX;
}

/**
 * sio_vnet_needs() - what the far end must be able to do with this packet
 * @skb: data at the Ethernet header, VLAN tags in the frame
 *
 * Judges by the same rules as sio_vnet_decode(), so that what is sent is also
 * accepted.
 *
 * Context: any.
 * Return: SIO_NIC bits, 0 if nothing is left to do; or SIO_VNET_UNSAYABLE
 */
u32 sio_vnet_needs(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	const struct sio_vnet_gso *gso;
	struct sio_vnet_where w;
	u32 needs = SIO_NIC_CSUM;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return skb_is_gso(skb) ? SIO_VNET_UNSAYABLE : 0;

	if (skb->encapsulation || skb_csum_is_sctp((struct sk_buff *)skb) ||
	    !sio_vnet_find(skb, &w) ||
	    !sio_vnet_csum_is_sane(&w, skb_checksum_start_offset(skb),
				   skb->csum_offset))
		return SIO_VNET_UNSAYABLE;

	if (!skb_is_gso(skb))
		return needs;

	gso = sio_vnet_gso_of_skb(shinfo->gso_type);
	if (!gso || !sio_vnet_gso_is_sane(skb, &w, gso, shinfo->gso_size))
		return SIO_VNET_UNSAYABLE;

	needs |= gso->offload;
	if (shinfo->gso_type & SKB_GSO_TCP_ECN)
		needs |= SIO_NIC_ECN;
	return needs;
}
EXPORT_SYMBOL_IF_KUNIT(sio_vnet_needs);

/**
 * sio_vnet_encode() - write down what is left to do to a packet
 * @skb: data at the Ethernet header, VLAN tags in the frame; one for which
 *	sio_vnet_needs() did not say SIO_VNET_UNSAYABLE
 * @h: to fill
 *
 * Context: any.
 */
void sio_vnet_encode(const struct sk_buff *skb, struct sio_vnet_hdr *h)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	const struct sio_vnet_gso *gso;
	struct sio_vnet_where w;

	memset(h, 0, sizeof(*h));
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		h->flags = VIRTIO_NET_HDR_F_DATA_VALID;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return;

	h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	h->csum_start = cpu_to_le16(skb_checksum_start_offset(skb));
	h->csum_offset = cpu_to_le16(skb->csum_offset);
	if (!skb_is_gso(skb))
		return;

	gso = sio_vnet_gso_of_skb(shinfo->gso_type);
	if (WARN_ON_ONCE(!gso || !sio_vnet_find(skb, &w)))
		return;

	h->gso_type = gso->vnet_type;
	if (shinfo->gso_type & SKB_GSO_TCP_ECN)
		h->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	h->gso_size = cpu_to_le16(shinfo->gso_size);
	h->hdr_len = cpu_to_le16(w.trans + w.trans_len);
}
EXPORT_SYMBOL_IF_KUNIT(sio_vnet_encode);

/* Whether the header makes sense in itself, and asks for nothing forbidden. */
static bool sio_vnet_hdr_is_sane(const struct sio_vnet_hdr *h, u32 allowed)
{
	const struct sio_vnet_gso *gso = sio_vnet_gso_of_wire(h->gso_type);

	if ((h->flags & ~SIO_VNET_F_ALL) || h->num_buffers)
		return false;

	if (!(h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return h->gso_type == VIRTIO_NET_HDR_GSO_NONE &&
		       !h->gso_size && !h->csum_start && !h->csum_offset;
	if (!(allowed & SIO_NIC_CSUM))
		return false;

	if (h->gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return !h->gso_size;
	if (!gso || !(allowed & gso->offload))
		return false;

	if (!(h->gso_type & VIRTIO_NET_HDR_GSO_ECN))
		return true;
	return (allowed & SIO_NIC_ECN) && gso->trans_proto == IPPROTO_TCP;
}

/**
 * sio_vnet_flatten() - move all behind the linear part into pages of its own
 * @skb: its shared info is its own
 *
 * A frag_list was cut where the segments of one net device were, and
 * skb_segment() has a BUG_ON for one that does not fit gso_size, which here is
 * another device's, or the peer's to choose.
 *
 * Return: 0, -EINVAL if it is too long, -ENOMEM.
 */
int sio_vnet_flatten(struct sk_buff *skb)
{
	unsigned int pos = skb_headlen(skb);
	struct sk_buff *tmp;
	skb_frag_t *frag;
	int err = -ENOMEM;
	int i;

	if (unlikely(skb->data_len > MAX_SKB_FRAGS * PAGE_SIZE))
		return -EINVAL;
	tmp = sio_reasm_alloc_skb(0, skb->data_len);
	if (unlikely(!tmp))
		return -ENOMEM;

	for (i = 0; i < skb_shinfo(tmp)->nr_frags; i++) {
		frag = &skb_shinfo(tmp)->frags[i];
		err = skb_copy_bits(skb, pos, skb_frag_address(frag),
				    skb_frag_size(frag));
		if (unlikely(err))
			goto out_free;
		pos += skb_frag_size(frag);
	}

	/* Also takes care of shared info that is not ours alone. */
	err = pskb_trim(skb, skb_headlen(skb));
	if (unlikely(err))
		goto out_free;

	for (i = 0; i < skb_shinfo(tmp)->nr_frags; i++) {
		frag = &skb_shinfo(tmp)->frags[i];
		get_page(skb_frag_page(frag));
		skb_add_rx_frag(skb, i, skb_frag_page(frag), 0,
				skb_frag_size(frag), PAGE_SIZE);
	}
out_free:
	consume_skb(tmp);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(sio_vnet_flatten);

static int sio_vnet_set_gso(struct sk_buff *skb, const struct sio_vnet_hdr *h,
			    const struct sio_vnet_where *w)
{
	const struct sio_vnet_gso *gso = sio_vnet_gso_of_wire(h->gso_type);
	struct skb_shared_info *shinfo;
	int err;

	if (!sio_vnet_gso_is_sane(skb, w, gso, le16_to_cpu(h->gso_size)))
		return -EINVAL;

	if (skb_has_frag_list(skb)) {
		err = sio_vnet_flatten(skb);
		if (unlikely(err))
			return err;
	}
	err = skb_unclone(skb, GFP_ATOMIC);
	if (unlikely(err))
		return err;

	shinfo = skb_shinfo(skb);
	shinfo->gso_size = le16_to_cpu(h->gso_size);
	shinfo->gso_type = gso->skb_type | SKB_GSO_DODGY;
	if (h->gso_type & VIRTIO_NET_HDR_GSO_ECN)
		shinfo->gso_type |= SKB_GSO_TCP_ECN;
	shinfo->gso_segs = 0;
	return 0;
}

static int sio_vnet_set_csum(struct sk_buff *skb, const struct sio_vnet_hdr *h,
			     const struct sio_vnet_where *w)
{
	u32 start = le16_to_cpu(h->csum_start);
	u32 offset = le16_to_cpu(h->csum_offset);

	if (!sio_vnet_csum_is_sane(w, start, offset))
		return -EINVAL;
	if (!pskb_may_pull(skb, w->trans + w->trans_len))
		return -ENOMEM;
	/* Offsets in an skb have 16 bits, from its head. */
	if (!skb_partial_csum_set(skb, start, offset))
		return -EINVAL;
	return 0;
}

/**
 * sio_vnet_decode() - give a received packet the metadata its sender described
 * @skb: data at the Ethernet header, after sio_vnet_reset(); not shared
 * @h: as it came from the peer, which may lie
 * @offloads_allowed: SIO_NIC bits that were negotiated
 *
 * Sets ip_summed, the GSO fields, skb->protocol to the Ethernet type, and the
 * offsets of the headers as far as they are known; the network header is the
 * one after the VLAN tags. Moves no data pointer.
 *
 * Context: any.
 * Return: 0, -EINVAL if @h asks for what is forbidden or does not fit the
 *	packet, or -ENOMEM; after an error the packet is good for dropping only
 */
int sio_vnet_decode(struct sk_buff *skb, const struct sio_vnet_hdr *h,
		    u32 offloads_allowed)
{
	struct sio_vnet_where w;
	__be16 proto;
	int err;

	if (!sio_vnet_hdr_is_sane(h, offloads_allowed) ||
	    le16_to_cpu(h->hdr_len) > skb->len || !sio_vnet_find(skb, &w))
		return -EINVAL;
	if (unlikely(skb_headroom(skb) + max(w.net, w.trans) >= U16_MAX))
		return -EINVAL;
	if (!pskb_may_pull(skb, w.net))
		return -ENOMEM;

	proto = ((const struct ethhdr *)skb->data)->h_proto;
	skb->protocol = eth_proto_is_802_3(proto) ? proto : htons(ETH_P_802_2);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, w.net);
	if (w.trans)
		skb_set_transport_header(skb, w.trans);

	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		err = sio_vnet_set_csum(skb, h, &w);
		if (err)
			return err;
	} else if (h->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}

	if (h->gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return 0;
	return sio_vnet_set_gso(skb, h, &w);
}
EXPORT_SYMBOL_IF_KUNIT(sio_vnet_decode);

/**
 * sio_vnet_reset() - forget what a packet's carrier meant
 * @skb: a message, or the rest of one; not shared
 *
 * GRO and the NIC described the frame of the link; all of that is wrong for
 * what was inside. What skb_scrub_packet() clears is left to it.
 *
 * Context: any.
 * Return: 0, or -ENOMEM if the shared info is not ours alone and could not be
 *	copied
 */
int sio_vnet_reset(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo;
	int err;

	err = skb_unclone(skb, GFP_ATOMIC);
	if (unlikely(err))
		return err;

	shinfo = skb_shinfo(skb);
	skb_gso_reset(skb);
	shinfo->tx_flags = 0;
	shinfo->tskey = 0;
	memset(skb_hwtstamps(skb), 0, sizeof(*skb_hwtstamps(skb)));
	skb_metadata_clear(skb);

	skb->ip_summed = CHECKSUM_NONE;
	skb->csum = 0;
	skb->csum_level = 0;
	skb->csum_valid = 0;
	skb->csum_complete_sw = 0;
	skb->remcsum_offload = 0;

	skb->encapsulation = 0;
	skb->encap_hdr_csum = 0;
	skb->inner_protocol_type = 0;
	skb->inner_protocol = 0;
	skb->inner_mac_header = 0;
	skb->inner_network_header = 0;
	skb->inner_transport_header = 0;
	skb->mac_header = (typeof(skb->mac_header))~0U;
	skb->network_header = 0;
	skb->transport_header = (typeof(skb->transport_header))~0U;
	skb->mac_len = 0;
	skb->protocol = 0;

	skb_clear_hash(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb_set_delivery_time(skb, 0, 0);
	skb_reset_redirect(skb);
	skb_set_queue_mapping(skb, 0);
	skb_set_dst_pending_confirm(skb, 0);
	skb->priority = 0;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(sio_vnet_reset);
