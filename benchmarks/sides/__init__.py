"""What runs in a process of its own, see ``benchmarks.child``: one module for each thing that is measured."""
