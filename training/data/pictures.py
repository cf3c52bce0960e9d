"""Frames as JPEG, and back."""

from __future__ import annotations

import io

import numpy as np

from training.data.parquet_tables import DataSetError

FRAME = 300  # pixels of the sides of frames that pictures are made of
_BEST = 95  # beyond it JPEG only grows


def check_pictures(size: int, quality: int) -> None:
    """Refuses what pictures can't be like.

    Args:
        size: Of --size, pixels of their sides.
        quality: Of --quality.

    Raises:
        DataSetError: It names the flag, its value and what may be given.
    """
    if quality > _BEST:
        raise DataSetError(f"--quality is {quality}: give 1 to {_BEST}.")
    if size > FRAME:
        raise DataSetError(f"--size is {size}: views have {FRAME} pixels, give 32 to {FRAME}.")


def jpeg_of(frame: np.ndarray, size: int, quality: int) -> bytes:
    """A frame (H, W, 3) uint8 as JPEG.

    Args:
        frame: What was seen.
        size: Pixels of the picture's sides.
        quality: 1 to 95.
    """
    from PIL import Image

    from policies.cimr.preprocess import shrink

    small = frame if frame.shape[0] == size else shrink(frame, size)
    encoded = io.BytesIO()
    Image.fromarray(small).save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


def picture_of(encoded: bytes) -> np.ndarray:
    """An encoded picture as (H, W, 3) uint8.

    Raises:
        DataSetError: It is damaged.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(encoded)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DataSetError(f"A picture of {len(encoded)} bytes is damaged: {error}.") from error
