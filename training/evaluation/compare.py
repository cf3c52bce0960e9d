"""Compares two evaluations of one suite, episode by episode.

Episodes are paired by task and fault, each run's with its own most proposals a step, so that what a
task is worth falls out of the difference. Crashed and refused episodes count as lost.

Example:
    python -m training.evaluation.compare runs/map-val-random runs/map-val-default --out compared.md
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import write_text
from training.evaluation.folder import EARLIER, ResultsError, episodes_of
from training.evaluation.intervals import mcnemar, paired_difference
from training.evaluation.metrics import retry_rate
from training.evaluation.results import load_results
from training.evaluation.tables import escaped
from training.evaluation.verdicts import Verdict, load_result

EXAMPLES = """examples:
  python -m training.evaluation.compare runs/map-val-random runs/map-val-default
  python -m training.evaluation.compare runs/rounds-1 runs/rounds-3 --out compared.md --json
"""
# What has to be alike for retry ERR, besides the suite: only the rounds may differ.
_ONE_AGENT = (
    "policy",
    "adapter",
    "control",
    "feedback",
    "skills",
    "rules",
    "objections",
    "camera_noise",
)


@dataclass(frozen=True)
class Run:
    """One side.

    Attributes:
        folder: Where it is.
        found: Its ``results.json``.
        verdicts: By task and fault, with its most proposals a step.
    """

    folder: Path
    found: dict[str, Any]
    verdicts: dict[tuple[str, str], Verdict]

    @property
    def stamp(self) -> tuple[str, str, str]:
        """What two runs must share."""
        run = self.found["run"]
        return str(run["suite"]), str(run["suite_sha256"])[:12], str(self.found["backend"])


Pair = tuple[Verdict, Verdict]


def load_run(folder: Path) -> Run:
    """Reads one side.

    Raises:
        ResultsError: If the folder holds no whole evaluation.
    """
    found = load_results(folder)
    verdicts = {}
    for place in episodes_of(folder, found):
        known = load_result(place)
        if known is not None and known.verdict.rounds == found["rounds"]:
            verdicts[known.verdict.key, known.verdict.fault] = known.verdict
    if not verdicts:
        raise ResultsError(f"{folder} has no episodes beside its results: evaluate again.")
    return Run(folder, found, verdicts)


def _difference(pairs: Sequence[Pair], value: Callable[[Verdict], float]) -> dict[str, Any] | None:
    if not pairs:
        return None
    first, second = [value(a) for a, _ in pairs], [value(b) for _, b in pairs]
    gap, (low, high) = paired_difference(first, second)
    # Where all pairs differ alike, resampling can't tell how sure the difference is.
    interval = [round(low, 4), round(high, 4)] if low < high else None
    return {
        "a": round(sum(first) / len(first), 4),
        "b": round(sum(second) / len(second), 4),
        "difference": round(gap, 4),
        "interval": interval,
        "pairs": len(pairs),
    }


def _met(verdict: Verdict) -> float:
    return verdict.conditions_met / verdict.conditions if verdict.conditions else verdict.success


def figures(pairs: Sequence[Pair]) -> dict[str, Any]:
    """What two runs' verdicts on the same episodes say of their difference, second less first.

    Goal conditions are shares of each episode; steps are of episodes that both won.
    """
    only_a = sum(a.success and not b.success for a, b in pairs)
    only_b = sum(b.success and not a.success for a, b in pairs)
    return {
        "success": _difference(pairs, lambda v: v.success),
        "goal_conditions": _difference(pairs, _met),
        "steps": _difference(
            [p for p in pairs if p[0].success and p[1].success], lambda v: v.steps
        ),
        "only_a": only_a,
        "only_b": only_b,
        "mcnemar_p": round(mcnemar(only_a, only_b), 6),
    }


def _grouped(pairs: Sequence[Pair], by: Callable[[Verdict], str]) -> dict[str, Any]:
    table: dict[str, list[Pair]] = {}
    for pair in pairs:
        table.setdefault(by(pair[0]), []).append(pair)
    return {name: figures(rows) for name, rows in sorted(table.items())}


def compare(a: Run, b: Run) -> dict[str, Any]:
    """All figures of a comparison.

    Raises:
        ResultsError: If they are of two suites or two backends, or share no episode.
    """
    if a.stamp != b.stamp:
        said = " and ".join(
            f"{run.folder} holds {run.stamp[0]} (tasks {run.stamp[1]}) on {run.stamp[2]}"
            for run in (a, b)
        )
        raise ResultsError(f"{said}: compare runs of one suite on one backend.")
    shared = [key for key in a.verdicts if key in b.verdicts]
    if not shared:
        raise ResultsError(
            f"{a.folder} and {b.folder} have no episode in common: play the same tasks in both."
        )
    pairs = [(a.verdicts[key], b.verdicts[key]) for key in shared]
    clean = [pair for pair in pairs if pair[0].clean]
    faulted = [pair for pair in pairs if not pair[0].clean]
    return {
        "suite": a.found["suite"],
        "backend": a.found["backend"],
        "a": _side(a, len(shared)),
        "b": _side(b, len(shared)),
        "pairs": len(pairs),
        "clean": figures(clean),
        "faulted": figures(faulted),
        "families": _grouped(clean, lambda v: v.family),
        "faults": _grouped(faulted, lambda v: v.fault),
        "only_a": [_episode(v) for v, w in pairs if v.success and not w.success],
        "only_b": [_episode(w) for v, w in pairs if w.success and not v.success],
        "retry_err": _retry(a, b, clean),
    }


def _side(run: Run, shared: int) -> dict[str, Any]:
    found = run.found
    return {
        "folder": str(run.folder),
        "policy": found["policy"],
        "rounds": found["rounds"],
        "control": found["control"],
        "feedback": found["feedback"],
        "unpaired": len(run.verdicts) - shared,
        "crashed": sum(bool(v.crashed) for v in run.verdicts.values()),
    }


def _episode(verdict: Verdict) -> dict[str, str]:
    return {
        "key": verdict.key,
        "fault": verdict.fault,
        "family": verdict.family,
        "scene": verdict.scene,
        "instruction": verdict.instruction,
    }


def _retry(a: Run, b: Run, clean: Sequence[Pair]) -> float | None:
    """Retry ERR, where the first run is the second's agent with one proposal a step."""
    plans = [
        {**run.found["run"]["plan"], "policy_sha256": run.found["run"]["policy_sha256"]}
        for run in (a, b)
    ]
    first, second = ({**EARLIER, **plan} for plan in plans)
    alike = all(first.get(k) == second.get(k) for k in (*_ONE_AGENT, "policy_sha256"))
    if not (clean and alike and a.found["rounds"] == 1 < b.found["rounds"]):
        return None
    share = [sum(pair[side].success for pair in clean) / len(clean) for side in (0, 1)]
    rate = retry_rate(share[0], share[1])
    return None if rate is None else round(rate, 4)


