// SPDX-License-Identifier: GPL-2.0
/* The data of a disk's requests: into messages by reference, out of them. */
#include <linux/highmem.h>
#include <linux/net.h>

#include "blk.h"

/* May all pages be referred to, and are they few enough? */
static bool sio_fe_span_fits(const struct sio_fe_span *span)
{
	u32 pos = 0, end = span->off + span->len;
	struct req_iterator iter;
	unsigned int nr = 0;
	struct bio_vec bv;

	rq_for_each_segment(bv, span->rq, iter) {
		if (pos + bv.bv_len > span->off && pos < end) {
			if (!sendpage_ok(bv.bv_page) || ++nr > SIO_REQ_PAGES)
				return false;
		}
		pos += bv.bv_len;
	}
	return true;
}

static void sio_fe_span_refer(const struct sio_fe_span *span,
			      struct sk_buff *skb)
{
	u32 pos = 0, end = span->off + span->len;
	struct req_iterator iter;
	struct bio_vec bv;
	u32 from, to;

	rq_for_each_segment(bv, span->rq, iter) {
		from = max(pos, span->off) - pos;
		to = min(pos + bv.bv_len, end) - pos;
		if (pos < end && from < bv.bv_len) {
			get_page(bv.bv_page);
			skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags,
					bv.bv_page, bv.bv_offset + from,
					to - from, PAGE_SIZE);
		}
		pos += bv.bv_len;
	}
}

static int sio_fe_span_copy(const struct sio_fe_span *span,
			    struct sk_buff *skb)
{
	u32 pos = 0, end = span->off + span->len, from, to, at = 0;
	struct req_iterator iter;
	struct page *page = NULL;
	struct bio_vec bv;
	skb_frag_t *frag;
	u32 n;

	rq_for_each_segment(bv, span->rq, iter) {
		if (pos >= end)
			break;
		from = max(pos, span->off) - pos;
		to = min(pos + bv.bv_len, end) - pos;
		pos += bv.bv_len;
		for (; from < to; from += n, at += n) {
			if (!offset_in_page(at)) {
				page = alloc_page(GFP_ATOMIC | __GFP_NOWARN |
						  __GFP_MEMALLOC);
				if (!page)
					return -ENOMEM;
				skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags,
						page, 0, 0, PAGE_SIZE);
			}
			n = min_t(u32, to - from,
				  PAGE_SIZE - offset_in_page(at));
			memcpy_from_page(page_address(page) +
					 offset_in_page(at), bv.bv_page,
					 bv.bv_offset + from, n);
			frag = &skb_shinfo(skb)->frags[at >> PAGE_SHIFT];
			skb_frag_size_add(frag, n);
			skb->len += n;
			skb->data_len += n;
		}
	}
	return 0;
}

/**
 * sio_fe_span_add() - put a part of a write's data into a message
 * @span: the part
 * @skb: message whose fragments the data become
 *
 * Context: any.
 * Return: 1 if pages of the request are referred to, 0 if the data were copied,
 * -ENOMEM.
 */
int sio_fe_span_add(const struct sio_fe_span *span, struct sk_buff *skb)
{
	if (!span->len)
		return 0;
	if (!sio_fe_span_fits(span))
		return sio_fe_span_copy(span, skb);
	sio_fe_span_refer(span, skb);
	return 1;
}

/**
 * sio_fe_req_copy() - copy a part of a read's data to where they belong
 * @rq: the request
 * @off: where in it the part begins
 * @skb: has the data
 * @at: from here on
 * @len: bytes; no more than either has
 *
 * Context: any.
 */
void sio_fe_req_copy(struct request *rq, u32 off, const struct sk_buff *skb,
		     u32 at, u32 len)
{
	struct req_iterator iter;
	u32 pos = 0, from, to;
	struct bio_vec bv;
	void *page;

	rq_for_each_segment(bv, rq, iter) {
		from = max(pos, off) - pos;
		to = min(pos + bv.bv_len, off + len) - pos;
		if (pos < off + len && from < bv.bv_len) {
			page = kmap_local_page(bv.bv_page);
			skb_copy_bits(skb, at, page + bv.bv_offset + from,
				      to - from);
			kunmap_local(page);
			at += to - from;
		}
		pos += bv.bv_len;
		if (pos >= off + len)
			break;
	}
}
