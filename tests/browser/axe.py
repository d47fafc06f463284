"""What axe-core finds on a page that keeps somebody out: who does not see it, or works without a mouse."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES = {"light": "paper", "dark": "night"}
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"


def found_on(page: Page, rules: list[str] = RULES) -> list[str]:
    """One line for each element that breaks a rule, or a rule of such a tag; empty where nothing is wrong."""
    # The page's policy forbids script tags; what the debugger evaluates is not bound by it.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
    return [
        f"{rule['id']}: {' '.join(map(str, place['target']))}: {place['failureSummary']}"
        for rule in found["violations"]
        for place in rule["nodes"]
    ]


def themes(page: Page) -> Iterator[str]:
    """The page in light, then in dark, with nothing still fading from one to the other."""
    page.add_style_tag(content=STILL)
    for name, theme in THEMES.items():
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        yield name


def found_in_both_themes(page: Page) -> list[str]:
    return [f"{theme}: {line}" for theme in themes(page) for line in found_on(page)]
