"""A run becomes a model folder, which is proved to do what the run does. It knows no training."""
