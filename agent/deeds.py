"""What follows from the agent's own successful actions: states, treatments, places searched.

It is what anybody would remember of having done it, no look at the simulator: what was put into the
microwave before that was switched on is hot.
"""

from __future__ import annotations

from dataclasses import replace

from agent.wording import words
from envs.tasks.object_names import is_furniture
from policies.base import Deeds

# What an action brings about where it works.
STATE_AFTER = {"open": "open", "close": "closed", "toggle on": "on", "toggle off": "off"}
# What switching something on does to what is in it; a faucet does it to what is in the sink.
_TREATS = {
    "Microwave": (("Microwave",), "hot"),
    "StoveBurner": (("StoveBurner", "Pan", "Pot"), "hot"),
    "StoveKnob": (("StoveBurner", "Pan", "Pot"), "hot"),
    "Toaster": (("Toaster",), "hot"),
    "Faucet": (("Sink", "SinkBasin", "Bathtub", "BathtubBasin"), "clean"),
}
TREATED_KEPT, SEARCHED_KEPT = 6, 8


def deeds_after(
    deeds: Deeds,
    verb: str,
    target: str | None,
    holding: str | None,
    places: tuple[tuple[str, str], ...],
) -> Deeds:
    """The deeds with what a successful action adds.

    Args:
        deeds: Before.
        verb: Of the action.
        target: Object type it acted on.
        holding: Object type in hand before.
        places: Where things are believed to be, before.
    """
    if target is None:
        return deeds
    if verb in STATE_AFTER:
        kept = tuple(entry for entry in deeds.states if entry[0] != target)
        deeds = replace(deeds, states=(*kept, (target, STATE_AFTER[verb])))
    if verb in ("goto", "open") and is_furniture(target):
        deeds = _searched(deeds, target)
    if verb == "slice":
        return _treated(deeds, (target,), "sliced")
    if verb == "put in" and target == "Fridge" and holding:
        return _treated(deeds, (holding,), "cold")
    if verb == "toggle on" and target in _TREATS:
        inside, how = _TREATS[target]
        where = {f"in {words(kind)}" for kind in inside}
        return _treated(deeds, tuple(kind for kind, place in places if place in where), how)
    return deeds


def _treated(deeds: Deeds, kinds: tuple[str, ...], how: str) -> Deeds:
    fresh = tuple((kind, how) for kind in kinds)
    # What is heated is no longer cold.
    undone = {"hot": ("hot", "cold"), "cold": ("hot", "cold")}.get(how, (how,))
    kept = tuple(e for e in deeds.treated if not (e[0] in kinds and e[1] in undone))
    return replace(deeds, treated=(*kept, *fresh)[-TREATED_KEPT:])


def _searched(deeds: Deeds, kind: str) -> Deeds:
    often = dict(deeds.searched).get(kind, 0) + 1
    kept = tuple(entry for entry in deeds.searched if entry[0] != kind)
    return replace(deeds, searched=(*kept, (kind, often))[-SEARCHED_KEPT:])
