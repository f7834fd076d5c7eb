"""Thin adapters of the Arrow core for engines that run many of it. Each needs the extra of its name."""
