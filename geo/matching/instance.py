"""Owns the engine's only input as frozen records, their canonical JSON and their hash.

Does not check anything: `instance_reader` builds these records from untrusted JSON and refuses what
the format does not allow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from geo.matching.jsonio import dump_canonical, quote

FORMAT = "dongne-instance/1"
OPEN = "open"
PREASSIGNED = "preassigned"
TICKET = "ticket"

Name = Mapping[str, str]
"""A name in both languages: `{"ko": ..., "en": ...}`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one round; lists keep the order in which they are applied.

    :param omitted: optional fields that the document left out, so that its hash is that of the
        document as published.
    """

    funding: Literal["breadth_first", "depth_first"]
    product_budget_cap_krw: int | None
    group_budget_cap_krw: int | None
    seat_precedence: tuple[str, ...]
    seat_priority: Mapping[str, tuple[str, ...]]
    reallocate_unclaimed: bool
    preassigned_uses_capacity: bool
    key_names: Mapping[str, Name] | None = None
    omitted: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Write the policy as the instance format has it."""
        document: dict[str, Any] = {
            "funding": self.funding,
            "product_budget_cap_krw": self.product_budget_cap_krw,
            "group_budget_cap_krw": self.group_budget_cap_krw,
            "seat_precedence": list(self.seat_precedence),
            "seat_priority": {t: list(keys) for t, keys in self.seat_priority.items()},
            "reallocate_unclaimed": self.reallocate_unclaimed,
            "preassigned_uses_capacity": self.preassigned_uses_capacity,
        }
        if self.key_names is not None:
            document["key_names"] = {key: dict(name) for key, name in self.key_names.items()}
        return _without(document, self.omitted)


@dataclass(frozen=True, slots=True)
class Area:
    """A pot of money, in KRW, that pays for the products of one budget area."""

    id: str
    budget_krw: int
    name: Name | None = None

    def to_json(self) -> dict[str, Any]:
        """Write the area as the instance format has it."""
        return _with_name({"id": self.id, "budget_krw": self.budget_krw}, self.name)


@dataclass(frozen=True, slots=True)
class Product:
    """A product on offer; every placement costs `price_krw` and goes to one institution.

    :param order: compared lexicographically with other products', lower is funded first.
    :param seats: seat type -> number of placements, or `"all"` for what the numbers leave.
    :param preassigned: institutions fixed before the matching, sorted.
    :param omitted: optional fields that the document left out.
    """

    id: str
    area: str
    price_krw: int
    max_placements: int
    order: tuple[int, ...]
    seats: Mapping[str, int | Literal["all"]]
    preassigned: tuple[str, ...]
    cap_group: str | None = None
    name: Name | None = None
    omitted: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Write the product as the instance format has it."""
        document = {
            "id": self.id,
            "area": self.area,
            "price_krw": self.price_krw,
            "max_placements": self.max_placements,
            "order": list(self.order),
            "seats": dict(self.seats),
            "preassigned": list(self.preassigned),
            "cap_group": self.cap_group,
        }
        return _with_name(_without(document, self.omitted), self.name)


@dataclass(frozen=True, slots=True)
class Institution:
    """A public body; `ranking` holds the products it applied for, best first."""

    id: str
    capacity: int
    ranking: tuple[str, ...]
    name: Name | None = None

    def to_json(self) -> dict[str, Any]:
        """Write the institution as the instance format has it."""
        document = {"id": self.id, "capacity": self.capacity, "ranking": list(self.ranking)}
        return _with_name(document, self.name)


class Application(NamedTuple):
    """One institution asking for one product; in every key a lower integer is better.

    A tuple, for there may be a million of them.
    """

    institution: str
    product: str
    eligible: bool
    ineligible_reason: str | None
    keys: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Write the application as the instance format has it."""
        return {
            "institution": self.institution,
            "product": self.product,
            "eligible": self.eligible,
            "ineligible_reason": self.ineligible_reason,
            "keys": dict(self.keys),
        }


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything that a plan depends on.

    Areas, products and institutions are sorted by id, applications by institution and product, all
    by code point, so that the order of rows in a file means nothing. `seed` is None only before it
    is known; such an instance can be hashed but not solved.
    """

    round: str
    seed: str | None
    policy: Policy
    areas: tuple[Area, ...]
    products: tuple[Product, ...]
    institutions: tuple[Institution, ...]
    applications: tuple[Application, ...]

    def to_json(self, *, applications: bool = True) -> dict[str, Any]:
        """Write the instance as a JSON object with its rows in canonical order.

        :param applications: False leaves the applications out, for a reader that has them.
        """
        document: dict[str, Any] = {
            "format": FORMAT,
            "round": self.round,
            "seed": self.seed,
            "policy": self.policy.to_json(),
            "areas": [area.to_json() for area in self.areas],
            "products": [product.to_json() for product in self.products],
            "institutions": [institution.to_json() for institution in self.institutions],
        }
        if applications:
            document["applications"] = [row.to_json() for row in self.applications]
        return document

    def dumps(self) -> bytes:
        """Write the instance file: canonical JSON and one newline."""
        return dump_canonical(self.to_json()) + b"\n"


def inputs_sha256(instance: Instance) -> str:
    """Hash the canonical instance without its seed, so inputs can be published before the seed.

    :return: 64 lower-case hexadecimal digits.
    """
    digest = hashlib.sha256(b'{"applications":[')
    texts = _application_texts(instance)
    # In pieces, so that the document is never held as a whole.
    while piece := "".join(islice(texts, 1000)):
        digest.update(piece.encode("utf-8"))
    rest = instance.to_json(applications=False)
    del rest["seed"]
    digest.update(b"]," + dump_canonical(rest)[1:])
    return digest.hexdigest()


def _application_texts(instance: Instance) -> Iterator[str]:
    # The JSON encoder would take half of a large run's time here; one template per set of key
    # names writes the same text several times as fast.
    templates: dict[tuple[str, ...], tuple[str, Any]] = {}
    comma = ""
    for institution, product, eligible, reason, keys in instance.applications:
        names = tuple(keys)
        if names not in templates:
            templates[names] = _members_template(names)
        template, values_of = templates[names]
        rule = "null" if reason is None else quote(reason)
        yield (
            f'{comma}{{"eligible":{"true" if eligible else "false"},"ineligible_reason":{rule},'
            f'"institution":{quote(institution)},"keys":{{{template % values_of(keys)}}},'
            f'"product":{quote(product)}}}'
        )
        comma = ","


def _members_template(names: tuple[str, ...]) -> tuple[str, Any]:
    ordered = sorted(names)
    template = ",".join(quote(name).replace("%", "%%") + ":%d" for name in ordered)
    if len(ordered) > 1:
        return template, itemgetter(*ordered)
    return template, lambda keys: tuple(keys[name] for name in ordered)


def _with_name(document: dict[str, Any], name: Name | None) -> dict[str, Any]:
    if name is not None:
        document["name"] = dict(name)
    return document


def _without(document: dict[str, Any], omitted: frozenset[str]) -> dict[str, Any]:
    return {field: value for field, value in document.items() if field not in omitted}
