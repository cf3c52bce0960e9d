"""Reads so many odd files of a kind and tells every one that did not end in our own words."""

from __future__ import annotations

import faulthandler
import hashlib
import math
import signal
import time
import traceback
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import numpy as np

from tests.hostile.kinds import Kind

LONGEST = 1200
SECONDS = 60.0


@dataclass
class Outcome:
    """How files of a kind ended: read, refused, or neither; files that are alike are read once."""

    kind: str
    alike: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class TookTooLong(BaseException):
    """A file was read for longer than any may take."""


def _late(_: int, __: FrameType | None) -> None:
    raise TookTooLong


def play(
    kind: Kind, folder: Path, numbers: Iterable[int], seed: int, until: float = math.inf
) -> Outcome:
    """Reads the odd files of some numbers; the same seed gives the same files.

    Args:
        kind: Of the files.
        folder: Where they are written.
        numbers: Of the files.
        seed: Of all of them.
        until: No file is begun after this, by the monotonic clock.
    """
    outcome = Outcome(kind.name)
    path = kind.make(folder)
    good = path.read_bytes()
    kind.use(path)
    faulthandler.enable()
    before = signal.signal(signal.SIGALRM, _late)
    seen: set[bytes] = set()
    try:
        for number in numbers:
            rng = np.random.default_rng([seed, zlib.crc32(kind.name.encode()), number])
            if time.monotonic() > until:
                break
            made = kind.change(good, rng)
            if (digest := hashlib.sha256(made).digest()) in seen:
                outcome.alike += 1
                continue
            seen.add(digest)
            path.write_bytes(made)
            problem = _tried(kind, path, outcome)
            if problem:
                outcome.wrong.append(f"{kind.name} {number}: {problem}")
                (folder.parent / f"{kind.name}-{number}").write_bytes(path.read_bytes())
    finally:
        signal.signal(signal.SIGALRM, before)
        path.write_bytes(good)
    return outcome


def _tried(kind: Kind, path: Path, outcome: Outcome) -> str:
    """What is wrong with how one file ended; empty if nothing is."""
    begun = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        kind.use(path)
    except ValueError as error:
        outcome.refused += 1
        return unclear(error)
    except TookTooLong:
        return f"took more than {SECONDS:g} s"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "".join(traceback.format_exception(error)[-3:])
    else:
        outcome.read += 1
        return ""
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        outcome.slowest = max(outcome.slowest, time.monotonic() - begun)


def unclear(error: ValueError) -> str:
    """Why an error is none of ours: not in one line, too long, or of a library's own words."""
    text = str(error)
    if "\n" in text or len(text) > LONGEST or len(text) < 8:
        return f"an unclear error of {len(text)} characters: {text[:300]!r}"
    try:
        text.encode()
    except UnicodeEncodeError:
        return f"an error that can't be written: {text[:300]!a}"
    # An error of a library that nobody caught says where it was raised: outside of this project.
    last = traceback.extract_tb(error.__traceback__)[-1].filename
    here = str(Path(__file__).parents[2])
    if not last.startswith(here) or ".venv" in last:
        return f"raised in {last}: {type(error).__name__} {text[:300]}"
    return ""
