"""Adapters for engines that share out work among machines. Each needs the extra of its name."""
