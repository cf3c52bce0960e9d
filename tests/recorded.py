"""A short episode in the fake kitchen, with a wrong proposal and a fault, as it lies on disk."""

from __future__ import annotations

import contextlib
from pathlib import Path

from agent.display.video import Video
from agent.loop import Episode
from agent.recording.observer import Observer
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader, EpisodeSummary
from tests.fakes import DoubtingPolicy, FakeKitchen, FakeOnlooker, ScriptedPolicy

ENDED = EpisodeSummary(
    success=True,
    steps=6,
    goal_conditions_met=1,
    goal_conditions=1,
    errors=1,
    recovered=1,
    noticed=1,
    false_alarms=0,
    mean_rounds=1.5,
)
HEADER = EpisodeHeader(
    scene="Fake",
    family="pick_and_place",
    instruction="",
    seed=0,
    policy="scripted",
    backend="fake 1.0",
    action_level="skill",
    feedback="binary",
    rounds=3,
)
SCRIPT = (
    "pick up Apple",
    "pick up Apple",
    "goto Fridge",
    "open Fridge",
    "open Fridge",
    "put in Fridge",
)
INSTEAD = {"pick up Apple": "goto CounterTop"}


def record(
    directory: Path,
    seed: int = 0,
    video: bool = False,
    seen_from_above: bool = False,
    doubting: bool = False,
) -> Path:
    """Plays it into a directory, filmed or not, with a room seen from above or none.

    A doubting policy takes its success at opening the fridge for a failure.
    """
    directory.mkdir(exist_ok=True)
    kind = DoubtingPolicy if doubting else ScriptedPolicy
    env, policy = FakeKitchen(broken=("open Fridge",)), kind(SCRIPT, INSTEAD)
    onlooker = FakeOnlooker() if seen_from_above else None
    with contextlib.ExitStack() as stack:
        observers: list[Observer] = [stack.enter_context(Recorder(directory))]
        if video:
            observers.append(stack.enter_context(Video(directory / "episode.mp4", onlooker)))
        episode = Episode(env, policy, observers=observers, onlooker=onlooker)
        env.on_frame = episode.frame_passed if video or seen_from_above else None
        episode.run(HEADER, seed=seed)
    return directory
