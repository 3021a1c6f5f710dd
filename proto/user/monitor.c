// SPDX-License-Identifier: GPL-2.0
/* Print events as they come. */
#include <errno.h>
#include <linux/genetlink.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/follow.h"
#include "proto/user/json.h"
#include "proto/user/nl.h"
#include "proto/user/print.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

static atomic_bool sio_monitor_stop;

static void sio_monitor_signal(int sig)
{
	(void)sig;
	sio_monitor_stop = true;
}

/**
 * sio_event_parse() - take an event message apart
 * @tool: the tool
 * @nlh: the message
 * @msg: filled in, refers to @nlh
 *
 * Return: whether it is an event.
 */
bool sio_event_parse(const struct sio_tool *tool, const struct nlmsghdr *nlh,
		     struct sio_event_msg *msg)
{
	const struct sio_family *family = tool->family;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	__u16 type;

	memset(msg, 0, sizeof(*msg));
	if (nlh->nlmsg_type != tool->genl->family ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl) ||
	    genl->cmd != family->event)
		return false;
	mnl_attr_for_each(attr, nlh, sizeof(*genl)) {
		type = mnl_attr_get_type(attr);
		if (type == family->a_event) {
			msg->event = mnl_attr_get_u32(attr);
			continue;
		}
		if (type == family->a_session)
			msg->kind = SIO_EVENT_OF_SESSION;
		else if (type == family->a_device)
			msg->kind = SIO_EVENT_OF_DEVICE;
		else if (type == family->a_link)
			msg->kind = SIO_EVENT_OF_LINK;
		else
			continue;
		sio_obj_parse(&msg->obj, attr);
	}
	return msg->event;
}

static void sio_monitor_json(struct sio_tool *tool,
			     const struct sio_event_msg *msg, const char *time)
{
	const char *word = sio_event_word(msg->event);

	sio_json_open(NULL, '{');
	sio_json_str("time", time);
	sio_json_str("event", word ? word : "unknown");
	if (msg->kind == SIO_EVENT_OF_SESSION)
		sio_session_json(&msg->obj, "session");
	else if (msg->kind == SIO_EVENT_OF_DEVICE)
		sio_device_json(tool, &msg->obj, "device");
	else if (msg->kind == SIO_EVENT_OF_LINK)
		sio_link_json(&msg->obj, "link");
	sio_json_close('}');
}

static void sio_monitor_text(struct sio_tool *tool,
			     const struct sio_event_msg *msg, const char *time)
{
	const char *word = sio_event_word(msg->event);
	const struct sio_obj *obj = &msg->obj;

	printf("%s %s ", time, word ? word : "unknown");
	if (msg->kind == SIO_EVENT_OF_SESSION) {
		printf("%s ", sio_obj_str(obj, SIO_A_SESS_NAME));
		sio_session_text(stdout, obj);
	} else if (msg->kind == SIO_EVENT_OF_DEVICE) {
		printf("%s/%s ", sio_obj_str(obj, SIO_A_DEV_GUEST),
		       sio_obj_str(obj, SIO_A_DEV_NAME));
		sio_device_text(stdout, tool, obj);
	} else if (msg->kind == SIO_EVENT_OF_LINK) {
		sio_safe_print(stdout, "%s ",
			       sio_obj_str(obj, SIO_A_LINK_IFNAME));
		sio_link_text(stdout, obj);
	}
	putchar('\n');
}

static void sio_monitor_print(struct sio_tool *tool,
			      const struct sio_event_msg *msg)
{
	struct timespec now;
	char time[64];
	char zone[8];
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	len = strftime(time, sizeof(time), tool->json ? "%Y-%m-%dT%H:%M:%S" :
		       "%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(time + len, sizeof(time) - len, ".%03ld%s",
		 now.tv_nsec / 1000000, tool->json ? zone : "");
	if (tool->json)
		sio_monitor_json(tool, msg, time);
	else
		sio_monitor_text(tool, msg, time);
	fflush(stdout);
}

/* A signal after the look at the flag would be lost, so it waits for ppoll(). */
static int sio_monitor_next(struct sio_nl *events, const struct nlmsghdr **nlh)
{
	int err = -EINTR;
	sigset_t old;

	sio_tool_hold_signals(&old);
	if (!sio_monitor_stop)
		err = sio_nl_recv(events, -1, &old, nlh);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

/**
 * sio_monitor() - "monitor": print events until interrupted
 * @tool: the tool
 * @args: none
 *
 * Return: enum sio_exit.
 */
int sio_monitor(struct sio_tool *tool, const struct sio_args *args)
{
	struct sigaction action = { .sa_handler = sio_monitor_signal };
	const struct nlmsghdr *nlh;
	struct sio_event_msg msg;
	struct sio_nl *events;
	int err = 0;

	(void)args;
	if (sio_genl_open(tool) || sio_genl_subscribe(tool, &events))
		return SIO_EXIT_REFUSED;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (!sio_monitor_stop && !err && !ferror(stdout)) {
		err = sio_monitor_next(events, &nlh);
		if (err == -ENOBUFS)
			sio_warn("events came too fast and some are missing; \"%s show\" tells how things stand",
				 tool->name);
		else if (err > 0 &&
			 sio_genl_news(tool, events, nlh) == CTRL_CMD_DELFAMILY)
			sio_warn("the kernel module %s has gone; events follow when it is loaded again",
				 tool->family->module);
		else if (err > 0 && sio_event_parse(tool, nlh, &msg))
			sio_monitor_print(tool, &msg);
		if (err > 0 || err == -EINTR || err == -ENOBUFS)
			err = 0;
	}
	sio_nl_close(events);
	if (err)
		return sio_refuse("cannot follow events: %s", strerror(-err));
	return SIO_EXIT_OK;
}
