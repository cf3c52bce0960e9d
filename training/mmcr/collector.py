"""Makes parts of a dialogue set: plays episodes, and has a writer write about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from envs.fault_kinds import KINDS as FAULTS
from envs.faults import Fault
from envs.skill_modes import HONEST
from envs.tasks.base import Task, room_of
from envs.tasks.sampler import sample_group
from envs.thor_env import ThorEnv
from policies.base import Policy
from training.data.data_set_config import DataSetConfig
from training.data.map.play import Disturbances, play
from training.data.parquet_tables import DataSetError
from training.data.pictures import FRAME, jpeg_of
from training.mmcr.dialogue.domains import SUB_TOPICS, SubTopic
from training.mmcr.dialogue.records import Dialogue
from training.mmcr.folder import SPLITS, write_part
from training.mmcr.truth.stories import Story, play_policy, story_of
from training.mmcr.truth.world import World
from training.mmcr.writing.context import context_of
from training.mmcr.writing.writer import GroundedWriter, Writer
from training.options import names, option, share

EXPERT, GROUNDED = "expert", "grounded"
SHORT, LONG = 4, 8  # turns
# A dialogue of eight turns for every two of four.
_LONG_SHARE = 1 / 3
_MOST_FRAMES = 4
# Sub-topics that are tried on an episode before the next one is played.
_TRIES = 5
# Parts in a row without a dialogue, after which no more is hoped for.
_BARREN = 10


@dataclass(frozen=True)
class MmcrConfig(DataSetConfig):
    """What is built, of what kind of episodes, and by whom it is written."""

    dialogues: int = option("dialogues to build, all splits together", 2000, least=1)
    splits: tuple[str, ...] = option(
        f"of {', '.join(SPLITS)}: which, with commas",
        tuple(SPLITS),
        metavar="SPLIT[,SPLIT]",
        parse=names,
    )
    policy: str = option(
        "whose episodes: expert, or a policy's name, such as default", EXPERT, metavar="NAME"
    )
    policy_share: float = share("share of episodes that a policy plays; the expert the rest", 0.5)
    writer: str = option(
        "grounded, by grammar from simulator truth, or a model, such as openai:MODEL",
        GROUNDED,
        metavar="NAME",
    )
    tasks_a_room: int = option("tasks in each", 3, least=1)
    plays: int = option("episodes of each task", 2, least=1)
    most: int = option("dialogues about an episode at most", 10, least=1)
    faulted: float = share("share of episodes with an injected fault", 0.6)
    slips: float = share("chance of a slip of the expert's at a step", 0.15)

    def settled(self) -> MmcrConfig:
        """Checked, and small for a smoke test.

        Raises:
            DataSetError: If a flag's value is none of the allowed ones.
        """
        for one in self.splits:
            if one not in SPLITS:
                raise DataSetError(f"--splits has {one!r}: use one of {', '.join(SPLITS)}.")
        self.check_pictures()
        if not self.smoke:
            return self
        return replace(
            self,
            dialogues=3,
            splits=self.splits[:1],
            rooms="kitchen",
            rooms_a_part=1,
            tasks_a_room=1,
            plays=1,
            size=96,
        )

    def deciding(self) -> dict[str, Any]:
        """The settings that decide what a part holds."""
        said = asdict(self)
        for name in ("out", "dialogues", "splits", "workers", "minutes", "smoke"):
            del said[name]
        return said

    def wanted(self, split: str) -> int:
        """Dialogues of a split."""
        whole = sum(SPLITS[name][1] for name in self.splits)
        return max(1, round(self.dialogues * SPLITS[split][1] / whole))


class MmcrCollector:
    """Writes parts of a split.

    Args:
        config: What and how.
        split: Which.
        writer: Who writes, if not by grammar.
    """

    def __init__(self, config: MmcrConfig, split: str, writer: Writer | None = None) -> None:
        self.config, self.split, self.rooms = config, split, SPLITS[split][0]
        self.writer = writer
        self.policy = _policy(config.policy) if config.policy != EXPERT else None
        self.env = ThorEnv(
            split=self.rooms,
            room=config.rooms,
            max_steps=config.max_steps,
            width=FRAME,
            height=FRAME,
            skills=HONEST,
        )
        self._barren = 0

    def make(self, number: int, until: float) -> str:
        """Writes a part; ``until`` is not heeded, so that a part is the same however it came.

        Raises:
            DataSetError: If part after part holds nothing.
        """
        desk, count = self.fill(number)
        self._barren = 0 if desk.made else self._barren + 1
        if self._barren == _BARREN:
            raise DataSetError(
                f"{_BARREN} parts of {self.split} in a row hold no dialogue: raise --plays or "
                "--tasks-a-room."
            )
        if desk.made:
            write_part(self.config.out, self.split, number, desk.made, desk.rejected)
        return f"{count} episodes in this part"

    def fill(self, number: int) -> tuple[Desk, int]:
        """A part's dialogues, and of how many episodes they are; nothing is written."""
        config = self.config
        rng = np.random.default_rng([config.seed, list(SPLITS).index(self.split), number, 310])
        desk = Desk(self.writer or GroundedWriter(), config, f"{self.split}-{number:05d}")
        count = 0
        for _ in range(config.rooms_a_part):
            seed = int(rng.integers(2**31))
            tasks = sample_group(
                self.env.controller, seed, config.tasks_a_room, self.rooms, None, config.rooms
            )
            for task in tasks:
                for _ in range(config.plays):
                    story = self._story(task, rng)
                    if story is not None:
                        desk.write(story, self.split, rng)
                        count += 1
        return desk, count

    def _story(self, task: Task, rng: np.random.Generator) -> Story | None:
        """An episode; None if it is over before anything is done."""
        config = self.config
        own = self.policy is not None and rng.random() < config.policy_share
        # What a stale frame shows is not what is true then; only the expert's player knows of it.
        kinds = [kind for kind in FAULTS if not own or kind != "stale_frame"]
        fault = None
        if rng.random() < config.faulted:
            fault = Fault(str(rng.choice(kinds)), int(rng.integers(2**31)))
        self.env.feedback = "binary"
        if own and self.policy is not None:
            self.env.fault = fault
            steps = play_policy(self.env, task, self.policy, rng, config.max_steps)
            player = self.policy.name
        else:
            steps = play(
                self.env,
                task,
                rng,
                disturbances=Disturbances(config.slips, 0.7, 0.0),
                fault=fault,
                max_steps=config.max_steps,
                lost_too=True,
            )
            player = EXPERT
        return story_of(task, player, steps, self.env) if steps else None

    def close(self) -> None:
        """Ends the simulator."""
        self.env.close()


