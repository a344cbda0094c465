"""The members of a bundle as bytes, to be changed and written again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projections.audit.verifier import verify_bundle as verifier

Members = dict[str, bytes]


def read_members(path: Path) -> Members:
    """The members of an archive by their names."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(
    path: Path,
    members: Members,
) -> Path:
    """Write an archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def change_manifest(
    members: Members,
    **fields: Any,
) -> None:
    """Change fields of the manifest."""
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps({**manifest, **fields}).encode()


def change_publication(
    members: Members,
    kind: str,
    change: Callable[[Any], object],
) -> None:
    """Change the result of the last publication of a kind.

    The root in the manifest is made to match, and the checkpoints are left out.
    """
    lines = members["events.txt"].split(b"\n")
    of_kind = [number for number, line in enumerate(lines) if kind.encode() in line]
    stream, version, topic, state = lines[of_kind[-1]].split(b"\t", 3)
    fields = json.loads(state)
    change(fields["result"])
    lines[of_kind[-1]] = b"\t".join([stream, version, topic, json.dumps(fields).encode()])
    members["events.txt"] = b"\n".join(lines)

    tree = verifier.MerkleTree("sha256")
    for position, line in enumerate(lines[:-1], 1):
        tree.append(tree.leaf(verifier.parse_event(position, line)))
    change_manifest(members, root=tree.root().hex(), checkpoints=[])
