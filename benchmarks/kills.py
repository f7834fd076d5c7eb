"""``python -m benchmarks.kills``: the door of ``studies.kills``, by the name that it is known under."""

from benchmarks.studies.kills import main

if __name__ == "__main__":
    main()
