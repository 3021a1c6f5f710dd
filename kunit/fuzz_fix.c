// SPDX-License-Identifier: GPL-2.0
/* The peer of kunit/fuzz_kunit.c: what it says, and how that is spoilt. */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>
#include <linux/virtio_net.h>

#include "fuzz_fix.h"
#include "proto/frame.h"
#include "proto/hdr.h"

/**
 * sio_zt_below() - a random number
 * @zt: its generator
 * @n: above it
 *
 * Return: the number.
 */
u32 sio_zt_below(struct sio_zt *zt, u32 n)
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

/**
 * sio_zt_next() - the next chunk of the peer, or a segment that has none
 * @zt: gets the frame
 */
void sio_zt_next(struct sio_zt *zt)
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

/**
 * sio_zt_spoil() - spoil the frame, or leave it as it is
 * @zt: has one
 */
void sio_zt_spoil(struct sio_zt *zt)
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

/**
 * sio_zt_open() - begin a flow with numbers of its own, often about to wrap
 * @zt: has no other flow, or a closed one
 */
void sio_zt_open(struct sio_zt *zt)
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
