#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "content/airing/shown.hpp"
#include "firmware/outlet/outlet_supervisor.hpp"
#include "tests/unit/scheduler/fixture.hpp"

/// An outlet's supervisor with a journal in memory, a clock that the test sets, and a player whose answers
/// the test writes.
namespace riverlight::test {

/// An airing log that can be made to fail.
class MemoryLog : public firmware::AiringLog {
  public:
    [[nodiscard]] Handle open(const content::AiringRecord& record) override {
        if (!fault_.empty()) return {};
        open_[++last_] = record;
        return last_;
    }
    void update(Handle handle, const content::AiringRecord& record) override {
        if (handle) open_.at(*handle) = record;
    }
    void close(Handle handle, const content::AiringRecord& record) override {
        if (handle) remove(*handle);
        closed_.push_back(record);
    }
    void discard(Handle handle) override {
        if (handle) remove(*handle);
    }
    void add(const std::vector<content::AiringRecord>& records) override {
        closed_.insert(closed_.end(), records.begin(), records.end());
    }
    void write_waiting() override { ++writes_; }
    [[nodiscard]] bool has(const scheduler::PlannedAiring& planned) override {
        return std::any_of(closed_.begin(), closed_.end(), [&](const auto& r) {
            const auto run = content::failure_run_of(r);
            return r.airing == planned.id || (run && run->covers(planned.start));
        });
    }
    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from) override {
        std::vector<scheduler::Aired> aired;
        for (const auto& r : closed_)
            if (r.started && *r.started >= from && content::counts_as_play(r))
                aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
        return aired;
    }
    [[nodiscard]] const std::string& fault() const override { return fault_; }

    std::map<std::int64_t, content::AiringRecord> open_;
    std::vector<content::AiringRecord> closed_;
    std::string fault_;
    int writes_ = 0;

  private:
    void remove(std::int64_t handle) { EXPECT_EQ(open_.erase(handle), 1U) << "it is not open"; }
    std::int64_t last_ = 0;
};

inline constexpr const char* spots_and_fillers = R"(
[[campaign]]
id = "spots"
title = "Spots"
from = 2026-11-01
until = 2026-12-31
audience = { countries = ["KH"] }
[[campaign.booking]]
id = "turns"
kind = "rotation"
segments = ["spot"]
plays_per_day = 24
[[campaign]]
id = "rest"
title = "Rest"
from = 2026-11-01
until = 2026-12-31
audience = { countries = ["KH"] }
[[campaign.booking]]
id = "fill"
kind = "filler"
segments = ["filler"]
)";

/// More than 12 members: an outlet's surroundings, and what it did.
class OutletFixture : public testing::Test {
  protected:
    using Commands = std::vector<player::Command>;

    OutletFixture() {
        setup_.id = "screen";
        setup_.place = "kh-1";
        setup_.boot_id = "boot";
        setup_.player.program = "/usr/bin/riverlight-player";
        setup_.player.folder = "/state/outlets/screen";
        setup_.player.media = "/media";
        setup_.in_service_since = [this] { return in_service_since_; };
        now_.now = *from_rfc3339("2026-11-23T03:00:00Z");  // 10:00 in Phnom Penh
        now_.state = content::ClockState::synchronised;
        now_.monotonic = MonotonicTime{std::chrono::seconds(100)};
        in_service_since_ = now_.now;
        for (const auto& [id, seconds] : {std::pair("spot", 30), std::pair("filler", 60)}) {
            auto segment = test::segment(id, seconds);
            const std::string picture(64, *id);
            segment.files[picture].sha256 = picture;
            segment.files[picture].ext = "mp4";
            for (auto& [locale, words] : segment.locales) words.picture = picture;
            segments_.push_back(segment);
        }
        schedule_ = test::schedule(spots_and_fillers);
        content_->catalogue = test::catalogue(segments_);
        content_->media_folder = "/media";
        place_ = content_->catalogue.countries.at("KH").places[0];
    }

    [[nodiscard]] std::shared_ptr<const firmware::Programme> programme() const {
        auto p = std::make_shared<firmware::Programme>();
        p->content = std::make_shared<content::ContentSet>(*content_);
        p->schedule = schedule_;
        p->place = place_;
        return p;
    }

