#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 240
# Command lines and files that are wrong: one sentence, the right status, and nothing is done.
sio_load
two_ns
h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
h iohyp guest create gone --join-file /tmp/gone.join
h iohyp guest remove gone
umask 077
long=$(printf 'x%.0s' {1..300})
huge=99999999999999999999

state()
{
	h ip -o link | cut -d ' ' -f 2
	h iohyp -j show | jq -c '[.links[].ifname, .guests[].name]'
	g ioguest -j show | jq -c '[.sessions[].name]'
	h find /tmp -newer /tmp/vm7.join -name '*.join' | sort
}

tried=0
# no STATUS PATTERN CMD...: exactly one line, on standard error.
no()
{
	local want=$1 pattern=$2 rc=0 lines

	shift 2
	"$@" >/tmp/out 2>/tmp/err </dev/null || rc=$?
	tried=$((tried + 1))
	lines=$(wc -l </tmp/err)
	if [[ $rc -ne $want || $lines -ne 1 || -s /tmp/out ]] ||
	   ! grep -qaE -- "$pattern" /tmp/err; then
		fail "$*: status $rc, $lines lines: $(cat /tmp/err /tmp/out)"
	fi
	! LC_ALL=C grep -qa '[[:cntrl:]]' /tmp/err ||
		fail "$*: control characters: $(cat -v /tmp/err)"
}

known=$(state)

# Both tools, every command: unknown, abbreviated, too few, too many.
for tool in 'h iohyp' 'g ioguest'; do
	read -ra t <<<"$tool"
	no 2 'no command is given; see' "${t[@]}"
	no 2 'unknown command "sho"' "${t[@]}" sho
	no 2 'unknown command "\?\[31mx"' "${t[@]}" $'\e[31mx'
	no 2 'unknown command "' "${t[@]}" $'\xff\xfe'
	no 2 'unknown command "xxx' "${t[@]}" "$long$long$long$long"
	no 2 'unknown option --jso' "${t[@]}" --jso show
	no 2 'unknown option -x' "${t[@]}" -x
	no 2 'unknown option --' "${t[@]}" --
	no 2 '--netns needs a value' "${t[@]}" show -n
	no 2 '--netns needs a value' "${t[@]}" --netns= show
	no 1 'no network namespace nowhere' "${t[@]}" -n nowhere show
	no 1 'namespace is too long' "${t[@]}" -n "$long" show
	no 2 '--keep-going belongs to -b' "${t[@]}" --keep-going show
	no 2 'unknown option --stat;' "${t[@]}" show --stat
	no 2 '--stats takes no value' "${t[@]}" show --stats=1
	no 2 '--stats is given twice' "${t[@]}" show --stats --stats
	no 2 '"b" is one word too many' "${t[@]}" show a b
	no 2 'name of the guest is empty' "${t[@]}" show ''
	no 2 'name of the guest is too long' "${t[@]}" show "$long"
	no 2 'not of the form GUEST/DEVICE' "${t[@]}" show a/b/c
	no 2 '"x" is one word too many' "${t[@]}" monitor x
	no 2 'GUEST\[/DEVICE\] is missing' "${t[@]}" wait
	no 2 'session is never "ready"' "${t[@]}" wait a --state ready
	no 2 'device is never "up"' "${t[@]}" wait a/b --state up
	for time in -1 x 1e9 1.2.3 . 90000 inf "$huge"; do
		no 2 "--timeout: \"$time\" is not a number of seconds" \
			"${t[@]}" wait a --timeout "$time"
	done
	no 2 '"b" is one word too many' "${t[@]}" check a b
	no 2 'fault needs a verb: set, clear' "${t[@]}" fault
	no 2 'fault has no verb "se", only' "${t[@]}" fault se
	no 2 'IFNAME RULE... is missing' "${t[@]}" fault set eth1
	no 2 'begins with none of drop' "${t[@]}" fault set eth1 dro
	no 2 'a rule has no "fir"' "${t[@]}" fault set eth1 drop,fir=1
	no 2 'not of the form WORD=VALUE' "${t[@]}" fault set eth1 drop,x
	for word in type=packet first=1; do
		no 2 "a rule has ${word%=*} twice" \
			"${t[@]}" fault set eth1 "drop,$word,$word"
	done
	no 2 'delay needs us=' "${t[@]}" fault set eth1 delay
	no 2 'not a number from 0' "${t[@]}" fault set eth1 drop,first=-1
	no 2 'not a number from 0' "${t[@]}" fault set eth1 "drop,ppm=$huge"
	no 2 'is too long' "${t[@]}" fault set eth1 "drop,$long"
	no 2 'one word too many' "${t[@]}" fault set eth1 drop{,}{,}{,}{,}
	no 1 'no net device eth9' "${t[@]}" fault set eth9 drop
