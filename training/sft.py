"""Stages 1 and 2: the language model and the fusion learn to answer as the expert would.

Cross-entropy on thought, verb and object, on frames already encoded (training.feature_cache).
Every epoch says the tasks in other words; some steps get a rejected proposal, so that the policy
learns to answer differently when told that an answer was wrong. ``--episodes`` may be given several
times: expert episodes first (stage 1), corrections of the learner's own mistakes later (stage 2).

Example:
    python -m training.sft --vision runs/vision --episodes runs/episodes --out runs/policy
    python -m training.sft --start runs/policy --episodes runs/episodes --episodes runs/dagger \\
        --out policies/checkpoints/default
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import prepare_folder
from policies.cimr.language.lexicon import plain_words, type_of_name
from policies.cimr.language.reader_files import reader_in
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import CimrLlava, small_model
from policies.weight_files import tensors_in
from training.batches import Batch, Batcher
from training.checkpoint import POLICY, save_policy, vision_weights
from training.data.augmentation import Augmentation
from training.data.step_part import level_of
from training.data.wording.human_goals import HumanGoals
from training.data.wording.rewording import Rewording
from training.feature_cache import VISION_WEIGHTS, Steps, load_steps
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
from training.options import add_options, option, settings_from, share

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

CHECKPOINT_MINUTES, WARMUP, WEIGHT_DECAY = 1.0, 100, 0.05
_TABLE = "model.language_model.embed_tokens.weight"
EXAMPLES = """examples:
  python -m training.sft --vision runs/vision --episodes runs/episodes --out runs/policy --minutes 8
  python -m training.sft --start runs/policy --episodes runs/episodes --episodes runs/dagger
  python -m training.sft --start runs/policy --vision runs/vision --episodes runs/dagger
