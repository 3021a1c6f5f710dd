/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink on libmnl: requests, their answers, and the kernel's sentences. */
#ifndef _SIO_USER_NL_H
#define _SIO_USER_NL_H

#include <libmnl/libmnl.h>
#include <linux/types.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "proto/user/report.h"

struct sio_tool;

/**
 * struct sio_nl - a netlink socket with its buffers
 * @sock: the socket
 * @family: id of the generic netlink family, 0 for rtnetlink
 * @group: id of its group of events, 0 if it has none
 * @seq: sequence number of the last request
 * @portid: own address
 * @req: holds the request that is being built
 * @buf: holds what was received
 * @len: bytes in @buf that were not looked at yet
 * @next: where they begin
 * @err: errno of the last refusal, positive
 * @err_attr: attribute the kernel complained of, 0 if it named none
 * @err_policy: the refusal comes from the policy, its text is no sentence
 * @err_text: the kernel's words, "" if it had none
 */
struct sio_nl {
	struct mnl_socket *sock;
	__u16 family;
	__u32 group;
	unsigned int seq;
	unsigned int portid;
	char *req;
	char *buf;
	int len;
	const struct nlmsghdr *next;
	int err;
	__u16 err_attr;
	bool err_policy;
	char err_text[256];
};

typedef int (*sio_nl_cb)(const struct nlmsghdr *nlh, void *arg);

struct sio_nl *sio_nl_open(int bus);
void sio_nl_close(struct sio_nl *nl);
int sio_nl_talk(struct sio_nl *nl, struct nlmsghdr *req, sio_nl_cb cb,
		void *arg);
int sio_nl_recv(struct sio_nl *nl, int timeout_ms, const sigset_t *mask,
		const struct nlmsghdr **nlh);
struct nlmsghdr *sio_nl_req(struct sio_nl *nl, __u16 type, __u16 flags);
void sio_nl_parse(const struct nlattr *nest, const struct nlattr **tb,
		  unsigned int max);

int sio_genl_probe(struct sio_tool *tool);
int sio_genl_open(struct sio_tool *tool);
struct nlmsghdr *sio_genl_req(struct sio_tool *tool, __u8 cmd, __u16 flags);
int sio_genl_do(struct sio_tool *tool, struct nlmsghdr *req, const char *what);
int sio_genl_refused(const struct sio_tool *tool, const char *what);
int sio_genl_subscribe(struct sio_tool *tool, struct sio_nl **events);
int sio_genl_news(struct sio_tool *tool, struct sio_nl *events,
		  const struct nlmsghdr *nlh);

#endif /* _SIO_USER_NL_H */
