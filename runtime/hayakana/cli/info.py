"""``hayakana info``: versions, devices and models."""

import argparse
import sys

import hayakana
from hayakana.cli.options import FINISHED, say
from hayakana.cli.parser import Parser, path_text
from hayakana.errors import listed
from hayakana.extras import version_of
from hayakana.model.folder import bundled_models, find_model, load_model
from hayakana.names.rules import languages_followed
from hayakana.sessions.opening import runtime
from hayakana.system.processors import usable_processors


def add_info(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to the parser."""
    info = commands.add_parser(
        "info",
        usage="hayakana info [MODEL]",
        help="show versions, devices and models",
        description="Show versions, execution providers of onnxruntime and the bundled models, or the card of MODEL.",
    )
    info.add_argument("model", nargs="?", type=path_text, metavar="MODEL", help="a bundled model, or a model folder")
    info.set_defaults(run=_info, no_names=False)


def _info(options: argparse.Namespace) -> int:
    if options.model is not None:
        model = load_model(find_model(options.model))
        print(model.card)
        tokens, whole_names = model.source_vocabulary.characters, model.manifest.unit == "name"
        languages = sorted(languages_followed(tokens, whole_names=whole_names))
        print(f"languages of hints (--language): {', '.join(languages) or 'none'}")
        return FINISHED
    onnxruntime = runtime()
    wheels = [f"{wheel} {version}" for wheel in ("onnxruntime", "onnxruntime-gpu") if (version := version_of(wheel))]
    print(f"hayakana {hayakana.__version__}, Python {sys.version.split()[0]}, numpy {version_of('numpy')}")
    print(f"{listed(wheels, between=' and ')}: {listed(onnxruntime.get_available_providers())}")
    print(f"processors that --workers auto uses: {usable_processors()}")
    if len(wheels) > 1:
        say("both wheels of onnxruntime are installed and overwrite each other; pip uninstall both, then install one")
    for name, folder in bundled_models().items():
        manifest = load_model(folder).manifest
        exact_match = manifest.metrics["development"]["development_exact_match"]
        measured_on = "names" if manifest.unit == "part" else "names, one in five of several parts"
        print(
            f"model {name}: unit {manifest.unit}, {manifest.training['weights']:,} weights, licence {manifest.licence},"
            f" exact match {exact_match:.3f} on development {measured_on}"
        )
    return FINISHED