"""


@dataclass(frozen=True)
class SftConfig(TrainingConfig):
    """What stages 1 and 2 can be told."""

    minutes: float = option("minutes by the clock to train for", 8.0, metavar="M", least=0)
    batch: int = option("steps of an update, in each process", 64, least=1)
    rate: float = option("highest learning rate", 1.5e-3)
    corrected: float = share("share of wrong proposals that are objected to", 0.6)
    opposed: float = share("share of right proposals that are objected to", 0.12)
    forget: float = share("share of memory events dropped", 0.03)
    no_past: float = share("share of decisions without past actions", 0.12)
    reword: float = share("share of instructions said in other words", 0.75)
    primitive: float = share("share of decisions in primitive moves, where there are both", 0.2)
    episodes: tuple[Path, ...] = option(
        "steps of training.data.collect_demonstrations; may be given several times",
        (),
        required=True,
    )
    vision: Path | None = option(
        "vision encoder to begin with, of training.pretrain_vision", None, also=("--eye",)
    )
    start: Path | None = option(
        "go on from this policy; with --vision beside it, with that encoder for its own", None
    )
    reader: Path | None = option(
        "folder of training.reader, to put beside the policy; default: that of --start", None
    )
    goals: Path | None = option(
        "ALFRED's train goals, your own copy, to say tasks in people's words", None
    )
    check: Path | None = option("steps in held-out rooms to score on", None)
    out: Path = option("where the policy goes", Path("runs/policy"))

    @property
    def augmentation(self) -> Augmentation:
        """How steps are varied."""
        return Augmentation(
            corrected=self.corrected,
            opposed=self.opposed,
            forget=self.forget,
            no_past=self.no_past,
            reword=self.reword,
            primitive=self.primitive,
        )


def answer_logits(model: CimrLlava, batch: Batch) -> tuple[Tensor, Tensor]:
    """Logits (M, vocabulary) and positions (M, 2) of the answer tokens of a batch."""
    tokens = model.model.multi_modal_projector(batch.tokens)
    memory = model.remember(model.encode_context(batch.events), batch.views, batch.news, batch.past)
    fused = model.fuse(batch.text, tokens, memory, batch.found, batch.prompt)
    hidden = model.model.language_model(
        inputs_embeds=torch.cat([fused.vision, fused.context, fused.text], 1),
        use_cache=False,
    ).last_hidden_state
    where = batch.weights.nonzero()
    before = fused.vision.shape[1] + fused.context.shape[1] - 1
    return model.lm_head(hidden[where[:, 0], where[:, 1] + before]).float(), where


def sft_loss(model: CimrLlava, batch: Batch) -> Tensor:
    """Weighted cross-entropy of the answers."""
    logits, where = answer_logits(model, batch)
    truth, weight = batch.text[where[:, 0], where[:, 1]], batch.weights[where[:, 0], where[:, 1]]
    return (F.cross_entropy(logits, truth, reduction="none") * weight).sum() / weight.sum()


@torch.inference_mode()
def agreement(model: CimrLlava, batcher: Batcher, chosen: np.ndarray) -> dict[str, float]:
    """Share of steps whose verb, and whose whole action, is the expert's, given its thought.

    Where there are several action levels, of each apart too: ``primitive verb``.
    """
    model.eval()
    rng = np.random.default_rng(0)
    device = next(model.parameters()).device
    verbs = torch.tensor(sorted(batcher.codec.verb_of_id), device=device)
    right_verb, right = [], []
    for start in range(0, len(chosen), 128):
        made = batcher.make(chosen[start : start + 128], rng, augment=False)
        batch = Batch(*(part.to(device) for part in made))
        logits, where = answer_logits(model, batch)
        truth = batch.text[where[:, 0], where[:, 1]]
        hit = logits.argmax(-1) == truth
        is_verb = torch.isin(truth, verbs)
        right_verb += hit[is_verb].tolist()
        acts = batch.action[where[:, 0], where[:, 1]]
        wrong = torch.zeros(len(batch.text), device=device).index_add(
            0, where[acts][:, 0], (~hit[acts]).float()
        )
        right += (wrong == 0).tolist()
    model.train()
    levels = np.array([level_of(batcher.steps.records[k]) for k in chosen])
    found = {"verb": float(np.mean(right_verb)), "action": float(np.mean(right))}
    for level in sorted(set(levels)) if len(set(levels)) > 1 else ():
        found[f"{level} verb"] = float(np.mean(np.array(right_verb)[levels == level]))
        found[f"{level} action"] = float(np.mean(np.array(right)[levels == level]))
    return found


def new_model(tokenizer: PreTrainedTokenizerFast, vision: Path | None = None) -> CimrLlava:
    """An untrained policy, with the vision encoder of stage 0 if given.

    Args:
        tokenizer: Its words.
        vision: Folder of ``training.pretrain_vision``, or its weights.

    Raises:
        ValueError: If there is no vision encoder, or it was trained with other words.
    """
    model = small_model(tokenizer)
    if vision is not None:
        put_vision(model, vision)
    return model


def put_vision(model: CimrLlava, vision: Path) -> None:
    """Gives a policy the vision encoder of stage 0, in place of its own.

    Args:
        model: Is changed.
        vision: Folder of ``training.pretrain_vision``, or its weights.

    Raises:
        ValueError: If there is no vision encoder, or it was trained with other words.
    """
    path = vision if vision.is_file() else vision_weights(vision)
    if path is None:
        raise ValueError(
            f"There is no vision encoder in {vision}: "
            f"run python -m training.pretrain_vision --out {vision}"
        )
    own = model.state_dict()
    # The reading of what is pointed at is new in stage 1.
    kept = {
        k: v
        for k, v in tensors_in(path).items()
        if k.startswith(VISION_WEIGHTS) and ".read." not in k and not k.endswith(".gate")
    }
    odd = [k for k, v in kept.items() if k not in own or own[k].shape != v.shape]
    if odd:
        raise ValueError(
            f"The vision encoder in {path} does not fit, first at {odd[0]}: train it again."
        )
    words = model.config.name_ids, model.config.state_ids
    table = own[_TABLE].clone()
    if _TABLE in kept:
        seen = [token for ids in words for token in ids or ()]
        table[seen] = kept[_TABLE][seen].to(table.dtype)
        kept[_TABLE] = table
    model.load_state_dict(kept, strict=False)


def trainable(model: CimrLlava) -> tuple[list[nn.Parameter], Tensor]:
    """Parameters to train, and the rows of word embeddings that stay: the vision encoder's."""
    for part in (model.model.vision_tower, model.fusion.grounding):
        part.requires_grad_(False)
    model.fusion.grounding.read.requires_grad_(True)
    model.fusion.grounding.gate.requires_grad_(True)
    config = model.config
    known = (config.name_ids, config.type_word_ids, config.state_ids)
    fixed = sorted({token for ids in known for token in ids or ()})
    return [p for p in model.parameters() if p.requires_grad], torch.tensor(fixed)


