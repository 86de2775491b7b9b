"""The command `serve`: serves the page and the HTTP API until it is stopped."""

from __future__ import annotations

import argparse
import os

from recognizer.cli import add_folder

TOKEN_VARIABLE = "DIGITS_TOKEN"
"""The environment variable that may hold the token, where a command line can be seen by others."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where it listens, and who may ask."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all (%(default)s)"
    )
    parser.add_argument("--port", type=_port, default=8000, help="(%(default)s; 0 for a free one)")
    access = parser.add_mutually_exclusive_group()
    told = f"what every call must carry; beyond this machine one is made ({TOKEN_VARIABLE})"
    access.add_argument("--token", default=os.environ.get(TOKEN_VARIABLE), help=told)
    access.add_argument("--open", action="store_true", help="anyone may ask, without a token")
    told = "a name that the server is called by, beside its address; may be given several times"
    parser.add_argument("--allowed-host", action="append", default=[], metavar="NAME", help=told)
    told = "processes that read pictures and drawings (all cores)"
    parser.add_argument("--workers", type=_positive, default=os.cpu_count() or 1, help=told)
    add_folder(parser, "--model", "folder of the model (saved_model)")


def _port(text: str) -> int:
    if not 0 <= (port := int(text)) < 2**16:
        raise ValueError(text)
    return port


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def run(options: argparse.Namespace) -> None:
    """Serve until Ctrl+C or a signal to end. Raises SketchpadError if that cannot begin."""
    from recognizer.web.limits import ServiceSettings
    from recognizer.web.serving import listening, serve

    listener = listening(options.host, options.port)
    settings = ServiceSettings(
        options.model,
        None if options.open else options.token,
        frozenset(name.lower() for name in options.allowed_host),
        options.workers,
    )
    serve(listener, settings, is_open=options.open)
