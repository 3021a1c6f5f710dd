// SPDX-License-Identifier: GPL-2.0
/* Load and unload the front-end, and what it keeps for each namespace. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <splitio/fe.h>

#include "blk.h"
#include "fe.h"
#include "net.h"

static unsigned int sio_fe_net_id __read_mostly;

/**
 * sio_fe_net_of() - what a namespace has of this module
 * @net: namespace
 *
 * Return: its part, valid as long as the namespace.
 */
struct sio_fe_net *sio_fe_net_of(struct net *net)
{
	return net_generic(net, sio_fe_net_id);
}

static int __net_init sio_fe_net_init(struct net *net)
{
	INIT_LIST_HEAD(&sio_fe_net_of(net)->sessions);
	return 0;
}

static void __net_exit sio_fe_net_exit(struct net *net)
{
	sio_fe_sess_remove_all(net);
}

static struct pernet_operations sio_fe_net_ops = {
	.init = sio_fe_net_init,
	.exit = sio_fe_net_exit,
	.id = &sio_fe_net_id,
	.size = sizeof(struct sio_fe_net),
};

static int __init sio_fe_init(void)
{
	int err;

	err = sio_fe_blk_init();
	if (err)
		return err;
	/* of the device kind: our net devices go before everybody's do */
	err = register_pernet_device(&sio_fe_net_ops);
	if (err)
		goto err_blk;
	err = register_netdevice_notifier(&sio_fe_net_notifier);
	if (err)
		goto err_unregister_pernet;
	err = sio_fe_nl_init();
	if (err)
		goto err_unregister_notifier;
	pr_info("front-end ready\n");
	return 0;

err_unregister_notifier:
	unregister_netdevice_notifier(&sio_fe_net_notifier);
err_unregister_pernet:
	unregister_pernet_device(&sio_fe_net_ops);
err_blk:
	sio_fe_blk_exit();
	return err;
}

static void __exit sio_fe_exit(void)
{
	sio_fe_nl_exit();
	unregister_netdevice_notifier(&sio_fe_net_notifier);
	unregister_pernet_device(&sio_fe_net_ops);
	sio_fe_blk_exit();
	sio_fe_sess_wait_all();
}

module_init(sio_fe_init);
module_exit(sio_fe_exit);

MODULE_AUTHOR("Split I/O authors");
MODULE_DESCRIPTION("Split I/O front-end: devices of a guest");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY(SIO_FE_GENL_NAME);