def parameter_groups(parameters: Sequence[nn.Parameter], table: Tensor) -> list[dict[str, Any]]:
    """Parameters as AdamW takes them: matrices decay, but not the words' embeddings."""
    return [
        {
            "params": [p for p in parameters if p.dim() > 1 and p is not table],
            "weight_decay": WEIGHT_DECAY,
        },
        {"params": [p for p in parameters if p.dim() <= 1 or p is table], "weight_decay": 0.0},
    ]


class SftObjective(nn.Module):
    """The loss of a batch of steps.

    Args:
        model: The network.
    """

    def __init__(self, model: CimrLlava) -> None:
        super().__init__()
        self.model = model

    def forward(self, *parts: Tensor) -> Tensor:
        """Loss of the parts of a ``Batch``."""
        with mixed_precision(parts[0].device):
            return sft_loss(self.model, Batch(*parts))


def train(
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    steps: Steps,
    config: SftConfig,
    out: Path | None = None,
    held: Steps | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Trains for some minutes or updates; returns the record.

    Args:
        model: Is changed.
        tokenizer: The model's.
        steps: To learn from.
        config: How.
        out: Where the policy goes; None keeps it in memory.
        held: To score on.
        clock: Seconds; for tests.
    """
    set_up(config)
    names = model.config.name_ids or []
    goals = HumanGoals.read(config.goals) if config.goals else None
    batcher = Batcher(steps, tokenizer, names, config.augmentation, Rewording(goals))
    check = Batcher(held, tokenizer, names, config.augmentation) if held else None
    parameters, known = trainable(model)
    table = model.get_input_embeddings().weight
    groups = parameter_groups(parameters, table)
    loop = Optimisation(SftObjective(model), config, groups, parameters, warmup=WARMUP, clock=clock)
    known = known.to(loop.device)
    levels = sorted({level_of(step) for step in steps.records})
    record: dict[str, Any] = {"steps": len(steps), "samples": 0, "scores": {}}
    model.train()

    def keep_known_words() -> None:
        if table.grad is not None:
            table.grad[known] = 0

    def checkpoint(progress: Progress) -> Mapping[str, float]:
        record["samples"] = progress.samples
        if progress.is_main:
            if check is not None:
                record["scores"] = agreement(model, check, np.arange(len(check.steps)))
            if out is not None:
                save(out, model, tokenizer, record, config.reader or config.start, levels)
        return record["scores"]

    end = loop.run(
        loop.ahead(lambda rng: batcher.make(batcher.draw(config.batch, rng), rng)),
        checkpoint,
        every=CHECKPOINT_MINUTES,
        mask=keep_known_words,
    )
    record["loss"] = end.loss
    if end.updates or not end.stopped:
        checkpoint(end)
    end.end(f"the policy so far is in {out}; go on with --start {out}" if out else "not saved")
    return record


def save(
    out: Path,
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    record: dict[str, Any],
    reader: Path | None = None,
    levels: Sequence[str] = ("skill",),
) -> None:
    """Writes the policy's folder, with the reader of another folder if there is one."""
    words = sorted({*plain_words(), *type_of_name()})
    beside = reader_in(reader) if reader is not None else ()
    save_policy(
        out, model, tokenizer, known_words=words, levels=levels, scores=record, beside=beside
    )


@command("training.sft", "what was saved before is as it was")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.sft",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, SftConfig)
    config = settings_from(SftConfig, parser.parse_args(argv))
    try:
        prepare_folder(config.out, POLICY, replaced=True)
        prepare_tensorboard(config)
        model, tokenizer = _beginning(config)
        model = model.to(device_of(config), memory_format=torch.channels_last)
        steps = load_steps(config.episodes[0], model)
        for folder in config.episodes[1:]:
            steps = steps.joined(load_steps(folder, model))
        held = load_steps(config.check, model) if config.check else None
        record = train(model, tokenizer, steps, config, config.out, held)
    except (ValueError, OSError) as error:
        print(f"training.sft: {error}", file=sys.stderr)
        return 2
    if is_main_process():
        print(json.dumps(record))
    return 0


def _beginning(config: SftConfig) -> tuple[CimrLlava, PreTrainedTokenizerFast]:
    """The policy to go on from, or a new one."""
    if config.start is not None:
        from policies.loading import load_default

        policy: Any = load_default(config.start)
        if config.vision is not None:
            put_vision(policy.model, config.vision)
        return policy.model, policy.codec.tokenizer
    tokenizer = build_tokenizer()
    torch.manual_seed(config.seed)
    return new_model(tokenizer, config.vision), tokenizer


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
