"""How far a verifier's word can be taken: precision, recall and calibration of each head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policies.cimr.checkpoint_config import NEVER
from training.data.outcomes import ACTION_FAILED, EFFECT_MISSING, KIND_NAMES, OK, WRONG_OBJECT
from training.reports.calibration import chance_of, reliability

TRUSTS = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What was said of N outcomes.

    Attributes:
        foreseen: (N,) log-odds that the action will work.
        judged: (N,) log-odds that it did.
        held: (N, K + 1) log-probabilities of what was in the hand.
        kind: (N,) what the step was, see ``training.data.outcomes``.
        in_hand: (N,) index of what was in the hand; 0 for nothing.
        is_foreseen: (N,) bool, it could be foreseen.
        is_judged: (N,) bool, it could be judged.
    """

    foreseen: np.ndarray
    judged: np.ndarray
    held: np.ndarray
    kind: np.ndarray
    in_hand: np.ndarray
    is_foreseen: np.ndarray
    is_judged: np.ndarray

    def rows(self, chosen: np.ndarray) -> Verdicts:
        """Some of them."""
        return Verdicts(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def precision_recall(flagged: np.ndarray, wrong: np.ndarray) -> tuple[float, float]:
    """Share of what is flagged that is wrong, and of what is wrong that is flagged.

    >>> precision_recall(np.array([True, True]), np.array([True, False]))
    (0.5, 1.0)
    """
    hits = float((flagged & wrong).sum())
    return (
        hits / float(flagged.sum()) if flagged.any() else float("nan"),
        hits / float(wrong.sum()) if wrong.any() else float("nan"),
    )


def least_trust(level: np.ndarray, wrong: np.ndarray, precision: float, flags: int = 10) -> float:
    """The least trust at which as many flags as asked for are right; ``NEVER`` if there is none.

    Args:
        level: (N,) log-odds of having worked.
        wrong: (N,) bool.
        precision: Share of flags that must be right.
        flags: So few of them prove nothing.
    """
    doubt = chance_of(-level)
    for trust in np.arange(0.5, 1.0, 0.025):
        flagged = doubt >= trust
        if flagged.sum() >= flags and precision_recall(flagged, wrong)[0] >= precision:
            return float(round(trust, 3))
    return NEVER


def scores(said: Verdicts) -> dict[str, float]:
    """The figures of a report, at a trust of 0.5."""
    found: dict[str, float] = {}
    for name, level, asked in (
        ("foresee", said.foreseen, said.is_foreseen),
        ("judge", said.judged, said.is_judged),
    ):
        wrong = said.kind[asked] != OK
        rate = precision_recall(level[asked] < 0, wrong)
        found[f"{name}_precision"], found[f"{name}_recall"] = rate
        if asked.any():
            found[f"{name}_ece"] = reliability(
                chance_of(level[asked]), ~wrong, np.ones(int(asked.sum()))
            )[1]
    best = said.held.argmax(1)
    holding = said.in_hand > 0
    found["held_right"] = float((best == said.in_hand)[holding].mean()) if holding.any() else 0.0
    found["empty_right"] = float((best == 0)[~holding].mean()) if (~holding).any() else 0.0
    sure = np.exp(said.held.max(1))
    found["held_ece"] = reliability(sure, best == said.in_hand, np.ones(len(sure)))[1]
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _by_kind(name: str, level: np.ndarray, kind: np.ndarray) -> list[str]:
    """Precision and recall of each kind by trust; other kinds are left out of its row."""
    lines = [
        f"{name}: precision/recall by least trust",
        " " * 26 + "".join(f"{t:>12}" for t in TRUSTS),
    ]
    doubt = chance_of(-level)
    rows = [("any", kind != OK, np.ones(len(kind), bool))]
    for k in (ACTION_FAILED, EFFECT_MISSING, WRONG_OBJECT):
        rows.append((KIND_NAMES[k], kind == k, (kind == k) | (kind == OK)))
    for label, wrong, kept in rows:
        cells = []
        for trust in TRUSTS:
            precision, recall = precision_recall((doubt >= trust)[kept], wrong[kept])
            cells.append(f"{precision:5.0%}/{recall:4.0%}".rjust(12))
        lines.append(f"  {label:<15} {int(wrong.sum()):>7} " + "".join(cells))
    return lines


def report(said: Verdicts) -> str:
    """The figures as a text to print."""
    lines = [f"{len(said.kind)} steps in held-out rooms", ""]
    for name, level, asked in (
        ("did it work", said.judged, said.is_judged),
        ("will it work", said.foreseen, said.is_foreseen),
    ):
        lines += _by_kind(name, level[asked], said.kind[asked])
        chance = chance_of(level[asked])
        bins, error = reliability(chance, said.kind[asked] == OK, np.ones(len(chance)))
        pairs = ", ".join(f"{s:.2f}: {w:.2f} ({share:.0%})" for s, w, share in bins)
        lines += [f"  said: was (share of steps): {pairs}", f"  calibration error {error:.4f}", ""]
    told = scores(said)
    return "\n".join(
        [
            *lines,
            f"in the hand: {told['held_right']:.1%} of held objects named, "
            f"{told['empty_right']:.1%} of empty hands called empty, "
            f"calibration error {told['held_ece']:.4f}",
        ]
    )
