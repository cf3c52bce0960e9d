"""The embedded simulator as an executable, started by ai2thor's own Controller.

Example:
    controller = Controller(
        local_executable_path="python -m envs.simulator", x_display="0", scene="FloorPlan1"
    )
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from envs.simulator.core.picture_size import MAX_SIDE
from envs.simulator.system.command_line import Parser, whole_from

PROGRAM = "thor-embedded"
_HELP = """\
This program is not started by hand: ai2thor's Controller starts it, over named pipes or HTTP.

  from ai2thor.controller import Controller
  Controller(local_executable_path="{command}", x_display="0", scene="FloorPlan1")

over HTTP instead of named pipes:

  from ai2thor.wsgi_server import WsgiServer
  Controller(local_executable_path="{command}", x_display="0", server_class=WsgiServer)

x_display is needed by ai2thor where DISPLAY is not set; no display is ever contacted. Without any
argument to Controller: python -m envs.simulator.install
"""


def parser() -> argparse.ArgumentParser:
    """The command line that the client gives to AI2-THOR's player."""
    made = Parser(
        prog=PROGRAM,
        description="AI2-THOR without Unity, display or GPU.",
        epilog=_HELP.format(command=f"{sys.executable} -m envs.simulator"),
        allow_abbrev=False,
    )
    for side in ("width", "height"):
        made.add_argument(
            f"-screen-{side}",
            type=whole_from(1, MAX_SIDE),
            default=300,
            metavar="PIXELS",
            help=f"{side} of the pictures (%(default)s); an action can change it later",
        )
    ignored = "accepted, as the client gives it to Unity; has no effect here"
    made.add_argument("-screen-quality", type=int, default=7, metavar="N", help=ignored)
    made.add_argument("-screen-fullscreen", type=int, default=0, metavar="N", help=ignored)
    made.add_argument("-force-device-index", type=int, metavar="N", help=ignored)
    made.add_argument("-batchmode", action="store_true", help=ignored)
    made.add_argument("-nographics", action="store_true", help="make no pictures at all")
    return made


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Serves one client until it leaves; returns the exit status."""
    parent = os.getppid()  # before anything slow: a client may die while this starts
    # Flags of other Unity players are let pass, as Unity does.
    options, _ = parser().parse_known_args(argv)
    environ = os.environ if environ is None else environ
    logging.basicConfig(stream=sys.stderr, format=f"{PROGRAM}: %(levelname)s: %(message)s")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _stop)
    from envs.simulator.server.wire import WireClosed, WireError

    try:
        _serve(options, environ, parent)
    except WireClosed as end:
        _say(f"done: {end}")
    except WireError as error:
        _say(f"error: {error}")
        return 1
    except _Stopped as stop:
        _say(f"stopped by {signal.Signals(stop.number).name}")
        return 128 + stop.number
    return 0


def _serve(options: argparse.Namespace, environ: Mapping[str, str], parent: int) -> None:
    from envs.simulator.server.session import Session
    from envs.simulator.server.wire import WireError

    kind = environ.get("AI2THOR_SERVER_TYPE", "")
    needed = {
        "FIFO": ("AI2THOR_FIFO_SERVER_PIPE_PATH", "AI2THOR_FIFO_CLIENT_PIPE_PATH"),
        "WSGI": ("AI2THOR_HOST", "AI2THOR_PORT", "AI2THOR_CLIENT_TOKEN"),
    }
    if kind not in needed:
        raise WireError(
            f"AI2THOR_SERVER_TYPE is {kind!r}, not FIFO or WSGI: let ai2thor's Controller start "
            f"this program (see {PROGRAM} --help)"
        )
    missing = [name for name in needed[kind] if not environ.get(name)]
    if missing:
        raise WireError(f"{', '.join(missing)} must be set for AI2THOR_SERVER_TYPE={kind}")
    values = [environ[name] for name in needed[kind]]
    headless = options.nographics or environ.get("AI2THOR_SERVER_SIDE_SCREENSHOT") == "False"
    session = Session(options.screen_width, options.screen_height, headless)
    if kind == "FIFO":
        from envs.simulator.server import pipes

        pipes.serve(session, values[0], values[1], parent)
        return
    from envs.simulator.server import http

    host, port, token = values
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise WireError(f"AI2THOR_PORT must be a number from 1 to 65535, not {port!r}")
    http.serve(session, host, int(port), token, parent)


class _Stopped(BaseException):
    """A signal asked to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped(number)


def _say(text: str) -> None:
    print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