    /// Hands the event to the supervisor; commands and starts are kept. Plans are made at once, unless
    /// `plans_wait_`.
    void handle(const firmware::OutletEvent& event) {
        commands_.clear();
        tell(event);
        while (!plans_wait_ && !asked_.empty()) answer_plan();
    }
    /// Makes the plan that was asked for first.
    void answer_plan() {
        const auto request = asked_.front();
        asked_.pop_front();
        tell(firmware::PlanMade{firmware::make_plan(request)});
    }
    void play() { handle(firmware::ProgrammeArrived{programme()}); }
    void pass(std::chrono::microseconds time) {
        now_.now += time;
        now_.monotonic += time;
    }
    /// Lets time pass as a runner does. The player sends its sign of life meanwhile, unless it is silent.
    void wait(std::chrono::milliseconds time, bool silent = false) {
        const auto slate = !on_air_;
        for (const auto end = now_.monotonic + time; now_.monotonic < end;) {
            pass(firmware::PlayerLife::poll_interval);
            handle(firmware::TimePassed{});
            all_.insert(all_.end(), commands_.begin(), commands_.end());
            if (silent || !firmware::has_process(outlet_->player_state())) continue;
            player::Health health;
            health.frames = frames_ += 10;
            health.on_slate = slate;
            report(health);
        }
    }
    void report(const player::Event& event) { handle(firmware::PlayerReported{event}); }
    void report_on_air(const player::Cue& cue, int alternative = 0) {
        player::OnAir on;
        on.airing = cue.airing;
        on.instant = now_.now - now_.ahead;
        on.took = player::MediaChoice::from_wire(alternative);
        on_air_ = true;
        report(on);
    }
    void report_off_air(const player::Cue& cue, content::AiringStatus status = content::AiringStatus::aired,
                        const std::string& reason = "") {
        player::OffAir off;
        off.airing = cue.airing;
        off.instant = now_.now - now_.ahead;
        off.status = status;
        off.reason = reason;
        off.frames = 750;
        on_air_ = false;
        report(off);
    }
    void end_player(const std::string& why = "the player was killed by signal 11") {
        on_air_ = false;
        handle(firmware::PlayerEnded{why});
    }
    /// The player plays everything as planned until `end`.
    void play_until(Instant end) {
        for (std::size_t next = 0; now_.now < end;) {
            if (next == told_.size()) {
                wait(std::chrono::seconds(1));
                continue;
            }
            const auto cue = told_[next++];
            const auto opened = std::find_if(log_.open_.begin(), log_.open_.end(), [&](const auto& one) {
                return one.second.airing == airing_of(cue);
            });
            ASSERT_NE(opened, log_.open_.end());
            const auto record = opened->second;
            if (now_.now < *record.planned_start) pass(*record.planned_start - now_.now);
            report_on_air(cue);
            pass(std::max<std::chrono::microseconds>(*record.planned_end - now_.now,
                                                     std::chrono::milliseconds(40)));
            report_off_air(cue);
        }
    }
    /// A player that plays the first airing.
    player::Cue play_first() {
        play();
        report_on_air(told_.at(0));
        return told_.at(0);
    }

    void tell(const firmware::OutletEvent& event) {
        if (!outlet_) outlet_.emplace(setup_, log_, unexpected_);
        for (auto& action : outlet_->handle(event, now_)) {
            if (auto* start = std::get_if<firmware::StartPlayer>(&action)) {
                command_line_ = start->command_line;
                ++starts_;
                told_.clear();
            } else if (std::holds_alternative<firmware::KillPlayer>(action)) {
                ++kills_;
            } else if (auto* plan = std::get_if<firmware::MakePlan>(&action)) {
                asked_.push_back(std::move(plan->request));
            } else {
                auto& command = std::get<player::Command>(action);
                if (const auto* cue = std::get_if<player::Cue>(&command)) told_.push_back(*cue);
                commands_.push_back(std::move(command));
            }
        }
    }
    template <class Command>
    [[nodiscard]] static std::vector<Command> of(const Commands& commands) {
        std::vector<Command> out;
        for (const auto& command : commands)
            if (const auto* one = std::get_if<Command>(&command)) out.push_back(*one);
        return out;
    }
    template <class Command>
    [[nodiscard]] std::vector<Command> sent() const {
        return of<Command>(commands_);
    }
    [[nodiscard]] bool starts_with_option(const std::string& option) const {
        return std::find(command_line_.begin(), command_line_.end(), option) != command_line_.end();
    }
    [[nodiscard]] firmware::OutletView view() const { return outlet_->view(now_); }
    [[nodiscard]] firmware::PlayerState state() const { return outlet_->player_state(); }
    /// `status segment` of closed records that were on air or failed.
    [[nodiscard]] const content::AiringRecord& last_record() const { return log_.closed_.back(); }
    /// The id of the airing that a cue plays.
    [[nodiscard]] static std::string airing_of(const player::Cue& cue) { return cue.airing.substr(0, 32); }

    firmware::OutletSetup setup_;
    firmware::UnexpectedEvent unexpected_ = firmware::UnexpectedEvent::abort;
    firmware::ClockReading now_;
    Instant in_service_since_{};
    std::vector<content::Manifest> segments_;
    std::shared_ptr<content::ContentSet> content_ = std::make_shared<content::ContentSet>();
    scheduler::Schedule schedule_;
    content::Place place_;
    MemoryLog log_;
    std::optional<firmware::OutletSupervisor> outlet_;
    std::vector<std::string> command_line_;    ///< of the last player
    std::vector<player::Cue> told_;            ///< to the running player
    Commands commands_;                        ///< of the last event
    Commands all_;                             ///< of wait()
    std::deque<firmware::PlanRequest> asked_;  ///< plans that were not answered yet
    bool plans_wait_ = false;                  ///< for answer_plan()
    int starts_ = 0, kills_ = 0;
    bool on_air_ = false;
    std::int64_t frames_ = 0;  ///< that the player has reported
};

}  // namespace riverlight::test
