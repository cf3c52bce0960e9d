"""A kind of discrepancy says in one place all that follows from it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from agent.memory import ContextMemory
from agent.recording.trajectory import StepRecord, to_line
from agent.wording import describe
from envs.actions import parse_action
from policies.base import Reply
from policies.cimr.language.lexicon import VERB_TOKENS
from policies.cimr.language.tokenizer import NOTES, build_tokenizer
from policies.cimr.token_codec import Codec
from policies.discrepancy import Belief, Discrepancy, DiscrepancyKind, Meaning, Remedy

SEEN = Discrepancy("object_missing", "Mug", "in view", "not in view", 0.9, "vision")


@pytest.mark.parametrize("kind", DiscrepancyKind)
def test_every_kind_says_itself_and_has_a_token(kind):
    said = describe(replace(SEEN, kind=kind))
    assert "{" not in said and ("Mug" in said or "in view" in said)
    assert NOTES[kind] == f"<{kind.value}>"


def test_every_kind_has_a_token_id_of_its_own():
    tokenizer = build_tokenizer()
    ids = Codec(tokenizer).events.kind_ids
    assert len(set(ids.values())) == len(DiscrepancyKind)
    assert not set(ids.values()) & {tokenizer.convert_tokens_to_ids(t) for t in VERB_TOKENS}


@pytest.mark.parametrize(("field", "value"), [("kind", "odd"), ("source", "hearsay")])
def test_an_unknown_kind_or_source_is_refused_with_those_there_are(field, value):
    with pytest.raises(ValueError, match=rf"'{value}': use one of .*(no_progress|vision)"):
        replace(SEEN, **{field: value})


@pytest.mark.parametrize("kind", DiscrepancyKind)
def test_the_memory_takes_a_kind_as_it_says_it_means(kind):
    memory = ContextMemory.begin("find the mug")
    reply = Reply(parse_action("goto Mug"))
    memory = memory.after_step(reply, "ok", (), frame(), "a")
    assert ("Mug", "here") in memory.places
    reply = Reply(parse_action("open Fridge"))
    memory = memory.after_step(reply, "ok", (replace(SEEN, kind=kind),), frame(), "b")
    assert (memory.attempts[-1].outcome == "failed") is kind.meaning.undoes
    given_up = kind.meaning.refutes is Belief.PLACE
    assert (("Mug", "here") not in memory.places) is given_up


def test_a_remedy_is_no_part_of_the_record():
    remedied = replace(SEEN, remedy=Remedy(parse_action("goto Mug"), "there it is"))
    lines = {to_line(replace(STEP, discrepancies=(entry,))) for entry in (SEEN, remedied)}
    (line,) = lines
    assert json.loads(line)["discrepancies"][0] == {
        "kind": "object_missing",
        "subject": "Mug",
        "expected": "in view",
        "observed": "not in view",
        "confidence": 0.9,
        "source": "vision",
    }


def test_the_usual_meaning_says_what_was_expected_and_seen():
    said = Meaning().sentence.format(subject="Fridge", expected="open", observed="closed")
    assert said == "Fridge: expected open, saw closed" and not Meaning().undoes


def frame():
    import numpy as np

    return np.zeros((4, 4, 3), np.uint8)


STEP = StepRecord(
    index=0,
    frame="frames/0000.png",
    frame_hash="",
    feedback="",
    memory=(),
    rounds=(),
    action="goto Mug",
    thought="",
    point=None,
    attention=None,
    outcome="ok",
    answer="ok",
    discrepancies=(),
    moves=0,
    fault="",
    is_error=False,
    goal_conditions_met=0,
    goal_conditions=1,
    reward=0.0,
    terminated=False,
    truncated=False,
)
