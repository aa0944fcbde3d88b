#include "content/sync/fetch.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include "content/sync/line.hpp"
#include "content/sync/staged.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Progress = std::function<void(std::uint64_t)>;

/// Tries of one file in one visit; each but the last three must bring a two-hundredth of it.
constexpr int most_tries = 400;
constexpr auto ask_pace_every = 250ms;

bool absent(long status) {
    return status == 404 || status == 410 || status == 403;
}

std::string refusal(const std::string& where, long status) {
    return "cannot fetch " + where + ": the server answered " + std::to_string(status) +
           (status == 407 ? "; the proxy wants a login: name a file with it as proxy_login_file"
                          : "; the next visit tries again");
}

/// Takes the body of one answer into the staged file, as long as the pace it began with holds.
class Intake {
  public:
    Intake(Staged& staged, const FileFacts& facts, const std::string& url, const Progress& progress,
           const AskPace& pace)
        : staged_(staged), facts_(facts), url_(url), progress_(progress), ask_(pace) {
        if (ask_) pace_ = ask_();
    }

    /// False to stop: not the range asked for, too long, another pace, or `fault` is set.
    bool take(const Answer& answer, std::string_view bytes) {
        try {
            if (std::exchange(first_, false) && !begin(answer)) return false;
            if (!staged_.add(bytes)) {
                too_long = true;
                return false;
            }
            if (progress_) progress_(staged_.have());
            came_ += bytes.size();
            other_pace = changed();
            for (auto ahead = early(); !other_pace && ahead > 0us; ahead = early()) {
                std::this_thread::sleep_for(std::min<std::chrono::microseconds>(ahead, ask_pace_every));
                other_pace = changed();
            }
        } catch (const Error&) {
            fault = std::current_exception();
        }
        return !fault && (!other_pace || staged_.full());
    }

    [[nodiscard]] const Pace& pace() const { return pace_; }

    std::exception_ptr fault;
    bool too_long = false, wrong_range = false, other_pace = false;

  private:
    bool begin(const Answer& answer) {
        if (answer.status == 200) {
            if (staged_.have() > 0)
                staged_.start_over();  // all of it comes: another version, or no ranges there
            if (!answer.etag.empty()) staged_.remember_etag(url_, answer.etag);
            return true;
        }
        wrong_range =
            answer.range_start != staged_.have() ||
            (answer.range_total && *answer.range_total != static_cast<std::uint64_t>(facts_.length));
        return !wrong_range;
    }

    /// How long to wait so that the rate is kept: the line fills up behind us, and the server slows down.
    /// libcurl 7.88's own limit lets bursts of many seconds through.
    [[nodiscard]] std::chrono::microseconds early() const {
        if (pace_.bytes_per_second == 0) return 0us;
        const std::chrono::duration<double> due(static_cast<double>(came_) /
                                                static_cast<double>(pace_.bytes_per_second));
        return std::chrono::duration_cast<std::chrono::microseconds>(began_ + due - Steady::now());
    }

    bool changed() {
        if (!ask_ || Steady::now() - asked_ < ask_pace_every) return false;
        asked_ = Steady::now();
        return ask_() != pace_;
    }

    Staged& staged_;
    const FileFacts& facts_;
    const std::string& url_;
    const Progress& progress_;
    const AskPace& ask_;
    Pace pace_;
    Steady::time_point began_ = Steady::now(), asked_ = began_;
    std::uint64_t came_ = 0;
    bool first_ = true;
};

[[noreturn]] void not_signed(const std::string& where) {
    throw WrongBytes(
        where +
        ": its bytes are not the ones that were signed; it is not taken. Publish the channel again, or "
        "look for who changes it on its way");
}

}  // namespace

struct Fetcher::State {
    FetchOptions options;
    Line line;
    AskPace pace;

    explicit State(FetchOptions o) : options(std::move(o)), line(options) {}

    [[nodiscard]] std::string url(const std::string& path) const {
        auto base = options.base_url;
        while (base.ends_with('/')) base.pop_back();
        return base + '/' + path;
    }

