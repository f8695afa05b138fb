"""Who may import whom, which names a room may not have, and what stays out of the quick paths."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HERE, RAW

FILES = sorted([*(HERE / "cleaner").rglob("*.py"), *(HERE / "rules").glob("*.py")])
FORBIDDEN = {"utils", "util", "helpers", "core", "base", "manager", "common", "misc"}

GROUND = {"cleaner.text"}
WALLS = {
    "cleaner.text": set(),
    "cleaner.trace": GROUND,
    "cleaner.touched": {"cleaner.text"},
    "cleaner.line_words": set(),
    "cleaner.line_echo": set(),
    "cleaner.line_echo_kernel": {"cleaner.compiled", "cleaner.line_echo", "cleaner.line_features"},
    "cleaner.line_features": {"cleaner.line_echo", "cleaner.line_words"},
    "cleaner.line_context": {"cleaner.line_features"},
    "cleaner.codes": set(),
    "cleaner.line_alone_kernel": {"cleaner.compiled", "cleaner.line_features", "cleaner.words_of_bytes"},
    "cleaner.line_speech_kernel": {
        "cleaner.compiled",
        "cleaner.line_alone_kernel",
        "cleaner.line_features",
        "cleaner.line_words",
        "cleaner.words_of_bytes",
    },
    "cleaner.line_rows_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_alone_kernel",
        "cleaner.line_features",
        "cleaner.line_marks_kernel",
        "cleaner.line_speech_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.line_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_alone_kernel",
        "cleaner.line_context",
        "cleaner.line_echo_kernel",
        "cleaner.line_features",
        "cleaner.line_marks_kernel",
        "cleaner.line_rows_kernel",
        "cleaner.line_speech_kernel",
        "cleaner.line_table_kernel",
        "cleaner.line_words",
        "cleaner.segment",
    },
    "cleaner.line_table_kernel": {"cleaner.compiled", "cleaner.line_context"},
    "cleaner.line_trees_kernel": {"cleaner.compiled", "cleaner.line_table_kernel"},
    "cleaner.line_score_kernel": {
        "cleaner.compiled",
        "cleaner.line_context",
        "cleaner.line_features",
        "cleaner.line_signs",
        "cleaner.line_table_kernel",
    },
    "cleaner.line_signs": {"cleaner.line_features"},
    "cleaner.line_stay": {"cleaner.line_signs"},
    "cleaner.line_stay_kernel": {
        "cleaner.compiled",
        "cleaner.line_marks_kernel",
        "cleaner.line_score_kernel",
        "cleaner.line_signs",
        "cleaner.line_stay",
    },
    "cleaner.line_verdict": {
        "cleaner.line_features",
        "cleaner.line_marks",
        "cleaner.line_signs",
        "cleaner.line_stay",
        "cleaner.segment",
    },
    "cleaner.line_verdict_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_alone_kernel",
        "cleaner.line_context",
        "cleaner.line_features",
        "cleaner.line_kernel",
        "cleaner.line_marks",
        "cleaner.line_marks_kernel",
        "cleaner.line_rows_kernel",
        "cleaner.line_score_kernel",
        "cleaner.line_stay",
        "cleaner.line_stay_kernel",
        "cleaner.line_table_kernel",
        "cleaner.line_trees_kernel",
        "cleaner.line_verdict",
    },
    "cleaner.line_marks": {"cleaner", "cleaner.line_marks_kernel", "cleaner.segment"},
    "cleaner.line_marks_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_marks",
        "cleaner.segment",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.classify": {
        "cleaner",
        "cleaner.line_speech_kernel",
        "cleaner.line_trees_kernel",
        "cleaner.line_context",
        "cleaner.line_features",
        "cleaner.line_marks",
        "cleaner.line_verdict",
        "cleaner.line_verdict_kernel",
        "cleaner.segment",
    },
    "cleaner.characters": set(),
    "cleaner.segment": GROUND | {"cleaner", "cleaner.characters", "cleaner.line_marks_kernel"},
    "cleaner.decode": set(),
    "cleaner.language": {"cleaner.compiled", "cleaner.language_kernel", "cleaner.language_profiles"},
    "cleaner.language_profiles": set(),
    "cleaner.language_kernel": {"cleaner.compiled", "cleaner.kept", "cleaner.language_profiles"},
    "cleaner.kept": {"cleaner.corpus"},
    "cleaner.later": set(),
    "cleaner.lexicon": set(),
    "cleaner.vocabulary": {"cleaner", "cleaner.lexicon", "cleaner.vocabulary_kernel"},
    "cleaner.hash_set": {"cleaner.compiled"},
    "cleaner.vocabulary_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.hash_set",
        "cleaner.vocabulary",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.literals": {"cleaner", "cleaner.literals_kernel"},
    "cleaner.literals_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.sequences": {"cleaner", "cleaner.sequences_kernel"},
    "cleaner.sequences_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.sequences",
        "cleaner.words_of_bytes",
    },
    "cleaner.stops": {"cleaner", "cleaner.stops_kernel"},
    "cleaner.stops_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_marks_kernel",
        "cleaner.stops",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.runs": {"cleaner", "cleaner.runs_kernel", "cleaner.segment"},
    "cleaner.blanks": {"cleaner", "cleaner.blanks_kernel", "cleaner.segment"},
    "cleaner.blanks_kernel": {
        "cleaner.blanks",
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.line_marks_kernel",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.runs_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.runs",
        "cleaner.runs_again_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.runs_again_kernel": {
        "cleaner.compiled",
        "cleaner.line_marks_kernel",
        "cleaner.runs",
        "cleaner.segment",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.byline": {"cleaner.lexicon", "cleaner.rule"},
    "cleaner.code": set(),
    "cleaner.engine": set(),
    "cleaner.engine_ray": {"cleaner.engine"},
    "cleaner.engine_spark": {"cleaner.engine"},
    "cleaner.engine_array": {"cleaner.engine", "cleaner.lease", "cleaner.place"},
    "cleaner.lease": {"cleaner.place"},
    "cleaner.place": set(),
    "cleaner.bucket": {"cleaner.formats"},
    "cleaner.store_bucket": {"cleaner.bucket", "cleaner.store"},
    "cleaner.engine_choice": {
        "cleaner.agreement",
        "cleaner.engine",
        "cleaner.engine_ray",
        "cleaner.engine_spark",
        "cleaner.bucket",
        "cleaner.config",
        "cleaner.place",
    },
    "cleaner.agreement": {"cleaner", "cleaner.corpus", "cleaner.engine", "cleaner.identity", "cleaner.place"},
    "cleaner.identity": {"cleaner.formats", "cleaner.rule"},
    "cleaner.compiled": set(),
    "cleaner.rule": GROUND,
    "cleaner.findings": GROUND,
    "cleaner.cleaning": GROUND
    | {
        "cleaner",
        "cleaner.asking",
        "cleaner.findings",
        "cleaner.line_marks",
        "cleaner.literals",
        "cleaner.rule",
        "cleaner.segment",
        "cleaner.touched",
        "cleaner.trace",
    },
    "cleaner.asking": {"cleaner.literals", "cleaner.rule", "cleaner.text"},
    "cleaner.redact": GROUND | {"cleaner.cleaning", "cleaner.rule", "cleaner.trace"},
    "cleaner.records": GROUND,
    "cleaner.formats.__init__": {"cleaner.formats"},
    "cleaner.formats.packing": {"cleaner.formats"},
    "cleaner.formats.lines": {"cleaner.formats.packing", "cleaner.records"},
    "cleaner.formats.files": {"cleaner.formats", "cleaner.formats.packing", "cleaner.records"},
    "cleaner.formats.tables": {
        "cleaner.formats",
        "cleaner.formats.lines",
        "cleaner.formats.packing",
        "cleaner.records",
    },
    "cleaner.formats.parquet": {"cleaner.formats", "cleaner.records"},
    "cleaner.formats.pages": set(),
    "cleaner.formats.warc": {"cleaner.decode", "cleaner.formats.packing", "cleaner.records"},
    "cleaner.contamination": {"cleaner.corpus", "cleaner.decode", "cleaner.formats", "cleaner.segment"},
    "cleaner.corpus": {
        "cleaner.decode",
        "cleaner.formats",
        "cleaner.formats.files",
        "cleaner.records",
        "cleaner.bucket",
    },
    "cleaner.unpack": {
        "cleaner.corpus",
        "cleaner.engine",
        "cleaner.formats",
        "cleaner.formats.files",
        "cleaner.formats.lines",
        "cleaner.formats.packing",
        "cleaner.records",
        "cleaner.standing",
        "cleaner.store",
        "cleaner.bucket",
    },
    "cleaner.phrases": {"cleaner", "cleaner.line_marks", "cleaner.phrases_kernel", "cleaner.rule", "cleaner.segment"},
    "cleaner.phrases_kernel": {
        "cleaner.codes",
        "cleaner.compiled",
        "cleaner.hash_set",
        "cleaner.line_marks_kernel",
        "cleaner.phrases",
        "cleaner.segment",
        "cleaner.words_of_bytes",
        "cleaner.words_of_codes",
    },
    "cleaner.mirror": {"cleaner.corpus", "cleaner.formats", "cleaner.bucket"},
    "cleaner.guard": set(),
    "cleaner.memory": set(),
    "cleaner.config": {
        "cleaner.cleaning",
        "cleaner.duplicates.survivors",
        "cleaner.formats",
        "cleaner.language",
        "cleaner.learned",
        "cleaner.memory",
        "cleaner.profiles",
        "cleaner.records",
    },
    "cleaner.source": {"cleaner.formats"},
    "cleaner.learned": GROUND | {"cleaner.segment", "cleaner.source"},
    "cleaner.sites": {"cleaner.learned", "cleaner.segment"},
    "cleaner.rows": GROUND | {"cleaner.corpus", "cleaner.findings", "cleaner.records"},
    "cleaner.profiles": set(),
    "cleaner.english_words": set(),
    "cleaner.word_measures": {"cleaner", "cleaner.english_words", "cleaner.word_table"},
    "cleaner.word_table": {
        "cleaner.english_words",
        "cleaner.word_kernel",
        "cleaner.word_measures",
    },
    "cleaner.word_kernel": {"cleaner.compiled"},
    "cleaner.report.losses": {"cleaner.report.terminal", "cleaner.report.view"},
    "cleaner.journal": GROUND | {"cleaner.corpus"},
    "cleaner.restore": GROUND
    | {
        "cleaner.corpus",
        "cleaner.decode",
        "cleaner.formats",
        "cleaner.formats.files",
        "cleaner.journal",
        "cleaner.records",
        "cleaner.rows",
        "cleaner.store",
        "cleaner.unpack",
    },
    "cleaner.proof": GROUND
    | {
        "cleaner.corpus",
        "cleaner.formats",
        "cleaner.formats.files",
        "cleaner.journal",
        "cleaner.records",
        "cleaner.restore",
        "cleaner.rows",
        "cleaner.store",
        "cleaner.unpack",
    },
    "cleaner.store": set(),
    "cleaner.totals": set(),
    "cleaner.lock": {"cleaner.corpus"},
    "cleaner.recurring": {"cleaner.stage", "cleaner.store"},
    "cleaner.compare": {
        "cleaner",
        "cleaner.duplicates.cluster",
        "cleaner.duplicates.finding",
        "cleaner.compared",
        "cleaner.duplicates.survivors",
        "cleaner.engine",
        "cleaner.portions",
        "cleaner.rows",
        "cleaner.store",
        "cleaner.verdict",
    },
    "cleaner.verdict": {
        "cleaner.duplicates.finding",
        "cleaner.duplicates.survivors",
        "cleaner.rows",
        "cleaner.store",
    },
    "cleaner.quote": {
        "cleaner.compared",
        "cleaner.duplicates.passages",
        "cleaner.duplicates.sharing",
        "cleaner.engine",
        "cleaner.rows",
        "cleaner.share",
        "cleaner.store",
    },
    "cleaner.groups": {
        "cleaner.compared",
        "cleaner.duplicates.ordinals",
    },
    "cleaner.portions": set(),
    "cleaner.compared": {
        "cleaner.corpus",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.passages",
        "cleaner.plan",
        "cleaner.records",
        "cleaner.recurring",
        "cleaner.rows",
        "cleaner.stage",
        "cleaner.store",
    },
    "cleaner.order": {
        "cleaner.compared",
        "cleaner.duplicates.cluster",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.notices",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.ranking",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.survivors",
        "cleaner.engine",
        "cleaner.recurring",
        "cleaner.rows",
        "cleaner.store",
        "cleaner.verdict",
    },
    "cleaner.pair": {
        "cleaner",
        "cleaner.duplicates.bands",
        "cleaner.duplicates.candidates",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.signed",
        "cleaner.duplicates.sketch",
        "cleaner.engine",
        "cleaner.order",
        "cleaner.store",
    },
    "cleaner.progress": {"cleaner.engine"},
    "cleaner.recur": {"cleaner.compared", "cleaner.duplicates.sharing", "cleaner.engine", "cleaner.store"},
    "cleaner.search": {
        "cleaner.compare",
        "cleaner.duplicates.survivors",
        "cleaner.engine",
        "cleaner.join",
        "cleaner.order",
        "cleaner.pair",
        "cleaner.plan",
        "cleaner.portions",
        "cleaner.quote",
        "cleaner.recur",
        "cleaner.settle",
        "cleaner.share",
        "cleaner.store",
        "cleaner.unite",
    },
    "cleaner.unite": {
        "cleaner",
        "cleaner.duplicates.forest",
        "cleaner.duplicates.ordinals",
        "cleaner.engine",
        "cleaner.order",
        "cleaner.store",
    },
    "cleaner.join": {
        "cleaner",
        "cleaner.compared",
        "cleaner.corpus",
        "cleaner.duplicates.forest",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.survivors",
        "cleaner.engine",
        "cleaner.groups",
        "cleaner.order",
        "cleaner.portions",
        "cleaner.recurring",
        "cleaner.rows",
        "cleaner.store",
    },
    "cleaner.settle": {
        "cleaner.recurring",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.survivors",
        "cleaner.engine",
        "cleaner.guard",
        "cleaner.rows",
        "cleaner.store",
        "cleaner.verdict",
    },
    "cleaner.plan": {"cleaner.corpus", "cleaner.formats", "cleaner.records", "cleaner.unpack"},
    "cleaner.survey": {"cleaner.engine", "cleaner.plan", "cleaner.standing", "cleaner.unpack"},
    "cleaner.job": GROUND
    | {
        "cleaner.cleaning",
        "cleaner.config",
        "cleaner.contamination",
        "cleaner.corpus",
        "cleaner.language",
        "cleaner.profiles",
        "cleaner.records",
        "cleaner.redact",
        "cleaner.rule",
        "cleaner.source",
        "cleaner.bucket",
    },
    "cleaner.duplicates.align": set(),
    "cleaner.duplicates.meaning": set(),
    "cleaner.duplicates.wording": {"cleaner.duplicates.meaning", "cleaner.segment"},
    "cleaner.duplicates.verify": {
        "cleaner.duplicates.align",
        "cleaner.duplicates.meaning",
        "cleaner.duplicates.wording",
        "cleaner.lexicon",
        "cleaner.segment",
    },
    "cleaner.duplicates.shingle": set(),
    "cleaner.duplicates.mix": {"cleaner.duplicates.shingle"},
    "cleaner.duplicates.mix_kernel": {"cleaner.compiled", "cleaner.duplicates", "cleaner.duplicates.mix"},
    "cleaner.duplicates.scan_kernel": {
        "cleaner.characters",
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.composing",
        "cleaner.duplicates.mix_kernel",
        "cleaner.duplicates.scan_kernel",
        "cleaner.packed",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.composing": {
        "cleaner.compiled",
        "cleaner.packed",
        "cleaner.segment",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.bands": set(),
    "cleaner.duplicates.sketch": {
        "cleaner.compiled",
        "cleaner.duplicates.bands",
        "cleaner.duplicates.kernel",
        "cleaner.duplicates.reference",
        "cleaner.duplicates.shingle",
        "cleaner.packed",
        "cleaner.segment",
    },
    "cleaner.duplicates.reference": {"cleaner.later"},
    "cleaner.duplicates.ordinals": set(),
    "cleaner.duplicates.signed": {"cleaner.duplicates.bands", "cleaner.duplicates.sketch"},
    "cleaner.duplicates.met": {
        "cleaner.duplicates.forest",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.signed",
    },
    "cleaner.duplicates.candidates": {
        "cleaner.compiled",
        "cleaner.duplicates.bands",
        "cleaner.duplicates.candidates_kernel",
        "cleaner.duplicates.likely",
        "cleaner.duplicates.met",
        "cleaner.duplicates.mix",
        "cleaner.duplicates.ordinals",
        "cleaner.duplicates.signed",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.together_kernel",
    },
    "cleaner.duplicates.candidates_kernel": {"cleaner.compiled", "cleaner.duplicates.likely_kernel"},
    "cleaner.duplicates.together_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.candidates_kernel",
        "cleaner.duplicates.mix_kernel",
    },
    "cleaner.duplicates.likely": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.bands",
        "cleaner.duplicates.likely_kernel",
        "cleaner.duplicates.signed",
        "cleaner.duplicates.sketch",
    },
    "cleaner.duplicates.likely_kernel": {"cleaner.compiled"},
    "cleaner.duplicates.measure": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.kernel",
        "cleaner.duplicates.sketch",
        "cleaner.segment",
    },
    "cleaner.packed": set(),
    "cleaner.words_of_bytes": {"cleaner.compiled"},
    "cleaner.jsonl_kernel": {"cleaner.compiled", "cleaner.words_of_bytes"},
    "cleaner.jsonl": {
        "cleaner",
        "cleaner.compiled",
        "cleaner.duplicates.cluster",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.signed",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.survivors",
        "cleaner.packed",
        "cleaner.records",
    },
    "cleaner.duplicates.prose_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.word_kernel",
        "cleaner.segment",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.word_table": {
        "cleaner.characters",
        "cleaner.duplicates.meaning",
        "cleaner.duplicates.wording",
        "cleaner.segment",
    },
    "cleaner.duplicates.plain_word_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.word_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.plain_word_kernel",
        "cleaner.duplicates.sign_kernel",
        "cleaner.segment",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.sign_kernel": {"cleaner.compiled", "cleaner.duplicates", "cleaner.words_of_bytes"},
    "cleaner.duplicates.align_kernel": {"cleaner.compiled", "cleaner.duplicates.align", "cleaner.words_of_bytes"},
    "cleaner.duplicates.anchor_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.align",
        "cleaner.duplicates.align_kernel",
    },
    "cleaner.duplicates.mend_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.align_kernel",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.plain_word_kernel",
        "cleaner.duplicates.word_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.glue_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.align_kernel",
        "cleaner.duplicates.word_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.lost_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.word_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.verify_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.align_kernel",
        "cleaner.duplicates.anchor_kernel",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.known_kernel",
        "cleaner.duplicates.lost_kernel",
        "cleaner.duplicates.mend_kernel",
        "cleaner.duplicates.title_kernel",
        "cleaner.duplicates.word_kernel",
    },
    "cleaner.duplicates.title_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.notices",
        "cleaner.duplicates.word_kernel",
    },
    "cleaner.duplicates.known_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.word_kernel",
    },
    "cleaner.duplicates.row_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.verify_kernel",
        "cleaner.duplicates.word_kernel",
        "cleaner.words_of_bytes",
    },
    "cleaner.duplicates.told": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.beside",
        "cleaner.duplicates.cluster",
        "cleaner.duplicates.decided",
        "cleaner.duplicates.finding",
        "cleaner.packed",
    },
    "cleaner.duplicates.decided": {"cleaner.duplicates", "cleaner.duplicates.finding"},
    "cleaner.duplicates.verdicts": {
        "cleaner.duplicates.known_kernel",
        "cleaner.lexicon",
        "cleaner.packed",
        "cleaner.duplicates",
        "cleaner.duplicates.align_kernel",
        "cleaner.duplicates.anchor_kernel",
        "cleaner.duplicates.glue_kernel",
        "cleaner.duplicates.kernel",
        "cleaner.duplicates.mend_kernel",
        "cleaner.duplicates.sign_kernel",
        "cleaner.duplicates.title_kernel",
        "cleaner.duplicates.verify",
        "cleaner.duplicates.word_kernel",
        "cleaner.duplicates.word_table",
        "cleaner.duplicates.wording",
    },
    "cleaner.duplicates.beside": {
        "cleaner.compiled",
        "cleaner.duplicates.kernel",
        "cleaner.duplicates.measure",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.verdicts",
        "cleaner.duplicates.verify",
        "cleaner.duplicates.wording",
        "cleaner.packed",
    },
    "cleaner.duplicates.survivors": set(),
    "cleaner.duplicates.ranking": {"cleaner.duplicates.survivors"},
    "cleaner.duplicates.finding": {
        "cleaner.compiled",
        "cleaner.duplicates.prose_kernel",
        "cleaner.duplicates.word_table",
        "cleaner.packed",
        "cleaner.segment",
    },
    "cleaner.duplicates.passages_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.mix_kernel",
        "cleaner.duplicates.shingle",
    },
    "cleaner.duplicates.passages": {
        "cleaner.compiled",
        "cleaner.duplicates",
        "cleaner.duplicates.mix",
        "cleaner.duplicates.passages_kernel",
        "cleaner.duplicates.shingle",
        "cleaner.duplicates.sketch",
        "cleaner.packed",
        "cleaner.segment",
    },
    "cleaner.duplicates.sharing": {
        "cleaner.compiled",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.kernel",
        "cleaner.duplicates.passages",
        "cleaner.duplicates.verify",
        "cleaner.duplicates.wording",
        "cleaner.segment",
    },
    "cleaner.duplicates.notices": {
        "cleaner.duplicates.finding",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.survivors",
        "cleaner.segment",
    },
    "cleaner.duplicates.forest": {
        "cleaner",
        "cleaner.duplicates.forest_kernel",
        "cleaner.duplicates.ordinals",
    },
    "cleaner.duplicates.forest_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.forest",
        "cleaner.duplicates.ordinals",
    },
    "cleaner.duplicates.fate_kernel": {
        "cleaner.compiled",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.verify_kernel",
    },
    "cleaner.duplicates.cluster": {
        "cleaner.compiled",
        "cleaner.duplicates.beside",
        "cleaner.duplicates.candidates",
        "cleaner.duplicates.fate_kernel",
        "cleaner.duplicates.decided",
        "cleaner.duplicates.finding",
        "cleaner.duplicates.notices",
        "cleaner.duplicates.sketch",
        "cleaner.duplicates.survivors",
        "cleaner.duplicates.verify",
        "cleaner.duplicates.wording",
        "cleaner.packed",
        "cleaner.segment",
        "cleaner.duplicates.forest",
    },
    "cleaner.duplicates.index_entry": {"cleaner.characters", "cleaner.duplicates.shingle"},
    "cleaner.duplicates.index_packing": set(),
    "cleaner.duplicates.index_segment": {"cleaner.duplicates.index_packing"},
    "cleaner.duplicates.index_manifest": {"cleaner.duplicates.index_entry"},
    "cleaner.duplicates.index_store": {
        "cleaner.duplicates.index_entry",
        "cleaner.duplicates.index_manifest",
        "cleaner.duplicates.index_packing",
        "cleaner.duplicates.index_segment",
    },
    "cleaner.duplicates.index_exchange": {"cleaner.duplicates.index_entry", "cleaner.duplicates.reference"},
    "cleaner.duplicates.index_redis": {
        "cleaner.duplicates.index_entry",
        "cleaner.duplicates.index_exchange",
        "cleaner.duplicates.index_packing",
    },
    "cleaner.report.view": GROUND | {"cleaner.trace"},
}
RULE_MAY = {
    "cleaner.text", "cleaner.rule", "cleaner.segment", "cleaner.language", "cleaner.lexicon", "cleaner.vocabulary", "cleaner.blanks", "cleaner.phrases", "cleaner.later",
    "cleaner.byline", "cleaner.code", "cleaner.classify", "cleaner.line_marks", "cleaner.line_signs", "cleaner.line_verdict", "cleaner.runs", "cleaner.sequences", "cleaner.stops", "cleaner.english_words", "cleaner.word_measures",
    "cleaner.duplicates.verify", "cleaner.duplicates.wording", "ftfy", "rapidfuzz", "ahocorasick_rs",
}  # fmt: skip


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(HERE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("room", WALLS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    path = HERE / Path(*room.split(".")).with_suffix(".py")
    ours = {name for name in imports(path) if name.split(".")[0] in ("cleaner", "rules")}
    assert ours <= WALLS[room]


@pytest.mark.parametrize("path", sorted((HERE / "rules").glob("*.py")), ids=lambda path: path.stem)
def test_a_rule_file_imports_only_what_rules_may(path: Path) -> None:
    others = {name for name in imports(path) if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name if name.startswith("cleaner") else name.split(".")[0] for name in others} <= RULE_MAY
    source = path.read_text(encoding="utf-8")
    assert "print(" not in source


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_the_registry_reaches_rules(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith(("cleaner.rules", "rules"))}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_room_has_a_name_and_one_idea(path: Path) -> None:
    assert path.stem not in FORBIDDEN
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 520, "a second idea wants a file of its own"


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("datasketch", "cleaner.duplicates.reference"),
        ("redis", "cleaner.duplicates.index_redis"),
        ("ftfy", "rules.encoding"),
        ("langdetect", "cleaner.language_profiles"),
        ("ray", "cleaner.engine_ray"),
        ("pyspark", "cleaner.engine_spark"),
        ("pyarrow", "cleaner.formats.parquet"),
        ("trafilatura", "cleaner.formats.pages"),
        ("warcio", "cleaner.formats.warc"),
    ],
)
def test_a_library_is_known_in_one_place(name: str, where: str) -> None:
    assert [name_of(path) for path in FILES if name in {n.split(".")[0] for n in imports(path)}] == where.split()


HEAVY = (
    "numpy", "scipy", "numba", "datasketch", "langdetect", "redis", "rich", "pyarrow", "backports", "trafilatura", "fsspec",
    "ray", "pyspark",
)  # fmt: skip


@pytest.mark.parametrize(
    "args",
    [["--help"], ["check", *(str(path) for path in sorted(RAW.glob("*.txt"))[:3])], ["rules"]],
    ids=["help", "check", "rules"],
)
def test_heavy_libraries_stay_out_of_quick_commands(args: list[str]) -> None:
    script = (
        "import sys, runpy; sys.argv = ['cleaner', *sys.argv[1:]]\n"
        "try: runpy.run_module('cleaner', run_name='__main__')\n"
        f"except SystemExit: print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, *args], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["HEAVY []"], done.stderr


INNER = {"inner", "inlined"}
COMPILED = INNER | {"kernel", "borrower", "njit"}


def kernels(tree: ast.Module, kinds: set[str]) -> list[ast.FunctionDef]:
    """The functions of a file that one of these decorators compiles."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if kinds & {named(mark) for mark in function.decorator_list}]


def named(node: ast.expr) -> str:
    """The last part of a dotted name, nothing of what is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_only_kernels_call_inner_kernels() -> None:
    """From Python such a call ends the process. A test that wants one compiles what calls it."""
    trees = {path: ast.parse(path.read_bytes()) for path in [*FILES, *(HERE / "tests").glob("*.py")]}
    inner = {path.stem: {kernel.name for kernel in kernels(tree, INNER)} for path, tree in trees.items()}
    assert sum(map(len, inner.values())) > 100
    strays = []
    for path, tree in trees.items():
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        rooms = {name.name for node in imports for name in node.names}
        rooms |= {path.stem, *((node.module or "").rpartition(".")[2] for node in imports)}
        known = {name for room in rooms for name in inner.get(room, ())}
        inside = {id(node) for kernel in kernels(tree, COMPILED) for node in ast.walk(kernel)}
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in inside]
        strays += [f"{path.name}:{node.lineno} {named(node.func)}" for node in calls if named(node.func) in known]
    assert strays == []
