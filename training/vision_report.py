"""What the vision encoder sees of held-out rooms, and how far its word can be taken.

Presence is judged by pixels of the whole frame, 300 x 300: an object of 20 or more is in view, one
of none is not; what is between is not asked about. "Asked" are the types that lie in the same room,
in view or not, weighted as an agent asks: three out of view for one in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from envs.simulator.system.whole import whole_file
from policies.cimr.model import CimrLlava
from policies.cimr.preprocess import to_pixels
from training.data.collect_frames import VIEWS_A_ROOM
from training.reports.calibration import chance_of, fit_odds, reliability
from training.vision_loss import ABSENT_PER_PRESENT, LOOSE_WEIGHT, Names, look, type_weights

if TYPE_CHECKING:
    from training.data.view_parts import Views

IN_VIEW, LARGE = 20, 100  # pixels
SIZES = (1, 20, 50, 100, 200, 500, 2000)


@dataclass(frozen=True, eq=False)
class Sightings:
    """What was asked and answered of some frames: N frames, K types.

    Attributes:
        level: (N, K) log-odds of being in view.
        pixels: (N, K) pixels that show the type.
        around: (N, K) bool, the type lies in the same room.
        hit: (N, K) float, 1 where the word points at a cell of its type, 0 where not; NaN where no
            cell is labelled with it.
        room: (N,) number of the room.
        cells: Shares of cells that are named rightly, by group, and of states.
    """

    level: np.ndarray
    pixels: np.ndarray
    around: np.ndarray
    hit: np.ndarray
    room: np.ndarray
    cells: dict[str, float]

    @property
    def present(self) -> np.ndarray:
        """(N, K) probability of being in view."""
        return chance_of(self.level)

    def of_rooms(self, odd: bool) -> Sightings:
        """Those of every other room; all, where there is one room only."""
        if len(np.unique(self.room)) < 2:
            return self
        rows = self.room % 2 == int(odd)
        return Sightings(
            self.level[rows],
            self.pixels[rows],
            self.around[rows],
            self.hit[rows],
            self.room[rows],
            self.cells,
        )


@torch.no_grad()
def sightings(model: CimrLlava, views: Views, names: Names, frames: int) -> Sightings:
    """Looks at up to so many frames of a folder, evenly chosen.

    Raises:
        ValueError: If its parts don't say how many pixels show what.
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    loose = (type_weights() == LOOSE_WEIGHT).to(device)
    rows: dict[str, list[np.ndarray]] = {
        key: [] for key in ("level", "pixels", "around", "hit", "room")
    }
    counts = {key: np.zeros(2) for key in ("loose", "fixed", "nothing", "open", "on")}
    share = min(1.0, frames / len(views))
    rooms_before = 0
    for path, (seen, labels) in views.parts.items():
        pixels = _pixels(views.folder / path.replace("labels", "pixels"))
        chosen = np.unique(np.linspace(0, len(labels) - 1, round(share * len(labels))).astype(int))
        rooms = np.arange(len(labels)) // VIEWS_A_ROOM
        lying = np.stack([(pixels[rooms == r] >= IN_VIEW).any(0) for r in range(rooms.max() + 1)])
        for start in range(0, len(chosen), 32):
            k = chosen[start : start + 32]
            truth = torch.from_numpy(np.array(labels[k])).long().to(device)
            sight = look(
                model,
                to_pixels(torch.from_numpy(np.array(seen[k])).to(device)),
                names.ids.to(device),
                names.states.to(device),
            )
            _count(counts, sight.types, sight.states, truth, loose)
            rows["level"].append(
                (sight.pointing[..., :-1].logsumexp(-1) - sight.pointing[..., -1]).cpu().numpy()
            )
            rows["hit"].append(_hits(sight.pointing, truth[..., 0].flatten(1)))
            rows["pixels"].append(pixels[k])
            rows["around"].append(lying[rooms[k]])
            rows["room"].append(rooms[k] + rooms_before)
        rooms_before += len(lying)
    model.train(was_training)
    shares = {key: float(right / max(1, of)) for key, (right, of) in counts.items()}
    return Sightings(**{key: np.concatenate(found) for key, found in rows.items()}, cells=shares)


def _pixels(path: Path) -> np.ndarray:
    if not path.exists():
        raise ValueError(
            f"{path} is missing: it says how many pixels show what. Collect the frames to check "
            f"on again, with python -m training.data.collect_frames --out {path.parent}."
        )
    return np.load(path)[:, 1:].astype(np.int64)


def _hits(pointing: Tensor, kind: Tensor) -> np.ndarray:
    """(B, K) whether each name points at its type; NaN where no cell has it."""
    at = pointing[..., :-1].argmax(-1)
    classes = torch.arange(1, pointing.shape[1] + 1, device=kind.device)
    right = (kind.gather(1, at) == classes).float()
    labelled = (kind[:, None] == classes[:, None]).any(-1)
    return torch.where(labelled, right, torch.nan).cpu().numpy()


