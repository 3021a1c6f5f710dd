// SPDX-License-Identifier: GPL-2.0
/* Options and words of one command, in any order, nothing abbreviated. */
#include <stdlib.h>
#include <string.h>

#include "proto/user/tool.h"

/* Index in the command's table of the option NAME, LEN bytes long. */
static int sio_args_find(const struct sio_cmd *cmd, const char *name,
			 size_t len)
{
	int i;

	for (i = 0; cmd->opts && cmd->opts[i].name; i++)
		if (strlen(cmd->opts[i].name) == len &&
		    !memcmp(cmd->opts[i].name, name, len))
			return i;
	return -1;
}

/* One option at argv[*at]; moves *at past a value that follows it. */
static int sio_args_option(const struct sio_cmd *cmd, int argc, char **argv,
			   int *at, struct sio_args *args)
{
	const char *name = argv[*at] + 2;
	const char *value = strchr(name, '=');
	size_t len = value ? (size_t)(value - name) : strlen(name);
	int i = -1;

	if (argv[*at][1] == '-')
		i = sio_args_find(cmd, name, len);
	if (i < 0)
		return sio_usage("unknown option %s", argv[*at]);
	if (args->opt[i])
		return sio_usage("--%s is given twice", cmd->opts[i].name);

	if (!cmd->opts[i].arg) {
		if (value)
			return sio_usage("--%s takes no value",
					 cmd->opts[i].name);
		args->opt[i] = cmd->opts[i].name;
		return 0;
	}

	if (value)
		value++;
	else if (*at + 1 < argc && strncmp(argv[*at + 1], "--", 2))
		value = argv[++*at];
	if (!value || !*value)
		return sio_usage("--%s needs a value, %s", cmd->opts[i].name,
				 cmd->opts[i].arg);
	args->opt[i] = value;
	return 0;
}

/**
 * sio_args_parse() - sort a command line into options and words
 * @cmd: the command it belongs to
 * @argc: number of entries in @argv
 * @argv: what follows the verb
 * @args: filled in; points into @argv
 *
 * Return: 0, or SIO_EXIT_USAGE after saying what is wrong.
 */
int sio_args_parse(const struct sio_cmd *cmd, int argc, char **argv,
		   struct sio_args *args)
{
	bool options = true;
	int err;
	int i;

	memset(args, 0, sizeof(*args));
	for (i = 0; i < argc; i++) {
		if (options && !strcmp(argv[i], "--")) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			err = sio_args_option(cmd, argc, argv, &i, args);
			if (err)
				return err;
		} else if (args->nr_words == cmd->words_max) {
			return sio_usage("\"%s\" is one word too many",
					 argv[i]);
		} else {
			args->word[args->nr_words++] = argv[i];
		}
	}
	if (args->nr_words < cmd->words_min)
		return sio_usage("%s is missing", cmd->words);
	return 0;
}
