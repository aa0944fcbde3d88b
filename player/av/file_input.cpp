#include "player/av/file_input.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdio>

#include "player/av/codec_changes.hpp"

namespace riverlight::player::av {
namespace {

using namespace std::chrono_literals;

/// How long an item's file is hashed before its first picture is decoded. Items are opened long before they
/// are due; only the first one after a start has to wait.
constexpr auto before_first_picture = 300ms;

}  // namespace

void FileInput::FreeContext::operator()(AVIOContext* context) const {
    av_freep(&context->buffer);
    avio_context_free(&context);
}

FileInput::FileInput(const std::string& path) : file_(path) {
    file_.prove(before_first_picture);
    // What authors bring; a store's files are Riverlight's own, and hashed while they play.
    if (!file_.is_named()) ends_ = codec_changes(file_);
    ends_.push_back(file_.size());
}
FileInput::~FileInput() = default;

void FileInput::open_context() {
    constexpr auto buffer_size = static_cast<int>(VerifiedFile::block_size);
    auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
    if (!buffer) throw Error("libav ran out of memory");
    context_.reset(avio_alloc_context(buffer, buffer_size, 0, this, read, nullptr, seek));
    if (!context_) {
        av_free(buffer);
        throw Error("libav ran out of memory");
    }
    at_ = begin();
}

AVFormatContext* FileInput::new_format() {
    open_context();
    auto* const format = avformat_alloc_context();
    if (!format) throw Error("libav ran out of memory");
    format->pb = context_.get();
    format->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
        return AVERROR(EPERM);
    };
    return format;
}

int FileInput::read(void* self, std::uint8_t* into, int size) {
    auto& input = *static_cast<FileInput*>(self);
    assert(size >= 0);
    try {
        if (input.fault_) return AVERROR(EIO);
        const auto left = std::max<std::int64_t>(0, input.ends_[input.part_] - input.at_);
        const auto most = static_cast<std::size_t>(std::min<std::int64_t>(size, left));
        const auto got = input.file_.read(input.at_, {into, most});
        input.at_ += static_cast<std::int64_t>(got);
        return got == 0 ? AVERROR_EOF : static_cast<int>(got);
    } catch (...) {
        input.fault_ = std::current_exception();
        return AVERROR(EIO);
    }
}

std::int64_t FileInput::seek(void* self, std::int64_t offset, int whence) {
    auto& input = *static_cast<FileInput*>(self);
    const auto size = input.ends_[input.part_] - input.begin();
    if (whence & AVSEEK_SIZE) return size;
    const auto from = (whence & ~AVSEEK_FORCE) == SEEK_CUR   ? input.at_ - input.begin()
                      : (whence & ~AVSEEK_FORCE) == SEEK_END ? size
                                                             : 0;
    if (offset > size - from || from + offset < 0) return AVERROR(EINVAL);
    input.at_ = input.begin() + from + offset;
    return from + offset;
}

bool FileInput::enter_next_part() {
    if (!has_next_part()) return false;
    ++part_;
    return true;
}

void FileInput::check() const {
    if (fault_) std::rethrow_exception(fault_);
}

void FileInput::finish() {
    check();
    file_.finish();
}

}  // namespace riverlight::player::av
