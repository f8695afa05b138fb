"""Build cleaner/words/english.txt from Debian's package `scowl`.

    apt-get download scowl && dpkg -x scowl_*.deb scowl && python scripts/build_lexicon.py scowl

Takes the word and name lists of all spellings (English, American, British, Canadian, Australian and their variants) of
the levels 10 to 80, leaves out possessives and single letters, and writes every word once, in its commonest level.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "cleaner" / "words" / "english.txt"
LEVELS = (10, 20, 35, 40, 50, 55, 60, 70, 80)
SPELLINGS = "english|american|british|british_z|canadian|australian"
LISTS = re.compile(rf"(?:{SPELLINGS})(?:_variant_\d)?-(?:words|upper|proper-names)")
WORD = re.compile(r"[^\W\d_]{2,}")


def main() -> None:
    """Read the unpacked package named on the command line and write the list."""
    folder = Path(sys.argv[1]) / "usr" / "share" / "dict" / "scowl"
    seen: set[str] = set()
    sections = []
    for level in LEVELS:
        found = set()
        for path in folder.glob(f"*.{level}"):
            if LISTS.fullmatch(path.stem):
                found |= set(path.read_text(encoding="iso-8859-1").split("\n"))
        fresh = sorted(word for word in found - seen if WORD.fullmatch(word))
        seen.update(fresh)
        sections.append("\n".join([f"#{level}", *fresh]))
        print(f"level {level}: {len(fresh)} words")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(sections) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(seen)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
