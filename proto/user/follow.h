/* SPDX-License-Identifier: GPL-2.0 */
/* Follow events: until a state is reached, or for ever. */
#ifndef _SIO_USER_FOLLOW_H
#define _SIO_USER_FOLLOW_H

#include <linux/types.h>
#include <stdbool.h>

#include "proto/user/obj.h"
#include "proto/user/value.h"

struct sio_args;
struct sio_nl;
struct sio_tool;

/* Which nest an event carries */
enum sio_event_kind {
	SIO_EVENT_OF_NOTHING,
	SIO_EVENT_OF_SESSION,
	SIO_EVENT_OF_DEVICE,
	SIO_EVENT_OF_LINK,
};

/**
 * struct sio_event_msg - one event
 * @event: enum sio_event
 * @kind: what @obj is
 * @obj: the session, device or link; valid until the next event is taken
 */
struct sio_event_msg {
	__u32 event;
	enum sio_event_kind kind;
	struct sio_obj obj;
};

/* Wanted state of a wait for something to disappear */
#define SIO_WAIT_GONE	0

/**
 * struct sio_wait - waiting for a session or device to reach a state
 * @tool: the tool
 * @path: the session, or the device if its name is there too
 * @state: enum sio_state or enum sio_dev_state, or SIO_WAIT_GONE
 * @word: the word of @state
 * @timeout_ms: longest wait, negative for no limit
 * @note_ms: after so long say once what it waits for; 0 not to
 * @verdicts: give up when the peer answered and will not change its mind
 * @events: socket of events
 * @recheck_ms: look again after so long, negative to rely on events
 * @reloaded: the module has gone meanwhile, and with it what it had; that may
 *	be made anew
 * @verdict: the peer answered no
 * @last: where it stood when it was last seen, "" if it was not there
 */
struct sio_wait {
	struct sio_tool *tool;
	struct sio_path path;
	int state;
	const char *word;
	int timeout_ms;
	int note_ms;
	bool verdicts;
	struct sio_nl *events;
	int recheck_ms;
	bool reloaded;
	bool verdict;
	char last[512];
};

bool sio_event_parse(const struct sio_tool *tool, const struct nlmsghdr *nlh,
		     struct sio_event_msg *msg);
int sio_monitor(struct sio_tool *tool, const struct sio_args *args);

int sio_wait_begin(struct sio_wait *wait);
int sio_wait_run(struct sio_wait *wait);
void sio_wait_end(struct sio_wait *wait);
int sio_wait(struct sio_tool *tool, const struct sio_args *args);

#endif /* _SIO_USER_FOLLOW_H */
