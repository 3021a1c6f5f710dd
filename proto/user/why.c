// SPDX-License-Identifier: GPL-2.0
/* Reasons, states, events: their words in JSON and their sentences. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <splitio/core.h>

#include "proto/user/why.h"

#define sio_nr(a) (sizeof(a) / sizeof((a)[0]))

static const struct sio_why_text sio_whys[] = {
	[SIO_WHY_NONE] = {
		"none", "all is well", NULL, false },
	[SIO_WHY_NEVER_DIALED] = {
		"never_dialed", "has not dialed since it was created",
		"on the guest: ioguest connect --join FILE --link IFNAME",
		false },
	[SIO_WHY_STARTING] = {
		"starting", "the first dial has not finished", NULL, false },
	[SIO_WHY_NO_SYN_ANSWER] = {
		"no_syn_answer", "no answer to SYN",
		"on the iohyp: iohyp link show; a firewall between the two must let its TCP port pass",
		false },
	[SIO_WHY_REFUSED] = {
		"refused", "the machine answers, but not on this TCP port",
		"on the iohyp: iohyp link create IFNAME, and compare address and port",
		true },
	[SIO_WHY_NO_HELLO_ANSWER] = {
		"no_hello_answer", "connected, but no answer to the hello",
		"compare the MTU of both links and of the switch between them",
		false },
	[SIO_WHY_BAD_KEY] = {
		"bad_key", "the other side does not know this name with this key",
		"on the iohyp: iohyp guest show; use the join file it wrote for this guest",
		true },
	[SIO_WHY_KEY_NEEDED] = {
		"key_needed", "one side has a key, the other asked for --insecure",
		"give both sides the key, or --insecure to both", true },
	[SIO_WHY_VERSION] = {
		"version", "the other side speaks another protocol version",
		"install the same release on both sides", true },
	[SIO_WHY_FEATURE] = {
		"feature", "the other side requires a feature that is unknown here",
		"install the same release on both sides", true },
	[SIO_WHY_CLONE] = {
		"clone", "another machine under this name is alive",
		"on the iohyp: iohyp guest create NAME for each copy of a machine",
		true },
	[SIO_WHY_LINK_GONE] = {
		"link_gone", "the link's net device does not exist",
		"ip link; create the link again on the net device there is",
		false },
	[SIO_WHY_LINK_DOWN] = {
		"link_down", "the link is down or has no carrier",
		"ip link set IFNAME up, and look at the cable", false },
	[SIO_WHY_NO_ADDRESS] = {
		"no_address", "the link has lost its address",
		"ip address add ADDRESS/LEN dev IFNAME", false },
	[SIO_WHY_NO_NEIGHBOUR] = {
		"no_neighbour", "no answer to ARP",
		"ip neigh show; compare address, VLAN and cabling of both links",
		false },
	[SIO_WHY_MTU] = {
		"mtu", "the path does not pass even the smallest message",
		"ip link set IFNAME mtu 9000 on both links, and on the switch",
		false },
	[SIO_WHY_PEER_SILENT] = {
		"peer_silent", "nothing heard, no keep-alive answered", NULL,
		false },
	[SIO_WHY_PEER_RST] = {
		"peer_rst", "the other side reset the connection", NULL,
		false },
	[SIO_WHY_PEER_FIN] = {
		"peer_fin", "the other side closed the connection", NULL,
		false },
	[SIO_WHY_PEER_GOODBYE] = {
		"peer_goodbye", "the other side said goodbye and will be back",
		NULL, false },
	[SIO_WHY_PEER_LEFT] = {
		"peer_left", "the guest disconnected on its own wish",
		"on the guest: ioguest connect --join FILE --link IFNAME",
		false },
	[SIO_WHY_BUSY] = {
		"busy", "the other side has no room for one more session",
		"on the iohyp: iohyp guest remove NAME for guests that are not used any more",
		false },
	[SIO_WHY_NO_MEMORY] = {
		"no_memory", "this side is out of memory", "free -m", false },
	[SIO_WHY_REMOVED] = {
		"removed", "the administrator removed it", NULL, false },
	[SIO_WHY_ABORTED] = {
		"aborted", "a disk's requests were aborted on the guest", NULL,
		false },
};

static_assert(sio_nr(sio_whys) == SIO_WHY_MAX + 1, "a reason has no sentence");

static const char * const sio_states[] = {
	[SIO_STATE_WAITING] = "waiting",
	[SIO_STATE_DIALING] = "dialing",
	[SIO_STATE_GREETING] = "greeting",
	[SIO_STATE_UP] = "up",
	[SIO_STATE_CLOSING] = "closing",
};

static_assert(sio_nr(sio_states) == SIO_STATE_MAX + 1, "a state has no word");

static const char * const sio_dev_states[] = {
	[SIO_DEV_STATE_WAITING] = "waiting",
	[SIO_DEV_STATE_ANNOUNCED] = "announced",
	[SIO_DEV_STATE_READY] = "ready",
	[SIO_DEV_STATE_PAUSED] = "paused",
	[SIO_DEV_STATE_REMOVING] = "removing",
	[SIO_DEV_STATE_FAILED] = "failed",
};

static_assert(sio_nr(sio_dev_states) == SIO_DEV_STATE_MAX + 1,
	      "a device state has no word");

static const char * const sio_dev_types[] = {
	[SIO_DEV_NIC] = "nic",
	[SIO_DEV_BLK] = "blk",
};

static_assert(sio_nr(sio_dev_types) == SIO_DEV_MAX + 1,
	      "a device type has no word");

static const char * const sio_on_losses[] = {
	[SIO_ON_LOSS_WAIT] = "wait",
	[SIO_ON_LOSS_FAIL] = "fail",
};

static_assert(sio_nr(sio_on_losses) == SIO_ON_LOSS_MAX + 1,
	      "a policy has no word");

static const char * const sio_disk_wrongs[] = {
	[SIO_DISK_OK] = "ok",
	[SIO_DISK_GONE] = "gone",
	[SIO_DISK_SHRANK] = "shrank",
	[SIO_DISK_MISSING] = "missing",
	[SIO_DISK_CHANGED] = "changed",
};

static const char * const sio_events[] = {
	[SIO_EVENT_SESSION] = "session",
	[SIO_EVENT_DEV_NEW] = "dev_new",
	[SIO_EVENT_DEV_SET] = "dev_set",
	[SIO_EVENT_DEV_DEL] = "dev_del",
	[SIO_EVENT_GUEST_NEW] = "guest_new",
	[SIO_EVENT_GUEST_DEL] = "guest_del",
	[SIO_EVENT_LINK_NEW] = "link_new",
	[SIO_EVENT_LINK_DEL] = "link_del",
};

static_assert(sio_nr(sio_events) == SIO_EVENT_MAX + 1, "an event has no word");

static const char * const sio_faults[] = {
	[SIO_FAULT_DROP] = "drop",
	[SIO_FAULT_DUP] = "dup",
	[SIO_FAULT_REORDER] = "reorder",
	[SIO_FAULT_DELAY] = "delay",
	[SIO_FAULT_CORRUPT] = "corrupt",
	[SIO_FAULT_BADSUM] = "badsum",
	[SIO_FAULT_ISN] = "isn",
};

static_assert(sio_nr(sio_faults) == SIO_FAULT_MAX + 1, "a fault has no word");

/* Types of messages a fault rule may name; numbers work for newer ones. */
static const char * const sio_msg_types[] = {
	[0] = "all",
	[1] = "hello",
	[2] = "hello_ack",
	[3] = "confirm",
	[4] = "welcome",
	[5] = "refuse",
	[6] = "probe",
	[7] = "probe_ack",
	[8] = "join",
	[9] = "join_ack",
	[16] = "ctl_req",
	[17] = "ctl_rsp",
	[18] = "ctl_busy",
	[32] = "packet",
	[48] = "blk_req",
	[49] = "blk_rsp",
	[50] = "blk_busy",
	[51] = "blk_pull",
	[52] = "blk_data",
	[255] = "bare",
};

