#!/usr/bin/env python3
"""Verifies a portvakt event log, with nothing but Python's standard library.

    python3 verify.py DIR [--key KEY]... [--anchor NOTE] [--quick]
    python3 verify.py --proof FILE --key KEY

DIR is the log's folder or the data directory it is in. KEY is a verifier key that `portvaktd init` printed, or a file with
both. Without --key the log's own file is taken, which pins nothing. --quick checks the signatures of the newest checkpoint
and of every epoch, not the records. Exit code: 0 verified, 6 not, 2 wrong use.

The octets are drawn in event-log-format.md; the signatures are Ed25519 (RFC 8032), the tree is RFC 6962's.
"""

import argparse
import base64
import datetime
import hashlib
import os
import struct
import sys

NEWLINE_ED25519 = b"\n\1"
HEAD, FRAME, RECORD_MAX, SEAL, SEALS_AT, OVERLAP_US = 4096, 12, 8192, 160, 512, 10_000_000
JOURNAL_MAX, REMNANT = 1 << 26, 255
CLASSES = ["passage", "door", "reader", "administration", "reading", "system"]
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000


class Bad(Exception):
    """The first bad point."""


# --- Ed25519, RFC 8032, 5.1: verification only -----------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def point_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_mul(s, p):
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = point_add(q, p)
        p, s = point_add(p, p), s >> 1
    return q


