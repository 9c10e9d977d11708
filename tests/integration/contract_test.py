"""Drives a running referrald as another service would, in Python and over TCP.

    contract_test.py <referrald> <folder of the python package> [unittest arguments]

Starts the real daemon on a store, key, socket and drop folder in a temporary folder, and ends it
with SIGTERM, which must be clean.
"""

import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

DAEMON = pathlib.Path(sys.argv[1])
CHECK_PROOF = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "check-proof"
sys.path.insert(0, sys.argv[2])

from thrift.Thrift import TApplicationException  # noqa: E402

from referrald import Client, Disconnected  # noqa: E402
from referrald.v1.ttypes import (  # noqa: E402
    AsOf, AttributionsRequest, CatchUpRequest, ChainRequest, CoverageRequest, EntityKind,
    EventInput, Evidence, ExternalRef, FieldValue, FirmRequest, HoldsRequest, InvalidRequest,
    ListReferralsRequest, MetricsRequest, Money, NotFound, PartyInput, PartyRef, PermissionDenied,
    PromptsRequest, RecordStatus, StartSyncRequest, Temperature, WaysInRequest)

START_SECONDS = 20
RUN_SECONDS = 30
YESTERDAY = int((time.time() - 86_400) * 1e6)

CONFIGURATION = """config_version = 1
[backup]
folder = "{root}/backups"
key_folder = "{root}/key-copies"
[server]
rpc_listen = ["unix:{root}/rpc.sock", "127.0.0.1:0"]
[store]
path = "{root}/db"
[log]
format = "logfmt"
[[feed]]
name = "crm"
connector = "salesforce"
inbox = "{root}/crm/inbox"
settle = "0 s"
max_bad = "60 %"
"""

CONTACTS = (
    "Id,FirstName,LastName,Email,LeadSource\n"
    "003000000000001AAA,Ada,Almond,ada@example.org,Web\n"
    "003000000000002AAA,Bea,Barley,bea@example.org,Referral\n"
    "not-an-id,Cal,Clover,cal@example.org,Web\n"
)


def ref(name):
    return PartyRef(external_ref=ExternalRef("test", "Contact", name))


def person(name, at=YESTERDAY):
    return EventInput(
        idempotency_key=f"seen-{name}", type="PartySeen", occurred_at=at,
        party=PartyInput(kind=EntityKind.PERSON,
                         external_ref=ExternalRef("test", "Contact", name),
                         fields=[FieldValue("display_name", name.title()),
                                 FieldValue("email", f"{name}@example.org")]))


def fact(kind, source, contact, at=YESTERDAY, **rest):
    return EventInput(type=kind, occurred_at=at, source=ref(source), contact=ref(contact),
                      rep=ref("rep"), **rest)


def act(kind, subject, at=YESTERDAY, **members):
    return EventInput(type=kind, occurred_at=at, subject=ref(subject), rep=members.pop("rep", None)
                      or ref("rep"), **members)


