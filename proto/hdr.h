/* SPDX-License-Identifier: GPL-2.0 */
/* Message headers and records: built here, and judged here alone. */
#ifndef SIO_HDR_H
#define SIO_HDR_H

#include "stats.h"
#include "wire.h"

void sio_hdr_init(struct sio_msg_hdr *hdr, u8 type, u32 len);
enum sio_cnt sio_hdr_check(const struct sio_msg_hdr *hdr, u32 len);
bool sio_hdr_is_slow(u8 type);
void sio_rec_init(struct sio_rec_hdr *rec, u8 type, u32 len);
enum sio_cnt sio_rec_check(const struct sio_rec_hdr *rec, u32 left);
const struct sio_rec_hdr *sio_rec_next(const void *body, u32 len, u32 *pos);
bool sio_name_is_valid(const char *name, size_t size);

#endif /* SIO_HDR_H */
