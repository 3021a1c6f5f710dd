#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 120
# Completion offers what the next word may be: commands, options, names that exist.
sio_session
h iohyp nic create vm7/web --uplink eth0
. proto/user/complete.bash
# The functions ask the tools in the namespaces of the machines.
iohyp() { h "$SIO_TOOLS/iohyp" "$@"; }
ioguest() { g "$SIO_TOOLS/ioguest" "$@"; }

# It works only while bash completes a line.
compopt()
{
	local want='-o nospace'

	[[ ${COMPREPLY[*]} != README.md ]] || want='-o filenames'
	expect_eq "$*" "$want" "options of the completion"
}

# offers WORDS TOOL...: exactly these for the last word.
offers()
{
	local want=$1

	shift
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_splitio "$1"
	expect_eq "${COMPREPLY[*]}" "$want" "offered for $*"
}

offers 'link guest nic blk save restore stop show top metrics monitor wait check fault' \
	iohyp ''
offers 'connect check' ioguest c
offers 'create remove set show' iohyp guest ''
offers 'vm7' iohyp guest remove ''
offers 'vm7/' iohyp nic create ''
offers 'vm7/web' iohyp nic remove ''
offers 'vm7 vm7/web' iohyp -j show v
offers 'lo' iohyp nic create vm7/two --uplink l
offers 'bridge' iohyp nic create vm7/two --mode b
offers 'writeback writethrough' iohyp blk create vm7/two --cache ''
offers 'openmetrics' iohyp metrics --format o
offers '--interval' ioguest top --int
offers 'wait' ioguest blk set web --on-loss w
offers 'vm7/web web' ioguest blk abort ''
offers 'on off' iohyp nic set vm7/web --any-mac ''
offers '--force' iohyp guest remove vm7 --f
offers '--join --json' ioguest connect --j
offers 'vm7' ioguest disconnect ''
offers '' ioguest connect --name ''
offers 'ready removing' ioguest wait vm7/web --state re
offers 'README.md' ioguest -b READ
offers 'README.md' iohyp restore READ
offers '--ahead --all' ioguest blk set --a
offers '' iohyp nonsense ''

# A name with a blank is one word when bash itself has completed it.
mkdir /tmp/names
touch '/tmp/names/my conf'
PATH=$SIO_TOOLS:$PATH PYTHONPATH=scripts/tests python3 - <<'PY'
import os, pty
from terminal import read_until

def say(line, want):
    os.write(fd, line.encode())
    read_until(fd, want)

pid, fd = pty.fork()
if not pid:
    os.environ['PS1'] = 'ready> '
    os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])
say('', 'ready> $')
say('. proto/user/complete.bash\n', '\n.*ready> $')
say('cd /tmp/names\n', '\n.*ready> $')
say('iohyp restore my\t', r'my\\ conf')
say('\n', '\n.*ready> $')
say('exit\n', 'exit')
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
PY
h iohyp nic remove vm7/web
sio_end
