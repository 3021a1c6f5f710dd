// SPDX-License-Identifier: GPL-2.0
/* Run another program: a secret goes to its standard input, its words are kept. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iohyp-tools/run.h"
#include "proto/user/report.h"
#include "proto/user/value.h"

/* Where an administrator's programs are, if PATH does not say so */
#define SIO_RUN_SBIN	"/usr/sbin/"

/* What a shell says of a program that is not there */
#define SIO_RUN_MISSING	127

/* Its standard input: memory, so that it can be written before it is read */
static int sio_run_input(const struct sio_run *run)
{
	const char *at = run->input;
	size_t left = run->input_len;
	ssize_t n;
	int fd;

	if (!run->input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = memfd_create("input", MFD_CLOEXEC);
	while (fd >= 0 && left) {
		n = write(fd, at, left);
		if (n <= 0) {
			close(fd);
			return -1;
		}
		at += n;
		left -= (size_t)n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* In the child; signals stay held, so that it ends what it began. */
static void sio_run_child(const struct sio_run *run, int in, int out)
{
	char sbin[64];

	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0)
		_exit(SIO_RUN_MISSING);
	signal(SIGPIPE, SIG_DFL);
	setenv("LC_ALL", "C", 1);
	/* execvp() takes an array of writable strings for historical reasons. */
	execvp(run->argv[0], (char *const *)run->argv);
	snprintf(sbin, sizeof(sbin), SIO_RUN_SBIN "%s", run->argv[0]);
	execv(sbin, (char *const *)run->argv);
	_exit(SIO_RUN_MISSING);
}

/* All its words until it closes them; those beyond the room are dropped. */
static void sio_run_listen(struct sio_run *run, int fd)
{
	char rest[256];
	size_t len = 0;
	ssize_t n;

	do {
		if (len + 1 < sizeof(run->said))
			n = read(fd, run->said + len,
				 sizeof(run->said) - 1 - len);
		else
			n = read(fd, rest, sizeof(rest));
		if (n > 0 && len + 1 < sizeof(run->said))
			len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	run->said[len] = '\0';
}

static int sio_run_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return SIO_RUN_MISSING;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

static int sio_run_start(struct sio_run *run, int in)
{
	int words[2];
	pid_t pid;

	if (pipe2(words, O_CLOEXEC))
		return sio_refuse("cannot run %s: %s", run->argv[0],
				  strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid)
		sio_run_child(run, in, words[1]);
	close(words[1]);
	if (pid > 0) {
		sio_run_listen(run, words[0]);
		run->status = sio_run_wait(pid);
	}
	close(words[0]);
	if (pid < 0)
		return sio_refuse("cannot run %s: %s", run->argv[0],
				  strerror(errno));
	if (run->status == SIO_RUN_MISSING)
		return sio_refuse("%s is missing; first: apt install %s",
				  run->argv[0], run->package);
	return 0;
}

/**
 * sio_run() - run a program to its end
 * @run: argv, package and input are set; the rest is filled in
 *
 * Return: 0 with @run->status, or SIO_EXIT_REFUSED after saying why it did not
 * even begin.
 */
int sio_run(struct sio_run *run)
{
	int in = sio_run_input(run);
	int err;

	run->said[0] = '\0';
	if (in < 0)
		return sio_refuse("cannot run %s: %s", run->argv[0],
				  strerror(errno));
	err = sio_run_start(run, in);
	close(in);
	return err;
}

/**
 * sio_run_tell() - show what a program said, line by line
 * @run: after sio_run()
 * @from: what lines may begin with, "" for none
 * @to: what is shown instead
 */
void sio_run_tell(const struct sio_run *run, const char *from, const char *to)
{
	const char *at = run->said;
	char line[512];
	char safe[512];
	size_t skip;
	size_t len;
	char *tab;

	fflush(stdout);
	while (*at) {
		len = strcspn(at, "\n");
		skip = strncmp(at, from, strlen(from)) ? 0 : strlen(from);
		snprintf(line, sizeof(line), "%s%.*s", skip ? to : "",
			 (int)(len - skip), at + skip);
		/* A mark below a place needs as many columns, not tabs. */
		while ((tab = strchr(line, '\t')))
			*tab = ' ';
		fprintf(stderr, "%s\n",
			sio_safe_text(line, safe, sizeof(safe)));
		at += len + !!at[len];
	}
}

/**
 * sio_run_interrupted() - is there a signal that is held and will end us?
 *
 * Return: 0, or SIO_EXIT_REFUSED after saying so: what was begun is better
 * taken back.
 */
int sio_run_interrupted(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act;
	sigset_t set;
	size_t i;

	if (sigpending(&set))
		return 0;
	for (i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		if (sigismember(&set, stops[i]) &&
		    !sigaction(stops[i], NULL, &act) &&
		    act.sa_handler != SIG_IGN)
			return sio_refuse("interrupted; what was begun is taken back");
	return 0;
}
