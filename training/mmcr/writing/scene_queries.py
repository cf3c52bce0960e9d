"""Questions about what the frames show."""

from __future__ import annotations

from envs.tasks.object_names import is_furniture
from training.mmcr.truth.world import APART, LARGER, NEARER, PAIRS, Thing, World
from training.mmcr.writing.queries import Value, kind, number, things, yes_no

# More than so many are not listed: nobody would.
MOST = 5


def _single(world: World, frame: int, what: str) -> Thing | None:
    return world.shots[frame].only(what)


def _listed(kinds: list[str], least: int = 2) -> Value | None:
    found = tuple(dict.fromkeys(kinds))
    return things(*found) if least <= len(found) <= MOST else None


@kind("frame", opens=True)
def _loose_list(world: World, frame: int) -> Value | None:
    shot = world.shots[frame]
    faint = [k for k in shot.faint if not is_furniture(k)]
    return None if faint else _listed([t.kind for t in shot.things if t.loose])


@kind("frame", opens=True)
def _furniture_list(world: World, frame: int) -> Value | None:
    return _listed([t.kind for t in world.shots[frame].singles() if not t.loose])


@kind("frame", opens=True)
def _openable_list(world: World, frame: int) -> Value | None:
    return _listed([t.kind for t in world.shots[frame].singles() if t.state_of("openness")], 1)


@kind("frame", opens=True)
def _lamp_list(world: World, frame: int) -> Value | None:
    return _listed([t.kind for t in world.shots[frame].singles() if t.state_of("switch")], 1)


@kind("frame thing", opens=True)
def _on_list(world: World, frame: int, thing: str) -> Value | None:
    shot = world.shots[frame]
    if shot.only(thing) is None or any(not is_furniture(k) for k in shot.faint):
        return None
    return _listed([t.kind for t in shot.things if t.holder == thing], 1)


@kind("frame kind", opens=True)
def _presence(world: World, frame: int, what: str) -> Value | None:
    shot = world.shots[frame]
    count = None if what == shot.held else shot.count(what)
    return yes_no(None if count is None or count > 1 else count == 1)


@kind("frame thing")
def _seen_in(world: World, frame: int, thing: str) -> Value | None:
    return _presence(world, frame, thing)


@kind("frame kind", opens=True)
def _count(world: World, frame: int, what: str) -> Value | None:
    return number(world.shots[frame].count(what), 1)


@kind("frame", opens=True)
def _holding(world: World, frame: int) -> Value | None:
    held = world.shots[frame].held
    return Value("things", (held,) if held else ())


@kind("frame thing")
def _is_held(world: World, frame: int, thing: str) -> Value | None:
    return yes_no(world.shots[frame].held == thing)


@kind("frame thing")
def _where(world: World, frame: int, thing: str) -> Value | None:
    found = _single(world, frame, thing)
    return things(found.holder) if found else None


@kind("frame thing")
def _side(world: World, frame: int, thing: str) -> Value | None:
    found = _single(world, frame, thing)
    return Value("side", (found.side,)) if found and found.side else None


@kind("frame thing other")
def _relation(world: World, frame: int, thing: str, other: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, frame, other)
    if one is None or two is None or abs(one.x - two.x) < APART:
        return None
    return Value("side", ("left" if one.x < two.x else "right",))


@kind("frame thing other")
def _nearer(world: World, frame: int, thing: str, other: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, frame, other)
    if one is None or two is None or abs(one.distance - two.distance) < NEARER:
        return None
    return things(one.kind if one.distance < two.distance else two.kind)


@kind("frame thing other")
def _larger(world: World, frame: int, thing: str, other: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, frame, other)
    if one is None or two is None or thing == other:
        return None
    big, small = sorted((one, two), key=lambda t: -t.pixels)
    return things(big.kind) if big.pixels >= LARGER * small.pixels else None


@kind("frame thing pair")
def _state(world: World, frame: int, thing: str, pair: str) -> Value | None:
    found = _single(world, frame, thing)
    state = found.state_of(pair) if found else None
    return Value("state", (state,)) if state else None


@kind("frame thing state")
def _state_is(world: World, frame: int, thing: str, state: str) -> Value | None:
    found = _single(world, frame, thing)
    pair = next(name for name, states in PAIRS.items() if state in states)
    seen = found.state_of(pair) if found else None
    return yes_no(None if seen is None else seen == state)


@kind("frame thing other")
def _same_holder(world: World, frame: int, thing: str, other: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, frame, other)
    if one is None or two is None or thing == other or not (one.holder and two.holder):
        return None
    return yes_no(one.holder == two.holder)


