"""A group: one reset, the same again by the same numbers, and everything counted."""

from __future__ import annotations

import pytest

from tests.policies.tiny_policy import tiny_policy
from tests.training.ivr_r1.made_up_kitchen import asking, kitchen_player
from training.ivr_r1.rollouts.desk import Desk, Refusal
from training.ivr_r1.rollouts.group import GroupJob
from training.ivr_r1.rollouts.rollout import Origin


@pytest.fixture(scope="module")
def policy():
    return tiny_policy()


def ids(group):
    return [[d.completion_ids for d in r.decisions] for r in group.rollouts]


def test_a_group_is_the_same_again_and_another_is_not(policy):
    how = {"num_generations": 2, "repairs": 1, "tries": 1, "budget": 2}
    player = kitchen_player(asking(Desk(policy)), **how)
    first, other = player.play(GroupJob(3, 1)), player.play(GroupJob(3, 2))
    again = kitchen_player(asking(Desk(policy), 5), **how).play(GroupJob(3, 1))
    assert ids(again) == ids(first) != ids(other)
    assert [r.reward for r in again.rollouts] == [r.reward for r in first.rollouts]
    assert player.env.resets == 2, "a reset a group, whatever is played in it"
    assert ids(first)[0] != ids(first)[1], "members differ"


def test_a_group_counts_what_became_of_its_rollouts(policy):
    player = kitchen_player(asking(Desk(policy)), num_generations=3, repairs=2, tries=1, most=6)
    group = player.play(GroupJob(0, 0))
    counts, own = group.counts, [r for r in group.rollouts if r.origin is Origin.POLICY]
    assert counts["rollouts"] == len(own) == 3
    assert counts["screened"] == sum(not r.success for r in own) > 0
    assert counts["attributed"] + counts.get("unattributed", 0) == min(2, counts["screened"])
    done = sum(counts.get(f"rectified_try_{k}", 0) for k in (1, 2, 3))
    done += counts.get("rectified_by_expert", 0) + counts.get("unrepaired", 0)
    assert done == min(2, counts["screened"])
    assert counts["left_alone"] == max(0, counts["screened"] - 2)
    assert own[0].budget == 6, "not twice the expert's five steps and six: the kitchen has six"
    assert group.env_steps > group.policy_steps > 0


def test_plain_grpo_repairs_nothing(policy):
    player = kitchen_player(asking(Desk(policy)), num_generations=2, repairs=0, budget=2)
    group = player.play(GroupJob(0, 0))
    assert {r.origin for r in group.rollouts} == {Origin.POLICY}
    assert "attributed" not in group.counts


def test_an_instruction_that_nobody_can_read_is_counted_and_left_out(policy):
    desk = Desk(policy)

    def ask(name, *rest):
        return Refusal("it has no words") if name == "reset" else asking(desk)(name, *rest)

    group = kitchen_player(ask).play(GroupJob(0, 0))
    assert group.rollouts == () and group.counts["trivial"] == 1


def test_a_reward_that_is_no_number_is_refused(policy):
    from training.ivr_r1.rollouts.screening import RewardWeights

    player = kitchen_player(
        asking(Desk(policy)), budget=2, weights=RewardWeights(step_cost=float("nan"))
    )
    with pytest.raises(ValueError, match="no finite number"):
        player.play(GroupJob(0, 0))
