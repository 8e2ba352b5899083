"""The server calls nobody it may not (promise 6): canaries on loopback must stay silent, and bad servers must not do harm."""

from __future__ import annotations

import gzip
import io
import ipaddress
import ssl
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from canary import Canary, Say, answer, endless, redirect

from labelwright.server import outgoing
from labelwright.server.errors import Busy
from labelwright.server.outgoing import BadAddress, Gate, Limits, OutgoingError, TooBig, Unreachable, call, fetch, is_public

LIMITS = Limits(total_s=5, connect_s=1, idle_s=1, most_bytes=1 << 20, redirects=3)
HASTE = Limits(total_s=0.4, connect_s=0.2, idle_s=0.3, most_bytes=1 << 20)
PUBLIC = "93.184.216.34"


class Names:
    """A fake resolver: names to addresses, and how often it was asked."""

    def __init__(self, **addresses: str | Sequence[str]) -> None:
        self.asked: list[str] = []
        self._addresses = addresses

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        found = self._addresses[host.removesuffix(".test")]
        return [found] if isinstance(found, str) else found


def fetched(gate: Gate, url: str, limits: Limits = LIMITS) -> bytes:
    into = io.BytesIO()
    assert fetch(gate, url, into, limits).size == len(into.getvalue())
    return into.getvalue()


def listing(canary: Canary) -> Gate:
    """A gate that the administrator opened for this canary."""
    return Gate(allowed=frozenset({f"127.0.0.1:{canary.port}"}))


# ---------------------------------------------------------------- who is public
@pytest.mark.parametrize(
    "text",
    """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:93.184.216.34 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::93.184.216.34 64:ff9b:1::1 100::1 2001::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:5db8:d822::1 3fff::1 5f00::1
    fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1
    """.split(),  # noqa: SIM905
)
def test_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", [PUBLIC, "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "2a00:1450:4001::1"])
def test_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


# ---------------------------------------------------------------- silent canaries
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST.:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://017700000001:{port}/",
        "http://127.1:{port}/",
        "http://127.0.0.1.:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::1]:{port}/",
        "http://[::]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://１２７.０.０.１:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://127。0。0。1:{port}/",
        "http://%31%32%37.0.0.1:{port}/",
        "http://public.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@public.example/",
        "http://127.0.0.1:{port}#@public.example/",
        " http://127.0.0.1:{port}/ ",
    ],
)
def test_loopback_is_not_called_however_it_is_spelled(address: str) -> None:
    with Canary() as canary, pytest.raises((Unreachable, BadAddress)):
        fetched(Gate(), address.format(port=canary.port))
    assert canary.heard == []


@pytest.mark.parametrize(
    "addresses",
    [
        "127.0.0.1",
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "fd00::1",
        "fe80::1%lo",
        [],
    ],
)
def test_names_of_private_addresses_are_not_called(addresses: Sequence[str]) -> None:
    names = Names(inside=addresses)
    with Canary() as canary, pytest.raises(Unreachable):
        fetched(Gate(resolve=names), f"http://inside.test:{canary.port}/")
    assert (canary.heard, names.asked) == ([], ["inside.test"])


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://inside.test:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "https://127.0.0.1:{port}/",
        "http://user:secret@first.test:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "http://[",
    ],
)
def test_redirects_are_checked_like_the_first_address(target: str) -> None:
    with Canary() as canary, Canary(redirect(target.format(port=canary.port))) as first:
        names = Names(first="127.0.0.1", inside="127.0.0.1", localhost="127.0.0.1")
        gate = Gate(allowed=frozenset({f"first.test:{first.port}"}), resolve=names)
        with pytest.raises(Unreachable):
            fetched(gate, f"http://first.test:{first.port}/")
        assert (canary.heard, len(first.heard)) == ([], 1)


@pytest.mark.parametrize("listed", ["127.0.0.1:1", "localhost", "127.0.0.2", "other.test", "127.0.0.1:{port}0", "0.0.1"])
def test_the_list_opens_nothing_else(listed: str) -> None:
    with Canary() as canary, pytest.raises(Unreachable):
        fetched(Gate(allowed=frozenset({listed.format(port=canary.port)})), canary.url)
    assert canary.heard == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Canary() as proxy, Canary() as canary:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert fetched(listing(canary), canary.url) == b"tasks"
    assert (proxy.heard, len(canary.heard)) == ([], 1)


