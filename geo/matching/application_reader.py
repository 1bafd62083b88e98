"""Owns the reading of applications, of which there may be a million: few calls, no copies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from geo.matching.fields import (
    read_boolean,
    read_integer,
    read_list,
    read_map,
    read_object,
    read_text,
    refuse,
)
from geo.matching.instance import Application
from geo.matching.jsonio import LARGEST_INTEGER, child, show

_FIELDS = ("institution", "product", "eligible", "ineligible_reason", "keys")
_APPLICATION = frozenset(_FIELDS)
_values_of = itemgetter(*_FIELDS)
_by_product = itemgetter(Application._fields.index("product"))
# What the class itself does in the end, without its check of arguments.
_make = partial(tuple.__new__, Application)


class Applications:
    """The applications of a document, each read by itself.

    :param rows: in document order, with the `keys` objects of the document.
    :param key_names: every set of key names that a row has.
    :param by_institution: the rows of each institution that has any, by product; the institutions
        by id.
    """

    def __init__(self, value: object, known: Mapping[str, str]) -> None:
        """Read the applications; whether their ids exist is a rule between rows.

        :param known: each id of the institutions and products by itself. Rows share these texts
            rather than keep their own, which are most of a large file and slow every comparison.
        :raises InstanceRefused: at the first field that is not what it should be.
        """
        self.rows: list[Application] = []
        self.key_names: set[tuple[str, ...]] = set()
        for position, item in enumerate(read_list(value, "applications")):
            if type(item) is not dict or item.keys() != _APPLICATION:
                read_object(item, f"applications[{position}]", _APPLICATION)
            institution, product, eligible, reason, keys = _values_of(item)
            if type(institution) is not str or type(product) is not str:
                read_text(institution, f"applications[{position}].institution")
                read_text(product, f"applications[{position}].product")
            if eligible is not True:
                read_boolean(eligible, f"applications[{position}].eligible")
                read_text(reason, f"applications[{position}].ineligible_reason")
            elif reason is not None:
                path = f"applications[{position}].ineligible_reason"
                refuse(path, "must be null, for the application is eligible")
            self._check_keys(keys, position)
            fields = (
                known.get(institution, institution),
                known.get(product, product),
                eligible,
                reason,
                keys,
            )
            self.rows.append(_make(fields))
        self.by_institution = self._sort()

    def _sort(self) -> dict[str, list[Application]]:
        # Many short lists sort several times as fast as one long one.
        rows_of: dict[str, list[Application]] = {}
        for row in self.rows:
            rows_of.setdefault(row[0], []).append(row)
        for rows in rows_of.values():
            rows.sort(key=_by_product)
        return {institution: rows_of[institution] for institution in sorted(rows_of)}

    def _check_keys(self, keys: Any, position: int) -> None:
        # Six values in each of a million rows: the check of read_integer, inlined, and no copies.
        if type(keys) is not dict:
            refuse(f"applications[{position}].keys", f"must be an object, not {show(keys)}")
        names = tuple(keys)
        if names not in self.key_names:
            path = f"applications[{position}].keys"
            self.key_names.add(tuple(name for name, _, _ in read_map(keys, path)))
        for number in keys.values():
            if type(number) is not int or not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
                for name in names:
                    read_integer(keys[name], child(f"applications[{position}].keys", name))
