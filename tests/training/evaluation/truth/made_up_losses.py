"""Made-up lost episodes whose cause is known, step by step, without a simulator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.recording.trajectory import RoundRecord, StepRecord
from agent.recovery import ErrorSpan, RecoveryLedger
from envs.actions import Action, ActionFormatError, parse_action, types_of
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource
from training.evaluation.truth.attribution import attribute_failure
from training.evaluation.truth.step_truth import Deed, Moment, StepTruth, truth_of

OBJECTION = Discrepancy(
    DiscrepancyKind.OBJECT_MISSING,
    "Plate",
    "in view, to put in",
    "not in view",
    0.9,
    DiscrepancySource.VISION,
)


@dataclass(frozen=True)
class Loss:
    """A lost episode.

    Attributes:
        cause: What it has to be put down to.
        wanted: Object types that its task is about.
        steps: What was done, as ``did`` gives it.
        of: Goal conditions.
        about: Other facts of the task, of ``Moment``.
    """

    cause: str
    wanted: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]
    of: int = 1
    about: dict[str, Any] = field(default_factory=dict)


def did(
    action: str,
    expert: str = "",
    fails: bool = False,
    fault: str = "",
    believed: str = "",
    vetoed: str = "",
    met: int = 0,
    **seen: Any,
) -> dict[str, Any]:
    """A step.

    Args:
        action: What was done.
        expert: What the expert would have done; empty: the same.
        fails: The world refused it.
        fault: Kind of fault that struck in it; the agent is told that it worked.
        believed: What the agent took it for; empty: what it was told.
        vetoed: A proposal of this step that the agent objected to.
        met: Goal conditions that hold after it.
        **seen: Other facts, of ``Moment``.
    """
    return {
        "action": action,
        "expert": expert or action,
        "fails": fails,
        "fault": fault,
        "believed": believed or ("failed" if fails else "ok"),
        "vetoed": vetoed,
        "met": met,
        "seen": seen,
    }


def _action(text: str) -> Action | None:
    try:
        return parse_action(text)
    except ActionFormatError:
        return None


def played(loss: Loss) -> tuple[list[StepRecord], tuple[ErrorSpan, ...], list[StepTruth]]:
    """Its records, its errors and what was true of its steps."""
    wanted = frozenset(kind for name in loss.wanted for kind in types_of(name))
    records, truth, ledger = [], [], RecoveryLedger()
    deeds: list[Deed] = []
    held = ""
    for k, step in enumerate(loss.steps):
        meant, label = _action(step["action"]), _action(step["expert"])
        if label is None:
            raise ValueError(f"{step['expert']!r} is no action of an expert's")
        moment = Moment(
            meant,
            label,
            worked=not step["fails"],
            faulted=bool(step["fault"]),
            wanted=wanted,
            held=held,
            deeds=tuple(deeds),
        )
        truth.append(truth_of(replace(moment, **loss.about, **step["seen"])))
        is_error = step["fails"] or bool(step["fault"])
        if not is_error and meant is not None and meant.target is not None:
            deeds.append(Deed(meant.verb, meant.target, held))
            held = {"pick up": meant.target, "put in": ""}.get(meant.verb, held)
        records.append(_record(k, step, is_error, loss.of))
        skill = (meant.verb, meant.target) if meant else None
        ledger.note(
            k,
            skill,
            is_error=is_error,
            reported=step["believed"] == "failed",
            conditions_met=step["met"],
            success=False,
            fault=step["fault"],
        )
    return records, ledger.spans, truth


def _record(k: int, step: dict[str, Any], is_error: bool, of: int) -> StepRecord:
    proposals = [RoundRecord(step["action"], "", (), "", 1.0)]
    if step["vetoed"]:
        proposals.insert(0, RoundRecord(step["vetoed"], "", (), "", 1.0, "", (OBJECTION,)))
    return StepRecord(
        index=k,
        frame="",
        frame_hash=str(k),
        feedback="",
        memory=(),
        rounds=tuple(proposals),
        action=step["action"],
        thought="",
        point=None,
        attention=None,
        outcome=step["believed"],
        answer="failed" if step["fails"] else "ok",
        discrepancies=(),
        moves=0,
        fault=step["fault"],
        is_error=is_error,
        goal_conditions_met=step["met"],
        goal_conditions=of,
        reward=0.0,
        terminated=False,
        truncated=False,
        told="failed" if step["fails"] else "ok",
    )


def cause_of(loss: Loss) -> str:
    """What the evaluation puts it down to."""
    return attribute_failure(*played(loss))


_LOOK = did("look around", "goto Apple")
_TAKE = (did("goto Apple"), did("pick up Apple"))
_PLATE = (did("goto Plate"), did("pick up Plate"), did("goto Microwave"))
_HEAT = (
    did("open Microwave"),
    did("put in Microwave"),
    did("close Microwave"),
    did("toggle on Microwave"),
    did("toggle off Microwave"),
    did("open Microwave"),
    did("pick up Plate"),
)


def _times(count: int, *steps: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return steps * count


# By what happened in them. The first seven are of the kinds that were read one by one.
LOSSES = {
    "the heated plate goes back into the microwave": Loss(
        "memory",
        ("Plate", "Microwave", "DiningTable"),
        (
            *_PLATE,
            *_HEAT,
            did("goto Microwave", "goto DiningTable"),
            did("put in Microwave", "goto DiningTable"),
            did("close Microwave", "pick up Plate"),
            did("toggle on Microwave", "open Microwave"),
            did("toggle off Microwave", "open Microwave"),
            did("open Microwave"),
            did("pick up Plate"),
            did("put in Microwave", "goto DiningTable"),
            did("close Fridge", "pick up Plate", fails=True, in_view=False, on_it=False),
        ),
    ),
    "chill is read as clean": Loss(
        "understanding",
        ("Apple", "Fridge", "CounterTop"),
        (
            *_TAKE,
            did("goto Sink", "goto Fridge"),
            did("put in Sink", "goto Fridge"),
            did("toggle on Faucet", "pick up Apple"),
            did("toggle off Faucet", "pick up Apple"),
            did("pick up Apple"),
            did("goto CounterTop", "goto Fridge"),
            did("put in CounterTop", "goto Fridge"),
            did("done", "pick up Apple"),
        ),
    ),
    "a card in view is left for drawers": Loss(
        "planning",
        ("CreditCard", "SideTable"),
        (
            did("goto CreditCard"),
            did("goto Drawer", "pick up CreditCard"),
            did("open Drawer", "goto CreditCard"),
            did("goto Drawer", "goto CreditCard"),
            did("open Drawer", "goto CreditCard", fails=True, in_view=False, on_it=False),
            did("open Drawer", "goto CreditCard"),
            did("close Drawer", "goto CreditCard", fails=True),
            did("goto Drawer", "goto CreditCard"),
        ),
    ),
    "a stack is vetoed by a false 'absent'": Loss(
        "self-check",
        ("Fork", "Plate", "DiningTable"),
        (
            did("goto Fork"),
            did("pick up Fork"),
            did("goto Plate"),
            *_times(14, did("look around", "put in Plate", vetoed="put in Plate")),
            did("put in DiningTable", "put in Plate", fails=True, in_view=False, on_it=False),
        ),
    ),
    "a stack is vetoed, and then nothing is to be put": Loss(
        "self-check",
        ("Fork", "Plate", "DiningTable"),
        (
            did("goto Fork"),
            did("pick up Fork"),
            did("goto Plate"),
            did("look around", "put in Plate", vetoed="put in Plate"),
            did("drop", "put in Plate", vetoed="put in Plate"),
            did("look around", "goto Fork"),
            did("put in Plate", "goto Fork", fails=True),
        ),
    ),
    "a real grip is disbelieved": Loss(
        "self-check",
        ("Apple", "CounterTop"),
        (
            did("goto Apple"),
            did("pick up Apple", believed="failed"),
            did("pick up Apple", "goto CounterTop", fails=True),
            did("goto Apple", "goto CounterTop", fails=True),
            did("pick up Apple", "goto CounterTop", fails=True),
            did("look around", "goto CounterTop"),
            did("pick up Apple", "goto CounterTop", fails=True),
        ),
    ),
    "aluminum foil is read as a watch": Loss(
        "understanding",
        ("AluminumFoil", "CounterTop"),
        (
            did("goto Watch", "goto AluminumFoil"),
            did("pick up Watch", "goto AluminumFoil", fails=True, in_view=False, on_it=False),
            did("look around", "goto AluminumFoil"),
            did("pick up Watch", "goto AluminumFoil", fails=True),
        ),
    ),
    "another door is opened": Loss(
        "understanding",
        ("Fridge",),
        (
            did("goto Cabinet", "goto Fridge"),
            did("open Cabinet", "goto Fridge"),
            did("done", "goto Fridge"),
        ),
        about={"about_doors": True},
    ),
    "what is not in view is acted on": Loss(
        "perception",
        ("Apple",),
        _times(3, did("pick up Apple", "look around", fails=True, in_view=False, on_it=False)),
    ),
    "it looks on though the object is in view": Loss(
        "perception",
        ("Apple",),
        _times(4, did("look around", "goto Apple", overlooked=True)),
    ),
    "it says found where nothing is": Loss(
        "perception",
        ("Apple",),
        (did("look around"), did("done", "look around")),
        about={"says_found": True},
    ),
    "it walks to what it takes for the object": Loss(
        "perception",
        ("Apple",),
        _times(
            3,
            did("goto Apple at (0.4, 0.4)", "look around", in_view=False, on_it=False),
            did("look around", "goto Apple"),
        ),
    ),
    "it points at something else": Loss(
        "grounding",
        ("Apple",),
        (did("goto Apple"), *_times(3, did("pick up Apple", fails=True, on_it=False))),
    ),
    "something else had to be done first": Loss(
        "precondition",
        ("Apple", "Fridge"),
        (
            *_TAKE,
            did("goto Fridge"),
            *_times(3, did("put in Fridge", "open Fridge", fails=True)),
        ),
    ),
    "the world refuses the right action": Loss(
        "execution",
        ("Apple", "Fridge"),
        (*_TAKE, *_times(3, did("goto Fridge", fails=True))),
    ),
    "it looks around for ever": Loss("planning", ("Apple",), (_LOOK,) * 6),
    "its replies are no actions": Loss(
        "planning", ("Apple",), (did("take the apple", "goto Apple", fails=True),) * 3
    ),
    "a put slipped, and it says that it is done": Loss(
        "unnoticed",
        ("Apple", "Fridge"),
        (
            *_TAKE,
            did("goto Fridge"),
            did("open Fridge"),
            did("put in Fridge", fault="noop"),
            did("done", "put in Fridge"),
        ),
    ),
    "the object fell on the way, and it walks on": Loss(
        "unnoticed",
        ("Apple", "Fridge"),
        (
            *_TAKE,
            did("goto Fridge", fault="dropped"),
            did("open Fridge", "goto Apple"),
            did("put in Fridge", "goto Apple", fails=True),
            did("put in Fridge", "goto Apple", fails=True),
        ),
    ),
    "it fell, was noticed, and was not found again": Loss(
        "perception",
        ("Apple", "Fridge"),
        (
            *_TAKE,
            did("goto Fridge", fault="dropped", believed="failed"),
            *_times(5, did("look around", "goto Apple", overlooked=True)),
        ),
    ),
    "it stops too early": Loss(
        "ending",
        ("Apple", "Fridge"),
        (*_TAKE, did("goto Fridge"), did("done", "open Fridge")),
    ),
    "the goal was reached and it goes on": Loss(
        "ending",
        ("Apple", "Fridge"),
        (
            *_TAKE,
            did("goto Fridge"),
            did("open Fridge"),
            did("put in Fridge", met=1),
            did("look around", "done", met=1),
            did("pick up Apple", "done"),
            did("pick up Mug", "open Fridge", fails=True),
        ),
    ),
}
