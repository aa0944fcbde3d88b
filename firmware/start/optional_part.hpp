#pragma once
#include <spdlog/spdlog.h>

#include <cassert>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "content/base/instant.hpp"

/// Parts that a board can play without: each fails alone, is tried again, and says so.
namespace riverlight::firmware {

/// The parts of a board that its outlets do not need.
enum class BoardPart { status_page, nearby, channel, office, sticks, journal, update };
[[nodiscard]] std::string_view to_text(BoardPart part);  ///< for the log: `status page`

/// A part that does not run.
struct PartFault {
    BoardPart part;
    std::string why;  ///< for people, to follow a colon
    friend bool operator==(const PartFault&, const PartFault&) = default;
};

/// When a part that failed is tried again: after `least`, then twice as long each time, at most `most`. Pure.
class RetryPolicy {
  public:
    static constexpr std::chrono::seconds least{5}, most{300};

    [[nodiscard]] bool is_due(MonotonicTime now) const { return !next_ || now >= *next_; }
    void failed(MonotonicTime now);
    void succeeded() { *this = {}; }

  private:
    std::chrono::seconds wait_ = least;
    std::optional<MonotonicTime> next_;  ///< none: at once
};

/// A part of a board that may be absent: not wanted, or it could not be made, or it failed at work. Nothing
/// that the part throws leaves this class. Owner: the daemon's loop thread.
template <class Part>
class OptionalPart {
  public:
    using Make = std::function<std::unique_ptr<Part>()>;

    /// Does not make the part yet.
    explicit OptionalPart(BoardPart what) : what_(what) {}

    /// From now on the part is wanted; tries to make it at once. Call it once.
    void begin(MonotonicTime now, Make make) {
        assert(make && !make_);
        make_ = std::move(make);
        retry(now);
    }
    /// Tries again to make a part that is wanted and absent, when that is due.
    void retry(MonotonicTime now) {
        if (!make_ || part_ || !policy_.is_due(now)) return;
        guard(now, [&] {
            part_ = make_();
            if (fault_) spdlog::info("{}: it runs", to_text(what_));
            fault_.reset();
            policy_.succeeded();
        });
    }
    /// Has the part work, if it is there. A part that throws is removed, and made again when that is due.
    template <class Work>
    void use(MonotonicTime now, const Work& work) {
        if (part_) guard(now, [&] { work(*part_); });
    }
    /// The part is not wanted any more.
    void end() {
        make_ = {};
        part_.reset();
    }

    [[nodiscard]] Part* get() const { return part_.get(); }
    /// Why a part that is wanted is absent; nothing if it is there.
    [[nodiscard]] const std::optional<PartFault>& fault() const { return fault_; }

  private:
    template <class Work>
    void guard(MonotonicTime now, const Work& work) {
        try {
            work();
        } catch (const std::exception& e) {
            part_.reset();
            policy_.failed(now);
            const PartFault fault{what_, e.what()};
            if (fault_ != fault)
                spdlog::error("{}: {}; the board plays without it", to_text(what_), e.what());
            fault_ = fault;
        }
    }

    BoardPart what_;
    Make make_;
    std::unique_ptr<Part> part_;
    std::optional<PartFault> fault_;
    RetryPolicy policy_;
};

}  // namespace riverlight::firmware
