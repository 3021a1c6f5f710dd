// SPDX-License-Identifier: GPL-2.0
/* Lists of guests, devices, workers and links, in as many messages as it takes. */
#include <linux/cpumask.h>
#include <net/netlink.h>

#include "be.h"
#include "proto/netlink.h"

/**
 * sio_be_dump_guests() - answer with all guests
 * @skb: message of the dump
 * @cb: args[0]: id of the last guest done
 *
 * Return: as a dump does.
 */
int sio_be_dump_guests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sio_be_guest *guest;
	int err = 0;
	void *hdr;

	mutex_lock(&sio_be_mutex);
	while ((guest = sio_be_guest_next(sock_net(skb->sk), cb->args[0]))) {
		err = -EMSGSIZE;
		hdr = sio_nl_dump_new(&sio_be_nl, skb, cb,
				      SIO_BE_CMD_GUEST_GET);
		if (!hdr)
			break;
		err = sio_session_fill(skb, SIO_BE_A_SESSION, &guest->s);
		if (sio_nl_dump_entry(skb, hdr, err))
			break;
		cb->args[0] = guest->id;
	}
	mutex_unlock(&sio_be_mutex);
	return sio_nl_dump_end(skb, err);
}

static int sio_be_dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
			   struct sio_be_dev *dev)
{
	void *hdr = sio_nl_dump_new(&sio_be_nl, skb, cb, SIO_BE_CMD_DEV_GET);

	if (!hdr)
		return -EMSGSIZE;
	return sio_nl_dump_entry(skb, hdr,
				 sio_be_dev_fill(skb, SIO_BE_A_DEVICE, dev));
}

static int sio_be_worker_fill(struct sk_buff *skb, struct sio_be_dev *dev,
			      int cpu)
{
	struct nlattr *nest = nla_nest_start(skb, SIO_BE_A_WORKER);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, SIO_A_WORKER_GUEST, dev->guest->s.name) ||
	    nla_put_string(skb, SIO_A_WORKER_DEV, dev->name) ||
	    nla_put_u8(skb, SIO_A_WORKER_TYPE, dev->ops->type) ||
	    nla_put_u32(skb, SIO_A_WORKER_ID, cpu) ||
	    dev->ops->fill_worker(skb, dev, cpu)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* One entry for each CPU, beginning with args[3] */
static int sio_be_dump_workers_of(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct sio_be_dev *dev)
{
	void *hdr;
	int err;

	for (; cb->args[3] < nr_cpu_ids; cb->args[3]++) {
		if (!cpu_possible(cb->args[3]))
			continue;
		hdr = sio_nl_dump_new(&sio_be_nl, skb, cb,
				      SIO_BE_CMD_WORKER_GET);
		if (!hdr)
			return -EMSGSIZE;
		err = sio_be_worker_fill(skb, dev, cb->args[3]);
		if (sio_nl_dump_entry(skb, hdr, err))
			return err;
	}
	cb->args[3] = 0;
	return 0;
}

/* Puts one device, or as much of it as fits; -EMSGSIZE if that is not all */
typedef int (*sio_be_dump_fn)(struct sk_buff *skb, struct netlink_callback *cb,
			      struct sio_be_dev *dev);

/* The devices of a guest; args[1] is the next handle of the one with args[2] */
static int sio_be_dump_guest(struct sk_buff *skb, struct netlink_callback *cb,
			     struct sio_be_guest *guest, sio_be_dump_fn dump)
{
	struct sio_be_dev *dev;
	unsigned long id;
	int err;

	/* the one begun last time may be gone: another's handles */
	if (cb->args[2] != guest->id)
		cb->args[1] = 0;
	cb->args[2] = guest->id;
	for (id = cb->args[1]; (dev = sio_be_dev_next_get(guest, &id)); id++) {
		if (cb->args[1] != id)	/* and so may the device */
			cb->args[3] = 0;
		cb->args[1] = id;
		err = dump(skb, cb, dev);
		sio_be_dev_put(dev);
		if (err)
			return err;
		cb->args[1] = id + 1;
	}
	return 0;
}

/* args[0]: id of the last guest done */
static int sio_be_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			   sio_be_dump_fn dump)
{
	struct nlattr *tb[SIO_BE_A_MAX + 1];
	struct sio_be_guest *guest;
	int err;

	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, SIO_BE_A_MAX,
			  sio_be_policy, cb->extack);
	if (err)
		return err;
	mutex_lock(&sio_be_mutex);
	while ((guest = sio_be_guest_next(sock_net(skb->sk), cb->args[0]))) {
		if (!tb[SIO_BE_A_GUEST] ||
		    !nla_strcmp(tb[SIO_BE_A_GUEST], guest->s.name))
			err = sio_be_dump_guest(skb, cb, guest, dump);
		if (err)
			break;
		cb->args[0] = guest->id;
	}
	mutex_unlock(&sio_be_mutex);
	return sio_nl_dump_end(skb, err);
}

/**
 * sio_be_dump_devs() - answer with all devices, or those of a guest
 * @skb: message of the dump
 * @cb: as sio_be_dump_all() says
 *
 * Return: as a dump does.
 */
int sio_be_dump_devs(struct sk_buff *skb, struct netlink_callback *cb)
{
	return sio_be_dump_all(skb, cb, sio_be_dump_dev);
}

/**
 * sio_be_dump_workers() - answer with what each CPU did for each device
 * @skb: message of the dump
 * @cb: as sio_be_dump_all() says
 *
 * Return: as a dump does.
 */
int sio_be_dump_workers(struct sk_buff *skb, struct netlink_callback *cb)
{
	return sio_be_dump_all(skb, cb, sio_be_dump_workers_of);
}

static int sio_be_dump_link(struct sk_buff *skb, struct sio_link *link,
			    void *priv)
{
	void *hdr;

	if (!rcu_access_pointer(link->listener))
		return 0;
	hdr = sio_nl_dump_new(&sio_be_nl, skb, priv, SIO_BE_CMD_LINK_GET);
	if (!hdr)
		return -EMSGSIZE;
	return sio_nl_dump_entry(skb, hdr,
				 sio_link_fill(skb, SIO_BE_A_LINK, link));
}

/**
 * sio_be_dump_links() - answer with all links
 * @skb: message of the dump
 * @cb: args[0]: links done
 *
 * Return: as a dump does.
 */
int sio_be_dump_links(struct sk_buff *skb, struct netlink_callback *cb)
{
	int skip = cb->args[0], err;

	err = sio_link_dump(skb, sock_net(skb->sk), &skip, sio_be_dump_link,
			    cb);
	cb->args[0] = skip;
	return sio_nl_dump_end(skb, err);
}
