"""Bytes to text and back, exactly: encoding, byte-order mark, newlines and undecodable bytes are facts about a file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOM_OF = {name: mark for mark, name in _BOMS}
ENCODINGS = frozenset({*(name for _, name in _BOMS), "cp1252"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_BINARY_WINDOW = 8000
"""Like git: a NUL among the first 8,000 bytes of a file that is not UTF-16 or UTF-32 makes it binary."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and everything else that is needed to write the same bytes again.

    `newline` is the file's one line ending, or "" when it has several kinds (they then stand in the text). `holes` are
    (offset, code): places of the text that hold a stand-in for bytes or surrogates that are no text.
    """

    text: str
    encoding: str = "utf-8"
    bom: bool = False
    newline: str = "\n"
    final_newline: bool = True
    holes: tuple[tuple[int, int], ...] = ()
    tail: bytes = b""

    def facts(self) -> dict[str, Any]:
        """The facts as JSON values, usual ones left out."""
        facts: dict[str, Any] = {"encoding": self.encoding}
        if self.bom:
            facts["bom"] = True
        if self.newline != "\n":
            facts["newline"] = self.newline
        if not self.final_newline:
            facts["final_newline"] = False
        if self.holes:
            facts["holes"] = [[at, f"{code:04x}"] for at, code in self.holes]
        if self.tail:
            facts["tail"] = self.tail.hex()
        return facts


def from_facts(text: str, facts: Mapping[str, Any]) -> Decoded:
    """Put a text together with the facts that `Decoded.facts` gave. Raises ValueError when they make no sense."""
    try:
        encoding = codecs.lookup(str(facts["encoding"])).name
        holes = tuple((int(at), int(code, 16)) for at, code in facts.get("holes", ()))
        tail = bytes.fromhex(facts.get("tail", ""))
        spaces = all(at >= 0 and 0xD800 <= code <= 0xDFFF for at, code in holes)
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"encoding facts that cannot be read: {facts!r}") from error
    if not spaces or encoding not in ENCODINGS:
        raise ValueError(f"encoding facts that make no sense: {facts!r}")
    return Decoded(
        text,
        encoding,
        bool(facts.get("bom")),
        str(facts.get("newline", "\n")),
        bool(facts.get("final_newline", True)),
        holes,
        tail,
    )


def decode(data: bytes) -> Decoded:
    """Decode any bytes; never raises. `encode(decode(data)) == data` for every input."""
    encoding, bom = _encoding(data)
    body = data[len(_BOM_OF[encoding]) :] if bom else data
    width = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    cut = len(body) - len(body) % width
    text = body[:cut].decode(encoding, _errors(encoding))
    newline = _newline(text)
    if newline not in ("\n", ""):
        text = text.replace(newline, "\n")
    final = text.endswith("\n")
    if final:
        text = text[:-1]
    holes = tuple((m.start(), ord(m.group())) for m in _SURROGATE.finditer(text))
    if holes:
        text = _SURROGATE.sub(lambda m: _stand_in(ord(m.group())), text)
    return Decoded(text, encoding, bom, newline, final, holes, body[cut:])


def encode(decoded: Decoded) -> bytes:
    """The bytes of a decoded file. Raises ValueError when the text has changed so that a hole is outside it."""
    text = decoded.text
    if decoded.holes:
        characters = list(text)
        for at, code in decoded.holes:
            if at >= len(characters):
                message = f"an undecodable byte belongs at {at}, in a text of {len(characters)} characters"
                raise ValueError(message)
            characters[at] = chr(code)
        text = "".join(characters)
    if decoded.final_newline:
        text += "\n"
    if decoded.newline not in ("\n", ""):
        text = text.replace("\n", decoded.newline)
    body = text.encode(decoded.encoding, _errors(decoded.encoding)) + decoded.tail
    return _BOM_OF[decoded.encoding] + body if decoded.bom else body


FOREIGN = 0.35
"""Share of letters outside ASCII from which a text read as Windows-1252 is in another encoding: French has .04 of them,
Vietnamese in Latin letters .25, Russian or Greek read so nearly 1."""


def is_plausible(decoded: Decoded) -> bool:
    """Whether a text that was read as Windows-1252, the last resort, can be that."""
    if decoded.encoding != "cp1252" or not decoded.text:
        return True
    letters = sum(map(str.isalpha, decoded.text))
    high = sum(character > "\x7f" for character in decoded.text)
    return high <= FOREIGN * max(letters, 12)


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text at all."""
    return b"\0" in data[:_BINARY_WINDOW] and not _encoding(data)[0].startswith(("utf-16", "utf-32"))


def _encoding(data: bytes) -> tuple[str, bool]:
    for mark, name in _BOMS:
        if data.startswith(mark) and (not name.startswith("utf-32") or _is_strict(data[4:], name)):
            return name, True
    if _is_strict(data, "utf-8"):
        if b"\0" in data and (wide := _wide(data)):
            return wide, False
        return "utf-8", False
    if wide := _wide(data):
        return wide, False
    return ("utf-8" if _mostly_utf8(data) else "cp1252"), False


def _is_strict(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """UTF-16 without a byte-order mark: most characters of the usual scripts have a NUL as one of their two bytes."""
    sample = data[:_BINARY_WINDOW]
    half = len(sample) // 2
    if half < 2:
        return ""
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > 0.4 * half and low < 0.05 * half:
        return "utf-16-le"
    if low > 0.4 * half and high < 0.05 * half:
        return "utf-16-be"
    return ""


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes outside ASCII are more often valid UTF-8 sequences than not."""
    escaped = data.decode("utf-8", "surrogateescape")
    broken = len(_SURROGATE.findall(escaped))
    return sum(character > "\x7f" for character in escaped) - broken > broken


def _errors(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _newline(text: str) -> str:
    returns = text.count("\r")
    if not returns:
        return "\n"
    feeds, pairs = text.count("\n"), text.count("\r\n")
    if pairs == feeds == returns:
        return "\r\n"
    return "\r" if not feeds else ""


def _stand_in(code: int) -> str:
    """What a hole shows: the cp1252 reading of a stray byte where there is one, else U+FFFD."""
    if 0xDC80 <= code <= 0xDCFF:
        return bytes([code - 0xDC00]).decode("cp1252", "replace")
    return "\ufffd"
