"""A short episode in the fake kitchen, with a wrong proposal and a fault, as it lies on disk."""

from __future__ import annotations

from pathlib import Path

from agent.display.video import Video
from agent.loop import Episode
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader
from tests.fakes import FakeKitchen, ScriptedPolicy

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


def record(directory: Path, seed: int = 0, video: bool = False) -> Path:
    """Plays it into a directory, filmed or not."""
    directory.mkdir(exist_ok=True)
    env, policy = FakeKitchen(broken=("open Fridge",)), ScriptedPolicy(SCRIPT, INSTEAD)
    with Recorder(directory) as recorder:
        if video:
            with Video(directory / "episode.mp4") as film:
                episode = Episode(env, policy, observers=[recorder, film])
                env.on_frame = episode.frame_passed
                episode.run(HEADER, seed=seed)
        else:
            Episode(env, policy, observers=[recorder]).run(HEADER, seed=seed)
    return directory
