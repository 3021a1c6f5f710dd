// SPDX-License-Identifier: GPL-2.0
/* Wait for a state: subscribe first, look once, then follow the events. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <splitio/core.h>

#include "proto/user/family.h"
#include "proto/user/follow.h"
#include "proto/user/nl.h"
#include "proto/user/print.h"
#include "proto/user/tool.h"
#include "proto/user/why.h"

/* How often to look for what has no event: a session's end, udev's links */
#define SIO_WAIT_RECHECK_MS	100

/* What looking found; below zero it is time to give up */
enum sio_wait_found {
	SIO_WAIT_REFUSED = -1,
	SIO_WAIT_MORE,
	SIO_WAIT_DONE,
};

static long long sio_wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void sio_wait_keep(struct sio_wait *wait, char *sentence)
{
	snprintf(wait->last, sizeof(wait->last), "%s",
		 sentence ? sentence : "");
	free(sentence);
}

static int sio_wait_session(struct sio_wait *wait, const struct sio_obj *sess)
{
	int state = (int)sio_obj_u32(sess, SIO_A_SESS_STATE);
	unsigned int why = sio_obj_u32(sess, SIO_A_SESS_WHY);

	sio_wait_keep(wait, sio_session_sentence(sess));
	wait->recheck_ms = state == SIO_STATE_CLOSING ?
			   SIO_WAIT_RECHECK_MS : -1;
	if (state == wait->state)
		return SIO_WAIT_DONE;
	wait->verdict = wait->verdicts && state == SIO_STATE_WAITING &&
			sio_why(why)->verdict;
	return wait->verdict ? SIO_WAIT_REFUSED : SIO_WAIT_MORE;
}

static int sio_wait_device(struct sio_wait *wait, const struct sio_obj *dev)
{
	int state = (int)sio_obj_u32(dev, SIO_A_DEV_STATE);
	bool unnamed = state == SIO_DEV_STATE_READY &&
		       wait->state == SIO_DEV_STATE_READY &&
		       sio_obj_u32(dev, SIO_A_DEV_TYPE) == SIO_DEV_BLK &&
		       sio_disk_is_unnamed(dev);

	sio_wait_keep(wait, sio_device_sentence(wait->tool, dev));
	wait->recheck_ms = unnamed ? SIO_WAIT_RECHECK_MS : -1;
	return state == wait->state && !unnamed ? SIO_WAIT_DONE : SIO_WAIT_MORE;
}

static int sio_wait_find_device(struct sio_wait *wait)
{
	struct sio_objs devs;
	int found = SIO_WAIT_MORE;
	bool here = false;
	size_t i;

	if (sio_objs_devices(wait->tool, wait->path.guest, &devs))
		found = SIO_WAIT_REFUSED;
	for (i = 0; i < devs.nr && found == SIO_WAIT_MORE && !here; i++) {
		if (strcmp(sio_obj_str(&devs.v[i], SIO_A_DEV_NAME),
			   wait->path.dev))
			continue;
		here = true;
		found = sio_wait_device(wait, &devs.v[i]);
	}
	if (found == SIO_WAIT_MORE && !here)
		wait->last[0] = '\0';
	sio_objs_free(&devs);
	if (found == SIO_WAIT_MORE && !here && wait->state == SIO_WAIT_GONE)
		return SIO_WAIT_DONE;
	return found;
}

/* Look how things stand right now. */
static int sio_wait_look(struct sio_wait *wait)
{
	const struct sio_family *family = wait->tool->family;
	struct sio_objs sessions;
	struct nlmsghdr *req;
	int found;
	int err;

	req = sio_genl_req(wait->tool, family->session_get, 0);
	mnl_attr_put_strz(req, family->a_name, wait->path.guest);
	err = sio_objs_fetch(wait->tool, req, family->a_session, &sessions);
	if (err == -ENOENT && wait->state == SIO_WAIT_GONE) {
		found = SIO_WAIT_DONE;
	} else if (err == -ENOENT && wait->reloaded) {
		wait->last[0] = '\0';
		found = SIO_WAIT_MORE;
	} else if (err) {
		sio_genl_refused(wait->tool, wait->path.guest);
		found = SIO_WAIT_REFUSED;
	} else if (*wait->path.dev) {
		found = sio_wait_find_device(wait);
	} else {
		found = sessions.nr ? sio_wait_session(wait, &sessions.v[0]) :
			SIO_WAIT_MORE;
	}
	sio_objs_free(&sessions);
	return found;
}

/* What an event means for the wait; many are about something else. */
static int sio_wait_event(struct sio_wait *wait,
			  const struct sio_event_msg *msg)
{
	const struct sio_obj *obj = &msg->obj;

	if (msg->kind == SIO_EVENT_OF_SESSION) {
		if (strcmp(sio_obj_str(obj, SIO_A_SESS_NAME),
			   wait->path.guest))
			return SIO_WAIT_MORE;
		if (msg->event == SIO_EVENT_GUEST_DEL)
			return sio_wait_look(wait);
		if (*wait->path.dev)
			return SIO_WAIT_MORE;
		return sio_wait_session(wait, obj);
	}
	if (msg->kind != SIO_EVENT_OF_DEVICE || !*wait->path.dev ||
	    strcmp(sio_obj_str(obj, SIO_A_DEV_GUEST), wait->path.guest) ||
	    strcmp(sio_obj_str(obj, SIO_A_DEV_NAME), wait->path.dev))
		return SIO_WAIT_MORE;
	if (msg->event != SIO_EVENT_DEV_DEL)
		return sio_wait_device(wait, obj);
	wait->last[0] = '\0';
	return wait->state == SIO_WAIT_GONE ? SIO_WAIT_DONE : SIO_WAIT_MORE;
}

