// SPDX-License-Identifier: GPL-2.0
/* Rules of the fault injector: from "drop,type=packet,first=3" to netlink. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/fault.h"
#include "proto/user/nl.h"
#include "proto/user/rtnl.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

/* More than the longest command line's rules take in a request */
#define SIO_FAULT_ROOM	4096

const char sio_fault_help[] =
	"RULE is ACTION[,WORD=VALUE]... with an ACTION of drop, dup, reorder,\n"
	"corrupt, badsum, delay (needs us=), isn=NUMBER (first sequence number).\n"
	"  type=NAME   frames counted: hello, ctl_req, packet ..., all, bare\n"
	"  first=N     ordinal of the first frame hit, from 1\n"
	"  count=N     how many from there on, 0 for no end; 1 if not given\n"
	"  ppm=N       chance in a million that such a frame is hit\n"
	"  seed=N      seed of the generator that decides\n"
	"  us=N        microseconds of delay\n"
	"At most 8 rules; they replace those the link had. For tests only.\n";

/* One word of a rule, all but the type a number, and its attribute. */
static const struct sio_fault_word {
	const char *word;
	__u16 attr;
} sio_fault_words[] = {
	{ "type", SIO_A_FAULT_TYPE },
	{ "first", SIO_A_FAULT_FIRST },
	{ "count", SIO_A_FAULT_COUNT },
	{ "ppm", SIO_A_FAULT_PPM },
	{ "seed", SIO_A_FAULT_SEED },
	{ "us", SIO_A_FAULT_DELAY_US },
	{ "value", SIO_A_FAULT_VALUE },
	{ NULL, 0 },
};

static int sio_fault_type(struct nlmsghdr *req, const char *text)
{
	int type = sio_msg_type_find(text);
	__u32 num;

	if (type < 0) {
		if (*text < '0' || *text > '9')
			return sio_usage("no type of message is called \"%s\"",
					 text);
		if (sio_value_u32("type", text, 0, UCHAR_MAX, &num))
			return SIO_EXIT_USAGE;
		type = (int)num;
	}
	mnl_attr_put_u8(req, SIO_A_FAULT_TYPE, (__u8)type);
	return 0;
}

/* One WORD=VALUE; *seen collects the attributes that were given. */
static int sio_fault_word(struct nlmsghdr *req, char *text, unsigned int *seen)
{
	const struct sio_fault_word *word = sio_fault_words;
	char *value = strchr(text, '=');
	__u32 num;

	if (!value)
		return sio_usage("\"%s\" in a rule is not of the form WORD=VALUE",
				 text);
	*value++ = '\0';
	while (word->word && strcmp(word->word, text))
		word++;
	if (!word->word)
		return sio_usage("a rule has no \"%s\"", text);
	if (*seen & 1U << word->attr)
		return sio_usage("a rule has %s twice", text);
	*seen |= 1U << word->attr;
	if (word->attr == SIO_A_FAULT_TYPE)
		return sio_fault_type(req, value);
	if (sio_value_u32(text, value, 0, UINT_MAX, &num))
		return SIO_EXIT_USAGE;
	mnl_attr_put_u32(req, word->attr, num);
	return 0;
}

/* A whole rule; "isn=N" is short for "isn,value=N". */
static int sio_fault_rule(struct nlmsghdr *req, const char *rule)
{
	unsigned int seen = 0;
	char text[256];
	char *save;
	char *word;
	int action;
	int err;

	if (strlen(rule) + sizeof("isn,value=") >= sizeof(text))
		return sio_usage("the rule \"%s\" is too long", rule);
	if (!strncmp(rule, "isn=", 4))
		snprintf(text, sizeof(text), "isn,value=%s", rule + 4);
	else
		snprintf(text, sizeof(text), "%s", rule);
	word = strtok_r(text, ",", &save);
	action = word ? sio_fault_find(word) : -1;
	if (action < 0)
		return sio_usage("\"%s\" begins with none of %s", rule,
				 "drop, dup, reorder, delay, corrupt, badsum, isn");
	mnl_attr_put_u8(req, SIO_A_FAULT_ACTION, (__u8)action);
	while ((word = strtok_r(NULL, ",", &save))) {
		err = sio_fault_word(req, word, &seen);
		if (err)
			return err;
	}
	if (action == SIO_FAULT_DELAY && !(seen & 1U << SIO_A_FAULT_DELAY_US))
		return sio_usage("delay needs us=, a number of microseconds");
	if (action == SIO_FAULT_ISN && !(seen & 1U << SIO_A_FAULT_VALUE))
		return sio_usage("isn needs a number, as in isn=0xfffff000");
	return 0;
}

/* All rules of a command line, each in a nest. */
static int sio_fault_rules(struct nlmsghdr *req, __u16 attr,
			   const struct sio_args *args)
{
	struct nlattr *nest;
	int err;
	int i;

	for (i = 1; i < args->nr_words; i++) {
		nest = mnl_attr_nest_start(req, attr);
		err = sio_fault_rule(req, args->word[i]);
		if (err)
			return err;
		mnl_attr_nest_end(req, nest);
	}
	return 0;
}

static int sio_fault_check(const struct sio_args *args)
{
	char buf[SIO_FAULT_ROOM];

	memset(buf, 0, sizeof(buf));
	return sio_fault_rules(mnl_nlmsg_put_header(buf), 1, args);
}

/**
 * sio_fault_set() - "fault set IFNAME RULE...", "fault clear IFNAME"
 * @tool: the tool
 * @args: the link, then the rules
 *
 * Return: enum sio_exit.
 */
int sio_fault_set(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_netdev dev;
	struct nlmsghdr *req;
	int err;

	/* What is badly written is said first, whatever else is amiss. */
	err = sio_fault_check(args);
	if (!err)
		err = sio_genl_open(tool);
	if (!err)
		err = sio_netdev_need(tool, args->word[0], &dev);
	if (err)
		return err;
	req = sio_genl_req(tool, tool->family->fault_set, 0);
	mnl_attr_put_u32(req, tool->family->a_ifindex, dev.index);
	sio_fault_rules(req, tool->family->a_fault, args);
	return sio_genl_do(tool, req, dev.name);
}

/**
 * sio_fault_clear() - "fault clear IFNAME"
 * @tool: the tool
 * @args: the link
 *
 * Return: enum sio_exit.
 */
int sio_fault_clear(struct sio_tool *tool, const struct sio_args *args)
{
	return sio_fault_set(tool, args);
}
