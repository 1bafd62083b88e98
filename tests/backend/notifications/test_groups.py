"""Every kind of notice belongs to one group."""

from collections import Counter

import pytest

from backend.notifications.groups import KINDS_OF, Group
from backend.notifications.letters.composing import SUBJECTS
from backend.notifications.preferences.choices import DEFAULT_GROUPS
from backend.notifications.texts import TEXTS


def test_every_kind_has_one_group() -> None:
    listed = Counter(kind for kinds in KINDS_OF.values() for kind in kinds)
    assert set(listed) == set(TEXTS)
    assert set(listed.values()) == {1}


@pytest.mark.parametrize("complete", [KINDS_OF, SUBJECTS, DEFAULT_GROUPS])
def test_every_group_is_provided_for(complete: dict[Group, object]) -> None:
    assert set(complete) == set(Group)


def test_nobody_is_advertised_to_unasked() -> None:
    channels = DEFAULT_GROUPS[Group.MARKETING]
    assert (channels.push, channels.email) == (False, "off")
