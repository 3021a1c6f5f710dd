#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 120
# The kernel's own netlink library, with our specs, sets everything up, reads it, hears the events.
YNL=$(scripts/kernels.sh get ynl)
export YNL

# in_ns NAMESPACE FAMILY: Python from standard input, the family is "nl".
in_ns()
{
	nsenter --net="/run/netns/$1" -- python3 -c "
import os, socket, sys
sys.path.insert(0, os.environ['YNL'])
from lib import NlError, YnlFamily
class Family(YnlFamily):
    # This library knows no padding, and UML's kernel pads 64 bits.
    def _decode(self, attrs, space, outer=None):
        known = self.attr_sets[space].attrs_by_val
        attrs = [a for a in attrs if known[a.type].type != 'pad']
        return super()._decode(attrs, space, outer)
def family():
    return Family('proto/uapi/splitio/$2.yaml',
                  os.environ['YNL'] + '/genetlink.yaml')
nl = family()
exec(sys.stdin.read())"
}

sio_load
two_ns
h ip link add port0 type dummy
in_ns iohyp be <<'PY'
link = socket.if_nametoindex('eth1')
heard = family()
heard.ntf_subscribe('events')
nl.do('link-new', {'ifindex': link, 'port': 7000})
nl.do('guest-new', {'guest': 'vm7', 'key': bytes(range(32)).hex()})
port = socket.if_nametoindex('port0')
nic = nl.do('nic-new', {'guest': 'vm7', 'dev': 'web', 'any-mac': 1,
                        'port-ifindex': port})
assert nic == nl.dump('dev-get', {})[0], nic

link = nl.do('link-get', {'ifindex': link})['link']
assert link['ifname'] == 'eth1' and link['port'] == 7000, link
assert link['local'] == '10.77.0.1' and link['why'] == 'none', link
assert link == nl.dump('link-get', {})[0]['link'], link

nic = nl.dump('dev-get', {'guest': 'vm7'})[0]['device']
assert nic['name'] == 'web' and nic['state'] == 'waiting', nic
assert nic['type'] == 'nic' and nic['any-mac'] == 1, nic
assert nic['mac'].count(':') == 5 and nic['uuid'].count('-') == 4, nic
assert nic['stat'] and all('value' in stat for stat in nic['stat']), nic

workers = [w['worker'] for w in nl.dump('worker-get', {'guest': 'vm7'})]
assert [w['id'] for w in workers] == [*range(os.cpu_count())], workers
assert all(w['guest'] == 'vm7' and w['dev'] == 'web' and w['type'] == 'nic'
           for w in workers), workers
assert not nl.dump('worker-get', {'guest': 'vm8'})

heard.check_ntf()
events = [event['msg']['event'] for event in heard.async_msg_queue]
assert events == ['link-new', 'guest-new', 'dev-new'], events
try:
    nl.do('link-new', {'ifindex': 1, 'port': 0})
    sys.exit('port 0 was accepted')
except NlError as err:
    assert err.nl_msg.extack['bad-attr'] == '.port', err.nl_msg.extack
PY
in_ns guest fe <<'PY'
nl.do('connect', {'ifindex': socket.if_nametoindex('eth1'), 'name': 'vm7',
                  'peer': '0a4d0001', 'peer-port': 7000, 'flows': 2,
                  'key': bytes(range(32)).hex()})
PY
wait_for 20 "the session" is g state up
in_ns guest fe <<'PY'
session = nl.do('session-get', {'name': 'vm7'})['session']
assert session['state'] == 'up' and session['why'] == 'none', session
assert session['peer'] == '10.77.0.1', session
assert session['peer-port'] == 7000, session
assert [d['device']['name'] for d in nl.dump('dev-get', {})] == ['web']
workers = [w['worker'] for w in nl.dump('worker-get', {'name': 'vm7'})]
assert workers and [w['id'] for w in workers] == [*range(len(workers))], workers
nl.do('disconnect', {'name': 'vm7'})
assert not nl.dump('session-get', {})
PY
in_ns iohyp be <<'PY'
nl.do('dev-del', {'guest': 'vm7', 'dev': 'web'})
nl.do('guest-del', {'guest': 'vm7'})
nl.do('link-del', {'ifindex': socket.if_nametoindex('eth1')})
assert not nl.dump('guest-get', {}) and not nl.dump('link-get', {})
PY
sio_unload
