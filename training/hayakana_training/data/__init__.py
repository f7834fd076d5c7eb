"""Pairs of names and Katakana: read, generated, held out and labelled. It computes with no model."""
