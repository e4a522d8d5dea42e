"""Readers who ask for one page again and again, each on one connection kept open; nothing but the standard library."""

import socket
import time
from dataclasses import dataclass

PATIENCE = 30


@dataclass(frozen=True)
class Asked:
    """One page, as it is asked for."""

    port: int
    address: str
    cookies: str = ""
    etag: str = ""

    def __bytes__(self):
        lines = [f"GET {self.address} HTTP/1.1", f"Host: localhost:{self.port}", "Accept-Language: fr"]
        lines += [f"Cookie: {self.cookies}"] if self.cookies else []
        lines += [f"If-None-Match: {self.etag}"] if self.etag else []
        return "\r\n".join([*lines, "", ""]).encode()


def read(asked, begins, seconds):
    """(seconds of each answer, its statuses) from one reader who starts with the others."""
    words, took, statuses = bytes(asked), [], set()
    with socket.create_connection(("127.0.0.1", asked.port), timeout=PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        time.sleep(max(0, begins - time.time()))
        ends = begins + seconds
        while time.time() < ends:
            began = time.perf_counter()
            line.sendall(words)
            head, _body = answer(line)
            took.append(time.perf_counter() - began)
            statuses.add(int(head[9:12]))
    return took, statuses


def answer(line):
    """The head and the body of one answer."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += more(line)
    head, _, body = said.partition(b"\r\n\r\n")
    length = header(head, b"content-length")
    missing = int(length) - len(body) if length else 0
    while missing > 0:
        piece = more(line)
        body += piece
        missing -= len(piece)
    return head, body


def more(line):
    piece = line.recv(262144)
    if not piece:
        raise ConnectionError("The server hung up.")
    return piece


def header(head, name):
    for row in head.split(b"\r\n")[1:]:
        key, _, value = row.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""


def ask_once(asked):
    with socket.create_connection(("127.0.0.1", asked.port), timeout=PATIENCE) as line:
        line.sendall(bytes(asked))
        return answer(line)
