/* SPDX-License-Identifier: GPL-2.0 */
/* Look through a file of nftables rules before nft does. */
#ifndef _SIO_IOHYP_SCAN_H
#define _SIO_IOHYP_SCAN_H

#include <stdio.h>

struct sio_file;

int sio_scan_rules(const struct sio_file *file, const char *table, FILE *out);

#endif /* _SIO_IOHYP_SCAN_H */
