/* SPDX-License-Identifier: GPL-2.0 */
/* Counters and histograms as monitoring systems read them. */
#ifndef _SIO_USER_METRICS_H
#define _SIO_USER_METRICS_H

#include <stdbool.h>
#include <stdio.h>

struct sio_args;
struct sio_snap;
struct sio_tool;

/* metrics_text.c */
void sio_metrics_text(FILE *out, const struct sio_snap *snap,
		      bool is_openmetrics);

int sio_metrics(struct sio_tool *tool, const struct sio_args *args);

#endif /* _SIO_USER_METRICS_H */
