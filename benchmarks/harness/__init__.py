"""Processes, turns, names, result files: what every measurement needs. It knows no side and no section."""
