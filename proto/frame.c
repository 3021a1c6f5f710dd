// SPDX-License-Identifier: GPL-2.0
/* Build and take apart pseudo-TCP/IPv4 headers (RFC 791, 9293, 7323, 2018). */
#include <linux/ip.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include <net/checksum.h>
#include <net/tcp.h>

#include "frame.h"

#define SIO_FRAME_TTL		64

/* NOP NOP, then the timestamps option, as one word */
#define SIO_FRAME_TS_WORD	((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | \
				 (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP)

static enum sio_cnt sio_frame_parse_opt(struct sio_seg *seg, const u8 *opt,
					u8 kind, u8 len)
{
	unsigned int i;

	switch (kind) {
	case TCPOPT_TIMESTAMP:
		if (len != TCPOLEN_TIMESTAMP || seg->has_ts)
			return SIO_CNT_DROP_OPTIONS;
		seg->has_ts = true;
		seg->tsval = get_unaligned_be32(opt + 2);
		seg->tsecr = get_unaligned_be32(opt + 6);
		return SIO_CNT_NONE;
	case TCPOPT_SACK:
		if (len < 2 + TCPOLEN_SACK_PERBLOCK ||
		    (len - 2) % TCPOLEN_SACK_PERBLOCK || seg->nr_sacks)
			return SIO_CNT_DROP_OPTIONS;
		seg->nr_sacks = min_t(unsigned int, SIO_SACK_MAX,
				      (len - 2) / TCPOLEN_SACK_PERBLOCK);
		for (i = 0; i < seg->nr_sacks; i++) {
			seg->sacks[i].left = get_unaligned_be32(opt + 2 + 8 * i);
			seg->sacks[i].right =
				get_unaligned_be32(opt + 6 + 8 * i);
		}
		return SIO_CNT_NONE;
	case TCPOPT_MSS:
		if (len != TCPOLEN_MSS)
			return SIO_CNT_DROP_OPTIONS;
		seg->mss = get_unaligned_be16(opt + 2);
		return SIO_CNT_NONE;
	case TCPOPT_WINDOW:
		if (len != TCPOLEN_WINDOW)
			return SIO_CNT_DROP_OPTIONS;
		seg->wscale = opt[2];
		return SIO_CNT_NONE;
	case TCPOPT_SACK_PERM:
		if (len != TCPOLEN_SACK_PERM)
			return SIO_CNT_DROP_OPTIONS;
		seg->may_sack = true;
		return SIO_CNT_NONE;
	default:
		return SIO_CNT_NONE;
	}
}

static enum sio_cnt sio_frame_parse_opts(struct sio_seg *seg, const u8 *opt,
					 u32 left)
{
	enum sio_cnt why;
	u8 len;

	/* what every frame but a SYN and a SACK carries */
	if (left == SIO_TCP_OPT_LEN &&
	    get_unaligned_be32(opt) == SIO_FRAME_TS_WORD) {
		seg->has_ts = true;
		seg->tsval = get_unaligned_be32(opt + 4);
		seg->tsecr = get_unaligned_be32(opt + 8);
		return SIO_CNT_NONE;
	}
	while (left && opt[0] != TCPOPT_EOL) {
		if (opt[0] == TCPOPT_NOP) {
			opt++;
			left--;
			continue;
		}
		if (left < 2 || opt[1] < 2 || opt[1] > left)
			return SIO_CNT_DROP_OPTIONS;
		len = opt[1];
		why = sio_frame_parse_opt(seg, opt, opt[0], len);
		if (why)
			return why;
		opt += len;
		left -= len;
	}
	return SIO_CNT_NONE;
}

/**
 * sio_frame_parse() - take the headers of a frame apart
 * @data: the IPv4 header; @linear bytes are readable
 * @linear: must cover both headers, or the frame counts as short
 * @total: bytes of the frame from @data on; padding may follow the IPv4 packet
 * @seg: written whole on success
 *
 * Judges lengths and the layout of headers and options only: not checksums
 * and not sequence numbers. An IPv4 total length of 0 stands for @total, which
 * is how packets above 64 KB look.
 *
 * Return: SIO_CNT_NONE, or the counter to drop the frame under.
 */
enum sio_cnt sio_frame_parse(const void *data, u32 linear, u32 total,
			     struct sio_seg *seg)
{
	const struct iphdr *ip = data;
	const struct tcphdr *tcp;
	u32 ip_len, tcp_len, tot_len;

	memset(seg, 0, sizeof(*seg));
	seg->wscale = 0xff;
	if (linear < sizeof(*ip))
		return SIO_CNT_DROP_SHORT;
	ip_len = ip->ihl * 4;
	tot_len = ntohs(ip->tot_len) ?: total;
	if (ip->version != 4 || ip_len < sizeof(*ip) || tot_len > total)
		return SIO_CNT_DROP_IP;
	if (linear < ip_len + sizeof(*tcp) || tot_len < ip_len + sizeof(*tcp))
		return SIO_CNT_DROP_SHORT;
	tcp = data + ip_len;
	tcp_len = tcp->doff * 4;
	if (tcp_len < sizeof(*tcp))
		return SIO_CNT_DROP_TCP;
	if (linear < ip_len + tcp_len || tot_len < ip_len + tcp_len)
		return SIO_CNT_DROP_SHORT;

