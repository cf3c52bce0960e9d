"""The one place that knows every backend: embedded, Unity, or an executable of one's own.

Example:
    >>> controller = make_controller("embedded", scene="FloorPlan1")   # doctest: +SKIP
    >>> controller.step("MoveAhead").metadata["lastActionSuccess"]      # doctest: +SKIP
    True
"""

from __future__ import annotations

import functools
import hashlib
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.core.picture_size import check_size
from envs.simulator.core.quality import QUALITIES, STANDARD

if TYPE_CHECKING:
    from ai2thor.controller import Controller

    from envs.supervised.controller import Deadlines

BACKENDS = ("embedded", "unity")


def make_controller(
    backend: str = "embedded",
    scene: str | None = "FloorPlan1",
    width: int = 300,
    height: int = 300,
    *,
    supervised: bool = False,
    deadlines: Deadlines | None = None,
    **options: Any,
) -> Controller:
    """An ai2thor Controller on the chosen backend.

    Args:
        backend: ``"embedded"`` (in this process, no download), ``"unity"`` (AI2-THOR's own build,
            downloaded by ai2thor on first use), or the command of an executable.
        scene: AI2-THOR scene name; None lets the client choose.
        width: Frame width, pixels.
        height: Frame height, pixels.
        supervised: Watch a backend that is a process of its own: deadlines, restart and replay
            when it fails, typed errors (``envs.supervised``). The embedded backend is in this
            process, so there is nothing to watch.
        deadlines: Seconds for its start and its answers; implies ``supervised``.
        **options: Passed to ai2thor's Controller, for example ``renderDepthImage=True``. The
            embedded backend also takes ``appearanceSeed``: 0 is the standard look of a room, any
            other number a different one; and ``render_quality``: ``"high"`` for finer pictures.

    Raises:
        ValueError: If the backend is none of these, the scene is unknown, or frames can't be so
            large (at most ``envs.simulator.core.picture_size.MAX_SIDE`` pixels a side).
        BackendError: If a supervised backend does not come up.
    """
    width, height = check_size(width, height)
    if backend == "embedded":
        from envs.simulator.server.in_process import EmbeddedController

        return EmbeddedController(scene=scene, width=width, height=height, **options)
    made: Callable[..., Controller]
    if supervised or deadlines is not None:
        from envs.supervised.controller import SupervisedController

        made = functools.partial(SupervisedController, deadlines=deadlines)
    else:
        from ai2thor.controller import Controller

        made = Controller
    if backend == "unity":
        return made(scene=scene, width=width, height=height, **options)
    words = shlex.split(backend)
    if not words or shutil.which(words[0]) is None:
        raise ValueError(
            f"Unknown backend {backend!r}: use one of {', '.join(BACKENDS)}, or the command of an "
            "executable that speaks AI2-THOR's protocol."
        )
    options.setdefault("x_display", "0")
    return made(local_executable_path=backend, scene=scene, width=width, height=height, **options)


def quality_options(quality: str, backend: str) -> dict[str, str]:
    """What tells a backend how fine its pictures shall be; nothing where they are the usual ones.

    Raises:
        ValueError: If there is no such quality, or the backend has only its own.
    """
    if quality not in QUALITIES:
        allowed = " or ".join(map(repr, QUALITIES))
        raise ValueError(f"render_quality {str(quality)[:40]!r} must be {allowed}.")
    if quality == STANDARD:
        return {}
    if backend == "unity":
        raise ValueError("render_quality is the embedded simulator's: leave it out with 'unity'.")
    return {"render_quality": quality}


def backend_stamp(backend: str) -> str:
    """The backend with its version, as it stands in every record and result.

    Unity's version is the build that this ai2thor would run; an executable's is a digest of the
    files that its command names.
    """
    if backend == "embedded":
        from envs.simulator.server.in_process import VERSION

        return f"embedded {VERSION}"
    if backend == "unity":
        from ai2thor.build import COMMIT_ID

        return f"unity {COMMIT_ID[:8]}"
    digest = hashlib.sha256()
    words = shlex.split(backend)
    found = [shutil.which(words[0]) if words else None, *words[1:]]
    for path in (Path(word) for word in found if word):
        if path.is_file():
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"{backend} {digest.hexdigest()[:8]}"
