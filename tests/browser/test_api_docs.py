"""The API's documentation in a real browser: drawn from our own files alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_the_documentation_is_drawn_without_any_other_host(desktop: Visit) -> None:
    page = desktop.page
    page.goto(f"{desktop.base}/api/docs")
    expect(page.get_by_role("heading", name="Dongne")).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()
    assert (desktop.complaints, desktop.other_hosts) == ([], [])
