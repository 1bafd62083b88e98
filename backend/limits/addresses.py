"""Owns which addresses count as one: a household's or a carrier's share of them."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


@lru_cache(maxsize=4096)
def prefix_of(address: str | None) -> str:
    """Return the /24 of an IPv4 address, or the /64 of an IPv6 one, of which one person has many.

    What is no address counts as one and the same, so that it cannot be varied at will.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found), 64), strict=False))
        found = found.ipv4_mapped
    return str(ip_network((int(found), 24), strict=False))
