#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 300
# A disk on dm-crypt: ciphertext below, the pattern above; keys, refusals, and that nothing stays behind.
# shellcheck disable=SC2016 # expanded later
sio_session
null_disk 64
umask 077
head -c 64 /dev/urandom >/tmp/data.key
head -c 64 /dev/urandom >/tmp/wrong.key

loops() { losetup -nO NAME,BACK-FILE | sort; }
maps() { dmsetup ls | sed '/^No devices found/d; s/\t.*//'; }
nodes() { find /dev/mapper -name 'sio-*'; }
nothing() { [[ -z $(loops) && -z $(maps) && -z $(nodes) ]]; }
state()
{
	loops
	maps
	nodes
	h iohyp -j show |
		jq -c '[.. | objects | select(.type?) | .guest, .name, .disk]'
}
known=$(state)
no()
{
	expect_fail "$@"
	expect_eq "$(state)" "$known" "state after a refusal"
}
blk=(h iohyp blk create vm7/data --path)
key=(--encrypt --key-file /tmp/data.key)

# Nothing is overwritten without a word, and nothing that is known with it.
no 1 'nullb0 holds no LUKS2; --format makes it' "${blk[@]}" /dev/nullb0 "${key[@]}"
mkfs.ext4 -q /dev/nullb0
no 1 'nullb0 holds no LUKS2, but ext4' "${blk[@]}" /dev/nullb0 "${key[@]}"
no 1 'nullb0 holds data: ext4; .*wipefs -a /dev/nullb0' \
	"${blk[@]}" /dev/nullb0 "${key[@]}" --format
wipefs -qa /dev/nullb0
no 1 'no such guest' h iohyp blk create vm9/data --path /dev/nullb0 "${key[@]}" --format
no 1 'holds no LUKS2; --format' "${blk[@]}" /dev/nullb0 "${key[@]}"

# The main path
"${blk[@]}" /dev/nullb0 "${key[@]}" --format
known=$(state)
expect_eq "$(maps)" sio-vm7-data "mapping"
expect_out 'blk data .*, /dev/mapper/sio-vm7-data on /dev/nullb0, 48 MiB, encrypted' \
	h iohyp show
expect_eq "$(h iohyp -j blk show | jq -c '.devices[0] | .made, .key_file, .discard')" \
	$'["crypt"]\n"/tmp/data.key"\nfalse' "services shown"
! h iohyp -j show | grep -qF "$(base64 -w 0 /tmp/data.key | head -c 20)" ||
	fail "the key is shown"
wait_for 10 "the disk" test -b /dev/sio0
pattern="a pattern that nobody else writes"
head -c 1048576 < <(yes "$pattern") >/tmp/pattern
dd if=/tmp/pattern of=/dev/sio0 bs=64k oflag=direct status=none
grep -qF "$pattern" /dev/mapper/sio-vm7-data || fail "the pattern is not above"
sync
echo 3 >/proc/sys/vm/drop_caches
! grep -qF "$pattern" /dev/nullb0 || fail "the pattern is below, in clear"
no 1 'nullb0 is held by sio-vm7-data' \
	h iohyp blk create vm7/two --path /dev/nullb0
no 1 'sio-vm7-data is exported already, as vm7/data' \
	h iohyp blk create vm7/two --path /dev/mapper/sio-vm7-data
no 1 'vm7 has a device data already' "${blk[@]}" /dev/nullb0 "${key[@]}"
h iohyp blk remove vm7/data
nothing || fail "left behind: $(loops; maps; nodes)"

# Opened again, it holds what it held; not with another key.
known=$(state)
no 1 'nullb0 holds LUKS2 already' "${blk[@]}" /dev/nullb0 "${key[@]}" --format
no 1 'the key from /tmp/wrong.key does not open /dev/nullb0$' \
	"${blk[@]}" /dev/nullb0 --encrypt --key-file /tmp/wrong.key
wait_for 10 "the disk to go" test ! -b /dev/sio0
h iohyp blk create vm7/data --path /dev/nullb0 --encrypt --allow-discards \
	--key-file - </tmp/data.key
