"""Owns the reading of a walk out of a page: its shell blocks, and what each is shown to answer."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEFT_OUT = "…"
_FENCED = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A block of shell.

    :param form: ``json`` or ``text`` of what is shown below it, None where nothing is.
    """

    command: str
    form: str | None = None
    shown: str = ""


def read_steps(page: str) -> list[Step]:
    """Return the shell blocks of a page in order, each with the answer that stands below it."""
    steps: list[Step] = []
    for form, text in _FENCED.findall(page):
        if form == "sh":
            steps.append(Step(text))
        else:
            steps[-1] = Step(steps[-1].command, form, text)
    return steps


def run_steps(steps: list[Step], directory: Path, environment: dict[str, str]) -> list[str]:
    """Run blocks in one shell that stops at the first failure; return what each wrote."""
    blocks = [
        f"{{\n{step.command}}} > {directory / f'{number}.out'}\n"
        for number, step in enumerate(steps)
    ]
    done = subprocess.run(  # noqa: S603 (our own page)
        ["bash", "-euo", "pipefail", "-c", "".join(blocks)],  # noqa: S607 (whichever bash there is)
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [(directory / f"{number}.out").read_text("utf-8") for number in range(len(steps))]


def is_as_shown(step: Step, answer: str) -> bool:
    """Tell whether an answer is what the page shows; a block that shows nothing answers nothing."""
    if step.form == "json":
        return fits(json.loads(step.shown), json.loads(answer))
    pattern = re.escape(step.shown.strip()).replace(re.escape(LEFT_OUT), ".*")
    return re.fullmatch(pattern, answer.strip()) is not None


def fits(shown: Any, found: Any) -> bool:
    """Tell whether a value is the one shown, in which `LEFT_OUT` stands for anything."""
    if shown == LEFT_OUT:
        return True
    if isinstance(shown, dict) and isinstance(found, dict):
        named = shown.keys() - {LEFT_OUT}
        return (named == found.keys() if LEFT_OUT not in shown else named <= found.keys()) and all(
            fits(shown[name], found[name]) for name in named
        )
    if isinstance(shown, list) and isinstance(found, list):
        open_ended = shown[-1:] == [LEFT_OUT]
        items = shown[:-1] if open_ended else shown
        return (len(found) >= len(items) if open_ended else len(found) == len(items)) and all(
            map(fits, items, found)
        )
    return bool(shown == found)
