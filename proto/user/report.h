/* SPDX-License-Identifier: GPL-2.0 */
/* How the tools speak to people: refusals, usage errors, warnings. */
#ifndef _SIO_USER_REPORT_H
#define _SIO_USER_REPORT_H

/* Exit status of every command of both tools */
enum sio_exit {
	SIO_EXIT_OK = 0,	/* done */
	SIO_EXIT_REFUSED = 1,	/* understood, but not possible */
	SIO_EXIT_USAGE = 2,	/* not understood */
};

/* Lets the compiler compare the format with what follows it. */
#define sio_printf(fmt, args)				\
	__attribute__((__format__(__printf__,		\
				  fmt, args)))

void sio_report_program(const char *name);
void sio_report_place(const char *file, unsigned int line);
void sio_report_command(const char *object, const char *verb);

int sio_refuse(const char *fmt, ...) sio_printf(1, 2);
int sio_usage(const char *fmt, ...) sio_printf(1, 2);
void sio_warn(const char *fmt, ...) sio_printf(1, 2);

#endif /* _SIO_USER_REPORT_H */
