#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk: read, write, flush, discard, growth, file system, removal.
# Deadline: 120
sio_session
null_disk 256
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
g ioguest show
h iohyp show
dd if=/dev/urandom of=/tmp/rnd bs=1M count=8 status=none
dd if=/tmp/rnd of=/dev/sio0 bs=1M oflag=direct status=none
dd if=/dev/sio0 of=/tmp/back bs=64k count=128 iflag=direct status=none
cmp /tmp/rnd /tmp/back || fail "what was read is not what was written"
mkfs.ext4 -q /dev/sio0
mkdir -p /mnt/x
mount /dev/sio0 /mnt/x
cp /tmp/rnd /mnt/x/a
sync
umount /mnt/x
g ioguest -j show --stats
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
