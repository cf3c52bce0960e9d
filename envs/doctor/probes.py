"""What the doctor asks, by name: ``python -m envs.doctor.probes NAME``.

A probe prints one JSON object, a ``Finding``. It may crash or hang as it likes: the doctor tells
that, too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from envs.distribution import install_command
from envs.doctor.endpoint import endpoint
from envs.doctor.finding import BROKEN, Finding
from envs.doctor.machine import display, torch_device, unity, vulkan
from envs.doctor.ours import (
    drop_in,
    embedded,
    executable,
    gpu_pictures,
    names,
    packages,
    video,
)

PROBES: dict[str, Callable[[], Finding]] = {
    "packages": packages,
    "names": names,
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


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one probe and prints what it found; returns the exit status."""
    words = sys.argv[1:] if argv is None else argv
    if len(words) != 1 or words[0] not in PROBES:
        print(
            f"use: python -m envs.doctor.probes NAME, one of {', '.join(PROBES)}", file=sys.stderr
        )
        return 2
    try:
        finding = PROBES[words[0]]()
    except Exception as error:  # noqa: BLE001  whatever is wrong is what was asked for
        what = " ".join(str(error).split()) or "no reason given"
        remedy = install_command() if isinstance(error, ImportError) else ""
        finding = Finding(BROKEN, f"{type(error).__name__}: {what}", remedy)
    print(json.dumps(asdict(finding)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
