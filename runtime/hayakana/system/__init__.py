"""What the operating system does for hayakana: files, locks, signals, forks. It knows no name and no model."""
