# SPDX-License-Identifier: GPL-2.0
"""What a program on a pseudo-terminal says, for tests that import this."""
import os
import re
import select
import sys
import time


def read_until(fd, want, seen=''):
    """All that was SEEN until the pattern is in it; ends the test after 30 s."""
    end = time.monotonic() + 30
    while not re.search(want, seen, re.S):
        if not select.select([fd], [], [], end - time.monotonic())[0]:
            sys.exit(f'no {want!r} in {seen!r}')
        seen += os.read(fd, 65536).decode()
    return seen
