"""Teaches a policy's verifier: will this work, did it work, what is in the hand?

It learns from steps that the policy or the expert took, labelled by the simulator, on what the
vision encoder makes of their frames; nothing else of the policy changes. Failures are drawn as
often as successes, and some successes are shown with the frame before in place of the one after,
as an action that did nothing. Afterwards the answers are calibrated on every other held-out room,
and a report on the rooms between is written beside the weights.

Example:
    python -m training.verifier --episodes runs/dagger --policy runs/policy --out runs/verified
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import prepare_folder
from envs.simulator.system.whole import write_text
from policies.cimr.checkpoint import read_record
from policies.cimr.judging import verify
from policies.cimr.language.reader_files import RECORD, WEIGHTS
from policies.cimr.model import CimrLlava
from policies.cimr.policy import LvlmPolicy
from policies.cimr.verifier import JUDGED_VERBS, Evidence
from training.checkpoint import CARD, POLICY, save_policy
from training.data.outcomes import OK, Outcome, load_outcomes
from training.data.verifier_evidence import OutcomeTable, look_at_outcomes
from training.optimisation import (
    Optimisation,
    Progress,
    TrainingConfig,
    device_of,
    is_main_process,
    mixed_precision,
    prepare_tensorboard,
    set_up,
)
from training.options import add_options, option, settings_from
from training.reports.calibration import fit_odds, fit_temperature
from training.reports.verifier_report import Verdicts, least_trust, report, scores

CHECKPOINT_MINUTES, WARMUP, WEIGHT_DECAY = 1.0, 50, 0.05
HELD_SHARE = 0.5  # of the loss
HELD_OUT = 6  # every sixth room is kept to check on, where no others are given
STILL_SHARE = 0.3  # of successes that are shown as if nothing had happened: failures are rare
PRECISION = 0.9  # that flagged failures should have
REPORT = "verifier.txt"
_BESIDE = (CARD, WEIGHTS, RECORD, REPORT)  # of the policy before
# These may work without anything to be seen: a toaster looks the same when it is on.
_UNSEEN = [JUDGED_VERBS.index(verb) for verb in ("toggle on", "toggle off")]
EXAMPLES = """examples:
  python -m training.verifier --episodes runs/dagger --policy runs/policy --out runs/verified
  python -m training.verifier --episodes runs/episodes --episodes runs/dagger --policy default
"""


@dataclass(frozen=True)
class VerifierConfig(TrainingConfig):
    """What the verifier's training can be told."""

    minutes: float = option(
        "minutes by the clock to train for, over all runs into one folder",
        4.0,
        metavar="M",
        least=0,
    )
    batch: int = option("steps of an update, in each process", 128, least=2)
    rate: float = option("highest learning rate", 1e-3)
    episodes: tuple[Path, ...] = option(
        "steps of training.data.collect_demonstrations; may be given several times",
        (),
        required=True,
    )
    check: Path | None = option(
        "steps in held-out rooms; without it every sixth room is held out", None
    )
    policy: str = option("whose verifier: default, or a policy's folder", "default", metavar="NAME")
    out: Path = option("where the policy with its verifier goes", Path("runs/verified"))
    most: int = option("steps kept in memory, about 90 kB each", 40_000, least=1)
    smoke: bool = option("a few steps, to see that it works", False)


class VerifierObjective(nn.Module):
    """The loss of a batch of outcomes.

    Args:
        model: Its verifier learns.
    """

    def __init__(self, model: CimrLlava) -> None:
        super().__init__()
        self.model = model

    def forward(self, *parts: Tensor) -> Tensor:
        """Loss of the parts of ``Evidence``, then verbs, things, whether it worked, what is held.

        Held is -1 where it does not count.
        """
        evidence, (verbs, things, worked, held) = Evidence(*parts[:5]), parts[5:]
        with mixed_precision(verbs.device):
            verdict = verify(self.model, evidence, verbs, things)
        loss = F.binary_cross_entropy_with_logits(verdict.works, worked)
        return loss + HELD_SHARE * F.nll_loss(verdict.held, held)


def rarity(table: OutcomeTable, usable: np.ndarray) -> np.ndarray:
    """(N,) chances to be drawn: within a verb failures are as likely as successes."""
    keys = np.array([f"{o.verb}/{o.kind == OK}" for o in table.outcomes])
    verbs = np.array([str(o.verb) for o in table.outcomes])
    weight = np.zeros(len(table))
    for key in np.unique(keys[usable]):
        rows = usable & (keys == key)
        of_verb = (usable & (verbs == key.split("/")[0])).sum()
        weight[rows] = np.sqrt(of_verb) / rows.sum()
    total = weight.sum()
    return weight / total if total else weight


