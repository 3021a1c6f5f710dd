// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/ctl.c: sent until answered. */

#include <kunit/test.h>

#include "ctl_fix.h"
#include "fixture.h"
#include "nomem.h"

/* First time-out: that of a flow whose round trip is not known */
#define SIO_CTLT_RTO_NS		(100 * (u64)NSEC_PER_MSEC)

/* How long a request waits that the other side is at */
#define SIO_CTLT_BUSY_NS	(1 * (u64)NSEC_PER_SEC)

/**
 * struct sio_ctlt - what became of a request
 * @nr: times it ended
 * @status: with which status
 * @len: and how many bytes
 * @first: the first one
 */
struct sio_ctlt {
	unsigned int nr;
	int status;
	u32 len;
	u8 first;
};

static void sio_ctlt_done(struct sio_session *sess, void *priv, int status,
			  const void *body, u32 len)
{
	struct sio_ctlt *end = priv;

	end->nr++;
	end->status = status;
	end->len = len;
	end->first = len ? *(const u8 *)body : 0;
}

/* Submit a request whose end is noted in what is returned */
static struct sio_ctlt *sio_ctlt_submit(struct sio_fx *fx, u32 len)
{
	struct sio_ctlt *end = kunit_kzalloc(fx->test, sizeof(*end),
					     GFP_KERNEL);
	struct sio_ctl_req *req;

	KUNIT_ASSERT_NOT_NULL(fx->test, end);
	req = sio_ctl_alloc(SIO_CTL_DEVS, 9, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fx->test, req);
	memset(req->body, 0x77, len);
	req->done = sio_ctlt_done;
	req->priv = end;
	sio_ctl_submit(&fx->sess, req);
	return end;
}

static u64 sio_ctlt_poll(struct sio_fx *fx, u64 now)
{
	u64 next;

	mutex_lock(&fx->sess.mutex);
	next = __sio_ctl_poll(&fx->sess, now);
	mutex_unlock(&fx->sess.mutex);
	return next;
}

static void sio_ctlt_rx_rsp(struct sio_fx *fx, u16 slot, u32 seq, u16 op,
			    u16 status, u32 len)
{
	struct sio_msg_hdr *msg;
	struct sio_msg_ctl *ctl;

	msg = sio_ctlt_msg(fx, SIO_MSG_CTL_RSP, slot, seq, sizeof(*ctl) + len);
	ctl = (struct sio_msg_ctl *)(msg + 1);
	ctl->op = cpu_to_le16(op);
	ctl->status = cpu_to_le16(status);
	memset(ctl + 1, 0x66, len);
	sio_ctlt_rx(fx, msg);
}

static void sio_ctl_alloc__no_memory(struct kunit *test)
{
	struct sio_ctl_req *req;

	sio_nomem_begin(1);
	req = sio_ctl_alloc(SIO_CTL_PING, 0, 0, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_NULL(test, req);
}

static void sio_ctl_submit__session_is_closed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end;

	fx->sess.is_closed = true;
	end = sio_ctlt_submit(fx, 0);
	KUNIT_EXPECT_EQ(test, end->nr, 1);
	KUNIT_EXPECT_EQ(test, end->status, -ENOTCONN);
}

static void sio_ctl_call__session_is_closed(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctl_req *req;

	req = sio_ctl_alloc(SIO_CTL_PING, 0, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, req);
	fx->sess.is_closed = true;
	KUNIT_EXPECT_EQ(test, sio_ctl_call(&fx->sess, req, 1000), -ENOTCONN);
}

/* Nobody waits any more, but the request goes on */
static void sio_ctl_call__time_is_over(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctl_req *req;

	sio_fx_up(fx, true);
	req = sio_ctl_alloc(SIO_CTL_PING, 0, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, req);
	KUNIT_EXPECT_EQ(test, sio_ctl_call(&fx->sess, req, 0), -ETIMEDOUT);
	sio_ctlt_poll(fx, ktime_get_ns());
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_PING, 0, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_ANSWERED), 1);
}

/* So often that what is lost is found: one pointer may lie about somewhere */
static void sio_ctl_call__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctl_req *req;
	int err, i;

	for (i = 0; i < 16; i++) {
		req = sio_ctl_alloc(SIO_CTL_PING, 0, 0, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, req);
		sio_nomem_begin(1);
		err = sio_ctl_call(&fx->sess, req, 0);
		KUNIT_EXPECT_TRUE(test, sio_nomem_end());
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.ctl_new));
}

