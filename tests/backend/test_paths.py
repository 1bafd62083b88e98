"""A number in a path is one that there can be something under."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

LAYERS = {"<layer>": "sido", "<any(proposals, placements):layer>": "proposals"}


@pytest.mark.parametrize("number", [str(10**30), str(2**31), "1" * 11, "\u0661"])
def test_a_number_that_no_column_holds_leads_nowhere(
    app: Flask, client: FlaskClient, number: str
) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) >= 3
    for rule in rules:
        path = re.sub(r"<int:\w+>", number, rule)
        for variable, layer in LAYERS.items():
            path = path.replace(variable, layer)
        assert client.get(path, query_string={"from": "1"}).status_code == 404, path


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ff", "%ed%a0%80", "x" * 5000, "%F0%9F%98%80"])
def test_a_code_that_is_no_text_of_the_database_is_not_found(
    app: Flask, client: FlaskClient, text: str
) -> None:
    """Every read with a text in its path says that there is no such thing, never that we broke."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and re.search(r"<(string:)?\w+>", rule.rule)
    ]
    assert len(rules) >= 8
    for rule in rules:
        path = re.sub(r"<(string:)?\w+>", text, rule.rule)
        path = re.sub(r"<programme_year:\w+>", "2026", path)
        path = re.sub(r"<int:\w+>", "1", path)
        path = re.sub(r"<any[^>]*>", "proposals", path)
        path = re.sub(r"<uuid:\w+>", "0190f1d2-0000-7000-8000-000000000000", path)
        assert client.get(path).status_code in (401, 404, 406, 422), path
