#pragma once
#include <exception>
#include <memory>
#include <string>

#include "player/av/handles.hpp"
#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// A media file as libav's demuxers read it: one file, and no other that its bytes may name. Outlives the
/// format context that reads it. One thread. Only player/av includes this.
class FileInput {
  public:
    /// Throws Error where the file cannot be opened, MediaFileError where its first bytes are not verified.
    explicit FileInput(const std::string& path);
    ~FileInput();
    FileInput(const FileInput&) = delete;
    FileInput& operator=(const FileInput&) = delete;

    /// A format context that reads this file, for avformat_open_input, which frees it where it fails. Null
    /// for a file of which nothing says what its bytes must be: libav opens it by itself.
    [[nodiscard]] AVFormatContext* new_format();
    /// Throws what a read threw: libav's functions only return a code, or take it for the end of the file.
    void check() const;
    /// Verifies the rest of the file: at its end, or to learn whether damage is why it cannot be read
    /// further. Throws MediaFileError.
    void finish();
    [[nodiscard]] const VerifiedFile& file() const { return file_; }

  private:
    struct FreeContext {
        void operator()(AVIOContext* context) const;
    };
    static int read(void* self, std::uint8_t* into, int size);
    static std::int64_t seek(void* self, std::int64_t offset, int whence);

    VerifiedFile file_;
    std::unique_ptr<AVIOContext, FreeContext> context_;
    std::int64_t at_ = 0;
    std::exception_ptr fault_;
};

}  // namespace riverlight::player::av
