"""Compares the days of drawn RFC 5545 rules with those of python-dateutil.

  recurrence_test.py PROGRAM [COUNT [SEED]]

PROGRAM is recurrence_days. The two differ in five ways, which are the only ones allowed:
- BYSETPOS in a weekly rule: dateutil begins its first week at the rule's first day, the RFC at the week's. The rule is
  therefore expanded by dateutil from the beginning of that week (without COUNT, which would count those days).
- What the RFC forbids, dateutil ignores: it must be refused here (FORBIDDEN).
- BYDAY=4FR,TU: the RFC's list is a union, dateutil asks for both at once. Drawn lists are numbered throughout or not at all.
- BYWEEKNO=52, 53, -52 and -53, where a week spans two years: dateutil takes one year's number of weeks for the other's
  (2010 has 52, and it finds a week 53 in January 2011). Not drawn; recurrence_test.cpp has them.
- A rule that falls on no day in 28 years is refused here.
"""
import datetime
import os
import random
import subprocess
import sys
import unittest

from dateutil import rrule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RANGE = 800  # days that are compared


class Drawn:
    """A rule: its parts, its first day."""

    def __init__(self, chance):
        self.first = datetime.date(chance.randint(1999, 2031), 1, 1) + datetime.timedelta(chance.randrange(366))
        self.parts = {"FREQ": chance.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))}
        some = lambda share: chance.random() < share
        numbers = lambda most, count, negative: ",".join(
            str(chance.randint(1, most) * (-1 if negative and some(0.3) else 1)) for _ in range(chance.randint(1, count)))
        if some(0.4):
            self.parts["INTERVAL"] = str(chance.randint(1, 6))
        if some(0.3):
            self.parts["BYMONTH"] = numbers(12, 4, False)
        if some(0.25):
            self.parts["BYMONTHDAY"] = numbers(31, 4, True)
        if some(0.1):
            self.parts["BYYEARDAY"] = numbers(366, 8, True)
        if some(0.12):
            self.parts["BYWEEKNO"] = ",".join(n for n in numbers(53, 4, True).split(",") if abs(int(n)) < 52) or "20"
        if some(0.5):
            nth = some(0.3) and self.parts["FREQ"] in ("MONTHLY", "YEARLY")
            most = 5 if self.parts["FREQ"] == "MONTHLY" or "BYMONTH" in self.parts else 53
            self.parts["BYDAY"] = ",".join((str(chance.choice((1, -1)) * chance.randint(1, most)) if nth else "") + day
                                           for day in chance.sample(DAYS, chance.randint(1, 5)))
        if some(0.15):
            self.parts["BYSETPOS"] = numbers(4 if self.parts["FREQ"] != "YEARLY" else 60, 3, True)
        if some(0.3):
            self.parts["WKST"] = chance.choice(DAYS)
        if some(0.2):
            self.parts["COUNT"] = str(chance.randint(1, 30))
        elif some(0.2):
            self.parts["UNTIL"] = (self.first + datetime.timedelta(chance.randrange(RANGE))).strftime("%Y%m%d")

    @property
    def text(self):
        return ";".join(f"{name}={value}" for name, value in self.parts.items())

    @property
    def forbidden(self):
        """Which rule of RFC 5545 (3.3.10), or which ambiguity, has it refused; empty: none."""
        frequency, parts = self.parts["FREQ"], self.parts
        numbered = any(c.isdigit() for c in parts.get("BYDAY", ""))
        if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
            return "BYMONTHDAY in a weekly rule"
        if frequency != "YEARLY" and ("BYYEARDAY" in parts or "BYWEEKNO" in parts):
            return "BYYEARDAY or BYWEEKNO in a rule that is not yearly"
        if numbered and (frequency in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts):
            return "a numbered weekday without a month or year"
        if "BYWEEKNO" in parts and (int(parts.get("INTERVAL", "1")) > 1 or "BYSETPOS" in parts):
            return "BYWEEKNO beside INTERVAL or BYSETPOS"
        if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
            return "BYSETPOS alone"
        return ""

    def days(self):
        """What dateutil says. It looks for days up to datetime.MAXYEAR, however long that takes."""
        datetime.MAXYEAR = self.first.year + RANGE // 365 + 1
        parts, begin, end = dict(self.parts), self.first, self.first + datetime.timedelta(RANGE - 1)
        counted = None
        if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
            parts.setdefault("BYDAY", DAYS[begin.weekday()])
            begin -= datetime.timedelta((begin.weekday() - DAYS.index(parts.get("WKST", "MO"))) % 7)
            counted = int(parts.pop("COUNT")) if "COUNT" in parts else None
        parts["UNTIL"] = min(parts.get("UNTIL", "99991231"), end.strftime("%Y%m%d"))
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        rule = rrule.rrulestr(text, dtstart=datetime.datetime.combine(begin, datetime.time()))
        return [d.date() for d in rule if d.date() >= self.first][:counted]


class RecurrenceTest(unittest.TestCase):
    def test_days_are_those_of_dateutil(self):
        chance = random.Random(seed)
        rules = [Drawn(chance) for _ in range(count)]
        asked = "".join(f"{r.first} {RANGE} {r.text}\n" for r in rules)
        answers = subprocess.run([program], input=asked, capture_output=True, text=True, check=True, timeout=3000).stdout.splitlines()
        self.assertEqual(len(answers), count)
        compared = 0
        for rule, answer in zip(rules, answers):
            name = f"{rule.text} from {rule.first}"
            if rule.forbidden:
                self.assertTrue(answer.startswith("refused: "), f"{name}: {rule.forbidden}: {answer}")
                continue
            days = " ".join(d.isoformat() for d in rule.days())
            if answer.startswith("refused: falls on no day"):
                answer = ""
            self.assertEqual(answer, days, name)
            compared += days != ""
        self.assertGreater(compared, count // 3, "too few rules had days")


if __name__ == "__main__":
    program = sys.argv[1]
    count = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("RIVERLIGHT_RULES", "20000"))
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 5545
    unittest.main(argv=sys.argv[:1], warnings="ignore")  # of COUNT beside UNTIL
