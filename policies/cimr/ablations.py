"""What a policy may be trained and play without, to see what that part is worth.

    {"model_type": "cimr_llava", "without": ["memory"], ...}     a checkpoint's config.json

What is left out is left out by the network itself (``policies.cimr.model``): events of such a part
are no tokens at all, such a block is passed by. So training and playing can't differ. The names of
initial weights stay, so that variants of one seed begin with the same ones.

Left out of this: what the agent around the network does. Its feedback parser still compares with
its memory, and its skills still complete a walk by where the policy saw something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from envs.simulator.system.typed_records import shown
from policies.cimr.memory_events import GROUPS, slots_of

FUSION, QUERIES, MEMORY, LEARNED, STATE, SECOND_PHASE = (
    "fusion",
    "queries",
    "memory",
    "learned-memory",
    "state",
    "second-phase",
)
# What each name leaves out, as --help says it.
PARTS = {
    FUSION: "text, picture and memory query each other, and words are told what they find",
    QUERIES: "text, picture and memory query each other; words are still told what they find",
    MEMORY: "all that is known of earlier steps, in events and in learned tokens",
    LEARNED: "the learned memory's tokens",
    STATE: "discrepancies, of the last action and of this step's proposals",
    SECOND_PHASE: "objections to a proposal, and all answers that were given after one",
}
_OBJECTIONS = ("objections",)
_DISCREPANCIES = ("notes", *_OBJECTIONS)
# What is in the hand, and where it stands, the agent believes because of what it did before.
_REMEMBERED = tuple(group for group in GROUPS if group not in _DISCREPANCIES)
_GROUPS_OF = {MEMORY: _REMEMBERED, STATE: _DISCREPANCIES, SECOND_PHASE: _OBJECTIONS}


def checked(value: Any, name: str = "without") -> tuple[str, ...]:
    """Names of parts, in the order of ``PARTS``.

    Args:
        value: A list of names; None: nothing is left out.
        name: What it is called in the error.

    Raises:
        ValueError: If it is anything else, in one line.

    >>> checked(["state", "fusion"])
    ('fusion', 'state')
    """
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is {shown(value)}, not a list of parts: {', '.join(PARTS)}")
    for k, part in enumerate(value):
        if not isinstance(part, str) or part not in PARTS:
            raise ValueError(f"{name} has {shown(part)}: use some of {', '.join(PARTS)}")
        if part in value[:k]:
            raise ValueError(f"{name} has {shown(part)} twice")
    return tuple(part for part in PARTS if part in value)


def variant(part: str) -> str:
    """What a policy without a part is called: the name of its folder, and of its row in tables.

    >>> variant("memory")
    'no-memory'
    """
    return f"no-{part}"


def told_parts() -> str:
    """All names with what each leaves out, for a command's help."""
    return "; ".join(f"{part} ({said})" for part, said in PARTS.items())


def lets_query(without: Sequence[str]) -> bool:
    """Whether the streams query each other."""
    return FUSION not in without and QUERIES not in without


def tells_findings(without: Sequence[str]) -> bool:
    """Whether words are told what they find in the picture."""
    return FUSION not in without


def keeps_memory(without: Sequence[str]) -> bool:
    """Whether anything of earlier steps is known, but for what was found wrong of the last one."""
    return MEMORY not in without


def learns_memory(without: Sequence[str]) -> bool:
    """Whether there are tokens of a learned memory."""
    return MEMORY not in without and LEARNED not in without


def kept_slots(without: Sequence[str]) -> list[int] | None:
    """The slots of memory events that are read; None: all.

    >>> kept_slots(()) is None, len(kept_slots(["memory"]))
    (True, 10)
    """
    gone = {group for part in without for group in _GROUPS_OF.get(part, ())}
    return _where(group for group in GROUPS if group not in gone) if gone else None


def kept_news(without: Sequence[str]) -> list[int] | None:
    """Which of a step's news the learned memory is told; None: all.

    >>> kept_news(["state"])
    [0]
    """
    # The first is what was done; what was found wrong of it follows.
    return [0] if STATE in without else None


def _where(groups: Iterable[str]) -> list[int]:
    slots = [slots_of(group) for group in groups]
    return [row for slot in slots for row in range(slot.start, slot.stop)]