done

# Words of iohyp's own
for verb in create remove; do
	no 2 'IFNAME is missing' h iohyp link "$verb"
	no 2 'one word too many' h iohyp link "$verb" eth1 eth2
	no 1 'no net device xxx' h iohyp link "$verb" "${long:0:20}"
	no 2 'net device is too long' h iohyp link "$verb" "$long"
	no 1 'no net device' h iohyp link "$verb" $'\xff\n'
	no 2 'NAME is missing' h iohyp guest "$verb"
	no 2 'GUEST/DEVICE is missing' h iohyp nic "$verb"
done
no 2 'link has no verb "crea", only create, remove, show' \
	h iohyp link crea eth1
for port in 0 -1 65536 0x10000 7e3 "$huge" ' 7000' 7000x; do
	no 2 "\"$port\" is not a number from 1 to 65535" \
		h iohyp link create eth0 --port "$port"
done
no 2 'has a prefix length' h iohyp link create eth0 --local 10.0.0.1/24
for name in "$(printf '\xc3\xa4')" $'\xff' 'a b' -a .a "${long:0:32}"; do
	no 1 '1 to 31 letters|letters, digits' \
		h iohyp guest create --insecure -- "$name"
done
no 2 'guest is too long' h iohyp guest create "$long" --insecure
no 2 'guest is empty' h iohyp guest create '' --insecure
no 2 '--join-file needs a value, FILE' h iohyp guest create v --join-file
no 2 'give --join-file' h iohyp guest create v --insecure --address 10.0.0.1
no 1 'no link on eth0, only on eth1' \
	h iohyp guest create v --join-file /tmp/v.join --link eth0
no 1 'cannot write /nowhere/v.join: No such' \
	h iohyp guest create v --join-file /nowhere/v.join
no 1 '/tmp exists already' h iohyp guest create v --join-file /tmp
for name in 'a%d' 'a b' a:b $'\xff%' ..; do
	no 1 '1 to 15 letters' \
		h iohyp nic create "vm7/$name" --uplink eth0
done
for name in 'p%d' 'p q' p/q p:q . ..; do
	no 1 'no name for a net device' \
		h iohyp nic create vm7/web --uplink eth0 --port-name "$name"
done
for mac in 1:2:3:4:5:6 52:54:00:00:00:0g 5254.0000.0001 "$long"; do
	no 2 'is not a MAC address like' \
		h iohyp nic create vm7/web --uplink eth0 --mac "$mac"
done
no 2 'is not a UUID' h iohyp nic create vm7/web --uplink eth0 --uuid 1-2
for mtu in -1 67 65001 "$huge" 1500.0; do
	no 2 'not a number from 68 to 65000' \
		h iohyp nic create vm7/web --uplink eth0 --mtu "$mtu"
done

