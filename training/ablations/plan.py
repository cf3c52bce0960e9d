"""Which trainings a set of ablations is, and that all of them are of the same sources.

    full           training.sft --vision POLICY --episodes STEPS --updates 4000 --seed 0
    no-memory      the same with --without memory

A training that was cut begins anew: were it gone on with, its learning rate would rise again and
its updates would be more than the others'.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from policies.cimr.ablations import variant
from policies.loading import DEFAULT
from training.stages import Setting, Stage

FULL = "full"
_SFT = "training.sft"


class Budget(Protocol):
    """What each training is given."""

    @property
    def updates(self) -> int:
        """How many."""

    @property
    def batch(self) -> int:
        """Steps of one."""

    @property
    def rate(self) -> float:
        """The highest."""

    @property
    def seed(self) -> int:
        """Of everything random."""


@dataclass(frozen=True)
class Sources:
    """What all variants are made of.

    Attributes:
        policy: Folder of the policy whose vision encoder, verifier and reader they have.
        episodes: Folders of steps.
        goals: People's goals, or None.
        check: Folder of steps to score on, or None.
    """

    policy: Path
    episodes: tuple[Path, ...]
    goals: Path | None = None
    check: Path | None = None

    @classmethod
    def of(
        cls, policy: str, episodes: Sequence[Path], goals: Path | None, check: Path | None
    ) -> Sources:
        """Sources that are there, by full paths.

        Raises:
            ValueError: If one is missing; says how it is made.
        """
        folder = DEFAULT if policy == "default" else Path(policy).expanduser().resolve()
        if not (folder / "policy.json").is_file():
            raise ValueError(
                f"--policy {policy} is no policy of this project: give default, or a folder of "
                "training.recipe or training.sft."
            )
        for path in (*episodes, *([check] if check is not None else [])):
            if not any(path.glob("steps_*.jsonl")):
                raise ValueError(
                    f"{path} holds no steps: run python -m training.data.collect_demonstrations "
                    f"--out {path}"
                )
        if goals is not None and not goals.exists():
            raise ValueError(f"--goals {goals} is missing: give ALFRED's train.jsonl.gz.")
        return cls(
            folder,
            tuple(path.resolve() for path in episodes),
            goals.resolve() if goals is not None else None,
            check.resolve() if check is not None else None,
        )

    def fingerprint(self) -> str:
        """Changes with the policy's weights, with the goals, and with which steps there are."""
        digest = hashlib.sha256(str(self.goals).encode())
        for path in sorted(self.policy.glob("*.safetensors")):
            digest.update(path.read_bytes())
        for folder in self.episodes:
            for path in sorted(folder.glob("steps_*.jsonl")):
                digest.update(f"{folder.name}/{path.name} {path.stat().st_size}\n".encode())
        return digest.hexdigest()[:16]

    def arguments(self) -> tuple[str, ...]:
        """As ``training.sft`` takes them."""
        words = ["--vision", str(self.policy), "--reader", str(self.policy)]
        for path in self.episodes:
            words += ["--episodes", str(path)]
        for name, given in (("--goals", self.goals), ("--check", self.check)):
            if given is not None:
                words += [name, str(given)]
        return tuple(words)


def setting_of(seed: int, device: str, smoke: bool) -> Setting:
    """What the trainings are made with; their budget is updates, not hours."""
    return Setting(hours=0.0, device=device, workers=1, seed=seed, smoke=smoke)


def stages_of(sources: Sources, parts: Sequence[str], budget: Budget) -> list[Stage]:
    """The trainings: first with all parts, then without each."""
    same = (
        *sources.arguments(),
        *("--updates", str(budget.updates)),
        *("--batch", str(budget.batch)),
        *("--rate", f"{budget.rate:g}"),
        *("--seed", str(budget.seed)),
    )
    ways = {FULL: (), **{variant(part): ("--without", part) for part in parts}}
    return [
        Stage(name, (_SFT, *same, *without, "--out", name), 0.0, f"{name}/policy.json")
        for name, without in ways.items()
    ]


def play_command(out: Path, parts: Sequence[str]) -> str:
    """The command that plays them as rows of CIMR's tables."""
    words = ["python", "-m", "training.tables", "cimr", "--policy", str(out / FULL)]
    for part in parts:
        words += ["--ablation", f"{variant(part)}={out / variant(part)}"]
    return shlex.join([*words, "--out", str(out / "tables")])
