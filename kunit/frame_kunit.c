// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/frame.c: what is built is understood, what is bent is not. */
#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/checksum.h>

#include "frame_fix.h"

static void sio_ft_expect_same(struct kunit *test, const struct sio_seg *a,
			       const struct sio_seg *b)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(test, ntohl(a->saddr), ntohl(b->saddr));
	KUNIT_EXPECT_EQ(test, ntohl(a->daddr), ntohl(b->daddr));
	KUNIT_EXPECT_EQ(test, ntohs(a->sport), ntohs(b->sport));
	KUNIT_EXPECT_EQ(test, ntohs(a->dport), ntohs(b->dport));
	KUNIT_EXPECT_EQ(test, a->seq, b->seq);
	KUNIT_EXPECT_EQ(test, a->ack, b->ack);
	KUNIT_EXPECT_EQ(test, a->tsval, b->tsval);
	KUNIT_EXPECT_EQ(test, a->tsecr, b->tsecr);
	KUNIT_EXPECT_EQ(test, a->window, b->window);
	KUNIT_EXPECT_EQ(test, a->mss, b->mss);
	KUNIT_EXPECT_EQ(test, a->flags, b->flags);
	KUNIT_EXPECT_EQ(test, a->wscale, b->wscale);
	KUNIT_EXPECT_EQ(test, a->has_ts, b->has_ts);
	KUNIT_EXPECT_EQ(test, a->may_sack, b->may_sack);
	KUNIT_EXPECT_EQ(test, a->nr_sacks, b->nr_sacks);
	KUNIT_EXPECT_EQ(test, a->hdr_len, b->hdr_len);
	KUNIT_EXPECT_EQ(test, a->len, b->len);
	for (i = 0; i < SIO_SACK_MAX; i++) {
		KUNIT_EXPECT_EQ(test, a->sacks[i].left, b->sacks[i].left);
		KUNIT_EXPECT_EQ(test, a->sacks[i].right, b->sacks[i].right);
	}
}

static void sio_ft_round_trip(struct kunit *test, const struct sio_seg *seg,
			      u32 hdr_len)
{
	u32 total = hdr_len + seg->len;
	struct sio_seg got;
	u8 *frame;

	KUNIT_ASSERT_EQ(test, sio_frame_hdr_len(seg), hdr_len);
	frame = sio_ft_build(test, seg);
	memset(&got, 0xff, sizeof(got));
	KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, hdr_len, total, &got),
			SIO_CNT_NONE);
	sio_ft_expect_same(test, &got, seg);
}

static void sio_frame_parse__syn(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_SYN, 0);

	seg.ack = 0;
	sio_ft_round_trip(test, &seg, 60);
	seg = sio_ft_seg(SIO_TCP_SYN | SIO_TCP_ACK, 0);
	sio_ft_round_trip(test, &seg, 60);
	seg.mss = 65535;
	seg.wscale = 0;
	sio_ft_round_trip(test, &seg, 60);
}

static void sio_frame_parse__ack(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);

	sio_ft_round_trip(test, &seg, 52);
}

static void sio_frame_parse__sack(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	unsigned int i;

	for (i = 0; i < SIO_SACK_MAX; i++) {
		seg.sacks[i].left = 0xffffff00 + i * 0x1000;
		seg.sacks[i].right = 0xffffff80 + i * 0x1000;
		seg.nr_sacks = i + 1;
		seg.hdr_len = 52 + 4 + 8 * seg.nr_sacks;
		sio_ft_round_trip(test, &seg, seg.hdr_len);
	}
}

static void sio_frame_parse__fin_and_rst(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_FIN | SIO_TCP_ACK, 0);

	sio_ft_round_trip(test, &seg, 52);
	seg = sio_ft_seg(SIO_TCP_RST | SIO_TCP_ACK, 0);
	seg.has_ts = false;
	seg.tsval = 0;
	seg.tsecr = 0;
	seg.hdr_len = 40;
	sio_ft_round_trip(test, &seg, 40);
}

static void sio_frame_parse__data(struct kunit *test)
{
	static const u32 lens[] = { 1, 64, 1448, 65535 - 52 };
	struct sio_seg seg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		seg = sio_ft_seg(SIO_TCP_ACK | SIO_TCP_PSH, lens[i]);
		sio_ft_round_trip(test, &seg, 52);
	}
}

static void sio_frame_parse__every_flag(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 10);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;
	unsigned int flags;

	for (flags = 0; flags < 256; flags++) {
		frame[20 + 13] = flags;
		KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 62, &got),
				SIO_CNT_NONE);
		KUNIT_EXPECT_EQ(test, got.flags, flags);
	}
}

/* What an Ethernet link adds to a short frame is not payload */
static void sio_frame_parse__padding_after_the_packet(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	u8 *frame = kunit_kzalloc(test, 64, GFP_KERNEL);
	struct sio_seg got;

	KUNIT_ASSERT_NOT_NULL(test, frame);
	sio_frame_build(frame, &seg, 0);
	KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 64, 64, &got),
			SIO_CNT_NONE);
	sio_ft_expect_same(test, &got, &seg);
}

