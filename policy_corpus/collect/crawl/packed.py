"""Whether a packed answer is whole. Scrapy gives what it could unpack, be it half a page."""

import zlib

BLOCK = 65_536


def is_whole(packed: bytes, unpacked_size: int) -> bool:
    """Whether gzip data end where they should (RFC 1952).

    Parameters
    ----------
    packed
        One or more members; what follows them is not looked at.
    unpacked_size
        Bytes that came out of them: when it is what the last four bytes say, nothing is unpacked again.
    """
    if not packed or unpacked_size & 0xFFFFFFFF == int.from_bytes(packed[-4:], "little"):
        return True
    try:
        while packed.startswith(b"\x1f\x8b"):
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                out = member.decompress(packed, BLOCK)
                packed = member.unconsumed_tail
                if not out and not packed and not member.eof:
                    return False
            packed = member.unused_data
    except zlib.error:
        return False
    return True