    /// Throws for an answer that is no part of the file.
    static void require_part(const Line::Outcome& out, const Intake& intake, const std::string& where) {
        if (intake.fault) std::rethrow_exception(intake.fault);
        if (absent(out.answer.status)) throw Absent(where + ": is not there; publish the channel again");
        if (out.ending == Line::Ending::whole && out.answer.status != 200 && out.answer.status != 206)
            throw LineFault(refusal(where, out.answer.status));
    }

    /// Fetches what is missing of `staged`. False where it has to start over.
    bool complete(const std::string& address, Staged& staged, const FileFacts& facts,
                  const Progress& progress) {
        const auto where = without_login(address);
        const auto least = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(facts.length) / 200);
        int idle = 0;
        for (int tries = 0; !staged.full() && tries < most_tries; ++tries) {
            const auto before = staged.have();
            Intake intake(staged, facts, address, progress, pace);
            if (!intake.pace().open) throw LineClosed(where + ": waits until the line may carry it");
            const auto out =
                line.run({.url = address, .from = before, .if_range = staged.etag(address)},
                         [&](const Answer& a, std::string_view piece) { return intake.take(a, piece); });
            if (intake.too_long) {
                staged.discard();
                not_signed(where);
            }
            if (intake.wrong_range || out.answer.status == 416) return false;
            if (!intake.fault && intake.other_pace) continue;
            require_part(out, intake, where);
            idle = staged.have() >= before + least ? 0 : idle + 1;
            if (!staged.full() && (idle >= 3 || out.slow))
                throw LineFault("cannot fetch " + where + ": " + (out.why.empty() ? "it ended" : out.why) +
                                " after " + std::to_string(staged.have()) + " of " +
                                std::to_string(facts.length) + " bytes; the next visit goes on from there");
        }
        return staged.full();
    }
};

Fetcher::Fetcher(FetchOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Fetcher::~Fetcher() = default;

std::uint64_t Fetcher::crossed() const {
    return state_->line.crossed();
}

std::string Fetcher::shown(const std::string& path) const {
    return without_login(state_->url(path));
}

void Fetcher::keep_to(AskPace pace) {
    state_->pace = std::move(pace);
}

std::optional<std::string> Fetcher::bytes(const std::string& path, std::uint64_t cap) {
    const auto address = state_->url(path), where = without_login(address);
    std::string got;
    const auto out =
        state_->line.run({.url = address, .seconds = state_->options.metadata_seconds, .packed = true},
                         [&](const Answer&, std::string_view piece) {
                             if (got.size() + piece.size() > cap) return false;
                             got += piece;
                             return true;
                         });
    if (out.ending == Line::Ending::stopped)
        throw WrongBytes(where + ": is longer than the " + std::to_string(cap) +
                         " bytes that it may have; it is not what this channel should hold");
    if (out.ending == Line::Ending::broken)
        throw LineFault("cannot fetch " + where + ": " + out.why + "; the next visit tries again");
    if (absent(out.answer.status)) return {};
    if (out.answer.status != 200) throw LineFault(refusal(where, out.answer.status));
    return got;
}

std::string Fetcher::need(const std::string& path, std::uint64_t cap) {
    auto found = bytes(path, cap);
    if (!found)
        throw Absent(without_login(state_->url(path)) +
                     ": is not there; check the channel's address, or publish the channel again");
    return std::move(*found);
}

void Fetcher::file(const std::string& path, const std::string& staged_path, const std::string& into,
                   const FileFacts& facts, const Progress& progress) {
    const auto address = state_->url(path), where = without_login(address);
    if (facts.length < 0 || !facts.checkable())
        throw Error(where +
                    ": has no length or no hash of a kind known here (sha256, sha512); it is not taken");
    Staged staged(staged_path, facts);
    bool resumed = staged.have() > 0;
    for (int rounds = 0; rounds < 3; ++rounds) {
        const bool whole = state_->complete(address, staged, facts, progress);
        if (whole && staged.holds()) {
            staged.place(into);
            return;
        }
        if (whole && !resumed) break;
        staged.start_over();  // what lay there, or what was asked for from the middle, is not of this file
        resumed = false;
    }
    staged.discard();
    not_signed(where);
}

}  // namespace riverlight::content
