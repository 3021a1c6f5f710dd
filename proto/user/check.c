// SPDX-License-Identifier: GPL-2.0
/* "check": look at the machine, and name the command that mends a finding. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <splitio/core.h>

#include "proto/user/check.h"
#include "proto/user/family.h"
#include "proto/user/json.h"
#include "proto/user/nl.h"
#include "proto/user/obj.h"
#include "proto/user/tool.h"

/* The command for the next finding; consumed by it. */
static char sio_check_cure_text[256];

/**
 * sio_check_begin() - begin to collect findings
 * @check: the check
 * @tool: the tool
 */
void sio_check_begin(struct sio_check *check, struct sio_tool *tool)
{
	memset(check, 0, sizeof(*check));
	check->tool = tool;
	sio_check_cure_text[0] = '\0';
	if (tool->json) {
		sio_json_open(NULL, '{');
		sio_json_open("findings", '[');
	}
}

/**
 * sio_check_cure() - name the command that mends the finding that follows
 * @fmt: as for printf()
 */
void sio_check_cure(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(sio_check_cure_text, sizeof(sio_check_cure_text), fmt, args);
	va_end(args);
}

/**
 * sio_check_found() - report a finding
 * @check: the check
 * @level: how bad it is
 * @name: its name in JSON
 * @fmt: a sentence, as for printf()
 */
void sio_check_found(struct sio_check *check, enum sio_check_level level,
		     const char *name, const char *fmt, ...)
{
	static const char * const levels[] = { "ok", "advice", "error" };
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	check->errors += level == SIO_CHECK_ERROR;
	check->advices += level == SIO_CHECK_ADVICE;

	if (check->tool->json) {
		sio_json_open(NULL, '{');
		sio_json_str("level", levels[level]);
		sio_json_str("name", name);
		sio_json_str("text", text);
		if (*sio_check_cure_text && level != SIO_CHECK_OK)
			sio_json_str("cure", sio_check_cure_text);
		else
			sio_json_null("cure");
		sio_json_close('}');
	} else {
		printf("%-7s %s\n", levels[level], text);
		if (*sio_check_cure_text && level != SIO_CHECK_OK)
			printf("%-7s mend: %s\n", "", sio_check_cure_text);
	}
	sio_check_cure_text[0] = '\0';
}

/**
 * sio_check_end() - sum the findings up
 * @check: the check
 *
 * Return: SIO_EXIT_OK if nothing is broken, otherwise SIO_EXIT_REFUSED.
 */
int sio_check_end(struct sio_check *check)
{
	if (check->tool->json) {
		sio_json_close(']');
		sio_json_num("errors", check->errors);
		sio_json_num("advices", check->advices);
		sio_json_close('}');
	} else {
		printf("%u error%s, %u advice%s\n", check->errors,
		       check->errors == 1 ? "" : "s", check->advices,
		       check->advices == 1 ? "" : "s");
	}
	return check->errors ? SIO_EXIT_REFUSED : SIO_EXIT_OK;
}

static void sio_check_links(struct sio_check *check)
{
	const char *tool = check->tool->name;
	struct sio_objs links;
	size_t i;

	if (!sio_objs_links(check->tool, &links)) {
		for (i = 0; i < links.nr; i++)
			sio_check_netdev(check, sio_obj_str(&links.v[i],
							    SIO_A_LINK_IFNAME));
		if (!links.nr) {
			sio_check_cure(strcmp(tool, "iohyp") ?
				       "ioguest connect --join FILE --link IFNAME" :
				       "iohyp link create IFNAME");
			sio_check_found(check, SIO_CHECK_ADVICE, "link",
					"no link is in use yet");
		}
	}
	sio_objs_free(&links);
}

static void sio_check_sessions(struct sio_check *check)
{
	struct sio_objs sessions;
	size_t i;

	if (!sio_objs_sessions(check->tool, NULL, &sessions))
		for (i = 0; i < sessions.nr; i++)
			sio_check_session(check, &sessions.v[i]);
	sio_objs_free(&sessions);
}

/* An administrator's programs may be where PATH does not lead. */
static bool sio_check_has_program(const char *name)
{
	const char *dir = getenv("PATH");
	char path[512];
	int len;

	for (; dir && *dir; dir += len + !!dir[len]) {
		len = (int)strcspn(dir, ":");
		snprintf(path, sizeof(path), "%.*s/%s", len, dir, name);
		if (!access(path, X_OK))
			return true;
	}
	snprintf(path, sizeof(path), "/usr/sbin/%s", name);
	return !access(path, X_OK);
}

static void sio_check_helpers(struct sio_check *check)
{
	const struct sio_helper *helper = check->tool->family->helpers;

	for (; helper && helper->name; helper++) {
		if (sio_check_has_program(helper->name))
			continue;
		sio_check_cure("apt install %s", helper->package);
		sio_check_found(check, SIO_CHECK_ADVICE, "helper",
				"%s is missing, which \"%s %s\" needs",
				helper->name, check->tool->name, helper->what);
	}
}

/**
 * sio_check() - "check": kernel, links, sessions
 * @tool: the tool
 * @args: perhaps the name of a net device that is to become a link
 *
 * Return: enum sio_exit.
 */
int sio_check(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_check check;

	sio_check_begin(&check, tool);
	sio_check_kernel(&check);
	sio_check_helpers(&check);
	if (args->nr_words)
		sio_check_netdev(&check, args->word[0]);
	else if (!sio_genl_probe(tool))
		sio_check_links(&check);
	if (!sio_genl_probe(tool))
		sio_check_sessions(&check);
	return sio_check_end(&check);
}
