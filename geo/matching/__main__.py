"""Owns the command line of the engine: `python -m geo.matching solve|verify|explain|hash|next`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from geo.matching import (
    EventRefused,
    Explainer,
    Instance,
    OutcomeNotFound,
    Plan,
    PlanRefused,
    Refused,
    continues,
    inputs_sha256,
    load_json,
    parse_instance,
    parse_plan,
    parse_vacancies,
    solve,
    succeed,
    verify,
)

OK, VIOLATED, BAD_INPUT = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    :param arguments: without the program's name; None takes those of the process.
    :return: 0; 1 when a plan violates a check; 2 on bad input, with one line on stderr.
    """
    # Millions of records live until the process ends: looking for cycles among them is lost time.
    gc.disable()
    options = _read_arguments(arguments)
    try:
        output, code = options.run(options)
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()
    except (Refused, OutcomeNotFound, EventRefused) as problem:
        return _complain(str(problem))
    except BrokenPipeError:
        # Python flushes stdout once more at exit, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain("the reader of the output went away")
    except OSError as problem:
        return _complain(f"cannot write: {problem.strerror}")
    return int(code)


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m geo.matching",
        description="Match a round from its published files alone.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("solve", help="write the plan of an instance")
    command.set_defaults(run=_solve)
    command.add_argument("instance", metavar="INSTANCE.json")
    command = commands.add_parser("verify", help="check a plan against its instance")
    command.set_defaults(run=_verify)
    command.add_argument("instance", metavar="INSTANCE.json")
    command.add_argument("plan", metavar="PLAN.json")
    command = commands.add_parser("explain", help="put one outcome into sentences")
    command.set_defaults(run=_explain)
    command.add_argument("instance", metavar="INSTANCE.json")
    command.add_argument("plan", metavar="PLAN.json")
    command.add_argument("--institution", required=True, metavar="ID")
    command.add_argument("--product", required=True, metavar="ID")
    command.add_argument("--lang", choices=("ko", "en"), default="ko")
    command = commands.add_parser("hash", help="write the hash of an instance, seed ignored")
    command.set_defaults(run=_hash)
    command.add_argument("instance", metavar="INSTANCE.json")
    command = commands.add_parser("next", help="write who takes what falls vacant")
    command.set_defaults(run=_next)
    command.add_argument("instance", metavar="INSTANCE.json")
    command.add_argument("plan", metavar="PLAN.json")
    command.add_argument("vacancies", metavar="VACANCIES.json")
    command.add_argument("--after", metavar="RECORD.json", help="an earlier record to continue")
    return parser.parse_args(arguments)


def _solve(options: argparse.Namespace) -> tuple[bytes, int]:
    return solve(_load_instance(options.instance)).dumps(), OK


def _verify(options: argparse.Namespace) -> tuple[bytes, int]:
    instance = _load_instance(options.instance)
    violations = verify(instance, _read(options.plan))
    lines = "".join(f"{violation}\n" for violation in violations)
    return _encode(lines), VIOLATED if violations else OK


def _explain(options: argparse.Namespace) -> tuple[bytes, int]:
    instance = _load_instance(options.instance)
    explainer = Explainer(instance, _load_plan(options.plan, instance))
    text = explainer.explain(options.institution, options.product, options.lang)
    return _encode(text + "\n"), OK


def _next(options: argparse.Namespace) -> tuple[bytes, int]:
    instance = _load_instance(options.instance)
    plan = _load_plan(options.plan, instance)
    if violations := verify(instance, plan):
        raise Refused(options.plan, f"does not hold: {violations[0]}")
    document = _load(options.vacancies)
    try:
        events = parse_vacancies(document)
    except Refused as problem:
        raise problem.inside(options.vacancies) from None
    succession = succeed(instance, plan, events)
    if options.after and not continues(_load(options.after), succession.steps):
        return _encode(f"{options.after}: the steps do not follow from these files\n"), VIOLATED
    return succession.dumps(), OK


def _hash(options: argparse.Namespace) -> tuple[bytes, int]:
    instance = _load_instance(options.instance, allow_null_seed=True)
    return _encode(inputs_sha256(instance) + "\n"), OK


def _load_instance(file: str, *, allow_null_seed: bool = False) -> Instance:
    document = _load(file)
    try:
        return parse_instance(document, allow_null_seed=allow_null_seed)
    except Refused as problem:
        raise problem.inside(file) from None


def _load_plan(file: str, instance: Instance) -> Plan:
    try:
        plan = parse_plan(_load(file))
    except PlanRefused as problem:
        raise problem.inside(file) from None
    if plan.inputs_sha256 != inputs_sha256(instance) or plan.seed != instance.seed:
        raise Refused(file, "is the plan of another instance or seed")
    return plan


def _load(file: str) -> Any:
    raw = _read(file)
    try:
        return load_json(raw)
    except Refused as problem:
        raise Refused(file, problem.problem) from None


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise Refused(file, f"cannot be read: {reason}") from None


def _encode(text: str) -> bytes:
    # UTF-8 whatever the terminal claims; a plan may quote half a surrogate pair back at us.
    return text.encode("utf-8", errors="backslashreplace")


def _complain(message: str) -> int:
    line = " ".join(message.splitlines())
    sys.stderr.buffer.write(_encode(f"geo.matching: {line}\n"))
    return BAD_INPUT


def _leave(code: int) -> NoReturn:
    # Python would free millions of records one by one before it ends, a tenth of a large run.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
