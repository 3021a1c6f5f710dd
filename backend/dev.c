// SPDX-License-Identifier: GPL-2.0
/* Devices of guests: made, announced, shown, taken away. */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/uuid.h>

#include "be.h"
#include "proto/hdr.h"

/**
 * sio_be_nic_set_state() - note where a NIC stands
 * @nic: held
 * @state: new state
 * @err: positive errno to go with it
 *
 * Context: any but hard interrupt.
 */
void sio_be_nic_set_state(struct sio_be_nic *nic, enum sio_dev_state state,
			  u32 err)
{
	spin_lock_bh(&nic->lock);
	nic->state = state;
	nic->errno = err;
	spin_unlock_bh(&nic->lock);
}

static void sio_be_nic_free_rcu(struct rcu_head *rcu)
{
	struct sio_be_nic *nic = container_of(rcu, struct sio_be_nic, rcu);

	sio_session_put(&nic->guest->s);
	kvfree(nic->applied);
	free_percpu(nic->queues);
	free_percpu(nic->stats);
	kfree(nic);
}

static void sio_be_nic_release(struct kref *ref)
{
	struct sio_be_nic *nic = container_of(ref, struct sio_be_nic, ref);

	call_rcu(&nic->rcu, sio_be_nic_free_rcu);
}

/**
 * sio_be_nic_put() - drop a reference
 * @nic: not to be used any more by the caller
 */
void sio_be_nic_put(struct sio_be_nic *nic)
{
	kref_put(&nic->ref, sio_be_nic_release);
}

/**
 * sio_be_nic_find() - look up a NIC of a guest
 * @guest: known
 * @name: of the NIC
 *
 * Context: sio_be_mutex is held.
 * Return: the NIC or NULL.
 */
struct sio_be_nic *sio_be_nic_find(struct sio_be_guest *guest,
				   const char *name)
{
	struct sio_be_nic *nic;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	xa_for_each(&guest->devs, id, nic)
		if (!strcmp(nic->name, name))
			return nic;
	return NULL;
}

static struct sio_be_nic *sio_be_nic_find_uuid(struct sio_be_guest *guest,
					       const u8 *uuid)
{
	struct sio_be_nic *nic;
	unsigned long id;

	lockdep_assert_held(&sio_be_mutex);
	xa_for_each(&guest->devs, id, nic)
		if (!memcmp(nic->uuid, uuid, SIO_UUID_LEN))
			return nic;
	return NULL;
}

/* Transmit queues worth having in a guest */
static u32 sio_be_nic_queues(void)
{
	return min_t(u32, num_online_cpus(), SIO_FLOWS_MAX);
}

static void sio_be_nic_rec(const struct sio_be_nic *nic,
			   struct sio_rec_dev *rec)
{
	const struct net_device *port;

	memset(rec, 0, sizeof(*rec));
	sio_rec_init(&rec->rec, SIO_REC_DEV, sizeof(*rec));
	rec->dev = cpu_to_le32(nic->id);
	rec->gen = cpu_to_le32(nic->gen);
	rec->dev_type = SIO_DEV_NIC;
	rec->queues = cpu_to_le16(sio_be_nic_queues());
	rec->mtu = cpu_to_le32(READ_ONCE(nic->mtu));
	rec->offloads = cpu_to_le32(SIO_NIC_ALL);
	ether_addr_copy(rec->mac, nic->mac);
	if (READ_ONCE(nic->any_mac))
		rec->flags = cpu_to_le16(SIO_DEV_F_ANY_MAC);
	memcpy(rec->name, nic->name, sizeof(rec->name));
	memcpy(rec->uuid, nic->uuid, sizeof(rec->uuid));
	rcu_read_lock();
	port = rcu_dereference(nic->port);
	rec->carrier = port && netif_running(port) && netif_carrier_ok(port);
	rcu_read_unlock();
}

