#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Compute the values kunit/noise_kunit.c and seal_kunit.c expect.

Uses python3-dissononce, python3-cryptography and hashlib, none of which knows
this project. Without arguments: print them. With file names: exit with 1 if
one of the values is in none of these files.
"""
import hashlib
import hmac
import re
import sys

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from dissononce.cipher.chachapoly import ChaChaPolyCipher
from dissononce.dh.keypair import KeyPair
from dissononce.dh.x25519.private import PrivateKey
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.hash.blake2s import Blake2sHash
from dissononce.processing.handshakepatterns.interactive.NN import (
    NNHandshakePattern)
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState
from dissononce.processing.modifiers.psk import PSKPatternModifier


class FixedDH(X25519DH):
    """X25519 whose only key pair is known beforehand."""

    def __init__(self, private):
        super().__init__()
        self._private = private

    def generate_keypair(self, privatekey=None):
        return super().generate_keypair(PrivateKey(self._private))


def ramp(start, count):
    return bytes((start + i) & 0xff for i in range(count))


def noise(initiator, private, prologue):
    symmetric = SymmetricState(CipherState(ChaChaPolyCipher()), Blake2sHash())
    state = HandshakeState(symmetric, FixedDH(private))
    pattern = PSKPatternModifier(0).modify(NNHandshakePattern())
    state.initialize(pattern, initiator, prologue, psks=(ramp(0xa0, 32),))
    return state, symmetric


def ck_of(symmetric):
    for name, value in vars(symmetric).items():
        if name.endswith('_ck'):
            return bytes(value)
    raise SystemExit('this dissononce keeps its chaining key elsewhere')


def handshake():
    prologue = ramp(0x10, 56)
    guest, guest_sym = noise(True, ramp(0x20, 32), prologue)
    backend, backend_sym = noise(False, ramp(0x60, 32), prologue)
    msg1, msg2, got = bytearray(), bytearray(), bytearray()

    guest.write_message(ramp(0x30, 72), msg1)
    backend.read_message(bytes(msg1), got)
    assert got == ramp(0x30, 72)
    tx, rx = backend.write_message(ramp(0x90, 72), msg2)
    got = bytearray()
    guest.read_message(bytes(msg2), got)
    assert got == ramp(0x90, 72)
    ck = ck_of(guest_sym)
    assert ck == ck_of(backend_sym)
    temp = hmac.new(ck, b'splitio join', hashlib.blake2s).digest()
    join = hmac.new(temp, b'\x01', hashlib.blake2s).digest()
    yield 'msg1', msg1
    yield 'msg2', msg2
    yield 'guest to back-end', tx._key
    yield 'back-end to guest', rx._key
    yield 'join', join


def seal():
    key, offset, body = ramp(0, 32), 0x0102030405060708, ramp(0x80, 37)
    head = bytes([1, 32, 1, 64]) + (64 + len(body)).to_bytes(4, 'little')
    head += offset.to_bytes(8, 'little') + ramp(1, 20) + bytes([1, 1, 0, 0])
    head += bytes(4 + 16 + 4)
    assert len(head) == 64
    nonce = bytes(4) + offset.to_bytes(8, 'little')
    sealed = ChaCha20Poly1305(key).encrypt(nonce, body, head)
    yield 'sealed body', sealed[:-16]
    yield 'tag', sealed[-16:]


def join():
    key, guest, backend = ramp(0, 32), ramp(0x40, 32), ramp(0xc0, 32)
    for label in b'splitio flow gu\0', b'splitio flow be\0':
        made = hashlib.blake2s(label + guest + backend, key=key)
        yield label[:-1].decode(), made.digest()
    head = b'guest-1'.ljust(32, b'\0')
    head += (9).to_bytes(4, 'little') + (3).to_bytes(2, 'little') + bytes(2)
    for name, text in (('mac of JOIN', head + guest),
                       ('mac of JOIN_ACK', head + backend + guest)):
        made = hashlib.blake2s(text, key=key, digest_size=16)
        yield name, made.digest()


def main(files):
    text = ''
    for file in files:
        with open(file, encoding='ascii') as stream:
            text += re.sub(r'"\s*"', '', stream.read())
    missing = 0
    for make in handshake, seal, join:
        for name, value in make():
            if not files:
                print(f'{name}: {bytes(value).hex()}')
            elif bytes(value).hex() not in text:
                print(f'{make.__name__}: {name} is in none of the files')
                missing += 1
    return 1 if missing else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
