"""What a task asks for, in a few words of the lexicon: the prompt's ``<goal>`` part.

``hot potato counter top`` says what was understood, whatever words it was said in.
"""

from __future__ import annotations

from envs.tasks.object_names import names_of
from policies.cimr.language.lexicon import type_names
from policies.cimr.language.subgoals import SLICED, TaskParse

# One or two words a family; the appliance of a treatment follows from it.
_VERBS = {
    "pick_and_place": "put",
    "stack": "put",
    "pick_two": "put two",
    "examine": "look",
    "clean": "clean",
    "heat": "hot",
    "cool": "cold",
    "slice": "slice",
    "open": "open",
    "close": "close",
    "find": "find",
    "search": "take",
    "navigate": "go near",
}
THEN = "then"


def goal_words(parses: tuple[TaskParse, ...]) -> tuple[str, ...]:
    """The words of what an instruction asks for, in order.

    >>> goal_words((TaskParse("heat", "Potato", "CounterTop", "Microwave"),))
    ('hot', 'potato', 'counter top')
    >>> goal_words((TaskParse("open", "Fridge"), TaskParse("find", "Mug")))
    ('open', 'fridge', 'then', 'find', 'mug')
    """
    said: list[str] = []
    for parse in parses:
        said += [THEN] if said else []
        said += _words(parse)
    return tuple(said)


def _words(parse: TaskParse) -> list[str]:
    verb = _VERBS.get(parse.family, parse.family)
    if parse.family == "toggle":
        verb = "on" if parse.turn_on else "off"
    whole = parse.target + SLICED * parse.sliced
    target = whole if whole in type_names() else parse.target
    tool = parse.tool if parse.family in ("stack", "examine") else ""
    sliced = [SLICED.lower()] if parse.sliced and target != whole else []
    return [
        *verb.split(),
        *sliced,
        *(names_of(k)[0] for k in (target, tool, parse.receptacle) if k),
    ]
