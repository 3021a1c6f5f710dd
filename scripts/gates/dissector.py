#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare the tables of scripts/wireshark/splitio.lua with proto/wire.h.

Prints a finding per line on standard output, and on standard error how many
members and numbers were compared. Both are read as text: the dissector is one
file that anybody can copy, so it cannot include the header.
"""
import re
import sys

HEADER, CORE = "proto/wire.h", "proto/uapi/splitio/core.h"
LUA = "scripts/wireshark/splitio.lua"
SIZES = {"__u8": 1, "__le16": 2, "__le32": 4, "__le64": 8}

# Tables of the dissector that are sets of #defines: their common prefix
DEFINES = {
    "sio_msg_flags": "SIO_MSG_F_",
    "sio_rec_flags": "SIO_REC_F_",
    "sio_dev_flags": "SIO_DEV_F_",
    "sio_nic_flags": "SIO_NIC_F_",
    "sio_blk_flags": "SIO_BLK_F_",
    "sio_blk_req_flags": "SIO_BLK_REQ_F_",
    "sio_feat": "SIO_FEAT_",
    "sio_nic_offloads": "SIO_NIC_",
}
# What such a prefix also matches, and is no bit of that set
NOT_BITS = re.compile(r"^(ALL|OURS|REQUIRED|\w+_MAX|F_\w+)$")
# Enums of the dissector: the prefix of their members in C
ENUMS = {
    "sio_msg_type": "SIO_MSG_",
    "sio_rec_type": "SIO_REC_",
    "sio_suite": "SIO_SUITE_",
    "sio_refuse": "SIO_REFUSE_",
    "sio_ctl_op": "SIO_CTL_",
    "sio_blk_op": "SIO_BLK_",
    "sio_blk_status": "SIO_BLK_S_",
}
# Inside Noise, so that no capture shows it; counted where it is used
UNSEEN = {"sio_hello_info"}
# Single numbers: name in Lua, name in C
NUMBERS = ["SIO_PROTO_VERSION", "SIO_WINDOW_HI", "SIO_REC_ALIGN",
           "SIO_DH_LEN", "SIO_TAG_LEN", "SIO_MAC_LEN", "SIO_MSG_LEN_MAX"]


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def read_defines(text):
    """Every #define whose value is made of numbers and other #defines."""
    raw = dict(re.findall(r"^#define[ \t]+(SIO_\w+)[ \t]+([^\n]+)$",
                          text.replace("\\\n", " "), flags=re.M))
    known = {}

    def value(name):
        if name not in known:
            expr = re.sub(r"BIT_ULL\((\d+)\)", r"(1 << \1)", raw[name])
            expr = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)U?L*\b", r"\1", expr)
            expr = re.sub(r"\bSIO_\w+", lambda m: str(value(m[0])), expr)
            if not re.fullmatch(r"[\s\dxa-fA-F()<+*|-]+", expr):
                raise ValueError(name)
            known[name] = eval(expr)  # digits and operators only
        return known[name]

    for name in raw:
        try:
            value(name)
        except (KeyError, ValueError):
            pass
    return known


def read_enums(text):
    enums = {}
    for name, body in re.findall(r"\benum (sio_\w+) \{(.*?)\}", text,
                                 flags=re.S):
        enums[name] = {key: int(number, 0) for key, number in
                       re.findall(r"(SIO_\w+)\s*=\s*(\w+)", body)
                       if not key.endswith("_NR")}
    return enums


def read_structs(text, defines):
    """name -> [(member, bytes)], those of inner structs by their name."""
    structs = {}
    for name, body in re.findall(r"\bstruct (sio_\w+) \{(.*?)\};", text,
                                 flags=re.S):
        members = []
        for kind, member, count in re.findall(
                r"(struct sio_\w+|__\w+)\s+(\w+)(?:\[(\w+)\])?;", body):
            if kind in SIZES:
                n = 1
                if count:
                    n = int(count) if count.isdigit() else defines[count]
                members.append((member, SIZES[kind] * n))
            else:
                members.append((member, kind.split()[1]))
        structs[name] = members
    return structs


def read_lua(text):
    """Tables of numbers, structs, and single numbers of the dissector."""
    tables = {}
    for name, body in re.findall(r"^local (\w+) = \{\s(.*?)\}$", text,
                                 flags=re.S | re.M):
        pairs = re.findall(r"(\w+) = (0x[0-9a-f]+|\d+)\b", body)
        tables[name] = {key: int(number, 0) for key, number in pairs}
    names, structs = {}, {}
    for var, name, body in re.findall(
            r"^local (\w+) = struct\(\"[\w.]*\", \{ -- struct (\w+)\n"
            r"(.*?)^\}\)", text, flags=re.S | re.M):
        names[var] = name
        structs[name] = [
            (member, int(size) if size.isdigit() else names[size])
            for member, size in re.findall(r"\{ \"(\w+)\", (\w+)", body)]
    numbers = {name: int(value, 0) for name, value in
               re.findall(r"^local (SIO_\w+) = (\w+)$", text, flags=re.M)}
    return tables, structs, numbers


def main():
    with open(HEADER, encoding="utf-8") as file:
        header = without_comments(file.read())
    with open(CORE, encoding="utf-8") as file:
        defines = read_defines(without_comments(file.read()) + header)
    with open(LUA, encoding="utf-8") as file:
        tables, lua_structs, numbers = read_lua(file.read())
    enums = read_enums(header)
    n = 0

    def compare(what, ours, theirs):
        nonlocal n
        n += len(theirs)
        for key in sorted(set(ours) | set(theirs)):
            if ours.get(key) != theirs.get(key):
                print(f"{LUA}: {what} {key} is {ours.get(key)}, "
                      f"in {HEADER} {theirs.get(key)}")

    for table, prefix in ENUMS.items():
        compare(f"enum {table}", tables.get(table, {}),
                {key[len(prefix):]: value
                 for key, value in enums[table].items()})
    for table in sorted(set(enums) - set(ENUMS)):
        print(f"{HEADER}: enum {table} is not in {LUA}")
    for table, prefix in DEFINES.items():
        theirs = {key[len(prefix):]: value for key, value in defines.items()
                  if key.startswith(prefix) and
                  not NOT_BITS.search(key[len(prefix):])}
        compare(table, tables.get(table, {}), theirs)
    compare("number", {k: v for k, v in numbers.items() if k in NUMBERS},
            {k: defines[k] for k in NUMBERS})
    theirs = read_structs(header, defines)
    for name, members in theirs.items():
        if name in UNSEEN:
            continue
        if name not in lua_structs:
            print(f"{HEADER}: struct {name} is not in {LUA}")
            continue
        n += len(members)
        for at, pair in enumerate(zip_all(lua_structs[name], members)):
            if pair[0] != pair[1]:
                print(f"{LUA}: struct {name}, member {at + 1} is {pair[0]}, "
                      f"in {HEADER} {pair[1]}")
    for name in sorted(set(lua_structs) - set(theirs)):
        print(f"{LUA}: struct {name} is not in {HEADER}")
    print(n, file=sys.stderr)


def zip_all(ours, theirs):
    """As many pairs as the longer list has."""
    n = max(len(ours), len(theirs))
    return zip(ours + [None] * (n - len(ours)),
               theirs + [None] * (n - len(theirs)))


main()
