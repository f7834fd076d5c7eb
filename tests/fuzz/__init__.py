"""Fuzzing: a harness a door through which something comes in that we did not write.

A *case* is what comes in (``cases``). A *door* makes cases and checks what becomes of each (``doors``): a clear error
or a right answer. Making a case takes a ``random.Random`` alone. So hypothesis draws cases in the tests
(``test_doors``), and a number repeats each by hand (``python -m tests.fuzz``), in a process that is watched.
"""
