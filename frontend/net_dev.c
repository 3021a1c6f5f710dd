// SPDX-License-Identifier: GPL-2.0
/* A virtual NIC as a device of a session: what the peer says of it. */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>
#include <net/netlink.h>

#include "fe.h"
#include "net.h"

/*
 * Net devices are made and removed by a worker of the system's: that waits for
 * queues without a rescuer, which ours, that disks depend on, may not. What a
 * list says of disks is done before what it says of NICs.
 */
struct sio_fe_nic_job {
	struct work_struct work;
	struct completion done;
	struct sio_fe_dev *dev;
	const struct sio_rec_dev *rec;	/* NULL: remove it */
	int err;
};

static void sio_fe_nic_job_work(struct work_struct *work)
{
	struct sio_fe_nic_job *job = container_of(work, struct sio_fe_nic_job,
						  work);
	unsigned int noio;

	noio = memalloc_noio_save();	/* as who waits for it */
	if (job->rec) {
		job->err = sio_fe_net_create(job->dev, job->rec);
	} else {
		/* its traffic ends, and nobody tells the peer of it any more */
		sio_fe_net_unregister(job->dev);
		sio_fe_mode_stop(job->dev);
	}
	memalloc_noio_restore(noio);
	complete(&job->done);
}

static int sio_fe_nic_run(struct sio_fe_dev *dev, const struct sio_rec_dev *rec)
{
	struct sio_fe_nic_job job = { .dev = dev, .rec = rec };

	init_completion(&job.done);
	INIT_WORK_ONSTACK(&job.work, sio_fe_nic_job_work);
	queue_work(system_unbound_wq, &job.work);
	wait_for_completion(&job.done);
	destroy_work_on_stack(&job.work);
	return job.err;
}

static int sio_fe_nic_judge(const struct sio_rec_dev *rec)
{
	u32 mtu = le32_to_cpu(rec->mtu);

	if (strlen((const char *)rec->name) >= IFNAMSIZ)
		return -ENAMETOOLONG;
	if (mtu < SIO_FE_MTU_MIN || mtu > SIO_FE_MTU_MAX)
		return -ERANGE;
	if (!is_valid_ether_addr(rec->mac))
		return -EADDRNOTAVAIL;
	return 0;
}

static int sio_fe_nic_create(struct sio_fe_dev *dev,
			     const struct sio_rec_dev *rec)
{
	return sio_fe_nic_run(dev, rec);
}

static void sio_fe_nic_state(struct sio_fe_dev *dev, bool is_up)
{
	sio_fe_net_state(dev, is_up);
	if (!is_up)
		return;
	sio_fe_net_follow(dev);
	sio_fe_mode_kick(dev);
}

static int sio_fe_nic_update(struct sio_fe_dev *dev,
			     const struct sio_rec_dev *rec)
{
	u32 handle = le32_to_cpu(rec->dev), gen = le32_to_cpu(rec->gen);

	if (dev->handle != handle || dev->gen != gen)
		sio_fe_net_rename(dev, handle, gen);
	sio_fe_net_update(dev, rec);
	sio_fe_net_follow(dev);
	sio_fe_net_state(dev, sio_session_is_up(&dev->sess->s));
	sio_fe_mode_kick(dev);
	return 0;
}

static void sio_fe_nic_remove(struct sio_fe_dev *dev)
{
	sio_fe_nic_run(dev, NULL);
	sio_fe_nl_dev_event(dev, SIO_EVENT_DEV_DEL);
	sio_fe_net_free(dev);
}

static u32 sio_fe_nic_state_of(const struct sio_fe_dev *dev)
{
	if (dev->netdev->reg_state != NETREG_REGISTERED)
		return SIO_DEV_STATE_REMOVING;
	return sio_session_is_up(&dev->sess->s) ? SIO_DEV_STATE_READY :
						  SIO_DEV_STATE_PAUSED;
}

static int sio_fe_nic_fill_stats(struct sk_buff *skb, struct net_device *netdev)
{
	struct rtnl_link_stats64 st;

	dev_get_stats(netdev, &st);
	return sio_stats_fill_one(skb, SIO_A_DEV_STAT, "rx_packets",
				  st.rx_packets) ?:
	       sio_stats_fill_one(skb, SIO_A_DEV_STAT, "rx_bytes",
				  st.rx_bytes) ?:
	       sio_stats_fill_one(skb, SIO_A_DEV_STAT, "rx_dropped",
				  st.rx_dropped) ?:
	       sio_stats_fill_one(skb, SIO_A_DEV_STAT, "tx_packets",
				  st.tx_packets) ?:
	       sio_stats_fill_one(skb, SIO_A_DEV_STAT, "tx_bytes",
				  st.tx_bytes) ?:
	       sio_stats_fill_one(skb, SIO_A_DEV_STAT, "tx_dropped",
				  st.tx_dropped);
}

static int sio_fe_nic_fill(struct sk_buff *skb, const struct sio_fe_dev *dev)
{
	struct net_device *netdev = dev->netdev;

	if (nla_put_u32(skb, SIO_A_DEV_STATE, sio_fe_nic_state_of(dev)) ||
	    nla_put_u32(skb, SIO_A_DEV_IFINDEX, netdev->ifindex) ||
	    nla_put_string(skb, SIO_A_DEV_IFNAME, netdev->name) ||
	    nla_put(skb, SIO_A_DEV_MAC, SIO_MAC_LEN, netdev->dev_addr) ||
	    nla_put_u32(skb, SIO_A_DEV_MTU, READ_ONCE(netdev->mtu)) ||
	    nla_put_u8(skb, SIO_A_DEV_CARRIER, netif_carrier_ok(netdev)) ||
	    nla_put_u8(skb, SIO_A_DEV_OPEN, netif_running(netdev)) ||
	    nla_put_u8(skb, SIO_A_DEV_ANY_MAC, READ_ONCE(dev->any_mac)) ||
	    nla_put_u32(skb, SIO_A_DEV_DENIED, sio_fe_net_denied(dev)) ||
	    nla_put_u32(skb, SIO_A_DEV_QUEUES, netdev->real_num_tx_queues))
		return -EMSGSIZE;
	return sio_fe_nic_fill_stats(skb, netdev);
}

static unsigned int sio_fe_nic_workers(const struct sio_fe_dev *dev)
{
	const struct sio_fe_nic *nic = netdev_priv(dev->netdev);

	return nic->nr_queues;
}

/* What it sent is in the queueing discipline's counters */
static int sio_fe_nic_fill_worker(struct sk_buff *skb,
				  const struct sio_fe_dev *dev, unsigned int nr)
{
	const struct sio_fe_nic *nic = netdev_priv(dev->netdev);

	return sio_stats_fill_one(skb, SIO_A_WORKER_STAT, "tx_busy",
				  READ_ONCE(nic->queues[nr].busy));
}

const struct sio_fe_dev_ops sio_fe_nic_ops = {
	.type	= SIO_DEV_NIC,
	.judge	= sio_fe_nic_judge,
	.create	= sio_fe_nic_create,
	.update	= sio_fe_nic_update,
	.state	= sio_fe_nic_state,
	.remove	= sio_fe_nic_remove,
	.fill	= sio_fe_nic_fill,
	.nr_workers = sio_fe_nic_workers,
	.fill_worker = sio_fe_nic_fill_worker,
};