class OutcomeBatcher:
    """Draws batches: half to be judged, half to be foreseen.

    Args:
        table: To draw from.
    """

    def __init__(self, table: OutcomeTable) -> None:
        self.table = table
        self.judged = rarity(table, table.column("is_judged"))
        self.foreseen = rarity(table, table.column("is_foreseen"))
        self.columns = {name: table.column(name) for name in ("verb", "thing", "kind", "held")}

    def make(self, size: int, rng: np.random.Generator) -> tuple[Tensor, ...]:
        """The tensors that ``VerifierObjective`` takes."""
        acted = np.arange(size) % 2 == 0
        if not self.foreseen.any():
            acted[:] = True
        rows = np.zeros(size, np.int64)
        for chances, wanted in ((self.judged, acted), (self.foreseen, ~acted)):
            if wanted.any():
                rows[wanted] = rng.choice(len(self.table), int(wanted.sum()), p=chances)
        worked = self.columns["kind"][rows] == OK
        still = worked & acted & (rng.random(size) < STILL_SHARE)
        still &= ~np.isin(self.columns["verb"][rows], _UNSEEN)
        return (
            *self.table.batch(rows, acted, still),
            torch.from_numpy(self.columns["verb"][rows]),
            torch.from_numpy(self.columns["thing"][rows]),
            torch.from_numpy((worked & ~still).astype(np.float32)),
            torch.from_numpy(self.columns["held"][rows]),
        )


@torch.no_grad()
def verdicts(model: CimrLlava, table: OutcomeTable) -> Verdicts:
    """What the verifier says of all outcomes."""
    device = next(model.parameters()).device
    was_training = model.verifier.training
    model.verifier.eval()
    said: dict[bool, list[np.ndarray]] = {True: [], False: []}
    held = []
    verbs, things = table.column("verb"), table.column("thing")
    for start in range(0, len(table), 256):
        rows = np.arange(start, min(start + 256, len(table)))
        ids = [torch.from_numpy(column[rows]).to(device) for column in (verbs, things)]
        for acted in (True, False):
            evidence = table.batch(rows, np.full(len(rows), acted))
            verdict = verify(model, Evidence(*(part.to(device) for part in evidence)), *ids)
            said[acted].append(verdict.works.cpu().numpy())
        held.append(verdict.held.cpu().numpy())
    model.verifier.train(was_training)
    return Verdicts(
        np.concatenate(said[False]),
        np.concatenate(said[True]),
        np.concatenate(held),
        table.column("kind"),
        table.column("held"),
        table.column("is_foreseen"),
        table.column("is_judged"),
    )


def calibrate(model: CimrLlava, said: Verdicts) -> None:
    """Makes the verifier's answers true of these outcomes."""
    verifier = model.verifier
    for k, (level, asked) in enumerate(
        ((said.foreseen, said.is_foreseen), (said.judged, said.is_judged))
    ):
        truth = said.kind[asked] == OK
        scale, bias = fit_odds(level[asked], truth, np.ones(len(truth)))
        verifier.scale[k].mul_(scale)
        verifier.bias[k].mul_(scale).add_(bias)
    verifier.scale[2].mul_(fit_temperature(said.held, said.in_hand))


def split(outcomes: list[Outcome], config: VerifierConfig) -> tuple[list[Outcome], list[Outcome]]:
    """Outcomes to learn from, evenly thinned to ``most``, and those of every sixth room."""
    scenes = sorted({outcome.scene for outcome in outcomes})
    held = set(scenes[::HELD_OUT]) if len(scenes) > 1 and config.check is None else set()
    kept = [outcome for outcome in outcomes if outcome.scene not in held]
    most = min(config.most, 64) if config.smoke else config.most
    if len(kept) > most:
        kept = [kept[k] for k in np.linspace(0, len(kept) - 1, most).astype(int)]
    return kept, [outcome for outcome in outcomes if outcome.scene in held][:most]


