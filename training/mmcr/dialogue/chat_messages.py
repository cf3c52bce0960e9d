"""Messages of the chat protocol."""

from __future__ import annotations

from typing import Any


def text_part(text: str) -> dict[str, Any]:
    """Words as a part of a message."""
    return {"type": "text", "text": text}


def said_by(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    """A message."""
    return {"role": role, "content": list(parts)}
