"""The embedded AI2-THOR: a simulator that ai2thor's own, unmodified client drives.

Three ways in: in this process (``envs.backends.make_controller``), as an executable over named
pipes or HTTP (``local_executable_path="python -m envs.simulator"``), or under every plain
``Controller()`` (``patch()``; ``python -m envs.simulator.install`` for a whole environment).

Covered: AI2-THOR's 120 rooms, RoboTHOR's 75 and ProcTHOR's houses; pictures, depth, instances,
classes and normals; walking, the hand, states and their contextual effects, forces, editing, random
looks, queries, several agents and cameras. ``python -m envs.simulator.tools.coverage`` lists every
action
and what is missing.

Left out: arm, drone and Stretch, whose actions fail by name; optical flow.

The coordinate frame is AI2-THOR's: metres and degrees, left-handed, x right, y up, z forward at
yaw 0, yaw clockwise seen from above.
"""

from __future__ import annotations


def patch(mode: str = "in-process") -> None:
    """Makes every later ``ai2thor.controller.Controller`` of this process an embedded one.

    Args:
        mode: ``"in-process"``, or ``"separate-process"`` for one child process a controller.

    Raises:
        ValueError: If the mode is neither.
    """
    from envs.simulator.server.dropin import patch as apply

    apply(mode)


def unpatch() -> None:
    """Takes ``patch`` back."""
    from envs.simulator.server.dropin import unpatch as undo

    undo()
