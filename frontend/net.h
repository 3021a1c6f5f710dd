/* SPDX-License-Identifier: GPL-2.0 */
/* A virtual NIC: a net device whose other side is a session. */
#ifndef SIO_FE_NET_H
#define SIO_FE_NET_H

#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/gro_cells.h>

#include "proto/session.h"
#include "proto/wire.h"

struct sio_fe_dev;

/* Least a TSO packet may be limited to; the core spreads it over messages */
#define SIO_FE_TSO_MIN		4096U

/* Longest packet, with Ethernet header, that one message holds */
#define SIO_FE_TSO_MAX		(SIO_MSG_LEN_MAX - (u32)SIO_PACKET_HDR_LEN)

/* Range of the MTU of a virtual NIC, in bytes */
#define SIO_FE_MTU_MIN		68
#define SIO_FE_MTU_MAX		65000

/**
 * struct sio_fe_queue - a transmit queue of a virtual NIC
 * @txq: the stack's
 * @batch: small packets that leave together; under @txq's lock
 * @lock: protects the completing side of @txq's byte limit
 * @busy: times there was no room; under @txq's lock
 */
struct sio_fe_queue {
	struct netdev_queue *txq;
	struct sio_batch batch;
	spinlock_t lock;	/* protects the completing side of txq->dql */
	u64 busy;
} ____cacheline_aligned_in_smp;

/**
 * struct sio_fe_nic - a virtual NIC, private part of its net device
 * @dev: the device; held
 * @sess: @dev's, for the fast path
 * @offloads: SIO_NIC bits the peer can finish; READ_ONCE()
 * @mtu_max: the peer's port's MTU in bytes; READ_ONCE()
 * @follow_work: has the net device follow these two, and the session
 * @gro: received packets are put together here
 * @nr_vlans: bits set in @vlans; rtnl
 * @vlans: ids to receive; rtnl
 * @nr_queues: entries of @queues
 * @queues: to transmit
 */
struct sio_fe_nic {
	struct sio_fe_dev *dev;
	struct sio_session *sess;
	u32 offloads;
	u32 mtu_max;
	struct work_struct follow_work;
	struct gro_cells gro;
	unsigned int nr_vlans;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	unsigned int nr_queues;
	struct sio_fe_queue queues[];
};

/* net.c */
extern struct notifier_block sio_fe_net_notifier;

int sio_fe_net_create(struct sio_fe_dev *dev, const struct sio_rec_dev *rec);
void sio_fe_net_update(struct sio_fe_dev *dev, const struct sio_rec_dev *rec);
void sio_fe_net_rename(struct sio_fe_dev *dev, u32 handle, u32 gen);
void sio_fe_net_state(struct sio_fe_dev *dev, bool is_up);
void sio_fe_net_follow(struct sio_fe_dev *dev);
u32 sio_fe_net_denied(const struct sio_fe_dev *dev);
void sio_fe_net_unregister(struct sio_fe_dev *dev);
void sio_fe_net_free(struct sio_fe_dev *dev);

/* net_path.c */
netdev_tx_t sio_fe_net_xmit(struct sk_buff *skb, struct net_device *netdev);
int sio_fe_net_open_queues(struct sio_fe_nic *nic);
void sio_fe_net_close_queues(struct sio_fe_nic *nic);
void sio_fe_net_rx_packet(struct sio_session *sess, u32 handle, u32 gen,
			  struct sk_buff *skb);
void sio_fe_net_tx_wake(struct sio_fe_dev *dev);
void sio_fe_net_tx_done(void *cookie, u32 packets, u32 bytes);

/* net_mode.c */
void sio_fe_mode_init(struct sio_fe_dev *dev);
void sio_fe_mode_kick(struct sio_fe_dev *dev);
void sio_fe_mode_stop(struct sio_fe_dev *dev);

/* net_ethtool.c */
extern const struct ethtool_ops sio_fe_net_ethtool_ops;

#endif /* SIO_FE_NET_H */
