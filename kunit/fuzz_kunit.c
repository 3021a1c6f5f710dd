// SPDX-License-Identifier: GPL-2.0
/* Frames of every kind, spoilt at random, through all that judges them. */

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <linux/virtio_net.h>

#include "proto/frame.h"
#include "proto/hdr.h"
#include "proto/reasm.h"
#include "proto/seal.h"
#include "proto/seq.h"
#include "proto/vnet.h"
#include "proto/wire.h"

/* Flows, each with its own numbers, and frames on each of them */
#define SIO_ZT_FLOWS	2100
#define SIO_ZT_FRAMES	50

/* Bytes of headers that rx.c makes readable */
#define SIO_ZT_LINEAR	120

#define SIO_ZT_MSG_MAX	2048
#define SIO_ZT_ROOM	(SIO_ZT_MSG_MAX + 256)
#define SIO_ZT_HDR	((u32)sizeof(struct sio_msg_hdr))

#define SIO_ZT_NOW	1000
#define SIO_ZT_LATER	2000

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

/* A random number below @n */
static u32 sio_zt_below(struct sio_zt *zt, u32 n)
{
	return prandom_u32_state(&zt->rnd) % n;
}

/* Puts an Ethernet frame and what is left to do to it behind @at */
static u32 sio_zt_packet_rec(struct sio_zt *zt, u8 *at)
{
	struct sio_rec_packet *rec = (struct sio_rec_packet *)at;
	bool tcp = sio_zt_below(zt, 2), tag = !sio_zt_below(zt, 4);
	u32 payload = sio_zt_below(zt, 300), net = tag ? 18 : 14;
	u32 trans = net + 20, hdrs = trans + (tcp ? 20 : 8);
	u8 *eth = at + sizeof(*rec);
	struct iphdr *iph = (struct iphdr *)(eth + net);

	prandom_bytes_state(&zt->rnd, eth, hdrs + payload);
	put_unaligned_be16(tag ? ETH_P_8021Q : ETH_P_IP, eth + 12);
	if (tag)
		put_unaligned_be16(ETH_P_IP, eth + 16);
	memset(&rec->vnet, 0, sizeof(rec->vnet));
	iph->version = 4;
	iph->ihl = 5;
	iph->tot_len = htons(hdrs - net + payload);
	iph->frag_off = 0;
	iph->protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
	if (tcp)
		((struct tcphdr *)(eth + trans))->doff = 5;
	if (sio_zt_below(zt, 4)) {
		rec->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		rec->vnet.csum_start = cpu_to_le16(trans);
		rec->vnet.csum_offset = cpu_to_le16(tcp ? 16 : 6);
		if (tcp && payload > 100 && sio_zt_below(zt, 2)) {
			rec->vnet.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
			rec->vnet.gso_size = cpu_to_le16(50);
			rec->vnet.hdr_len = cpu_to_le16(hdrs);
		}
	}
	sio_rec_init(&rec->rec, SIO_REC_PACKET, sizeof(*rec) + hdrs + payload);
	return sizeof(*rec) + hdrs + payload;
}

static u32 sio_zt_ctl_rec(struct sio_zt *zt, u8 *at)
{
	static const u32 lens[] = {
		[SIO_REC_DEV] = sizeof(struct sio_rec_dev),
		[SIO_REC_DEV_GONE] = sizeof(struct sio_rec_dev_id),
		[SIO_REC_DEV_STATUS] = sizeof(struct sio_rec_dev_status),
		[SIO_REC_NIC_MODE] = sizeof(struct sio_rec_nic_mode) + 6,
	};
	u8 type = SIO_REC_DEV + sio_zt_below(zt, 4);

	prandom_bytes_state(&zt->rnd, at, lens[type]);
	sio_rec_init((struct sio_rec_hdr *)at, type, lens[type]);
	return lens[type];
}

/* Writes 1 to 4 records; returns the bytes */
static u32 sio_zt_recs(struct sio_zt *zt, u8 *at, bool packets, u8 *nr)
{
	u32 pos = 0, len = 0;
	u8 i;

	*nr = 1 + sio_zt_below(zt, 4);
	for (i = 0; i < *nr; i++) {
		memset(at + len, 0, pos - len);
		len = pos + (packets ? sio_zt_packet_rec(zt, at + pos) :
				       sio_zt_ctl_rec(zt, at + pos));
		pos = ALIGN(len, SIO_REC_ALIGN);
	}
	return len;
}