def point_read(octets):
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, text, signature):
    a, r, s = point_read(public), point_read(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    if any(point_mul(8, point)[0] == 0 for point in (a, r)):
        return False  # a point of small order, as a strict verifier wants
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    left, right = point_mul(s, BASE), point_add(r, point_mul(k, a))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


# --- CRC-32C (RFC 3720), and the tree of RFC 6962 --------------------------------------------------------------------

CRC_TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    CRC_TABLE.append(byte)


def crc32c(octets):
    crc, table = 0xFFFFFFFF, CRC_TABLE
    for octet in octets:
        crc = table[(crc ^ octet) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def sha(octets):
    return hashlib.sha256(octets).digest()


class Tree:
    """The roots of the complete subtrees, largest first."""

    def __init__(self, size=0, frontier=()):
        self.size, self.frontier = size, list(frontier)

    def push(self, leaf):
        size = self.size
        while size & 1:
            leaf, size = sha(b"\1" + self.frontier.pop() + leaf), size >> 1
        self.frontier.append(leaf)
        self.size += 1

    def root(self):
        if not self.frontier:
            return sha(b"")
        root = self.frontier[-1]
        for left in self.frontier[-2::-1]:
            root = sha(b"\1" + left + root)
        return root


# --- Signed notes, C2SP -----------------------------------------------------------------------------------------------


class Key:
    def __init__(self, text):
        try:
            self.name, key_id, key = text.strip().split("+", 2)
            octets = base64.b64decode(key, validate=True)
        except ValueError:
            raise Bad(f"no verifier key: {text!r}") from None
        self.public, self.id = octets[1:], sha(self.name.encode() + b"\n" + octets)[:4]
        if octets[:1] != b"\1" or len(octets) != 33 or self.id.hex() != key_id:
            raise Bad(f"the verifier key of {self.name!r} is damaged; copy it again, whole")


def note_text(note, key, file):
    """The text of a note, if the holder of the key signed it."""
    text, found, lines = note.rpartition("\n\n")
    if not found:
        raise Bad(f"{file}: no signed note")
    text += "\n"
    for line in lines.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, signature = rest.rpartition(" ")
        octets = base64.b64decode(signature)
        if mark == "—" and name == key.name and octets[:4] == key.id:
            if signed(key.public, text.encode(), octets[4:]):
                return text
            raise Bad(f"{file}: the signature is wrong")
    raise Bad(f"{file}: not signed by the key {key.name}")


class Checkpoint:
    def __init__(self, text, file, signatures=()):
        try:
            self.text, self.lines, lines = text, signatures, text.split("\n")
            self.origin, self.size, self.root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
            marks = dict(line.split(" ", 1) for line in lines[3:] if " " in line)
            self.time, self.epoch = int(marks["time_us"]), int(marks["epoch"]) if "epoch" in marks else None
        except (ValueError, IndexError, KeyError):
            raise Bad(f"{file}: no checkpoint") from None


def checkpoint_of(note, key, file):
    checkpoint = Checkpoint(note_text(note, key, file), file, note.rpartition("\n\n")[2].splitlines())
    if checkpoint.origin != key.name:
        raise Bad(f"{file}: of the log {checkpoint.origin!r}, the key is of {key.name!r}")
    return checkpoint


# --- Epochs -----------------------------------------------------------------------------------------------------------


class Seals:
    """Every seal, its signature checked against the key that the one before named."""

    def __init__(self, folder, checkpoint, pinned, anchor=None):
        self.met_anchor = False
        self.rows, self.origin, self.instance, self.torn = [], checkpoint.origin, None, 0
        path = os.path.join(folder, "seals")
        if not os.path.exists(path):
            if pinned or checkpoint.epoch is not None:
                raise Bad("seals: the file is missing, and the log has epochs")
            return
        with open(path, "rb") as file:
            head, body = file.read(SEALS_AT), file.read()
        length = struct.unpack_from("<H", head, 10)[0] if len(head) == SEALS_AT else 0
        whole = head[:8] == b"PVKTEPOC" and crc32c(head[:508]) == struct.unpack_from("<I", head, 508)[0]
        if not whole or head[64 : 64 + length].decode() != self.origin:
            raise Bad("seals: not the seals of this log")
        self.instance, key = head[16:32], head[32:64]
        if pinned and (pinned.public != key or pinned.name != self.origin + "/epoch"):
            raise Bad("seals: epoch 0 has another key than the one given: the log was begun anew")
        for number in range(len(body) // SEAL):
            octets = body[number * SEAL : (number + 1) * SEAL]
            epoch, size, root, time = struct.unpack_from("<QQ32sq", octets)
            if crc32c(octets[:156]) != struct.unpack_from("<I", octets, 156)[0] or epoch != number:
                if number + 1 == len(body) // SEAL:
                    break  # never acknowledged
                raise Bad(f"seals: epoch {number} is damaged")
            following, signature = octets[56:88], octets[88:152]
            text = f"{self.origin}\n{size}\n{b64(root)}\ntime_us {time}\nepoch {epoch}\nnext {b64(following)}\n"
            if not signed(key, text.encode(), signature):
                raise Bad(f"seals: epoch {number} is not signed by the key that the one before named")
            if self.rows and (size < self.rows[-1][0] or time < self.rows[-1][2]):
                raise Bad(f"seals: epoch {number} steps back")
            if epoch == checkpoint.epoch:
                name = self.origin + "/epoch"
                line = f"— {name} {b64(sha(name.encode() + NEWLINE_ED25519 + key)[:4] + signature)}"
                if text != checkpoint.text or line not in checkpoint.lines:
                    raise Bad(f"seals: epoch {number} is not the one the checkpoint was signed for")
            if anchor and epoch == anchor.epoch:
                if text != anchor.text:
                    raise Bad(f"seals: epoch {number} is not the one the anchor was signed for: the log was changed")
                self.met_anchor = True
            self.rows.append((size, root, time))
            key = following
            show(f"epoch {number}", number % 200 == 0)
        self.torn = len(body) - SEAL * len(self.rows)  # of a seal that was never acknowledged
        if checkpoint.epoch is not None and checkpoint.epoch >= len(self.rows):
            raise Bad("seals: the epoch that the checkpoint names is missing")


def b64(octets):
    return base64.b64encode(octets).decode()


# --- What may have left the log, and what must have -------------------------------------------------------------------


def two_years_after(time):
    try:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=time)
        try:
            moment = moment.replace(year=moment.year + 2)
        except ValueError:  # a 29th of February
            moment = datetime.datetime(moment.year + 2, 3, 1)
    except (OverflowError, ValueError):
        return 1 << 63
    return (moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)


def policy_of(folder, key):
    """For how long each class is kept, None for two years, else days; and since when."""
    path = os.path.join(folder, "retention")
    if not os.path.exists(path):
        return [None] * len(CLASSES), None
    lines, keep = note_text(read_text(path), key, "retention").split("\n"), []
    try:
        if lines[0] != key.name + "/retention" or not lines[1].startswith("time_us ") or len(lines) != len(CLASSES) + 3:
            raise ValueError
        for place, (name, line) in enumerate(zip(CLASSES, lines[2:])):
            named, _, length = line.partition(" ")
            days = None if length == "2y" else int(length.removesuffix("d"))
            if named != name or days is not None and (place > 2 or not 1 <= days <= 730 or length != f"{days}d"):
                raise ValueError
            keep.append(days)
        return keep, int(lines[1][8:])
    except ValueError:
        raise Bad("retention: no policy of this log") from None


def former_of(folder, key):
    """What a restored log goes on from: the last checkpoint of the log before, by the same key under its name."""
    name, _, life = key.name.rpartition("/")
    restored, path = life.isdigit() and life == str(int(life)) and int(life) > 1, os.path.join(folder, "former")
    if not os.path.exists(path):
        if restored:
            raise Bad("former: it is missing, and the origin says that the log was restored")
        return None
    if not restored:
        raise Bad("former: the origin is that of a log which was never restored")
    before = name if life == "2" else f"{name}/{int(life) - 1}"
    octets = b"\1" + key.public
    former = Key(f"{before}+{sha(before.encode() + NEWLINE_ED25519 + key.public)[:4].hex()}+{b64(octets)}")
    return checkpoint_of(read_text(path), former, "former")


class Kept:
    """How far seals and policy let the log begin late, and make it; judged at the newest seal's time."""

    def __init__(self, rows, policy):
        self.rows, (keep, since) = rows, policy
        newest = rows[-1][2] if rows else -(1 << 63)
        self.keep = keep if since is None or since + HOUR_US <= newest else [None] * len(CLASSES)
        self.begin_max, self.removed = self.cut(None, 0), self.cut(None, DAY_US + HOUR_US)
        two_years = self.cut(None, HOUR_US)
        self.overwritten = [two_years if days is None else max(two_years, self.cut(days, HOUR_US)) for days in self.keep]

    def cut(self, days, grace):
        """Records under the newest seal that is so old; of a step from one seal to the next seven days count at most."""
        excess = 0
        for number in range(len(self.rows) - 2, -1, -1):
            size, _, time = self.rows[number]
            excess += max(0, self.rows[number + 1][2] - time - 7 * DAY_US)
            until = two_years_after(time) if days is None else time + days * DAY_US
            if until + grace + excess <= self.rows[-1][2]:
                return size
        return 0

    def begin(self, first):
        if first > self.begin_max:
            raise Bad(
                f"record {first}: the log begins here, and by its seals only records before {self.begin_max} are two years old"
            )

    def follow(self, segment, first):
        if self.removed and first <= self.removed:
            raise Bad(f"over-retention: the records before {first} are more than two years old, segment {segment} is still there")

    def record(self, index, header, scrubbed):
        if index < self.overwritten[header[0] - 1] and scrubbed < header[14]:
            keep = self.keep[header[0] - 1]
            keep = "2y" if keep is None else f"{keep}d"
            raise Bad(f"record {index}: over-retention: events of class {CLASSES[header[0] - 1]} are kept for {keep}")


# --- Segments and records ---------------------------------------------------------------------------------------------


def read_head(path, number):
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if len(head) < HEAD or head[:8] != b"PVKTSEG1" or crc32c(head[:4092]) != struct.unpack_from("<I", head, 4092)[0]:
        raise Bad(f"segment {number}: its head is damaged")
    version, origin_len, segment, first = struct.unpack_from("<HHIQ", head, 8)
    if version != 1 or segment != number:
        raise Bad(f"segment {number}: another format, or another segment")
    hashes = [head[48 + 32 * at : 80 + 32 * at] for at in range(head[40])]
    if len(hashes) != bin(first).count("1"):
        raise Bad(f"segment {number}: its head contradicts itself")
    flush = struct.unpack_from("<I", head, 44)[0]
    return first, (head[24:40], head[2096 : 2096 + origin_len].decode()), hashes, flush


def record_at(octets, at, segment, index, checked=True):
    """Header and parts of the record here: (end, flush, last, header, parts), or None."""
    if at + FRAME > len(octets):
        return None
    length, scrubbed, version, flush, check = struct.unpack_from("<HBBII", octets, at)
    record = octets[at + FRAME : at + FRAME + length]
    if version & 0x7F != 1 or length < 16 or len(record) < length or length > RECORD_MAX - FRAME:
        return None
    if checked and crc32c(struct.pack("<IQ", segment, index) + octets[at : at + 8] + record) != check:
        return None
    count = record[14]
    header = record[: 15 + count]
    if not 1 <= count <= 7 or len(header) + 16 * sum(header[15:]) != length or scrubbed >> count:
        return None
    if not 1 <= header[0] <= 6 or header[1] > 7 or min(header[15:]) < 2:
        return None
    parts, start = [], len(header)
    for number, unit in enumerate(header[15:]):
        parts.append((record[start : start + 16 * unit], scrubbed >> number & 1))
        start += 16 * unit
    return at + FRAME + length, flush, version >> 7, header, parts


def leaf_of(header, parts, index):
    hashes = []
    for part, is_scrubbed in parts:
        if is_scrubbed and any(part[32:]):
            raise Bad(f"record {index}: something is hidden behind a part that was erased")
        hashes.append(part[:32] if is_scrubbed else sha(part))
    return sha(b"\0" + header + b"".join(hashes))


def erasure_under_way(folder):
    """The journal of a person who is being erased: for each record the parts that become their hash, {} without one."""
    path, targets = os.path.join(folder, "scrub"), {}
    if not os.path.exists(path):
        return targets
    with open(path, "rb") as file:
        octets = file.read(JOURNAL_MAX)
    count = struct.unpack_from("<I", octets, 12)[0] if len(octets) >= 20 else 0
    whole = octets[:10] == b"PVKTSCRB\1\0" and len(octets) == 20 + 56 * count
    if not whole or crc32c(octets[:-4]) != struct.unpack_from("<I", octets, 16 + 56 * count)[0]:
        raise Bad("scrub: this is no journal of an erasure")
    for index, _, _, part, zero, digest in struct.iter_unpack("<QQIB3s32s", octets[16:-4]):
        if any(zero):
            raise Bad("scrub: this is no journal of an erasure")
        if part != REMNANT:
            targets.setdefault(index, []).append((part, digest))
    return targets


class Audit:
    def __init__(self, checkpoint, anchor, seals, kept, erasure):
        self.tree, self.run, self.log, self.first, self.before = None, 0, None, 0, 0
        self.kept, self.met_anchor = kept, seals.met_anchor
        self.rows, self.next, self.instance = seals.rows, 0, seals.instance
        self.expected = [(checkpoint.size, checkpoint.root, "the newest checkpoint")]
        if anchor:
            self.expected.append((anchor.size, anchor.root, "the anchor"))
        self.erasure, self.torn, self.scrubbed = erasure, 0, 0

    def segment(self, path, number, until):
        first, log, frontier, flush = read_head(path, number)
        if self.tree is None:
            self.kept.begin(first)
            self.tree, self.log, self.first = Tree(first, frontier), log, first
            self.check()
        else:
            self.kept.follow(self.before, first)
        self.before = number
        if log != self.log or self.instance not in (None, log[0]):
            raise Bad(f"segment {number}: it belongs to another log")
        if (first, frontier) != (self.tree.size, self.tree.frontier):
            raise Bad(f"segment {number}: it does not continue what stands before it")
        with open(path, "rb") as file:
            octets = file.read()
        at = HEAD
        while self.tree.size != until:
            found = record_at(octets, at, number, self.tree.size) or self.half_erased(octets, at, number)
            if found is None:
                if until is not None:
                    raise Bad(f"record {self.tree.size}: damaged (segment {number}, octet {at})")
                self.end(octets, at, number, flush)
                return
            end, batch, last, header, parts = found
            self.enter(header, parts)
            at, flush = end, batch + last & 0xFFFFFFFF

    def half_erased(self, octets, at, segment):
        """A record in the middle of its erasure, as it will be then. The tree says whether it is the one."""
        targets = self.erasure.get(self.tree.size)
        found = targets and record_at(octets, at, segment, self.tree.size, checked=False)
        if not found:
            return None
        parts = found[4]
        for part, digest in targets:
            if part >= len(parts):
                return None
            parts[part] = (digest + bytes(len(parts[part][0]) - 32), 1)
        return found

    def enter(self, header, parts):
        index = self.tree.size
        time, run = struct.unpack_from("<qI", header, 2)
        if run < self.run:
            raise Bad(f"record {index}: its run {run} is before the run {self.run}")
        if self.next < len(self.rows):
            late = header[1] & 4
            if time > self.rows[self.next][2]:
                raise Bad(f"record {index}: younger than the seal of its epoch")
            if self.next and not late and time < self.rows[self.next - 1][2] - OVERLAP_US:
                raise Bad(f"record {index}: older than its epoch, and not marked as late")
        self.run = run
        scrubbed = sum(is_scrubbed for _, is_scrubbed in parts)
        self.kept.record(index, header, scrubbed)
        self.scrubbed += scrubbed
        self.tree.push(leaf_of(header, parts, index))
        self.check()
        show(f"record {index}", index % 50_000 == 0)

    def check(self):
        size = self.tree.size
        while self.next < len(self.rows) and self.rows[self.next][0] <= size:
            if self.rows[self.next][0] == size and self.rows[self.next][1] != self.tree.root():
                raise Bad(f"the first {size} records are not those that epoch {self.next} was sealed for")
            self.next += 1
        for at, root, whose in self.expected:
            if at == size and root != self.tree.root():
                raise Bad(f"the first {size} records are not those of {whose}: the log was changed")

    def end(self, octets, at, segment, flush):
        """Behind the last whole record: zeros, or what a flush left that never returned."""
        if any(size > self.tree.size for size, _, _ in self.expected):
            raise Bad(f"record {self.tree.size}: damaged or cut off here (segment {segment}, octet {at})")
        rest = octets[at:].rstrip(b"\0")
        self.torn = len(rest)
        for place in range(1, max(0, len(rest) - FRAME)):
            length, _, version, batch, _ = struct.unpack_from("<HBBII", rest, place)
            ahead = batch - flush & 0xFFFFFFFF
            if version & 0x7F == 1 and 16 <= length <= RECORD_MAX and 0 < ahead <= 1 << 24:
                for swallowed in range(1, place // 60 + 2):
                    if record_at(rest, place, segment, self.tree.size + swallowed):
                        raise Bad(f"record {self.tree.size}: damaged (segment {segment}, octet {at})")

    def close(self):
        size = self.tree.size
        for at, _, whose in self.expected:
            if at < self.first and not self.met_anchor:
                raise Bad(f"{whose} covers {at} records that have left the log, and names no epoch to compare")
        ends = [(at, whose) for at, _, whose in self.expected] + [(row[0], "an epoch") for row in self.rows[self.next :]]
        for at, whose in ends:
            if at > size:
                raise Bad(f"record {size}: the log ends here, {whose} was signed for {at} records")


# --- The command ------------------------------------------------------------------------------------------------------


def show(what, due=True):
    if due and sys.stderr.isatty():
        print(f"\r{what} ", end="", file=sys.stderr, flush=True)


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read(65_536)


def verify(options, pins):
    inner = os.path.join(options.dir, "log")
    folder = inner if os.path.isdir(inner) else options.dir
    own = Key(read_text(os.path.join(folder, "verifier")).splitlines()[0]) if not pins.get("log") else None
    key = pins.get("log") or own
    checkpoint = checkpoint_of(read_text(os.path.join(folder, "checkpoint")), key, "checkpoint")
    anchor = checkpoint_of(read_text(options.anchor), key, "anchor") if options.anchor else None
    if anchor and anchor.size > checkpoint.size:
        raise Bad(f"the anchor covers {anchor.size} records, the log's own checkpoint only {checkpoint.size}")
    seals = Seals(folder, checkpoint, pins.get("epoch"), anchor)
    kept = Kept(seals.rows, policy_of(folder, key))
    pinned = "pinned" if not own else "NOT PINNED: the log's own"
    epoch = "pinned" if pins.get("epoch") else "NOT PINNED"
    lines = [f"origin   {checkpoint.origin}", f"key      {pinned}", f"epochs   {len(seals.rows)}, the first one's key {epoch}"]
    if not options.quick:
        audit = Audit(checkpoint, anchor, seals, kept, erasure_under_way(folder))
        audit_segments(audit, os.path.join(folder, "segments"))
        begin = f" from {audit.first} on" if audit.first else ""
        lines += [f"records  {audit.tree.size - audit.first}{begin}, {audit.scrubbed} parts erased, {audit.torn + seals.torn} torn octets"]
    former = former_of(folder, key)
    if former:
        lines.append(f"former   {former.origin}, {former.size} records")
    lines += [f"sealed   {checkpoint.size}", f"root     {b64(checkpoint.root)}"]
    return ("signatures verified" if options.quick else "verified"), lines


def verify_proof(text, key):
    """A C2SP tlog-proof: the record that `extra` tells of is under the signed root (RFC 9162, 2.1.3.2)."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1" or lines[1][:6] != "extra " or lines[2][:6] != "index ":
        raise Bad("this is no proof that a record is in a log")
    record, index = base64.b64decode(lines[1][6:], validate=True), int(lines[2][6:])
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    checkpoint = checkpoint_of(note, key, "proof")
    at, last, root = index, checkpoint.size - 1, sha(b"\0" + record)
    if not 0 <= index <= last or len(record) < 16 or len(record) != 15 + 33 * record[14]:
        raise Bad("the proof's checkpoint does not cover the record, or the record is none")
    for other in path:
        if last == 0:
            raise Bad("the proof is longer than the tree is high")
        if at & 1 or at == last:
            root = sha(b"\1" + other + root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = sha(b"\1" + root + other)
        at, last = at >> 1, last >> 1
    if last or root != checkpoint.root:
        raise Bad("the proof does not lead from the record to the signed root")
    lines = [f"record   {index}", f"origin   {checkpoint.origin}", f"sealed   {checkpoint.size}", f"root     {b64(root)}"]
    return "the record is in the log", lines


def audit_segments(audit, folder):
    names = [name for name in os.listdir(folder) if len(name) == 14 and name.endswith(".seg") and name[:10].isdigit()]
    numbers = sorted(int(name[:10]) for name in names)
    if not numbers:
        raise Bad("there is no log here")
    paths = [os.path.join(folder, f"{number:010}.seg") for number in numbers]
    firsts = [read_head(path, number)[0] for path, number in zip(paths, numbers)] + [None]
    for at, (path, number) in enumerate(zip(paths, numbers)):
        audit.segment(path, number, firsts[at + 1])
    audit.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", nargs="?", metavar="DIR")
    parser.add_argument("--key", action="append", default=[], help="a verifier key, or a file with both")
    parser.add_argument("--anchor", metavar="NOTE", help="a checkpoint kept from earlier")
    parser.add_argument("--quick", action="store_true", help="signatures only")
    parser.add_argument("--proof", metavar="FILE", help="the proof of one record, instead of a log; needs --key")
    options = parser.parse_args()
    if (options.dir is None) == (options.proof is None) or (options.proof and not options.key):
        parser.error("say which directory, or which --proof with a --key")
    try:
        pins = {}
        for given in options.key:
            for line in (read_text(given) if os.path.isfile(given) else given).split():
                key = Key(line)
                pins["epoch" if key.name.endswith("/epoch") else "log"] = key
        if options.proof and "log" not in pins:
            raise Bad("--key: give the key of the log, not only that of its epoch")
        verdict, lines = verify_proof(read_text(options.proof), pins["log"]) if options.proof else verify(options, pins)
    except (Bad, OSError, ValueError, struct.error) as fault:
        show("")
        print(f"NOT VERIFIED: {fault}", file=sys.stderr)
        return 6
    show("\r")
    print("\n".join([f"verdict  {verdict}", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
