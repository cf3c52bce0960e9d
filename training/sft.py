"""Stages 1 and 2: the language model and the fusion learn to answer as the expert would.

Cross-entropy on thought, verb and thing, on frames already looked at (training.feature_cache).
Every epoch says the tasks in other words; some steps get a rejected proposal, so that the policy
learns to answer differently when told that an answer was wrong. ``--episodes`` may be given several
times: expert episodes first (stage 1), corrections of the learner's own mistakes later (stage 2).

Example:
    python -m training.sft --eye runs/vision --episodes runs/episodes --out runs/policy
    python -m training.sft --start runs/policy --episodes runs/episodes --episodes runs/dagger \\
        --out policies/checkpoints/default
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from envs.actions import Action
from envs.tasks.families import composite
from envs.tasks.instructions import instruct, join
from envs.tasks.registry import family_named
from policies.cimr.lexicon import plain_words, type_of_name
from policies.cimr.model import CimrLlava, small_model
from policies.cimr.token_codec import REJECTED_SLOTS, Codec
from policies.cimr.tokenizer import build_tokenizer
from training.checkpoint import save_policy
from training.feature_cache import EYE, Steps, load_steps

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

THOUGHT_WEIGHT = 0.3


@dataclass(frozen=True)
class SftConfig:
    """How to train.

    Attributes:
        minutes: Wall clock.
        batch: Steps a batch.
        rate: Highest learning rate.
        rejected: Share of steps told of a wrong proposal.
        forget: Share of memory events dropped.
        reword: Share of instructions said in other words.
        seed: Of everything random.
        threads: Of the processor; 0 leaves it to torch.
    """

    minutes: float = 8.0
    batch: int = 64
    rate: float = 1.5e-3
    rejected: float = 0.15
    forget: float = 0.03
    reword: float = 0.7
    seed: int = 0
    threads: int = 0


class Batch(NamedTuple):
    """Tensors of a batch: text (B, T) with its prompt mask, weights of its answer tokens, sight."""

    text: Tensor
    prompt: Tensor
    weights: Tensor
    events: Tensor
    tokens: Tensor
    found: Tensor


def reworded(family: str, said_of: list[Any], rng: np.random.Generator) -> str:
    """A task in other words.

    Args:
        family: Of the task.
        said_of: Target, receptacle, whether to turn on, tool.
        rng: Chooses template and names.
    """
    target, receptacle, turn_on, tool = said_of
    wording = family_named(family).wording(turn_on)
    return instruct(wording, "train", rng, target, receptacle, tool)


class Batcher:
    """Makes batches of steps; a step's answer never leaks into its prompt.

    Args:
        steps: What to draw from.
        tokenizer: The policy's.
        name_ids: Whose findings ``steps.found`` holds, in order.
        config: Augmentation.
    """

    def __init__(
        self,
        steps: Steps,
        tokenizer: PreTrainedTokenizerFast,
        name_ids: list[int],
        config: SftConfig,
    ) -> None:
        self.steps, self.config = steps, config
        self.codec = Codec(tokenizer)
        self.pad = int(tokenizer.pad_token_id)
        self.row_of = np.zeros(len(tokenizer), np.int64)
        self.row_of[name_ids] = np.arange(1, len(name_ids) + 1)
        self.answers = [self._answer(r) for r in steps.records]
        self.wrong = sorted(
            {(r["verb"], r["target"]) for r in steps.records},
            key=lambda pair: (pair[0], pair[1] or ""),
        )

    def _answer(self, record: dict[str, Any]) -> list[int]:
        return self.codec.answer_ids(record["thought"], Action(record["verb"], record["target"]))

    def _instruction(self, record: dict[str, Any], rng: np.random.Generator) -> str:
        if rng.random() >= self.config.reword or not record.get("task"):
            return record["instruction"]
        if record.get("parts"):
            first, second = (reworded(part[0], part[1:], rng) for part in record["parts"])
            return join(first, second, composite.WORDING, "train", rng)
        return reworded(record["family"], record["task"], rng)

    def _events(self, k: int, rng: np.random.Generator, augment: bool) -> np.ndarray:
        events = self.steps.events[k].copy()
        if not augment:
            return events
        events[rng.random(len(events)) < self.config.forget] = self.codec.empty_event
        if rng.random() < self.config.rejected:
            record = self.steps.records[k]
            for slot in range(int(rng.integers(1, REJECTED_SLOTS + 1))):
                verb, target = self.wrong[int(rng.integers(len(self.wrong)))]
                if rng.random() < 0.5 and target is not None:
                    target = record["target"] or target
                if (verb, target) != (record["verb"], record["target"]):
                    text = Action(verb, target).to_text()
                    events[len(events) - REJECTED_SLOTS + slot] = self.codec._done(text, "rejected")
        return events

    def make(self, chosen: np.ndarray, rng: np.random.Generator, augment: bool = True) -> Batch:
        """The batch of some steps, by index."""
        texts, prompts, weights, events = [], [], [], []
        for k in chosen:
            record = self.steps.records[k]
            said = self._instruction(record, rng) if augment else record["instruction"]
            ids, answer = self.codec.prompt_ids(said), self.answers[k]
            act = next(i for i, token in enumerate(answer) if token in self.codec.verb_of_id)
            texts.append(ids + answer)
            prompts.append(len(ids))
            weights.append([THOUGHT_WEIGHT] * act + [1.0] * (len(answer) - act - 1) + [0.1])
            events.append(self._events(int(k), rng, augment))
        length = max(map(len, texts))
        text = np.full((len(chosen), length), self.pad)
        weight = np.zeros((len(chosen), length), np.float32)
        for i, ids in enumerate(texts):
            text[i, : len(ids)] = ids
            weight[i, prompts[i] : len(ids)] = weights[i]
        prompt = np.arange(length)[None] < np.array(prompts)[:, None]
        rows = self.row_of[text]
        found = self.steps.found[np.asarray(chosen)[:, None], np.maximum(rows - 1, 0)]
        found = found * (rows > 0)[..., None]
        return Batch(
            torch.from_numpy(text),
            torch.from_numpy(prompt),
            torch.from_numpy(weight),
            torch.from_numpy(np.stack(events)),
            torch.from_numpy(self.steps.tokens[chosen].astype(np.float32)),
            torch.from_numpy(found.astype(np.float32)),
        )


def answer_logits(model: CimrLlava, batch: Batch) -> tuple[Tensor, Tensor]:
    """Logits (M, vocabulary) and positions (M, 2) of the answer tokens of a batch."""
    tokens = model.model.multi_modal_projector(batch.tokens)
    memory = model.encode_context(batch.events)
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
    """Share of steps whose verb, and whose whole action, is the expert's, given its thought."""
    model.eval()
    rng = np.random.default_rng(0)
    verbs = torch.tensor(sorted(batcher.codec.verb_of_id))
    right_verb, right = [], []
    for start in range(0, len(chosen), 128):
        batch = batcher.make(chosen[start : start + 128], rng, augment=False)
        logits, where = answer_logits(model, batch)
        truth = batch.text[where[:, 0], where[:, 1]]
        hit = logits.argmax(-1) == truth
        is_verb = torch.isin(truth, verbs)
        right_verb += hit[is_verb].tolist()
        acts = batch.weights[where[:, 0], where[:, 1]] == 1.0
        wrong = torch.zeros(len(batch.text)).index_add(0, where[acts][:, 0], (~hit[acts]).float())
        right += (wrong == 0).tolist()
    model.train()
    return {"verb": float(np.mean(right_verb)), "action": float(np.mean(right))}


