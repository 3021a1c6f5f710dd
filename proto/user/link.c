// SPDX-License-Identifier: GPL-2.0
/* A link in one line. */
#include <stdio.h>

#include <splitio/core.h>

#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

/**
 * sio_link_json() - write a link
 * @link: the link
 * @key: its name in the object around it, NULL within an array
 */
void sio_link_json(const struct sio_obj *link, const char *key)
{
	const struct sio_why_text *why;

	why = sio_why(sio_obj_u32(link, SIO_A_LINK_WHY));
	sio_json_open(key, '{');
	sio_json_str("ifname", sio_obj_str(link, SIO_A_LINK_IFNAME));
	sio_json_num("ifindex", sio_obj_u64(link, SIO_A_LINK_IFINDEX));
	sio_field_addr(link, "local", SIO_A_LINK_LOCAL);
	sio_field_num(link, "port", SIO_A_LINK_PORT);
	sio_json_num("mtu", sio_obj_u64(link, SIO_A_LINK_MTU));
	sio_json_str("why", why->word);
	sio_json_str("why_text", why->text);
	sio_json_num("flows", sio_obj_u64(link, SIO_A_LINK_FLOWS));
	sio_stats_json(link, "stats", SIO_A_LINK_STAT);
	sio_json_close('}');
}

/**
 * sio_link_text() - write where a link stands
 * @out: where to
 * @link: the link
 */
void sio_link_text(FILE *out, const struct sio_obj *link)
{
	__u32 flows = sio_obj_u32(link, SIO_A_LINK_FLOWS);
	__u32 why = sio_obj_u32(link, SIO_A_LINK_WHY);
	char text[SIO_ADDR_TEXT_LEN];
	const void *addr;
	size_t len;

	addr = sio_obj_data(link, SIO_A_LINK_LOCAL, &len);
	sio_addr_text(addr, len, text);
	if (!sio_obj_has(link, SIO_A_LINK_PORT))
		fputs(text, out);
	else if (len == 16)
		fprintf(out, "[%s]:%u", text,
			sio_obj_u32(link, SIO_A_LINK_PORT));
	else
		fprintf(out, "%s:%u", text, sio_obj_u32(link, SIO_A_LINK_PORT));
	fprintf(out, ", mtu %u, %u flow%s", sio_obj_u32(link, SIO_A_LINK_MTU),
		flows, flows == 1 ? "" : "s");
	if (why != SIO_WHY_NONE)
		fprintf(out, ": %s", sio_why(why)->text);
}
