"""axe-core in an open page: what somebody who cannot see, or has no mouse, would stumble over."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.end_to_end.browser import CHROMIUM

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
IMPACTS = ("serious", "critical")
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
MISSING = [
    need for need, there in (("npm ci", AXE.is_file()), ("chromium", bool(CHROMIUM))) if not there
]
needs_axe = pytest.mark.skipif(
    bool(MISSING) and "CI" not in os.environ, reason=f"missing: {', '.join(MISSING)}"
)
"""On a machine without Chromium or axe-core a test is skipped; in CI it fails."""


def findings(page: Page) -> list[str]:
    """The serious and critical findings, each with the element that it is about."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in page.evaluate(RUN)
        if rule["impact"] in IMPACTS
        for node in rule["nodes"]
    ]
