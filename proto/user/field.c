// SPDX-License-Identifier: GPL-2.0
/* Attributes of an object as JSON: what is absent is null. */
#include <splitio/core.h>

#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/value.h"

/**
 * sio_field_num() - write a number
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_num(const struct sio_obj *obj, const char *key, int attr)
{
	if (sio_obj_has(obj, attr))
		sio_json_num(key, sio_obj_u64(obj, attr));
	else
		sio_json_null(key);
}

/**
 * sio_field_flag() - write a number that is 0 or 1 as a truth value
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_flag(const struct sio_obj *obj, const char *key, int attr)
{
	if (sio_obj_has(obj, attr))
		sio_json_bool(key, sio_obj_u32(obj, attr));
	else
		sio_json_null(key);
}

/**
 * sio_field_str() - write a string
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_str(const struct sio_obj *obj, const char *key, int attr)
{
	if (sio_obj_has(obj, attr))
		sio_json_str(key, sio_obj_str(obj, attr));
	else
		sio_json_null(key);
}

/**
 * sio_field_addr() - write an address
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_addr(const struct sio_obj *obj, const char *key, int attr)
{
	char text[SIO_ADDR_TEXT_LEN];
	const void *addr;
	size_t len;

	addr = sio_obj_data(obj, attr, &len);
	if (addr)
		sio_json_str(key, sio_addr_text(addr, len, text));
	else
		sio_json_null(key);
}

/**
 * sio_field_uuid() - write a UUID
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_uuid(const struct sio_obj *obj, const char *key, int attr)
{
	char text[SIO_UUID_TEXT_LEN];
	const void *uuid;
	size_t len;

	uuid = sio_obj_data(obj, attr, &len);
	if (uuid && len == SIO_UUID_LEN)
		sio_json_str(key, sio_uuid_text(uuid, text));
	else
		sio_json_null(key);
}

/**
 * sio_field_mac() - write a MAC address
 * @obj: the object
 * @key: what JSON calls it
 * @attr: type of the attribute
 */
void sio_field_mac(const struct sio_obj *obj, const char *key, int attr)
{
	char text[SIO_MAC_TEXT_LEN];
	const void *mac;
	size_t len;

	mac = sio_obj_data(obj, attr, &len);
	if (mac && len == SIO_MAC_LEN)
		sio_json_str(key, sio_mac_text(mac, text));
	else
		sio_json_null(key);
}
