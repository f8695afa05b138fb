"""Build the word lists in cleaner/words/ from Debian's packages `scowl`, `wngerman` and `wfrench`.

    apt-get download scowl wngerman wfrench && for p in *.deb; do dpkg -x $p unpacked; done
    python scripts/build_lexicon.py unpacked

English: the word and name lists of all spellings (English, American, British, Canadian, Australian and their variants)
of SCOWL's levels 10 to 80, without possessives and single letters, every word once, in its commonest level. German and
French: the words of letters only. Each list gets the package's copyright file beside it, with the licence it names.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

WORDS = Path(__file__).parent.parent / "cleaner" / "words"
LEVELS = (10, 20, 35, 40, 50, 55, 60, 70, 80)
SPELLINGS = "english|american|british|british_z|canadian|australian"
LISTS = re.compile(rf"(?:{SPELLINGS})(?:_variant_\d)?-(?:words|upper|proper-names)")
WORD = re.compile(r"[^\W\d_]{2,}")
GPL = Path("/usr/share/common-licenses/GPL-2")
"""Where Debian keeps the licence that both copyright files point to."""


def english(folder: Path) -> str:
    """The English list: sections of levels."""
    seen: set[str] = set()
    sections = []
    for level in LEVELS:
        found = set()
        for path in folder.glob(f"*.{level}"):
            if LISTS.fullmatch(path.stem):
                found |= set(path.read_text(encoding="utf-8").split("\n"))
        fresh = sorted(word for word in found - seen if WORD.fullmatch(word))
        seen.update(fresh)
        sections.append("\n".join([f"#{level}", *fresh]))
    return "\n".join(sections) + "\n"


def plain(path: Path) -> str:
    """A list of one word a line."""
    found = sorted({word for word in path.read_text(encoding="utf-8").split("\n") if WORD.fullmatch(word)})
    return "\n".join(found) + "\n"


def main() -> None:
    """Read the unpacked packages in the folder named on the command line and write the lists."""
    share = Path(sys.argv[1]) / "usr" / "share"
    write("english.txt", english(share / "dict" / "scowl"))
    for language, package in (("german", "wngerman"), ("french", "wfrench")):
        write(f"{language}.txt", plain(share / "dict" / package.removeprefix("w")))
        terms = (share / "doc" / package / "copyright").read_text(encoding="utf-8")
        write(f"{language}.LICENSE.txt", f"{terms}\n\n{GPL.read_text(encoding='utf-8')}")


def write(name: str, text: str) -> None:
    """Write a file of the list folder and say so."""
    (WORDS / name).write_text(text, encoding="utf-8")
    print(f"{name}: {text.count(chr(10))} lines, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