	seg->saddr = ip->saddr;
	seg->daddr = ip->daddr;
	seg->sport = tcp->source;
	seg->dport = tcp->dest;
	seg->seq = ntohl(tcp->seq);
	seg->ack = ntohl(tcp->ack_seq);
	seg->window = ntohs(tcp->window);
	seg->flags = ((const u8 *)tcp)[13];
	seg->hdr_len = ip_len + tcp_len;
	seg->len = tot_len - seg->hdr_len;
	return sio_frame_parse_opts(seg, (const u8 *)(tcp + 1),
				    tcp_len - sizeof(*tcp));
}
EXPORT_SYMBOL_IF_KUNIT(sio_frame_parse);

/**
 * sio_frame_hdr_len() - bytes of headers sio_frame_build() will write
 * @seg: @flags, @has_ts and @nr_sacks are looked at
 *
 * Return: bytes, a multiple of 4.
 */
u32 sio_frame_hdr_len(const struct sio_seg *seg)
{
	u32 len = SIO_IP_LEN + SIO_TCP_LEN;

	if (seg->flags & SIO_TCP_SYN)
		return len + TCPOLEN_MSS_ALIGNED + TCPOLEN_TSTAMP_ALIGNED +
		       TCPOLEN_WSCALE_ALIGNED;
	if (seg->has_ts)
		len += TCPOLEN_TSTAMP_ALIGNED;
	if (seg->nr_sacks)
		len += TCPOLEN_SACK_BASE_ALIGNED +
		       seg->nr_sacks * TCPOLEN_SACK_PERBLOCK;
	return len;
}
EXPORT_SYMBOL_IF_KUNIT(sio_frame_hdr_len);

static void sio_frame_build_opts(__be32 *opt, const struct sio_seg *seg)
{
	unsigned int i;

	if (seg->flags & SIO_TCP_SYN) {
		*opt++ = htonl((TCPOPT_MSS << 24) | (TCPOLEN_MSS << 16) |
			       seg->mss);
		*opt++ = htonl((TCPOPT_SACK_PERM << 24) |
			       (TCPOLEN_SACK_PERM << 16) |
			       (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
	} else if (seg->has_ts) {
		*opt++ = htonl(SIO_FRAME_TS_WORD);
	}
	if (seg->has_ts || seg->flags & SIO_TCP_SYN) {
		*opt++ = htonl(seg->tsval);
		*opt++ = htonl(seg->tsecr);
	}
	if (seg->flags & SIO_TCP_SYN)
		*opt++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_WINDOW << 16) |
			       (TCPOLEN_WINDOW << 8) | seg->wscale);
	if (seg->nr_sacks)
		*opt++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
			       (TCPOPT_SACK << 8) |
			       (2 + seg->nr_sacks * TCPOLEN_SACK_PERBLOCK));
	for (i = 0; i < seg->nr_sacks; i++) {
		*opt++ = htonl(seg->sacks[i].left);
		*opt++ = htonl(seg->sacks[i].right);
	}
}

/**
 * sio_frame_build() - write the headers of a frame
 * @data: sio_frame_hdr_len() bytes
 * @seg: what to write; @len bytes of payload follow them
 * @ip_id: IPv4 identification
 *
 * The TCP checksum field gets the sum over the pseudo-header, as
 * CHECKSUM_PARTIAL wants it.
 */
void sio_frame_build(void *data, const struct sio_seg *seg, u16 ip_id)
{
	u32 hdr_len = sio_frame_hdr_len(seg);
	u32 tcp_len = hdr_len - SIO_IP_LEN;
	struct iphdr *ip = data;
	struct tcphdr *tcp = data + SIO_IP_LEN;

	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = SIO_IP_LEN / 4;
	ip->tot_len = htons(hdr_len + seg->len);
	ip->id = htons(ip_id);
	ip->frag_off = htons(IP_DF);
	ip->ttl = SIO_FRAME_TTL;
	ip->protocol = IPPROTO_TCP;
	ip->saddr = seg->saddr;
	ip->daddr = seg->daddr;
	ip->check = ip_fast_csum(ip, ip->ihl);

	memset(tcp, 0, sizeof(*tcp));
	tcp->source = seg->sport;
	tcp->dest = seg->dport;
	tcp->seq = htonl(seg->seq);
	tcp->ack_seq = htonl(seg->ack);
	tcp->doff = tcp_len / 4;
	((u8 *)tcp)[13] = seg->flags;
	tcp->window = htons(seg->window);
	tcp->check = ~csum_tcpudp_magic(seg->saddr, seg->daddr,
					tcp_len + seg->len, IPPROTO_TCP, 0);
	sio_frame_build_opts((__be32 *)(tcp + 1), seg);
}
EXPORT_SYMBOL_IF_KUNIT(sio_frame_build);
