import itertools
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from hayakana_training.model.config import Config
from hayakana_training.model.runs import Run, open_run


@pytest.fixture(scope="session")
def tiny_run(tiny_folder: Path) -> Run:
    """The Keras side of the tiny model."""
    return open_run(tiny_folder / "training")


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    return Config.read("tiny")


@dataclass(frozen=True)
class Candidate:
    text: str
    probability: float


@dataclass(frozen=True)
class Answer:
    text: str | None
    candidates: tuple[Candidate, ...] = ()
    probability: float | None = None
    language: str | None = None


class Scripted:
    """A transliterator fed by a script: name → text, probability, candidates; without an entry a name has no text.

    The candidates of a script have the text's probability, the second one half of it, the third one a third. A hint of
    language that has an entry of its own, ``fr:michel``, is followed.
    """

    def __init__(self, script: Mapping[str, tuple]) -> None:
        self._script = script

    def transliterate_detailed(
        self,
        names: Iterable[str],
        languages: Iterable[str] = (),
        *,
        candidates: int = 0,
        probabilities: bool = False,
    ) -> list[Answer]:
        answers = []
        for name, language in itertools.zip_longest(names, languages, fillvalue=""):
            hinted = f"{language}:{name}"
            followed = language if hinted in self._script else None
            text, probability, *others = self._script.get(hinted if followed else name, (None, None))
            listed = tuple(Candidate(other, probability / rank) for rank, other in enumerate(others[:candidates], 1))
            answers.append(Answer(text, listed, probability if probabilities else None, followed))
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def scripted() -> Callable[[Mapping[str, tuple]], Scripted]:
    return Scripted
