"""The wire of AI2-THOR's WsgiServer: what was seen is posted, the reply is the next action.

One ``POST /train`` on a lasting connection carries an answer as multipart/form-data: images, then
``metadata`` as JSON, then the ``token`` that the client gave. The client's parser wants every part
to have ``Content-Type`` and, spelt so, ``Content-disposition``.
"""

from __future__ import annotations

import http.client
import json

from envs.simulator.server.packing import UNPACKABLE, plain
from envs.simulator.server.session import Answer, Session
from envs.simulator.server.wire import LARGEST, WireClosed, WireError, unsendable, wait_for

_BOUNDARY = b"----embedded-thor-5d1f7c2e9b3a4860"
_CONNECT_SECONDS = 30.0


def form(answer: Answer, token: str) -> bytes:
    """The body of one post."""
    parts = [
        (name, f'; filename="{name}.raw"', "application/octet-stream", buffer)
        for name, buffers in answer.images.items()
        for buffer in buffers
    ]
    metadata = json.dumps(answer.metadata, default=plain).encode()
    parts.append(("metadata", "", 'text/plain; charset="utf-8"', metadata))
    parts.append(("token", "", 'text/plain; charset="utf-8"', token.encode()))
    body: list[bytes] = []
    for name, extra, kind, data in parts:
        head = f'Content-Type: {kind}\r\nContent-disposition: form-data; name="{name}"{extra}'
        body += [b"--", _BOUNDARY, b"\r\n", head.encode(), b"\r\n\r\n", data, b"\r\n"]
    body += [b"--", _BOUNDARY, b"--\r\n"]
    return b"".join(body)


class Poster:
    """One lasting connection to the client's server.

    Raises:
        WireError: If nobody listens there.
    """

    def __init__(self, host: str, port: int, parent: int) -> None:
        self._place = f"{host}:{port}"
        self._connection = http.client.HTTPConnection(host, port)
        wait_for(self._connect, f"http://{self._place}", parent, _CONNECT_SECONDS)

    def _connect(self) -> int | None:
        try:
            self._connection.connect()
        except OSError:
            return None
        return 1

    def post(self, body: bytes) -> object:
        """Sends a form and waits for the next message; what is no JSON comes as its text.

        Raises:
            WireClosed: If the client says it is done.
            WireError: If it refuses the token, or the connection breaks.
        """
        kind = f"multipart/form-data; boundary={_BOUNDARY.decode()}"
        try:
            self._connection.request("POST", "/train", body, {"Content-Type": kind})
            reply = self._connection.getresponse()
            text = reply.read(LARGEST + 1)
        except (http.client.RemoteDisconnected, ConnectionError) as error:
            raise WireClosed(f"the client at {self._place} closed the connection") from error
        except (OSError, http.client.HTTPException) as error:
            raise WireError(
                f"the client at {self._place} does not speak HTTP: {type(error).__name__} {error}"
            ) from error
        if reply.status == 403:
            raise WireError(
                f"the client at {self._place} refused the token; AI2THOR_CLIENT_TOKEN must be the "
                "one it made for this process"
            )
        if reply.status != 200:
            raise WireError(f"the client at {self._place} answered {reply.status} {reply.reason}")
        if len(text) > LARGEST:
            raise WireError(
                f"the client at {self._place} sent a message of more than {LARGEST} bytes"
            )
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return text[:200].decode("utf-8", "replace")
        if message == {}:
            raise WireClosed("the client said goodbye")
        return message

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def serve(session: Session, host: str, port: int, token: str, parent: int) -> None:
    """Converses until the client leaves; ``parent`` is the process that started this one.

    Raises:
        WireClosed: When the client has left in order.
        WireError: When the conversation broke.
    """
    poster = Poster(host, port, parent)
    try:
        answer = session.start()
        while True:
            try:
                body = form(answer, token)
            except UNPACKABLE as error:
                body = form(session.failed(unsendable(error)), token)
            answer = session.answer(poster.post(body))
    finally:
        poster.close()
