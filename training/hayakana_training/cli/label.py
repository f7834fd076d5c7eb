"""``hayakana-train label``: runs and pairs in, labels for a student out."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana_training.cli.backends import check_tensorflow, import_tensorflow
from hayakana_training.cli.pairs_options import DATA_HELP, add_pairs_options, load_pairs, log, report
from hayakana_training.cli.values import count_of, temperature_of

if TYPE_CHECKING:
    from hayakana_training.data.pairs import Pair


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "label",
        help="have trained models label names, for a smaller one to learn from",
        description="Ask the models of several runs, and average their probabilities. The names come from the pairs,"
        " from the US census, and from a model of the pairs' names. Write the answers.",
        epilog=DATA_HELP,
    )
    parser.add_argument("teachers", nargs="+", type=Path, metavar="RUN", help="runs of fit on the same pairs")
    add_pairs_options(parser, train_required=True)
    parser.add_argument(
        "--tagged",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="pairs that the teachers know nothing of, which tag writes: with hints, and places and words; they are"
        " learned from their Katakana alone",
    )
    parser.add_argument(
        "--generate", type=count_of, default=170_000, metavar="N", help="names to draw (default: %(default)s)"
    )
    parser.add_argument("--seed", type=count_of, default=1, help="of the names that are drawn (default: %(default)s)")
    parser.add_argument(
        "--temperature",
        type=temperature_of,
        default=1.0,
        metavar="T",
        help="below 1, teachers are made surer of what they say, as those need that were trained with label smoothing"
        " or minimum risk (default: %(default)s, as they are)",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="file of labels to write, .npz")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    check_tensorflow()
    from hayakana_training.model.run_folder import check_run

    configs = [check_run(folder) for folder in options.teachers]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    data = load_pairs(options, configs[0])
    tagged = _read_tagged(options.tagged, data.held_out, strict=options.strict)
    import_tensorflow()
    from hayakana_training.model.runs import open_run
    from hayakana_training.teaching.ensemble import Ensemble
    from hayakana_training.teaching.labelling import label
    from hayakana_training.teaching.untaught import with_untaught

    teachers = Ensemble([open_run(folder) for folder in options.teachers])
    labels = label(
        teachers,
        data,
        generate=options.generate,
        seed=options.seed,
        temperature=options.temperature,
        log=log,
    )
    if options.tagged:
        labels, left_out = with_untaught(labels, tagged, teachers.config)
        log(f"{len(tagged)} tagged pairs; left out: {dict(left_out) or 'none'}")
        told = {"files": [path.name for path in options.tagged], "pairs": len(tagged), "left_out": left_out}
        labels = replace(labels, origin={**labels.origin, "tagged": told})
    labels.write(options.output)
    return 0


def _read_tagged(paths: Sequence[Path], held_out: frozenset[str], *, strict: bool) -> "list[Pair]":
    from hayakana_training.data.held_out import exclude
    from hayakana_training.data.pairs import read_pairs

    pairs: list[Pair] = []
    for path in paths:
        found, problems = read_pairs(path)
        report(problems, strict=strict)
        pairs += exclude(found, held_out)
    return pairs
