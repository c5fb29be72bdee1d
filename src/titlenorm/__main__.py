"""The command `titlenorm` of a shell, which has a process of its own; `python -m titlenorm` is the same."""

import gc

from titlenorm.cli import main

__all__ = ["run"]

_RARELY = (100_000, 50, 1_000)


def run() -> None:
    """Run the command. Its tables stay until the process ends, so that the garbage collector need hardly walk them, and not at the end."""
    gc.set_threshold(*_RARELY)
    try:
        main(prog_name="titlenorm")
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