def _cell(figure: dict[str, Any] | None, percent: bool) -> str:
    if figure is None:
        return "– | – | –"
    scale, unit = (100, " %") if percent else (1, "")
    a, b, gap = (scale * figure[key] for key in ("a", "b", "difference"))
    text = f"{a:.1f}{unit} | {b:.1f}{unit} | {gap:+.1f}"
    if figure["interval"] is not None:
        text += " [{:+.1f}, {:+.1f}]".format(*(scale * v for v in figure["interval"]))
    return text


def markdown(found: dict[str, Any]) -> str:
    """A comparison as Markdown."""
    lines = [*_heading(found), *_overall(found), *_parts(found)]
    for key, name in (("only_a", "A"), ("only_b", "B")):
        if found[key]:
            lines += ["", f"Won by {name} alone:", ""]
            lines += [
                f"- {escaped(row['key'])}{', ' + escaped(row['fault']) if row['fault'] else ''} in "
                f"{escaped(row['scene'])}: {escaped(row['instruction'])}"
                for row in found[key]
            ]
    return "\n".join(lines) + "\n"


def _heading(found: dict[str, Any]) -> list[str]:
    """What is compared with what."""
    sides = [
        f"{name} is {side['policy']}, at most {side['rounds']} proposals a step, control "
        f"{side['control']}, feedback {side['feedback']} (`{side['folder']}`; {side['unpaired']} "
        f"episodes without a partner, {side['crashed']} crashed)."
        for name, side in (("A", found["a"]), ("B", found["b"]))
    ]
    return [
        f"# {escaped(found['suite'])}: {escaped(found['a']['policy'])} and "
        f"{escaped(found['b']['policy'])}",
        "",
        f"Backend {escaped(found['backend'])}, {found['pairs']} pairs of episodes. "
        f"{' '.join(sides)}",
        "",
    ]


def _overall(found: dict[str, Any]) -> list[str]:
    """The table of all pairs, and who won alone."""
    lines = ["| | A | B | B less A, 95 % interval | pairs |", "|---|---|---|---|---|"]
    for which in ("clean", "faulted"):
        for key, name in (
            ("success", "success"),
            ("goal_conditions", "goal conditions"),
            ("steps", "steps where both won"),
        ):
            figure = found[which][key]
            if figure is not None:
                lines.append(
                    f"| {which}: {name} | {_cell(figure, key != 'steps')} | {figure['pairs']} |"
                )
    for which in ("clean", "faulted"):
        part = found[which]
        if part["success"] is not None:
            lines += [
                "",
                f"Of the {which} episodes A alone won {part['only_a']}, B alone "
                f"{part['only_b']} (McNemar, exact: p = {part['mcnemar_p']:.3g}).",
            ]
    if found["retry_err"] is not None:
        lines += ["", f"Retry ERR: {100 * found['retry_err']:.1f} %."]
    return lines


def _parts(found: dict[str, Any]) -> list[str]:
    """A table of families and one of faults, where there are any."""
    lines: list[str] = []
    for key, title in (("families", "family, clean"), ("faults", "fault")):
        if found[key]:
            lines += [
                "",
                f"| {title} | A | B | B less A, 95 % interval | A alone | B alone | p |",
                "|---|---|---|---|---|---|---|",
            ]
            lines += [
                f"| {escaped(name)} | {_cell(part['success'], True)} of "
                f"{part['success']['pairs']} | {part['only_a']} | {part['only_b']} | "
                f"{part['mcnemar_p']:.3g} |"
                for name, part in found[key].items()
            ]
    return lines


@command("training.evaluation.compare")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.compare",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("a", type=Path, metavar="DIR_A", help="an --out of training.evaluate")
    parser.add_argument("b", type=Path, metavar="DIR_B", help="another; differences are B less A")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="also write the tables there")
    parser.add_argument(
        "--json", action="store_true", help="the last line of stdout is one JSON object"
    )
    options = parser.parse_args(argv)
    try:
        if options.out is not None:
            check_file(options.out)
        found = compare(load_run(options.a), load_run(options.b))
        text = markdown(found)
        if options.out is not None:
            write_text(options.out, text)
    except ValueError as error:
        print(f"training.evaluation.compare: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"training.evaluation.compare: --out {options.out} can't be written ({error.strerror})",
            file=sys.stderr,
        )
        return 2
    print(text)
    if options.json:
        print(json.dumps(found))
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
