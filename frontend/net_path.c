// SPDX-License-Identifier: GPL-2.0
/* Packets of a virtual NIC: out to the session, in from it. */
#include <linux/etherdevice.h>
#include <linux/net_tstamp.h>

#include "fe.h"
#include "net.h"

/*
 * Transmit queues of devices that are up, by number. A frame remembers the
 * number, not the queue: it may leave the link when the queue is no more.
 * Numbers go round; one comes again after 2^31 others.
 */
static DEFINE_XARRAY_ALLOC1(sio_fe_queues);
static u32 sio_fe_queue_next;

static void sio_fe_queue_complete(struct sio_fe_queue *q, u32 packets,
				  u32 bytes)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	netdev_tx_completed_queue(q->txq, packets, bytes);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* The lowest bit of a cookie tells a NIC's, which is clear, from a disk's */
static void *sio_fe_net_cookie(u32 id)
{
	return (void *)((unsigned long)id << 1);
}

static unsigned long sio_fe_net_cookie_id(const void *cookie)
{
	return (unsigned long)cookie >> 1;
}

/**
 * sio_fe_net_tx_done() - packets have left the link
 * @cookie: number of their queue
 * @packets: how many
 * @bytes: of them
 *
 * Context: any.
 */
void sio_fe_net_tx_done(void *cookie, u32 packets, u32 bytes)
{
	struct sio_fe_queue *q;

	rcu_read_lock();
	q = xa_load(&sio_fe_queues, sio_fe_net_cookie_id(cookie));
	if (q)
		sio_fe_queue_complete(q, packets, bytes);
	rcu_read_unlock();
}

static void sio_fe_net_forget_queues(struct sio_fe_nic *nic)
{
	unsigned long id;
	unsigned int i;

	for (i = 0; i < nic->nr_queues; i++) {
		id = sio_fe_net_cookie_id(nic->queues[i].batch.cookie);
		if (id)
			xa_erase(&sio_fe_queues, id);
	}
}

static void sio_fe_net_reset_queues(struct sio_fe_nic *nic)
{
	struct sio_fe_queue *q;
	unsigned int i;

	for (i = 0; i < nic->nr_queues; i++) {
		q = &nic->queues[i];
		kfree_skb(q->batch.skb);
		q->batch.skb = NULL;
		q->batch.cookie = NULL;
		netdev_tx_reset_queue(q->txq);
	}
}

/**
 * sio_fe_net_open_queues() - make a NIC's queues ready to send
 * @nic: down
 *
 * Context: process, under rtnl.
 * Return: 0 or -ENOMEM.
 */
int sio_fe_net_open_queues(struct sio_fe_nic *nic)
{
	unsigned int i;
	u32 id;
	int err;

	ASSERT_RTNL();
	for (i = 0; i < nic->nr_queues; i++) {
		err = xa_alloc_cyclic(&sio_fe_queues, &id, &nic->queues[i],
				      XA_LIMIT(1, S32_MAX), &sio_fe_queue_next,
				      GFP_KERNEL);
		if (err < 0)
			goto err_forget;
		nic->queues[i].batch.cookie = sio_fe_net_cookie(id);
	}
	return 0;

err_forget:
	sio_fe_net_forget_queues(nic);
	/* pairs with rcu_read_lock() in sio_fe_net_tx_done() */
	synchronize_net();
	sio_fe_net_reset_queues(nic);
	return err;
}

/**
 * sio_fe_net_close_queues() - let go of what a NIC was sending
 * @nic: its queues are disabled
 *
 * Context: process, under rtnl; waits for a grace period.
 */
void sio_fe_net_close_queues(struct sio_fe_nic *nic)
{
	ASSERT_RTNL();
	/* phase 1: frames that leave from now on find no queue */
	sio_fe_net_forget_queues(nic);
	/* phase 2: who had found one, or was waking one, is done with it */
	synchronize_net();
	/* phase 3: nobody else looks at them */
	sio_fe_net_reset_queues(nic);
}

