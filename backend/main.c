// SPDX-License-Identifier: GPL-2.0
/* Load and unload the back-end: the order in which its parts come and go. */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "blk.h"

DEFINE_MUTEX(sio_be_mutex);	/* protects guests, their devices, links */

static unsigned int sio_be_net_id __read_mostly;

/**
 * sio_be_net_of() - what a namespace has of this module
 * @net: namespace
 *
 * Return: its part, valid as long as the namespace.
 */
struct sio_be_net *sio_be_net_of(struct net *net)
{
	return net_generic(net, sio_be_net_id);
}

/* Guests first, so that the goodbye still finds its way through the link */
static void __net_exit sio_be_net_ns_exit(struct net *net)
{
	mutex_lock(&sio_be_mutex);
	sio_be_guest_end_net(net);
	sio_be_link_end_net(net);
	mutex_unlock(&sio_be_mutex);
}

static struct pernet_operations sio_be_net_ops = {
	.exit = sio_be_net_ns_exit,
	.id = &sio_be_net_id,
	.size = sizeof(struct sio_be_net),
};

static int __init sio_be_init(void)
{
	int err;

	err = sio_be_io_init();
	if (err)
		return err;
	err = sio_be_blk_init();
	if (err)
		goto err_io;
	err = sio_be_net_init();
	if (err)
		goto err_blk;
	err = sio_be_port_init();
	if (err)
		goto err_net;
	err = sio_be_link_init();
	if (err)
		goto err_port;
	err = register_pernet_device(&sio_be_net_ops);
	if (err)
		goto err_link;
	err = sio_be_nl_init();
	if (err)
		goto err_pernet;
	return 0;

err_pernet:
	unregister_pernet_device(&sio_be_net_ops);
err_link:
	sio_be_link_exit();
err_port:
	sio_be_port_exit();
err_net:
	sio_be_net_exit();
err_blk:
	sio_be_blk_exit();
err_io:
	sio_be_io_exit();
	return err;
}

static void __exit sio_be_exit(void)
{
	sio_be_nl_exit();
	unregister_pernet_device(&sio_be_net_ops);
	sio_be_link_exit();
	sio_be_port_exit();
	sio_be_disk_wait_all();
	sio_be_guest_wait_all();
	sio_be_net_exit();
	sio_be_blk_exit();
	sio_be_io_exit();
}

module_init(sio_be_init);
module_exit(sio_be_exit);

MODULE_AUTHOR("Split I/O authors");
MODULE_DESCRIPTION("Split I/O back-end: serves guests their NICs and disks");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY(SIO_BE_GENL_NAME);
