"""``python -m training.evaluate``: success and error recovery of a policy on a suite.

Every task is played clean, and once more with its fault. Episodes are written one by one, so that a
run that was killed goes on where it stopped when the same command is given again. The folder ends
with results.json, report.md and report.html.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from agent.display.video import VIDEO_FILE
from agent.recording.thumbnails import THUMBNAILS_FILE
from envs.simulator.system.command_line import command
from envs.simulator.system.stopping import Stopped, exit_code
from envs.skill_modes import DEFAULT_SKILLS, rules_by_default
from envs.tasks.suite import Suite
from envs.tasks.suite_sources import open_suite
from policies.chat.endpoint import add_arguments, is_endpoint, settings_of
from training.evaluation.evaluate import evaluate, lacking
from training.evaluation.plan import Plan, jobs_of
from training.evaluation.report import write_report
from training.evaluation.results import save_results
from training.evaluation.tables import headline, spent
from training.options import add_options, settings_from, whole_number

DESCRIPTION = "Measure a policy on a suite: success, error recovery, and where it went wrong."
EXAMPLES = """examples:
  python -m training.evaluate --suite map-val --policy default --workers 2
  python -m training.evaluate --suite map-val --policy expert --episodes 50 --workers 2 --json
  python -m training.evaluate --suite kitchen-test --rounds 1,3 --videos failures
  python -m training.evaluate --suite map-val --skills honest --rules off
  python -m training.evaluate --suite map-val --control blank_frame --no-faults
  python -m training.evaluate --suite map-val --feedback misleading --out runs/misled
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, Plan)
    add = parser.add_argument
    add("--episodes", type=whole_number(1), metavar="N", help="only the suite's first N tasks")
    add(
        "--workers",
        type=whole_number(0),
        default=1,
        metavar="K",
        help="processes; 0 plays in this one; default 1",
    )
    add(
        "--ray",
        nargs="?",
        const="auto",
        metavar="ADDRESS",
        help="play on K actors of a Ray cluster instead (0: on all its processors): its address, "
        "auto, or local to start one here",
    )
    add("--out", type=Path, metavar="DIR", help="folder; default runs/SUITE-POLICY")
    add(
        "--episode-seconds",
        type=whole_number(1),
        default=900,
        metavar="S",
        help="an episode that takes longer is tried again elsewhere, at most twice; with "
        "--workers 0 nobody watches; default 900",
    )
    add("--json", action="store_true", help="the last line of stdout is one JSON object")
    add_arguments(parser)
    return parser


@command("training.evaluate")
def main(argv: list[str] | None = None) -> int:
    """Command line; exit code 0 if every episode has a verdict, 1 if some crashed, 2 on misuse."""
    options = make_parser().parse_args(argv)
    plan = settings_from(Plan, options)
    out = options.out or Path("runs") / _name(plan)
    try:
        if is_endpoint(plan.policy):
            plan = replace(plan, endpoint=settings_of(options, str(out / "spent.json")))
        suite = open_suite(plan.suite, plan.action_level)
        _tell(plan, suite, out, options.episodes)
        found = evaluate(
            plan,
            suite,
            out,
            episodes=options.episodes,
            workers=options.workers,
            ray=options.ray,
            seconds=options.episode_seconds,
        )
        save_results(out, found)
        page = write_report(out)
    except ValueError as error:
        print(f"training.evaluate: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"training.evaluate: {out} can't be written ({error.strerror}); what was played is "
            "kept: make room and give the same command again",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt as stop:
        raise Stopped(
            exit_code(stop) - 128, f"give the same command again to go on in {out}"
        ) from stop
    print(headline(found))
    if spent(found):
        print(spent(found))
    print(f"-> {page}")
    if options.json:
        print(json.dumps(found))
    return 1 if found["crashed"] else 0


def _tell(plan: Plan, suite: Suite, out: Path, episodes: int | None) -> None:
    """Says on stderr what will be less than was asked for."""
    if episodes is not None and episodes > len(suite.entries):
        print(f"{suite.name} has {len(suite.entries)} tasks: all are played", file=sys.stderr)
    wanted = {"thumbnails": THUMBNAILS_FILE, "frames": "frames"}.get(plan.keep)
    names = [wanted] if wanted else []
    names += [VIDEO_FILE] if plan.videos == "all" else []
    jobs = jobs_of(suite, plan, episodes)
    for name in names:
        count = lacking(out, jobs, name)
        if count:
            print(
                f"{count} of the episodes in {out} were played before without {name} and stay "
                "so; name another --out to have it of all",
                file=sys.stderr,
            )


def _name(plan: Plan) -> str:
    """A folder's name from what was asked."""
    words = [plan.suite, plan.policy]
    words += [plan.control] if plan.control != "none" else []
    words += [plan.feedback] if plan.feedback != "real" else []
    words += [plan.skills] if plan.skills != DEFAULT_SKILLS else []
    usual = "on" if rules_by_default(plan.skills) else "off"
    words += [plan.action_level] if plan.action_level != "suite" else []
    words += [f"rules-{plan.rules}"] if plan.rules != usual else []
    words += [f"objections-{plan.objections}"] if plan.objections != "all" else []
    words += [f"noise-{plan.camera_noise:g}"] if plan.camera_noise else []
    name = "-".join(words)
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
