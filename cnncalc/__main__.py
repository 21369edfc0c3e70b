"""`python -m cnncalc`, the same as the console script."""

from cnncalc.cli import main

if __name__ == "__main__":
    main()
