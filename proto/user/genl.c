// SPDX-License-Identifier: GPL-2.0
/* The tool's own netlink family: find it, ask it, put its refusals in words. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/user/family.h"
#include "proto/user/nl.h"
#include "proto/user/tool.h"

static void sio_genl_groups(struct sio_nl *nl, const struct nlattr *groups)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];
	const struct nlattr *group;

	mnl_attr_for_each_nested(group, groups) {
		sio_nl_parse(group, tb, CTRL_ATTR_MCAST_GRP_MAX);
		if (tb[CTRL_ATTR_MCAST_GRP_NAME] &&
		    tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_MCAST_GRP_NAME]),
			    SIO_EVENTS_GROUP))
			nl->group =
				mnl_attr_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
}

static int sio_genl_family_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct sio_nl *nl = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			nl->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			sio_genl_groups(nl, attr);
			break;
		}
	}
	return 0;
}

static int sio_genl_find(struct sio_nl *nl, const char *name)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *req;

	req = sio_nl_req(nl, GENL_ID_CTRL, 0);
	genl = mnl_nlmsg_put_extra_header(req, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(req, CTRL_ATTR_FAMILY_NAME, name);
	return sio_nl_talk(nl, req, sio_genl_family_cb, nl);
}

/**
 * sio_genl_probe() - have a socket to the tool's family, if it is there
 * @tool: the tool; the socket is opened once and kept there
 *
 * Return: 0 or -errno; -ENOENT if the module is not loaded. Says nothing.
 */
int sio_genl_probe(struct sio_tool *tool)
{
	struct sio_nl *nl;
	int err;

	if (tool->genl)
		return 0;
	nl = sio_nl_open(NETLINK_GENERIC);
	if (!nl)
		return -errno;
	err = sio_genl_find(nl, tool->family->name);
	if (!err && nl->family) {
		tool->genl = nl;
		return 0;
	}
	sio_nl_close(nl);
	return err ? err : -ENOENT;
}

/**
 * sio_genl_open() - have a socket to the tool's family
 * @tool: the tool; the socket is opened once and kept there
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_genl_open(struct sio_tool *tool)
{
	const char *module = tool->family->module;
	int err;

	err = sio_genl_probe(tool);
	if (!err)
		return 0;
	if (err == -ENOENT)
		return sio_refuse("the kernel module %s is not loaded: %s %s, or %s %s",
				  module, "modprobe", module, tool->installer,
				  "if it is not installed");
	return sio_refuse("cannot ask the kernel for %s: %s",
			  tool->family->name, strerror(-err));
}

/**
 * sio_genl_req() - begin a request to the tool's family
 * @tool: the tool, after sio_genl_open()
 * @cmd: command of the family
 * @flags: NLM_F_DUMP or 0
 *
 * Return: the message.
 */
struct nlmsghdr *sio_genl_req(struct sio_tool *tool, __u8 cmd, __u16 flags)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *req;

	req = sio_nl_req(tool->genl, tool->genl->family, flags);
	genl = mnl_nlmsg_put_extra_header(req, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = tool->family->version;
	return req;
}

/* What the attribute that was refused may hold. */
static const char *sio_genl_rule(const struct sio_tool *tool)
{
	const struct sio_attr_rule *rule;

	for (rule = tool->family->rules; rule && rule->attr; rule++)
		if (rule->attr == tool->genl->err_attr)
			return rule->text;
	return NULL;
}

/**
 * sio_genl_refused() - say why the last request was refused
 * @tool: the tool
 * @what: what the request was about, for refusals without a sentence
 *
 * Return: SIO_EXIT_REFUSED.
 */
int sio_genl_refused(const struct sio_tool *tool, const char *what)
{
	const struct sio_nl *nl = tool->genl;
	const char *rule = sio_genl_rule(tool);

	if (rule && (nl->err_policy || !*nl->err_text ||
		     nl->err == ERANGE))
		return sio_refuse("%s: %s", what, rule);
	if (*nl->err_text)
		return sio_refuse("%s", nl->err_text);
	if (nl->err == EPERM)
		return sio_refuse("%s: %s", what,
				  "this needs root (CAP_NET_ADMIN in the initial user namespace)");
	if (nl->err == EOPNOTSUPP)
		return sio_refuse("%s: the loaded module %s does not know this command; %s",
				  what, tool->family->module,
				  "tool and module are of different releases");
	return sio_refuse("%s: %s", what, strerror(nl->err));
}

/**
 * sio_genl_do() - send a request that has no answer but done or refused
 * @tool: the tool
 * @req: the request, from sio_genl_req()
 * @what: what it is about, for refusals without a sentence
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_genl_do(struct sio_tool *tool, struct nlmsghdr *req, const char *what)
{
	if (sio_nl_talk(tool->genl, req, NULL, NULL) < 0)
		return sio_genl_refused(tool, what);
	return 0;
}

static int sio_genl_join(struct sio_nl *nl, __u32 group)
{
	return mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				     sizeof(group));
}

/**
 * sio_genl_subscribe() - open a socket that receives the family's events
 * @tool: the tool, after sio_genl_open()
 * @events: set to the socket; close it with sio_nl_close()
 *
 * It receives as well what sio_genl_news() understands.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_genl_subscribe(struct sio_tool *tool, struct sio_nl **events)
{
	struct sio_nl *nl;

	if (!tool->genl->group)
		return sio_refuse("the loaded module %s reports no events",
				  tool->family->module);
	nl = sio_nl_open(NETLINK_GENERIC);
	/* The kernel's group of news about families has its family's number. */
	if (!nl || sio_genl_join(nl, GENL_ID_CTRL) < 0 ||
	    sio_genl_join(nl, tool->genl->group) < 0) {
		sio_refuse("cannot follow events: %s", strerror(errno));
		sio_nl_close(nl);
		return SIO_EXIT_REFUSED;
	}
	nl->family = tool->genl->family;
	*events = nl;
	return 0;
}

/**
 * sio_genl_news() - has the tool's module gone, or come again?
 * @tool: the tool
 * @events: socket of sio_genl_subscribe()
 * @nlh: message from there
 *
 * The family goes with its module, and those who listen to it are forgotten.
 * When it comes again, by another number, @tool and @events know it.
 *
 * Return: CTRL_CMD_DELFAMILY, CTRL_CMD_NEWFAMILY, or 0 for neither.
 */
int sio_genl_news(struct sio_tool *tool, struct sio_nl *events,
		  const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	bool ours = false;

	if (nlh->nlmsg_type != GENL_ID_CTRL ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*genl))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME)
			ours = !strcmp(mnl_attr_get_str(attr),
				       tool->family->name);
	if (ours && genl->cmd == CTRL_CMD_DELFAMILY)
		return CTRL_CMD_DELFAMILY;
	if (!ours || genl->cmd != CTRL_CMD_NEWFAMILY)
		return 0;
	sio_genl_family_cb(nlh, tool->genl);
	events->family = tool->genl->family;
	/* If it has gone again already, the next message says so. */
	sio_genl_join(events, tool->genl->group);
	return CTRL_CMD_NEWFAMILY;
}
