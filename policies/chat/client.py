"""Chat completions of an OpenAI-compatible server, over HTTP, patiently.

Asks again after rate limits, failures of the server, time-outs and answers that are none, with
growing pauses or the one the server names; leaves out optional fields that a server refuses. Every
exchange ends after at most ``attempts`` times ``timeout`` plus the pauses.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from policies.base import PolicyStopped
from policies.chat.answer import NoAnswer, Said, message_of, read_answer
from policies.chat.backend import Completion
from policies.chat.masking import hidden

if TYPE_CHECKING:
    from policies.chat.exchange import Exchanger, RawAnswer

DEFAULT_URL = "https://api.openai.com/v1"
RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
LONGEST_PAUSE = 120.0
LARGEST = 8 * 2**20
# Refused by some servers or models; none is needed.
OPTIONAL = ("temperature", "seed", "logprobs")


class EndpointError(RuntimeError):
    """The endpoint could not be brought to answer; another try later may do."""


class _Passing(Exception):
    """One attempt failed in a way that may pass."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        super().__init__(what)
        self.pause = pause


@dataclass(frozen=True)
class ServerCompletion(Completion):
    """A server's answer.

    Attributes:
        attempts: Requests it took.
        seconds: With all pauses.
    """

    attempts: int
    seconds: float


@dataclass
class ChatClient:
    """A conversation partner.

    Attributes:
        model: As the server calls it.
        base_url: Up to and without ``/chat/completions``.
        key: Sent as bearer token; empty for servers that want none.
        timeout: Seconds for one attempt, all in all.
        attempts: Most requests for one answer.
        rng: Of the pauses' jitter.
        sleep: Waits some seconds.

    Raises:
        ValueError: If the address is none, or a number makes no sense.
    """

    model: str
    base_url: str = DEFAULT_URL
    key: str = field(default="", repr=False)
    timeout: float = 120.0
    attempts: int = 6
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.base_url = clean_url(self.base_url)
        if not self.model.strip():
            raise ValueError("The endpoint's model has no name: write it as openai:MODEL.")
        if not 0 < self.timeout < math.inf:
            raise ValueError(
                f"The time-out must be a number of seconds above 0, not {self.timeout!r}."
            )
        if not (self.key.isascii() and self.key.isprintable()):
            raise ValueError(
                "The endpoint's key can't be sent: OPENAI_API_KEY must be printable ASCII."
            )
        if self.attempts < 1:
            raise ValueError(f"There must be at least 1 attempt, not {self.attempts}.")
        self._left_out: set[str] = set()
        self._limit = "max_tokens"
        self._exchanger: Exchanger | None = None

    def complete(
        self, messages: list[dict[str, Any]], max_tokens: int, seed: int
    ) -> ServerCompletion:
        """Asks until there is an answer.

        Args:
            messages: As of the protocol.
            max_tokens: Of the answer.
            seed: For servers that take one.

        Raises:
            EndpointError: If there was none after all attempts.
            PolicyStopped: If asking again is vain: the key, the model or the request is refused.
        """
        begun = time.monotonic()
        attempt = 1
        while True:
            try:
                said = self._ask(messages, max_tokens, seed)
            except _Passing as failure:
                if attempt == self.attempts:
                    raise EndpointError(
                        f"The endpoint {self.base_url} gave no answer in {attempt} attempt"
                        f"{'s' * (attempt != 1)}; the last: {failure}."
                    ) from failure
                self.sleep(self._pause(attempt, failure))
                attempt += 1
                continue
            guessed = math.ceil(len(said.text) / 4)
            return ServerCompletion(
                said.text,
                _guess(messages) if said.tokens_in is None else said.tokens_in,
                guessed if said.tokens_out is None else said.tokens_out,
                said.confidence,
                attempt,
                time.monotonic() - begun,
            )

    def _pause(self, attempt: int, failure: _Passing) -> float:
        """Seconds until the next attempt.

        Raises:
            EndpointError: If the server asks for more patience than there is.
        """
        if failure.pause is not None:
            if failure.pause > LONGEST_PAUSE:
                raise EndpointError(
                    f"The endpoint {self.base_url} asks to wait {failure.pause:.0f} s ({failure}); "
                    f"at most {LONGEST_PAUSE:.0f} s are waited. Try again later."
                ) from failure
            return failure.pause
        return min(60.0, 2.0 ** (attempt - 1)) * float(self.rng.uniform(0.5, 1.0))

    def _ask(self, messages: list[dict[str, Any]], max_tokens: int, seed: int) -> Said:
        """One attempt; a field that is refused is left out at once and for good."""
        while True:
            body: dict[str, Any] = {
                "model": self.model,
                "messages": messages,
                "temperature": 0,
                "seed": seed,
                "logprobs": True,
            }
            body = {k: v for k, v in body.items() if k not in self._left_out}
            body[self._limit] = max_tokens
            answer = self._post(body)
            if answer.status == 200:
                break
            message = message_of(answer.body, self.key)
            if answer.status == 400 and self._adapts(message):
                continue
            what = f"status {answer.status}" + (f": {message}" if message else "")
            if answer.status in RETRIED or answer.status < 300:
                raise _Passing(what, pause_of(answer.headers))
            raise PolicyStopped(
                f"The endpoint {self.base_url} refuses: {what}. {_remedy(answer.status)}"
            )
        try:
            return read_answer(answer.body, self.key)
        except NoAnswer as error:
            raise _Passing(str(error)) from error

    def _adapts(self, message: str) -> bool:
        """Whether a refused field could be renamed or left out."""
        if (
            self._limit in message
            and "max_completion_tokens" in message
            and (self._limit == "max_tokens")
        ):
            self._limit = "max_completion_tokens"
            return True
        for name in OPTIONAL:
            if re.search(rf"\b{name}\b", message) and name not in self._left_out:
                self._left_out.add(name)
                return True
        return False

    def _post(self, body: dict[str, Any]) -> RawAnswer:
        from policies.chat.exchange import ExchangeFailed, Exchanger, ExchangeRefused

        if self._exchanger is None:
            self._exchanger = Exchanger(self.key, LARGEST)
        try:
            return self._exchanger.post(f"{self.base_url}/chat/completions", body, self.timeout)
        except ExchangeFailed as error:
            raise _Passing(str(error)) from error
        except ExchangeRefused as error:
            said = " ".join(hidden(str(error), self.key).split())[:300]
            raise PolicyStopped(f"The endpoint {self.base_url} can't be asked: {said}") from error


