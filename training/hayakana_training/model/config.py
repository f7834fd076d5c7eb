"""Every choice that makes a model, frozen; presets are JSON files in ``presets/``."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from hayakana_training.errors import TrainingError

PRESETS = Path(__file__).parent / "presets"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes, data and schedule of one training run.

    Raises:
        TrainingError: a value is out of its range, or a file has keys that are not here.
    """

    unit: Literal["part", "name"]
    """What the model reads at once: one part of a name, or a whole name with its spaces and hyphens."""
    embedding_units: int
    encoder_units: int
    """Units of the encoder LSTM, in each direction."""
    bidirectional: bool
    decoder_units: int
    attention: Literal["dot", "general", "none"]
    """Score of Luong et al. (2015), equation 7; ``general`` projects the encoder outputs first."""
    combination_units: int
    dropout: float
    """Share of the embeddings, encoder outputs and combination outputs set to zero in training."""
    label_smoothing: float

    source_limit: int
    """Most source characters of a unit; longer pairs are left out of training, longer names refused later."""
    target_limit: int
    """Most target characters of a unit."""
    minimum_character_count: int
    """Source characters seen less often are folded (é → e), target characters seen less often leave their pair out."""
    composed_names: int
    """Names of several parts composed from the pairs and added to them, for a whole-name model."""

    count_power: float
    """A pair weighs its count to this power in the loss: frequent names are learned by heart; 0 ignores counts."""

    epochs: int
    patience: int
    """Epochs without a better exact match on the development set before training stops."""
    batch_size: int
    learning_rate: float
    """Of Adam, at the start; it falls to a hundredth of it along a cosine over ``epochs``."""
    gradient_norm: float
    """Gradients are clipped to this global norm."""
    weight_averaging: float
    """Momentum of the exponential moving average of the weights that is evaluated and kept; 0 keeps the last ones."""
    seed: int

    def __post_init__(self) -> None:
        sizes = (self.embedding_units, self.encoder_units, self.decoder_units, self.combination_units)
        if min(*sizes, self.epochs, self.patience, self.batch_size, self.source_limit, self.target_limit) < 1:
            raise TrainingError("sizes, limits, epochs, patience and batch_size must be at least 1")
        if self.unit not in ("part", "name") or self.attention not in ("dot", "general", "none"):
            raise TrainingError("unit is part or name; attention is dot, general or none")
        if not all(0 <= share < 1 for share in (self.dropout, self.label_smoothing, self.weight_averaging)):
            raise TrainingError("dropout, label_smoothing and weight_averaging lie between 0 and 1")
        if self.attention == "dot" and self.encoder_output_units != self.decoder_units:
            raise TrainingError(
                f"the dot score needs encoder outputs ({self.encoder_output_units}) as wide as the decoder"
                f" ({self.decoder_units}); use attention: general"
            )

    @property
    def encoder_output_units(self) -> int:
        """Units of one encoder output: both directions side by side."""
        return self.encoder_units * (2 if self.bidirectional else 1)

    @classmethod
    def read(cls, source: str | Path) -> "Config":
        """Read a preset by name, or a JSON file by path."""
        path = Path(source)
        if path.suffix != ".json":
            path = PRESETS / f"{source}.json"
            if not path.is_file():
                names = ", ".join(sorted(preset.stem for preset in PRESETS.glob("*.json")))
                raise TrainingError(f"no preset {str(source)!r}: choose one of {names}, or give a .json file")
        values = json.loads(path.read_text(encoding="utf-8"))
        known = {item.name for item in fields(cls)}
        if set(values) != known:
            raise TrainingError(f"{path}: missing {sorted(known - set(values))}, unknown {sorted(set(values) - known)}")
        return cls(**values)

    def write(self, path: Path) -> None:
        """Write the JSON file that ``read`` reads."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