@kind("frame thing")
def _beside_on(world: World, frame: int, thing: str) -> Value | None:
    shot, found = world.shots[frame], _single(world, frame, thing)
    if found is None or not found.holder or any(not is_furniture(k) for k in shot.faint):
        return None
    rest = [t.kind for t in shot.things if t.holder == found.holder and t.kind != thing]
    return _listed(rest, 1)


@kind("thing")
def _can_carry(world: World, thing: str) -> Value | None:
    return yes_no(not is_furniture(thing))


@kind("list")
def _carried_of(world: World, several: tuple[str, ...]) -> Value | None:
    loose = [k for k in several if not is_furniture(k)]
    return things(*loose) if 0 < len(loose) < len(several) else None


def _best(
    world: World, frame: int, several: tuple[str, ...], rank: str, least: float, sign: int = 1
) -> Value | None:
    """The one of several that is first by an attribute, and clearly so."""
    found = [_single(world, frame, what) for what in several]
    ranked = sorted((sign * float(getattr(t, rank)), t.kind) for t in found if t is not None)
    if len(ranked) < len(several) or len(ranked) < 2 or ranked[1][0] - ranked[0][0] < least:
        return None
    return things(ranked[0][1])


@kind("frame list")
def _leftmost(world: World, frame: int, several: tuple[str, ...]) -> Value | None:
    return _best(world, frame, several, "x", APART)


@kind("frame list")
def _rightmost(world: World, frame: int, several: tuple[str, ...]) -> Value | None:
    return _best(world, frame, several, "x", APART, -1)


@kind("frame list")
def _nearest(world: World, frame: int, several: tuple[str, ...]) -> Value | None:
    return _best(world, frame, several, "distance", NEARER)


@kind("frame list")
def _farthest(world: World, frame: int, several: tuple[str, ...]) -> Value | None:
    return _best(world, frame, several, "distance", NEARER, -1)


@kind("frame list")
def _largest(world: World, frame: int, several: tuple[str, ...]) -> Value | None:
    found = _best(world, frame, several, "pixels", 1, -1)
    if found is None:
        return None
    pixels = sorted(
        (t.pixels for what in several if (t := _single(world, frame, what))), reverse=True
    )
    return found if pixels[0] >= LARGER * pixels[1] else None


@kind("frame number kind")
def _more(world: World, frame: int, said: int, what: str) -> Value | None:
    count = world.shots[frame].count(what)
    return yes_no(None if not count or count == said else count > said)


@kind("frame number kind")
def _sum(world: World, frame: int, said: int, what: str) -> Value | None:
    count = world.shots[frame].count(what)
    return number(said + count) if count else None


@kind("frame")
def _new_in(world: World, frame: int) -> Value | None:
    """Against the frame before it."""
    return _difference(world, frame, frame - 1)


@kind("frame")
def _gone_in(world: World, frame: int) -> Value | None:
    """What the frame after it lacks."""
    return _difference(world, frame, frame + 1)


def _difference(world: World, one: int, other: int) -> Value | None:
    """Loose things of a frame that a neighbour plainly lacks."""
    if min(one, other) < 0 or max(one, other) >= len(world.shots):
        return None
    here, there = world.shots[one], world.shots[other]
    if any(not is_furniture(k) for k in here.faint):
        return None
    return _listed(
        [
            t.kind
            for t in here.things
            if t.loose and there.count(t.kind) == 0 and t.kind != there.held
        ],
        1,
    )


@kind("thing")
def _frames_with(world: World, thing: str) -> Value | None:
    seen = [shot.count(thing) for shot in world.shots]
    if len(seen) < 2 or None in seen or any(shot.held == thing for shot in world.shots):
        return None
    found = tuple(str(k + 1) for k, count in enumerate(seen) if count)
    return Value("frames", found) if 0 < len(found) < len(seen) else None


@kind("thing")
def _first_seen(world: World, thing: str) -> Value | None:
    found = _frames_with(world, thing)
    return Value("frames", found.items[:1]) if found else None


@kind("frame")
def _frame_number(world: World, frame: int) -> Value | None:
    return Value("frames", (str(frame + 1),)) if len(world.shots) > 1 else None


@kind("frame later thing")
def _same_state(world: World, frame: int, later: int, thing: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, later, thing)
    if one is None or two is None or not one.states or frame == later:
        return None
    return yes_no(one.states == two.states)


@kind("frame later thing")
def _same_place(world: World, frame: int, later: int, thing: str) -> Value | None:
    one, two = _single(world, frame, thing), _single(world, later, thing)
    if one is None or two is None or not (one.holder and two.holder) or frame == later:
        return None
    return yes_no(one.holder == two.holder)
