"""Owns the matching of a round: a pure function from an instance to a plan, its proof, its reasons.

Standard library only: no clock, no randomness, no database. `solve` makes the plan, `verify` checks
one against its instance without the solver's code, `explain` puts an outcome into sentences,
`succeed` says who is next when a placement falls vacant.
"""

from geo.matching.explain import Explainer, OutcomeNotFound, explain
from geo.matching.instance import Instance, inputs_sha256
from geo.matching.instance_reader import InstanceRefused, parse_instance
from geo.matching.jsonio import Refused, load_json
from geo.matching.plan import Plan
from geo.matching.plan_reader import PlanRefused, parse_plan
from geo.matching.solver import solve
from geo.matching.vacancies import EventRefused, Succession, continues, succeed
from geo.matching.vacancies_reader import Event, parse_vacancies
from geo.matching.verify import Violation, verify

__all__ = [
    "Event",
    "EventRefused",
    "Explainer",
    "Instance",
    "InstanceRefused",
    "OutcomeNotFound",
    "Plan",
    "PlanRefused",
    "Refused",
    "Succession",
    "Violation",
    "continues",
    "explain",
    "inputs_sha256",
    "load_json",
    "parse_instance",
    "parse_plan",
    "parse_vacancies",
    "solve",
    "succeed",
    "verify",
]
