#pragma once
#include <cstdint>
#include <string>

#include "content/base/error.hpp"
#include "player/feed/profile.hpp"

/// What makes an encoded file a rendition: it may follow any other of its profile, packet after packet, and a
/// decoder sees one stream. A rendition is validated when it is built and again when it is played, from frame
/// sizes and headers alone.
namespace riverlight::player {

/// The decoder's picture buffer, filled at a constant rate (the video buffering verifier; ISO/IEC 13818-2,
/// Annex C, and 14496-10, Annex C): each frame time adds bits, each picture removes its own.
class VbvBuffer {
  public:
    /// `rate`: bit/s; `size` and `fullness` at the start: bits.
    VbvBuffer(std::int64_t rate, std::int64_t size, Ratio frames_per_second, std::int64_t fullness);
    /// Decodes a picture of so many bits. False if not all of it has arrived (underflow).
    [[nodiscard]] bool decode(std::int64_t bits);
    [[nodiscard]] std::int64_t fullness() const { return fullness_; }

  private:
    std::int64_t bits_per_frame_, size_, fullness_;
};

/// The rule that keeps a file from being a rendition.
enum class RenditionFault : std::uint8_t {
    empty,          ///< it holds no picture
    key_missing,    ///< a picture should be a key picture
    key_off_grid,   ///< a key picture where none is due
    parameters,     ///< its parameter sets are missing or change
    length,         ///< no multiple of the grid
    buffer,         ///< a picture is larger than the decoder's buffer can hold at its time
    buffer_at_end,  ///< leaves the buffer emptier than the next rendition needs
};
using RenditionError = Refused<RenditionFault>;

/// A rendition's pictures are too large for the decoder's buffer, or leave it too empty.
class VbvUnderflow : public RenditionError {
  public:
    using RenditionError::RenditionError;
};

/// Validates a rendition frame by frame. Throws RenditionError at the first rule it breaks: it begins with
/// a key picture; key pictures come at the profile's GOP length and only there; the parameter sets never
/// change; no picture underflows the decoder's buffer (VbvUnderflow); the length is a multiple of the grid;
/// the buffer ends at least as full as the next rendition expects it (VbvUnderflow).
class RenditionValidator {
  public:
    /// `what` names the rendition in errors.
    RenditionValidator(const Profile& profile, std::string what);
    void add(const CodedFrame& frame);
    void finish();
    [[nodiscard]] std::int64_t frames() const { return frames_; }
    [[nodiscard]] const std::string& parameters() const { return parameters_; }

  private:
    void check_key_picture(const CodedFrame& frame, std::int64_t number);

    Profile profile_;
    std::string what_, parameters_;
    VbvBuffer buffer_;
    std::int64_t frames_ = 0;
};

struct RenditionFacts {
    std::int64_t frames = 0;
    std::string parameters;  ///< digest of its parameter sets (parameter_digest)
};
/// Reads all of a file. Throws RenditionError for the rule it breaks, Error if it cannot be read.
[[nodiscard]] RenditionFacts validate_rendition(const std::string& path, const Profile& profile);

}  // namespace riverlight::player
