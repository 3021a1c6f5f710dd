#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hold the netlink specs in proto/uapi/ against headers, policies, commands.

usage: ynl.py YNL-FOLDER, which has the kernel's own schema and library. Prints
a line per difference, and how much was compared to standard error.
"""
import re
import sys
from pathlib import Path

ynl = Path(sys.argv[1])
sys.path.insert(0, str(ynl / 'lib'))
from nlspec import SpecFamily  # noqa: E402

UAPI = Path('proto/uapi/splitio')
# Names that policies use and that are no definitions of ours.
SIZES = {'ETH_ALEN': 6, 'IFNAMSIZ': 16}
TYPES = {'NLA_NUL_STRING': 'string', 'NLA_NESTED': 'nest'}
compared = 0


def same(where, what, spec, code):
    """A difference is a line; everything compared counts."""
    global compared
    compared += 1
    if spec != code:
        print(f'{where}: {what}: the spec has {spec}, the code {code}')


def find_numbers(text):
    """What it defines as a number, or as a quotient of two."""
    numbers = {name: int(value, 0) for name, value in
               re.findall(r'^#define (SIO_\w+)\s+(0x\w+|\d+)\b', text, re.M)}
    for name, upper, lower in re.findall(
            r'^#define (SIO_\w+)\s+\((SIO_\w+) / (SIO_\w+)\)$', text, re.M):
        if upper in numbers and lower in numbers:
            numbers[name] = numbers[upper] // numbers[lower]
    return numbers


def parse_header(text):
    """Its enums as {name: {constant: value}}, its numbers, its comments."""
    numbers, enums = find_numbers(text), {}
    for name, body in re.findall(r'^enum (\w+) \{(.*?)^\};', text,
                                 re.M | re.S):
        value, enums[name] = 0, {}
        for const, start in re.findall(r'^\t(SIO_\w+)(?: = (\d+))?,', body,
                                       re.M):
            value = int(start) if start else value
            enums[name][const] = numbers[const] = value
            value += 1
        end = re.search(r'^\t__(SIO_\w+_MAX)$', body, re.M)
        if end:
            numbers[end[1]] = value - 1
    docs = {name: ' '.join(doc.split()) for name, doc in
            re.findall(r'^ \* @(SIO_\w+): ([^@]*?)(?=^ \* @|^ \*/|^ \*$)',
                       text.replace('\n *\t', '\n '), re.M | re.S)}
    return enums, numbers, docs


def c_name(name):
    return name.upper().replace('-', '_')


def c_value(text, numbers):
    """A number, or a name, less a number."""
    def number(word):
        return int(word) if word.isdigit() else numbers[c_name(word)]

    parts = [number(part) for part in str(text).split(' - ')]
    return parts[0] - sum(parts[1:])


def code_policy(text, source, numbers):
    """What a policy entry says, as (type, checks); no checks if unknown."""
    text = ' '.join(text.split())
    macro = re.match(r'NLA_POLICY_(\w+)\((.*)\)$', text)
    if not macro:
        kind = re.search(r'\.type = (NLA_\w+)', text)[1]
        size = re.search(r'\.len = ([\w -]+?) ?[,}]', text)
        checks = {'max-len': c_value(size[1], numbers)} if size else {}
        return kind, checks
    args = [arg.strip() for arg in macro[2].split(',')]
    if macro[1] == 'EXACT_LEN':
        return 'NLA_BINARY', {'exact-len': c_value(args[0], numbers)}
    if macro[1] == 'VALIDATE_FN':
        return args[0], None
    if macro[1] == 'FULL_RANGE':
        limits = re.search(r'\b' + args[1].lstrip('&') + r' = \{(.*?)\}',
                           source, re.S)[1]
        limits = dict(re.findall(r'\.(min|max) = (\w+)', limits))
    else:
        names = {'MIN': ['min'], 'MAX': ['max'], 'MASK': ['flags-mask'],
                 'RANGE': ['min', 'max']}[macro[1]]
        limits = dict(zip(names, args[1:]))
    end = '-len' if args[0] == 'NLA_BINARY' else ''
    return args[0], {name + end: c_value(value, numbers)
                     for name, value in limits.items()}


def find_policies(source, numbers):
    """All policies in the source, {attribute: (type, checks)}."""
    found = {}
    for body in re.findall(r'struct nla_policy \w+\[.*?\] = \{(.*?)^\};',
                           source, re.M | re.S):
        for attr, text in re.findall(r'^\t\[(SIO_\w+)\]\s*= (.*?),$'
                                     r'(?=\s*^\t\[|\s*\Z)', body,
                                     re.M | re.S):
            kind, checks = code_policy(text, source, numbers)
            kind = TYPES.get(kind, kind[len('NLA_'):].lower())
            found[attr] = kind, checks
    return found


def find_ops(source):
    """All operations, {command: (do, dump, flags)}."""
    found = {}
    for body in re.findall(r'struct genl_small_ops \w+\[\] = \{(.*?)^\};',
                           source, re.M | re.S):
        for op in re.split(r'^\t\}', body, flags=re.M):
            cmd = re.search(r'\.cmd\s*= (SIO_\w+)', op)
            if cmd:
                flags = re.search(r'\.flags\s*= (\w+)', op)
                found[cmd[1]] = ('.doit' in op, '.dumpit' in op,
                                 flags[1] if flags else None)
    return found


def compare_enum(spec_file, name, entries, enums):
    """Names and values, the last one included. entries: {name: value}."""
    code = enums.get(name)
    if code is None:
        same(spec_file, name, 'an enum', None)
        return
    first = next(iter(code))
    prefix = first[:len(first) - len(next(iter(entries)))]
    mine = {prefix + entry: value for entry, value in entries.items()}
    for const in {**mine, **code}:
        same(spec_file, const, mine.get(const), code.get(const))


def compare_attr(spec_file, const, attr, docs, sets):
    """The type, in the words of the header's comment."""
    words = docs.get(const, '')
    kind = 'padding' if attr.type == 'pad' else attr.type
    same(spec_file, f'type of {const}', kind,
         re.match(r'\w*', words)[0])
    enum = re.search(r'\benum (sio_\w+)', words)
    if attr.type == 'nest':
        same(spec_file, f'nest in {const}',
             sets[attr['nested-attributes']].yaml['enum-name'], enum and enum[1])
    elif 'enum' in attr and not attr.get('enum-as-flags'):
        same(spec_file, f'enum of {const}',
             attr['enum'].replace('-', '_'), enum and enum[1])


