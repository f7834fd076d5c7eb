"""What trained runs are asked of pairs: labels for a student, and which pairs are wrong."""
