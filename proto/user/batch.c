// SPDX-License-Identifier: GPL-2.0
/* Many commands from a file, one a line, quoted as in a shell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/user/tool.h"

/* Most words on one line */
#define SIO_BATCH_WORDS	64

static bool sio_batch_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * One word at *in, its quotes taken off, written to *out (never ahead of *in).
 * Inside " a backslash keeps the next character, inside ' nothing is special.
 */
static bool sio_batch_word(char **in, char **out, const char **why)
{
	char quote = '\0';
	char *from = *in;
	char *to = *out;

	for (; *from && (quote || !sio_batch_blank(*from)); from++) {
		if (quote && *from == quote) {
			quote = '\0';
		} else if (!quote && (*from == '\'' || *from == '"')) {
			quote = *from;
		} else if (*from == '\\' && quote != '\'') {
			if (!from[1] || from[1] == '\n') {
				*why = "nothing follows the backslash";
				return false;
			}
			*to++ = *++from;
		} else {
			*to++ = *from;
		}
	}
	if (quote) {
		*why = quote == '"' ? "the quote \" is not closed" :
				      "the quote ' is not closed";
		return false;
	}
	if (*from)
		from++;
	*to++ = '\0';
	*in = from;
	*out = to;
	return true;
}

/**
 * sio_batch_split() - split a line into words
 * @line: the line, overwritten
 * @words: filled with pointers into @line, NULL after the last
 * @max: entries in @words
 * @why: set to what is wrong with the line
 *
 * A word that begins with # ends the line.
 *
 * Return: number of words, or -1 with @why set.
 */
int sio_batch_split(char *line, char **words, int max, const char **why)
{
	char *out = line;
	int n = 0;

	for (;;) {
		while (sio_batch_blank(*line))
			line++;
		if (!*line || *line == '#')
			break;
		if (n == max - 1) {
			*why = "too many words";
			return -1;
		}
		words[n++] = out;
		if (!sio_batch_word(&line, &out, why))
			return -1;
	}
	words[n] = NULL;
	return n;
}

/* *tried is set if the line is a command that was understood. */
static int sio_batch_line(struct sio_tool *tool, char *line, size_t len,
			  bool *tried)
{
	const char *why = "a NUL byte is no text";
	char *words[SIO_BATCH_WORDS];
	int n = -1;
	int err;

	if (strlen(line) == len)
		n = sio_batch_split(line, words, SIO_BATCH_WORDS, &why);
	if (!n)
		return SIO_EXIT_OK;
	if (n < 0) {
		sio_report_command("", "");
		return sio_usage("%s", why);
	}
	err = sio_tool_run(tool, n, words);
	if (err != SIO_EXIT_USAGE)
		*tried = true;
	return err;
}

/**
 * sio_batch_file() - run the commands in an open file
 * @tool: the tool they are for
 * @file: the file
 * @path: its name
 * @keep_going: do not stop at the first command that fails
 *
 * Return: the worst enum sio_exit of the commands; SIO_EXIT_USAGE only if none
 * was understood, as it says that nothing was tried.
 */
int sio_batch_file(struct sio_tool *tool, FILE *file, const char *path,
		   bool keep_going)
{
	unsigned int nr = 0;
	int worst = SIO_EXIT_OK;
	bool tried = false;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int err;

	tool->batch = true;
	while ((len = getline(&line, &size, file)) >= 0) {
		sio_report_place(file == stdin ? "standard input" : path, ++nr);
		err = sio_batch_line(tool, line, (size_t)len, &tried);
		if (err > worst)
			worst = err;
		if (err && !keep_going)
			break;
	}
	sio_report_place(NULL, 0);
	if (worst == SIO_EXIT_USAGE && tried)
		worst = SIO_EXIT_REFUSED;
	if (ferror(file) && !worst)
		worst = sio_refuse("cannot read %s: %s", path, strerror(errno));
	tool->batch = false;
	free(line);
	return worst;
}

/**
 * sio_batch_run() - run the commands in a file
 * @tool: the tool they are for
 * @path: the file, "-" for standard input
 * @keep_going: do not stop at the first command that fails
 *
 * Return: enum sio_exit, as sio_batch_file().
 */
int sio_batch_run(struct sio_tool *tool, const char *path, bool keep_going)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int worst;

	if (!file)
		return sio_refuse("cannot read %s: %s", path, strerror(errno));
	worst = sio_batch_file(tool, file, path, keep_going);
	if (file != stdin)
		fclose(file);
	return worst;
}
