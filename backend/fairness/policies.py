"""Owns what other rules would have done with the same inputs; computes, and keeps nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.errors import Invalid
from backend.rounds.policy import DEFAULT_POLICY, KEY_NAMES, complete, for_engine
from geo.matching import Instance, InstanceRefused, Plan, parse_instance, solve

INPUTS = frozenset({"require_confirmed_residence"})
"""Rules that decide what goes into a matching; other ones need other inputs."""

OPEN = "open"
"""Type of the seats that are open to all."""

_FIELD = re.compile(rf"\b({'|'.join(DEFAULT_POLICY)})\b")
"""The field of a policy that the engine names in a refusal."""


class PolicyNotAccepted(Invalid):
    """The engine refuses a policy for this round."""

    code = "policy_not_accepted"
    ko = "이 차수에 쓸 수 없는 방식입니다. {path}: {problem}"
    en = "This policy does not go with the round. {path}: {problem}"


class InputsNotSimulated(PolicyNotAccepted):
    """The policy asks for other inputs, and a comparison is of the same ones."""

    code = "inputs_not_simulated"
    ko = "입력을 바꾸는 규칙은 견줄 수 없습니다. 같은 입력에서 배정 규칙만 견줍니다."
    en = "This rule changes the inputs; policies are compared on the same inputs."


def without_seats(instance: Instance, seat_type: str) -> Instance | None:
    """Return the instance with every seat of a type open to all; None where that cannot be run.

    :param seat_type: such as ``residence``.
    """
    document: dict[str, Any] = instance.to_json()
    for product in document["products"]:
        product["seats"].pop(seat_type, None)
    try:
        return parse_instance(document)
    except InstanceRefused:
        # Open seats may compare what applications need not have while no seat is open.
        return None


def solve_without(instance: Instance, seat_type: str) -> Plan | None:
    """Return the plan that would have come out with no seats of a type."""
    changed = without_seats(instance, seat_type)
    return solve(changed) if changed is not None else None


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """Rules that are tried out.

    :param given: what differs from the round's policy.
    :param without_seats: types of seats that are opened to all.
    """

    name: str
    given: Mapping[str, Any]
    without_seats: Sequence[str] = ()

    def list_changes(self, policy: Mapping[str, Any]) -> list[str]:
        """Return the names of the rules that differ from a policy."""
        changed = [name for name, value in self.given.items() if policy.get(name) != value]
        return sorted([*changed, *(["without_seats"] if self.without_seats else [])])


def apply_policy(
    instance: Instance,
    policy: Mapping[str, Any],
    named: NamedPolicy,
    *,
    at: int,
    seed: str | None = None,
) -> Instance:
    """Return the instance under other rules; applications, money and rankings stay.

    :param policy: the round's own, which completes the given one.
    :param at: the policy's place in the request, for the path of a refused field.
    :param seed: other than the instance's.
    :raises PolicyNotAccepted: naming the field.
    """
    path = f"json.policies.{at}"
    whole = complete(named.given, policy)
    _check(named, policy, whole, path)
    document: dict[str, Any] = instance.to_json()
    document["policy"] = for_engine(whole)
    document["seed"] = seed or instance.seed
    for institution in document["institutions"]:
        institution["capacity"] = whole["institution_capacity"]
    for product in document["products"]:
        for seat_type in named.without_seats:
            product["seats"].pop(seat_type, None)
    try:
        return parse_instance(document)
    except InstanceRefused as exc:
        field = _FIELD.search(f"{exc.path} {exc.problem}")
        where = f"{path}.{field[1]}" if field else path
        raise PolicyNotAccepted(field=where, path=exc.path, problem=exc.problem) from exc


def _check(
    named: NamedPolicy, policy: Mapping[str, Any], whole: Mapping[str, Any], path: str
) -> None:
    """Refuse what the engine could not, or would not name.

    :raises PolicyNotAccepted: naming the field.
    """
    for name in sorted(INPUTS & named.given.keys()):
        if named.given[name] != policy.get(name):
            raise InputsNotSimulated(field=f"{path}.{name}")
    for seat_type in named.without_seats:
        if seat_type == OPEN or seat_type not in whole["seat_precedence"]:
            raise PolicyNotAccepted(
                field=f"{path}.without_seats",
                path="without_seats",
                problem=f"{seat_type} is no type of seats that can be opened",
            )
    for seat_type, keys in whole["seat_priority"].items():
        for key in keys:
            if key not in KEY_NAMES:
                raise PolicyNotAccepted(
                    field=f"{path}.seat_priority.{seat_type}",
                    path=f"seat_priority.{seat_type}",
                    problem=f"no application has {key}",
                )