def test_loopback_for_models_opens_loopback_only() -> None:
    gate = Gate(allows_loopback=True, resolve=Names(model="127.0.0.1", inside="10.0.0.1"))
    with Canary() as canary:
        assert fetched(gate, canary.url) == b"tasks"
        assert fetched(gate, f"http://model.test:{canary.port}/") == b"tasks"
        with pytest.raises(Unreachable):
            fetched(gate, f"http://inside.test:{canary.port}/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tasks.json",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://exa mple.com/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:port/",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://-x.example/",
        "http://a..b/",
        "http://" + "a" * 300 + "/",
        "http://example.com/\r\nHost: other",
        "http://[::1",
        "http://*.example.com/",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadAddress):
        fetched(Gate(resolve=Names()), address)


# ---------------------------------------------------------------- what does arrive
def test_a_listed_host_is_called_by_its_name_and_resolved_once() -> None:
    names = Names(files="127.0.0.1")
    with Canary() as canary:
        gate = Gate(allowed=frozenset({"files.test"}), resolve=names)
        assert fetched(gate, f"http://files.test:{canary.port}/a?b=c") == b"tasks"
    assert names.asked == ["files.test"]
    head = canary.heard[0]
    assert head.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: files.test:{canary.port}\r\n" in head
    assert "Cookie" not in head


def test_redirects_on_the_way_are_followed() -> None:
    with Canary(answer(b"there", Content_Type="text/csv; charset=x")) as second, Canary(redirect(second.url + "t.csv")) as first:
        gate = Gate(allowed=frozenset({"127.0.0.1"}))
        into = io.BytesIO()
        got = fetch(gate, first.url, into, LIMITS)
    assert (into.getvalue(), got.url, got.content_type) == (b"there", second.url + "t.csv", "text/csv")


def test_tls_names_the_host(tmp_path: Path) -> None:
    server, client = certificate("files.test", tmp_path)
    asked: list[str] = []
    server.sni_callback = lambda _, name, __: asked.append(name)  # type: ignore[assignment]
    with Canary(tls=server) as canary:
        gate = Gate(allowed=frozenset({"files.test"}), resolve=Names(files="127.0.0.1", other="127.0.0.1"), ssl_context=client)
        assert fetched(gate, f"https://files.test:{canary.port}/") == b"tasks"
        stranger = Gate(allowed=frozenset({"other.test"}), resolve=gate.resolve, ssl_context=client)
        with pytest.raises(Unreachable):
            fetched(stranger, f"https://other.test:{canary.port}/")
    assert asked == ["files.test", "other.test"]


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server with a certificate for `name`, and of a client that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(secret + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(pem).decode())


def test_call_sends_and_reads_whatever_the_status() -> None:
    with Canary(answer(b'{"ok":1}', "503 Busy", X_Mark="1")) as canary:
        reply = call(
            listing(canary), "POST", canary.url + "predict", LIMITS, body=b"{}", headers={"Content-Type": "application/json"}
        )
    assert (reply.status, reply.body, reply.headers["x-mark"]) == (503, b'{"ok":1}', "1")
    assert canary.heard[0].startswith("POST /predict ")
    assert "Content-Type: application/json\r\n" in canary.heard[0]


def test_call_follows_no_redirect() -> None:
    with Canary() as other, Canary(redirect(other.url)) as canary:
        assert call(Gate(allowed=frozenset({"127.0.0.1"})), "POST", canary.url, LIMITS, body=b"").status == 302
    assert other.heard == []


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_packed_bodies_are_unpacked(encoding: str) -> None:
    import zlib

    packed = (
        zlib.compress(b"tasks" * 1000) if encoding == "deflate" else gzip.compress(b"tasks" * 400) + gzip.compress(b"tasks" * 600)
    )
    with Canary(answer(packed, Content_Encoding=encoding)) as canary:
        assert fetched(listing(canary), canary.url) == b"tasks" * 1000


# ---------------------------------------------------------------- bad servers
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(200 << 20), 9)


