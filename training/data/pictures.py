"""Frames as JPEG, and back."""

from __future__ import annotations

import io

import numpy as np

from training.data.parquet_tables import DataSetError

FRAME = 300  # pixels of the sides of frames that pictures are made of


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
