/* SPDX-License-Identifier: GPL-2.0 */
/* Findings about a machine, each with the command that mends it. */
#ifndef _SIO_USER_CHECK_H
#define _SIO_USER_CHECK_H

#include "proto/user/report.h"

struct sio_args;
struct sio_obj;
struct sio_tool;

/**
 * enum sio_check_level - how bad a finding is
 * @SIO_CHECK_OK: good
 * @SIO_CHECK_ADVICE: works, but could be better
 * @SIO_CHECK_ERROR: does not work
 */
enum sio_check_level {
	SIO_CHECK_OK,
	SIO_CHECK_ADVICE,
	SIO_CHECK_ERROR,
};

/**
 * struct sio_check - a check while it runs
 * @tool: the tool
 * @errors: findings that something does not work
 * @advices: findings that something could be better
 */
struct sio_check {
	struct sio_tool *tool;
	unsigned int errors;
	unsigned int advices;
};

void sio_check_begin(struct sio_check *check, struct sio_tool *tool);
int sio_check_end(struct sio_check *check);
void sio_check_cure(const char *fmt, ...) sio_printf(1, 2);
void sio_check_found(struct sio_check *check, enum sio_check_level level,
		     const char *name, const char *fmt, ...) sio_printf(4, 5);

void sio_check_kernel(struct sio_check *check);
void sio_check_netdev(struct sio_check *check, const char *name);
void sio_check_session(struct sio_check *check, const struct sio_obj *sess);

int sio_check(struct sio_tool *tool, const struct sio_args *args);

#endif /* _SIO_USER_CHECK_H */
