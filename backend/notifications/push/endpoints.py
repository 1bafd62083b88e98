"""Owns which addresses messages may be sent to: an endpoint is an address that a stranger gave.

Without a check, a subscription would make this server send requests into its own network.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_ENDPOINT = 1000
HTTPS = 443

_VISIBLE = re.compile(r"[\x21-\x7e]+")


class EndpointRefused(ValueError):
    """The address is not one of a push service that this installation knows."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint taken apart.

    :param origin: scheme, host and port, as a token's audience names them (RFC 8292, 2).
    :param path: with its query.
    :param is_test: named by its origin in the settings, so that loopback and http are meant.
    """

    origin: str
    host: str
    port: int
    path: str
    is_secure: bool
    is_test: bool


def read_endpoint(url: str, services: Sequence[str]) -> Endpoint:
    """Take an endpoint apart.

    :param services: hosts, ``*.`` before one for those below it, and origins of test services.
    :raises EndpointRefused: when it is no https address, on the usual port and without user
        information, of a host among `services`.
    """
    if len(url) > LONGEST_ENDPOINT or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise EndpointRefused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise EndpointRefused from exc
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.fragment:
        raise EndpointRefused
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if f"{parts.scheme}://{parts.netloc}".lower() in services and port is not None:
        return Endpoint(f"{parts.scheme}://{host}:{port}", host, port, path, secure, True)
    if not secure or port not in (None, HTTPS) or not _is_known(host, services):
        raise EndpointRefused
    return Endpoint(f"https://{host}", host, HTTPS, path, True, False)


def find_address(endpoint: Endpoint) -> str:
    """Return the address to connect to: the name is asked once, so that it cannot change.

    :raises EndpointRefused: when any address of the host lies in a private or reserved network.
    :raises OSError: when the name is unknown for now.
    """
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not endpoint.is_test and not all(map(_is_outside, addresses)):
        raise EndpointRefused
    return addresses[0]


def _is_known(host: str, services: Sequence[str]) -> bool:
    return any(
        host.endswith(service[1:]) if service.startswith("*.") else host == service
        for service in services
    )


def _is_outside(address: str) -> bool:
    # A scope (fe80::1%eth0) belongs to a link, which is inside.
    if "%" in address:
        return False
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast
