/* SPDX-License-Identifier: GPL-2.0 */
/* Net devices as rtnetlink knows them. */
#ifndef _SIO_USER_RTNL_H
#define _SIO_USER_RTNL_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct nlmsghdr;
struct sio_addr;
struct sio_tool;

/**
 * struct sio_netdev - a net device
 * @index: its index
 * @master: index of the device it is enslaved to, 0 if it is not
 * @parent: index of the device it sits on, 0 if on none
 * @flags: IFF_ flags
 * @mtu: in bytes
 * @mac_len: bytes in @mac
 * @mac: hardware address
 * @xdp_generic: an XDP program runs in the generic way
 * @macvlan_mode: MACVLAN_MODE_ bit of a macvtap, 0 for other kinds
 * @name: its name
 * @kind: its kind, "" for hardware
 */
struct sio_netdev {
	int index;
	int master;
	int parent;
	__u32 flags;
	__u32 mtu;
	size_t mac_len;
	__u8 mac[32];
	bool xdp_generic;
	__u32 macvlan_mode;
	char name[IFNAMSIZ];
	char kind[16];
};

int sio_rtnl_open(struct sio_tool *tool);
struct nlmsghdr *sio_rtnl_link_req(struct sio_tool *tool, __u16 type,
				   __u16 flags, int index);
int sio_rtnl_do(struct sio_tool *tool, struct nlmsghdr *req, const char *what);
int sio_rtnl_refused(const struct sio_tool *tool, const char *what);

int sio_netdev_get(struct sio_tool *tool, const char *name, int index,
		   struct sio_netdev *dev);
int sio_netdev_need(struct sio_tool *tool, const char *name,
		    struct sio_netdev *dev);
const char *sio_netdev_name(struct sio_tool *tool, int index, char *buf);
int sio_netdev_has_address(struct sio_tool *tool, int index);
int sio_netdev_neighbour(struct sio_tool *tool, int index,
			 const struct sio_addr *addr);

#endif /* _SIO_USER_RTNL_H */
