"""An action's arguments: which names it takes, in which signatures, and of what kinds.

Everything comes from the action methods themselves. AI2-THOR's rules hold: arguments bind by name,
among several signatures the one with the most given names wins (ties: the one that requires the
fewest), whole numbers pass as floats, and null passes where an argument is optional.
"""

from __future__ import annotations

import inspect
import math
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from envs.simulator.actions.marks import Form
from envs.simulator.core.errors import INVALID_ARGUMENT, MISSING_ARGUMENTS, ActionFailed, shown
from envs.simulator.dispatch.table import KnownAction

# With it what is in the air moves on for so many seconds after an action, while the simulation is
# paused. ``fixedDeltaTime`` comes beside it and has no effect.
SIMULATED = "actionSimulationSeconds"
MOST_SECONDS = 60.0
# Accepted with every action and never an argument of it.
GLOBAL_KEYS = frozenset(
    {
        "action",
        "agentId",
        "sequenceId",
        "renderImage",
        "renderObjectImage",
        "renderClassImage",
        "renderNormalsImage",
        "renderInstanceSegmentation",
        "renderSemanticSegmentation",
        "renderDepthImage",
        "renderFlowImage",
        "physicsSimulationParams",
        SIMULATED,
        "fixedDeltaTime",
        # The client adds it to every action where AI2THOR_VISIBILITY_DISTANCE is set.
        "visibilityDistance",
    }
)


@dataclass(frozen=True)
class Signature:
    """What one action takes.

    Attributes:
        parameters: By name, without ``self``.
        hints: Types by name.
        forms: The alternatives AI2-THOR offers, or empty when there is one signature.
    """

    parameters: dict[str, inspect.Parameter]
    hints: dict[str, object]
    forms: tuple[Form, ...]

    def names(self, form: Form | None) -> tuple[str, ...]:
        """Argument names of one alternative, in order."""
        if form is None:
            return tuple(self.parameters)
        foreign = frozenset().union(*(f.names for f in self.forms)) - form.names
        return tuple(n for n in self.parameters if n not in foreign)

    def required(self, form: Form | None) -> tuple[str, ...]:
        """Names that one alternative can't do without."""
        always = {n for n, p in self.parameters.items() if p.default is p.empty}
        always.update(() if form is None else form.required)
        return tuple(n for n in self.parameters if n in always)

    def choose(self, given: set[str]) -> Form | None:
        """The alternative that fits the given names best."""
        if not self.forms:
            return None

        def rank(form: Form) -> tuple[int, int]:
            return (-len(given.intersection(self.names(form))), len(self.required(form)))

        return min(self.forms, key=rank)

    def written(self, action: str, form: Form | None) -> str:
        """One alternative as text: ``LookUp(float degrees=30.0)``."""
        must = self.required(form)
        shown = []
        for name in self.names(form):
            text = f"{kind_name(self.hints.get(name, object))} {name}"
            default = self.parameters[name].default
            shown.append(text if name in must else f"{text}={default}")
        return f"{action}({', '.join(shown)})"


@cache
def signature_of(method: Callable) -> Signature:
    """The signature of an action method."""
    parameters = dict(list(inspect.signature(method).parameters.items())[1:])
    hints = typing.get_type_hints(method)
    return Signature(parameters, hints, tuple(getattr(method, "forms", ())))


def kinds_of(hint: object) -> tuple[object, ...]:
    """The alternatives of a type hint; ``list[str]`` and its like count as list."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return tuple(k for part in typing.get_args(hint) for k in kinds_of(part))
    return (typing.get_origin(hint) or hint,)


def kind_name(hint: object) -> str:
    """A type as error messages name it."""
    kinds = [k for k in kinds_of(hint) if k is not type(None)]
    return " or ".join(getattr(k, "__name__", str(k)) for k in kinds)


def convert(action: str, name: str, value: object, hint: object) -> object:
    """The value as its argument's kind.

    Raises:
        ActionFailed: With InvalidArgument, if it can't be.
    """
    kinds = kinds_of(hint)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is None:
        if type(None) in kinds:
            return None
    elif isinstance(value, bool):
        if bool in kinds:
            return value
    elif number and float in kinds:
        as_float = _to_float(value)
        if math.isfinite(as_float):
            return as_float
    elif number and int in kinds:
        if _to_float(value).is_integer() and abs(value) < 2**63:  # type: ignore[arg-type]
            return int(value)  # type: ignore[call-overload]
    elif any(isinstance(value, k) for k in (str, dict, list) if k in kinds):
        return value
    if object in kinds:
        return value
    raise ActionFailed(
        f"action: {action} has an invalid argument: {name} (=={shown(value)}). "
        f"Cannot convert to: {kind_name(hint)}",
        INVALID_ARGUMENT,
    )


def _to_float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError:
        return math.inf


def seconds_simulated(action: str, message: dict) -> float:
    """For how many seconds a message wants a paused simulation to go on after its action.

    Raises:
        ActionFailed: With InvalidArgument, if that is no number from 0 to a minute.
    """
    given = message.get(SIMULATED)
    if given is None:
        return 0.0
    seconds = convert(action, SIMULATED, given, float)
    if not 0.0 <= seconds <= MOST_SECONDS:  # type: ignore[operator]
        raise ActionFailed(
            f"{SIMULATED} must be in [0:{MOST_SECONDS:g}] seconds, not {shown(given)}.",
            INVALID_ARGUMENT,
        )
    return seconds  # type: ignore[return-value]


def bind(action: KnownAction, message: dict) -> dict[str, object]:
    """The keyword arguments a message gives to an action.

    Raises:
        ActionFailed: With InvalidArgument for names or values the action does not take, with
            MissingArguments for names it needs.
    """
    signature = signature_of(action.method)
    given = {k: v for k, v in message.items() if k in signature.parameters or k not in GLOBAL_KEYS}
    form = signature.choose({str(k) for k in given})
    names = signature.names(form)
    extra = [k for k in given if k not in names]
    if extra and not action.marks.lenient:
        ways = [signature.written(action.name, f) for f in signature.forms or (None,)]
        raise ActionFailed(
            f"action: {action.name} called with invalid argument: '{shown(extra[0])}'. "
            f"Expected arguments: {', '.join(names) or 'none'}. "
            f"Your arguments: {', '.join(shown(k) for k in list(given)[:20])}. "
            f"Valid ways to call {action.name}: {' or '.join(ways)}",
            INVALID_ARGUMENT,
        )
    one_of = () if form is None else form.required
    missing = [
        k for k in signature.required(form) if k not in given or (k in one_of and given[k] is None)
    ]
    if missing:
        raise ActionFailed(
            f"action: {action.name} is missing the following arguments: {','.join(missing)}",
            MISSING_ARGUMENTS,
        )
    hints = signature.hints
    return {
        k: convert(action.name, k, v, hints.get(k, object)) for k, v in given.items() if k in names
    }