static void sio_ctl_poll__sends_what_is_new(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();
	struct sio_msg_hdr *msg;
	struct sio_msg_ctl *ctl;

	sio_fx_up(fx, true);
	sio_ctlt_submit(fx, 20);
	KUNIT_EXPECT_LE(test, sio_ctlt_poll(fx, now), now + SIO_CTLT_RTO_NS);
	msg = sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	ctl = sio_ctlt_body(msg);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(msg->len),
			sizeof(*msg) + sizeof(*ctl) + 20);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(ctl->op), SIO_CTL_DEVS);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(ctl->arg), 9);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(ctl->status), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctl + 1, 0x77, 20));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_SENT), 1);
	sio_ctlt_poll(fx, now + 1);
	sio_ctlt_expect_silence(fx);
}

static void sio_ctl_poll__waits_for_the_session(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_submit(fx, 20);

	KUNIT_EXPECT_EQ(test, sio_ctlt_poll(fx, ktime_get_ns()), U64_MAX);
	KUNIT_EXPECT_EQ(test, end->nr, 0);
	sio_fx_up(fx, true);
	sio_ctlt_poll(fx, ktime_get_ns());
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
}

/* The same slot, the same number, twice the time, up to the longest one */
static void sio_ctl_poll__again_when_time_is_over(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 at = ktime_get_ns(), next, wait = SIO_CTLT_RTO_NS;
	int i;

	sio_fx_up(fx, true);
	sio_ctlt_submit(fx, 20);
	next = sio_ctlt_poll(fx, at);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	for (i = 1; i < 8; i++) {
		/* the table counts in microseconds */
		KUNIT_EXPECT_EQ(test, (next - at) / NSEC_PER_USEC,
				wait / NSEC_PER_USEC - !!(at % 1000));
		KUNIT_EXPECT_EQ(test, sio_ctlt_poll(fx, next - 1000), next);
		sio_ctlt_expect_silence(fx);
		at = next;
		next = sio_ctlt_poll(fx, at);
		sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
		KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_RESENT), i);
		wait = min_t(u64, wait * 2, NSEC_PER_SEC);
	}
}

static void sio_ctl_poll__lost(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();

	sio_fx_up(fx, true);
	sio_ctlt_submit(fx, 20);
	sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, now);
	sio_fx_left(fx);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_right[0], fx->flow->ctl_left[1]);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_left[0], SIO_FX_ISN + 1);
	fx->flow->ctl_lost = BIT(1) | BIT(5);	/* nothing is in slot 5 */
	sio_ctlt_poll(fx, now + 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 1, 1);
	sio_ctlt_expect_silence(fx);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_lost, 0);
	KUNIT_EXPECT_EQ(test, fx->flow->ctl_left[1],
			fx->flow->ctl_right[0] +
			(fx->flow->ctl_right[0] - fx->flow->ctl_left[0]));
}

/* After a reconnection all that has no answer is sent again, at once */
static void sio_ctl_poll__new_epoch(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();

	sio_fx_up(fx, true);
	sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, now);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	fx->sess.epoch++;
	sio_ctlt_poll(fx, now + 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_SENT), 2);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_RESENT), 0);
}

static void sio_ctl_poll__all_slots_taken(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i <= SIO_CTL_SLOTS; i++)
		sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, now);
	for (i = 0; i < SIO_CTL_SLOTS; i++)
		sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, i, 1);
	sio_ctlt_expect_silence(fx);
	sio_ctlt_rx_rsp(fx, 3, 1, SIO_CTL_DEVS, 0, 0);
	sio_ctlt_poll(fx, now + 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 3, 2);
}

static void sio_ctl_poll__credit_is_used_up(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < 3; i++)
		sio_ctlt_submit(fx, SIO_CTL_LEN_MAX -
				    sizeof(struct sio_msg_ctl));
	sio_ctlt_poll(fx, now);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 1, 1);
	sio_ctlt_expect_silence(fx);
	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 0);
	sio_ctlt_poll(fx, now + 1);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 2);
}

/* The peer would never take it: it does not hold up the others */
static void sio_ctl_poll__longer_than_the_credit(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end;

	sio_fx_up(fx, true);
	sio_slot_resize(&fx->sess.client, SIO_CTL_SLOTS, 100);
	end = sio_ctlt_submit(fx, 200);
	sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, ktime_get_ns());
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	KUNIT_EXPECT_EQ(test, end->nr, 0);
	sio_ctl_end_failed(&fx->sess);
	KUNIT_EXPECT_EQ(test, end->nr, 1);
	KUNIT_EXPECT_EQ(test, end->status, -EMSGSIZE);
}

/* As if it had been lost on the way */
static void sio_ctl_poll__no_memory(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end;
	u64 next;

	sio_fx_up(fx, true);
	end = sio_ctlt_submit(fx, 20);
	sio_nomem_begin(1);
	next = sio_ctlt_poll(fx, ktime_get_ns());
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	sio_ctlt_expect_silence(fx);
	KUNIT_ASSERT_NE(test, next, U64_MAX);
	sio_ctlt_poll(fx, next);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	KUNIT_EXPECT_EQ(test, end->nr, 0);
}