/* Bytes of the body of a message without records */
static u32 sio_zt_plain_len(struct sio_zt *zt, u8 type)
{
	switch (type) {
	case SIO_MSG_HELLO:
		return sizeof(struct sio_msg_hello) + SIO_NOISE_MSG_LEN;
	case SIO_MSG_HELLO_ACK:
		return SIO_NOISE_MSG_LEN;
	case SIO_MSG_CONFIRM:
		return sizeof(struct sio_msg_confirm);
	case SIO_MSG_REFUSE:
		return sizeof(struct sio_msg_refuse);
	case SIO_MSG_PROBE:
	case SIO_MSG_PROBE_ACK:
		return sio_zt_below(zt, 300);
	case SIO_MSG_JOIN:
	case SIO_MSG_JOIN_ACK:
		return sizeof(struct sio_msg_join);
	default:
		return 0;
	}
}

/* The peer begins another message */
static void sio_zt_new_msg(struct sio_zt *zt)
{
	static const u8 types[] = {
		SIO_MSG_HELLO, SIO_MSG_HELLO_ACK, SIO_MSG_CONFIRM,
		SIO_MSG_WELCOME, SIO_MSG_REFUSE, SIO_MSG_PROBE,
		SIO_MSG_PROBE_ACK, SIO_MSG_JOIN, SIO_MSG_JOIN_ACK,
		SIO_MSG_CTL_REQ, SIO_MSG_CTL_RSP, SIO_MSG_CTL_BUSY,
		SIO_MSG_PACKET, SIO_MSG_PACKET, SIO_MSG_PACKET,
		SIO_MSG_PACKET, SIO_MSG_PACKET, SIO_MSG_PACKET,
	};
	u8 type = types[sio_zt_below(zt, ARRAY_SIZE(types))], nr = 0;
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)zt->msg;
	bool ctl = type == SIO_MSG_CTL_REQ || type == SIO_MSG_CTL_RSP;
	u8 *body = zt->msg + SIO_ZT_HDR;
	u32 len;

	if (type == SIO_MSG_PACKET) {
		len = sio_zt_recs(zt, body, true, &nr);
	} else if (ctl) {
		memset(body, 0, sizeof(struct sio_msg_ctl));
		len = sizeof(struct sio_msg_ctl);
		len += sio_zt_recs(zt, body + len, false, &nr);
		nr = 0;
	} else {
		len = sio_zt_plain_len(zt, type);
		prandom_bytes_state(&zt->rnd, body, len);
	}
	zt->msg_len = SIO_ZT_HDR + len;
	zt->msg_pos = 0;
	zt->msg_off = zt->peer.nxt;
	zt->peer.nxt += zt->msg_len;
	sio_hdr_init(hdr, type, zt->msg_len);
	hdr->offset = cpu_to_le64(zt->msg_off);
	hdr->epoch = cpu_to_le32(7);
	hdr->nr_recs = nr;
	if (ctl || type == SIO_MSG_CTL_BUSY)
		hdr->slot_seq = cpu_to_le32(3);
	if (ctl || type == SIO_MSG_CTL_BUSY || type == SIO_MSG_CONFIRM ||
	    type == SIO_MSG_WELCOME || type == SIO_MSG_PROBE ||
	    type == SIO_MSG_PROBE_ACK) {
		hdr->suite = SIO_SUITE_CHACHA;
		sio_seal(zt->msg, zt->msg_len, zt->key);
	}
}

/* Writes the frame for @seg and @payload */
static void sio_zt_frame(struct sio_zt *zt, struct sio_seg *seg,
			 const u8 *payload)
{
	u32 hdr_len = sio_frame_hdr_len(seg);

	sio_frame_build(zt->frame, seg, 1);
	memcpy(zt->frame + hdr_len, payload, seg->len);
	zt->len = hdr_len + seg->len;
	zt->is_spoilt = false;
}

