"""Rows that need a policy which was trained without a part: whether it was, and how to train it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from policies.base import Policy
from policies.cimr.checkpoint import read_record
from policies.cimr.policy import LvlmPolicy
from policies.loading import DEFAULT, is_own
from training.tables.rows import Row, rows_of
from training.tables.setting import PART_OF, Setting, TablesError


def training_command(rows: Sequence[Row], setting: Setting) -> str:
    """The command that trains the policies of rows, all alike.

    >>> training_command([Row("no-memory", "trained without memory")], Setting())
    'python -m training.ablations --policy default --parts memory --episodes STEPS'
    """
    policy = setting.policy if is_own(setting.policy) else "POLICY"
    parts = ",".join(PART_OF[row.name] for row in rows)
    words = ["--policy", policy, "--parts", parts, "--episodes", "STEPS"]
    return shlex.join(["python", "-m", "training.ablations", *words])


def missing(setting: Setting) -> list[Row]:
    """Rows that are asked for, of policies that were not given."""
    return [row for group in setting.rows for row in rows_of(setting, group) if not row.trained]


def check_left_out(row: Row, name: str, policy: Policy) -> None:
    """Refuses a policy that was not trained without what its row is called after.

    Args:
        row: Whose.
        name: The policy's.
        policy: Read from there.

    Raises:
        TablesError: If it was trained without anything else, or with everything.
    """
    if row.name not in PART_OF or not isinstance(policy, LvlmPolicy):
        return
    found, meant = policy.model.without, (PART_OF[row.name],)
    if found != meant:
        so_far = f"without {','.join(found)}" if found else "with all parts"
        raise TablesError(
            f"--ablation {row.name}={name}: that policy was trained {so_far}, by its config.json; "
            f"train it by training.ablations --parts {meant[0]}."
        )


def told_amounts(setting: Setting) -> str:
    """How long the policies of the ablations were trained, beside the full one's; for the page."""
    named = {"full": setting.policy, **setting.checkpoints}
    amounts = {row: amount for row, name in named.items() if (amount := _samples(name)) is not None}
    if len(amounts) < 2 or "full" not in amounts:
        return ""
    if len(set(amounts.values()) | {amounts["full"]}) == 1:
        return f"All were trained on equally many samples, {amounts['full']:,}."
    told = ", ".join(f"{row} {amount:,}" for row, amount in amounts.items())
    return (
        f"**Not trained equally long** (samples of the last training: {told}), so what they differ "
        "by is not only what was left out: `python -m training.ablations` trains all alike."
    )


def _samples(name: str) -> int | None:
    folder = DEFAULT if name == "default" else Path(name).expanduser()
    try:
        found = read_record(folder).get("scores", {}).get("samples")
    except (ValueError, OSError):
        return None
    return found if isinstance(found, int) else None
