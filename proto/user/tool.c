// SPDX-License-Identifier: GPL-2.0
/* From a command line to the function that does it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/user/nl.h"
#include "proto/user/tool.h"

#ifndef SIO_VERSION
#define SIO_VERSION "unknown"
#endif

/* Options that may stand anywhere on the line. */
struct sio_globals {
	const char *netns;
	const char *batch;
	bool keep_going;
	bool json;
	bool help;
	bool version;
};

/* The option at argv[at] is SHORT or LONG: its value, NULL if it is another */
static const char *sio_tool_value(char **argv, int argc, int *at,
				  const char *brief, const char *name, int *err)
{
	size_t len = strlen(name);
	const char *value = NULL;

	if (!strncmp(argv[*at], name, len) && argv[*at][len] == '=')
		value = argv[*at] + len + 1;
	else if (strcmp(argv[*at], brief) && strcmp(argv[*at], name))
		return NULL;
	else if (*at + 1 < argc)
		value = argv[++*at];
	if (value && *value)
		return value;
	*err = sio_usage("%s needs a value", name);
	return NULL;
}

static bool sio_tool_flag(const char *arg, const char *brief, const char *name)
{
	return !strcmp(arg, brief) || !strcmp(arg, name);
}

/* Take the global options out of argv; *argc is what remains. */
static int sio_tool_globals(struct sio_globals *globals, int *argc,
			    char **argv)
{
	const char *value;
	int err = 0;
	int n = 0;
	int i;

	for (i = 0; i < *argc && strcmp(argv[i], "--"); i++) {
		value = sio_tool_value(argv, *argc, &i, "-n", "--netns", &err);
		if (value) {
			globals->netns = value;
			continue;
		}
		value = err ? NULL : sio_tool_value(argv, *argc, &i, "-b",
						    "--batch", &err);
		if (err)
			return err;
		if (value)
			globals->batch = value;
		else if (sio_tool_flag(argv[i], "-j", "--json"))
			globals->json = true;
		else if (sio_tool_flag(argv[i], "-h", "--help"))
			globals->help = true;
		else if (sio_tool_flag(argv[i], "--version", "--version"))
			globals->version = true;
		else if (sio_tool_flag(argv[i], "--keep-going", "--keep-going"))
			globals->keep_going = true;
		else
			argv[n++] = argv[i];
	}
	while (i < *argc)
		argv[n++] = argv[i++];
	*argc = n;
	return 0;
}

static int sio_tool_netns(const char *name)
{
	char path[256];
	int fd;

	if (snprintf(path, sizeof(path), "%s%s",
		     strchr(name, '/') ? "" : "/run/netns/", name) >=
	    (int)sizeof(path))
		return sio_refuse("the name of the network namespace is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return sio_refuse("no network namespace %s: %s: %s", name,
				  path, strerror(errno));
	if (setns(fd, CLONE_NEWNET)) {
		if (errno == EPERM)
			sio_refuse("entering a network namespace needs root");
		else
			sio_refuse("cannot enter network namespace %s: %s",
				   name, strerror(errno));
		close(fd);
		return SIO_EXIT_REFUSED;
	}
	close(fd);
	return 0;
}

static const struct sio_object *sio_tool_object(const struct sio_tool *tool,
						const char *name)
{
	const struct sio_object *const *obj;

	for (obj = tool->objects; *obj; obj++)
		if (!strcmp((*obj)->name, name))
			break;
	return *obj;
}

static const struct sio_cmd *sio_tool_verb(const struct sio_object *obj,
					   const char *verb)
{
	const struct sio_cmd *cmd;

	for (cmd = obj->cmds; cmd->run; cmd++)
		if (!strcmp(cmd->verb, verb) ||
		    (cmd->alias && !strcmp(cmd->alias, verb)))
			return cmd;
	return NULL;
}

static int sio_tool_no_verb(const struct sio_object *obj, const char *verb)
{
	char verbs[80];

	sio_help_verbs(obj, verbs, sizeof(verbs));
	if (verb)
		return sio_usage("%s has no verb \"%s\", only %s", obj->name,
				 verb, verbs);
	return sio_usage("%s needs a verb: %s", obj->name, verbs);
}

