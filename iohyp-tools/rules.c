// SPDX-License-Identifier: GPL-2.0
/* The rules of a NIC's port: loaded whole or not at all, taken away whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "iohyp-tools/rules.h"
#include "iohyp-tools/run.h"
#include "iohyp-tools/scan.h"
#include "proto/user/report.h"
#include "proto/user/value.h"

/* Most bytes of a file of rules */
#define SIO_RULES_MAX	(1024 * 1024)

/* What nft calls its standard input */
#define SIO_RULES_STDIN	"/dev/stdin"

/* Longest name of a table, with NUL */
#define SIO_RULES_TABLE_LEN	(2 * SIO_NAME_ARG_LEN + 8)

/* The one table of a NIC; no two have the same, as / is in no name. */
static void sio_rules_table(const struct sio_path *nic, char *table)
{
	snprintf(table, SIO_RULES_TABLE_LEN, "sio-%s/%s", nic->guest,
		 nic->dev);
}

/**
 * sio_rules_lock() - change rules of NICs alone
 *
 * Otherwise who fails to make a NIC that exists would take the rules of that
 * away.
 *
 * Return: for sio_rules_unlock(), or -1 with errno set.
 */
int sio_rules_lock(void)
{
	int fd = open(SIO_RULES_LOCK,
		      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || !flock(fd, LOCK_EX))
		return fd;
	close(fd);
	return -1;
}

/**
 * sio_rules_unlock() - let others change rules
 * @lock: from sio_rules_lock(); -1 is left alone
 */
void sio_rules_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

/**
 * sio_rules_read() - read a file of rules
 * @path: the file
 * @file: filled in; for sio_file_free() in any case
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_rules_read(const char *path, struct sio_file *file)
{
	return sio_file_read(path, SIO_RULES_MAX, false, file);
}

/* One transaction: nft and the kernel take all of the text or nothing. */
static int sio_rules_run(const char *text, size_t len, const char *name)
{
	static const char *const argv[] = { "nft", "-f", "-", NULL };
	struct sio_run nft = {
		.argv = argv,
		.package = "nftables",
		.input = text,
		.input_len = len,
	};
	int err;

	err = sio_run(&nft);
	if (err || !nft.status)
		return err;
	sio_run_tell(&nft, SIO_RULES_STDIN, name);
	return SIO_EXIT_REFUSED;
}

/* In front of the first line: the port, and an empty table of the name. */
static void sio_rules_begin(FILE *out, const char *table)
{
	fprintf(out, "table netdev %s; delete table netdev %s; ", table, table);
}

static int sio_rules_text(const struct sio_file *file, const char *table,
			  const char *port, FILE *out)
{
	/* What a name may hold, text in quotes may not always. */
	if (strchr(port, '"') || strchr(port, '*'))
		return sio_refuse("nft has no way to name the port %s; %s",
				  port, "choose another --port-name");
	fprintf(out, "define port = \"%s\"; ", port);
	sio_rules_begin(out, table);
	return sio_scan_rules(file, table, out);
}

/**
 * sio_rules_load() - load rules for the port of a NIC, instead of older ones
 * @file: the rules
 * @nic: guest and NIC they are for, with names the kernel takes
 * @port: its port
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why; nothing has changed then.
 */
int sio_rules_load(const struct sio_file *file, const struct sio_path *nic,
		   const char *port)
{
	char table[SIO_RULES_TABLE_LEN];
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int err;

	sio_rules_table(nic, table);
	out = open_memstream(&text, &len);
	if (!out)
		return sio_refuse("no memory for the rules");
	err = sio_rules_text(file, table, port, out);
	fputc('\n', out);
	if (fclose(out) && !err)
		err = sio_refuse("no memory for the rules");
	if (!err && sio_rules_run(text, len, file->name))
		err = sio_refuse("nft does not take %s, and no rule of it is in force",
				 file->name);
	free(text);
	return err;
}

/**
 * sio_rules_remove() - take the rules of a NIC's port away
 * @nic: guest and NIC, likewise
 *
 * Return: 0, also if there are none; or SIO_EXIT_REFUSED after saying why.
 */
int sio_rules_remove(const struct sio_path *nic)
{
	char table[SIO_RULES_TABLE_LEN];
	char text[3 * SIO_RULES_TABLE_LEN];
	int err = 0;
	FILE *out;

	sio_rules_table(nic, table);
	out = fmemopen(text, sizeof(text), "w");
	if (!out)
		return sio_refuse("no memory for the rules");
	sio_rules_begin(out, table);
	fputc('\n', out);
	fclose(out);
	if (sio_rules_run(text, strlen(text), ""))
		err = sio_refuse("the rules of %s/%s stay in the table %s",
				 nic->guest, nic->dev, table);
	return err;
}