/* Stop a queue whose flow has no room, unless it gets some meanwhile */
static bool sio_fe_queue_stop(struct sio_fe_nic *nic, struct sio_fe_queue *q)
{
	if (likely(!sio_packet_is_blocked(nic->sess, q->batch.flow)))
		return false;
	netif_tx_stop_queue(q->txq);
	/* pairs with test_and_clear_bit() in netif_tx_wake_queue() */
	smp_mb__after_atomic();
	if (sio_packet_is_blocked(nic->sess, q->batch.flow)) {
		q->busy++;
		return true;
	}
	netif_tx_start_queue(q->txq);
	return false;
}

/**
 * sio_fe_net_xmit() - send a packet of the guest's
 * @skb: data at the Ethernet header; consumed but for NETDEV_TX_BUSY
 * @netdev: a virtual NIC
 *
 * Context: BH disabled, under the queue's lock.
 * Return: NETDEV_TX_OK or NETDEV_TX_BUSY.
 */
netdev_tx_t sio_fe_net_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct sio_fe_nic *nic = netdev_priv(netdev);
	struct sio_fe_queue *q = &nic->queues[skb_get_queue_mapping(skb)];
	bool more = netdev_xmit_more();
	u32 len = skb->len;
	int err;

	if (unlikely(len < ETH_HLEN)) {
		dev_kfree_skb_any(skb);
		err = -EINVAL;
		goto dropped;
	}
	if (unlikely(sio_fe_queue_stop(nic, q)))
		goto busy;
	skb_tx_timestamp(skb);
	/* charged before it is sent: it may have left when that returns */
	more = !__netdev_tx_sent_queue(q->txq, len, more);
	err = sio_packet_send(nic->sess, &q->batch, skb,
			      READ_ONCE(nic->offloads), more);
	if (likely(!err)) {
		dev_sw_netstats_tx_add(netdev, 1, len);
		return NETDEV_TX_OK;
	}
	sio_fe_queue_complete(q, 1, len);
	if (err == -EBUSY) {
		sio_fe_queue_stop(nic, q);
		goto busy;
	}
dropped:
	dev_core_stats_tx_dropped_inc(netdev);
	if (!more)
		sio_packet_flush(nic->sess, &q->batch);
	return NETDEV_TX_OK;

busy:
	sio_packet_flush(nic->sess, &q->batch);
	return NETDEV_TX_BUSY;
}

/**
 * sio_fe_net_tx_wake() - a flow has room again
 * @dev: a NIC, found under rcu_read_lock()
 *
 * Context: softirq.
 */
void sio_fe_net_tx_wake(struct sio_fe_dev *dev)
{
	if (netif_running(dev->netdev))
		netif_tx_wake_all_queues(dev->netdev);
}

/**
 * sio_fe_net_rx_packet() - a packet for a virtual NIC
 * @s: session
 * @handle: of the NIC, as the peer says
 * @gen: generation of that handle
 * @skb: whole, data at the Ethernet header; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_fe_net_rx_packet(struct sio_session *s, u32 handle, u32 gen,
			  struct sk_buff *skb)
{
	struct sio_fe_dev *dev = xa_load(&sio_fe_sess_of(s)->handles, handle);
	enum sio_cnt why = SIO_CNT_DROP_DEV;
	struct net_device *netdev;
	struct sio_fe_nic *nic;
	u32 len = skb->len;

	if (unlikely(!dev || !dev->netdev || READ_ONCE(dev->gen) != gen))
		goto drop;
	netdev = dev->netdev;
	nic = netdev_priv(netdev);
	if (unlikely(!netif_running(netdev)))
		goto drop;
	why = SIO_CNT_DROP_SHORT;
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		goto drop;
	skb->dev = netdev;
	skb->protocol = eth_type_trans(skb, netdev);
	dev_sw_netstats_rx_add(netdev, len);
	gro_cells_receive(&nic->gro, skb);
	return;
drop:
	sio_session_count(s, why);
	kfree_skb(skb);
}
