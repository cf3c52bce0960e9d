"""The one place where a policy is made from its name.

make_policy(PolicyOptions("default"))
make_policy(PolicyOptions("expert"), env)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.base import Policy
from policies.devices import check_device

if TYPE_CHECKING:
    from envs.thor_env import ThorEnv
    from policies.chat.endpoint import EndpointSettings

EXPERT, SEARCHING_EXPERT, RANDOM = "expert", "expert-search", "random"
EXPERTS = (EXPERT, SEARCHING_EXPERT)
ACTION_LEVELS = ("skill", "primitive")


@dataclass(frozen=True)
class PolicyOptions:
    """Which policy, and how it runs.

    Attributes:
        name: ``expert`` (knows where everything is), ``expert-search`` (acts on what has come into
            view), ``random``, or as of ``policies.loading.load_policy``.
        adapter: Folder or id of a peft adapter for a chat model.
        device: Of chat models.
        action_level: skill or primitive: which verbs it may answer with.
        endpoint: How ``openai:MODEL`` is asked; by default as the environment says.
        threads: Of the processor, for a model run here; None: one for a model of this project,
            which is that small, unless ``OMP_NUM_THREADS`` is set, else torch's own choice.
        rules: Forbid a model of this project to repeat what was refused in the same step.
    """

    name: str = "default"
    adapter: str | None = None
    device: str = "cpu"
    action_level: str = "skill"
    endpoint: EndpointSettings | None = None
    threads: int | None = None
    rules: bool = True


def action_levels(name: str, walks: bool = False) -> tuple[str, ...]:
    """The action levels that a policy can play, by its name; no weights are read.

    In primitive moves the experts walk, and so do those policies of this project that were trained
    on it: that is all that a navigation suite asks for. Chat models are told the verbs of either
    level.

    >>> action_levels("expert"), action_levels("expert", walks=True)
    (('skill',), ('skill', 'primitive'))

    Args:
        name: As of ``make_policy``.
        walks: Whether nothing but walking somewhere is asked for, as in the navigation suites.
    """
    from policies.loading import is_own, levels_of

    if is_own(name):
        known = levels_of(name)
    elif name in EXPERTS:
        known = ACTION_LEVELS
    else:
        return ACTION_LEVELS
    return known if walks else tuple(level for level in known if level == "skill")


def check_level(name: str, action_level: str, walks: bool = False) -> None:
    """Refuses a policy that would play an action level senselessly.

    Args:
        name: As of ``make_policy``.
        action_level: skill or primitive.
        walks: As of ``action_levels``.

    Raises:
        ValueError: If it can't play it; says what can.
    """
    known, walking = action_levels(name, walks), action_levels(name, walks=True)
    if action_level in known:
        return
    if action_level in walking:
        raise ValueError(
            f"The policy {name!r} can only walk at the action level {action_level!r}: ask for "
            "--task navigate or a navigation suite, use --action-level skill, or another policy, "
            "such as openai:MODEL, a Hugging Face id or random."
        )
    raise ValueError(
        f"The policy {name!r} can't play the action level {action_level!r}, only "
        f"{', '.join(walking)}: use --action-level {walking[0]}, or another policy, such as "
        "openai:MODEL, a Hugging Face id or random."
    )


def make_policy(options: PolicyOptions, env: ThorEnv | None = None) -> Policy:
    """A policy by name.

    Args:
        options: Which, and how it runs.
        env: Where an expert reads the simulator's state; other policies need none.

    Raises:
        ValueError: If there is no such policy, it can't play the action level, its files can't be
            read, there is no such device, or an expert has no environment.
    """
    check_level(options.name, options.action_level, walks=True)
    check_device(options.device)
    if options.name in EXPERTS:
        if env is None:
            raise ValueError(f"The policy {options.name!r} needs the environment it plays in.")
        from policies.expert.policy import ExpertPolicy

        return ExpertPolicy(env, search=options.name == SEARCHING_EXPERT)
    if options.name == RANDOM:
        from policies.baselines import RandomPolicy

        return RandomPolicy(action_level=options.action_level)
    from policies.loading import load_policy

    if options.threads is not None:
        import torch

        torch.set_num_threads(max(1, options.threads))
    policy = load_policy(
        options.name,
        adapter=options.adapter,
        device=options.device,
        action_level=options.action_level,
        endpoint=options.endpoint,
    )
    return _set_up(policy, options)


def _set_up(policy: Policy, options: PolicyOptions) -> Policy:
    """What only our own network is told."""
    import torch

    from policies.cimr.policy import LvlmPolicy

    if isinstance(policy, LvlmPolicy):
        policy.forbids = options.rules
        if options.threads is None and "OMP_NUM_THREADS" not in os.environ:
            # It is so small that one thread is fastest; on a busy machine, by far.
            torch.set_num_threads(1)
    return policy
