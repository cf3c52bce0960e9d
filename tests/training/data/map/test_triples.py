"""Which triples an episode gives, and which it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from agent.recording.trajectory import RoundRecord, StepRecord
from envs.actions import Action, parse_action
from envs.observations import Segmentation
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource
from policies.expert.parts import Label
from training.data.map.frame_truth import FrameTruth
from training.data.map.play import PlayedStep
from training.data.map.triples import choose, find_triples, plan_of

FRIDGE = "Fridge|+01.00|+00.00|+00.00"
WRONG = Discrepancy(
    DiscrepancyKind.ACTION_FAILED, "open Fridge", "ok", "no", 1.0, DiscrepancySource.ENVIRONMENT
)


def truth(shows: bool = True) -> FrameTruth:
    """A view whose left half is a fridge, or of nothing."""
    index = np.zeros((300, 300), np.int32)
    index[:, :150] = shows
    counts = np.array([90_000 - 45_000 * shows, 45_000 * shows])
    return FrameTruth(Segmentation(index, ("", FRIDGE), counts), {}, "")


def step(
    index: int,
    right: str,
    *said: str,
    found: tuple[Discrepancy, ...] = (),
    objected: tuple[Discrepancy, ...] = (),
    failed: bool = False,
    fault: str = "",
    slip: str = "",
    shows: bool = True,
    by_policy: bool = False,
) -> PlayedStep:
    """A step in which ``right`` was right, ``said`` proposed, and the last of that done."""
    proposed = said or (right,)
    rounds = tuple(
        RoundRecord(text, "", (), text, 1.0, discrepancies=objected if k == 0 else ())
        for k, text in enumerate(proposed)
    )
    record = StepRecord(
        index=index,
        frame="",
        frame_hash="",
        feedback="",
        memory=(),
        rounds=rounds,
        action=proposed[-1],
        thought="",
        point=None,
        attention=None,
        outcome="failed" if failed else "ok",
        answer="failed" if failed else "ok",
        discrepancies=found,
        moves=0,
        fault=fault,
        is_error=failed or bool(fault),
        goal_conditions_met=0,
        goal_conditions=1,
        reward=0.0,
        terminated=False,
        truncated=False,
    )
    label = Label(parse_action(right), "next")
    frame = np.zeros((2, 2, 3), np.uint8)
    return PlayedStep(record, label, slip, frame, truth(shows), by_policy)


def test_a_fault_that_is_noticed_and_mended_is_a_triple():
    steps = [
        step(0, "open Fridge", found=(WRONG,), fault="noop"),
        step(1, "open Fridge"),
        step(2, "done"),
    ]
    (found,) = find_triples(steps)
    assert (found.stage, found.cause, found.detail) == ("outcome", "fault", "noop")
    assert (found.answer, found.before, found.after) == ("retry", 0, 1)
    assert found.holds and found.discrepancies == (WRONG,)
    assert [past.action for past in found.history] == ["open Fridge"]


def test_a_slip_that_is_taken_back_is_a_triple_without_a_view_after():
    steps = [step(0, "open Fridge", "done", "open Fridge", objected=(WRONG,), slip="done")]
    (found,) = find_triples(steps)
    assert (found.stage, found.answer, found.cause) == ("proposal", "change", "slip")
    assert found.after is None and found.proposal.text == "done"
    assert found.correction.text == "open Fridge"


def test_an_objection_to_what_is_right_asks_to_insist():
    steps = [step(0, "open Fridge", "open Fridge", "open Fridge", objected=(WRONG,))]
    (found,) = find_triples(steps)
    assert (found.answer, found.cause, found.holds) == ("insist", "none", False)


def test_a_correction_that_failed_or_was_not_carried_out_is_left_out():
    wrong = step(0, "open Fridge", found=(WRONG,), failed=True)
    assert find_triples([wrong, step(1, "open Fridge", failed=True)]) == []
    assert find_triples([wrong, step(1, "open Fridge", "look around")]) == []
    assert find_triples([wrong]) == []


def test_a_correction_of_what_the_view_does_not_show_is_left_out():
    wrong = step(0, "goto Fridge", found=(WRONG,), fault="stale_frame")
    assert find_triples([wrong, step(1, "open Fridge", shows=False)]) == []
    assert len(find_triples([wrong, step(1, "goto Fridge", shows=False)])) == 1


def test_a_point_beside_its_object_does_not_show_it():
    assert truth().shows(Action("open", "Fridge", (0.2, 0.5)))
    assert not truth().shows(Action("open", "Fridge", (0.9, 0.5)))


def test_faults_are_kept_first_and_nothing_is_said_twice():
    slips = [
        step(k, "open Fridge", text, "open Fridge", objected=(WRONG,), slip="random")
        for k, text in enumerate(("look around", "drop", "goto Sink", "done", "done"))
    ]
    fault = [step(5, "open Fridge", found=(WRONG,), fault="noop"), step(6, "open Fridge")]
    found, seen = find_triples([*slips, *fault]), set[tuple[str, ...]]()
    assert len(found) == 6
    rng = np.random.default_rng(0)
    assert [one.cause for one in choose(found, 1, seen, rng)] == ["fault"]
    assert len(choose(found, 9, set(), rng)) == 5
    assert choose([replace(found[-1], step=9)], 9, seen, rng) == []


def test_a_policys_own_failure_is_told_from_a_slip_and_from_the_experts():
    def cause_of(*steps: PlayedStep) -> tuple[str, str]:
        (found,) = find_triples(steps)
        return found.cause, found.detail

    then, failed = step(1, "open Fridge"), {"found": (WRONG,), "failed": True}
    own = {"by_policy": True, **failed}
    other = step(0, "open Fridge", "open Sink", slip="other_object", **own)
    assert cause_of(other, then) == ("policy", "other_object")
    in_vain = step(0, "open Fridge", **own)
    assert cause_of(in_vain, then) == ("policy", "came_to_nothing")
    slipped = step(0, "open Fridge", "open Sink", slip="other_object", **failed)
    assert cause_of(slipped, then) == ("slip", "other_object")
    mended = step(0, "open Fridge", "open Sink", "open Fridge", slip="other_object", **own)
    assert cause_of(mended, then) == ("own", ""), "what failed in the end was the expert's"
    said = step(0, "open Fridge", "done", "open Fridge", objected=(WRONG,), slip="done")
    assert cause_of(replace(said, by_policy=True)) == ("policy", "done")


def test_a_policys_other_point_is_not_called_wrong_before_it_failed():
    proposed = ("open Fridge at (0.10, 0.50)", "open Fridge at (0.40, 0.50)")
    said = step(0, "open Fridge at (0.40, 0.50)", *proposed, objected=(WRONG,), by_policy=True)
    assert find_triples([said]) == []
    assert len(find_triples([replace(said, by_policy=False)])) == 1


def test_a_plan_is_what_worked():
    steps = [step(0, "goto Fridge", failed=True), step(1, "goto Fridge"), step(2, "done")]
    assert [move.text for move in plan_of(steps)] == ["goto Fridge", "done"]