@pytest.mark.parametrize(
    "say",
    [
        answer(b"x", Content_Length=str(1 << 40)),
        answer(bytes((1 << 20) + 1)),
        endless(HEAD, bytes(65536)),
        endless(CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n"),
        answer(BOMB, Content_Encoding="gzip"),
        answer(gzip.compress(bytes(1 << 16)) * 64, Content_Encoding="gzip"),
        endless(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(bytes(1 << 18))),
    ],
    ids=["huge-length", "too-long", "endless", "endless-chunks", "bomb", "many-members", "endless-members"],
)
def test_too_much_is_cut_off(say: Say) -> None:
    limits = Limits(total_s=20, connect_s=1, idle_s=1, most_bytes=1 << 20)
    with Canary(say) as canary, pytest.raises(TooBig):
        fetched(listing(canary), canary.url, limits)


def test_a_bomb_within_the_size_is_stopped_by_its_ratio() -> None:
    limits = Limits(total_s=20, most_bytes=1 << 40)
    with Canary(answer(BOMB, Content_Encoding="gzip")) as canary:
        into = io.BytesIO()
        with pytest.raises(TooBig):
            fetch(listing(canary), canary.url, into, limits)
    assert len(into.getvalue()) < 24 << 20


never = threading.Event()


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    never.set()


BROKEN: dict[str, Say] = {
    "silent": lambda client: never.wait(3) and None,
    "closes": lambda client: client.close(),
    "slow-body": endless(HEAD, b".", never),
    "slow-head": endless(b"HTTP/1.1 200 OK\r\nX-A: ", b".", never),
    "endless-head": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n"),
    "long-header": answer(X_Long="x" * 100_000),
    "garbage": lambda client: client.sendall(b"\x00\xff" * 100 + b"\r\n\r\n"),
    "http-0.9": lambda client: client.sendall(b"tasks"),
    "cut-off": answer(b"x", Content_Length="100"),
    "bad-chunk": lambda client: client.sendall(CHUNKED + b"zz\r\n"),
    "bad-gzip": answer(b"no gzip", Content_Encoding="gzip"),
    "cut-off-gzip": answer(gzip.compress(b"tasks" * 1000)[:-20], Content_Encoding="gzip"),
    "unknown-encoding": answer(Content_Encoding="br"),
    "redirect-loop": redirect("/"),
    "redirect-nowhere": answer(b"", "302 Found"),
}


@pytest.mark.parametrize("say", BROKEN.values(), ids=list(BROKEN))
def test_broken_servers_end_in_an_error_soon(say: Say) -> None:
    with Canary(say) as canary, pytest.raises(OutgoingError):
        fetched(listing(canary), canary.url, HASTE)


def test_refused_and_timed_out_look_the_same() -> None:
    with Canary(BROKEN["silent"]) as canary:
        reasons = set()
        for gate in (listing(canary), Gate()):
            with pytest.raises(Unreachable) as caught:
                fetched(gate, canary.url, HASTE)
            reasons.add(str(caught.value))
    with pytest.raises(Unreachable) as caught:  # nobody listens any more
        fetched(listing(canary), canary.url, HASTE)
    assert {*reasons, str(caught.value)} == {str(Unreachable())}


def test_what_the_far_side_says_is_not_repeated() -> None:
    with Canary(answer(b"secret of the intranet", "404 Secret Phrase")) as canary, pytest.raises(OutgoingError) as caught:
        fetched(listing(canary), canary.url)
    assert "ecret" not in str(caught.value)
    assert "404" not in str(caught.value)


def test_slow_name_servers_do_not_hold_the_caller() -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        never.wait(3)
        return [PUBLIC]

    gate = Gate(resolve=slow)
    with pytest.raises(Unreachable):
        fetched(gate, "http://slow.test/", HASTE)


def test_only_so_many_at_once() -> None:
    for _ in range(outgoing.MOST_AT_ONCE):
        outgoing._slots.acquire()
    try:
        with pytest.raises(Busy):
            fetched(Gate(), "http://127.0.0.1/")
    finally:
        for _ in range(outgoing.MOST_AT_ONCE):
            outgoing._slots.release()
