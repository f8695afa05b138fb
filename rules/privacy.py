"""PII: addresses and numbers that lead to a person, written over with what they are. Off unless selected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from cleaner.rule import rule
from cleaner.text import Document, Edit

EMAIL, ADDRESS, PHONE, IBAN, CARD = "[EMAIL]", "[IP ADDRESS]", "[PHONE]", "[IBAN]", "[CARD NUMBER]"
"""What stands for each kind, the same in every document and shard. Nothing of the value is in it, no digest either: a
phone number can be guessed from its digest in a minute."""

Pattern = re.Pattern[str]


def _written_over(
    text: str, pattern: Pattern, holds: Callable[[re.Match[str]], bool], by: str, what: str
) -> Iterator[Edit]:
    for found in pattern.finditer(text):
        if holds(found):
            yield Edit(found.start(), found.end(), by, what)


_LETTERS = r"A-Za-z0-9\u00c0-\u024f"
"""Latin letters only: Chinese and Japanese set no blank between an address and the word before it."""
_EMAIL = re.compile(
    rf"(?<![{_LETTERS}_.+%/@-])[{_LETTERS}_+%-][{_LETTERS}_.+%-]{{0,63}}@(?:[{_LETTERS}-]{{1,63}}\.){{1,8}}"
    rf"([A-Za-z]{{2,24}})(?![{_LETTERS}_@-])(?!:[\w~/])"
)
_FILES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "css", "js", "pdf", "mp3", "mp4"})
"""Endings of files that are named like addresses: logo@2x.png."""


@rule(
    "PII001",
    "email-address",
    fixes={
        "Write to jane.roe@example.org.": "Write to [EMAIL].",
        "电子邮件jane.roe@example.org。": "电子邮件[EMAIL]。",
        "Kontakt: jörg@bücher.example, mailto:a+b@mail.example.co.uk": "Kontakt: [EMAIL], mailto:[EMAIL]",
    },
    keeps=[
        "logo@2x.png",
        "@janeroe said",
        "git@example.org:team/project.git",
        "3 kg @ 5.00",
        "user@localhost",
        "a@b@c.de",
    ],
    default=False,
)
def email_address(document: Document) -> Iterator[Edit]:
    """Write [EMAIL] for an e-mail address.

    An address leads to a person, and nothing else in a text looks like one. Image names with @2x, addresses of
    repositories and of machines without a domain stay.
    """
    if "@" in document.text:
        yield from _written_over(
            document.text, _EMAIL, lambda found: found[1].lower() not in _FILES, EMAIL, "an e-mail address"
        )


_IPV4 = re.compile(r"(?<![\w.:/-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)", re.ASCII)
_IPV6 = re.compile(r"(?<![\w:.])[23][0-9A-Fa-f]{3}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])", re.ASCII)
_VERSION = re.compile(
    r"(?:version|ver\.?|v\.?|release|build|firmware|software|update|patch|section|chapter|§)[ :]{0,2}$"
)
_SMALL = 10


@rule(
    "PII002",
    "ip-address",
    fixes={
        "The edit came from 81.2.69.142.": "The edit came from [IP ADDRESS].",
        "at 2a00:1450:4001:81b::200e today": "at [IP ADDRESS] today",
    },
    keeps=[
        "the router at 192.168.0.1 and 10.0.0.7, the machine itself is 127.0.0.1",
        "the netmask 255.255.255.0",
        "version 81.2.69.142 of the browser, Chrome/81.2.69.142",
        "1.2.3.4 Scope of the rules",
        "in Lucee 5.3.6.61",
        "on 01.02.03.04",
        "the object 2.16.840.1.113883",
        "at 12:30:45 in the ratio 2001:2:3",
        "the documentation says 2001:db8::1 and 203.0.113.9",
    ],
    default=False,
)
def ip_address(document: Document) -> Iterator[Edit]:
    """Write [IP ADDRESS] for a public IP address.

    It leads to a household. Private, reserved and documentation addresses lead nowhere and stay, and so do version
    numbers: those behind such a word or a slash, and those of three single digits or more.
    """
    text = document.text
    yield from _written_over(text, _IPV4, lambda found: _is_public(found, text), ADDRESS, "a public IP address")
    if ":" in text:
        yield from _written_over(text, _IPV6, _is_public_too, ADDRESS, "a public IP address")


def _is_public(found: re.Match[str], text: str) -> bool:
    try:
        address = IPv4Address(found[0])
    except AddressValueError:
        return False
    if sum(part < _SMALL for part in address.packed) >= 3 or _VERSION.search(
        text[max(0, found.start() - 12) : found.start()].lower()
    ):
        return False
    return address.is_global and not address.is_multicast


def _is_public_too(found: re.Match[str]) -> bool:
    try:
        return IPv6Address(found[0]).is_global
    except AddressValueError:
        return False


_PHONE = re.compile(r"(?<![\w+.])\+[1-9](?:[ .()/\u00a0-]{0,3}\d){7,14}(?!\w|[.,-]\d)", re.ASCII)
_THOUSANDS = re.compile(r"\+\d{1,3}(?:[ .\u00a0]\d{3})+")
_UNIT = re.compile(r"\s?(?:[%€$£¥]|(?:euros?|dollars?|USD|EUR|GBP|percent|million|Mio)\b)")
_CALLING = re.compile(
    r"1|7|2(?:0|7|[1234569]\d)|3(?:[0-469]|[578]\d)|4(?:[013-9]|2\d)|5(?:[1-8]|[09]\d)|6(?:[0-6]|[789]\d)"
    r"|8(?:[1246]|[058]\d)|9(?:[0-58]|[679]\d)"
)
"""Calling codes as ITU-T E.164 assigns them, by group."""
_EXACT = {"1": 11, "7": 11}
_DIGITS = range(9, 16)
"""Digits of a number with its calling code: 15 is the most that E.164 allows; fewer than 9 are sums and scores."""


@rule(
    "PII003",
    "phone-number",
    fixes={
        "Call +49 30 901820 now.": "Call [PHONE] now.",
        "Tel. +1 (212) 555-0123, +44 20 7946 0958": "Tel. [PHONE], [PHONE]",
        "Tel.:+33 1 99 00 12 34": "Tel.:[PHONE]",
    },
    keeps=[
        "It grew by +12 500 000 to 80 million.",
        "The place lies at +48.8583701, +2.2944813.",
        "+250 000 000 euros",
        "2 +1234567890",
        "call 555-0123",
        "at 10:00 +0200",
        "+1 234 567",
    ],
    default=False,
)
def phone_number(document: Document) -> Iterator[Edit]:
    """Write [PHONE] for a phone number in international format, with + and a calling code.

    A number without + may be anything, and stays. So do sums in thousands, decimals, and what has more or fewer digits
    than a number with that code.
    """
    if "+" in document.text:
        text = document.text
        yield from _written_over(text, _PHONE, lambda found: _is_phone(found, text), PHONE, "a phone number")


def _is_phone(found: re.Match[str], text: str) -> bool:
    digits = re.sub(r"\D", "", found[0])
    code = _CALLING.match(digits)
    if not code or len(digits) not in _DIGITS or len(digits) != _EXACT.get(code[0], len(digits)):
        return False
    is_sum = _THOUSANDS.fullmatch(found[0]) and digits.endswith("000")
    is_decimal = found[0].count(".") == 1 and re.fullmatch(r"\+\d+\.\d+", found[0])
    return not (is_sum or is_decimal or _UNIT.match(text, found.end()))


_IBAN = re.compile(
    r"(?<![\w-])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?(?![\w-])", re.ASCII
)
_LENGTHS = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ TL",
        24: "AD CZ DZ ES MD PK RO SA SE SK TN VG", 25: "PT", 26: "IS TR", 27: "FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB PL", 29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC",
    }.items()
    for code in codes.split()
}  # fmt: skip
"""Characters of an account number by country, as the register of ISO 13616 has them."""


@rule(
    "PII004",
    "iban",
    fixes={"Donate to DE89 3704 0044 0532 0130 00.": "Donate to [IBAN].", "GB82WEST12345698765432": "[IBAN]"},
    keeps=[
        "DE89 3704 0044 0532 0130 01",
        "GB82WEST1234569876543",
        "ISBN 978-3-16-148410-0",
        "FLIGHT AB12 CDEF GHIJ KLMN",
    ],
    default=False,
)
def iban(document: Document) -> Iterator[Edit]:
    """Write [IBAN] for a bank account number.

    Country, length and the two check digits (ISO 7064, modulo 97) must agree: of a hundred strings of that form, one
    would pass by chance.
    """
    yield from _written_over(document.text, _IBAN, _is_iban, IBAN, "a bank account number")


def _is_iban(found: re.Match[str]) -> bool:
    number = re.sub(r"\s", "", found[0])
    if _LENGTHS.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


_CARD = re.compile(r"(?<![\w/=.,+#-])\d(?:[ -]?\d){12,18}(?![\w-]|[.,]\d)", re.ASCII)
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
)
_GROUPS = re.compile(r"\d+|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5}")


@rule(
    "PII005",
    "card-number",
    fixes={"Card 4111 1111 1111 1111 was used.": "Card [CARD NUMBER] was used.", "378282246310005": "[CARD NUMBER]"},
    keeps=[
        "4111 1111 1111 1112",
        "https://example.org/status/4111111111111111",
        "between 4111111111111111.5 and more",
        "9999 9999 9999 9995",
        "41 11 11 11 11 11 11 11",
    ],
    default=False,
)
def card_number(document: Document) -> Iterator[Edit]:
    """Write [CARD NUMBER] for the number of a payment card.

    Issuer, length, grouping and the check digit (ISO 7812, Luhn) must agree. Numbers inside addresses stay.
    """
    yield from _written_over(document.text, _CARD, _is_card, CARD, "a card number")


def _is_card(found: re.Match[str]) -> bool:
    number = re.sub(r"\D", "", found[0])
    return bool(_GROUPS.fullmatch(found[0]) and _ISSUER.fullmatch(number)) and passes_luhn(number)


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    doubled = (2 * int(digit) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(d - 9 * (d > 9) for d in doubled)) % 10 == 0
