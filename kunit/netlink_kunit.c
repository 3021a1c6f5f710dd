// SPDX-License-Identifier: GPL-2.0
/* Tests of proto/netlink.c: what is said to whom, and what fits. */

#include <kunit/test.h>
#include <linux/net.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "nlskb.h"
#include "nomem.h"
#include "proto/netlink.h"

#define SIO_NLT_CMD_ASK		1
#define SIO_NLT_CMD_ANSWER	2
#define SIO_NLT_CMD_EVENT	3
#define SIO_NLT_A_EVENT		1
#define SIO_NLT_A_VALUE		2
#define SIO_NLT_VALUE		0x5eed
#define SIO_NLT_SEQ		4711
#define SIO_NLT_PORT		42

/**
 * struct sio_nlt - one test's things
 * @nl: registered
 * @sock: of a program
 * @fill_err: what goes wrong while a request is answered
 * @is_nomem: there is no memory for an answer
 * @buf: the message last received, up to @got
 * @got: its bytes, or a negative errno
 */
struct sio_nlt {
	struct sio_nl nl;
	struct socket *sock;
	int fill_err;
	bool is_nomem;
	u8 buf[512];
	int got;
};

/* Requests have no argument of ours */
static struct sio_nlt *sio_nlt_asked;

static int sio_nlt_doit(struct sk_buff *req, struct genl_info *info)
{
	struct sio_nlt *nlt = sio_nlt_asked;
	struct sk_buff *skb;
	void *hdr;
	int err;

	if (nlt->is_nomem)
		sio_nomem_begin(1);
	skb = sio_nl_reply_new(&nlt->nl, info, SIO_NLT_CMD_ANSWER, &hdr);
	if (nlt->is_nomem)
		sio_nomem_end();
	if (!skb)
		return -ENOMEM;
	err = nla_put_u32(skb, SIO_NLT_A_VALUE, SIO_NLT_VALUE);
	return sio_nl_reply_send(info, skb, hdr, err ?: nlt->fill_err);
}

static const struct genl_small_ops sio_nlt_ops[] = {
	{
		.cmd	= SIO_NLT_CMD_ASK,
		.doit	= sio_nlt_doit,
	},
};

static const struct genl_multicast_group sio_nlt_groups[] = {
	{ .name = "events" },
};

static struct genl_family sio_nlt_family = {
	.name		= "sio_kunit",
	.version	= 1,
	.module		= THIS_MODULE,
	.small_ops	= sio_nlt_ops,
	.n_small_ops	= ARRAY_SIZE(sio_nlt_ops),
	.mcgrps		= sio_nlt_groups,
	.n_mcgrps	= ARRAY_SIZE(sio_nlt_groups),
};

static void sio_nlt_sock_release(void *priv)
{
	sock_release(priv);
}

static int sio_nlt_init(struct kunit *test)
{
	struct sio_nlt *nlt = kunit_kzalloc(test, sizeof(*nlt), GFP_KERNEL);
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int err;

	KUNIT_ASSERT_NOT_NULL(test, nlt);
	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, PF_NETLINK,
						  SOCK_RAW, NETLINK_GENERIC,
						  &nlt->sock));
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, sio_nlt_sock_release,
						  nlt->sock));
	/* an event has no sender, and is not sent to a port without a number */
	KUNIT_ASSERT_EQ(test, 0,
			kernel_bind(nlt->sock, (struct sockaddr *)&any,
				    sizeof(any)));
	nlt->nl.family = &sio_nlt_family;
	nlt->nl.event_cmd = SIO_NLT_CMD_EVENT;
	nlt->nl.event_attr = SIO_NLT_A_EVENT;
	err = sio_nl_register(&nlt->nl);
	KUNIT_ASSERT_EQ(test, err, 0);
	sio_nlt_asked = nlt;
	test->priv = nlt;
	return 0;
}

static void sio_nlt_exit(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;

	if (nlt && nlt->nl.is_on)
		sio_nl_unregister(&nlt->nl);
}

/* The program listens to events from now on */
static void sio_nlt_listen(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	int group = sio_nlt_family.mcgrp_offset;

	KUNIT_ASSERT_EQ(test, 0,
			nlt->sock->ops->setsockopt(nlt->sock, SOL_NETLINK,
						   NETLINK_ADD_MEMBERSHIP,
						   KERNEL_SOCKPTR(&group),
						   sizeof(group)));
}

