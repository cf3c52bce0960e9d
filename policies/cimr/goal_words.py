"""What a task asks for, in a few words of the lexicon: the prompt's ``<goal>`` part.

``heat potato put counter top`` says what was understood, whatever words it was said in.
"""

from __future__ import annotations

from envs.tasks.object_names import names_of

# One word a family; the appliance or lamp of a treatment follows from it.
_VERBS = {
    "pick_and_place": "put",
    "stack": "put",
    "pick_two": "put two",
    "examine": "examine",
    "clean": "clean",
    "heat": "hot",
    "cool": "cold",
    "slice": "slice",
    "open": "open",
    "close": "close",
    "find": "find",
    "search": "find",
    "navigate": "near",
}
THEN = "then"


def goal_words(
    family: str, target: str, receptacle: str = "", turn_on: bool = True, tool: str = ""
) -> tuple[str, ...]:
    """The words of one goal.

    Args:
        family: Of the task; see ``envs.tasks.registry``.
        target: Object type, or empty where nobody knows.
        receptacle: Object type, or empty.
        turn_on: For toggle.
        tool: The dish of stack, the lamp of examine; an appliance is left out.

    >>> goal_words("heat", "Potato", "CounterTop", tool="Microwave")
    ('hot', 'potato', 'counter top')
    """
    verb = _VERBS.get(family, family)
    if family == "toggle":
        verb = "on" if turn_on else "off"
    things = [target, tool if family in ("stack", "examine") else "", receptacle]
    return (*verb.split(), *(names_of(kind)[0] for kind in things if kind))
