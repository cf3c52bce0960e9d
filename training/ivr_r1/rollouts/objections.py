"""An attributed step, told to the policy as the agent's own objections are: as a discrepancy.

The kinds and words are those of ``agent.consistency`` and of ``training.data.objections``, so that
the policy's second phase has taught it what to do when it hears one.
"""

from __future__ import annotations

from policies.base import Reply
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource
from training.ivr_r1.rollouts.attribution import Attribution
from training.ivr_r1.rollouts.rollout import Decision

_SURE = 0.95


def objection(reply: Reply, decision: Decision, found: Attribution) -> Discrepancy:
    """What speaks against the flawed step's answer.

    Args:
        reply: The answer that was carried out.
        decision: What came of it.
        found: Why it is the flawed step.
    """
    text = reply.action.to_text() if reply.action else reply.text
    consistency, environment = DiscrepancySource.CONSISTENCY, DiscrepancySource.ENVIRONMENT
    if reply.action is None:
        kind = DiscrepancyKind.MALFORMED_REPLY
        return Discrepancy(kind, "reply", "an action", reply.error or text, 1.0, environment)
    if not decision.worked:
        kind, told = DiscrepancyKind.ACTION_FAILED, "it would fail from here"
        return Discrepancy(kind, text, "to work", told, _SURE, environment)
    kind = DiscrepancyKind.NO_PROGRESS
    if reply.action.verb == "done":
        return Discrepancy(kind, "done", "something done", "not done yet", _SURE, consistency)
    told = "not done any more" if found.method == "loss" else "no way to the goal"
    return Discrepancy(kind, text, "another action", told, _SURE, consistency)
