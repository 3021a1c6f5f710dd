/* SPDX-License-Identifier: GPL-2.0 */
/* Ports: the net devices through which virtual NICs meet the world. */
#ifndef _SIO_IOHYP_PORT_H
#define _SIO_IOHYP_PORT_H

#include <linux/types.h>

#include "proto/user/rtnl.h"

struct sio_tool;

/**
 * struct sio_port_spec - a port that is to be made
 * @uplink: net device it sits on
 * @mode: MACVLAN_MODE_ bit
 * @name: its name, NULL to choose one
 * @dev: name of the NIC, for a chosen name
 * @mac: its hardware address; with passthru and !@mac_given set to the uplink's
 * @mac_given: the user wants just this one
 * @mtu: MTU, 0 for the uplink's
 */
struct sio_port_spec {
	const char *uplink;
	__u32 mode;
	const char *name;
	const char *dev;
	__u8 mac[6];
	bool mac_given;
	__u32 mtu;
};

int sio_port_mode(const char *text, __u32 *mode);
const char *sio_port_mode_word(__u32 mode);
int sio_port_make(struct sio_tool *tool, struct sio_port_spec *spec,
		  struct sio_netdev *port);
int sio_port_quiet(struct sio_tool *tool, const struct sio_netdev *port,
		   const __u8 *mac);
int sio_port_up(struct sio_tool *tool, const struct sio_netdev *port);
int sio_port_mtu(struct sio_tool *tool, int index, __u32 mtu);
int sio_port_delete(struct sio_tool *tool, int index);

#endif /* _SIO_IOHYP_PORT_H */
