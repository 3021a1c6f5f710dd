// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows of a virtual NIC. */
#include <linux/ethtool.h>
#include <linux/module.h>

#include "fe.h"
#include "net.h"

/* Counters of a NIC beside its session's */
enum sio_fe_nic_cnt {
	SIO_FE_NIC_TX_BUSY,
	SIO_FE_NIC_MODE_SENT,
	SIO_FE_NIC_MODE_FAILED,

	SIO_FE_NIC_NR
};

static const char * const sio_fe_nic_names[] = {
	[SIO_FE_NIC_TX_BUSY]		= "nic_tx_busy",
	[SIO_FE_NIC_MODE_SENT]		= "nic_mode_sent",
	[SIO_FE_NIC_MODE_FAILED]	= "nic_mode_failed",
};

static_assert(ARRAY_SIZE(sio_fe_nic_names) == SIO_FE_NIC_NR);

/* The first of the session's counters is no counter */
#define SIO_FE_NR_STATS		(SIO_FE_NIC_NR + SIO_CNT_NR - 1)

static void sio_fe_ethtool_drvinfo(struct net_device *netdev,
				   struct ethtool_drvinfo *info)
{
	const struct sio_fe_nic *nic = netdev_priv(netdev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version, sizeof(info->version));
	strscpy(info->bus_info, nic->sess->name, sizeof(info->bus_info));
}

static void sio_fe_ethtool_channels(struct net_device *netdev,
				    struct ethtool_channels *ch)
{
	ch->max_tx = netdev->num_tx_queues;
	ch->tx_count = netdev->real_num_tx_queues;
	ch->max_rx = netdev->num_rx_queues;
	ch->rx_count = netdev->real_num_rx_queues;
}

static int sio_fe_ethtool_link_ksettings(struct net_device *netdev,
					 struct ethtool_link_ksettings *ks)
{
	ks->base.speed = SPEED_UNKNOWN;
	ks->base.duplex = DUPLEX_FULL;
	ks->base.port = PORT_OTHER;
	ks->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static int sio_fe_ethtool_sset_count(struct net_device *netdev, int sset)
{
	return sset == ETH_SS_STATS ? SIO_FE_NR_STATS : -EOPNOTSUPP;
}

static void sio_fe_ethtool_strings(struct net_device *netdev, u32 sset,
				   u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	memset(data, 0, SIO_FE_NR_STATS * ETH_GSTRING_LEN);
	for (i = 0; i < SIO_FE_NIC_NR; i++)
		strscpy(data + i * ETH_GSTRING_LEN, sio_fe_nic_names[i],
			ETH_GSTRING_LEN);
	/* the session's begin with its counter 1 */
	data += (SIO_FE_NIC_NR - 1) * ETH_GSTRING_LEN;
	for (i = SIO_CNT_NONE + 1; i < SIO_CNT_NR; i++)
		strscpy(data + i * ETH_GSTRING_LEN, sio_stats_name(i),
			ETH_GSTRING_LEN);
}

static void sio_fe_ethtool_stats(struct net_device *netdev,
				 struct ethtool_stats *stats, u64 *data)
{
	const struct sio_fe_nic *nic = netdev_priv(netdev);
	unsigned int i;

	memset(data, 0, SIO_FE_NIC_NR * sizeof(*data));
	for (i = 0; i < nic->nr_queues; i++)
		data[SIO_FE_NIC_TX_BUSY] += READ_ONCE(nic->queues[i].busy);
	data[SIO_FE_NIC_MODE_SENT] = READ_ONCE(nic->dev->mode_sent);
	data[SIO_FE_NIC_MODE_FAILED] = READ_ONCE(nic->dev->mode_failed);
	data += SIO_FE_NIC_NR;
	for (i = SIO_CNT_NONE + 1; i < SIO_CNT_NR; i++)
		*data++ = sio_stats_sum(nic->sess->stats, i);
}

const struct ethtool_ops sio_fe_net_ethtool_ops = {
	.get_drvinfo		= sio_fe_ethtool_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_channels		= sio_fe_ethtool_channels,
	.get_link_ksettings	= sio_fe_ethtool_link_ksettings,
	.get_sset_count		= sio_fe_ethtool_sset_count,
	.get_strings		= sio_fe_ethtool_strings,
	.get_ethtool_stats	= sio_fe_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
};
