"""A page to look at triples on: what was seen, proposed, said of it, and what was right."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.wording import describe
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import write_text
from training.data.data_set_folder import drawn
from training.data.map.reader import picture_of, read_plans, read_triples
from training.data.map.records import Plan, Triple
from training.options import option

PAGE = "page.html"
_TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class ShowConfig:
    """What is shown."""

    out: Path | None = option(
        "page to write; default page.html in the folder", None, metavar="FILE"
    )
    split: str | None = option("only of this split", None, metavar="SPLIT")
    triples: int = option("how many triples, drawn at random", 24, least=1)
    seed: int = option("which ones", 0, least=0)


def show(folder: Path, config: ShowConfig) -> Path:
    """Writes the page; returns where it is.

    Raises:
        MapError: The folder is no data set, or damaged.
        ValueError: The page can't be written.
    """
    out = config.out if config.out is not None else folder / PAGE
    rng = np.random.default_rng(config.seed)
    triples = drawn(read_triples(folder, config.split), config.triples, rng)
    wanted = {triple.plan for triple in triples}
    plans = {plan.id: plan for plan in read_plans(folder, config.split) if plan.id in wanted}
    check_file(out)
    write_text(out, _page(folder, triples, plans))
    return out


def _page(folder: Path, triples: list[Triple], plans: dict[str, Plan]) -> str:
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    entries = [_entry(triple, plans.get(triple.plan)) for triple in triples]
    return template.render(name=folder.resolve().name, entries=entries)


def _entry(triple: Triple, plan: Plan | None) -> dict[str, Any]:
    picture_of(triple.before)  # a damaged one is told of here, not by an empty frame
    return {
        "triple": triple,
        "said": [describe(found) for found in triple.discrepancies],
        "before": base64.b64encode(triple.before).decode(),
        "after": base64.b64encode(triple.after).decode() if triple.after is not None else "",
        "plan": [move.text for move in plan.steps] if plan is not None else [],
    }