static const char * const sio_features[] = {
	"nic", "blk", "crc", "sealed", "flows",
};

static const char *sio_word(const char * const *words, size_t nr,
			    unsigned int i)
{
	return i < nr && words[i] ? words[i] : NULL;
}

static int sio_word_find(const char * const *words, size_t nr,
			 const char *word)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (words[i] && !strcmp(words[i], word))
			return (int)i;
	return -1;
}

/**
 * sio_why() - words of a reason
 * @why: enum sio_why, or what a newer kernel may say
 *
 * Return: never NULL.
 */
const struct sio_why_text *sio_why(unsigned int why)
{
	static const struct sio_why_text newer = {
		"unknown", "for a reason this tool is too old to know",
		"install the tools of the module's release", false };

	return why < sio_nr(sio_whys) ? &sio_whys[why] : &newer;
}

/**
 * sio_state_word() - word of a session's state
 * @state: enum sio_state
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_state_word(unsigned int state)
{
	return sio_word(sio_states, sio_nr(sio_states), state);
}

/**
 * sio_dev_state_word() - word of a device's state
 * @state: enum sio_dev_state
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_dev_state_word(unsigned int state)
{
	return sio_word(sio_dev_states, sio_nr(sio_dev_states), state);
}

/**
 * sio_dev_type_word() - word of a device's type
 * @type: enum sio_dev_type
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_dev_type_word(unsigned int type)
{
	return sio_word(sio_dev_types, sio_nr(sio_dev_types), type);
}

/**
 * sio_on_loss_word() - word of what a disk does while its session is down
 * @on_loss: enum sio_on_loss
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_on_loss_word(unsigned int on_loss)
{
	return sio_word(sio_on_losses, sio_nr(sio_on_losses), on_loss);
}

/**
 * sio_disk_wrong_word() - word of what is wrong with a disk's block device
 * @wrong: enum sio_disk_wrong
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_disk_wrong_word(unsigned int wrong)
{
	return sio_word(sio_disk_wrongs, sio_nr(sio_disk_wrongs), wrong);
}

/**
 * sio_event_word() - word of an event
 * @event: enum sio_event
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_event_word(unsigned int event)
{
	return sio_word(sio_events, sio_nr(sio_events), event);
}

/**
 * sio_feature_word() - word of a feature bit
 * @bit: number of the bit
 *
 * Return: NULL for one this release does not know.
 */
