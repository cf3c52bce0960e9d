"""The loop in which every stage trains: budget, schedule, updates, log line, checkpoints.

The learning rate warms up and then falls along a cosine to a fiftieth, over the minutes or the
updates that were asked for. Accelerate places network and batches, so that several processes train
one network (``torchrun --nproc_per_node 2 -m training.sft ...``); the usual case is one, on a CPU.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from envs.simulator.system.stopping import Stopped, stop_noted
from envs.simulator.system.targets import prepare_folder
from training.options import option
from training.prefetch import Make, Prefetch

_LOSSES = 50  # updates that the shown loss is the mean of
_WRITTEN = 20  # a GPU is asked for its loss only so often: it would wait each time
_LEAST_RATE = 0.02  # of the highest, at the end


@dataclass(frozen=True)
class TrainingConfig:
    """What every stage's training can be told."""

    minutes: float = option("minutes by the clock to train for", 20.0, metavar="M", least=0)
    until: float | None = option(
        "stop at this time too, in seconds since 1970: then loading is of the budget", None
    )
    updates: int | None = option(
        "train for so many updates, however long they take; the same seed gives the same weights",
        None,
        least=1,
    )
    batch: int = option("samples of an update, in each process", 32, least=1)
    rate: float = option("highest learning rate", 2e-3)
    seed: int = option("of everything random", 0)
    threads: int = option("of the processor; 0 leaves it to torch", 0, least=0)
    device: str = option(
        "cpu, cuda, or auto: a GPU where there is one", "cpu", choices=("cpu", "auto", "cuda")
    )
    makers: int = option(
        "processes that make batches ahead, for a fast GPU; 0 makes them here", 0, least=0
    )
    tensorboard: Path | None = option(
        "write loss, learning rate and scores here, for tensorboard --logdir DIR", None
    )


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes:
        minutes: Spent, those of earlier runs included.
        updates: Made in this run.
        samples: Seen in this run, by all processes together.
        loss: Mean of the last 50 updates; None before the first.
        is_main: This process writes the files; False in the others of several.
        stopped: Number of the signal that ended it before its time; 0 for none.
    """

    minutes: float
    updates: int
    samples: int
    loss: float | None
    is_main: bool
    stopped: int = 0

    def end(self, told: str) -> None:
        """Goes no further where a signal came: call it when all is saved.

        Args:
            told: Where what was learned is, and how to go on.

        Raises:
            Stopped: A signal came.
        """
        if self.stopped and self.is_main:
            said = f"{self.updates} updates were made: {told}"
            raise Stopped(self.stopped, said if self.updates else "nothing was trained")
        if self.stopped:
            raise SystemExit(128 + self.stopped)


def learning_rate(highest: float, share: float, updates: int, warmup: int) -> float:
    """The rate of the next update.

    Args:
        highest: Where it rises to.
        share: Of the budget that is spent.
        updates: Made so far.
        warmup: Updates in which it rises.

    >>> learning_rate(1.0, 0.0, 0, 100), learning_rate(1.0, 0.0, 100, 100)
    (0.01, 1.0)
    >>> round(learning_rate(1.0, 1.0, 500, 100), 6)
    0.02
    """
    warm = min(1.0, (updates + 1) / warmup)
    fallen = (1 - _LEAST_RATE) * 0.5 * (1 + np.cos(np.pi * min(share, 1.0)))
    return float(highest * warm * (_LEAST_RATE + fallen))


class Optimisation:
    """Trains an objective by AdamW.

    Args:
        objective: Its ``forward`` takes a batch's tensors and gives the loss.
        config: Budget, rate, device.
        groups: Parameters with their ``weight_decay``, as AdamW takes them.
        clipped: Parameters whose gradient's norm is held to 1 together.
        warmup: Updates in which the learning rate rises.
        minutes_before: Spent in earlier runs, of the same budget.
        clock: Seconds; for tests.
    """

    def __init__(
        self,
        objective: nn.Module,
        config: TrainingConfig,
        groups: Sequence[Mapping[str, Any]],
        clipped: Iterable[nn.Parameter],
        *,
        warmup: int,
        minutes_before: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from accelerate import Accelerator, DistributedDataParallelKwargs

        # A stage trains parts of the network: the others have no gradient to wait for.
        unused = DistributedDataParallelKwargs(find_unused_parameters=True)
        self._accelerator = Accelerator(cpu=config.device == "cpu", kwargs_handlers=[unused])
        self._is_gpu = self._accelerator.device.type == "cuda"
        if self._is_gpu:
            torch.set_float32_matmul_precision("high")
        optimizer = torch.optim.AdamW(
            [dict(group) for group in groups],
            lr=config.rate,
            betas=(0.9, 0.98),
            fused=True if self._is_gpu else None,
        )
        self._objective, self._optimizer = self._accelerator.prepare(objective, optimizer)
        self._config, self._clipped, self._warmup = config, list(clipped), warmup
        self._before, self._minutes, self._clock = minutes_before, config.minutes, clock
        self._losses: deque[Tensor] = deque(maxlen=_LOSSES)
        self._updates = 0

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        device: torch.device = self._accelerator.device
        return device

    def generator(self, *more: int) -> np.random.Generator:
        """What this process draws from: by the seed and more, and apart from other processes."""
        process = self._accelerator.process_index
        return np.random.default_rng([self._config.seed, *more, *([process] if process else [])])

    def ahead(self, make: Make, *more: int) -> Callable[[], Iterable[Tensor]]:
        """What ``run`` draws batches from: made here, or ahead in ``--makers`` processes.

        Args:
            make: A batch's tensors, on the processor, from a generator.
            *more: Numbers that the generator depends on beside the seed.
        """
        makers = self._config.makers
        if not makers:
            rng = self.generator(*more)
            return lambda: make(rng)
        process = self._accelerator.process_index
        seed = [self._config.seed, process, *more]
        return Prefetch(make, seed=seed, workers=makers, pinned=self._is_gpu)

    def run(
        self,
        batch: Callable[[], Iterable[Tensor]],
        checkpoint: Callable[[Progress], Mapping[str, float]],
        *,
        every: float,
        mask: Callable[[], None] = lambda: None,
    ) -> Progress:
        """Trains until the budget is spent, or a signal asks for the end.

        Args:
            batch: Draws the next batch.
            checkpoint: Called now and then, in every process: scores, saves, and returns scores.
            every: Minutes between two checkpoints.
            mask: Called between backward pass and update, to change gradients.

        Returns:
            How far it came; what was learned since the last checkpoint is not saved yet.
        """
        with stop_noted() as stopped:
            return self._run(batch, checkpoint, every, mask, stopped)

    def _run(
        self,
        batch: Callable[[], Iterable[Tensor]],
        checkpoint: Callable[[Progress], Mapping[str, float]],
        every: float,
        mask: Callable[[], None],
        stopped: Callable[[], int],
    ) -> Progress:
        begun, shown = self._clock(), 0.0
        self._minutes = self._budget()
        writer = self._writer()
        while True:
            minutes = self._before + (self._clock() - begun) / 60
            share = self._share(minutes, bool(stopped()))
            if share >= 1:
                break
            rate = learning_rate(self._config.rate, share, self._updates, self._warmup)
            self._update(rate, batch(), mask)
            if not self._is_gpu or self._updates % _WRITTEN == 0:
                self._look(rate, writer)
            if minutes - shown > every:
                shown = minutes
                progress = self._progress(minutes)
                scores = checkpoint(progress)
                _tell(progress, scores, writer, self._left(minutes))
        if writer is not None:
            writer.close()
        overtime = self._config.updates is None and minutes > self._minutes
        return replace(self._progress(self._minutes if overtime else minutes), stopped=stopped())

    def _budget(self) -> float:
        """Minutes that may be spent, those before included."""
        config = self._config
        if config.until is None:
            return config.minutes
        return min(config.minutes, self._before + max(0.0, config.until - time.time()) / 60)

    def _update(self, rate: float, batch: Iterable[Tensor], mask: Callable[[], None]) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        loss = self._objective(*(part.to(self.device, non_blocking=True) for part in batch))
        self._optimizer.zero_grad()
        self._accelerator.backward(loss)
        mask()
        self._accelerator.clip_grad_norm_(self._clipped, 1.0)
        self._optimizer.step()
        self._updates += 1
        self._losses.append(loss.detach())

    def _look(self, rate: float, writer: Any) -> None:
        """Sees that the loss is a number, and writes it down.

        Raises:
            ValueError: If it is not.
        """
        loss = float(self._losses[-1])
        if not np.isfinite(loss):
            raise ValueError(
                f"The loss is {loss} after {self._updates} updates: try a lower rate than "
                f"--rate {self._config.rate:g}. What was saved before is as it was."
            )
        if writer is not None:
            writer.add_scalar("loss", loss, self._updates)
            writer.add_scalar("rate", rate, self._updates)

    def _left(self, minutes: float) -> float:
        """Minutes until the budget is spent, at the pace so far."""
        if self._config.updates is None:
            return max(0.0, self._minutes - minutes)
        spent = minutes - self._before
        return (self._config.updates - self._updates) * spent / max(1, self._updates)

    def _share(self, minutes: float, stopped: bool) -> float:
        """The share of the budget that is spent, the same in every process; 1 if all is to end."""
        config = self._config
        if config.updates is not None:
            share = self._updates / config.updates
        else:
            share = minutes / self._minutes if self._minutes > 0 else 1.0
        share = 1.0 if stopped else share
        if self._accelerator.num_processes > 1:
            from accelerate.utils import broadcast

            share = float(broadcast(torch.tensor(share, device=self.device)))
        return share

    def _progress(self, minutes: float) -> Progress:
        loss = float(np.mean([float(x) for x in self._losses])) if self._losses else None
        samples = self._updates * self._config.batch * self._accelerator.num_processes
        return Progress(minutes, self._updates, samples, loss, self._accelerator.is_main_process)

    def _writer(self) -> Any:
        """TensorBoard's, if it was asked for."""
        if not self._accelerator.is_main_process:
            return None
        return tensorboard_writer(self._config.tensorboard)


