"""What is installed here of this project: its version, its place, and whose the names are.

The packages have common names (``agent``, ``envs``), so that another package of the same name may
be found first, or be installed over ours. ``shadowed`` and ``claimed`` tell of both.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from pathlib import Path

NAME = "cimr-thor"
MODULES = ("agent", "envs", "policies", "training", "run_episode")
ROOT = Path(__file__).resolve().parents[1]  # what holds the packages: a checkout or site-packages


def version() -> str:
    """Returns the version as ``setup.cfg`` states it, or ``not installed``."""
    try:
        return importlib.metadata.version(NAME)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def is_checkout() -> bool:
    """Whether the packages lie in a checkout, not in an environment's site-packages."""
    return (ROOT / "setup.cfg").is_file()


def install_command() -> str:
    """Returns the command that installs what this project needs."""
    if is_checkout():
        return "pip install --constraint constraints.txt --editable '.[dev,train,export]'"
    return f"pip install --upgrade {NAME}"


def restore_command(path: str) -> str:
    """Returns the command that brings back a file of ours that is lost or spoilt.

    Args:
        path: The file or folder, seen from the folder that holds the packages.
    """
    if is_checkout():
        return f"git checkout -- {path}"
    return f"pip install --force-reinstall --no-deps {NAME}=={version()}"


def shadowed() -> dict[str, Path | None]:
    """Returns the modules that an import here would not take from us, and where from instead.

    The place is None for a module that is not found at all. A checkout's ``tests`` are looked at
    as well, because the tests import one another.
    """
    wanted = {name: ROOT / (f"{name}.py" if name == "run_episode" else name) for name in MODULES}
    if is_checkout() and (ROOT / "tests").is_dir():
        wanted["tests"] = ROOT / "tests"
    found = {name: _place_of(name) for name in wanted}
    return {name: found[name] for name, place in wanted.items() if found[name] != place}


def claimed() -> dict[str, tuple[str, ...]]:
    """Returns our modules' names that other installed distributions have too, with theirs."""
    owners = importlib.metadata.packages_distributions()
    others = {
        name: tuple(sorted({o for o in owners.get(name, ()) if _normal(o) != NAME}))
        for name in MODULES
    }
    return {name: strangers for name, strangers in others.items() if strangers}


def _place_of(name: str) -> Path | None:
    """Where an import would find a module: a package's folder, or the file."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).resolve()
    return Path(spec.origin).resolve() if spec.origin else None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
