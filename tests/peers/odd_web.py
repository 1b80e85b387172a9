#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""odd_web.py PORT: a web server on loopback that does what no real one can be
told to: it hangs, breaks off, never ends."""
import socket
import sys
import threading

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\n"
MEGABYTE = b"\x30" * 1048576


def hang(client):
    while client.recv(4096):
        pass


def drip(client):
    client.sendall(HEAD + b"Content-Length: 400\r\n\r\n0")
    hang(client)


def short(client):
    client.sendall(HEAD + b"Content-Length: 400\r\n\r\n" + b"0" * 100)


def endless(client):
    client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        client.sendall(b"100000\r\n" + MEGABYTE + b"\r\n")


def gigabyte(client):
    client.sendall(HEAD + b"Connection: close\r\n\r\n")
    for _ in range(1024):
        client.sendall(MEGABYTE)


def garbage(client):
    client.sendall(b"* OK this is no web server\r\n")


def answer(client):
    with client:
        try:
            first = client.recv(4096)
            if not first.startswith(b"GET "):
                hang(client)    # that was LDAP
                return
            path = first.split()[1].decode()
            {"/hang": hang, "/drip": drip, "/short": short,
             "/endless": endless, "/gigabyte": gigabyte,
             "/garbage": garbage}.get(path, lambda client: None)(client)
        except (OSError, IndexError):
            pass


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        threading.Thread(target=answer, args=(server.accept()[0],),
                         daemon=True).start()
