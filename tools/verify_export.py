#!/usr/bin/env python3
"""Checks exports of a log, and reads nothing else: tools/verify_export.py DIR... [VKEY]
Written from the specifications alone: RFC 6962, RFC 8032 (by the command `openssl`), c2sp.org/signed-note,
tlog-checkpoint and tlog-tiles. VKEY is the log's; without it no signature is checked.
Exit status: 0 all is well, 1 something is not (the first of it is told), 2 wrong usage."""
import base64, hashlib, os, pathlib, subprocess, sys, tempfile
SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: what stands before an Ed25519 key in DER
def sha256(data): return hashlib.sha256(data).digest()
def need(condition, what):
    if not condition: raise ValueError(what)
def b64(text):
    need(base64.b64encode(base64.b64decode(text + "==")).decode() == text, "base64 that is not spelt as it must be")
    return base64.b64decode(text)
def is_signed(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        names = [pathlib.Path(folder, name) for name in ("key", "message", "signature")]
        for name, content in zip(names, (SPKI + key, message, signature)): name.write_bytes(content)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0],
                               "-rawin", "-in", names[1], "-sigfile", names[2]], capture_output=True).returncode == 0
def read_vkey(text):
    name, key_id, key = text.split("+", 2)
    need(key_id == sha256(name.encode() + b"\n" + b64(key)).hex()[:8] and b64(key)[0] == 1, "key")
    return name, bytes.fromhex(key_id), b64(key)[1:]

def read_checkpoint(note, vkey):
    body, blank, lines = note.decode("utf-8").rpartition("\n\n")
    origin, size, root, *extensions = body.split("\n") if body.count("\n") > 1 else ("", "", "")
    need(blank and lines.endswith("\n") and origin and all(extensions) and size.isascii() and size.isdigit()
         and str(int(size)) == size and len(b64(root)) == 32 and min(note.replace(b"\n", b" ")) >= 32,
         "the checkpoint is not formed as one")
    signatures = [line.split(" ") for line in lines[:-1].split("\n")]
    need(all(len(s) == 3 and s[0] == "\u2014" and len(b64(s[2])) > 4 for s in signatures), "no signature line")
    by_key = [b64(s[2])[4:] for s in signatures if vkey and (s[1], b64(s[2])[:4]) == vkey[:2]]
    need(not vkey or by_key and vkey[0] == origin, "the key did not sign the checkpoint")
    for signature in by_key: need(is_signed(vkey[2], body.encode() + b"\n", signature), "the signature is not good")
    return int(size), b64(root)

def position_and_time(entry, index):  # an entry begins with them: protocol-buffer fields 1 and 2, varints
    values, at, entry = [], 0, entry + b"\0\0"
    for tag in (0x08, 0x10):
        end = at + 2
        while entry[end - 1] > 127: end += 1
        need(entry[at] == tag and (end == at + 2 or entry[end - 1]), f"index {index}: it is no stored event")
        values.append(sum((byte & 127) << 7 * i for i, byte in enumerate(entry[at + 1:end])))
        at = end
    return values

def files(level, count):
    for n in range(-(-count // 256)):
        elements, rest, width = [f"{n % 1000:03}"], n // 1000, min(256, count - 256 * n)
        while rest: elements, rest = [f"x{rest % 1000:03}"] + elements, rest // 1000
        yield f"tile/{level}/" + "/".join(elements) + ("" if width == 256 else f".p/{width}"), 256 * n, width
def tree_root(hashes):  # RFC 6962, section 2.1
    if len(hashes) < 2: return hashes[0] if hashes else sha256(b"")
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + tree_root(hashes[:k]) + tree_root(hashes[k:]))

def check(folder, vkey):
    def read(name):
        need((at := pathlib.Path(folder, name)).is_file(), f"{name} is missing, or is no file"); return at.read_bytes()
    paths = [os.path.join(at, name) for at, folders, names in os.walk(folder) for name in folders + names]
    present = {os.path.relpath(p, folder) for p in paths if os.path.islink(p) or not os.path.isdir(p)}
    size, root = read_checkpoint(read("checkpoint"), vkey)
    need(size <= 256 * len(present), "entries are missing")
    strays, hashes, level, time = present - {"checkpoint"}, [], 0, 0
    for name, first, width in files("entries", size):
        data, at, _ = read(name), 0, strays.discard(name)
        for index in range(first, first + width):
            end = at + 2 + int.from_bytes(data[at:at + 2], "big")
            need(at + 2 <= len(data) and end <= len(data), f"index {index}: {name} ends before it does")
            before, (position, time) = time, position_and_time(data[at + 2:end], index)
            need(position == index + 1 and time >= before, f"index {index}: its position or time does not follow")
            hashes.append(sha256(b"\0" + data[at + 2:end]))
            at = end
        need(at == len(data), f"{name} goes on after its entries")
    found = tree_root(hashes)
    while hashes:
        above = []
        for name, first, width in files(level, len(hashes)):
            theirs, _ = read(name), strays.discard(name)
            for i, hash in enumerate(hashes[first:first + width]):
                need(hash == theirs[32 * i:32 * i + 32], f"index {(first + i) * 256 ** level}: not what {name} says")
            need(len(theirs) == 32 * width, f"{name} is longer than it must be")
            if width == 256: above.append(tree_root(hashes[first:first + 256]))
        hashes, level = above, level + 1
    need(found == root, f"the entries have the root {base64.b64encode(found).decode()}, not that of the checkpoint")
    need(not strays or present & {"unfinished", "unfinished.new"}, f"these do not belong there: {sorted(strays)[:3]}")
    return size

def main(arguments):
    folders, vkey, status = [a for a in arguments if os.path.isdir(a)], None, 0
    rest = [a for a in arguments if a not in folders]
    try: vkey = read_vkey(rest.pop()) if rest else None
    except (ValueError, IndexError): rest = ["no key"]
    if not folders or rest: print(__doc__, file=sys.stderr); return 2
    for folder in folders:
        try: print(f"{folder}: OK, {check(folder, vkey)} entries" + ("" if vkey else " (NO SIGNATURE WAS CHECKED)"))
        except (ValueError, IndexError, OSError) as error: status = 1; print(f"{folder}: NOT OK: {error}")
    return status
sys.exit(main(sys.argv[1:]))
