"""``hayakana-train``: fit, export, evaluate, calibrate. Parses, calls, prints."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hayakana.errors import HayakanaError, MissingExtraError
from hayakana_training.data.problems import Problem
from hayakana_training.errors import TrainingError

if TYPE_CHECKING:
    from hayakana_training.data.loading import Data
    from hayakana_training.model.config import Config

DESCRIPTION = """\
Train a transliteration model on name pairs, export it for the runtime, and measure it.

The usual order:
  hayakana-train fit --preset default --train train.tsv --development dev.tsv --output runs/default
  hayakana-train export runs/default --output models/default --name default --licence CC0-1.0
  hayakana-train evaluate dev.tsv --model models/default
  hayakana-train calibrate models/default --development dev.tsv
"""

DATA_HELP = """\
Files of pairs are UTF-8 text, a pair a line: name, Katakana and (optional) count, separated by tabs, for example
"peter<TAB>ピ ー タ ー<TAB>762"; spaces between the characters of the Katakana are allowed. docs/training.md says where
to download the public data set.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return 130
    except (HayakanaError, OSError) as error:
        print(f"hayakana-train: {error}", file=sys.stderr)
        return 1


def _import_tensorflow() -> None:
    """Import TensorFlow, which takes seconds, for the CPU.

    It writes a dozen lines about this machine to standard error, which are kept from there.
    """
    # Exporting needs the CPU's LSTM: the CUDA one has no ONNX form. On a GPU, `fit` trains in JAX.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    standard_error = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
            import tf2onnx  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("training and export", extra="train") from error
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)