/* The next message the program was sent, or NULL */
static struct nlmsghdr *sio_nlt_receive(struct sio_nlt *nlt)
{
	struct kvec vec = { .iov_base = nlt->buf, .iov_len = sizeof(nlt->buf) };
	struct msghdr msg = {};

	nlt->got = kernel_recvmsg(nlt->sock, &msg, &vec, 1, sizeof(nlt->buf),
				  MSG_DONTWAIT);
	return nlt->got > 0 ? (struct nlmsghdr *)nlt->buf : NULL;
}

static void sio_nlt_expect_silence(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;

	KUNIT_EXPECT_NULL(test, sio_nlt_receive(nlt));
	KUNIT_EXPECT_EQ(test, nlt->got, -EAGAIN);
}

/* A message of the family, whole, with one attribute */
static void sio_nlt_expect(struct kunit *test, const struct nlmsghdr *nlh,
			   u8 cmd, int attr, u32 value)
{
	const struct genlmsghdr *genl;
	const struct nlattr *nla;
	struct sio_nlt *nlt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, nlh);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_type, sio_nlt_family.id);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_len, nlt->got);
	KUNIT_ASSERT_EQ(test, nlmsg_len(nlh),
			GENL_HDRLEN + nla_total_size(sizeof(u32)));
	genl = nlmsg_data(nlh);
	KUNIT_EXPECT_EQ(test, genl->cmd, cmd);
	nla = genlmsg_data(genl);
	KUNIT_EXPECT_EQ(test, nla_type(nla), attr);
	KUNIT_EXPECT_EQ(test, nla_get_u32(nla), value);
}

/* The program asks; the answer is there when this returns */
static void sio_nlt_ask(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
	} req = {
		.nlh.nlmsg_len = sizeof(req),
		.nlh.nlmsg_type = sio_nlt_family.id,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.nlh.nlmsg_seq = SIO_NLT_SEQ,
		.genl.cmd = SIO_NLT_CMD_ASK,
		.genl.version = 1,
	};
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to) };
	struct kvec vec = { .iov_base = &req, .iov_len = sizeof(req) };

	KUNIT_ASSERT_EQ(test, (int)sizeof(req),
			kernel_sendmsg(nlt->sock, &msg, &vec, 1, sizeof(req)));
}

/* The request was refused, and nothing else was said */
static void sio_nlt_expect_refused(struct kunit *test, int err)
{
	struct nlmsghdr *nlh = sio_nlt_receive(test->priv);

	KUNIT_ASSERT_NOT_NULL(test, nlh);
	KUNIT_ASSERT_EQ(test, nlh->nlmsg_type, NLMSG_ERROR);
	KUNIT_EXPECT_EQ(test, ((struct nlmsgerr *)nlmsg_data(nlh))->error, err);
	sio_nlt_expect_silence(test);
}

static void sio_nl_register__name_is_taken(struct kunit *test)
{
	struct genl_family family = { .name = "sio_kunit" };
	struct sio_nl nl = { .family = &family };

	KUNIT_EXPECT_EQ(test, sio_nl_register(&nl), -EEXIST);
	KUNIT_EXPECT_FALSE(test, nl.is_on);
}

static void sio_nl_event_new__nobody_listens(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	void *hdr;

	KUNIT_EXPECT_NULL(test, sio_nl_event_new(&nlt->nl, &init_net,
						 SIO_EVENT_DEV_NEW, &hdr));
}

/* Another family may have the number of the group by then */
static void sio_nl_event_new__family_has_gone(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	void *hdr;

	sio_nlt_listen(test);
	WRITE_ONCE(nlt->nl.is_on, false);
	KUNIT_EXPECT_NULL(test, sio_nl_event_new(&nlt->nl, &init_net,
						 SIO_EVENT_DEV_NEW, &hdr));
	WRITE_ONCE(nlt->nl.is_on, true);
	sio_nl_unregister(&nlt->nl);
	KUNIT_EXPECT_FALSE(test, nlt->nl.is_on);
}

