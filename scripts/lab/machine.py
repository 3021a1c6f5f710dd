#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Own one machine of the lab (serve) and run commands in it (run), over the channel frame.h describes."""
import argparse
import asyncio
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import termios
import tty

HEAD = struct.Struct("<IHHI")
MAGIC = 0x4F2F4953
FRAME_MAX = 16384
CHUNK = 1024
(HELLO, RUN, TTY, STDIN, SIGNAL, WINSIZE, STDOUT, STDERR, EXIT) = range(1, 10)
GONE = 255
TIMED_OUT = 124
PR_SET_PDEATHSIG = 1


def frame(kind, ident, data=b""):
    return HEAD.pack(MAGIC, kind, len(data), ident) + data


class Frames:
    """Cut a byte stream into frames, skipping what is none."""

    def __init__(self):
        self.buf = b""

    def feed(self, data):
        self.buf += data
        while len(self.buf) >= HEAD.size:
            magic, kind, size, ident = HEAD.unpack_from(self.buf)
            if magic != MAGIC or size > FRAME_MAX:
                at = self.buf.find(struct.pack("<I", MAGIC), 1)
                self.buf = self.buf[at:] if at > 0 else self.buf[-3:]
                continue
            if len(self.buf) < HEAD.size + size:
                return
            body = self.buf[HEAD.size:HEAD.size + size]
            self.buf = self.buf[HEAD.size + size:]
            yield kind, ident, body