/* The next chunk, or a segment that has none */
static void sio_zt_next(struct sio_zt *zt)
{
	static const u8 bare[] = {
		SIO_TCP_SYN, SIO_TCP_SYN | SIO_TCP_ACK, SIO_TCP_ACK,
		SIO_TCP_ACK, SIO_TCP_FIN | SIO_TCP_ACK,
		SIO_TCP_RST | SIO_TCP_ACK,
	};
	struct sio_seg seg = {
		.saddr = htonl(0x0a000001), .daddr = htonl(0x0a000002),
		.sport = htons(1000), .dport = htons(5544),
		.flags = SIO_TCP_ACK, .has_ts = true, .mss = 1448,
		.wscale = SIO_WSCALE,
	};
	u32 left;

	seg.ack = sio_seq_of(&zt->own, zt->rx.una + sio_zt_below(zt, 10));
	if (!sio_zt_below(zt, 8)) {
		seg.flags = bare[sio_zt_below(zt, ARRAY_SIZE(bare))];
		seg.seq = sio_seq_of(&zt->peer, zt->peer.nxt);
		seg.tsval = sio_seq_tsval(&zt->peer, zt->peer.nxt);
		seg.window = sio_seq_window(zt->peer.nxt);
		if (!(seg.flags & SIO_TCP_SYN))
			seg.nr_sacks = sio_zt_below(zt, SIO_SACK_MAX + 1);
		prandom_bytes_state(&zt->rnd, seg.sacks, sizeof(seg.sacks));
		sio_zt_frame(zt, &seg, NULL);
		return;
	}
	if (zt->msg_pos == zt->msg_len)
		sio_zt_new_msg(zt);
	left = zt->msg_len - zt->msg_pos;
	seg.len = left;
	if (left > SIO_ZT_HDR && !sio_zt_below(zt, 3))
		seg.len = SIO_ZT_HDR + sio_zt_below(zt, left - SIO_ZT_HDR);
	seg.seq = sio_seq_of(&zt->peer, zt->msg_off + zt->msg_pos);
	seg.tsval = sio_seq_tsval(&zt->peer, zt->msg_off);
	seg.window = sio_seq_window(zt->msg_off);
	sio_zt_frame(zt, &seg, zt->msg + zt->msg_pos);
	zt->msg_pos += seg.len;
}

/* Somewhere in the frame: mostly where the fields are */
static u32 sio_zt_where(struct sio_zt *zt)
{
	static const struct {
		u32 from;
		u32 nr;
	} areas[] = {
		{ 0, 20 }, { 20, 32 }, { 52, 64 }, { 116, 20 }, { 116, 80 },
	};
	u32 i = sio_zt_below(zt, ARRAY_SIZE(areas) + 1);

	if (i == ARRAY_SIZE(areas))
		return sio_zt_below(zt, zt->len);
	return min(areas[i].from + sio_zt_below(zt, areas[i].nr), zt->len - 1);
}

static void sio_zt_spoil_once(struct sio_zt *zt)
{
	static const u32 edges[] = {
		0, 1, 2, 3, 4, 7, 8, 20, 21, 52, 63, 64, 65, 0x7f, 0x80, 0xff,
		0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff,
	};
	u32 at = sio_zt_where(zt), n;
	u32 edge = edges[sio_zt_below(zt, ARRAY_SIZE(edges))];

	switch (sio_zt_below(zt, 10)) {
	case 0:
	case 1:
		zt->frame[at] ^= 1 << sio_zt_below(zt, 8);
		break;
	case 2:
		zt->frame[at] = edge;
		break;
	case 3:
		put_unaligned_be16(edge, zt->frame + at);
		break;
	case 4:
		put_unaligned_le16(edge, zt->frame + at);
		break;
	case 5:
		put_unaligned_be32(edge, zt->frame + at);
		break;
	case 6:
		put_unaligned_le32(edge, zt->frame + at);
		break;
	case 7:
		prandom_bytes_state(&zt->rnd, zt->frame + at,
				    1 + sio_zt_below(zt, 8));
		break;
	case 8:
		zt->len = at + 1;
		break;
	case 9:
		n = sio_zt_below(zt, 64);
		prandom_bytes_state(&zt->rnd, zt->frame + zt->len, n);
		zt->len += n;
		break;
	}
}

