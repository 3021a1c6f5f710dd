// SPDX-License-Identifier: GPL-2.0
/* What disks do while their session is down, kept by name for those to come. */
#include <linux/slab.h>

#include "fe.h"

static struct sio_fe_policy *sio_fe_policy_find(struct sio_fe_sess *sess,
						const char *name)
{
	struct sio_fe_policy *policy;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry(policy, &sess->policies, node)
		if (!strcmp(policy->name, name))
			return policy;
	return NULL;
}

static void sio_fe_policy_remove(struct sio_fe_sess *sess,
				 struct sio_fe_policy *policy)
{
	list_del(&policy->node);
	sess->nr_policies--;
	kfree(policy);
}

/**
 * sio_fe_policy_set() - keep what a disk is to do while the session is down
 * @sess: its mutex is held
 * @name: of the disk, valid
 * @on_loss: enum sio_on_loss; nothing is kept for SIO_ON_LOSS_WAIT
 * @s: seconds after which requests fail
 *
 * Context: process.
 * Return: 0, -ENOMEM, or -ENOSPC when there are as many as disks can be.
 */
int sio_fe_policy_set(struct sio_fe_sess *sess, const char *name, u8 on_loss,
		      u32 s)
{
	struct sio_fe_policy *policy = sio_fe_policy_find(sess, name);

	if (on_loss == SIO_ON_LOSS_WAIT) {
		if (policy)
			sio_fe_policy_remove(sess, policy);
		return 0;
	}
	if (!policy) {
		if (sess->nr_policies >= SIO_FE_DEVS_MAX)
			return -ENOSPC;
		/* its disk needs the mutex to come back */
		policy = kzalloc(sizeof(*policy), GFP_NOIO);
		if (!policy)
			return -ENOMEM;
		strscpy(policy->name, name, sizeof(policy->name));
		policy->nr = ++sess->last_nr;
		list_add_tail(&policy->node, &sess->policies);
		sess->nr_policies++;
	}
	policy->on_loss = on_loss;
	policy->on_loss_s = s;
	return 0;
}

/**
 * sio_fe_policy_get() - what a new disk is to do while the session is down
 * @sess: its mutex is held
 * @name: of the disk
 * @on_loss: gets enum sio_on_loss
 * @s: gets seconds after which requests fail
 */
void sio_fe_policy_get(struct sio_fe_sess *sess, const char *name, u8 *on_loss,
		       u32 *s)
{
	const struct sio_fe_policy *policy = sio_fe_policy_find(sess, name);

	*on_loss = policy ? policy->on_loss : SIO_ON_LOSS_WAIT;
	*s = policy ? policy->on_loss_s : 0;
}

static bool sio_fe_policy_has_disk(struct sio_fe_sess *sess,
				   const struct sio_fe_policy *policy)
{
	const struct sio_fe_dev *dev;

	list_for_each_entry(dev, &sess->devs, node)
		if (dev->disk && !strcmp(dev->name, policy->name))
			return true;
	return false;
}

/**
 * sio_fe_policy_next() - walk the policies whose disk is not there
 * @sess: its mutex is held
 * @nr: of the one before, 0 for the first
 *
 * Return: the policy, or NULL at the end.
 */
const struct sio_fe_policy *sio_fe_policy_next(struct sio_fe_sess *sess,
					       unsigned long nr)
{
	const struct sio_fe_policy *policy;

	lockdep_assert_held(&sess->mutex);
	list_for_each_entry(policy, &sess->policies, node)
		if (policy->nr > nr && !sio_fe_policy_has_disk(sess, policy))
			return policy;
	return NULL;
}

/**
 * sio_fe_policy_remove_all() - keep nothing
 * @sess: on its way out
 *
 * Context: process.
 */
void sio_fe_policy_remove_all(struct sio_fe_sess *sess)
{
	struct sio_fe_policy *policy, *next;

	mutex_lock(&sess->mutex);
	list_for_each_entry_safe(policy, next, &sess->policies, node)
		sio_fe_policy_remove(sess, policy);
	mutex_unlock(&sess->mutex);
}
