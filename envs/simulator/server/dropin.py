"""Makes ai2thor's own ``Controller`` run on the embedded simulator, whatever its arguments.

``patch()`` changes a few methods of the class, so that ``Controller()``,
``Controller(platform=CloudRendering)`` and ``Controller(gpu_device=0)`` need no build, download,
display or GPU; ``unpatch()`` puts them back. A controller with ``local_executable_path`` or
``start_unity=False`` keeps to what it was told.

This file is also loaded by itself, outside its package, by the hook that ``install`` writes.
Where a program has another package named ``envs``, the simulator therefore runs in a process of
its own instead of in this one.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODES = ("in-process", "separate-process")
QUIET = "THOR_EMBEDDED_QUIET"
ROOT = Path(__file__).resolve().parents[3]
_METHODS = (
    "find_build",
    "prune_releases",
    "unity_command",
    "_build_server",
    "_start_unity_thread",
)
# What the class was before is kept on the class: this file may be loaded twice in one process.
_SAVED = "_before_thor_embedded"


class EmbeddedBuild:
    """Stands where ai2thor expects a Unity build."""

    server_types = ("FIFO", "WSGI")
    url = None
    executable_path = "thor-embedded"
    commit_id = "embedded"

    def __init__(self, platform: object) -> None:
        self.platform = platform

    def download(self) -> None:
        """Nothing is needed."""

    def lock_sh(self) -> None:
        """Nothing is shared."""

    def unlock(self) -> None:
        """Nothing is shared."""


def command() -> list[str]:
    """The simulator as a program, whatever the working directory and its packages."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from envs.simulator.__main__ import main; raise SystemExit(main())"
    )
    return [sys.executable, "-c", code]


def fits_in_process() -> bool:
    """Whether ``envs`` means our package in this process, and not one of the program's own."""
    loaded = sys.modules.get("envs")
    try:
        spec = loaded.__spec__ if loaded is not None else importlib.util.find_spec("envs")
    except (ImportError, ValueError):
        return False
    if spec is None or spec.origin is None:
        return False
    return Path(spec.origin).resolve() == ROOT / "envs" / "__init__.py"


def patch(mode: str = MODES[0]) -> None:
    """Makes every later ``Controller`` an embedded one; doing it twice changes nothing more.

    Args:
        mode: ``"in-process"``, or ``"separate-process"`` for one child process a controller.

    Raises:
        ValueError: If the mode is neither.
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    import ai2thor.controller

    apply(ai2thor.controller, mode)


def apply(module: Any, mode: str) -> None:
    """Patches the classes of a loaded ``ai2thor.controller``."""
    import ai2thor.platform

    target, linux = module.Controller, ai2thor.platform.Linux64
    saved = target.__dict__.get(_SAVED)
    if saved is not None:
        saved["mode"] = mode
        return
    saved = {name: target.__dict__[name] for name in _METHODS}
    saved |= {"launch_env": linux.__dict__["launch_env"], "mode": mode, "told": False}
    setattr(target, _SAVED, saved)
    launch_env = linux.launch_env

    def without_display(cls: type, width: int, height: int, x_display: str | None) -> dict:
        # A DISPLAY of None would stop the child process from being made.
        return {} if x_display is None else launch_env(width, height, x_display)

    linux.launch_env = classmethod(without_display)
    for name, method in _replacements(saved, linux).items():
        setattr(target, name, method)


def _replacements(saved: dict[str, Any], linux: type) -> dict[str, Callable]:
    """What each of ``_METHODS`` becomes; a controller without an embedded build keeps its own."""

    def find_build(self: Any, *_: Any, **__: Any) -> EmbeddedBuild:
        _tell(saved)
        return EmbeddedBuild(linux)

    def prune_releases(self: Any) -> None:
        if not isinstance(self._build, EmbeddedBuild):
            saved["prune_releases"](self)

    def unity_command(self: Any, width: int, height: int, headless: bool) -> list[str]:
        if not isinstance(self._build, EmbeddedBuild):
            return saved["unity_command"](self, width, height, headless)
        sizes = ["-screen-width", str(width), "-screen-height", str(height)]
        return [*command(), *(["-batchmode", "-nographics"] if headless else []), *sizes]

    def build_server(self: Any, host: str, port: int, width: int, height: int) -> None:
        if not _runs_here(self, saved):
            saved["_build_server"](self, host, port, width, height)
        elif self.server is None:
            from envs.simulator.server.in_process import server_for

            self.server = server_for(self, width, height)

    def start_unity_thread(self: Any, *args: Any) -> None:
        if not _runs_here(self, saved):
            saved["_start_unity_thread"](self, *args)

    made = (find_build, prune_releases, unity_command, build_server, start_unity_thread)
    return dict(zip(_METHODS, made, strict=True))


def _runs_here(controller: Any, saved: dict[str, Any]) -> bool:
    """Whether a controller's simulator is an embedded one, in this very process."""
    embedded = isinstance(controller._build, EmbeddedBuild)
    return embedded and saved["mode"] == MODES[0] and fits_in_process()


def unpatch() -> None:
    """Puts ai2thor's classes back as they were; does nothing where they are."""
    import ai2thor.controller
    import ai2thor.platform

    target = ai2thor.controller.Controller
    saved = target.__dict__.get(_SAVED)
    if saved is None:
        return
    ai2thor.platform.Linux64.launch_env = saved["launch_env"]
    for name in _METHODS:
        setattr(target, name, saved[name])
    delattr(target, _SAVED)


def is_patched() -> bool:
    """Whether controllers of this process are embedded ones."""
    module = sys.modules.get("ai2thor.controller")
    return module is not None and _SAVED in module.Controller.__dict__


def _tell(saved: dict[str, Any]) -> None:
    if not (saved["told"] or os.environ.get(QUIET)):
        saved["told"] = True
        print(
            "thor-embedded: ai2thor's Controller runs on the embedded simulator, not on Unity "
            f"({QUIET}=1 hides this; python -m envs.simulator.install --undo ends it)",
            file=sys.stderr,
        )
