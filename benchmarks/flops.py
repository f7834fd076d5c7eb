"""Floating-point operations of a model as it was trained: two a multiply-add, whatever the exported graph saves."""

from dataclasses import dataclass

from hayakana_training.model.config import Config


@dataclass(frozen=True)
class Flops:
    """What one name costs: ``source`` a source character, ``target`` a target character and once more for eos.

    ``attention`` is for every source character at every such step, and ``name`` is once a name (the bridge between an
    encoder and a decoder of different widths). Activations, softmax and additions of biases are not counted.
    """

    source: int
    target: int
    attention: int
    name: int

    def of(self, source_length: int, target_length: int) -> int:
        """Return the operations of one name, whose target is ``target_length`` characters long without eos."""
        steps = target_length + 1
        return self.name + self.source * source_length + (self.target + self.attention * source_length) * steps


def count_flops(config: Config, *, target_vocabulary_size: int) -> Flops:
    """Count from the sizes in ``config``: input and recurrent kernels, keys, scores, context, and output layers."""
    encoder, decoder = config.encoder_output_units, config.decoder_units
    directions = 2 if config.bidirectional else 1
    attends = config.attention != "none"
    keys = encoder * decoder if config.attention == "general" else 0
    combination = (encoder * attends + decoder) * config.combination_units
    return Flops(
        source=2 * (directions * _lstm(config.embedding_units, config.encoder_units) + keys),
        target=2
        * (_lstm(config.embedding_units, decoder) + combination + config.combination_units * target_vocabulary_size),
        attention=2 * (decoder + encoder) * attends,
        name=2 * encoder * decoder * (encoder != decoder),
    )


def _lstm(inputs: int, units: int) -> int:
    """Multiply-adds of one step: four gates, each of input and recurrent kernel."""
    return 4 * units * (inputs + units)
