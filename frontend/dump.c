// SPDX-License-Identifier: GPL-2.0
/* Lists of sessions, devices, workers and links, in as many messages as it takes. */
#include <net/netlink.h>

#include <splitio/fe.h>

#include "fe.h"
#include "proto/link.h"
#include "proto/netlink.h"

/**
 * sio_fe_dump_sessions() - answer with all sessions
 * @skb: message of the dump
 * @cb: args[0]: id of the last session done
 *
 * Return: as a dump does.
 */
int sio_fe_dump_sessions(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sio_fe_net *fe_net = sio_fe_net_of(sock_net(skb->sk));
	struct sio_fe_sess *sess;
	int err = 0;
	void *hdr;

	mutex_lock(&sio_fe_mutex);
	list_for_each_entry(sess, &fe_net->sessions, node) {
		if (sess->id <= (unsigned long)cb->args[0])
			continue;
		err = -EMSGSIZE;
		hdr = sio_nl_dump_new(&sio_fe_nl, skb, cb,
				      SIO_FE_CMD_SESSION_GET);
		if (!hdr)
			break;
		err = sio_session_fill(skb, SIO_FE_A_SESSION, &sess->s);
		if (sio_nl_dump_entry(skb, hdr, err))
			break;
		cb->args[0] = sess->id;
	}
	mutex_unlock(&sio_fe_mutex);
	return sio_nl_dump_end(skb, err);
}

