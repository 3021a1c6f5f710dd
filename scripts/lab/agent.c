// SPDX-License-Identifier: GPL-2.0
/* First process of a lab machine: starts commands the host asks for. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"

#define JOBS_MAX	64
#define ARGS_MAX	256
#define KILL_AFTER_MS	3000	/* from SIGTERM to SIGKILL */

/* One command. fd 0 is its input, 1 and 2 its outputs; -1 when closed. */
struct job {
	uint32_t id;
	pid_t pid;		/* 0: the slot is free */
	int status;		/* wait status, valid once reaped */
	int reaped;
	int told;		/* LAB_EXIT was sent: discard what comes */
	int is_tty;
	int fd[3];
	long long kill_at_ms;	/* 0: no SIGKILL due */
};

static struct job jobs[JOBS_MAX];
static int chan;

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Write all of it; the channel is the only thing we ever wait for. */
static void write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n > 0) {
			p += n;
			len -= n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd pfd = { .fd = fd, .events = POLLOUT };

			poll(&pfd, 1, 100);
		} else if (n < 0 && errno != EINTR) {
			exit(1);
		}
	}
}

static void send_frame(uint16_t type, uint32_t id, const void *buf,
		       uint16_t len)
{
	static char out[sizeof(struct lab_frame) + LAB_FRAME_MAX];
	struct lab_frame f = {
		.magic = LAB_MAGIC, .type = type, .len = len, .id = id,
	};

	memcpy(out, &f, sizeof(f));
	if (len)
		memcpy(out + sizeof(f), buf, len);
	write_all(chan, out, sizeof(f) + len);
}

static struct job *job_find(uint32_t id)
{
	int i;

	for (i = 0; i < JOBS_MAX; i++)
		if (jobs[i].pid && jobs[i].id == id && !jobs[i].told)
			return &jobs[i];
	return NULL;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void exec_job(char **argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static int start_on_tty(struct job *j, char **argv)
{
	int master;

	j->pid = forkpty(&master, NULL, NULL, NULL);
	if (j->pid < 0)
		return -1;
	if (!j->pid)
		exec_job(argv);
	fcntl(master, F_SETFD, FD_CLOEXEC);
	j->fd[1] = master;
	j->fd[0] = dup(master);
	fcntl(j->fd[0], F_SETFD, FD_CLOEXEC);
	return 0;
}

static int start_on_pipes(struct job *j, char **argv)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		return -1;
	j->pid = fork();
	if (!j->pid) {
		setsid();
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		exec_job(argv);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	j->fd[0] = in[1];
	j->fd[1] = out[0];
	j->fd[2] = err[0];
	return j->pid < 0 ? -1 : 0;
}

static void job_start(uint32_t id, char *buf, size_t len, int is_tty)
{
	uint32_t status = 126;
	char *argv[ARGS_MAX + 1];
	struct job *j = NULL;
	size_t pos = 0;
	int n = 0, i;

	while (pos < len && n < ARGS_MAX) {
		argv[n++] = buf + pos;
		pos += strnlen(buf + pos, len - pos) + 1;
	}
	argv[n] = NULL;
	for (i = 0; i < JOBS_MAX && !j; i++)
		if (!jobs[i].pid)
			j = &jobs[i];
	if (!n || !j)
		goto refuse;
	memset(j, 0, sizeof(*j));
	j->id = id;
	j->is_tty = is_tty;
	for (i = 0; i < 3; i++)
		j->fd[i] = -1;
	if (is_tty ? start_on_tty(j, argv) : start_on_pipes(j, argv)) {
		for (i = 0; i < 3; i++)
			close_fd(&j->fd[i]);
		j->pid = 0;
		goto refuse;
	}
	/* a full pipe must not stop us; what does not fit is lost */
	fcntl(j->fd[0], F_SETFL, O_NONBLOCK);
	return;
refuse:
	send_frame(LAB_EXIT, id, &status, sizeof(status));
}

static void job_signal(struct job *j, uint32_t sig)
{
	kill(-j->pid, sig);
	if (sig == SIGTERM)
		j->kill_at_ms = now_ms() + KILL_AFTER_MS;
}

static void handle_frame(const struct lab_frame *f, char *buf)
{
	struct job *j = job_find(f->id);
	uint32_t sig;

	switch (f->type) {
	case LAB_HELLO:
		send_frame(LAB_HELLO, 0, NULL, 0);
		return;
	case LAB_RUN:
	case LAB_TTY:
		buf[f->len] = '\0';
		job_start(f->id, buf, f->len, f->type == LAB_TTY);
		return;
	case LAB_STDIN:
		if (!j || j->fd[0] < 0)
			return;
		if (!f->len)
			close_fd(&j->fd[0]);
		else if (write(j->fd[0], buf, f->len) < 0 && errno != EAGAIN)
			close_fd(&j->fd[0]);
		return;
	case LAB_SIGNAL:
		if (j && f->len == sizeof(sig)) {
			memcpy(&sig, buf, sizeof(sig));
			job_signal(j, sig);
		}
		return;
	case LAB_WINSIZE:
		if (j && j->is_tty && f->len == 4) {
			struct winsize ws = { 0 };

			memcpy(&ws.ws_row, buf, 2);
			memcpy(&ws.ws_col, buf + 2, 2);
			ioctl(j->fd[1], TIOCSWINSZ, &ws);
		}
		return;
	}
}

/* Take what the host sent; look for the magic again after noise. */
static void read_channel(void)
{
	static char buf[4 * (sizeof(struct lab_frame) + LAB_FRAME_MAX) + 1];
	static size_t have;
	struct lab_frame f;
	static char arg[LAB_FRAME_MAX + 1];
	size_t pos = 0;
	ssize_t n;

	n = read(chan, buf + have, sizeof(buf) - 1 - have);
	if (n <= 0)
		return;
	have += n;
	while (have - pos >= sizeof(f)) {
		memcpy(&f, buf + pos, sizeof(f));
		if (f.magic != LAB_MAGIC || f.len > LAB_FRAME_MAX) {
			pos++;
			continue;
		}
		if (have - pos < sizeof(f) + f.len)
			break;
		memcpy(arg, buf + pos + sizeof(f), f.len);
		handle_frame(&f, arg);
		pos += sizeof(f) + f.len;
	}
	memmove(buf, buf + pos, have - pos);
	have -= pos;
}

/* Pass on output; false once there is nothing more to come right now. */
static int read_output(struct job *j, int i)
{
	char buf[LAB_FRAME_MAX];
	ssize_t n;

	n = read(j->fd[i], buf, sizeof(buf));
	if (n > 0) {
		if (!j->told)
			send_frame(i == 1 ? LAB_STDOUT : LAB_STDERR, j->id,
				   buf, n);
		return 1;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&j->fd[i]);
	return 0;
}

static void reap(void)
{
	int status, i;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < JOBS_MAX; i++) {
			if (jobs[i].pid != pid || jobs[i].reaped)
				continue;
			jobs[i].status = status;
			jobs[i].reaped = 1;
		}
	}
}

