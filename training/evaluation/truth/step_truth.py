"""What was wrong with a single step, named by rules from the simulator's truth.

A step that failed has a ``cause``; one that worked but that the expert would not have taken has
gone ``astray``. Both are named in this order, the first that fits:

- execution: a fault struck, or the right action was tried and the world refused.
- planning: no action at all.
- understanding: it acts on what the task is not about, so the instruction was read as another one.
- memory: it does again what the agent had brought about already, or undoes that.
- ending: it says that it is done, and it is not.
- perception: the named object is not in view, also where a walk leads to what was taken for it; it
  is said to be found and is not; or what is looked for is plainly in view.
- grounding: the named object is in view, but the point lies on something else.
- precondition: the task needs this action, but something else had to be done first.
- planning: whatever else does not lead to the goal, whether it works or fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from envs.actions import INTERACTIONS, Action, types_of
from envs.simulator.core.object_types import object_type

# Acts that leave something behind; doors are left out: there are many alike to be searched.
_LASTING = ("pick up", "put in", "slice", "toggle on", "toggle off")
# What takes away another deed of the agent's own.
_UNDOES = {"pick up": "put in", "toggle off": "toggle on", "toggle on": "toggle off"}


@dataclass(frozen=True)
class StepTruth:
    """A step beside what the simulator knows.

    Attributes:
        cause: Of a step that failed or was faulted, one of ``verdicts.CAUSES``; else empty.
        astray: The same of a step that worked but that the expert would not have taken; else empty.
        expert: What the expert would have done, in words.
        hit: Whether the point lay on the named object, of steps that point at an object in view;
            else None.
    """

    cause: str
    astray: str
    expert: str
    hit: bool | None = None


@dataclass(frozen=True)
class Deed:
    """Something that the agent did and that worked.

    Attributes:
        verb: Of the action.
        target: Object type.
        held: Object type in the hand before it; empty for none.
    """

    verb: str
    target: str
    held: str = ""


@dataclass(frozen=True)
class Moment:
    """What is true when a step is taken.

    Attributes:
        meant: The action; None for a reply that is none.
        label: What the expert would do.
        worked: The world carried it out.
        faulted: A fault struck in it.
        in_view: The named object is in view.
        on_it: The point lies on it; without a point, as ``in_view``.
        overlooked: What the expert acts on is plainly in view.
        wanted: Object types that the task is about.
        held: Object type in the hand; empty for none.
        deeds: What the agent did before and what worked, oldest first.
        says_found: That it is done says no more than that something is in view or near.
        about_doors: The task is about opening or closing.
        won: The goal is reached after it.
    """

    meant: Action | None
    label: Action
    worked: bool = True
    faulted: bool = False
    in_view: bool = True
    on_it: bool = True
    overlooked: bool = False
    wanted: frozenset[str] = frozenset()
    held: str = ""
    deeds: tuple[Deed, ...] = ()
    says_found: bool = False
    about_doors: bool = False
    won: bool = False

    @property
    def alike(self) -> bool:
        """Whether it is what the expert would do, wherever it points."""
        meant = self.meant
        return meant is not None and (meant.verb, meant.target) == (
            self.label.verb,
            self.label.target,
        )

    def is_wanted(self, name: str | None) -> bool:
        """Whether an object type is what the task is about."""
        return name is not None and not self.wanted.isdisjoint(types_of(name))


def truth_of(moment: Moment) -> StepTruth:
    """The step beside what was true of it."""
    cause = astray = ""
    if moment.faulted:
        cause = "execution"
    elif not moment.worked:
        cause = _cause(moment)
    elif not moment.alike and not moment.won:
        astray = _astray(moment)
    meant = moment.meant
    points = meant is not None and points_here(meant) and moment.in_view
    said = moment.label.to_text().split(" at (")[0]
    return StepTruth(cause, astray, said, moment.on_it if points else None)


def points_here(action: Action) -> bool:
    """Whether an action points at something in the present view."""
    return action.point is not None and action.view is None


def _cause(moment: Moment) -> str:
    """Why a step failed."""
    meant = moment.meant
    if meant is None:
        return "planning"
    if not moment.alike:
        early = _misled(moment, meant)
        if early:
            return early
    if meant.verb == "done":
        return "ending"
    if meant.verb in INTERACTIONS and meant.target is not None:
        if not moment.in_view:
            return "perception"
        if not moment.on_it:
            return "grounding"
        if moment.alike:
            return "execution"
        return "precondition" if moment.is_wanted(meant.target) else "planning"
    if meant.view is not None:
        return "grounding"  # what was remembered is not there
    if meant.verb == "goto" and points_here(meant) and not moment.on_it:
        return "grounding" if moment.in_view else "perception"
    return "execution" if moment.alike else "planning"


def _astray(moment: Moment) -> str:
    """Why a step that worked did not lead on."""
    meant = moment.meant
    if meant is None:
        return "planning"
    early = _misled(moment, meant)
    if early:
        return early
    if meant.verb == "done":
        return "perception" if moment.says_found else "ending"
    if meant.verb == "goto" and points_here(meant) and not moment.on_it:
        return "grounding" if moment.in_view else "perception"  # it leads to whatever is there
    looked = meant.verb == "look around"
    return "perception" if looked and moment.overlooked else "planning"


def _misled(moment: Moment, meant: Action) -> str:
    """What explains the choice of an action that the expert would not take; empty for nothing."""
    if _is_foreign(moment, meant):
        return "understanding"
    return "memory" if _is_again(moment, meant) else ""


def _is_foreign(moment: Moment, meant: Action) -> bool:
    """Whether an action is on what the task is not about; to search anything is never."""
    name = meant.target
    if name is None or not moment.wanted or moment.is_wanted(name) or name == moment.label.target:
        return False
    if meant.verb == "goto":
        return object_type(name).pickupable
    if meant.verb in ("open", "close"):
        return moment.about_doors
    if meant.verb != "put in":
        return meant.verb in INTERACTIONS
    # To free the hand anything may go anywhere.
    label = moment.label
    frees = label.verb == "drop" or (label.verb == "put in" and not moment.is_wanted(label.target))
    return moment.is_wanted(moment.held) and not frees


def _is_again(moment: Moment, meant: Action) -> bool:
    """Whether an action was done before, or takes back what was, and is not called for now."""
    if meant.verb not in _LASTING or meant.target is None:
        return False
    if meant.verb == "put in":
        return Deed("put in", meant.target, moment.held) in moment.deeds
    if meant.verb == "pick up" and moment.label.target == meant.target:
        return False  # it is to be taken, only not yet
    other = _UNDOES.get(meant.verb, "")
    return any(
        (deed.verb == meant.verb and deed.target == meant.target)
        or (deed.verb == other and meant.target in (deed.held or deed.target, deed.target))
        for deed in moment.deeds
    )