static void sio_zt_spoil(struct sio_zt *zt)
{
	u32 n = sio_zt_below(zt, 4);

	zt->is_spoilt = n;
	while (n--) {
		sio_zt_spoil_once(zt);
		/* 8 bytes may have gone behind the end, and one more time 64 */
		zt->len = min_t(u32, zt->len, SIO_ZT_ROOM - 80);
	}
	/* Half of those that were cut or stretched say so */
	if (zt->len >= SIO_IP_LEN && sio_zt_below(zt, 2))
		((struct iphdr *)zt->frame)->tot_len = htons(zt->len);
}

/* A packet as the peer's record describes it, on an skb that had another use */
static void sio_zt_packet_in(struct kunit *test, struct sio_zt *zt,
			     const struct sio_rec_packet *rec)
{
	u32 len = le32_to_cpu(rec->rec.len) - sizeof(*rec);
	u32 allowed = sio_zt_below(zt, 2) ? SIO_NIC_ALL :
					    sio_zt_below(zt, SIO_NIC_ALL + 1);
	struct sk_buff *skb = alloc_skb(len + 64, GFP_KERNEL);
	u32 needs;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_put_data(skb, rec + 1, len);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = U16_MAX;
	skb_shinfo(skb)->gso_size = 1;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	KUNIT_EXPECT_EQ(test, sio_vnet_reset(skb), 0);
	if (sio_vnet_decode(skb, &rec->vnet, allowed)) {
		zt->nr_lies++;
		kfree_skb(skb);
		return;
	}
	zt->nr_packets++;
	KUNIT_EXPECT_EQ(test, skb->len, len);
	KUNIT_EXPECT_LE(test, skb_network_offset(skb), len);
	needs = sio_vnet_needs(skb);
	KUNIT_EXPECT_EQ(test, needs & ~allowed, 0);
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		KUNIT_EXPECT_LE(test, skb_checksum_start_offset(skb) +
				skb->csum_offset + sizeof(__sum16), len);
		if (!skb_is_gso(skb))
			KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
	} else {
		KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
	}
	kfree_skb(skb);
}

/* Records of a body that ends where its memory does */
static void sio_zt_body_in(struct kunit *test, struct sio_zt *zt,
			   const u8 *body, u32 len)
{
	const struct sio_rec_hdr *rec;
	u32 at = 0, pos = 0;

	while ((rec = sio_rec_next(body, len, &pos))) {
		u32 rec_len = le32_to_cpu(rec->len);

		zt->nr_recs++;
		KUNIT_ASSERT_PTR_EQ(test, (const u8 *)rec, body + at);
		KUNIT_ASSERT_LE(test, pos, len);
		KUNIT_ASSERT_GE(test, pos, at + rec_len);
		KUNIT_ASSERT_GE(test, rec_len, sizeof(*rec));
		if (rec->type == SIO_REC_PACKET && !rec->flags)
			sio_zt_packet_in(test, zt,
					 (const struct sio_rec_packet *)rec);
		at = pos;
	}
	KUNIT_ASSERT_EQ(test, pos, at);
}

/* Only what the peer sealed can be opened, and it always can */
static bool sio_zt_unseal(struct kunit *test, struct sio_zt *zt, u8 *msg,
			  u32 len, u64 msg_off)
{
	struct sio_msg_hdr *hdr = (struct sio_msg_hdr *)msg;
	bool is_known = msg_off == zt->msg_off, is_intact;
	__le32 crc = hdr->crc;

	hdr->crc = 0;	/* is not sealed */
	is_intact = len == zt->msg_len && !memcmp(msg, zt->msg, len);
	hdr->crc = crc;
	if (hdr->flags & SIO_MSG_F_CRC)
		is_intact = false;	/* the flag is */
	if (sio_unseal(msg, len, zt->key)) {
		KUNIT_EXPECT_FALSE(test, is_known && is_intact);
		zt->nr_forged++;
		return false;
	}
	KUNIT_EXPECT_TRUE(test, is_intact || !is_known);
	zt->nr_unsealed++;
	return true;
}

/* A whole message, judged as rx.c does */
static void sio_zt_msg_in(struct kunit *test, struct sio_zt *zt,
			  struct sk_buff *skb, u64 msg_off)
{
	u32 len = skb->len, skip = SIO_ZT_HDR;
	struct sio_msg_hdr hdr;
	u8 *buf, *body;

