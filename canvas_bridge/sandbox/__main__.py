"""Start the sandbox Canvas: `python -m canvas_bridge.sandbox --port 8100 --seed 7 --token demo`."""

import argparse
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.saving import StateFile
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.shapes.times import read_time
from canvas_bridge.sandbox.state import SandboxState

SEED_MODULE = "canvas_bridge.sandbox.seed.university"
DEFAULT_SEED = 1
LARGEST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; with `--data` what "Canvas" holds outlives the process."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    state, state_file = _prepared_state(options)
    application = SandboxApplication(state, rebuild=lambda: _fresh_state(options))
    try:
        server = SandboxServer(application, host=options.host, port=options.port)
    except OSError as error:
        sys.exit(f"Cannot listen on {options.host} port {options.port}: {error.strerror or error}.")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    if state_file:
        state_file.start()
    print(f"Sandbox Canvas is ready: {server.base_url}", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        if state_file:
            state_file.stop()
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m canvas_bridge.sandbox", description="A small Canvas LMS.")
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free port")
    parser.add_argument("--host", default="127.0.0.1")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--empty", action="store_true", help="no courses and no people but the administrator")
    what.add_argument("--seed", type=int, default=DEFAULT_SEED, help="number from which the university is made")
    parser.add_argument(
        "--token",
        # A command's arguments can be read by everybody on the machine, its environment cannot.
        default=os.environ.get("CANVAS_TOKEN"),
        help="access token of the account's administrator; CANVAS_TOKEN if not given",
    )
    parser.add_argument("--now", type=_instant, help="stop the clock at this ISO 8601 instant")
    parser.add_argument("--data", type=Path, help="file that keeps the state over restarts")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= LARGEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; one is a number from 0 to {LARGEST_PORT}")


def _instant(text: str) -> datetime:
    try:
        return read_time(text, "UTC")
    except ValueError:
        example = "2026-12-01T08:00:00Z"
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO 8601 instant like {example}") from None


def _prepared_state(options: argparse.Namespace) -> tuple[SandboxState, StateFile | None]:
    """Return the state of the file if there is one, else a fresh one, and the file that it is kept in."""
    if options.data is None:
        return _fresh_state(options), None
    if options.data.exists():
        state = SandboxState(now=options.now)
        try:
            StateFile(state, options.data).load()
        except (ValueError, KeyError, TypeError) as error:
            sys.exit(f"{options.data} holds no state of the sandbox ({error}); move it away to start afresh.")
        state.freeze(options.now)
    else:
        state = _fresh_state(options)
    _ensure_token(state, options.token)
    return state, StateFile(state, options.data)


def _fresh_state(options: argparse.Namespace) -> SandboxState:
    state = SandboxState(now=options.now)
    if not options.empty:
        importlib.import_module(SEED_MODULE).build(state, seed=options.seed)
    _ensure_token(state, options.token)
    return state


def _ensure_token(state: SandboxState, text: str | None) -> None:
    if text and state.tokens.first("text", text) is None:
        state.add_admin_token(text)


if __name__ == "__main__":
    sys.exit(main())
