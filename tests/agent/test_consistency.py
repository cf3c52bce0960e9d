"""What words, memory and instruction say against a proposal, and what to do instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agent.consistency import (
    acts_in,
    against_own_words,
    left_undone,
    missed_thing,
    nothing_done,
    other_thing,
    repetition,
)
from agent.memory import ContextMemory
from agent.refine import called_for
from agent.wording import OUT_OF_VIEW
from envs.actions import parse_action
from envs.tasks.registry import FAMILIES
from policies.base import Reply
from policies.discrepancy import Discrepancy, Remedy

FRAME = np.zeros((8, 8, 3), np.uint8)
GRIPLESS = Discrepancy(
    "effect_missing", "pick up Mug", "mug in hand", "no such thing", 0.9, "vision"
)


def reply(text: str, thought: str = "", plan: tuple[str, ...] = ()) -> Reply:
    return Reply(parse_action(text), thought=thought, plan=plan, text=text)


def after(
    *steps: str, instruction: str = "put the apple in the bowl", known: ContextMemory | None = None
) -> ContextMemory:
    """The memory after actions, each in a state of its own; one that ends with ! failed."""
    known = known or ContextMemory.begin(instruction)
    for step in steps:
        outcome = "failed" if step.endswith("!") else "ok"
        known = known.after_step(
            reply(step.rstrip("!")), outcome, (), FRAME, str(len(known.attempts))
        )
    return known


def repeated(action: str, known: ContextMemory, state: str = "s") -> bool:
    return repetition(action, known, state, retries=1, patience=3, forgive_after=9) is not None


def test_repeating_a_failure_in_the_same_state_is_objected_to_at_once() -> None:
    known = after("goto Fridge", "open Fridge!")
    assert repeated("open Fridge", known, "1")
    assert not repeated("open Fridge", known, "another state")


def test_an_action_refused_everywhere_is_objected_to_until_it_works_once() -> None:
    known = after("open Fridge at (0.50, 0.50)!", "open Fridge at (0.60, 0.50)!")
    assert not repeated("open Fridge at (0.10, 0.20)", known)
    known = after("open Fridge at (0.70, 0.50)!", known=known)
    assert repeated("open Fridge at (0.10, 0.20)", known)
    assert not repeated("open Fridge", after("open Fridge", known=known))


def test_what_was_refused_everywhere_may_be_tried_again_later() -> None:
    known = after(*["goto Pen!"] * 3)
    assert repeated("goto Pen", known)
    assert not repeated("goto Pen", after(*["look around"] * 9, known=known))


def test_walking_in_circles_is_noticed() -> None:
    known = ContextMemory.begin("find a mug")
    for _ in range(2):
        known = known.after_step(reply("goto Sink"), "ok", (), FRAME, "s")
        known = known.after_step(reply("goto Fridge"), "ok", (), FRAME, "t")
    assert repeated("goto Sink", known)


def test_walking_to_one_thing_over_and_over_is_noticed() -> None:
    assert not repeated("goto Desk", after("goto Desk", "goto Desk at (0.50, 0.50)"))
    assert repeated("goto Desk", after("goto Desk", "goto Desk at (0.50, 0.50)", "goto Desk"))
    assert not repeated("goto Desk", after(*["goto Desk"] * 3, "look around"))
    assert not repeated("look around", after(*["look around"] * 5))


def test_nothing_is_done_by_looking_only() -> None:
    assert nothing_done(after())
    assert nothing_done(after("look around"))
    assert not nothing_done(after("look around", "goto Apple"))
    assert nothing_done(after("goto Apple", "look around"))
    assert nothing_done(after("goto Apple!"))


@pytest.mark.parametrize(
    ("instruction", "steps", "verb"),
    [
        ("find the box and close it", ("goto Box",), "close Box"),
        ("find the box and close it", ("goto Box", "close Box!"), "close Box"),
        ("find the box and close it", ("goto Box", "close Box at (0.50, 0.50)"), None),
        ("find the apple", ("goto Apple",), None),
    ],
)
def test_done_is_too_early_while_what_the_instruction_names_was_not_done(
    instruction: str, steps: tuple[str, ...], verb: str | None
) -> None:
    found = left_undone(after(*steps, instruction=instruction))
    assert (found.expected if found else None) == verb


def test_an_act_done_long_ago_is_still_done() -> None:
    known = after("close Box", *["look around"] * 200, instruction="close the box")
    assert left_undone(known) is None


@pytest.mark.parametrize(
    ("instruction", "acts"),
    [
        ("please cut an apple", ["slice Apple"]),
        ("turn on the desk lamp and look at the apple", ["toggle on DeskLamp"]),
        ("please switch the faucet on", ["toggle on Faucet"]),
        ("find the television and turn it off", ["toggle off Television"]),
        ("i need the laptop closed", ["close Laptop"]),
        ("open the fridge and find the apple", ["open Fridge"]),
        ("move close to the chair", []),
        ("go and stand close by the sofa", []),
        ("the spoon is shut away in a drawer: open it and take the spoon", ["open Drawer"]),
        ("find the light switch on the wall", []),
        ("turn the mug on the table", []),
        ("take the apple out of the closed fridge", []),
        ("put the mug in the open cabinet", []),
        ("put the apple slice in the fridge", []),
        ("put the cut tomato in the sink", []),
        ("do not open the fridge", []),
        ("find the lamp that is switched off", []),
    ],
)
def test_an_act_is_told_from_a_word_that_only_looks_like_one(
    instruction: str, acts: list[str]
) -> None:
    assert [act.to_text() for act in acts_in(instruction)] == acts


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_template_reads_as_what_its_family_does_and_nothing_else(split: str) -> None:
    always = {"open", "close", "slice", "toggle on", "toggle off"}
    sometimes = {"search": {"open"}, "examine": {"toggle on"}}
    named = {"x": "apple", "xs": "apples", "r": "box", "t": "desk lamp", "room": "kitchen"}
    for family, wording in ((f.name, w) for f in FAMILIES for w in f.wordings):
        verb = f"toggle {'on' if wording.turn_on else 'off'}" if family == "toggle" else family
        for template in wording.templates(split):
            said = template.format(**named, a="find a mug", b="take a pen")
            verbs = {act.verb for act in acts_in(said)}
            assert verbs <= sometimes.get(verb, {verb} & always), said
            assert verbs or verb not in always, said


def test_an_action_on_another_thing_than_thought_of_is_off_plan() -> None:
    assert other_thing(reply("slice Spatula", "tomato in view"))
    assert not other_thing(reply("slice Tomato", "tomato in view"))
    assert not other_thing(reply("goto SinkBasin", "sink next"))


def test_an_action_that_is_not_the_planned_one_is_off_plan() -> None:
    assert against_own_words(reply("goto Sink", plan=("goto Fridge", "open Fridge")))
    assert not against_own_words(reply("goto Sink", plan=("find a mug",)))


@pytest.mark.parametrize(
    ("thought", "action", "speaks_against_itself"),
    [
        ("apple not here", "drop", True),
        ("watch not here", "toggle on Watch at (0.40, 0.10)", True),
        ("apple not here", "look around", False),
        ("apple not here next", "goto Apple", False),
        ("apple not here", "open Fridge", False),  # it may be in there
        ("apple wrong", "drop", False),
        ("", "drop", False),
        ("apple not here", "move ahead", False),
        ("the fridge is not open yet, so i open it", "open Fridge", False),
        ("i have not picked up the mug yet; the mug is in view", "pick up Mug", False),
        ("knife no longer needed", "drop", False),
    ],
)
def test_what_is_thought_not_to_be_here_is_neither_acted_on_nor_a_reason_to_let_go(
    thought: str, action: str, speaks_against_itself: bool
) -> None:
    assert bool(missed_thing(reply(action, thought))) == speaks_against_itself


def gripless(*steps: str, kind: str = "effect_missing") -> ContextMemory:
    found = (replace(GRIPLESS, kind=kind),)
    taken = after("goto Mug").after_step(
        reply("pick up Mug at (0.50, 0.50)"), "ok", found, FRAME, "m"
    )
    return after(*steps, known=taken)


def test_a_grip_only_the_eye_denies_is_believed_again_when_the_hand_takes_nothing_more() -> None:
    assert gripless().grip_missed() == "Mug" and gripless().holding is None
    known = gripless("goto Plate", "pick up Plate!")
    assert known.holding == "Mug" and known.grip_missed() is None
    assert ("Mug", "in hand") in known.places
    assert gripless("goto Plate", "pick up Plate").holding == "Plate"
    assert gripless("goto Plate!").holding is None


def test_the_same_thing_refused_once_may_be_a_wrong_point_and_twice_is_a_full_hand() -> None:
    assert gripless("pick up Mug at (0.20, 0.20)!").holding is None
    assert gripless("pick up Mug at (0.20, 0.20)!", "goto Mug", "pick up Mug!").holding == "Mug"


def test_what_can_be_put_down_was_in_the_hand() -> None:
    known = gripless("goto Sink", "put in Sink")
    assert known.holding is None and ("Mug", "in sink") in known.places
    assert known.attempts[1].outcome == "ok"


@pytest.mark.parametrize("kind", ["no_progress", "wrong_object"])
def test_a_grip_that_more_than_the_eye_denies_is_not_believed_again(kind: str) -> None:
    known = gripless("goto Plate", "pick up Plate!", kind=kind)
    assert known.grip_missed() is None and known.holding is None


def test_an_objection_says_what_to_do_instead_where_it_can() -> None:
    there = Remedy(parse_action("goto Watch"), "watch in view after all")
    seen = Discrepancy("unexpected_state", "Watch", OUT_OF_VIEW, "in view", 0.9, "vision", there)
    own = called_for((seen,))
    assert own and own.action == parse_action("goto Watch") and not missed_thing(own)
    early = left_undone(after("goto Box", instruction="find the box and close it"))
    assert early
    own = called_for((early,))
    assert own and own.action == parse_action("close Box")
    assert own.thought == "nothing was closed yet" and not missed_thing(own)
    idle = nothing_done(after())
    assert idle and called_for((idle, replace(seen, remedy=None))) is None
