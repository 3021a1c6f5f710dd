#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Record what a disk did, and find out whether a disk may do that.

  history.py run DEVICE FILE WRITERS BLOCKS SEED OPERATIONS [STOP]
      several writers at once; FILE gets the history. With OPERATIONS 0 they
      go on until there is a file STOP. As many BLOCKS more are written
      synchronously, and only so: the record of "lose" does not tell whether
      such a write or one that was only flushed was there first
  history.py check FILE...
      exit 1 if no disk that executes each request once can have done that
  history.py reread FILE DEVICE
      FILE goes on with a read of each block that was written
  history.py lose FILE LOG DEVICE
      what a store had that lost power: LOG is of dm-log-writes, with a mark
      whose name is the time. FILE goes on as if its reads had come then, and
      DEVICE gets that content
  history.py selftest
      plant faults in histories and see them found

A history has a line for each operation, times in nanoseconds:

  w START END OUTCOME BLOCK NR VALUE      NR blocks with this content
  r START END OUTCOME BLOCK VALUE...      -1: a block in pieces
  f START END OUTCOME                     a flush
  x TIME                                  the store lost power

END is - while there is none, OUTCOME is ok, fail or -, or sync for a write
that asked to be on the medium. Every block is a register: no two writes have
the same value, 0 is what was there before.
Registers are judged as in Gibbons and Korach, Testing shared memories, 1997.
"""
import bisect
import mmap
import os
import random
import struct
import sys
import time

BLOCK = 4096
MAX_BLOCKS = 48
NEVER = float('inf')
TORN = -1


def content(block, value):
    if not value:
        return bytes(BLOCK)
    return struct.pack('<QQ', block, value) * (BLOCK // 16)


def value_of(block, data):
    value = struct.unpack_from('<Q', data, 8)[0]
    return value if data == content(block, value) else TORN


# --- recording ---------------------------------------------------------------

class Writer:
    """One process, which logs what it begins before it begins it."""

    def __init__(self, device, log, number, blocks, seed):
        self.fd = os.open(device, os.O_RDWR | os.O_DIRECT)
        self.log = open(log, 'w', encoding='ascii', buffering=1)
        self.buf = mmap.mmap(-1, MAX_BLOCKS * BLOCK)
        self.random = random.Random(seed * 1000 + number)
        self.number = number
        self.blocks = blocks
        self.written = 0
        self.steps = 0

    def operation(self, kind, rest, execute, good='ok'):
        start = time.monotonic_ns()
        self.log.write(f'{kind} {start} - - {rest}\n')
        try:
            found = execute()
            outcome = good
        except OSError:
            found = ''
            outcome = 'fail'
        end = time.monotonic_ns()
        self.log.write(f'{kind} {start} {end} {outcome} {rest}{found}\n')

    def write(self, block, count, is_sync):
        self.written += 1
        value = self.written << 8 | self.number
        self.buf[:count * BLOCK] = b''.join(
            content(i, value) for i in range(block, block + count))

        def execute():
            view = memoryview(self.buf)[:count * BLOCK]
            if os.pwritev(self.fd, [view], block * BLOCK, os.RWF_DSYNC
                          if is_sync else 0) != count * BLOCK:
                raise OSError
            return ''

        self.operation('w', f'{block} {count} {value}', execute,
                       'sync' if is_sync else 'ok')

    def read(self, block, count):
        def execute():
            view = memoryview(self.buf)[:count * BLOCK]
            if os.preadv(self.fd, [view], block * BLOCK) != count * BLOCK:
                raise OSError
            return ''.join(
                f' {value_of(block + i, bytes(view[i * BLOCK:][:BLOCK]))}'
                for i in range(count))

        self.operation('r', str(block), execute)

    def flush(self):
        self.operation('f', '', lambda: os.fsync(self.fd) or '')

    def step(self):
        self.steps += 1
        count = self.random.choice((1, 1, 2, 3, 16, MAX_BLOCKS))
        block = self.random.randrange(self.blocks - count + 1)
        is_sync = self.random.random() < 0.2
        if is_sync:
            block += self.blocks
        what = self.random.random()
        if what < 0.5:
            self.write(block, count, is_sync)
        elif what < 0.97:
            self.read(block, count)
        else:
            self.flush()


def run(device, file, writers, blocks, seed, operations, stop):
    pids = []
    for number in range(1, writers + 1):
        pid = os.fork()
        if not pid:
            writer = Writer(device, f'{file}.{number}', number, blocks, seed)
            while (writer.steps < operations if operations else
                   not os.path.exists(stop)):
                writer.step()
            os._exit(0)
        pids.append(pid)
    status = [os.waitpid(pid, 0)[1] for pid in pids]
    with open(file, 'w', encoding='ascii') as out:
        for number in range(1, writers + 1):
            with open(f'{file}.{number}', encoding='ascii') as log:
                out.write(log.read())
            os.unlink(f'{file}.{number}')
    return 1 if any(status) else 0


# --- losing power ------------------------------------------------------------

# Documentation/admin-guide/device-mapper/log-writes.rst
LOG_MAGIC = 0x6a736677736872
LOG_DISCARD, LOG_MARK = 4, 8
SECTOR = 512


def log_entries(log):
    """What reached the medium, in order: (flags, sector, data)."""
    magic, _, count, size = struct.unpack('<QQQI', log.read(28))
    if magic != LOG_MAGIC:
        sys.exit('no log of dm-log-writes')
    at = size
    for _ in range(count):
        log.seek(at)
        sector, nr, flags, data_len = struct.unpack('<QQQQ', log.read(32))
        at += size
        if flags & LOG_MARK:
            log.seek(at - size + 32)
            yield flags, 0, log.read(data_len)
        elif flags & LOG_DISCARD:
            yield flags, sector, bytes(nr * SECTOR)
        else:
            log.seek(at)
            yield flags, sector, log.read(nr * SECTOR)
            at += nr * SECTOR


def until(line, time_ns):
    """What began later may be on the medium or not, if it was a write."""
    word = line.split()
    if int(word[1]) < time_ns:
        return line
    if word[0] != 'w' or word[2] == '-':
        return None
    return f'w {time_ns - 1} {time_ns} fail {" ".join(word[4:])}\n'


def lose(file, log_name, device):
    time_ns = None
    with open(log_name, 'rb') as log, open(device, 'r+b') as disk:
        for flags, sector, data in log_entries(log):
            if flags & LOG_MARK:
                time_ns = int(data)
                break
            disk.seek(sector * SECTOR)
            disk.write(data)
        disk.flush()
        if time_ns is None:
            sys.exit('nobody marked the time')
        with open(file, encoding='ascii') as history:
            kept = list(filter(None, (until(line, time_ns)
                                      for line in history)))
        kept.append(f'x {time_ns}\n')
        kept += reads_of(kept, disk, time_ns + 1)
    with open(file, 'w', encoding='ascii') as history:
        history.writelines(kept)
    return 0


def reads_of(lines, disk, time_ns):
    """A read of each block that was written, as if all came at one time."""
    blocks = {block for line in lines if line[0] == 'w'
              for first, count in [map(int, line.split()[4:6])]
              for block in range(first, first + count)}
    for block in sorted(blocks):
        disk.seek(block * BLOCK)
        value = value_of(block, disk.read(BLOCK))
        yield f'r {time_ns} {time_ns + 1} ok {block} {value}\n'


def reread(file, device):
    with open(file, 'r+', encoding='ascii') as history, \
            open(device, 'rb') as disk:
        lines = list(history)
        history.writelines(reads_of(lines, disk, time.monotonic_ns()))
    return 0


# --- judging -----------------------------------------------------------------

class Op:
    """An operation on one block; what has not ended may still happen."""

    def __init__(self, start, end, is_ok, value, is_sync=False):
        self.start = start
        self.answered = end
        self.end = end if is_ok else NEVER
        self.value = value
        self.is_sync = is_sync

    def within(self, begin, end):
        """What a write is between two losses of power.

        One that was under way may have been executed before, and is executed
        once more.
        """
        return Op(max(self.start, begin), self.answered,
                  self.end < end, self.value, self.is_sync)


class History:
    """Operations by block, flushes, losses of power, and what is wrong."""

    def __init__(self, lines):
        self.writes = {}
        self.reads = {}
        self.flushes = []
        self.losses = []
        self.wrong = []
        begun = {}
        for line in lines:
            word = line.split()
            if word[0] == 'x':
                self.losses.append(int(word[1]))
            elif word[2] == '-':
                begun[word[0], word[1], tuple(word[4:])] = line
            else:
                rest = word[4:] if word[0] != 'r' else word[4:5]
                begun.pop((word[0], word[1], tuple(rest)), None)
                self.add(word)
        for line in begun.values():
            self.wrong.append(f'no answer: {line.strip()}')
            if line[0] == 'w':
                self.add(line.split())

    def add(self, word):
        start = int(word[1])
        end = NEVER if word[2] == '-' else int(word[2])
        is_ok = word[3] in ('ok', 'sync')
        if word[0] == 'f' and is_ok:
            self.flushes.append((start, end))
        elif word[0] == 'w':
            block, count, value = map(int, word[4:])
            for i in range(block, block + count):
                self.writes.setdefault(i, []).append(
                    Op(start, end, is_ok, value, word[3] == 'sync'))
        elif word[0] == 'r' and is_ok:
            block = int(word[4])
            for i, value in enumerate(map(int, word[5:])):
                self.reads.setdefault(block + i, []).append(
                    Op(start, end, True, value))

    def judge(self):
        edges = [-NEVER] + sorted(self.losses) + [NEVER]
        for block, reads in self.reads.items():
            old = []
            for begin, end in zip(edges, edges[1:]):
                writes = [w for w in self.writes.get(block, ())
                          if w.start < end and begin < w.answered]
                # a read under way may have found a part before and a part
                # afterwards, so that it is of neither time
                self.judge_era(block, begin, old,
                               [w.within(begin, end) for w in writes],
                               [r for r in reads
                                if begin <= r.start and r.end < end])
                old += [w for w in writes if begin <= w.start]
        return self.wrong

    def judge_era(self, block, begin, old, writes, reads):
        """What is read and not of this era is what the loss has left."""
        mine = {w.value: w for w in writes}
        left = {r.value for r in reads if r.value not in mine}
        if TORN in left:
            self.wrong.append(f'block {block}: in pieces')
            return
        if len(left) > 1:
            self.wrong.append(f'block {block}: {left} at the beginning')
            return
        value = left.pop() if left else 0
        first = next((w for w in old if w.value == value), None)
        if value and not first:
            self.wrong.append(f'block {block}: {value} was never written')
            return
        if begin != -NEVER and any(r.value == value for r in reads):
            self.judge_left(block, begin, value, first, old)
        mine[value] = Op(-NEVER, -NEVER, True, value)
        self.judge_register(block, mine, reads)

    def judge_left(self, block, begin, value, first, old):
        since = first.end if first else -NEVER
        for w in old:
            if since < w.start and self.is_safe(w, begin):
                self.wrong.append(f'block {block}: {value} after power '
                                  f'was lost, {w.value} was flushed')
                return

    def is_safe(self, write, begin):
        """Had the store to keep it, when it lost power?"""
        if write.is_sync:
            return write.end < begin
        return any(write.end < start and end < begin
                   for start, end in self.flushes)

    def judge_register(self, block, writes, reads):
        zones = {}
        for value, write in writes.items():
            zones[value] = [write.end, write.start]
        for r in reads:
            if r.end < writes[r.value].start:
                self.wrong.append(f'block {block}: {r.value} was read before '
                                  'it was written')
            zone = zones[r.value]
            zone[0] = min(zone[0], r.end)
            zone[1] = max(zone[1], r.start)
        forward = sorted((f, s, v) for v, (f, s) in zones.items() if f < s)
        for one, two in zip(forward, forward[1:]):
            if two[0] < one[1]:
                self.wrong.append(f'block {block}: {one[2]} and {two[2]} take '
                                  'turns, or one of them is lost')
        starts = [f for f, s, v in forward]
        for value, (f, s) in zones.items():
            i = bisect.bisect_right(starts, s) - 1
            if s <= f and i >= 0 and starts[i] < s and f < forward[i][1]:
                self.wrong.append(f'block {block}: {value} came and went '
                                  f'while {forward[i][2]} was there')


def check(files):
    wrong = []
    for file in files:
        with open(file, encoding='ascii') as lines:
            wrong += History(lines).judge()
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


# --- proving that it can find something ------------------------------------------

GOOD = """w 10 20 ok 0 1 5
r 30 40 ok 0 5
w 50 60 ok 0 1 6
f 62 64 ok
w 70 90 ok 0 1 7
r 75 80 ok 0 6
r 82 85 ok 0 7
r 95 99 ok 0 7
"""
LOSS = "x 200\nr 210 220 ok 0 %d\nr 230 240 ok 0 %d\n"

# name: history, and what is said of it; an empty sentence for one that is good
PLANTED = {
    'good': (GOOD, ''),
    'good, power lost': (GOOD + LOSS % (6, 6), ''),
    'good, nothing lost': (GOOD + LOSS % (7, 7), ''),
    'good, unfinished': ('w 10 20 fail 0 1 5\nr 30 40 ok 0 5\n', ''),
    'good, two at once': ('w 1 9 ok 0 1 5\nw 2 8 ok 0 1 6\n'
                          'r 10 11 ok 0 5\nr 12 13 ok 0 5\n', ''),
    'executed twice': (GOOD + 'r 100 101 ok 0 6\n', 'take turns'),
    'executed twice, unseen before': ('w 1 2 ok 0 1 5\nw 3 4 ok 0 1 6\n'
                                      'r 5 6 ok 0 5\n', 'came and went'),
    'two at once, in turns': ('w 1 9 ok 0 1 5\nw 2 8 ok 0 1 6\n'
                              'r 10 11 ok 0 5\nr 12 13 ok 0 6\n'
                              'r 14 15 ok 0 5\n', 'take turns'),
    'write lost': ('w 1 2 ok 0 1 5\nr 3 4 ok 0 0\n', 'came and went'),
    'answer lost': (GOOD + 'w 100 - - 0 1 8\n', 'no answer'),
    'read without answer': (GOOD + 'r 100 - - 0\n', 'no answer'),
    'torn': (GOOD + 'r 100 101 ok 0 -1\n', 'in pieces'),
    'of another': (GOOD + 'r 100 101 ok 0 99\n', 'never written'),
    'from the future': ('r 1 2 ok 0 5\nw 3 4 ok 0 1 5\n', 'before'),
    'early flush': (GOOD + LOSS % (5, 5), 'was flushed'),
    'good, power lost after a synchronous write': (
        'w 1 2 sync 0 1 5\n' + LOSS % (5, 5), ''),
    'synchronous as any other': ('w 1 2 sync 0 1 5\n' + LOSS % (0, 0),
                                 'was flushed'),
    'good, under way when power was lost': (
        GOOD + 'w 150 250 ok 0 1 8\nr 160 170 ok 0 8\nx 200\n'
        'r 260 270 ok 0 8\n', ''),
    'good, read under way when power was lost': (
        GOOD + 'r 150 250 ok 0 7\nx 200\nr 260 270 ok 0 6\n', ''),
    'lost by who was under way': (
        GOOD + 'w 150 250 ok 0 1 8\nr 160 170 ok 0 8\nx 200\n'
        'r 260 270 ok 0 7\n', 'came and went'),
    'power lost, in turns': (GOOD + LOSS % (6, 7), 'at the beginning'),
}


def selftest():
    failed = 0
    for name, (text, sentence) in PLANTED.items():
        wrong = '; '.join(History(text.splitlines()).judge())
        is_right = sentence in wrong if sentence else not wrong
        if not is_right:
            print(f'{name}: "{wrong}" instead of "{sentence}"')
            failed = 1
    return failed


def main(args):
    if len(args) in (7, 8) and args[0] == 'run':
        return run(args[1], args[2], *map(int, args[3:7]), ''.join(args[7:]))
    if len(args) == 4 and args[0] == 'lose':
        return lose(*args[1:])
    if len(args) == 3 and args[0] == 'reread':
        return reread(*args[1:])
    if len(args) > 1 and args[0] == 'check':
        return check(args[1:])
    if args == ['selftest']:
        return selftest()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
