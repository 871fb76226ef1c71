"""Voters who retry until they are answered, and remember what they were told."""

import http.client
import json
import threading
import time
from collections import Counter

from .battles import session_cookie
from .processes import Failed, await_true

PATIENCE = 20  # seconds for one answer: longer than the server lets anybody wait
PAUSE = 0.1    # between retries; Retry-After asks for a second, tests have less time


class Voters:
    """Threads that vote once for each battle, each vote under one Idempotency-Key."""

    def __init__(self, server, postgres, threads=8):
        self.server = server
        self.db = postgres
        rows = postgres.sql("select id, participant_id from agon.battle where state = 'ready' "
                            "and gate_met_at is not null order by id").splitlines()
        self._left = iter([row.split("|") for row in rows])
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.owners = {}         # battle → participant, of every vote that was tried
        self.receipts = {}       # battle → the first receipt
        self.repeated = set()    # battles whose first answer we saw was a repeated one
        self.answers = Counter()  # by status; "broken" for connections that ended early
        self.complaints = []     # what must never be answered
        self.slowest = 0.0
        self._threads = [threading.Thread(target=self._vote_on, daemon=True) for _ in range(threads)]

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def acknowledged(self):
        with self._lock:
            return len(self.receipts)

    def count(self, answer):
        with self._lock:
            return self.answers[answer]

    def await_votes(self, more, seconds=20):
        """Until so many more votes were acknowledged."""
        target = self.acknowledged() + more
        await_true(lambda: self.acknowledged() >= target or self.complaints, seconds,
                   f"acknowledging {more} more votes (answers so far: {dict(self.answers)})")

    def await_answers(self, answer, more, seconds):
        target = self.count(answer) + more
        await_true(lambda: self.count(answer) >= target or self.complaints, seconds,
                   f"answering {answer} {more} more times (so far: {dict(self.answers)})")

    def interrupt(self):
        """No new votes and no retries: what was not answered stays open."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE + 5)
            if thread.is_alive():
                raise Failed("a voter hangs: a request was never answered")

    def finish(self):
        """Ends the load, and retries each open vote until it is acknowledged."""
        self.interrupt()
        for battle in [b for b in self.owners if b not in self.receipts]:
            limit = time.monotonic() + 20
            while battle not in self.receipts and not self.complaints:
                if time.monotonic() > limit:
                    raise Failed(f"the vote for {battle} is still refused: {dict(self.answers)}")
                self._settle(battle, self._send(self._connect(), battle))
        if self.complaints:
            raise Failed("; ".join(self.complaints[:5]))

    def check(self):
        """Every acknowledged vote is in the table as it was told, once, and no other is.

        Returns what can be said about it in a line.
        """
        rows = [r.split("|") for r in self.db.sql(
            "select battle_id, participant_id, idempotency_key, winner from agon.judgment").splitlines()]
        stored = {r[0]: r for r in rows}
        if len(stored) != len(rows):
            raise Failed(f"{len(rows) - len(stored)} votes are in the table twice")
        lost = [b for b in self.receipts if b not in stored]
        if lost:
            raise Failed(f"{len(lost)} acknowledged votes are lost, {lost[0]} for one")
        strange = [b for b in stored if b not in self.receipts]
        if strange:
            raise Failed(f"{len(strange)} votes are in the table that nobody was told of")
        names = ["a", "b", "tie", "both_bad"]
        for battle, receipt in self.receipts.items():
            _, owner, key, winner = stored[battle]
            told = (self.owners[battle], self._key(battle), receipt["winner"])
            if (owner, key, names[int(winner)]) != told:
                raise Failed(f"{battle} is stored as {owner, key, winner}, told was {told}")
        return (f"{len(rows)} votes: none lost, none twice; {len(self.repeated)} were settled by a "
                f"retry; answers {dict(sorted(self.answers.items(), key=str))}; "
                f"slowest {self.slowest:.1f} s")

    def check_retries(self, most=200):
        """The same key again gives the first receipt, whatever happened since."""
        connection = self._connect()
        for battle in list(self.receipts)[-most:]:
            status, receipt, _ = self._send(connection, battle)
            if status != 200 or receipt != self.receipts[battle]:
                raise Failed(f"a retry got {status} {receipt}, the first answer was {self.receipts[battle]}")

    @staticmethod
    def _key(battle):
        return "key-" + battle

    def _connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def _send(self, connection, battle):
        """Status, receipt and headers; status None if the connection broke."""
        winner = ["a", "b", "tie", "both_bad"][int(battle[-1], 16) % 4]
        body = json.dumps({"answers": [{"question": "overall", "value": winner}]})
        headers = {"Content-Type": "application/json", "Idempotency-Key": self._key(battle),
                   "Cookie": session_cookie(self.server.secret, self.owners[battle])}
        begun = time.monotonic()
        try:
            connection.request("POST", f"/api/v1/battles/{battle}/judgments", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as e:
            connection.close()
            status = "silent" if isinstance(e, TimeoutError) else None
            return status, None, {}
        finally:
            self.slowest = max(self.slowest, time.monotonic() - begun)
        return answer.status, json.loads(text), answer.headers

    def _settle(self, battle, sent):
        """Takes note of an answer; True if the vote is over."""
        status, body, headers = sent
        with self._lock:
            self.answers["broken" if status is None else status] += 1
            if status in (200, 201):
                self.receipts[battle] = body
                if status == 200:
                    self.repeated.add(battle)
                return True
            if status == "silent":
                self.complaints.append(f"a vote was not answered within {PATIENCE} s")
            elif status in (503, 504) and "Retry-After" not in headers:
                self.complaints.append(f"{status} came without Retry-After: {body}")
            elif status not in (None, 503, 504):
                self.complaints.append(f"a vote was answered {status}: {body}")
        self._stop.wait(PAUSE)
        return bool(self.complaints)

    def _vote_on(self):
        connection = self._connect()
        while not self._stop.is_set():
            with self._lock:
                battle, owner = next(self._left, (None, None))
                if battle is None:
                    self.complaints.append("the battles ran out: make more")
                    return
                self.owners[battle] = owner
            while not self._settle(battle, self._send(connection, battle)):
                if self._stop.is_set():
                    return
