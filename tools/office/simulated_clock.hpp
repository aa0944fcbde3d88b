#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::office {

/// The time of an office under test, so that weeks pass in minutes: a file in its state folder that
/// `riverlight-fleet` writes and the office reads. An office that has the file serves by it alone; one that
/// lacks it has real time.
///
/// The file holds two 64-bit numbers of the machine's byte order, µs since 1970 (UTC): what time it is, and
/// up to what time the office has done its periodic work: promises are stored, a new release is taken over.
/// Safe from any thread and process.
class SimulatedClock {
  public:
    /// `<state folder>/simulated-clock`.
    [[nodiscard]] static std::string path_in(const std::string& state_folder);
    [[nodiscard]] static bool is_in(const std::string& state_folder);
    /// Makes the file. Throws Error for a folder that has records: real ones never mix with simulated ones.
    static void make(const std::string& state_folder, Instant begin);

    /// Opens the file. Throws Error if it is missing or too short.
    explicit SimulatedClock(const std::string& state_folder);
    [[nodiscard]] Instant now() const;
    void set(Instant now);
    [[nodiscard]] Instant done_until() const;
    void set_done_until(Instant at);

  private:
    struct Unmap {
        void operator()(std::int64_t* numbers) const;
    };
    std::unique_ptr<std::int64_t, Unmap> numbers_;
};

}  // namespace riverlight::office
