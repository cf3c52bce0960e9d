"""The state of one simulated room: objects, agent, hand, settings, and their drawn counterpart.

``World`` knows nothing of action names or wire formats; ``dispatch`` calls it and ``metadata``
describes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from envs.simulator.core.agent import STANDING_Y, Agent
from envs.simulator.core.camera import Camera, Frame
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.core.picture_size import check_size
from envs.simulator.core.quality import HIGH
from envs.simulator.core.settings import RoomSettings
from envs.simulator.houses.house_scene import PROCEDURAL, HouseScene, empty_house
from envs.simulator.houses.twin_file import find_scene
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.rendering.third_party_camera import ThirdPartyCamera, map_view
from envs.simulator.scenes import infer_fixtures
from envs.simulator.scenes.appearance import appearance
from envs.simulator.scenes.free_floor import cells_beside
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.world.collision import CollisionWorld
from envs.simulator.world.containment import Containment
from envs.simulator.world.drawing import Drawing
from envs.simulator.world.mesh_choice import choose_mesh
from envs.simulator.world.objects import SeenPoints, SimObject, new_object, seen_points
from envs.simulator.world.room_state import Rules
from envs.simulator.world.supports import supports


@dataclass
class World(Containment):
    """One room. Call ``load`` before anything else.

    Raises:
        ValueError: If a picture can't be so small or so large.
    """

    width: int = 300
    height: int = 300
    settings: RoomSettings = field(default_factory=RoomSettings)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self.width, self.height = check_size(self.width, self.height)
        # Of several agents one acts; ``agent`` and ``held`` are that one's.
        self.agents: list[Agent] = [Agent()]
        self.hands: list[str | None] = [None]
        self.active = 0
        self.cameras: list[ThirdPartyCamera] = []
        self.map_views: set[int] = set()
        self.scene: SceneRecord | None = None
        self.house: HouseScene | None = None
        self.scene_name = ""
        self.objects: dict[str, SimObject] = {}
        self.fixtures: dict[str, str] = {}
        self.collision = CollisionWorld()
        self.reachable: set[tuple[int, int]] = set()
        self.collided: list[str] = []
        self.motion: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.auto_simulation = True
        self.disabled: dict[str, SimObject] = {}
        # The appearance that the next ``Initialize`` will ask for, where that is known beforehand.
        self.next_appearance: int | None = None
        self.scene_version = 0
        self.drawing = Drawing()
        self._fixture_meshes: list[Fixture] = []
        self.draw_version = 0
        # Floor that came free, kept by ``freed_floor`` until something moves.
        self.freed: tuple[int, tuple, np.ndarray] | None = None
        # Whether the agent fits in squares of floor, kept by ``wide_floor`` until something moves.
        self.body_room: tuple[int, dict[tuple[int, int], bool]] | None = None
        # Points of all objects together, kept until something moves.
        self._points: SeenPoints | None = None

    # ---- agents ----
    @property
    def agent(self) -> Agent:
        """The acting agent."""
        return self.agents[self.active]

    @agent.setter
    def agent(self, agent: Agent) -> None:
        self.agents[self.active] = agent

    @property
    def held(self) -> str | None:
        """Id of what the acting agent holds."""
        return self.hands[self.active]

    @held.setter
    def held(self, object_id: str | None) -> None:
        self.hands[self.active] = object_id

    def others(self) -> list[Agent]:
        """Every agent but the acting one."""
        return [agent for index, agent in enumerate(self.agents) if index != self.active]

    @property
    def floor_y(self) -> float:
        """Height of the floor that agents stand on, metres; some rooms' is not at 0."""
        return self.scene.floor_y if self.scene is not None else 0.0

    @property
    def standing_y(self) -> float:
        """Height of the middle of an agent on the floor, metres."""
        return STANDING_Y + self.floor_y

    # ---- life ----
    def load(self, name: str, appearance_seed: int = 0) -> None:
        """Sets up a scene in its recorded state, in the appearance of a seed.

        Raises:
            ValueError: If no scene has that name.
        """
        house = empty_house() if name.removesuffix("_physics") == PROCEDURAL else None
        scene = find_scene(name) if house is None else house.scene
        self.scene, self.scene_name, self.house = scene, name, house
        self.settings, self.rules = RoomSettings(appearanceSeed=appearance_seed), Rules()
        self._build()

    def show_house(self, house: HouseScene) -> None:
        """Replaces the room by a house; settings, rules and cameras stay."""
        cameras = self.cameras
        self.scene, self.house = house.scene, house
        self._build()
        self.cameras = cameras
        self.agent = replace(self.agent, horizon=house.horizon)

    def _loaded(self) -> SceneRecord:
        if self.scene is None:
            raise RuntimeError("No room is set up yet: call load before anything else.")
        return self.scene

    def _build(self) -> None:
        scene, seed = self._loaded(), self.settings.appearanceSeed
        self.collision = CollisionWorld()
        self.objects = {r.object_id: new_object(r, self.mesh_of(r)) for r in scene.objects}
        for obj in self.objects.values():
            self._make_solid(obj)
        house = self.house
        self._fixture_meshes = list(house.fixtures if house else infer_fixtures(scene, seed))
        for fixture in self._fixture_meshes:
            self._add_fixture(fixture)
        if not house:
            for fixture in supports(scene, seed, self.objects.values(), self.collision):
                self._fixture_meshes.append(fixture)
                self._add_fixture(fixture)
        self.fixtures = {f.key: f.object_type for f in self._fixture_meshes}
        self.grid_points = np.asarray(scene.reachable, dtype=float)
        self.reachable = {(round(x * 100), round(z * 100)) for x, z in self.grid_points}
        beside = np.zeros((0, 2)) if house else cells_beside(scene, tuple(self._fixture_meshes))
        self.tight_points = np.concatenate([self.grid_points, beside])
        x, y, z, yaw = scene.agent_start
        self.agents = [Agent(x=float(x), y=float(y), z=float(z), yaw=float(yaw))]
        self.hands, self.active, self.collided = [None], 0, []
        self.cameras, self.map_views = [], set()
        self.motion, self.auto_simulation, self.disabled = {}, True, {}
        self.freed = self.body_room = None
        self.scene_version += 1
        self.draw_version += 1
        self.drawing.stale = True

    def _add_fixture(self, fixture: Fixture) -> None:
        self.collision.add(
            fixture.key,
            fixture.mesh,
            np.asarray(fixture.center, dtype=float),
            euler_matrix((0, fixture.yaw, 0)),
        )

    def set_appearance(self, seed: int) -> None:
        """Rebuilds the room in the appearance of another seed; 0 is the standard one."""
        if seed != self.settings.appearanceSeed:
            self.settings = replace(self.settings, appearanceSeed=int(seed))
            self._build()

    def mesh_of(self, record: ObjectRecord) -> Mesh:
        """The mesh of a record in the current appearance."""
        seed = self.settings.appearanceSeed
        return choose_mesh(record, self._loaded(), self.scene_name, seed, self.house)

    def structure(self) -> tuple[Fixture, ...]:
        """Walls and everything else that no metadata lists."""
        return tuple(self._fixture_meshes)

    def close(self) -> None:
        """Frees the renderer."""
        self.drawing.close()

    # ---- objects ----
    def get(self, object_id: str) -> SimObject | None:
        return self.objects.get(object_id)

    def points(self) -> SeenPoints:
        """The points of every object, for visibility."""
        if self._points is None or self._points.version != self.draw_version:
            self._points = seen_points(self.draw_version, self.objects.values())
        return self._points

    def update(self, obj: SimObject) -> None:
        """Tells rays and the picture that an object changed pose, openness or state."""
        obj.refresh()
        place = obj.center, obj.rotation, obj.openness
        self.collision.move(obj.object_id, *place, flags=obj.flags())
        self.draw_version += 1
        self.drawing.update(obj)

    def add(self, obj: SimObject) -> None:
        """Brings a new object into the room."""
        self.objects[obj.object_id] = obj
        self._make_solid(obj)
        self.draw_version += 1
        self.drawing.add(obj)

    def remove(self, object_id: str) -> None:
        """Takes an object out of the room and out of hands and receptacles; what it held falls."""
        obj = self.objects[object_id]
        self.detach(object_id)
        for inside in obj.contents():
            if inside in self.objects:
                self.detach(inside)
                self.collision.set_solid(inside, True)
                self.let_fall(self.objects[inside])
        self.hands = [None if held == object_id else held for held in self.hands]
        self.motion.pop(object_id, None)
        self.collision.remove(object_id)
        del self.objects[object_id]
        self.draw_version += 1
        self.drawing.hide(object_id)

    def swap(self, obj: SimObject) -> None:
        """Puts an object of another shape in the place of the one with its id."""
        key = obj.object_id
        self.objects[key] = obj
        solid = self.collision.is_solid(key)
        self.collision.remove(key)
        self._make_solid(obj)
        self.collision.set_solid(key, solid)
        self.draw_version += 1
        self.drawing.swap(obj)

    def _make_solid(self, obj: SimObject) -> None:
        place = obj.center, obj.rotation, obj.openness
        self.collision.add(obj.object_id, obj.mesh, *place, flags=obj.flags())

    def let_fall(self, obj: SimObject) -> None:
        """Gives an object up to gravity, at the next moment that is simulated."""
        self.motion[obj.object_id] = (np.zeros(3), np.zeros(3))
        obj.metadata["isMoving"] = True

    def carry(self) -> None:
        """Moves the held object, and what lies in it, to the hand."""
        if self.held is None:
            return
        obj = self.objects[self.held]
        place, euler = self.agent.hold_pose
        self.move_with_contents(obj, place, euler)

    # ---- pictures ----
    def camera(self, index: int | None = None) -> Camera:
        """The camera of an agent, by default of the acting one."""
        index = self.active if index is None else index
        agent, s = self.agents[index], self.settings
        eye = agent.eye
        if index in self.map_views:
            above = map_view(self.low, self.high).camera(s.cameraNearPlane, s.cameraFarPlane)
            return replace(above, smooth=s.antiAliasing != "none")
        return Camera(
            position=(float(eye[0]), float(eye[1]), float(eye[2])),
            yaw=agent.yaw,
            pitch=agent.horizon,
            fov=s.fieldOfView,
            near=s.cameraNearPlane,
            far=s.cameraFarPlane,
            background=self.house.outside if self.house else None,
            smooth=s.antiAliasing != "none",
        )

    @property
    def low(self) -> np.ndarray:
        """Lowest corner of the room, (3,) metres."""
        return self._bounds()[0]

    @property
    def high(self) -> np.ndarray:
        """Highest corner of the room, (3,) metres."""
        return self._bounds()[1]

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        if self.scene is None:
            return np.zeros(3), np.zeros(3)
        center, size = (np.asarray(v, dtype=float) for v in self.scene.bounds)
        return center - size / 2, center + size / 2

    def ceilings(self) -> list[str]:
        """Keys of what closes the room above; a camera over it looks through."""
        return [key for key, object_type in self.fixtures.items() if object_type == "Ceiling"]

    def renderer(self) -> Renderer:
        """The renderer, showing the room as it is now."""
        drawing, settings = self.drawing, self.settings
        renderer = drawing.renderer(
            self.width, self.height, settings.supersample, settings.render_quality == HIGH
        )
        if drawing.stale:
            brightness, seed = 1.0, settings.appearanceSeed
            if seed:
                brightness = 0.75 + 0.4 * (appearance(seed, "light") % 1000) / 1000
            lighting = self.house.lighting if self.house else None
            tint = None if lighting is None else lighting.at
            drawing.fill(renderer, self._fixture_meshes, self.objects.values(), brightness, tint)
        drawing.paint(renderer, self.rules.randomisation)
        drawing.single_out(
            renderer,
            self.rules.hidden,
            self.rules.masked,
            lambda key: key in self.objects or key in self.fixtures,
        )
        return renderer

    def render(self, *, rgb: bool, depth: bool, ids: bool, normals: bool = False) -> Frame:
        """What the agent's camera sees."""
        return self.renderer().render(self.camera(), rgb=rgb, depth=depth, ids=ids, normals=normals)

    def set_pipe(self, pipe: str) -> None:
        """Chooses what draws: ``"software"`` or ``"egl"``.

        Raises:
            ValueError: If there is no such pipe.
            RuntimeError: If it does not work here; nothing changes.
        """
        self.drawing.set_pipe(pipe)

    def resize(self, width: int, height: int) -> None:
        """Changes the picture's size in pixels.

        Raises:
            ValueError: If a picture can't be so small or so large; nothing changes.
        """
        self.width, self.height = check_size(width, height)
        self.drawing.resize(self.width, self.height)
