"""A Python new enough, or a sentence. Written so that an old Python can still read it."""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")
ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


def insist():
    """Go on if this Python will do; else start again under one that does; else say what to install."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        if shutil.which(name) and subprocess.call([name, "-c", ENOUGH], stderr=subprocess.DEVNULL) == 0:
            os.execvp(name, [name] + sys.argv)
    sys.exit(
        "The Assembly needs Python 3.11 or later and this one is %d.%d: install it "
        "(Debian: sudo apt-get install python3; macOS: brew install python@3.13) and try again."
        % sys.version_info[:2]
    )
