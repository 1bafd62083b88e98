"""The page's packages: pinned, with hashes, from wherever npm is told to fetch them."""

import json
from pathlib import Path

from backend import web

WEB = Path(web.__file__).parent


def test_every_dependency_is_pinned() -> None:
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [one for one in versions.values() if not one[0].isdigit()] == []


def test_the_lock_holds_hashes_and_no_download_addresses() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert all("integrity" in facts and "resolved" not in facts for facts in packages.values())
