"""Inputs to one file, or to a folder that can be resumed."""
