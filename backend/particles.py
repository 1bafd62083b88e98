"""Owns settling the Korean particles of a sentence whose words are only known when it is shown."""

import re

from geo.matching.explain.particles import attach

_PAIRS = {
    "이(가)": "이/가",
    "을(를)": "을/를",
    "은(는)": "은/는",
    "와(과)": "과/와",
    "과(와)": "과/와",
    "(으)로": "으로/로",
}
_BOTH_WAYS = re.compile(r"(\S+?)(" + "|".join(map(re.escape, _PAIRS)) + ")")


def settle_particles(text: str) -> str:
    """Return a sentence with each particle that is written both ways in the form that fits.

    :param text: such as ``‘가로등’이(가)``, of which ``‘가로등’이`` comes out.
    """
    return _BOTH_WAYS.sub(lambda found: attach(found[1], _PAIRS[found[2]]), text)