def introduction(source, contact, key, at=YESTERDAY):
    return fact("IntroductionMade", source, contact, at, idempotency_key=key, channel="email",
                reason="both sell to bakeries",
                evidence=Evidence(reference=f"message-id:{key}@example.org", contact_expects=True))


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="referrald-contract-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        config = cls.root / "referrald.toml"
        (cls.root / "key-copies").mkdir()
        config.write_text(CONFIGURATION.format(root=cls.root))
        (cls.root / "crm").mkdir()
        cls.log = open(cls.root / "log", "wb")
        cls.addClassCleanup(cls.log.close)
        cls.daemon = subprocess.Popen([DAEMON, "--config", config], stderr=cls.log, stdout=cls.log)
        cls.addClassCleanup(cls.stop)
        cls.local = Client(f"unix:{cls.root}/rpc.sock", timeout=10, client_name="contract")
        cls.addClassCleanup(cls.local.close)
        cls.info = cls.await_start()
        tcp = next(a for a in cls.info.rpc_listen if not a.startswith("unix:"))
        cls.client = Client(tcp, timeout=10, client_name="contract")
        cls.addClassCleanup(cls.client.close)

    @classmethod
    def await_start(cls):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and cls.daemon.poll() is None:
            try:
                return cls.local.getServerInfo()
            except Disconnected:
                time.sleep(0.05)
        raise AssertionError("the daemon did not start:\n" + (cls.root / "log").read_text())

    @classmethod
    def stop(cls):
        if cls.daemon.poll() is None:
            cls.daemon.send_signal(signal.SIGTERM)
        code = cls.daemon.wait(timeout=30)
        assert code == 0, f"exit code {code}:\n" + (cls.root / "log").read_text()

    def record(self, *events):
        return self.client.recordEvents(events)

    def recorded(self, *events):
        results = self.record(*events)
        for result in results:
            self.assertIn(result.status, (RecordStatus.RECORDED, RecordStatus.REPLAYED),
                          result.message)
        return results

    def test_says_who_it_is(self):
        info = self.client.getServerInfo()
        self.assertEqual(info.api_major, 1)
        self.assertTrue(info.accepts_writes)
        self.assertIn("127.0.0.1:", " ".join(info.rpc_listen))
        self.assertEqual(info.store_path, "")
        self.assertEqual(self.info.store_path, f"{self.root}/db")

    def test_an_introduction_needs_evidence_and_makes_a_contact_hot(self):
        self.recorded(person("ana"), person("ben"), person("rep"))
        self.recorded(fact("NameReceived", "ana", "ben", provenance="ask at lunch"))
        self.assertEqual(self.client.getContact(ref("ben")).temperature, Temperature.COLD)

        bare = fact("IntroductionMade", "ana", "ben", channel="email", reason="both sell bread")
        refused = self.record(bare)[0]
        self.assertEqual((refused.status, refused.code), (RecordStatus.REFUSED, 3003))

        first = self.recorded(introduction("ana", "ben", "intro-1"))[0]
        contact = self.client.getContact(ref("ben"))
        self.assertEqual(contact.temperature, Temperature.HOT)
        self.assertEqual(contact.honesty[0].because, [first.event])
        referral = self.client.getReferral(first.referral)
        self.assertEqual(referral.state, "INTRODUCED")
        self.assertEqual((referral.source_name, referral.contact_name), ("Ana", "Ben"))
        self.assertEqual(referral.events[-1].actor, "rpc:contract")

    def test_a_key_is_replayed_and_never_used_twice(self):
        self.recorded(person("dora"), person("emil"), person("finn"))
        first = self.recorded(introduction("dora", "emil", "intro-2"))[0]
        again = self.record(introduction("dora", "emil", "intro-2"))[0]
        self.assertEqual((again.status, again.event), (RecordStatus.REPLAYED, first.event))
        other = self.record(introduction("dora", "finn", "intro-2"))[0]
        self.assertEqual(other.status, RecordStatus.CONFLICT)

    def test_one_bad_event_does_not_fail_the_others(self):
        results = self.record(person("gus"), fact("IntroductionMad", "gus", "gus"),
                              person("hal", at=0), person("ida"))
        self.assertEqual([r.status for r in results],
                         [RecordStatus.RECORDED, RecordStatus.INVALID, RecordStatus.INVALID,
                          RecordStatus.RECORDED])
        self.assertIn("did you mean IntroductionMade?", results[1].message)
        self.assertIn("occurred_at", results[2].message)

    def test_a_chain_of_three_hops(self):
        names = ["jan", "kim", "lea", "max"]
        self.recorded(*(person(name) for name in names))
        for hop, (source, contact) in enumerate(zip(names, names[1:])):
            self.recorded(introduction(source, contact, f"hop-{hop}", YESTERDAY + hop))
        chain = self.client.getChain(ChainRequest(person=ref("jan")))
        self.assertEqual([node.display_name for node in chain.descendants],
                         [name.title() for name in names])
        self.assertEqual([node.depth for node in chain.descendants], [0, 1, 2, 3])
        self.assertEqual(chain.descendants[0].reach, 3)
        up = self.client.getChain(ChainRequest(person=ref("max")))
        self.assertEqual([node.display_name for node in up.ancestors], ["Lea", "Kim", "Jan"])

    def test_what_the_transition_table_does_not_have_is_refused(self):
        table = self.client.getTransitionTable()
        steps = {(state, line.event): line.to for line in table for state in line.states}
        self.assertEqual(len(table), len({line.id for line in table}))
        self.recorded(person("uma"), person("vic"), introduction("uma", "vic", "table-1"))
        self.assertEqual(steps["NONE", "IntroductionMade"], "INTRODUCED")
        state = "INTRODUCED"
        events = ["NameReceived", "SourceContacted", "OpportunityLost", "MeetingHeld",
                  "MeetingHeld", "SourceDeclined", "NotAFit", "ContactDeclined"]
        for at, event in enumerate(events, 1):
            wish = fact(event, "uma", "vic", YESTERDAY + at, idempotency_key=f"walk-{at}",
                        channel="in_person", reason="both gain", provenance="asked")
            result = self.record(wish)[0]
            if (state, event) in steps:
                state = steps[state, event]
                self.assertEqual(result.status, RecordStatus.RECORDED, f"{event}: {result}")
                self.assertEqual(self.client.getReferral(result.referral).state, state)
            else:
                self.assertEqual(result.status, RecordStatus.REFUSED, f"{event}: {result}")
        self.assertEqual(state, "NOT_A_FIT")

    def test_what_comes_out_of_order_is_kept_until_it_applies(self):
        self.recorded(person("olga"), person("omar"))
        self.recorded(introduction("olga", "omar", "order-1"))
        ref_of_deal = ExternalRef("test", "Deal", "d-order")
        self.recorded(EventInput(
            idempotency_key="order-deal", type="PartySeen", occurred_at=YESTERDAY,
            party=PartyInput(kind=EntityKind.OPPORTUNITY, external_ref=ref_of_deal,
                             fields=[FieldValue("display_name", "Deal")])))
        qualified = fact("Qualified", "olga", "omar", YESTERDAY + 9,
                         opportunity=PartyRef(external_ref=ref_of_deal))
        self.assertEqual(self.record(qualified)[0].status, RecordStatus.REFUSED)
        qualified.keep_out_of_order = True
        kept = self.recorded(qualified)[0]
        referral = self.client.getReferral(kept.referral)
        self.assertEqual((referral.state, [u.event for u in referral.unapplied]),
                         ("INTRODUCED", [kept.event]))
        # A meeting nobody saw, but without which it could not be: at the same instant, before it.
        self.recorded(fact("MeetingHeld", "olga", "omar", YESTERDAY + 9, implied=True,
                           because=kept.event))
        referral = self.client.getReferral(kept.referral)
        self.assertEqual((referral.state, referral.unapplied), ("QUALIFIED", []))

    def test_an_order_is_asked_about_and_the_answer_covers_a_slot(self):
        self.recorded(person("wanda"), person("rep"))
        before = self.client.getCoverage(CoverageRequest())
        order = self.recorded(act("OrderPlaced", "wanda"))[0]
        due = self.client.listPrompts(PromptsRequest(rep=ref("rep"))).prompts
        self.assertEqual([(p.rule, p.about, p.party_name) for p in due if p.party == order.entity],
                         [("P03", order.event, "Wanda")])
        ask = self.recorded(act("AskMade", "wanda", code="full", channel="phone",
                                slots=["supplier"], about=order.event))[0]
        self.recorded(act("AskAnswered", "wanda", about=ask.event, code="names_given",
                          numbers=[2]))
        customer = self.client.getCustomer(ref("wanda"))
        states = {slot.slot: slot.state for slot in customer.slots}
        self.assertEqual((states["supplier"], states["neighbour"]), ("YIELDED", "UNASKED"))
        self.assertEqual((customer.asks[0].outcome, customer.asks[0].name_count),
                         ("names_given", 2))
        after = self.client.getCoverage(CoverageRequest(max=1000))
        self.assertEqual(after.party_count, before.party_count + 1)
        self.assertEqual(after.asked_count, before.asked_count + 1)
        self.assertIn(order.entity, [gap.party for gap in after.gaps])
        again = self.record(act("AskAnswered", "wanda", about=ask.event, code="no"))[0]
        self.assertEqual((again.status, again.code), (RecordStatus.REFUSED, 3014))

    def test_the_table_of_acts_is_what_recording_asks_for(self):
        table = {rule.type: rule for rule in self.client.getActTable()}
        self.assertIn("subject", table["AskMade"].needs)
        self.assertEqual(table["AskAnswered"].codes[0], "names_given")
        self.recorded(person("xena"), person("rep"))
        result = self.record(act("AskMade", "xena", code="ful", channel="phone"))[0]
        self.assertIn("did you mean full?", result.message)
        result = self.record(act("AskMade", "xena", code="full"))[0]
        self.assertEqual((result.status, result.code), (RecordStatus.INVALID, 3001))

    def test_a_name_is_not_dropped_before_the_four_steps(self):
        self.recorded(person("yves"), person("zoe"), person("rep"))
        self.recorded(fact("NameReceived", "yves", "zoe", provenance="asked"))
        check = self.client.checkOutreach(ref("zoe"), ref("rep"))
        self.assertFalse(check.allowed)
        self.assertEqual(len(check.steps), 4)
        made = self.recorded(introduction("yves", "zoe", "outreach-1"))[0]
        check = self.client.checkOutreach(ref("zoe"), ref("rep"))
        self.assertEqual((check.allowed, check.because), (True, [made.event]))

    def test_metrics_have_numerator_and_denominator(self):
        self.recorded(person("mia"), person("noa"), person("rep"))
        self.recorded(fact("NameReceived", "mia", "noa", provenance="asked"))
        self.recorded(introduction("mia", "noa", "metric-1"))
        result = self.client.getMetrics(MetricsRequest(metrics=["M07", "M12"], count_min=1))
        figures = {figure.metric: figure for figure in result.figures if not figure.part}
        self.assertGreaterEqual(figures["M07"].numerator, 1)
        self.assertLessEqual(figures["M07"].numerator, figures["M07"].denominator)
        self.assertLessEqual(figures["M07"].low, figures["M07"].value)
        self.assertEqual(set(figures), {"M07", "M12"})
        with self.assertRaises(InvalidRequest):
            self.client.getMetrics(MetricsRequest(metrics=["M99"]))

    def test_a_way_in_names_its_events(self):
        self.recorded(person("ole"), person("pia"), person("rep"))
        none = self.client.findWaysIn(WaysInRequest(targets=[ref("pia")]))
        self.assertEqual([found.ways for found in none], [[]])
        made = self.recorded(introduction("ole", "pia", "way-1"))[0]
        found = self.client.findWaysIn(WaysInRequest(targets=[ref("pia")]))[0]
        self.assertEqual([step.because for step in found.ways[0].steps], [made.event])
        self.assertEqual(found.ways[0].steps[0].name_to, "Pia")

    def test_the_past_is_told_as_it_was(self):
        self.recorded(person("una"), person("uli"), person("rep"))
        named = self.recorded(fact("NameReceived", "una", "uli", provenance="asked"))[0]
        made = self.recorded(introduction("una", "uli", "past-1"))[0]
        self.assertEqual(self.client.getReferral(made.referral).state, "INTRODUCED")
        then = self.client.getReferralAsOf(made.referral, AsOf(event=named.event))
        self.assertEqual(then.state, "NAMED")
        self.assertEqual(then.honesty.temperature, Temperature.COLD)
        self.assertEqual(len(then.events), 1)
        order = self.recorded(act("OrderPlaced", "una"))[0]
        self.assertTrue(self.client.getCustomer(ref("una")).is_customer)
        self.assertFalse(
            self.client.getCustomerAsOf(ref("una"), AsOf(event=made.event)).is_customer)
        self.assertTrue(
            self.client.getCustomerAsOf(ref("una"), AsOf(event=order.event)).is_customer)
        with self.assertRaises(InvalidRequest):
            self.client.getReferralAsOf(made.referral, AsOf())

    def test_people_are_suggested_and_not_called_acquaintances(self):
        self.recorded(person("sue"), person("sam"), person("rep"))
        self.recorded(EventInput(type="RelationshipClaimed", occurred_at=YESTERDAY,
                                 subject=ref("sue"), other=ref("sam"), name="network"))
        self.assertEqual(self.client.suggestPeople(ref("sue"), 5), [])  # A claim is no likeness.
        with self.assertRaises(NotFound):
            self.client.suggestPeople(ref("nobody"), 5)

    def test_a_deal_is_put_down_to_an_introduction_by_a_rule(self):
        self.recorded(person("dan"), person("dee"), person("rep"))
        self.recorded(EventInput(
            idempotency_key="seen-deal", type="PartySeen", occurred_at=YESTERDAY,
            party=PartyInput(kind=EntityKind.OPPORTUNITY,
                             external_ref=ExternalRef("test", "Deal", "d-1"),
                             fields=[FieldValue("display_name", "Deal")])))
        deal = PartyRef(external_ref=ExternalRef("test", "Deal", "d-1"))
        made = self.recorded(introduction("dan", "dee", "deal-1"))[0]
        self.recorded(fact("MeetingHeld", "dan", "dee", YESTERDAY + 1, decision_maker=True),
                      fact("Qualified", "dan", "dee", YESTERDAY + 2, opportunity=deal))
        page = self.client.listAttributions(AttributionsRequest(opportunity=deal))
        self.assertEqual(page.attributions[0].credit.introduction, made.event)
        self.assertEqual(page.attributions[0].rule, "default-1")
        with self.assertRaises(NotFound):
            self.client.listAttributions(AttributionsRequest(rule="no-such"))
        figures = self.client.getMetrics(MetricsRequest(metrics=["M19"], count_min=1)).figures
        self.assertGreaterEqual(figures[0].numerator, 1)

    def test_a_ring_waits_for_a_reviewer(self):
        self.recorded(person("vic"), person("wes"), person("rep"), person("boss"))
        self.recorded(introduction("vic", "wes", "ring-1"))
        back = self.recorded(introduction("wes", "vic", "ring-2", YESTERDAY + 10))[0]
        holds = self.client.listHolds(HoldsRequest())
        hold = next(one for one in holds if back.event in one.because)
        self.assertEqual(hold.rule, "ring")
        self.recorded(EventInput(type="HoldReleased", occurred_at=YESTERDAY + 20,
                                 referral=back.referral, about=hold.about, rep=ref("boss"),
                                 text="both are real"))
        self.assertNotIn(hold, self.client.listHolds(HoldsRequest()))

    def test_losing_touch_is_shown_longest_first(self):
        self.recorded(person("tim"), person("rep"))
        long_ago = YESTERDAY - 400 * 86_400 * 1_000_000
        self.recorded(act("OrderPlaced", "tim", long_ago),
                      act("CadenceAssigned", "tim", long_ago, name="high-ticket"))
        late = self.client.listCatchUp(CatchUpRequest())
        self.assertEqual(late[0].party_name, "Tim")
        self.assertGreater(late[0].overdue, 10_000)  # Ten intervals and more.

    def test_a_reward_is_for_an_introduction_and_given_once(self):
        self.recorded(person("quin"), person("ria"), person("rep"), person("boss"))
        plan = dict(name="winter", code="discount", amount=Money(minor_units=500, currency="EUR"))
        refused = self.record(EventInput(type="RewardPlanSet", occurred_at=YESTERDAY,
                                         numbers=[1, 1, 0, 0, 0], **plan))[0]
        self.assertEqual((refused.status, refused.code), (RecordStatus.INVALID, 3016))
        self.recorded(EventInput(type="RewardPlanSet", occurred_at=YESTERDAY,
                                 numbers=[6, 1, 0, 1, 0], **plan))
        made = self.recorded(introduction("quin", "ria", "reward-1"))[0]
        proposal = self.recorded(act("RewardProposed", "quin", name="winter",
                                     referral=made.referral))[0]
        rewards = self.client.listRewards("winter")
        self.assertEqual([(r.state, r.party_name) for r in rewards], [("EARNED", "Quin")])
        self.recorded(act("RewardFulfilled", "quin", about=proposal.event))
        again = self.record(act("RewardFulfilled", "quin", about=proposal.event))[0]
        self.assertEqual((again.status, again.code), (RecordStatus.REFUSED, 3016))

    def test_the_firm_is_judged_by_its_own_process(self):
        self.recorded(person("sam"), person("rep"))
        stop = self.client.getFirm(FirmRequest())
        self.assertEqual((stop.verdict, len(stop.quiz), len(stop.poll)), ("STOP", 14, 5))
        defined = EventInput(type="ProcessDefined", occurred_at=YESTERDAY, name="sales-1",
                             text="first contact\nneeds agreed!\nclosed sale")
        self.recorded(defined)
        self.assertEqual(self.record(defined)[0].code, 3014)
        self.recorded(EventInput(type="PartySeen", occurred_at=YESTERDAY, party=PartyInput(
            kind=EntityKind.OPPORTUNITY, fields=[],
            external_ref=ExternalRef(system="crm", object="Opportunity", id="deal-1"))))
        deal = PartyRef(external_ref=ExternalRef(system="crm", object="Opportunity", id="deal-1"))
        step = dict(type="StepDone", occurred_at=YESTERDAY, rep=ref("rep"), opportunity=deal)
        self.recorded(EventInput(name="sales-1:1", **step))
        missing = self.record(EventInput(name="sales-1:2", **step))[0]
        self.assertEqual(missing.code, 3001)
        firm = self.client.getFirm(FirmRequest(process="sales-1", off_pace=True))
        self.assertEqual((firm.verdict, firm.adherence), ("WATCH", 1000))
        self.recorded(EventInput(name="sales-1:3", **step))  # The second was passed over.
        firm = self.client.getFirm(FirmRequest(process="sales-1", off_pace=True))
        self.assertEqual((firm.verdict, firm.adherence), ("BACK_TO_BASICS", 333))
        self.assertEqual([(s.done, s.out_of_order) for s in firm.steps],
                         [(1, 0), (0, 0), (0, 1)])
        target = dict(type="TargetSet", occurred_at=YESTERDAY, rep=ref("rep"), numbers=[1000, 30])
        self.assertEqual(self.record(EventInput(name="calls", **target))[0].code, 3019)
        self.recorded(EventInput(name="M07", **target))
        self.assertEqual([t.metric for t in self.client.getFirm(FirmRequest()).targets], ["M07"])

    def test_events_are_told_in_sentences(self):
        self.recorded(person("tess"), person("rep"))
        order = self.recorded(act("OrderPlaced", "tess", text="the blue machine"))[0]
        story = self.client.explainEvents([order.event])[0]
        self.assertEqual(story.sentence,
                         "order placed: about Tess; by Rep; text the blue machine")

    def test_finding_and_not_finding(self):
        self.recorded(person("nina"))
        found = self.client.findContacts("NINA@example.org", 10)
        self.assertEqual([c.display_name for c in found.contacts], ["Nina"])
        provenance = self.client.getProvenance(ref("nina"), "email")
        self.assertEqual(provenance[0].winner.feed, "rpc")
        with self.assertRaises(NotFound):
            self.client.getContact(ref("nobody"))
        with self.assertRaises(InvalidRequest) as refusal:
            self.client.getContact(PartyRef())
        self.assertEqual(refusal.exception.code, 5025)

    def test_pages_of_referrals_hold_each_once(self):
        self.recorded(person("olga"), *(person(f"peer{i}") for i in range(5)))
        self.recorded(*(introduction("olga", f"peer{i}", f"page-{i}") for i in range(5)))
        olga = self.client.getContact(ref("olga")).id
        seen, cursor = [], ""
        while True:
            page = self.client.listReferrals(
                ListReferralsRequest(source=olga, cursor=cursor or None, max=2))
            self.assertLessEqual(len(page.referrals), 2)
            seen += [referral.id for referral in page.referrals]
            cursor = page.next_cursor
            if not cursor:
                break
        self.assertEqual(len(seen), 5)
        self.assertEqual(len(set(seen)), 5)

    def check(self, proof):
        """The exit code of the shipped verifier, which has the public key alone."""
        key, file = self.root / "log.pub", self.root / "log.proof"
        key.write_text(self.client.getPublicKey())
        file.write_text(proof)
        verdict = subprocess.run([sys.executable, CHECK_PROOF, key, file], capture_output=True,
                                 text=True, timeout=60)
        return verdict.returncode

    def test_the_log_proves_what_it_holds_and_how_it_grew(self):
        receipt = self.recorded(person("petra"))[0]
        self.assertGreaterEqual(receipt.tree_size, int(receipt.event[2:]))
        self.assertEqual(len(receipt.tree_root), 64)
        head = self.client.getSignedHead()
        self.recorded(person("quentin"))
        proof = self.client.getProof(receipt.event)
        self.assertEqual(self.check(proof), 0)
        self.assertEqual(self.check(self.client.getGrowthProof(head)), 0)
        place = proof.index('"record": "') + 40
        other = "0" if proof[place] != "0" else "1"
        self.assertEqual(self.check(proof[:place] + other + proof[place + 1:]), 1)
        with self.assertRaises(NotFound):
            self.client.getProof("e_999999")
        self.assertEqual(list(self.local.verify([head], True).problems), [])

    def test_an_administrator_backs_up_and_rotates_the_key(self):
        self.recorded(person("tess"))
        made = self.local.createBackup()
        self.assertTrue(made.whole)
        self.assertTrue(pathlib.Path(made.key_copy).exists())
        self.assertIn(made.id, [each.id for each in self.local.listBackups()])
        self.assertEqual(self.local.verifyBackup(made.id).through, made.through)
        with self.assertRaises(NotFound):
            self.local.verifyBackup(999)
        epoch = self.local.getKeyStatus().epoch
        self.assertEqual(self.local.rotateKey("").epoch, epoch + 1)
        self.assertTrue(pathlib.Path(self.local.copyKeys()).exists())
        with self.assertRaises(TApplicationException):
            self.client.createBackup()
        self.assertEqual(self.client.getContact(ref("tess")).display_name, "Tess")

    def test_an_erased_person_is_forgotten_and_stays_out(self):
        self.recorded(person("rita"), person("sven"), introduction("rita", "sven", "erase-1"))
        with self.assertRaises(TApplicationException):
            self.client.eraseContact(ref("sven"), "asked for it")
        moved = person("sven")
        moved.idempotency_key = "sven-moved"
        moved.party.fields[1].value = "sven@new.example.org"
        self.recorded(moved)
        holds = self.root / "crm" / "archive" / "old.csv"
        holds.write_text("Id,Email\n1,SVEN@example.org\n")
        receipt = self.local.eraseContact(ref("sven"), "asked for it")
        self.assertEqual(receipt.tombstone_count, 3)
        self.assertEqual((list(receipt.files), receipt.more_files), ([str(holds)], False))
        self.assertTrue(receipt.files_searched)
        self.assertFalse(
            self.local.eraseContact(PartyRef(id=receipt.contact), "once more").files_searched)
        contact = self.client.getContact(PartyRef(id=receipt.contact))
        self.assertEqual((contact.display_name, list(contact.links)), ("(erased)", []))
        self.assertEqual(self.client.findContacts("sven@example.org", 5).contacts, [])
        chain = self.client.getChain(ChainRequest(person=ref("rita")))
        self.assertIn(receipt.contact, [node.person for node in chain.descendants])
        again = person("sven")
        again.idempotency_key = "seen-sven-again"
        self.assertEqual(self.record(again)[0].code, 3031)
        self.assertEqual(list(self.local.verify([], False).problems), [])

    def await_run(self, run):
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end:
            record = self.client.getRun(run)
            if record.status != "running":
                return record
            time.sleep(0.05)
        self.fail(f"run {run} did not end")

    def test_a_file_in_the_inbox_becomes_a_run(self):
        source = self.root / "Contact.csv"
        source.write_text(CONTACTS)
        with self.assertRaises(PermissionDenied):
            self.client.startSync(StartSyncRequest(feed="crm", path=str(source)))
        run = self.await_run(self.local.startSync(
            StartSyncRequest(feed="crm", path=str(source), accept=True)))
        counts = run.counts
        self.assertEqual(run.status, "partial", run.reason)
        self.assertEqual((counts.rows_read, counts.created, counts.quarantined), (3, 2, 1))
        rejects = list(self.client.pages("listRejects", run.id, items="rejects", max=1))
        self.assertEqual([r.record for r in rejects], [4])
        self.assertIn(run.id, [r.id for r in self.client.pages("listRuns", "crm", items="runs")])
        found = self.client.findContacts("bea@example.org", 1).contacts[0]
        contact = self.client.getContact(PartyRef(id=found.id))
        self.assertEqual(contact.temperature, Temperature.COLD)
        self.assertEqual([claim.category for claim in contact.claims], ["customer_referral"])
        self.assertEqual(self.client.listFeeds()[0].folder, "")
        self.assertEqual(self.local.planRevert(run.id).counts.deleted, 2)
        back = self.await_run(self.local.revertRun(run.id))
        self.assertEqual((back.status, back.reverts), ("ok", run.id), back.reason)
        self.assertEqual(back.counts.deleted, 2)
        with self.assertRaises(NotFound):
            self.local.revertRun("01" + "J" * 24)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:], verbosity=2)
