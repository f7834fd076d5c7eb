"""The doors, by name: how a case of each is made, and how it is checked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.fuzz import jobs, models, names, options, resumes, tables
from tests.fuzz.cases import Case


@dataclass(frozen=True)
class Door:
    """``check`` has a case do its worst in an empty folder: it returns what became of it, and raises what may not."""

    make: Callable[[Random], Case]
    check: Callable[[Case, Path], str]


FILES = ("csv", "tsv", "jsonl", "txt", "parquet", "xlsx")
FOLDERS = ("manifest", "folder")

DOORS: dict[str, Door] = {
    "name": Door(names.make_name, names.check_name),
    "list": Door(names.make_list, names.check_list),
    "lexicon": Door(names.make_lexicon, names.check_lexicon),
    **{name: Door(partial(tables.make, name), jobs.check) for name in FILES},
    "manifest": Door(models.make_manifest, models.check),
    "folder": Door(models.make_folder, models.check),
    "job": Door(resumes.make, resumes.check),
    "options": Door(options.make, options.check),
}
