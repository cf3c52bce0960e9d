"""Lost episodes whose cause is known are put down to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.recovery import ErrorSpan
from tests.training.evaluation.truth.made_up_losses import LOSSES, Loss, cause_of, did, played
from training.evaluation.truth.attribution import attribute_failure
from training.evaluation.verdicts import CAUSES


@pytest.mark.parametrize("name", LOSSES)
def test_an_episode_is_put_down_to_what_lost_it(name):
    assert cause_of(LOSSES[name]) == LOSSES[name].cause


def test_every_cause_has_an_episode_and_no_other_is_named():
    assert {loss.cause for loss in LOSSES.values()} == set(CAUSES)


@pytest.mark.parametrize("name", LOSSES)
def test_what_goes_wrong_after_the_loss_does_not_change_its_cause(name):
    loss = LOSSES[name]
    if loss.steps[-1]["action"] == "done":
        return
    stray = did("toggle on Toaster", "look around", fails=True, in_view=False, on_it=False)
    assert cause_of(replace(loss, steps=(*loss.steps, replace_expert(stray, loss)))) == loss.cause


def replace_expert(step, loss):
    """The step with what the expert still wanted at the end."""
    return {**step, "expert": loss.steps[-1]["expert"], "met": loss.steps[-1]["met"]}


@pytest.mark.parametrize("name", LOSSES)
def test_early_wandering_that_was_made_good_does_not_change_the_cause(name):
    loss = LOSSES[name]
    wandering = (did("look around", loss.steps[0]["expert"]),)
    assert cause_of(replace(loss, steps=(*wandering, *loss.steps))) == loss.cause


def test_a_wrong_object_that_was_put_back_is_not_held_against_the_end():
    steps = (
        did("pick up Mug", "goto Apple"),
        did("put in CounterTop", "drop"),
        did("goto Apple"),
        did("pick up Apple"),
        *(did("look around", "goto Fridge"),) * 3,
    )
    assert cause_of(Loss("planning", ("Apple", "Fridge"), steps)) == "planning"


def test_an_objection_to_what_was_refused_before_is_no_false_one():
    miss = did("pick up Apple", fails=True, on_it=False)
    veto = did("look around", "pick up Apple", vetoed="pick up Apple")
    steps = (did("goto Apple"), miss, veto, miss, veto)
    assert cause_of(Loss("grounding", ("Apple",), steps)) == "grounding"


def test_a_fault_that_was_made_good_is_not_the_cause():
    steps = (
        did("goto Apple"),
        did("pick up Apple", fault="noop"),
        did("pick up Apple"),
        *(did("look around", "goto Fridge"),) * 2,
    )
    assert cause_of(Loss("planning", ("Apple", "Fridge"), steps)) == "planning"


def test_putting_something_down_to_free_the_hand_is_no_misreading():
    steps = (did("put in CounterTop", "drop", held="Mug"), did("look around", "goto Apple"))
    assert cause_of(Loss("planning", ("Apple", "Mug"), steps)) == "planning"


def test_an_episode_without_steps_has_no_cause():
    assert attribute_failure((), (), ()) == ""


def test_an_error_beyond_a_cut_record_is_passed_over():
    records, _, truth = played(LOSSES["it looks around for ever"])
    assert attribute_failure(records, (ErrorSpan(99, None, "noop"),), truth) == "planning"
