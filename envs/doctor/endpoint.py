"""The probe of the OpenAI-compatible server that ``--policy openai:MODEL`` talks to."""

from __future__ import annotations

import os

from envs.doctor.finding import BROKEN, MISSING, OK, Finding

TIMEOUT = 10.0  # seconds


def endpoint() -> Finding:
    """The OpenAI-compatible server of ``--policy openai:MODEL``."""
    base = os.environ.get("OPENAI_BASE_URL", "")
    key = os.environ.get("OPENAI_API_KEY", "")
    if not base and not key:
        return Finding(
            MISSING,
            "neither OPENAI_BASE_URL nor OPENAI_API_KEY is set; only "
            "--policy openai:MODEL needs them",
            "export OPENAI_BASE_URL=http://localhost:8000/v1",
        )
    import requests

    base = (base or "https://api.openai.com/v1").rstrip("/")
    head = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = requests.get(f"{base}/models", headers=head, timeout=TIMEOUT)
    except (
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidURL,
    ):
        return Finding(
            BROKEN,
            f"OPENAI_BASE_URL={base} is no address",
            "export OPENAI_BASE_URL=http://localhost:8000/v1",
        )
    except (requests.RequestException, ValueError) as error:
        return Finding(
            BROKEN, f"{base} can't be reached ({type(error).__name__})", f"curl -sS {base}/models"
        )
    if answer.status_code in (401, 403):
        return Finding(
            BROKEN,
            f"{base} refuses the key (status {answer.status_code})",
            "export OPENAI_API_KEY=...",
        )
    if not answer.ok:
        return Finding(
            BROKEN,
            f"{base}/models answers with status {answer.status_code}",
            f"curl -sS {base}/models",
        )
    try:
        names = [str(entry["id"]) for entry in answer.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return Finding(
            BROKEN,
            f"{base}/models answers, but not as OpenAI's protocol says",
            f"curl -sS {base}/models",
        )
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return Finding(OK, f"{base}, {len(names)} model{'s' * (len(names) != 1)}: {shown}")