static void sio_nl_event_new__no_memory(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	struct sk_buff *skb;
	void *hdr;

	sio_nlt_listen(test);
	sio_nomem_begin(1);
	skb = sio_nl_event_new(&nlt->nl, &init_net, SIO_EVENT_DEV_NEW, &hdr);
	KUNIT_EXPECT_TRUE(test, sio_nomem_end());
	KUNIT_EXPECT_NULL(test, skb);
}

static void sio_nl_event_send__to_who_listens(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	struct nlmsghdr *nlh;
	struct sk_buff *skb;
	void *hdr;

	sio_nlt_listen(test);
	skb = sio_nl_event_new(&nlt->nl, &init_net, SIO_EVENT_DEV_SET, &hdr);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	sio_nl_event_send(&nlt->nl, &init_net, skb, hdr, 0);
	nlh = sio_nlt_receive(nlt);
	sio_nlt_expect(test, nlh, SIO_NLT_CMD_EVENT, SIO_NLT_A_EVENT,
		       SIO_EVENT_DEV_SET);
	/* it answers nobody */
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_pid, 0);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_seq, 0);
	sio_nlt_expect_silence(test);
}

static void sio_nl_event_send__could_not_be_filled_in(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	struct sk_buff *skb;
	void *hdr;

	sio_nlt_listen(test);
	skb = sio_nl_event_new(&nlt->nl, &init_net, SIO_EVENT_DEV_SET, &hdr);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	sio_nl_event_send(&nlt->nl, &init_net, skb, hdr, -EMSGSIZE);
	sio_nlt_expect_silence(test);
}

static void sio_nl_reply_new__no_memory(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;

	nlt->is_nomem = true;
	sio_nlt_ask(test);
	sio_nlt_expect_refused(test, -ENOMEM);
}

static void sio_nl_reply_send__to_who_asked(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;
	struct sockaddr_nl own = {};
	struct nlmsghdr *nlh;

	sio_nlt_ask(test);
	nlh = sio_nlt_receive(nlt);
	sio_nlt_expect(test, nlh, SIO_NLT_CMD_ANSWER, SIO_NLT_A_VALUE,
		       SIO_NLT_VALUE);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_seq, SIO_NLT_SEQ);
	KUNIT_ASSERT_EQ(test, (int)sizeof(own),
			kernel_getsockname(nlt->sock, (struct sockaddr *)&own));
	KUNIT_EXPECT_NE(test, own.nl_pid, 0);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_pid, own.nl_pid);
	sio_nlt_expect_silence(test);
}

static void sio_nl_reply_send__could_not_be_filled_in(struct kunit *test)
{
	struct sio_nlt *nlt = test->priv;

	nlt->fill_err = -EMSGSIZE;
	sio_nlt_ask(test);
	sio_nlt_expect_refused(test, -EMSGSIZE);
}

/* An entry with a nest of values in it, as long as there is room */
static int sio_nlt_entry(struct kunit *test, struct sk_buff *skb,
			 unsigned int nr)
{
	struct sio_nlt *nlt = test->priv;
	struct nlmsghdr nlh = { .nlmsg_seq = SIO_NLT_SEQ };
	struct sk_buff *req = sio_nlskb_alloc(test, 64);
	struct netlink_callback cb = { .skb = req, .nlh = &nlh };
	struct nlattr *nest;
	int err = 0;
	void *hdr;

	NETLINK_CB(req).portid = SIO_NLT_PORT;
	hdr = sio_nl_dump_new(&nlt->nl, skb, &cb, SIO_NLT_CMD_ANSWER);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, SIO_NLT_A_EVENT);
	if (!nest)
		return sio_nl_dump_entry(skb, hdr, -EMSGSIZE);
	while (nr-- && !err)
		err = nla_put_u32(skb, SIO_NLT_A_VALUE, nr);
	if (!err)
		nla_nest_end(skb, nest);
	return sio_nl_dump_entry(skb, hdr, err);
}

static void sio_nl_dump_new__headers(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);
	const struct nlmsghdr *nlh = (void *)skb->data;
	const struct genlmsghdr *genl;

	KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 2), 0);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_len, skb->len);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_len,
			NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN +
			2 * nla_total_size(sizeof(u32)));
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_type, sio_nlt_family.id);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_flags, NLM_F_MULTI);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_seq, SIO_NLT_SEQ);
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_pid, SIO_NLT_PORT);
	genl = nlmsg_data(nlh);
	KUNIT_EXPECT_EQ(test, genl->cmd, SIO_NLT_CMD_ANSWER);
	KUNIT_EXPECT_EQ(test, genl->version, sio_nlt_family.version);
}

