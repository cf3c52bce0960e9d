"""Run directories that are either whole or not there.

A run writes into a hidden directory beside its target; only a finished run is moved to the target
name. A run that is interrupted or fails leaves nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

# A directory that holds nothing else is an earlier run's and may be replaced.
_OURS = re.compile(
    r"trajectory\.jsonl|timing\.jsonl|episode\.mp4|report\.html|frames|"
    r"episodes\.json|episode-\d{3,}|verdict\.json|truth\.json|thumbnails\.webp|"
    r"\.verdict\.json\.partial-\d+"
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_PARTIAL = ".partial-"


def check_target(target: Path) -> None:
    """Refuse a target a run could not or must not be written to.

    Raises:
        ValueError: It is a file, a non-empty directory that is no earlier run, or cannot be made.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ValueError(f"--out {target} is not a directory; name one that is new or empty")
    if target.is_dir():
        strange = sorted(
            entry.name for entry in target.iterdir() if not _OURS.fullmatch(entry.name)
        )
        if strange:
            raise ValueError(
                f"--out {target} holds files that are no earlier run's, such as "
                f"{strange[0]}; name a directory that is new or empty"
            )
    parent = target.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ValueError(
            f"--out {target} cannot be written ({parent} is "
            f"{'not writable' if parent.is_dir() else 'no directory'}); "
            "name a directory you may write to"
        )


def _made(path: Path) -> list[Path]:
    """Make `path` and its parents; return those that were new, innermost first."""
    new = []
    probe = path
    while not probe.exists():
        new.append(probe)
        probe = probe.parent
    path.mkdir(parents=True, exist_ok=True)
    return new


def remove_abandoned(target: Path) -> None:
    """Clear what runs to the same target left when they were killed outright."""
    for entry in target.parent.glob(f".{target.name}{_PARTIAL}*"):
        owner = entry.name.removesuffix("-old").rpartition("-")[2]
        # Where process numbers are few, as in containers, the dead one may have had our own.
        ours = owner == str(os.getpid())
        if ours or owner.isdigit() and _is_gone(owner):
            shutil.rmtree(entry, ignore_errors=True)


def _is_gone(process: str) -> bool:
    return not Path(f"/proc/{process}").exists() and Path("/proc").is_dir()


def no_room(error: BaseException | None) -> OSError | None:
    """What behind an error says that nothing more can be written: a full disk, a spent quota."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return error
        error = error.__cause__ or error.__context__
    return None


@contextlib.contextmanager
def run_directory(target: Path) -> Iterator[Path]:
    """A directory to write a run into; becomes `target` if the block ends without an exception.

    Raises:
        ValueError: See `check_target`.
    """
    target = target.absolute()
    check_target(target)
    try:
        new = _made(target.parent)
        remove_abandoned(target)
        partial = target.parent / f".{target.name}{_PARTIAL}{os.getpid()}"
        partial.mkdir()
    except OSError as error:
        raise ValueError(
            f"--out {target} cannot be written ({error.strerror}); "
            "name a directory you may write to"
        ) from error
    try:
        yield partial
        _replace(target, partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        for directory in new:
            with contextlib.suppress(OSError):
                directory.rmdir()  # only if still empty
        raise


def _replace(target: Path, partial: Path) -> None:
    """Move `partial` to `target`, putting an earlier run there aside until the move is done."""
    check_target(target)  # once more: somebody may have put files there meanwhile
    with contextlib.suppress(OSError):
        target.rmdir()  # only if empty
    if not target.exists():
        partial.rename(target)
        return
    aside = partial.with_name(partial.name + "-old")
    target.rename(aside)
    try:
        partial.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the whole new one."""
    partial = path.with_name(f".{path.name}{_PARTIAL}{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
