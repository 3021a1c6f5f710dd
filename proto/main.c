// SPDX-License-Identifier: GPL-2.0
/* Load and unload the core: the order in which its parts come and go. */
#include <linux/module.h>
#include <linux/random.h>
#include <linux/workqueue.h>

#include "flow.h"
#include "link.h"
#include "session.h"

/* Told in every hello: another one means that this side was reloaded */
u8 sio_boot_id[SIO_ID_LEN];

/* Takes flows and sessions on; disks under memory pressure depend on it */
struct workqueue_struct *sio_wq;

/* Executes the peer's requests, as that a disk is there again */
struct workqueue_struct *sio_exec_wq;

static int __init sio_init(void)
{
	int err;

	get_random_bytes(sio_boot_id, sizeof(sio_boot_id));
	sio_wq = alloc_workqueue("splitio", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!sio_wq)
		return -ENOMEM;
	sio_exec_wq = alloc_workqueue("splitio_exec",
				      WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!sio_exec_wq) {
		err = -ENOMEM;
		goto err_destroy_wq;
	}
	err = sio_link_init();
	if (err)
		goto err_destroy_exec_wq;
	return 0;

err_destroy_exec_wq:
	destroy_workqueue(sio_exec_wq);
err_destroy_wq:
	destroy_workqueue(sio_wq);
	return err;
}

static void __exit sio_exit(void)
{
	sio_link_exit();
	sio_flow_wait_all();
	destroy_workqueue(sio_exec_wq);
	destroy_workqueue(sio_wq);
}

module_init(sio_init);
module_exit(sio_exit);

MODULE_AUTHOR("Split I/O authors");
MODULE_DESCRIPTION("Split I/O: the wire, links, flows and sessions");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