# Files with keys and join files
dial=(g ioguest connect --link eth1)
byname=("${dial[@]}" --name vm7 --peer 10.77.0.1)
key=$(sed -n 's/^key=//p' /tmp/vm7.join)
bad() { printf '%b' "$1" >/tmp/bad; }
for mode in 604 640 777; do
	bad "$key\n"
	chmod "$mode" /tmp/bad
	no 1 'others can read the key in /tmp/bad; chmod 600 /tmp/bad' \
		"${byname[@]}" --key-file /tmp/bad
	no 1 'others can read' h iohyp guest create v --key-file /tmp/bad
	no 1 'others can read' h iohyp guest set vm7 --key-file /tmp/bad
	cp --no-preserve=mode /tmp/vm7.join /tmp/bad
	chmod "$mode" /tmp/bad
	no 1 'others can read' "${dial[@]}" --join /tmp/bad
	rm /tmp/bad
done
no 1 'cannot read the key in /nowhere: No such' \
	"${byname[@]}" --key-file /nowhere
no 1 '/tmp is a folder' "${byname[@]}" --key-file /tmp
no 1 '/tmp is a folder' "${dial[@]}" --join /tmp
no 1 'cannot read the join file /nowhere: No such' \
	"${dial[@]}" --join /nowhere
chmod 600 /tmp/vm7.join
no 1 'cannot read the join file /tmp/vm7.join: Permission denied' \
	g setpriv --reuid nobody --clear-groups --inh-caps=-all \
	ioguest connect --link eth1 --join /tmp/vm7.join
for text in '' '\n' '\xff' "${key:1}" "$key$key" "$key=" "${key%=}A" \
	"$(printf 'A%.0s' {1..43})=" "$(printf '0%.0s' {1..64})"; do
	bad "$text"
	no 1 '/tmp/bad holds no key: its first line must be 32 bytes' \
		"${byname[@]}" --key-file /tmp/bad
done
for change in 's/^port=.*/port=7423x/' 's/^port=.*/port=0/' \
	's/^port=.*/port=-7423/' "s/^port=.*/port=$huge/" \
	's/^address=.*/address=10.77.0/' 's/^address=.*/address=/' \
	's/^key=./key=/' "s/^guest=.*/guest=$long/" 's/^guest=/guest/' \
	's/^version=1/version=one/' '1i\xff' "1i$long$long$long$long=1" \
	's/^key=.*/insecure=yes/'; do
	sed "$change" /tmp/vm7.join >/tmp/bad
	no 1 '/tmp/bad is damaged in line [1-6]; copy it again' \
		"${dial[@]}" --join /tmp/bad
done
sed 's/^version=.*/version=2/' /tmp/vm7.join >/tmp/bad
no 1 'join file of version 2, this release reads version 1' \
	"${dial[@]}" --join /tmp/bad
for word in version guest address port key; do
	sed "/^$word=/d" /tmp/vm7.join >/tmp/bad
	no 1 'is not a whole join file; on the iohyp' \
		"${dial[@]}" --join /tmp/bad
done
no 2 'stand in the join file' "${dial[@]}" --join /tmp/vm7.join --insecure
for peer in 10.77.0 10.77.0.1:0 10.77.0.1:x '[::1' '[10.77.0.1]x' "$long"; do
	no 2 '--peer: |not an IPv4 or IPv6|--peer' \
		"${dial[@]}" --name vm7 --insecure --peer "$peer"
done
for flows in 0 17 -1 two; do
	no 2 'not a number from 1 to 16' \
		"${dial[@]}" --join /tmp/vm7.join --flows "$flows"
done

# A batch: the line is named, what stands before it was done.
no 1 'cannot read /nowhere: No such' h iohyp -b /nowhere
no 1 'cannot read /tmp: Is a directory' h iohyp -b /tmp
no 2 'takes its commands from the file, but "show" follows' \
	h iohyp -b /dev/null show
