"""How far a corpus is built: what people do not see yet."""

from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS, STATES


def not_built(store: Store) -> str | None:
    """What no build has come to yet (or has failed at), in a line for a person; None where there is nothing.

    Whether what was built is also current, ``doctor`` says; that takes reading the rows.
    """
    read, coded = (store.count(STATES, {"stage": stage}) for stage in ("clean", "annotate"))
    pages, documents = store.count(CAPTURES) - read, store.count(DOCUMENTS) - coded
    parts = []
    if pages > 0:
        parts.append(f"{pages:,} of {pages + read:,} pages and files are not read yet")
    if documents > 0:
        parts.append(f"{documents:,} of {documents + coded:,} documents are not coded yet")
    return f"{' and '.join(parts)}; what is missing here comes with: policy-corpus build" if parts else None