def _import_backend() -> None:
    """Import what Keras trains on: TensorFlow, or JAX where ``KERAS_BACKEND`` says so."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend == "tensorflow":
        _import_tensorflow()
    elif backend != "jax":
        raise TrainingError(f"KERAS_BACKEND is {backend}: fit trains in tensorflow or jax")
    elif not find_spec("jax"):
        raise TrainingError(
            "KERAS_BACKEND is jax, which is not installed: pip install 'jax[cuda13]', or jax for the CPU"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hayakana-train", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fit = commands.add_parser(
        "fit", help="train a Keras model on name pairs", description="Train a Keras model.", epilog=DATA_HELP
    )
    fit.add_argument(
        "--preset",
        default="default",
        help="default, fast, teacher, seed, plain, judge, tiny, or a .json file like them",
    )
    _add_data(fit, train_required=False)
    fit.add_argument("--labels", type=Path, metavar="FILE", help="learn from what teachers said (label writes FILE)")
    fit.add_argument(
        "--vocabularies",
        type=Path,
        metavar="RUN",
        help="take the vocabularies of another run, so that both can be teachers of one student",
    )
    fit.add_argument(
        "--initial",
        type=Path,
        metavar="RUN",
        help="start from the weights of another run, to fine-tune it on other pairs",
    )
    fit.add_argument(
        "--minimum-risk",
        action="store_true",
        help="train on the edits that are to be expected of the candidates of --initial, beside cross-entropy",
    )
    fit.add_argument("--output", type=Path, required=True, metavar="RUN", help="folder of the run")
    fit.add_argument("--resume", action="store_true", help="go on from the checkpoint in RUN")
    fit.set_defaults(run=_fit, usage_error=fit.error)

    clean = commands.add_parser(
        "clean",
        help="leave wrong pairs out",
        description="Train a small model on each half of the pairs, judge the other half with it, and write to FOLDER"
        " pairs.tsv, which fit takes, and dropped.tsv, what was left out.",
        epilog=DATA_HELP,
    )
    clean.add_argument("--preset", default="judge", help="of the two models (default: %(default)s)")
    _add_data(clean, train_required=True)
    clean.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="folder of the pairs and the runs")
    clean.set_defaults(run=_clean)

    label = commands.add_parser(
        "label",
        help="have trained models label names, for a smaller one to learn from",
        description="Write what the models of several runs, their probabilities averaged, say of the pairs, of the US"
        " census names and of names drawn from a model of the pairs' names.",
        epilog=DATA_HELP,
    )
    label.add_argument("teachers", nargs="+", type=Path, metavar="RUN", help="runs of fit on the same pairs")
    _add_data(label, train_required=True)
    label.add_argument(
        "--generate", type=_count, default=170_000, metavar="N", help="names to draw (default: %(default)s)"
    )
    label.add_argument("--seed", type=int, default=1, help="of the names that are drawn (default: %(default)s)")
    label.add_argument(
        "--temperature",
        type=_temperature,
        default=1.0,
        metavar="T",
        help="below 1, teachers are made surer of what they say, as those need that were trained with label smoothing"
        " or minimum risk (default: %(default)s, as they are)",
    )
    label.add_argument("--output", type=Path, required=True, metavar="FILE", help="file of labels to write, .npz")
    label.set_defaults(run=_label)

    romaji = commands.add_parser(
        "romaji",
        help="write pairs of Japanese names and their romaji",
        description="Write pairs of Japanese names in romaji and Katakana, generated by rule, for models that may"
        " not be trained on dictionaries.",
    )
    romaji.add_argument("output", type=Path, metavar="FILE", help="file of pairs to write")
    romaji.set_defaults(run=_romaji)

    export = commands.add_parser(
        "export",
        help="export a run as a model folder, or check one",
        description="Export a run as two ONNX graphs. Nothing is written unless the graphs pass every check and decode"
        " thousands of names to the same strings, with the same logits, as the Keras model decoded the naive way."
        " With --check, prove that again for a model that was exported.",
    )
    export.add_argument("folder", nargs="?", type=Path, metavar="RUN", help="folder of the run to export")
    export.add_argument("--check", metavar="MODEL", help="measure again the parity of MODEL, a name or a folder")
    export.add_argument("--output", type=Path, metavar="MODEL", help="model folder to write")
    export.add_argument("--name", help="name of the model (default: that of its folder)")
    export.add_argument("--licence", default="unstated", help="licence of the model, as an SPDX identifier")
    export.add_argument(
        "--data", default="Not stated.", help="a sentence for the card: the data, its source and licence"
    )
    export.add_argument("--command", default="hayakana-train fit", help="for the card: the commands of the training")
    export.add_argument(
        "--dropped", type=Path, metavar="FILE", help="what clean dropped, to be shipped beside the weights"
    )
    export.add_argument(
        "--names",
        type=Path,
        metavar="FILE",
        help="names for the parity, one a line (default: US census names from the package names on PyPI)",
    )
    export.set_defaults(run=_export, usage_error=export.error)

    evaluate = commands.add_parser(
        "evaluate",
        help="measure a model on a file of pairs",
        description="Measure exact match of the first, the first two and the first three answers, mean reciprocal rank,"
        " mean F-score (NEWS shared tasks) and character error rate: of all names, by length and by spelling, as"
        " written and with free variants folded (ヴァ = バ and the like); and list the most frequent confusions.",
        epilog=DATA_HELP,
    )
    evaluate.add_argument("file", type=Path, metavar="FILE", help="pairs: name, Katakana, count")
    evaluate.add_argument("--model", default="default", help="name of a bundled model, or a model folder")
    evaluate.add_argument("--exclude-hashes", type=Path, metavar="HASHES", help="as for fit")
    evaluate.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    evaluate.add_argument("--json", action="store_true", help="print JSON in place of the table")
    evaluate.set_defaults(run=_evaluate)

    calibrate = commands.add_parser(
        "calibrate",
        help="fit a model's probabilities to a development set",
        description="Fit the probabilities of a model folder to the share of names that it gets right (Platt scaling),"
        " and write the result into its manifest, its card, and training/calibration.png. Running it again replaces"
        " what it wrote; exporting the model again removes it.",
        epilog=DATA_HELP,
    )
    calibrate.add_argument("model", metavar="MODEL", help="name of a bundled model, or a model folder")
    calibrate.add_argument(
        "--development", type=Path, required=True, metavar="FILE", help="pairs whose names were not trained on"
    )
    calibrate.add_argument("--exclude-hashes", type=Path, metavar="HASHES", help="as for fit")
    calibrate.add_argument("--strict", action="store_true", help="fail if a line is malformed")
    calibrate.set_defaults(run=_calibrate)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text}: must be a number, 0 or more")
    return int(text)


def _temperature(text: str) -> float:
    try:
        temperature = float(text)
    except ValueError:
        temperature = 0.0
    if not 0.1 <= temperature <= 10:
        raise argparse.ArgumentTypeError(f"{text}: must be a number from 0.1 to 10")
    return temperature


def _add_data(parser: argparse.ArgumentParser, *, train_required: bool) -> None:
    parser.add_argument(
        "--train",
        nargs="+",
        type=Path,
        required=train_required,
        default=[],
        metavar="FILE",
        help="files of training pairs, or enamdict and edict as they come",
    )
    parser.add_argument(
        "--development",
        type=Path,
        metavar="FILE",
        help="pairs that early stopping is judged on; names in it are never trained on"
        " (without it: one training name in twenty, chosen by a hash of the name)",
    )
    parser.add_argument(
        "--exclude-hashes",
        type=Path,
        metavar="FILE",
        help="leave out every name whose hash is in FILE: the first 16 hex digits of sha256 of the folded name",
    )
    parser.add_argument("--strict", action="store_true", help="stop at malformed lines instead of leaving them out")


def _data(options: argparse.Namespace, config: "Config") -> "Data":
    from hayakana_training.data.loading import load_data

    data = load_data(
        config, train=options.train, development=options.development, exclude_hashes=options.exclude_hashes
    )
    _report(data.problems, strict=options.strict)
    return data


def _fit(options: argparse.Namespace) -> int:
    from hayakana_training.model.config import Config

    if bool(options.train) == bool(options.labels):
        options.usage_error("give --train FILE, or --labels FILE, which holds its pairs")
    if options.labels and (options.vocabularies or not options.development):
        options.usage_error("--labels brings its vocabularies, so no --vocabularies, and needs --development")
    if options.minimum_risk and (options.labels or not options.initial):
        options.usage_error("--minimum-risk needs --initial RUN and the readings of --train FILE")
    config = Config.read(options.preset)
    _import_backend()
    from hayakana_training.data.loading import load_data, load_labels
    from hayakana_training.learning.fit import fit

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
    _report(data.problems, strict=options.strict)
    fit(
        config,
        data,
        folder=options.output,
        resume=options.resume,
        log=_log,
        initial=options.initial,
        minimum_risk=options.minimum_risk,
    )
    return 0


def _clean(options: argparse.Namespace) -> int:
    from hayakana_training.model.config import Config

    config = Config.read(options.preset)
    _import_tensorflow()
    from hayakana_training.teaching.cleaning import clean

    clean(config, _data(options, config), folder=options.output, log=_log)
    return 0


def _label(options: argparse.Namespace) -> int:
    _import_tensorflow()
    from hayakana_training.model.runs import open_run
    from hayakana_training.teaching.ensemble import Ensemble
    from hayakana_training.teaching.labelling import label

    options.output.parent.mkdir(parents=True, exist_ok=True)
    teachers = Ensemble([open_run(folder) for folder in options.teachers])
    data = _data(options, teachers.config)
    labels = label(
        teachers,
        data,
        generate=options.generate,
        seed=options.seed,
        temperature=options.temperature,
        log=_log,
    )
    labels.write(options.output)
    return 0


def _romaji(options: argparse.Namespace) -> int:
    from hayakana.system.files import atomic_file
    from hayakana_training.data.japanese_names import japanese_name_pairs
    from hayakana_training.data.pairs import write_pairs

    with atomic_file(options.output) as file:
        write_pairs(japanese_name_pairs(), file)
    return 0


def _log(line: str) -> None:
    print(line, flush=True)


def _export(options: argparse.Namespace) -> int:
    from hayakana.model.folder import find_model

    if options.check and (options.folder or options.output):
        options.usage_error("--check takes a model alone; leave RUN and --output out")
    if not options.check and not (options.folder and options.output):
        options.usage_error("give a RUN and --output MODEL to export, or --check MODEL")
    names = options.names.read_text(encoding="utf-8").splitlines() if options.names else None
    checked = find_model(options.check) if options.check else None
    _import_tensorflow()
    from hayakana_training.export.export import Provenance, check, describe, export

    if checked:
        print(describe(check(checked, names=names)))
        return 0
    name = options.name or options.output.resolve().name
    provenance = Provenance(name, options.licence, options.data, options.command, options.dropped)
    export(options.folder, options.output, provenance, names=names, log=_log)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from hayakana import Transliterator

    try:
        from hayakana_training.evaluation.evaluate import evaluate
        from hayakana_training.evaluation.report import as_json, as_text
    except ImportError as error:
        raise MissingExtraError("evaluation", extra="train") from error

    with Transliterator(options.model) as transliterator:
        evaluation, problems = evaluate(transliterator, options.file, exclude_hashes=options.exclude_hashes)
    _report(problems, strict=options.strict)
    if options.json:
        values = {"model": options.model, "file": str(options.file), **as_json(evaluation)}
        print(json.dumps(values, indent=2, ensure_ascii=False))
        return 0
    print(as_text(evaluation), end="")
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from hayakana import Transliterator
    from hayakana.model.folder import find_model

    folder = find_model(options.model)
    _import_tensorflow()
    from hayakana_training.evaluation.calibrate import calibrate, describe
    from hayakana_training.evaluation.evaluate import read_references

    references, problems = read_references(options.development, exclude_hashes=options.exclude_hashes)
    _report(problems, strict=options.strict)
    print(describe(calibrate(folder, references, data=options.development.name, open_transliterator=Transliterator)))
    return 0


def _report(problems: Sequence[Problem], *, strict: bool) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} malformed lines, left out", file=sys.stderr)
    if problems and strict:
        raise TrainingError("--strict: correct the lines above, or leave --strict out to go on without them")


if __name__ == "__main__":
    sys.exit(main())
