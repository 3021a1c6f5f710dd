// SPDX-License-Identifier: GPL-2.0
/* Packets between ports and guests. */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/gso.h>

#include "be.h"

/* Carries the NAPI contexts of all NICs; never seen, never up */
static struct net_device *sio_be_napi_dev;

static void sio_be_net_drop(struct sio_be_nic *nic, u64 __percpu *counter,
			    struct sk_buff *skb)
{
	this_cpu_inc(*counter);
	kfree_skb(skb);
}

/* Data to the Ethernet header, the VLAN tag in line; NULL if that failed */
static struct sk_buff *sio_be_net_unpack(struct sk_buff *skb)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_orphan(skb);
	/* kept in the skb: with its tag in line it would not be dissected */
	skb_get_hash(skb);
	skb->dev = NULL;	/* not held, and may go before the skb does */
	skb_push(skb, ETH_HLEN);
	if (skb_vlan_tag_present(skb))
		skb = __vlan_hwaccel_push_inside(skb);
	return skb;
}

/**
 * sio_be_net_hook() - take every packet that comes in on a port
 * @priv: the NIC
 * @skb: data at the network header
 * @state: not used
 *
 * The packet waits for the CPU's own NAPI context, which runs after the
 * driver's and sends small ones together.
 *
 * Context: softirq, under rcu_read_lock().
 * Return: NF_STOLEN.
 */
unsigned int sio_be_net_hook(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct sio_be_nic *nic = priv;
	struct sio_be_queue *queue = this_cpu_ptr(nic->queues);

	if (!READ_ONCE(nic->is_open) ||
	    !sio_session_is_up(&nic->d.guest->s)) {
		sio_be_net_drop(nic, &nic->stats->drop_closed, skb);
		return NF_STOLEN;
	}
	if (skb_queue_len(&queue->skbs) >= SIO_BE_BACKLOG) {
		sio_be_net_drop(nic, &nic->stats->drop_window, skb);
		return NF_STOLEN;
	}
	skb = sio_be_net_unpack(skb);
	if (!skb)
		return NF_STOLEN;
	__skb_queue_tail(&queue->skbs, skb);
	napi_schedule(&queue->napi);
	return NF_STOLEN;
}

static void sio_be_net_send(struct sio_be_queue *queue, struct sk_buff *skb)
{
	struct sio_be_nic *nic = queue->nic;
	struct sio_session *sess = &nic->d.guest->s;
	unsigned int flow = skb_get_hash(skb) % SIO_FLOWS_MAX;
	u32 len = skb->len;
	int err;

	/* a tenant's flow stays in one of ours, a batch has one */
	if (queue->batch.skb && queue->batch.flow != flow &&
	    READ_ONCE(sess->nr_flows) > 1)
		sio_packet_flush(sess, &queue->batch);
	if (!queue->batch.skb)
		queue->batch.flow = flow;
	queue->batch.dev = nic->d.id;
	queue->batch.gen = nic->d.gen;
	err = sio_packet_send(sess, &queue->batch, skb, SIO_NIC_ALL,
			      !skb_queue_empty(&queue->skbs));
	if (err == -EBUSY) {
		sio_session_count(sess, SIO_CNT_TX_DROP_WINDOW);
		sio_be_net_drop(nic, &nic->stats->drop_window, skb);
	} else if (!err) {
		this_cpu_inc(nic->stats->tx_packets);
		this_cpu_add(nic->stats->tx_bytes, len);
	}
}

static int sio_be_net_poll(struct napi_struct *napi, int budget)
{
	struct sio_be_queue *queue = container_of(napi, struct sio_be_queue,
						  napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && (skb = __skb_dequeue(&queue->skbs))) {
		sio_be_net_send(queue, skb);
		done++;
	}
	sio_packet_flush(&queue->nic->d.guest->s, &queue->batch);
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

/* Is a guest's packet fit for the port? Returns the counter if it is not */
static u64 __percpu *sio_be_net_judge(struct sio_be_nic *nic,
				      const struct net_device *port,
				      const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	u32 max = READ_ONCE(nic->mtu) + ETH_HLEN + VLAN_HLEN;
	bool fits = skb_is_gso(skb) ? skb_gso_validate_mac_len(skb, max) :
				      skb->len <= max;

	if (!READ_ONCE(nic->any_mac) &&
	    !ether_addr_equal(eth->h_source, nic->mac)) {
		sio_session_count(&nic->d.guest->s, SIO_CNT_DROP_SPOOF);
		return &nic->stats->drop_spoof;
	}
	if (!port || !(READ_ONCE(port->flags) & IFF_UP) || !fits) {
		sio_session_count(&nic->d.guest->s, SIO_CNT_DROP_PORT);
		return &nic->stats->drop_port;
	}
	return NULL;
}

/**
 * sio_be_net_rx() - send a guest's packet through its port
 * @sess: the guest's session
 * @dev: handle of the NIC
 * @gen: generation of @dev
 * @skb: data at the Ethernet header, offloads set; always consumed
 *
 * Context: softirq, under rcu_read_lock().
 */
void sio_be_net_rx(struct sio_session *sess, u32 dev, u32 gen,
		   struct sk_buff *skb)
{
	struct sio_be_guest *guest = container_of(sess, struct sio_be_guest, s);
	struct sio_be_dev *d = xa_load(&guest->devs, dev);
	struct net_device *port;
	u64 __percpu *counter;
	struct sio_be_nic *nic;

	if (!d || d->ops->type != SIO_DEV_NIC || d->gen != gen ||
	    !pskb_may_pull(skb, ETH_HLEN)) {
		sio_session_count(sess, SIO_CNT_DROP_DEV);
		kfree_skb(skb);
		return;
	}
	nic = sio_be_nic_of(d);
	port = rcu_dereference(nic->port);
	counter = sio_be_net_judge(nic, port, skb);
	if (counter) {
		sio_be_net_drop(nic, counter, skb);
		return;
	}
	this_cpu_inc(nic->stats->rx_packets);
	this_cpu_add(nic->stats->rx_bytes, skb->len);
	skb->dev = port;
	dev_queue_xmit(skb);
}

/**
 * sio_be_net_start() - have the queues of a NIC ready
 * @nic: no packet comes yet
 */
void sio_be_net_start(struct sio_be_nic *nic)
{
	struct sio_be_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(nic->queues, cpu);
		queue->nic = nic;
		__skb_queue_head_init(&queue->skbs);
		netif_napi_add(sio_be_napi_dev, &queue->napi, sio_be_net_poll);
		napi_enable(&queue->napi);
	}
}

/**
 * sio_be_net_stop() - drop what waits, and stop
 * @nic: its port is detached, a grace period has passed
 *
 * Context: process, may sleep.
 */
void sio_be_net_stop(struct sio_be_nic *nic)
{
	struct sio_be_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(nic->queues, cpu);
		napi_disable(&queue->napi);
		netif_napi_del(&queue->napi);
		__skb_queue_purge(&queue->skbs);
		kfree_skb(queue->batch.skb);
		queue->batch.skb = NULL;
	}
	/* NAPI contexts are found under rcu_read_lock() */
	synchronize_net();
}

/**
 * sio_be_net_init() - what all NICs share
 *
 * Return: 0 or -ENOMEM.
 */
int sio_be_net_init(void)
{
	sio_be_napi_dev = sio_alloc_netdev_dummy();
	return sio_be_napi_dev ? 0 : -ENOMEM;
}

/**
 * sio_be_net_exit() - let go of it; no NIC may be left
 */
void sio_be_net_exit(void)
{
	sio_free_netdev_dummy(sio_be_napi_dev);
}