def compare(spec_file, header, source):
    spec = SpecFamily(str(spec_file), str(ynl / 'genetlink.yaml'))
    enums, numbers, docs = parse_header((UAPI / 'core.h').read_text()
                                        + header.read_text())
    end = c_name(header.stem)
    policies = find_policies(source, {**find_numbers(source), **numbers,
                                      **SIZES})
    ops = find_ops(source)

    text = header.read_text()
    same(spec_file, 'name of the family', spec.name,
         re.search(rf'SIO_{end}_GENL_NAME\s+"(\w+)"', text)[1])
    same(spec_file, 'version, which genetlink specs cannot change', 1,
         numbers[f'SIO_{end}_GENL_VERSION'])
    for const in spec['definitions']:
        if const['type'] == 'const':
            same(spec_file, const['name'], const['value'],
                 numbers.get(c_name(const['name'])))
        elif const['type'] == 'flags':
            for bit in spec.consts[const['name']].entries.values():
                name = c_name(f"{const['name']}-{bit.name}")
                same(spec_file, name, bit.user_value(), numbers.get(name))
        else:
            entries = spec.consts[const['name']].entries.values()
            compare_enum(spec_file, const['name'].replace('-', '_'),
                         {c_name(e.name): e.value for e in entries}, enums)

    for attrs in spec.attr_sets.values():
        prefix = c_name(attrs.yaml['name-prefix'])
        compare_enum(spec_file, attrs.yaml['enum-name'],
                     {c_name(attr.name): attr.value
                      for attr in attrs.attrs.values()}, enums)
        for attr in attrs.attrs.values():
            compare_attr(spec_file, prefix + c_name(attr.name), attr, docs,
                         spec.attr_sets)

    # What a request may hold, a policy must know, and nothing else.
    asked = {c_name(spec.attr_sets[op['attribute-set']].yaml['name-prefix'] + name)
             for op in spec.msgs.values() for mode in ('do', 'dump')
             for name in op.get(mode, {}).get('request',
                                              {}).get('attributes', [])}
    fault = spec.attr_sets['fault']
    asked |= {c_name(fault.yaml['name-prefix'] + name) for name in fault}
    for const in asked | set(policies):
        same(spec_file, f'{const} in a request', const in asked,
             const in policies)
    for attrs in spec.attr_sets.values():
        for attr in attrs.attrs.values():
            const = c_name(attrs.yaml['name-prefix'] + attr.name)
            if const not in policies:
                continue
            kind, checks = policies[const]
            same(spec_file, f'type of {const} in the policy', attr.type, kind)
            if checks is not None:
                same(spec_file, f'checks of {const} in the policy',
                     {name: spec.consts[value].get_mask()
                            if name == 'flags-mask' else
                            c_value(value, {**numbers, **SIZES})
                      for name, value in attr.get('checks', {}).items()},
                     checks)

    prefix = c_name(spec['operations']['name-prefix'])
    compare_enum(spec_file, spec['operations']['enum-name'],
                 {c_name(msg.name): msg.value
                  for msg in spec.msgs.values()}, enums)
    mine = {prefix + c_name(op.name):
            ('do' in op, 'dump' in op,
             'GENL_ADMIN_PERM' if 'admin-perm' in op.get('flags', []) else None)
            for op in spec.msgs.values() if 'event' not in op}
    for cmd in {**mine, **ops}:
        same(spec_file, f'{cmd}: do, dump, flags', mine.get(cmd),
             ops.get(cmd))
    same(spec_file, 'multicast groups', list(spec.mcast_groups),
         [re.search(r'SIO_EVENTS_GROUP\s+"(\w+)"',
                    (UAPI / 'core.h').read_text())[1]])


for folder in ('backend', 'frontend'):
    header = UAPI / {'backend': 'be.h', 'frontend': 'fe.h'}[folder]
    files = [*sorted(Path(folder).glob('*.[ch]')), Path('proto/fault.c'),
             Path('proto/slot.h')]
    compare(header.with_suffix('.yaml'), header,
            '\n'.join(file.read_text() for file in files))
print(compared, file=sys.stderr)
