// SPDX-License-Identifier: GPL-2.0
/* A picture on standard output that is drawn again and again. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "proto/user/screen.h"

/* What ANSI X3.64 terminals understand, and all that call themselves so */
#define SIO_SCREEN_ENTER	"\033[?1049h\033[?25l"
#define SIO_SCREEN_LEAVE	"\033[?25h\033[?1049l"
#define SIO_SCREEN_HOME		"\033[H"
#define SIO_SCREEN_END_LINE	"\033[K\n"
#define SIO_SCREEN_END_ALL	"\033[J"

static atomic_bool sio_screen_stop;
static atomic_bool sio_screen_pause;
static bool sio_screen_is_tty;
static sigset_t sio_screen_mask;
static char sio_screen_words[2048];

static void sio_screen_signal(int sig)
{
	if (sig == SIGTSTP)
		sio_screen_pause = true;
	else if (sig != SIGWINCH)
		sio_screen_stop = true;
}

/**
 * sio_screen_now() - the clock
 *
 * Return: seconds since some time.
 */
double sio_screen_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void sio_screen_write(const char *code)
{
	fputs(code, stdout);
	fflush(stdout);
}

/* nohup(1) wants to be heard; a shell ignores SIGINT for all in the background. */
static bool sio_screen_ignores(int sig)
{
	struct sigaction action;

	return sig == SIGHUP && !sigaction(sig, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

/**
 * sio_screen_begin() - take the terminal, if it is one
 * @is_picture: it shall show pictures; else lines are added as elsewhere
 *
 * Signals wait until sio_screen_wait(), so nothing is left half done.
 */
void sio_screen_begin(bool is_picture)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP,
				    SIGWINCH, 0 };
	struct sigaction action = { .sa_handler = sio_screen_signal };
	sigset_t held;
	size_t i;

	sio_screen_is_tty = is_picture && isatty(STDOUT_FILENO);
	sigemptyset(&held);
	for (i = 0; sigs[i]; i++) {
		/* ^Z needs no care where there is nothing to restore */
		if (sigs[i] == SIGTSTP && !sio_screen_is_tty)
			continue;
		if (sio_screen_ignores(sigs[i]))
			continue;
		sigaddset(&held, sigs[i]);
		sigaction(sigs[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, &sio_screen_mask);
	if (!sio_screen_is_tty)
		return;
	/* What is said meanwhile would go with the picture. */
	setvbuf(stderr, sio_screen_words, _IOFBF, sizeof(sio_screen_words));
	sio_screen_write(SIO_SCREEN_ENTER);
}

/**
 * sio_screen_end() - give the terminal back
 */
void sio_screen_end(void)
{
	if (sio_screen_is_tty)
		sio_screen_write(SIO_SCREEN_LEAVE);
	fflush(stderr);
	sigprocmask(SIG_SETMASK, &sio_screen_mask, NULL);
}

/* Let the shell have the terminal until it lets us go on. */
static void sio_screen_suspend(void)
{
	sio_screen_pause = false;
	sio_screen_write(SIO_SCREEN_LEAVE);
	raise(SIGSTOP);
	sio_screen_write(SIO_SCREEN_ENTER);
}

/**
 * sio_screen_draw() - show a picture, as much of it as fits
 * @text: lines, each ended
 */
void sio_screen_draw(const char *text)
{
	struct winsize size = {};
	int rows, cols, len;

	if (!sio_screen_is_tty) {
		sio_screen_write(text);
		return;
	}
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	rows = size.ws_row ? size.ws_row : 24;
	cols = size.ws_col ? size.ws_col : 80;
	fputs(SIO_SCREEN_HOME, stdout);
	/* the last line stays empty, or its end would move all up */
	for (; *text && --rows > 0; text += len + 1) {
		len = (int)strcspn(text, "\n");
		printf("%.*s%s", len < cols ? len : cols - 1, text,
		       SIO_SCREEN_END_LINE);
	}
	sio_screen_write(SIO_SCREEN_END_ALL);
}

/**
 * sio_screen_wait() - wait, and mend the picture when the terminal changes
 * @until_s: until then, on the clock of sio_screen_now()
 * @text: the picture
 *
 * Return: false if it is to end, as a signal says or nobody reads any more.
 */
bool sio_screen_wait(double until_s, const char *text)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	struct timespec left;
	double s;

	while (!sio_screen_stop && !ferror(stdout)) {
		s = until_s - sio_screen_now();
		if (s <= 0)
			return true;
		left.tv_sec = (time_t)s;
		left.tv_nsec = (long)((s - (double)left.tv_sec) * 1e9);
		/* asks for nothing, so only that the reader went is told */
		switch (ppoll(&out, 1, &left, &sio_screen_mask)) {
		case 0:
			return true;
		case 1:
			return false;
		}
		if (sio_screen_pause)
			sio_screen_suspend();
		if (sio_screen_is_tty)
			sio_screen_draw(text);
	}
	return false;
}
