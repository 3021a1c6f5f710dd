// SPDX-License-Identifier: GPL-2.0
/* One netlink socket: send a request, walk the answers, keep the refusal. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/user/nl.h"

/* Room for a request; for an answer, as much as the kernel ever puts in one */
#define SIO_NL_REQ_LEN	8192
#define SIO_NL_BUF_LEN	65536

/**
 * sio_nl_open() - open a netlink socket
 * @bus: NETLINK_GENERIC or NETLINK_ROUTE
 *
 * Return: the socket, or NULL with errno set.
 */
struct sio_nl *sio_nl_open(int bus)
{
	struct sio_nl *nl = calloc(1, sizeof(*nl));
	int on = 1;

	if (!nl)
		return NULL;
	nl->req = calloc(1, SIO_NL_REQ_LEN);
	nl->buf = malloc(SIO_NL_BUF_LEN);
	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->req || !nl->buf || !nl->sock ||
	    mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		sio_nl_close(nl);
		return NULL;
	}

	/* Refusals are poorer without, but still refusals. */
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_GET_STRICT_CHK, &on,
			      sizeof(on));
	/* A refused request came back whole, with the key that is in it. */
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	nl->portid = mnl_socket_get_portid(nl->sock);
	nl->seq = (unsigned int)time(NULL);
	return nl;
}

/**
 * sio_nl_close() - close a netlink socket
 * @nl: the socket, may be NULL
 */
void sio_nl_close(struct sio_nl *nl)
{
	if (!nl)
		return;
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl->req);
	free(nl->buf);
	free(nl);
}

/**
 * sio_nl_req() - begin a request
 * @nl: socket it will go to; it holds one request at a time
 * @type: message type
 * @flags: NLM_F_ flags besides NLM_F_REQUEST
 *
 * Return: the message, to be filled with the mnl_*_put functions.
 */
struct nlmsghdr *sio_nl_req(struct sio_nl *nl, __u16 type, __u16 flags)
{
	struct nlmsghdr *nlh;

	memset(nl->req, 0, SIO_NL_REQ_LEN);
	nlh = mnl_nlmsg_put_header(nl->req);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	return nlh;
}

/**
 * sio_nl_recv() - take the next message from a socket
 * @nl: the socket
 * @timeout_ms: longest wait in milliseconds, negative for no limit
 * @mask: signals that stay blocked in the wait, NULL for those that are
 * @nlh: set to the message, which is valid until the next call
 *
 * Return: 1, 0 when the time was over, or -errno; -ENOBUFS means that
 * messages were lost.
 */
int sio_nl_recv(struct sio_nl *nl, int timeout_ms, const sigset_t *mask,
		const struct nlmsghdr **nlh)
{
	struct timespec left = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};
	struct pollfd pfd = {
		.fd = mnl_socket_get_fd(nl->sock),
		.events = POLLIN,
	};
	int n;

	if (nl->len <= 0 || !mnl_nlmsg_ok(nl->next, nl->len)) {
		nl->len = 0;
		n = ppoll(&pfd, 1, timeout_ms < 0 ? NULL : &left, mask);
		if (n <= 0)
			return n ? -errno : 0;
		n = mnl_socket_recvfrom(nl->sock, nl->buf, SIO_NL_BUF_LEN);
		if (n < 0)
			return -errno;
		nl->len = n;
		nl->next = (const struct nlmsghdr *)nl->buf;
		if (!mnl_nlmsg_ok(nl->next, nl->len))
			return -EBADMSG;
	}
	*nlh = nl->next;
	nl->next = mnl_nlmsg_next(nl->next, &nl->len);
	return 1;
}

/* The attribute of the request that lies OFFS bytes into it. */
static __u16 sio_nl_attr_at(const struct nlmsghdr *req, __u32 offs)
{
	const struct nlattr *attr = (const void *)((const char *)req + offs);

	if (offs < NLMSG_HDRLEN || offs + sizeof(*attr) > req->nlmsg_len)
		return 0;
	return mnl_attr_get_type(attr);
}

/* Keep what the kernel says of a refusal; offs is where its words begin. */
static void sio_nl_keep_err(struct sio_nl *nl, const struct nlmsghdr *req,
			    const struct nlmsghdr *nlh, unsigned int offs)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, offs) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(nl->err_text, sizeof(nl->err_text), "%.*s",
				 mnl_attr_get_payload_len(attr),
				 mnl_attr_get_str(attr));
			break;
		case NLMSGERR_ATTR_OFFS:
			nl->err_attr = sio_nl_attr_at(req,
						      mnl_attr_get_u32(attr));
			break;
		case NLMSGERR_ATTR_POLICY:
			nl->err_policy = true;
			break;
		}
	}
}

/* An NLMSG_ERROR: 0 for an acknowledgment, otherwise -errno. */
static int sio_nl_error(struct sio_nl *nl, const struct nlmsghdr *req,
			const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	unsigned int offs = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err))
		return -EBADMSG;
	/* The refused request lies between the error and the words on it. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offs += MNL_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (err->error) {
		nl->err = -err->error;
		sio_nl_keep_err(nl, req, nlh, offs);
	}
	return err->error;
}

/* The end of a dump: it may have failed on the way. */
static int sio_nl_done(struct sio_nl *nl, const struct nlmsghdr *req,
		       const struct nlmsghdr *nlh)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) || *err >= 0)
		return 0;
	nl->err = -*err;
	sio_nl_keep_err(nl, req, nlh, sizeof(*err));
	return *err;
}

/**
 * sio_nl_talk() - send a request and take all its answers
 * @nl: the socket
 * @req: the request, from sio_nl_req()
 * @cb: called with each answer, may be NULL; a negative result is returned
 *	at the end
 * @arg: for @cb
 *
 * Return: 0 or -errno, then with the refusal kept in @nl; -EINTR for a dump
 * that changed while it was read.
 */
int sio_nl_talk(struct sio_nl *nl, struct nlmsghdr *req, sio_nl_cb cb,
		void *arg)
{
	bool dump = (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	const struct nlmsghdr *nlh;
	bool changed = false;
	int result = 0;
	int err;

	nl->err = 0;
	nl->err_attr = 0;
	nl->err_policy = false;
	nl->err_text[0] = '\0';
	nl->len = 0;
	req->nlmsg_seq = ++nl->seq;
	if (!dump)
		req->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(nl->sock, req, req->nlmsg_len) < 0) {
		nl->err = errno;
		return -errno;
	}

	for (;;) {
		err = sio_nl_recv(nl, -1, NULL, &nlh);
		if (err == -EINTR)
			continue;
		if (err < 0) {
			nl->err = -err;
			return err;
		}
		if (nlh->nlmsg_seq != nl->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			changed = true;
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			err = sio_nl_error(nl, req, nlh);
			return err ? err : result;
		}
		if (nlh->nlmsg_type == NLMSG_DONE) {
			err = sio_nl_done(nl, req, nlh);
			if (!err && changed)
				err = -EINTR;
			return err ? err : result;
		}
		if (nlh->nlmsg_type == NLMSG_NOOP || !cb || result < 0)
			continue;
		result = cb(nlh, arg);
	}
}

/**
 * sio_nl_parse() - sort the attributes of a nest by type
 * @nest: the nest
 * @tb: filled in, NULL for absent ones; unknown ones are left out
 * @max: highest type that fits @tb
 */
void sio_nl_parse(const struct nlattr *nest, const struct nlattr **tb,
		  unsigned int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
	}
}