static void sio_nl_dump_new__no_room(struct kunit *test)
{
	struct sk_buff *skb;

	skb = sio_nlskb_alloc(test, NLMSG_HDRLEN + GENL_HDRLEN - 1);
	KUNIT_EXPECT_EQ(test, sio_nlt_entry(test, skb, 0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, skb->len, 0);
}

/* Wherever the room ends: what was there before stays, and nothing else */
static void sio_nl_dump_entry__no_room_for_another(struct kunit *test)
{
	unsigned int room, one = NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN +
				 2 * nla_total_size(sizeof(u32));
	struct sk_buff *skb;
	struct nlmsghdr *nlh;

	for (room = one; room < 2 * one; room += sizeof(u64)) {
		skb = sio_nlskb_alloc(test, room);
		nlh = (struct nlmsghdr *)skb->data;
		KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 2), 0);
		KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 2), -EMSGSIZE);
		KUNIT_ASSERT_EQ(test, skb->len, one);
		KUNIT_ASSERT_EQ(test, nlh->nlmsg_len, one);
	}
	skb = sio_nlskb_alloc(test, 2 * one + sizeof(u64));
	KUNIT_EXPECT_EQ(test, sio_nlt_entry(test, skb, 2), 0);
	KUNIT_EXPECT_EQ(test, sio_nlt_entry(test, skb, 2), 0);
	KUNIT_EXPECT_EQ(test, skb->len, 2 * one);
}

/* Goes on in the next message, but not for ever */
static void sio_nl_dump_end__no_more_room(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);

	KUNIT_EXPECT_EQ(test, sio_nl_dump_end(skb, -EMSGSIZE), -EMSGSIZE);
	KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 1), 0);
	KUNIT_EXPECT_EQ(test, sio_nl_dump_end(skb, -EMSGSIZE), skb->len);
}

static void sio_nl_dump_end__all_was_told(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);

	KUNIT_EXPECT_EQ(test, sio_nl_dump_end(skb, 0), 0);
	KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 1), 0);
	KUNIT_EXPECT_GT(test, skb->len, 0);
	KUNIT_EXPECT_EQ(test, sio_nl_dump_end(skb, 0), skb->len);
}

static void sio_nl_dump_end__another_error(struct kunit *test)
{
	struct sk_buff *skb = sio_nlskb_alloc(test, 256);

	KUNIT_ASSERT_EQ(test, sio_nlt_entry(test, skb, 1), 0);
	KUNIT_EXPECT_EQ(test, sio_nl_dump_end(skb, -ENODEV), -ENODEV);
}

static struct kunit_case sio_netlink_cases[] = {
	KUNIT_CASE(sio_nl_register__name_is_taken),
	KUNIT_CASE(sio_nl_event_new__nobody_listens),
	KUNIT_CASE(sio_nl_event_new__family_has_gone),
	KUNIT_CASE(sio_nl_event_new__no_memory),
	KUNIT_CASE(sio_nl_event_send__to_who_listens),
	KUNIT_CASE(sio_nl_event_send__could_not_be_filled_in),
	KUNIT_CASE(sio_nl_reply_new__no_memory),
	KUNIT_CASE(sio_nl_reply_send__to_who_asked),
	KUNIT_CASE(sio_nl_reply_send__could_not_be_filled_in),
	KUNIT_CASE(sio_nl_dump_new__headers),
	KUNIT_CASE(sio_nl_dump_new__no_room),
	KUNIT_CASE(sio_nl_dump_entry__no_room_for_another),
	KUNIT_CASE(sio_nl_dump_end__no_more_room),
	KUNIT_CASE(sio_nl_dump_end__all_was_told),
	KUNIT_CASE(sio_nl_dump_end__another_error),
	{}
};

static struct kunit_suite sio_netlink_suite = {
	.name = "netlink",
	.init = sio_nlt_init,
	.exit = sio_nlt_exit,
	.test_cases = sio_netlink_cases,
};

kunit_test_suite(sio_netlink_suite);
