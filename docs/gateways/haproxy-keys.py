#!/usr/bin/env python3
"""Writes the keys that sign Postern's access tokens as HAProxy reads them: 1.pem, 2.pem and 3.pem.

    haproxy-keys.py http://127.0.0.1:7420/.well-known/jwks.json /etc/postern/keys && systemctl reload haproxy

Run it every five minutes (a systemd timer, cron): Postern shows the next key at least fifteen minutes before it signs with
it. It ends with 0 when a key has changed, with 3 when none has (nothing to reload), and with 1, leaving the old files as
they are, when it could not read the keys. Needs nothing but Python 3.
"""
import base64
import json
import os
import sys
import textwrap
import urllib.request

SLOTS = 3
# What comes before the point in the DER form of every P-256 public key (RFC 5480).
PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def coordinate(text):
    octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(octets) != 32:
        raise ValueError("a coordinate of P-256 has 32 octets")
    return octets


def pem(key):
    der = PREFIX + b"\x04" + coordinate(key["x"]) + coordinate(key["y"])
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def write(path, text):
    """Whole or not at all: HAProxy may be reading."""
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(text)
    os.replace(path + ".new", path)


def read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main(address, folder):
    with urllib.request.urlopen(address, timeout=10) as answer:
        keys = json.load(answer)["keys"]
    found = [pem(key) for key in keys if key.get("kty") == "EC" and key.get("crv") == "P-256"]
    if not 0 < len(found) <= SLOTS:
        raise ValueError(f"{len(found)} keys for access tokens, and room for 1 to {SLOTS}")
    # HAProxy does not start without each file that it names.
    wanted = found + found[:1] * (SLOTS - len(found))
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, f"{number}.pem") for number in range(1, SLOTS + 1)]
    if [read(path) for path in paths] == wanted:
        return 3
    for path, text in zip(paths, wanted):
        write(path, text)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("haproxy-keys.py <address of the key set> <folder>")
    try:
        sys.exit(main(sys.argv[1], sys.argv[2]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"haproxy-keys.py: {error}")