def _count(
    counts: dict[str, np.ndarray], types: Tensor, states: Tensor, truth: Tensor, loose: Tensor
) -> None:
    """Adds how many cells are named rightly, of how many."""
    kind = truth[..., 0].flatten(1)
    right = types.argmax(-1) == kind
    groups = {
        "loose": loose[kind],
        "fixed": (kind > 0) & ~loose[kind],
        "nothing": kind == 0,
    }
    for key, mask in groups.items():
        counts[key] += [right[mask].sum().item(), mask.sum().item()]
    for key, first, channel in (("open", 0, 1), ("on", 2, 2)):
        state = truth[..., channel].flatten(1)
        says = states[..., first] > states[..., first + 1]
        mask = state > 0
        counts[key] += [(says == (state == 1))[mask].sum().item(), mask.sum().item()]


def weighted(found: Sightings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-odds, truth and weight of what is asked: three absent types for a present one."""
    asked = found.around & ((found.pixels == 0) | (found.pixels >= IN_VIEW))
    truth = found.pixels[asked] > 0
    absent = ABSENT_PER_PRESENT * truth.sum() / max(1, (~truth).sum())
    return found.level[asked], truth, np.where(truth, 1.0, absent)


def fit(found: Sightings) -> tuple[float, float]:
    """Scale and bias of the log-odds that make presence most likely, of what is asked."""
    level, truth, weight = weighted(found)
    return fit_odds(level, truth, weight)


def _mean(values: np.ndarray) -> float:
    kept = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    return float(kept.mean()) if len(kept) else float("nan")


def scores(found: Sightings) -> dict[str, float]:
    """The figures of a report.

    ``found_100``: of objects of 100 and more pixels, the share called in view; ``called``: of types
    out of view, the share called in view, of all types and of those that lie in the room; ``ece``:
    expected calibration error, as asked and of all types alike.
    """
    says = found.level > 0
    loose = (type_weights() == LOOSE_WEIGHT).numpy()[1:][None]
    absent = found.pixels == 0
    large = found.pixels >= LARGE
    level, truth, weight = weighted(found)
    sure = chance_of(level)
    clear = absent | (found.pixels >= IN_VIEW)
    every = found.present[clear]
    return {
        **found.cells,
        "found_100": _mean(says[large]),
        "found_100_loose": _mean(says[large & loose]),
        "called": _mean(says[absent]),
        "called_in_room": _mean(says[absent & found.around]),
        "pointing": _mean(found.hit[found.pixels >= IN_VIEW]),
        "ece": reliability(sure, truth, weight)[1],
        "ece_all": reliability(every, ~absent[clear], np.ones(len(every)))[1],
    }


def report(found: Sightings) -> str:
    """The figures as a text to print."""
    level, truth, weight = weighted(found)
    bins, error = reliability(chance_of(level), truth, weight)
    told = scores(found)
    lines = [
        f"{len(found.level)} views of held-out rooms",
        "",
        "in view, as asked: said  was  share of questions",
        *(f"  {said:6.3f} {was:6.3f} {share:6.3f}" for said, was, share in bins),
        f"expected calibration error {error:.4f} as asked, {told['ece_all']:.4f} of all types",
        f"absent called present {told['called']:.2%} of all types, "
        f"{told['called_in_room']:.2%} of those in the room (at most 5 %)",
        f"objects of {LARGE} or more pixels found {told['found_100']:.1%}, "
        f"loose ones {told['found_100_loose']:.1%} (at least 90 %)",
        "",
        "pixels       objects  found  pointed at",
    ]
    for low, high in zip(SIZES, (*SIZES[1:], 10**9), strict=True):
        rows = (found.pixels >= low) & (found.pixels < high)
        span = f"{low}-{high - 1}" if high < 10**9 else f"{low}-"
        lines.append(
            f"{span:<12} {rows.sum():>7}  {_mean(found.level[rows] > 0):5.1%}  "
            f"{_mean(found.hit[rows]):5.1%}"
        )
    shares = ", ".join(f"{key} {value:.1%}" for key, value in found.cells.items())
    return "\n".join([*lines, "", f"cells named rightly: {shares}"])


def save_diagram(found: Sightings, path: Path) -> None:
    """Draws the reliability diagram, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    level, truth, weight = weighted(found)
    bins, error = reliability(chance_of(level), truth, weight)
    figure = Figure(figsize=(4, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#5d6b7d", linewidth=1)
    axes.scatter(
        [b[0] for b in bins], [b[1] for b in bins], [20 + 400 * b[2] for b in bins], alpha=0.7
    )
    axes.set_xlabel("said to be in view")
    axes.set_ylabel("was in view")
    axes.set_title(f"expected calibration error {error:.3f}", fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as partial:
        figure.savefig(partial, dpi=100)
