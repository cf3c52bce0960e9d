"""Questions about what was done, what was said, and what is to be done."""

from __future__ import annotations

from envs.actions import INTERACTIONS
from training.mmcr.truth.world import Deed, World
from training.mmcr.writing.queries import Value, kind, number, things, yes_no

# More deeds than so many in a row are not told as what lies between two frames.
_MOST_BETWEEN = 1


def _deed(what: tuple[str, str]) -> Value | None:
    return Value("deed", what) if what[0] else None


def _at(world: World, step: int) -> Deed | None:
    return world.deeds[step] if 0 <= step < len(world.deeds) else None


def _done_at(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    return _deed(deed.what) if deed else None


def _after(world: World, step: int) -> int:
    return step + 1


def _before(world: World, step: int) -> int:
    return step - 1


def _same(world: World, step: int) -> int:
    return step


def _last(world: World) -> int:
    return len(world.deeds) - 1


@kind("step", opens=True, step=_same)
def _did(world: World, step: int) -> Value | None:
    return _done_at(world, step)


@kind("step", step=_after)
def after(world: World, step: int) -> Value | None:
    """What came next."""
    return _done_at(world, step + 1)


@kind("step", step=_before)
def before(world: World, step: int) -> Value | None:
    """What came right before."""
    return _done_at(world, step - 1)


@kind(opens=True, step=lambda world: 0)
def _first_deed(world: World) -> Value | None:
    return _done_at(world, 0)


@kind(opens=True, step=_last)
def _last_deed(world: World) -> Value | None:
    return _done_at(world, len(world.deeds) - 1)


@kind("step", step=_same)
def _step_of(world: World, step: int) -> Value | None:
    return Value("step", (str(step + 1),)) if _at(world, step) else None


@kind("step", step=_same)
def _worked(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    # What the environment was silent about, or lied about, is not to be known from it.
    known = deed is not None and deed.told == ("ok" if deed.worked else "failed")
    return yes_no(deed.worked if deed is not None and known and deed.verb else None)


@kind("step", step=_same)
def _times(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    if deed is None or not deed.verb:
        return None
    return number(sum(d.what == deed.what for d in world.deeds), 1)


@kind("step", step=_same)
def _held_at(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    return Value("things", (deed.held,) if deed.held else ()) if deed else None


@kind("thing")
def _acted_on(world: World, thing: str) -> Value | None:
    if not world.deeds:
        return None
    return yes_no(any(d.target == thing and d.verb in INTERACTIONS for d in world.deeds))


@kind("thing")
def _been_at(world: World, thing: str) -> Value | None:
    if not world.deeds:
        return None
    return yes_no(any(d.what == ("goto", thing) and d.told != "failed" for d in world.deeds))


def _last_of(steps: list[int]) -> int | None:
    return steps[-1] if steps else None


def _goes(world: World) -> list[int]:
    return [k for k, d in enumerate(world.deeds) if d.verb == "goto" and d.worked]


@kind(opens=True, step=lambda world: _last_of(_goes(world)))
def _went_last(world: World) -> Value | None:
    goes = _goes(world)
    return things(world.deeds[goes[-1]].target) if len(goes) > 1 else None


@kind("step", step=lambda world, step: next((k for k in reversed(_goes(world)) if k < step), None))
def _went_before(world: World, step: int) -> Value | None:
    earlier = [k for k in _goes(world) if k < step]
    return things(world.deeds[earlier[-1]].target) if earlier else None


@kind("frame", step=lambda world, frame: world.shots[frame].step)
def _between(world: World, frame: int) -> Value | None:
    if frame + 1 >= len(world.shots):
        return None
    first, then = world.shots[frame].step, world.shots[frame + 1].step
    return _done_at(world, first) if then - first == _MOST_BETWEEN else None


def _failed(world: World) -> list[int]:
    return [k for k, d in enumerate(world.deeds) if d.told == "failed"]


@kind(opens=True)
def _any_failed(world: World) -> Value | None:
    told = [d.told for d in world.deeds]
    return None if not told or "unknown" in told else yes_no("failed" in told)


@kind(opens=True, step=lambda world: _last_of(_failed(world)))
def _failed_step(world: World) -> Value | None:
    failed = _failed(world)
    return Value("step", (str(failed[-1] + 1),)) if failed else None


@kind("step")
def _failed_before(world: World, step: int) -> Value | None:
    told = [d.told for d in world.deeds[:step]]
    return None if not told or "unknown" in told else yes_no("failed" in told)


@kind("step", step=_after)
def _mended(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    return _done_at(world, step + 1) if deed and deed.told == "failed" else None


def _later(world: World, step: int) -> list[Deed] | None:
    """The same deed later on, of one that failed; None where that makes no question."""
    deed = _at(world, step)
    if deed is None or deed.told != "failed" or not deed.verb or step + 1 >= len(world.deeds):
        return None
    return [d for d in world.deeds[step + 1 :] if d.what == deed.what]


@kind("step")
def _tried_again(world: World, step: int) -> Value | None:
    later = _later(world, step)
    return yes_no(None if later is None else bool(later))


@kind("step")
def _worked_later(world: World, step: int) -> Value | None:
    later = _later(world, step)
    return yes_no(any(d.told == "ok" for d in later)) if later else None


@kind("step")
def _instead(world: World, step: int) -> Value | None:
    deed = _at(world, step)
    if deed is None or not deed.verb or deed.told != "failed" or deed.right == deed.what:
        return None
    return _deed(deed.right)


@kind(opens=True)
def _next(world: World) -> Value | None:
    return _deed(world.next)


@kind(opens=True)
def _target(world: World) -> Value | None:
    return things(world.target)


@kind(opens=True)
def _goal_place(world: World) -> Value | None:
    return things(world.receptacle)


@kind("thing")
def _needed(world: World, thing: str) -> Value | None:
    return yes_no(thing in world.needed) if world.needed else None


@kind("list")
def _needed_of(world: World, several: tuple[str, ...]) -> Value | None:
    found = [k for k in several if k in world.needed]
    return things(*found) if 0 < len(found) < len(several) else None


@kind("list")
def _named_count(world: World, several: tuple[str, ...]) -> Value | None:
    return number(len(several), 2)


@kind("list")
def _first_named(world: World, several: tuple[str, ...]) -> Value | None:
    return things(several[0]) if len(several) > 1 else None


@kind("list")
def _last_named(world: World, several: tuple[str, ...]) -> Value | None:
    return things(several[-1]) if len(several) > 1 else None


@kind("thing")
def _first_asked(world: World, thing: str) -> Value | None:
    return things(thing)


@kind("number")
def _recall_number(world: World, said: int) -> Value | None:
    return number(said)


@kind("number")
def _less_one(world: World, said: int) -> Value | None:
    return number(said - 1) if said > 1 else None
