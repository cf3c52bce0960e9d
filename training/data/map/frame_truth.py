"""What a frame shows, by the simulator: the answers that the feedback parser is given.

The parser asks the policy about frames; here the policy knows. What is hard to see it leaves open,
and how sure it is varies, so that its confidence does not tell a right objection from a false one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.consistency import MISSED
from agent.wording import kinds_in
from envs.actions import Action, types_of
from envs.observations import SEEN_PIXELS, Segmentation, object_type_of
from envs.tasks.object_names import is_furniture
from envs.thor_env import ThorEnv
from policies.base import Answer, Question, Sighting

# Of a 300 x 300 frame: what shows so much of itself is noticed by whoever looks.
NOTICED_PIXELS = 45
CONFIDENCE = (0.65, 0.99)
TRUST = CONFIDENCE[0]
# A point may miss its object by so many pixels.
_POINT_RADIUS = 4.0
_STATES = {
    "open": ("openable", "isOpen", True),
    "closed": ("openable", "isOpen", False),
    "on": ("toggleable", "isToggled", True),
    "off": ("toggleable", "isToggled", False),
}


@dataclass(frozen=True, eq=False)
class FrameTruth:
    """What was so when a frame was taken.

    Attributes:
        view: What each pixel shows.
        objects: AI2-THOR's dicts of the objects that it shows, by id.
        held: Object type in the hand; empty for none.
    """

    view: Segmentation
    objects: dict[str, dict[str, Any]]
    held: str

    @classmethod
    def now(cls, env: ThorEnv) -> FrameTruth:
        """Of the environment's present view."""
        view, metadata = env.skills.view, env.controller.last_event.metadata
        shown = set(view.ids)
        hand = metadata["inventoryObjects"]
        return cls(
            view,
            {o["objectId"]: o for o in metadata["objects"] if o["objectId"] in shown},
            hand[0]["objectType"] if hand else "",
        )

    def pixels(self, kind: str) -> int:
        """How many show the largest object of a type, as in a frame of 300 x 300."""
        found = self.view.of_types(types_of(kind), 1)
        return max((self.view.pixels(object_id) for object_id in found), default=0)

    def yes(self, question: Question) -> bool | None:
        """The answer to a question; None where that is hard to see."""
        if question.kind == "holding":
            return question.subject == self.held
        shown = self.pixels(question.subject)
        if question.kind == "in_view":
            return None if 0 < shown < SEEN_PIXELS else shown > 0
        can, is_so, wanted = _STATES[question.state]
        seen = self.view.of_types(types_of(question.subject), SEEN_PIXELS)
        states = {
            bool(fact[is_so])
            for fact in (self.objects.get(object_id) for object_id in seen)
            if fact is not None and fact[can]
        }
        return states == {wanted} if len(states) == 1 else None

    def answer(self, question: Question, rng: np.random.Generator) -> Answer | None:
        """The same with a confidence."""
        yes = self.yes(question)
        return None if yes is None else Answer(yes, sureness(rng))

    def shows(self, action: Action) -> bool:
        """Whether what an action is on can be seen here, where the action points if it does."""
        if action.target is None or action.view is not None:
            return True
        if action.point is not None:
            radius = _POINT_RADIUS * self.view.index.shape[0] / 300
            return self.view.near(action.point, types_of(action.target), radius) is not None
        if action.verb == "goto" and is_furniture(action.target):
            return True  # the way to furniture is known, as of a room one lives in
        return self.pixels(action.target) > 0

    def belies(self, thought: str) -> bool:
        """Whether a thought says of something that it is not here, and it is plain to see.

        The expert thinks so of what it could not reach from here.
        """
        if not MISSED.search(thought.lower()):
            return False
        return any(self.pixels(kind) >= NOTICED_PIXELS for kind in kinds_in(thought))

    def sightings(self) -> tuple[Sighting, ...]:
        """The loose objects that anybody would notice, of a type the largest."""
        best: dict[str, tuple[int, str]] = {}
        for object_id, count in zip(self.view.ids, self.view.counts, strict=True):
            kind = object_type_of(object_id) if object_id else ""
            if kind and count >= NOTICED_PIXELS and not is_furniture(kind):
                best[kind] = max(best.get(kind, (0, "")), (int(count), object_id))
        return tuple(
            Sighting(kind, self.view.interior(object_id), 0.9)
            for kind, (_, object_id) in sorted(best.items())
        )


def sureness(rng: np.random.Generator) -> float:
    """How sure an answer is."""
    return round(float(rng.uniform(*CONFIDENCE)), 2)
