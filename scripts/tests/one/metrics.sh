#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Metrics hold what was done, in both formats, to the letter; the manual knows all of them.
# Deadline: 180
PROMTOOL=$(scripts/kernels.sh get promtool)/promtool
sio_session
sio_nic
null_disk 32
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
wait_for 10 "an idle disk" idle_disk

# value FILE SAMPLE: of the sample with exactly that name and labels
value()
{
	local found

	found=$(grep -F "$2 " "$1" | cut -d ' ' -f 2)
	[[ -n $found ]] || fail "no $2 in $1: $(<"$1")"
	echo "$found"
}

metrics()
{
	h iohyp metrics "${@:2}" >"/tmp/h.$1"
	g ioguest metrics "${@:2}" >"/tmp/g.$1"
}

# grown SIDE SAMPLE N: by exactly N between the files "old" and "new"
grown()
{
	local old new

	old=$(value "/tmp/$1.old" "$2")
	new=$(value "/tmp/$1.new" "$2")
	expect_eq "$((new - old))" "$3" "growth of $2 at $1"
}

metrics old
dd if=/dev/zero of=/dev/sio0 bs=16k count=20 oflag=direct status=none
dd if=/dev/sio0 of=/dev/null bs=4k count=10 iflag=direct status=none
metrics new
of='{guest="vm7",device="data"}'
for side in g h; do
	grown $side "splitio_disk_writes_total$of" 20
	grown $side "splitio_disk_written_bytes_total$of" $((20 * 16384))
	grown $side "splitio_disk_reads_total$of" 10
	grown $side "splitio_disk_read_bytes_total$of" $((10 * 4096))
	grown $side "splitio_disk_errors_total$of" 0
	grown $side "splitio_disk_served_seconds_count$of" 30
	grown $side 'splitio_disk_served_seconds_bucket{guest="vm7",device="data",le="+Inf"}' 30
	grown $side 'splitio_disk_worker_served_seconds_count{guest="vm7",device="data",worker="0"}' 30
	expect_eq "$(value /tmp/$side.new 'splitio_session_up{guest="vm7"}')" 1 up
	expect_eq "$(value /tmp/$side.new "splitio_disk_in_flight$of")" 0 "in flight"
done
grown h "splitio_disk_bdev_seconds_count$of" 30
! grep -q '^splitio_disk_bdev_seconds_count' /tmp/g.new ||
	fail "the guest cannot know the block device"

# Drops have their reasons: packets with another's address
before=$(counter h drop_spoof)
g ip link add link web name mv0 address 52:54:00:77:00:02 type macvlan \
	mode bridge
g ip addr add 192.0.2.8/24 dev mv0
g ip link set mv0 up
g ping -q -c 1 -W 1 -I mv0 192.0.2.1 >/dev/null 2>&1 || true
wait_for 10 "a drop" grew h drop_spoof "$before"
metrics new
[[ $(value /tmp/h.new 'splitio_nic_drops_total{guest="vm7",device="web",reason="spoof"}') -gt 0 ]] ||
	fail "no drop"

# Prometheus' own checker has nothing to say of its format,
for side in g h; do
	tool=iohyp
	[[ $side == h ]] || tool=ioguest
	$side $tool metrics --format prometheus --output /tmp/out.prom
	"$PROMTOOL" check metrics </tmp/out.prom >/tmp/said 2>&1 ||
		fail "promtool: $(</tmp/said)"
	[[ ! -s /tmp/said ]] || fail "promtool: $(</tmp/said)"
	mv /tmp/out.prom "/tmp/$side.prom"
done

# and a strict reader of OpenMetrics none of that one, whose sums are right.
python3 - /tmp/g.new /tmp/h.new /tmp/g.prom /tmp/h.prom <<'PY'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as plain

def read(parse, file):
    families = list(parse(open(file).read()))
    samples = {(s.name, tuple(sorted(s.labels.items()))): s.value
               for f in families for s in f.samples}
    return {f.name: f for f in families}, samples

