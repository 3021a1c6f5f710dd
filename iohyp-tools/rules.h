/* SPDX-License-Identifier: GPL-2.0 */
/* nftables rules for the port of one NIC, in a table of their own. */
#ifndef _SIO_IOHYP_RULES_H
#define _SIO_IOHYP_RULES_H

#include "iohyp-tools/file.h"

struct sio_path;

/* Who changes the rules of a NIC holds this, so that they fit it at the end */
#define SIO_RULES_LOCK	"/run/iohyp.lock"

int sio_rules_lock(void);
void sio_rules_unlock(int lock);
int sio_rules_read(const char *path, struct sio_file *file);
int sio_rules_load(const struct sio_file *file, const struct sio_path *nic,
		   const char *port);
int sio_rules_remove(const struct sio_path *nic);

#endif /* _SIO_IOHYP_RULES_H */
