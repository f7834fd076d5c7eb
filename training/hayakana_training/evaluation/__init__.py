"""How good the Katakana of a model folder is, and how far its probabilities can be trusted. It knows no training."""
