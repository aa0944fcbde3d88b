#pragma once
#include <sys/uio.h>

#include <optional>
#include <span>
#include <vector>

#include "content/base/files.hpp"
#include "player/cue/output_spec.hpp"
#include "player/feed/stream_writer.hpp"

namespace riverlight::player {

/// Writes a transport stream to one file, or to one for each hour of UTC, `2026-11-24T05Z.ts`, whose names
/// sort by time. After a restart it appends to the hour's file, behind the last whole packet. Figures:
/// `bytes_written`.
class TsFileWriter final : public StreamWriter {
  public:
    explicit TsFileWriter(const OutputSpec& spec)
        : path_(spec.path), hours_(spec.kind == OutputSpec::Kind::hours) {}
    void open(const std::atomic<bool>& stop) override;
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram> datagrams) override;
    void close() override;
    /// About 200 ms of a feed of 5 Mb/s.
    [[nodiscard]] std::size_t batch_size() const override { return 96; }
    [[nodiscard]] Figures figures() const override { return {{"bytes_written", bytes_written_}}; }

  private:
    void open_hour(Instant hour);
    void write_gathered();

    std::string path_;  ///< of the file, or of the folder of hour files
    bool hours_;        ///< one file for each hour
    std::string name_;  ///< path of the open file
    Fd fd_;
    std::optional<Instant> hour_;  ///< of the open file
    bool was_open_ = false;        ///< one file: it already holds this feed's stream
    std::vector<iovec> gathered_;
    std::int64_t bytes_written_ = 0;
};

}  // namespace riverlight::player
