/* SPDX-License-Identifier: GPL-2.0 */
/* Rules of the fault injector, for both tools. */
#ifndef _SIO_USER_FAULT_H
#define _SIO_USER_FAULT_H

struct sio_args;
struct sio_tool;

extern const char sio_fault_help[];

int sio_fault_set(struct sio_tool *tool, const struct sio_args *args);
int sio_fault_clear(struct sio_tool *tool, const struct sio_args *args);

#endif /* _SIO_USER_FAULT_H */
