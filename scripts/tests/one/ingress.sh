#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What somebody is told whose kernel lacks CONFIG_NETFILTER_INGRESS: by the
# check, which believes the kernel's own account of how it was built.
sio_load
two_ns
[[ -r /proc/config.gz ]] || skip "the kernel does not say how it was built"
for tool in 'h iohyp' 'g ioguest'; do
	out=$($tool check 2>&1) || true
	grep -q 'the kernel has CONFIG_NETFILTER_INGRESS' <<<"$out" ||
		fail "$tool check does not know this kernel: $out"
done

gzip -dc /proc/config.gz |
	sed 's/^CONFIG_NETFILTER_INGRESS=y/# CONFIG_NETFILTER_INGRESS is not set/' |
	gzip >/tmp/config.gz
mount --bind /tmp/config.gz /proc/config.gz
sentence='is built without CONFIG_NETFILTER_INGRESS, which takes the frames'
# shellcheck disable=SC2086 # two words
for tool in 'h iohyp' 'g ioguest'; do
	expect_fail 1 "$sentence" $tool check
	expect_fail 1 'boot a kernel with it' $tool check
done
umount /proc/config.gz
