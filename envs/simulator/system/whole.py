"""Files and folders that are whole or not there, wherever the writer is killed.

    with whole_folder(Path("runs/policy"), POLICY) as fresh:
        save_file(weights, fresh / "model.safetensors")

What is written lies under a hidden name beside its target (``.policy.partial-PID``) until it is
whole; then one system call puts it in the target's place: ``rename`` where that is free or empty,
else an exchange of the two names (``renameat2`` with RENAME_EXCHANGE on Linux, ``renamex_np`` with
RENAME_SWAP on macOS; see their manual pages). Where neither system nor file system can exchange,
the old folder steps aside (``.policy.aside``) between two renames; whoever is killed there leaves
no target, and ``recover``, which every reader of such folders calls, puts the old one back.

This guards against killed processes, not against a lost power supply: nothing is synchronised.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from envs.simulator.system.targets import FolderKind, check_folder, is_stream, shortened

PARTIAL = ".partial-"
_ASIDE = ".aside"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)
_AT_FDCWD, _EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h; RENAME_SWAP of macOS is 2 too
_LONGEST_SUFFIX = 16
_LONGEST = 200  # bytes of a target's name that are kept in hidden names, of the usual 255

Exchange = Callable[[Path, Path], bool]


def _hidden(name: str, ending: str) -> str:
    """A hidden name for a target's; one that would be too long is cut, and told apart by a hash."""
    raw = os.fsencode(name)
    if len(raw) > _LONGEST:
        digest = hashlib.sha256(raw).hexdigest()[:12]
        name = raw[: _LONGEST - 13].decode("utf-8", "ignore") + f"-{digest}"
    return f".{name}{ending}"


def no_room(error: BaseException | None) -> OSError | None:
    """What behind an error says that nothing more can be written: a full disk, a spent quota."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return error
        error = error.__cause__ or error.__context__
    return None


@contextlib.contextmanager
def whole_file(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """A path to write a file to; it becomes ``path`` if the block ends without an exception.

    A link is followed, so that it stays one. A device or a pipe is given as it is.

    Args:
        path: Where to; its folder must be there.
        suffix: Of the path that is given; by default the same, by which some know a format.
    """
    path = path.resolve()
    if is_stream(path):
        yield path
        return
    if suffix is None:
        suffix = path.suffix if len(path.suffix) <= _LONGEST_SUFFIX else ""
    partial = path.with_name(_hidden(path.name, f"{PARTIAL}{os.getpid()}{suffix}"))
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes a text file, UTF-8, so that a reader sees the old one or the whole new one."""
    # Without its suffix: Python runs whatever ends in .pth in some folders.
    with whole_file(path, suffix="") as partial:
        # UTF-8 whatever the locale says; half characters are written as their escapes.
        partial.write_bytes(text.encode("utf-8", "backslashreplace"))


def remove_abandoned(target: Path) -> None:
    """Clears what writers of the same target left when they were killed outright."""
    start = _hidden(target.name, PARTIAL)
    aside = target.with_name(_hidden(target.name, _ASIDE))
    if target.exists():
        shutil.rmtree(aside, ignore_errors=True)
    with contextlib.suppress(OSError):
        for entry in os.scandir(target.parent):
            left = re.fullmatch(re.escape(start) + r"(\d+)(-old|\.[^/]*)?", entry.name)
            # Where process numbers are few, as in containers, the dead one may have had our own.
            if left and (int(left[1]) == os.getpid() or _is_gone(int(left[1]))):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink(missing_ok=True)


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0) if os.name == "posix" else os.getpid()
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def recover(target: Path) -> None:
    """Puts a folder back that was replaced without an exchange by a process killed halfway."""
    aside = target.with_name(_hidden(target.name, _ASIDE)) if target.name else target
    if target.name and not target.exists() and aside.is_dir():
        with contextlib.suppress(OSError):
            os.rename(aside, target)


@contextlib.contextmanager
def whole_folder(
    target: Path,
    kind: FolderKind,
    *,
    keep: str = "",
    flag: str = "--out",
    exchange: Exchange | None = None,
) -> Iterator[Path]:
    """A folder to write to; becomes ``target`` if the block ends without an exception.

    Args:
        target: Where to; what stands there must be empty or of the same kind, and is replaced.
        kind: What is written.
        keep: Regular expression of files at the top of the old folder that are taken over, unless
            they were written anew.
        flag: What the user calls it.
        exchange: Exchanges two names; by default as the system does it.

    Raises:
        ValueError: See ``check_folder``.
    """
    check_folder(target, kind, flag=flag)
    target = target.resolve()
    try:
        new = _made(target.parent)
        recover(target)
        remove_abandoned(target)
        partial = target.with_name(_hidden(target.name, f"{PARTIAL}{os.getpid()}"))
        partial.mkdir()
    except OSError as error:
        raise ValueError(
            f"{flag} {shortened(target)} cannot be written ({error.strerror}); "
            "name a directory you may write to"
        ) from error
    try:
        yield partial
        _take_over(target, partial, keep)
        _replace(target, partial, kind, flag, exchange or exchange_names)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        for directory in new:
            with contextlib.suppress(OSError):
                directory.rmdir()  # only if still empty
        raise


def _made(path: Path) -> list[Path]:
    """Makes ``path`` and its parents; returns those that were new, innermost first."""
    new = []
    probe = path
    while not probe.exists():
        new.append(probe)
        probe = probe.parent
    path.mkdir(parents=True, exist_ok=True)
    return new


def _take_over(target: Path, partial: Path, keep: str) -> None:
    if not keep or not target.is_dir():
        return
    for path in target.iterdir():
        fresh = partial / path.name
        if path.is_file() and re.fullmatch(keep, path.name) and not fresh.exists():
            shutil.copy2(path, fresh)


def _replace(target: Path, partial: Path, kind: FolderKind, flag: str, exchange: Exchange) -> None:
    """Puts ``partial`` in the place of ``target``; what stood there is deleted last."""
    check_folder(target, kind, flag=flag)  # once more: somebody may have put files there meanwhile
    with contextlib.suppress(OSError):
        target.rmdir()  # only if empty
    if not target.exists():
        os.rename(partial, target)
        return
    old = partial
    if exchange(partial, target):
        if kind.stranger_in(old) is not None:  # it came in the last moment
            exchange(partial, target)
            check_folder(target, kind, flag=flag)
    else:
        old = target.with_name(_hidden(target.name, _ASIDE))
        shutil.rmtree(old, ignore_errors=True)
        os.rename(target, old)
        try:
            os.rename(partial, target)
        except OSError:
            os.rename(old, target)
            raise
    shutil.rmtree(old, ignore_errors=True)


def exchange_names(one: Path, other: Path) -> bool:
    """Exchanges two names on one file system in one step; False where that can't be done.

    Raises:
        OSError: It can be done, but not with these.
    """
    names = [os.fsencode(path) for path in (one, other)]
    library: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        call, given = library.renameat2, (_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        call, given = library.renamex_np, (*names, _EXCHANGE)
    else:
        return False
    sys.audit("os.rename", one, other, -1, -1)
    if call(*given) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
