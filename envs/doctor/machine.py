"""Probes of the machine: what models run on, and what AI2-THOR's Unity build needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from envs.doctor.finding import BROKEN, MISSING, OK, Finding

RELEASES = Path("~/.ai2thor/releases")
TIMEOUT = 10.0  # seconds


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
