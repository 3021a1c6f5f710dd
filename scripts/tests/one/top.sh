#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "top" tells what was done in each interval, whoever comes and goes meanwhile.
# Deadline: 240
sio_session
null_disk 32
# Writes take 60 ms there, or a tick of at most 10 ms less.
export DM_DISABLE_UDEV=1
dmsetup create slow --table "0 65536 delay /dev/nullb0 0 0 /dev/nullb0 0 60"
h iohyp blk create vm7/data --path /dev/mapper/slow
wait_for 10 "the disk" test -b /dev/sio0
wait_for 10 "an idle disk" idle_disk

# lines N FILE: has it so many? For wait_for.
lines() { [[ $(wc -l <"$2") -ge $1 ]]; }

# sum FIELD FILE JQ: what the rates of the intervals come to, of what JQ selects
sum()
{
	jq -s --arg f "$1" "[.[] as \$t | \$t | $3 | .[\$f] * \$t.interval_s] |
		add | round" "$2"
}

# in_ns NAMESPACE CMD...: as "g" and "h", but signals reach the command itself
in_ns() { exec nsenter "--net=/run/netns/$1" -- "${@:2}"; }

# Exactly what was done is in the intervals, wherever their borders are.
disk='.devices[] | select(.name == "data" and .type == "blk")'
in_ns guest ioguest -j top --interval 0.3 >/tmp/g.top &
gpid=$!
in_ns iohyp iohyp -j top --interval 0.3 >/tmp/h.top &
hpid=$!
wait_for 20 "the guest's top" lines 1 /tmp/g.top
wait_for 20 "the iohyp's top" lines 1 /tmp/h.top
dd if=/dev/zero of=/dev/sio0 bs=16k count=50 oflag=direct status=none
dd if=/dev/sio0 of=/dev/null bs=8k count=30 iflag=direct status=none
from=$(wc -l </tmp/h.top)
wait_for 20 "what came after" lines $((from + 2)) /tmp/h.top
wait_for 20 "what came after" lines $((from + 2)) /tmp/g.top

# nohup(1) has it go on
(
	trap '' HUP
	exec nsenter --net=/run/netns/iohyp -- iohyp -j top --interval 0.2 \
		--count 10 >/tmp/hup.top
) &
pid=$!
wait_for 10 "top to begin" test -s /tmp/hup.top
kill -HUP $pid
wait $pid || fail "top after a hangup: exit status $?"
expect_eq "$(wc -l </tmp/hup.top)" 10 "lines after a hangup"

# A device that comes, and one that goes, while it runs
h iohyp nic create vm7/web --uplink eth0
wait_for 10 "the NIC" g ip link show web
wait_for 20 "it in top" grep -q '"name":"web"' /tmp/g.top
h iohyp nic remove vm7/web
has_gone() { tail -n 1 /tmp/g.top | jq -e '[.devices[].name] == ["data"]'; }
wait_for 20 "its end in top" has_gone
kill -INT $gpid $hpid
wait $gpid || fail "ioguest top: exit status $?"
wait $hpid || fail "iohyp top: exit status $?"
for f in /tmp/g.top /tmp/h.top; do
	expect_eq "$(sum writes_per_s $f "$disk")" 50 "writes in $f"
	expect_eq "$(sum write_bytes_per_s $f "$disk")" $((50 * 16384)) \
		"bytes written in $f"
	expect_eq "$(sum reads_per_s $f "$disk")" 30 "reads in $f"
	expect_eq "$(sum read_bytes_per_s $f "$disk")" $((30 * 8192)) \
		"bytes read in $f"
	expect_eq "$(sum errors_per_s $f "$disk")" 0 "errors in $f"
	jq -se "[.[] | $disk | select(.served_mean_us != null)] |
		length > 0 and all(.served_p99_us > 0)" $f >/dev/null ||
		fail "no latency in $f"
	# Fewer than 100 were done, so the slowest is within 2 of those 99 %.
	jq -se "[.[] | $disk | select(.served_mean_us != null)] |
		all(.served_mean_us < 4 * .served_p99_us)" $f >/dev/null ||
		fail "means that are no means in $f: $(<$f)"
	jq -se 'all(.interval_s > 0)' $f >/dev/null || fail "intervals in $f"
done
jq -se "[.[] | $disk | select(.writes_per_s > 0 and .reads_per_s == 0)] |
	length > 0 and any(.bdev_mean_us >= 50000) and
	all(.bdev_p99_us > 32768 and .served_p99_us > 32768)" /tmp/h.top \
	>/dev/null || fail "times of writes: $(</tmp/h.top)"
disk_is h data '.stats | .bdev_ns >= 50 * 50e6 and .service_ns >= .bdev_ns' ||
	fail "time of the block device, summed"
