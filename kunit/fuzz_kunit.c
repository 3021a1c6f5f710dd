// SPDX-License-Identifier: GPL-2.0
/* Frames of every kind, spoilt at random, through all that judges them. */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/page_ref.h>
#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fuzz_fix.h"
#include "proto/frame.h"
#include "proto/hdr.h"
#include "proto/reasm.h"
#include "proto/seal.h"
#include "proto/seq.h"
#include "proto/vnet.h"
#include "proto/wire.h"

/* Flows, each with its own numbers */
#define SIO_ZT_FLOWS	2100

/* Bytes of headers that rx.c makes readable */
#define SIO_ZT_LINEAR	120

#define SIO_ZT_NOW	1000
#define SIO_ZT_LATER	2000

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
