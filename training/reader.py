"""Trains the reader of instructions: people's goals, our grammar, and talk that asks for nothing.

It needs no pictures and no simulator, only minutes, and lies beside a policy's other files.

Example:
    python -m training.reader --goals alfred/train.jsonl.gz --minutes 4 --out runs/reader
    python -m training.reader --goals alfred/train.jsonl.gz --check alfred/valid_seen.jsonl.gz \\
        --out policies/checkpoints/default
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from envs.simulator.system.command_line import command
from envs.simulator.system.stopping import Stopped, stop_noted
from envs.simulator.system.targets import prepare_folder
from policies.cimr.language.instruction import instruction_ids
from policies.cimr.language.reader import (
    Labels,
    Reader,
    ReaderNetwork,
    labels_of,
    new_network,
    padded,
    reader_loss,
)
from policies.cimr.language.reader_files import READER, save_reader
from policies.cimr.language.subgoals import TaskParse
from policies.cimr.language.tokenizer import build_tokenizer
from training.data.wording.human_goals import HumanGoals
from training.data.wording.noise import spoil
from training.data.wording.random_parses import random_parses, talk
from training.data.wording.rewording import Rewording
from training.optimisation import learning_rate
from training.options import add_options, option, settings_from
from training.reports.reader_scores import ReaderScores, score_goals, score_grammar, score_talk

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

Sample = tuple[list[int], tuple[TaskParse, ...]]
# Of each batch, so much is people's goals and talk; the rest is our grammar.
_HUMAN, _TALK = 0.5, 0.06
# Sentences of our grammar that are said anew at each update, and how many are kept to draw from.
_SAID_ANEW, _KEPT = 16, 40_000
_DROPPED = 0.06
_WARMUP = 60
# Batches that are drawn together and sorted by length: most sentences are short.
_TOGETHER = 6

EXAMPLES = """examples:
  python -m training.reader --goals alfred/train.jsonl.gz --minutes 4 --out runs/reader
  python -m training.reader --smoke --out runs/reader
"""


@dataclass(frozen=True)
class ReaderTraining:
    """How the reader is trained."""

    goals: Path | None = option(
        "ALFRED's train goals, your own copy: train.jsonl.gz or the publisher's folder", None
    )
    check: Path | None = option("ALFRED goals to score with at the end, such as valid_seen", None)
    out: Path = option(
        "folder for the reader's two files; a policy's folder will do", Path("runs/reader")
    )
    minutes: float = option("minutes by the clock to train for", 4.0, metavar="M", least=0)
    updates: int | None = option("train for so many updates instead, however long", None, least=1)
    batch: int = option("sentences of an update", 128, least=1)
    rate: float = option("highest learning rate", 1.5e-3)
    seed: int = option("of everything random", 0)
    threads: int = option("of the processor; 0 leaves it to torch", 0, least=0)
    device: str = option(
        "cpu, cuda, or auto: a GPU where there is one", "cpu", choices=("cpu", "cuda", "auto")
    )
    smoke: bool = option("a few updates, to see that it works", False)


class Sentences:
    """Draws batches of sentences with what they ask for.

    Args:
        tokenizer: The policy's.
        goals: People's, or None.
        rng: Draws.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        goals: HumanGoals | None,
        rng: np.random.Generator,
    ) -> None:
        self._tokenizer, self._rng = tokenizer, rng
        self._rewording = Rewording(goals)
        pairs = goals.goals if goals is not None else []
        self._human: list[Sample] = [(self._ids(said), (parse,)) for parse, said in pairs]
        self._said: list[Sample] = []
        self._waiting: list[list[Sample]] = []

    def _ids(self, text: str) -> list[int]:
        return instruction_ids(self._tokenizer, text).ids

    def _say(self) -> Sample:
        said = self._rewording.express(random_parses(self._rng), self._rng)
        return self._ids(said.text), said.parses

    def say_more(self, count: int) -> None:
        """Says sentences of our grammar; the oldest make room."""
        for _ in range(count):
            if len(self._said) < _KEPT:
                self._said.append(self._say())
            else:
                self._said[int(self._rng.integers(_KEPT))] = self._say()

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor, Labels]:
        """Token ids (B, T), the mask (B, T) of words, and labels of a batch of one length or so."""
        self.say_more(_SAID_ANEW)
        if not self._waiting:
            drawn = sorted((self._one() for _ in range(_TOGETHER * count)), key=_length)
            self._waiting = [drawn[k : k + count] for k in range(0, len(drawn), count)]
        samples = self._waiting.pop(int(self._rng.integers(len(self._waiting))))
        ids, mask = padded([self._thinned(row) for row, _ in samples])
        return ids, mask, labels_of([parses for _, parses in samples])

    def _one(self) -> Sample:
        draw = self._rng.random()
        if draw < _TALK:
            return self._ids(spoil(talk(self._rng), self._rng)), ()
        pool = self._human if self._human and draw < _TALK + _HUMAN else self._said
        return pool[int(self._rng.integers(len(pool)))]

    def _thinned(self, row: list[int]) -> list[int]:
        """A sentence with a word lost now and then."""
        kept = self._rng.random(len(row)) >= _DROPPED
        return [token for token, keep in zip(row, kept, strict=True) if keep] or row