	zt->nr_msgs++;
	KUNIT_ASSERT_GE(test, len, SIO_ZT_HDR);
	KUNIT_ASSERT_LE(test, len, SIO_MSG_LEN_MAX);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, &hdr, sizeof(hdr)), 0);
	KUNIT_ASSERT_EQ(test, le32_to_cpu(hdr.len), len);
	if (sio_hdr_check(&hdr, len) || le64_to_cpu(hdr.offset) != msg_off) {
		zt->nr_disbelieved++;
		return;
	}
	buf = kmalloc(len + SIO_TAG_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, buf, len), 0);
	if (hdr.suite == SIO_SUITE_CHACHA &&
	    !sio_zt_unseal(test, zt, buf, len, msg_off))
		goto out_free;
	if (hdr.type == SIO_MSG_CTL_REQ || hdr.type == SIO_MSG_CTL_RSP)
		skip += sizeof(struct sio_msg_ctl);
	else if (hdr.type != SIO_MSG_PACKET)
		goto out_free;
	KUNIT_ASSERT_LE(test, skip, len);
	if (skip == len)
		goto out_free;
	body = kmemdup(buf + skip, len - skip, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, body);
	sio_zt_body_in(test, zt, body, len - skip);
	kfree(body);
out_free:
	kfree(buf);
}

