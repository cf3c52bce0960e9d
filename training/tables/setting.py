"""What the tables are made of: the command's settings, kept in ``tables.json``'s folder.

``asked.json`` lets ``--from FOLDER`` tabulate what was played, and a second command add to it.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, record_of
from envs.simulator.system.whole import write_text
from policies.cimr.ablations import (
    FUSION,
    LEARNED,
    MEMORY,
    PARTS,
    QUERIES,
    SECOND_PHASE,
    STATE,
    variant,
)
from training.options import option

ASKED_FILE = "asked.json"
FORMAT = 1
_SAID = {
    FUSION: "without fusion",
    QUERIES: "without the streams' queries",
    MEMORY: "without memory",
    LEARNED: "without the learned memory",
    STATE: "without S_t",
    SECOND_PHASE: "without the second phase",
}
# Rows of policies that were trained without a part, with their titles.
ABLATIONS = {variant(part): f"trained {_SAID[part]}" for part in PARTS}
PART_OF = {variant(part): part for part in PARTS}
# What two commands into one folder must share.
_SAME = ("suite", "policy", "rounds", "camera_noise", "faults")


class TablesError(ValueError):
    """The tables can't be made so."""


def _groups(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)


def _ablation(text: str) -> str:
    name, _, folder = text.partition("=")
    if not folder or not re.fullmatch("[a-z0-9][a-z0-9-]{0,40}", name):
        known = ", ".join(ABLATIONS)
        raise argparse.ArgumentTypeError(
            f"{text!r} is no NAME=FOLDER, with a name of small letters, such as {known}"
        )
    return text


@dataclass(frozen=True)
class Setting:
    """What is played and tabulated.

    Attributes:
        suite: As of ``envs.tasks.suite_sources.open_suite``.
        policy: As of ``policies.make_policy``.
        episodes: Tasks, the suite's first; None: all.
        rows: Groups of rows.
        ablation: NAME=FOLDER each.
        rounds: Most answers a step of the full agent.
        camera_noise: Of the row with noise, levels of 255.
        faults: Also play every task with its fault, where a row has one.
        device: Of a Hugging Face model.
        threads: Of the processor, a process.
    """

    suite: str = option("as of training.evaluate", "map-test-v1", metavar="NAME")
    policy: str = option("the model, as of training.evaluate", "default", metavar="NAME")
    episodes: int | None = option("only the suite's first N tasks", None, least=1)
    rows: tuple[str, ...] = option(
        "some of main, ablations, rounds, feedback, blind, noise",
        ("main", "ablations", "rounds", "feedback", "blind", "noise"),
        parse=_groups,
        metavar="NAME[,NAME]",
    )
    ablation: tuple[str, ...] = option(
        f"a policy that was trained without something ({', '.join(ABLATIONS)}, or a name of your "
        "own) as a row; may be given several times",
        (),
        metavar="NAME=FOLDER",
    )
    rounds: int = option("most answers a step of the full agent", 3, least=2)
    camera_noise: float = option("of the row with noise, levels of 255", 10.0, metavar="SIGMA")
    faults: bool = option("play the clean tasks only", True)
    device: str = option("of a Hugging Face model, such as cuda", "cpu", metavar="NAME")
    threads: int = option("of the processor, a process", 1, least=1)

    def __post_init__(self) -> None:
        """Checks what no flag's own type does.

        Raises:
            TablesError: If the noise is none, or an ablation is given twice or is no NAME=FOLDER.
        """
        if not 0 < self.camera_noise <= 255:
            raise TablesError(f"--camera-noise {self.camera_noise:g} is not within 0 and 255.")
        try:
            names = [_ablation(text).partition("=")[0] for text in self.ablation]
        except argparse.ArgumentTypeError as error:
            raise TablesError(f"--ablation {error}.") from error
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TablesError(f"--ablation {twice[0]} is given twice: give one folder each.")

    @property
    def checkpoints(self) -> dict[str, str]:
        """Folders of the ablations' policies by name."""
        return {name: folder for name, _, folder in (a.partition("=") for a in self.ablation)}


def save_setting(out: Path, setting: Setting) -> None:
    """Writes what was asked."""
    content = {"format": FORMAT, **asdict(setting)}
    write_text(out / ASKED_FILE, json.dumps(content, indent=1) + "\n")


def load_setting(out: Path) -> Setting:
    """Reads what was asked of a folder.

    Raises:
        TablesError: If the folder is none of this command's, or what was asked is damaged.
    """
    path = out / ASKED_FILE
    if not path.is_file():
        raise TablesError(f"{out} holds no {ASKED_FILE}: give the --out of training.tables.")
    try:
        content: dict[str, Any] = dict(mapping(read_json(path), ASKED_FILE))
        version = content.pop("format", None)
        if version != FORMAT:
            raise TablesError(f"{path} is of format {version!r}, this version reads {FORMAT}.")
        found: Setting = record_of(Setting, content, ASKED_FILE)
        return found
    except TablesError:
        raise
    except ValueError as error:
        raise TablesError(f"{path} is damaged: {error}: name another --out.") from error


def joined(out: Path, asked: Setting) -> Setting:
    """What is asked now, with the ablations that the folder knows from before.

    Raises:
        TablesError: If the folder is of something else; names what differs.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return asked
    if not out.is_dir() or not (out / ASKED_FILE).is_file():
        raise TablesError(f"--out {out} holds files that are no tables': name a new folder.")
    before = load_setting(out)
    for name in _SAME:
        old, new = getattr(before, name), getattr(asked, name)
        if old != new:
            raise TablesError(
                f"--out {out} holds tables of another run ({name} was {old!r}, is {new!r}): name "
                "another folder."
            )
    known = {**before.checkpoints, **asked.checkpoints}
    ablation = tuple(f"{name}={folder}" for name, folder in known.items())
    return Setting(**{**asdict(asked), "ablation": ablation})
