"""What ``python -m benchmarks`` measures, a section a module. It names sides, and knows no report."""