const char *sio_feature_word(unsigned int bit)
{
	return sio_word(sio_features, sio_nr(sio_features), bit);
}

/**
 * sio_state_find() - a session's state by its word
 * @word: the word
 *
 * Return: enum sio_state or -1.
 */
int sio_state_find(const char *word)
{
	return sio_word_find(sio_states, sio_nr(sio_states), word);
}

/**
 * sio_dev_state_find() - a device's state by its word
 * @word: the word
 *
 * Return: enum sio_dev_state or -1.
 */
int sio_dev_state_find(const char *word)
{
	return sio_word_find(sio_dev_states, sio_nr(sio_dev_states), word);
}

/**
 * sio_fault_find() - a fault action by its word
 * @word: the word
 *
 * Return: enum sio_fault_action or -1.
 */
int sio_fault_find(const char *word)
{
	return sio_word_find(sio_faults, sio_nr(sio_faults), word);
}

/**
 * sio_msg_type_find() - a type of message by its word
 * @word: the word
 *
 * Return: the type, 0 for all, 255 for frames without a message, or -1.
 */
int sio_msg_type_find(const char *word)
{
	return sio_word_find(sio_msg_types, sio_nr(sio_msg_types), word);
}

/**
 * sio_words_list() - all words of a kind, for a sentence
 * @buf: filled with the words, separated by commas
 * @size: size of @buf
 * @word: gives the word of a number
 */
void sio_words_list(char *buf, size_t size, const char *(*word)(unsigned int))
{
	size_t len = 0;
	unsigned int i;

	*buf = '\0';
	for (i = 1; word(i) && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s", i > 1 ? ", " : "",
				word(i));
}
