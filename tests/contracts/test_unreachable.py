"""Why an address gave no answer: its name, connection, certificate, time or answer."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from studio.adapters.web.guarded_http import GuardedClient
from studio.clock import utc_now
from studio.errors import TargetUnreachableError

INSIDE = frozenset({"localhost"})


def reason(url: str, *, seconds: float = 5, resolve: Sequence[str] = ("127.0.0.1",)) -> str:
    """Post to an address, and return the word and the sentence that say why nothing came."""
    client = GuardedClient(trusted_hosts=INSIDE, resolve=lambda *_: resolve)
    with pytest.raises(TargetUnreachableError) as unreachable:
        client.post(url, body=b"{}", headers={}, seconds=seconds, max_answer_bytes=5)
    assert "localhost" in str(unreachable.value)
    return f"{unreachable.value.reason}: {unreachable.value}"


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Answer one connection on a port of this machine."""

    def serve() -> None:
        try:
            connection, _ = server.accept()
            with connection:
                answer(connection)
        except OSError:
            # The client has gone, as it should.
            return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate of localhost that nothing vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(utc_now() - day)
        .not_valid_after(utc_now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(encoding, kind, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(encoding))
    return file


def test_a_name_without_an_address() -> None:
    assert reason("https://localhost/", resolve=()) == "dns: localhost has no address"


def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        said = reason(f"http://localhost:{taken.getsockname()[1]}/")
    assert said == "refused: localhost refuses the connection"


def test_a_certificate_that_nothing_vouches_for(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(lambda one: context.wrap_socket(one, server_side=True).close()) as port:
        said = reason(f"https://localhost:{port}/")
    assert said == "certificate: the certificate of localhost is not valid: self-signed certificate"


def test_a_server_without_tls() -> None:
    with listening(lambda one: one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        said = reason(f"https://localhost:{port}/")
    assert said == "connection: localhost makes no TLS connection"


def test_a_server_that_says_nothing() -> None:
    over = threading.Event()

    def wait(_: socket.socket) -> None:
        over.wait(5)

    with listening(wait) as port:
        said = reason(f"http://localhost:{port}/", seconds=0.1)
        over.set()
    assert said == "timeout: localhost does not answer in time"


@pytest.mark.parametrize("text", [b"", b"220 mail.example.org ESMTP\r\n"])
def test_an_answer_that_is_none(text: bytes) -> None:
    def answer(one: socket.socket) -> None:
        one.recv(65_536)
        one.sendall(text)

    with listening(answer) as port:
        assert reason(f"http://localhost:{port}/") == "answer: localhost gives no HTTP answer"
