"""What of AI2-THOR is covered, action by action: ``python -m envs.simulator.tools.coverage``.

The table is made from the dispatcher: an action is there when a method has its name, an argument
when the method takes it. ``thor_actions.yaml`` says what AI2-THOR has. With ``--markdown`` it
prints ``docs/simulator-actions.md``, with ``--json`` one object an action.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from envs.simulator.actions import Actions
from envs.simulator.dispatch.binding import signature_of
from envs.simulator.dispatch.table import KnownAction, action_table
from envs.simulator.dispatch.unsupported import UNSUPPORTED
from envs.simulator.system.command_line import Parser, command

_FILE = Path(__file__).with_name("thor_actions.yaml")
FULL, PARTIAL, NONE, EXTRA = "full", "partial", "unsupported", "addition"
_HEAD = (
    "# Actions of the embedded simulator\n\n"
    "What of AI2-THOR 5.0.0 is covered, printed by "
    "`python -m envs.simulator.tools.coverage --markdown`.\n\n"
    "*Full*: every argument does what AI2-THOR documents. *Partial*: see the note. "
    "*Unsupported*: the action fails and\nsays what to use instead. "
    "*Addition*: AI2-THOR has no such action.\n\n"
    "Arguments in brackets may be left out; those with a star are accepted and have no effect "
    "here. Actions with a `~`\nignore arguments they do not know, as AI2-THOR's do.\n\n"
    "TARGET actions take `objectId`, or image fractions `x` and `y` with the origin top left. "
    "`forceAction` lets an action\nreach what is out of sight or reach.\n"
)


@dataclass(frozen=True)
class Row:
    """One action.

    Attributes:
        group: Heading.
        action: Name.
        arguments: As one would write them, optional ones in brackets.
        status: full, partial, unsupported or addition.
        note: What it does, or what is missing.
    """

    group: str
    action: str
    arguments: str
    status: str
    note: str


def known_actions() -> dict[str, dict[str, tuple[str, ...]]]:
    """AI2-THOR's actions and their arguments, by group."""
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {g: {a: tuple(names) for a, names in rows.items()} for g, rows in raw.items()}


def _first_line(method: object) -> str:
    return (inspect.getdoc(method) or "").split("\n\n")[0].replace("\n", " ").strip()


def _arguments(action: KnownAction) -> str:
    signature, idle = signature_of(action.method), getattr(action.method, "idle", ())
    written = []
    for form in signature.forms or (None,):
        must = signature.required(form)
        words = [f"{n}*" if n in idle else n for n in signature.names(form)]
        shown = [w if w.rstrip("*") in must else f"[{w}]" for w in words]
        written.append(", ".join(shown))
    return " or ".join(written)


def _missing(group: str, name: str, wanted: tuple[str, ...]) -> Row:
    reason = UNSUPPORTED[name][1] if name in UNSUPPORTED else "not covered"
    return Row(group, name, ", ".join(wanted), NONE, reason)


def _row(group: str, action: KnownAction, wanted: tuple[str, ...] | None) -> Row:
    method = action.method
    note = _first_line(method)
    status = EXTRA if wanted is None else FULL
    missing = [n for n in wanted or () if n not in signature_of(method).parameters]
    reasons = [f"without {', '.join(missing)}"] if missing else []
    idle = [n for n in getattr(method, "idle", ()) if n in (wanted or ())]
    reasons += [f"without effect: {', '.join(idle)}"] if idle else []
    reasons += [method.partial] if hasattr(method, "partial") else []
    if reasons:
        status, note = PARTIAL, f"{note} {'; '.join(reasons)[:1].upper()}{'; '.join(reasons)[1:]}."
    label = f"{action.name}~" if action.marks.lenient else action.name
    return Row(group, label, _arguments(action), status, note)


def table(actions: type = Actions) -> list[Row]:
    """Every action AI2-THOR or the simulator knows, by group.

    Args:
        actions: The class whose methods are the simulator's actions.
    """
    known = action_table(actions)
    rows: list[Row] = []
    listed: set[str] = set()
    groups = known_actions()
    for group, wanted in groups.items():
        rows += [
            _row(group, known[name], names) if name in known else _missing(group, name, names)
            for name, names in wanted.items()
        ]
        listed.update(wanted)
        ours = [a for n, a in known.items() if n not in listed and a.group == group]
        rows += [_row(group, action, None) for action in ours]
        listed.update(action.name for action in ours)
        refused = [n for n, (g, _) in UNSUPPORTED.items() if g == group and n not in listed]
        rows += [_missing(group, name, ()) for name in refused]
    rows += [_row(a.group, a, None) for n, a in known.items() if n not in listed]
    rows += [_missing(g, n, ()) for n, (g, _) in UNSUPPORTED.items() if g not in groups]
    return rows


def markdown() -> str:
    """The table as the page of the documentation."""
    rows = table()
    lines = [_HEAD, _count(rows) + "\n"]
    for group in dict.fromkeys(row.group for row in rows):
        lines += [
            f"## {group[:1].upper()}{group[1:]}",
            "| action | arguments | | |",
            "|---|---|---|---|",
        ]
        for row in rows:
            if row.group == group:
                arguments = row.arguments.replace("|", "\\|").replace("*", "\\*")
                name = row.action.removesuffix("~")
                mark = "~" if row.action.endswith("~") else ""
                note = row.note.replace("|", "\\|")
                lines.append(f"| `{name}`{mark} | {arguments} | {row.status} | {note} |")
        lines.append("")
    return "\n".join(lines)


def _count(rows: Sequence[Row]) -> str:
    number = {s: sum(r.status == s for r in rows) for s in (FULL, PARTIAL, NONE, EXTRA)}
    return ", ".join(f"{n} {s}" for s, n in number.items()) + "."


@command("envs.simulator.tools.coverage")
def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; returns the exit status."""
    parser = Parser(
        prog="python -m envs.simulator.tools.coverage",
        description="List what of AI2-THOR is covered, action by action.",
        epilog="example: python -m envs.simulator.tools.coverage --markdown "
        "> docs/simulator-actions.md",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="print the page docs/simulator-actions.md"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each action")
    options = parser.parse_args(arguments)
    if options.markdown:
        print(markdown(), end="")
        return 0
    rows = table()
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return 0
    for row in rows:
        print(f"{row.group:17} {row.action:38} {row.status:11} {row.note}")
        if row.arguments:
            print(f"{'':17}   {row.arguments}")
    print(_count(rows))
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
