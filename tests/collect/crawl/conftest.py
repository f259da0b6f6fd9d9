from collections.abc import Iterator

import pytest

from tests.collect.crawl.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh local portal; see :class:`tests.collect.crawl.site.Site`."""
    with Site() as running:
        yield running