/* What the guest made of a NIC; one without a port stays failed */
static void sio_be_nic_answer(struct sio_be_nic *nic, u32 err)
{
	enum sio_dev_state state = SIO_DEV_STATE_READY;
	bool is_new;

	if (err)
		state = SIO_DEV_STATE_FAILED;
	else if (!sio_session_is_up(&nic->guest->s))
		state = SIO_DEV_STATE_PAUSED;
	spin_lock_bh(&nic->lock);
	is_new = rcu_access_pointer(nic->port) &&
		 (nic->state != state || nic->errno != err);
	if (is_new) {
		nic->state = state;
		nic->errno = err;
		nic->was_ready = !err;
	}
	spin_unlock_bh(&nic->lock);
	if (is_new)
		sio_be_event_nic(nic, SIO_EVENT_DEV_SET);
}

static void sio_be_dev_status(struct sio_be_guest *guest,
			      const struct sio_rec_dev_status *status)
{
	struct sio_be_nic *nic;

	rcu_read_lock();
	nic = xa_load(&guest->devs, le32_to_cpu(status->dev));
	if (nic && nic->gen == le32_to_cpu(status->gen))
		sio_be_nic_answer(nic, le32_to_cpu(status->status));
	rcu_read_unlock();
}

/* The guest refused the whole list, so it has none of what waits in it */
static void sio_be_dev_refused(struct sio_be_guest *guest, u32 err)
{
	struct sio_be_nic *nic;
	unsigned long id;

	rcu_read_lock();
	xa_for_each(&guest->devs, id, nic)
		if (READ_ONCE(nic->state) == SIO_DEV_STATE_ANNOUNCED)
			sio_be_nic_answer(nic, err);
	rcu_read_unlock();
}

static void __sio_be_dev_announced(struct sio_be_nic *nic)
{
	spin_lock_bh(&nic->lock);
	if (nic->state != SIO_DEV_STATE_READY &&
	    rcu_access_pointer(nic->port))
		nic->state = SIO_DEV_STATE_ANNOUNCED;
	spin_unlock_bh(&nic->lock);
}

static void sio_be_dev_done(struct sio_session *sess, void *priv, int err,
			    const void *body, u32 len);
static void sio_be_dev_tell(struct sio_be_guest *guest);

/* What the guest has to hear, or NULL; what changes meanwhile is told later */
static struct sio_ctl_req *__sio_be_dev_list(struct sio_be_guest *guest)
{
	bool is_all = guest->is_stale;
	struct sio_rec_dev *rec;
	struct sio_ctl_req *req;
	struct sio_be_nic *nic;
	unsigned long id;
	u32 nr = 0;

	lockdep_assert_held(&guest->tell_mutex);
	rcu_read_lock();
	xa_for_each(&guest->devs, id, nic)
		nr += is_all || nic->is_stale;
	rcu_read_unlock();
	if (!nr && !is_all)
		return NULL;
	nr = min_t(u32, nr, SIO_BE_DEVS_MAX);
	req = sio_ctl_alloc(SIO_CTL_DEVS, is_all, nr * sizeof(*rec),
			    GFP_KERNEL);
	if (!req)
		return NULL;
	rec = (struct sio_rec_dev *)req->body;
	rcu_read_lock();
	xa_for_each(&guest->devs, id, nic) {
		if (!is_all && !nic->is_stale)
			continue;
		if (!nr--)
			break;
		nic->is_stale = false;
		sio_be_nic_rec(nic, rec++);
		__sio_be_dev_announced(nic);
	}
	rcu_read_unlock();
	guest->is_stale = false;
	req->len = (u8 *)rec - req->body;
	req->done = sio_be_dev_done;
	return req;
}

