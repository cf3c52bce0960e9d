"""What a probe found, the one thing that probes print and checks read.

Example:
    {"status": "missing", "detail": "no libvulkan", "remedy": "apt install libvulkan1"}
"""

from __future__ import annotations

from dataclasses import dataclass

OK, MISSING, BROKEN = "ok", "missing", "broken"
STATUSES = (OK, MISSING, BROKEN)


@dataclass(frozen=True)
class Finding:
    """What a probe found.

    Attributes:
        status: ok, missing (not there, nor needed by default) or broken.
        detail: One line.
        remedy: The one command that mends it, or empty.
    """

    status: str
    detail: str
    remedy: str = ""