for line in 'guest crea x' "guest create 'x" "guest create x\\\\" '-n x show' \
	'-b /dev/null' 'guest create \0 --insecure' \
	"$(printf 'x %.0s' {1..70})"; do
	bad "guest create one --insecure\n# rest\n$line\nlink show\n"
	rc=0
	h iohyp -b /tmp/bad >/tmp/out 2>/tmp/err || rc=$?
	expect_eq "$rc" 1 "status of a batch with the line $line"
	grep -q '^iohyp: /tmp/bad line 3: ' /tmp/err || fail "$(cat /tmp/err)"
	expect_eq "$(wc -l </tmp/err)" 1 "lines about $line"
	expect_eq "$(<"/tmp/out")" 'guest one may dial' "answers"
	rc=0
	h iohyp guest remove one
	h iohyp -b /tmp/bad --keep-going >/tmp/out 2>/tmp/err || rc=$?
	expect_eq "$rc" 1 "status with --keep-going"
	grep -q '^link eth1' /tmp/out || fail "it did not go on: $line"
	h iohyp guest remove one
	bad "# nothing before it\n\n$line\n$line\n"
	rc=0
	h iohyp -b /tmp/bad --keep-going >/tmp/out 2>/tmp/err || rc=$?
	expect_eq "$rc" 2 "status if nothing was tried"
	expect_eq "$(wc -l </tmp/err)" 2 "lines about $line, twice"
done

# Standard input is the batch's: no line of it is taken for a key.
for line in 'h iohyp guest create one --key-file -' \
	'h iohyp guest set vm7 --key-file -' \
	'g ioguest connect --link eth1 --join -' \
	'g ioguest connect --link eth1 --name one --peer 10.77.0.1 --key-file -'; do
	read -r side tool words <<<"$line"
	rc=0
	printf '%s\n%s\nshow\n' "$words" "$key" |
		"$side" "$tool" -b - --keep-going >/tmp/out 2>/tmp/err || rc=$?
	grep -q '^[a-z]*: standard input line 1: a batch has no key on' \
		/tmp/err || fail "$line: $(</tmp/err)"
	grep -q 'standard input line 2: unknown command' /tmp/err ||
		fail "$line: the next line was read as a key: $(</tmp/err)"
	[[ $rc -ne 0 && -s /tmp/out ]] || fail "$line: status $rc, no answer"
done

# Standard output is closed, or its reader has gone: a netlink socket or a key
# file must not take its place.
closed() { "$@" >&-; }
expect_fail 1 'cannot write the answer: Bad file descriptor' \
	closed h iohyp show
expect_fail 1 'cannot write the answer: Bad file descriptor' \
	closed h iohyp -j show
expect_fail 1 'cannot write the join file: Bad file descriptor' \
	closed h iohyp guest create v --join-file -
expect_fail 1 'cannot write the answer: No space left' \
	bash -c 'nsenter --net=/run/netns/iohyp iohyp show >/dev/full'
no 1 'standard input: Bad file desc|holds no key' \
	bash -c 'nsenter --net=/run/netns/guest ioguest connect --link eth1 \
		--name x --peer 10.77.0.1 --key-file - <&-'
mkfifo /tmp/fifo
for cmd in 'iohyp show' 'iohyp guest create v --join-file -'; do
	# shellcheck disable=SC2094 # to have a writer without a reader
	exec 8<>/tmp/fifo 9>/tmp/fifo 8<&-
	rc=0
	# shellcheck disable=SC2086 # words
	h $cmd >&9 2>/tmp/err 9>&- || rc=$?
	exec 9>&-
	[[ $rc -le 1 ]] || fail "$cmd without a reader ended with $rc"
done
cp /tmp/vm7.join /tmp/before
g bash -c 'ioguest connect --link eth9 --join /tmp/vm7.join 2>&-' || true
cmp /tmp/before /tmp/vm7.join || fail "a sentence went into the join file"

[[ $(state) == "$known" ]] || fail "left: $(diff <(echo "$known") <(state))"
echo "$tried refusals"
h iohyp guest remove vm7
h iohyp link remove eth1
sio_unload
