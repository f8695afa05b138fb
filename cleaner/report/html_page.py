"""What all pages share: their head with its content-security policy, and the figures at their top."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from cleaner.report.html_element import Markup, element


def head(title: str, style: Markup, script: Markup | None = None) -> Markup:
    """The head of a page in which only this style sheet and this script work, by their digests."""
    scripts = f"script-src {_digest(script)}; " if script is not None else ""
    policy = f"default-src 'none'; style-src {_digest(style)}; {scripts}base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", style),
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def figure(label: str, number: str, detail: str) -> Markup:
    """One large number with what it counts."""
    return element("div", element("dt", label), element("dd", element("b", number), element("span", detail)))
