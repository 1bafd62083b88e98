"""Owns what a phone keeps of what concerns its person, and how it is brought up to date."""

from typing import Any

from tests.support.phone import Phone

PAGE_ITEMS = 3
"""So few that a copy is read in several answers, between which others write."""
CONTENT = ("residence", "own_proposal", "proposal", "notice")

Copied = dict[tuple[str, str], dict[str, Any]]
"""By the field in which it comes, and its id."""


class PhoneCopy:
    """What a phone holds when there is no network."""

    def __init__(self) -> None:
        self.things: Copied = {}
        self.buried: set[str] = set()
        """Ids of what was here and is gone."""
        self._since: str | None = None

    def sync(self, phone: Phone) -> None:
        """Ask for what is new until there is no more, as a phone does when it wakes.

        :raises NoNetwork: when nothing comes back; what came until then is kept.
        """
        more = True
        while more:
            since = f"&since={self._since}" if self._since else ""
            page = phone.read(f"/sync?limit={PAGE_ITEMS}{since}")
            for item in page["items"]:
                self._apply(item)
            self._since, more = page["next_since"], page["has_more"]

    def _apply(self, item: dict[str, Any]) -> None:
        held = [name for name in CONTENT if self.things.pop((name, item["id"]), None)]
        if item["deleted"]:
            self.buried |= {item["id"]} if held else set()
        else:
            (name,) = (name for name in CONTENT if name in item)
            self.things[name, item["id"]] = item[name]


def read_afresh(phone: Phone) -> Copied:
    """Return what a copy has to hold, read where each thing has its own address."""
    me = phone.read("/me")["id"]
    read: Copied = {("residence", me): phone.read("/me/residence")}
    for found in _all(phone, "/me/notices"):
        read["notice", found["id"]] = found
    own = {found["id"] for found in _all(phone, "/me/proposals")}
    backed = {
        found["proposal"]["id"]
        for path in ("/me/endorsements", "/me/followed-proposals")
        for found in _all(phone, path)
    }
    for id_ in own:
        read["own_proposal", id_] = phone.read(f"/me/proposals/{id_}")
    for id_ in backed - own:
        read["proposal", id_] = phone.read(f"/proposals/{id_}")
    return read


def _all(phone: Phone, path: str) -> list[dict[str, Any]]:
    page = phone.read(f"{path}?limit=100")
    assert page["next_cursor"] is None, "one page was expected to hold them all"
    items: list[dict[str, Any]] = page["items"]
    return items
