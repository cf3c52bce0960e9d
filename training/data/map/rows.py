"""Plans and triples as rows of a table, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from policies.base import PastStep
from policies.discrepancy import Discrepancy
from training.data.map.records import Move, Plan, Setting, Triple

_SETTING = tuple(Setting.__dataclass_fields__)


def _picture(encoded: bytes | None, name: str) -> dict[str, Any] | None:
    return None if encoded is None else {"bytes": encoded, "path": f"{name}.jpg"}


def plan_row(plan: Plan) -> dict[str, Any]:
    """A plan as a row."""
    return {
        "id": plan.id,
        **asdict(plan.setting),
        "rewordings": list(plan.rewordings),
        "goal": plan.goal,
        "target": plan.target,
        "receptacle": plan.receptacle,
        "tool": plan.tool,
        "turn_on": plan.turn_on,
        "steps": [asdict(move) for move in plan.steps],
        "picture": _picture(plan.picture, plan.id),
    }


def plan_of_row(row: dict[str, Any]) -> Plan:
    """A row as a plan."""
    return Plan(
        id=row["id"],
        setting=_setting(row),
        rewordings=tuple(row["rewordings"]),
        goal=row["goal"],
        target=row["target"],
        receptacle=row["receptacle"],
        tool=row["tool"],
        turn_on=row["turn_on"],
        steps=tuple(Move(**move) for move in row["steps"]),
        picture=row["picture"]["bytes"],
    )


def triple_row(triple: Triple) -> dict[str, Any]:
    """A triple as a row."""
    return {
        "id": triple.id,
        "plan": triple.plan,
        **asdict(triple.setting),
        "step": triple.step,
        "stage": triple.stage,
        "cause": triple.cause,
        "detail": triple.detail,
        "history": [asdict(past) for past in triple.history],
        "memory": list(triple.memory),
        "proposal": asdict(triple.proposal),
        "feedback": triple.feedback,
        "discrepancies": [_said(found) for found in triple.discrepancies],
        "holds": triple.holds,
        "correction": asdict(triple.correction),
        "answer": triple.answer,
        "before": _picture(triple.before, f"{triple.id}-before"),
        "after": _picture(triple.after, f"{triple.id}-after"),
    }


def triple_of_row(row: dict[str, Any]) -> Triple:
    """A row as a triple.

    Raises:
        ValueError: If a discrepancy is of no kind or source there is.
    """
    return Triple(
        id=row["id"],
        plan=row["plan"],
        setting=_setting(row),
        step=row["step"],
        stage=row["stage"],
        cause=row["cause"],
        detail=row["detail"],
        history=tuple(PastStep(**past) for past in row["history"]),
        memory=tuple(row["memory"]),
        proposal=Move(**row["proposal"]),
        feedback=row["feedback"],
        discrepancies=tuple(_heard(said) for said in row["discrepancies"]),
        holds=row["holds"],
        correction=Move(**row["correction"]),
        answer=row["answer"],
        before=row["before"]["bytes"],
        after=row["after"]["bytes"] if row["after"] is not None else None,
    )


def _setting(row: dict[str, Any]) -> Setting:
    return Setting(**{name: row[name] for name in _SETTING})


def _said(found: Discrepancy) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "subject": found.subject,
        "expected": found.expected,
        "observed": found.observed,
        "confidence": found.confidence,
        "source": found.source.value,
    }


def _heard(said: dict[str, Any]) -> Discrepancy:
    # Kept in single precision; two decimals is what was meant.
    return Discrepancy(**{**said, "confidence": round(said["confidence"], 2)})
