"""``python -m training.tables cimr``: every row of CIMR's tables, played and tabulated.

Rows are evaluations of their own, played one after the other; a run that was killed goes on where
it stopped when the same command is given again.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.stopping import Stopped, exit_code
from envs.tasks.suite import Suite
from envs.tasks.suite_sources import open_suite
from training.options import add_options, settings_from, whole_number
from training.tables.play import Crew, Player, check_rows
from training.tables.report import known_groups, write_tables
from training.tables.rows import GROUPS, all_rows, rows_of
from training.tables.setting import Setting, TablesError, joined, load_setting, save_setting
from training.tables.trained import missing, training_command

DESCRIPTION = (
    "Play every row of CIMR's tables on a suite, and write them: tables.md, tables.json, pictures."
)
EXAMPLES = """examples:
  python -m training.tables cimr --suite map-test-v1 --episodes 50 --workers 2 --out runs/tables
  python -m training.tables cimr --rows ablations --policy runs/ablations/full \\
      --ablation no-memory=runs/ablations/no-memory --ablation no-fusion=runs/ablations/no-fusion
  python -m training.tables cimr --from runs/tables
  python -m training.tables cimr --smoke
"""
_ROWS = (
    "rows, each an evaluation of its own, with honest skills and without rules unless it says\n"
    "otherwise; those of ablations need a policy each, as training.ablations trains them:\n"
)
SMOKE = Setting(policy="random", episodes=1, rows=("main",), faults=False)


def explained(setting: Setting) -> str:
    """Every row of every group, with what it is."""
    lines = [_ROWS]
    for group in GROUPS:
        rows = [row for row in rows_of(setting, group) if group == "main" or row.name != "full"]
        width = max(len(row.name) for row in rows)
        lines.append(f"  {group}\n")
        lines += [f"    {row.name:{width}}  {row.title}\n" for row in rows]
    return "".join(lines)


def make_parser() -> Parser:
    """The command line."""
    epilog = f"{explained(Setting())}\n{EXAMPLES}"
    parser = Parser(prog="python -m training.tables", description=DESCRIPTION, epilog=epilog)
    add = parser.add_argument
    add("table", choices=("cimr",), help="whose tables")
    add_options(parser, Setting)
    add(
        "--workers",
        type=whole_number(0),
        default=2,
        metavar="K",
        help="processes; 0 plays in this one; default 2",
    )
    add(
        "--episode-seconds",
        type=whole_number(1),
        default=900,
        metavar="S",
        help="an episode that takes longer is tried again, at most twice; default 900",
    )
    add("--out", type=Path, metavar="DIR", help="folder; default runs/tables, runs/tables-smoke")
    add(
        "--from",
        dest="made",
        type=Path,
        metavar="DIR",
        help="only tabulate what was played into this folder, whole or not",
    )
    add(
        "--smoke",
        action="store_true",
        help="one task with the random policy in the model's place, and the expert: under a minute",
    )
    return parser


@command("training.tables")
def main(argv: list[str] | None = None) -> int:
    """Command line; exit code 0, 1 if some episodes crashed, 2 on misuse."""
    options = make_parser().parse_args(argv)
    out = options.made or options.out or Path(f"runs/tables{'-smoke' if options.smoke else ''}")
    try:
        if options.made is not None:
            setting = load_setting(out)
            given = sys.argv[1:] if argv is None else argv
            if any(word.partition("=")[0] == "--rows" for word in given):
                setting = replace(setting, rows=options.rows)
            setting = replace(setting, rows=known_groups(setting.rows))
            suite = _opened(setting)
        else:
            setting = joined(out, SMOKE if options.smoke else settings_from(Setting, options))
            setting = replace(setting, rows=known_groups(setting.rows))
            suite = _opened(setting)
            workers = 0 if options.smoke else options.workers
            crew = Crew(workers, options.episode_seconds, pages=not options.smoke)
            rows = all_rows(setting, setting.rows)
            check_rows([row for row in rows if row.trained], setting, suite, out)
            out.mkdir(parents=True, exist_ok=True)
            save_setting(out, setting)
            if left := missing(setting):
                names, how = ", ".join(row.name for row in left), training_command(left, setting)
                print(f"not trained, so not played: {names}; {how} trains them", file=sys.stderr)
            Player(setting, suite, out, crew).play(rows)
        page = write_tables(setting, suite, out)
    except ValueError as error:
        print(f"training.tables: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"training.tables: {out} can't be written ({error.strerror}); what was played is kept: "
            "make room, or name another --out",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt as stop:
        again = f"give the same command again to go on, or --from {out} for the tables so far"
        raise Stopped(exit_code(stop) - 128, again) from stop
    print(f"-> {page}")
    return 0


def _opened(setting: Setting) -> Suite:
    """The suite, with one thing said of it if that is less than was asked for."""
    suite = open_suite(setting.suite)
    keys = Counter(entry.key for entry in suite.entries)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise TablesError(
            f"{suite.name} has two tasks of the key {twice[0]!r}: rows can't be paired."
        )
    if setting.episodes is not None and setting.episodes > len(suite.entries):
        print(f"{suite.name} has {len(suite.entries)} tasks: all are played", file=sys.stderr)
    return suite


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
