"""``hayakana-train export``: a run in, a model folder out."""

import argparse
from pathlib import Path

from hayakana_training.cli.backends import check_tensorflow, import_tensorflow
from hayakana_training.cli.pairs_options import log
from hayakana_training.errors import TrainingError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="export a run as a model folder, or check one",
        description="Export a run as two ONNX graphs. The graphs must pass every check. They must decode thousands"
        " of names to the same strings, with the same logits, as the Keras model does the naive way. Else nothing is"
        " written. With --check, prove that again for a model that was exported.",
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="RUN", help="folder of the run to export")
    parser.add_argument("--check", metavar="MODEL", help="measure again the parity of MODEL, a name or a folder")
    parser.add_argument("--output", type=Path, metavar="MODEL", help="model folder to write")
    parser.add_argument("--name", help="name of the model (default: that of its folder)")
    parser.add_argument("--licence", default="unstated", help="licence of the model, as an SPDX identifier")
    parser.add_argument(
        "--data", default="Not stated.", help="a sentence for the card: the data, its source and licence"
    )
    parser.add_argument("--command", default="hayakana-train fit", help="for the card: the commands of the training")
    parser.add_argument(
        "--dropped", type=Path, metavar="FILE", help="what clean dropped, to be shipped beside the weights"
    )
    parser.add_argument(
        "--names",
        type=Path,
        metavar="FILE",
        help="names for the parity, one a line (default: US census names from the package names on PyPI)",
    )
    parser.set_defaults(run=run, usage_error=parser.error)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from hayakana.model.folder import find_model

    if options.check and (options.folder or options.output):
        options.usage_error("--check takes a model alone; leave RUN and --output out")
    if not options.check and not (options.folder and options.output):
        options.usage_error("give a RUN and --output MODEL to export, or --check MODEL")
    names = options.names.read_text(encoding="utf-8").splitlines() if options.names else None
    checked = find_model(options.check) if options.check else None
    check_tensorflow()
    from hayakana_training.export.folder_files import check_replaceable
    from hayakana_training.model.run_folder import TRAINING, check_run

    check_run(checked / TRAINING if checked else options.folder)
    if options.output:
        check_replaceable(options.output)
    if options.dropped and not options.dropped.is_file():
        raise TrainingError(f"{options.dropped} does not exist: give --dropped the file that clean wrote")
    import_tensorflow()
    from hayakana_training.export.export import Provenance, check, describe, export

    if checked:
        print(describe(check(checked, names=names)))
        return 0
    name = options.name or options.output.resolve().name
    provenance = Provenance(name, options.licence, options.data, options.command, options.dropped)
    export(options.folder, options.output, provenance, names=names, log=log)
    return 0
