// SPDX-License-Identifier: GPL-2.0
/* Build message headers, and decide whether one may be believed. */
#include <linux/align.h>
#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "hdr.h"
#include "slot.h"

/**
 * struct sio_hdr_rule - what a message of one type looks like
 * @len_min: shortest in bytes, header included; 0 for a type that is not ours
 * @len_max: longest
 * @suites: bit n set: suite n is acceptable
 * @has_slot: slot and slot sequence are in use
 * @has_recs: the body consists of records
 * @is_slow: handled in process context
 */
struct sio_hdr_rule {
	u32 len_min;
	u32 len_max;
	u8 suites;
	bool has_slot;
	bool has_recs;
	bool is_slow;
};

#define SIO_HDR_CLEAR		BIT(SIO_SUITE_CLEAR)
#define SIO_HDR_SEALED		BIT(SIO_SUITE_CHACHA)
#define SIO_HELLO_LEN \
	(sizeof(struct sio_msg_hello) + SIO_NOISE_MSG_LEN)
#define SIO_HDR_LEN(body)	(sizeof(struct sio_msg_hdr) + (body))

static const struct sio_hdr_rule sio_hdr_rules[SIO_MSG_NR] = {
	[SIO_MSG_HELLO] = {
		.len_min = SIO_HDR_LEN(SIO_HELLO_LEN),
		.len_max = SIO_HDR_LEN(SIO_HELLO_LEN),
		.suites = SIO_HDR_CLEAR, .is_slow = true,
	},
	[SIO_MSG_HELLO_ACK] = {
		.len_min = SIO_HDR_LEN(SIO_NOISE_MSG_LEN),
		.len_max = SIO_HDR_LEN(SIO_NOISE_MSG_LEN),
		.suites = SIO_HDR_CLEAR, .is_slow = true,
	},
	[SIO_MSG_CONFIRM] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_msg_confirm)),
		.len_max = SIO_HDR_LEN(sizeof(struct sio_msg_confirm)),
		.suites = SIO_HDR_SEALED, .is_slow = true,
	},
	[SIO_MSG_WELCOME] = {
		.len_min = SIO_HDR_LEN(0),
		.len_max = SIO_HDR_LEN(0),
		.suites = SIO_HDR_SEALED, .is_slow = true,
	},
	[SIO_MSG_REFUSE] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_msg_refuse)),
		.len_max = SIO_HDR_LEN(sizeof(struct sio_msg_refuse)),
		.suites = SIO_HDR_CLEAR | SIO_HDR_SEALED, .is_slow = true,
	},
	[SIO_MSG_PROBE] = {
		.len_min = sizeof(struct sio_msg_hdr),
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_SEALED, .is_slow = true,
	},
	[SIO_MSG_PROBE_ACK] = {
		.len_min = sizeof(struct sio_msg_hdr),
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_SEALED, .is_slow = true,
	},
	[SIO_MSG_JOIN] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_msg_join)),
		.len_max = SIO_HDR_LEN(sizeof(struct sio_msg_join)),
		.suites = SIO_HDR_CLEAR, .is_slow = true,
	},
	[SIO_MSG_JOIN_ACK] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_msg_join)),
		.len_max = SIO_HDR_LEN(sizeof(struct sio_msg_join)),
		.suites = SIO_HDR_CLEAR, .is_slow = true,
	},
	[SIO_MSG_CTL_REQ] = {
		.len_min = sizeof(struct sio_msg_hdr) +
			   sizeof(struct sio_msg_ctl),
		.len_max = sizeof(struct sio_msg_hdr) + SIO_CTL_LEN_MAX,
		.suites = SIO_HDR_SEALED, .has_slot = true, .is_slow = true,
	},
	[SIO_MSG_CTL_RSP] = {
		.len_min = sizeof(struct sio_msg_hdr) +
			   sizeof(struct sio_msg_ctl),
		.len_max = sizeof(struct sio_msg_hdr) + SIO_CTL_LEN_MAX,
		.suites = SIO_HDR_SEALED, .has_slot = true, .is_slow = true,
	},
	[SIO_MSG_CTL_BUSY] = {
		.len_min = SIO_HDR_LEN(0),
		.len_max = SIO_HDR_LEN(0),
		.suites = SIO_HDR_SEALED, .has_slot = true, .is_slow = true,
	},
	[SIO_MSG_PACKET] = {
		.len_min = sizeof(struct sio_msg_hdr) +
			   sizeof(struct sio_rec_packet),
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_CLEAR, .has_recs = true,
	},
	[SIO_MSG_BLK_REQ] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_rec_blk_req)),
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_CLEAR, .has_slot = true, .has_recs = true,
	},
	[SIO_MSG_BLK_RSP] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_rec_blk_rsp)),
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_CLEAR, .has_slot = true, .has_recs = true,
	},
	[SIO_MSG_BLK_BUSY] = {
		.len_min = SIO_HDR_LEN(0),
		.len_max = SIO_HDR_LEN(0),
		.suites = SIO_HDR_CLEAR, .has_slot = true,
	},
	[SIO_MSG_BLK_PULL] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_rec_blk_span)),
		.len_max = SIO_HDR_LEN(sizeof(struct sio_rec_blk_span)),
		.suites = SIO_HDR_CLEAR, .has_slot = true, .has_recs = true,
	},
	[SIO_MSG_BLK_DATA] = {
		.len_min = SIO_HDR_LEN(sizeof(struct sio_rec_blk_span)) + 1,
		.len_max = SIO_MSG_LEN_MAX,
		.suites = SIO_HDR_CLEAR, .has_slot = true, .has_recs = true,
	},
};

