"""MMCR-Bench: how well somebody answers in dialogues about rooms that nobody trained in.

The dialogues are built once, by the seed, from episodes in the test split's rooms. Every question
is asked with the earlier turns as they were written, and the answer judged in five dimensions by
rules, and by a model if one is given. A run that was stopped goes on where it was.

Example:
    python -m training.mmcr.bench --policy openai:MODEL --out runs/bench
    python -m training.mmcr.bench --policy truth --out runs/bench-truth
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import prepare_folder
from envs.simulator.system.whole import write_text
from policies.base import PolicyStopped
from policies.chat.endpoint import EndpointError, add_arguments
from training.data.parquet_tables import DataSetError
from training.data.pictures import picture_of
from training.mmcr.bench_folder import ANSWERS, KIND, REPORT, RESULTS, Answered, add, begin, read
from training.mmcr.build import build
from training.mmcr.chat import backend_of
from training.mmcr.collector import MmcrConfig
from training.mmcr.dialogue.records import Dialogue
from training.mmcr.folder import MMCR, read_dialogues
from training.mmcr.judging.answerers import (
    BUILT_IN,
    CONTROLS,
    Answerer,
    BlindAnswerer,
    ChatAnswerer,
    Controlled,
    EchoAnswerer,
    TruthAnswerer,
    questions_of,
)
from training.mmcr.judging.lvlm_judge import LvlmJudge
from training.mmcr.judging.rules import DIMENSIONS, judge
from training.mmcr.page import Table, write_page
from training.mmcr.results import CONTEXTUAL, results
from training.options import add_options, option, settings_from

# The benchmark is what these make; another seed is another benchmark.
SEED, SIZE = 600, 600
_MOST_SHOWN = 40
GO_ON = "whole dialogues are kept: give the same command again to go on"
EXAMPLES = """examples:
  python -m training.mmcr.bench --policy openai:MODEL --out runs/bench --judge openai:OTHER
  python -m training.mmcr.bench --policy truth --out runs/bench-truth
"""


@dataclass(frozen=True)
class BenchConfig:
    """Who is asked what, and who judges."""

    policy: str = option(
        f"who answers: {', '.join(BUILT_IN)}, openai:MODEL, or a chat model's folder or id",
        metavar="NAME",
    )
    out: Path = option("folder of the run, new, empty or begun with the same flags")
    data: Path = option(
        "folder of the dialogues; built if it is missing", Path("datasets/mmcr-bench")
    )
    dialogues: int = option("how many of them", SIZE, least=1)
    control: str = option(
        "what is kept from who answers: none, no-frames or no-turns", "none", choices=CONTROLS
    )
    judge: str = option("a model that judges too, such as openai:MODEL", "", metavar="NAME")
    seed: int = option("of the dialogues that are built", SEED, least=0)
    workers: int = option("processes that build them", 1, least=1)


def dialogues_of(config: BenchConfig) -> list[Dialogue]:
    """The benchmark's dialogues, built where they are missing.

    Raises:
        ValueError: They can't be built or read.
    """
    wanted = MmcrConfig(
        out=config.data,
        dialogues=config.dialogues,
        seed=config.seed,
        splits=("test",),
        workers=config.workers,
    )
    held: list[Dialogue] = []
    if (config.data / MMCR.manifest).exists():
        held = list(read_dialogues(config.data, "test"))
    if len(held) < config.dialogues and (
        not held or MMCR.settings(config.data) == json.loads(json.dumps(wanted.deciding()))
    ):
        build(wanted)
        held = list(read_dialogues(config.data, "test"))
    if len(held) < config.dialogues:
        raise DataSetError(
            f"--data {config.data} holds {len(held)} dialogues of the test split, and was built "
            f"with other settings: ask for --dialogues {len(held)}, or name another folder."
        )
    return held[: config.dialogues]


def run(
    config: BenchConfig,
    dialogues: Sequence[Dialogue],
    answerer: Answerer,
    judging: LvlmJudge | None,
) -> dict[str, Any]:
    """Asks what was not yet asked, and writes results and page.

    Args:
        config: Where to.
        dialogues: To ask about.
        answerer: Who answers.
        judging: Who judges beside the rules, or None.

    Raises:
        DataSetError: The folder was begun with other settings.
        EndpointError: A server gives no answer; what was answered is kept.
        PolicyStopped: A server refuses, or the budget is used up; likewise.
    """
    digest = hashlib.sha256("\n".join(d.id + d.context for d in dialogues).encode())
    judged_by = judging.name if judging is not None else ""
    settings = {
        "answerer": answerer.name,
        "judge": judged_by,
        "writers": sorted({d.writer for d in dialogues}),
        "dialogues": len(dialogues),
        "digest": digest.hexdigest(),
    }
    begin(config.out, settings)
    done = read(config.out)
    try:
        for count, dialogue in enumerate(dialogues, 1):
            if dialogue.id not in done:
                done[dialogue.id] = made = _answered(dialogue, answerer, judging, config.seed)
                add(config.out, made)
                if count % 50 == 0 or made.problem:
                    said = f"; {dialogue.id}: {made.problem}" if made.problem else ""
                    print(f"{count} of {len(dialogues)} dialogues{said}", flush=True)
    finally:
        found = results(dialogues, done, judged_by)
        write_text(config.out / RESULTS, json.dumps(found, indent=2) + "\n")
        _report(config, dialogues, done, found, settings)
    return found


def _answered(
    dialogue: Dialogue, answerer: Answerer, judging: LvlmJudge | None, seed: int
) -> Answered:
    try:
        frames = tuple(picture_of(encoded) for encoded in dialogue.pictures)
    except DataSetError as error:
        return Answered(dialogue.id, problem=str(error))
    replies, scores, lvlm = [], [], list[dict[str, float] | None]()
    for question, turn in zip(questions_of(dialogue, frames, seed), dialogue.turns, strict=True):
        reply = answerer.answer(question)
        replies.append(reply)
        scores.append(judge(turn, dialogue.turns[: question.index], reply).scores)
        if judging is not None:
            lvlm.append(judging.judge(question, turn, reply))
    return Answered(dialogue.id, tuple(replies), tuple(scores), tuple(lvlm))


def _report(
    config: BenchConfig,
    dialogues: Sequence[Dialogue],
    done: Mapping[str, Answered],
    found: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> None:
    """The page: tables, and the dialogues in which most went wrong."""
    failed = sorted(
        (d for d in dialogues if d.id in done and not done[d.id].problem),
        key=lambda d: sum(sum(s.values()) for s in done[d.id].scores) / max(1, len(d.turns)),
    )
    wrong = [d for d in failed if any(min(s.values()) < 1 for s in done[d.id].scores)]
    accuracy = found[CONTEXTUAL]
    lines = [
        f"{found['dialogues']} dialogues, {found['turns']} turns, answered by "
        f"{settings['answerer']}; written by {', '.join(settings['writers'])}.",
        f"Contextual accuracy: {'none' if accuracy is None else f'{accuracy:.1%}'} of the answers "
        "to questions that point back are precise and consistent.",
    ]
    if settings["judge"] in settings["writers"] or settings["judge"] == settings["answerer"]:
        lines.append(f"{settings['judge']} judges what it wrote or answered itself.")
    write_page(
        config.out / REPORT,
        "MMCR-Bench",
        lines,
        tables_of(found),
        [(d, done[d.id].replies) for d in wrong[:_MOST_SHOWN]],
    )


def tables_of(found: Mapping[str, Any]) -> list[Table]:
    """Scores by judge, by domain, and the judges' agreement."""
    heads = ("", *DIMENSIONS, "all")
    rows = [
        (name, *_cells(scores))
        for name, scores in (("rules", found["rule"]), (found["judge"], found["lvlm"]))
        if scores
    ]
    tables = [Table("Scores", heads, tuple(rows))]
    by_domain = [
        (f"{name.replace('_', ' ')} ({scores['turns']})", *_cells(scores))
        for name, scores in found["domains"].items()
    ]
    tables.append(Table("By domain, by rules (turns)", heads, tuple(by_domain)))
    if found["agreement"]:
        agree = [
            (name, f"{one['share']:.1%}", f"{one['kappa']:.2f}")
            for name, one in found["agreement"].items()
        ]
        tables.append(Table("Agreement of the judges", ("", "same", "kappa"), tuple(agree)))
    return tables


