/* SPDX-License-Identifier: GPL-2.0 */
/* The lab's command channel: frames between machine.py on the host and the agent in a machine. */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include <stdint.h>

#define LAB_MAGIC	0x4f2f4953u	/* "SI/O" on the wire */
#define LAB_FRAME_MAX	16384		/* bytes of payload in a frame */

/* To the machine: RUN TTY STDIN SIGNAL WINSIZE; to the host: the others. */
enum lab_frame_type {
	LAB_HELLO	= 1,	/* the agent is up; id 0 */
	LAB_RUN		= 2,	/* argv, every string with its NUL */
	LAB_TTY		= 3,	/* the same on a terminal of its own */
	LAB_STDIN	= 4,	/* input; empty: end of file */
	LAB_SIGNAL	= 5,	/* u32: to the job's process group */
	LAB_WINSIZE	= 6,	/* u16 rows, u16 columns */
	LAB_STDOUT	= 7,
	LAB_STDERR	= 8,
	LAB_EXIT	= 9,	/* u32: status, 128 + signal */
};

/* All fields in the byte order of x86, on which both ends run. */
struct lab_frame {
	uint32_t magic;
	uint16_t type;
	uint16_t len;
	uint32_t id;
};

#endif
