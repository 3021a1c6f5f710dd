// SPDX-License-Identifier: GPL-2.0
/* What --help prints, made from the same tables the commands run from. */
#include <stdio.h>
#include <string.h>

#include "proto/user/tool.h"

static const char sio_help_globals[] =
	"\n"
	"  -j, --json        answer in JSON, one document per command\n"
	"  -n, --netns NAME  act in that network namespace (or path)\n"
	"  -b, --batch FILE  run the commands in FILE, one a line, - for stdin\n"
	"      --keep-going  with -b and restore: go on after a command that failed\n"
	"  -h, --help        help for the tool, an object or a verb\n"
	"      --version     print the version\n"
	"\n"
	"Exit status: 0 done, 1 refused, 2 usage.\n";

/**
 * sio_help_verbs() - names of an object's verbs, for one line
 * @obj: the object
 * @buf: filled with the names, separated by commas
 * @size: size of @buf
 */
void sio_help_verbs(const struct sio_object *obj, char *buf, unsigned int size)
{
	const struct sio_cmd *cmd;
	size_t len = 0;

	*buf = '\0';
	for (cmd = obj->cmds; cmd->run; cmd++) {
		if (!cmd->verb)
			continue;
		snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
			 cmd->verb);
		len = strlen(buf);
	}
}

static void sio_help_line(const char *head, const char *text)
{
	printf("  %-26s %s\n", head, text);
}

static void sio_help_head(const struct sio_object *obj,
			  const struct sio_cmd *cmd, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s%s%s", obj->name, cmd->verb ? " " : "",
		 cmd->verb ? cmd->verb : "", *cmd->words ? " " : "",
		 cmd->words);
}

/**
 * sio_help_tool() - everything the tool can do, a line each
 * @tool: the tool
 */
void sio_help_tool(const struct sio_tool *tool)
{
	const struct sio_object *const *obj;
	const struct sio_cmd *cmd;
	char head[80];

	printf("%s - %s\n\nusage: %s [-j] [-n NETNS] COMMAND [OPTIONS]\n\n",
	       tool->name, tool->summary, tool->name);
	for (obj = tool->objects; *obj; obj++) {
		for (cmd = (*obj)->cmds; cmd->run; cmd++) {
			sio_help_head(*obj, cmd, head, sizeof(head));
			sio_help_line(head, cmd->help);
		}
	}
	fputs(sio_help_globals, stdout);
}

/**
 * sio_help_cmd() - usage and options of one command
 * @tool: the tool
 * @obj: first word of the command
 * @cmd: the command
 */
void sio_help_cmd(const struct sio_tool *tool, const struct sio_object *obj,
		  const struct sio_cmd *cmd)
{
	const struct sio_opt *opt;
	char head[80];

	sio_help_head(obj, cmd, head, sizeof(head));
	printf("usage: %s %s%s\n\n%s\n", tool->name, head,
	       cmd->opts ? " [OPTIONS]" : "", cmd->help);
	if (cmd->alias)
		printf("Second name of %s: %s\n", cmd->verb, cmd->alias);
	if (cmd->opts)
		putchar('\n');
	for (opt = cmd->opts; opt && opt->name; opt++) {
		snprintf(head, sizeof(head), "--%s%s%s", opt->name,
			 opt->arg ? " " : "", opt->arg ? opt->arg : "");
		sio_help_line(head, opt->help);
	}
	if (cmd->more)
		printf("\n%s", cmd->more);
}

/**
 * sio_help_object() - what can be done with an object
 * @tool: the tool
 * @obj: the object
 */
void sio_help_object(const struct sio_tool *tool, const struct sio_object *obj)
{
	const struct sio_cmd *cmd;
	char head[80];

	if (!obj->cmds->verb) {
		sio_help_cmd(tool, obj, obj->cmds);
		return;
	}
	printf("%s %s - %s\n\n", tool->name, obj->name, obj->help);
	for (cmd = obj->cmds; cmd->run; cmd++) {
		sio_help_head(obj, cmd, head, sizeof(head));
		sio_help_line(head, cmd->help);
	}
	printf("\nOptions of a verb: %s %s VERB --help\n", tool->name,
	       obj->name);
}
