"""The model, in one file: an attention sequence-to-sequence network built from Keras layers.

The equations are from Luong, Pham and Manning, "Effective Approaches to Attention-based Neural Machine Translation"
(EMNLP 2015): h_t is the decoder's output, h̄_s the encoder's outputs, c_t the context.
"""

import keras
from keras import layers, ops

from hayakana.model.vocabulary import PAD_ID, Vocabulary
from hayakana_training.model.config import Config


class TransliterationModel(keras.Model):
    """``[source_ids (batch, source_length), previous_ids (batch, target_length)]`` → logits.

    ``previous_ids`` is the target shifted right behind bos (teacher forcing); the logits are ``(batch, target_length,
    target_vocabulary_size)`` float32. Padding (id 0, on the right) changes nothing: the LSTMs skip it and attention
    never sees it.
    """

    def __init__(self, config: Config, *, source_vocabulary_size: int, target_vocabulary_size: int) -> None:
        super().__init__(name="transliteration")
        self.config = config
        self.source_embedding = layers.Embedding(source_vocabulary_size, config.embedding_units)
        self.target_embedding = layers.Embedding(target_vocabulary_size, config.embedding_units)
        encoder = layers.LSTM(config.encoder_units, return_sequences=True, return_state=True, name="encoder")
        self.encoder = layers.Bidirectional(encoder, name="encoder") if config.bidirectional else encoder
        self.decoder = layers.LSTM(config.decoder_units, return_sequences=True, name="decoder")
        same_width = config.encoder_output_units == config.decoder_units
        self.bridge = None if same_width else layers.Dense(config.decoder_units, activation="tanh", name="bridge")
        self.keys = (
            layers.Dense(config.decoder_units, use_bias=False, name="attention_keys")
            if config.attention == "general"
            else None
        )
        self.attention = layers.Attention(score_mode="dot") if config.attention != "none" else None
        self.combination = layers.Dense(config.combination_units, activation="tanh", name="combination")
        self.output_projection = layers.Dense(target_vocabulary_size, name="output_projection")
        self.dropout = layers.Dropout(config.dropout, seed=config.seed)

    def encode(self, source_ids, *, training=False):
        """Return encoder outputs h̄_s, attention keys, the decoder's initial state, and the mask of real positions."""
        mask = ops.not_equal(source_ids, PAD_ID)
        embedded = self.dropout(self.source_embedding(source_ids), training=training)
        encoder_outputs, *states = self.encoder(embedded, mask=mask, training=training)
        # The article gives the encoder's last output to the decoder as hidden and as cell state.
        last_output = ops.concatenate(states[::2], axis=-1) if self.config.bidirectional else states[0]
        initial_state = last_output if self.bridge is None else self.bridge(last_output)
        encoder_outputs = self.dropout(encoder_outputs, training=training)
        # Equation 7: score(h_t, h̄_s) = h_t · h̄_s (dot) or h_t · W h̄_s (general); W h̄_s does not depend on t.
        attention_keys = encoder_outputs if self.keys is None else self.keys(encoder_outputs)
        return encoder_outputs, attention_keys, initial_state, mask

    def call(self, inputs, *, training=False):
        """Return the logits; the class says of what."""
        source_ids, previous_ids = inputs
        return self.decode(self.encode(source_ids, training=training), previous_ids, training=training)

    def decode(self, encoded, previous_ids, *, training=False):
        """Return the logits for what ``encode`` returned, a row for each of ``previous_ids``."""
        encoder_outputs, attention_keys, initial_state, mask = encoded
        embedded = self.dropout(self.target_embedding(previous_ids), training=training)
        decoder_outputs = self.decoder(embedded, initial_state=[initial_state, initial_state], training=training)
        combined = decoder_outputs
        if self.attention is not None:
            context = self.attention([decoder_outputs, encoder_outputs, attention_keys], mask=[None, mask])
            combined = ops.concatenate([context, decoder_outputs], axis=-1)
        # Equation 5: h̃_t = tanh(W_c [c_t; h_t]); equation 6: p(y_t) = softmax(W_s h̃_t), the softmax in the loss.
        return self.output_projection(self.dropout(self.combination(combined), training=training))


def build_model(config: Config, source_vocabulary: Vocabulary, target_vocabulary: Vocabulary) -> TransliterationModel:
    """Return a model with fresh weights, drawn from ``config.seed``."""
    keras.utils.set_random_seed(config.seed)
    model = TransliterationModel(
        config, source_vocabulary_size=len(source_vocabulary), target_vocabulary_size=len(target_vocabulary)
    )
    model([ops.ones((1, 2), "int32"), ops.ones((1, 2), "int32")])
    return model
