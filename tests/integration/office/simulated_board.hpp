#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "content/airing/batch.hpp"
#include "content/airing/shown.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/crypto.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/agenda.hpp"
#include "firmware/outlet/journal_log.hpp"
#include "firmware/outlet/record_keeper.hpp"

namespace riverlight::test {

using namespace std::chrono_literals;
using content::AiringStatus;

/// A board in simulated time: the daemon's own agenda, planner, records and journal; only the player and the
/// clock are made up. It keeps its own book of what really aired.
class SimulatedBoard {
  public:
    using ProgrammeNow = std::function<std::shared_ptr<const firmware::Programme>(Instant now)>;
    /// What really became of a planned airing, by what the board did.
    struct Truth {
        std::set<std::string> whole, in_part;  ///< ids of airings that aired by their plan
        int fillers = 0;                       ///< of those, whole
    };
    /// `folder` lasts; `programme`: what the board has from a moment on.
    SimulatedBoard(const std::string& folder, std::string id, std::string place, char seed,
                   ProgrammeNow programme)
        : id_(std::move(id)),
          place_(std::move(place)),
          key_(SigningKey::from_seed_hex(std::string(64, seed))),
          programme_(std::move(programme)),
          journal_(folder + '/' + id_ + seed + ".db", id_),
          chance_(static_cast<std::mt19937::result_type>(seed)) {}

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const std::string& place() const { return place_; }
    [[nodiscard]] const SigningKey& key() const { return key_; }
    [[nodiscard]] const Truth& truth() const { return truth_; }
    [[nodiscard]] firmware::Journal& journal() { return journal_; }
    void set_in_service_since(Instant since) { since_ = since; }

    /// One boot, which ends in a power cut. By a wrong clock, `behind` and never set, until `fixed`.
    void run(Instant from, Instant until, std::chrono::seconds behind = 0s, Instant fixed = {}) {
        boot_ = {from, "boot-" + key_.public_hex().substr(0, 8) + std::to_string(++boots_), behind, fixed};
        journal_.close_interrupted("the power went");
        firmware::JournalLog log(journal_, "screen");
        firmware::RecordKeeper keeper(log, {"screen", place_, boot_.id});
        firmware::Agenda agenda;
        agenda.set_in_service_since(since_);
        for (auto now = from; now < until;) now = step(agenda, log, keeper, now, until);
        flush(log);
    }

  private:
    struct Boot {
        Instant began{};
        std::string id;
        std::chrono::seconds behind{};
        Instant fixed{};
    };
    [[nodiscard]] firmware::ClockReading clock(Instant now) const {
        firmware::ClockReading c;
        const bool wrong = boot_.behind > 0s && now < boot_.fixed;
        c.now = wrong ? now - boot_.behind : now;
        c.state = wrong ? content::ClockState::floor : content::ClockState::synchronised;
        if (!wrong) c.error = 10ms;
        c.monotonic = MonotonicTime{20s} + (now - boot_.began);
        return c;
    }

    /// The next thing that happens; when.
    Instant step(firmware::Agenda& agenda, firmware::JournalLog& log, firmware::RecordKeeper& keeper,
                 Instant now, Instant until) {
        const auto c = clock(now);
        if (boot_.behind > 0s && now >= boot_.fixed) {
            boot_.behind = 0s;
            waiting_.push_back(record_of(content::TimeFix{id_, boot_.id, c.now, c.monotonic, 10ms}, place_));
        }
        if (const auto programme = programme_(now); programme != agenda.programme()) agenda.begin(programme);
        const auto aired = [&](Instant since, Instant) {
            flush(log);
            return log.aired_since(since);
        };
        if (auto asked = agenda.ask(c, aired))
            static_cast<void>(agenda.accept(firmware::make_plan(*asked), c));
        if (const auto missed = agenda.take_missed(c.now, 10'000); !missed.empty()) {
            flush(log);
            keeper.skip(missed, c);
        }
        if (agenda.coming().empty() || agenda.coming().front().start > c.now) {
            const auto wait = agenda.coming().empty() ? 10min : agenda.coming().front().start - c.now;
            return now + std::min<std::chrono::microseconds>(wait, 10min);
        }
        const auto planned = agenda.take_next();
        const auto end = play(planned, keeper, now, until);
        agenda.set_done(planned);
        return end;
    }

    Instant play(const scheduler::PlannedAiring& planned, firmware::RecordKeeper& keeper, Instant now,
                 Instant until) {
        const auto c = clock(now);
        auto r = keeper.planned(planned);
        r.sha256 = std::string(64, 'a');
        r.started = c.now;
        r.clock = c.state;
        r.clock_error = c.error;
        r.monotonic_start = c.monotonic;
        const auto end = now + (planned.end - c.now);
        if (end > until) {  // the power goes while it is on
            journal_.add(std::exchange(waiting_, {}));
            journal_.update(journal_.open(r), r);
            return until;
        }
        close(r, planned, c, end - now);
        note(r, planned, now);
        waiting_.push_back(std::move(r));
        return end;
    }

    /// Most airings go well.
    void close(content::AiringRecord& r, const scheduler::PlannedAiring& planned,
               const firmware::ClockReading& c, std::chrono::microseconds lasted) {
        const auto length = std::chrono::round<std::chrono::milliseconds>(planned.end - planned.start);
        const auto luck = std::uniform_int_distribution<int>(0, 99)(chance_);
        auto shown = std::chrono::round<std::chrono::milliseconds>(lasted);
        if (luck < 2) shown = 0ms;
        if (luck >= 2 && luck < 4) shown /= 3;
        const content::Shown evidence{length, shown, 0ms, luck >= 4};
        content::write_shown(evidence, r.evidence);
        r.status = content::status_of(evidence);
        r.frames = shown / 40ms;
        r.samples = shown / 1ms * 48;
        r.monotonic_end = c.monotonic + lasted;
        r.ended = *r.started + lasted;
        if (r.status != AiringStatus::aired) r.reason = "a made-up fault";
    }

    void note(const content::AiringRecord& r, const scheduler::PlannedAiring& planned, Instant started) {
        if (content::is_off_plan(planned.start, started)) return;
        if (r.status == AiringStatus::aired) truth_.whole.insert(r.airing);
        if (r.status == AiringStatus::truncated) truth_.in_part.insert(r.airing);
        truth_.fillers += r.status == AiringStatus::aired && planned.kind == scheduler::BookingKind::filler;
    }

    void flush(firmware::JournalLog& log) {
        log.add(std::exchange(waiting_, {}));
        EXPECT_EQ(log.fault(), "");
    }

    std::string id_, place_;
    SigningKey key_;
    ProgrammeNow programme_;
    firmware::Journal journal_;
    std::mt19937 chance_;
    Instant since_{};
    Boot boot_;
    int boots_ = 0;
    std::vector<content::AiringRecord> waiting_;  ///< to be written in one transaction
    Truth truth_;
};

}  // namespace riverlight::test
