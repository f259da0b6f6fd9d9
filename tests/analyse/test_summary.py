from policy_corpus.analyse.summary import region_summary


def document(name: str, region: str | None, same_as: str | None = None) -> dict[str, str | None]:
    return {
        "document_id": name,
        "region_code": region,
        "region_name": region and f"区{region}",
        "same_as": same_as,
    }


def measure(document_id: str, code: str, status: str) -> dict[str, str]:
    return {"document_id": document_id, "code": code, "status": status}


def test_copies_and_their_measures_stand_apart() -> None:
    documents = [document("a", "610300"), document("b", "610300", same_as="a"), document("c", None)]
    measures = [
        measure("a", "pairing", "done"),
        measure("b", "pairing", "done"),
        measure("c", "pairing", "done"),
    ]
    assert region_summary(documents, measures, ["pairing", "rotation"]) == [
        {
            "region_code": "610300", "region_name": "区610300", "documents": 1, "copies": 1, "measures": 1,
            "done": 1, "planned": 0, "advised": 0, "pairing": 1, "rotation": 0,
        }
    ]  # fmt: skip


def test_a_region_without_measures_keeps_its_row() -> None:
    assert region_summary([document("a", "110000")], [], [])[0]["measures"] == 0