/* Object, verb, options: what is left when the global options are gone. */
static int sio_tool_command(struct sio_tool *tool, int argc, char **argv,
			    bool help)
{
	const struct sio_object *obj;
	const struct sio_cmd *cmd;
	struct sio_args args;
	int skip = 1;
	int err;

	sio_report_command("", "");
	if (!argc)
		return sio_usage("no command is given");
	if (argv[0][0] == '-')
		return sio_usage("unknown option %s", argv[0]);
	obj = sio_tool_object(tool, argv[0]);
	if (!obj)
		return sio_usage("unknown command \"%s\"", argv[0]);

	sio_report_command(obj->name, "");
	cmd = obj->cmds;
	if (cmd->verb) {
		if (argc < 2 && help) {
			sio_help_object(tool, obj);
			return SIO_EXIT_OK;
		}
		if (argc < 2 || argv[1][0] == '-')
			return sio_tool_no_verb(obj, NULL);
		cmd = sio_tool_verb(obj, argv[1]);
		if (!cmd)
			return sio_tool_no_verb(obj, argv[1]);
		sio_report_command(obj->name, cmd->verb);
		skip = 2;
	}
	if (help) {
		sio_help_cmd(tool, obj, cmd);
		return SIO_EXIT_OK;
	}

	err = sio_args_parse(cmd, argc - skip, argv + skip, &args);
	if (err)
		return err;
	return cmd->run(tool, &args);
}

/**
 * sio_tool_run() - run one command
 * @tool: the tool it is for
 * @argc: number of words
 * @argv: the words, without the tool's name; reordered
 *
 * Return: enum sio_exit.
 */
int sio_tool_run(struct sio_tool *tool, int argc, char **argv)
{
	struct sio_globals globals = {};
	bool json = tool->json;
	int err;

	sio_report_command("", "");
	err = sio_tool_globals(&globals, &argc, argv);
	if (err)
		return err;
	if (globals.version) {
		printf("%s %s\n", tool->name, SIO_VERSION);
		return SIO_EXIT_OK;
	}
	if (tool->batch && (globals.batch || globals.netns))
		return sio_usage("-b and -n stand before a batch, not in it");
	if (globals.keep_going && !globals.batch &&
	    (!argc || strcmp(argv[0], "restore")))
		return sio_usage("--keep-going belongs to -b and to restore");
	if (globals.help && !argc) {
		sio_help_tool(tool);
		return SIO_EXIT_OK;
	}
	if (globals.netns && !globals.help) {
		err = sio_tool_netns(globals.netns);
		if (err)
			return err;
	}

	tool->json = json || globals.json;
	if (!tool->batch)
		tool->keep_going = globals.keep_going;
	if (!globals.batch)
		err = sio_tool_command(tool, argc, argv, globals.help);
	else if (argc)
		err = sio_usage("-b takes its commands from the file, but \"%s\" follows",
				argv[0]);
	else
		err = sio_batch_run(tool, globals.batch, tool->keep_going);
	tool->json = json;
	return err;
}

/*
 * A socket or a file with a key must not become what is written to as standard
 * output or error: whichever of the three is closed is opened the wrong way
 * round, so that using it still fails.
 */
static void sio_tool_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
							       O_RDONLY);
}

/**
 * sio_tool_hold_signals() - be not interrupted half way, with things left behind
 * @old: set to what sigprocmask() restores
 */
void sio_tool_hold_signals(sigset_t *old)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, old);
}

/**
 * sio_tool_main() - the body of main()
 * @tool: the tool
 * @argc: of main()
 * @argv: of main()
 *
 * Return: exit status of the process.
 */
int sio_tool_main(struct sio_tool *tool, int argc, char **argv)
{
	int err;

	sio_tool_streams();
	/* A reader that has seen enough must not end us half way. */
	signal(SIGPIPE, SIG_IGN);
	sio_report_program(tool->name);
	err = sio_tool_run(tool, argc ? argc - 1 : 0, argv + 1);
	sio_nl_close(tool->genl);
	sio_nl_close(tool->rtnl);
	if (fflush(stdout) || ferror(stdout)) {
		if (errno == EPIPE)
			return err;
		return sio_refuse("cannot write the answer: %s",
				  strerror(errno));
	}
	return err;
}
