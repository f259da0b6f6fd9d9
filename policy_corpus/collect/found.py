"""What the importer meets on its way: a file's bytes with their origin, and the limits it keeps to."""

from dataclasses import dataclass, field

from policy_corpus.collect.problems import ProblemError, megabytes


@dataclass(frozen=True, slots=True)
class Found:
    """A file, an archive member or a web record, read and not yet judged."""

    source: str
    data: bytes
    url: str | None = None
    media_type: str | None = None
    """As a server declared it, without parameters."""
    charset: str | None = None
    """As a server declared it."""
    captured_at: str | None = None


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much is taken in. Sizes in bytes.

    The archive limits stop archives that were made to fill a disk: a web page packs to a tenth, the
    most regular page of a portal to a hundredth, a bomb to a thousandth.
    """

    max_file_bytes: int = 50_000_000
    max_archive_bytes: int = 20_000_000_000
    max_archive_members: int = 1_000_000
    max_ratio: int = 300
    ratio_from_bytes: int = 10_000_000
    """Members that unpack to less are too small to harm and are not held to ``max_ratio``."""
    max_depth: int = 3

    def check_size(self, size: int) -> None:
        """Raise ProblemError when a file of ``size`` bytes is too large."""
        if size > self.max_file_bytes:
            raise ProblemError("oversize", size=megabytes(size), limit=megabytes(self.max_file_bytes))


@dataclass(slots=True)
class Unpacked:
    """What came out of an archive, and of the archives in it, so far."""

    limits: ImportLimits
    size: int = field(default=0)
    members: int = field(default=0)

    def add(self, size: int) -> None:
        """Count one member; raise ProblemError when the archive goes over its limits."""
        self.size += size
        self.members += 1
        if self.size > self.limits.max_archive_bytes:
            raise ProblemError("archive_too_large", detail=f"{megabytes(self.limits.max_archive_bytes)} MB")
        if self.members > self.limits.max_archive_members:
            raise ProblemError("archive_too_large", detail=f"{self.limits.max_archive_members} files")
