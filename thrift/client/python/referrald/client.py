"""Client: the generated code with deadlines, reconnection and retry around it.

One thread at a time per Client. Failures of the service are the exceptions of the IDL, in
referrald.v1.ttypes: InvalidRequest, NotFound, Refused, PermissionDenied, Unavailable, ServerError.
"""

import random
import socket
import struct
import time

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

from .v1 import ReferraldAdmin
from .v1.constants import API_MAJOR, API_MINOR
from .v1.ttypes import RecordEventsRequest, Unavailable

_FRAME_BYTES_MAX = 1 << 20  # What the server reads.
_ANSWER_BYTES_MAX = 16_000_000  # What it writes.
_BACKOFF_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)

# Calls that change nothing may be made twice. recordEvents may where every event has a key.
_READS = frozenset(
    ("getServerInfo getContact findContacts getProvenance getReferral listReferrals getChain "
     "getTransitionTable getActTable getCustomer listPrompts getCoverage checkOutreach "
     "getMetrics findWaysIn listRewards getFirm explainEvents "
     "getReferralAsOf getCustomerAsOf suggestPeople listAttributions listHolds listCatchUp "
     "getRun listRuns listRejects listFeeds checkFeed previewFile listExports "
     "getPublicKey getSignedHead getProof getGrowthProof").split()
)


class Disconnected(Exception):
    """Nobody answers at the address, or the connection was lost during a call."""


class DeadlineExceeded(Exception):
    """The answer did not come in time. What was asked for may still happen."""


class Client:
    """A connection to referrald that calls any method of the IDL by its name.

    address: "unix:/path" (all methods) or "host:port" (those of the service Referrald).
    timeout: seconds for a call as a whole, retries included.
    client_name: names the service in the log: letters, digits, "-", "_", "."; never a person.

    A read, and a recordEvents in which every event has an idempotency_key, is tried again after a
    lost connection or Unavailable until the time is up. Nothing else is.
    """

    def __init__(self, address, timeout=10.0, client_name=""):
        self._address = address
        self._timeout = timeout
        self._client_name = client_name
        self._socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def getServerInfo(self):
        """Who is there; refuses a server of another major version."""
        return self._call("getServerInfo", (self._client_name, API_MAJOR, API_MINOR))

    def recordEvents(self, events):
        """Records `events` (at most 1,000 EventInput) and returns one RecordResult for each."""
        request = RecordEventsRequest(events=list(events), client_name=self._client_name or None)
        return self._call("recordEvents", (request,)).results

    def pages(self, method, *arguments, items, max=100):
        """Yields the items of all pages: pages("listRuns", "", items="runs")."""
        cursor = ""
        while True:
            page = self._call(method, (*arguments, cursor, max))
            yield from getattr(page, items)
            cursor = page.next_cursor
            if not cursor:
                return

    def __getattr__(self, method):
        if method.startswith("_") or not hasattr(ReferraldAdmin.Client, method):
            raise AttributeError(method)
        return lambda *arguments: self._call(method, arguments)

    def _call(self, method, arguments):
        deadline = time.monotonic() + self._timeout
        again = _may_repeat(method, arguments)
        for pause in _pauses():
            try:
                return self._exchange(method, arguments, deadline)
            except Unavailable as refusal:
                if not again:
                    raise
                pause = max(pause, refusal.retry_after_ms / 1000)
                failure = refusal
            except Disconnected as lost:
                if not again:
                    raise
                failure = lost
            if time.monotonic() + pause >= deadline:
                raise failure
            time.sleep(pause)

    def _exchange(self, method, arguments, deadline):
        """One call and its answer over the connection, made anew where there is none."""
        call = TMemoryBuffer()
        getattr(ReferraldAdmin.Client(_strict(call)), "send_" + method)(*arguments)
        try:
            self._send(call.getvalue(), deadline)
            answer = self._receive(deadline)
        except socket.timeout as late:
            self.close()
            raise DeadlineExceeded(f"{method}: no answer within {self._timeout} s") from late
        except OSError as lost:
            self.close()
            raise Disconnected(f"{method}: {self._address}: {lost}") from lost
        return getattr(ReferraldAdmin.Client(_strict(TMemoryBuffer(answer))), "recv_" + method)()

    def _send(self, body, deadline):
        if len(body) > _FRAME_BYTES_MAX:
            raise ValueError(f"the call is {len(body)} bytes, limit {_FRAME_BYTES_MAX}: send less")
        if self._socket is None:
            self._socket = _connect(self._address, deadline)
        self._socket.settimeout(_remaining(deadline))
        self._socket.sendall(struct.pack("!I", len(body)) + body)

    def _receive(self, deadline):
        (size,) = struct.unpack("!I", self._read(4, deadline))
        if size > _ANSWER_BYTES_MAX:
            raise ConnectionError("the answer is no frame: is this a referrald?")
        return self._read(size, deadline)

    def _read(self, size, deadline):
        parts = []
        while size > 0:
            # The deadline is absolute: a server that drips bytes does not move it.
            self._socket.settimeout(_remaining(deadline))
            part = self._socket.recv(min(size, 1 << 16))
            if not part:
                raise ConnectionError("the server closed the connection; its log says why")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _strict(transport):
    return TBinaryProtocol(transport, strictRead=True, strictWrite=True)


def _may_repeat(method, arguments):
    if method != "recordEvents":
        return method in _READS
    return all(event.idempotency_key for event in arguments[0].events)


def _pauses():
    """Growing, with jitter: callers that were refused together do not come back together."""
    attempt = 0
    while True:
        yield _BACKOFF_SECONDS[min(attempt, len(_BACKOFF_SECONDS) - 1)] * random.uniform(0.5, 1.5)
        attempt += 1


def _remaining(deadline):
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise socket.timeout("deadline")
    return remaining


def _connect(address, deadline):
    if address.startswith("unix:"):
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        place = address[len("unix:"):]
    else:
        host, _, port = address.rpartition(":")
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        place = (host.strip("[]"), int(port))
    try:
        made.settimeout(_remaining(deadline))
        made.connect(place)
    except OSError:
        made.close()
        raise
    return made
