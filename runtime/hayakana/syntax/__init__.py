"""CSV, TSV and JSON as hayakana reads them without Arrow. It knows no file and no name."""
