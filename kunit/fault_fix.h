/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of proto/fault.c share: a link with rules, and its frames. */
#ifndef SIO_KUNIT_FAULT_FIX_H
#define SIO_KUNIT_FAULT_FIX_H

#include <linux/types.h>

#include <splitio/core.h>

struct kunit;
struct neighbour;
struct net_device;
struct netlink_ext_ack;
struct sio_link;
struct sk_buff;

#define SIO_IT_NEST	5
#define SIO_IT_MSS	1000
#define SIO_IT_MINUTE	60000000

/* Stands for an attribute that is there and 0 */
#define SIO_IT_ZERO	U32_MAX

/**
 * struct sio_it - a link and what its frames need
 * @dev: its device
 * @link: the link
 * @neigh: where they go
 * @sent: how many there were; each says which one it is
 */
struct sio_it {
	struct net_device *dev;
	struct sio_link *link;
	struct neighbour *neigh;
	u32 sent;
};

/**
 * struct sio_it_rule - one rule
 * @attr: values of its attributes; those that are 0 are not there
 */
struct sio_it_rule {
	u32 attr[SIO_A_FAULT_MAX + 1];
};

int sio_it_init(struct kunit *test);
int sio_it_set(struct kunit *test, const struct sio_it_rule *rules,
	       unsigned int nr, struct netlink_ext_ack *extack);
void sio_it_rule(struct kunit *test, const struct sio_it_rule *rule);
struct sk_buff *sio_it_frame(struct kunit *test, u32 len);
bool sio_it_send_skb(struct sio_it *it, struct sk_buff *skb, u8 type);
u32 sio_it_send(struct kunit *test, u8 type);
int sio_it_got(struct kunit *test);
bool sio_it_arrives(struct kunit *test, u8 type);

#endif /* SIO_KUNIT_FAULT_FIX_H */
