// SPDX-License-Identifier: GPL-2.0
/* A device in one line. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/json.h"
#include "proto/user/obj.h"
#include "proto/user/print.h"
#include "proto/user/rtnl.h"
#include "proto/user/tool.h"
#include "proto/user/value.h"
#include "proto/user/why.h"

static const char *sio_device_state(const struct sio_obj *dev)
{
	const char *word;

	word = sio_dev_state_word(sio_obj_u32(dev, SIO_A_DEV_STATE));
	return word ? word : "unknown";
}

static const char *sio_device_type(const struct sio_obj *dev)
{
	const char *word;

	word = sio_dev_type_word(sio_obj_u32(dev, SIO_A_DEV_TYPE));
	return word ? word : "device";
}

/* Name of the net device below a port the tool made, "" for other ports. */
static const char *sio_device_uplink(struct sio_tool *tool,
				     const struct sio_obj *dev, char *buf)
{
	struct sio_netdev port;

	*buf = '\0';
	if (!sio_obj_u32(dev, SIO_A_DEV_PORT_MADE) ||
	    sio_netdev_get(tool, NULL, sio_obj_u32(dev, SIO_A_DEV_IFINDEX),
			   &port))
		return buf;
	return sio_netdev_name(tool, port.parent, buf);
}

/* What a guest asks for and does not get, bit by bit of SIO_A_DEV_DENIED. */
static const char * const sio_device_denials[] = {
	"another address", "more addresses", "promiscuous mode", NULL
};

/* What the tool made for a device, bit by bit of SIO_A_DEV_MADE */
static const char * const sio_device_made[] = {
	"loop", "crypt", "rules", NULL
};

/* An array of the words that belong to the bits that are set. */
static void sio_device_json_bits(const char *key, const char * const *words,
				 __u32 bits)
{
	size_t i;

	sio_json_open(key, '[');
	for (i = 0; words[i]; i++)
		if (bits & 1U << i)
			sio_json_str(NULL, words[i]);
	sio_json_close(']');
}

static void sio_device_text_denied(FILE *out, const struct sio_obj *dev)
{
	__u32 denied = sio_obj_u32(dev, SIO_A_DEV_DENIED);
	const char *sep = ", without --any-mac not allowed: ";
	size_t i;

	for (i = 0; sio_device_denials[i]; i++) {
		if (!(denied & 1U << i))
			continue;
		fprintf(out, "%s%s", sep, sio_device_denials[i]);
		sep = " and ";
	}
}

static void sio_device_json_netdev(struct sio_tool *tool,
				   const struct sio_obj *dev)
{
	char uplink[IFNAMSIZ];

	sio_field_str(dev, tool->family->netdev, SIO_A_DEV_IFNAME);
	sio_field_num(dev, "ifindex", SIO_A_DEV_IFINDEX);
	if (*sio_device_uplink(tool, dev, uplink))
		sio_json_str("uplink", uplink);
	else
		sio_json_null("uplink");
}

/**
 * sio_device_json() - write a device
 * @tool: the tool
 * @dev: the device
 * @key: its name in the object around it, NULL within an array
 */
void sio_device_json(struct sio_tool *tool, const struct sio_obj *dev,
		     const char *key)
{
	sio_json_open(key, '{');
	sio_json_str("guest", sio_obj_str(dev, SIO_A_DEV_GUEST));
	sio_json_str("name", sio_obj_str(dev, SIO_A_DEV_NAME));
	sio_json_str("type", sio_device_type(dev));
	sio_json_str("state", sio_device_state(dev));
	sio_field_num(dev, "id", SIO_A_DEV_ID);
	sio_field_num(dev, "gen", SIO_A_DEV_GEN);
	sio_field_uuid(dev, "uuid", SIO_A_DEV_UUID);
	sio_device_json_netdev(tool, dev);
	sio_field_mac(dev, "mac", SIO_A_DEV_MAC);
	sio_field_num(dev, "mtu", SIO_A_DEV_MTU);
	sio_field_flag(dev, "carrier", SIO_A_DEV_CARRIER);
	sio_field_flag(dev, "open", SIO_A_DEV_OPEN);
	sio_field_flag(dev, "port_made", SIO_A_DEV_PORT_MADE);
	sio_field_flag(dev, "any_mac", SIO_A_DEV_ANY_MAC);
	sio_device_json_bits("denied", sio_device_denials,
			     sio_obj_u32(dev, SIO_A_DEV_DENIED));
	sio_device_json_bits("made", sio_device_made,
			     sio_obj_u32(dev, SIO_A_DEV_MADE));
	sio_field_str(dev, "rules", SIO_A_DEV_RULES);
	sio_field_num(dev, "queues", SIO_A_DEV_QUEUES);
	sio_field_num(dev, "errno", SIO_A_DEV_ERRNO);
	if (sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK)
		sio_disk_json(dev);
	sio_stats_json(dev, "stats", SIO_A_DEV_STAT);
	sio_json_close('}');
}