def clean_url(url: str) -> str:
    """The part of an address before ``/chat/completions``.

    >>> clean_url("http://localhost:8000/v1/chat/completions/")
    'http://localhost:8000/v1'

    Raises:
        ValueError: If it is no http or https address.
    """
    short = url.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(short)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        fine = False
    if not fine:
        raise ValueError(
            f"The endpoint's address {url!r} is none: write it as http://localhost:8000/v1."
        )
    return short


def pause_of(headers: Any) -> float | None:
    """Seconds that a server asks to wait, from ``Retry-After``, or None.

    >>> pause_of({"Retry-After": "7"}), pause_of({"Retry-After": "soon"}), pause_of({})
    (7.0, None, None)
    """
    said = headers.get("Retry-After")
    if said is None:
        return None
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError, OSError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _remedy(status: int) -> str:
    if status in (401, 403):
        return "Set OPENAI_API_KEY to a key it takes."
    if status == 404:
        return "Check the model's name and the address; the address usually ends in /v1."
    if status == 402:
        return "The account has no money left."
    return "Check that the model takes images, and its limits."


def _guess(messages: list[dict[str, Any]]) -> int:
    """Tokens of a prompt, roughly: four characters each, and 800 a picture."""
    count = 0
    for message in messages:
        content = message["content"]
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        count += sum(800 if p["type"] == "image_url" else len(p["text"]) // 4 + 4 for p in parts)
    return count
