#pragma once
#include <functional>
#include <optional>
#include <string>

#include "player/feed/profile.hpp"

/// What makes an encoded file a rendition: that any may follow any other of its profile, packet after packet,
/// and a decoder sees one stream. Proven when one is built and again when one is played, from sizes and
/// headers alone.
namespace riverlight::player {

/// The decoder's picture buffer, filled at the profile's video rate (the leak method of ISO/IEC
/// 13818-1, 2.4.2.3, with the VBV's size): each frame's time adds, each picture takes.
class Bucket {
  public:
    Bucket(std::int64_t rate, std::int64_t size, Ratio frames_a_second, std::int64_t fullness)
        : each_(rate * frames_a_second.den / frames_a_second.num), size_(size), fullness_(fullness) {}
    /// Takes a picture of so many bits; false where it is not there in time.
    [[nodiscard]] bool take(std::int64_t bits);
    [[nodiscard]] std::int64_t fullness() const { return fullness_; }

  private:
    std::int64_t each_, size_, fullness_;
};

/// Follows a rendition frame by frame. Throws Error `what: why` at the first that breaks a rule: begins with
/// no key picture, key pictures off the profile's grid, other parameter sets in its midst, a picture that is
/// not in the decoder's buffer in time, a length off the grid, or a buffer left less full than the next
/// rendition begins with.
class RenditionCheck {
  public:
    RenditionCheck(const Profile& profile, std::string what);
    void add(const CodedFrame& frame);
    void finish();
    [[nodiscard]] std::int64_t frames() const { return frames_; }
    [[nodiscard]] const std::string& parameters() const { return parameters_; }

  private:
    [[noreturn]] void refuse(const std::string& why) const { throw Error(what_ + ": " + why); }
    Profile profile_;
    std::string what_, parameters_;
    Bucket bucket_;
    std::int64_t frames_ = 0;
};

struct RenditionFacts {
    std::int64_t frames = 0;
    std::string parameters;  ///< digest of its parameter sets (parameters_of)
};
/// Reads all of a file. Throws Error naming the file and the rule it breaks.
[[nodiscard]] RenditionFacts check_rendition(const std::string& path, const Profile& profile);

/// One frame's picture and sound; false at the end.
using NextFrame = std::function<bool(Picture& picture, Samples& samples)>;

/// Encodes a run into a rendition at `path`, its last picture held and silence added up to the grid. Where
/// the last pictures leave the decoder's buffer too empty it is made again with less detail; `restart` begins
/// the run anew. Throws Error where that does not help (never seen) or the disk is full.
[[nodiscard]] RenditionFacts make_rendition(const std::string& path, const Profile& profile,
                                            const std::function<NextFrame()>& restart);

/// A source of coded frames from a rendition, with whose `parameters` (empty: any) it must agree; where the
/// file is refused, `instead` is decoded and encoded, and Source::note() says why. A start that passed is
/// joined at a key picture.
[[nodiscard]] std::unique_ptr<Source> open_rendition(const SourceSpec& spec, const Profile& profile);

}  // namespace riverlight::player
