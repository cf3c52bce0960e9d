"""Answers as bytes: msgpack in which an object that did not change is not packed again.

An object's dict has 42 entries, of which visibility and distance change whenever the agent moves
and the others hardly ever. Each object is therefore kept as packed pieces between which the
changing values are put.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgpack
import numpy as np

# What a value that can't be packed raises: too deep, too large, of a foreign kind.
UNPACKABLE = (ValueError, TypeError, OverflowError, RecursionError)
_CHANGING = ("visible", "isInteractable", "distance")


def plain(value: object) -> object:
    """What neither msgpack nor JSON knows, as something they know.

    Raises:
        TypeError: If it is of no such kind.
    """
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"An answer can't hold a {type(value).__name__}.")


def pack(value: object) -> bytes:
    """The value as msgpack; half characters, which JSON can spell, become question marks."""
    return msgpack.packb(value, default=plain, unicode_errors="replace")


class _Kept:
    """One object's packed pieces: before, between and after the changing values."""

    def __init__(self, keys: tuple[str, ...], values: list[Any], holes: tuple[int, ...]) -> None:
        self.keys, self.values = keys, values
        self.pieces: list[bytes] = []
        piece = [_map_header(len(keys))]
        for index, (key, value) in enumerate(zip(keys, values, strict=True)):
            piece.append(pack(key))
            if index in holes:
                self.pieces.append(b"".join(piece))
                piece = []
            else:
                piece.append(pack(value))
        self.pieces.append(b"".join(piece))


class Packer:
    """Packs metadata maps, remembering every object's bytes."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._packer = msgpack.Packer(default=plain, unicode_errors="replace")

    def pack(self, metadata: dict) -> bytes:
        """The whole map of an answer, for example ``{"agents": [...], "sequenceId": 3}``."""
        pieces = [_map_header(len(metadata))]
        alive: dict[str, _Kept] = {}
        for key, value in metadata.items():
            pieces.append(self._packer.pack(key))
            if key != "agents":
                pieces.append(self._packer.pack(value))
                continue
            pieces.append(_list_header(len(value)))
            for agent in value:
                self._agent(pieces, agent, alive)
        self._kept = alive
        return b"".join(pieces)

    def _agent(self, pieces: list[bytes], agent: dict, alive: dict[str, _Kept]) -> None:
        pieces.append(_map_header(len(agent)))
        for key, value in agent.items():
            pieces.append(self._packer.pack(key))
            if key == "objects":
                pieces.append(_list_header(len(value)))
                for row in value:
                    self._object(pieces, row, alive)
            else:
                pieces.append(self._packer.pack(value))

    def _object(self, pieces: list[bytes], row: dict, alive: dict[str, _Kept]) -> None:
        keys, values = tuple(row), list(row.values())
        holes = _holes(keys)
        changing = [values[i] for i in holes]
        for i in holes:
            values[i] = None
        name = row["objectId"]
        kept = self._kept.get(name)
        # Values that did not change are the same objects, so that comparing them costs little.
        if kept is None or kept.values != values or kept.keys != keys:
            kept = _Kept(keys, values, holes)
        alive[name] = kept
        for piece, value in zip(kept.pieces, changing, strict=False):
            pieces.append(piece)
            pieces.append(self._packer.pack(value))
        pieces.append(kept.pieces[-1])


@lru_cache(maxsize=16)
def _holes(keys: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(i for i, key in enumerate(keys) if key in _CHANGING)


def _map_header(count: int) -> bytes:
    return msgpack.Packer().pack_map_header(count)


def _list_header(count: int) -> bytes:
    return msgpack.Packer().pack_array_header(count)