/* Shortest and longest record of each type, the header included */
static const struct {
	u32 len_min;
	u32 len_max;
} sio_rec_rules[SIO_REC_NR] = {
	[SIO_REC_PACKET] = {
		sizeof(struct sio_rec_packet) + 1, SIO_MSG_LEN_MAX
	},
	[SIO_REC_DEV] = {
		sizeof(struct sio_rec_dev), sizeof(struct sio_rec_dev)
	},
	[SIO_REC_DEV_GONE] = {
		sizeof(struct sio_rec_dev_id), sizeof(struct sio_rec_dev_id)
	},
	[SIO_REC_DEV_STATUS] = {
		sizeof(struct sio_rec_dev_status),
		sizeof(struct sio_rec_dev_status)
	},
	[SIO_REC_NIC_MODE] = {
		sizeof(struct sio_rec_nic_mode),
		sizeof(struct sio_rec_nic_mode) +
		SIO_NIC_ADDRS_MAX * SIO_MAC_LEN + SIO_NIC_VLANS_MAX * 2
	},
	[SIO_REC_BLK] = {
		sizeof(struct sio_rec_blk), sizeof(struct sio_rec_blk)
	},
	[SIO_REC_BLK_REQ] = {
		sizeof(struct sio_rec_blk_req), SIO_MSG_LEN_MAX
	},
	[SIO_REC_BLK_RSP] = {
		sizeof(struct sio_rec_blk_rsp), SIO_MSG_LEN_MAX
	},
	[SIO_REC_BLK_SPAN] = {
		sizeof(struct sio_rec_blk_span), SIO_MSG_LEN_MAX
	},
	[SIO_REC_BLK_DONE] = {
		sizeof(struct sio_rec_blk_done),
		sizeof(struct sio_rec_blk_done) +
		SIO_SLOTS_MAX * sizeof(struct sio_blk_done)
	},
};

/**
 * sio_hdr_init() - fill a header with what all messages share
 * @hdr: written whole
 * @type: enum sio_msg_type
 * @len: bytes of the message, header included
 */
void sio_hdr_init(struct sio_msg_hdr *hdr, u8 type, u32 len)
{
	memset(hdr, 0, sizeof(*hdr));
	hdr->version = SIO_PROTO_VERSION;
	hdr->type = type;
	hdr->hdr_len = sizeof(*hdr);
	hdr->len = cpu_to_le32(len);
}
EXPORT_SYMBOL_IF_KUNIT(sio_hdr_init);

static enum sio_cnt sio_hdr_check_fields(const struct sio_msg_hdr *hdr,
					 const struct sio_hdr_rule *rule)
{
	if (hdr->flags & ~SIO_MSG_F_ALL)
		return SIO_CNT_DROP_RESERVED;
	if (hdr->reserved || hdr->reserved2)
		return SIO_CNT_DROP_RESERVED;
	if (hdr->suite >= SIO_SUITE_NR || !(rule->suites & BIT(hdr->suite)))
		return SIO_CNT_DROP_SUITE;
	if (hdr->suite == SIO_SUITE_CLEAR &&
	    memchr_inv(hdr->tag, 0, sizeof(hdr->tag)))
		return SIO_CNT_DROP_RESERVED;
	if (!(hdr->flags & SIO_MSG_F_CRC) && hdr->crc)
		return SIO_CNT_DROP_RESERVED;
	if (rule->has_slot ? !hdr->slot_seq : (hdr->slot || hdr->slot_seq))
		return SIO_CNT_DROP_SLOT;
	if (rule->has_recs ? !hdr->nr_recs : hdr->nr_recs)
		return SIO_CNT_DROP_RECORD;
	return SIO_CNT_NONE;
}

/**
 * sio_hdr_check() - decide whether a message header may be believed
 * @hdr: first bytes of a message, all of them readable
 * @len: bytes that arrived, header included; at least sizeof(*hdr)
 *
 * What depends on the session (epoch, device, slot, offset, tag) is for the
 * caller. Pure: looks at nothing but @hdr.
 *
 * Return: SIO_CNT_NONE, or the counter to drop the message under.
 */
