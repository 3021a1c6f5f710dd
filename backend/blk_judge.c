// SPDX-License-Identifier: GPL-2.0
/* Which requests to a disk may be believed, and which it permits. */
#include "blk.h"

/**
 * sio_be_req_is_sane() - is a request well formed?
 * @l: what its disk was announced with
 * @rec: from the wire; its length is that of the message
 *
 * What it asks for is another question.
 *
 * Return: false for one that no honest guest sends.
 */
bool sio_be_req_is_sane(const struct sio_be_blk_limits *l,
			const struct sio_rec_blk_req *rec)
{
	u32 len = le32_to_cpu(rec->len), skip = le32_to_cpu(rec->skip);
	u32 data_len = le32_to_cpu(rec->rec.len) - sizeof(*rec);
	u64 sector = le64_to_cpu(rec->sector);
	u32 block = l->block;

	if (rec->reserved || rec->reserved2 || rec->flags & ~SIO_BLK_REQ_F_ALL)
		return false;
	if (rec->op != SIO_BLK_WRITE && data_len)
		return false;
	if (rec->op != SIO_BLK_READ && skip)
		return false;
	if (rec->op == SIO_BLK_FLUSH)
		return !len && !sector && !rec->flags;
	if (!len || len % block || sector % (block / SIO_SECTOR))
		return false;
	switch (rec->op) {
	case SIO_BLK_READ:
		return len <= l->len_max && skip < len &&
		       !(skip % SIO_BLK_PART) && !rec->flags;
	case SIO_BLK_WRITE:
		return len <= l->len_max && data_len <= len &&
		       (data_len == len || !(data_len % SIO_BLK_PART)) &&
		       !(rec->flags & ~SIO_BLK_REQ_F_FUA);
	case SIO_BLK_DISCARD:
		return !rec->flags;
	case SIO_BLK_ZEROES:
		return !(rec->flags & ~SIO_BLK_REQ_F_UNMAP);
	}
	return true;
}

/**
 * sio_be_req_permit() - may the disk do what is asked for?
 * @l: what it was announced with
 * @rec: well formed
 *
 * Return: SIO_BLK_S_OK, or why not.
 */
u8 sio_be_req_permit(const struct sio_be_blk_limits *l,
		     const struct sio_rec_blk_req *rec)
{
	u64 sectors = READ_ONCE(l->sectors), sector = le64_to_cpu(rec->sector);
	u32 nr = le32_to_cpu(rec->len) / SIO_SECTOR;

	switch (rec->op) {
	case SIO_BLK_READ:
	case SIO_BLK_FLUSH:
		break;
	case SIO_BLK_WRITE:
		if (l->flags & SIO_BLK_F_READ_ONLY)
			return SIO_BLK_S_READ_ONLY;
		break;
	case SIO_BLK_DISCARD:
		if (l->flags & SIO_BLK_F_READ_ONLY)
			return SIO_BLK_S_READ_ONLY;
		if (nr > l->discard_max)
			return SIO_BLK_S_UNSUPP;
		break;
	case SIO_BLK_ZEROES:
		if (l->flags & SIO_BLK_F_READ_ONLY)
			return SIO_BLK_S_READ_ONLY;
		if (nr > l->zeroes_max)
			return SIO_BLK_S_UNSUPP;
		break;
	default:
		return SIO_BLK_S_UNSUPP;
	}
	return sector > sectors || nr > sectors - sector ? SIO_BLK_S_RANGE :
							   SIO_BLK_S_OK;
}