static int sio_fe_worker_nest(struct sk_buff *skb, struct sio_fe_dev *dev,
			      unsigned int nr)
{
	struct nlattr *nest = nla_nest_start(skb, SIO_FE_A_WORKER);

	if (!nest)
		return -EMSGSIZE;
	if (sio_fe_dev_fill_worker(skb, dev, nr)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * sio_fe_dev_nest() - put a device into a message
 * @skb: message of a dump or event
 * @dev: its session's mutex is held
 *
 * Return: 0 or -EMSGSIZE.
 */
int sio_fe_dev_nest(struct sk_buff *skb, struct sio_fe_dev *dev)
{
	struct nlattr *nest = nla_nest_start(skb, SIO_FE_A_DEVICE);

	if (!nest)
		return -EMSGSIZE;
	if (sio_fe_dev_fill(skb, dev)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* A disk that is not there, but for which there is a policy */
static int sio_fe_policy_nest(struct sk_buff *skb,
			      const struct sio_fe_sess *sess,
			      const struct sio_fe_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, SIO_FE_A_DEVICE);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, SIO_A_DEV_GUEST, sess->s.name) ||
	    nla_put_string(skb, SIO_A_DEV_NAME, policy->name) ||
	    nla_put_u8(skb, SIO_A_DEV_TYPE, SIO_DEV_BLK) ||
	    nla_put_u32(skb, SIO_A_DEV_STATE, SIO_DEV_STATE_WAITING) ||
	    nla_put_u8(skb, SIO_A_DEV_ON_LOSS, policy->on_loss) ||
	    nla_put_u32(skb, SIO_A_DEV_ON_LOSS_S, policy->on_loss_s)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* args[3]: number of the policy done last, when part of the session is done */
static int sio_fe_dump_policies(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct sio_fe_sess *sess)
{
	const struct sio_fe_policy *policy;
	int err = 0;
	void *hdr;

	mutex_lock(&sess->mutex);
	while ((policy = sio_fe_policy_next(sess, cb->args[3]))) {
		err = -EMSGSIZE;
		hdr = sio_nl_dump_new(&sio_fe_nl, skb, cb, SIO_FE_CMD_DEV_GET);
		if (!hdr)
			break;
		err = sio_fe_policy_nest(skb, sess, policy);
		if (sio_nl_dump_entry(skb, hdr, err))
			break;
		cb->args[3] = policy->nr;
	}
	mutex_unlock(&sess->mutex);
	return err;
}

static int sio_fe_dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
			   struct sio_fe_dev *dev)
{
	void *hdr = sio_nl_dump_new(&sio_fe_nl, skb, cb, SIO_FE_CMD_DEV_GET);

	if (!hdr)
		return -EMSGSIZE;
	return sio_nl_dump_entry(skb, hdr, sio_fe_dev_nest(skb, dev));
}

/* One entry for each queue, beginning with args[3], if the device is args[4] */
static int sio_fe_dump_dev_workers(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct sio_fe_dev *dev)
{
	unsigned int nr = cb->args[4] == dev->nr ? cb->args[3] : 0;
	void *hdr;
	int err;

	cb->args[4] = dev->nr;
	for (; nr < dev->ops->nr_workers(dev); nr++) {
		cb->args[3] = nr;
		hdr = sio_nl_dump_new(&sio_fe_nl, skb, cb,
				      SIO_FE_CMD_WORKER_GET);
		if (!hdr)
			return -EMSGSIZE;
		err = sio_fe_worker_nest(skb, dev, nr);
		if (sio_nl_dump_entry(skb, hdr, err))
			return err;
	}
	return 0;
}

/* Puts one device, or as much of it as fits; -EMSGSIZE if that is not all */
typedef int (*sio_fe_dump_fn)(struct sk_buff *skb, struct netlink_callback *cb,
			      struct sio_fe_dev *dev);

/* args[1]: number of the device done last, when part of the session is done */
static int sio_fe_dump_sess(struct sk_buff *skb, struct netlink_callback *cb,
			    struct sio_fe_sess *sess, sio_fe_dump_fn dump)
{
	struct sio_fe_dev *dev;
	int err = 0;

	mutex_lock(&sess->mutex);
	list_for_each_entry(dev, &sess->devs, node) {
		if (dev->nr <= (unsigned long)cb->args[1])
			continue;
		err = dump(skb, cb, dev);
		if (err)
			break;
		cb->args[1] = dev->nr;
	}
	mutex_unlock(&sess->mutex);
	return err;
}

/*
 * args[0]: id of the last session done, args[2]: of the one that is begun; the
 * others are its devices', and are reset with it.
 */
static int sio_fe_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			   sio_fe_dump_fn dump, bool ahead)
{
	const struct nlattr *name = nlmsg_find_attr(cb->nlh, GENL_HDRLEN,
						    SIO_FE_A_NAME);
	struct sio_fe_net *fe_net = sio_fe_net_of(sock_net(skb->sk));
	struct sio_fe_sess *sess;
	int err = 0;

	mutex_lock(&sio_fe_mutex);
	list_for_each_entry(sess, &fe_net->sessions, node) {
		if (sess->id <= (unsigned long)cb->args[0] ||
		    (name && nla_strcmp(name, sess->s.name)))
			continue;
		/* the one begun last time may be gone: another's handles */
		if (cb->args[2] != sess->id) {
			cb->args[1] = 0;
			cb->args[3] = 0;
			cb->args[4] = 0;
		}
		cb->args[2] = sess->id;
		err = sio_fe_dump_sess(skb, cb, sess, dump);
		if (!err && ahead)
			err = sio_fe_dump_policies(skb, cb, sess);
		if (err)
			break;
		cb->args[0] = sess->id;
	}
	mutex_unlock(&sio_fe_mutex);
	return sio_nl_dump_end(skb, err);
}

/**
 * sio_fe_dump_devs() - answer with all devices
 * @skb: message of the dump
 * @cb: args: see sio_fe_dump_all()
 *
 * Return: as a dump does.
 */
int sio_fe_dump_devs(struct sk_buff *skb, struct netlink_callback *cb)
{
	return sio_fe_dump_all(skb, cb, sio_fe_dump_dev,
			       nlmsg_find_attr(cb->nlh, GENL_HDRLEN,
					       SIO_FE_A_AHEAD));
}

/**
 * sio_fe_dump_workers() - answer with what each queue of each device did
 * @skb: message of the dump
 * @cb: args: see sio_fe_dump_all()
 *
 * Return: as a dump does.
 */
int sio_fe_dump_workers(struct sk_buff *skb, struct netlink_callback *cb)
{
	return sio_fe_dump_all(skb, cb, sio_fe_dump_dev_workers, false);
}

static int sio_fe_dump_link(struct sk_buff *skb, struct sio_link *link,
			    void *priv)
{
	void *hdr = sio_nl_dump_new(&sio_fe_nl, skb, priv,
				    SIO_FE_CMD_LINK_GET);

	if (!hdr)
		return -EMSGSIZE;
	return sio_nl_dump_entry(skb, hdr,
				 sio_link_fill(skb, SIO_FE_A_LINK, link));
}

/**
 * sio_fe_dump_links() - answer with all links
 * @skb: message of the dump
 * @cb: args[0]: links done
 *
 * Return: as a dump does.
 */
int sio_fe_dump_links(struct sk_buff *skb, struct netlink_callback *cb)
{
	int skip = cb->args[0], err;

	err = sio_link_dump(skb, sock_net(skb->sk), &skip, sio_fe_dump_link,
			    cb);
	cb->args[0] = skip;
	return sio_nl_dump_end(skb, err);
}