static int sio_wait_next(struct sio_wait *wait, long long left)
{
	bool recheck = wait->recheck_ms >= 0 &&
		       (left < 0 || wait->recheck_ms < left);
	const struct nlmsghdr *nlh;
	struct sio_event_msg msg;
	int err;

	err = sio_nl_recv(wait->events, recheck ? wait->recheck_ms : (int)left,
			  NULL, &nlh);
	if (err == -EINTR)
		return SIO_WAIT_MORE;
	if (err == -ENOBUFS || (!err && recheck))
		return sio_wait_look(wait);
	if (err < 0) {
		sio_refuse("cannot follow events: %s", strerror(-err));
		return SIO_WAIT_REFUSED;
	}
	if (!err)
		return SIO_WAIT_MORE;
	if (sio_genl_news(wait->tool, wait->events, nlh)) {
		wait->reloaded = true;
		return sio_wait_look(wait);
	}
	if (!sio_event_parse(wait->tool, nlh, &msg))
		return SIO_WAIT_MORE;
	return sio_wait_event(wait, &msg);
}

/* Milliseconds to the next thing to do without an event, negative for none */
static long long sio_wait_left(const struct sio_wait *wait, long long passed)
{
	long long left = -1;

	if (wait->timeout_ms >= 0)
		left = wait->timeout_ms - passed;
	if (wait->note_ms && (left < 0 || wait->note_ms - passed < left))
		left = wait->note_ms - passed;
	return left;
}

static void sio_wait_note(const struct sio_wait *wait)
{
	if (*wait->last)
		fprintf(stderr, "waiting for %s%s%s: %s\n", wait->path.guest,
			*wait->path.dev ? "/" : "", wait->path.dev,
			wait->last);
}

static void sio_wait_timed_out(const struct sio_wait *wait)
{
	bool dev = *wait->path.dev;

	sio_refuse("%s%s%s is not %s after %d.%d s: %s", wait->path.guest,
		   dev ? "/" : "", wait->path.dev, wait->word,
		   wait->timeout_ms / 1000, wait->timeout_ms % 1000 / 100,
		   *wait->last ? wait->last : "it does not exist");
}

/**
 * sio_wait_begin() - subscribe, so that nothing is missed from here on
 * @wait: the wait; tool, path, state, word, timeout_ms, verdicts are set
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying why.
 */
int sio_wait_begin(struct sio_wait *wait)
{
	wait->recheck_ms = -1;
	if (sio_genl_open(wait->tool))
		return SIO_EXIT_REFUSED;
	return sio_genl_subscribe(wait->tool, &wait->events);
}

/**
 * sio_wait_run() - wait
 * @wait: the wait, begun
 *
 * Return: 0 when the state is reached, or SIO_EXIT_REFUSED; why was said
 * then, unless @wait->verdict is set.
 */
int sio_wait_run(struct sio_wait *wait)
{
	long long begin = sio_wait_now_ms();
	long long passed;
	int found;

	found = sio_wait_look(wait);
	while (found == SIO_WAIT_MORE) {
		passed = sio_wait_now_ms() - begin;
		if (wait->timeout_ms >= 0 && passed >= wait->timeout_ms) {
			/* Once more, for a reason that is of now. */
			found = sio_wait_look(wait);
			if (found == SIO_WAIT_MORE)
				sio_wait_timed_out(wait);
			break;
		}
		if (wait->note_ms && passed >= wait->note_ms) {
			wait->note_ms = 0;
			found = sio_wait_look(wait);
			if (found == SIO_WAIT_MORE)
				sio_wait_note(wait);
			continue;
		}
		found = sio_wait_next(wait, sio_wait_left(wait, passed));
	}
	return found == SIO_WAIT_DONE ? SIO_EXIT_OK : SIO_EXIT_REFUSED;
}

/**
 * sio_wait_end() - unsubscribe
 * @wait: the wait
 */
void sio_wait_end(struct sio_wait *wait)
{
	sio_nl_close(wait->events);
	wait->events = NULL;
}

static int sio_wait_state(struct sio_wait *wait, const char *word)
{
	bool dev = *wait->path.dev;
	char words[128];

	wait->word = word ? word : dev ? "ready" : "up";
	if (!strcmp(wait->word, "gone")) {
		wait->state = SIO_WAIT_GONE;
		return 0;
	}
	wait->state = dev ? sio_dev_state_find(wait->word) :
			    sio_state_find(wait->word);
	if (wait->state > 0)
		return 0;
	sio_words_list(words, sizeof(words),
		       dev ? sio_dev_state_word : sio_state_word);
	return sio_usage("a %s is never \"%s\", only %s, gone",
			 dev ? "device" : "session", wait->word, words);
}

/**
 * sio_wait() - "wait": return when a session or device has a state
 * @tool: the tool
 * @args: NAME[/DEVICE]; options --state, --timeout
 *
 * Return: enum sio_exit.
 */
int sio_wait(struct sio_tool *tool, const struct sio_args *args)
{
	struct sio_wait wait = { .tool = tool, .timeout_ms = -1 };
	int err;

	err = sio_value_path(args->word[0], false, &wait.path);
	if (!err)
		err = sio_wait_state(&wait, args->opt[0]);
	if (!err && args->opt[1])
		err = sio_value_seconds("--timeout", args->opt[1],
					&wait.timeout_ms);
	if (err)
		return err;
	err = sio_wait_begin(&wait);
	if (!err)
		err = sio_wait_run(&wait);
	sio_wait_end(&wait);
	return err;
}
