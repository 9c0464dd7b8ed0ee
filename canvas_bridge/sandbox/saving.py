"""Keeping the state in a file: written a moment after changes and at the end, always as a whole."""

import json
import os
import tempfile
import threading
from pathlib import Path

from canvas_bridge.sandbox.dump import dump, load
from canvas_bridge.sandbox.store import Store

SECONDS_BETWEEN_SAVES = 5.0


class StateFile:
    """The file that holds a sandbox's state over restarts."""

    def __init__(self, store: Store, path: Path, *, seconds_between_saves: float = SECONDS_BETWEEN_SAVES) -> None:
        self.store = store
        self.path = path
        self.seconds_between_saves = seconds_between_saves
        self._saved_writes = store.writes
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sandbox-saving", daemon=True)

    def load(self) -> bool:
        """Load the file into the store; False where there is none."""
        if not self.path.exists():
            return False
        load(self.store, json.loads(self.path.read_text()))
        return True

    def save(self) -> None:
        """Write the file as a whole: a reader sees the old one or the new one, never a half."""
        with self.store.lock:
            writes = self.store.writes
            text = json.dumps(dump(self.store), separators=(",", ":"))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, self.path)
        self._saved_writes = writes

    def start(self) -> None:
        """Begin to watch for changes."""
        self._thread.start()

    def stop(self) -> None:
        """End watching and write what is left."""
        self._is_over.set()
        self._thread.join()
        self.save()

    def _watch(self) -> None:
        while not self._is_over.wait(self.seconds_between_saves):
            if self.store.writes != self._saved_writes:
                self.save()
