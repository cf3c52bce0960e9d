"""Frames are chosen that differ; a desk writes of every sub-topic, and one long for two short."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from envs.tasks.base import Task
from envs.tasks.goals import Every, Found
from tests.training.mmcr.made_worlds import DEEDS, SHOTS
from training.mmcr.collector import Desk, MmcrConfig, choose_frames
from training.mmcr.truth.stories import Story
from training.mmcr.truth.world import Deed, Shot
from training.mmcr.writing.writer import GroundedWriter

TASK = Task(
    "place",
    "FloorPlan26",
    "put the mug in the fridge",
    Every((Found("Mug"),)),
    "Mug",
    receptacle="Fridge",
)


def story(alike: bool = False) -> Story:
    shots = (Shot(0, SHOTS[0].things), *(Shot(k, SHOTS[k // 2].things) for k in range(1, 6)))
    frames = tuple(
        np.full((300, 300, 3), 0 if alike else 20 * k, np.uint8) for k in range(len(shots))
    )
    deeds = (*DEEDS, Deed("put in", "Fridge", "Mug", True, "ok", ("put in", "Fridge")))
    return Story(TASK, "expert", frames, shots, deeds, ("Apple", "Bowl", "Knife", "Mug"))


def test_frames_of_a_dialogue_differ_and_are_in_order():
    rng = np.random.default_rng(0)
    for _ in range(30):
        chosen = choose_frames(story(), True, rng)
        assert chosen is not None and 2 <= len(chosen) <= 4 and chosen == sorted(set(chosen))
    assert choose_frames(story(alike=True), True, rng) is None


def test_a_world_tells_of_nothing_after_its_last_frame():
    world = story().world([1, 3])
    assert len(world.deeds) == 3 and world.next == DEEDS[3].right
    assert world.needed == {"Mug", "Fridge"}


def test_two_thirds_are_of_four_turns_and_no_sub_topic_comes_twice_before_others():
    desk = Desk(GroundedWriter(), MmcrConfig(out=Path("x"), size=32, most=24), "train-00000")
    assert desk.write(story(), "train", np.random.default_rng(0)) == len(desk.made) >= 20
    long = [one for one in desk.made if len(one.turns) == 8]
    assert abs(len(long) - len(desk.made) / 3) <= 1
    assert all((len(one.pictures) == 1) == (len(one.turns) == 4) for one in desk.made)
    topics = [(one.domain, one.sub_topic) for one in desk.made]
    assert len(set(topics)) == len(topics)
    assert len({one.id for one in desk.made}) == len(desk.made)
