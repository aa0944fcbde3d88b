#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

namespace riverlight::office {

/// How long answers took.
class Latencies {
  public:
    using Milliseconds = std::chrono::duration<double, std::milli>;
    explicit Latencies(std::vector<Milliseconds> all) : all_(std::move(all)) {
        std::sort(all_.begin(), all_.end());
    }
    [[nodiscard]] double percentile(double part) const {
        return all_.empty()
                   ? 0
                   : all_.at(static_cast<std::size_t>(part * static_cast<double>(all_.size() - 1))).count();
    }
    void print(const char* what) const {
        std::printf("%-58s p50 %7.1f  p95 %7.1f  p99 %7.1f  worst %7.1f ms of %zu\n", what, percentile(0.5),
                    percentile(0.95), percentile(0.99), percentile(1), all_.size());
    }

  private:
    std::vector<Milliseconds> all_;
};

/// Asks again and again, until `done`.
template <class Ask, class Done>
[[nodiscard]] Latencies measure(const Ask& ask, const Done& done,
                                std::chrono::milliseconds pause = std::chrono::milliseconds(5)) {
    std::vector<Latencies::Milliseconds> out;
    while (!done()) {
        const auto begin = std::chrono::steady_clock::now();
        ask();
        out.push_back(std::chrono::steady_clock::now() - begin);
        std::this_thread::sleep_for(pause);
    }
    return Latencies(std::move(out));
}

}  // namespace riverlight::office