def _policy(name: str) -> Policy:
    from policies.make_policy import PolicyOptions, make_policy

    return make_policy(PolicyOptions(name, threads=1, rules=False))


class Desk:
    """Has dialogues written, of every sub-topic and length as much.

    Args:
        writer: Who writes.
        config: What is wanted.
        name: Of the part.
    """

    def __init__(self, writer: Writer, config: MmcrConfig, name: str) -> None:
        self.writer, self.config, self.name = writer, config, name
        self.made: list[Dialogue] = []
        self.rejected: Counter[str] = Counter()
        self._topics: Counter[tuple[str, str]] = Counter()
        self._long = 0

    def write(self, story: Story, split: str, rng: np.random.Generator) -> int:
        """Adds dialogues about an episode; returns how many."""
        count = 0
        for _ in range(self.config.most):
            is_long = self._long < _LONG_SHARE * (len(self.made) + 1)
            if self._one(story, split, is_long, rng):
                count += 1
        return count

    def _one(self, story: Story, split: str, is_long: bool, rng: np.random.Generator) -> bool:
        chosen = choose_frames(story, is_long, rng)
        if chosen is None:
            return False
        world = story.world(chosen)
        order = sorted(SUB_TOPICS, key=lambda topic: (self._topics[topic], rng.random()))
        for domain, sub_topic in [t for t in order if suits(world, SUB_TOPICS[t])][:_TRIES]:
            turns = LONG if is_long else SHORT
            pictures = [story.frames[k] for k in chosen]
            written = self.writer.write(world, domain, sub_topic, turns, rng, pictures)
            self.rejected.update(written.rejected)
            if not written.turns:
                continue
            task, config = story.task, self.config
            dialogue = Dialogue(
                id=f"{self.name}-{len(self.made):03d}",
                split=split,
                scene=task.scene,
                room=room_of(task.scene),
                family=task.family,
                domain=domain,
                sub_topic=sub_topic,
                writer=self.writer.name,
                player=story.player,
                context=context_of(world),
                turns=written.turns,
                pictures=tuple(jpeg_of(f, config.size, config.quality) for f in pictures),
            )
            self.made.append(dialogue)
            self._topics[domain, sub_topic] += 1
            self._long += is_long
            return True
        return False


def suits(world: World, topic: SubTopic) -> bool:
    """Whether a world has what a sub-topic is about."""
    if topic.after_failure and not any(deed.told == "failed" for deed in world.deeds):
        return False
    return len(world.shots) > 1 or not topic.over_frames


def choose_frames(story: Story, several: bool, rng: np.random.Generator) -> list[int] | None:
    """Indices of one frame, or of two to four that differ; None if there are none.

    Of several, two are often neighbours: what lies between them can be asked.
    """
    plain = [k for k, shot in enumerate(story.shots) if len(shot.singles()) > 1]
    if not several:
        return [int(rng.choice(plain))] if plain else None
    seen: set[bytes] = set()
    differ = []
    for k in plain:
        look = story.frames[k].tobytes()
        if look not in seen:
            seen.add(look)
            differ.append(k)
    if len(differ) < 2:
        return None
    count = min(int(rng.integers(2, _MOST_FRAMES + 1)), len(differ))
    if rng.random() < 0.5:
        start = int(rng.integers(len(differ) - count + 1))
        return differ[start : start + count]
    return sorted(int(k) for k in rng.choice(differ, count, replace=False))
