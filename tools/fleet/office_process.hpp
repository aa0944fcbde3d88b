#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace riverlight::fleet {

/// What an office process used from its start to its end.
struct OfficeUse {
    std::chrono::milliseconds processor{};  ///< user and system, all threads
    std::int64_t most_memory = 0;           ///< bytes, resident
};

/// A `riverlight-office serve` that this process started. Ended with it.
class OfficeProcess {
  public:
    struct Setup {
        std::string program;  ///< path of riverlight-office
        std::string state_folder, channel_url, trusted_root;
        std::string log;  ///< file that takes what it says
    };
    /// Returns once it listens. Throws Error with the end of its log if it does not within a minute.
    explicit OfficeProcess(const Setup& setup);
    ~OfficeProcess();
    OfficeProcess(const OfficeProcess&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] OfficeUse so_far() const;
    /// Ends it. Throws Error if it did not end well.
    void stop();

  private:
    pid_t pid_ = -1;  ///< −1: it has ended
    std::string url_, log_;
};

}  // namespace riverlight::fleet