static struct sio_ctlt *sio_ctlt_sent(struct sio_fx *fx)
{
	struct sio_ctlt *end;

	sio_fx_up(fx, true);
	end = sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, ktime_get_ns());
	sio_fx_left(fx);
	return end;
}

static void sio_ctl_rsp__done(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 30);
	KUNIT_EXPECT_EQ(test, end->nr, 1);
	KUNIT_EXPECT_EQ(test, end->status, 0);
	KUNIT_EXPECT_EQ(test, end->len, 30);
	KUNIT_EXPECT_EQ(test, end->first, 0x66);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_ANSWERED), 1);
	KUNIT_EXPECT_EQ(test, sio_ctlt_poll(fx, ktime_get_ns()), U64_MAX);
}

static void sio_ctl_rsp__refused(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, EBUSY, 0);
	KUNIT_EXPECT_EQ(test, end->status, -EBUSY);
}

static void sio_ctl_rsp__to_another_operation(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_PING, 0, 0);
	KUNIT_EXPECT_EQ(test, end->status, -EPROTO);
}

static void sio_ctl_rsp__status_that_is_no_errno(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, MAX_ERRNO, 0);
	KUNIT_EXPECT_EQ(test, end->status, -EPROTO);
}

static void sio_ctl_rsp__twice(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 0);
	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 0);
	KUNIT_EXPECT_EQ(test, end->nr, 1);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SLOT), 1);
}

static void sio_ctl_rsp__another_number(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *end = sio_ctlt_sent(fx);

	sio_ctlt_rx_rsp(fx, 0, 2, SIO_CTL_DEVS, 0, 0);
	sio_ctlt_rx_rsp(fx, U16_MAX, 1, SIO_CTL_DEVS, 0, 0);
	KUNIT_EXPECT_EQ(test, end->nr, 0);
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_DROP_SLOT), 2);
}

/* Slow is not lost: it is not sent again for a while */
static void sio_ctl_busy__waits_longer(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();

	sio_ctlt_sent(fx);
	sio_ctlt_rx(fx, sio_ctlt_msg(fx, SIO_MSG_CTL_BUSY, 0, 1, 0));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_BUSY), 1);
	KUNIT_EXPECT_GE(test, sio_ctlt_poll(fx, now),
			now + SIO_CTLT_BUSY_NS - NSEC_PER_USEC);
}

static void sio_ctl_busy__of_another_request(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_ctlt_sent(fx);
	sio_ctlt_rx(fx, sio_ctlt_msg(fx, SIO_MSG_CTL_BUSY, 0, 2, 0));
	sio_ctlt_rx(fx, sio_ctlt_msg(fx, SIO_MSG_CTL_BUSY, 1, 1, 0));
	sio_ctlt_rx(fx, sio_ctlt_msg(fx, SIO_MSG_CTL_BUSY, SIO_CTL_SLOTS, 1,
				     0));
	KUNIT_EXPECT_EQ(test, sio_fx_count(fx, SIO_CNT_CTL_BUSY), 0);
}

static void sio_ctlt_peer(struct sio_fx *fx, u16 slots, bool is_same)
{
	struct sio_hello_info info;

	sio_fx_hello_info(&info);
	info.ctl_slots = cpu_to_le16(slots);
	mutex_lock(&fx->sess.mutex);
	sio_ctl_peer(&fx->sess, &info, is_same);
	mutex_unlock(&fx->sess.mutex);
}

/* The same incarnation still knows what it has executed */
static void sio_ctl_peer__same(struct kunit *test)
{
	struct sio_fx *fx = test->priv;

	sio_ctlt_sent(fx);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_PING, 0, 0);
	sio_ctlt_peer(fx, SIO_CTL_SLOTS, true);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&fx->sess.client, 0), 1);
	KUNIT_EXPECT_FALSE(test, list_empty(&fx->sess.exec));
	sio_ctlt_exec(fx);
	sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
}

/* Another one begins to count at the beginning */
static void sio_ctl_peer__another(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	int i;

	sio_fx_up(fx, true);
	for (i = 1; i <= 3; i++) {
		sio_ctlt_submit(fx, 20);
		sio_ctlt_poll(fx, ktime_get_ns());
		sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, i);
		if (i < 3)
			sio_ctlt_rx_rsp(fx, 0, i, SIO_CTL_DEVS, 0, 0);
	}
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_NIC_MODE, 0, 0);
	sio_ctlt_peer(fx, SIO_CTL_SLOTS, false);
	KUNIT_EXPECT_EQ(test, sio_slot_seq(&fx->sess.client, 0), 1);
	/* a request nobody waits for is not begun */
	sio_ctlt_exec(fx);
	KUNIT_EXPECT_EQ(test, fx->nr_ctls, 0);
	KUNIT_EXPECT_EQ(test, fx->sess.exec_bytes, 0);
	/* and the new peer's first one is */
	sio_fx_left(fx);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_PING, 0, 0);
	sio_ctlt_exec(fx);
	sio_ctlt_expect(fx, SIO_MSG_CTL_RSP, 0, 1);
}

