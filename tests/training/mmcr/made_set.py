"""A small dialogue set, made up: no simulator is needed for it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from tests.training.mmcr.made_worlds import one_frame, world
from training.mmcr.card import write_card
from training.mmcr.dialogue.domains import DOMAINS
from training.mmcr.dialogue.records import Dialogue, Turn
from training.mmcr.folder import DIALOGUES, MMCR, REJECTED, write_part
from training.mmcr.writing.context import context_of
from training.mmcr.writing.writer import GroundedWriter


def picture(seed: int) -> bytes:
    """A JPEG of noise."""
    from PIL import Image

    pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG")
    return encoded.getvalue()


def dialogue(number: int, turns: tuple[Turn, ...], domain: str = "", sub_topic: str = "", **other):
    """A dialogue about the made-up world."""
    count = other.pop("frames", 1)
    given = {
        "id": f"test-00000-{number:03d}",
        "split": "test",
        "scene": "FloorPlan26",
        "room": "kitchen",
        "family": "place",
        "domain": domain or "objects_and_places",
        "sub_topic": sub_topic or "what_is_there",
        "writer": "grounded",
        "player": "expert",
        "context": context_of(world() if count > 1 else one_frame()),
        "turns": turns,
        "pictures": tuple(picture(k) for k in range(count)),
    }
    return Dialogue(**{**given, **other})


@cache
def written(most: int = 100, seed: int = 0) -> tuple[Dialogue, ...]:
    """Grounded dialogues of all domains."""
    writer, rng = GroundedWriter(), np.random.default_rng(seed)
    made: list[Dialogue] = []
    for domain, topics in DOMAINS.items():
        for topic in topics:
            for about, turns in ((one_frame(), 4), (world(), 8)):
                if len(made) == most:
                    return tuple(made)
                done = writer.write(about, domain, topic.name, turns, rng)
                if done.turns:
                    frames = len(about.shots)
                    made.append(dialogue(len(made), done.turns, domain, topic.name, frames=frames))
    return tuple(made)


def write_made(folder: Path, dialogues: Sequence[Dialogue]) -> None:
    """A data set of one part of the test split."""
    MMCR.begin(folder, {"seed": 0}, (DIALOGUES, REJECTED))
    write_part(folder, "test", 0, list(dialogues), Counter({"can be answered alone": 7}))
    write_card(folder)
