"""A family of one's own is sampled, said, judged and solved without a change anywhere else."""

from __future__ import annotations

from functools import partial

import pytest

from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Found, Held, Openness, Toggled
from envs.tasks.room_probe import RoomProbe
from envs.tasks.sampler import sample_task
from envs.tasks.trials.operating import can_be_opened, can_be_switched
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes what can be opened, with a tap that is off."""
    if any(o["isToggled"] for o in probe.of("Faucet")):
        return []
    return [
        Draft(
            target,
            Every((Openness(target, True), Toggled("Faucet", True))),
            tool="Faucet",
            possible=partial(possible, target=target),
        )
        for target in ("Fridge", "Microwave")
        if len(probe.of(target)) == 1
    ]


def possible(probe: RoomProbe, target: str) -> bool:
    return can_be_opened(probe, target) and can_be_switched(probe, "Faucet")


TOY = Family(
    name="rinse_beside",
    rooms=("kitchen",),
    wordings=(
        Wording(train=("open the {x} and turn on the {t}",), test=("turn the {t} on; open a {x}",)),
    ),
    drafts=drafts,
)


@pytest.mark.parametrize("search", [False, True])
def test_a_family_of_ones_own_is_sampled_said_judged_and_solved(search):
    env = ThorEnv(split="val", families=(TOY,))
    for seed in (1, 2):
        observation, info = env.reset(seed=seed)
        assert env.task.family == info["family"] == "rinse_beside"
        assert env.task.target in ("Fridge", "Microwave")
        assert observation["instruction"].startswith("turn the ")
        assert not info["success"] and info["goal_conditions"] == 2
        won, _, _, log = run_episode(env, seed, search)
        assert won, log
    env.close()


def test_a_family_is_drawn_beside_the_registered_ones():
    env = ThorEnv(split="val", families=("open", TOY))
    drawn = {
        sample_task(env.controller, seed, "val", families=env.families).family for seed in range(6)
    }
    env.close()
    assert drawn == {"open", "rinse_beside"}


def test_families_that_could_never_be_sampled_or_said_are_refused():
    with pytest.raises(ValueError, match="drafts or parts"):
        Family("empty", ("kitchen",), TOY.wordings)
    with pytest.raises(ValueError, match="drafts or parts"):
        Family("both", ("kitchen",), TOY.wordings, drafts=drafts, parts=(TOY,))
    with pytest.raises(ValueError, match="no wordings"):
        Family("silent", ("kitchen",), (), drafts=drafts)


def test_a_draft_knows_what_it_is_about():
    draft = Draft("Egg", Every((Found("Egg"), Held("Egg"))), receptacle="Bowl")
    assert draft.object_types() == {"Egg", "Bowl"}
