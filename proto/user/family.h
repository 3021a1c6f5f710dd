/* SPDX-License-Identifier: GPL-2.0 */
/* What the shared code must know of the family a tool talks to. */
#ifndef _SIO_USER_FAMILY_H
#define _SIO_USER_FAMILY_H

#include <splitio/core.h>

/* What both families accept in the attributes they share */
#define SIO_RULE_NAME \
	"a guest's name is 1 to 31 letters, digits, dots, dashes or underscores and begins with a letter or digit"
#define SIO_RULE_PORT \
	"a TCP port is 1 to 65535"
#define SIO_RULE_LOCAL \
	"the address must be an IPv4 address of the link; IPv6 links come in a later release"
#define SIO_RULE_KEY \
	"a key is 32 bytes that are not all zero"
#define SIO_RULE_FAULT \
	"a number of the fault rule is out of its range"

/**
 * struct sio_attr_rule - what the kernel accepts in an attribute, in words
 * @attr: the attribute; 0 ends a table
 * @text: what its value must be, as a whole sentence
 */
struct sio_attr_rule {
	__u16 attr;
	const char *text;
};

/**
 * struct sio_helper - a program that a service needs; a table ends with @name
 *	NULL
 * @name: its name
 * @package: the Debian package it is in
 * @what: what cannot be had without it
 */
struct sio_helper {
	const char *name;
	const char *package;
	const char *what;
};

/**
 * struct sio_family - numbers of one netlink family
 * @name: its name
 * @module: module that registers it
 * @session: what a session is called in answers
 * @list: JSON name of the array of sessions
 * @netdev: what the net device of a virtual NIC is called
 * @worker: what a worker is numbered by
 * @version: version of the family
 * @session_get: command that reads sessions
 * @dev_get: command that reads devices
 * @link_get: command that reads links
 * @worker_get: command that reads what workers did
 * @fault_set: command that sets fault rules
 * @event: command of event messages
 * @a_name: attribute with the guest's name
 * @a_ifindex: attribute with a link
 * @a_session: attribute that holds a session
 * @a_device: attribute that holds a device
 * @a_link: attribute that holds a link
 * @a_worker: attribute that holds what a worker did
 * @a_fault: attribute that holds a fault rule
 * @a_event: attribute with enum sio_event
 * @rules: what attributes may hold, for refusals that do not say it
 * @helpers: programs that are run, NULL for none
 */
struct sio_family {
	const char *name;
	const char *module;
	const char *session;
	const char *list;
	const char *netdev;
	const char *worker;
	__u8 version;
	__u8 session_get;
	__u8 dev_get;
	__u8 link_get;
	__u8 worker_get;
	__u8 fault_set;
	__u8 event;
	__u16 a_name;
	__u16 a_ifindex;
	__u16 a_session;
	__u16 a_device;
	__u16 a_link;
	__u16 a_worker;
	__u16 a_fault;
	__u16 a_event;
	const struct sio_attr_rule *rules;
	const struct sio_helper *helpers;
};

#endif /* _SIO_USER_FAMILY_H */