expect_eq "$(h iohyp -j blk show | jq -c '.devices[0] | .made, .key_file, .discard')" \
	$'["crypt"]\nnull\ntrue' "services shown"
wait_for 10 "the disk" test -b /dev/sio0
cmp -n 1048576 /dev/sio0 /tmp/pattern || fail "the data are not what they were"
h iohyp blk remove vm7/data

# Words and keys
no 2 'encrypt needs a key' "${blk[@]}" /dev/nullb0 --encrypt
no 2 'key-file belongs to --encrypt' "${blk[@]}" /dev/nullb0 --key-file /tmp/data.key
no 2 'format belongs to --encrypt' "${blk[@]}" /dev/nullb0 --format
no 2 'allow-discards belongs to' "${blk[@]}" /dev/nullb0 --allow-discards
no 2 'cannot be --read-only' "${blk[@]}" /dev/nullb0 "${key[@]}" --format --read-only
echo 'blk create vm7/data --path /dev/nullb0 --encrypt --key-file -' >/tmp/batch
no 2 'a batch has no key on standard input' h iohyp -b /tmp/batch
no 1 'cannot read /nonexistent' "${blk[@]}" /dev/nullb0 --encrypt --key-file /nonexistent
no 1 '/tmp is a folder' "${blk[@]}" /dev/nullb0 --encrypt --key-file /tmp
no 1 'standard input holds no key' "${blk[@]}" /dev/nullb0 --encrypt --key-file -
head -c 8193 /dev/urandom >/tmp/large.key
no 1 'large.key has more than 8192 bytes' \
	"${blk[@]}" /dev/nullb0 --encrypt --key-file /tmp/large.key
cp /tmp/data.key /tmp/open.key
chmod 640 /tmp/open.key
no 1 'others can read the key in /tmp/open.key; chmod 600' \
	"${blk[@]}" /dev/nullb0 --encrypt --key-file /tmp/open.key
without_program()
{
	h unshare -m bash -c 'mount --bind /dev/null "$0" && "$@"' \
		"$(command -v "$1")" "${@:2}"
}
no 1 'cryptsetup is missing; first: apt install cryptsetup-bin' \
	without_program cryptsetup "${blk[@]:1}" /dev/nullb0 "${key[@]}"
truncate -s 8M /tmp/small.img
no 1 'wipefs is missing; first: apt install util-linux' \
	without_program wipefs "${blk[@]:1}" /tmp/small.img "${key[@]}"
no 1 'too small: LUKS2 takes 16 MiB' "${blk[@]}" /tmp/small.img "${key[@]}" --format
dmsetup create --noudevsync sio-vm7-data --table '0 2048 linear /dev/nullb0 0'
known=$(state)
no 1 '/dev/mapper/sio-vm7-data already; .*cryptsetup close sio-vm7-data' \
	"${blk[@]}" /tmp/small.img "${key[@]}" --format
dmsetup remove --noudevsync sio-vm7-data
known=$(state)

# A file: both go, also when the kernel refuses the disk, and after an interrupt.
truncate -s 64M /tmp/disk.img
no 1 'cannot format the device' \
	"${blk[@]}" /tmp/disk.img "${key[@]}" --format --block-size 1000
"${blk[@]}" /tmp/disk.img "${key[@]}" --format --block-size 4096
expect_eq "$(h iohyp -j blk show | jq -c '.devices[0] | .made, .block')" \
	$'["loop","crypt"]\n4096' "disk on a file"
known=$(state)
no 1 'disk.img is exported already, as vm7/data' \
	h iohyp blk create vm7/two --path /tmp/disk.img "${key[@]}"
h iohyp blk remove vm7/data
expect_eq "$(maps)" "" "mappings after the removal"
wait_for 10 "all to go" nothing
known=$(state)
no 1 'has blocks of 4096 bytes; --block-size cannot be smaller' \
	"${blk[@]}" /tmp/disk.img "${key[@]}" --block-size 512
no 1 'the key from /tmp/wrong.key does not open /dev/loop' \
	"${blk[@]}" /tmp/disk.img --encrypt --key-file /tmp/wrong.key
