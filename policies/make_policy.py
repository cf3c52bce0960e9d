"""The one place where a policy is made from its name.

make_policy(PolicyOptions("default"))
make_policy(PolicyOptions("expert"), env)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.base import Policy

if TYPE_CHECKING:
    from envs.thor_env import ThorEnv
    from policies.chat.endpoint import EndpointSettings

EXPERT, SEARCHING_EXPERT, RANDOM = "expert", "expert-search", "random"
EXPERTS = (EXPERT, SEARCHING_EXPERT)


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


def make_policy(options: PolicyOptions, env: ThorEnv | None = None) -> Policy:
    """A policy by name.

    Args:
        options: Which, and how it runs.
        env: Where an expert reads the simulator's state; other policies need none.

    Raises:
        ValueError: If there is no such policy, its files can't be read, or an expert has no
            environment.
    """
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
