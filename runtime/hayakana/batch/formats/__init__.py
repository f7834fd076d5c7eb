"""Bytes to rows and rows to bytes. It knows no model and no job."""