/* Requests come into the slots that another peer has */
static void sio_ctl_peer__grants_fewer_slots(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	u64 now = ktime_get_ns();
	struct sio_ctlt *end;
	int i;

	sio_fx_up(fx, true);
	for (i = 0; i < 3; i++)
		end = sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, now);
	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 0);
	sio_ctlt_rx_rsp(fx, 1, 1, SIO_CTL_DEVS, 0, 0);
	sio_fx_left(fx);
	sio_ctlt_peer(fx, 1, false);
	fx->sess.epoch++;
	sio_ctlt_poll(fx, now);
	sio_ctlt_expect(fx, SIO_MSG_CTL_REQ, 0, 1);
	sio_ctlt_expect_silence(fx);
	fx->flow->epoch = fx->sess.epoch;
	sio_ctlt_rx_rsp(fx, 0, 1, SIO_CTL_DEVS, 0, 0);
	KUNIT_EXPECT_EQ(test, end->nr, 1);
}

static void sio_ctl_fail_all__everywhere(struct kunit *test)
{
	struct sio_fx *fx = test->priv;
	struct sio_ctlt *sent, *waits, *new;
	int i;

	sent = sio_ctlt_sent(fx);
	for (i = 0; i < SIO_CTL_SLOTS; i++)
		waits = sio_ctlt_submit(fx, 20);
	sio_ctlt_poll(fx, ktime_get_ns());
	new = sio_ctlt_submit(fx, 20);
	sio_ctlt_rx_req(fx, 0, 1, SIO_CTL_PING, 0, 0);
	sio_ctl_fail_all(&fx->sess, -ENOTCONN);
	KUNIT_EXPECT_EQ(test, sent->nr, 1);
	KUNIT_EXPECT_EQ(test, sent->status, -ENOTCONN);
	KUNIT_EXPECT_EQ(test, waits->nr, 1);
	KUNIT_EXPECT_EQ(test, waits->status, -ENOTCONN);
	KUNIT_EXPECT_EQ(test, new->nr, 1);
	KUNIT_EXPECT_EQ(test, new->status, -ENOTCONN);
	KUNIT_EXPECT_TRUE(test, list_empty(&fx->sess.exec));
}

static struct kunit_case sio_ctl_cases[] = {
	KUNIT_CASE(sio_ctl_alloc__no_memory),
	KUNIT_CASE(sio_ctl_submit__session_is_closed),
	KUNIT_CASE(sio_ctl_call__session_is_closed),
	KUNIT_CASE(sio_ctl_call__time_is_over),
	KUNIT_CASE(sio_ctl_call__no_memory),
	KUNIT_CASE(sio_ctl_poll__sends_what_is_new),
	KUNIT_CASE(sio_ctl_poll__waits_for_the_session),
	KUNIT_CASE(sio_ctl_poll__again_when_time_is_over),
	KUNIT_CASE(sio_ctl_poll__lost),
	KUNIT_CASE(sio_ctl_poll__new_epoch),
	KUNIT_CASE(sio_ctl_poll__all_slots_taken),
	KUNIT_CASE(sio_ctl_poll__credit_is_used_up),
	KUNIT_CASE(sio_ctl_poll__longer_than_the_credit),
	KUNIT_CASE(sio_ctl_poll__no_memory),
	KUNIT_CASE(sio_ctl_rsp__done),
	KUNIT_CASE(sio_ctl_rsp__refused),
	KUNIT_CASE(sio_ctl_rsp__to_another_operation),
	KUNIT_CASE(sio_ctl_rsp__status_that_is_no_errno),
	KUNIT_CASE(sio_ctl_rsp__twice),
	KUNIT_CASE(sio_ctl_rsp__another_number),
	KUNIT_CASE(sio_ctl_busy__waits_longer),
	KUNIT_CASE(sio_ctl_busy__of_another_request),
	KUNIT_CASE(sio_ctl_peer__same),
	KUNIT_CASE(sio_ctl_peer__another),
	KUNIT_CASE(sio_ctl_peer__grants_fewer_slots),
	KUNIT_CASE(sio_ctl_fail_all__everywhere),
	{}
};

static struct kunit_suite sio_ctl_suite = {
	.name = "ctl",
	.init = sio_fx_init,
	.exit = sio_fx_exit,
	.test_cases = sio_ctl_cases,
};

kunit_test_suite(sio_ctl_suite);
