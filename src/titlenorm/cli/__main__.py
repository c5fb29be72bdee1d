"""`python -m titlenorm.cli` is the command `titlenorm`."""

from titlenorm.cli import main

if __name__ == "__main__":
    main(prog_name="titlenorm")
