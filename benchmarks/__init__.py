"""Measurements, each one command; results are committed as JSON under results/."""
