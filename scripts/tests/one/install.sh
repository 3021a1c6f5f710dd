#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 240
# The installers, from a checkout and after "make install": what they find they
# use, once more does nothing, and --uninstall leaves what was there before.
#
# systemd does not run here: its folders are made, and programs that only write
# down that they were called stand for its own.
kver=$(uname -r)
checkout=/tmp/checkout
called=/tmp/called
export PATH=/tmp/stand-in:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p "$checkout/build" /tmp/stand-in /etc/NetworkManager/conf.d \
	/etc/systemd/network
cp -a Kbuild Makefile proto iohyp-tools guest-tools "$checkout/"
rm -rf /usr/local/sbin/* "/lib/modules/$kver/build"
: >"$called"

# stand_in NAME [COMMAND]: a program that writes down how it was called.
stand_in()
{
	cat >"/tmp/stand-in/$1" <<-EOT
		#!/bin/sh
		echo $1 "\$*" >>$called
		${2-}
	EOT
	chmod +x "/tmp/stand-in/$1"
}

# Everything an installer may touch: names, modes, contents, modules.
files()
{
	local places=(/etc/mod* /etc/NetworkManager /etc/systemd/network
		/usr/local/sbin /usr/local/share/man /lib/modules
		/usr/local/share/bash-completion /usr/local/lib/udev
		/usr/local/lib/systemd /etc/systemd/system
		/var/lib/splitio)

	{
		find "${places[@]}" ! -name 'modules.*' -printf '%p %m\n'
		find "${places[@]}" -type f ! -name 'modules.*' \
			-exec sha256sum {} +
	} 2>/dev/null | sort
	lsmod | cut -d ' ' -f 1 | grep splitio || true
}

expect_same()
{
	diff <(echo "$1") <(files) || fail "$2"
}

# systemctl enables and disables as without a running systemd; the rest is
# only written down.
cat >/tmp/stand-in/systemctl <<EOT
#!/bin/sh
case "\$*" in
*able*) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "\$@" ;;
esac
echo systemctl "\$*" >>$called
EOT
chmod +x /tmp/stand-in/systemctl

two_ns
clean=$(files)
stand_in networkctl
stand_in nmcli

# No modules, no headers; then headers, and a make that only copies, as the
# compiler takes minutes here.
expect_fail 1 "no headers to build them: .* linux-headers-$kver," \
	h "$checkout/iohyp-tools/install-backend" eth1
expect_same "$clean" "a refused installation left something"
mkdir -p "/lib/modules/$kver/build"
: >"/lib/modules/$kver/build/Makefile"
stand_in make "mkdir -p $checkout/build/mod-$kver
	cp $MODDIR/splitio*.ko $checkout/build/mod-$kver/
	mkdir -p $checkout/build/tools
	cp $SIO_TOOLS/iohyp $SIO_TOOLS/ioguest $checkout/build/tools/"
clean=$(files)
h "$checkout/iohyp-tools/install-backend" eth1
grep -qxF "make -C $checkout modules KVER=$kver" "$called" ||
	fail "the modules were not built: $(<"$called")"
! grep -q 'networkctl\|nmcli' "$called" ||
	fail "without systemd, its programs were called: $(<"$called")"
expect_out eth1 h iohyp link show
expect_eq "$(modinfo -n splitio_be)" \
	"/lib/modules/$kver/updates/splitio/splitio_be.ko" "module in use"
for file in /etc/modules-load.d/splitio-backend.conf \
	/etc/NetworkManager/conf.d/90-splitio.conf \
	/etc/systemd/network/05-splitio.{link,network} \
	/usr/local/share/man/man8/{iohyp,install-backend}.8 \
	/usr/local/share/bash-completion/completions/iohyp \
	/usr/local/lib/systemd/system/splitio-iohyp.service \
	/usr/local/sbin/{iohyp,install-backend}; do
	[[ -f $file && ! -L $file ]] || fail "$file was not installed"
done

expect_eq "$(systemctl is-enabled splitio-iohyp.service)" enabled "unit"

# Once more: nothing is built, nothing changes. From its copy, too.
: >"$called"
first=$(files)
expect_out 'nothing to do: all is in place' \
	h "$checkout/iohyp-tools/install-backend" eth1
expect_out 'nothing to do: all is in place' h install-backend eth1
expect_same "$first" "the second run changed something"
expect_eq "$(<"$called")" "" "programs called by the second run"

# The guest finds what was built. A session that is no work of the script's
# must not be ended by it.
h iohyp guest create vm7 --join-file /tmp/vm7.join
h iohyp guest create vm8 --join-file /tmp/vm8.join
expect_out 'configuration give eth1 10.77.0.3/24 at boot' \
	g "$checkout/guest-tools/install-frontend" eth1 --join /tmp/vm7.join \
	--address 10.77.0.3/24
expect_eq "$(sess g state)" up "state of the session"
[[ -f /usr/local/lib/udev/rules.d/60-splitio.rules ]] ||
	fail "the rules for udev were not installed"
expect_out 'nothing to do: all is in place' \
	g install-frontend eth1 --join /tmp/vm7.join
g ioguest connect --join /tmp/vm8.join --link eth1 --wait 20
expect_fail 1 'session vm8 is still there.* ioguest disconnect vm8' \
	g install-frontend --uninstall
g ioguest disconnect vm8
expect_out 'configuration give eth1 10.77.0.3/24 at boot' \
	g install-frontend eth1 --join /tmp/vm7.join --address 10.77.0.3/24

# Nor is one that has a disk in use, and all comes back after a boot.
second=$(files)
truncate -s 16M /tmp/disk.img
h iohyp blk create vm7/data --path /tmp/disk.img
g ioguest wait vm7/data --timeout 20
exec 8</dev/sio0
expect_fail 1 'disk data is in use; unmount it first' \
	g install-frontend --uninstall
expect_fail 1 'session vm7 stays, and nothing was removed' \
	g install-frontend --uninstall
expect_same "$second" "a refused uninstallation took something"
expect_eq "$(systemctl is-enabled splitio-guest.service)" enabled "unit"
expect_eq "$(sess g state)" up "state of the session"
exec 8<&-
h iohyp blk remove vm7/data
g install-frontend --uninstall
! g ip address show dev eth1 | grep -qF 10.77.0.3/24 ||
	fail "the address given is still there"
[[ ! -e /sys/module/splitio_fe ]] || fail "splitio_fe is still loaded"
expect_same "$first" "the guest's uninstallation left or took something"
expect_fail 1 'guest vm7 is still set up.* iohyp guest remove vm7 --force' \
	h install-backend --uninstall
h iohyp guest remove vm7
h iohyp guest remove vm8

# With systemd, those who run read their configuration again, both times.
mkdir -p /run/systemd/system /run/NetworkManager
: >"$called"
rm /etc/systemd/network/05-splitio.link
h install-backend
expect_eq "$(sort "$called" | xargs)" \
	"networkctl reload nmcli general reload conf systemctl start splitio-iohyp.service" \
	"programs called"

# Both ends here: the one that goes first leaves what the other needs.
g "$checkout/guest-tools/install-frontend"
: >"$called"
h install-backend --uninstall
expect_eq "$(sort "$called" | xargs)" \
	"networkctl reload nmcli general reload conf systemctl -q stop splitio-iohyp.service systemctl daemon-reload" \
	"programs called"
g rmmod splitio_fe splitio
expect_out 'loaded splitio_fe' g install-frontend
g install-frontend --uninstall
expect_same "$clean" "the uninstallation left something"
expect_out 'nothing of install-backend.s is here' \
	h "$checkout/iohyp-tools/install-backend" --uninstall

# After "make install": no checkout is needed, nor what it would bring.
rm /tmp/stand-in/make
make -s install-tools PREFIX=/usr/local >/dev/null
expect_fail 1 "no modules for kernel $kver here: .*--from DIR" \
	h install-backend
h install-backend --from "$MODDIR"
[[ -e /sys/module/splitio_be ]] || fail "splitio_be is not loaded"
h install-backend --uninstall
[[ -x /usr/local/sbin/iohyp ]] || fail "it took what make installed"
mkdir -p "/lib/modules/$kver/updates"
cp "$MODDIR"/splitio*.ko "/lib/modules/$kver/updates/"
depmod
expect_out "/updates/splitio_fe.ko is already there" g install-frontend
g install-frontend --uninstall
[[ -e /lib/modules/$kver/updates/splitio_fe.ko ]] ||
	fail "it took what make installed"
