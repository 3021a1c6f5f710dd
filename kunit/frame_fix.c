// SPDX-License-Identifier: GPL-2.0
/* What the tests of proto/frame.c share: frames that are right. */
#include <kunit/test.h>
#include <linux/string.h>

#include "frame_fix.h"

/**
 * sio_ft_seg() - what a frame of ours says
 * @flags: SIO_TCP bits; a SYN has the options of one
 * @len: bytes of payload
 *
 * Return: all fields filled in.
 */
struct sio_seg sio_ft_seg(u8 flags, u32 len)
{
	struct sio_seg seg = {
		.saddr = htonl(0xc0a80101), .daddr = htonl(0xc0a801fe),
		.sport = htons(40001), .dport = htons(5544),
		.seq = 0xfffffff0, .ack = 0x80000001, .tsval = 0xdeadbeef,
		.tsecr = 0x01020304, .window = 0xff2a, .flags = flags,
		.wscale = 0xff, .has_ts = true, .len = len,
	};

	if (flags & SIO_TCP_SYN) {
		seg.mss = 8960;
		seg.wscale = SIO_WSCALE;
		seg.may_sack = true;
	}
	seg.hdr_len = sio_frame_hdr_len(&seg);
	return seg;
}

/**
 * sio_ft_build() - make a frame that ends where its memory does
 * @test: frees it
 * @seg: what it says
 *
 * So KASAN sees what is beyond.
 *
 * Return: the frame.
 */
u8 *sio_ft_build(struct kunit *test, const struct sio_seg *seg)
{
	u32 hdr_len = sio_frame_hdr_len(seg);
	u8 *frame;
	u32 i;

	frame = kunit_kmalloc(test, hdr_len + seg->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	memset(frame, 0xee, hdr_len);
	sio_frame_build(frame, seg, SIO_FT_IP_ID);
	for (i = 0; i < seg->len; i++)
		frame[hdr_len + i] = i * 7;
	return frame;
}
