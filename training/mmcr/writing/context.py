"""What the agent is told before the first question: its task, and what it did, as it knows it."""

from __future__ import annotations

from training.mmcr.dialogue.wording import deed_words, several, usual_name
from training.mmcr.truth.world import Deed, World

_ROOMS = {"living_room": "living room"}
_TOLD = {"ok": "it worked", "failed": "it failed", "unknown": "nothing was said of it"}


def context_of(world: World) -> str:
    """In words.

    Example:
        You are a robot in a kitchen. Your task: open the fridge. What you did: step 1: go to the
        fridge (it worked). Frame 1 was seen before step 1; frame 2 after step 1.
    """
    said = [
        f"You are a robot in a {_ROOMS.get(world.room, world.room)}.",
        f"Your task: {world.instruction.strip().rstrip('.')}.",
    ]
    if world.deeds:
        steps = [f"step {k + 1}: {_deed(deed)}" for k, deed in enumerate(world.deeds)]
        said.append(f"What you did: {'; '.join(steps)}.")
    else:
        said.append("You have done nothing yet.")
    if len(world.shots) > 1:
        said.append(f"You see {len(world.shots)} frames, in the order in which they were taken:")
        taken = [
            f"frame {k + 1} {f'after step {shot.step}' if shot.step else 'before step 1'}"
            for k, shot in enumerate(world.shots)
        ]
        said.append(f"{several(taken)}.")
    else:
        said.append("The frame is what you see now.")
    return " ".join(said)


def _deed(deed: Deed) -> str:
    if not deed.verb:
        return "say something that is no action (it failed)"
    thing = f"the {usual_name(deed.target)}" if deed.target else ""
    return f"{deed_words(deed.verb, thing, past=False)} ({_TOLD[deed.told]})"
