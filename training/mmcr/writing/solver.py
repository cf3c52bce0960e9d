"""Who knows the frames and a single question, and nothing that was said before: can he answer?

He has the simulator's truth about what the frames show and the record of what was done. What the
question names he knows; where it only points back he tries everything that it could mean. Where
all that makes sense has the same answer, the question did not need the dialogue.
"""

from __future__ import annotations

import itertools
from typing import Any

from training.mmcr.truth.world import World
from training.mmcr.writing.queries import Query, Ref, Value

# Sets of things that "those" may be, and numbers that "that many" may be.
_LARGEST_SET, _MOST_NUMBER = 3, 6
_MOST_TRIED = 3000


class Solver:
    """Answers single questions about a world.

    Args:
        world: That he sees.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[Any, ...], frozenset[Value]] = {}

    def answers(self, query: Query) -> frozenset[Value]:
        """All answers that a question may have by its words alone; at most two are looked for."""
        # What is only pointed back to is nothing that he knows.
        key = (query.kind.name, *((r.role, r.value if r.is_said else None) for r in query.refs))
        if key not in self._known:
            self._known[key] = self._tried(query)
        return self._known[key]

    def _tried(self, query: Query) -> frozenset[Value]:
        pools = [_pool(self.world, ref) for ref in query.refs]
        found: set[Value] = set()
        for contents in itertools.islice(itertools.product(*pools), _MOST_TRIED):
            value = query.kind.answer(self.world, *contents)
            if value is not None:
                found.add(value)
                if len(found) > 1:
                    break
        return frozenset(found)

    def needs_earlier_turns(self, query: Query) -> bool:
        """Whether nobody can answer a question who has not heard what was said before."""
        return any(not ref.is_said for ref in query.refs) and len(self.answers(query)) > 1


def _pool(world: World, ref: Ref) -> list[Any]:
    """All that a question's own words may mean."""
    if ref.is_said:
        return [ref.value]
    if ref.role in ("frame", "later"):
        return list(range(len(world.shots)))
    if ref.role == "step":
        return list(range(len(world.deeds)))
    if ref.role == "number":
        return list(range(_MOST_NUMBER + 1))
    kinds = list(world.kinds())
    kinds += [shot.held for shot in world.shots if shot.held and shot.held not in kinds]
    if ref.role == "list":
        return [
            several
            for size in range(2, _LARGEST_SET + 1)
            for several in itertools.permutations(kinds[:8], size)
        ]
    return kinds
