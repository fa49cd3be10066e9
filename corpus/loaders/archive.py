"""Zip files read with limits. Nothing is unpacked to disk, so names in them can lead nowhere."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from corpus.loaders.parts import MAX_UNPACKED, Unreadable

_MAX_ENTRIES = 20_000
_BOMB_RATIO = 200
_BOMB_SIZE = 20_000_000


class Archive:
    """The entries of a zip file. Raises `Unreadable` for bombs, passwords and damage.

    `notes` says what was left out of it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Unreadable("the file is damaged or cut off (it is not a whole archive)") from None
        infos = self._zip.infolist()
        if len(infos) > _MAX_ENTRIES:
            raise Unreadable(f"the archive has {len(infos)} entries: it looks like a bomb")
        total = sum(i.file_size for i in infos)
        if total > MAX_UNPACKED:
            raise Unreadable(f"it would unpack to {total / 1e6:.0f} MB: it looks like a bomb")
        for info in infos:
            packed = max(1, info.compress_size)
            if info.file_size > _BOMB_SIZE and info.file_size / packed > _BOMB_RATIO:
                raise Unreadable("an entry unpacks to far more than it holds: it looks like a bomb")
        self.notes = [
            f"the entry {i.filename[:80]!r} points outside the archive and was ignored"
            for i in infos
            if _leads_out(i.filename)
        ]
        self._infos = {i.filename: i for i in infos if not _leads_out(i.filename)}

    @property
    def names(self) -> list[str]:
        """The names of the entries, those that point outside left out."""
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str, limit: int = MAX_UNPACKED) -> bytes:
        """The content of an entry; the sizes that the archive claims are not trusted."""
        info = self._infos.get(name)
        if info is None:
            raise Unreadable(f"the part {name} is missing")
        if info.flag_bits & 1:
            raise Unreadable("it is protected by a password")
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ):
            raise Unreadable(f"the part {name} is damaged") from None
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma", "_lzma"):
                raise Unreadable(f"the part {name} is damaged") from None
            raise
        if len(data) > limit:
            raise Unreadable("it unpacks to too much: it looks like a bomb")
        return data

    def xml(self, name: str) -> etree._Element:
        """An entry parsed as XML, without entities and without network."""
        return parse_xml(self.read(name), name)


def parse_xml(data: bytes, name: str = "it") -> etree._Element:
    """XML without entities, DTDs and network. Raises `Unreadable`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "entity" in str(error).lower() and b"<!ENTITY" in data[:100_000]:
            raise Unreadable(f"the part {name} declares entities, which are not expanded") from None
        raise Unreadable(f"the part {name} is not valid XML: {str(error)[:80]}") from None
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in data[:100_000]:
        raise Unreadable(f"the part {name} declares entities, which are not expanded")
    return root


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name[:3]
