"""Write tests/parity.jsonl: own texts, and what datatrove 0.10.1 and spaCy 3.8 make of them (needs `.parity/`).

The texts are written here, most of them to stand on one side of a threshold or to hold a word that is hard to cut.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent.parent
TARGET = HERE / "tests" / "parity.jsonl"

SENTENCES = (
    "The mayor of the town opened the new bridge over the river on Friday.",
    "A large crowd had waited in the rain since the early morning.",
    "She said that the work had cost less than the council had feared.",
    "Nobody was hurt when one of the barriers fell onto the road.",
    "The old bridge will be taken down in spring with the help of the army.",
    "It had stood for ninety years, and many people came to see it once more.",
    "Two schools have to find another way for their buses until then.",
    "The council will talk about that on Monday, she told reporters.",
    "A firm from the north of the country built it in less than two years.",
    "Most shops along the river hope for more guests and to have fewer lorries.",
)
ARTICLE = "\n".join(SENTENCES)
PARAGRAPHS = "\n\n".join(SENTENCES)
MENU = ("Home", "News", "Sport", "Weather", "Read more...", "Share this story", "© 2024 The Courier")
HARD = (
    "Don't, can't, won't; it's, it’s, I'm, we've, they'd've, y'all, gonna, cannot, could've, let's: o'clock, ma'am.",
    "Mr. Roe, Dr. Poe, St. Ives, the U.S. and the U.K., Jan. 3, 5 p.m., 5pm, 11a.m., e.g. this, i.e. that, Inc., Ltd.",
    "well-known, mother-in-law, rock’n’roll, and/or, either/or, he--or she—came, 10-12, 1990s-style, A-levels.",
    "www.example.com, https://example.org/a?b=c#d, me@example.com, example.com/path, 192.0.2.1, file.name.txt.Here",
    "$5, 5$, €5m, US$3, 10km, 10kg., 20%, 3.5, 1,000,000, 5+, +5, 7th, 21°C., 100m², #tag, @name, *bold*, _so_",
    "“Quoted,” ‘said’ «he» („low“) (in [nested] brackets). 'single' `back` \"straight\".Next, this.And that",
    "Wait... what?! No… yes!! (really?) ok:) :-) ;) <3 xD D:D ★★★ ☎5 → ✓done 2×3 a=b a<b c>d x:y C++ C#.",
    "id. n/a. vs. No. 10: (required): Minn., D-Minn., Ph.D., N.Y., a. b. Z. USA. NATO. etc. é. Ä. 'em 'Cause",
    "他表示，大桥已经通车。居民们非常高兴。Это новый мост. Его открыли в пятницу. قال إن الجسر فُتح؟ नया पुल खुला।",
    "nbsp\u00a0between words, thin\u2009space, soft\u00adhyphen, zero\u200bwidth, tab\there, ideographic\u3000space.",
)
LINES = (
    "This site uses cookies.", "Read our Privacy Policy here.", "Please enable JavaScript now.", "lorem ipsum",
    "Lorem ipsum dolor sit.", "He wrote { and }.", "{", "See the terms of use below", f"So {'ha' * 501}.", "ha" * 1001,
    "Two words.", "Now three words.", "[1] [2] [3]", "One.\x0cTwo more words here.", "Un deux trois.\u2028Quatre cinq.",
    "One two three.\x85Four five six.", "    Indented by four blanks.   ",
)  # fmt: skip


def texts() -> Iterator[str]:
    """The documents: whole ones, lines to drop, repetition, shares on both sides of a threshold, hard words."""
    yield from (ARTICLE, PARAGRAPHS, "", " \n ", "One line only.", "\n".join(MENU))
    yield from ("\n".join([*MENU[:number], *SENTENCES]) for number in range(1, 8))
    yield from ("\n".join(SENTENCES[:number]) for number in range(1, 7))
    yield from (" ".join(SENTENCES[:number]) for number in range(1, 7))
    yield from (" ".join(ARTICLE.split()[:number]) for number in (47, 48, 49, 50, 51, 52, 53, 54, 55, 56))
    yield from ("\n".join(SENTENCES + SENTENCES[:number]) for number in range(1, 6))
    yield from ("\n\n".join(SENTENCES + SENTENCES[:number]) for number in range(1, 6))
    yield from (" ".join(SENTENCES + SENTENCES[:number]) for number in range(1, 6))
    yield from (f"{ARTICLE} {'once more ' * number}" for number in (5, 10, 15, 20, 30, 60))
    yield from (f"{ARTICLE}\n{'one of the best ' * number}" for number in (3, 6, 8, 12))
    yield from (f"{ARTICLE}\n{' '.join(['#rain'] * number)}" for number in (5, 10, 14, 16, 20))
    yield from (f"{ARTICLE} {' '.join(['and ...'] * number)}" for number in (5, 10, 14, 16, 20))
    yield from ("\n".join(f"- {line}" for line in SENTENCES[:number]) + "\n" + ARTICLE for number in (5, 10))
    yield from ("\n".join(f"{mark} {line}" for line in SENTENCES) for mark in ("-", "•", "*", "–"))
    yield from ("\n".join([f"{line[:-1]}..." for line in SENTENCES[:at]] + list(SENTENCES[at:])) for at in range(6))
    yield from (f"{ARTICLE} {'12 ' * number}" for number in (10, 20, 25, 30, 40))
    yield from (f"{ARTICLE}\n" + "\n".join(f"Word {n}" for n in range(number)) for number in (5, 10, 15, 20, 22, 30))
    yield from ("\n".join(f"“{line}”" for line in SENTENCES[:number]) + "\n" + ARTICLE for number in (1, 9))
    yield from (
        "\n".join(f"{line[:-1]}{end}" for line in SENTENCES)
        for end in ("”", "’", '"', "'", "?", "!", "…", ")", "。", ";")
    )
    yield from (
        "\n".join(f"{line} {mark}" for line in SENTENCES)
        for mark in ("[1]", "[edit]", "[citation needed]", "[2][3]", "[sic]")
    )
    yield from ("\n".join(f"{line}{mark}" for line in SENTENCES) for mark in ("[1]", "[]", "  ", "\t", "\r"))
    yield from (f"{ARTICLE}\n{line}" for line in LINES)
    yield from ("Es regnete den ganzen Tag, und niemand kam. " * 8, "他表示，大桥已经通车。居民们非常高兴。" * 12)
    yield from HARD
    yield from (f"{ARTICLE}\n{line}" for line in HARD)


def main() -> None:
    """Let the judge decide and keep what it says; of the texts that its filters leave, the beginning of the SHA-256."""
    rows = [{"id": str(number), "text": text} for number, text in enumerate(texts())]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        python, judge = HERE / ".parity" / "bin" / "python", HERE / "bench" / "parity_judge.py"
        subprocess.run([python, judge, source, target, "--words"], check=True)
        decisions = [json.loads(line) for line in target.read_text("utf-8").splitlines()][:-1]
    with TARGET.open("w", encoding="utf-8") as file:
        for row, decision in zip(rows, decisions, strict=True):
            words = decision.pop("words")
            decision.pop("id")
            kept = {
                profile: [reason, sha256(text.encode()).hexdigest()[:8]] for profile, (reason, text) in decision.items()
            }
            kept_row = {"text": row["text"], "decisions": kept}
            if row["text"] in HARD:
                kept_row["words"] = words
            file.write(json.dumps(kept_row, ensure_ascii=False) + "\n")
    print(f"{TARGET}: {len(rows)} texts")


if __name__ == "__main__":
    main()
