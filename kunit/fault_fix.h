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

#define SIO_FT_NEST	5
#define SIO_FT_MSS	1000
#define SIO_FT_MINUTE	60000000

/* Stands for an attribute that is there and 0 */
#define SIO_FT_ZERO	U32_MAX

/**
 * struct sio_ft - a link and what its frames need
 * @dev: its device
 * @link: the link
 * @neigh: where they go
 * @sent: how many there were; each says which one it is
 */
struct sio_ft {
	struct net_device *dev;
	struct sio_link *link;
	struct neighbour *neigh;
	u32 sent;
};

/**
 * struct sio_ft_rule - one rule
 * @attr: values of its attributes; those that are 0 are not there
 */
struct sio_ft_rule {
	u32 attr[SIO_A_FAULT_MAX + 1];
};

int sio_ft_init(struct kunit *test);
int sio_ft_set(struct kunit *test, const struct sio_ft_rule *rules,
	       unsigned int nr, struct netlink_ext_ack *extack);
void sio_ft_rule(struct kunit *test, const struct sio_ft_rule *rule);
struct sk_buff *sio_ft_frame(struct kunit *test, u32 len);
bool sio_ft_send_skb(struct sio_ft *ft, struct sk_buff *skb, u8 type);
u32 sio_ft_send(struct kunit *test, u8 type);
int sio_ft_got(struct kunit *test);
bool sio_ft_arrives(struct kunit *test, u8 type);

#endif /* SIO_KUNIT_FAULT_FIX_H */
