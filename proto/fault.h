/* SPDX-License-Identifier: GPL-2.0 */
/* The seeded fault injector of a link. */
#ifndef SIO_FAULT_H
#define SIO_FAULT_H

#include <linux/types.h>

struct neighbour;
struct netlink_ext_ack;
struct nlattr;
struct sio_faults;
struct sio_link;
struct sk_buff;

/* Stands for frames without a message in SIO_A_FAULT_TYPE */
#define SIO_FAULT_TYPE_BARE	255

bool sio_fault_tx(struct sio_link *link, struct neighbour *n,
		  struct sk_buff *skb, u8 type);
bool sio_fault_isn(struct sio_link *link, u32 *isn);
int sio_fault_set(struct sio_link *link, const struct nlattr *attrs, int len,
		  int type, struct netlink_ext_ack *extack);
void sio_fault_stop(struct sio_link *link);
void sio_fault_free(struct sio_faults *faults);

#endif /* SIO_FAULT_H */
