"""Where a run of IVR-R1 stands, in one file that is replaced as a whole after every round.

    runs/ivr/
        progress.safetensors   trained weights and AdamW's moments in float32, and in its header the
                               number of rounds, the sums of counts and the options
        rounds.jsonl           a line a round
        policy/                the policy as it stands, for run_episode.py --policy

A run that was killed goes on after its last whole round with the same batch: what is random follows
from (seed, round, group), and weights and moments are those of that moment.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from envs.simulator.system.foreign_json import json_lines, read_text
from envs.simulator.system.targets import FolderKind
from envs.simulator.system.whole import whole_file, write_text
from training.feature_cache import encoder_key
from training.ivr_r1.learner import Learner

STATE, ROUNDS, POLICY = "progress.safetensors", "rounds.jsonl", "policy"
RUN = FolderKind(
    "run of training.ivr_r1", (STATE,), rf"{STATE}|{ROUNDS}|{POLICY}(/.*)?|tensorboard(/.*)?"
)
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_MOST_BYTES = 1_000_000_000


@dataclass(frozen=True)
class RunRecord:
    """What is known of a run after a round.

    Attributes:
        rounds: That are done.
        counts: Summed, by the names of ``training.ivr_r1.rollouts.counts``.
        env_steps: In the world, so far.
        seconds: Of simulator, policy and update, so far.
        options: Of the command, those that change what is learned.
    """

    rounds: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    env_steps: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def save(out: Path, learner: Learner, record: RunRecord, line: dict[str, Any]) -> None:
    """Writes a round down: the state last, for it decides where a run goes on.

    Args:
        out: The run's folder.
        learner: Weights and moments.
        record: After the round.
        line: Of ``rounds.jsonl``.
    """
    from safetensors.torch import save_file

    lines = [*rounds(out, record.rounds - 1), line]
    write_text(out / ROUNDS, "".join(json.dumps(entry) + "\n" for entry in lines))
    tensors: dict[str, Tensor] = {}
    for name, parameter in learner.named.items():
        tensors[f"weights.{name}"] = parameter.detach().contiguous()
        state = learner.optimizer.state.get(parameter, {})
        for part in _MOMENTS:
            if part in state:
                tensors[f"{part}.{name}"] = torch.as_tensor(state[part]).detach().contiguous()
    known = {
        "record": json.dumps(vars(record)),
        "encoder": encoder_key(learner.model),
    }
    with whole_file(out / STATE) as partial:
        save_file(tensors, partial, metadata=known)


def rounds(out: Path, most: int) -> list[dict[str, Any]]:
    """The first lines of ``rounds.jsonl``; a killed run may have written one too many."""
    path = out / ROUNDS
    if not path.is_file():
        return []
    return [dict(row) for _, row in json_lines(read_text(path, _MOST_BYTES))][: max(0, most)]


def load(out: Path, learner: Learner, options: dict[str, Any]) -> RunRecord:
    """Takes up a run where it stands; a new one where there is none.

    Args:
        out: The run's folder.
        learner: Its weights and moments are set.
        options: Of this command, as in ``RunRecord``.

    Raises:
        ValueError: If the run is another policy's, was begun with other options, or is damaged.
    """
    from safetensors import SafetensorError, safe_open

    path = out / STATE
    if not path.is_file():
        return RunRecord(options=options)
    try:
        with safe_open(path, "pt") as file:
            known = file.metadata() or {}
            record = RunRecord(**json.loads(known["record"]))
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise ValueError(
            f"{path} is damaged ({error}): give another --out, or remove it to begin anew."
        ) from error
    for name, value in options.items():
        if record.options.get(name) != value:
            raise ValueError(
                f"The run in {out} was begun with {name} {record.options.get(name)!r}, not "
                f"{value!r}: give that, or another --out."
            )
    _fit(out, learner, tensors, known.get("encoder", ""))
    return record


def _fit(out: Path, learner: Learner, tensors: dict[str, Tensor], encoder: str) -> None:
    """Sets weights and moments, if all of them are this policy's."""
    odd = [
        name
        for name, parameter in learner.named.items()
        if name_shape(tensors.get(f"weights.{name}")) != tuple(parameter.shape)
    ]
    trained = sum(name.startswith("weights.") for name in tensors)
    if odd or trained != len(learner.named) or encoder != encoder_key(learner.model):
        first = odd[0] if odd else "the vision encoder"
        raise ValueError(
            f"The run in {out} is of a policy of another architecture or encoder, first at "
            f"{first}: give the policy that it was begun with, or another --out."
        )
    with torch.no_grad():
        for name, parameter in learner.named.items():
            parameter.copy_(tensors[f"weights.{name}"])
            found = {p: tensors[f"{p}.{name}"] for p in _MOMENTS if f"{p}.{name}" in tensors}
            if found:
                learner.optimizer.state[parameter] = found


def name_shape(tensor: Tensor | None) -> tuple[int, ...] | None:
    """Shape of a tensor, if there is one."""
    return None if tensor is None else tuple(tensor.shape)
