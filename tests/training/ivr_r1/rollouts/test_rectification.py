"""A repair: world and agent go back, the policy is told, and what it learns has no guidance."""

from __future__ import annotations

import numpy as np
import pytest

from envs.actions import Action, parse_action
from policies.base import Context, Observation
from policies.cimr.answers.kept_answers import Answered
from policies.cimr.memory_events import COLUMNS, SLOTS
from tests.fakes import FakeKitchen
from tests.policies.tiny_policy import tiny_policy
from tests.training.ivr_r1.made_up_kitchen import ScriptedDesk, asking, kitchen_stage
from training.ivr_r1.rollouts.attribution import attribute
from training.ivr_r1.rollouts.desk import Desk
from training.ivr_r1.rollouts.expert_reach import ExpertReach
from training.ivr_r1.rollouts.playing import Stage
from training.ivr_r1.rollouts.rectification import Rectifier
from training.ivr_r1.rollouts.rollout import Origin

BUDGET = 5
WRONG, RIGHT = "goto CounterTop", "goto Fridge"
FLAWED = ("goto CounterTop", "pick up Apple", WRONG, "put in CounterTop", "look around")
GOOD = ("goto CounterTop", "pick up Apple", RIGHT, "open Fridge", "put in Fridge")


def tokens(context, ids) -> Answered:
    """Events that tell rounds apart: those after an objection hold its number of rejections."""
    events = np.full((SLOTS, COLUMNS), len(context.rejected), np.int16)
    vision = np.full((2, 4), len(context.history), np.float32)
    return Answered((9, 9), tuple(ids), (-1.0,) * len(ids), frozenset(), events, vision,
                    np.zeros((2 + len(ids), 3), np.float32), bool(context.history))  # fmt: skip


def stage_of(scripts) -> Stage:
    stage = kitchen_stage(ScriptedDesk(scripts, tokens))
    stage.begin(seed=0)
    return stage


def repaired(stage: Stage, **how):
    flawed = stage.roll(stage.start, seed=0, budget=BUDGET, group=4)
    reach = ExpertReach(stage, flawed, BUDGET)
    found = attribute("exact", reach.steps_to_go, flawed.met, BUDGET, np.random.default_rng(0))
    rectifier = Rectifier(stage, lambda thought, action: (7, 8), **how)
    return flawed, found, rectifier.repair(flawed, found, reach, lambda number: 100 + number)


def scripts(good_at: int):
    """The flawed way, but from a given seed on the other answer to an objection."""

    def script(seed: int, _: int):
        if seed != good_at:
            return FLAWED
        return (*GOOD[:2], (WRONG, RIGHT), *GOOD[3:])

    return script


@pytest.mark.parametrize("good_at", [1, 3])
def test_the_policys_own_second_answer_repairs_from_the_flawed_step_on(good_at):
    stage = stage_of(scripts(100 + good_at))
    flawed, found, repair = repaired(stage)
    assert not flawed.rollout.success and found.step == 2
    made = repair.rollout
    assert (made.origin, made.tries, repair.refused) == (Origin.RECTIFIED, good_at, good_at - 1)
    assert made.success and made.reward > flawed.rollout.reward
    assert (made.begins, made.group, made.steps) == (2, 4, 5)
    assert stage.env.resets == 1, "the world was put back, not reset"
    told = next(c for c in stage.policy._desk.contexts if c.round == 2)
    assert told.rejected == (WRONG,)
    assert told.objections[0].found[0].kind == "no_progress"


def test_what_a_repair_teaches_has_no_guidance_and_no_prefix():
    _, _, repair = repaired(stage_of(scripts(101)))
    decisions = repair.rollout.decisions
    assert [d.step for d in decisions] == [0, 1, 2, 3, 4]
    assert [d.teaches for d in decisions] == [False, False, True, True, True]
    assert all(d.round == 1 and not d.answered.events.any() for d in decisions)
    assert not any(d.by_expert for d in decisions)


def test_the_expert_is_the_last_resort_and_is_marked():
    def script(seed, _):
        after = GOOD[3:] if seed == 100 else FLAWED[3:]
        return (*FLAWED[:3], *after)

    flawed, _, repair = repaired(stage_of(script))
    made = repair.rollout
    assert (made.origin, repair.refused) == (Origin.EXPERT, 3)
    marked = [d for d in made.decisions if d.by_expert]
    assert [(d.step, d.action, d.completion_ids) for d in marked] == [(2, RIGHT, (7, 8))]
    assert made.reward > flawed.rollout.reward


def test_what_the_policy_could_not_say_is_no_lesson_of_the_experts():
    policy = tiny_policy()
    ask = asking(Desk(policy))
    ids = policy.codec.answer_ids("apple in view", Action("goto", "Fridge"))[:-1]
    odd = [int(policy.codec.tokenizer.bos_token_id or 1), *ids]
    seen, _ = FakeKitchen().reset(seed=0)
    ask("reset", seen["instruction"], 0)
    asked = Observation(seen["rgb"], seen["instruction"]), Context()
    for said, masked in ((ids, 0), (odd, 1)):
        _, answered = ask("write", *asked, said)
        assert answered.completion_ids == tuple(said)
        assert sum(np.isneginf(answered.per_token_logps)) == masked
        assert len(answered.found) == len(answered.prompt_ids) + len(said)


def test_what_earns_no_more_is_refused():
    # Whatever is picked up is put back again.
    clumsy = ("goto CounterTop", "look around", "put in CounterTop", "look around")
    _, found, repair = repaired(stage_of(lambda seed, _: clumsy))
    assert found.step == 1 and repair.rollout is None and repair.refused == 4
    _, _, repair = repaired(stage_of(lambda seed, _: clumsy), tries=2, uses_expert=False)
    assert repair.rollout is None and repair.refused == 2


def test_an_accepted_repair_plays_again_to_its_recorded_reward():
    stage = stage_of(scripts(102))
    _, _, repair = repaired(stage)
    env = stage.env
    env.restore(stage.start.world)
    for decision in repair.rollout.decisions:
        *_, info = env.step(parse_action(decision.action))
    assert info["success"] is repair.rollout.success is True
    assert info["goal_conditions_met"] == repair.rollout.met