disk_is h data '([.bdev_us[]] | add) == ([.served_us[]] | add) and
	([.served_us[]] | add) == (.stats | .reads + .writes + .flushes +
	.discards)' || fail "histograms and counters differ"
jq -se '[.[].sessions[] | select(.round_trip_p99_us != null)] | length > 0' \
	/tmp/g.top >/dev/null || fail "no round trip"

# Without a terminal pictures follow each other, with no codes for one.
h iohyp nic create vm7/web --uplink eth0
wait_for 10 "the NIC" g ip link show web
g ioguest top --interval 0.1 --count 2 >/tmp/out
expect_eq "$(grep -c '^ioguest ..:..:.., last 0\.' /tmp/out)" 2 pictures
! grep -q $'\e' /tmp/out || fail "codes for a terminal in a file"
grep -qE '^vm7/data +ready ' /tmp/out || fail "no disk: $(</tmp/out)"
! grep -q BDEV /tmp/out || fail "a guest has no block devices: $(</tmp/out)"
h iohyp top --interval 0.1 --count 1 >/tmp/out
grep -qE '^vm7 +up ' /tmp/out || fail "no guest"
expect_eq "$(sed -n 's/^\(DISK\|NIC\) .* \([^ ]*\)$/\2/p' /tmp/out | xargs)" \
	'99% DROP/S' "what headings end with"
h iohyp nic remove vm7/web
# Who has read enough ends it.
g timeout 30 "$SIO_TOOLS/ioguest" -j top --interval 0.1 | head -n 1 >/dev/null ||
	fail "a pipe that is closed"
expect_fail 2 'less than 0.1' g ioguest top --interval 0.01
expect_fail 2 'not a number' g ioguest top --count 0

# On a terminal it keeps to the size, and gives it back when interrupted.
PYTHONPATH=scripts/tests python3 - "$SIO_TOOLS/iohyp" <<'PY'
import fcntl, os, pty, re, signal, struct, sys, termios
from terminal import read_until

def size(rows, cols):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))

pid, fd = pty.fork()
if not pid:
    os.execvp('nsenter', ['nsenter', '--net=/run/netns/iohyp', '--',
                          sys.argv[1], 'top', '--interval', '60'])
seen = read_until(fd, r'\x1b\[\?1049h\x1b\[\?25l')
before = termios.tcgetattr(fd)
# The next picture is far away: a new size alone has the old one drawn.
size(5, 20)
seen = read_until(fd, r'\x1b\[J', seen)
os.kill(pid, signal.SIGTERM)
read_until(fd, r'\x1b\[\?25h\x1b\[\?1049l', seen)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert termios.tcgetattr(fd) == before

pid, fd = pty.fork()
if not pid:
    os.execvp('nsenter', ['nsenter', '--net=/run/netns/iohyp', '--',
                          sys.argv[1], 'top', '--interval', '0.2'])
size(6, 20)
read_until(fd, r'iohyp ..:..:...*\x1b\[J.*iohyp ..:..:...*\x1b\[J')
seen = read_until(fd, r'\x1b\[H(.*?)\x1b\[J')
picture = re.search(r'\x1b\[H(.*?)\x1b\[J', seen, re.S)[1]
lines = picture.replace('\x1b[K', '').split('\r\n')
assert len(lines) == 6 and not lines[-1], lines
assert all(len(line) < 20 for line in lines), lines
os.write(fd, b'\x03')
read_until(fd, r'\x1b\[\?25h\x1b\[\?1049l', seen)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
PY

# The module goes and comes again; all counters begin anew.
in_ns guest ioguest -j top --interval 0.2 >/tmp/g.top &
gpid=$!
wait_for 20 "the guest's top" lines 1 /tmp/g.top
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
dmsetup remove slow
g ioguest disconnect vm7
# A link that is made anew counts anew, under the old name and number.
in_ns iohyp iohyp -j top --interval 2 >/tmp/h.top &
hpid=$!
wait_for 20 "the iohyp's top" lines 1 /tmp/h.top
h iohyp link remove eth1
h iohyp link create eth1
from=$(wc -l </tmp/h.top)
wait_for 20 "the new link in top" lines $((from + 2)) /tmp/h.top
kill -INT $hpid
wait $hpid || fail "iohyp top: exit status $?"
gone() { rmmod splitio_fe; }
wait_for 20 "the module to be unused" gone
wait_for 20 "its absence in top" grep -q '"loaded":false' /tmp/g.top
sio_insmod splitio_fe
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
again() { tail -n 1 /tmp/g.top | jq -e '.loaded and .sessions[0].state == "up"'; }
wait_for 20 "the session in top" again
kill -INT $gpid
wait $gpid || fail "ioguest top: exit status $?"
jq -se 'all(.. | numbers; . >= 0 and . < 1e12)' /tmp/g.top /tmp/h.top \
	>/dev/null || fail "rates of counters that began anew: $(cat /tmp/[gh].top)"
sio_end
