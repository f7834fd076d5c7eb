"""Programs with a result of their own, too long or too particular for every run of the suite."""
