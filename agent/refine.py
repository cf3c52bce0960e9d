"""Refinement: propose, hold the proposal against what is seen, tell the policy, ask again.

Stops as soon as a proposal stands unopposed, the policy insists on an answer it was told is wrong,
or the rounds are used up; then the policy's last word is acted on. ``plain_retries`` is what that
is compared with: as many answers, and the policy is told nothing.

With rules, the least opposed proposal is, the latest of equals. An action refused where it pointed
is first tried without the point, on the nearest such thing: a wrong point is no reason to give up a
right plan. Where no proposal stands and an objection says what to do instead (go to what is in view
after all), that is done. Where every proposal is known to be vain, the last resort is, if there is
one: to look around, and so to see it from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agent.feedback import FeedbackParser
from agent.memory import ContextMemory
from agent.recording.trajectory import RoundRecord
from envs.actions import Action
from policies.base import DrawingPolicy, Observation, Policy, Reply
from policies.discrepancy import Discrepancy, DiscrepancyKind

# Opposition by what the agent knows from which on a proposal is vain; what is seen may be wrong.
VAIN = 0.7


@dataclass(frozen=True)
class Round:
    """One proposal and what speaks against it."""

    reply: Reply
    found: tuple[Discrepancy, ...]

    @property
    def opposition(self) -> float:
        """Confidence of the strongest objection, 0 without one."""
        return max((entry.confidence for entry in self.found), default=0.0)

    @property
    def is_vain(self) -> bool:
        """Whether more than the view speaks against it: what was done before, or was asked for."""
        return any(
            entry.source == "consistency" and entry.confidence >= VAIN for entry in self.found
        )

    def record(self) -> RoundRecord:
        """The round as it is written to disk."""
        reply = self.reply
        return RoundRecord(
            action=reply.action.to_text() if reply.action else "",
            thought=reply.thought,
            plan=tuple(reply.plan),
            text=reply.text,
            confidence=float(reply.confidence),
            error=reply.error,
            discrepancies=self.found,
        )


@dataclass(frozen=True)
class Decision:
    """The reply to act on, the memory after all rounds, and the rounds themselves."""

    reply: Reply
    memory: ContextMemory
    rounds: tuple[Round, ...]


def _text(reply: Reply) -> str:
    return reply.action.to_text() if reply.action else "\0" + reply.text


def without_point(reply: Reply, found: tuple[Discrepancy, ...]) -> Reply | None:
    """The reply without its point, if all that speaks against it is that it was refused before."""
    action = reply.action
    if action is None or action.point is None or action.target is None:
        return None
    if any(entry.kind is not DiscrepancyKind.NO_PROGRESS for entry in found):
        return None
    return replace(
        reply,
        action=replace(action, point=None),
        thought=f"{reply.thought} (the nearest, not where it pointed)".strip(),
    )


def called_for(found: tuple[Discrepancy, ...]) -> Reply | None:
    """The first remedy that an objection brings with it, as a reply; None where none does."""
    for entry in found:
        if entry.remedy is not None:
            action, thought = entry.remedy.action, entry.remedy.thought
            return Reply(action, thought=thought, text=action.to_text())
    return None


def refine(
    policy: Policy,
    parser: FeedbackParser,
    memory: ContextMemory,
    observation: Observation,
    state: str,
    rounds: int,
    last_resort: Action | None = None,
    *,
    rules: bool = True,
    recalls: bool = False,
) -> Decision:
    """Decide on the next action in at most `rounds` rounds (1: the first answer is acted on).

    Args:
        policy: Asked for proposals, and by the parser about the frame.
        parser: Finds what speaks against a proposal.
        memory: The context memory before this step; not changed.
        observation: What the policy sees.
        state: Name of the view, the same for views that look alike.
        rounds: Most proposals to ask for, at least 1.
        last_resort: Done by rule where all that was proposed is vain; None: the least vain is.
        rules: Let rules choose between proposals, and make some; else the policy's last one counts.
        recalls: Complete a walk to a loose object by where the policy saw it.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; give 1 (no refinement) or more")
    tried: list[Round] = []
    while True:
        reply = policy.act(observation, memory.context())
        reply = memory.sightings.completed(reply) if recalls else reply
        # With a single round nothing could be changed, so nothing is checked.
        found = parser.check(policy, reply, observation.rgb, memory, state) if rounds > 1 else ()
        insists = any(_text(reply) == _text(earlier.reply) for earlier in tried)
        tried.append(Round(reply, found))
        if not found or len(tried) == rounds:
            break
        repaired = without_point(reply, found) if rules else None
        if repaired is not None:
            tried.append(
                Round(repaired, parser.check(policy, repaired, observation.rgb, memory, state))
            )
        if insists or not tried[-1].found or len(tried) == rounds:
            break
        memory = memory.after_proposal(reply, found)
    if not rules:
        return Decision(tried[-1].reply, memory, tuple(tried))
    if tried[-1].found:
        for entry in tuple(tried):
            own = called_for(entry.found)
            if own is None:
                continue
            found = parser.check(policy, own, observation.rgb, memory, state)
            if not found:
                return Decision(own, memory, (*tried, Round(own, ())))
    chosen = min(reversed(tried), key=lambda entry: entry.opposition)
    if last_resort is not None and rounds > 1 and all(entry.is_vain for entry in tried):
        chosen = Round(Reply(last_resort, thought="not from here"), ())
        tried.append(chosen)
    return Decision(chosen.reply, memory, tuple(tried))


def plain_retries(
    policy: Policy,
    parser: FeedbackParser,
    memory: ContextMemory,
    observation: Observation,
    state: str,
    rounds: int,
    *,
    recalls: bool = False,
) -> Decision:
    """Decides as ``refine`` does, but never tells the policy what speaks against its answers.

    It is asked again where ``refine`` would, and draws each further answer anew by its own
    probabilities, where it can (``policies.base.DrawingPolicy``). The first answer that nothing
    speaks against is acted on; if there is none, the very first, which it gives most weight. What
    ``refine`` is better by, the policy owes to what it was told.

    Args:
        policy: As of ``refine``, like all others.
        parser: Finds what speaks against an answer.
        memory: Not changed.
        observation: What the policy sees.
        state: Name of the view.
        rounds: Most answers to ask for, at least 1.
        recalls: Complete a walk to a loose object by where the policy saw it.

    Raises:
        ValueError: If there are no rounds.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; give 1 (no retries) or more")
    tried: list[Round] = []
    context = memory.context()
    for count in range(rounds):
        draws = policy if count and isinstance(policy, DrawingPolicy) else None
        reply = draws.redraw(observation, context) if draws else policy.act(observation, context)
        reply = memory.sightings.completed(reply) if recalls else reply
        found = parser.check(policy, reply, observation.rgb, memory, state) if rounds > 1 else ()
        tried.append(Round(reply, found))
        if not found:
            return Decision(reply, memory, tuple(tried))
    return Decision(tried[0].reply, memory, tuple(tried))