class Server:
    """The machine's process, its channel, and the clients of the moment."""

    def __init__(self, opts, command):
        self.opts = opts
        self.command = command
        self.clients = {}
        self.next_id = 1
        self.chan = None
        self.child = None
        self.listener = None

    def start_machine(self):
        ours, theirs = socket.socketpair()
        with open(self.opts.klog, "ab") as klog, \
                open(self.opts.console, "ab") as console:
            names = {"chan": theirs.fileno(), "klog": klog.fileno()}
            argv = [arg.replace("{chan}", str(names["chan"]))
                    .replace("{klog}", str(names["klog"]))
                    for arg in self.command]

            def die_with_us():
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

            self.child = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=console,
                stderr=console, pass_fds=tuple(names.values()),
                start_new_session=True, preexec_fn=die_with_us)
        theirs.close()
        return ours

    async def serve(self):
        ours = self.start_machine()
        with open(self.opts.pid + ".machine", "w", encoding="ascii") as f:
            f.write(f"{self.child.pid}\n")
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(sig, stop.set)
        reader, self.chan = await asyncio.open_connection(sock=ours)
        tasks = [asyncio.create_task(self.read_channel(reader)),
                 asyncio.create_task(asyncio.to_thread(self.child.wait)),
                 asyncio.create_task(stop.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.end_machine()
        for writer in self.clients.values():
            writer.close()
        for task in tasks:
            task.cancel()

    def end_machine(self):
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.child.wait()
        for name in (self.opts.sock, self.opts.pid + ".machine",
                     self.opts.pid):
            try:
                os.unlink(name)
            except FileNotFoundError:
                pass

    async def read_channel(self, reader):
        frames = Frames()
        while data := await reader.read(1 << 16):
            for kind, ident, body in frames.feed(data):
                if kind == HELLO and self.listener is None:
                    self.listener = await asyncio.start_unix_server(
                        self.client, self.opts.sock)
                writer = self.clients.get(ident)
                if writer is not None:
                    writer.write(frame(kind, ident, body))
                    if kind == EXIT:
                        del self.clients[ident]
                        writer.close()

    async def client(self, reader, writer):
        ident = self.next_id
        self.next_id += 1
        self.clients[ident] = writer
        frames = Frames()
        try:
            while data := await reader.read(1 << 16):
                for kind, _, body in frames.feed(data):
                    self.chan.write(frame(kind, ident, body))
        except ConnectionError:
            pass
        # a client that leaves before its command has ended ends it
        if self.clients.pop(ident, None) is not None:
            self.chan.write(frame(SIGNAL, ident,
                                  struct.pack("<I", signal.SIGTERM)))


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def window():
    raw = fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)
    return struct.pack("<HH", *struct.unpack("HHHH", raw)[:2])


class Client:
    """One command: pass its output through, return its status."""

    def __init__(self, opts, command):
        self.opts = opts
        self.command = command
        self.status = None

    async def run(self):
        try:
            reader, writer = await asyncio.open_unix_connection(
                self.opts.sock)
        except (FileNotFoundError, ConnectionError):
            print("lab: the machine is not running", file=sys.stderr)
            return GONE
        argv = b"".join(os.fsencode(a) + b"\0" for a in self.command)
        if len(argv) > FRAME_MAX:
            print("lab: the command line is too long", file=sys.stderr)
            return 2
        start = frame(TTY if self.opts.tty else RUN, 0, argv)
        feeds = self.opts.tty or self.opts.input
        if not feeds:
            # in one write: a command that ends at once closes the socket,
            # and a write after that would cost us its status
            start += frame(STDIN, 0)
        writer.write(start)
        loop = asyncio.get_running_loop()
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(sig, self.interrupted, writer, sig)
        if self.opts.tty:
            writer.write(frame(WINSIZE, 0, window()))
            loop.add_signal_handler(
                signal.SIGWINCH,
                lambda: writer.write(frame(WINSIZE, 0, window())))
        if feeds:
            asyncio.create_task(self.feed(writer))
        limit = self.opts.timeout or None
        try:
            await asyncio.wait_for(self.receive(reader), limit)
        except asyncio.TimeoutError:
            writer.close()
            print(f"lab: no end after {limit} s: {' '.join(self.command)}",
                  file=sys.stderr)
            return TIMED_OUT
        if self.status is None:
            print("lab: the machine has gone away", file=sys.stderr)
            return GONE
        return self.status

    def interrupted(self, writer, sig):
        """Pass the signal on; its command decides, as on a terminal."""
        writer.write(frame(SIGNAL, 0, struct.pack("<I", sig)))

    async def feed(self, writer):
        loop = asyncio.get_running_loop()
        while True:
            data = await loop.run_in_executor(None, os.read, 0, CHUNK)
            try:
                writer.write(frame(STDIN, 0, data))
                await writer.drain()
            except ConnectionError:  # the command did not want all of it
                return
            if not data:
                return

    async def receive(self, reader):
        frames = Frames()
        while data := await reader.read(1 << 16):
            for kind, _, body in frames.feed(data):
                if kind == STDOUT:
                    write_all(1, body)
                elif kind == STDERR:
                    write_all(2, body)
                elif kind == EXIT:
                    self.status = struct.unpack("<I", body)[0]
                    return


def run(opts, command):
    saved = termios.tcgetattr(0) if opts.tty else None
    try:
        if saved:
            tty.setraw(0, termios.TCSADRAIN)
        # not asyncio.run(), which would wait for the thread in read(0)
        loop = asyncio.new_event_loop()
        status = loop.run_until_complete(Client(opts, command).run())
    finally:
        if saved:
            termios.tcsetattr(0, termios.TCSADRAIN, saved)
    sys.stdout.flush()
    os._exit(status)


def serve(opts, command):
    with open(opts.pid, "w", encoding="ascii") as f:
        f.write(f"{os.getpid()}\n")
    asyncio.run(Server(opts, command).serve())
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    sub = parser.add_subparsers(dest="what", required=True)
    p = sub.add_parser("serve", help="start a machine and stay with it")
    p.add_argument("--sock", required=True, help="socket for clients")
    p.add_argument("--pid", required=True, help="file for our process id")
    p.add_argument("--klog", required=True, help="file for {klog}")
    p.add_argument("--console", required=True, help="what it prints")
    p = sub.add_parser("run", help="run a command in a machine")
    p.add_argument("--sock", required=True)
    p.add_argument("--tty", action="store_true")
    p.add_argument("--input", action="store_true", help="pass on stdin")
    p.add_argument("--timeout", type=float, default=0)
    argv = sys.argv[1:]
    command = []
    if "--" in argv:
        at = argv.index("--")
        argv, command = argv[:at], argv[at + 1:]
    opts = parser.parse_args(argv)
    if not command:
        parser.error("no command")
    return (serve if opts.what == "serve" else run)(opts, command)


if __name__ == "__main__":
    sys.exit(main())
