"""A small MAP data set, made up: no simulator is needed for it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from policies.base import PastStep
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource
from training.data.map.card import write_card
from training.data.map.folder import begin, part_file, write_rows
from training.data.map.records import Move, Plan, Setting, Triple
from training.data.map.rows import plan_row, triple_row


def picture(seed: int) -> bytes:
    """A JPEG of noise."""
    from PIL import Image

    pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG")
    return encoded.getvalue()


def setting(split: str = "train") -> Setting:
    """A kitchen's."""
    return Setting(split, "train", "train", "FloorPlan1", "kitchen", "open", "open the fridge")


def plan(split: str = "train") -> Plan:
    """Opens the fridge."""
    steps = (
        Move("goto Fridge", "goto", "Fridge", "fridge next"),
        Move("open Fridge", "open", "Fridge", "fridge in view"),
        Move("done", "done", "", "all done"),
    )
    return Plan(
        f"{split}-00000-00",
        setting(split),
        ("get the fridge open",),
        "Fridge is open",
        "Fridge",
        "",
        "",
        True,
        steps,
        picture(0),
    )


def triple(number: int = 0, split: str = "train", **other: object) -> Triple:
    """The fridge did not open, without a word of it."""
    missing = Discrepancy(
        DiscrepancyKind.EFFECT_MISSING,
        "open Fridge",
        "open",
        "the view does not show it",
        0.87,
        DiscrepancySource.VISION,
    )
    given = {
        "id": f"{split}-00000-00-{number:02d}",
        "plan": f"{split}-00000-00",
        "setting": setting(split),
        "step": 1,
        "stage": "outcome",
        "cause": "fault",
        "detail": "noop",
        "history": (PastStep("goto Fridge", "ok"), PastStep("open Fridge", "failed")),
        "memory": ("places: fridge here",),
        "proposal": Move("open Fridge", "open", "Fridge", "fridge in view"),
        "feedback": "ok",
        "discrepancies": (missing,),
        "holds": True,
        "correction": Move("open Fridge", "open", "Fridge", "fridge in view"),
        "answer": "retry",
        "before": picture(1),
        "after": picture(2),
    }
    return Triple(**{**given, **other})  # type: ignore[arg-type]


def objected(number: int = 1, split: str = "train") -> Triple:
    """Nothing was carried out: there is no view after it."""
    return triple(
        number,
        split,
        stage="proposal",
        cause="none",
        detail="",
        feedback="",
        holds=False,
        answer="insist",
        after=None,
    )


def write_made(folder: Path, splits: tuple[str, ...] = ("train", "test")) -> list[Triple]:
    """A data set of two triples a split; returns them."""
    begin(folder, {"seed": 0})
    written = []
    for split in splits:
        found = [triple(0, split), objected(1, split)]
        write_rows(part_file(folder, "plans", split, 0), "plans", [plan_row(plan(split))])
        write_rows(
            part_file(folder, "triples", split, 0), "triples", [triple_row(one) for one in found]
        )
        written += found
    write_card(folder)
    return written
