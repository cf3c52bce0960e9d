"""Off-screen buffers: one camera's picture of one scene graph, by software or through EGL.

``"software"`` is Panda3D's own rasteriser, which needs nothing but the package: the reference.
``"egl"`` is OpenGL without a display, on a GPU or Mesa, where the system has one.
"""

from __future__ import annotations

import numpy as np
from panda3d import core

from envs.simulator.core.camera import Camera
from envs.simulator.system.syslibs import for_renderer

PIPES = {"software": "p3tinydisplay", "egl": "p3headlessgl"}
NEAREST_NEAR = 0.04
# Without the last line every camera pose times every object stays in memory for ever.
_CONFIG = """
load-display p3tinydisplay
window-type offscreen
audio-library-name null
notify-level-display error
notify-level-egldisplay error
notify-level-tinydisplay error
notify-level-x11display fatal
td-perspective-textures 1
sync-video 0
transform-cache 0
"""
_NO_EGL = (
    "The EGL renderer (p3headlessgl) did not start: it needs libEGL with a GPU's driver or Mesa. "
    "Use the 'software' pipe, which needs neither."
)
_pipes: dict[str, core.GraphicsPipe] = {}


def check_pipe(name: str) -> str:
    """The name if it is one of ``PIPES``.

    Raises:
        ValueError: If it is not.
    """
    if name not in PIPES:
        raise ValueError(f"render pipe must be one of {', '.join(PIPES)}, not {name!r}.")
    return name


def _pipe(name: str) -> core.GraphicsPipe:
    if name in _pipes:
        return _pipes[name]
    if not _pipes:
        if name == "software":
            for_renderer()
        core.loadPrcFileData("", _CONFIG)
        # Panda sorts opaque objects by memory address; coplanar faces would flip between runs.
        bins = core.CullBinManager.getGlobalPtr()
        bins.setBinType(bins.findBin("opaque"), core.CullBinEnums.BTUnsorted)
    elif name == "software":
        for_renderer()
    pipe = core.GraphicsPipeSelection.getGlobalPtr().makeModulePipe(PIPES[name])
    if pipe is None and name == "software":
        raise RuntimeError(
            "Panda3D's software renderer (p3tinydisplay) did not load. It links libX11, which "
            "can be replaced on Linux on x86_64 and aarch64 only: elsewhere install libX11."
        )
    if pipe is None:
        raise RuntimeError(_NO_EGL)
    _pipes[name] = pipe
    return pipe


def swapped(array: np.ndarray) -> np.ndarray:
    """(N, 3) from AI2-THOR's axes to Panda's, or back: y and z change places."""
    return np.ascontiguousarray(array[:, [0, 2, 1]], dtype=np.float32)


def matrix(rotation: np.ndarray, position: np.ndarray) -> core.LMatrix4:
    """Panda's row-vector matrix of a rotation (3, 3) and position (3,) in AI2-THOR's axes."""
    turned = rotation[[0, 2, 1]][:, [0, 2, 1]].T
    x, z, y = (float(v) for v in position)
    return core.LMatrix4(
        *map(float, turned[0]), 0, *map(float, turned[1]), 0, *map(float, turned[2]), 0, x, y, z, 1
    )


class View:
    """An off-screen buffer with a camera looking at one scene graph.

    Panda never frees the memory of a closed software buffer, so that views are lent: ``of`` gives
    one, and ``close`` keeps it for the next that wants its size.

    Raises:
        ValueError: If there is no such pipe.
        RuntimeError: If the pipe does not work here.
    """

    @classmethod
    def of(cls, root: core.NodePath, width: int, height: int, pipe: str = "software") -> View:
        """A view of a scene graph, new or lent before."""
        idle = _idle.get((width, height, pipe))
        view = idle.pop() if idle else cls(width, height, pipe)
        view._node.setScene(root)
        view.camera.reparentTo(root)
        return view

    def __init__(self, width: int, height: int, pipe: str = "software") -> None:
        self.pipe = pipe
        self.exact = check_pipe(pipe) == "egl"
        self.engine = core.GraphicsEngine(_pipe(pipe))
        self.engine.setThreadingModel(core.GraphicsThreadingModel(""))
        want = core.FrameBufferProperties()
        want.setRgbColor(True)
        want.setRgbaBits(8, 8, 8, 8 if self.exact else 0)
        want.setDepthBits(24)
        self.width, self.height = width, height
        self.buffer = self.engine.makeOutput(
            _pipe(pipe),
            "view",
            0,
            want,
            core.WindowProperties.size(width, height),
            core.GraphicsPipe.BFRefuseWindow,
        )
        if self.buffer is None and pipe == "egl":
            raise RuntimeError(_NO_EGL)
        if self.buffer is None:
            raise RuntimeError(f"No off-screen buffer of {width}x{height} could be made.")
        self.texture = core.Texture()
        self.buffer.addRenderTexture(
            self.texture, core.GraphicsOutput.RTMCopyRam, core.GraphicsOutput.RTPColor
        )
        node = core.Camera("camera")
        self.lens = core.PerspectiveLens()
        node.setLens(self.lens)
        self._node = node
        self.camera = core.NodePath(node)
        self.buffer.makeDisplayRegion().setCamera(self.camera)

    def shoot(self, camera: Camera, sample: float = 0.5) -> np.ndarray:
        """The picture (H, W, C) uint8 as the rasteriser leaves it: blue first, row 0 on top.

        Args:
            camera: Where from.
            sample: Where a pixel is sampled, right of its left and below its upper edge, pixels.
        """
        near = max(camera.near, NEAREST_NEAR)
        size = camera.half_height * 2 * np.array([self.width / self.height, 1.0])
        pixels = np.array([self.width, self.height])
        # The software spreads the picture over half a pixel less than there is.
        less = 0.0 if self.exact else 0.5
        size *= (pixels - less) / pixels
        shift = (1 - 2 * sample + less) / (pixels - less) * size / 2
        lens: core.Lens = self.lens
        if camera.orthographic_size is not None:
            lens = core.OrthographicLens()
        lens.setFocalLength(1.0)
        lens.setFilmSize(*map(float, size))
        lens.setFilmOffset(float(-shift[0]), float(shift[1]))
        lens.setNearFar(near, max(camera.far, near + 0.1))
        return self.expose(camera.axes, np.asarray(camera.position), lens, camera.background)

    def expose(
        self,
        axes: np.ndarray,
        position: np.ndarray,
        lens: core.Lens,
        background: tuple[float, float, float] | None,
    ) -> np.ndarray:
        """The picture (H, W, C) of a lens, as ``shoot`` gives it.

        Args:
            axes: Columns right, up, ahead, (3, 3).
            position: Where the lens is, (3,) metres.
            lens: What it sees.
            background: Colour where nothing is, 0 to 1; None for black.
        """
        self.buffer.setClearColor((*(background or (0.0, 0.0, 0.0)), 1.0))
        self._node.setLens(lens)
        # Panda's camera looks along its y with z up, which the swap makes of forward and up.
        self.camera.setMat(matrix(axes, np.asarray(position, dtype=float)))
        self.engine.renderFrame()
        data = np.frombuffer(self.texture.getRamImage(), np.uint8)
        return data.reshape(self.height, self.width, -1)[::-1]

    def close(self) -> None:
        """Gives the view back; it must not be used any more."""
        self.camera.detachNode()
        self._node.setScene(core.NodePath())
        if self.exact:
            self.engine.removeAllWindows()
        else:
            _idle.setdefault((self.width, self.height, self.pipe), []).append(self)


_idle: dict[tuple[int, int, str], list[View]] = {}
