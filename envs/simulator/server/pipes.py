"""The wire of AI2-THOR's FifoServer: two named pipes.

A field is one byte of type, four bytes of big-endian length, and the body; a message is fields
and then type 255 of length 0. Metadata is msgpack, an action JSON, images are raw, bottom row
first. The simulator opens the server pipe for writing before the client pipe for reading; the
other way round both sides would wait for ever.
"""

from __future__ import annotations

import errno
import json
import os
import select
import stat
import struct

from envs.simulator.server.packing import UNPACKABLE, Packer, pack
from envs.simulator.server.session import Answer, Session
from envs.simulator.server.wire import (
    LARGEST,
    WireClosed,
    WireError,
    client_gone,
    unsendable,
    wait_for,
)

METADATA, ACTION, PATCH, END = 1, 2, 11, 255
IMAGE_FIELDS = {
    "image": 4,
    "image_depth": 5,
    "image_normals": 6,
    "image_flow": 7,
    "image_classes": 8,
    "image_ids": 9,
    "image-thirdParty-camera": 10,
    "image_thirdParty_depth": 12,
    "image_thirdParty_normals": 13,
    "image_thirdParty_image_ids": 14,
    "image_thirdParty_classes": 15,
    "image_thirdParty_flow": 16,
}
_HEADER = struct.Struct("!BI")
_CAPACITY = 2**20
_F_SETPIPE_SZ = 1031
_POLL_MS = 2000


class Pipes:
    """Both pipes of one conversation.

    Raises:
        WireError: If a path is no pipe, or nobody opens the other end.
    """

    def __init__(self, server_path: str, client_path: str, parent: int) -> None:
        self._parent = parent
        for path in (server_path, client_path):
            _check(path)
        self._client_path = client_path
        self._out = wait_for(
            lambda: _open_for_writing(server_path), f"the pipe {server_path}", self._parent
        )
        os.set_blocking(self._out, True)
        _widen(self._out)
        self._in: int | None = None
        self._packer = Packer()

    def send(self, answer: Answer) -> None:
        """Writes one answer.

        Raises:
            WireClosed: If the client has closed its end.
            ValueError: Or another of ``UNPACKABLE``; nothing is written then.
        """
        fields: list[tuple[int, bytes]] = []
        if answer.patch is not None:
            fields.append((PATCH, pack(answer.patch)))
        else:
            fields.append((METADATA, self._packer.pack(answer.metadata)))
            for name, buffers in answer.images.items():
                fields += [(IMAGE_FIELDS[name], buffer) for buffer in buffers]
        buffers = []
        for kind, body in fields:
            buffers += [_HEADER.pack(kind, len(body)), body]
        buffers.append(_HEADER.pack(END, 0))
        try:
            _write_all(self._out, buffers)
        except BrokenPipeError as error:
            raise WireClosed("the client closed its end") from error

    def receive(self) -> object:
        """Waits for one message; what is no JSON comes back as its text.

        Raises:
            WireClosed: If the client has closed the pipe between messages.
            WireError: If it did so within one, or sent what is no message.
        """
        if self._in is None:
            self._in = os.open(self._client_path, os.O_RDONLY | os.O_NONBLOCK)
        pipe = self._in
        body: bytes | None = None
        first = True
        while True:
            kind, length = _HEADER.unpack(self._read(pipe, _HEADER.size, may_end=first))
            first = False
            if kind == END and length == 0:
                break
            if kind != ACTION:
                raise WireError(
                    f"a field of type {kind} and {length} bytes came where only actions "
                    f"(type {ACTION}) may; the stream is not AI2-THOR's"
                )
            if length > LARGEST:
                raise WireError(f"a message of {length} bytes came; at most {LARGEST} are taken")
            body = self._read(pipe, length)
        try:
            return json.loads(body or b"")
        except (ValueError, RecursionError):
            return (body or b"")[:200].decode("utf-8", "replace")

    def _read(self, pipe: int, count: int, may_end: bool = False) -> bytes:
        parts: list[bytes] = []
        have = 0
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        while have < count:
            try:
                part = os.read(pipe, min(count - have, _CAPACITY)) if poll.poll(0) else None
            except BlockingIOError:
                part = None
            if part is None:
                # Before the client opens its end there is nothing to see but whether it lives.
                if not poll.poll(_POLL_MS) and client_gone(self._parent):
                    raise WireClosed("the client died")
                continue
            if not part:
                if may_end and not have:
                    raise WireClosed("the client closed its pipe")
                raise WireError(
                    f"the client's pipe was closed within a message, {count - have} bytes early"
                )
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Closes what is open."""
        os.close(self._out)
        if self._in is not None:
            os.close(self._in)
            self._in = None


def serve(session: Session, server_path: str, client_path: str, parent: int) -> None:
    """Converses until the client leaves, or the process ``parent`` that started this one dies.

    Raises:
        WireClosed: When the client has left in order.
        WireError: When the conversation broke.
    """
    pipes = Pipes(server_path, client_path, parent)
    try:
        pipes.send(session.start())
        while True:
            answer = session.answer(pipes.receive())
            try:
                pipes.send(answer)
            except UNPACKABLE as error:
                pipes.send(session.failed(unsendable(error)))
    finally:
        pipes.close()


def _check(path: str) -> None:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise WireError(f"there is no pipe {path}: {error.strerror}") from error
    if not stat.S_ISFIFO(mode):
        raise WireError(f"{path} is not a named pipe")


def _open_for_writing(path: str) -> int | None:
    """The pipe, or None while nobody reads from it."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        raise WireError(f"the pipe {path} can't be opened: {error.strerror}") from error


def _widen(pipe: int) -> None:
    """Lets one picture pass at once, where the system allows it."""
    try:
        import fcntl

        fcntl.fcntl(pipe, _F_SETPIPE_SZ, _CAPACITY)
    except (ImportError, OSError):
        return


def _write_all(pipe: int, buffers: list[bytes]) -> None:
    left = [memoryview(buffer) for buffer in buffers if buffer]
    while left:
        done = os.writev(pipe, left[:64])
        while left and done >= len(left[0]):
            done -= len(left.pop(0))
        if done:
            left[0] = left[0][done:]
