"""Just enough of the ELF format (64 bit, little-endian) to stand in for a missing shared library.

``undefined_symbols`` reads what a library asks of others; ``library`` writes one whose functions
all do nothing and return 0. No compiler is needed.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

# Machine number of the ELF header, and the code of `return 0`.
MACHINES = {
    "x86_64": (62, bytes.fromhex("31c0c3")),  # xor eax, eax; ret
    "aarch64": (183, bytes.fromhex("000080d2c0035fd6")),  # mov x0, #0; ret
}
_PAGE = 0x10000  # the largest page size of either machine
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_PROGRAM = struct.Struct("<IIQQQQQQ")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNAMIC = struct.Struct("<qQ")
_SHT_DYNSYM, _SHN_UNDEF, _GLOBAL_FUNCTION = 11, 0, 0x12
_LOAD, _DYNAMIC_SEGMENT, _STACK = 1, 2, 0x6474E551


def undefined_symbols(path: Path) -> set[str]:
    """Names a library expects others to define; empty for a file that is no such library."""
    with open(path, "rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:6] != b"\x7fELF\x02\x01":
            return set()
        fields = _HEADER.unpack(head)
        offset, size, count = fields[6], fields[11], fields[12]
        if size != _SECTION.size:
            return set()
        file.seek(offset)
        table = file.read(size * count)
        sections = [_SECTION.unpack_from(table, i * size) for i in range(len(table) // size)]
        found: set[str] = set()
        for section in sections:
            if section[1] != _SHT_DYNSYM or section[6] >= len(sections):
                continue
            strings = sections[section[6]]
            file.seek(strings[4])
            names = file.read(strings[5])
            file.seek(section[4])
            symbols = file.read(section[5])
            for at in range(0, len(symbols) - _SYMBOL.size + 1, _SYMBOL.size):
                name, _, _, place, _, _ = _SYMBOL.unpack_from(symbols, at)
                if place == _SHN_UNDEF and name:
                    text = names[name : names.find(b"\0", name)]
                    found.add(text.decode("ascii", "replace"))
        return found


def library(soname: str, symbols: Sequence[str], machine: str) -> bytes:
    """A shared library of that name which defines the symbols as functions that return 0.

    Raises:
        ValueError: If the machine is not one of ``MACHINES``.
    """
    if machine not in MACHINES:
        raise ValueError(f"machine must be one of {', '.join(MACHINES)}, not {machine!r}")
    number, code = MACHINES[machine]
    names = sorted(set(symbols))
    strings = bytearray(b"\0")
    offsets = []
    for name in (*names, soname):
        offsets.append(len(strings))
        strings += name.encode("ascii") + b"\0"
    # One segment to read and run: headers, symbol hash, symbols, strings, code.
    at_hash = _HEADER.size + 4 * _PROGRAM.size
    chains = len(names) + 1
    hashed = _hash_table(names)
    at_symbols = -(-(at_hash + len(hashed)) // 8) * 8
    at_strings = at_symbols + chains * _SYMBOL.size
    at_code = -(-(at_strings + len(strings)) // 16) * 16
    end = at_code + len(code)
    at_dynamic = -(-end // 16) * 16
    # One more to write, which the loader needs for the dynamic table; same page offset.
    dynamic_address = at_dynamic + _PAGE
    table = b"".join(
        _SYMBOL.pack(offset, _GLOBAL_FUNCTION, 0, 1, at_code, len(code)) for offset in offsets[:-1]
    )
    dynamic = _dynamic_table(offsets[-1], at_hash, at_strings, at_symbols, len(strings))
    size = len(dynamic)
    programs = (
        (_LOAD, 5, 0, 0, 0, end, end, _PAGE),
        (_LOAD, 6, at_dynamic, dynamic_address, dynamic_address, size, size, _PAGE),
        (_DYNAMIC_SEGMENT, 6, at_dynamic, dynamic_address, dynamic_address, size, size, 8),
        (_STACK, 6, 0, 0, 0, 0, 0, 16),
    )
    made = bytearray(at_dynamic + size)
    for at, data in (
        (0, _header(number)),
        (_HEADER.size, b"".join(_PROGRAM.pack(*p) for p in programs)),
        (at_hash, hashed),
        (at_symbols + _SYMBOL.size, table),
        (at_strings, bytes(strings)),
        (at_code, code),
        (at_dynamic, dynamic),
    ):
        made[at : at + len(data)] = data
    return bytes(made)


def _header(machine: int) -> bytes:
    """The file's header: a shared library with four program headers and no sections."""
    return _HEADER.pack(
        b"\x7fELF\x02\x01\x01".ljust(16, b"\0"),
        *(3, machine, 1, 0, _HEADER.size, 0, 0),
        *(_HEADER.size, _PROGRAM.size, 4, _SECTION.size, 0, 0),
    )


def _dynamic_table(
    soname: int, at_hash: int, at_strings: int, at_symbols: int, length: int
) -> bytes:
    """What the loader reads: where the name, hash, strings (``length`` bytes) and symbols are."""
    return b"".join(
        _DYNAMIC.pack(tag, value)
        for tag, value in (
            (14, soname),  # SONAME
            (4, at_hash),  # HASH
            (5, at_strings),  # STRTAB
            (6, at_symbols),  # SYMTAB
            (10, length),  # STRSZ
            (11, _SYMBOL.size),  # SYMENT
            (0, 0),
        )
    )


def _hash_table(names: Sequence[str]) -> bytes:
    """The classic hash section; symbol 0 is the empty one, so that names count from 1."""
    count = max(1, len(names))
    buckets, chain = [0] * count, [0] * (len(names) + 1)
    for index, name in enumerate(names, start=1):
        slot = _hash(name) % count
        chain[index], buckets[slot] = buckets[slot], index
    words = (count, len(chain), *buckets, *chain)
    return struct.pack(f"<{len(words)}I", *words)


def _hash(name: str) -> int:
    value = 0
    for byte in name.encode("ascii"):
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ (high >> 24)) & ~high & 0xFFFFFFFF
    return value
