"""Where the server can be reached, and how that is told: as text and as a QR code for a phone."""

from __future__ import annotations

import io
import secrets
import socket
from ipaddress import ip_address

import segno

TOKEN_BYTES = 12
"""Of a token that is made: too many to guess, few enough for a small QR code."""
_ELSEWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737); nothing is sent there."""


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address that is listened on."""
    return ip_address(address).is_loopback


def made_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def own_address() -> str:
    """This machine's address in its network; 127.0.0.1 if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def address_of(listener: socket.socket, token: str | None) -> str:
    """What to open in a browser. The token stands after #, which browsers keep to themselves."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = own_address()
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"#token={token}" if token else "")


def qr_code(address: str) -> str:
    """The address as lines of a terminal, for the camera of a phone."""
    text = io.StringIO()
    segno.make(address, error="L", micro=False).terminal(text, border=2, compact=True)
    return text.getvalue()