for new, prom in zip(sys.argv[1:3], sys.argv[3:5]):
    families, samples = read(text_string_to_metric_families, new)
    others, again = read(plain, prom)
    assert set(families) == set(others), set(families) ^ set(others)
    assert {f: m.type for f, m in families.items()} == \
           {f: m.type for f, m in others.items()}
    for name, family in families.items():
        assert family.documentation, name
        if family.type != 'histogram':
            continue
        assert family.unit == 'seconds', name
        for (s, labels), count in samples.items():
            if s != name + '_count':
                continue
            buckets = [v for (b, l), v in samples.items()
                       if b == name + '_bucket' and
                       set(labels) < set(l)]
            assert len(buckets) == 28 and buckets == sorted(buckets), name
            assert buckets[-1] == count, (name, labels)
            total = samples[name + '_sum', labels]
            # each is within its bucket, so the sum is within their bounds
            low = high = seen = bound = 0
            for (b, l), v in samples.items():
                if b != name + '_bucket' or not set(labels) < set(l):
                    continue
                upper = float(dict(l)['le'])
                low += (v - seen) * bound
                if v > seen:
                    high += (v - seen) * upper
                seen, bound = v, upper
            assert low <= total <= high, (name, low, total, high)
PY

# The manual's table lists them, with their types, all and no others.
sed -nE 's/^# TYPE ([a-z_]+) ([a-z]+)$/\1 \2/p' /tmp/h.new | sort >/tmp/told
sed -nE 's/^# TYPE ([a-z_]+) ([a-z]+)$/\1 \2/p' /tmp/g.new | sort |
	diff /tmp/told - || fail "the sides differ"
# shellcheck disable=SC2016 # the table's quotes
sed -nE 's/^\| `([a-z_]+)` \| ([a-z]+) .*/\1 \2/p' docs/metrics.md | sort |
	diff - /tmp/told || fail "docs/metrics.md is not what the tools print"

# A name that is hostile to the format stays a value.
nasty=$'a"b\\cd\xff'
h ip link add dummy9 type dummy
h ip link set dummy9 name "$nasty"
h ip addr add 10.99.0.1/24 dev "$nasty"
h ip link set "$nasty" up
h iohyp link create "$nasty"
h iohyp metrics >/tmp/nasty
python3 - /tmp/nasty <<'PY'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
links = {s.labels['link'] for f in text_string_to_metric_families(
    open(sys.argv[1]).read()) for s in f.samples if s.name == 'splitio_link_flows'}
assert links == {'eth1', 'a"b\\cd?'}, links
PY
h iohyp metrics --format prometheus | "$PROMTOOL" check metrics ||
	fail "promtool of a hostile name"
h iohyp link remove "$nasty"

# The file is replaced whole, or left as it is, and nothing lies beside it.
mkdir /tmp/d
echo old >/tmp/d/x.prom
ln /tmp/d/x.prom /tmp/kept
h iohyp metrics --format prometheus --output /tmp/d/x.prom
expect_eq "$(</tmp/kept)" old "what a reader has open"
expect_eq "$(stat -c %a /tmp/d/x.prom)" 644 "mode of the file"
expect_eq "$(ls -A /tmp/d)" x.prom "files"
mkdir /tmp/d/y.prom
mkfifo /tmp/pipe
ln -s /dev/null /tmp/null
for path in /tmp/d/y.prom /tmp/pipe /tmp/null /dev/null; do
	expect_fail 1 "$path is no file; name one, or - for" h iohyp metrics \
		--output "$path"
done
[[ -c /dev/null && -p /tmp/pipe && -L /tmp/null ]] ||
	fail "what is no file was replaced"
(cd /tmp/d && expect_out '^# EOF' h iohyp metrics --output -)
expect_fail 1 'cannot write /tmp/none/x: No such file' h iohyp metrics \
	--output /tmp/none/x
mkdir /tmp/full
mount -t tmpfs -o size=4k none /tmp/full
echo old >/tmp/full/x.prom
expect_fail 1 'No space left' h iohyp metrics --output /tmp/full/x.prom
expect_eq "$(</tmp/full/x.prom)" old "the file on a full disk"
expect_eq "$(ls -A /tmp/d)$(ls -A /tmp/full)" $'x.prom\ny.promx.prom' "what is left"
expect_fail 2 'neither openmetrics nor prometheus' h iohyp metrics --format xml
umount /tmp/full
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
h iohyp nic remove vm7/web
sio_end
