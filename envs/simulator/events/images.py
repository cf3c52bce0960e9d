"""The pictures of one answer: which passes are asked for, from which cameras, as wire buffers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from envs.simulator.core.camera import Camera, Frame
from envs.simulator.events import agent_bodies
from envs.simulator.events.metadata import image_buffers
from envs.simulator.world.world import World

# Form names of a third-party camera's images beside the agent's; AI2-THOR spells them so.
_THIRD_PARTY = {
    "image": "image-thirdParty-camera",
    "image_depth": "image_thirdParty_depth",
    "image_ids": "image_thirdParty_image_ids",
    "image_classes": "image_thirdParty_classes",
    "image_normals": "image_thirdParty_normals",
}
_FLAGS = {
    "depth": "renderDepthImage",
    "instances": "renderInstanceSegmentation",
    "classes": "renderSemanticSegmentation",
    "normals": "renderNormalsImage",
}
# A camera as high as this under the room's top looks in from above, without the ceiling.
ABOVE = 0.05
_OLD_NAMES = {"instances": "renderObjectImage", "classes": "renderClassImage"}


@dataclass(frozen=True)
class Passes:
    """Which images one answer carries.

    Attributes:
        settled: Whether the images are those of any step, so that earlier ones serve as well.
    """

    rgb: bool = True
    depth: bool = False
    instances: bool = False
    classes: bool = False
    normals: bool = False
    settled: bool = True

    @property
    def colored(self) -> bool:
        """Whether colours name objects in some image."""
        return self.instances or self.classes


NONE = Passes(rgb=False)


def passes_for(world: World, message: dict) -> Passes:
    """The passes a message asks for: the initialised ones, but for what it says itself."""
    if message.get("renderImage") is False:
        return NONE
    settings = world.settings
    usual = {name: bool(getattr(settings, flag)) for name, flag in _FLAGS.items()}
    wanted = dict(usual)
    for name, flag in _FLAGS.items():
        given = message.get(flag, message.get(_OLD_NAMES.get(name, "")))
        if isinstance(given, bool):
            wanted[name] = given
    return Passes(True, **wanted, settled=wanted == usual)


def pictures(world: World, passes: Passes) -> dict[str, list[bytes]]:
    """Image buffers by form name: one for each agent, one for each third-party camera."""
    files: dict[str, list[bytes]] = {}
    if passes.rgb or passes.depth or passes.colored or passes.normals:
        for index in range(len(world.agents)):
            _collect(files, world, passes, world.camera(index), own=index)
        near, far = world.settings.cameraNearPlane, world.settings.cameraFarPlane
        for extra in world.cameras:
            shot: dict[str, list[bytes]] = {}
            sky = world.camera().background if extra.sky is None else extra.sky
            camera = replace(extra.camera(near, far), background=sky)
            _collect(shot, world, passes, camera)
            for name, buffers in shot.items():
                files.setdefault(_THIRD_PARTY[name], []).extend(buffers)
    return files


def _collect(
    files: dict[str, list[bytes]],
    world: World,
    passes: Passes,
    camera: Camera,
    own: int | None = None,
) -> None:
    frame = look(world, camera, passes, own)
    buffers = image_buffers(world, frame, world.renderer().keys, passes.instances, passes.classes)
    for name, buffer in buffers.items():
        files.setdefault(name, []).append(buffer)


def look(world: World, camera: Camera, passes: Passes, own: int | None = None) -> Frame:
    """What a camera sees; ``own`` is the agent whose eyes it is, if any."""
    renderer = world.renderer()
    if agent_bodies.are_shown(world):
        agent_bodies.show(world, renderer, camera, own)
    ceilings = world.ceilings() if camera.position[1] > world.high[1] - ABOVE else []
    for key in ceilings:
        renderer.set_visible(key, False)
    frame = renderer.render(
        camera,
        rgb=passes.rgb,
        depth=passes.depth,
        ids=passes.colored,
        normals=passes.normals,
    )
    for key in ceilings:
        renderer.set_visible(key, True)
    return frame
