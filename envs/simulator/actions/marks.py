"""What is to be known of an action beyond its name and arguments, marked where it is defined.

    @marked(timeless=True)
    @forms(BY_ID, BY_POINT)
    def LookAt(self, objectId=None, x=None, y=None): ...

The dispatcher, the argument binding, the session and the tools read these marks and have no lists
of names of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

F = TypeVar("F", bound=Callable)


@dataclass(frozen=True)
class Marks:
    """How an action is treated, and what may come of it.

    Attributes:
        query: It only asks, so that nothing seen can have changed by it.
        timeless: It takes no time: nothing cools, heats or fills meanwhile.
        lenient: It ignores arguments it does not know, as AI2-THOR's legacy actions do.
        keeps_motion: What is in the air when it is called stays there; before any other action
            it lands.
        sceneless: It may come before a scene is chosen, and needs none.
        removes: By it objects may become fewer, or a new room takes their place.
        puts_anywhere: What it puts may hang in the air or stand in something, as it was told.
    """

    query: bool = False
    timeless: bool = False
    lenient: bool = False
    keeps_motion: bool = False
    sceneless: bool = False
    removes: bool = False
    puts_anywhere: bool = False


def marked(**marks: bool) -> Callable[[F], F]:
    """Sets some of an action's ``Marks``; the others are its group's."""

    def mark(method: F) -> F:
        method.marks = marks  # type: ignore[attr-defined]
        return method

    return mark


def marks_of(method: Callable, defaults: Marks) -> Marks:
    """The marks of an action method in a group.

    >>> @marked(timeless=False)
    ... def Pass(self): ...
    >>> marks = marks_of(Pass, Marks(timeless=True, query=True))
    >>> marks.query, marks.timeless
    (True, False)
    """
    return replace(defaults, **getattr(method, "marks", {}))


@dataclass(frozen=True)
class Form:
    """One signature of an action: the names it requires, and those only it allows."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*self.required, *self.optional))


BY_ID = Form(("objectId",))
BY_POINT = Form(("x", "y"))


def forms(*choices: Form) -> Callable[[F], F]:
    """Marks a method as an action of several signatures; the dispatcher picks one of them.

    Names that occur in no form belong to all of them.
    """

    def mark(method: F) -> F:
        method.forms = choices  # type: ignore[attr-defined]
        return method

    return mark


def partial(reason: str) -> Callable[[F], F]:
    """Marks an action as covered in part; the coverage table prints the reason."""

    def mark(method: F) -> F:
        method.partial = reason  # type: ignore[attr-defined]
        return method

    return mark


def idle(*names: str) -> Callable[[F], F]:
    """Marks arguments that are accepted and have no effect; the coverage table stars them."""

    def mark(method: F) -> F:
        method.idle = names  # type: ignore[attr-defined]
        return method

    return mark


target_forms = forms(BY_ID, BY_POINT)
