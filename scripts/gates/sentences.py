#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare the sentences the tools print with those of docs/troubleshooting.md.

Prints a finding per line, and on standard error how many sentences were found
in the sources. In the document a sentence is a line "- `sentence`", and what
varies is a word in capitals: GUEST, N, IFNAME. Below one or several of them
stands an indented paragraph with cause and cure. With --list prints all
sentences of the sources instead.
"""
import glob
import re
import sys

DOC = "docs/troubleshooting.md"
STRING = r'"(?:[^"\\\n]|\\.)*"'
# Name of a call: which argument is the format
CALLS = {
    "sio_refuse": 0, "sio_usage": 0, "sio_warn": 0,
    "NL_SET_ERR_MSG": 1, "NL_SET_ERR_MSG_FMT": 1,
    "NL_SET_ERR_MSG_ATTR": 2, "NL_SET_ERR_MSG_ATTR_FMT": 2,
    "sio_check_found": 3, "sio_scan_bad": 1, "sio_save_gap": 1,
    "fputs": 0, "fprintf": 1, "sio_safe_print": 1,
}
# Of these three only what "show" adds when something is not well
ADDED = re.compile(r"[;:] (?=.)")
C_FILES = ("proto/*.c", "backend/*.c", "frontend/*.c", "proto/user/*.c",
           "iohyp-tools/*.c", "guest-tools/*.c")
SHELL_FILES = ("proto/user/install",)
HOLE = "\0"


def without_comments(text):
    """The text with comments blanked, line numbers kept."""
    def blank(match):
        return match[1] or re.sub(r"[^\n]", " ", match[0])
    return re.sub(rf"({STRING})|/\*.*?\*/", blank, text, flags=re.S)


def arguments(text, at):
    """Those of the call whose '(' is before at, as texts."""
    args, depth, begin = [], 1, at
    while depth:
        string = re.compile(STRING).match(text, at)
        if string:
            at = string.end()
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
        if depth == 0 or depth == 1 and text[at] == ",":
            args.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return args


def literals(expr):
    """Texts an expression may be: strings, or one or the other of them."""
    expr = re.sub(rf"^.*?\?(?=\s*{STRING})", "", expr, flags=re.S)
    found = []
    for side in re.split(rf":(?=\s*{STRING})", expr):
        if not re.fullmatch(rf"(?:\s*{STRING})+\s*", side):
            return []
        text = "".join(s[1:-1] for s in re.findall(STRING, side))
        found.append(re.sub(r"\\(.)", r"\1", text))
    return found


def filled(fmt, args):
    """The format with what is known of its arguments, HOLE for the rest."""
    texts, args = [""], list(args)
    for part in re.split(r"(%%|%[-+ #0-9.*]*(?:hh|h|ll|l|z)?\w)", fmt):
        if part == "%%":
            more = ["%"]
        elif part.startswith("%"):
            more = literals(args.pop(0)) if args else []
            more = more or [HOLE]
            if more == ["", "s"]:
                more = ["s"]
        else:
            more = [part]
        texts = [text + m for text in texts for m in more]
    # a plural's s from a variable
    return [re.sub(rf"(?<=[a-z]){HOLE}(?![A-Za-z])", "s", t) for t in texts]


def is_sentence(text):
    """More than holes and a word: "%s: %s" only passes others' sentences on."""
    return len(re.findall(r"[A-Za-z]{2,}", text)) > 1


def from_calls(name, text):
    calls = re.compile(r"\b(" + "|".join(CALLS) + r")\s*\(")
    for match in calls.finditer(text):
        args = arguments(text, match.end())
        which = CALLS[match[1]]
        if len(args) <= which or "SIO_CHECK_OK" in args[1:2]:
            continue
        line = text.count("\n", 0, match.start()) + 1
        for fmt in literals(args[which]):
            for sentence in filled(fmt, args[which + 1:]):
                if match[1] in ("fputs", "fprintf", "sio_safe_print"):
                    if "out" not in args:
                        continue
                    added = ADDED.match(sentence)
                    if not added:
                        continue
                    sentence = sentence[added.end():]
                yield f"{name}:{line}", sentence


