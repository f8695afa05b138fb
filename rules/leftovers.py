"""PUN: what template engines and content systems left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase, digits

from cleaner.code import is_about_code, is_code
from cleaner.rule import rule
from cleaner.segment import line_around, whole
from cleaner.text import Document, Edit

NAMES = (
    "caption|wp_caption|gallery|embed|audio|video|playlist|vc_[a-z_]+|et_pb_[a-z_]+|su_[a-z_]+|fusion_[a-z_]+|the_ad|"
    "the_ad_placement|contact-form(?:-7)?|wpdiscuz[a-z_]*|adrotate|shareaholic|post-views|lz_[a-z_]+|gravityform|"
    "tweet|soundcloud|youtube|vimeo|instagram|googlemaps|slideshare|toc|sc_[a-z_]+|elementor-template|wpforms|mc4wp_form|"
    "rev_slider|metaslider|ngg_[a-z]+|nggallery|button|columns?|one_half|one_third|two_third|divider|spacer|dropcap|"
    "pullquote|expand|read_more|social_share|easy-tweet|bctt|ad|adsense|related_posts|newsletter|mailpoet_form"
)
ATTRIBUTE = r"\s+[\w-]{1,30}\s?=\s?(?:[\"'”“″][^\"'”“″\]\n]{0,300}[\"'”“″]|[^\s\]]{1,300})"
SHORTCODE = re.compile(
    rf"\[/?(?P<name>{NAMES})(?P<attributes>(?:{ATTRIBUTE}){{0,20}}(?:\s+[^\]=\n]{{1,80}})?)\s?/?\]|"
    rf"\[(?P<other>[a-z][a-z0-9]*[_-][a-z0-9_-]{{1,40}})(?:{ATTRIBUTE}){{1,20}}\s?/?\]"
)
PLAIN = re.compile(r"[a-z]+")


@rule(
    "PUN011",
    "shortcodes",
    fixes={
        'The bridge is open.\n[caption id="attachment_5" width="300"]The old bridge[/caption]\nIt rained.': (
            "The bridge is open.\nThe old bridge\nIt rained."
        ),
        'They left.\n[share_block app="buttons" id="208"]\nIt rained.': "They left.\nIt rained.",
        "They left.\n[post-views]\nIt rained.": "They left.\nIt rained.",
    },
    keeps=[
        "He said: [video] is what they call it, [sic] and [3].",
        "[applause]\nThey left.",
        "In a shortcode of WordPress, write [gallery id=5] to show a gallery.",
        'set [data_id="5"] in the CSS of the page, in HTML and in JavaScript alike',
        "They [the_people] of the town left.",
    ],
    needs=[f"[{character}" for character in ascii_lowercase + "/"],
)
def shortcodes(document: Document) -> Iterator[Edit]:
    """Drop tags of a content system that were shown as text, and keep what they enclose: [caption id="5"].

    The plugin that would have read them is gone. A word in brackets may be the author's, so a tag needs attributes, a
    closing partner, or a line of its own; texts about code and shortcodes keep theirs.
    """
    text = document.text
    found = list(SHORTCODE.finditer(text))
    if not found or is_about_code(text) or TALK.search(text):
        return
    closed = {match["name"] for match in found if match[0].startswith("[/")}
    for match in found:
        line = line_around(text, match.start(), match.end())
        alone = line.text.strip() == match[0]
        known = bool(match["name"]) and (match["name"] in closed or (alone and not PLAIN.fullmatch(match["name"])))
        if not (match["other"] or "=" in (match["attributes"] or "") or known):
            continue
        start, end = whole(text, line) if alone else (match.start(), match.end())
        yield Edit(start, end, "", "a tag of a content system that was not read")


TALK = re.compile(r"\bshort ?codes?\b|\bbbcode\b|\bWordPress\b", re.IGNORECASE)

PLACEHOLDER = re.compile(
    r"[{%\[$](?:(?<=\{)\{[^{}\n]{1,60}\}\}|(?<=\{)%[^%{}\n]{1,60}%\}|(?<=\$)\{[A-Za-z][\w.]{0,40}\}|"
    r"(?<=%)(?:\d?\$?[sd]\b|[a-z]+_[a-z_]+%)|(?<=\[)object Object\])"
)


@rule(
    "PUN012",
    "template-placeholders",
    fixes={
        "The bridge is open.\n{{ title }} {{price}}\nIt rained.": "The bridge is open.\nIt rained.",
        "The bridge is open.\n[object Object]\nIt rained.": "The bridge is open.\nIt rained.",
    },
    keeps=[
        "We write {{ title }} in the template, and %s in the text.",
        "In Python, a template engine such as Jinja reads a variable:\n{{ title }}\nThis is all.",
        "A 5%discount for all.",
        "{\n{{ title }}\n}\nfoo();\nbar {",
        "person:\n    {{ person }}\nand more",
        "{% if person %}\n{{ person }}\n{% endif %}",
    ],
    needs=["{{", "{%", "${", "[object Object]", *(f"%{character}" for character in ascii_lowercase + digits + "$")],
)
def template_placeholders(document: Document) -> Iterator[Edit]:
    """Drop a line of nothing but placeholders that no template engine filled: "{{ title }}".

    Only whole lines go; inside a sentence the place where words are missing is reported. Texts about code keep theirs.
    """
    text = document.text
    found = list(PLACEHOLDER.finditer(text))
    if not found or is_about_code(text):
        return
    done = -1
    for match in found:
        line = line_around(text, match.start(), match.end())
        if line.start == done:
            continue
        rest = PLACEHOLDER.sub("", line.text)
        if not _WORD.search(rest) and "{%" not in text and not line.text[:1].isspace():
            done = line.start
            start, end = whole(text, line)
            yield Edit(start, end, "", "a placeholder that was not filled, and nothing else")
        elif _WORD.search(rest) and not is_code(rest):
            yield Edit(match.start(), match.end(), None, "a placeholder that was not filled")


_WORD = re.compile(r"\w")


PROTECTED = re.compile(r"\[\s?email(?:\s|&#160;|&nbsp;){0,3}protected ?\]", re.IGNORECASE)


@rule(
    "PUN013",
    "protected-address",
    fixes={},
    keeps=["His email is protected [by law].", "Write to me@example.org."],
    safety="report",
    needs=["protected]", "protected ]"],
)
def protected_address(document: Document) -> Iterator[Edit]:
    """Report "[email protected]": an address that a server hid from programs.

    What it was stands in an attribute of the page, not in its text; get it from there. The sentence around it stays.
    """
    for found in PROTECTED.finditer(document.text):
        yield Edit(found.start(), found.end(), None, "an e-mail address was hidden here")
