"""How much care goes into a picture: quick for training, fine for models that know photographs."""

from __future__ import annotations

from envs.simulator.core.errors import ActionFailed, shown

STANDARD, HIGH = "standard", "high"
QUALITIES = (STANDARD, HIGH)
# How much larger fine pictures are drawn before they are averaged.
FINE_SCALE = 2


def check_quality(name: str) -> str:
    """The name if it is one of ``QUALITIES``.

    Raises:
        ActionFailed: If it is not.
    """
    if name not in QUALITIES:
        raise ActionFailed(f"render_quality {shown(name)!r} is not one of {', '.join(QUALITIES)}.")
    return name
