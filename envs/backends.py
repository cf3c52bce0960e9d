"""The one place that knows every backend: embedded, Unity, or an executable of one's own.

Example:
    >>> controller = make_controller("embedded", scene="FloorPlan1")   # doctest: +SKIP
    >>> controller.step("MoveAhead").metadata["lastActionSuccess"]      # doctest: +SKIP
    True
"""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai2thor.controller import Controller

BACKENDS = ("embedded", "unity")


def make_controller(
    backend: str = "embedded",
    scene: str | None = "FloorPlan1",
    width: int = 300,
    height: int = 300,
    **options: object,
) -> Controller:
    """An ai2thor Controller on the chosen backend.

    Args:
        backend: ``"embedded"`` (in this process, no download), ``"unity"`` (AI2-THOR's own build,
            downloaded by ai2thor on first use), or the command of an executable.
        scene: AI2-THOR scene name; None lets the client choose.
        width: Frame width, pixels.
        height: Frame height, pixels.
        **options: Passed to ai2thor's Controller, for example ``renderDepthImage=True``. The
            embedded backend also takes ``appearanceSeed``: 0 is the standard look of a room, any
            other number a different one.

    Raises:
        ValueError: If the backend is none of these, or the scene is unknown.
    """
    if width < 1 or height < 1:
        raise ValueError(f"Frame size must be at least 1x1 pixels, not {width}x{height}.")
    if backend == "embedded":
        from envs.simulator.server import EmbeddedController

        return EmbeddedController(scene=scene, width=width, height=height, **options)
    from ai2thor.controller import Controller

    if backend == "unity":
        return Controller(scene=scene, width=width, height=height, **options)
    words = shlex.split(backend)
    if not words or shutil.which(words[0]) is None:
        raise ValueError(
            f"Unknown backend {backend!r}: use one of {', '.join(BACKENDS)}, or the command of an "
            "executable that speaks AI2-THOR's protocol."
        )
    options.setdefault("x_display", "0")
    return Controller(
        local_executable_path=backend, scene=scene, width=width, height=height, **options
    )