def train(config: VerifierConfig, clock: Callable[[], float] = time.monotonic) -> dict[str, Any]:
    """Trains the verifier of a policy; goes on from ``config.out`` if it was begun there.

    Args:
        config: How.
        clock: Seconds; for tests.

    Returns:
        The record: minutes, samples, trust and scores.
    """
    set_up(config)
    begun = _record(config.out)
    policy = _policy(str(config.out) if begun else config.policy)
    record: dict[str, Any] = {"minutes": 0.0, "samples": 0, **(begun or {})}
    model = policy.model.to(device_of(config))
    outcomes, held_out = split(load_outcomes(config.episodes, policy.codec), config)
    if config.check is not None:
        held_out = load_outcomes([config.check], policy.codec)[: config.most]
    data, held = look_at_outcomes(model, outcomes), look_at_outcomes(model, held_out or outcomes)
    model.requires_grad_(False)
    model.verifier.requires_grad_(True).train()
    parameters = list(model.verifier.parameters())
    loop = Optimisation(
        VerifierObjective(model),
        config,
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": WEIGHT_DECAY},
            {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
        ],
        parameters,
        warmup=WARMUP,
        minutes_before=record["minutes"],
        clock=clock,
    )
    batcher, samples = OutcomeBatcher(data), record["samples"]

    def checkpoint(progress: Progress) -> Mapping[str, float]:
        record["minutes"], record["samples"] = progress.minutes, samples + progress.samples
        if progress.is_main:
            record["scores"] = scores(verdicts(model, held))
            _save(config, policy, record)
        return dict(record.get("scores", {}))

    batches = loop.ahead(lambda rng: batcher.make(config.batch, rng), samples)
    end = loop.run(batches, checkpoint, every=CHECKPOINT_MINUTES)
    if end.updates or not end.stopped:
        checkpoint(end)
    end.end(f"they are in {config.out}; give the same command again to go on")
    if is_main_process():
        found, told = _finish(policy, held)
        print(told, flush=True)
        record.update(found)
        _save(config, policy, record, told)
    return record


def _finish(policy: LvlmPolicy, held: OutcomeTable) -> tuple[dict[str, Any], str]:
    """Calibrates on every other held-out room; trust, scores and a report on those between."""
    scenes = sorted({outcome.scene for outcome in held.outcomes})
    odd = np.array([scenes.index(outcome.scene) % 2 == 1 for outcome in held.outcomes])
    if not odd.any() or odd.all():
        odd[:] = True
    first = ~odd if (~odd).any() else odd
    said = verdicts(policy.model, held).rows(first)
    calibrate(policy.model, said)
    fitted = verdicts(policy.model, held)
    trust = {
        name: least_trust(level[first & asked], fitted.kind[first & asked] != OK, PRECISION)
        for name, level, asked in (
            ("foresee", fitted.foreseen, fitted.is_foreseen),
            ("judge", fitted.judged, fitted.is_judged),
        )
    }
    shown = fitted.rows(odd)
    text = report(shown) + f"\nleast trust for {PRECISION:.0%} precision: {json.dumps(trust)}"
    return {"trust": trust, "scores": scores(shown)}, text


def _policy(name: str) -> LvlmPolicy:
    from policies.loading import load_policy

    policy = load_policy(name)
    if not isinstance(policy, LvlmPolicy) or policy.model.config.stem_widths is None:
        raise ValueError(f"{name} has no verifier: give default, or a folder of training.sft.")
    return policy


def _record(folder: Path) -> dict[str, Any] | None:
    """What stands of an earlier run into this folder."""
    if not (folder / "policy.json").is_file():
        return None
    stands = read_record(folder)
    found: dict[str, Any] | None = stands.get("scores", {}).get("verifier")
    return found


def _save(
    config: VerifierConfig, policy: LvlmPolicy, record: dict[str, Any], told: str = ""
) -> None:
    """Writes the policy's folder, with what it knew of itself before, and the report if told."""
    source = config.out if _record(config.out) is not None else _folder(config.policy)
    stands = read_record(source)
    config_of = policy.model.config
    config_of.verifies = True
    trust = record.get("trust", {})
    config_of.judge_trust = trust.get("judge", config_of.judge_trust)
    config_of.foresee_trust = trust.get("foresee", config_of.foresee_trust)

    def tell(fresh: Path) -> None:
        if told:
            write_text(fresh / REPORT, told + "\n")

    save_policy(
        config.out,
        policy.model,
        policy.codec.tokenizer,
        known_words=stands.get("known_words", []),
        levels=stands["levels"],
        scores={**stands.get("scores", {}), "verifier": record},
        beside=[path for name in _BESIDE if (path := source / name).is_file()],
        more=tell,
        keep="|".join(map(re.escape, _BESIDE)),
    )


def _folder(name: str) -> Path:
    from policies.loading import DEFAULT

    return DEFAULT if name == "default" else Path(name)


@command("training.verifier", "give the same command again to go on")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.verifier",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, VerifierConfig)
    config = settings_from(VerifierConfig, parser.parse_args(argv))
    if config.smoke:
        config = replace(config, updates=3, batch=8)
    try:
        prepare_folder(config.out, POLICY, replaced=True)
        prepare_tensorboard(config)
        record = train(config)
    except (ValueError, OSError) as error:
        print(f"training.verifier: {error}", file=sys.stderr)
        return 2
    if is_main_process():
        print(json.dumps(record))
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
