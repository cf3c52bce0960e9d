"""The drawn counterpart of a room: a renderer that hears of what changes, once it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from envs.simulator.core.geometry import euler_matrix
from envs.simulator.rendering.randomisation import Randomisation, show
from envs.simulator.rendering.renderer import Renderer, Tint
from envs.simulator.scenes.records import Fixture
from envs.simulator.world.objects import SimObject

# What masked objects are shown in: red, green, blue.
MASK = (0.0, 1.0, 0.0)


class Drawing:
    """One room's pictures; nothing is drawn before the first is asked for.

    Attributes:
        stale: Whether nothing of the room as it stands is drawn yet.
    """

    def __init__(self) -> None:
        self.stale = True
        self._renderer: Renderer | None = None
        self._pipe = "software"
        self._painted: tuple[Randomisation, int] | None = None
        self._hidden: frozenset[str] = frozenset()
        self._masked: frozenset[str] = frozenset()

    @property
    def started(self) -> bool:
        """Whether there is a renderer."""
        return self._renderer is not None

    def renderer(self, width: int, height: int, supersample: int, fine: bool = False) -> Renderer:
        """The renderer, for pictures of some pixels; ``fill`` it while it is ``stale``."""
        if self._renderer is None:
            self._renderer = Renderer(width, height, pipe=self._pipe)
        self._renderer.set_supersample(supersample)
        if self._renderer.fine != fine:
            self._renderer.fine, self.stale = fine, True
        return self._renderer

    def fill(
        self,
        renderer: Renderer,
        fixtures: Iterable[Fixture],
        objects: Iterable[SimObject],
        brightness: float,
        tint: Tint | None,
    ) -> None:
        """Draws a whole room and bakes its light.

        Args:
            renderer: What ``renderer`` gave.
            fixtures: Parts that no metadata lists.
            objects: Everything else.
            brightness: Of the room's own light; 1 is usual.
            tint: Factors (N, 3) of colours at points (N, 3) of normals (N, 3), or None.
        """
        renderer.clear()
        renderer.set_light((1.0, 1.0, 1.0))
        self._painted = None
        self._hidden = self._masked = frozenset()
        for fixture in fixtures:
            center = np.asarray(fixture.center, dtype=float)
            renderer.add(fixture.key, fixture.mesh, center, euler_matrix((0, fixture.yaw, 0)))
        for obj in objects:
            _draw(renderer, obj)
        renderer.bake(brightness, tint)
        self.stale = False

    def paint(self, renderer: Renderer, chosen: Randomisation) -> None:
        """Shows randomised materials, colours and light, on new objects too."""
        painted = (chosen, renderer.additions)
        if self._painted != painted and (chosen != Randomisation() or self._painted is not None):
            show(renderer, chosen)
            self._painted = painted

    def single_out(
        self,
        renderer: Renderer,
        hidden: frozenset[str],
        masked: frozenset[str],
        present: Callable[[str], bool],
    ) -> None:
        """Leaves some keys out of the pictures and shows others in one plain colour.

        Args:
            renderer: What ``renderer`` gave.
            hidden: What is left out.
            masked: What is shown plain.
            present: Whether a key is in the room, so that it is shown unless hidden.
        """
        for key in hidden | self._hidden:
            if renderer.has(key):
                renderer.set_visible(key, key not in hidden and present(key))
        for key in masked | self._masked:
            if renderer.has(key):
                renderer.set_plain(key, MASK if key in masked else None)
        self._hidden, self._masked = hidden, masked

    def update(self, obj: SimObject) -> None:
        """Shows an object's new pose, openness and states."""
        renderer = self._live()
        if renderer is not None:
            renderer.move(obj.object_id, obj.center, obj.rotation)
            renderer.set_openness(obj.object_id, obj.openness)
            renderer.set_flags(obj.object_id, obj.flags())

    def add(self, obj: SimObject) -> None:
        """Shows a new object, or one that was hidden."""
        renderer = self._live()
        if renderer is None:
            return
        if renderer.has(obj.object_id):
            renderer.set_visible(obj.object_id, True)
            self.update(obj)
        else:
            _draw(renderer, obj)

    def hide(self, object_id: str) -> None:
        """Hides an object; it may come back by a restored snapshot, with its baked light."""
        renderer = self._live()
        if renderer is not None:
            renderer.set_visible(object_id, False)

    def swap(self, obj: SimObject) -> None:
        """Draws an object in place of the one with its id."""
        renderer = self._live()
        if renderer is not None:
            renderer.remove(obj.object_id)
            _draw(renderer, obj)

    def set_pipe(self, pipe: str) -> None:
        """Chooses what draws: ``"software"`` or ``"egl"``.

        Raises:
            ValueError: If there is no such pipe.
            RuntimeError: If it does not work here; nothing changes.
        """
        if pipe != self._pipe:
            Renderer.try_pipe(pipe)
            self.close()
            self._pipe = pipe

    def resize(self, width: int, height: int) -> None:
        """Changes the picture's size in pixels."""
        if self._renderer is not None:
            self._renderer.resize(width, height)

    def close(self) -> None:
        """Frees the renderer; the next picture draws the room anew."""
        self.stale = True
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _live(self) -> Renderer | None:
        return None if self.stale else self._renderer


def _draw(renderer: Renderer, obj: SimObject) -> None:
    renderer.add(
        obj.object_id,
        obj.mesh,
        obj.center,
        obj.rotation,
        openness=obj.openness,
        flags=obj.flags(),
        loose=obj.is_("pickupable"),
    )
