"""Tables of records with id counters and indexes, so that a list never looks at more than its own rows."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar


class HasId(Protocol):
    """A record with an id."""

    id: int


T = TypeVar("T", bound=HasId)


class Table(Generic[T]):
    """Records by id, with named indexes. Ids of each table start elsewhere, so that a mixed-up id finds nothing."""

    def __init__(self, record_type: type[T], first_id: int, **indexes: Callable[[T], Hashable]) -> None:
        self.record_type = record_type
        self.next_id = self.first_id = first_id
        self._rows: dict[int, T] = {}
        self._key_functions: Mapping[str, Callable[[T], Hashable]] = indexes
        self._indexes: dict[str, dict[Hashable, dict[int, T]]] = {name: {} for name in indexes}
        self._keys: dict[int, dict[str, Hashable]] = {}

    def take_id(self) -> int:
        """Return an id that no record has had."""
        taken = self.next_id
        self.next_id += 1
        return taken

    def add(self, record: T) -> T:
        """Store a record and index it."""
        self._rows[record.id] = record
        self.next_id = max(self.next_id, record.id + 1)
        self._put_into_indexes(record)
        return record

    def reindex(self, record: T) -> None:
        """Index a record anew after a change of an indexed field."""
        self._drop_from_indexes(record.id)
        self._put_into_indexes(record)

    def remove(self, record: T) -> None:
        """Forget a record for good; most records are only marked as deleted instead."""
        self._drop_from_indexes(record.id)
        del self._rows[record.id]

    def take_back(self, record: T) -> None:
        """Undo an `add` for a refused transaction: nobody has seen the id, so the last one is given out again."""
        self.remove(record)
        if record.id == self.next_id - 1:
            self.next_id = record.id

    def get(self, record_id: int | None) -> T | None:
        """Return the record with that id, deleted ones too."""
        return None if record_id is None else self._rows.get(record_id)

    def __getitem__(self, record_id: int) -> T:
        return self._rows[record_id]

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def where(self, index: str, key: Hashable) -> list[T]:
        """Return the records with that key in a named index, in order of creation."""
        return list(self._indexes[index].get(key, {}).values())

    def first(self, index: str, key: Hashable) -> T | None:
        """Return the first record with that key, or None."""
        return next(iter(self._indexes[index].get(key, {}).values()), None)

    def replace_all(self, records: Iterable[T], next_id: int) -> None:
        """Hold exactly these records: used when a saved state is loaded."""
        self._rows.clear()
        self._keys.clear()
        for rows in self._indexes.values():
            rows.clear()
        self.next_id = self.first_id
        for record in records:
            self.add(record)
        self.next_id = max(self.next_id, next_id)

    def _put_into_indexes(self, record: T) -> None:
        keys = {name: key_of(record) for name, key_of in self._key_functions.items()}
        self._keys[record.id] = keys
        for name, key in keys.items():
            self._indexes[name].setdefault(key, {})[record.id] = record

    def _drop_from_indexes(self, record_id: int) -> None:
        for name, key in self._keys.pop(record_id, {}).items():
            self._indexes[name][key].pop(record_id, None)
