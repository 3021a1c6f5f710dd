// SPDX-License-Identifier: GPL-2.0
/*
 * Rules for one NIC may touch nothing else. What a file of rules does is known
 * from its outermost level: only definitions and one table may stand there.
 * A brace that is not within quotes or a comment is the only way out of a
 * table, so nothing inside it can act on another; but a chain can be hooked to
 * another device, and another file can hold another brace. The words below
 * are told apart just as nft does.
 */
#include <stdbool.h>
#include <string.h>

#include "iohyp-tools/file.h"
#include "iohyp-tools/scan.h"
#include "proto/user/report.h"

/* The name by which rules call the NIC's port */
#define SIO_SCAN_PORT	"port"

/* Longest word that means something */
#define SIO_SCAN_WORD_LEN	64

enum sio_scan_token {
	SIO_SCAN_END,
	SIO_SCAN_WORD,
	SIO_SCAN_STOP,		/* end of a line or a semicolon */
	SIO_SCAN_OPEN,
	SIO_SCAN_CLOSE,
	SIO_SCAN_OTHER,		/* one character, or text in quotes */
	SIO_SCAN_BAD,		/* a sentence was said */
};

/**
 * struct sio_scan - a file while it is looked through
 * @file: the file
 * @at: next byte of it
 * @from: first byte of the token
 * @word: the token, if it is a word; cut to what fits
 * @line: line it is in, from 1
 * @line_ends: the next one is in the next line
 * @depth: braces that are open after it
 * @is_definition: it begins one
 * @table: name the table gets
 * @seen: name it has in the file, "" before it was seen
 * @hooks: a chain was hooked to the port
 * @out: where the file is written to with that name
 * @copied: bytes of it that were
 */
struct sio_scan {
	const struct sio_file *file;
	size_t at;
	size_t from;
	char word[SIO_SCAN_WORD_LEN];
	unsigned int line;
	bool line_ends;
	unsigned int depth;
	bool is_definition;
	const char *table;
	char seen[SIO_SCAN_WORD_LEN];
	bool hooks;
	FILE *out;
	size_t copied;
};

static enum sio_scan_token sio_scan_bad(const struct sio_scan *scan,
					const char *why)
{
	sio_refuse("%s line %u: %s", scan->file->name, scan->line, why);
	return SIO_SCAN_BAD;
}

static bool sio_scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool sio_scan_begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '.';
}

static bool sio_scan_is_word(char c)
{
	return sio_scan_begins_word(c) || sio_scan_is_digit(c) || c == '/' ||
	       c == '-';
}

/* Blanks, comments, lines that go on: nothing nft would see. */
static void sio_scan_skip(struct sio_scan *scan)
{
	const char *text = scan->file->text;

	for (;;) {
		if (text[scan->at] == ' ' || text[scan->at] == '\t') {
			scan->at++;
		} else if (text[scan->at] == '\\' &&
			   text[scan->at + 1] == '\n') {
			scan->at += 2;
			scan->line++;
		} else if (text[scan->at] == '#') {
			scan->at += strcspn(text + scan->at, "\n");
		} else {
			return;
		}
	}
}

/* Nothing has a meaning within quotes, and nothing ends them but a quote. */
static enum sio_scan_token sio_scan_quote(struct sio_scan *scan)
{
	const char *text = scan->file->text;
	size_t end = scan->at + 1;

	for (; text[end] && text[end] != '"'; end++)
		if (text[end] == '\n')
			return sio_scan_bad(scan, "the quote is not closed");
	if (!text[end])
		return sio_scan_bad(scan, "the quote is not closed");
	scan->at = end + 1;
	return SIO_SCAN_OTHER;
}

static enum sio_scan_token sio_scan_word(struct sio_scan *scan)
{
	const char *text = scan->file->text;
	size_t len;

	while (sio_scan_is_word(text[scan->at]))
		scan->at++;
	len = scan->at - scan->from;
	if (len >= sizeof(scan->word))
		len = sizeof(scan->word) - 1;
	memcpy(scan->word, text + scan->from, len);
	scan->word[len] = '\0';
	return SIO_SCAN_WORD;
}

static enum sio_scan_token sio_scan_next(struct sio_scan *scan)
{
	const char *text = scan->file->text;

	scan->line += scan->line_ends;
	scan->line_ends = false;
	sio_scan_skip(scan);
	scan->from = scan->at;
	if (scan->at == scan->file->len)
		return SIO_SCAN_END;
	if (sio_scan_begins_word(text[scan->at]))
		return sio_scan_word(scan);
	if (text[scan->at] == '"')
		return sio_scan_quote(scan);
	/* Digits are a number and end where it does, as in 5m. */
	scan->at++;
	switch (text[scan->from]) {
	case '\0':
		return sio_scan_bad(scan, "a NUL byte is no text");
	case '\n':
		scan->line_ends = true;
		return SIO_SCAN_STOP;
	case ';':
		return SIO_SCAN_STOP;
	case '{':
		scan->depth++;
		return SIO_SCAN_OPEN;
	case '}':
		if (!scan->depth)
			return sio_scan_bad(scan, "nothing is open that } could close");
		scan->depth--;
		return SIO_SCAN_CLOSE;
	}
	return SIO_SCAN_OTHER;
}

static bool sio_scan_is(const struct sio_scan *scan, enum sio_scan_token token,
			const char *word)
{
	return token == SIO_SCAN_WORD && !strcmp(scan->word, word);
}