def _length(sample: Sample) -> int:
    return len(sample[0])


def train(
    network: ReaderNetwork,
    sentences: Sentences,
    config: ReaderTraining,
    device: torch.device,
    stopped: Callable[[], int] = lambda: 0,
) -> int:
    """Trains until the budget is spent, or ``stopped``; returns how many updates were made."""
    torch.manual_seed(config.seed)
    network.to(device).train()
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=config.rate, weight_decay=0.02, betas=(0.9, 0.98)
    )
    sentences.say_more(20 * _SAID_ANEW)
    begun, updates, losses = time.monotonic(), 0, []
    while True:
        spent = (time.monotonic() - begun) / 60
        share = updates / config.updates if config.updates else spent / max(config.minutes, 1e-9)
        if share >= 1 or stopped():
            return updates
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(config.rate, share, updates, _WARMUP)
        ids, mask, labels = sentences.draw(config.batch)
        network.met[ids[mask]] = True
        loss = reader_loss(
            network, ids.to(device), mask.to(device), Labels(*(part.to(device) for part in labels))
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        updates += 1
        losses.append(float(loss.detach()))
        if updates % 100 == 0:
            print(
                f"{spent:.1f} min, {updates} updates, loss {np.mean(losses[-100:]):.3f}", flush=True
            )


def _device(asked: str) -> torch.device:
    if asked == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device cuda: torch finds no GPU here; use cpu, or auto.")
    return torch.device("cuda" if asked != "cpu" and torch.cuda.is_available() else "cpu")


def score(reader: Reader, check: HumanGoals | None, seed: int) -> dict[str, ReaderScores]:
    """Scores on held-out wording of our grammar, on talk, and on people's goals where given."""
    rng = np.random.default_rng([seed, 7])
    found = {
        "grammar, held-out phrases": score_grammar(reader, rng, "test"),
        "talk, held out": score_talk(reader),
    }
    if check is not None:
        found["people's goals"] = score_goals(reader, check)
    return found


def run(config: ReaderTraining) -> dict[str, ReaderScores]:
    """Trains, scores and writes a reader; returns its scores.

    Raises:
        ValueError: If goals can't be read, or there is no GPU that was asked for.
        Stopped: A signal came; what was learned is saved.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    goals = HumanGoals.read(config.goals) if config.goals else None
    check = HumanGoals.read(config.check) if config.check else None
    torch.manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    tokenizer = build_tokenizer()
    network = new_network(tokenizer)
    device = _device(config.device)
    with stop_noted() as stopped:
        updates = train(network, Sentences(tokenizer, goals, rng), config, device, stopped)
        number = stopped()
    if number and not updates:
        raise Stopped(number)
    reader = Reader(network.cpu(), tokenizer)
    scores = {} if number else score(reader, check, config.seed)
    record = {
        "updates": updates,
        "minutes": config.minutes,
        "human_goals": len(goals) if goals else 0,
        "scores": {name: one.as_dict() for name, one in scores.items()},
    }
    save_reader(config.out, network, tokenizer, record)
    if number:
        raise Stopped(number, f"the reader after {updates} updates is in {config.out}")
    return scores


@command("training.reader", "nothing was saved")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.reader",
        description="Train the reader of instructions.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, ReaderTraining)
    config = settings_from(ReaderTraining, parser.parse_args(argv))
    if config.smoke:
        config = replace(config, updates=config.updates or 3, batch=min(config.batch, 16))
    try:
        prepare_folder(config.out, READER, replaced=True)
        scores = run(config)
    except (ValueError, OSError) as error:
        print(f"training.reader: {error}", file=sys.stderr)
        return 2
    for name, one in scores.items():
        print(f"{name}: {one.text()}")
    print(f"reader: {config.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