def tensorboard_writer(folder: Path | None, first: int | None = None) -> Any:
    """TensorBoard's writer into a folder; None where none was asked for.

    Args:
        folder: Of --tensorboard.
        first: What stands there from this step on is of a run that was cut, and is left out.

    Raises:
        ValueError: TensorBoard is not installed.
    """
    if folder is None:
        return None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ValueError(
            "--tensorboard needs TensorBoard, which is not installed: "
            "pip install 'cimr-thor[train]', or leave it out."
        ) from error
    return SummaryWriter(str(folder), purge_step=first)


def set_up(config: TrainingConfig) -> None:
    """Sets torch's threads and seed.

    Raises:
        ValueError: If there is no such device.
    """
    device_of(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)


def prepare_tensorboard(config: TrainingConfig) -> None:
    """Sees, before anything is trained, that there is a folder for TensorBoard's files.

    Raises:
        ValueError: It can't be written.
    """
    if config.tensorboard is not None:
        prepare_folder(config.tensorboard, flag="--tensorboard")


def mixed_precision(device: torch.device) -> torch.autocast:
    """Computes in bfloat16 where the device is fast at it; most processors are far slower.

    Args:
        device: Where the network is.
    """
    fast = device.type != "cpu" or (
        torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def device_of(config: TrainingConfig) -> torch.device:
    """Where this process trains; several that train one network have a GPU each.

    Raises:
        ValueError: If there is no such device.
    """
    if config.device == "cpu":
        return torch.device("cpu")
    if not torch.cuda.is_available():
        if config.device == "cuda":
            raise ValueError("--device cuda: torch finds no GPU here; use --device auto or cpu.")
        return torch.device("cpu")
    from accelerate import PartialState

    device: torch.device = PartialState().device
    return device


def is_main_process() -> bool:
    """Whether this process speaks for all, where several train one network."""
    from accelerate import PartialState

    return bool(PartialState().is_main_process)


def _tell(progress: Progress, scores: Mapping[str, float], writer: Any, left: float) -> None:
    """The log line, and the scores for TensorBoard."""
    if not progress.is_main:
        return
    loss = "" if progress.loss is None else f"  loss {progress.loss:.3f}"
    facts = f"  {json.dumps({k: round(v, 3) for k, v in scores.items()})}" if scores else ""
    print(
        f"{progress.minutes:5.1f} min  {left:.1f} min left  {progress.samples} samples"
        f"{loss}{facts}",
        flush=True,
    )
    if writer is not None:
        for name, value in scores.items():
            writer.add_scalar(f"scores/{name}", value, progress.updates)
