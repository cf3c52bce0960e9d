"""Where a command may write: looked at, and made, before any work is done.

    check_folder(Path("runs/policy"), POLICY)      # free, or an earlier policy: else a ValueError
    check_file(Path("notes/compared.md"))          # its folder is made, and written to on trial

A folder that is going to be replaced must be new, empty or an earlier output of the same kind.
What counts as one is a ``FolderKind``: a file that marks it, and the names of everything in it, so
that a user's own file is never taken for ours.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

# What a killed writer may leave inside of a folder; see ``whole.py``.
LEFTOVER = r"(.*/)?\.[^/]+\.partial-\d+(\.[^/]*)?(/.*)?"


@dataclass(frozen=True)
class FolderKind:
    """What a folder of ours looks like.

    Attributes:
        noun: In words, such as "policy of training.sft".
        marks: Files of which one is there in every such folder, as patterns of ``glob``.
        holds: Regular expression that every file in it matches, by its path in the folder.
    """

    noun: str
    marks: tuple[str, ...]
    holds: str = ".*"

    def stranger_in(self, folder: Path) -> str | None:
        """A file that says that a folder is something else; None for an empty one, or one of ours.

        Args:
            folder: Must be there.
        """
        ours = re.compile(f"{self.holds}|{LEFTOVER}")
        names = []
        for place, inside, files in os.walk(folder):
            links = [name for name in inside if Path(place, name).is_symlink()]
            for name in (*files, *links):
                path = Path(place, name).relative_to(folder).as_posix()
                if not ours.fullmatch(path):
                    return path
                names.append(path)
        kept = [name for name in names if not re.fullmatch(LEFTOVER, name)]
        if not kept or any(any(folder.glob(mark)) for mark in self.marks):
            return None
        return min(kept)


def check_folder(
    target: Path, kind: FolderKind | None = None, *, replaced: bool = True, flag: str = "--out"
) -> None:
    """Refuses a folder that can't, or must not, be written.

    Args:
        target: The folder.
        kind: What it is going to be; None takes any folder that is written into, not replaced.
        replaced: The folder is replaced as a whole; else files are added to it.
        flag: What the user calls it.

    Raises:
        ValueError: Naming what stands in the way, and the remedy.
    """
    try:
        text = os.fspath(target)
        text.encode("utf-8")
        place = target.resolve()
        if target.exists() and not target.is_dir():
            raise ValueError(f"{flag} {target} is not a directory; name one that is new or empty")
        if replaced and place.is_dir():
            _check_replaceable(target, place, flag)
        if place.is_dir() and kind is not None:
            _check_kind(target, place, kind, replaced, flag)
        parent = place if place.is_dir() and not replaced else place.parent
        _try_names(place)
        _check_writable(target, parent, flag)
    except UnicodeEncodeError as error:
        raise ValueError(f"{flag} {text!r} is no text; name another directory") from error
    except (OSError, RuntimeError) as error:
        raise ValueError(_cannot(flag, target, error, "a directory")) from error


def _check_replaceable(target: Path, place: Path, flag: str) -> None:
    if os.path.ismount(place):
        raise ValueError(f"{flag} {target} is a mount point; name a directory inside it")
    if Path.cwd().is_relative_to(place):
        raise ValueError(f"{flag} {target} is where you are; name a directory inside it")


def _check_kind(target: Path, place: Path, kind: FolderKind, replaced: bool, flag: str) -> None:
    if not replaced and any(any(place.glob(mark)) for mark in kind.marks):
        return
    strange = kind.stranger_in(place)
    if strange is not None:
        raise ValueError(
            f"{flag} {target} holds files that are no earlier {kind.noun}, such as {strange!r}; "
            "name a directory that is new or empty"
        )


def _try_names(place: Path) -> None:
    """Raises OSError where a name is too long, which making the folder would find out."""
    for path in (place, *place.parents):
        try:
            path.lstat()
        except FileNotFoundError:
            continue
        return


def _check_writable(target: Path, parent: Path, flag: str) -> None:
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        said = "not writable" if parent.is_dir() else "no directory"
        raise ValueError(
            f"{flag} {target} cannot be written ({parent} is {said}); "
            "name a directory you may write to"
        )


def prepare_folder(
    target: Path, kind: FolderKind | None = None, *, replaced: bool = False, flag: str = "--out"
) -> None:
    """Makes what a folder will need after ``check_folder``, and writes there on trial.

    Args:
        target: The folder.
        kind: As in ``check_folder``.
        replaced: It is written later, as a whole: only the folder that it lies in is made.
        flag: What the user calls it.

    Raises:
        ValueError: It can't, or must not, be written.
    """
    check_folder(target, kind, replaced=replaced, flag=flag)
    made = target.resolve().parent if replaced else target
    try:
        made.mkdir(parents=True, exist_ok=True)
        _write_on_trial(made)
    except OSError as error:
        raise ValueError(_cannot(flag, target, error, "a directory")) from error


def check_file(target: Path, flag: str = "--out") -> None:
    """Refuses a file that can't be written, and makes its folder.

    Devices and pipes, such as ``/dev/stdout``, are taken as they are.

    Raises:
        ValueError: Naming what stands in the way, and the remedy.
    """
    try:
        os.fspath(target).encode("utf-8")
        place = target.resolve()
        if target.is_dir():
            raise ValueError(f"{flag} {target} is a directory; name a file")
        if is_stream(place):
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        _try_names(place)
        _write_on_trial(place.parent)
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(13, "it is write-protected")
    except UnicodeEncodeError as error:
        raise ValueError(f"{flag} {os.fspath(target)!r} is no text; name another file") from error
    except (OSError, RuntimeError) as error:
        raise ValueError(_cannot(flag, target, error, "a file")) from error


def _write_on_trial(folder: Path) -> None:
    trial = folder / f".trial.partial-{os.getpid()}"
    try:
        trial.write_bytes(b"")
    finally:
        trial.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Whether something is written to in place: a device, a pipe, a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _cannot(flag: str, target: Path, error: Exception, what: str) -> str:
    why = (error.strerror if isinstance(error, OSError) else str(error)) or str(error)
    return f"{flag} {shortened(target)} cannot be written ({why}); name {what} you may write to"


def shortened(path: Path, most: int = 120) -> str:
    """A path for a line of text; the middle of a very long one is left out.

    >>> shortened(Path("a" * 300))
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
    """
    text = os.fspath(path)
    return text if len(text) <= most else f"{text[:30]}...{text[-30:]}"
