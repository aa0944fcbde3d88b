#include "player/feed/rendition_validator.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "content/base/error.hpp"
#include "player/av/bitstream.hpp"
#include "player/av/coded_file.hpp"

namespace riverlight::player {

VbvBuffer::VbvBuffer(std::int64_t rate, std::int64_t size, Ratio frames_per_second, std::int64_t fullness)
    : bits_per_frame_(rate * frames_per_second.den / frames_per_second.num),
      size_(size),
      fullness_(fullness) {
    assert(rate > 0 && fullness >= 0 && fullness <= size);
}

bool VbvBuffer::decode(std::int64_t bits) {
    const bool complete = bits <= fullness_;
    fullness_ = std::min(size_, fullness_ - bits + bits_per_frame_);
    return complete;
}

RenditionValidator::RenditionValidator(const Profile& profile, std::string what)
    : profile_(profile),
      what_(std::move(what)),
      buffer_(profile.coding.video_rate, profile.coding.buffer_bits, profile.coding.rate,
              profile.splice_fullness) {}

void RenditionValidator::check_key_picture(const CodedFrame& frame, std::int64_t number) {
    const auto digest = parameter_digest(frame.video, profile_.coding.video);
    if (digest.empty())
        throw RenditionError(
            RenditionFault::parameters, what_,
            "picture " + std::to_string(number) + " is a key picture without parameter sets");
    if (number > 0 && digest != parameters_)
        throw RenditionError(RenditionFault::parameters, what_,
                             "its parameter sets change at picture " + std::to_string(number));
    parameters_ = digest;
}

void RenditionValidator::add(const CodedFrame& frame) {
    const auto number = frames_++;
    const bool key_expected = number % profile_.coding.gop == 0;
    if (frame.key != key_expected)
        throw RenditionError(frame.key ? RenditionFault::key_off_grid : RenditionFault::key_missing, what_,
                             "picture " + std::to_string(number) +
                                 (frame.key ? " is a key picture off the grid" : " should be a key picture") +
                                 "; key pictures come every " + std::to_string(profile_.coding.gop) + " in " +
                                 profile_.name);
    if (frame.key) check_key_picture(frame, number);
    if (!buffer_.decode(static_cast<std::int64_t>(frame.video.size()) * 8))
        throw VbvUnderflow(RenditionFault::buffer, what_,
                           "picture " + std::to_string(number) +
                               " is larger than the decoder's buffer can hold at its time (VBV)");
}

void RenditionValidator::finish() {
    if (frames_ == 0) throw RenditionError(RenditionFault::empty, what_, "holds no picture");
    if (frames_ % profile_.format.grid != 0)
        throw RenditionError(RenditionFault::length, what_,
                             "has " + std::to_string(frames_) + " pictures, no multiple of " +
                                 std::to_string(profile_.format.grid) + ", on which picture and sound meet");
    if (buffer_.fullness() < profile_.splice_fullness)
        throw VbvUnderflow(RenditionFault::buffer_at_end, what_,
                           "leaves the decoder's buffer with " + std::to_string(buffer_.fullness()) +
                               " bits, less than the " + std::to_string(profile_.splice_fullness) +
                               " that the next rendition needs (VBV)");
}

RenditionFacts validate_rendition(const std::string& path, const Profile& profile) {
    CodedReader reader(path, profile.coding);
    RenditionValidator validator(profile, path);
    while (const auto frame = reader.next()) validator.add(*frame);
    validator.finish();
    return {validator.frames(), validator.parameters()};
}

}  // namespace riverlight::player
