"""``hayakana-train``: options in, exit code out, one file a command."""