nsenter --net=/run/netns/iohyp -- iohyp blk create vm7/data \
	--path /tmp/disk.img "${key[@]}" >/tmp/create 2>&1 &
create=$!
opens() { pgrep -x cryptsetup; }
wait_for 10 "cryptsetup" opens
kill -TERM "$create"
rc=0
wait "$create" || rc=$?
expect_eq "$rc" 143 "status of an interrupted creation: $(cat /tmp/create)"
expect_eq "$(state)" "$known" "state after an interrupt"

# Read-only
"${blk[@]}" /tmp/disk.img "${key[@]}" --read-only
wait_for 10 "the disk" test -b /dev/sio0
expect_fail 1 . dd if=/dev/zero of=/dev/sio0 count=1
h iohyp blk remove vm7/data
wait_for 10 "all to go" nothing
wait_for 10 "the disk to go" test ! -b /dev/sio0

# No two disks have one mapping, whatever dashes are in their names
h iohyp guest create vm --insecure
h iohyp guest create vm-a- --insecure
h iohyp blk create vm/a-b --path /dev/nullb0 "${key[@]}"
h iohyp blk create vm-a-/b --path /tmp/disk.img "${key[@]}"
expect_eq "$(maps | LC_ALL=C sort | xargs)" "sio-vm--a---b sio-vm-a--b" "mappings"
h iohyp guest remove vm-a- --force
h iohyp blk remove vm/a-b
h iohyp guest remove vm
wait_for 10 "all to go" nothing

# A device that does not answer holds nobody up, and all goes at its end.
dmsetup create --noudevsync slow --table '0 131072 linear /dev/nullb0 0'
dmsetup mknodes
"${blk[@]}" /dev/mapper/slow "${key[@]}"
wait_for 10 "the disk" test -b /dev/sio0
dmsetup suspend --nolockfs --noudevsync slow
dd if=/dev/zero of=/dev/sio0 bs=4k seek=1024 count=1 oflag=direct \
	2>/dev/null &
writer=$!
waits() { h iohyp blk show | grep -E '; waiting for /dev/mapper/sio-vm7-data'; }
wait_for 10 "a request that waits" waits
expect_fail 1 'data is not gone after 2.0 s: removing' \
	h iohyp blk remove vm7/data --force --timeout 2
dmsetup resume --noudevsync slow
! wait "$writer" || fail "a write to a disk that was taken away succeeded"
h iohyp wait vm7/data --state gone --timeout 10
wait_for 10 "the mapping to go" holds '[[ $(maps) == slow ]]'
wait_for 10 "slow to be free" dmsetup remove --noudevsync slow
wait_for 10 "the disk to go" test ! -b /dev/sio0

# Saved, taken down and made again at once; what is there already stays
"${blk[@]}" /tmp/disk.img "${key[@]}"
wait_for 10 "the disk" test -b /dev/sio0
h iohyp save /tmp/iohyp.conf
h iohyp stop
nothing || fail "left by stop: $(state)"
h iohyp restore /tmp/iohyp.conf
expect_eq "$(maps)" sio-vm7-data "mapping made again"
expect_out 'vm7/data is there already' h iohyp restore /tmp/iohyp.conf
mv /tmp/data.key /tmp/away.key
expect_fail 1 'vm7/data: /tmp/data.key, which held its key: No such file' \
	h iohyp save /tmp/iohyp.conf
expect_out '^# blk create vm7/data .*--encrypt' cat /tmp/iohyp.conf
mv /tmp/away.key /tmp/data.key

# With the guest
wait_for 20 "the session" is g state up
wait_for 10 "the disk" test -b /dev/sio0
bytes=$(blockdev --getsize64 /dev/sio0)
truncate -s +16M /tmp/disk.img
losetup -c "$(losetup -n -O NAME -j /tmp/disk.img)"
cryptsetup resize --key-file /tmp/data.key sio-vm7-data
wait_for 10 "the guest's disk to grow with its file" \
	holds "[[ \$(blockdev --getsize64 /dev/sio0) -eq $((bytes + 16777216)) ]]"
h iohyp guest remove vm7 --force
wait_for 10 "all to go" nothing
g ioguest disconnect vm7
h iohyp link remove eth1
sio_unload