def from_tables(name, text):
    """Reasons of sessions, and rules of attributes."""
    for kind, which in ("why_text", 1), ("attr_rule", 0):
        for table in re.finditer(
                rf"struct sio_{kind} \w+(?:\[\])? = (\{{.*?\n\t?\}}|"
                rf"\{{.*?\}});", text, flags=re.S):
            for row in re.finditer(r"\{([^{}]*)\}", table[1]):
                words = re.findall(rf"{STRING}(?:\s+{STRING})*", row[1])
                if len(words) > which:
                    line = text.count("\n", 0, table.start() + row.start())
                    yield f"{name}:{line + 1}", literals(words[which])[0]


def from_defines(name, text):
    """Rules that both tools have: #define SIO_RULE_X "..." """
    joined = text.replace("\\\n", "  ")
    for match in re.finditer(
            rf"^#define SIO_RULE_\w+((?:\s+{STRING})+)", joined, flags=re.M):
        line = joined.count("\n", 0, match.start())
        line += text[:match.start()].count("\\\n") + 1
        yield f"{name}:{line}", literals(match[1].strip())[0]


def from_shell(name, text):
    """refuse and usage "..." "...", over lines that end in a backslash."""
    joined = text.replace("\\\n", "  ")
    for match in re.finditer(
            rf"(?<![\w#])(?:refuse|usage)((?:\s+{STRING})+)", joined):
        parts = re.findall(STRING, match[1])
        sentence = " ".join(p[1:-1] for p in parts).replace('\\"', '"')
        sentence = re.sub(r"\$\{?\w+\}?(?:/\$?\w+)*", HOLE, sentence)
        line = joined.count("\n", 0, match.start())
        line += text[:match.start()].count("\\\n") + 1
        yield f"{name}:{line}", sentence


def sentences():
    for pattern in C_FILES:
        for name in sorted(glob.glob(pattern)):
            with open(name, encoding="utf-8") as file:
                text = without_comments(file.read())
            yield from from_calls(name, text)
            yield from from_tables(name, text)
    for name in sorted(glob.glob("proto/user/*.h") +
                       glob.glob("*-tools/*.h")):
        with open(name, encoding="utf-8") as file:
            yield from from_defines(name, without_comments(file.read()))
    for name in SHELL_FILES:
        with open(name, encoding="utf-8") as file:
            yield from from_shell(name, file.read())


def readable(sentence):
    return sentence.replace(HOLE, "WORD")


def without_text(doc):
    """Groups of sentences with no paragraph of their own below."""
    for group in re.finditer(r"(?:^- `.*\n)+", doc, flags=re.M):
        if not re.match(r"\n+  \S", doc[group.end():]):
            line = doc.count("\n", 0, group.end())
            yield line, group[0].splitlines()[-1][2:]


def main():
    found = [(at, s) for at, s in sentences() if is_sentence(s)]
    if sys.argv[1:] == ["--list"]:
        for at, sentence in found:
            print(f"{at}: {readable(sentence)}")
        return
    with open(DOC, encoding="utf-8") as file:
        doc = file.read()
    lines = {m[2]: m[1] for m in re.finditer(
        r"^- (`+) ?(.*?) ?\1$", doc, flags=re.M)}
    used = set()
    for at, sentence in found:
        pattern = re.compile("[A-Z0-9][A-Z0-9_./-]*".join(
            re.escape(part) for part in sentence.split(HOLE)))
        hits = [line for line in lines if pattern.fullmatch(line)]
        used.update(hits)
        if not hits:
            print(f"{at}: {DOC} does not have: {readable(sentence)}")
    for line in lines:
        if line not in used:
            print(f"{DOC}: printed by no source any more: {line}")
    for line, sentence in without_text(doc):
        print(f"{DOC}:{line}: no cause and cure below: {sentence}")
    print(len(found), file=sys.stderr)


main()
