"""Requests that another site makes a browser send are refused."""

import pytest

from lending.core.http.origin import CrossSiteRequest, check_origin, origin_of

OWN = "https://malles.example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": OWN},
        {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"},
        {},
        {"authorization": "Bearer len_x", "origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    ],
)
def test_our_own_pages_and_programs_are_let_in(headers: dict[str, str]) -> None:
    check_origin(headers, "http", OWN)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": OWN},
        {"sec-fetch-site": "cross-site", "origin": OWN},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://malles.example.org.evil.example"},
        {"authorization": "Bearer len_x", "cookie": "session=1", "sec-fetch-site": "cross-site"},
        {"authorization": "Basic x", "sec-fetch-site": "cross-site"},
    ],
)
def test_everybody_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(CrossSiteRequest):
        check_origin(headers, "http", OWN)


def test_the_origin_is_scheme_host_and_port() -> None:
    assert origin_of("http://127.0.0.1:8000/deep/path") == "http://127.0.0.1:8000"