static struct sk_buff *sio_zt_chunk(struct kunit *test, struct sio_zt *zt,
				    const struct sio_seg *seg)
{
	const u8 *data = zt->frame + seg->hdr_len;
	u32 linear = sio_zt_below(zt, 2) ? seg->len :
					   sio_zt_below(zt, seg->len);
	struct sk_buff *skb = alloc_skb(linear + 64, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_put_data(skb, data, linear);
	if (linear == seg->len)
		return skb;
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	zt->pages[zt->nr_pages++] = page;
	memcpy(page_address(page), data + linear, seg->len - linear);
	skb_add_rx_frag(skb, 0, page, 0, seg->len - linear, PAGE_SIZE);
	return skb;
}

/* The receiving half is one that can be: in order, disjoint, not touching */
static void sio_zt_expect_rx(struct kunit *test, const struct sio_seq_rx *rx)
{
	u64 end = rx->nxt;
	unsigned int i;

	KUNIT_ASSERT_LE(test, rx->nr, SIO_SEQ_RANGES);
	for (i = 0; i < rx->nr; i++) {
		KUNIT_ASSERT_GT(test, rx->ranges[i].start, end);
		KUNIT_ASSERT_GT(test, rx->ranges[i].end, rx->ranges[i].start);
		end = rx->ranges[i].end;
	}
	KUNIT_ASSERT_EQ(test, rx->max, end);
}

static void sio_zt_expect_place(struct kunit *test, const struct sio_zt *zt,
				const struct sio_seg *seg, u64 off, u32 chunk)
{
	KUNIT_ASSERT_LE(test, (u64)chunk + seg->len, SIO_MSG_LEN_MAX);
	KUNIT_ASSERT_LE(test, off, zt->rx.max + SIO_WINDOW_BYTES);
	KUNIT_ASSERT_GE(test, off + SIO_WINDOW_BYTES, zt->rx.max);
	KUNIT_ASSERT_EQ(test, sio_seq_window(off), seg->window);
	KUNIT_ASSERT_EQ(test, sio_seq_tsval(&zt->peer, off), seg->tsval);
	KUNIT_ASSERT_EQ(test, sio_seq_of(&zt->peer, off + chunk), seg->seq);
}

/* A chunk that was placed: news or not, part of a message or not */
static void sio_zt_chunk_in(struct kunit *test, struct sio_zt *zt,
			    const struct sio_seg *seg, u64 off, u32 chunk)
{
	enum sio_reasm_verdict verdict;
	struct sio_seq_rx was = zt->rx;
	struct sk_buff *msg = NULL, *skb;
	struct sio_reasm held;

	skb = sio_zt_chunk(test, zt, seg);
	if (!sio_reasm_may_be(&zt->reasm, skb, off, chunk, SIO_ZT_NOW)) {
		zt->nr_unfit++;
		kfree_skb(skb);
		return;
	}
	if (sio_seq_receive(&zt->rx, off + chunk, off + chunk + seg->len,
			    SIO_ZT_NOW) == SIO_SEQ_DUP) {
		KUNIT_ASSERT_MEMEQ(test, &was, &zt->rx, sizeof(was));
		kfree_skb(skb);
		return;
	}
	sio_zt_expect_rx(test, &zt->rx);
	KUNIT_ASSERT_GE(test, zt->rx.nxt, was.nxt);
	KUNIT_ASSERT_LE(test, zt->rx.max,
			was.max + SIO_WINDOW_BYTES + SIO_MSG_LEN_MAX);
	held = zt->reasm;
	verdict = sio_reasm_add(&zt->reasm, skb, off, chunk, SIO_ZT_NOW,
				SIO_ZT_LATER, &msg);
	KUNIT_ASSERT_NE(test, verdict, SIO_REASM_BAD);
	KUNIT_ASSERT_EQ(test, verdict == SIO_REASM_COMPLETE, !!msg);
	KUNIT_ASSERT_LE(test, zt->reasm.nr_msgs, zt->reasm.max_msgs);
	KUNIT_ASSERT_LE(test, zt->reasm.nr_bytes, zt->reasm.max_bytes);
	if (msg) {
		sio_zt_msg_in(test, zt, msg, off);
		kfree_skb(msg);
	} else if (verdict != SIO_REASM_HELD) {
		zt->nr_unfit++;
		KUNIT_ASSERT_MEMEQ(test, &held, &zt->reasm, sizeof(held));
	}
}

/* All that is said without payload; false if the frame has to go */
static bool sio_zt_ack_in(struct kunit *test, struct sio_zt *zt,
			  const struct sio_seg *seg)
{
	struct sio_seq_rx was = zt->rx;
	u64 newly;

	if (!(seg->flags & SIO_TCP_ACK) || !seg->has_ts ||
	    seg->flags & (SIO_TCP_SYN | SIO_TCP_RST))
		return false;
	if (sio_seq_acked(&zt->rx, &zt->own, zt->own.nxt, seg->ack, &newly)) {
		zt->nr_misplaced++;
		KUNIT_ASSERT_EQ(test, newly, 0);
		KUNIT_ASSERT_MEMEQ(test, &was, &zt->rx, sizeof(was));
		return false;
	}
	KUNIT_ASSERT_LE(test, zt->rx.una, zt->own.nxt);
	KUNIT_ASSERT_EQ(test, zt->rx.una, was.una + newly);
	was.una = zt->rx.una;
	KUNIT_ASSERT_MEMEQ(test, &was, &zt->rx, sizeof(was));
	return seg->len;
}

static enum sio_cnt sio_zt_parse(struct kunit *test, struct sio_zt *zt,
				 struct sio_seg *seg)
{
	u32 linear = min_t(u32, zt->len, SIO_ZT_LINEAR);
	enum sio_cnt why;
	u8 *data;

	/* Ends where the readable part does, so that KASAN sees what is next */
	data = kmemdup(zt->frame, linear, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, data);
	memset(seg, 0xff, sizeof(*seg));
	why = sio_frame_parse(data, linear, zt->len, seg);
	kfree(data);
	if (why) {
		KUNIT_ASSERT_TRUE(test, zt->is_spoilt);
		KUNIT_ASSERT_GE(test, why, SIO_CNT_DROP_SHORT);
		zt->nr_refused++;
		return why;
	}
	KUNIT_ASSERT_GE(test, seg->hdr_len, SIO_IP_LEN + SIO_TCP_LEN);
	KUNIT_ASSERT_LE(test, seg->hdr_len, linear);
	KUNIT_ASSERT_LE(test, seg->len, zt->len - seg->hdr_len);
	KUNIT_ASSERT_LE(test, seg->nr_sacks, SIO_SACK_MAX);
	return why;
}

/* One frame, judged as rx.c does */
static void sio_zt_frame_in(struct kunit *test, struct sio_zt *zt)
{
	struct sio_seq_rx was;
	struct sio_seg seg;
	u64 off;
	u32 chunk;

	if (sio_zt_parse(test, zt, &seg) || !sio_zt_ack_in(test, zt, &seg))
		return;
	was = zt->rx;
	if (sio_seq_place(&zt->rx, &seg, &off, &chunk)) {
		zt->nr_misplaced++;
		KUNIT_ASSERT_MEMEQ(test, &was, &zt->rx, sizeof(was));
		return;
	}
	KUNIT_ASSERT_MEMEQ(test, &was, &zt->rx, sizeof(was));
	sio_zt_expect_place(test, zt, &seg, off, chunk);
	sio_zt_chunk_in(test, zt, &seg, off, chunk);
}

/* A flow with numbers of its own, often about to wrap */
static void sio_zt_open(struct sio_zt *zt)
{
	u64 base = (u64)sio_zt_below(zt, 300) << 32;

	if (base && sio_zt_below(zt, 2))
		base -= sio_zt_below(zt, 10000);
	sio_seq_tx_init(&zt->peer, prandom_u32_state(&zt->rnd),
			prandom_u32_state(&zt->rnd));
	sio_seq_tx_init(&zt->own, prandom_u32_state(&zt->rnd), 0);
	sio_seq_rx_init(&zt->rx, zt->peer.isn, zt->peer.ts0);
	zt->rx.nxt = base;
	zt->rx.max = base;
	zt->rx.una = sio_zt_below(zt, U32_MAX);
	zt->own.nxt = zt->rx.una + 500;
	zt->peer.nxt = base;
	zt->msg_pos = 0;
	zt->msg_len = 0;
	sio_reasm_init(&zt->reasm, 4, 256 << 10);
}

/* Nothing is held once all deadlines are over, and no page is lost */
static void sio_zt_close(struct kunit *test, struct sio_zt *zt)
{
	unsigned int nr_held = zt->reasm.nr_msgs, nr_dropped, nr_lost = 0;

	sio_reasm_expire(&zt->reasm, SIO_ZT_LATER, &nr_dropped);
	KUNIT_EXPECT_EQ(test, nr_dropped, nr_held);
	KUNIT_EXPECT_EQ(test, zt->reasm.nr_bytes, 0);
	while (zt->nr_pages) {
		struct page *page = zt->pages[--zt->nr_pages];

		nr_lost += page_ref_count(page) != 1;
		put_page(page);
	}
	KUNIT_EXPECT_EQ(test, nr_lost, 0);
}

static void fuzz__spoilt_frames(struct kunit *test)
{
	struct sio_zt *zt = kunit_kzalloc(test, sizeof(*zt), GFP_KERNEL);
	int flow, i;

	KUNIT_ASSERT_NOT_NULL(test, zt);
	prandom_seed_state(&zt->rnd, 20161125);
	for (flow = 0; flow < SIO_ZT_FLOWS; flow++) {
		sio_zt_open(zt);
		for (i = 0; i < SIO_ZT_FRAMES; i++) {
			sio_zt_next(zt);
			sio_zt_spoil(zt);
			sio_zt_frame_in(test, zt);
		}
		sio_zt_close(test, zt);
		cond_resched();
	}
	kunit_info(test, "refused %u misplaced %u unfit %u\n", zt->nr_refused,
		   zt->nr_misplaced, zt->nr_unfit);
	kunit_info(test, "messages %u disbelieved %u forged %u unsealed %u\n",
		   zt->nr_msgs, zt->nr_disbelieved, zt->nr_forged,
		   zt->nr_unsealed);
	kunit_info(test, "records %u packets %u lies %u\n", zt->nr_recs,
		   zt->nr_packets, zt->nr_lies);
	/* All ways out are taken, none by nearly all */
	KUNIT_EXPECT_GT(test, zt->nr_refused, 5000);
	KUNIT_EXPECT_GT(test, zt->nr_misplaced, 5000);
	KUNIT_EXPECT_GT(test, zt->nr_unfit, 1000);
	KUNIT_EXPECT_GT(test, zt->nr_msgs, 10000);
	KUNIT_EXPECT_GT(test, zt->nr_disbelieved, 1000);
	KUNIT_EXPECT_GT(test, zt->nr_forged, 500);
	KUNIT_EXPECT_GT(test, zt->nr_unsealed, 1000);
	KUNIT_EXPECT_GT(test, zt->nr_packets, 5000);
	KUNIT_EXPECT_GT(test, zt->nr_lies, 1000);
}

static struct kunit_case sio_fuzz_cases[] = {
	KUNIT_CASE_SLOW(fuzz__spoilt_frames),
	{}
};

static struct kunit_suite sio_fuzz_suite = {
	.name = "fuzz",
	.test_cases = sio_fuzz_cases,
};

kunit_test_suite(sio_fuzz_suite);
