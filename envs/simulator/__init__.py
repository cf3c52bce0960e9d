"""The embedded AI2-THOR: a simulator that ai2thor's own, unmodified client drives.

Three ways in: in this process (``envs.backends.make_controller``), as an executable over named
pipes or HTTP (``local_executable_path="python -m envs.simulator"``), or under every plain
``Controller()`` (``patch()``; ``python -m envs.simulator.install`` for a whole environment).

Covered: the 30 kitchens with AI2-THOR's object ids, places, boxes and start states; RGB, depth,
instance, class and normal images rendered in software; navigation on the recorded free floor;
looking, teleporting, crouching; reachable and interactable poses; picking up, putting down,
dropping, opening, closing, toggling, slicing, breaking, cooking, dirtying, filling and using up;
contextual effects (heating, cooling, cleaning, filling, coffee); random spawns; snapshots.

Left out so far: rigid-body pushing and throwing, arm mode, generated houses. An action
that is not covered answers with AI2-THOR's ``InvalidAction``.

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
    from envs.simulator.dropin import patch as apply

    apply(mode)


def unpatch() -> None:
    """Takes ``patch`` back."""
    from envs.simulator.dropin import unpatch as undo

    undo()