def new_model(tokenizer: PreTrainedTokenizerFast, eye: Path | None = None) -> CimrLlava:
    """An untrained policy, with the eye of stage 0 if given.

    Raises:
        ValueError: If the eye was trained with other words.
    """
    from safetensors.torch import load_file

    model = small_model(tokenizer)
    if eye is not None:
        path = eye / "eye.safetensors" if eye.is_dir() else eye
        if not path.exists():
            raise ValueError(
                f"There is no eye in {eye}: run python -m training.pretrain_vision --out {eye}"
            )
        own = model.state_dict()
        # The reading of what is pointed at is new in stage 1.
        kept = {
            k: v
            for k, v in load_file(path).items()
            if k.startswith(EYE) and ".read." not in k and not k.endswith(".gate")
        }
        odd = [k for k, v in kept.items() if k not in own or own[k].shape != v.shape]
        if odd:
            raise ValueError(f"The eye in {path} does not fit, first at {odd[0]}: train it again.")
        model.load_state_dict(kept, strict=False)
    return model


def trainable(model: CimrLlava) -> tuple[list[nn.Parameter], Tensor]:
    """Parameters to train, and the rows of word embeddings that stay: those the eye knows."""
    for part in (model.model.vision_tower, model.fusion.grounding):
        part.requires_grad_(False)
    model.fusion.grounding.read.requires_grad_(True)
    model.fusion.grounding.gate.requires_grad_(True)
    config = model.config
    known = (config.name_ids, config.type_word_ids, config.state_ids)
    fixed = sorted({token for ids in known for token in ids or ()})
    return [p for p in model.parameters() if p.requires_grad], torch.tensor(fixed)


