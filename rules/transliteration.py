"""SUB: German and French letters that a tool wrote for other ones, or without their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from cleaner.language import language
from cleaner.lexicon import english, listed
from cleaner.rule import rule
from cleaner.text import Document, Edit
from cleaner.vocabulary import vocabulary

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
NAMES = ("Israel", "Michael", "Raphael", "Samuel", "Manuel", "Emanuel", "Ismael", "Aero")
"""Beginnings of names and words in which no umlaut was ever right."""
NEVER = re.compile("[aeq]ü", re.IGNORECASE)
"""Letters that never meet in a German word."""
SHORTEST = 3
LONGEST = 40
"""Letters of the shortest and the longest word that is looked at."""


@rule(
    "SUB004",
    "forced-umlauts",
    fixes={
        "Die neün Zahlen sind aktüll, sagte er am Montag in Isräl, und das ist gut so für alle in der Stadt.": (
            "Die neuen Zahlen sind aktuell, sagte er am Montag in Israel, und das ist gut so für alle in der Stadt."
        ),
    },
    keeps=[
        "Für die Häuser in München ist der Müll ein Übel, sagte Söder am Montag in der großen Stadt.",
        "Zoë and Noël met Brünhild in Zürich; the naïve fräulein of the house left for the town.",
        "Das Söderblöm und der Küngür sind keine Wörter, aber das ist nicht schlimm für uns alle hier.",
    ],
    needs=list(UMLAUTS),
)
def forced_umlauts(document: Document) -> Iterator[Edit]:
    """Write ae, oe and ue where a tool put an umlaut for letters that were none: "aktüll" was "aktuell".

    It replaced every "ue" by "ü", also where two letters met. A word of a German text that no list has becomes the
    listed one that differs in one such place; words that a list has stay. A capitalised one that stands
    alone in its text may be a family name: it is doubtful unless German has no such letters ("Traür").
    """
    text = document.text
    odd = [word for word in vocabulary(text) if not UMLAUTS.keys().isdisjoint(word)]
    if not odd or language(text) != "de":
        return
    mended = {word: after for word in odd if (after := _without_one_umlaut(word))}
    proven = len({word.lower() for word in mended}) > 1
    for edit in _replaced(text, mended, 'an umlaut was put for two letters: "{after}" is a word, "{word}" is none'):
        after = edit.after or ""
        written = text[edit.start : edit.end]
        doubtful = not (proven or written.islower() or after.startswith(NAMES) or NEVER.search(written))
        yield Edit(edit.start, edit.end, after, edit.because, (), doubtful=doubtful)


@lru_cache(maxsize=1 << 14)
def _without_one_umlaut(word: str) -> str:
    """The one listed word that a word is with a pair of letters for one umlaut; empty when it is listed itself."""
    if not SHORTEST <= len(word) <= LONGEST or _is_german(word):
        return ""
    made = {word[:at] + UMLAUTS[c] + word[at + 1 :] for at, c in enumerate(word) if c in UMLAUTS}
    known = [after for after in made if _is_german(after)]
    return known[0] if len(known) == 1 else ""


def _is_german(word: str) -> bool:
    """Whether a word is listed as it stands, or in lower case; names are looked up in the English list too."""
    known = listed("de")
    return word in known or word.lower() in known or (word[:1].isupper() and word in english().levels)


DIGRAPHS = {"ae": "ä", "oe": "ö", "ue": "ü", "Ae": "Ä", "Oe": "Ö", "Ue": "Ü", "ss": "ß"}
FAMILIES = frozenset(
    (
        "Mueller", "Schroeder", "Schaefer", "Krueger", "Koehler", "Boehm", "Moeller", "Huebner", "Goetz",
        "Hoefer", "Guenther", "Guenter", "Goebel", "Foerster", "Koerner", "Kuehn", "Luedtke", "Loeffler",
        "Roessler", "Schaeffler", "Schoenberg", "Schuetz", "Stroebel", "Voelker", "Buehler", "Doering",
        "Froehlich", "Haeusler", "Hoess", "Kaestner", "Roesler", "Goebbels", "Goering", "Goethe",
    )
)  # fmt: skip
"""Family names that people do spell so."""
DIGRAPH = re.compile("|".join(DIGRAPHS))
DIFFERENT = 3
"""Different words that must be mended before a text counts as written so throughout."""
MOST_PLACES = 4


@rule(
    "SUB005",
    "written-out-umlauts",
    fixes={
        "Der Praesident sagte, es sei fuer alle moeglich, ueber die neuen Haeuser zu sprechen, und das ist aktuell.": (
            "Der Präsident sagte, es sei für alle möglich, über die neuen Häuser zu sprechen, und das ist aktuell."
        ),
    },
    keeps=[
        "Fuer ihn war das nichts, sagte er, und ging über die Straße nach Hause, weil es so spät war und moeglich.",
        "Der neue Kollege steuerte aktuell das Boot durch den Nebel, und alle waren sehr zufrieden damit.",
        "Because of the value of the house they argue: fuer Elise is a piece, and ueber is a word of the young.",
    ],
    needs=[
        "fuer", "Fuer", "ueber", "Ueber", "koenn", "muess", "wuerd", "waere", "haett", "waehr", "naechst", "spaet",
        "frueh", "schoen", "zurueck", "fuenf", "moeg", "natuerlich", "Laend", "Praes", "gehoer", "fuehr", "staendi",
    ],
)  # fmt: skip
def written_out_umlauts(document: Document) -> Iterator[Edit]:
    """Write umlauts in a German text that spells all of them out: "fuer" is "für".

    A system that knew only ASCII left them. Only a text without a single umlaut or ß is touched, when several different
    words that no list has are listed ones with umlauts; whatever a list has ("neue", "Israel") stays. Family names that
    people do spell so, and ss for ß, which is right in Switzerland, are doubtful.
    """
    text = document.text
    if any(letter in text for letter in "äöüÄÖÜß") or language(text) != "de":
        return
    mended = {
        word: after for word in set(_WORD.findall(text)) if DIGRAPH.search(word) and (after := _with_umlauts(word))
    }
    if len({word.lower() for word in mended}) < DIFFERENT:
        return
    for edit in _replaced(text, mended, '"{word}" spells out the umlaut of "{after}", as the whole text does'):
        written, after = text[edit.start : edit.end], edit.after or ""
        doubtful = written in FAMILIES or written.count("ss") > after.count("ss")
        yield Edit(edit.start, edit.end, after, edit.because, (), doubtful=doubtful)


@lru_cache(maxsize=1 << 14)
def _with_umlauts(word: str) -> str:
    """The one listed word that a word is with umlauts for some of its ae, oe and ue."""
    places = [found.start() for found in DIGRAPH.finditer(word)]
    if len(word) > LONGEST or len(places) > MOST_PLACES or _is_german(word):
        return ""
    made = set()
    for chosen in product((False, True), repeat=len(places)):
        after = word
        for at, take in sorted(zip(places, chosen, strict=True), reverse=True):
            if take:
                after = after[:at] + DIGRAPHS[after[at : at + 2]] + after[at + 2 :]
        made.add(after)
    made.discard(word)
    known = [after for after in made if _is_german(after)] or [after for after in made if _is_compound(after)]
    return known[0] if len(known) == 1 and not _is_compound(word) else ""


def _is_compound(word: str) -> bool:
    """Whether a word is two listed ones put together, with an s between or without."""
    known = listed("de")
    for at in range(SHORTEST + 1, len(word) - SHORTEST):
        tail = word[at:]
        if tail in known or tail.capitalize() in known:
            head = word[:at].lower()
            for part in (head, head.removesuffix("s")):
                if part in known or part.capitalize() in known:
                    return True
    return False


ACCENTS = {"fr": "éèêëàâçùûîïôœÉÈÊÀÇÔŒ", "de": "äöüßÄÖÜ"}
LOST = 4
"""Different words without their accents from which a text is said to have lost all."""
JUDGED = 200
"""Characters from which a text without any accent says something."""


@rule(
    "SUB006",
    "lost-accents",
    fixes={
        (
            "Le president de la republique a declare hier que les francais et les europeens sont prets, a la fin de "
            "la journee, pour une decision sur la securite et la liberte dans tous les pays de la region, dit-il."
        ): (
            "Le président de la république a declare hier que les français et les européens sont prêts, a la fin de "
            "la journée, pour une décision sur la sécurité et la liberté dans tous les pays de la région, dit-il."
        )
    },
    keeps=[
        "Le maire est parti hier avec ses amis pour la ville, et tout le monde est content de son retour au pays.",
        "Le président a dit que la republique et la securite des europeens sont en danger, et la decision est prise.",
        "The president of the republic is in the region for a decision on security and on the liberty of the town.",
    ],
    safety="unsafe",
    needs=[" les ", " des ", " est ", " und ", " der ", " die "],
)
def lost_accents(document: Document) -> Iterator[Edit]:
    """Put accents and umlauts back into a French or German text that lost every one: "securite" was "sécurité".

    Only a text without a single accent is touched, and only words that no list has and that one listed word explains.
    Not safe: words that exist both ways ("a" and "à", "schon" and "schön") stay as they are, so the text stays mixed.
    """
    text = document.text
    if len(text) < JUDGED or not text.isascii():
        return
    code = language(text)
    if code not in ACCENTS:
        return
    bare = _bare(code)
    mended = {}
    for word in set(_WORD.findall(text)):
        after = bare.get(word.lower(), "")
        plain = (word.islower() or word.istitle()) and len(word) >= SHORTEST + (code == "fr")
        if after and plain and word not in listed(code) and word.lower() not in listed(code):
            mended[word] = after if word.islower() else after.capitalize()
    if len(mended) >= LOST:
        yield from _replaced(text, mended, '"{word}" is "{after}" without its accents, as the whole text is')


@cache
def _bare(code: str) -> dict[str, str]:
    """The words of a language that have accents, by what they are without; those that two words share are left out."""
    marks = set(ACCENTS[code])
    lowered = "\n".join(word for word in listed(code) if not word.isascii() and not marks.isdisjoint(word)).lower()
    found: dict[str, str] = {}
    for word, bare in zip(lowered.split("\n"), _stripped(lowered).split("\n"), strict=True):
        found[bare] = word if found.setdefault(bare, word) == word else ""
    return found


def _stripped(words: str) -> str:
    plain = unicodedata.normalize("NFD", words.replace("œ", "oe").replace("ß", "ss"))
    return _COMBINING.sub("", plain)


_COMBINING = re.compile("[\u0300-\u036f]")


SEPARATE = (
    "coeff",
    "coexi",
    "coerc",
    "coenz",
    "coent",
    "moell",
    "noel",
    "poet",
    "poem",
    "joel",
    "canoe",
    "goes",
    "does",
)
"""Beginnings of words in which o and e are two letters."""


@rule(
    "SUB007",
    "forced-ligature",
    fixes={"le cœfficient de la cœxistence": "le coefficient de la coexistence"},
    keeps=["Sa sœur a du cœur, un œil sur l'œuvre et des œufs.", "fœtus, mœurs, nœud, chœur, œdème, Œdipe"],
    needs=["œ", "Œ"],
)
def forced_ligature(document: Document) -> Iterator[Edit]:
    """Write oe where a tool put œ for two letters: "cœfficient" was "coefficient".

    Beginnings of words in which both are spoken are few and known; whatever else has an œ keeps it.
    """
    odd = [word for word in vocabulary(document.text) if "œ" in word.lower()]
    mended = {word: word.replace("œ", "oe").replace("Œ", "Oe") for word in odd}
    separate = {word: after for word, after in mended.items() if after.lower().startswith(SEPARATE)}
    yield from _replaced(document.text, separate, 'o and e are two letters in "{after}"')


def _replaced(text: str, mended: dict[str, str], because: str) -> Iterator[Edit]:
    """Edits for all places where one of the words stands as a whole word."""
    if not mended:
        return
    for found in _WORD.finditer(text):
        after = mended.get(found[0])
        if after and not _is_part_of_an_address(text, found):
            yield Edit(found.start(), found.end(), after, because.format(word=found[0], after=after))


_WORD = re.compile(r"[^\W\d_]+")


def _is_part_of_an_address(text: str, found: re.Match[str]) -> bool:
    before, behind = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 2]
    domain = behind[:1] == "." and behind[1:].isalpha()
    return domain or before in ("@", "/", ".", "_", "#", "`") or behind[:1] in ("@", "/", "_", "`")
