"""IVR-R1: rounds of rollouts, screening, attribution, repair and GRPO.

Groups of rollouts begin from one moment; those that fail are repaired in the world from their
flawed step on, and what the repair earned more for is learned from beside the others. ``--repairs
0`` is plain GRPO. A run that was ended goes on by the same command. See ``docs/training.md``.
"""

from __future__ import annotations

import argparse
import sys

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import prepare_folder
from envs.supervised.errors import BackendError
from training.ivr_r1.config import IvrConfig
from training.options import add_options, settings_from

EXAMPLES = """examples:
  python -m training.ivr_r1 --policy default --out runs/ivr --smoke
  python -m training.ivr_r1 --policy runs/policy --out runs/ivr --rounds 200 --workers 4
  python -m training.ivr_r1 --policy runs/policy --out runs/grpo --repairs 0
"""


@command("training.ivr_r1", "the rounds that were whole are kept: the same command goes on")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.ivr_r1",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, IvrConfig)
    config = settings_from(IvrConfig, parser.parse_args(argv)).small()
    from training.ivr_r1.progress import RUN
    from training.ivr_r1.run import Run, closing, policy_of, uncovered

    try:
        prepare_folder(config.out, RUN)
        if config.tensorboard is not None:
            prepare_folder(config.tensorboard, flag="--tensorboard")
        if config.threads:
            import torch

            torch.set_num_threads(config.threads)
        record = Run(policy_of(config.policy), config).rounds()
    except (ValueError, OSError, BackendError) as error:
        print(f"training.ivr_r1: {error}", file=sys.stderr)
        return 2
    for line in closing(record):
        print(line)
    missed = uncovered(record) if config.smoke else ()
    if missed:
        print(f"this small run had no occasion for {', '.join(missed)}: try another --seed")
    print(f"the policy is in {config.out / 'policy'}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
