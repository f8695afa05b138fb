"""A clean and deduplicated corpus by datatrove, run by bench/corpus.py in its environment (make .parity/.installed).

    python bench/datatrove_job.py IN.jsonl OUT_FOLDER

ftfy, the filters of C4 and Gopher, MinHash in its four stages, all with default settings, in one process. Nothing of
`cleaner` is imported here. The filters that need a model to be downloaded (the language) are left out, in its favour.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> None:
    """Run the pipeline."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter
    from datatrove.pipeline.formatters import FTFYFormatter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    source, work = Path(sys.argv[1]), Path(sys.argv[2])
    config = MinhashConfig()

    def stages() -> Iterator[list[Any]]:
        first = JsonlReader(str(source.parent), glob_pattern=source.name)
        cleaned = JsonlWriter(f"{work}/0", compression=None)
        yield [first, FTFYFormatter(), GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(), cleaned]
        reader = JsonlReader(f"{work}/0")
        yield [reader, MinhashDedupSignature(output_folder=f"{work}/1", config=config)]
        yield [MinhashDedupBuckets(input_folder=f"{work}/1", output_folder=f"{work}/2", config=config)]
        yield [MinhashDedupCluster(input_folder=f"{work}/2", output_folder=f"{work}/3", config=config)]
        yield [reader, MinhashDedupFilter(input_folder=f"{work}/3"), JsonlWriter(f"{work}/4", compression=None)]

    for number, pipeline in enumerate(stages()):
        tasks = config.num_buckets if number == 2 else 1  # the buckets are a stage of that many tasks
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{work}/log{number}").run()


if __name__ == "__main__":
    main()
