#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An iohyp loses power under disks in use: what was flushed or written through
# is there when it has booted, and a flush tells of what is not.
# shellcheck source=scripts/tests/pair/common
# shellcheck disable=SC2119 # the options of what pair/common has are optional
. scripts/tests/pair/common

# Files of this host: they stay when the machine goes, and its cache does not.
serve_disks()
{
	lab run -i iohyp -- env "PATH=$pair_path" \
		iohyp guest create vm7 --key-file - <<<"$pair_key"
	h iohyp blk create vm7/cached --path /run/lab/cached.img \
		--uuid 6d1ff5ba-2f0c-4b4e-9d0e-0b5b0f7a0c08
	h iohyp blk create vm7/through --path /run/lab/through.img \
		--cache writethrough --uuid 6d1ff5ba-2f0c-4b4e-9d0e-0b5b0f7a0c09
	h iohyp link create eth1
}

node_of()
{
	g ioguest -j show | jq -r --arg n "$1" \
		'.sessions[0].devices[] | select(.name == $n).disk'
}

answers() { grew g req_answered "$1"; }

# check NAME OUTCOME: what a write to the disk that ended well is good for
check()
{
	g sh -ec "sed -i '/^w /s/ ok / $2 /' /tmp/$1; echo 'x $lost_ns' >>/tmp/$1
		python3 $TOP/scripts/history.py check /tmp/$1" ||
		fail "$1: no disk may do that"
}

# failed NAME: what failed, f for a flush, and s for a synchronous write, which
# is one with a flush; a word for each
failed()
{
	g awk '$4 == "fail" { print $1 == "w" && $5 >= 64 ? "s" : $1 }' "/tmp/$1"
}

pair_up
h truncate -s 64M /run/lab/cached.img /run/lab/through.img
serve_disks
pair_dial
writers=()
for name in cached through; do
	wait_for 10 "the disk" g test -b "$(node_of "$name")"
	lab run --timeout 240 guest -- python3 "$TOP/scripts/history.py" run \
		"$(node_of "$name")" "/tmp/$name" 4 64 7 0 /tmp/stop &
	writers+=($!)
done
wait_for 60 "answers" answers 600

lab cut iohyp
# nobody answers any more, and nobody does again yet
lost_ns=$(g python3 -c 'import time; print(time.monotonic_ns())')
wait_for 30 "the guest to say that it waits" g sh -c \
	'ioguest show vm7 | grep -qiE "wait|dial|silent"'
g ioguest show
answered=$(counter g req_answered)
lab boot iohyp
pair_load iohyp
serve_disks
g ioguest wait vm7 --state up --timeout 60
wait_for 60 "answers" answers $((answered + 300))

g touch /tmp/stop
for writer in "${writers[@]}"; do
	wait "$writer" || fail "the writers did not end well"
done
check cached ok
check through sync
failed=$(failed cached)
[[ -n $failed ]] || fail "no flush told of what was lost"
[[ $failed != *[rw]* ]] || fail "a request failed that is no flush"
expect_eq "$(failed through)" "" "failures where nothing was lost"
g ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove eth1
pair_scan
