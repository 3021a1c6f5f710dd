// SPDX-License-Identifier: GPL-2.0
/* How the tools speak to people: one sentence on standard error. */
#include <stdarg.h>
#include <stdio.h>

#include "proto/user/report.h"
#include "proto/user/value.h"

/* Longest sentence; words from a command line are cut, not the hint after it */
#define SIO_REPORT_LEN	1024

static const char *sio_program = "splitio";
static const char *sio_object = "";
static const char *sio_verb = "";
static const char *sio_file;
static unsigned int sio_line;

/**
 * sio_report_program() - name every later message begins with
 * @name: the tool's name, kept
 */
void sio_report_program(const char *name)
{
	sio_program = name;
}

/**
 * sio_report_place() - where in a batch file the tool is
 * @file: name of the file, kept; NULL when there is none
 * @line: line in it, from 1
 */
void sio_report_place(const char *file, unsigned int line)
{
	sio_file = file;
	sio_line = line;
}

/**
 * sio_report_command() - which command is read, for the hint of usage errors
 * @object: name of the object, "" if not known yet; kept
 * @verb: name of the verb, likewise
 */
void sio_report_command(const char *object, const char *verb)
{
	sio_object = object;
	sio_verb = verb;
}

/* One sentence; what was typed or read may not move the terminal. */
static void sio_report(const char *kind, const char *fmt, va_list args)
{
	char text[SIO_REPORT_LEN];
	char safe[SIO_REPORT_LEN];
	char file[SIO_REPORT_LEN];

	fflush(stdout);
	vsnprintf(text, sizeof(text), fmt, args);
	fprintf(stderr, "%s: ", sio_program);
	if (sio_file)
		fprintf(stderr, "%s line %u: ",
			sio_safe_text(sio_file, file, sizeof(file)), sio_line);
	fprintf(stderr, "%s%s", kind, sio_safe_text(text, safe, sizeof(safe)));
}

/**
 * sio_refuse() - say why something cannot be done
 * @fmt: sentence without a full stop, as for printf()
 *
 * Return: SIO_EXIT_REFUSED.
 */
int sio_refuse(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sio_report("", fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return SIO_EXIT_REFUSED;
}

/**
 * sio_usage() - say what is wrong with the command line, and where help is
 * @fmt: sentence without a full stop, as for printf()
 *
 * Return: SIO_EXIT_USAGE.
 */
int sio_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sio_report("", fmt, args);
	va_end(args);
	fprintf(stderr, "; see %s%s%s%s%s --help\n", sio_program,
		*sio_object ? " " : "", sio_object,
		*sio_verb ? " " : "", sio_verb);
	return SIO_EXIT_USAGE;
}

/**
 * sio_warn() - say something that does not stop the command
 * @fmt: sentence without a full stop, as for printf()
 */
void sio_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sio_report("warning: ", fmt, args);
	va_end(args);
	fputc('\n', stderr);
}
