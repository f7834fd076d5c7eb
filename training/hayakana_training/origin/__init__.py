"""Which language a name is of, though nobody says so: ``hayakana-train tag``. Knows no model and no TensorFlow."""
