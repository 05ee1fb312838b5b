#!/usr/bin/env python3
"""client.py - runs a command as a task of evtaskd: its output, then its result.

Nothing but the standard library: the protocol is JSON lines on a Unix socket.
"""
import json
import os
import socket
import sys


class EvtaskError(Exception):
    """An error reply; programs look at its name, people at its text."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.name = error["data"]["name"]
        self.data = error["data"]


class Evtask:
    """A connection. Events that come between answers wait in line."""

    def __init__(self, path=None):
        path = path or os.environ.get("EVTASK_SOCKET") or os.path.join(
            os.environ.get("XDG_RUNTIME_DIR", "/run"), "evtask/control.sock")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.last_id, self.waiting = 0, []

    def read(self):
        line = self.lines.readline()
        if not line:
            raise ConnectionError("evtaskd has closed the connection")
        return json.loads(line)

    def call(self, method, **params):
        """Asks, and waits for the answer, however long that takes."""
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id,
                   "method": method, "params": params}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            message = self.read()
            if "method" in message:
                self.waiting.append(message)
            elif "error" in message:
                raise EvtaskError(message["error"])
            else:
                return message["result"]

    def events(self, sub):
        """The events of a subscription, until it ends."""
        while True:
            message = self.waiting.pop(0) if self.waiting else self.read()
            if message["params"]["sub"] != sub:
                continue
            if message["method"] == "event.end":
                return
            yield message["params"]


def main(command):
    evtask = Evtask()
    made = evtask.call("task.create", coroutine="exec",
                       args={"argv": command}, follow=True)
    for event in evtask.events(made["sub"]):
        if event["type"] == "task.log":
            print(event["data"]["line"]["text"])
    end = evtask.call("task.result", task=made["task"]["id"])
    print(json.dumps(end.get("value", end.get("error"))))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (EvtaskError, OSError) as error:
        sys.exit(f"client.py: {error}")
