/* SPDX-License-Identifier: GPL-2.0 */
/* A tool is a table of objects, each a table of verbs: command lines. */
#ifndef _SIO_USER_TOOL_H
#define _SIO_USER_TOOL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "proto/user/report.h"

struct sio_family;
struct sio_nl;
struct sio_save;
struct sio_tool;

/* Most options of one command, and most words that are not options */
#define SIO_OPTS_MAX	12
#define SIO_WORDS_MAX	16

/**
 * struct sio_opt - one option of a command; a table ends with @name NULL
 * @name: long name without the dashes
 * @arg: what stands for its value in the help, NULL if it takes none
 * @help: what it does, in a few words
 */
struct sio_opt {
	const char *name;
	const char *arg;
	const char *help;
};

/**
 * struct sio_args - a command line after parsing
 * @opt: value per option, in the order of the command's table; NULL if not
 *	given, the option's own name if it takes no value
 * @word: the words that are not options, in order
 * @nr_words: how many
 */
struct sio_args {
	const char *opt[SIO_OPTS_MAX];
	const char *word[SIO_WORDS_MAX];
	int nr_words;
};

/**
 * struct sio_cmd - one verb of an object; a table ends with @run NULL
 * @verb: its name; NULL if the object is the whole command
 * @alias: second name or NULL
 * @words: how the words that are not options show in the help
 * @words_min: fewest of them
 * @words_max: most of them, up to SIO_WORDS_MAX
 * @opts: table of options or NULL
 * @help: what it does, one line
 * @more: further paragraphs of the help or NULL
 * @run: does it; returns enum sio_exit
 */
struct sio_cmd {
	const char *verb;
	const char *alias;
	const char *words;
	int words_min;
	int words_max;
	const struct sio_opt *opts;
	const char *help;
	const char *more;
	int (*run)(struct sio_tool *tool, const struct sio_args *args);
};

/**
 * struct sio_object - first word of a command
 * @name: that word
 * @help: what the object is, one line
 * @cmds: its verbs
 */
struct sio_object {
	const char *name;
	const char *help;
	const struct sio_cmd *cmds;
};

/**
 * struct sio_tool - one of the two tools while it runs
 * @name: its name
 * @summary: what it is for, one line
 * @installer: script that installs its module
 * @objects: its commands, ended by NULL
 * @family: its netlink family
 * @conf: where its configuration is saved
 * @save: writes that; 0, or SIO_EXIT_REFUSED after saying why
 * @json: answers are JSON, one document per command
 * @batch: commands come from a file
 * @keep_going: and go on after one that failed
 * @restoring: they make a configuration anew; what is there already stays
 * @genl: socket for requests to @family; NULL until first used
 * @rtnl: socket for requests about net devices; NULL until first used
 */
struct sio_tool {
	const char *name;
	const char *summary;
	const char *installer;
	const struct sio_object *const *objects;
	const struct sio_family *family;
	const char *conf;
	int (*save)(struct sio_tool *tool, struct sio_save *save);
	bool json;
	bool batch;
	bool keep_going;
	bool restoring;
	struct sio_nl *genl;
	struct sio_nl *rtnl;
};

/* What both tools have, cmds.c */
extern const struct sio_object sio_save_object;
extern const struct sio_object sio_restore_object;
extern const struct sio_object sio_show_object;
extern const struct sio_object sio_monitor_object;
extern const struct sio_object sio_top_object;
extern const struct sio_object sio_metrics_object;
extern const struct sio_object sio_wait_object;
extern const struct sio_object sio_check_object;
extern const struct sio_object sio_fault_object;

int sio_tool_main(struct sio_tool *tool, int argc, char **argv);
void sio_tool_hold_signals(sigset_t *old);
int sio_tool_run(struct sio_tool *tool, int argc, char **argv);

int sio_args_parse(const struct sio_cmd *cmd, int argc, char **argv,
		   struct sio_args *args);

int sio_batch_file(struct sio_tool *tool, FILE *file, const char *path,
		   bool keep_going);
int sio_batch_run(struct sio_tool *tool, const char *path, bool keep_going);
int sio_batch_split(char *line, char **words, int max, const char **why);

void sio_help_tool(const struct sio_tool *tool);
void sio_help_object(const struct sio_tool *tool, const struct sio_object *obj);
void sio_help_cmd(const struct sio_tool *tool, const struct sio_object *obj,
		  const struct sio_cmd *cmd);
void sio_help_verbs(const struct sio_object *obj, char *buf, unsigned int size);

#endif /* _SIO_USER_TOOL_H */
