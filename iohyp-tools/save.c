// SPDX-License-Identifier: GPL-2.0
/* iohyp save: guests with their devices, then links. */
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <splitio/be.h>

#include "iohyp-tools/iohyp.h"
#include "iohyp-tools/port.h"
#include "proto/user/obj.h"
#include "proto/user/save.h"
#include "proto/user/value.h"

/* Longest GUEST/DEVICE, with NUL */
#define SIO_SAVE_NAME_LEN	(2 * SIO_NAME_ARG_LEN)

static void sio_save_guest(struct sio_save *save, const struct sio_obj *guest)
{
	const char *name = sio_obj_str(guest, SIO_A_SESS_NAME);
	bool insecure = sio_obj_u32(guest, SIO_A_SESS_INSECURE);
	char cure[2 * SIO_NAME_ARG_LEN];

	snprintf(cure, sizeof(cure),
		 "store the key, or the join file, and: iohyp guest set %s --key-file FILE",
		 name);
	/* Without the guest its devices cannot be made either. */
	save->off = !insecure && !sio_save_key(save, guest, cure);
	sio_save_begin(save, "guest create");
	sio_save_word(save, name);
	if (insecure)
		sio_save_opt(save, "--insecure", NULL);
	else
		sio_save_opt(save, "--key-file",
			     sio_obj_has(guest, SIO_A_SESS_KEY_SOURCE) ?
			     sio_obj_str(guest, SIO_A_SESS_KEY_SOURCE) :
			     "FILE");
	sio_save_end(save);
}

/* The port that was made for a NIC: what it sits on, how, and its name. */
static bool sio_save_port(struct sio_tool *tool, const struct sio_obj *nic,
			  struct sio_netdev *port, char *uplink)
{
	*uplink = '\0';
	if (!sio_netdev_get(tool, NULL,
			    (int)sio_obj_u32(nic, SIO_A_DEV_IFINDEX), port) &&
	    port->parent)
		sio_netdev_name(tool, port->parent, uplink);
	return *uplink;
}

/* GUEST/DEVICE, for sentences */
static const char *sio_save_name(const struct sio_obj *dev, char *name)
{
	snprintf(name, SIO_SAVE_NAME_LEN, "%s/%s",
		 sio_obj_str(dev, SIO_A_DEV_GUEST),
		 sio_obj_str(dev, SIO_A_DEV_NAME));
	return name;
}

static void sio_save_nic(struct sio_tool *tool, struct sio_save *save,
			 const struct sio_obj *nic)
{
	bool made = sio_obj_u32(nic, SIO_A_DEV_PORT_MADE);
	const char *port_name = sio_obj_str(nic, SIO_A_DEV_IFNAME);
	struct sio_netdev port = {};
	char name[SIO_SAVE_NAME_LEN];
	char uplink[IFNAMSIZ];
	bool off = save->off;

	sio_save_name(nic, name);
	if (made && !sio_save_port(tool, nic, &port, uplink)) {
		sio_save_gap(save, "%s: its port %s is gone, %s; %s",
			     name, port_name,
			     "and with it the name of the uplink",
			     "remove the NIC and create it on another uplink");
		save->off = true;
	}
	if (sio_obj_has(nic, SIO_A_DEV_RULES) &&
	    !sio_save_needs(save, name, sio_obj_str(nic, SIO_A_DEV_RULES),
			    "rules", "give it a file with: iohyp nic set --firewall"))
		save->off = true;
	sio_save_begin(save, "nic create");
	sio_save_path(save, nic);
	if (made) {
		sio_save_opt(save, "--uplink", *uplink ? uplink : "IFNAME");
		if (port.macvlan_mode &&
		    port.macvlan_mode != MACVLAN_MODE_BRIDGE)
			sio_save_opt(save, "--mode",
				     sio_port_mode_word(port.macvlan_mode));
		sio_save_opt(save, "--port-name", port_name);
	} else {
		sio_save_opt(save, "--port", port_name);
	}
	sio_save_mac(save, nic);
	sio_save_num(save, "--mtu", nic, SIO_A_DEV_MTU_ASKED);
	sio_save_uuid(save, nic);
	sio_save_flag(save, "--any-mac", nic, SIO_A_DEV_ANY_MAC);
	if (sio_obj_has(nic, SIO_A_DEV_RULES))
		sio_save_opt(save, "--firewall",
			     sio_obj_str(nic, SIO_A_DEV_RULES));
	sio_save_end(save);
	save->off = off;
}

/* A key that came by standard input is in no file that could be named. */
static void sio_save_crypt(struct sio_save *save, const struct sio_obj *disk)
{
	sio_save_opt(save, "--encrypt", NULL);
	sio_save_opt(save, "--key-file",
		     sio_obj_has(disk, SIO_A_DEV_KEY_FILE) ?
		     sio_obj_str(disk, SIO_A_DEV_KEY_FILE) : "FILE");
	sio_save_flag(save, "--allow-discards", disk, SIO_A_DEV_DISCARD);
}

