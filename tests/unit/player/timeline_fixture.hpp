#pragma once
// The timeline with scripted sources and a clock of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "player/timeline/timeline.hpp"

namespace riverlight::player {

using namespace std::chrono;
using namespace std::chrono_literals;

inline const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// How a scripted file behaves.
struct Script {
    int frames = 3;
    int ready_after = 0;  ///< calls of state() before it is ready; −1: never
    int hang_after = -1;  ///< frames before it delivers nothing more
    int fail_after = -1;  ///< frames before it fails
    bool broken = false;  ///< fails to open
    bool subtitled = false;
    bool slow = false;  ///< delivers only after a wait without a deadline
};

class Scripted final : public Source {
  public:
    Scripted(Script script, SourceSpec spec)
        : script_(script), spec_(std::move(spec)), next_(spec_.first_frame) {}
    [[nodiscard]] State state() const override {
        if (script_.broken) return State::failed;
        if (script_.slow && !waited_) return State::opening;
        return script_.ready_after >= 0 && asked_++ >= script_.ready_after ? State::ready : State::opening;
    }
    [[nodiscard]] std::string error() const override { return spec_.media.picture + ": is broken"; }
    [[nodiscard]] Take take(Piece& into) override {
        const auto frames = spec_.frames.value_or(script_.frames);
        if (next_ == script_.fail_after) return Take::failed;
        if (next_ == script_.hang_after || (script_.slow && !waited_)) return Take::waiting;
        waited_ = false;
        if (next_ >= frames) return Take::ended;
        into.picture =
            std::make_shared<Picture>(Picture{2, 2, {static_cast<std::uint8_t>(next_), 0, 0, 0}, {0}, {0}});
        into.samples.assign(static_cast<std::size_t>(spec_.format.samples_a_frame()) * 2, 0.5F);
        if (script_.subtitled) into.subtitle = std::make_shared<const Overlay>();
        ++next_;
        return Take::piece;
    }
    void wait(milliseconds) const override {}
    void wait_unless_stuck() const override { waited_ = true; }

  private:
    Script script_;
    SourceSpec spec_;
    std::int64_t next_;
    mutable int asked_ = 0;
    mutable bool waited_ = false;
};

class TimelineTest : public testing::Test {
  protected:
    explicit TimelineTest(bool wait_for_sources = false) : wait_for_sources_(wait_for_sources) {}
    static Cue cue(const std::string& id) {
        Cue c;
        c.airing = c.media.picture = id;
        return c;
    }
    static Cue cue_at(const std::string& id, milliseconds after, Cue::Late late = Cue::Late::join) {
        auto c = cue(id);
        c.start = noon + after;
        c.late = late;
        return c;
    }
    void say(const Command& command) { timeline_.handle(command, now()); }
    [[nodiscard]] Instant now() const { return noon + frame_ * 40ms; }
    /// Runs the timeline; the frames as "a0 a1 b0 -": item and number of its frame, `-` for the slate.
    std::string run(int count) {
        std::string out;
        for (int i = 0; i < count; ++i) {
            const auto step = timeline_.step(now(), frame_);
            ++frame_;
            EXPECT_EQ(step.piece.samples.size(), 3840U) << "every frame has its sound, also on slate";
            if (!out.empty()) out += ' ';
            out += step.on_slate
                       ? "-"
                       : step.airing + std::to_string(step.piece.picture ? step.piece.picture->y[0] : 99);
        }
        return out;
    }
    std::vector<std::string> ends() {
        std::vector<std::string> out;
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event))
                out.push_back(off->airing + ' ' + std::string(to_text(off->status)) + ' ' +
                              std::to_string(off->frames));
        return out;
    }
    std::string reason_of(const std::string& airing) {
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event); off && off->airing == airing)
                return off->reason;
        return "still on";
    }
    bool wait_for_sources_;
    std::map<std::string, Script> files_;
    std::vector<Event> events_;
    std::vector<SourceSpec> opened_;
    std::int64_t frame_ = 0;
    Timeline timeline_{{Format{}, 1500ms, wait_for_sources_},
                       [this](const SourceSpec& spec) {
                           opened_.push_back(spec);
                           return std::make_unique<Scripted>(files_[spec.media.picture], spec);
                       },
                       [this](const Event& event) { events_.push_back(event); }};
};

}  // namespace riverlight::player
