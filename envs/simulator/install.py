"""Puts the embedded simulator under every ``Controller()`` of a Python environment, or undoes it.

    python -m envs.simulator.install             programs that use ai2thor need no change
    python -m envs.simulator.install --status    what is active here
    python -m envs.simulator.install --undo      as it was before

Two small files go into site-packages: a ``.pth`` file that Python reads at start, and the hook it
names. The hook only waits for ``ai2thor.controller`` to be imported; a program without ai2thor
notices nothing. For one program instead of an environment: ``envs.simulator.patch()``.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from envs.simulator.server.dropin import MODES, ROOT
from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.whole import write_text

HOOK = "_thor_embedded_hook"
WRITTEN_FOR = "5.0.0"
_HOOK_TEXT = '''\
"""Lets ai2thor's Controller run on the embedded simulator.

Written by `python -m envs.simulator.install`; taken away by the same with --undo.
"""
import sys

ROOT = {root!r}
MODE = {mode!r}


class _Waiting:
    """Stands in sys.meta_path until ai2thor.controller is imported."""

    def find_spec(self, name, path=None, target=None):
        if name != "ai2thor.controller":
            return None
        import importlib.machinery

        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                _patch(module)

            spec.loader.exec_module = exec_module
        return spec


def _patch(module):
    import importlib.util
    import os

    place = os.path.join(ROOT, "envs", "simulator", "server", "dropin.py")
    spec = importlib.util.spec_from_file_location("_thor_embedded_dropin", place)
    try:
        dropin = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = dropin
        spec.loader.exec_module(dropin)
        dropin.apply(module, MODE)
    except Exception as error:
        sys.modules.pop("_thor_embedded_dropin", None)
        print(
            "thor-embedded: not active, ai2thor is as usual: %s. Delete %s, or install the "
            "simulator again." % (error, __file__),
            file=sys.stderr,
        )


sys.meta_path.insert(0, _Waiting())
'''


def files(folder: Path) -> tuple[Path, Path]:
    """The hook and the ``.pth`` file that names it."""
    return folder / f"{HOOK}.py", folder / f"{HOOK}.pth"


def site_packages() -> Path:
    """Where this Python environment keeps its packages."""
    return Path(sysconfig.get_path("purelib"))


def install(folder: Path, mode: str = MODES[0]) -> str:
    """Writes both files; returns what was done.

    Raises:
        OSError: If the folder can't be written to; nothing is left behind then.
    """
    hook, pth = files(folder)
    wanted = {hook: _HOOK_TEXT.format(root=str(ROOT), mode=mode), pth: f"import {HOOK}\n"}
    if all(_read(path) == text for path, text in wanted.items()):
        return f"Already active in {folder} ({mode})."
    # The hook comes first: a .pth file that names a missing module complains at every start.
    for path, text in wanted.items():
        write_text(path, text)
    return f"Active: ai2thor's Controller in {folder} now runs on the embedded simulator ({mode})."


def uninstall(folder: Path) -> str:
    """Takes both files away; returns what was done.

    Raises:
        OSError: If they can't be removed.
    """
    hook, pth = files(folder)
    was = hook.exists() or pth.exists()
    for path in (pth, hook, *sorted((folder / "__pycache__").glob(f"{HOOK}.*.pyc"))):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder / "__pycache__").rmdir()  # if nothing else is in it
    if not was:
        return f"Nothing to undo in {folder}."
    return f"Undone: ai2thor's Controller in {folder} is ai2thor's own again."


def status(folder: Path) -> str:
    """What is active in an environment, in a few lines."""
    hook, pth = files(folder)
    text = _read(hook)
    active = text is not None and _read(pth) is not None
    lines = [f"environment  {folder}", f"drop-in      {'active' if active else 'not installed'}"]
    if active and text is not None:
        names = {"mode         ": "MODE = ", "simulator    ": "ROOT = "}
        for title, start in names.items():
            found = [line for line in text.splitlines() if line.startswith(start)]
            lines += [title + line.removeprefix(start).strip("'") for line in found]
    try:
        version = importlib.metadata.version("ai2thor")
        note = "" if version == WRITTEN_FOR else f" (written for {WRITTEN_FOR})"
        lines.append(f"ai2thor      {version}{note}")
    except importlib.metadata.PackageNotFoundError:
        lines.append(f"ai2thor      not installed: pip install ai2thor=={WRITTEN_FOR}")
    return "\n".join(lines)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


@command("envs.simulator.install")
def main(argv: Sequence[str] | None = None) -> int:
    """Installs, undoes or reports; returns the exit status."""
    lines = (__doc__ or "").splitlines()
    parser = Parser(
        prog="python -m envs.simulator.install",
        description=lines[0],
        epilog="\n".join(lines[2:]),
    )
    parser.add_argument(
        "what",
        nargs="?",
        default="install",
        choices=("install", "uninstall", "status"),
        help="what to do with the environment (%(default)s)",
    )
    parser.add_argument(
        "--undo", action="store_true", help="take back what was installed, as uninstall does"
    )
    parser.add_argument(
        "--status", action="store_true", help="say what is active and change nothing, as status"
    )
    parser.add_argument(
        "--mode",
        choices=MODES,
        default=MODES[0],
        help="whether the simulator runs in the program's process or in its own (%(default)s)",
    )
    parser.add_argument(
        "--site-packages",
        type=Path,
        metavar="FOLDER",
        help="site-packages of another environment (default: of this Python)",
    )
    options = parser.parse_args(argv)
    folder = options.site_packages or site_packages()
    what = "uninstall" if options.undo else "status" if options.status else options.what
    if not folder.is_dir():
        print(f"error: {folder} is no folder; give an environment's site-packages", file=sys.stderr)
        return 2
    try:
        if what == "install":
            print(install(folder, options.mode))
        elif what == "uninstall":
            print(uninstall(folder))
        else:
            print(status(folder))
    except OSError as error:
        print(
            f"error: {folder} can't be changed: {error.strerror}. Use a virtual environment, or "
            "call envs.simulator.patch() in the program.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
