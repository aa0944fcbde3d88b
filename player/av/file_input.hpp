#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "player/av/handles.hpp"
#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// A media file as libav's demuxers read it: one file, and no other that its bytes may name. A transport
/// stream in which a PID changes its codec (codec_changes.hpp) is read in parts, each as a file of its own.
/// Outlives the format contexts that read it. One thread. Only player/av includes this.
class FileInput {
  public:
    /// Throws Error where the file cannot be opened, MediaFileError where its first bytes are not verified.
    explicit FileInput(const std::string& path);
    ~FileInput();
    FileInput(const FileInput&) = delete;
    FileInput& operator=(const FileInput&) = delete;

    /// A format context that reads the file, or its current part, from the beginning; for
    /// avformat_open_input, which frees it where it fails. The one before reads nothing from then on.
    [[nodiscard]] AVFormatContext* new_format();
    /// Throws what a read threw: libav's functions only return a code, or take it for the end of the file.
    void check() const;
    /// Verifies the rest of the file: at its end, or to learn whether damage is why it cannot be read
    /// further. Throws MediaFileError.
    void finish();
    [[nodiscard]] VerifiedFile& file() { return file_; }
    [[nodiscard]] bool has_parts() const { return ends_.size() > 1; }
    [[nodiscard]] bool has_next_part() const { return part_ + 1 < ends_.size(); }
    /// At the end of a part: new_format() reads the next one from now on. False: there is none.
    [[nodiscard]] bool enter_next_part();

  private:
    struct FreeContext {
        void operator()(AVIOContext* context) const;
    };
    void open_context();
    [[nodiscard]] std::int64_t begin() const { return part_ == 0 ? 0 : ends_[part_ - 1]; }
    static int read(void* self, std::uint8_t* into, int size);
    static std::int64_t seek(void* self, std::int64_t offset, int whence);

    VerifiedFile file_;
    std::unique_ptr<AVIOContext, FreeContext> context_;
    std::int64_t at_ = 0;             ///< from the file's beginning
    std::vector<std::int64_t> ends_;  ///< of the parts; the last one is the file's
    std::size_t part_ = 0;
    std::exception_ptr fault_;
};

}  // namespace riverlight::player::av