enum sio_cnt sio_hdr_check(const struct sio_msg_hdr *hdr, u32 len)
{
	const struct sio_hdr_rule *rule;

	/* a refusal looks the same in all versions, so that it is understood */
	if (hdr->version != SIO_PROTO_VERSION && hdr->type != SIO_MSG_REFUSE)
		return SIO_CNT_DROP_VERSION;
	if (hdr->type >= SIO_MSG_NR)
		return SIO_CNT_DROP_TYPE;
	rule = &sio_hdr_rules[array_index_nospec(hdr->type, SIO_MSG_NR)];
	if (!rule->len_min)
		return SIO_CNT_DROP_TYPE;
	if (hdr->hdr_len != sizeof(*hdr))
		return SIO_CNT_DROP_HDR;
	if (le32_to_cpu(hdr->len) != len ||
	    len < rule->len_min || len > rule->len_max)
		return SIO_CNT_DROP_LEN;
	return sio_hdr_check_fields(hdr, rule);
}
EXPORT_SYMBOL_IF_KUNIT(sio_hdr_check);

/**
 * sio_hdr_is_slow() - is a message of this type handled in process context?
 * @type: from a header that sio_hdr_check() believed
 *
 * Return: true if it is.
 */
bool sio_hdr_is_slow(u8 type)
{
	return sio_hdr_rules[array_index_nospec(type, SIO_MSG_NR)].is_slow;
}
EXPORT_SYMBOL_IF_KUNIT(sio_hdr_is_slow);

/**
 * sio_rec_init() - fill a record header
 * @rec: written whole
 * @type: enum sio_rec_type
 * @len: bytes of the record, header included, padding not
 */
void sio_rec_init(struct sio_rec_hdr *rec, u8 type, u32 len)
{
	rec->len = cpu_to_le32(len);
	rec->type = type;
	rec->flags = 0;
	rec->reserved = 0;
}
EXPORT_SYMBOL_GPL(sio_rec_init);

/**
 * sio_rec_check() - decide whether a record header may be believed
 * @rec: the record's header, readable
 * @left: bytes of the body from @rec on, at least sizeof(*rec)
 *
 * Return: SIO_CNT_NONE, or the counter to drop the message under.
 */
enum sio_cnt sio_rec_check(const struct sio_rec_hdr *rec, u32 left)
{
	u32 len = le32_to_cpu(rec->len);
	u8 type;

	if (rec->type >= SIO_REC_NR)
		return SIO_CNT_DROP_RECORD;
	type = array_index_nospec(rec->type, SIO_REC_NR);
	if (!sio_rec_rules[type].len_min)
		return SIO_CNT_DROP_RECORD;
	if (len < sio_rec_rules[type].len_min ||
	    len > sio_rec_rules[type].len_max || len > left)
		return SIO_CNT_DROP_RECORD;
	if (rec->flags & ~SIO_REC_F_ALL || rec->reserved)
		return SIO_CNT_DROP_RESERVED;
	if (rec->flags && rec->type != SIO_REC_PACKET)
		return SIO_CNT_DROP_RESERVED;
	return SIO_CNT_NONE;
}
EXPORT_SYMBOL_GPL(sio_rec_check);

/**
 * sio_rec_next() - walk the records of a linear body
 * @body: where they begin
 * @len: bytes of it
 * @pos: 0 before the first call; moved on by each
 *
 * Return: the next record, checked and whole within @body, or NULL: *@pos is
 * then @len at the end, or less if the body is not to be believed.
 */
const struct sio_rec_hdr *sio_rec_next(const void *body, u32 len, u32 *pos)
{
	const struct sio_rec_hdr *rec = body + *pos;
	u32 left = len - *pos;

	if (left < sizeof(*rec) || sio_rec_check(rec, left))
		return NULL;
	*pos += min(left, ALIGN(le32_to_cpu(rec->len), SIO_REC_ALIGN));
	return rec;
}
EXPORT_SYMBOL_GPL(sio_rec_next);

/**
 * sio_name_is_valid() - may this be the name of a guest or a device?
 * @name: bytes from netlink or the wire
 * @size: how many there are, the closing NUL included
 *
 * Letters, digits, '.', '_' and '-'; a letter or digit first; NUL-terminated
 * within @size.
 *
 * Return: true if it may.
 */
bool sio_name_is_valid(const char *name, size_t size)
{
	size_t len = strnlen(name, size);
	size_t i;

	if (!len || len == size || !isalnum(name[0]) || !isascii(name[0]))
		return false;
	for (i = 1; i < len; i++)
		if (!isascii(name[i]) ||
		    (!isalnum(name[i]) && !strchr("._-", name[i])))
			return false;
	return true;
}
EXPORT_SYMBOL_GPL(sio_name_is_valid);
