"""What the data set is made of: plans, and triples of error, feedback and correction.

    Triple(id="train-00000-0003", stage="outcome", cause="fault", detail="noop",
           proposal=Move("open Fridge", "open", "Fridge", "fridge in view"),
           discrepancies=(Discrepancy("effect_missing", "open Fridge", "open", "not open", ...),),
           correction=Move("open Fridge", "open", "Fridge", "fridge in view"), answer="retry", ...)

Every correction is the searching expert's, who then carried it out: it worked, and the episode was
won.
"""

from __future__ import annotations

from dataclasses import dataclass

from envs.actions import Action
from policies.base import PastStep
from policies.discrepancy import Discrepancy

VERSION = 1

# Held against a proposal before it is acted on, or against what came of an action.
STAGES = ("proposal", "outcome")
WHY = {
    "fault": "a fault was injected",
    "slip": "the expert was made to slip",
    "policy": "the learned policy that acted failed by itself",
    "own": "the expert's own step came to nothing",
    "none": "nothing was wrong",
}
CAUSES = tuple(WHY)
# What the right answer does with the proposal: another one, the same, once more, or the next step.
ANSWERS = ("change", "insist", "retry", "go on")


@dataclass(frozen=True)
class Move:
    """An action with the thought that goes with it.

    Attributes:
        text: As ``envs.actions`` writes it, point included; of a malformed reply, its words.
        verb: One of ``envs.actions.VERBS``; empty if the reply was malformed.
        target: Object type; empty for none.
        thought: In words.
    """

    text: str
    verb: str = ""
    target: str = ""
    thought: str = ""

    @classmethod
    def of(cls, action: Action, thought: str = "") -> Move:
        """An action as it is kept."""
        return cls(action.to_text(), action.verb, action.target or "", thought)


@dataclass(frozen=True)
class Setting:
    """Where something took place, and in whose words.

    Attributes:
        split: Of the data set: train, validation, test, test_rooms or test_wording.
        room_split: Whose rooms: train, val or test.
        wording: Whose templates and phrases: train or test.
        scene: AI2-THOR scene name.
        room: Its kind.
        family: Of the task.
        instruction: In words.
    """

    split: str
    room_split: str
    wording: str
    scene: str
    room: str
    family: str
    instruction: str


@dataclass(frozen=True)
class Plan:
    """A task and how the expert carries it out, undisturbed.

    Attributes:
        id: Names it within the data set.
        setting: Where, and in whose words.
        rewordings: The same task in other words of the same half of the wording.
        goal: What must hold, as conditions.
        target: Object type.
        receptacle: Object type, or empty.
        tool: Object type, or empty.
        turn_on: For toggle: on or off.
        steps: Every one worked; the last is ``done``.
        picture: The first view, an encoded JPEG.
    """

    id: str
    setting: Setting
    rewordings: tuple[str, ...]
    goal: str
    target: str
    receptacle: str
    tool: str
    turn_on: bool
    steps: tuple[Move, ...]
    picture: bytes


@dataclass(frozen=True)
class Triple:
    """A proposal that went wrong or was called wrong, what was said of it, and the right answer.

    Attributes:
        id: Names it within the data set.
        plan: Id of its task's plan.
        setting: Where, and in whose words.
        step: At which it happened, from 0.
        stage: One of ``STAGES``.
        cause: One of ``CAUSES``.
        detail: Kind of the fault, of the slip or of the policy's failure; empty for none.
        history: What was done before the correction, oldest first.
        memory: What the agent remembered when it had to answer, in words.
        proposal: What went wrong, or was said to.
        feedback: The environment's text after it; empty where it said nothing.
        discrepancies: S_t, strongest first; at least one.
        holds: Whether something really was wrong.
        correction: The right answer.
        answer: One of ``ANSWERS``.
        before: The view it was proposed in, an encoded JPEG.
        after: The view after it was carried out; None in stage ``proposal``.
    """

    id: str
    plan: str
    setting: Setting
    step: int
    stage: str
    cause: str
    detail: str
    history: tuple[PastStep, ...]
    memory: tuple[str, ...]
    proposal: Move
    feedback: str
    discrepancies: tuple[Discrepancy, ...]
    holds: bool
    correction: Move
    answer: str
    before: bytes
    after: bytes | None
