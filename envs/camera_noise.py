"""A noisy camera: Gaussian noise on what the agent is shown, the same for the same seed."""

from __future__ import annotations

import numpy as np


class CameraNoise:
    """Adds noise to frames.

    Args:
        sigma: Standard deviation in levels of 255, of each channel by itself; 0 for none.

    Raises:
        ValueError: If it is negative or no number.
    """

    def __init__(self, sigma: float = 0.0) -> None:
        real = isinstance(sigma, int | float | np.number) and not isinstance(sigma, bool)
        if not real or not 0.0 <= sigma <= 255.0:
            raise ValueError(f"camera_noise {sigma!r:.80} must be 0 to 255 levels.")
        self.sigma = float(sigma)
        self.begin(0)

    def begin(self, seed: int) -> None:
        """Starts an episode."""
        self._rng = np.random.default_rng([seed, 6257])

    def on(self, frame: np.ndarray) -> np.ndarray:
        """The frame (H, W, 3) uint8 as the camera gives it."""
        if not self.sigma:
            return frame
        noise = self._rng.standard_normal(frame.shape, np.float32) * self.sigma
        return np.clip(np.rint(frame + noise), 0, 255).astype(np.uint8)