static void sio_frame_parse__longer_than_64_kb(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;

	((struct iphdr *)frame)->tot_len = 0;
	KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 200000, &got),
			SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, got.len, 200000 - 52);
	KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 52, &got),
			SIO_CNT_NONE);
	KUNIT_EXPECT_EQ(test, got.len, 0);
	KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 51, &got),
			SIO_CNT_DROP_SHORT);
}

static void sio_frame_parse__cut_anywhere(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_SYN, 0);
	u8 *whole = sio_ft_build(test, &seg);
	struct sio_seg got;
	u8 *part;
	u32 len;

	for (len = 1; len < 60; len++) {
		part = kmemdup(whole, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, part);
		/* the rest is elsewhere, not readable */
		KUNIT_EXPECT_EQ_MSG(test, sio_frame_parse(part, len, 60, &got),
				    SIO_CNT_DROP_SHORT, "linear %u", len);
		/* there is no rest */
		KUNIT_EXPECT_EQ_MSG(test, sio_frame_parse(part, len, len, &got),
				    len < 20 ? SIO_CNT_DROP_SHORT :
					       SIO_CNT_DROP_IP,
				    "total %u", len);
		/* and it does not say that there were one */
		if (len >= 20) {
			((struct iphdr *)part)->tot_len = htons(len);
			KUNIT_EXPECT_EQ(test, sio_frame_parse(part, len, len,
							      &got),
					SIO_CNT_DROP_SHORT);
		}
		kfree(part);
	}
	KUNIT_EXPECT_EQ(test, sio_frame_parse(whole, 0, 60, &got),
			SIO_CNT_DROP_SHORT);
}

static void sio_frame_parse__ip_version_and_length(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		frame[0] = i << 4 | 5;
		KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 52, &got),
				i == 4 ? SIO_CNT_NONE : SIO_CNT_DROP_IP);
	}
	for (i = 0; i < 5; i++) {
		frame[0] = 0x40 | i;
		KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 52, &got),
				SIO_CNT_DROP_IP);
	}
	for (i = 9; i < 16; i++) {	/* TCP does not fit behind them */
		frame[0] = 0x40 | i;
		KUNIT_EXPECT_EQ(test, sio_frame_parse(frame, 52, 52, &got),
				SIO_CNT_DROP_SHORT);
	}
}

static void sio_frame_parse__ip_options(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 5);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;
	u8 *longer;

	longer = kunit_kzalloc(test, 40 + 57, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, longer);
	memcpy(longer, frame, 20);
	memcpy(longer + 60, frame + 20, 37);
	longer[0] = 0x4f;
	((struct iphdr *)longer)->tot_len = htons(97);
	KUNIT_EXPECT_EQ(test, sio_frame_parse(longer, 92, 97, &got),
			SIO_CNT_NONE);
	seg.hdr_len = 92;
	sio_ft_expect_same(test, &got, &seg);
}

static void sio_frame_parse__total_length(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 8);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;
	enum sio_cnt want;
	u32 len;

	for (len = 1; len < 0x10000; len++) {
		((struct iphdr *)frame)->tot_len = htons(len);
		want = len > 60 ? SIO_CNT_DROP_IP :
		       len < 52 ? SIO_CNT_DROP_SHORT : SIO_CNT_NONE;
		KUNIT_ASSERT_EQ(test, sio_frame_parse(frame, 60, 60, &got),
				want);
		if (!want)
			KUNIT_EXPECT_EQ(test, got.len, len - 52);
	}
}

static void sio_frame_parse__data_offset(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	u8 *frame = sio_ft_build(test, &seg);
	struct sio_seg got;
	unsigned int doff;
	enum sio_cnt want;

	for (doff = 0; doff < 16; doff++) {
		frame[20 + 12] = doff << 4;
		want = doff < 5 ? SIO_CNT_DROP_TCP :
		       doff > 8 ? SIO_CNT_DROP_SHORT :
		       doff == 6 || doff == 7 ? SIO_CNT_DROP_OPTIONS :
						SIO_CNT_NONE;
		KUNIT_EXPECT_EQ_MSG(test, sio_frame_parse(frame, 52, 52, &got),
				    want, "offset %u", doff);
	}
}

static void sio_frame_hdr_len__each_kind(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);

	KUNIT_EXPECT_EQ(test, sio_frame_hdr_len(&seg), SIO_FRAME_HDR_LEN);
	seg.nr_sacks = 3;
	KUNIT_EXPECT_EQ(test, sio_frame_hdr_len(&seg), 40 + SIO_OPT_LEN_MAX);
	seg.has_ts = false;
	KUNIT_EXPECT_EQ(test, sio_frame_hdr_len(&seg), 40 + 28);
	seg.nr_sacks = 0;
	KUNIT_EXPECT_EQ(test, sio_frame_hdr_len(&seg), 40);
	seg.flags = SIO_TCP_SYN;
	KUNIT_EXPECT_EQ(test, sio_frame_hdr_len(&seg), 60);
}

