"""``hayakana-train fit``: pairs or labels in, a run out."""

import argparse
from pathlib import Path

from hayakana_training.cli.backends import check_backend, import_backend
from hayakana_training.cli.pairs_options import DATA_HELP, add_pairs_options, log, report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "fit", help="train a Keras model on name pairs", description="Train a Keras model.", epilog=DATA_HELP
    )
    parser.add_argument(
        "--preset",
        default="default",
        help="default, fast, teacher, seed, plain, judge, tiny, or a .json file like them",
    )
    add_pairs_options(parser, train_required=False)
    parser.add_argument("--labels", type=Path, metavar="FILE", help="learn from what teachers said (label writes FILE)")
    parser.add_argument(
        "--vocabularies",
        type=Path,
        metavar="RUN",
        help="take the vocabularies of another run, so that both can be teachers of one student",
    )
    parser.add_argument(
        "--initial",
        type=Path,
        metavar="RUN",
        help="start from the weights of another run, to fine-tune it on other pairs",
    )
    parser.add_argument(
        "--minimum-risk",
        action="store_true",
        help="train on the edits that are to be expected of the candidates of --initial, beside cross-entropy",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="RUN", help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in RUN")
    parser.set_defaults(run=run, usage_error=parser.error)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from hayakana_training.model.config import Config

    if bool(options.train) == bool(options.labels):
        options.usage_error("give --train FILE, or --labels FILE, which holds its pairs")
    if options.labels and (options.vocabularies or not options.development):
        options.usage_error("--labels brings its vocabularies, so no --vocabularies, and needs --development")
    if options.minimum_risk and (options.labels or not options.initial):
        options.usage_error("--minimum-risk needs --initial RUN and the pairs of --train FILE")
    config = Config.read(options.preset)
    check_backend()
    from hayakana_training.data.loading import load_data, load_labels
    from hayakana_training.model.run_folder import check_new, check_run

    check_new(options.output, resume=options.resume)
    if options.initial:
        check_run(options.initial)
    if options.labels:
        data = load_labels(
            config, options.labels, development=options.development, exclude_hashes=options.exclude_hashes
        )
    else:
        data = load_data(
            config,
            train=options.train,
            development=options.development,
            exclude_hashes=options.exclude_hashes,
            vocabularies=options.vocabularies,
        )
    report(data.problems, strict=options.strict)
    data.check()
    import_backend()
    from hayakana_training.learning.fit import fit

    fit(
        config,
        data,
        folder=options.output,
        resume=options.resume,
        log=log,
        initial=options.initial,
        minimum_risk=options.minimum_risk,
    )
    return 0
