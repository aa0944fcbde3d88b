#pragma once
#include <memory>
#include <optional>
#include <string>

#include "player/av/coding.hpp"
#include "player/file/verified_file.hpp"

/// Renditions on disk: coded frames in an MP4 file.
namespace riverlight::player {

/// Writes coded frames to an MP4 file. One thread. Throws Error with the path and the reason (disk full).
class CodedWriter {
  public:
    CodedWriter(const std::string& path, const Coding& coding);
    ~CodedWriter();
    void add(const CodedFrame& frame);
    /// Writes the index. At least one frame was added.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads them frame by frame. One thread. Throws Error naming the file where it is not coded as `coding`
/// says.
class CodedReader {
  public:
    CodedReader(const std::string& path, const Coding& coding);
    ~CodedReader();
    /// The next frame; nothing at the end.
    [[nodiscard]] std::optional<CodedFrame> next();
    /// As Reader::finish().
    [[nodiscard]] std::optional<MediaDamage> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
