"""What everybody knows of names: sources in, the table of a model folder out. Knows no TensorFlow."""
