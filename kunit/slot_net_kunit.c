// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/slot.c: both tables, and a network between them. */

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "proto/slot.h"
#include "slot_fix.h"

/* A network that loses, repeats, keeps and reorders, between both tables.
 * Each request is a number of its own; the model counts executions.
 */
#define SIO_SLOT_R_WIRE	32
#define SIO_SLOT_R_REQS	6000

struct sio_slot_pkt {
	u16 slot;
	u32 seq;
	u32 id;
	u32 epoch;
	bool is_answer;
};

struct sio_slot_net {
	struct sio_slot_fix *f;
	struct rnd_state rnd;
	struct sio_slot_pkt wire[SIO_SLOT_R_WIRE];
	struct sio_slot_pkt running[SIO_SLOT_T_NR];
	u8 executed[SIO_SLOT_R_REQS];
	u8 answered[SIO_SLOT_R_REQS];
	u32 epoch;
	u32 nr_fenced;
};

static u32 sio_slot_below(struct sio_slot_net *net, u32 limit)
{
	return prandom_u32_state(&net->rnd) % limit;
}

/* Lands on a random place, over what was there */
static void sio_slot_send(struct sio_slot_net *net, struct sio_slot_pkt pkt)
{
	net->wire[sio_slot_below(net, SIO_SLOT_R_WIRE)] = pkt;
}

static void sio_slot_deliver_request(struct kunit *test,
				     struct sio_slot_net *net,
				     struct sio_slot_pkt pkt)
{
	const u32 *kept;
	u32 len;

	switch (sio_slot_judge(&net->f->s, pkt.slot, pkt.seq)) {
	case SIO_SLOT_EXECUTE:
		net->executed[pkt.id]++;
		net->running[pkt.slot] = pkt;
		break;
	case SIO_SLOT_REPLAY:
		kept = sio_slot_cached(&net->f->s, pkt.slot, pkt.seq, &len);
		KUNIT_ASSERT_NOT_NULL(test, kept);
		KUNIT_ASSERT_EQ(test, *kept, pkt.id);
		pkt.is_answer = true;
		sio_slot_send(net, pkt);
		break;
	case SIO_SLOT_BUSY:
	case SIO_SLOT_OLD:
		break;
	case SIO_SLOT_BAD:
		KUNIT_FAIL(test, "an honest request was called bad");
		break;
	}
}

static void sio_slot_deliver(struct kunit *test, struct sio_slot_net *net)
{
	struct sio_slot_pkt *at, pkt;
	u32 *id;

	at = &net->wire[sio_slot_below(net, SIO_SLOT_R_WIRE)];
	pkt = *at;
	if (sio_slot_below(net, 2))	/* else it may come again */
		at->seq = 0;
	if (!pkt.seq || pkt.epoch != net->epoch)
		return;
	if (!pkt.is_answer) {
		sio_slot_deliver_request(test, net, pkt);
		return;
	}
	id = sio_slot_answer(&net->f->c, pkt.slot, pkt.seq);
	if (!id)
		return;
	KUNIT_ASSERT_EQ(test, *id, pkt.id);
	net->answered[*id]++;
	kfree(id);
}

static void sio_slot_finish_one(struct kunit *test, struct sio_slot_net *net)
{
	struct sio_slot_pkt *run;
	u32 *answer;

	run = &net->running[sio_slot_below(net, SIO_SLOT_T_NR)];
	if (!run->seq)
		return;
	answer = kmalloc(sizeof(*answer), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, answer);
	*answer = run->id;
	KUNIT_ASSERT_EQ(test, 0, sio_slot_finish(&net->f->s, run->slot,
						 run->seq, answer,
						 sizeof(*answer)));
	run->is_answer = true;
	run->epoch = net->epoch;
	sio_slot_send(net, *run);
	run->seq = 0;
}

/* A slot of the client, sent again; or abandoned and fenced, sometimes */
static void sio_slot_again(struct kunit *test, struct sio_slot_net *net)
{
	struct sio_slot_client *c = &net->f->c;
	int slot = sio_slot_next(c, sio_slot_below(net, SIO_SLOT_T_NR));
	struct sio_slot_pkt pkt = { .slot = slot, .epoch = net->epoch };
	int i;

	if (slot < 0)
		return;
	if (sio_slot_below(net, 100)) {
		pkt.seq = sio_slot_seq(c, slot);
		pkt.id = *(u32 *)sio_slot_req(c, slot);
		sio_slot_send(net, pkt);
		return;
	}
	kfree(sio_slot_abandon(c, slot));
	if (sio_slot_below(net, 2))
		return;
	/* The fence waits for what runs */
	for (i = 0; i < 1000 && sio_slot_t_running(&net->f->s); i++)
		sio_slot_finish_one(test, net);
	net->epoch++;
	net->nr_fenced++;
	sio_slot_fence(c);
	sio_slot_server_fence(&net->f->s);
}

static void sio_slot_judge__random_network(struct kunit *test)
{
	struct sio_slot_net *net = kunit_kzalloc(test, sizeof(*net),
						 GFP_KERNEL);
	u32 nr_answered = 0, nr_reqs = 0;
	u32 *id;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, net);
	net->f = sio_slot_fix(test);
	prandom_seed_state(&net->rnd, 20160503);
	for (i = 0; i < SIO_SLOT_T_NR; i++)
		sio_slot_set_seq(net->f, i, U32_MAX - 100 * (i + 1));

	for (i = 0; i < 400000 && nr_reqs < SIO_SLOT_R_REQS; i++) {
		switch (sio_slot_below(net, 8)) {
		case 0:
			id = kmalloc(sizeof(*id), GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, id);
			*id = nr_reqs;
			if (sio_slot_take(&net->f->c, 100, i, id) < 0)
				kfree(id);
			else
				nr_reqs++;
			break;
		case 1:
		case 2:
			sio_slot_again(test, net);
			break;
		case 3:
			sio_slot_finish_one(test, net);
			break;
		default:
			sio_slot_deliver(test, net);
			break;
		}
	}
	for (i = 0; i < nr_reqs; i++) {
		KUNIT_EXPECT_LE(test, net->executed[i], 1);
		KUNIT_EXPECT_LE(test, net->answered[i], net->executed[i]);
		nr_answered += net->answered[i];
	}
	KUNIT_EXPECT_GT(test, nr_answered, SIO_SLOT_R_REQS / 2);
	KUNIT_EXPECT_GT(test, net->nr_fenced, 10);
	for (i = 0; i < SIO_SLOT_T_NR; i++)
		kfree(sio_slot_req(&net->f->c, i));
	sio_slot_server_destroy(&net->f->s);
}

static struct kunit_case sio_slot_net_cases[] = {
	KUNIT_CASE(sio_slot_judge__random_network),
	{}
};

static struct kunit_suite sio_slot_net_suite = {
	.name = "slot_net",
	.test_cases = sio_slot_net_cases,
};

kunit_test_suite(sio_slot_net_suite);
