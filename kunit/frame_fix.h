/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/frame.c share: frames that are right. */
#ifndef SIO_KUNIT_FRAME_FIX_H
#define SIO_KUNIT_FRAME_FIX_H

#include <linux/types.h>

#include "proto/frame.h"

struct kunit;

#define SIO_FT_IP_ID	0xbeef

struct sio_seg sio_ft_seg(u8 flags, u32 len);
u8 *sio_ft_build(struct kunit *test, const struct sio_seg *seg);

#endif /* SIO_KUNIT_FRAME_FIX_H */