/* The guest's answer to a list of its devices */
static void sio_be_dev_done(struct sio_session *sess, void *priv, int err,
			    const void *body, u32 len)
{
	struct sio_be_guest *guest = container_of(sess, struct sio_be_guest, s);
	const struct sio_rec_hdr *rec;
	u32 pos = 0;

	if (err == -ENOTCONN)	/* closed: nothing more is ever told */
		return;
	if (err)
		sio_be_dev_refused(guest, -err);
	while (!err && (rec = sio_rec_next(body, len, &pos)))
		if (rec->type == SIO_REC_DEV_STATUS)
			sio_be_dev_status(guest,
					  (const struct sio_rec_dev_status *)
					  rec);
	mutex_lock(&guest->tell_mutex);
	guest->is_told = false;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/*
 * One list is on its way at a time, so that a lost one that is sent again
 * cannot undo a newer one. It is sent without the mutex, as a request to a
 * session that is being closed ends at once.
 */
static void sio_be_dev_tell(struct sio_be_guest *guest)
{
	struct sio_ctl_req *req = NULL;

	mutex_lock(&guest->tell_mutex);
	if (!guest->is_told && sio_session_is_up(&guest->s))
		req = __sio_be_dev_list(guest);
	guest->is_told |= !!req;
	mutex_unlock(&guest->tell_mutex);
	if (req)
		sio_ctl_submit(&guest->s, req);
}

/**
 * sio_be_dev_announce_all() - tell a guest what devices it has
 * @guest: held; it came, or lost a device
 *
 * A guest that is not there is told when it comes.
 *
 * Context: process, may sleep; rtnl may be held.
 */
void sio_be_dev_announce_all(struct sio_be_guest *guest)
{
	mutex_lock(&guest->tell_mutex);
	guest->is_stale = true;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/**
 * sio_be_nic_announce() - tell a guest of a NIC that is new or has changed
 * @nic: held
 *
 * Context: process, may sleep; rtnl may be held.
 */
void sio_be_nic_announce(struct sio_be_nic *nic)
{
	struct sio_be_guest *guest = nic->guest;

	mutex_lock(&guest->tell_mutex);
	nic->is_stale = true;
	mutex_unlock(&guest->tell_mutex);
	sio_be_dev_tell(guest);
}

/**
 * sio_be_dev_withdraw() - tell a guest that is about to go of no device
 * @guest: has no device any more; its session is not closed yet
 *
 * Waits SIO_GOODBYE_MS for the answer.
 *
 * Context: process, may sleep, without rtnl.
 */
void sio_be_dev_withdraw(struct sio_be_guest *guest)
{
	struct sio_ctl_req *req;

	if (!sio_session_is_up(&guest->s))
		return;
	req = sio_ctl_alloc(SIO_CTL_DEVS, 1, 0, GFP_KERNEL);
	if (req)
		sio_ctl_call(&guest->s, req, SIO_GOODBYE_MS);
}

/**
 * sio_be_dev_pause_all() - a guest is gone
 * @guest: its session is not up
 *
 * Context: process.
 */
void sio_be_dev_pause_all(struct sio_be_guest *guest)
{
	struct sio_be_nic *nic;
	unsigned long id;
	bool is_new;

	rcu_read_lock();
	xa_for_each(&guest->devs, id, nic) {
		spin_lock_bh(&nic->lock);
		is_new = nic->state == SIO_DEV_STATE_READY ||
			 nic->state == SIO_DEV_STATE_ANNOUNCED;
		if (is_new)
			nic->state = nic->was_ready ? SIO_DEV_STATE_PAUSED :
						      SIO_DEV_STATE_WAITING;
		spin_unlock_bh(&nic->lock);
		if (is_new)
			sio_be_event_nic(nic, SIO_EVENT_DEV_SET);
	}
	rcu_read_unlock();
}

static struct sio_be_nic *
sio_be_nic_alloc(struct sio_be_guest *guest,
		 const struct sio_be_nic_param *param)
{
	struct sio_be_nic *nic = kzalloc(sizeof(*nic), GFP_KERNEL);

	if (!nic)
		return NULL;
	nic->applied = kvzalloc(sizeof(*nic->applied), GFP_KERNEL);
	nic->queues = alloc_percpu(struct sio_be_queue);
	nic->stats = alloc_percpu(struct sio_be_stats);
	if (!nic->applied || !nic->queues || !nic->stats) {
		kvfree(nic->applied);
		free_percpu(nic->queues);
		free_percpu(nic->stats);
		kfree(nic);
		return NULL;
	}
	sio_session_get(&guest->s);
	nic->guest = guest;
	kref_init(&nic->ref);
	spin_lock_init(&nic->lock);
	INIT_LIST_HEAD(&nic->node);
	sio_be_mode_init(nic);
	nic->state = SIO_DEV_STATE_WAITING;
	strscpy(nic->name, param->name, sizeof(nic->name));
	memcpy(nic->uuid, param->uuid, sizeof(nic->uuid));
	if (!memchr_inv(nic->uuid, 0, sizeof(nic->uuid)))
		generate_random_uuid(nic->uuid);
	ether_addr_copy(nic->mac, param->mac);
	nic->mtu_asked = param->mtu;
	nic->any_mac = param->any_mac;
	nic->port_made = param->port_made;
	nic->gen = get_random_u32() | 1;
	return nic;
}

/**
 * sio_be_nic_create() - give a guest a NIC, whether it is there or not
 * @guest: known
 * @param: what it shall be
 * @extack: gets a sentence on refusal
 *
 * Context: sio_be_mutex is held.
 * Return: the NIC, valid as long as the mutex is held, or an ERR_PTR.
 */
struct sio_be_nic *sio_be_nic_create(struct sio_be_guest *guest,
				     const struct sio_be_nic_param *param,
				     struct netlink_ext_ack *extack)
{
	struct sio_be_nic *nic;
	int err;

	lockdep_assert_held(&sio_be_mutex);
	if (sio_be_nic_find(guest, param->name)) {
		NL_SET_ERR_MSG(extack,
			       "The guest has a device of this name already");
		return ERR_PTR(-EEXIST);
	}
	nic = sio_be_nic_find_uuid(guest, param->uuid);
	if (nic) {
		NL_SET_ERR_MSG_FMT(extack, "The UUID belongs to %s/%s already",
				   guest->s.name, nic->name);
		return ERR_PTR(-EEXIST);
	}
	if (guest->nr_devs >= SIO_BE_DEVS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "A guest has at most %u devices",
				   (unsigned int)SIO_BE_DEVS_MAX);
		return ERR_PTR(-ENOSPC);
	}
	nic = sio_be_nic_alloc(guest, param);
	if (!nic)
		return ERR_PTR(-ENOMEM);
	sio_be_net_start(nic);
	/* a handle first, as the port's hook may run at once; who looks for
	 * it finds the NIC only when it is whole
	 */
	err = xa_alloc(&guest->devs, &nic->id, NULL, xa_limit_31b, GFP_KERNEL);
	if (err)
		goto err_stop;
	err = sio_be_port_attach(nic, param->port_ifindex,
				 !is_zero_ether_addr(param->mac), extack);
	if (err)
		goto err_erase;
	/* a list being made has counted how many will be in it */
	mutex_lock(&guest->tell_mutex);
	xa_store(&guest->devs, nic->id, nic, GFP_KERNEL);	/* has room */
	mutex_unlock(&guest->tell_mutex);
	guest->nr_devs++;
	sio_be_nic_announce(nic);
	return nic;

err_erase:
	xa_release(&guest->devs, nic->id);
err_stop:
	sio_be_net_stop(nic);
	sio_be_nic_put(nic);
	return ERR_PTR(err);
}

/**
 * sio_be_nic_destroy() - take a NIC away
 * @nic: of a guest
 *
 * The port is free when this returns.
 *
 * Context: sio_be_mutex is held.
 */
void sio_be_nic_destroy(struct sio_be_nic *nic)
{
	lockdep_assert_held(&sio_be_mutex);
	sio_be_nic_set_state(nic, SIO_DEV_STATE_REMOVING, 0);
	/* unpublish */
	xa_erase(&nic->guest->devs, nic->id);
	nic->guest->nr_devs--;
	sio_be_dev_announce_all(nic->guest);
	/* no packet comes from the port, and then none is on its way */
	sio_be_port_detach(nic);
	sio_be_mode_stop(nic);
	sio_be_net_stop(nic);
	sio_be_event_nic(nic, SIO_EVENT_DEV_DEL);
	sio_be_nic_put(nic);
}

static int sio_be_nic_fill_stats(struct sk_buff *skb,
				 const struct sio_be_nic *nic)
{
	static const struct {
		const char *name;
		size_t offset;
	} stats[] = {
		{ "rx_packets", offsetof(struct sio_be_stats, rx_packets) },
		{ "rx_bytes", offsetof(struct sio_be_stats, rx_bytes) },
		{ "tx_packets", offsetof(struct sio_be_stats, tx_packets) },
		{ "tx_bytes", offsetof(struct sio_be_stats, tx_bytes) },
		{ "drop_spoof", offsetof(struct sio_be_stats, drop_spoof) },
		{ "drop_port", offsetof(struct sio_be_stats, drop_port) },
		{ "drop_closed", offsetof(struct sio_be_stats, drop_closed) },
		{ "drop_window", offsetof(struct sio_be_stats, drop_window) },
	};
	unsigned int i;
	int cpu, err;
	u64 sum;

	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += *(u64 *)((void *)per_cpu_ptr(nic->stats, cpu) +
					stats[i].offset);
		err = sio_stats_fill_one(skb, SIO_A_DEV_STAT, stats[i].name,
					 sum);
		if (err)
			return err;
	}
	return 0;
}

