"""Files and folders beside the tables, in a folder or in a bucket."""

import shutil
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old or the new one, never a part.

    A bucket knows objects only as wholes; a file is renamed into its place.
    """
    if not isinstance(path, Path):
        path.write_bytes(data)
        return
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def remove_folder(path: Path) -> None:
    """Take a folder away with all that is in it."""
    if isinstance(path, Path):
        shutil.rmtree(path)
    else:
        path.rmdir(recursive=True)