/* Can the disk be made again? If not, that was said. */
static bool sio_save_disk_can(struct sio_save *save,
			      const struct sio_obj *disk)
{
	static const char cure[] =
		"store the key in a file, remove the disk and create it with --key-file";
	char name[SIO_SAVE_NAME_LEN];

	sio_save_name(disk, name);
	if (!sio_save_line(save, name, sio_obj_str(disk, SIO_A_DEV_SOURCE)))
		return false;
	if (!(sio_obj_u32(disk, SIO_A_DEV_MADE) & SIO_MADE_CRYPT))
		return true;
	if (sio_obj_has(disk, SIO_A_DEV_KEY_FILE))
		return sio_save_needs(save, name,
				      sio_obj_str(disk, SIO_A_DEV_KEY_FILE),
				      "key", cure);
	sio_save_gap(save, "%s: the key of its encryption is in no file; %s",
		     name, cure);
	return false;
}

static void sio_save_disk(struct sio_save *save, const struct sio_obj *disk)
{
	bool off = save->off;

	save->off |= !sio_save_disk_can(save, disk);
	sio_save_begin(save, "blk create");
	sio_save_path(save, disk);
	sio_save_opt(save, "--path", sio_obj_str(disk, SIO_A_DEV_SOURCE));
	sio_save_flag(save, "--read-only", disk, SIO_A_DEV_READ_ONLY);
	if (sio_obj_u32(disk, SIO_A_DEV_WRITE_THROUGH))
		sio_save_opt(save, "--cache", "writethrough");
	sio_save_flag(save, "--digest", disk, SIO_A_DEV_DIGEST);
	sio_save_num(save, "--block-size", disk, SIO_A_DEV_BLOCK_ASKED);
	sio_save_num(save, "--queues", disk, SIO_A_DEV_QUEUES_ASKED);
	sio_save_uuid(save, disk);
	if (sio_obj_u32(disk, SIO_A_DEV_MADE) & SIO_MADE_CRYPT)
		sio_save_crypt(save, disk);
	sio_save_end(save);
	save->off = off;
}

static void sio_save_link(struct sio_save *save, const struct sio_obj *link)
{
	char text[SIO_ADDR_TEXT_LEN];
	const void *local;
	size_t len;

	local = sio_obj_data(link, SIO_A_LINK_LOCAL, &len);
	sio_save_begin(save, "link create");
	sio_save_word(save, sio_obj_str(link, SIO_A_LINK_IFNAME));
	if (local && sio_obj_u32(link, SIO_A_LINK_LOCAL_ASKED))
		sio_save_opt(save, "--local", sio_addr_text(local, len, text));
	if (sio_obj_u32(link, SIO_A_LINK_PORT) != SIO_PORT_DEFAULT)
		sio_save_num(save, "--port", link, SIO_A_LINK_PORT);
	sio_save_end(save);
}

static void sio_save_devices(struct sio_tool *tool, struct sio_save *save,
			     const struct sio_objs *devs, const char *guest)
{
	const struct sio_obj *dev;
	size_t i;

	for (i = 0; i < devs->nr; i++) {
		dev = &devs->v[i];
		if (strcmp(sio_obj_str(dev, SIO_A_DEV_GUEST), guest) ||
		    sio_obj_u32(dev, SIO_A_DEV_STATE) ==
		    SIO_DEV_STATE_REMOVING)
			continue;
		if (sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK)
			sio_save_disk(save, dev);
		else
			sio_save_nic(tool, save, dev);
	}
}

/**
 * sio_iohyp_save() - write what this I/O hypervisor has
 * @tool: the tool
 * @save: the configuration
 *
 * Guests come before their devices, and links last: a guest that dials before
 * its devices are there gives up those it had.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_iohyp_save(struct sio_tool *tool, struct sio_save *save)
{
	struct sio_objs guests = {}, links = {}, devs = {};
	size_t i;
	int err;

	err = sio_objs_sessions(tool, NULL, &guests);
	if (!err)
		err = sio_objs_devices(tool, NULL, &devs);
	if (!err)
		err = sio_objs_links(tool, &links);
	if (err)
		goto out;
	fputs("# Split I/O: what this I/O hypervisor has, written by \"iohyp save\".\n"
	      "# \"iohyp restore\" runs these commands; links are last, see iohyp(8).\n",
	      save->out);
	for (i = 0; i < guests.nr; i++) {
		sio_save_guest(save, &guests.v[i]);
		sio_save_devices(tool, save, &devs,
				 sio_obj_str(&guests.v[i], SIO_A_SESS_NAME));
		save->off = false;
	}
	for (i = 0; i < links.nr; i++)
		sio_save_link(save, &links.v[i]);
out:
	sio_objs_free(&guests);
	sio_objs_free(&links);
	sio_objs_free(&devs);
	return err;
}
