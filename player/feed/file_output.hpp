#pragma once
#include <sys/uio.h>

#include <vector>

#include "content/base/files.hpp"
#include "player/feed/output.hpp"

namespace riverlight::player {

/// A transport stream on the disk: one file, or one for each hour of UTC, `2026-11-24T05Z.ts`, whose names
/// sort by time. An hour's file is gone on with after a restart, from its last whole packet. Figures:
/// `bytes_written`.
class FileCarrier final : public Carrier {
  public:
    explicit FileCarrier(const OutputSpec& spec)
        : path_(spec.path), hours_(spec.kind == OutputSpec::Kind::hours) {}
    void open(const std::atomic<bool>& stop) override;
    void carry(std::span<const Datagram> run) override;
    void close() override;
    /// Some 200 ms of a feed of 5 Mb/s.
    [[nodiscard]] std::size_t run() const override { return 96; }
    [[nodiscard]] Figures figures() const override { return {{"bytes_written", bytes_}}; }

  private:
    void open_hour(Instant hour);
    void write_gathered();

    std::string path_, name_;  ///< as asked for; the file that is open
    bool hours_, begun_ = false;
    Instant hour_{};
    Fd fd_;
    std::vector<iovec> gathered_;
    std::int64_t bytes_ = 0;
};

}  // namespace riverlight::player