/* "device" was read: nothing but the port may follow. */
static enum sio_scan_token sio_scan_device(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_next(scan);

	bool is_variable = token == SIO_SCAN_OTHER &&
			   scan->file->text[scan->from] == '$';

	if (is_variable)
		token = sio_scan_next(scan);
	if (token == SIO_SCAN_BAD)
		return token;
	if (!is_variable || !sio_scan_is(scan, token, SIO_SCAN_PORT))
		return sio_scan_bad(scan, "only the own port can have rules: write device $port");
	scan->hooks = true;
	return SIO_SCAN_WORD;
}

static bool sio_scan_defines(const struct sio_scan *scan)
{
	return !strcmp(scan->word, "define") ||
	       !strcmp(scan->word, "redefine") ||
	       !strcmp(scan->word, "undefine");
}

/* "define" or the like was read: the port stays what it is. */
static enum sio_scan_token sio_scan_define(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_next(scan);

	if (sio_scan_is(scan, token, SIO_SCAN_PORT))
		return sio_scan_bad(scan, "$port is the NIC's port, and defined already");
	scan->is_definition = true;
	return token;
}

/* The next token, seen to do no harm wherever it stands. */
static enum sio_scan_token sio_scan_checked(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_next(scan);

	scan->is_definition = false;
	if (token != SIO_SCAN_WORD)
		return token;
	if (!strcmp(scan->word, "include"))
		return sio_scan_bad(scan, "the rules of a NIC are one file, without include");
	/* A table with an owner goes with nft, and a dormant one does nothing. */
	if (!strcmp(scan->word, "flags") && scan->depth == 1)
		return sio_scan_bad(scan, "the table of a NIC has no flags");
	if (!strcmp(scan->word, "device") || !strcmp(scan->word, "devices"))
		return sio_scan_device(scan);
	if (sio_scan_defines(scan))
		return sio_scan_define(scan);
	return token;
}

/* "table" was read; its own name is written instead of the file's. */
static enum sio_scan_token sio_scan_table_name(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_next(scan);

	if (token == SIO_SCAN_BAD)
		return token;
	if (!sio_scan_is(scan, token, "netdev"))
		return sio_scan_bad(scan, "a port has rules of the family netdev: table netdev");
	token = sio_scan_next(scan);
	if (token == SIO_SCAN_BAD)
		return token;
	if (token != SIO_SCAN_WORD)
		return sio_scan_bad(scan, "the table has no name: table netdev NAME {");
	if (*scan->seen && strcmp(scan->seen, scan->word))
		return sio_scan_bad(scan, "the rules of a NIC are one table");
	memcpy(scan->seen, scan->word, sizeof(scan->seen));
	fwrite(scan->file->text + scan->copied, 1, scan->from - scan->copied,
	       scan->out);
	fputs(scan->table, scan->out);
	scan->copied = scan->at;
	token = sio_scan_next(scan);
	if (token == SIO_SCAN_OPEN || token == SIO_SCAN_BAD)
		return token;
	return sio_scan_bad(scan, "{ has to follow the name of the table");
}

/* All of a table, up to the brace that closes it. */
static enum sio_scan_token sio_scan_table(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_table_name(scan);

	while (token != SIO_SCAN_BAD && scan->depth) {
		token = sio_scan_checked(scan);
		if (token == SIO_SCAN_END)
			return sio_scan_bad(scan, "the table is not closed");
	}
	return token;
}

/* The rest of a definition, which may hold a set on several lines. */
static enum sio_scan_token sio_scan_value(struct sio_scan *scan)
{
	enum sio_scan_token token;

	do {
		token = sio_scan_checked(scan);
	} while (token != SIO_SCAN_BAD && token != SIO_SCAN_END &&
		 (token != SIO_SCAN_STOP || scan->depth));
	if (token == SIO_SCAN_END && scan->depth)
		return sio_scan_bad(scan, "the definition is not closed");
	return token;
}

static enum sio_scan_token sio_scan_statement(struct sio_scan *scan)
{
	enum sio_scan_token token = sio_scan_checked(scan);

	if (token == SIO_SCAN_STOP || token == SIO_SCAN_END ||
	    token == SIO_SCAN_BAD)
		return token;
	if (sio_scan_is(scan, token, "table"))
		return sio_scan_table(scan);
	if (scan->is_definition)
		return sio_scan_value(scan);
	return sio_scan_bad(scan, "only definitions and a table netdev may stand here");
}

/**
 * sio_scan_rules() - see that rules touch nothing but their NIC
 * @file: the rules
 * @table: name of the table they shall be in
 * @out: they are written here, with that name
 *
 * Line breaks stay where they are, so that nft names the same lines.
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_scan_rules(const struct sio_file *file, const char *table, FILE *out)
{
	struct sio_scan scan = {
		.file = file,
		.line = 1,
		.table = table,
		.out = out,
	};
	enum sio_scan_token token;

	do {
		token = sio_scan_statement(&scan);
	} while (token != SIO_SCAN_END && token != SIO_SCAN_BAD);
	if (token == SIO_SCAN_BAD)
		return SIO_EXIT_REFUSED;
	if (!scan.hooks)
		return sio_refuse("%s: no chain is hooked to the port; one says: device $port",
				  file->name);
	fwrite(file->text + scan.copied, 1, file->len - scan.copied, out);
	return 0;
}