def train(
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    steps: Steps,
    config: SftConfig,
    out: Path | None = None,
    held: Steps | None = None,
) -> dict[str, Any]:
    """Trains for some minutes; returns the record."""
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    batcher = Batcher(steps, tokenizer, model.config.name_ids or [], config)
    check = Batcher(held, tokenizer, model.config.name_ids or [], config) if held else None
    parameters, fixed = trainable(model)
    table = model.get_input_embeddings().weight
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p for p in parameters if p.dim() > 1 and p is not table],
                "weight_decay": 0.05,
            },
            {"params": [p for p in parameters if p.dim() <= 1 or p is table], "weight_decay": 0.0},
        ],
        lr=config.rate,
        betas=(0.9, 0.98),
    )
    record: dict[str, Any] = {"steps": len(steps), "samples": 0, "scores": {}}
    losses: list[float] = []
    begun, shown, updates = time.monotonic(), 0.0, 0
    model.train()
    while (spent := (time.monotonic() - begun) / 60) < config.minutes:
        share = spent / config.minutes
        warm = min(1.0, (updates + 1) / 100)
        for group in optimizer.param_groups:
            group["lr"] = config.rate * warm * (0.02 + 0.49 * (1 + np.cos(np.pi * share)))
        batch = batcher.make(rng.integers(0, len(steps), config.batch), rng)
        with torch.autocast("cpu", torch.bfloat16):
            loss = sft_loss(model, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        assert table.grad is not None
        table.grad[fixed] = 0
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        updates += 1
        record["samples"] += config.batch
        losses.append(float(loss.detach()))
        if spent - shown > 1.0:
            shown = spent
            if check is not None:
                record["scores"] = agreement(model, check, np.arange(len(check.steps)))
            print(
                f"{spent:5.1f} min  {record['samples']} samples  "
                f"loss {np.mean(losses[-50:]):.3f}  {json.dumps(record['scores'])}",
                flush=True,
            )
            if out is not None:
                save(out, model, tokenizer, record)
    record["loss"] = float(np.mean(losses[-50:]))
    if check is not None:
        record["scores"] = agreement(model, check, np.arange(len(check.steps)))
    if out is not None:
        save(out, model, tokenizer, record)
    return record


def save(out: Path, model: CimrLlava, tokenizer: PreTrainedTokenizerFast, record: dict) -> None:
    """Writes the policy's folder."""
    words = sorted({*plain_words(), *type_of_name()})
    save_policy(out, model, tokenizer, known_words=words, scores=record)


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.sft",
        description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m training.sft --eye runs/vision --episodes runs/episodes --out "
        "runs/policy --minutes 8",
    )
    parser.add_argument("--eye", type=Path, default=None, help="folder of training.pretrain_vision")
    parser.add_argument("--start", type=Path, default=None, help="go on from this policy")
    parser.add_argument(
        "--episodes",
        type=Path,
        action="append",
        required=True,
        help="folder of training.data.collect_demonstrations; may be repeated",
    )
    parser.add_argument("--check", type=Path, help="episodes of held-out rooms to score on")
    parser.add_argument("--out", type=Path, default=Path("runs/policy"))
    parser.add_argument("--minutes", type=float, default=SftConfig.minutes)
    parser.add_argument("--batch", type=int, default=SftConfig.batch)
    parser.add_argument("--rate", type=float, default=SftConfig.rate)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(argv)
    config = SftConfig(
        minutes=options.minutes,
        batch=options.batch,
        rate=options.rate,
        seed=options.seed,
        threads=options.threads,
    )
    try:
        if options.start is not None:
            from policies.loading import load_default

            policy = load_default(options.start)
            model, tokenizer = policy.model, policy.codec.tokenizer  # type: ignore[attr-defined]
        else:
            tokenizer = build_tokenizer()
            model = new_model(tokenizer, options.eye)
        model = model.to(memory_format=torch.channels_last)
        steps = load_steps(options.episodes[0], model)
        for folder in options.episodes[1:]:
            steps = steps.joined(load_steps(folder, model))
        held = load_steps(options.check, model) if options.check else None
        record = train(model, tokenizer, steps, config, options.out, held)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
