/* SPDX-License-Identifier: GPL-2.0 */
/* A link, a session and a flow to test with, and the far side played by hand. */
#ifndef SIO_FIXTURE_H
#define SIO_FIXTURE_H

#include <kunit/test.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "nic.h"
#include "proto/flow.h"
#include "proto/session.h"

#define SIO_FX_LADDR	cpu_to_be32(0x0a580001)	/* 10.88.0.1 */
#define SIO_FX_RADDR	cpu_to_be32(0x0a580002)
#define SIO_FX_LPORT	cpu_to_be16(SIO_PORT_DEFAULT)
#define SIO_FX_RPORT	cpu_to_be16(40000)
#define SIO_FX_MTU	SIO_NIC_MTU
#define SIO_FX_MSS	(SIO_FX_MTU - SIO_FRAME_HDR_LEN)
#define SIO_FX_NAME	"vm1"

/* Own and far initial sequence numbers: they wrap within the first message */
#define SIO_FX_ISN	0xffffffc0
#define SIO_FX_TS0	0x10000000
#define SIO_FX_FAR_ISN	0xffffff00
#define SIO_FX_FAR_TS0	0x20000000

#define SIO_FX_EPOCH	5
#define SIO_FX_DEV	3
#define SIO_FX_GEN	7
#define SIO_FX_PEER_ID	0xa1
#define SIO_FX_BOOT_ID	0xb1

/**
 * struct sio_fx - one test's things
 * @test: whose they are
 * @dev: keeps what is sent
 * @link: on @dev
 * @sess: with @ops of the fixture; neither its work items nor its flow's run
 *	by themselves
 * @flow: held; NULL before sio_fx_flow()
 * @rport: the other side's port of the next sio_fx_flow()
 * @far: sending half of the other side
 * @sent: TCP frames @dev was given, data at the Ethernet header
 * @last: the one sio_fx_next() took out of there
 * @packets: what ops->rx_packet() was given
 * @rx_dev: with which device
 * @rx_gen: and which generation
 * @nr_states: calls of ops->state()
 * @nr_wakes: calls of ops->tx_wake()
 * @done_cookie: last argument of ops->tx_done()
 * @done_packets: sum of what ops->tx_done() told
 * @done_bytes: likewise
 * @nr_ctls: calls of ops->ctl()
 * @ctl_op: last argument of ops->ctl()
 * @ctl_arg: likewise
 * @ctl_len: likewise
 * @ctl_status: what ops->ctl() returns
 * @ctl_reply: how many bytes it answers
 * @is_released: ops->release() was called
 */
struct sio_fx {
	struct kunit *test;
	struct net_device *dev;
	struct sio_link *link;
	struct sio_session sess;
	struct sio_flow *flow;
	__be16 rport;
	struct sio_seq_tx far;
	struct sk_buff_head *sent;
	struct sk_buff *last;
	struct sk_buff_head packets;
	u32 rx_dev;
	u32 rx_gen;
	unsigned int nr_states;
	unsigned int nr_wakes;
	void *done_cookie;
	u32 done_packets;
	u32 done_bytes;
	unsigned int nr_ctls;
	u16 ctl_op;
	u16 ctl_arg;
	u32 ctl_len;
	int ctl_status;
	u32 ctl_reply;
	bool is_released;
};

int sio_fx_init(struct kunit *test);
void sio_fx_exit(struct kunit *test);

void sio_fx_quiet(struct sio_flow *flow);
void sio_fx_hold(struct sio_fx *fx, struct sio_flow *flow);
struct sio_flow *sio_fx_flow(struct sio_fx *fx, bool is_dialer);
void sio_fx_hello_info(struct sio_hello_info *info);
void sio_fx_keys(struct sio_flow *flow);
void sio_fx_up(struct sio_fx *fx, bool is_guest);

u64 sio_fx_count(const struct sio_fx *fx, enum sio_cnt cnt);
u64 sio_fx_link_count(const struct sio_fx *fx, enum sio_cnt cnt);

struct sio_seg sio_fx_seg(const struct sio_fx *fx, u8 flags, u32 len);
struct sk_buff *sio_fx_frame(struct sio_fx *fx, const struct sio_seg *seg,
			     const void *payload);
unsigned int sio_fx_hook(struct sio_fx *fx, struct sk_buff *skb);
void sio_fx_rx(struct sio_fx *fx, const struct sio_seg *seg,
	       const void *payload);
struct sio_msg_hdr *sio_fx_msg(struct sio_fx *fx, u8 type, u32 body_len);
void sio_fx_rx_msg(struct sio_fx *fx, struct sio_msg_hdr *msg);
void sio_fx_rx_slow(struct sio_fx *fx, u8 type, const void *body, u32 len);
struct sio_msg_hdr *sio_fx_packet_msg(struct sio_fx *fx, u32 len);
bool sio_fx_timer(struct sio_flow *flow);

struct sk_buff *sio_fx_next(struct sio_fx *fx, struct sio_seg *seg);
struct sio_msg_hdr *sio_fx_next_msg(struct sio_fx *fx);
void sio_fx_left(struct sio_fx *fx);

#endif /* SIO_FIXTURE_H */
