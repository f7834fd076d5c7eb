"""The site: README, docs/ and what they link, built by Zensical, with the page of examples/browser.

``python -m website build`` writes it. Nothing here is in a wheel.
"""
