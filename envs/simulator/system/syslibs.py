"""Lets the wheels that link X11 and GL libraries load where the system has none of them.

Panda3D's software renderer links libX11, and OpenCV's wheel libGL, glib and libxcb, though
neither calls them without a window. Slim containers have none. Each one missing is replaced, in
memory and for this process only, by an empty library with the symbols that the wheel asks for.
Where the system has the real one, nothing is done.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from envs.simulator.system.elf import MACHINES, library, undefined_symbols

# What a library's own symbols look like: a stand-in must never define anybody else's.
_OWN = {
    "libX11.so.6": r"_?X[A-Za-z]\w*",
    "libGL.so.1": r"gl[A-Z]\w*",
    "libglib-2.0.so.0": r"g_\w+",
    "libgthread-2.0.so.0": r"g_thread_(init|supported)\w*",
    "libxcb.so.1": r"xcb_\w+",
}
_FOR_RENDERER = ("libX11.so.6",)
_FOR_OPENCV = ("libGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libxcb.so.1")
_loaded: dict[str, ctypes.CDLL] = {}


def for_renderer() -> list[str]:
    """Makes Panda3D's software renderer loadable; returns what had to be replaced."""
    return provide(_FOR_RENDERER, "panda3d", ("libp3tinydisplay.so",))


def for_opencv() -> list[str]:
    """Makes OpenCV's wheel loadable; returns what had to be replaced."""
    if "cv2" in sys.modules:
        return []
    return provide(_FOR_OPENCV, "cv2", ("*.so", "../opencv_python*.libs/*.so*"))


def opencv() -> ModuleType:
    """The module ``cv2``, also where the libraries of its windows are missing."""
    for_opencv()
    import cv2

    return cv2


def provide(sonames: Iterable[str], package: str, patterns: Iterable[str]) -> list[str]:
    """Replaces those of some libraries that are missing; returns their names.

    Args:
        sonames: The libraries, keys of the table above.
        package: Whose files link them; it is not imported.
        patterns: Which of its files, relative to its folder.
    """
    if sys.platform != "linux" or platform.machine() not in MACHINES:
        return []
    missing = [name for name in sonames if not _is_there(name)]
    if not missing:
        return []
    wanted: set[str] = set()
    for path in _files(package, patterns):
        wanted |= undefined_symbols(path)
    for name in missing:
        own = re.compile(_OWN[name])
        symbols = [symbol for symbol in wanted if own.fullmatch(symbol)]
        _loaded[name] = _load(name, library(name, symbols, platform.machine()))
    return missing


def _is_there(soname: str) -> bool:
    if soname in _loaded:
        return True
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _files(package: str, patterns: Iterable[str]) -> list[Path]:
    spec = importlib.util.find_spec(package)
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    found = [
        path
        for folder in folders
        for pattern in patterns
        for path in sorted(Path(folder, *_up(pattern)[0]).glob(_up(pattern)[1]))
    ]
    return [path for path in found if path.is_file()]


def _up(pattern: str) -> tuple[list[str], str]:
    """Leading ``..`` of a pattern, which glob does not take everywhere, and the rest."""
    rest = pattern.removeprefix("../")
    return ([".."] if rest != pattern else []), rest


def _load(name: str, data: bytes) -> ctypes.CDLL:
    # The loader knows a library by its inner name, so that where it lies does not matter; but two
    # at one path it takes for the same, hence the file stays open and its number taken.
    handle = os.memfd_create(name)
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(data)
    return ctypes.CDLL(f"/proc/self/fd/{handle}", mode=ctypes.RTLD_GLOBAL)
