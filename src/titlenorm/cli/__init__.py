"""The command line: one group, whose commands have rooms of their own."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from titlenorm import __version__
from titlenorm.cli.diff import diff
from titlenorm.cli.evaluate import evaluate
from titlenorm.cli.learn import learn
from titlenorm.cli.lookup import explain, roles
from titlenorm.cli.normalize import normalize
from titlenorm.cli.taxonomy import taxonomy
from titlenorm.errors import TitlenormError

__all__ = ["main"]

_INTERRUPTED_EXIT = 130


class _Group(click.Group):
    """Turns errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TitlenormError as error:
            click.echo(f"titlenorm: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt as stopped:
            click.echo(f"titlenorm: stopped. {stopped}".rstrip(), err=True)
            ctx.exit(_INTERRUPTED_EXIT)
        except OSError as error:
            if error.filename is None:
                _give_up_stdout()
            if error.errno == errno.EPIPE:  # the reader has seen enough
                ctx.exit(0)
            what = "Standard output cannot be written" if error.filename is None else error.filename
            click.echo(f"titlenorm: {what}: {error.strerror or error}.", err=True)
            ctx.exit(2)


def _give_up_stdout() -> None:
    """Send what is still held for standard output nowhere, so that the interpreter does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="titlenorm")
def main() -> None:
    """Turn raw job titles into canonical roles, with level, score and reason."""


for _command in (normalize, explain, roles, evaluate, learn, diff, taxonomy):
    main.add_command(_command)
