#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Machines whose first process is systemd, for tests of tier one: each has a
# network namespace of two_ns, a root file system, processes, control groups
# and a /run of its own. The kernel and /dev are shared, so one of them only
# may run udev.

# What a machine runs of all that the distribution starts at boot.
SD_KEEP='systemd-journald* systemd-journal-flush.service systemd-udevd*
	systemd-udev-trigger.service'

# sd_make NAME: /m/NAME, a copy of our root that is forgotten.
sd_make()
{
	local root=/m/$1 dir name

	mkdir -p "$root" "/m/.$1/up" "/m/.$1/work"
	mount -t overlay -o "lowerdir=/,upperdir=/m/.$1/up,workdir=/m/.$1/work" \
		overlay "$root"
	rm -rf "$root"/etc/systemd/system "$root"/etc/systemd/system-generators
	mkdir -p "$root"/etc/systemd/system "$root"/etc/systemd/system-generators
	: >"$root/etc/fstab"
	for dir in /lib/systemd/system/{sysinit,basic,sockets,timers,multi-user,local-fs}.target.wants; do
		for name in "$dir"/*; do
			name=${name##*/}
			# shellcheck disable=SC2254 # patterns
			sd_keeps "$name" || ln -sf /dev/null \
				"$root/etc/systemd/system/$name"
		done
	done
	for name in /lib/systemd/system-generators/*; do
		name=${name##*/}
		[[ $name == systemd-fstab-generator ]] || ln -sf /dev/null \
			"$root/etc/systemd/system-generators/$name"
	done
	ln -sf /lib/systemd/system/multi-user.target \
		"$root/etc/systemd/system/default.target"
	# as a distribution enables it
	mkdir "$root/etc/systemd/system/multi-user.target.wants"
	ln -sf /lib/systemd/system/remote-fs.target \
		"$root/etc/systemd/system/multi-user.target.wants/"
}

sd_keeps()
{
	local keep

	for keep in $SD_KEEP; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $keep ]] || return 0
	done
	return 1
}

# sd_chroot NAME CMD...: in its root and network, while it is off.
sd_chroot()
{
	local name=$1

	shift
	# shellcheck disable=SC2016 # for the inner shell
	nsenter --net="/run/netns/$name" -- unshare --mount \
		sh -c 'mount --bind /dev "$1/dev" && mount -t proc proc "$1/proc" &&
			mount -t tmpfs tmpfs "$1/run" && mount -t sysfs sysfs "$1/sys" &&
			root=$1 && shift && exec env PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
				chroot "$root" "$@"' \
		sh "/m/$name" "$@"
}

# sd_boot NAME: begin it, without waiting for anything.
sd_boot()
{
	local name=$1

	mkdir -p "/sys/fs/cgroup/$name"
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"/sys/fs/cgroup/$1/cgroup.procs" && exec nsenter \
		--net="/run/netns/$1" -- unshare --pid --mount --cgroup --uts \
		--ipc --fork -- sh -c "
			mount --make-rprivate / &&
			cd /m/$1 && mount --bind . . && cd /m/$1 &&
			pivot_root . mnt && cd / &&
			mount -t proc proc /proc && mount -t sysfs sysfs /sys &&
			mount --rbind /mnt/dev /dev && umount -l /mnt &&
			mount -t tmpfs -o mode=755 tmpfs /run &&
			mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
			hostname $1 &&
			exec env -i TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
				/lib/systemd/systemd --show-status=no \
				--log-target=journal"' \
		sh "$name" </dev/null >"/tmp/$name.out" 2>&1 &
	eval "sd_$name=$!"
}

# sd_pid NAME: its first process, as we see it.
sd_pid()
{
	local parent

	eval "parent=\$sd_$1"
	pgrep -P "$parent"
}

# sd_in NAME CMD...: run in a machine that is on.
sd_in()
{
	local pid

	pid=$(sd_pid "$1")
	[[ $pid ]] || { echo "$1 is off"; return 1; }
	shift
	nsenter -t "$pid" -a -- "$@"
}

# sd_is NAME STATE: for wait_for; what systemd says of the whole machine.
sd_is()
{
	local state

	state=$(sd_in "$1" systemctl is-system-running 2>&1) || :
	echo "$1 is $state"
	[[ $state =~ ^($2)$ ]]
}

# sd_off NAME: is it? For wait_for.
sd_off()
{
	local parent

	eval "parent=\$sd_$1"
	[[ ! -e /proc/$parent ]] || [[ $(cut -d ' ' -f 3 \
		"/proc/$parent/stat") == Z ]]
}

# sd_log NAME [OPTIONS]: the journal of a machine, on or off.
sd_log()
{
	local name=$1

	shift
	journalctl --no-pager -q -D "/m/.$name/up/var/log/journal" "$@"
}