/**
 * sio_device_text() - write where a device stands
 * @out: where to
 * @tool: the tool
 * @dev: the device
 */
void sio_device_text(FILE *out, struct sio_tool *tool,
		     const struct sio_obj *dev)
{
	__u32 err = sio_obj_u32(dev, SIO_A_DEV_ERRNO);
	char uplink[IFNAMSIZ];
	char text[SIO_MAC_TEXT_LEN];
	const void *mac;
	size_t len;

	fputs(sio_device_state(dev), out);
	if (err)
		fprintf(out, ": the guest could not make it: %s",
			strerror((int)err));
	if (sio_obj_has(dev, SIO_A_DEV_IFNAME))
		sio_safe_print(out, ", %s %s", tool->family->netdev,
			       sio_obj_str(dev, SIO_A_DEV_IFNAME));
	if (*sio_device_uplink(tool, dev, uplink))
		sio_safe_print(out, " on %s", uplink);
	mac = sio_obj_data(dev, SIO_A_DEV_MAC, &len);
	if (mac && len == SIO_MAC_LEN)
		fprintf(out, ", %s", sio_mac_text(mac, text));
	if (sio_obj_has(dev, SIO_A_DEV_MTU))
		fprintf(out, ", mtu %u", sio_obj_u32(dev, SIO_A_DEV_MTU));
	if (sio_obj_u32(dev, SIO_A_DEV_STATE) == SIO_DEV_STATE_READY) {
		if (sio_obj_has(dev, SIO_A_DEV_OPEN) &&
		    !sio_obj_u32(dev, SIO_A_DEV_OPEN))
			fputs(", down in the guest", out);
		else if (sio_obj_has(dev, SIO_A_DEV_CARRIER) &&
			 !sio_obj_u32(dev, SIO_A_DEV_CARRIER))
			fputs(", no carrier", out);
	}
	if (sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK)
		sio_disk_text(out, dev);
	if (sio_obj_u32(dev, SIO_A_DEV_ANY_MAC))
		fputs(", any source address", out);
	sio_device_text_denied(out, dev);
	if (sio_obj_has(dev, SIO_A_DEV_RULES))
		sio_safe_print(out, ", rules of %s",
			       sio_obj_str(dev, SIO_A_DEV_RULES));
}

/**
 * sio_device_sentence() - where a device stands, in one string
 * @tool: the tool
 * @dev: the device
 *
 * Return: the sentence, to be freed; NULL without memory.
 */
char *sio_device_sentence(struct sio_tool *tool, const struct sio_obj *dev)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	sio_device_text(out, tool, dev);
	fclose(out);
	return text;
}

/**
 * sio_stats_json() - write the counters of an object
 * @obj: session, device or link
 * @key: what JSON calls them
 * @attr: attribute that holds a counter, any number of times
 */
void sio_stats_json(const struct sio_obj *obj, const char *key, int attr)
{
	const struct nlattr *nla;
	struct sio_obj stat;

	sio_json_open(key, '{');
	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&stat, nla);
		sio_json_num(sio_obj_str(&stat, SIO_A_STAT_NAME),
			     sio_obj_u64(&stat, SIO_A_STAT_VALUE));
	}
	sio_json_close('}');
}

/**
 * sio_stats_text() - write the counters of an object that are not zero
 * @obj: session, device or link
 * @attr: attribute that holds a counter, any number of times
 * @indent: columns in front
 */
void sio_stats_text(const struct sio_obj *obj, int attr, int indent)
{
	const struct nlattr *nla;
	struct sio_obj stat;
	__u64 value;

	mnl_attr_for_each_nested(nla, obj->nest) {
		if (mnl_attr_get_type(nla) != attr)
			continue;
		sio_obj_parse(&stat, nla);
		value = sio_obj_u64(&stat, SIO_A_STAT_VALUE);
		if (value)
			printf("%*s%-28s %llu\n", indent, "",
			       sio_obj_str(&stat, SIO_A_STAT_NAME),
			       (unsigned long long)value);
	}
}

/**
 * sio_print_label() - begin a line about an object
 * @indent: columns in front
 * @what: kind of object
 * @name: its name
 */
void sio_print_label(int indent, const char *what, const char *name)
{
	char label[SIO_NAME_ARG_LEN + 16];
	char safe[SIO_NAME_ARG_LEN];

	snprintf(label, sizeof(label), "%*s%s %s", indent, "", what,
		 sio_safe_text(name, safe, sizeof(safe)));
	printf("%-18s ", label);
}
