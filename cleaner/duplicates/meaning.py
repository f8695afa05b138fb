"""Word lists for comparing two texts: which small words change what is said, and which do not."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words(
    """
    not no never none nobody nothing neither nor without cannot hardly
    nicht kein keine keinen keinem keiner keines niemals nichts ohne weder
    pas jamais aucun aucune rien sans non mai senza nessun nessuna
    nunca ningún ninguna não nem niet geen nooit zonder nie bez ani
    не ни нет никогда без لا لم لن ليس ليست غير 不 没 沒 未 无 無
    """
)
"""Words that turn a statement into its opposite."""

DENYING = _words("ain aren didn doesn don hadn hasn haven isn mustn needn shan shouldn couldn wasn weren wouldn mightn")
"""What stands before "n't", as it is left where the apostrophe and the t were lost. ("can" and "won" are words.)"""

TAILS = _words("s m d ll re ve")
"""What stands behind an apostrophe and is often lost with it; without it a text says the same."""

SCALES = _words(
    """
    hundred thousand million billion trillion percent per pc bn m k hundreds thousands millions billions
    tausend million millionen milliarde milliarden prozent mille millions milliard milliards pour cent
    """
)
"""Words that change the figure before them."""

TITLES = _words("mr mrs ms dr st prof gov sen rep gen lt col sgt capt rev hon messrs mt vs")
"""What a full stop behind it belongs to: no sentence ends there."""

GROUPS = tuple(
    map(
        _words,
        (
            "a an the this that these those on in at of",
            "that which who whom",
            "is are",
            "was were",
            "has have had",
            "and as",
            "it its",
            "say says said",
        ),
    )
)
"""Small words that copies of a text may have in each other's place. ("to" and "from" are in none.)"""
EXCHANGED: dict[str, frozenset[str]] = {}
"""The same: a word, and those that may stand in its place."""
for _group in GROUPS:
    for _word in _group:
        EXCHANGED[_word] = EXCHANGED.get(_word, frozenset()) | _group
WEIGHTLESS = frozenset(EXCHANGED) - {"say", "says", "said"}
"""Words that say nothing by themselves."""
