"""Owns who is next when a placement falls vacant before its contract; reopens nothing else.

A vacant placement goes to the product's choice among those who would take it over what they hold
and could still leave that; the placement they leave is offered on the same way. Nobody loses a
placement by it. It is the same choice as the plan's, so that in the end nobody without a contract
envies somebody whom the product ranks lower (Blum, Roth & Rothblum 1997 on vacancy chains).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from geo.matching.instance import PREASSIGNED, Instance
from geo.matching.jsonio import dump_canonical
from geo.matching.market import Market, split_seats
from geo.matching.plan import ENGINE, Plan
from geo.matching.vacancies_reader import CONTRACT, Event

FORMAT = "dongne-succession/1"

Step = dict[str, Any]
"""One link of a chain: `step`, `event` (its number), `product`, `left_by`, `taken_by` (or null),
`seat` (of the taker, or null), `gives_up` (the product the taker leaves, or null), `previous`."""


class EventRefused(ValueError):
    """An event that cannot have happened, with its number in the file."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"events[{number}]: {problem}")


class Succession:
    """Placements of a plan as they change from hand to hand, with a record of every step.

    The record only grows: what earlier events led to never depends on later ones, and each step
    holds the hash of the one before, the first that of the plan.
    """

    def __init__(self, instance: Instance, plan: Plan) -> None:
        """Start from a plan that holds; that is for `verify` to say."""
        self.steps: list[Step] = []
        self._instance = instance
        self._market = Market(instance, plan.seed)
        self._plan_sha256 = hashlib.sha256(plan.dumps()).hexdigest()
        self._previous = self._plan_sha256
        self._events = 0
        rows = instance.applications
        self._at = {(row.institution, row.product): at for at, row in enumerate(rows)}
        self._seats = {
            product.id: split_seats(
                instance.policy, product, result.funded - len(product.preassigned)
            )
            for product, result in zip(instance.products, plan.products, strict=True)
        }
        self._product_at = {product.id: at for at, product in enumerate(instance.products)}
        self._held: set[int] = set()
        self._fixed: set[tuple[str, str]] = set()
        for result in plan.products:
            for seat in result.seats:
                if seat.type == PREASSIGNED:
                    self._fixed.add((seat.institution, result.id))
                else:
                    self._held.add(self._at[seat.institution, result.id])
        self._room = list(self._market.capacity)
        for at in self._held:
            self._room[self._market.institution_of[at]] -= 1
        self._contracted: set[int] = set()
        self._contracted_fixed: set[tuple[str, str]] = set()
        self._withdrawn: set[int] = set()

    def note(self, event: Event) -> None:
        """Let one event happen, and offer on what it leaves vacant.

        A withdrawal gives back the placement, not the right to another one.

        :raises EventRefused: when it cannot have happened.
        """
        number = self._events
        pair = event.institution, event.product
        if pair in self._fixed:
            self._note_fixed(number, event)
        elif pair not in self._at:
            raise EventRefused(number, f"{pair[0]!r} has no application for {pair[1]!r}")
        else:
            self._note_matched(number, event, self._at[pair])
        self._events += 1

    def to_json(self) -> dict[str, Any]:
        """Write the record, with who holds what now beyond pre-assigned placements."""
        rows = self._instance.applications
        return {
            "format": FORMAT,
            "engine": ENGINE,
            "plan_sha256": self._plan_sha256,
            "events": self._events,
            "steps": self.steps,
            "holders": [
                {"institution": rows[at].institution, "product": rows[at].product}
                for at in sorted(self._held)
            ],
        }

    def dumps(self) -> bytes:
        """Write the record's file: canonical JSON and one newline."""
        return dump_canonical(self.to_json()) + b"\n"

    def _note_fixed(self, number: int, event: Event) -> None:
        pair = event.institution, event.product
        if pair in self._contracted_fixed:
            raise EventRefused(number, f"{pair[0]!r} has a contract for {pair[1]!r}")
        if event.kind == CONTRACT:
            self._contracted_fixed.add(pair)
            return
        # Somebody had named this institution; nobody else was, so nobody is next.
        self._fixed.remove(pair)
        self._append(number, event.product, event.institution, None)

    def _note_matched(self, number: int, event: Event, at: int) -> None:
        name = f"{event.institution!r} for {event.product!r}"
        if at in self._contracted or at in self._withdrawn:
            before = "a contract" if at in self._contracted else "withdrawn"
            raise EventRefused(number, f"the application of {name} has {before} already")
        if event.kind == CONTRACT:
            if at not in self._held:
                raise EventRefused(number, f"the application of {name} holds no placement")
            self._contracted.add(at)
            return
        self._withdrawn.add(at)
        if at in self._held:
            self._held.remove(at)
            self._offer_on(number, at)

    def _offer_on(self, number: int, vacated: int) -> None:
        rows = self._instance.applications
        vacant: int | None = vacated
        while vacant is not None:
            product, left_by = rows[vacant].product, rows[vacant].institution
            taker, seat = self._choose(product)
            given_up = None
            if taker is not None:
                given_up = self._find_given_up(taker)
                if given_up is None:
                    self._room[self._market.institution_of[taker]] -= 1
                else:
                    self._held.remove(given_up)
                self._held.add(taker)
            self._append(number, product, left_by, taker, seat=seat, given_up=given_up)
            vacant = given_up

    def _choose(self, product: str) -> tuple[int | None, str | None]:
        """Let a product choose anew from its holders and those who would take it.

        Choosing is such that all its holders stay: at most one of the others comes in.
        """
        market, at = self._market, self._product_at[product]
        asking = [row for row in market.eligible[at] if row in self._held or self._would_take(row)]
        for kind, number in self._seats[product]:
            market.rank(at, kind)
            places = market.places[kind]
            asking.sort(key=places.__getitem__)
            for row in asking[:number]:
                if row not in self._held:
                    return row, kind
            asking = asking[number:]
        return None, None

    def _would_take(self, application: int) -> bool:
        if application in self._withdrawn:
            return False
        has_room = self._room[self._market.institution_of[application]] > 0
        return has_room or self._find_given_up(application) is not None

    def _find_given_up(self, application: int) -> int | None:
        """Find what an institution would leave for a product; nothing where it has room."""
        institution = self._market.institution_of[application]
        if self._room[institution] > 0:
            return None
        ranked = self._market.ranked[institution]
        worse = ranked[ranked.index(application) + 1 :]
        free = [at for at in worse if at in self._held and at not in self._contracted]
        return free[-1] if free else None

    def _append(
        self,
        event: int,
        product: str,
        left_by: str,
        taker: int | None,
        *,
        seat: str | None = None,
        given_up: int | None = None,
    ) -> None:
        rows = self._instance.applications
        step: Step = {
            "step": len(self.steps) + 1,
            "event": event,
            "product": product,
            "left_by": left_by,
            "taken_by": None if taker is None else rows[taker].institution,
            "seat": seat,
            "gives_up": None if given_up is None else rows[given_up].product,
            "previous": self._previous,
        }
        self.steps.append(step)
        self._previous = hashlib.sha256(dump_canonical(step)).hexdigest()


def succeed(instance: Instance, plan: Plan, events: Iterable[Event]) -> Succession:
    """Let events happen to the placements of a plan, in their order.

    :raises EventRefused: at the first event that cannot have happened.
    """
    succession = Succession(instance, plan)
    for event in events:
        succession.note(event)
    return succession


def continues(record: object, steps: Sequence[Step]) -> bool:
    """Tell whether steps begin with all those of an earlier record."""
    earlier = record.get("steps") if isinstance(record, dict) else None
    if not isinstance(earlier, list):
        return False
    # As text, for in Python 1 equals true and 1.0.
    return dump_canonical(earlier) == dump_canonical(list(steps[: len(earlier)]))
