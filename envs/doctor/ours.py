"""Probes of this project: its packages and names, the simulator, video, the drop-in."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

from envs.distribution import (
    NAME,
    ROOT,
    claimed,
    install_command,
    is_checkout,
    shadowed,
    version,
)
from envs.doctor.finding import BROKEN, MISSING, OK, Finding

NEEDED = (
    "ai2thor",
    "gymnasium",
    "numpy",
    "opencv-python",
    "panda3d",
    "safetensors",
    "torch",
    "transformers",
)


def packages() -> Finding:
    """The packages everything stands on."""
    found, lost = {}, []
    for name in NEEDED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            lost.append(name)
    if lost:
        return Finding(BROKEN, f"not installed: {', '.join(lost)}", install_command())
    if found["ai2thor"] != "5.0.0":
        return Finding(BROKEN, f"ai2thor {found['ai2thor']}, made for 5.0.0", install_command())
    shown = ("ai2thor", "panda3d", "torch", "transformers")
    return Finding(
        OK,
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {found[name]}" for name in shown),
    )


def names() -> Finding:
    """Whether our packages' names are ours here, and nobody else's."""
    lost = shadowed()
    if lost:
        told = "; ".join(
            f"{name} is {place}" if place else f"{name} is not found"
            for name, place in lost.items()
        )
        places = [place for place in lost.values() if place]
        return Finding(BROKEN, f"{told}; ours are in {ROOT}", _way_out(places))
    others = claimed()
    if others:
        told = "; ".join(f"{', '.join(who)} has a package {name}" for name, who in others.items())
        uninstall = " ".join(sorted({who for several in others.values() for who in several}))
        return Finding(
            BROKEN,
            f"{told} as well: use an environment of its own, or remove it and install again",
            f"pip uninstall {uninstall}",
        )
    return Finding(OK, f"{NAME} {version()}, in {ROOT}")


def _way_out(places: list[Path]) -> str:
    """The command that ends a shadowing."""
    here = Path.cwd().resolve()
    if any(place.parent == here for place in places):
        return f"cd {ROOT if is_checkout() else Path.home()}   # away from a folder that has them"
    listed = [Path(p).resolve() for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    if any(place.parent in listed for place in places):
        return "unset PYTHONPATH"
    return f"python -m venv .venv && .venv/bin/{install_command()}"


def embedded() -> Finding:
    """A room and a step of the default backend."""
    return _play("embedded", install_command())


def executable() -> Finding:
    """The simulator in a process of its own, watched, over ai2thor's named pipes."""
    return _play(f"{sys.executable} -m envs.simulator", "python -m envs.simulator --help")


def gpu_pictures() -> Finding:
    """The embedded simulator drawn through EGL."""
    remedy = "apt install libegl1 libgl1-mesa-dri   # or the EGL of your GPU's driver"
    try:
        return _play("embedded", remedy, renderPipe="egl")
    except RuntimeError as error:
        return Finding(MISSING, str(error), remedy)


def _play(backend: str, remedy: str, **options: Any) -> Finding:
    from envs.backends import make_controller

    begun = time.perf_counter()
    controller = make_controller(backend, scene="FloorPlan1", supervised=True, **options)
    try:
        ready = time.perf_counter() - begun
        begun = time.perf_counter()
        for _ in range(4):
            event = controller.step("RotateRight")
        took = (time.perf_counter() - begun) / 4
        objects = len(event.metadata["objects"])
        if not event.metadata["lastActionSuccess"] or not objects or event.frame.std() < 5.0:
            return Finding(BROKEN, "a step in FloorPlan1 failed or showed nothing", remedy)
    finally:
        controller.stop()
    return Finding(
        OK,
        f"FloorPlan1 with {objects} objects after {ready:.1f} s; a step with a "
        f"picture takes {1000 * took:.0f} ms",
    )


def video() -> Finding:
    """An encoder for the episode's video."""
    import av

    for name in ("libx264", "libopenh264"):
        try:
            av.codec.Codec(name, "w")
        except av.codec.codec.UnknownCodecError:
            continue
        return Finding(OK, f"PyAV {av.__version__} with {name}")
    return Finding(BROKEN, "PyAV has no H.264 encoder", "pip install --force-reinstall av")


def drop_in() -> Finding:
    """Whether plain ``Controller()`` of this environment is the embedded one."""
    from envs.simulator.install import files, site_packages

    if all(path.is_file() for path in files(site_packages())):
        return Finding(OK, "plain ai2thor programs run on the embedded simulator")
    return Finding(
        MISSING, "plain ai2thor programs look for Unity", "python -m envs.simulator.install"
    )
