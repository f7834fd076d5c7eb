"""Names in and Katakana out over HTTP, and the page. Needs the ``serve`` extra. It knows no file of names."""
