#pragma once
#include <random>
#include <string>
#include <vector>

#include "firmware/slots/state_copies.hpp"

namespace riverlight::test {

/// A disk in memory that remembers every write and flush, and can show what a power cut leaves.
class MemoryDisk final : public firmware::BlockDevice {
  public:
    static constexpr std::size_t sector = 512;

    explicit MemoryDisk(std::size_t size) : MemoryDisk(std::string(size, '\0')) {}
    explicit MemoryDisk(std::string bytes) : before_(bytes), bytes_(std::move(bytes)) {}

    [[nodiscard]] std::string read(std::uint64_t at, std::size_t size) const override {
        return bytes_.substr(at, size);
    }
    void write(std::uint64_t at, std::string_view bytes) override {
        bytes_.replace(at, bytes.size(), bytes);
        steps_.push_back({at, std::string(bytes)});
    }
    void flush() override { steps_.push_back({}); }

    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

    /// What is found after a cut before step `cut`: what was flushed, and of each later write all, nothing,
    /// or a random part of its sectors.
    [[nodiscard]] std::string after_cut(std::size_t cut, std::mt19937_64& draw) const {
        auto found = before_;
        std::size_t flushed = 0;
        for (std::size_t n = 0; n < cut; ++n)
            if (steps_[n].bytes.empty()) flushed = n;
        for (std::size_t n = 0; n < cut; ++n) {
            const auto& step = steps_[n];
            const auto fate = n < flushed ? 0 : draw() % 3;
            for (std::size_t at = 0; at < step.bytes.size() && fate != 1; at += sector)
                if (fate == 0 || draw() % 2 == 0)
                    found.replace(step.at + at, std::min(sector, step.bytes.size() - at), step.bytes, at,
                                  sector);
        }
        return found;
    }

  private:
    struct Step {
        std::uint64_t at = 0;
        std::string bytes{};  ///< empty: a flush
    };
    std::string before_, bytes_;
    std::vector<Step> steps_;
};

}  // namespace riverlight::test
