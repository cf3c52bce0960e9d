"""Worlds in processes: they ask down the pipe, are answered together, and may die in a group."""

from __future__ import annotations

import pytest

from tests.training.ivr_r1.toy_world import toy_world
from training.ivr_r1.rollouts.desk import Asked
from training.ivr_r1.rollouts.group import GroupJob, GroupSettings
from training.ivr_r1.rollouts.worlds import Worlds, WorldsRefused


class EchoDesk:
    """Answers with the question; keeps how many came together."""

    def __init__(self) -> None:
        self.together: list[int] = []

    def answer(self, asked: list[Asked]) -> list[object]:
        self.together.append(len(asked))
        return [(entry.world, *entry.arguments) for entry in asked]


def worlds(tmp_path, how: str, workers: int = 2) -> Worlds:
    settings = GroupSettings(env={"how": how, "mark": str(tmp_path / "mark")})
    return Worlds(settings, EchoDesk(), workers, toy_world)


JOBS = [GroupJob(5, k) for k in range(4)]


@pytest.mark.slow
def test_every_group_is_played_and_what_waits_is_answered_together(tmp_path):
    made = worlds(tmp_path, "well", 3)
    groups = made.play(JOBS)
    made.close()
    assert [group.number for group in groups] == [0, 1, 2, 3]
    assert all(group.counts["groups"] and group.task == "round 5" for group in groups)
    assert sum(made.desk.together) == 12
    assert (made.lost, made.given_up) == (0, [])


@pytest.mark.slow
def test_a_world_that_dies_in_a_group_is_replaced_and_its_group_played_again(tmp_path):
    made = worlds(tmp_path, "dies")
    assert [group.number for group in made.play(JOBS)] == [0, 1, 2, 3]
    assert (made.lost, made.given_up) == (1, [])
    assert len(made.play(JOBS)) == 4, "the worlds that are left go on"
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize(("how", "lost"), [("always dies", 2), ("fails", 0)])
def test_a_group_that_fails_twice_is_given_up_and_the_others_go_on(tmp_path, how, lost):
    made = worlds(tmp_path, how)
    assert [group.number for group in made.play(JOBS)] == [0, 2, 3]
    made.close()
    assert made.lost == lost
    assert len(made.given_up) == 1 and made.given_up[0].startswith("group 1: ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "said"), [("refuses", "there is no such room"), ("stillborn", "before they can play")]
)
def test_worlds_that_can_not_begin_end_the_run_in_one_line(tmp_path, how, said):
    made = worlds(tmp_path, how)
    with pytest.raises(WorldsRefused, match=said):
        made.play(JOBS)
    made.close()