/*
 * The command has ended: send what it left in its pipes, then its status. Its
 * children may hold the pipes open for ever; what they write is read and
 * thrown away, so that they do not die of it.
 */
static void job_tell(struct job *j)
{
	uint32_t status;
	int i;

	for (i = 1; i < 3; i++) {
		if (j->fd[i] < 0)
			continue;
		fcntl(j->fd[i], F_SETFL, O_NONBLOCK);
		while (read_output(j, i))
			;
	}
	status = WIFEXITED(j->status) ? WEXITSTATUS(j->status) :
					128 + WTERMSIG(j->status);
	send_frame(LAB_EXIT, j->id, &status, sizeof(status));
	close_fd(&j->fd[0]);
	j->told = 1;
	j->kill_at_ms = 0;
}

static void tend_jobs(void)
{
	struct job *j;

	for (j = jobs; j < jobs + JOBS_MAX; j++) {
		if (!j->pid)
			continue;
		if (j->kill_at_ms && now_ms() >= j->kill_at_ms) {
			kill(-j->pid, SIGKILL);
			j->kill_at_ms = 0;
		}
		if (j->reaped && !j->told)
			job_tell(j);
		if (j->told && j->fd[1] < 0 && j->fd[2] < 0)
			j->pid = 0;
	}
}

static void on_child(int sig)
{
	(void)sig;
}

static int open_channel(const char *path)
{
	struct termios tio;
	int fd;

	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		perror(path);
		exit(1);
	}
	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		tcsetattr(fd, TCSANOW, &tio);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_child };
	struct timespec tick = { .tv_nsec = 500000000 };
	struct pollfd pfd[1 + 2 * JOBS_MAX];
	int owner[1 + 2 * JOBS_MAX];
	sigset_t block, open_mask;
	int i, k, n;

	if (argc != 2) {
		fprintf(stderr, "usage: agent CHANNEL\n");
		return 2;
	}
	chan = open_channel(argv[1]);
	signal(SIGPIPE, SIG_IGN);
	/* SIGCHLD may only arrive inside ppoll, so none is missed */
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &open_mask);
	sigdelset(&open_mask, SIGCHLD);
	sigaction(SIGCHLD, &sa, NULL);
	send_frame(LAB_HELLO, 0, NULL, 0);

	for (;;) {
		pfd[0].fd = chan;
		pfd[0].events = POLLIN;
		for (n = 1, i = 0; i < JOBS_MAX; i++) {
			for (k = 1; jobs[i].pid && k < 3; k++) {
				if (jobs[i].fd[k] < 0)
					continue;
				pfd[n].fd = jobs[i].fd[k];
				pfd[n].events = POLLIN;
				owner[n++] = i * 4 + k;
			}
		}
		if (ppoll(pfd, n, &tick, &open_mask) > 0) {
			if (pfd[0].revents & POLLIN)
				read_channel();
			else if (pfd[0].revents)
				usleep(20000);	/* no host there */
			for (i = 1; i < n; i++)
				if (pfd[i].revents)
					read_output(&jobs[owner[i] / 4],
						    owner[i] % 4);
		}
		reap();
		tend_jobs();
	}
}
