"""What could be asked next: kinds with their slots filled, by name or by pointing back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from training.mmcr.truth.world import PAIRS, World
from training.mmcr.writing.queries import Query, QueryKind, Ref
from training.mmcr.writing.talk import Talk

# Of several ways to fill a slot, the chance that it points back where it can.
_BACK = 0.75
# Kinds whose words point back in one way, without saying how.
_ONLY = {"frame_number": "there", "first_asked": "first_asked"}
_STATES = tuple(state for pair in PAIRS.values() for state in pair)


def propose(talk: Talk, kind: QueryKind, rng: np.random.Generator, tries: int) -> Iterator[Query]:
    """Questions of a kind that its words and what was said before can express; not all make sense.

    None comes twice.

    Args:
        talk: So far.
        kind: Of question.
        rng: Draws.
        tries: How many.
    """
    proposed: set[tuple[Ref, ...]] = set()
    for _ in range(tries):
        refs: list[Ref] = []
        for role in kind.slots:
            ref = _fill(talk, role, refs, rng)
            if ref is None:
                break
            refs.append(ref)
        form = _ONLY.get(kind.name)
        if form is not None and refs and refs[0].form != form:
            continue
        made = tuple(refs)
        if len(refs) == len(kind.slots) and made not in proposed and _can_be_told_apart(refs):
            proposed.add(made)
            yield Query(kind, made)


def _fill(talk: Talk, role: str, before: list[Ref], rng: np.random.Generator) -> Ref | None:
    world = talk.world
    if role in ("frame", "later") and len(world.shots) == 1:
        return Ref(role, 0, "silent") if role == "frame" else None
    back = talk.references(role)
    if back and rng.random() < _BACK:
        return back[int(rng.integers(len(back)))]
    frame = next((ref.value for ref in before if ref.role == "frame"), 0)
    named = _named(world, role, frame, before)
    if not named:
        return back[int(rng.integers(len(back)))] if back else None
    return Ref(role, named[int(rng.integers(len(named)))])


def _named(world: World, role: str, frame: int, before: list[Ref]) -> list[object]:
    """What can be named outright."""
    if role in ("frame", "later"):
        return list(range(len(world.shots)))
    if role == "step":
        return list(range(len(world.deeds)))
    if role == "pair":
        return list(PAIRS)
    if role == "state":
        return list(_STATES)
    if role in ("thing", "other"):
        used = {ref.value for ref in before}
        return [t.kind for t in world.shots[frame].singles() if t.kind not in used]
    if role == "kind":
        seen = list(dict.fromkeys(t.kind for t in world.shots[frame].things))
        absent = [k for k in world.inventory if world.shots[frame].count(k) == 0]
        return [*seen, *absent]
    return []


def _can_be_told_apart(refs: list[Ref]) -> bool:
    """Whether no two slots mean the same, and at most one frame is only pointed back to."""
    frames = [ref for ref in refs if ref.role in ("frame", "later")]
    if len(frames) == 2 and (frames[0].value == frames[1].value or frames[0].form != "there"):
        return False
    values = [ref.value for ref in refs if ref.role in ("thing", "other")]
    return len(values) == len(set(values))
