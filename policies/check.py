"""Loads a policy and lets it answer one grey picture: ``python -m policies.check default``.

Prints one JSON object, as the probes of ``envs.doctor`` do.
"""

from __future__ import annotations

import argparse
import json
import time

from envs.distribution import restore_command
from envs.simulator.system.command_line import command

REMEDY = restore_command("policies/checkpoints/default")


def check(name: str) -> dict[str, str]:
    """What became of loading and asking it."""
    import numpy as np
    import torch

    from policies.base import Context, Observation
    from policies.loading import load_policy

    torch.set_num_threads(1)
    try:
        policy = load_policy(name)
    except ValueError as error:
        return {"status": "broken", "detail": " ".join(str(error).split()), "remedy": REMEDY}
    grey = Observation(np.full((300, 300, 3), 127, np.uint8), "open the fridge")
    policy.reset(grey.instruction, 0)
    policy.act(grey, Context())
    begun = time.perf_counter()
    reply = policy.act(grey, Context())
    took = 1000 * (time.perf_counter() - begun)
    if reply.action is None:
        return {
            "status": "broken",
            "detail": f"it answers no action: {reply.error}",
            "remedy": REMEDY,
        }
    size = ""
    model = getattr(getattr(policy, "backend", policy), "model", None)
    if isinstance(model, torch.nn.Module):
        size = f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters; "
    detail = f"{name}: {size}an answer takes {took:.0f} ms"
    return {"status": "ok", "remedy": "", "detail": detail}


@command("policies.check")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.check",
        description="Load a policy, let it answer one grey picture, and say how that went in JSON.",
        epilog="example: python -m policies.check default",
    )
    parser.add_argument(
        "name",
        nargs="?",
        default="default",
        metavar="NAME",
        help="default, a folder, a Hugging Face id or openai:MODEL; default default",
    )
    name = parser.parse_args(argv).name
    try:
        found = check(name)
    except Exception as error:  # noqa: BLE001  whatever is wrong is what was asked for
        what = " ".join(str(error).split()) or "no reason given"
        found = {"status": "broken", "detail": f"{type(error).__name__}: {what}", "remedy": REMEDY}
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
