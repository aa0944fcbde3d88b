// week_bench [DAYS]: runs a spliced 720p25 feed over that many days (default 7), as fast as possible, on
// simulated clocks: the wall clock gains 11.5 ppm on the monotonic clock and is set by −171 or 237 ms once a
// day. Every 61 seconds a hard start cuts the filler before it. Prints the largest error of hard starts
// (limit: a frame and a millisecond, except in the hour after each setting), the findings of the feed's own
// monitor, and the growth of memory after the first eighth (limit: 2 MB). Exit status 1 if a limit is
// exceeded.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "player/clock/outlet_clock.hpp"
#include "player/feed/feed.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/feed/rendition_source.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

namespace {

using namespace riverlight;
using namespace riverlight::player;
using namespace std::chrono;
using namespace std::chrono_literals;

const Instant begin = *from_rfc3339("2026-11-24T05:00:00.013579Z");

class Clockwork final : public Clocks {
  public:
    [[nodiscard]] ClockSample now() const override {
        const auto passed = steady_.time_since_epoch();
        return {steady_, begin + set_ + floor<microseconds>(passed + passed * 115 / 10'000'000)};
    }
    void sleep_until(steady_clock::time_point moment) override { steady_ = std::max(steady_, moment); }
    void set(microseconds by) { set_ += by; }

  private:
    steady_clock::time_point steady_{};
    microseconds set_{0};
};

/// Counts the datagrams sent and the breaks in the feed's constant bit rate.
class Counter final : public Output {
  public:
    explicit Counter(std::int64_t mux_rate)
        : each_(std::int64_t{datagram_size} * 8 * ClockTicks::period::den / mux_rate) {}
    void send(const Datagram& d) override {
        if (count > 0 && std::chrono::abs(d.time - last_ - each_) > ClockTicks{1}) ++breaks;
        last_ = d.time;
        ++count;
    }
    void finish() override {}
    [[nodiscard]] OutputState state() const override { return {}; }
    [[nodiscard]] FrameFate fate_of(std::int64_t /*picture*/) const override { return FrameFate::left; }
    std::int64_t count = 0, breaks = 0;

  private:
    ClockTicks each_;
    StreamTime last_{};
};

std::string rendition(const std::string& path, const Profile& profile, int frames, unsigned first) {
    static_cast<void>(make_rendition(path, profile, [=]() -> NextFrame {
        return [=, n = 0](Picture& picture, Samples& samples) mutable {
            if (n == frames) return false;
            picture = test::numbered(1280, 720, first + static_cast<unsigned>(n++));
            samples.assign(3840, 0.0F);
            return true;
        };
    }));
    return path;
}

double resident_mb() {
    std::ifstream statm("/proc/self/statm");
    double total = 0, resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

bool is_within_limit(const char* name, double value, double limit, const char* unit) {
    std::printf("  %-44s %9.3f %-3s limit %g %s  %s\n", name, value, unit, limit, unit,
                value <= limit ? "ok" : "OVER");
    return value <= limit;
}

/// More than 12 members: a player's parts without its processes, and what is measured.
class Week {
  public:
    Week()
        : profile_(profile_named("720p25")),
          spot_(rendition(folder_ / "spot", profile_, 750, 0)),
          filler_(rendition(folder_ / "filler", profile_, 990, 1000)),
          pacer_(made(), Pacer::Mode::unpaced),
          feed_({profile_, {}, folder_ / "state", begin}, pacer_),
          clock_({profile_.format.rate, profile_.format.grid, feed_.frames_ahead(), feed_.delay()}, clocks_),
          timeline_(
              {profile_.format, 1500ms, true},
              [this](const SourceSpec& spec) { return open_rendition(spec, profile_); },
              [this](const Event& event) { heard(event); }) {}

    bool run(std::int64_t frames) {
        const auto daily = std::int64_t{86'400} * 25;
        for (std::int64_t frame = 0; frame < frames; ++frame) {
            if (frame % daily == daily / 2) set_clock(frame / daily % 2 == 0 ? -171ms : 237ms);
            const auto at = clock_.instant_of(frame);
            while (next_ < at + 3s) tell(at);
            const auto step = timeline_.step(at, frame);
            if (!step.piece.coded) {
                std::printf("frame %lld was not spliced\n", static_cast<long long>(frame));
                return false;
            }
            static_cast<void>(clock_.wait_until_due(frame));
            feed_.set_frame_time(frame, clock_.due(frame), clock_.instant_of(frame));
            feed_.splice(*step.piece.coded);
            if (frame == frames / 8) early_ = resident_mb();
            if (frame % (25 * 3600) == 0) most_ = std::max(most_, resident_mb());
        }
        return report(frames);
    }

  private:
    std::vector<std::unique_ptr<Output>> made() {
        std::vector<std::unique_ptr<Output>> outputs;
        auto own = std::make_unique<Counter>(profile_.mux_rate);
        counter_ = own.get();
        outputs.push_back(std::move(own));
        return outputs;
    }
    void set_clock(microseconds by) {
        clocks_.set(by);
        quiet_after_ = clocks_.now().utc + 1h;
    }
    /// Cues the next hard-start spot, then a filler longer than the time left.
    void tell(Instant at) {
        Cue cue;
        cue.airing = "spot";
        cue.media.rendition = Rendition{spot_, ""};
        if (told_) cue.start = next_;
        timeline_.handle(cue, at);
        starts_.push_back(next_);
        Cue filler;
        filler.airing = "filler";
        filler.media.rendition = Rendition{filler_, ""};
        timeline_.handle(filler, at);
        next_ = told_ ? next_ + 61s : ceil<minutes>(at);  // 61 s: hits every phase of the frame grid
        told_ = true;
    }
    void heard(const Event& event) {
        const auto* on = std::get_if<OnAir>(&event);
        if (!on || on->airing != "spot") return;
        const auto start = starts_.front();
        starts_.erase(starts_.begin());
        if (++spots_ == 1) return;  // the first spot starts at once
        const auto error = duration<double, std::milli>(std::chrono::abs(on->instant - start)).count();
        auto& worst = on->instant < quiet_after_ ? worst_set_ : worst_;
        worst = std::max(worst, error);
    }
    bool report(std::int64_t frames) {
        const auto alarm = feed_.alarm();
        std::printf("  %lld frames, %lld hard starts, %lld datagrams, alarm '%s'\n",
                    static_cast<long long>(frames), static_cast<long long>(spots_ - 1),
                    static_cast<long long>(counter_->count), alarm.c_str());
        bool fine = is_within_limit("hard starts: largest error", worst_, 41, "ms");
        fine &= is_within_limit("… in the hour after the clock was set", worst_set_, 100, "ms");
        fine &= is_within_limit("datagrams off the byte clock", static_cast<double>(counter_->breaks), 0, "");
        fine &= is_within_limit("memory: growth after the first eighth", most_ - early_, 2, "MB");
        return fine && alarm.empty() && spots_ >= frames / 1525 - 1;
    }

    test::Folder folder_;
    Profile profile_;
    std::string spot_, filler_;
    Counter* counter_ = nullptr;
    Clockwork clocks_;
    Pacer pacer_;
    Feed feed_;
    OutletClock clock_;
    Timeline timeline_;
    std::vector<Instant> starts_;
    Instant next_ = begin, quiet_after_{};
    bool told_ = false;
    std::int64_t spots_ = 0;
    double worst_ = 0, worst_set_ = 0, early_ = 0, most_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const double days = argc > 1 ? std::atof(argv[1]) : 7;
    return Week().run(static_cast<std::int64_t>(days * 86'400 * 25)) ? 0 : 1;
}
