"""Pairs become the weights of a run. It knows no teachers."""
