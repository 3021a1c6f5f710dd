/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink messages that are full sooner than one might wish. */
#ifndef SIO_KUNIT_NLSKB_H
#define SIO_KUNIT_NLSKB_H

struct kunit;
struct sk_buff;

struct sk_buff *sio_nlskb_alloc(struct kunit *test, unsigned int room);

#endif /* SIO_KUNIT_NLSKB_H */
