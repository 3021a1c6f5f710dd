#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Keys: the wrong one, none on one side, none on both, and no way to read one.
sio_load
two_ns
umask 077
key=$(printf 'sio%029d' 7 | base64)
umask 077
printf '%s\n' "$key" >/tmp/right.key
printf 'sio%029d' 8 | base64 >/tmp/wrong.key
dial=(ioguest connect --link eth1 --peer 10.77.0.1 --wait 20)

h iohyp link create eth1
h iohyp guest create vm7 --key-file /tmp/right.key
h iohyp guest create open --insecure

expect_fail 1 'does not know this name with this key' \
	g "${dial[@]}" --name vm7 --key-file /tmp/wrong.key
expect_fail 1 'does not know this name with this key' \
	g "${dial[@]}" --name nobody --key-file /tmp/right.key
expect_fail 1 'the other asked for --insecure' \
	g "${dial[@]}" --name vm7 --insecure
expect_fail 1 'the other asked for --insecure' \
	g "${dial[@]}" --name open --key-file /tmp/right.key
expect_eq "$(g ioguest -j show | jq '.sessions | length')" 0 \
	"sessions left by refused dials"
expect_eq "$(sess h state)" waiting "the guest that was tried at"
expect_eq "$(sess h epoch)" 0 "epoch of the guest that was tried at"

# Somebody on the way takes a feature out of the offer, or adds to what the
# guest insists on: that is not the hello the guest made.
for harm in '@th,1024,64 set 0x0100000000000000' \
	'@th,1088,64 set 0x0100000000000000'; do
	h nft -f - <<-NFT
		table netdev middle {
			chain in {
				type filter hook ingress device "eth1" priority 0;
				tcp dport 7423 @th,264,8 1 counter $harm
			}
		}
	NFT
	expect_fail 1 'does not know this name with this key' \
		g "${dial[@]}" --name vm7 --key-file /tmp/right.key --flows 2
	expect_out 'counter packets [1-9]' h nft list table netdev middle
	h nft delete table netdev middle
done
expect_eq "$(sess h epoch)" 0 "epoch of the guest that was tried at"

g "${dial[@]}" --name vm7 --key-file /tmp/right.key
g "${dial[@]}" --name open --insecure
for side in h g; do
	expect_eq "$(sess $side insecure)" false "$side: insecure"
done
expect_out 'open .*insecure' g ioguest show
expect_out 'open .*insecure' h iohyp show

# What is read only cannot leak: no dump has the key in any of its shapes.
raw=$(base64 -d <<<"$key")
hex=$(printf %s "$raw" | od -An -v -tx1 | tr -d ' \n')
{
	for json in '' -j; do
		h iohyp $json show --stats
		h iohyp $json guest show vm7 --stats
		g ioguest $json show --stats
	done
	dmesg
} >/tmp/dumps
grep -q vm7 /tmp/dumps || fail "the dumps are empty"
! grep -qF -e "$raw" -e "$key" -e "$hex" /tmp/dumps || fail "a key was shown"

# A new key counts from the next dial on.
h iohyp guest set vm7 --key-file /tmp/wrong.key
expect_eq "$(sess h state)" up "state after the key changed"
g ioguest disconnect vm7
expect_fail 1 'does not know this name with this key' \
	g "${dial[@]}" --name vm7 --key-file /tmp/right.key
g "${dial[@]}" --name vm7 --key-file /tmp/wrong.key

g ioguest disconnect open
h iohyp guest remove open
sio_end
