"""Two classifiers of the language of a name: by its letters, and by its letters and Katakana together.

The first learns from names whose language is known, and is surest where spelling is telling. The second learns from
what the first is sure of. It sees which letters became which Kana, so it can tell シャルル from チャールズ. Both are
logistic regressions over hashed n-grams (Cavnar and Trenkle, "N-Gram-Based Text Categorization", 1994).
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from hayakana_training.origin.examples import Examples

SURE_OF_LETTERS = 0.75
"""The probability from which the second classifier learns what the first one says."""
SURE_OF_EXAMPLES = 0.8
"""The probability from which ``Accuracy`` calls the classifier sure of a name."""
_TESTED = 0.1
"""The share of examples that the accuracy is measured on, by a classifier that has not seen them."""
_TYPICAL = 1_000
"""Names of a language that has the weight 1 in the second classifier."""
_NEAR = 2
"""How far apart letters and Kana may be, scaled to the same length, for a pair of them to be a feature."""


@dataclass(frozen=True)
class Accuracy:
    """How often the classifier of letters is right on examples that it has not seen; of those it is sure of, too."""

    names: int
    right: float
    sure: float
    right_where_sure: float


class _Classifier:
    """A multinomial logistic regression over the hashed features that examples have.

    Training stops before it has converged, which regularises: more iterations fit the examples, not the names.
    """

    def __init__(self, vectorizer: HashingVectorizer, *, inverse_penalty: float, iterations: int) -> None:
        self._vectorizer = vectorizer
        self._regression = LogisticRegression(C=inverse_penalty, max_iter=iterations)
        self._used: NDArray[np.intp] = np.empty(0, np.intp)

    def fit(self, samples: Iterable[Any], languages: Sequence[str], weights: Sequence[float]) -> None:
        features = self._vectorizer.transform(samples)
        # Weights of features that no example has would stay zero, and take most of the memory.
        self._used = np.flatnonzero(np.bincount(features.indices, minlength=features.shape[1]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._regression.fit(features[:, self._used], np.array(languages), np.array(weights))

    def best(self, samples: Iterable[Any]) -> list[tuple[str, float]]:
        """Return the most probable language of each sample, with its probability."""
        probabilities = self._regression.predict_proba(self._vectorizer.transform(samples)[:, self._used])
        best = probabilities.argmax(axis=1)
        return list(zip(self._regression.classes_[best].tolist(), probabilities.max(axis=1).tolist(), strict=True))


class LetterClassifier:
    """Tells languages by the letters of a name: n-grams of up to four letters, the edges of the name among them."""

    def __init__(self, examples: Examples) -> None:
        vectorizer = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(1, 4),
            n_features=1 << 18,
            alternate_sign=False,
            norm=None,
            binary=True,
            lowercase=False,
        )
        self._classifier = _Classifier(vectorizer, inverse_penalty=0.3, iterations=60)
        self._classifier.fit(examples.names, examples.languages, examples.weights)

    def best(self, names: Iterable[str]) -> dict[str, tuple[str, float]]:
        """Return the most probable language of each of ``names``, with its probability."""
        distinct = sorted(set(names))
        return dict(zip(distinct, self._classifier.best(distinct), strict=True))


def accuracy_of_letters(examples: Examples, *, seed: int) -> Accuracy:
    """Measure a ``LetterClassifier`` of nine tenths of ``examples`` on the remaining tenth."""
    is_tested = np.random.RandomState(seed).rand(len(examples.names)) < _TESTED
    tested = examples.at(np.flatnonzero(is_tested).tolist())
    found = LetterClassifier(examples.at(np.flatnonzero(~is_tested).tolist())).best(tested.names)
    answers = [found[name] for name in tested.names]
    right = np.array([best == language for (best, _), language in zip(answers, tested.languages, strict=True)])
    sure = np.array([probability > SURE_OF_EXAMPLES for _, probability in answers])
    right_where_sure = float(right[sure].mean()) if sure.any() else 0.0
    return Accuracy(len(right), float(right.mean()), float(sure.mean()), right_where_sure)


class PairClassifier:
    """Tells languages by a name and its Katakana: n-grams of both, and which letters stand beside which Kana."""

    def __init__(self, pairs: Sequence[tuple[str, str]], languages: Sequence[str]) -> None:
        vectorizer = HashingVectorizer(
            analyzer=_features, n_features=1 << 20, alternate_sign=False, norm=None, binary=True
        )
        self._classifier = _Classifier(vectorizer, inverse_penalty=0.1, iterations=40)
        counts = Counter(languages)
        self._classifier.fit(pairs, languages, [(_TYPICAL / counts[language]) ** 0.5 for language in languages])

    def best(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
        """Return the most probable language of each pair of name and Katakana, with its probability."""
        return self._classifier.best(pairs)


def _features(pair: tuple[str, str]) -> list[str]:
    name, katakana = (f"^{text}$" for text in pair)
    # Katakana is told from letters anyway, but for the edges: K keeps them apart.
    features = [*_grams(name, (1, 2, 3, 4)), *(f"K{gram}" for gram in _grams(katakana, (1, 2, 3)))]
    for place in range(len(name) - 1):
        centre = (place + 0.5) / (len(name) - 1) * (len(katakana) - 1)
        letters = name[place : place + 2]
        for other in range(len(katakana) - 1):
            if abs(other + 0.5 - centre) <= _NEAR:
                features += [f"{letters}|{katakana[other : other + 2]}", f"{letters}|{katakana[other]}"]
    return features


def _grams(text: str, sizes: Iterable[int]) -> Iterator[str]:
    for size in sizes:
        yield from (text[place : place + size] for place in range(len(text) - size + 1))
