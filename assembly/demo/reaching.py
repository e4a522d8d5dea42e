"""What the members of the running cycle read, saw, chose and visited, and what they do with others."""

from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from assembly import clock, pictures
from assembly.demo import reading
from assembly.demo.telling import act, found
from assembly.demo.working import Working
from workshops.models import (
    Meeting,
    Outing,
    Partner,
    PartnerInvitation,
    Piece,
    PressReview,
    PrioritySubject,
    PriorityVote,
    Question,
    Referral,
    WatchItem,
)

SUPPORTERS_OF_A_QUESTION = 4


class Reaching(Working):
    """Told from one file of words, workshop by workshop, then for everybody."""

    opening = "-24 wed 10:00"

    def __init__(self, calendar, **work):
        super().__init__(calendar, **work)
        self.words = reading.words("now_outside")

    def tell(self):
        by_key = {text["key"]: text for text in self.texts}
        self.on(self.opening, self.meet_the_partners)
        for space in self.some(self.words["spaces"], 1):
            self.tell_of(by_key[space["key"]], space)
        self.tell_of(self.text, self.words["assembly"])
        for outing in self.some(self.words["outings"], 1):
            text = by_key.get(outing.get("key"), self.text)
            self.on(self.when(outing["opened"]) - timedelta(hours=2), self.plan_outing, text, outing)

    def some(self, rows, number):
        return rows[:number] if self.small else rows

    def tell_of(self, text, space):
        subjects = self.some(space["subjects"], 2)
        for rank, subject in enumerate(subjects):
            opened = self.when(space["vote"]["at"])
            self.on(opened - timedelta(days=2, hours=rank), self.propose, text, subject)
        self.on(space["vote"]["at"], self.open_vote, text, space["vote"], [row["title"] for row in subjects])
        for kind in ("article", "observation"):
            for item in self.some(space.get(f"{kind}s", []), 1):
                self.on(item["at"], self.share, text, kind, item)
        for review in self.some(space.get("reviews", []), 1):
            self.on(review["at"], self.review, text, review)
        for referral in self.some(space.get("referrals", []), 1):
            self.on(referral["at"], self.refer, text, referral)
        for question in self.some(space.get("proposed", []), 1):
            self.on(question["at"], self.propose_at_hearing, text, question)
        for question in self.some(space.get("written", []), 2):
            self.on(question["at"], self.write_to_a_department, text, question)

    def scope(self, text):
        """The cycle, and the workshop when it is not for everybody."""
        return {"cycle": self.cycle, "workshop": self.workshop(text) if "key" in text else None}

    def home(self, text):
        return self.workshop(text) if "key" in text else self.cycle

    def some_people(self, text, number):
        people = self.people(text)
        return self.chance.sample(people, min(number, len(people)))

    def subject(self, text, title):
        return PrioritySubject.objects.filter(**self.scope(text), title=title).first() if title else None

    # priorities

    def propose(self, text, words):
        member, *others = self.some_people(text, 3 if self.small else words["supports"] + 1)
        row = PrioritySubject(**self.scope(text), title=words["title"], why=words["why"], proposed_by=member)
        found(row, by=member.user, of=self.home(text))
        for other in others:
            act(row, "support", by=other.user)

    def open_vote(self, text, words, titles):
        lead, online = self.lead(text), words["mode"] == "online"
        vote = PriorityVote(
            **self.scope(text),
            title=words["title"],
            mode=words["mode"],
            method=words.get("method", PriorityVote.Method.VOICES),
            voices=words.get("voices", 3),
            keeps=words["keeps"],
            closes_at=self.when(words["until"]) if online else None,
            meeting=None if online else Meeting.objects.get(cycle=self.cycle, title=words["meeting"]),
        )
        found(vote, by=lead, of=self.home(text))
        vote.subjects.set([self.subject(text, title) for title in titles])
        act(vote, "open", by=lead)
        if online:
            self.on(clock.now() + timedelta(hours=2), self.vote, text, vote, words["share"])
            self.on(vote.closes_at + timedelta(hours=14), lambda: act(vote, "close", by=self.lead(text)))
        else:
            self.on(words["counted"], self.count, text, vote, words["hands"])

    def vote(self, text, vote, share):
        """“membre” has not voted yet: something waits for whoever looks at the demonstration."""
        subjects = list(vote.subjects.all())
        people = self.some_people(text, round(share * len(self.people(text))))
        for member in people:
            if not member.user.email.startswith("membre@") or vote.closes_at < self.calendar.end:
                size = self.chance.randint(1, min(vote.voices, len(subjects)))
                act(vote, "cast", by=member.user, choices=self.chance.sample(subjects, size))

    def count(self, text, vote, hands):
        present = len(self.people(text))
        counted = {row.pk: min(hand, present) for row, hand in zip(vote.subjects.all(), hands, strict=False)}
        act(vote, "count_hands", by=self.lead(text), present=present, hands=counted)

    # the watch

    def share(self, text, kind, words):
        member = self.chance.choice(self.people(text))
        item = WatchItem(
            **self.scope(text),
            kind=kind,
            title=words["title"],
            link=words.get("link", ""),
            source=words.get("source", ""),
            district=words.get("district", ""),
            comment=words["comment"],
            happened_on=clock.today(),
            subject=self.subject(text, words.get("subject")),
            shared_by=member,
            shows=words.get("shows", ""),
        )
        if item.shows:
            item.picture = pictures.cleaned(ContentFile(drawn(), name="dessin.png"))
        found(item, by=member.user, of=self.home(text))

    def review(self, text, words):
        lead = self.lead(text)
        since, until = self.when(words["since"]).date(), self.when(words["until"]).date()
        row = PressReview(
            **self.scope(text),
            title=words["title"],
            since=since,
            until=until,
            introduction=words.get("introduction", ""),
        )
        found(row, by=lead, of=self.home(text))
        row.items.set(WatchItem.objects.shared().filter(**self.scope(text)).within(since, until))
        if row.items.exists() and not words.get("draft"):
            act(row, "publish", by=lead)

    # partners

    def meet_the_partners(self):
        for words in self.some(self.words["partners"], 6):
            found(Partner(**words), by=self.who("secretariat"))

    def refer(self, text, words):
        lead = self.lead(text)
        row = Referral(
            **self.scope(text),
            partner=Partner.objects.get(name=words["partner"]),
            direction=words["direction"],
            title=words["title"],
            text=words["text"],
            subject=self.subject(text, words.get("subject")),
            sent_on=clock.today(),
            due_on=self.when(words["due"]).date(),
        )
        found(row, by=lead, of=self.home(text))
        if "answered" in words:
            self.on(words["answered"], self.answer_referral, text, row, words)

    def answer_referral(self, text, row, words):
        lead = self.lead(text)
        act(row, "reply", by=lead, answer=words["answer"], answered_on=clock.today())
        if "piece" in words:
            piece = Piece(referral=row, title=words["piece"], origin=words["partner"])
            piece.file = ContentFile(sheet(words["piece"]), name="releve.pdf")
            found(piece, by=lead, of=row)

    # questions to departments

    def propose_at_hearing(self, text, words):
        meeting = Meeting.objects.get(cycle=self.cycle, title=words["meeting"])
        member, *others = self.some_people(text, words["supports"] + 1)
        row = Question(**self.scope(text), meeting=meeting, text=words["text"], asked_by=member)
        found(row, by=member.user, of=meeting)
        for other in others:
            act(row, "support", by=other.user)

    def write_to_a_department(self, text, words):
        member, *others = self.some_people(text, SUPPORTERS_OF_A_QUESTION)
        row = Question(**self.scope(text), text=words["text"], addressed_to=words["to"], asked_by=member)
        found(row, by=member.user, of=self.home(text))
        for other in others:
            act(row, "support", by=other.user)
        if "forwarded" in words:
            self.on(words["forwarded"], self.send_on, text, row, words)

    def send_on(self, text, row, words):
        due = self.when(words["due"]).date()
        act(row, "forward", by=self.lead(text), department=words["department"], due_on=due)
        if "answered" in words:
            by = words["department"].lower()
            self.on(words["answered"], lambda: act(row, "reply", by=self.who(by), answer=words["answer"]))

    # visits and training

    def plan_outing(self, text, words):
        starts = self.when(words["at"])
        ends = self.when(f"{words['at'].rsplit(' ', 1)[0]} {words['until']}")
        self.prepare(text, words, starts, ends)
        meeting = Meeting.objects.filter(cycle=self.cycle, title=words["title"]).latest("pk")
        lead, places = self.lead(text), min(words["places"], max(1, len(self.people(text)) - 1))
        outing = Outing(meeting=meeting, theme=words["theme"], places=places, practical=words["practical"])
        found(outing, by=lead, of=meeting)
        act(outing, "open", by=lead)
        if "partner" in words:
            partner = Partner.objects.get(name=words["partner"])
            joint = PartnerInvitation(meeting=meeting, partner=partner, people=6, note=words["together"])
            found(joint, by=lead, of=meeting)
        self.on(clock.now() + timedelta(hours=1), self.register, text, outing, words["wanted"])

    def register(self, text, outing, wanted):
        """One of the first gives their place up; “membre” comes just after the places are gone."""
        people = [one for one in self.some_people(text, wanted) if not one.user.email.startswith("membre@")]
        member = next((one for one in self.people(text) if one.user.email.startswith("membre@")), None)
        if member:
            people.insert(min(outing.places + 1, len(people)), member)
        for one in people:
            act(outing, "register", by=one.user)
        if len(people) > 2:
            act(outing, "give_up", by=people[0].user)


def drawn():
    """A fountain between two trees, with shapes alone."""
    picture = Image.new("RGB", (960, 600), "#bfe3f2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 420, 960, 600), fill="#d9cfa8")
    for left in (90, 640):
        pen.rectangle((left + 95, 300, left + 125, 450), fill="#6b4a2b")
        pen.ellipse((left, 90, left + 220, 330), fill="#2f7558")
    pen.rectangle((430, 300, 530, 450), fill="#5b6b66")
    pen.ellipse((400, 430, 560, 480), fill="#8fa6b0")
    pen.rectangle((448, 330, 512, 372), fill="#fffdf2")
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def sheet(title):
    """The smallest PDF there is: one page, one line."""
    line = title.encode("cp1252", "replace").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 16 Tf 72 760 Td (%s) Tj ET" % line
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    return body + head + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