static int __sio_be_nic_fill(struct sk_buff *skb, const struct sio_be_nic *nic)
{
	const struct net_device *port;
	bool carrier = false;

	rcu_read_lock();
	port = rcu_dereference(nic->port);
	if (port)
		carrier = netif_running(port) && netif_carrier_ok(port) &&
			  sio_session_is_up(&nic->guest->s);
	rcu_read_unlock();
	if (nla_put_string(skb, SIO_A_DEV_GUEST, nic->guest->s.name) ||
	    nla_put_string(skb, SIO_A_DEV_NAME, nic->name) ||
	    nla_put_u8(skb, SIO_A_DEV_TYPE, SIO_DEV_NIC) ||
	    nla_put_u32(skb, SIO_A_DEV_STATE, READ_ONCE(nic->state)) ||
	    nla_put_u32(skb, SIO_A_DEV_ERRNO, READ_ONCE(nic->errno)) ||
	    nla_put_u32(skb, SIO_A_DEV_ID, nic->id) ||
	    nla_put_u32(skb, SIO_A_DEV_GEN, nic->gen) ||
	    nla_put(skb, SIO_A_DEV_UUID, SIO_UUID_LEN, nic->uuid) ||
	    nla_put_u32(skb, SIO_A_DEV_IFINDEX, nic->port_ifindex) ||
	    nla_put_string(skb, SIO_A_DEV_IFNAME, nic->port_name) ||
	    nla_put(skb, SIO_A_DEV_MAC, ETH_ALEN, nic->mac) ||
	    nla_put_u32(skb, SIO_A_DEV_MTU, READ_ONCE(nic->mtu)) ||
	    nla_put_u8(skb, SIO_A_DEV_CARRIER, carrier) ||
	    nla_put_u8(skb, SIO_A_DEV_OPEN, READ_ONCE(nic->is_open)) ||
	    nla_put_u8(skb, SIO_A_DEV_PORT_MADE, nic->port_made) ||
	    nla_put_u8(skb, SIO_A_DEV_ANY_MAC, READ_ONCE(nic->any_mac)) ||
	    nla_put_u32(skb, SIO_A_DEV_DENIED, READ_ONCE(nic->denied)) ||
	    nla_put_u32(skb, SIO_A_DEV_QUEUES, sio_be_nic_queues()))
		return -EMSGSIZE;
	return sio_be_nic_fill_stats(skb, nic);
}

/**
 * sio_be_nic_fill() - describe a NIC in a netlink message
 * @skb: the message
 * @attr: type of the nest, whose inside is enum sio_a_dev
 * @nic: held
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_be_nic_fill(struct sk_buff *skb, int attr,
		    const struct sio_be_nic *nic)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = __sio_be_nic_fill(skb, nic);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