/* Byte for byte, as tcpdump would be shown it */
static void sio_frame_build__vector(struct kunit *test)
{
	static const u8 want[] = {
		0x45, 0x00, 0x00, 0x34, 0xbe, 0xef, 0x40, 0x00, 0x40, 0x06,
		0xf7, 0x84, 0xc0, 0xa8, 0x01, 0x01, 0xc0, 0xa8, 0x01, 0xfe,
		0x9c, 0x41, 0x15, 0xa8, 0xff, 0xff, 0xff, 0xf0,
		0x80, 0x00, 0x00, 0x01, 0x80, 0x10, 0xff, 0x2a,
		0x84, 0x76, 0x00, 0x00,
		0x01, 0x01, 0x08, 0x0a, 0xde, 0xad, 0xbe, 0xef,
		0x01, 0x02, 0x03, 0x04,
	};
	struct sio_seg seg = sio_ft_seg(SIO_TCP_ACK, 0);
	u8 *frame = sio_ft_build(test, &seg);

	KUNIT_EXPECT_MEMEQ(test, frame, want, sizeof(want));
}

static void sio_frame_build__syn_always_has_timestamps(struct kunit *test)
{
	struct sio_seg seg = sio_ft_seg(SIO_TCP_SYN, 0);
	u8 *with = sio_ft_build(test, &seg);

	seg.has_ts = false;
	KUNIT_EXPECT_MEMEQ(test, sio_ft_build(test, &seg), with,
			   sio_frame_hdr_len(&seg));
}

/* One's complement sum in the plainest way */
static u16 sio_ft_sum(u32 sum, const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void sio_ft_expect_sums(struct kunit *test, const struct sio_seg *seg)
{
	u8 *frame = sio_ft_build(test, seg);
	u32 tcp_len = sio_frame_hdr_len(seg) - SIO_IP_LEN + seg->len;
	struct tcphdr *tcp = (struct tcphdr *)(frame + SIO_IP_LEN);
	u32 pseudo;
	__wsum sum;

	KUNIT_EXPECT_EQ(test, sio_ft_sum(0, frame, SIO_IP_LEN), 0xffff);
	pseudo = sio_ft_sum(IPPROTO_TCP + tcp_len, frame + 12, 8);
	KUNIT_EXPECT_EQ(test, ntohs((__force __be16)tcp->check), pseudo);

	/* what the NIC, or skb_checksum_help(), makes of it is right */
	sum = csum_partial(tcp, tcp_len, 0);
	tcp->check = csum_fold(sum);
	KUNIT_EXPECT_EQ(test, sio_ft_sum(pseudo, (const u8 *)tcp, tcp_len),
			0xffff);
}

static void sio_frame_build__checksums(struct kunit *test)
{
	static const u32 lens[] = { 0, 1, 2, 63, 1448, 65483 };
	struct sio_seg seg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		seg = sio_ft_seg(SIO_TCP_ACK, lens[i]);
		sio_ft_expect_sums(test, &seg);
		seg.saddr = htonl(0xffffffff);
		seg.daddr = htonl(0xfffffffe);
		sio_ft_expect_sums(test, &seg);
	}
	seg = sio_ft_seg(SIO_TCP_SYN, 0);
	sio_ft_expect_sums(test, &seg);
	seg = sio_ft_seg(SIO_TCP_FIN | SIO_TCP_ACK, 0);
	seg.nr_sacks = 2;
	sio_ft_expect_sums(test, &seg);
}

static struct kunit_case sio_frame_cases[] = {
	KUNIT_CASE(sio_frame_parse__syn),
	KUNIT_CASE(sio_frame_parse__ack),
	KUNIT_CASE(sio_frame_parse__sack),
	KUNIT_CASE(sio_frame_parse__fin_and_rst),
	KUNIT_CASE(sio_frame_parse__data),
	KUNIT_CASE(sio_frame_parse__every_flag),
	KUNIT_CASE(sio_frame_parse__padding_after_the_packet),
	KUNIT_CASE(sio_frame_parse__longer_than_64_kb),
	KUNIT_CASE(sio_frame_parse__cut_anywhere),
	KUNIT_CASE(sio_frame_parse__ip_version_and_length),
	KUNIT_CASE(sio_frame_parse__ip_options),
	KUNIT_CASE(sio_frame_parse__total_length),
	KUNIT_CASE(sio_frame_parse__data_offset),
	KUNIT_CASE(sio_frame_hdr_len__each_kind),
	KUNIT_CASE(sio_frame_build__vector),
	KUNIT_CASE(sio_frame_build__syn_always_has_timestamps),
	KUNIT_CASE(sio_frame_build__checksums),
	{}
};

static struct kunit_suite sio_frame_suite = {
	.name = "frame",
	.test_cases = sio_frame_cases,
};

kunit_test_suite(sio_frame_suite);
