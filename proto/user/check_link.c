// SPDX-License-Identifier: GPL-2.0
/* Is this net device a good link, and does the peer answer on it? */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/neighbour.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <splitio/core.h>

#include "proto/user/check.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/rtnl.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

/* MTU below which the header's share begins to show */
#define SIO_CHECK_MTU	9000

/* One offload: how to ask for it, what ethtool -K calls it. */
static const struct sio_check_offload {
	__u32 cmd;
	const char *name;
	const char *text;
} sio_check_offloads[] = {
	{ ETHTOOL_GTXCSUM, "tx", "transmit checksums" },
	{ ETHTOOL_GTSO, "tso", "TCP segmentation" },
	{ ETHTOOL_GGRO, "gro", "receive merging" },
	{ 0, NULL, NULL },
};

/* 1 on, 0 off, -errno if it cannot be asked for. */
static int sio_check_offload(const char *ifname, __u32 cmd)
{
	struct ethtool_value value = { .cmd = cmd };
	struct ifreq ifr = {};
	int err;
	int fd;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	ifr.ifr_data = (void *)&value;
	err = ioctl(fd, SIOCETHTOOL, &ifr) ? -errno : !!value.data;
	close(fd);
	return err;
}

static void sio_check_offloads_of(struct sio_check *check, const char *ifname)
{
	const struct sio_check_offload *offload;
	char text[128] = "";
	char cure[64] = "";

	for (offload = sio_check_offloads; offload->name; offload++) {
		if (sio_check_offload(ifname, offload->cmd))
			continue;
		strcat(text, *text ? ", " : "");
		strcat(text, offload->text);
		strcat(cure, " ");
		strcat(cure, offload->name);
		strcat(cure, " on");
	}
	if (!*text) {
		sio_check_found(check, SIO_CHECK_OK, "offloads",
				"%s: offloads are on", ifname);
		return;
	}
	sio_check_cure("ethtool -K %s%s", ifname, cure);
	sio_check_found(check, SIO_CHECK_ADVICE, "offloads",
			"%s: off or missing: %s; the processor does the work",
			ifname, text);
}

static void sio_check_master(struct sio_check *check,
			     const struct sio_netdev *dev)
{
	char master[IFNAMSIZ];

	if (!dev->master)
		return;
	sio_netdev_name(check->tool, dev->master, master);
	sio_check_cure("use %s as the link", master);
	sio_check_found(check, SIO_CHECK_ERROR, "enslaved",
			"%s is enslaved to %s, which holds the address",
			dev->name, master);
}

static void sio_check_up(struct sio_check *check, const struct sio_netdev *dev)
{
	if (!(dev->flags & IFF_UP)) {
		sio_check_cure("ip link set %s up", dev->name);
		sio_check_found(check, SIO_CHECK_ERROR, "up", "%s is down",
				dev->name);
	} else if (!(dev->flags & IFF_RUNNING)) {
		sio_check_cure("look at the cable and at the other end of it");
		sio_check_found(check, SIO_CHECK_ERROR, "up",
				"%s has no carrier", dev->name);
	} else {
		sio_check_found(check, SIO_CHECK_OK, "up",
				"%s is up, with carrier", dev->name);
	}
}

/**
 * sio_check_netdev() - look at a link, or at what is to become one
 * @check: takes the findings
 * @name: the net device
 */
void sio_check_netdev(struct sio_check *check, const char *name)
{
	struct sio_netdev dev;

	if (sio_netdev_get(check->tool, name, 0, &dev)) {
		sio_check_cure("ip link");
		sio_check_found(check, SIO_CHECK_ERROR, "link",
				"no net device %s in this network namespace",
				name);
		return;
	}
	sio_check_up(check, &dev);
	sio_check_master(check, &dev);
	if (!sio_netdev_has_address(check->tool, dev.index)) {
		sio_check_cure("ip address add ADDRESS/LEN dev %s", dev.name);
		sio_check_found(check, SIO_CHECK_ERROR, "address",
				"%s has no IPv4 address", dev.name);
	}
	if (dev.mtu < SIO_CHECK_MTU) {
		sio_check_cure("ip link set %s mtu %d, likewise at the other end and on the switch",
			       dev.name, SIO_CHECK_MTU);
		sio_check_found(check, SIO_CHECK_ADVICE, "mtu",
				"%s: MTU %u; %d makes fewer and larger frames",
				dev.name, dev.mtu, SIO_CHECK_MTU);
	}
	if (dev.xdp_generic) {
		sio_check_cure("ip link set %s xdpgeneric off", dev.name);
		sio_check_found(check, SIO_CHECK_ADVICE, "xdp",
				"%s: generic XDP copies every large frame",
				dev.name);
	}
	sio_check_offloads_of(check, dev.name);
}

static void sio_check_neighbour(struct sio_check *check,
				const struct sio_obj *sess)
{
	int index = (int)sio_obj_u32(sess, SIO_A_SESS_IFINDEX);
	struct sio_addr addr = {};
	char text[SIO_ADDR_TEXT_LEN];
	const void *peer;
	char ifname[IFNAMSIZ];
	size_t len;
	int state;

	peer = sio_obj_data(sess, SIO_A_SESS_PEER, &len);
	if (!peer || !index || (len != 4 && len != 16))
		return;
	addr.len = len;
	memcpy(addr.bytes, peer, len);
	state = sio_netdev_neighbour(check->tool, index, &addr);
	if (state < 0)
		return;
	sio_netdev_name(check->tool, index, ifname);
	sio_addr_text(peer, len, text);
	if (state && !(state & (NUD_FAILED | NUD_INCOMPLETE))) {
		sio_check_found(check, SIO_CHECK_OK, "neighbour",
				"%s answers ARP on %s", text, ifname);
		return;
	}
	/* While packets pass, an entry may come and go unnoticed. */
	if (sio_obj_u32(sess, SIO_A_SESS_STATE) == SIO_STATE_UP)
		return;
	sio_check_cure("ping -c 3 -I %s %s; compare address, VLAN and cabling of both links",
		       ifname, text);
	sio_check_found(check, state ? SIO_CHECK_ERROR : SIO_CHECK_ADVICE,
			"neighbour", state ? "%s does not answer ARP on %s" :
			"%s is not in the neighbour table of %s", text,
			ifname);
}

/**
 * sio_check_session() - look at a session and the way to its peer
 * @check: takes the findings
 * @sess: the session
 */
void sio_check_session(struct sio_check *check, const struct sio_obj *sess)
{
	const char *name = sio_obj_str(sess, SIO_A_SESS_NAME);
	const struct sio_why_text *why;
	char *text;

	why = sio_why(sio_obj_u32(sess, SIO_A_SESS_WHY));
	text = sio_session_sentence(sess);
	if (sio_obj_u32(sess, SIO_A_SESS_STATE) == SIO_STATE_UP) {
		sio_check_found(check, SIO_CHECK_OK, "session", "%s %s", name,
				text ? text : "up");
	} else {
		if (why->cure)
			sio_check_cure("%s", why->cure);
		sio_check_found(check, SIO_CHECK_ERROR, "session", "%s %s",
				name, text ? text : why->text);
	}
	free(text);
	sio_check_neighbour(check, sess);
}
