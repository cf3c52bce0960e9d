"""What ``envs.doctor`` looks at, each in a process of its own: ``python -m envs.probes NAME``.

A probe prints one JSON object, ``{"status": "ok", "detail": "...", "remedy": ""}``. It may crash
or hang as it likes: the doctor tells that, too.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OK, MISSING, BROKEN = "ok", "missing", "broken"
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
INSTALL = "pip install --constraint constraints.txt --editable '.[dev,train,export]'"
RELEASES = Path("~/.ai2thor/releases")
TIMEOUT = 10.0


@dataclass(frozen=True)
class Finding:
    """What a probe found.

    Attributes:
        status: ok, missing (not there, nor needed by default) or broken.
        detail: One line.
        remedy: The one command, or empty.
    """

    status: str
    detail: str
    remedy: str = ""


def packages() -> Finding:
    """The packages everything stands on."""
    found, lost = {}, []
    for name in NEEDED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            lost.append(name)
    if lost:
        return Finding(BROKEN, f"not installed: {', '.join(lost)}", INSTALL)
    if found["ai2thor"] != "5.0.0":
        return Finding(BROKEN, f"ai2thor {found['ai2thor']}, made for 5.0.0", INSTALL)
    shown = ("ai2thor", "panda3d", "torch", "transformers")
    return Finding(
        OK,
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {found[name]}" for name in shown),
    )


def embedded() -> Finding:
    """A room and a step of the default backend."""
    return _play("embedded", INSTALL)


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


def unity() -> Finding:
    """AI2-THOR's own build."""
    import ai2thor.build

    wanted = ai2thor.build.COMMIT_ID
    folder = RELEASES.expanduser()
    builds = sorted(p.name for p in folder.glob(f"thor-*-{wanted}") if p.is_dir())
    if builds:
        return Finding(OK, f"{', '.join(builds)} (not started here)")
    kind = "" if os.environ.get("DISPLAY") else ", platform='CloudRendering'"
    return Finding(
        MISSING,
        f"no build of AI2-THOR {wanted[:8]} in {folder}",
        f'python -c "from ai2thor.controller import Controller; '
        f'Controller(download_only=True{kind})"',
    )


def display() -> Finding:
    """An X display, which Unity's Linux64 build draws on."""
    name = os.environ.get("DISPLAY")
    remedy = "Xvfb :99 -screen 0 1280x1024x24 & export DISPLAY=:99"
    if not name:
        return Finding(MISSING, "DISPLAY is not set; only Unity's Linux64 build needs one", remedy)
    import Xlib.display
    import Xlib.error

    try:
        screen = Xlib.display.Display(name).screen()
    except (Xlib.error.DisplayError, OSError) as error:
        return Finding(BROKEN, f"DISPLAY={name} can't be reached: {error}", remedy)
    return Finding(
        OK,
        f"{name}, {screen['width_in_pixels']}x{screen['height_in_pixels']}, "
        f"{screen['root_depth']} bits",
    )


def vulkan() -> Finding:
    """What Unity's CloudRendering build draws with."""
    import ctypes.util

    remedy = "apt install libvulkan1 vulkan-tools mesa-vulkan-drivers"
    if not ctypes.util.find_library("vulkan"):
        return Finding(MISSING, "no libvulkan; only Unity's CloudRendering build needs it", remedy)
    if shutil.which("vulkaninfo") is None:
        return Finding(
            MISSING, "libvulkan is there, but not vulkaninfo, which ai2thor asks", remedy
        )
    done = subprocess.run(
        ["vulkaninfo", "--summary"], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    names = [
        line.split("=", 1)[1].strip()
        for line in done.stdout.splitlines()
        if line.strip().startswith("deviceName") and "=" in line
    ]
    if done.returncode or not names:
        return Finding(BROKEN, f"vulkaninfo finds no device (status {done.returncode})", remedy)
    return Finding(OK, ", ".join(names))


def torch_device() -> Finding:
    """Where models run."""
    import torch

    if torch.cuda.is_available():
        cards = [torch.cuda.get_device_properties(k) for k in range(torch.cuda.device_count())]
        (torch.ones(8, device="cuda") * 2).sum().item()
        return Finding(
            OK,
            ", ".join(f"{c.name}, {c.total_memory / 2**30:.0f} GiB" for c in cards)
            + " (--device cuda)",
        )
    if torch.backends.mps.is_available():
        return Finding(OK, "Apple GPU (--device mps)")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if shutil.which("nvidia-smi"):
        return Finding(
            MISSING,
            f"torch {torch.__version__} sees no GPU, though nvidia-smi is here",
            "pip install --force-reinstall --index-url "
            f"https://download.pytorch.org/whl/cu128 torch=={torch.__version__[:6]}",
        )
    return Finding(OK, f"CPU, {cores} cores: enough for the default policy, not for large models")


def endpoint() -> Finding:
    """The OpenAI-compatible server of ``--policy openai:MODEL``."""
    base = os.environ.get("OPENAI_BASE_URL", "")
    key = os.environ.get("OPENAI_API_KEY", "")
    if not base and not key:
        return Finding(
            MISSING,
            "neither OPENAI_BASE_URL nor OPENAI_API_KEY is set; only "
            "--policy openai:MODEL needs them",
            "export OPENAI_BASE_URL=http://localhost:8000/v1",
        )
    import requests

    base = (base or "https://api.openai.com/v1").rstrip("/")
    head = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = requests.get(f"{base}/models", headers=head, timeout=TIMEOUT)
    except (
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidURL,
    ):
        return Finding(
            BROKEN,
            f"OPENAI_BASE_URL={base} is no address",
            "export OPENAI_BASE_URL=http://localhost:8000/v1",
        )
    except (requests.RequestException, ValueError) as error:
        return Finding(
            BROKEN, f"{base} can't be reached ({type(error).__name__})", f"curl -sS {base}/models"
        )
    if answer.status_code in (401, 403):
        return Finding(
            BROKEN,
            f"{base} refuses the key (status {answer.status_code})",
            "export OPENAI_API_KEY=...",
        )
    if not answer.ok:
        return Finding(
            BROKEN,
            f"{base}/models answers with status {answer.status_code}",
            f"curl -sS {base}/models",
        )
    try:
        names = [str(entry["id"]) for entry in answer.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return Finding(
            BROKEN,
            f"{base}/models answers, but not as OpenAI's protocol says",
            f"curl -sS {base}/models",
        )
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return Finding(OK, f"{base}, {len(names)} model{'s' * (len(names) != 1)}: {shown}")


PROBES: dict[str, Callable[[], Finding]] = {
    "packages": packages,
    "embedded": embedded,
    "video": video,
    "executable": executable,
    "gpu_pictures": gpu_pictures,
    "torch_device": torch_device,
    "drop_in": drop_in,
    "unity": unity,
    "display": display,
    "vulkan": vulkan,
    "endpoint": endpoint,
}


def main(argv: list[str] | None = None) -> int:
    """Runs one probe and prints what it found."""
    names = sys.argv[1:] if argv is None else argv
    if len(names) != 1 or names[0] not in PROBES:
        print(f"use: python -m envs.probes NAME, one of {', '.join(PROBES)}", file=sys.stderr)
        return 2
    try:
        finding = PROBES[names[0]]()
    except Exception as error:  # whatever is wrong here is what was asked for
        what = " ".join(str(error).split()) or "no reason given"
        remedy = INSTALL if isinstance(error, ImportError) else ""
        finding = Finding(BROKEN, f"{type(error).__name__}: {what}", remedy)
    print(json.dumps(asdict(finding)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
