"""HTML made of elements: what is not markup is escaped when it enters one, so no corpus text can pass as markup."""

from __future__ import annotations

import json
import re
from html import escape as _escaped
from typing import Any

_VOID = frozenset({"input", "meta"})
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_UNSEEN = re.compile(
    "([\n\t\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028\u2029\u202f\u205f-\u2065\u3000\u3164\ufeff])"
)
_SIGNS = {"\n": "↵", "\t": "⇥"}


class Markup(str):
    """Text that is HTML already. Only this module and constants in the source make it, never data."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text with signs for what a page must not hold: control characters, bidi overrides, surrogates."""
    return _UNSHOWABLE.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number < 0x20:
        return chr(0x2400 + number)
    return "\u2421" if number == 0x7F else f"⟨U+{number:04X}⟩"


def escape(text: str) -> Markup:
    """The one way from text to markup. Markup stays as it is."""
    return text if isinstance(text, Markup) else Markup(_escaped(visible(text)))


def element(name: str, /, *children: str, **attributes: str | int | bool | None) -> Markup:
    """One element. `class_` and `data_code` become `class` and `data-code`; False and None leave an attribute out."""
    parts = ["<", name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        parts.append(f" {key.rstrip('_').replace('_', '-')}")
        if value is not True:
            parts.append(f'="{_escaped(visible(str(value)))}"')
    parts.append(">")
    if name not in _VOID:
        parts += (*map(escape, children), f"</{name}>")
    return Markup("".join(parts))


def joined(*parts: str) -> Markup:
    """Parts one after the other, without an element around them."""
    return Markup("".join(map(escape, parts)))


def data_block(data: Any, **attributes: str) -> Markup:
    """Data for the page's script: JSON that no parser can take for markup."""
    text = json.dumps(showable(data), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return element("script", Markup(text), type="application/json", **attributes)


def showable(data: Any) -> Any:
    """JSON data with every text in it made visible."""
    match data:
        case str():
            return visible(data)
        case dict():
            return {visible(str(key)): showable(value) for key, value in data.items()}
        case list() | tuple():
            return [showable(value) for value in data]
        case _:
            return data


def marked(text: str) -> Markup:
    """Changed text: line breaks, tabs and characters nobody sees carry a sign that the style sheet can show."""
    parts = _UNSEEN.split(text)
    for at in range(1, len(parts), 2):
        parts[at] = element("span", parts[at], class_="sign", data_sign=_name(parts[at]))
    return joined(*parts)


def spelled(text: str, limit: int) -> str:
    """Changed text as plain text with the same signs, cut to about `limit` characters."""
    more = len(text) - limit
    text = text if more <= limit // 10 else text[:limit]
    cut = f" … and {more:,} more characters" if more > limit // 10 else ""
    text = text.replace(" ", "·") if text.isspace() else text
    return visible(_UNSEEN.sub(lambda m: "↵\n" if m[0] == "\n" else _name(m[0]), text)) + cut


def _name(character: str) -> str:
    return _SIGNS.get(character, f"⟨U+{ord(character):04X}⟩")


def counted(number: int, noun: str) -> str:
    """A number and its noun: 1 change, 1,204 changes."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
