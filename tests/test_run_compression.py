"""Pages are compressed for whoever takes it, and nothing else is."""

import gzip

import pytest

pytestmark = pytest.mark.django_db

ACCEPTED = {"Accept-Encoding": "gzip, deflate"}


def test_page_is_a_fraction_of_its_size(client):
    plain = client.get("/marketplace")
    packed = client.get("/marketplace", headers=ACCEPTED)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"<h1>Marketplace</h1>" in gzip.decompress(packed.content)


def test_same_page_differs_in_length(client):
    """The random padding: a secret cannot be guessed by the length (BREACH)."""
    lengths = {
        len(client.get("/account/login", headers=ACCEPTED).content) for _ in range(12)
    }
    assert len(lengths) > 1


def test_refusal_is_a_page_too(client):
    answer = client.get("/nothing-here", headers=ACCEPTED)
    assert (answer.status_code, answer["Content-Encoding"]) == (404, "gzip")


@pytest.mark.parametrize("address", ["/api/v1/offerings", "/api/schema"])
def test_api_keeps_its_bytes(client, address):
    assert "Content-Encoding" not in client.get(address, headers=ACCEPTED)
