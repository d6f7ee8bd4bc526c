"""``python -m landmark``: the command line."""

from landmark.cli.app import main

if __name__ == "__main__":
    main()