def _cells(scores: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(f"{scores[name]:.1%}" for name in (*DIMENSIONS, "all"))


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.mmcr.bench",
        description="Ask somebody the benchmark's questions, and judge the answers.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, BenchConfig)
    add_arguments(parser)
    return parser


@command("training.mmcr.bench", GO_ON)
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = make_parser().parse_args(argv)
    config = settings_from(BenchConfig, options)
    try:
        prepare_folder(config.out, KIND)
        ledger = config.out / "spent.json"
        judging = LvlmJudge(backend_of(config.judge, options, ledger)) if config.judge else None
        answerer = _answerer(config, options)
        dialogues = dialogues_of(config)
        answerer = answerer or TruthAnswerer(dialogues)
        found = run(config, dialogues, Controlled(answerer, config.control), judging)
    except (ValueError, OSError, EndpointError, PolicyStopped) as error:
        kept = f"; {GO_ON}" if (config.out / ANSWERS).exists() else ""
        print(f"training.mmcr.bench: {' '.join(str(error).split())}{kept}", file=sys.stderr)
        return 2
    print_results(found, config.out)
    return 0


def _answerer(config: BenchConfig, options: argparse.Namespace) -> Answerer | None:
    """Who answers; None where it takes the dialogues themselves."""
    if config.policy == "truth":
        return None
    if config.policy in BUILT_IN:
        return EchoAnswerer() if config.policy == "echo" else BlindAnswerer()
    return ChatAnswerer(backend_of(config.policy, options, config.out / "spent.json"))


def print_results(found: Mapping[str, Any], out: Path) -> None:
    """The figures, a line each."""
    for table in tables_of(found)[:2]:
        for row in (table.heads, *table.rows):
            print(f"{row[0]:34s}" + "".join(f"{cell:>13s}" for cell in row[1:]))
    accuracy = found[CONTEXTUAL]
    print(f"{CONTEXTUAL} {'none' if accuracy is None else f'{accuracy:.1%}'}; {out / REPORT}")


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
