"""One HTTP exchange that ends in time, whatever the other side does.

A time-out of a socket counts from the last byte: a server that sends one now and then, headers
without end or ``100 Continue`` again and again is waited for as long as it likes. Here a clock
beside the exchange cuts the connection when the time is over. Left out: the system's own look-up
of names, which nothing can interrupt.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

CONNECT = 10.0
_CHUNK = 2**16


class ExchangeFailed(Exception):
    """There was no whole answer; another try may bring one."""


class ExchangeRefused(Exception):
    """The request can't even be sent."""


@dataclass(frozen=True)
class RawAnswer:
    """What came back: status, headers, and a body within bounds."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Line:
    """The connection in use, which another thread may cut."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._twin: socket.socket | None = None
        self.cut = False

    def hold(self, made: socket.socket) -> None:
        """Takes note of a new connection, which takes the place of the one before."""
        # A twin, because TLS takes the socket itself away.
        twin = made.dup()
        with self._lock:
            before, self._twin = self._twin, twin
        if before is not None:
            before.close()
        if self.cut:
            self.cut_off()

    def cut_off(self) -> None:
        """Ends whatever is being waited for."""
        with self._lock:
            self.cut = True
            if self._twin is not None:
                try:
                    self._twin.shutdown(socket.SHUT_RDWR)
                except OSError:  # it was closed already
                    return

    def close(self) -> None:
        """Lets go of the connection."""
        with self._lock:
            if self._twin is not None:
                self._twin.close()
            self._twin = None


class _Adapter(HTTPAdapter):
    """requests' own, whose connections all make themselves known to a line."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not known:
            self._watch(manager)
        return manager

    def _watch(self, manager: Any) -> None:
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {
            scheme: type(pool.__name__, (pool,), {"ConnectionCls": self._watched(pool)})
            for scheme, pool in pools.items()
        }

    def _watched(self, pool: Any) -> type:
        line = self._line

        class Watched(pool.ConnectionCls):  # type: ignore[misc,name-defined,unused-ignore]
            def _new_conn(self) -> Any:
                made = super()._new_conn()
                line.hold(made)
                return made

        return Watched


class Exchanger:
    """Posts to one server, over one connection as long as that lasts.

    Args:
        key: Sent as bearer token; empty for servers that want none.
        largest: Bytes of an answer that are read.
    """

    def __init__(self, key: str, largest: int) -> None:
        self.key, self.largest = key, largest
        self._line = _Line()
        self._session: requests.Session | None = None

    def post(self, url: str, body: dict[str, Any], timeout: float) -> RawAnswer:
        """Posts JSON and reads the whole answer.

        Args:
            url: Where to.
            body: Of JSON's own types.
            timeout: Seconds for all of it.

        Raises:
            ExchangeFailed: If there is no whole answer in time, or it is too large.
            ExchangeRefused: If the address or a header is none; the message may hold the key.
        """
        session, line = self._ready()
        until = time.monotonic() + timeout
        clock = threading.Timer(timeout, line.cut_off)
        clock.daemon = True
        clock.start()
        try:
            return self._read(session, line, url, body, timeout, until)
        except (requests.Timeout, TimeoutError) as error:
            raise ExchangeFailed(f"no answer within {timeout:g} s") from error
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.InvalidHeader,
            UnicodeError,
        ) as error:
            raise ExchangeRefused(str(error)) from error
        except (requests.RequestException, OSError, HTTPError, ValueError) as error:
            if line.cut:
                raise ExchangeFailed(f"no whole answer within {timeout:g} s") from error
            raise ExchangeFailed(f"no connection ({type(error).__name__})") from error
        finally:
            clock.cancel()
            if line.cut or time.monotonic() > until:
                self.close()

    def _read(
        self,
        session: requests.Session,
        line: _Line,
        url: str,
        body: dict[str, Any],
        timeout: float,
        until: float,
    ) -> RawAnswer:
        late = f"no whole answer within {timeout:g} s"
        with session.post(
            url,
            json=body,
            stream=True,
            allow_redirects=False,
            timeout=(min(CONNECT, timeout), timeout),
        ) as answer:
            parts, size = [], 0
            # Whole chunks would be waited for as long as single bytes trickle in.
            while part := answer.raw.read1(_CHUNK, decode_content=True):
                parts.append(part)
                size += len(part)
                if line.cut or time.monotonic() > until:
                    raise ExchangeFailed(late)
                if size > self.largest:
                    raise ExchangeFailed(f"an answer of more than {self.largest} bytes")
            # A connection that was cut looks as if the answer had ended.
            if line.cut:
                raise ExchangeFailed(late)
            return RawAnswer(answer.status_code, answer.headers, b"".join(parts))

    def close(self) -> None:
        """Ends the connection; the next post makes another."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._line.close()

    def _ready(self) -> tuple[requests.Session, _Line]:
        if self._session is None:
            self._line = _Line()
            self._session = requests.Session()
            adapter = _Adapter(self._line)
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, adapter)
            self._session.auth = self._sign  # else a .netrc would take its place
            self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        return self._session, self._line

    def _sign(self, request: Any) -> Any:
        if self.key:
            request.headers["Authorization"] = f"Bearer {self.key}"
        return request
